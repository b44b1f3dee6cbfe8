//! Which row of Today is selected, and what it is about.

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{CandidateId, InterviewId, MemberId, StageId};
use greenroom_protocol::interview::Interview;
use greenroom_protocol::today::{NeedKind, NeedsMe, Upcoming, Waiting};

use crate::keys::Command;
use crate::state::State;
use crate::widgets::List;

/// A row of the day.
#[derive(Clone, Copy, Debug)]
pub(crate) enum TodayRow<'a> {
    /// An interview that is next.
    Next(&'a Upcoming),
    /// Something that needs the person.
    Needs(&'a NeedsMe),
    /// A stage in which candidates wait too long.
    Waits(&'a Waiting),
}

/// What a row is known by: the same one stays selected when others come and go.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum RowKey {
    Next(InterviewId),
    Needs(String),
    Waits(StageId),
}

impl<'a> TodayRow<'a> {
    fn key(&self) -> RowKey {
        match self {
            Self::Next(upcoming) => RowKey::Next(upcoming.interview.id),
            Self::Needs(need) => RowKey::Needs(need.key.clone()),
            Self::Waits(waiting) => RowKey::Waits(waiting.stage),
        }
    }

    /// The interview it is about.
    pub(crate) fn interview(&self) -> Option<InterviewId> {
        match self {
            Self::Next(upcoming) => Some(upcoming.interview.id),
            Self::Needs(need) => need.interview,
            Self::Waits(_) => None,
        }
    }

    /// The candidate it is about, and what they are called.
    fn candidate(&self) -> Option<(CandidateId, &'a str)> {
        match self {
            Self::Next(upcoming) => {
                let candidate = &upcoming.interview.candidate;
                Some((candidate.id, candidate.name.as_str()))
            }
            Self::Needs(need) => Some((need.candidate?, need.who.as_str())),
            Self::Waits(_) => None,
        }
    }

    /// The interviewer it is about: who has not replied, or declined.
    pub(crate) fn interviewer(&self) -> Option<MemberId> {
        match self {
            Self::Needs(need) if need.interview.is_some() => need.member,
            _ => None,
        }
    }

    /// The member whose Zoom it is about.
    pub(crate) fn member(&self) -> Option<MemberId> {
        match self {
            Self::Needs(need) if need.kind == NeedKind::Calendar => None,
            Self::Needs(need) if need.interview.is_none() && need.account.is_none() => need.member,
            _ => None,
        }
    }

    /// Where the account is that it is about.
    pub(crate) fn account(&self) -> Option<AccountProvider> {
        match self {
            Self::Needs(need) => need.account,
            _ => None,
        }
    }
}

/// Every row, in the order they are shown.
pub(crate) fn today_rows(state: &State) -> Vec<TodayRow<'_>> {
    let Some(today) = state.cache.today.latest() else {
        return Vec::new();
    };
    let next = today.next.iter().map(TodayRow::Next);
    let needs = today.needs_me.iter().map(TodayRow::Needs);
    let waits = today.waiting.iter().map(TodayRow::Waits);
    next.chain(needs).chain(waits).collect()
}

/// Where a person is on Today.
#[derive(Debug, Default)]
pub(crate) struct TodayView {
    list: List,
    chosen: Option<RowKey>,
}

impl TodayView {
    /// The place of the selected row; where it is gone, of the one that came into its place.
    pub(crate) fn place(&self, rows: &[TodayRow<'_>]) -> Option<usize> {
        let chosen = self.chosen.as_ref();
        let there = chosen.and_then(|chosen| rows.iter().position(|row| row.key() == *chosen));
        there.or_else(|| self.list.selected(rows.len()))
    }

    /// The selected row.
    pub(crate) fn selected<'a>(&self, state: &'a State) -> Option<TodayRow<'a>> {
        let rows = today_rows(state);
        rows.get(self.place(&rows)?).copied()
    }

    /// The interview of the selected row, as it is newest.
    pub(crate) fn interview<'a>(&self, state: &'a State) -> Option<&'a Interview> {
        state.cache.interview(self.selected(state)?.interview()?)
    }

    /// The candidate of the selected row.
    pub(crate) fn candidate<'a>(&self, state: &'a State) -> Option<(CandidateId, &'a str)> {
        if let Some(interview) = self.interview(state) {
            return Some((interview.candidate.id, &interview.candidate.name));
        }
        self.selected(state)?.candidate()
    }

    /// Where a move leads; `None` where the command moves nothing.
    pub(crate) fn after(&self, state: &State, command: Command) -> Option<(usize, RowKey)> {
        let rows = today_rows(state);
        let mut list = self.list.clone();
        list.select(self.place(&rows)?);
        if !list.go(command, rows.len()) {
            return None;
        }
        let place = list.selected(rows.len())?;
        Some((place, rows.get(place)?.key()))
    }

    pub(crate) fn select(&mut self, (place, key): (usize, RowKey)) {
        self.list.select(place);
        self.chosen = Some(key);
    }

    /// What stays selected from now on: the row the keys act on.
    pub(crate) fn settled(&self, state: &State) -> Option<(usize, RowKey)> {
        let rows = today_rows(state);
        let place = self.place(&rows)?;
        Some((place, rows.get(place)?.key()))
    }

    /// Which of so many lines are drawn where `marked` is one of them.
    pub(crate) fn visible(
        &self,
        lines: usize,
        marked: usize,
        height: u16,
    ) -> std::ops::Range<usize> {
        let mut list = self.list.clone();
        list.select(marked);
        list.visible(lines, height)
    }
}
