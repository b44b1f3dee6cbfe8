//! The same done to many candidates at once. Each stands or falls alone, and the answer says what
//! became of each, in the order asked.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{ApplicationState, StateAction};
use crate::Error;
use crate::id::{ApplicationId, InterviewId, MailId, StageId};
use crate::mail::Written;
use crate::template::TemplateName;
use crate::time::Instant;

/// The most candidates of one call.
pub const MOST_AT_ONCE: usize = 500;

/// One candidate of many.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OneOfMany {
    /// Who, by reference (a candidate or an application).
    pub candidate: String,
    /// Refused when the application has another revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
}

impl<T: Into<String>> From<T> for OneOfMany {
    fn from(candidate: T) -> Self {
        Self {
            candidate: candidate.into(),
            expected_revision: None,
        }
    }
}

/// Moves many candidates to one stage.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateMoveMany {
    /// Who, at most 500.
    pub candidates: Vec<OneOfMany>,
    /// Which job; needed only for candidates with several applications.
    #[serde(default)]
    pub job: Option<String>,
    /// Where to, by reference.
    pub stage: String,
    /// It undoes a move: the assistant does not begin again with those who come back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undo: bool,
    /// Only says what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// Changes how many applications stand.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateStateMany {
    /// Who, at most 500.
    pub candidates: Vec<OneOfMany>,
    /// Which job; needed only for candidates with several applications.
    #[serde(default)]
    pub job: Option<String>,
    /// What to do.
    pub action: StateAction,
    /// Why: one line of at most 200 characters.
    #[serde(default)]
    pub reason: Option<String>,
    /// Email each candidate about it, once the time to undo is over.
    #[serde(default)]
    pub email: bool,
    /// Cancel upcoming interviews of the applications; without it they are a conflict.
    #[serde(default)]
    pub cancel_interviews: bool,
    /// Only says what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// Emails many candidates, one email each: a template about their state, or a text.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateEmailMany {
    /// Who, at most 500.
    pub candidates: Vec<OneOfMany>,
    /// Which job; needed only for candidates with several applications.
    #[serde(default)]
    pub job: Option<String>,
    /// `rejected`, `withdrawn` or `on-hold`, for applications in that state.
    #[serde(default)]
    pub template: Option<TemplateName>,
    /// In place of a template: one line, with the variables of those templates.
    #[serde(default)]
    pub subject: Option<String>,
    /// In place of a template: several lines, with the same variables.
    #[serde(default)]
    pub text: Option<String>,
    /// Only says what would happen, and how the first email would read.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of one of many: `done`, or `error`.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ManyItem {
    /// The reference that was asked for.
    pub candidate: String,
    /// What was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub done: Option<ManyDone>,
    /// Why nothing was done.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
}

/// What was done to one application of many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ManyDone {
    /// The application.
    pub application: ApplicationId,
    /// The candidate's name.
    pub name: String,
    /// Whether anything was changed: what was so already is done too.
    pub changed: bool,
    /// The stage it was in.
    pub stage: StageId,
    /// How it stood.
    pub state: ApplicationState,
    /// The revision it has now: what an undo expects.
    pub revision: u64,
    /// Interviews that were cancelled with it.
    #[serde(default)]
    pub interviews: Vec<InterviewId>,
    /// The email to the candidate, while it can be undone.
    #[serde(default)]
    pub email: Option<MailId>,
    /// What to bear in mind, a sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
}

/// What became of many.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ManyOutcome {
    /// Each, in the order asked.
    pub items: Vec<ManyItem>,
    /// How many were changed, or would be.
    pub changed: u64,
    /// How many could not be.
    pub failed: u64,
    /// When the emails leave, where there are any.
    #[serde(default)]
    pub emails_at: Option<Instant>,
    /// In a dry run of emails: how the first would read.
    #[serde(default)]
    pub preview: Option<Written>,
    /// Nothing was written.
    #[serde(default)]
    pub dry_run: bool,
}
