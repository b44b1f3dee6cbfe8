//! The screen of today: what is next, until the end of tomorrow.
//!
//! Owns what Enter does on a row. What a key does to an interview is the interview's own subject.

mod draw;
#[cfg(test)]
mod tests;

use greenroom_protocol::id::MemberId;
use ratatui::layout::Rect;

use crate::keys::{Command, Context, Places};
use crate::panes::interview::Interview;
use crate::state::State;
use crate::state::event::Action;
use crate::state::pane::{ConnectHint, Dispatch, Pane};
use crate::state::queries::Need;
use crate::widgets::Canvas;

/// The screen.
#[derive(Debug)]
pub(crate) struct Today;

impl Pane for Today {
    fn places(&self, _: &State) -> Places {
        Places::on_screen(Context::Today)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(state, canvas, area);
    }

    fn subscriptions(&self, _: &State) -> Vec<Need> {
        // Whose Zoom hosts nothing now is said beside the interview.
        vec![Need::Coming(()), Need::Connections(())]
    }

    fn dispatch(&self) -> Dispatch {
        in_screen
    }

    fn disabled_reason(&self, state: &State, command: Command) -> Option<&'static str> {
        match command {
            Command::Enter if state.interview_selected().is_none() => Some("nothing selected"),
            Command::Back => Some("already at the top level"),
            _ => None,
        }
    }

    fn hints_at_connect(&self, _: &State) -> ConnectHint {
        ConnectHint::Urgent
    }

    fn host(&self, state: &State) -> Option<MemberId> {
        state.host_of_selected()
    }
}

fn in_screen(state: &mut State, command: Command) -> Option<Vec<Action>> {
    if command == Command::Enter {
        if let Some(id) = state.interview_selected().map(|it| it.id) {
            state.panes.push(Interview::new(id));
        }
        return Some(Vec::new());
    }
    let moved = state.today.after(state, command)?;
    state.today.select(moved);
    Some(Vec::new())
}
