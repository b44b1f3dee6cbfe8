//! How long the records of rejected candidates are kept, and who is to be erased when.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::CandidateId;
use crate::time::Instant;

/// Months that rejected candidates may be kept.
pub const KEEP_MONTHS: std::ops::RangeInclusive<u32> = 1..=120;

/// Days between the announcement of an erasure and the erasure.
pub const ANNOUNCED_DAYS: i64 = 14;

/// Asks who is to be erased.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RetentionQuery {
    /// As if this many months were set; `None`: what is set.
    #[serde(default)]
    pub keep_rejected: Option<u32>,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows at most.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A candidate who is to be erased.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RetentionRow {
    /// Who.
    pub candidate: CandidateId,
    /// Their name.
    pub name: String,
    /// Since when their last application is rejected or withdrawn.
    pub since: Instant,
    /// They are erased in the night after this.
    pub erase_at: Instant,
    /// When the admins were emailed about it; `None`: not yet.
    #[serde(default)]
    pub announced_at: Option<Instant>,
}
