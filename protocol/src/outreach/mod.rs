//! Times that are proposed to a candidate: sent by a person or the assistant, held while the
//! candidate chooses, and booked with one of them.

mod assisted;
mod report;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{ApplicationId, CandidateId, InterviewId, MailId, OutreachId};
use crate::interview::{CandidateBrief, Interview, MeetingType};
use crate::mail::Written;
use crate::pipeline::Approval;
use crate::received::Received;
use crate::schedule::{Finding, Verdict};
use crate::time::Instant;
use crate::workspace::{MemberBrief, Reference};

pub use self::assisted::{
    DraftEdit, NotStarted, OutreachApprove, OutreachApproved, OutreachEdit, OutreachEdited,
    OutreachStart, OutreachStarted, Replaced,
};
pub use self::report::{
    SchedulingFigures, SchedulingQuery, SchedulingReport, ShadowFigures, StageScheduling, Would,
};

/// The most times of one proposal.
pub const MOST_SLOTS: usize = 5;

/// How an outreach stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutreachState {
    /// The candidate entered the stage, and the assistant writes once the time to undo is over.
    Settling,
    /// The assistant has nothing to propose yet; `why` says what it waits for.
    Waiting,
    /// The assistant has chosen times, and somebody is to approve the email. Nothing is held.
    Draft,
    /// The email with the times is about to leave, and can still be undone.
    Sending,
    /// The candidate has the times and has not chosen yet.
    Proposed,
    /// One of the times is booked.
    Booked,
    /// A person has to see to it; `why` says what happened.
    Person,
    /// A person has taken over, and the assistant is silent.
    Taken,
    /// It ended without a booking; `why` says how.
    Over,
    /// One that this program does not know yet; `message` says what it is.
    #[serde(other)]
    Other,
}

/// Why an outreach needs a person or waits, or how it ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum OutreachWhy {
    /// The candidate wrote.
    Answered,
    /// The times were held to their end without a reply.
    Expired,
    /// The candidate's address takes no email.
    Address,
    /// The email did not leave, or no email is set up.
    Email,
    /// No time is free for everyone, or it is not its turn yet.
    Time,
    /// The Zoom account that hosts must be connected.
    Zoom,
    /// It is night or a weekend for the candidate, or they had three emails today.
    Quiet,
    /// The candidate is away until a day they gave: other times are sent then.
    Away,
    /// The assistant is paused.
    Switch,
    /// The stage's settings do not let the assistant arrange an interview.
    Plan,
    /// The assistant was paused, or AI scheduling was turned off, while the candidate had the times.
    Paused,
    /// None of the times is free any more.
    Gone,
    /// A backup was restored: what was answered since is not known.
    Restored,
    /// It was completed.
    Done,
    /// The application moved to another stage, was closed or put on hold, or the job was closed.
    Left,
    /// The candidate withdrew.
    Withdrew,
    /// Somebody stopped it.
    Stopped,
    /// The interview was cancelled.
    Cancelled,
    /// One that this program does not know yet.
    #[serde(other)]
    Other,
}

/// How a proposed time stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum SlotState {
    /// It is kept free for the candidate.
    Held,
    /// It is booked.
    Booked,
    /// Something else was booked over it.
    Taken,
    /// It has passed.
    Past,
    /// It is no longer kept free.
    Released,
    /// It is chosen for an email that is not approved yet, and not kept free.
    Drafted,
    /// One that this program does not know yet.
    #[serde(other)]
    Other,
}

/// A proposed time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachSlot {
    /// Its number, from 1, as the candidate reads it.
    pub n: u8,
    /// When it begins.
    pub start: Instant,
    /// When it ends.
    pub end: Instant,
    /// Who would interview then.
    pub interviewers: Vec<MemberBrief>,
    /// How it stands.
    pub state: SlotState,
    /// Whether another candidate may have been proposed it too: the first answer gets it.
    #[serde(default)]
    pub shared: bool,
}

