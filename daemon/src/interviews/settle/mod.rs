//! What to do next about an interview's Zoom meeting. Pure.
//!
//! Zoom has no idempotency key, so a request whose answer was lost is *searched for, not repeated*. Owns that decision and every
//! transition of [`ZoomMeeting`]. Invariant: `Asked` is durable before Zoom is asked, and leaves that phase only by Zoom's
//! answer, by a search after the deadline, or, without the list scope, by asking again with a note that an orphan may
//! exist.

use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::time::Instant;

use super::record::{InterviewRecord, MadeMeeting, ZoomMeeting};

/// After this many seconds without an answer there will be none: the deadline of a request, and a margin.
pub const ANSWER_DEADLINE_SECONDS: i64 = 25;

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// Nothing: the work is done.
    Done,
    /// Come back then.
    Wait(Instant),
    /// Note the attempt, then ask Zoom to make the meeting.
    Ask,
    /// Look for a meeting that carries the interview's mark.
    Search,
    /// Read the meeting back.
    ReadBack(MadeMeeting),
    /// Delete the meeting.
    Delete(MadeMeeting),
    /// Nothing can be found out: note that an orphan may exist.
    GiveUp,
}

/// The next step, given what the connection may do.
pub fn next(interview: &InterviewRecord, now: Instant, can_list: bool) -> Step {
    let wanted = match interview.status {
        InterviewStatus::Cancelled => false,
        InterviewStatus::ToBeConfirmed => return Step::Done,
        InterviewStatus::Confirmed | InterviewStatus::Completed | InterviewStatus::NoShow => true,
    };
    match &interview.meeting.zoom {
        ZoomMeeting::None | ZoomMeeting::Failed | ZoomMeeting::Gone | ZoomMeeting::Stays { .. } => {
            Step::Done
        }
        ZoomMeeting::Wanted if wanted => Step::Ask,
        ZoomMeeting::Wanted => Step::Done,
        ZoomMeeting::Asked { at } => {
            let known = at.plus_seconds(ANSWER_DEADLINE_SECONDS);
            match (known > now, can_list, wanted) {
                (true, _, _) => Step::Wait(known),
                (false, true, _) => Step::Search,
                (false, false, true) => Step::Ask,
                (false, false, false) => Step::GiveUp,
            }
        }
        ZoomMeeting::Made { meeting } if wanted => Step::ReadBack(meeting.clone()),
        ZoomMeeting::Ready { .. } if wanted => Step::Done,
        ZoomMeeting::Made { meeting }
        | ZoomMeeting::Ready { meeting }
        | ZoomMeeting::Unwanted { meeting } => Step::Delete(meeting.clone()),
    }
}

/// It is to be made. What a restore may have taken back is looked for first.
pub fn wanted(interview: &mut InterviewRecord) {
    interview.meeting.zoom = match interview.meeting.restored.take() {
        Some(at) => ZoomMeeting::Asked { at },
        None => ZoomMeeting::Wanted,
    };
}

/// Zoom made it, or a search found it.
pub fn made(interview: &mut InterviewRecord, meeting: MadeMeeting) {
    interview.meeting.reason = None;
    interview.meeting.zoom = match interview.status {
        InterviewStatus::Cancelled => ZoomMeeting::Unwanted { meeting },
        _ => ZoomMeeting::Made { meeting },
    };
}

/// Zoom did not make it: it refused, or was not reached, or a search found nothing. It may be asked again.
pub fn not_made(interview: &mut InterviewRecord) {
    interview.meeting.zoom = match interview.status {
        InterviewStatus::Cancelled => ZoomMeeting::Gone,
        _ => ZoomMeeting::Wanted,
    };
}

/// The interview was cancelled. Says whether Zoom has something to do.
pub fn unwanted(interview: &mut InterviewRecord, may_delete: Result<(), String>) -> bool {
    let zoom = std::mem::take(&mut interview.meeting.zoom);
    let (zoom, work) = match (zoom, may_delete) {
        (ZoomMeeting::Made { meeting } | ZoomMeeting::Ready { meeting }, Ok(())) => {
            (ZoomMeeting::Unwanted { meeting }, true)
        }
        (ZoomMeeting::Made { meeting } | ZoomMeeting::Ready { meeting }, Err(why)) => {
            interview.meeting.reason = Some(why);
            (ZoomMeeting::Stays { meeting }, false)
        }
        (asked @ ZoomMeeting::Asked { .. }, _) => (asked, true),
        (ZoomMeeting::Wanted | ZoomMeeting::Failed, _) => (ZoomMeeting::None, false),
        (other, _) => (other, false),
    };
    interview.meeting.zoom = zoom;
    work
}

#[cfg(test)]
mod tests;
