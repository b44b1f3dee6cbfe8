//! For whom what is kept after an interview is still new. Its id is the interview's.

use greenroom_protocol::id::MemberId;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// A summary or notes that not everyone concerned has opened. It goes with the last of them.
///
/// A record of its own and no field of the insight: that somebody looked is no change that the next
/// one who writes notes has to know of.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct NewInsightRecord {
    /// When the newest part came.
    pub at: Instant,
    /// Who wrote it; `None`: it is Zoom's summary.
    #[serde(default)]
    pub notes_by: Option<MemberId>,
    /// Who has not opened it.
    pub members: Vec<MemberId>,
}

impl Record for NewInsightRecord {
    const TABLE: &'static str = "insight-new";
    const SCHEMA: u32 = 1;
}
