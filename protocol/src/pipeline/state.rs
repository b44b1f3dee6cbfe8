//! Changing how an application stands: rejected, withdrawn, on hold, hired, and back.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{Application, ApplicationState};
use crate::id::{InterviewId, MailId};
use crate::time::Instant;

/// The longest reason, in characters.
pub const LONGEST_REASON: usize = 200;

/// What a person does to an application.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StateAction {
    /// We turn them down.
    Reject,
    /// They turn us down.
    Withdraw,
    /// Pause; upcoming interviews stay.
    Hold,
    /// They get the job.
    Hire,
    /// Active again, in the stage it was in. Cancelled interviews stay cancelled.
    Reopen,
    /// Takes the latest change of state back, as long as nobody was emailed about it; interviews
    /// that it cancelled are scheduled again where their time is still free.
    Undo,
}

impl StateAction {
    /// The state it leads to; an undo leads to the one before.
    pub const fn leads_to(self) -> Option<ApplicationState> {
        Some(match self {
            Self::Reject => ApplicationState::Rejected,
            Self::Withdraw => ApplicationState::Withdrawn,
            Self::Hold => ApplicationState::OnHold,
            Self::Hire => ApplicationState::Hired,
            Self::Reopen => ApplicationState::Active,
            Self::Undo => return None,
        })
    }

    /// Whether the candidate can be emailed about it.
    pub const fn has_email(self) -> bool {
        matches!(self, Self::Reject | Self::Withdraw | Self::Hold)
    }

    /// Usual reasons, for choices. Any other text is as good.
    pub const fn usual_reasons(self) -> &'static [&'static str] {
        match self {
            Self::Reject => &[
                "Another candidate was chosen",
                "Not enough experience",
                "Skills don't match",
                "Salary expectations",
                "Position closed",
                "No reply",
            ],
            Self::Withdraw => &[
                "Took another job",
                "Salary",
                "Location",
                "No longer looking",
                "Personal reasons",
            ],
            Self::Hold => &[
                "Position on hold",
                "Waiting for another candidate",
                "Candidate asked to wait",
            ],
            Self::Hire | Self::Reopen | Self::Undo => &[],
        }
    }
}

/// Changes how an application stands.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateState {
    /// Who, by reference (a candidate or an application).
    pub candidate: String,
    /// Which job; needed only with several applications.
    #[serde(default)]
    pub job: Option<String>,
    /// What to do.
    pub action: StateAction,
    /// Why: one line of at most 200 characters. It is for colleagues; no email has it.
    #[serde(default)]
    pub reason: Option<String>,
    /// Email the candidate about it, once the time to undo is over.
    #[serde(default)]
    pub email: bool,
    /// Cancel upcoming interviews of the application; without it they are a conflict. On hold keeps
    /// them.
    #[serde(default)]
    pub cancel_interviews: bool,
    /// Refused when the application has another revision: how an undo is made safe.
    #[serde(default)]
    pub expected_revision: Option<u64>,
    /// Only says what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

impl CandidateState {
    /// The plain change, with nothing besides.
    pub fn new(candidate: impl Into<String>, action: StateAction) -> Self {
        Self {
            candidate: candidate.into(),
            job: None,
            action,
            reason: None,
            email: false,
            cancel_interviews: false,
            expected_revision: None,
            dry_run: false,
        }
    }
}

/// What a change of state did, or would do.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StateChanged {
    /// The application as it is now; its revision is what an undo expects.
    pub application: Application,
    /// How it stood before.
    pub from: ApplicationState,
    /// Interviews that were cancelled with it; of an undo, those that are scheduled again.
    pub interviews: Vec<InterviewId>,
    /// The email to the candidate, while it can be undone.
    pub email: Option<StateEmail>,
    /// What to bear in mind, a sentence each.
    pub warnings: Vec<String>,
    /// Nothing was written.
    #[serde(default)]
    pub dry_run: bool,
}

/// An email about a change of state.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct StateEmail {
    /// The email.
    pub id: MailId,
    /// It does not leave before.
    pub not_before: Instant,
}
