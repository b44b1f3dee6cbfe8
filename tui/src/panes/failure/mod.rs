//! A failure, until it is read.
//!
//! Invariant: every failure the person caused is seen: beside a field, in the pane it is about, or
//! here.

use greenroom_protocol::{Error, ErrorKind};
use ratatui::layout::Rect;

use crate::keys::{Context, Places};
use crate::state::State;
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Pane};
use crate::theme;
use crate::widgets::{Canvas, below, row, text};
use crate::wording::remedy::remedy;

/// What failed and why, then what to do.
#[derive(Debug)]
pub(crate) struct Failure(pub(crate) Error);

/// Shows a failure until it is read, and stores it to be read again.
pub(crate) fn fail(state: &mut State, error: Error) -> Vec<Action> {
    if error.kind == ErrorKind::Failed {
        // The daemon may have learned that something is wrong with itself.
        state.cache.status.invalidate();
    }
    state.work.failure = Some(error.clone());
    state.panes.push(Failure(error));
    Vec::new()
}

impl Pane for Failure {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Reading)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let error = &self.0;
        let rows = |words: &str| text::wrap(words, 62).len();
        let hint = remedy(state, error);
        let hint_rows = hint.as_deref().map_or(0, rows).max(2);
        let words = rows(&error.message) + error.matches.len() + hint_rows;
        let height = u16::try_from(words).unwrap_or(10) + 5;
        let inside = canvas.float(area, 66, height, "Something went wrong");
        let last = row(inside, inside.height.saturating_sub(1));
        let body = Rect {
            height: inside.height.saturating_sub(1),
            ..inside
        };
        let gap = u16::from(inside.height > 5);
        let taken = canvas.paragraph(below(body, gap), &error.message, theme::BAD);
        let mut rest = below(body, taken + 2 * gap);
        for line in &error.matches {
            canvas.text(row(rest, 0), &format!("  {line}"), theme::PLAIN);
            rest = below(rest, 1);
        }
        if let Some(hint) = &hint {
            canvas.paragraph(rest, hint, theme::PLAIN);
        }
        canvas.text_right(last, "Esc close", theme::DIM);
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Stuck
    }
}
