//! Help: the keys that work where the person is, and those that do not work now, with the reason; and
//! the last failure again.

mod draw;

use ratatui::layout::Rect;

use crate::keys::{Command, Context, Places, TABLE};
use crate::panes::failure::Failure;
use crate::state::State;
use crate::state::event::Action;
use crate::state::pane::{Dispatch, Pane};
use crate::state::subject::{Hint, Subject};
use crate::widgets::{Canvas, List};

pub(super) static SUBJECT: Subject = Subject {
    views: &[Command::Help, Command::Messages],
    disabled_reason: |state, command| {
        let none = command == Command::Messages && state.work.failure.is_none();
        none.then_some("no errors")
    },
    dispatch,
    ..Subject::NONE
};

/// The keys that work where one was.
#[derive(Debug, Default)]
pub(crate) struct Help(List);

impl Pane for Help {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Reading)
    }

    fn draw(&self, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        draw::draw(state, &self.0, canvas, area);
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            let help = state.panes.top_as_mut::<Self>()?;
            help.0.go(command, TABLE.len()).then(Vec::new)
        }
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        (command == Command::Help).then_some(Hint::Words("close"))
    }

    fn is_about_what_lies_below(&self) -> bool {
        true
    }
}

fn dispatch(state: &mut State, command: Command) -> Vec<Action> {
    if command == Command::Messages {
        if let Some(failure) = state.work.failure.clone() {
            state.panes.push(Failure(failure));
        }
        return Vec::new();
    }
    // Shows the help, or closes it: there is one at a time.
    let open = state.panes.top_as::<Help>().is_some();
    state.panes.remove::<Help>(|_| true);
    if !open {
        state.panes.push(Help::default());
    }
    Vec::new()
}
