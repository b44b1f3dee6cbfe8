//! What is stored of jobs, stages, candidates and applications.

use greenroom_protocol::id::{CandidateId, JobId, StageId};
use greenroom_protocol::pipeline::{StageEntry, StageInterview};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// An opening.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct JobRecord {
    /// Its title.
    pub title: String,
    /// Whether candidates may still be added and moved.
    pub open: bool,
    /// Its stages, in order.
    pub stages: Vec<StageId>,
    /// When it was opened.
    pub created_at: Instant,
}

impl Record for JobRecord {
    const TABLE: &'static str = "job";
    const SCHEMA: u32 = 1;
}

/// One step of a job's pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct StageRecord {
    /// Its job.
    pub job: JobId,
    /// Its name.
    pub name: String,
    /// How its interviews are planned.
    pub interview: StageInterview,
}

impl Record for StageRecord {
    const TABLE: &'static str = "stage";
    const SCHEMA: u32 = 1;
}

/// A person who applies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct CandidateRecord {
    /// Their name.
    pub name: String,
    /// Their address, unique in the workspace.
    pub email: String,
    /// Their telephone number.
    pub phone: Option<String>,
    /// Their IANA time zone, if known.
    pub zone: Option<String>,
    /// Where they came from.
    pub source: Option<String>,
    /// When they were added.
    pub added_at: Instant,
}

impl Record for CandidateRecord {
    const TABLE: &'static str = "candidate";
    const SCHEMA: u32 = 1;
}

/// A candidate's place in one job's pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct ApplicationRecord {
    /// Who.
    pub candidate: CandidateId,
    /// For what.
    pub job: JobId,
    /// Where they are.
    pub stage: StageId,
    /// Since when.
    pub since: Instant,
    /// Where they were, oldest first, the present stage last.
    pub history: Vec<StageEntry>,
}

impl Record for ApplicationRecord {
    const TABLE: &'static str = "application";
    const SCHEMA: u32 = 1;
}
