//! What to do next about a meeting at Zoom. Pure.
//!
//! Zoom has no idempotency key, so a request whose answer was lost is *searched for, not repeated*.
//! Owns that decision and every transition of [`ZoomMeeting`]. Invariant: `Asked` is durable before
//! Zoom is asked, and leaves that phase only by Zoom's answer, by a search after the deadline, or,
//! without the list scope, by asking again with a note that an orphan may exist. Telling Zoom of a
//! change and deleting may be repeated without harm, so a lost answer to those is asked again.

use greenroom_protocol::time::Instant;

use crate::records::interview::{MadeMeeting, ZoomMeeting};

/// After this many seconds without an answer there will be none: the deadline of a request, and a
/// margin.
pub const ANSWER_DEADLINE_SECONDS: i64 = 25;

/// What to do next.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Step {
    /// No step is left: the work is done.
    Done,
    /// Come back then.
    Wait(Instant),
    /// Note the attempt, then ask Zoom to make the meeting.
    Ask,
    /// Look for a meeting that carries the interview's mark.
    Search,
    /// Read the meeting back.
    ReadBack(MadeMeeting),
    /// Tell Zoom how the meeting is to be now; where it says so, its settings too.
    Update(MadeMeeting, bool),
    /// Delete the meeting.
    Delete(MadeMeeting),
    /// Nothing can be found out: note that an orphan may exist.
    GiveUp,
}

/// Whether something may be asked of Zoom, or what people read instead.
pub type Permission = Result<(), String>;

/// One meeting: whether it should be there, and how far Zoom is.
#[derive(Debug)]
pub struct Slot<'a> {
    /// Whether it should be there.
    pub wanted: bool,
    /// How far Zoom is.
    pub zoom: &'a mut ZoomMeeting,
    /// Why it is not further.
    pub reason: &'a mut Option<String>,
}

/// The next step, given what the connection may do.
pub fn next(zoom: &ZoomMeeting, wanted: bool, now: Instant, can_list: bool) -> Step {
    match zoom {
        ZoomMeeting::None
        | ZoomMeeting::Failed { .. }
        | ZoomMeeting::Gone
        | ZoomMeeting::Stays { .. } => Step::Done,
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
        ZoomMeeting::Outdated { meeting, settings } if wanted => {
            Step::Update(meeting.clone(), *settings)
        }
        ZoomMeeting::Ready { .. } if wanted => Step::Done,
        ZoomMeeting::Made { meeting }
        | ZoomMeeting::Outdated { meeting, .. }
        | ZoomMeeting::Ready { meeting }
        | ZoomMeeting::Unwanted { meeting } => Step::Delete(meeting.clone()),
    }
}

impl Slot<'_> {
    /// Zoom made it, or a search found it; `as_planned` says whether at the time that is planned
    /// now.
    pub fn made(&mut self, meeting: MadeMeeting, as_planned: bool) {
        *self.reason = None;
        *self.zoom = match (self.wanted, as_planned) {
            (false, _) => ZoomMeeting::Unwanted { meeting },
            (true, true) => ZoomMeeting::Made { meeting },
            (true, false) => outdated(meeting, false),
        };
    }

    /// Zoom did not make it: it refused, or was not reached, or a search found nothing. It may be
    /// asked again.
    pub fn not_made(&mut self) {
        *self.zoom = match self.wanted {
            false => ZoomMeeting::Gone,
            true => ZoomMeeting::Wanted,
        };
    }

    /// It should be there no more.
    pub fn drop(&mut self, may_delete: Permission) {
        let zoom = std::mem::take(self.zoom);
        *self.zoom = match (zoom, may_delete) {
            (ZoomMeeting::Wanted | ZoomMeeting::Failed { .. }, _) => ZoomMeeting::None,
            (
                ZoomMeeting::Made { meeting }
                | ZoomMeeting::Outdated { meeting, .. }
                | ZoomMeeting::Ready { meeting },
                Ok(()),
            ) => ZoomMeeting::Unwanted { meeting },
            (
                ZoomMeeting::Made { meeting }
                | ZoomMeeting::Outdated { meeting, .. }
                | ZoomMeeting::Ready { meeting },
                Err(why),
            ) => {
                *self.reason = Some(why);
                ZoomMeeting::Stays { meeting }
            }
            (other, _) => other,
        };
    }

    /// It should be there, as it is planned now, `settings` with the settings we ask for too. Says
    /// why Zoom cannot be asked, where it knows a former plan.
    pub fn renew(&mut self, may_update: Permission, settings: bool) -> Option<String> {
        let settings =
            settings || matches!(self.zoom, ZoomMeeting::Outdated { settings: true, .. });
        let zoom = std::mem::take(self.zoom);
        *self.reason = None;
        let (zoom, untold) = match (zoom, may_update) {
            (
                ZoomMeeting::None
                | ZoomMeeting::Failed { .. }
                | ZoomMeeting::Gone
                | ZoomMeeting::Wanted,
                _,
            ) => (ZoomMeeting::Wanted, None),
            (asked @ ZoomMeeting::Asked { .. }, _) => (asked, None),
            // What Zoom was asked to delete may be gone: that comes out when it is asked for the
            // change.
            (ZoomMeeting::Unwanted { meeting }, _) => (outdated(meeting, settings), None),
            (
                ZoomMeeting::Made { meeting }
                | ZoomMeeting::Ready { meeting }
                | ZoomMeeting::Outdated { meeting, .. }
                | ZoomMeeting::Stays { meeting },
                Ok(()),
            ) => (outdated(meeting, settings), None),
            (
                ZoomMeeting::Made { meeting }
                | ZoomMeeting::Ready { meeting }
                | ZoomMeeting::Outdated { meeting, .. }
                | ZoomMeeting::Stays { meeting },
                Err(why),
            ) => (ZoomMeeting::Ready { meeting }, Some(why)),
        };
        *self.zoom = zoom;
        untold
    }
}

fn outdated(meeting: MadeMeeting, settings: bool) -> ZoomMeeting {
    ZoomMeeting::Outdated { meeting, settings }
}

#[cfg(test)]
mod tests;
