//! Interviews as the contract shows them: names in the place of ids.

use greenroom_protocol::Error;
use greenroom_protocol::drift::Drift;
use greenroom_protocol::id::{CandidateId, InterviewId, MemberId, WorkspaceId};
use greenroom_protocol::interview::{
    Attendee, AttendeeRole, AttendeeState, CandidateBrief, Change, Host, Interview, Meeting,
    MeetingState, RescheduleAsk,
};
use greenroom_protocol::workspace::MemberBrief;

use super::list::sees;
use super::{check, replies};
use crate::access::RequestContext;
use crate::records::interview::{DriftRecord, InterviewRecord, MeetingRecord, WayOut, ZoomMeeting};
use crate::records::invitation::{Answer, Invitee, Peer, Told};
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::{Actor, StoreError};
use crate::work::WorkRecord;
use crate::zoom::ConnectionId;

/// The most interviews a candidate's page shows.
const MOST_OF_A_CANDIDATE: usize = 50;

/// What stands in the place of somebody who is gone.
const GONE: &str = "(removed)";

/// The interview as it is now.
pub(super) async fn one(
    services: &Services,
    workspace: WorkspaceId,
    id: InterviewId,
) -> Result<Interview, Error> {
    let stored = services
        .store
        .get::<InterviewRecord>(&workspace.to_string(), &id.to_string())
        .await?;
    let stored = stored.ok_or_else(|| Error::not_found("the interview is gone"))?;
    Ok(wire(services, workspace, id, stored.revision.0, &stored.record).await?)
}

/// The interviews that are still there, in the order given.
pub async fn many(
    services: &Services,
    workspace: WorkspaceId,
    ids: &[InterviewId],
) -> Result<Vec<Interview>, Error> {
    let mut found = Vec::with_capacity(ids.len());
    for id in ids {
        let stored = services
            .store
            .get::<InterviewRecord>(&workspace.to_string(), &id.to_string())
            .await?;
        let Some(stored) = stored else { continue };
        found.push(wire(services, workspace, *id, stored.revision.0, &stored.record).await?);
    }
    Ok(found)
}

/// A candidate's interviews, newest first: those the caller may see.
pub async fn of_candidate(
    services: &Services,
    context: &RequestContext,
    candidate: CandidateId,
) -> Result<Vec<Interview>, Error> {
    let workspace = context.workspace;
    let mut ids = services.index.interviews_of_candidate(workspace, candidate);
    ids.retain(|id| sees(services, context, *id));
    ids.truncate(MOST_OF_A_CANDIDATE);
    many(services, workspace, &ids).await
}

/// A member by name, or that they are gone.
pub(super) fn member(services: &Services, workspace: WorkspaceId, id: MemberId) -> MemberBrief {
    let gone = || MemberBrief {
        id,
        name: GONE.to_owned(),
        email: String::new(),
    };
    services
        .index
        .member(workspace, id)
        .map_or_else(gone, |row| row.record.brief(id))
}

/// Whose Zoom hosts, and how that stands.
async fn host(
    services: &Services,
    workspace: WorkspaceId,
    id: MemberId,
) -> Result<Host, StoreError> {
    let Some(row) = services.index.member(workspace, id) else {
        return Ok(Host {
            id,
            name: GONE.to_owned(),
            zoom_email: String::new(),
            connection: None,
        });
    };
    let who = ConnectionId::of_member(workspace, id);
    let (connection, _) = services.zoom.grants().status(who).await?;
    Ok(row
        .record
        .host(id, connection.standing(services.clock.now())))
}

/// A record as the contract shows it.
pub(super) async fn wire(
    services: &Services,
    workspace: WorkspaceId,
    id: InterviewId,
    revision: u64,
    record: &InterviewRecord,
) -> Result<Interview, StoreError> {
    let space = workspace.to_string();
    let candidate = services
        .store
        .get::<CandidateRecord>(&space, &record.candidate.to_string())
        .await?;
    let member = |id: MemberId| member(services, workspace, id);
    let host = match record.host {
        Some(id) => Some(host(services, workspace, id).await?),
        None => None,
    };
    let work = services
        .store
        .get::<WorkRecord>(&space, &WorkRecord::id(super::make::KIND, &id.to_string()))
        .await?;
    let name_of = |guest: Peer| match (guest, &candidate) {
        (Peer::Member(id), _) => (member(id).name, member(id).email),
        (Peer::Candidate(_), Some(it)) => (it.record.name.clone(), it.record.email.clone()),
        (Peer::Candidate(_), None) => (GONE.to_owned(), String::new()),
    };
    let now = Told::by(record);
    let attendees = record
        .invitation
        .invitees
        .iter()
        .map(|it| attendee(record, it, &now, name_of(it.guest)));
    let attendees = attendees.collect();
    let asks = record.invitation.asks.iter().map(|it| RescheduleAsk {
        name: name_of(it.guest).0,
        at: it.at,
        start: it.start,
        duration_minutes: it.duration_minutes,
        comment: it.comment.clone(),
    });
    let asks = asks.collect();
    Ok(Interview {
        id,
        revision,
        status: record.status,
        start: record.start,
        zone: record.zone.clone(),
        offset: record.offset.clone(),
        duration_minutes: record.duration_minutes,
        organizer: member(record.organizer),
        host,
        interviewers: record.interviewers.iter().copied().map(member).collect(),
        candidate: match candidate.map(|stored| stored.record) {
            Some(it) => CandidateBrief {
                id: record.candidate,
                name: it.name,
                email: it.email,
                zone: it.zone,
            },
            None => CandidateBrief {
                id: record.candidate,
                name: GONE.to_owned(),
                email: String::new(),
                zone: None,
            },
        },
        application: record.application,
        job_title: services
            .index
            .job(workspace, record.job)
            .map_or_else(|| GONE.to_owned(), |row| row.record.title.clone()),
        stage_name: services
            .index
            .stage(workspace, record.stage)
            .map_or_else(|| GONE.to_owned(), |row| row.record.name.clone()),
        warnings: record.warnings.clone(),
        meeting: meeting(&record.meeting, work.map(|stored| stored.record)),
        created_at: record.created_at,
        candidate_absent: record.absent.candidate,
        absent: record.absent.members.iter().copied().map(member).collect(),
        change: record.change,
        drift: record.drift.as_ref().map(drift),
        changes: record
            .changes
            .iter()
            .map(|change| Change {
                number: change.number,
                at: change.at,
                by: change.by.person().map(member),
                kind: change.kind,
                side: change.side,
                reason: change.reason.clone(),
                former_start: change.before.start,
                automatic: change.by == Actor::Daemon,
            })
            .collect(),
        attendees,
        asks,
        zoom_notes: record.zoom_notes,
    })
}

