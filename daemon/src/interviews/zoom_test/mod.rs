//! Trying a host's Zoom with a meeting that is deleted again: whether a real app is set up as
//! Greenroom needs it.
//!
//! Owns the test's report. Invariants: every step is durable before the next one, so that a daemon
//! that dies in the middle goes on and deletes the meeting; the meeting carries a mark by which the
//! search for unused meetings finds it, should even that fail; the report holds no link, passcode
//! or token.

mod record;
mod report;
mod worker;

pub use record::ZoomTestRecord;
pub use report::{show, start};
pub use worker::ZoomTests;

/// The kind of the work that carries a test out.
pub const ZOOM_TEST_WORK: &str = "zoom-test";
