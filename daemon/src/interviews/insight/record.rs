//! What is stored after a meeting; its id is the interview's.

use greenroom_protocol::id::{ApplicationId, MemberId};
use greenroom_protocol::insight::SummaryState;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// What is kept after a meeting.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct InsightRecord {
    /// Of which application.
    pub application: ApplicationId,
    /// What became of Zoom's summary.
    pub state: SummaryState,
    /// Why it is not here.
    pub reason: Option<String>,
    /// Zoom's summary, Markdown.
    pub summary: Option<String>,
    /// What people wrote, Markdown.
    pub notes: Option<Notes>,
}

/// What people wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Notes {
    /// The text.
    pub text: String,
    /// By whom; `None`: the operator.
    pub by: Option<MemberId>,
    /// When.
    pub at: Instant,
}

impl Record for InsightRecord {
    const TABLE: &'static str = "insight";
    const SCHEMA: u32 = 1;
}

impl InsightRecord {
    /// Nothing yet.
    pub(super) fn of(application: ApplicationId) -> Self {
        Self {
            application,
            state: SummaryState::None,
            reason: None,
            summary: None,
            notes: None,
        }
    }
}
