//! Whether the assistant can act in a stage, and why not.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::workspace::MemberBrief;

/// Something that keeps the assistant from acting in a stage. Its candidates wait.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageProblem {
    /// What, for programs.
    pub code: StageProblemCode,
    /// What, for people: a sentence without its full stop.
    pub message: String,
    /// Whom it is about, where it is about one member who is still there.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub who: Option<MemberBrief>,
}

/// What keeps the assistant from acting in a stage.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum StageProblemCode {
    /// The assistant is paused, in the workspace or for the job.
    Paused,
    /// The job is closed.
    JobClosed,
    /// No Zoom user is chosen.
    NoZoomUser,
    /// The Zoom user has left the workspace.
    ZoomUserLeft,
    /// The Zoom user's Zoom was never connected, or was disconnected.
    ZoomNotConnected,
    /// The Zoom user's Zoom must be reconnected.
    ZoomReconnect,
    /// The Zoom user waits for a Zoom admin's approval.
    ZoomApproval,
    /// The organizer has left the workspace.
    OrganizerLeft,
    /// The workspace has no email, so nobody can be written to.
    NoEmail,
    /// Nobody takes part in any case.
    NoInterviewers,
    /// The stage's hours and somebody's working hours have nothing in common.
    NoHours,
    /// What a later version knows.
    #[serde(other)]
    Unknown,
}
