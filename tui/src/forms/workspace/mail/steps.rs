//! What has to be allowed and done before email can be set up, under the form's fields.

use greenroom_protocol::mail_settings::MailDiscovered;
use ratatui::layout::Rect;

use crate::keys::Command;
use crate::theme;
use crate::widgets::{Canvas, Scroll, below, row, rows, text};

/// The most rows they are shown in; where the window is low, fewer.
const SHOWN: u16 = 10;

/// By whom, and what.
#[derive(Debug, Default)]
pub(super) struct Steps {
    parts: Vec<(&'static str, Vec<String>)>,
    scroll: Scroll,
}

impl Steps {
    pub(super) fn of(found: &MailDiscovered) -> Self {
        let parts = [
            ("What your email admin has to allow", &found.admin_steps),
            ("What you do first", &found.own_steps),
        ];
        let parts = parts.into_iter().filter(|(_, steps)| !steps.is_empty());
        Self {
            parts: parts.map(|(by, steps)| (by, steps.clone())).collect(),
            scroll: Scroll::default(),
        }
    }

    /// Scrolls them; false when the command does not.
    pub(super) fn scroll(&mut self, command: Command) -> bool {
        let is_page = matches!(command, Command::PageUp | Command::PageDown);
        is_page && self.scroll.go(command)
    }

    /// Rows they take, `cells` wide.
    pub(super) fn rows(&self, cells: usize) -> u16 {
        match u16::try_from(self.lines(cells).len()).unwrap_or(SHOWN) {
            0 => 0,
            lines => lines.min(SHOWN) + 2,
        }
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let lines = self.lines(usize::from(area.width));
        if lines.is_empty() || area.height < 2 {
            return;
        }
        canvas.rule(row(area, 0));
        let body = below(area, 1);
        let visible = self.scroll.visible(lines.len(), body.height);
        let more = match self.scroll.rest() {
            "" => String::new(),
            rest => format!(" pageup, pagedown: {rest}"),
        };
        canvas.text_right(row(area, 0), &more, theme::DIM);
        for (place, (words, is_heading)) in rows(body).zip(lines.iter().skip(visible.start)) {
            let style = if *is_heading {
                theme::STRONG
            } else {
                theme::PLAIN
            };
            canvas.text(place, words, style);
        }
    }

    /// Each line, and whether it is a heading.
    fn lines(&self, cells: usize) -> Vec<(String, bool)> {
        let mut lines = Vec::new();
        for (by, steps) in &self.parts {
            lines.push(((*by).to_owned(), true));
            for step in steps {
                let wrapped = text::wrap(step, cells.saturating_sub(2));
                let signs = std::iter::once("· ").chain(std::iter::repeat("  "));
                let each = signs.zip(wrapped);
                lines.extend(each.map(|(sign, line)| (format!("{sign}{line}"), false)));
            }
        }
        lines
    }
}
