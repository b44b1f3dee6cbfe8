//! Whether the assistant can act in a stage, and why not.
//!
//! Owns the one answer to it: what the board says of a stage is what holds its candidates back.
//! Reads the stage, the job, people, their hours and the workspace's email from memory, and the Zoom
//! user's connection as the caller has it. Writes nothing, and must not judge a time.

use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::pipeline::{PanelRule, StageProblem, StageProblemCode as Code};
use greenroom_protocol::zoom::{ConnectionState, Standing};

use super::{panel, stage_plan, view};
use crate::grants::ConnectionId;
use crate::records::outreach::WaitsFor;
use crate::records::pipeline::StageRecord;
use crate::services::Services;
use crate::store::StoreError;
use crate::zoom::ConnectionRecord;

/// Why the assistant can't act in a stage; empty: it can, or AI scheduling is off.
///
/// # Errors
/// The store can't be read.
pub async fn why_not(
    services: &Services,
    workspace: WorkspaceId,
    stage: &StageRecord,
) -> Result<Vec<StageProblem>, StoreError> {
    let standing = match stage.interview.zoom_user.filter(|_| stage.interview.ai) {
        Some(member) => {
            let who = ConnectionId::of_member(workspace, member);
            let (record, _) = services.zoom.grants().status(who).await?;
            Some(record.standing(services.clock.now()))
        }
        None => None,
    };
    Ok(problems(services, workspace, stage, standing.as_ref()))
}

/// What those in a stage wait for, in whose place the assistant can't act; `None`: it can.
///
/// # Errors
/// The store can't be read.
pub async fn waits_for(
    services: &Services,
    workspace: WorkspaceId,
    stage: &StageRecord,
) -> Result<Option<WaitsFor>, StoreError> {
    if !stage.interview.ai {
        return Ok(Some(WaitsFor::Switch));
    }
    let problems = why_not(services, workspace, stage).await?;
    Ok(problems.first().map(|problem| match problem.code {
        Code::Paused => WaitsFor::Switch,
        Code::NoEmail => WaitsFor::Email,
        Code::ZoomNotConnected | Code::ZoomReconnect | Code::ZoomApproval => WaitsFor::Zoom,
        Code::JobClosed
        | Code::NoZoomUser
        | Code::ZoomUserLeft
        | Code::OrganizerLeft
        | Code::NoInterviewers
        | Code::NoHours
        | Code::Unknown => WaitsFor::Plan,
    }))
}

/// The same where it is known how the Zoom user's connection stands; `None`: it never was one.
#[must_use]
pub fn problems(
    services: &Services,
    workspace: WorkspaceId,
    stage: &StageRecord,
    zoom: Option<&Standing>,
) -> Vec<StageProblem> {
    let plan = &stage.interview;
    if !plan.ai {
        return Vec::new();
    }
    let mut found = Vec::new();
    let is_open = services.index.job(workspace, stage.job);
    let of_job = is_open
        .as_ref()
        .is_some_and(|row| !row.record.assistant.is_on());
    let of_workspace = services.index.workspace(workspace);
    if of_workspace.is_some_and(|row| !row.record.assistant.is_on()) {
        found.push(told(Code::Paused, "The assistant is paused"));
    } else if of_job {
        found.push(told(Code::Paused, "The assistant is paused for this job"));
    }
    if !is_open.is_some_and(|row| row.record.open) {
        found.push(told(Code::JobClosed, "The job is closed"));
    }
    found.extend(of_zoom(services, workspace, plan.zoom_user, zoom));
    let is_here = |member: MemberId| services.index.member(workspace, member).is_some();
    if plan.organizer.is_some_and(|organizer| !is_here(organizer)) {
        let why = "Its organizer has left the workspace";
        found.push(told(Code::OrganizerLeft, why));
    }
    if services.mail.of(workspace).warning().is_some() {
        let why = "Email isn't set up: nobody would receive the times";
        found.push(told(Code::NoEmail, why));
    }
    let panel = panel::present(services, workspace, plan.panel.clone());
    if panel.iter().all(|group| group.rule == PanelRule::Optional) {
        found.push(told(Code::NoInterviewers, "No interviewers are chosen"));
    }
    let never = stage_plan::never_together(services, workspace, plan);
    found.extend(never.map(|why| told(Code::NoHours, why)));
    found
}

fn of_zoom(
    services: &Services,
    workspace: WorkspaceId,
    user: Option<MemberId>,
    zoom: Option<&Standing>,
) -> Option<StageProblem> {
    let Some(user) = user else {
        return Some(told(Code::NoZoomUser, "No Zoom user is chosen"));
    };
    if services.index.member(workspace, user).is_none() {
        let why = "Its Zoom user has left the workspace";
        return Some(told(Code::ZoomUserLeft, why));
    }
    let never = || ConnectionRecord::default().standing(services.clock.now());
    let state = zoom.map_or_else(|| never().state, |it| it.state);
    let (code, what) = match state {
        _ if state.serves() => return None,
        ConnectionState::ReconnectRequired => (Code::ZoomReconnect, "must be reconnected"),
        ConnectionState::PreApprovalRequested => {
            (Code::ZoomApproval, "waits for a Zoom admin's approval")
        }
        _ => (Code::ZoomNotConnected, "is not connected"),
    };
    let who = view::member(services, workspace, user);
    Some(StageProblem {
        who: Some(who.clone()),
        ..told(code, format!("{}'s Zoom {what}", who.name))
    })
}

fn told(code: Code, message: impl Into<String>) -> StageProblem {
    StageProblem {
        code,
        message: message.into(),
        who: None,
    }
}
