//! What each of several calendars of one source says, so that one which cannot be read keeps what it
//! said while the others go on.

use std::collections::BTreeMap;

use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::Fault;
use crate::store::Record;

/// The most spans that are kept of all parts together, about 250 kB; where there are more, one part
/// that cannot be read leaves all as they were.
pub const MOST_SPANS: usize = 10_000;

/// What the parts of a feed said last, each by the name that its source gives it.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartsRecord {
    /// The parts; none where it is too much.
    pub parts: BTreeMap<String, PartRecord>,
    /// Whether they say more than is kept.
    #[serde(default)]
    pub is_too_much: bool,
}

impl Record for PartsRecord {
    const TABLE: &'static str = "feed-parts";
    const SCHEMA: u32 = 1;
}

/// What a part said last.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct PartRecord {
    /// How many entries it had.
    pub entries: u32,
    /// When its owner is busy: from a second up to another.
    pub spans: Vec<(i64, i64)>,
}

/// A part that could not be read when the others were. What it said before is among the feed's spans.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub struct UnreadPart {
    /// What tells it from the others.
    pub key: String,
    /// What it is called.
    pub name: String,
    /// Since when it cannot be read.
    pub since: Instant,
    /// Why.
    pub fault: Fault,
    /// When it was last read; `None`: never, or by another clock.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub read_at: Option<Instant>,
    /// Up to when it is known; of one that was never read it says nothing.
    pub known_to: Instant,
}
