//! What is kept of a meeting, what it is found by, and what people read about it.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::schedule::{Finding, FindingCode};

use crate::interviews::record::{InterviewRecord, MadeMeeting};
use crate::zoom::{self, RefusalReason};

/// What a meeting of ours is found by again; stands first in its agenda.
pub(super) fn mark(id: InterviewId) -> String {
    format!("[{id}]")
}

/// What is kept of a meeting.
pub(super) fn kept(meeting: &zoom::ZoomMeeting) -> MadeMeeting {
    MadeMeeting {
        id: meeting.id,
        uuid: meeting.uuid.clone(),
        join_url: meeting.join_url.clone(),
        passcode: meeting
            .password
            .clone()
            .filter(|passcode| !passcode.is_empty()),
    }
}

pub(super) fn warn(interview: &mut InterviewRecord, code: FindingCode, message: &str) {
    if !interview
        .warnings
        .iter()
        .any(|it| it.code == code && it.message == message)
    {
        interview.warnings.push(Finding {
            code,
            message: message.to_owned(),
            interview: None,
        });
    }
}

pub(super) fn possible_orphan(interview: &mut InterviewRecord) {
    let message = "Zoom's answer was lost, and without the permission to see the list of meetings it cannot be looked for: a \
                   meeting nobody needs may be left at Zoom";
    warn(interview, FindingCode::PossibleOrphan, message);
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
        RefusalReason::NoUser => "Zoom says that this user does not exist any more".to_owned(),
        _ => format!("Zoom refused: {}", refusal.text),
    }
}
