//! What is stored of a test of a host's Zoom: how far it is, and what was found.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom_test::ZoomTestResult;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// The latest test of a host's Zoom; its id is the host's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ZoomTestRecord {
    /// What its meeting is found by: the id of an interview that does not exist, so that the
    /// search for unused meetings finds what a test left behind.
    pub(super) mark: InterviewId,
    /// When it began.
    pub(super) started_at: Instant,
    /// When it ended.
    pub(super) finished_at: Option<Instant>,
    /// How far it is.
    pub(super) phase: Phase,
    /// What was tried so far.
    pub(super) steps: Vec<ZoomTestResult>,
    /// What Zoom made different from what was asked for.
    pub(super) changes: Vec<String>,
    /// The meeting, where it may still be at Zoom.
    pub(super) left_over: Option<u64>,
}

/// How far a test is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "phase", rename_all = "kebab-case")]
pub(super) enum Phase {
    /// Nothing was asked of Zoom yet.
    Wanted,
    /// A meeting was asked for, and it is not known whether there is one.
    Asked {
        /// When, durable before the request.
        at: Instant,
    },
    /// The meeting is there.
    Made {
        /// Zoom's number for it.
        meeting: u64,
    },
    /// All there was to try was tried; the meeting is to be deleted.
    Tried {
        /// Zoom's number for it.
        meeting: u64,
    },
    /// It is over.
    Over,
}

impl Record for ZoomTestRecord {
    const TABLE: &'static str = "zoom-test";
    const SCHEMA: u32 = 1;
}
