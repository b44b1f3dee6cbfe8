//! Which row of Today is selected.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::Interview;
use jiff::{SignedDuration, Timestamp};

use crate::keys::Command;
use crate::state::State;
use crate::widgets::{List, times};

/// How long an interview stays in view before it begins, where the day is over sooner.
const AHEAD: SignedDuration = SignedDuration::from_hours(24);

/// Where a person is on Today.
#[derive(Debug, Default)]
pub(crate) struct TodayView {
    pub(crate) list: List,
    /// The selected interview: it stays selected when rows come and go before it.
    chosen: Option<InterviewId>,
}

impl TodayView {
    /// The place of the selected row.
    pub(crate) fn place(&self, rows: &[&Interview]) -> Option<usize> {
        let chosen = rows.iter().position(|row| Some(row.id) == self.chosen);
        chosen.or_else(|| self.list.selected(rows.len()))
    }

    /// The selected interview.
    pub(crate) fn interview<'a>(&self, state: &'a State) -> Option<&'a Interview> {
        let rows = next(state);
        rows.get(self.place(&rows)?).copied()
    }

    /// Where a move leads; `None` where the command moves nothing.
    pub(crate) fn after(&self, state: &State, command: Command) -> Option<(List, InterviewId)> {
        let rows = next(state);
        let mut list = self.list.clone();
        list.select(self.place(&rows)?);
        let moved = list.go(command, rows.len());
        let row = rows.get(list.selected(rows.len())?)?;
        moved.then(|| (list, row.id))
    }

    pub(crate) fn select(&mut self, (list, chosen): (List, InterviewId)) {
        (self.list, self.chosen) = (list, Some(chosen));
    }
}

/// The person's own interviews until the end of tomorrow, in order.
pub(crate) fn next(state: &State) -> Vec<&Interview> {
    let until = end_of_tomorrow(state).max(state.now + AHEAD);
    let coming = state.cache.coming.latest().into_iter().flatten();
    let mut next: Vec<_> = coming
        .filter(|it| state.is_to_come(it) && it.start.timestamp() < until)
        .filter(|it| state.is_mine(it) || state.is_me(it.organizer.id))
        .collect();
    next.sort_by_key(|it| (it.start, it.id));
    next
}

fn end_of_tomorrow(state: &State) -> Timestamp {
    let zone = state.zone();
    let today = times::at(state.now, &zone).date();
    let after = super::plus_days(today, 2).to_zoned(zone);
    after.map_or(state.now, |after| after.timestamp())
}
