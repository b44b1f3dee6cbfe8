//! All that is held on a candidate: handed out, taken along, erased.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::audit::AuditEntry;
use crate::id::{ApplicationId, CandidateId, JobId, StageId};
use crate::interview::Interview;
use crate::outreach::HeldOutreach;
use crate::pipeline::{ApplicationState, Note, StageEntry, StateEntry};
use crate::received::HeldEmail;
use crate::time::Instant;

/// A candidate's record with their applications, as an import reads it back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeldCandidate {
    /// The candidate.
    pub id: CandidateId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their telephone number.
    pub phone: Option<String>,
    /// Their IANA time zone, if known.
    pub zone: Option<String>,
    /// Where they came from.
    pub source: Option<String>,
    /// When they were added.
    pub added_at: Instant,
    /// Their applications, newest first.
    pub applications: Vec<HeldApplication>,
    /// What was written down about them, oldest first.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// The times that were proposed to them, newest first.
    #[serde(default)]
    pub outreaches: Vec<HeldOutreach>,
}

/// An application with its whole history.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeldApplication {
    /// The application.
    pub id: ApplicationId,
    /// The job's title.
    pub job: String,
    /// The job.
    pub job_id: JobId,
    /// The name of the stage it is in.
    pub stage: String,
    /// The stage.
    pub stage_id: StageId,
    /// When they applied.
    pub applied_at: Instant,
    /// Since when it is in that stage.
    pub since: Instant,
    /// Where it was, oldest first.
    pub history: Vec<StageEntry>,
    /// How it stands.
    #[serde(default)]
    pub state: ApplicationState,
    /// How its state changed, oldest first.
    #[serde(default)]
    pub states: Vec<StateEntry>,
}

/// A page of all candidates, in the order they were added.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ExportQuery {
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// All that is held on one candidate, in pages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateExportQuery {
    /// Who, by reference.
    pub candidate: String,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
}

/// A page of what is held on one candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateExport {
    /// Their record, on the first page only.
    pub candidate: Option<HeldCandidate>,
    /// Interviews, newest first.
    pub interviews: Vec<Interview>,
    /// Emails about them that came in, oldest first.
    #[serde(default)]
    pub received: Vec<HeldEmail>,
    /// Entries of the audit log about any of it, newest first.
    pub audit: Vec<AuditEntry>,
    /// How many saved views of members name them, on the first page only. What is in them is their
    /// members' own; an erasure removes them.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub views: Option<u64>,
    /// What to pass as `cursor` for the next page; nothing when this was the last.
    pub next: Option<String>,
}

/// What was erased, or would be.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Erased {
    /// Who it was.
    pub candidate: Option<CandidateId>,
    /// Applications removed, each with its history.
    pub applications: u64,
    /// Interviews that stay in the calendars of others, without a name.
    pub interviews: u64,
    /// Emails that came in and are removed.
    #[serde(default)]
    pub received: u64,
    /// Notes and links removed.
    #[serde(default)]
    pub notes: u64,
    /// Outreaches to them that are removed, with the times they hold.
    #[serde(default)]
    pub outreaches: u64,
    /// Saved views, of whichever member, that name them and are removed.
    #[serde(default)]
    pub views: u64,
    /// What remains elsewhere and cannot be erased from here.
    pub remains: Vec<String>,
    /// Nothing was written.
    #[serde(default)]
    pub dry_run: bool,
}
