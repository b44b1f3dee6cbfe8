//! Candidates and their applications: listed, shown, added, changed and moved.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::{CandidateSort, Highlight};
use super::{Note, NoteAdd};
use crate::id::{ApplicationId, CandidateId, JobId, StageId};
use crate::interview::Interview;
use crate::outreach::OutreachBrief;
use crate::time::Instant;

/// Which candidates. Every word of `text` must occur in name, address, job or stage; all that is
/// said of applications must be true of one and the same.
///
/// What protocol 3 added is written only where it is used, so that older daemons answer the rest.
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
    /// Only those with an application in one of these states, for the job and in the stage named.
    /// Empty: active ones, and where neither is named, those without any application too.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub states: Vec<ApplicationState>,
    /// In place of `states`: every state but active.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub archived: bool,
    /// Only those of one of these jobs, by reference; empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub jobs: Vec<String>,
    /// Only those in one of these stages, by reference; a name means the stages of all jobs that
    /// have it (of `job` or `jobs`, where they are given). Empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub stages: Vec<String>,
    /// Only those in one of these time zones: an IANA zone, or a part of one such as `Asia` or
    /// `New York`. Empty: any.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub zones: Vec<String>,
    /// Only those who have been in their stage for more than so many days.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub older_than_days: Option<u32>,
    /// Only those without an upcoming interview for the application shown.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub no_interview: bool,
    /// What the list is sorted by.
    #[serde(default, skip_serializing_if = "CandidateSort::is_name")]
    pub sort: CandidateSort,
    /// The other way round.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub reverse: bool,
    /// Also those who nearly match, after those who do, where those do not fill a page: with one
    /// typing error in a word of four letters or more, or by initials (`pn`, `p.n.`).
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub fuzzy: bool,
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
    /// Their newest application of those the list is about.
    pub application: Option<ApplicationBrief>,
    /// How many applications they have.
    pub applications: u32,
    /// What of this row a search matched.
    #[serde(default)]
    pub matched: Vec<Highlight>,
    /// Whether they match only nearly.
    #[serde(default)]
    pub near: bool,
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
    /// How it stands.
    #[serde(default)]
    pub state: ApplicationState,
    /// The times that are proposed to them, as long as something may come of it; `null` where none
    /// are, and for those who do not hire for the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outreach: Option<OutreachBrief>,
    /// The record's revision.
    pub revision: u64,
}

/// How an application stands. Lists show those that are active unless asked for others.
#[derive(
    Debug,
    Clone,
    Copy,
    Default,
    PartialEq,
    Eq,
    Hash,
    PartialOrd,
    Ord,
    Serialize,
    Deserialize,
    JsonSchema,
)]
#[serde(rename_all = "kebab-case")]
pub enum ApplicationState {
    /// Under way.
    #[default]
    Active,
    /// Paused by us; upcoming interviews stay.
    OnHold,
    /// Turned down by us.
    Rejected,
    /// Turned down by the candidate.
    Withdrawn,
    /// They got the job.
    Hired,
}

impl ApplicationState {
    /// All of them, in the order people know them in.
    pub const ALL: [Self; 5] = [
        Self::Active,
        Self::OnHold,
        Self::Rejected,
        Self::Withdrawn,
        Self::Hired,
    ];

    /// Whether it is over: nothing is scheduled, and nobody is moved, until it is reopened.
    pub const fn is_closed(self) -> bool {
        matches!(self, Self::Rejected | Self::Withdrawn | Self::Hired)
    }

    /// As people read it.
    pub const fn words(self) -> &'static str {
        match self {
            Self::Active => "active",
            Self::OnHold => "on hold",
            Self::Rejected => "rejected",
            Self::Withdrawn => "withdrawn",
            Self::Hired => "hired",
        }
    }
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
    /// What was written down about them, oldest first: all of it for those who hire, for
    /// interviewers what is marked for them.
    #[serde(default)]
    pub notes: Vec<Note>,
    /// What to bear in mind, a sentence each.
    #[serde(default)]
    pub warnings: Vec<String>,
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
    /// How it stands.
    #[serde(default)]
    pub state: ApplicationState,
    /// How its state changed, oldest first; empty: it was active from the beginning.
    #[serde(default)]
    pub states: Vec<StateEntry>,
    /// The times that are proposed to them, as long as something may come of it; `null` where none
    /// are, and for those who do not hire for the job.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub outreach: Option<OutreachBrief>,
    /// The record's revision.
    pub revision: u64,
}

/// A state an application entered.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct StateEntry {
    /// The state.
    pub state: ApplicationState,
    /// When it was entered.
    pub at: Instant,
    /// Who changed it.
    pub by: String,
    /// Why, where that was said and the caller hires for the job.
    #[serde(default)]
    pub reason: Option<String>,
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
    /// The stage they enter, by reference; `None`: the first.
    #[serde(default)]
    pub stage: Option<String>,
    /// When they applied, for those who come from elsewhere; `None`: now.
    #[serde(default)]
    pub applied_at: Option<Instant>,
    /// How the application stands, for those who come from elsewhere; `None`: active.
    #[serde(default)]
    pub state: Option<ApplicationState>,
    /// What was written down about them.
    #[serde(default)]
    pub notes: Vec<NoteAdd>,
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
    /// It undoes a move: the assistant does not begin again with who comes back.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub undo: bool,
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
