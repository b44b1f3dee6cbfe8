//! A selection in a list of rows.
//!
//! Owns which row is selected and how far the list is scrolled. Invariant: the selected row is
//! visible, and the list scrolls only as far as that needs. The scroll is the one thing drawing
//! remembers, since only drawing knows how many rows there are.

use std::cell::Cell;
use std::ops::Range;

use crate::keys::Command;

/// A selected row and a scroll.
#[derive(Clone, Debug, Default)]
pub(crate) struct List {
    selected: usize,
    offset: Cell<usize>,
    page: Cell<usize>,
}

impl List {
    /// The selected row, of `len`.
    pub(crate) fn selected(&self, len: usize) -> Option<usize> {
        Some(self.selected.min(len.checked_sub(1)?))
    }

    /// Selects a row.
    pub(crate) fn select(&mut self, row: usize) {
        self.selected = row;
    }

    /// Moves by a command; false when the command does not move in a list.
    pub(crate) fn go(&mut self, command: Command, len: usize) -> bool {
        let now = self.selected(len).unwrap_or(0);
        let last = len.saturating_sub(1);
        let page = self.page.get().saturating_sub(1).max(1);
        self.selected = match command {
            Command::Up => now.saturating_sub(1),
            Command::Down => (now + 1).min(last),
            Command::First => 0,
            Command::Last => last,
            Command::PageUp => now.saturating_sub(page),
            Command::PageDown => (now + page).min(last),
            _ => return false,
        };
        true
    }

    /// The rows to draw in a space of `height`.
    pub(crate) fn visible(&self, len: usize, height: u16) -> Range<usize> {
        let height = usize::from(height).max(1);
        let selected = self.selected(len).unwrap_or(0);
        let lowest = (selected + 1).saturating_sub(height);
        let offset = self
            .offset
            .get()
            .clamp(lowest, selected)
            .min(len.saturating_sub(height));
        self.offset.set(offset);
        self.page.set(height);
        offset..len.min(offset + height)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_list_scrolls_only_as_far_as_the_selection_needs() {
        let mut list = List::default();
        assert_eq!(list.visible(10, 4), 0..4);
        for _ in 0..4 {
            list.go(Command::Down, 10);
        }
        assert_eq!(list.visible(10, 4), 1..5);
        list.go(Command::Up, 10);
        assert_eq!(list.visible(10, 4), 1..5);
        list.go(Command::Last, 10);
        assert_eq!(list.visible(10, 4), 6..10);
    }

    #[test]
    fn a_list_that_shrinks_keeps_a_row_selected() {
        let mut list = List::default();
        list.select(7);
        assert_eq!(list.selected(3), Some(2));
        assert_eq!(list.visible(3, 5), 0..3);
        assert_eq!(list.selected(0), None);
        assert_eq!(list.visible(0, 5), 0..0);
    }
}
