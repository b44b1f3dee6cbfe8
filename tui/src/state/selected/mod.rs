//! What is selected on each screen.
//!
//! A view owns a selection and a scroll, never a record. They are here because others than their
//! screen ask what is selected: keys act on it.

mod assistant;
mod candidates;
mod chosen;
mod filters;
mod interviews;
mod marks;
mod pipeline;
mod settings;
mod today;

pub(crate) use assistant::{
    AssistantRow, AssistantView, RowId, Standing, assistant_rows, standing,
};
pub(crate) use candidates::CandidatesView;
pub(crate) use filters::{Filters, Wanted};
pub(crate) use interviews::{Elsewhere, Form, InterviewsView, plus_days};
pub(crate) use pipeline::{PipelineView, cards};
pub(crate) use settings::{Row, SettingsView, row_of, selectable};
pub(crate) use today::{TodayRow, TodayView, today_rows};