fn drift(record: &DriftRecord) -> Drift {
    Drift {
        kind: record.kind,
        found_at: record.found_at,
        start: record.start,
        duration_minutes: record.duration_minutes,
        messages: record.messages.clone(),
        repairs: check::repairs(record.kind).to_vec(),
    }
}

fn attendee(
    interview: &InterviewRecord,
    invitee: &Invitee,
    now: &Told,
    (name, email): (String, String),
) -> Attendee {
    let member = match invitee.guest {
        Peer::Member(member) => Some(member),
        Peer::Candidate(_) => None,
    };
    let silent = member.and_then(|it| replies::silent_since(interview, it));
    let open = member.and_then(|it| interview.invitation.open(it));
    let state = match invitee.answer_to(now) {
        _ if invitee.dismissed => AttendeeState::Dismissed,
        _ if invitee.unreached.is_some() => AttendeeState::Unreached,
        Answer::Accepted => AttendeeState::Accepted,
        Answer::Declined => AttendeeState::Declined,
        Answer::Tentative => AttendeeState::Tentative,
        Answer::None if invitee.knows(now) => AttendeeState::Invited,
        Answer::None => AttendeeState::Waiting,
    };
    Attendee {
        role: match invitee.guest {
            Peer::Candidate(_) => AttendeeRole::Candidate,
            Peer::Member(_) => AttendeeRole::Interviewer,
        },
        name,
        email: invitee.address.clone().unwrap_or(email),
        state,
        invited_at: invitee.invited_at,
        answered_at: invitee.answered_at,
        reason: invitee.unreached.clone(),
        mail: invitee.mail,
        note: match invitee.answer_to(now) {
            Answer::None => None,
            _ => invitee.note.clone(),
        },
        member,
        silent_since: silent.map(|it| it.at),
        reminded_at: open.and_then(|it| it.reminded_at),
        reminder: open.and_then(|it| it.reminder),
        to_organizer: member.is_some_and(|it| replies::is_with_the_organizer(interview, it)),
    }
}

fn hint(way_out: WayOut) -> &'static str {
    match way_out {
        WayOut::Again => "confirm the interview again to try once more",
        WayOut::Reconnect => "reconnect Zoom, then confirm the interview again",
        WayOut::AnotherHost => {
            "choose another host (`greenroom interview edit ID --zoom-user EMAIL`), or give a link (`--url`)"
        }
        WayOut::AnotherMeeting => {
            "ask your Zoom admin about what Zoom names, or give a link (`greenroom interview edit ID --url URL`)"
        }
    }
}

fn meeting(record: &MeetingRecord, work: Option<WorkRecord>) -> Meeting {
    // The outcome is committed before its work is removed: what the work says counts only while the
    // meeting is pending.
    let state = record.zoom.state();
    let work = work.filter(|_| state == MeetingState::Pending);
    let next_try = work.as_ref().map(|work| work.due);
    let reason = record
        .reason
        .clone()
        .or_else(|| work.and_then(|work| work.last_error));
    let mut meeting = Meeting {
        kind: record.kind,
        state,
        reason,
        join_url: None,
        meeting_id: None,
        passcode: None,
        details: None,
        manual: record.manual.is_some(),
        next_try,
        hint: None,
        refused_for_good: false,
    };
    if let ZoomMeeting::Failed { way_out } = record.zoom
        && record.manual.is_none()
    {
        meeting.hint = Some(hint(way_out).to_owned());
        meeting.refused_for_good = matches!(way_out, WayOut::AnotherHost | WayOut::AnotherMeeting);
    }
    if meeting.state != MeetingState::Pending {
        meeting.next_try = None;
    }
    if let Some(manual) = &record.manual {
        meeting.state = MeetingState::Ready;
        meeting.join_url.clone_from(&manual.url);
        meeting.meeting_id.clone_from(&manual.meeting_id);
        meeting.passcode.clone_from(&manual.passcode);
        meeting.details.clone_from(&manual.details);
    }
    if let Some(made) = record.zoom.meeting() {
        meeting.join_url = Some(made.join_url.clone());
        meeting.meeting_id = Some(made.id.to_string());
        meeting.passcode.clone_from(&made.passcode);
    }
    meeting
}
