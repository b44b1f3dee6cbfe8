//! What is kept of a meeting, what it is found by, and what people read about it.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::time::Instant;

use super::Open;
use crate::records::interview::{InterviewRecord, MadeMeeting, WayOut};
use crate::zoom::{self, RefusalReason};

/// What is said while Zoom does not find a meeting that it has just made or changed.
pub(super) const NOT_FOUND_YET: &str =
    "Zoom does not find the meeting yet, which it has just made or changed";

/// What a meeting of ours is found by again; stands first in its agenda.
pub(in crate::interviews) fn mark(id: InterviewId) -> String {
    format!("[{id}]")
}

/// What is kept of a meeting that Zoom made or changed then.
pub(super) fn kept(meeting: &zoom::ZoomMeeting, told_at: Option<Instant>) -> MadeMeeting {
    MadeMeeting {
        id: meeting.id,
        uuid: meeting.uuid.clone(),
        join_url: meeting.join_url.clone(),
        passcode: meeting
            .password
            .clone()
            .filter(|passcode| !passcode.is_empty()),
        told_at,
        writes_notes: meeting
            .settings
            .as_ref()
            .and_then(|settings| settings.auto_start_meeting_summary),
    }
}

pub(super) fn possible_orphan(open: &mut Open<'_>) {
    let message = "Zoom's answer was lost, and without the permission to see the list of meetings it cannot be looked for: a \
                   meeting nobody needs may be left at Zoom";
    open.warn(FindingCode::PossibleOrphan, message);
}

/// Whether Zoom has the meeting at the time that is planned; what it does not tell is taken for
/// right.
pub(super) fn is_as_planned(meeting: &zoom::ZoomMeeting, interview: &InterviewRecord) -> bool {
    meeting
        .start_time
        .is_none_or(|start| start == interview.start)
        && meeting
            .duration
            .is_none_or(|minutes| minutes == interview.duration_minutes)
}

pub(super) fn refused(refusal: &zoom::Refusal) -> String {
    match &refusal.reason {
        RefusalReason::MissingScope(scopes) => {
            format!(
                "Zoom says that permissions are missing ({}); connect Zoom again",
                scopes.join(", ")
            )
        }
        RefusalReason::MayNotHost => {
            "Zoom says that this user may not host meetings; choose another host".to_owned()
        }
        RefusalReason::NoUser if refusal.code == Some(1010) => {
            "Zoom says that this user does not belong to the account any more".to_owned()
        }
        RefusalReason::NoUser => "Zoom says that this user does not exist any more".to_owned(),
        RefusalReason::InProgress => "the meeting is in progress at Zoom".to_owned(),
        _ => format!("Zoom refused: {}", refusal.text),
    }
}

/// What a person can do where Zoom refused to make a meeting: asking the same again helps only
/// where Zoom's answer may change.
pub(super) fn way_out(refusal: &zoom::Refusal) -> WayOut {
    match refusal.reason {
        RefusalReason::MissingScope(_) => WayOut::Reconnect,
        RefusalReason::MayNotHost | RefusalReason::NoUser => WayOut::AnotherHost,
        RefusalReason::Invalid => WayOut::AnotherMeeting,
        _ => WayOut::Again,
    }
}
