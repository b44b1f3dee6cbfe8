//! Emails as they would be written, which nobody has asked to send: those of a booking that is
//! being filled in, or of words that are being chosen.

use greenroom_protocol::mail::Written;
use ratatui::layout::Rect;
use ratatui::text::Line;

use super::email_preview::{labelled, page, written};
use crate::keys::{Command, Context, Places};
use crate::state::State;
use crate::state::pane::{Dispatch, Pane};
use crate::theme;
use crate::widgets::{Canvas, Scroll};

/// Emails, and which of them is read how far.
#[derive(Debug)]
pub(crate) struct Letters {
    letters: Vec<Written>,
    /// What to know about all of them.
    note: Option<String>,
    at: usize,
    scroll: Scroll,
}

impl Letters {
    pub(crate) fn new(letters: Vec<Written>, note: Option<String>) -> Self {
        Self {
            letters,
            note,
            at: 0,
            scroll: Scroll::default(),
        }
    }

    fn lines(&self, cells: usize) -> Vec<Line<'static>> {
        let mut lines = Vec::new();
        if let Some(note) = &self.note {
            labelled(&mut lines, "Note", note, theme::WAIT, cells);
        }
        let count = self.letters.len();
        if count > 1 {
            let which = format!("{} of {count}", self.at + 1);
            labelled(&mut lines, "Email", &which, theme::PLAIN, cells);
        }
        if let Some(letter) = self.letters.get(self.at) {
            written(&mut lines, letter, cells);
        }
        lines
    }
}

impl Pane for Letters {
    fn places(&self, _: &State) -> Places {
        Places::over_screen(Context::Reading)
    }

    fn draw(&self, _: &State, canvas: &mut Canvas<'_>, area: Rect) {
        let several = self.letters.len() > 1;
        let lines = |cells| self.lines(cells);
        page(canvas, area, "Email preview", &self.scroll, several, lines);
    }

    fn dispatch(&self) -> Dispatch {
        |state, command| {
            let pane = state.panes.top_as_mut::<Self>()?;
            let last = pane.letters.len().saturating_sub(1);
            match command {
                Command::Left => pane.at = pane.at.saturating_sub(1),
                Command::Right => pane.at = (pane.at + 1).min(last),
                command => return pane.scroll.go(command).then(Vec::new),
            }
            pane.scroll = Scroll::default();
            Some(Vec::new())
        }
    }
}
