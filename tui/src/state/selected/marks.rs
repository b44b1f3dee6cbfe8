//! Who is marked in a list or on a board, so that one key acts on several: single rows, and a range
//! that grows with the selection.
//!
//! Invariant: marks name people, not rows, so a list that changes under them keeps them; only
//! people who are in the list count.

use std::borrow::Borrow;
use std::collections::BTreeSet;
use std::ops::RangeInclusive;

use greenroom_protocol::id::CandidateId;
use greenroom_protocol::pipeline::CandidateRow;

use crate::keys::Command;
use crate::widgets::List;

/// More digits than these move nowhere that one can see.
const MOST_COUNTED: usize = 9_999;

/// Who is marked.
#[derive(Debug, Default)]
pub(crate) struct Marks {
    people: BTreeSet<CandidateId>,
    range: Option<Range>,
}

/// A range that is under way.
#[derive(Debug)]
struct Range {
    from: CandidateId,
    /// The digits typed so far: how often the next move is made.
    count: usize,
}

impl Marks {
    /// Whether a range grows with the selection, and digits count.
    pub(crate) fn is_range(&self) -> bool {
        self.range.is_some()
    }

    pub(crate) fn is_empty(&self) -> bool {
        self.people.is_empty() && self.range.is_none()
    }

    pub(crate) fn clear(&mut self) {
        *self = Self::default();
    }

    /// Marks who is selected in `list` and moves down, begins or ends a range there, or marks
    /// everyone in `rows`.
    pub(crate) fn mark<R>(&mut self, command: Command, rows: &[R], list: &mut List)
    where
        R: Borrow<CandidateRow>,
    {
        let selected = list.selected(rows.len());
        let Some(row) = selected.and_then(|at| rows.get(at)) else {
            return;
        };
        let here = row.borrow().id;
        match command {
            Command::MarkAll => self.mark_all(rows),
            _ if self.is_range() => self.end(rows, selected),
            Command::MarkRange => self.begin(here),
            _ => {
                self.toggle(here);
                list.go(Command::Down, rows.len());
            }
        }
    }

    /// Marks one, or marks them no longer.
    fn toggle(&mut self, person: CandidateId) {
        if !self.people.remove(&person) {
            self.people.insert(person);
        }
    }

    /// Marks one no longer.
    pub(crate) fn remove(&mut self, person: CandidateId) {
        self.people.remove(&person);
    }

    fn mark_all<R: Borrow<CandidateRow>>(&mut self, rows: &[R]) {
        self.range = None;
        self.people.extend(rows.iter().map(|row| row.borrow().id));
    }

    /// A range begins here.
    fn begin(&mut self, from: CandidateId) {
        self.range = Some(Range { from, count: 0 });
    }

    /// The range ends where the selection is; who is in it stays marked.
    pub(crate) fn end<R: Borrow<CandidateRow>>(&mut self, rows: &[R], selected: Option<usize>) {
        if let Some(range) = self.rows(rows, selected) {
            let ended = rows[range].iter().map(|row| row.borrow().id);
            self.people.extend(ended);
        }
        self.range = None;
    }

    /// Another digit of the count; false where digits are no count.
    pub(crate) fn digit(&mut self, digit: u32) -> bool {
        let Some(range) = &mut self.range else {
            return false;
        };
        let count = range.count.saturating_mul(10) + digit as usize;
        range.count = count.min(MOST_COUNTED);
        true
    }

    /// How often the next move is made: the count, which is used up.
    pub(crate) fn take_count(&mut self) -> usize {
        let count = self
            .range
            .as_mut()
            .map(|range| std::mem::take(&mut range.count));
        count.unwrap_or(0).max(1)
    }

    /// Whether the row at `at` is marked.
    pub(crate) fn is_marked<R: Borrow<CandidateRow>>(
        &self,
        rows: &[R],
        selected: Option<usize>,
        at: usize,
    ) -> bool {
        let in_range = self
            .rows(rows, selected)
            .is_some_and(|range| range.contains(&at));
        in_range
            || rows
                .get(at)
                .is_some_and(|row| self.people.contains(&row.borrow().id))
    }

    /// Where in `rows` those stand who are marked.
    pub(crate) fn among<R: Borrow<CandidateRow>>(
        &self,
        rows: &[R],
        selected: Option<usize>,
    ) -> Vec<usize> {
        let range = self.rows(rows, selected);
        let marked = |at: usize, row: &R| {
            let in_range = range.as_ref().is_some_and(|range| range.contains(&at));
            in_range || self.people.contains(&row.borrow().id)
        };
        let rows = rows.iter().enumerate();
        rows.filter(|(at, row)| marked(*at, row))
            .map(|(at, _)| at)
            .collect()
    }

    /// The rows of the range.
    fn rows<R: Borrow<CandidateRow>>(
        &self,
        rows: &[R],
        selected: Option<usize>,
    ) -> Option<RangeInclusive<usize>> {
        let (range, selected) = (self.range.as_ref()?, selected?);
        let from = rows.iter().position(|row| row.borrow().id == range.from)?;
        Some(from.min(selected)..=from.max(selected))
    }
}
