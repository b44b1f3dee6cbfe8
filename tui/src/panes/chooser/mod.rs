//! Choosing one of a list: a stage to move to, a job, a workspace, a zone.

use crossterm::event::KeyEvent;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::pipeline::CandidateMove;
use ratatui::layout::Rect;

use crate::keys::Command;
use crate::widgets::{Canvas, Pick, Select};

/// What the choice is for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum For {
    /// Move a candidate to the stage.
    Move(Moving),
    Job,
    /// Mend what differs between this interview and Zoom.
    Repair(InterviewId),
    Workspace,
    Zone,
}

/// A candidate who is to be moved.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Moving {
    /// The call, all but the stage.
    pub(crate) to: CandidateMove,
    pub(crate) name: String,
    /// The value of the stage they are in; empty where it is not among the choices.
    pub(crate) from: String,
}

/// A list to choose from.
#[derive(Debug)]
pub(crate) struct Chooser {
    pub(crate) title: String,
    pub(crate) choice: For,
    select: Select,
    len: usize,
}

impl Chooser {
    pub(crate) fn new(title: String, choice: For, picks: Vec<Pick>, value: Option<&str>) -> Self {
        let len = picks.len();
        let mut select = Select::new(picks, value);
        select.open();
        Self {
            title,
            choice,
            select,
            len,
        }
    }

    pub(crate) fn key(&mut self, key: KeyEvent) -> bool {
        self.select.key(key)
    }

    pub(crate) fn paste(&mut self, pasted: &str) {
        self.select.paste(pasted);
    }

    pub(crate) fn go(&mut self, command: Command) -> bool {
        self.select.go(command)
    }

    /// Takes the selected one; nothing when nothing matches what was typed.
    pub(crate) fn take(&mut self) -> Option<Pick> {
        let taken = self.select.take();
        self.select.chosen().filter(|_| taken).cloned()
    }

    pub(super) fn draw(&self, canvas: &mut Canvas<'_>, area: Rect) {
        let height = u16::try_from(self.len)
            .unwrap_or(u16::MAX)
            .saturating_add(4)
            .min(18);
        let inside = canvas.float(area, 54, height, &self.title);
        self.select.draw_list(canvas, inside);
    }
}
