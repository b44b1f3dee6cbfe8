//! The place kept for the assistant.

use ratatui::layout::Rect;

use crate::keys::{Characters, Command, Context, Places};
use crate::state::State;
use crate::state::pane::{ConnectHint, Pane};
use crate::widgets::{Canvas, draw_empty};

/// The screen.
#[derive(Debug)]
pub(crate) struct Assistant;

impl Pane for Assistant {
    fn places(&self, _: &State) -> Places {
        Places::new(vec![Context::Everywhere], Characters::Commands)
    }

    fn draw(&self, _: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw_empty(
            canvas,
            area,
            "Here you will ask Robin to schedule interviews in your own words. Not available yet.",
            "Until then, press n on a candidate to schedule an interview.",
        );
    }

    fn disabled_reason(&self, _: &State, command: Command) -> Option<&'static str> {
        match command {
            Command::Enter => Some("the assistant is not available yet"),
            Command::Back => Some("already at the top level"),
            _ => None,
        }
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Urgent
    }
}
