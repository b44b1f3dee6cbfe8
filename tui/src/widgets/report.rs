//! A report in lines: what was found, and a line a step with its sign.
//!
//! What it is about is untrusted, and is cleaned like any text from outside.

use greenroom_protocol::status::CheckResult;
use ratatui::style::Style;
use ratatui::text::{Line, Span};

use super::text;
use crate::theme;

/// Cells of the column of steps.
const STEPS: usize = 14;

/// Lines of at most so many cells.
#[derive(Debug)]
pub(crate) struct Report {
    pub(crate) lines: Vec<Line<'static>>,
    cells: usize,
}

impl Report {
    pub(crate) fn new(cells: usize) -> Self {
        Self {
            lines: Vec::new(),
            cells,
        }
    }

    pub(crate) fn say(&mut self, words: &str, style: Style) {
        self.indented(0, words, style);
    }

    pub(crate) fn indented(&mut self, indent: usize, words: &str, style: Style) {
        let wrapped = text::wrap(words, self.cells.saturating_sub(indent));
        let lines = wrapped.into_iter().map(|line| {
            let line = format!("{}{line}", text::blanks(indent));
            Line::styled(line, style)
        });
        self.lines.extend(lines);
    }

    pub(crate) fn blank(&mut self) {
        self.lines.push(Line::default());
    }

    /// `✓ Create  a meeting was made`
    pub(crate) fn step(&mut self, name: &str, sign: &str, words: &str, style: Style) {
        let column = STEPS.min(self.cells / 3);
        let label = text::left(&format!("{sign} {name}"), column);
        let labels = std::iter::once(label).chain(std::iter::repeat(text::blanks(column)));
        let wrapped = text::wrap(words, self.cells.saturating_sub(column + 1));
        // A step without words has its line too.
        let words = if wrapped.is_empty() {
            vec![String::new()]
        } else {
            wrapped
        };
        let lines = labels.zip(words).map(|(label, words)| {
            let words = Span::raw(format!(" {words}"));
            Line::from(vec![Span::styled(label, style), words])
        });
        self.lines.extend(lines);
    }

    /// A step that was tried, and below it what to do about it.
    pub(crate) fn tried(
        &mut self,
        name: &str,
        result: CheckResult,
        message: &str,
        hint: Option<&str>,
    ) {
        let (sign, style) = match result {
            CheckResult::Ok => ("✓", theme::GOOD),
            CheckResult::Warning => ("⚠", theme::WAIT),
            CheckResult::Wrong => ("✗", theme::BAD),
        };
        self.step(name, sign, message, style);
        if let Some(hint) = hint {
            let column = STEPS.min(self.cells / 3) + 1;
            self.indented(column, hint, theme::DIM);
        }
    }

    /// Steps that were not tried yet, the first of them under way.
    pub(crate) fn awaited(&mut self, names: impl IntoIterator<Item = &'static str>) {
        let mut next = true;
        for name in names {
            let (sign, style) = match next {
                true => ("…", theme::WAIT),
                false => (" ", theme::DIM),
            };
            self.step(name, sign, "", style);
            next = false;
        }
    }
}
