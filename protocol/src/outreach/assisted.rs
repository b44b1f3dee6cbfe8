//! What people do about an outreach that the assistant arranges: start it, approve what it would
//! send.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Outreach;
use crate::Error;
use crate::id::OutreachId;
use crate::time::Instant;
use crate::workspace::Reference;

/// Has the assistant arrange the interview of candidates who are in a stage with AI scheduling: of
/// one, or of all in a stage whom nobody has written to yet.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachStart {
    /// With whom, by reference (a candidate or an application).
    #[serde(default)]
    pub candidate: Option<String>,
    /// With all in this stage who are not started, by reference; at most 500 at a time.
    #[serde(default)]
    pub stage: Option<String>,
    /// Which job; needed where a candidate or a stage's name is of several.
    #[serde(default)]
    pub job: Option<String>,
    /// Only says what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// What was started.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachStarted {
    /// The new ones, in the order of those who wait longest; in a dry run none has an id.
    pub started: u64,
    /// The outreaches, as many as were started; empty in a dry run.
    pub outreaches: Vec<OutreachId>,
    /// It was open already: nothing was done.
    pub repeated: bool,
    /// Those that could not be started.
    pub failed: Vec<NotStarted>,
    /// How many in the stage are left to start: asked again, the next of them are.
    pub left: u64,
    /// Nothing was written.
    pub dry_run: bool,
}

/// Somebody with whom nothing was started.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NotStarted {
    /// Who.
    pub name: String,
    /// Why not.
    pub error: Error,
}

/// Approves the email of a draft: its times are judged again, held and sent.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachApprove {
    /// Which outreach.
    pub outreach: Reference,
    /// Numbers of times that are left out.
    #[serde(default)]
    pub without: Vec<u8>,
}

/// What an approval came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachApproved {
    /// The outreach.
    pub outreach: Outreach,
    /// The times that were no longer free.
    pub replaced: Vec<Replaced>,
    /// Nothing was written.
    pub dry_run: bool,
}

/// A time that was no longer free when the email was approved.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Replaced {
    /// Which.
    pub start: Instant,
    /// What is proposed in its place; `null`: nothing.
    pub by: Option<Instant>,
}
