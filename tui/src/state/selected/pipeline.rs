//! Which stage and which candidate are selected on a job's board.

use greenroom_protocol::id::{JobId, StageId};
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{CandidateRow, Job, Stage};

use super::marks::Marks;
use crate::keys::Command;
use crate::widgets::List;

/// Where a person is on the board.
#[derive(Debug, Default)]
pub(crate) struct PipelineView {
    /// The job that was chosen; `None`: the first open one.
    pub(crate) job: Option<JobId>,
    pub(crate) column: usize,
    pub(crate) lists: Vec<List>,
    /// Who is marked, in whatever stage; a range stays in the stage it began in.
    pub(crate) marks: Marks,
}

impl PipelineView {
    /// Shows another job's board.
    pub(crate) fn show(&mut self, job: JobId) {
        *self = Self {
            job: Some(job),
            ..Self::default()
        };
    }

    /// Shows a job's board with that stage selected.
    pub(crate) fn show_stage(&mut self, job: &Job, stage: StageId) {
        self.show(job.id);
        self.lists.resize_with(job.stages.len(), List::default);
        let column = job.stages.iter().position(|it| it.id == stage);
        self.column = column.unwrap_or(0);
    }

    /// The selected stage.
    pub(crate) fn stage<'a>(&self, job: &'a Job) -> Option<&'a Stage> {
        job.stages
            .get(self.column.min(job.stages.len().checked_sub(1)?))
    }

    /// The selected candidate.
    pub(crate) fn selected<'a>(
        &self,
        job: &Job,
        board: &'a Page<CandidateRow>,
    ) -> Option<&'a CandidateRow> {
        let cards: Vec<_> = cards(board, self.stage(job)?).collect();
        let list = self.lists.get(self.column)?;
        cards.get(list.selected(cards.len())?).copied()
    }

    /// Which card of the stage in this column the selection is on; `None` in any other column.
    pub(crate) fn place(&self, column: usize, len: usize) -> Option<usize> {
        let list = self.lists.get(column).filter(|_| column == self.column)?;
        list.selected(len)
    }

    /// Everyone who is marked, stage by stage.
    pub(crate) fn marked<'a>(
        &self,
        job: &Job,
        board: &'a Page<CandidateRow>,
    ) -> Vec<&'a CandidateRow> {
        let mut marked = Vec::new();
        for (column, stage) in job.stages.iter().enumerate() {
            let cards: Vec<_> = cards(board, stage).collect();
            let selected = self.place(column, cards.len());
            let places = self.marks.among(&cards, selected).into_iter();
            marked.extend(places.map(|at| cards[at]));
        }
        marked
    }

    /// Marks who is selected, a range from there, or everyone in the stage.
    pub(crate) fn mark(&mut self, command: Command, job: &Job, board: &Page<CandidateRow>) {
        let Some(stage) = self.stage(job) else { return };
        let cards: Vec<_> = cards(board, stage).collect();
        if let Some(list) = self.lists.get_mut(self.column) {
            self.marks.mark(command, &cards, list);
        }
    }

    /// Ends a range: who is in it stays marked, wherever the selection goes.
    pub(crate) fn settle_marks(&mut self, job: &Job, board: &Page<CandidateRow>) {
        let Some(stage) = self.stage(job) else { return };
        let cards: Vec<_> = cards(board, stage).collect();
        let selected = self.place(self.column, cards.len());
        self.marks.end(&cards, selected);
    }

    /// Moves on the board.
    pub(crate) fn go(&mut self, command: Command, job: &Job, board: &Page<CandidateRow>) -> bool {
        let last = job.stages.len().saturating_sub(1);
        self.lists.resize_with(job.stages.len(), List::default);
        self.column = self.column.min(last);
        let count = self.marks.take_count();
        let column = match command {
            Command::Left | Command::PreviousPane => self.column.saturating_sub(count),
            Command::Right | Command::NextPane => (self.column + count).min(last),
            _ => {
                let Some(stage) = self.stage(job) else {
                    return false;
                };
                let len = cards(board, stage).count();
                let list = self.lists.get_mut(self.column);
                return list.is_some_and(|list| (0..count).all(|_| list.go(command, len)));
            }
        };
        if column != self.column {
            self.settle_marks(job, board);
            self.column = column;
        }
        true
    }

    /// Selects the first stage that has candidates, when a board is first seen.
    pub(crate) fn settle(&mut self, job: &Job, board: &Page<CandidateRow>) {
        if self.lists.len() == job.stages.len() {
            return;
        }
        self.lists.resize_with(job.stages.len(), List::default);
        let busy = job
            .stages
            .iter()
            .position(|stage| cards(board, stage).next().is_some());
        self.column = busy.unwrap_or(0);
    }
}

/// A stage's candidates, those longest in it first.
pub(crate) fn cards<'a>(
    board: &'a Page<CandidateRow>,
    stage: &Stage,
) -> impl Iterator<Item = &'a CandidateRow> {
    let stage = stage.id;
    let here = move |row: &&CandidateRow| {
        row.application
            .as_ref()
            .is_some_and(|application| application.stage == stage)
    };
    let mut cards: Vec<_> = board.items.iter().filter(here).collect();
    cards.sort_by_key(|row| {
        row.application
            .as_ref()
            .map(|application| application.since)
    });
    cards.into_iter()
}
