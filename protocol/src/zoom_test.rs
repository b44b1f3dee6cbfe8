//! Trying a Zoom connection with a real meeting: what was tried, what Zoom changed, which
//! permissions are missing.
//!
//! Invariant: a report carries nothing secret. No link, no passcode, no token; a meeting's number
//! only where it had to stay.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::status::CheckResult;
use crate::time::Instant;
use crate::workspace::MemberBrief;

/// Whose Zoom is tried, or whose latest test is shown. `None`: the caller's.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ZoomTestQuery {
    /// A member, by reference.
    #[serde(default)]
    pub member: Option<String>,
    /// Only says what would be tried.
    #[serde(default)]
    pub dry_run: bool,
}

/// What a test tries, in this order.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ZoomTestStep {
    /// Keys that Zoom takes.
    Connection,
    /// What was granted.
    Permissions,
    /// Making a meeting.
    Create,
    /// Reading it back, and comparing it with what was asked for.
    Read,
    /// Finding it in the list of meetings.
    List,
    /// Changing it.
    Update,
    /// Deleting it.
    Delete,
}

/// How one step went.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ZoomTestResult {
    /// Which step.
    pub step: ZoomTestStep,
    /// How it went.
    pub result: CheckResult,
    /// What was found, in a sentence.
    pub message: String,
    /// What to do about it.
    #[serde(default)]
    pub hint: Option<String>,
}

/// A permission that was not granted.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct MissingPermission {
    /// Zoom's granular scope, to be added to the app.
    pub scope: String,
    /// The permission in Zoom's words.
    pub title: String,
    /// What it is needed for.
    pub reason: String,
    /// Whether everything but that works without it.
    pub optional: bool,
}

/// A test of a Zoom connection, or how far it is.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ZoomTest {
    /// Whose Zoom.
    pub member: MemberBrief,
    /// It is under way.
    pub running: bool,
    /// When it began. `None`: there never was one.
    pub started_at: Option<Instant>,
    /// When it ended.
    pub finished_at: Option<Instant>,
    /// The worst result of its steps, once it is over.
    pub result: Option<CheckResult>,
    /// What was tried so far.
    pub steps: Vec<ZoomTestResult>,
    /// What Zoom made different from what was asked for, a sentence each.
    pub changes: Vec<String>,
    /// Permissions that were not granted.
    pub missing: Vec<MissingPermission>,
    /// The meeting's number, where it may still be at Zoom.
    pub left_over: Option<String>,
    /// Where Zoom is, when it is not the real one.
    pub sandbox: Option<String>,
}
