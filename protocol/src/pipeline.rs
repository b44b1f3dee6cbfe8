//! Jobs, stages, candidates and applications.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ApplicationId, CandidateId, JobId, MemberId, StageId};
use crate::interview::Interview;
use crate::time::Instant;

/// An opening.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Job {
    /// The job.
    pub id: JobId,
    /// Its title.
    pub title: String,
    /// Whether candidates may still be added and moved.
    pub open: bool,
    /// Its pipeline, in order.
    pub stages: Vec<Stage>,
    /// Applications in it.
    pub candidates: u32,
    /// The record's revision.
    pub revision: u64,
}

/// A new job.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobAdd {
    /// Its title.
    pub title: String,
    /// Its stages in order; empty: Applied, Phone screen, Onsite, Decision, Hired.
    #[serde(default)]
    pub stages: Vec<String>,
}

/// A change of a job; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct JobEdit {
    /// Which, by reference.
    pub job: String,
    /// Its title.
    #[serde(default)]
    pub title: Option<String>,
    /// Closes it, or opens it again.
    #[serde(default)]
    pub open: Option<bool>,
    /// Refused when the record has another revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
}

/// One step of a job's pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Stage {
    /// The stage.
    pub id: StageId,
    /// Its job.
    pub job: JobId,
    /// Its name.
    pub name: String,
    /// Its place, from 0.
    pub position: u32,
    /// How its interviews are planned.
    pub interview: StageInterview,
    /// Applications in it.
    pub candidates: u32,
    /// What is wrong with it, if anything: a Zoom user that must be reconnected, say.
    pub warnings: Vec<String>,
    /// The record's revision.
    pub revision: u64,
}

/// How the assistant's proposals leave.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Approval {
    /// By themselves.
    Auto,
    /// When a person approved.
    #[default]
    Draft,
}

/// How many of a group of interviewers must take part.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum PanelRule {
    /// Every one.
    AllOf,
    /// One of them.
    AnyOf,
    /// Whoever can.
    Optional,
}

/// A group of interviewers.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct PanelGroup {
    /// How many of them.
    pub rule: PanelRule,
    /// Who.
    pub members: Vec<MemberId>,
}

/// A stretch of the week, in each interviewer's own zone.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Window {
    /// Days of the week, 1 Monday to 7 Sunday.
    pub days: Vec<u8>,
    /// First minute of the day, 0 to 1439.
    pub from_minute: u16,
    /// The minute it ends before, 1 to 1440.
    pub to_minute: u16,
}

/// A stage's saved plan.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageInterview {
    /// Whether the assistant arranges these interviews.
    pub ai: bool,
    /// Whose Zoom hosts them; nothing: the organizer's.
    pub zoom_user: Option<MemberId>,
    /// Minutes, 5 to 480.
    pub duration_minutes: u32,
    /// Who takes part.
    pub panel: Vec<PanelGroup>,
    /// When; empty: the interviewers' working hours.
    pub windows: Vec<Window>,
    /// Minutes kept free before.
    pub buffer_before_minutes: u32,
    /// Minutes kept free after.
    pub buffer_after_minutes: u32,
    /// Least minutes between now and the start.
    pub notice_minutes: u32,
    /// Days ahead, at most.
    pub horizon_days: u32,
    /// Interviews an interviewer may have a day; 0: no limit.
    pub daily_cap: u32,
    /// How the assistant's proposals leave.
    pub approval: Approval,
    /// What the assistant should bear in mind.
    pub guidance: String,
}

impl Default for StageInterview {
    fn default() -> Self {
        Self {
            ai: false,
            zoom_user: None,
            duration_minutes: 45,
            panel: Vec::new(),
            windows: Vec::new(),
            buffer_before_minutes: 0,
            buffer_after_minutes: 0,
            notice_minutes: 24 * 60,
            horizon_days: 14,
            daily_cap: 0,
            approval: Approval::Draft,
            guidance: String::new(),
        }
    }
}

/// A new stage.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageAdd {
    /// Its job, by reference.
    pub job: String,
    /// Its name.
    pub name: String,
    /// Its place, from 0; nothing: last.
    #[serde(default)]
    pub position: Option<u32>,
}

/// A change of a stage's name or plan; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageConfigure {
    /// Its job, by reference; not needed when the stage is an id.
    #[serde(default)]
    pub job: Option<String>,
    /// Which, by reference.
    pub stage: String,
    /// Its name.
    #[serde(default)]
    pub name: Option<String>,
    /// Its plan, whole.
    #[serde(default)]
    pub interview: Option<StageInterview>,
    /// Refused when the record has another revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
}