/// An outreach to a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outreach {
    /// The outreach.
    pub id: OutreachId,
    /// The record's revision.
    pub revision: u64,
    /// To whom.
    pub candidate: CandidateBrief,
    /// For which application.
    pub application: ApplicationId,
    /// The job's title.
    pub job_title: String,
    /// The name of the stage it was started in.
    pub stage_name: String,
    /// Who invites.
    pub organizer: MemberBrief,
    /// Who started it; `null`: no member did.
    pub started_by: Option<MemberBrief>,
    /// When.
    pub created_at: Instant,
    /// How it stands.
    pub state: OutreachState,
    /// Why, where `state` is `waiting`, `person` or `over`.
    pub why: Option<OutreachWhy>,
    /// How it stands, in a sentence without a name.
    pub message: String,
    /// Since when it stands so.
    pub since: Instant,
    /// How people would join.
    #[serde(rename = "type")]
    pub kind: MeetingType,
    /// How long the interview would be, in minutes.
    pub duration_minutes: u32,
    /// The IANA zone it was scheduled in.
    pub zone: String,
    /// The times, by number.
    pub slots: Vec<OutreachSlot>,
    /// Until when they are held; `null` where none is.
    pub until: Option<Instant>,
    /// The email with the times.
    pub email: Option<MailId>,
    /// When that may still be undone until; `null` once it has left.
    pub not_before: Option<Instant>,
    /// When it left.
    pub sent_at: Option<Instant>,
    /// What was booked.
    pub interview: Option<InterviewId>,
    /// How its emails are sent, where the assistant arranges it; `null`: a person proposes the times.
    #[serde(default)]
    pub approval: Option<Approval>,
    /// Which time these are that the candidate is sent times, from 1; 0: none was chosen yet.
    #[serde(default)]
    pub round: u32,
    /// When the assistant writes, where `state` is `settling` or it waits for the candidate's day, or
    /// for a candidate who is away.
    #[serde(default)]
    pub writes_at: Option<Instant>,
    /// Who has taken over.
    #[serde(default)]
    pub taken_by: Option<MemberBrief>,
    /// What would help, where it has waited for times for more than three working days; what helps
    /// most first.
    #[serde(default)]
    pub helps: Vec<WouldHelp>,
    /// The interview that is moved to the time that is chosen, and stays as booked until then;
    /// `null`: a new one is booked.
    #[serde(default)]
    pub moves: Option<InterviewId>,
    /// A line that a person added to the email with the times.
    #[serde(default)]
    pub line: Option<String>,
    /// What the assistant, which only watches, would have done about what they answered last.
    #[serde(default)]
    pub would: Option<Would>,
}

/// A change of a stage's settings that would give those who wait more times.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct WouldHelp {
    /// The change in a few words, such as `add Lena Vogel` or `cap 3→4 a day`.
    pub what: String,
    /// How many interviews more there would be time for.
    pub slots: u32,
}

/// An open outreach, as a line of a board has it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachBrief {
    /// The outreach.
    pub id: OutreachId,
    /// How it stands.
    pub state: OutreachState,
    /// Why, where `state` is `waiting` or `person`.
    pub why: Option<OutreachWhy>,
    /// Since when.
    pub since: Instant,
    /// How many times were proposed.
    pub slots: u32,
    /// When the assistant writes again to a candidate who is away.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub away: Option<Instant>,
}

/// An outreach with what the candidate wrote.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachThread {
    /// The outreach.
    pub outreach: Outreach,
    /// The emails that came in about it, oldest first; at most 64.
    pub received: Vec<Received>,
    /// The email as it would leave, where it is to be approved.
    #[serde(default)]
    pub letter: Option<Written>,
}

