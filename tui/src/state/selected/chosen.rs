//! Whom a key acts on: everyone marked on the screen that is shown, or who is selected there.
//!
//! Owns which screen's marks count. Invariant: with a candidate open, only that one is chosen, and
//! nobody is marked behind them.

use greenroom_protocol::id::CandidateId;
use greenroom_protocol::pipeline::CandidateRow;

use super::marks::Marks;
use crate::keys::Command;
use crate::state::{Screen, State};

impl State {
    /// Those whom a key acts on: everyone marked, or who is selected.
    pub(crate) fn candidates_chosen(&self) -> Vec<&CandidateRow> {
        let is_open = self.pane_below_help().candidate().is_some();
        if !is_open && self.marks().is_some_and(|marks| !marks.is_empty()) {
            return self.candidates_marked();
        }
        let Some((id, _)) = self.candidate_selected() else {
            return Vec::new();
        };
        let rows = match self.screen {
            Screen::Candidates => self.cache.candidates.latest().map(|page| &page.items),
            Screen::Pipeline => self.cache.board.latest().map(|page| &page.items),
            _ => None,
        };
        rows.into_iter()
            .flatten()
            .filter(|row| row.id == id)
            .collect()
    }

    /// Everyone marked on the screen that is shown, in its order.
    pub(crate) fn candidates_marked(&self) -> Vec<&CandidateRow> {
        match self.screen {
            Screen::Candidates => {
                let page = self.cache.candidates.latest();
                page.map(|page| self.candidates.marked(page))
            }
            Screen::Pipeline => {
                let board = self.job_shown().zip(self.cache.board.latest());
                board.map(|(job, board)| self.pipeline.marked(job, board))
            }
            _ => None,
        }
        .unwrap_or_default()
    }

    /// The marks of the screen that is shown; `None` where nobody can be marked.
    pub(crate) fn marks(&self) -> Option<&Marks> {
        match self.screen {
            Screen::Candidates => Some(&self.candidates.marks),
            Screen::Pipeline => Some(&self.pipeline.marks),
            _ => None,
        }
    }

    /// The same, to change them.
    pub(crate) fn marks_mut(&mut self) -> Option<&mut Marks> {
        match self.screen {
            Screen::Candidates => Some(&mut self.candidates.marks),
            Screen::Pipeline => Some(&mut self.pipeline.marks),
            _ => None,
        }
    }

    /// Marks who is selected, a range from there, or everyone in the list or the stage.
    pub(crate) fn mark(&mut self, command: Command) {
        match self.screen {
            Screen::Candidates => {
                if let Some(page) = self.cache.candidates.latest() {
                    self.candidates.mark(command, page);
                }
            }
            Screen::Pipeline => {
                let job = self.job_shown().cloned();
                if let (Some(job), Some(board)) = (job, self.cache.board.latest()) {
                    self.pipeline.mark(command, &job, board);
                }
            }
            _ => {}
        }
    }

    /// Ends a range: who is in it stays marked, wherever the selection goes.
    pub(crate) fn settle_marks(&mut self) {
        match self.screen {
            Screen::Candidates => {
                let page = self.cache.candidates.latest();
                self.candidates.settle_marks(page);
            }
            Screen::Pipeline => {
                let job = self.job_shown().cloned();
                if let (Some(job), Some(board)) = (job, self.cache.board.latest()) {
                    self.pipeline.settle_marks(&job, board);
                }
            }
            _ => {}
        }
    }

    /// Marks one no longer, on whatever screen they were marked.
    pub(crate) fn unmark(&mut self, person: CandidateId) {
        self.candidates.marks.remove(person);
        self.pipeline.marks.remove(person);
    }

    /// Marks nobody any longer: what they were marked for is done.
    pub(crate) fn clear_marks(&mut self) {
        self.candidates.marks.clear();
        self.pipeline.marks.clear();
    }
}
