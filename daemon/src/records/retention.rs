//! What is stored of candidates who are to be erased because they were rejected long ago.

use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// That a candidate is to be erased. Its id is the candidate's. It is written with the email that
/// announces it, and nobody is erased without it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct RetentionRecord {
    /// When the admins were emailed.
    pub announced_at: Instant,
    /// Not before.
    pub erase_at: Instant,
}

impl Record for RetentionRecord {
    const TABLE: &'static str = "retention";
    const SCHEMA: u32 = 1;
}