/// Proposes times to a candidate. What is not said is as a booking would take it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachPropose {
    /// To whom, by reference; empty where `interview` says it.
    #[serde(default)]
    pub candidate: String,
    /// The interview that is moved to the time they choose, by reference; it keeps its people, its
    /// length, its meeting and link. `None`: a new one is booked.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub interview: Option<String>,
    /// For which job, by reference; `None`: the only open application's.
    #[serde(default)]
    pub job: Option<String>,
    /// The stage they are in, by reference, which says for which of several applications; refused
    /// where they are in another. `None`: whichever they are in.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub stage: Option<String>,
    /// How people join.
    #[serde(default, rename = "type")]
    pub kind: MeetingType,
    /// One to five times, each as people write it, such as `thu 10:30`, in `zone`; or RFC 3339 with
    /// an offset.
    pub slots: Vec<String>,
    /// How the writer orders day and month, such as `en_US`; `None`: as the zone's country does.
    #[serde(default)]
    pub locale: Option<String>,
    /// The IANA zone; `None`: the caller's.
    #[serde(default)]
    pub zone: Option<String>,
    /// How long, in minutes, 1 to 1440; `None`: the stage's plan.
    #[serde(default)]
    pub duration_minutes: Option<u32>,
    /// Who invites, by reference; `None`: the caller.
    #[serde(default)]
    pub organizer: Option<String>,
    /// Who takes part, by reference; empty: who the stage's panel comes to at each time, else the
    /// caller.
    #[serde(default)]
    pub with: Vec<String>,
    /// Whose Zoom hosts, by reference; `None`: the caller's.
    #[serde(default)]
    pub zoom_user: Option<String>,
    /// The link, entered manually.
    #[serde(default)]
    pub url: Option<String>,
    /// The meeting's number, entered manually.
    #[serde(default)]
    pub meeting_id: Option<String>,
    /// The passcode, entered manually.
    #[serde(default)]
    pub passcode: Option<String>,
    /// The telephone number or the place.
    #[serde(default)]
    pub details: Option<String>,
    /// Whether Zoom is to write a summary of it; `None`: as the stage says.
    #[serde(default)]
    pub zoom_notes: Option<bool>,
    /// The same key within 30 days returns the same outreach instead of proposing again.
    #[serde(default)]
    pub idempotency_key: Option<String>,
    /// Only says what would happen, and how the email would read.
    #[serde(default)]
    pub dry_run: bool,
}

/// Proposed times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Proposed {
    /// The outreach.
    pub outreach: Outreach,
    /// What speaks against each time though it can be booked, by its number from 1.
    pub warnings: Vec<SlotWarning>,
    /// It was proposed before, with the same key.
    pub repeated: bool,
    /// Nothing was written.
    pub dry_run: bool,
    /// The email as it would leave, in a dry run.
    pub letter: Option<Written>,
}

/// What speaks against a proposed time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SlotWarning {
    /// The time's number; `null` where it is about all of them.
    pub n: Option<u8>,
    /// What.
    pub finding: Finding,
}

/// Which outreaches: those that need a person first, then the open ones by age.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachQuery {
    /// Only with this candidate, by reference.
    #[serde(default)]
    pub candidate: Option<String>,
    /// Only for this job, by reference.
    #[serde(default)]
    pub job: Option<String>,
    /// Also those that are booked or over, after the others and newest first.
    #[serde(default)]
    pub past: bool,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows at most.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// Books one of the proposed times for the candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachAnswer {
    /// Which outreach.
    pub outreach: Reference,
    /// The number of the time, from 1.
    pub n: u8,
}

/// What an answer came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachAnswered {
    /// The outreach.
    pub outreach: Outreach,
    /// The interview; in a dry run as it would be.
    pub interview: Interview,
    /// How its time was judged.
    pub verdict: Verdict,
    /// Nothing was written.
    pub dry_run: bool,
    /// It was booked before.
    pub repeated: bool,
}

/// Stops an outreach and releases its times.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct OutreachStop {
    /// Which.
    pub outreach: Reference,
    /// Whether the candidate is emailed that the times are no longer available. Refused where it is
    /// not said and they may have the times already.
    #[serde(default)]
    pub tell: Option<bool>,
}

/// What an outreach is held on a candidate with.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeldOutreach {
    /// The outreach.
    pub id: OutreachId,
    /// To whom.
    pub candidate: CandidateId,
    /// For which application.
    pub application: ApplicationId,
    /// When it was started.
    pub created_at: Instant,
    /// How it stands.
    pub state: OutreachState,
    /// Since when.
    pub since: Instant,
    /// The times that were proposed.
    pub starts: Vec<Instant>,
    /// What was booked.
    pub interview: Option<InterviewId>,
}
