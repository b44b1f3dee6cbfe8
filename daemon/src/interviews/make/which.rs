//! The meetings of an interview: its own, and those it left behind at former hosts. Pure.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::schedule::{Finding, FindingCode};
use greenroom_protocol::time::Instant;

use crate::interviews::meeting_state::{self, Slot, Step};
use crate::records::interview::{InterviewRecord, Left, ZoomMeeting, warn};

/// Which of an interview's meetings a step is about.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Which {
    /// Its own.
    Own,
    /// One it left behind, by its place among those.
    Left(usize),
}

/// A meeting of an interview as a step finds it at its commit.
pub(super) struct Open<'a> {
    pub(super) slot: Slot<'a>,
    pub(super) warnings: &'a mut Vec<Finding>,
}

impl Which {
    pub(super) fn all(interview: &InterviewRecord) -> impl Iterator<Item = Self> {
        std::iter::once(Self::Own).chain((0..interview.left.len()).map(Self::Left))
    }

    pub(super) fn host(self, interview: &InterviewRecord) -> Option<MemberId> {
        match self {
            Self::Own => interview.host,
            Self::Left(place) => interview.left.get(place).map(|left| left.host),
        }
    }

    /// How far Zoom is, and whether the meeting should be there.
    pub(super) fn phase(self, interview: &InterviewRecord) -> Option<(&ZoomMeeting, bool)> {
        match self {
            Self::Own => Some((&interview.meeting.zoom, interview.terms().wants_zoom())),
            Self::Left(place) => interview.left.get(place).map(|left| (&left.zoom, false)),
        }
    }

    pub(super) fn open(self, interview: &mut InterviewRecord) -> Option<Open<'_>> {
        let wanted = self == Self::Own && interview.terms().wants_zoom();
        let InterviewRecord {
            meeting,
            left,
            warnings,
            ..
        } = interview;
        let (zoom, reason) = match self {
            Self::Own => (&mut meeting.zoom, &mut meeting.reason),
            Self::Left(place) => {
                let Left { zoom, reason, .. } = left.get_mut(place)?;
                (zoom, reason)
            }
        };
        Some(Open {
            slot: Slot {
                wanted,
                zoom,
                reason,
            },
            warnings,
        })
    }
}

impl Open<'_> {
    pub(super) fn warn(&mut self, code: FindingCode, message: &str) {
        warn(self.warnings, Finding::new(code, message));
    }
}

/// Whether nothing is left to do about any of its meetings, and every email about it is asked for.
pub(in crate::interviews) fn is_settled(interview: &InterviewRecord, now: Instant) -> bool {
    let settled = |which: Which| {
        let phase = which.host(interview).and(which.phase(interview));
        phase
            .is_none_or(|(zoom, wanted)| meeting_state::next(zoom, wanted, now, true) == Step::Done)
    };
    !interview.invitation.unfinished && Which::all(interview).all(settled)
}

/// Forgets meetings that were left behind and are gone, or stay.
pub(super) fn prune(interview: &mut InterviewRecord) {
    let unfinished = |left: &Left| {
        !matches!(
            left.zoom,
            ZoomMeeting::None | ZoomMeeting::Gone | ZoomMeeting::Stays { .. }
        )
    };
    interview.left.retain(unfinished);
}
