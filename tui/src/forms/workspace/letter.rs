//! An email as its reader will get it, under the fields of the form that sends it.

use ratatui::layout::Rect;

use crate::keys::Command;
use crate::theme;
use crate::widgets::{Canvas, below, row, rows, text};

/// The rows it is shown in, where there is room.
const SHOWN: u16 = 9;

/// Lines a page key scrolls, and the most that are shown.
const STEP: usize = 7;
const MOST_LINES: usize = 200;

/// Subject and text, once they are known.
#[derive(Debug, Default)]
pub(super) struct Letter {
    written: Option<(String, String)>,
    /// The first line that is shown, as far as there are as many.
    from: usize,
}

impl Letter {
    pub(super) fn set(&mut self, subject: &str, text: &str) {
        self.written = Some((subject.to_owned(), text.to_owned()));
    }

    /// Scrolls it; false when the command does not.
    pub(super) fn scroll(&mut self, command: Command) -> bool {
        self.from = match command {
            Command::PageUp => self.from.saturating_sub(STEP),
            Command::PageDown => (self.from + STEP).min(MOST_LINES),
            _ => return false,
        };
        true
    }

    /// Rows it takes.
    pub(super) fn rows() -> u16 {
        SHOWN + 2
    }

    fn lines(&self, cells: usize) -> Vec<String> {
        let Some((subject, text)) = &self.written else {
            return Vec::new();
        };
        let whole = subject.lines().chain([""]).chain(text.lines());
        // A line that fits keeps its columns.
        let lines = whole.flat_map(|line| match text::width(line) <= cells {
            true => vec![text::clean(line)],
            false => text::wrap(line, cells),
        });
        lines.take(MOST_LINES).collect()
    }

    /// Draws it; `reader` says whose eyes it is for.
    pub(super) fn draw(&self, reader: &str, canvas: &mut Canvas<'_>, area: Rect) {
        if area.height < 3 {
            return;
        }
        let words = format!("{reader} will read: ");
        canvas.rule(row(area, 0));
        canvas.text(row(area, 0), &words, theme::DIM);
        let lines = self.lines(usize::from(area.width));
        let body = below(area, 1);
        let last = lines.len().saturating_sub(usize::from(body.height));
        let from = self.from.min(last);
        let more = match (from > 0, from < last) {
            (false, true) => " pagedown: more",
            (true, true) => " pageup, pagedown: more",
            (true, false) => " pageup: back",
            (false, false) => "",
        };
        canvas.text_right(row(area, 0), more, theme::DIM);
        for (line, words) in rows(body).zip(lines.iter().skip(from)) {
            canvas.text(line, words, theme::PLAIN);
        }
    }
}