/// Which candidates. Every word of `text` must occur in name, address, job or stage.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateQuery {
    /// What was typed.
    #[serde(default)]
    pub text: String,
    /// Only this job's, by reference.
    #[serde(default)]
    pub job: Option<String>,
    /// Only this stage's, by reference.
    #[serde(default)]
    pub stage: Option<String>,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows at most.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A candidate, as a line of a list.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateRow {
    /// The candidate.
    pub id: CandidateId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their IANA time zone, if known.
    pub zone: Option<String>,
    /// Their newest application.
    pub application: Option<ApplicationBrief>,
    /// How many applications they have.
    pub applications: u32,
}

/// An application, in a line.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ApplicationBrief {
    /// The application.
    pub id: ApplicationId,
    /// The job.
    pub job: JobId,
    /// The job's title.
    pub job_title: String,
    /// The stage.
    pub stage: StageId,
    /// The stage's name.
    pub stage_name: String,
    /// Since when it is there.
    pub since: Instant,
    /// The record's revision.
    pub revision: u64,
}

/// A person who applies.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Candidate {
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
    pub applications: Vec<Application>,
    /// Their interviews, newest first, at most fifty.
    pub interviews: Vec<Interview>,
    /// The record's revision.
    pub revision: u64,
}

/// A candidate's place in one job's pipeline.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Application {
    /// The application.
    pub id: ApplicationId,
    /// The candidate.
    pub candidate: CandidateId,
    /// The job.
    pub job: JobId,
    /// The job's title.
    pub job_title: String,
    /// The stage.
    pub stage: StageId,
    /// The stage's name.
    pub stage_name: String,
    /// Since when it is there.
    pub since: Instant,
    /// The names of the job's stages, in order.
    pub stages: Vec<String>,
    /// Where it was, oldest first.
    pub history: Vec<StageEntry>,
    /// The record's revision.
    pub revision: u64,
}

/// A stage an application entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StageEntry {
    /// The stage's id: it may be gone by now.
    pub stage: StageId,
    /// The stage's name then.
    pub stage_name: String,
    /// When it was entered.
    pub at: Instant,
    /// Who moved it there.
    pub by: String,
}

/// A new candidate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateAdd {
    /// Their name.
    pub name: String,
    /// Their address, unique in the workspace.
    pub email: String,
    /// Their telephone number.
    #[serde(default)]
    pub phone: Option<String>,
    /// Their IANA time zone.
    #[serde(default)]
    pub zone: Option<String>,
    /// Where they came from.
    #[serde(default)]
    pub source: Option<String>,
    /// The job they apply for, by reference.
    #[serde(default)]
    pub job: Option<String>,
    /// The stage they enter, by reference; nothing: the first.
    #[serde(default)]
    pub stage: Option<String>,
    /// When they applied, for those who come from elsewhere; nothing: now.
    #[serde(default)]
    pub applied_at: Option<Instant>,
}

/// A change of a candidate; what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateEdit {
    /// Who, by reference.
    pub candidate: String,
    /// Their name.
    #[serde(default)]
    pub name: Option<String>,
    /// Their address.
    #[serde(default)]
    pub email: Option<String>,
    /// Their telephone number; an empty text takes it away.
    #[serde(default)]
    pub phone: Option<String>,
    /// Their IANA time zone; an empty text takes it away.
    #[serde(default)]
    pub zone: Option<String>,
    /// Where they came from; an empty text takes it away.
    #[serde(default)]
    pub source: Option<String>,
    /// Also applies for this job, by reference.
    #[serde(default)]
    pub apply: Option<String>,
    /// Refused when the record has another revision.
    #[serde(default)]
    pub expected_revision: Option<u64>,
}

/// Moves a candidate to another stage of a job they applied for.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateMove {
    /// Who, by reference (a candidate or an application).
    pub candidate: String,
    /// Which job; needed only with several applications.
    #[serde(default)]
    pub job: Option<String>,
    /// Where to, by reference.
    pub stage: String,
    /// Refused when the application has another revision: how an undo is made safe.
    #[serde(default)]
    pub expected_revision: Option<u64>,
}

/// What a move did, and what undoes it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Moved {
    /// The application as it is now; its revision is what an undo expects.
    pub application: Application,
    /// Where it was.
    pub from: StageId,
    /// The name of where it was.
    pub from_name: String,
    /// What the move did not do, if anything.
    pub warnings: Vec<String>,
}

/// One line of an import.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImportRow {
    /// Its line in the file, from 1.
    pub line: u64,
    /// What it says.
    #[serde(flatten)]
    pub candidate: CandidateAdd,
}

/// A page of rows, at most 1 000.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImportPage {
    /// The rows.
    pub rows: Vec<ImportRow>,
    /// Only says what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImportReport {
    /// New candidates.
    pub added: u64,
    /// Known candidates who now also apply for the job named.
    pub applied: u64,
    /// Rows that say nothing new.
    pub unchanged: u64,
    /// Rows that were left out.
    pub errors: Vec<RowError>,
    /// Nothing was written.
    pub dry_run: bool,
}

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RowError {
    /// Its line in the file, from 1.
    pub line: u64,
    /// The field that is wrong.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}
