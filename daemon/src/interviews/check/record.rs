//! What is stored of checks: how far each host's is, and the strays that were found.

use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// How far the check of a host is; its id is the host's.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct HostCheckRecord {
    /// When the last one was done.
    pub checked_at: Option<Instant>,
    /// How many meetings it looked at.
    pub meetings: u32,
    /// Whether strays could be looked for.
    pub strays_looked_for: bool,
    /// The interview up to which one that was interrupted is done.
    pub up_to: Option<InterviewId>,
    /// Why it is not done.
    pub reason: Option<String>,
}

impl Record for HostCheckRecord {
    const TABLE: &'static str = "host-check";
    const SCHEMA: u32 = 1;
}

/// A meeting of ours at Zoom that no booking needs; its id is the host's and Zoom's number.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(super) struct OrphanRecord {
    /// At whose Zoom.
    pub host: MemberId,
    /// Zoom's number for it.
    pub meeting: u64,
    /// The interview it was made for, as its mark says.
    pub interview: Option<InterviewId>,
    /// When it begins.
    pub start: Option<Instant>,
    /// When it was found.
    pub found_at: Instant,
    /// It is to be deleted.
    pub deleting: bool,
    /// Why it could not be.
    pub reason: Option<String>,
}

impl Record for OrphanRecord {
    const TABLE: &'static str = "orphan";
    const SCHEMA: u32 = 1;
}

impl OrphanRecord {
    /// What it is found by.
    pub fn id(host: MemberId, meeting: u64) -> String {
        format!("{host}.{meeting}")
    }
}
