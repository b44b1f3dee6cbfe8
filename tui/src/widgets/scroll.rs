//! How far something to be read is scrolled.
//!
//! Owns the first line that is shown. The lines there are and the rows there is room for are what
//! drawing remembers of them.

use std::cell::Cell;
use std::ops::Range;

use crate::keys::Command;

/// A scroll over lines.
#[derive(Clone, Debug, Default)]
pub(crate) struct Scroll {
    from: usize,
    lines: Cell<usize>,
    rows: Cell<usize>,
}

impl Scroll {
    /// Scrolls by a command; false when it does not scroll.
    pub(crate) fn go(&mut self, command: Command) -> bool {
        let last = self.lines.get().saturating_sub(self.rows.get());
        let page = self.rows.get().saturating_sub(1).max(1);
        let now = self.from.min(last);
        self.from = match command {
            Command::Up => now.saturating_sub(1),
            Command::Down => now + 1,
            Command::First => 0,
            Command::Last => last,
            Command::PageUp => now.saturating_sub(page),
            Command::PageDown => now + page,
            _ => return false,
        }
        .min(last);
        true
    }

    /// The lines to draw, of `lines`, in `rows` rows.
    pub(crate) fn visible(&self, lines: usize, rows: u16) -> Range<usize> {
        let rows = usize::from(rows);
        self.lines.set(lines);
        self.rows.set(rows);
        let from = self.from.min(lines.saturating_sub(rows));
        from..lines.min(from + rows)
    }

    /// Where the rest is, after [`visible`](Self::visible): nothing when all is shown.
    pub(crate) fn rest(&self) -> &'static str {
        let last = self.lines.get().saturating_sub(self.rows.get());
        match (self.from.min(last) > 0, self.from < last) {
            (false, true) => "↓ more",
            (true, true) => "↑↓ more",
            (true, false) => "↑ more",
            (false, false) => "",
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_scroll_ends_at_the_last_line() {
        let mut scroll = Scroll::default();
        assert_eq!(scroll.visible(10, 4), 0..4);
        assert_eq!(scroll.rest(), "↓ more");
        for _ in 0..9 {
            scroll.go(Command::PageDown);
        }
        assert_eq!(scroll.visible(10, 4), 6..10);
        assert_eq!(scroll.rest(), "↑ more");
        scroll.go(Command::Up);
        assert_eq!(scroll.visible(10, 4), 5..9);
        assert_eq!(scroll.visible(3, 4), 0..3, "the text became shorter");
        assert!(!scroll.go(Command::Enter));
    }
}
