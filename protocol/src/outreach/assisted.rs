//! What people do about an outreach that the assistant arranges: start it, approve what it would
//! send.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::Outreach;
use crate::Error;
use crate::edit::Edit;
use crate::id::OutreachId;
use crate::mail::Written;
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

/// Changes an email that the assistant drafted. What was changed stays where times are chosen anew.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachEdit {
    /// Which outreach.
    pub outreach: Reference,
    /// What changes.
    pub edit: DraftEdit,
}

/// What changes of a draft.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
#[serde(default)]
pub struct DraftEdit {
    /// Numbers of times that are left out, also where times are chosen anew.
    pub without: Vec<u8>,
    /// Times that are added, each as people write it, in `zone`; or RFC 3339 with an offset.
    pub add: Vec<String>,
    /// The IANA zone; `None`: the caller's.
    pub zone: Option<String>,
    /// How the writer orders day and month, such as `en_US`; `None`: as the zone's country does.
    pub locale: Option<String>,
    /// A line of the person's own below the times: plain text of at most 500 characters.
    #[serde(skip_serializing_if = "Edit::is_keep")]
    pub text: Edit<String>,
}

/// A draft after a change.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachEdited {
    /// The outreach.
    pub outreach: Outreach,
    /// The email as it would leave now.
    pub letter: Option<Written>,
    /// Nothing was written.
    pub dry_run: bool,
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
