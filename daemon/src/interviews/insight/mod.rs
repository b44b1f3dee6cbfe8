//! What is kept after a meeting: Zoom's summary, and notes by people.
//!
//! Owns when a summary is looked for, what becomes of it, and to whom it is new. Invariant: a summary is text from
//! outside, kept as text and shown as text; nothing here reads it. Notes are people's: whatever
//! comes from Zoom leaves them alone.

mod fetch;
mod news;
mod notes;
mod record;
mod timing;

pub use fetch::Summaries;
use greenroom_protocol::time::Instant;
pub use news::seen;
pub use notes::{list, note};
pub use record::InsightRecord;

use crate::records::interview::InterviewRecord;
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

/// The kind of the work that looks for a summary.
pub const INSIGHT_WORK: &str = "insight";

/// Sees to it that a summary is looked for once the meeting is over.
pub(super) fn set_timer(
    tx: &Tx,
    space: &str,
    id: &str,
    interview: &InterviewRecord,
) -> Result<(), StoreError> {
    let due: Instant = timing::first_try(interview.end());
    WorkRecord::timer(tx, space, INSIGHT_WORK, id, due)
}
