//! Which stage and which candidate are selected on a job's board.

use greenroom_protocol::id::{JobId, StageId};
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{CandidateRow, Job, Stage};

use crate::keys::Command;
use crate::widgets::List;

/// Where a person is on the board.
#[derive(Debug, Default)]
pub(crate) struct PipelineView {
    /// The job that was chosen; `None`: the first open one.
    pub(crate) job: Option<JobId>,
    pub(crate) column: usize,
    pub(crate) lists: Vec<List>,
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

    /// Moves on the board.
    pub(crate) fn go(&mut self, command: Command, job: &Job, board: &Page<CandidateRow>) -> bool {
        let last = job.stages.len().saturating_sub(1);
        self.lists.resize_with(job.stages.len(), List::default);
        self.column = self.column.min(last);
        match command {
            Command::Left | Command::PreviousPane => self.column = self.column.saturating_sub(1),
            Command::Right | Command::NextPane => self.column = (self.column + 1).min(last),
            _ => {
                let Some(stage) = self.stage(job) else {
                    return false;
                };
                let len = cards(board, stage).count();
                let column = self.column;
                return self
                    .lists
                    .get_mut(column)
                    .is_some_and(|list| list.go(command, len));
            }
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
