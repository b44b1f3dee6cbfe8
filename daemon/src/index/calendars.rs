//! Owns whose time is taken, by owner and UTC week, as the calendar records say it. Invariant: a
//! week is never changed in place; a commit puts another in its stead, so who took one may use it
//! for as long as they like, without the lock. It must not be booked on: what is offered from here
//! may be stale, and a booking reads the records again.

use std::collections::BTreeMap;
use std::sync::Arc;

use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::time::Instant;

use super::Index;
use crate::records::calendar::{Owner, OwnersWeek};
use crate::schedule::busy::{Busy, Interval, weeks};

/// The calendars of a workspace.
#[derive(Default)]
pub(super) struct Calendars {
    /// A week at a time: what a commit costs does not grow with how long somebody has been here.
    weeks: BTreeMap<OwnersWeek, Arc<[Interval]>>,
}

impl Calendars {
    pub(super) fn set(&mut self, week: OwnersWeek, taken: Option<Arc<[Interval]>>) {
        match taken {
            Some(taken) => self.weeks.insert(week, taken),
            None => self.weeks.remove(&week),
        };
    }

    fn busy(&self, owner: &Owner, start: Instant, end: Instant) -> Busy {
        let (first, last) = weeks(start, end).into_inner();
        let of = |week| OwnersWeek {
            owner: owner.clone(),
            week,
        };
        let found = self.weeks.range(of(first)..=of(last));
        Busy::of(found.map(|(of, taken)| (of.week, taken.clone())).collect())
    }
}

impl Index {
    /// An owner's taken time in the weeks between two moments, without a copy.
    #[must_use]
    pub fn busy(&self, ws: WorkspaceId, owner: &Owner, start: Instant, end: Instant) -> Busy {
        let state = self.read();
        let busy = |space: &super::Space| space.calendars.busy(owner, start, end);
        state.space(ws).map(busy).unwrap_or_default()
    }
}
