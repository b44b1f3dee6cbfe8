//! Choosing one of a list: a stage to move to, a job, a workspace, a zone.
//!
//! The pane that asks says what happens with the choice.

use std::fmt;

use crossterm::event::KeyEvent;
use ratatui::layout::Rect;

use crate::keys::{Command, Context, Places};
use crate::state::State;
use crate::state::event::Action;
use crate::state::pane::{Dispatch, Pane};
use crate::state::subject::Hint;
use crate::widgets::{Canvas, Pick, Select};

type OnChosen = Box<dyn FnOnce(&mut State, &Pick) -> Vec<Action>>;

/// A list to choose from.
pub(crate) struct Chooser {
    title: String,
    select: Select,
    len: usize,
    on_chosen: OnChosen,
}

impl Chooser {
    /// A list of `picks` that opens on `value`.
    pub(crate) fn new(
        title: String,
        picks: Vec<Pick>,
        value: Option<&str>,
        on_chosen: impl FnOnce(&mut State, &Pick) -> Vec<Action> + 'static,
    ) -> Self {
        let len = picks.len();
        let mut select = Select::new(picks, value);
        select.open();
        Self {
            title,
            select,
            len,
            on_chosen: Box::new(on_chosen),
        }
    }
}

impl fmt::Debug for Chooser {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        f.debug_struct("Chooser")
            .field("title", &self.title)
            .finish_non_exhaustive()
    }
}

impl Pane for Chooser {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Chooser)
    }

    fn draw(&self, _: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let height = u16::try_from(self.len)
            .unwrap_or(u16::MAX)
            .saturating_add(4)
            .min(18);
        let inside = canvas.float(area, 54, height, &self.title);
        self.select.draw_list(canvas, inside);
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            if command == Command::Enter {
                return Some(choose(state));
            }
            let chooser = state.panes.top_as_mut::<Self>()?;
            chooser.select.go(command).then(Vec::new)
        }
    }

    fn hint(&self, _: &State, command: Command) -> Option<Hint> {
        (command == Command::Enter).then_some(Hint::Words("choose"))
    }

    fn key(&mut self, key: KeyEvent) -> bool {
        self.select.key(key)
    }

    fn paste(&self) -> fn(&mut State, &str) -> Vec<Action> {
        |state, pasted| {
            if let Some(chooser) = state.panes.top_as_mut::<Self>() {
                chooser.select.paste(pasted);
            }
            Vec::new()
        }
    }
}

/// Takes the selected one; nothing where nothing matches what was typed.
fn choose(state: &mut State) -> Vec<Action> {
    let Some(chooser) = state.panes.top_as_mut::<Chooser>() else {
        return Vec::new();
    };
    let taken = chooser.select.take();
    let Some(pick) = chooser.select.chosen().filter(|_| taken).cloned() else {
        return Vec::new();
    };
    match state.panes.pop_as::<Chooser>() {
        Some(chooser) => (chooser.on_chosen)(state, &pick),
        None => Vec::new(),
    }
}
