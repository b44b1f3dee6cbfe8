//! How a stage plans its interviews: what it may be changed to.
//!
//! Invariant: what is previewed is judged exactly as what is saved. Writes nothing.

use greenroom_protocol::Error;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::pipeline::{Approval, PanelRule, STEPS, StageInterviewChange};

use super::panel;
use crate::access::RequestContext;
use crate::input;
use crate::records::pipeline::StagePlan;
use crate::schedule::hours::{self, is_night, is_window};
use crate::services::Services;

/// The plan with a change that is not saved.
///
/// # Errors
/// It could not be saved.
pub(super) fn changed(
    services: &Services,
    context: &RequestContext,
    mut plan: StagePlan,
    change: StageInterviewChange,
) -> Result<StagePlan, Error> {
    let before = plan.clone();
    plan.apply(readable(services, context, change)?);
    check_change(services, context, &before, &plan)?;
    Ok(plan)
}

/// A change whose people are members and whose text can be shown.
///
/// # Errors
/// It is not, and why.
pub fn readable(
    services: &Services,
    context: &RequestContext,
    mut change: StageInterviewChange,
) -> Result<StageInterviewChange, Error> {
    let panel = match &change.panel {
        Edit::Set(groups) => groups.as_slice(),
        Edit::Keep | Edit::Clear => &[],
    };
    let host = match &change.zoom_user {
        Edit::Set(member) => Some(member),
        Edit::Keep | Edit::Clear => None,
    };
    for member in panel.iter().flat_map(|group| &group.members).chain(host) {
        if services.index.member(context.workspace, *member).is_none() {
            return refuse("panel", "somebody in it is no member of the workspace");
        }
    }
    if let Edit::Set(organizer) = &change.organizer
        && services
            .index
            .member(context.workspace, *organizer)
            .is_none()
    {
        return refuse("organizer", "the organizer is no member of the workspace");
    }
    if let Edit::Set(guidance) = &change.guidance {
        change.guidance = Edit::Set(input::paragraphs("guidance", guidance)?);
    }
    if let Edit::Set(zone) = &change.zone {
        change.zone = Edit::Set(input::zone("zone", zone)?);
    }
    Ok(change)
}

fn refuse<T>(field: &str, why: &str) -> Result<T, Error> {
    Err(Error::usage(why).field(field))
}

/// Refuses a plan that a stage may not be changed to. What was so before may be changed elsewhere.
///
/// # Errors
/// Which setting is wrong, and why.
pub fn check_change(
    services: &Services,
    context: &RequestContext,
    before: &StagePlan,
    plan: &StagePlan,
) -> Result<(), Error> {
    check(plan)?;
    check_assistant(before, plan)?;
    check_hours(services, context, before, plan)
}

/// Refuses AI scheduling without what the assistant must know: how emails are sent, which nobody
/// decides but a person, and whose Zoom hosts.
fn check_assistant(before: &StagePlan, plan: &StagePlan) -> Result<(), Error> {
    if !plan.ai {
        return Ok(());
    }
    if !plan.approval_chosen && plan.approval == Approval::Draft {
        let why = "Choose how the assistant's emails are sent: automatically (auto), after approval \
                   (draft), or not at all, to watch only (shadow)";
        return refuse("approval", why);
    }
    let had_none = before.ai && before.zoom_user.is_none();
    if plan.zoom_user.is_none() && !had_none {
        let why =
            "Choose a Zoom user: with AI scheduling on, the interviews are hosted on their Zoom";
        return refuse("zoom_user", why);
    }
    Ok(())
}

/// Refuses a plan with a setting out of its range.
///
/// # Errors
/// Which setting, and its range.
fn check(plan: &StagePlan) -> Result<(), Error> {
    if !(5..=480).contains(&plan.duration_minutes) {
        return refuse("duration_minutes", "the duration must be 5 to 480 minutes");
    }
    if plan.buffer_before_minutes > 240 || plan.buffer_after_minutes > 240 {
        return refuse("buffer_before_minutes", "a buffer is at most 240 minutes");
    }
    if !(1..=365).contains(&plan.horizon_days) || plan.notice_minutes > 60 * 24 * 60 {
        return refuse(
            "horizon_days",
            "the horizon must be 1 to 365 days, and the notice at most 60 days",
        );
    }
    if !STEPS.contains(&plan.step_minutes) {
        return refuse(
            "step_minutes",
            "the step must be 5, 10, 15, 20, 30 or 60 minutes",
        );
    }
    if !is_night(plan.night) {
        return refuse(
            "night",
            "a night needs minutes of the day, 0 to 1439, and must not end as it begins",
        );
    }
    if !plan.windows.iter().all(is_window) {
        return refuse(
            "windows",
            "a window needs days 1 to 7 and must end after it begins",
        );
    }
    Ok(())
}

/// Refuses a plan by which no interview could ever be: somebody who takes part in any case, or
/// everybody of a group, works at no time that the stage's hours have, for as long as it lasts. A
/// plan that was so already may be changed elsewhere: hours change without the stage.
///
/// # Errors
/// Whose hours they are.
fn check_hours(
    services: &Services,
    context: &RequestContext,
    before: &StagePlan,
    plan: &StagePlan,
) -> Result<(), Error> {
    let is_as_before = before.windows == plan.windows
        && before.panel == plan.panel
        && before.duration_minutes >= plan.duration_minutes;
    if plan.windows.is_empty() || is_as_before {
        return Ok(());
    }
    match never_together(services, context.workspace, plan) {
        Some(why) => refuse("windows", &why),
        None => Ok(()),
    }
}

/// Whose working hours rule out every interview of the plan, as a sentence; `None`: nobody's do.
pub(super) fn never_together(
    services: &Services,
    workspace: WorkspaceId,
    plan: &StagePlan,
) -> Option<String> {
    for group in panel::present(services, workspace, plan.panel.clone()) {
        let members = group.members.iter().copied();
        let never: Vec<_> = members
            .filter(|member| !has_room(services, workspace, *member, plan))
            .collect();
        let names = match group.rule {
            PanelRule::AllOf => &never[..never.len().min(1)],
            PanelRule::AnyOf if never.len() == group.members.len() => &never[..],
            PanelRule::AnyOf | PanelRule::Optional => &[],
        };
        if names.is_empty() {
            continue;
        }
        let name = |member: &MemberId| super::view::member(services, workspace, *member).name;
        let names: Vec<_> = names.iter().map(name).collect();
        let names = names.join(", ");
        let minutes = plan.duration_minutes;
        return Some(match plan.windows.is_empty() {
            true => format!("The working hours of {names} never have {minutes} minutes together"),
            false => format!(
                "The stage's hours and the working hours of {names} never have {minutes} minutes in \
                 common"
            ),
        });
    }
    None
}

/// Whether a member's usual week has room for an interview within the stage's hours.
fn has_room(
    services: &Services,
    workspace: WorkspaceId,
    member: MemberId,
    plan: &StagePlan,
) -> bool {
    let row = services.index.availability(workspace, member);
    let weekly = row.and_then(|row| row.record.hours.clone());
    let weekly = weekly.unwrap_or_else(|| vec![hours::assumed()]);
    let stages = match plan.windows.is_empty() {
        true => &weekly,
        false => &plan.windows,
    };
    hours::have_room(&weekly, stages, plan.duration_minutes)
}
