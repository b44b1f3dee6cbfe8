//! Interviewers who do not reply or decline: reminded, replaced, and how they reply on the whole.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Instant;
use crate::workspace::{MemberBrief, Reference};

/// Reminds an interviewer who has not replied to their invitation.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewRemind {
    /// Which interview.
    #[serde(flatten)]
    pub interview: Reference,
    /// Whom, by reference.
    pub to: String,
}

/// Has somebody take an interviewer's place.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewReplace {
    /// Which interview.
    #[serde(flatten)]
    pub interview: Reference,
    /// Whose place, by reference.
    pub from: String,
    /// Who takes it, by reference; `None`: the next of their "any of" who is free.
    #[serde(default)]
    pub to: Option<String>,
}

/// How interviewers reply, of the invitations that left in a time.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyQuery {
    /// From; `None`: 90 days before its end.
    #[serde(default)]
    pub since: Option<Instant>,
    /// Before; `None`: now.
    #[serde(default)]
    pub until: Option<Instant>,
}

/// How interviewers replied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyReport {
    /// From.
    pub since: Instant,
    /// Before.
    pub until: Instant,
    /// Each interviewer who was invited, by name.
    pub interviewers: Vec<ReplyFigures>,
}

/// How one interviewer replied.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReplyFigures {
    /// Who.
    pub member: MemberBrief,
    /// Invitations that left; one to another time counts again, an update of the same does not.
    pub invitations: u32,
    /// Those they answered, in whatever way.
    pub answered: u32,
    /// Those they answered within 24 hours.
    pub within_a_day: u32,
    /// The median of the hours until an answer came; `None`: none came.
    pub median_hours: Option<f64>,
    /// Hours for which invitations that were never answered kept a slot: from when each left until
    /// it stood no more, the interview began, or now.
    pub unanswered_hours: f64,
}
