//! A form on the screen: fields, what else it knows, why it was refused, and its button.

use ratatui::layout::Rect;
use ratatui::style::Style;

use super::{Extra, Form, Kind};
use crate::state::State;
use crate::theme;
use crate::widgets::{Canvas, below, row, rows, text};

/// Widest a form gets.
const WIDTH: u16 = 78;

impl Form {
    pub(crate) fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let cells = usize::from(WIDTH.min(area.width).saturating_sub(4));
        let extra = match &self.extra {
            Extra::None => 0,
            Extra::Plan(plan) => plan.height(),
            Extra::Words(words) => u16::try_from(wrapped(words, cells).len()).unwrap_or(0),
            Extra::Import(import) => import.height(),
            Extra::Letter(letter) => letter.height(),
        };
        let failure = self.failure_lines(cells);
        let failed = u16::try_from(failure.len()).unwrap_or(0);
        let wanted = self.sheet.height(WIDTH.min(area.width).saturating_sub(4));
        let height = (wanted + extra + failed + 6).min(area.height);
        let inside = canvas.float(area, WIDTH, height, &self.title);
        let inside = below(inside, u16::from(inside.height > wanted + 3));
        let last = row(inside, inside.height.saturating_sub(1));
        let esc = match self.key.kind {
            Kind::Setup => "ctrl-c quits",
            // What would be kept is the interview, and not only the form.
            Kind::Cancel => "Esc: don't change",
            _ => "Esc close (draft kept)",
        };
        self.sheet.draw_button(canvas, last, self.button, esc);
        let body = Rect {
            height: inside.height.saturating_sub(2),
            ..inside
        };
        let foot = failed.min(body.height / 2);
        let fields = Rect {
            height: body.height - foot,
            ..body
        };
        let taken = wanted.min(fields.height);
        let rest = below(fields, taken + 1);
        match &self.extra {
            Extra::None => {}
            Extra::Plan(plan) => plan.draw(state, &self.sheet, canvas, rest),
            Extra::Words(words) => {
                for (place, (line, style)) in rows(rest).zip(wrapped(words, cells)) {
                    canvas.text(place, &line, style);
                }
            }
            Extra::Import(import) => import.draw(canvas, rest),
            Extra::Letter(letter) => letter.draw(canvas, rest),
        }
        for (place, (words, style)) in rows(below(body, body.height - foot)).zip(&failure) {
            canvas.text(place, words, *style);
        }
        // Last, so that a list hanging from a field lies over everything.
        self.sheet.draw(canvas, fields);
    }

    fn failure_lines(&self, cells: usize) -> Vec<(String, Style)> {
        let Some(error) = &self.failure else {
            return Vec::new();
        };
        let message = text::wrap(&format!("✗ {}", error.message), cells);
        let hint = error.hint.iter().flat_map(|hint| text::wrap(hint, cells));
        let message = message.into_iter().map(|line| (line, theme::BAD));
        message
            .chain(hint.map(|line| (line, theme::PLAIN)))
            .collect()
    }
}

fn wrapped(words: &[(String, Style)], cells: usize) -> Vec<(String, Style)> {
    let lines = words.iter().map(|(words, style)| {
        let lines = text::wrap(words, cells).into_iter();
        lines.map(move |line| (line, *style))
    });
    lines.flatten().collect()
}
