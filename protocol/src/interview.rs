//! Interviews and their meetings.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::drift::Drift;
use crate::id::{ApplicationId, CandidateId, InterviewId, MailId, MemberId};
use crate::schedule::{Finding, Verdict};
use crate::time::Instant;
use crate::workspace::{MemberBrief, Reference};
use crate::zoom::Standing;

/// How an interview stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InterviewStatus {
    /// Planned; meeting details are made when it is confirmed.
    ToBeConfirmed,
    /// Fixed.
    Confirmed,
    /// Will not take place.
    Cancelled,
    /// Took place.
    Completed,
    /// Somebody did not come.
    NoShow,
}

/// How people join.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MeetingType {
    /// A Zoom meeting.
    #[default]
    Zoom,
    /// Another link.
    Link,
    /// A telephone number.
    Phone,
    /// A place.
    Place,
}

/// How far the meeting's details are.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MeetingState {
    /// Nothing to make, or not yet.
    None,
    /// Being made.
    Pending,
    /// People can join.
    Ready,
    /// Could not be made; the reason says why.
    Failed,
    /// Removed.
    Gone,
}

/// How to join.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Meeting {
    /// How people join.
    #[serde(rename = "type")]
    pub kind: MeetingType,
    /// How far it is.
    pub state: MeetingState,
    /// Why it is not further.
    pub reason: Option<String>,
    /// The link to join.
    pub join_url: Option<String>,
    /// Zoom's number for the meeting, as text.
    pub meeting_id: Option<String>,
    /// The passcode.
    pub passcode: Option<String>,
    /// The telephone number or the place.
    #[serde(default)]
    pub details: Option<String>,
    /// Whether the details were typed by a person.
    #[serde(default)]
    pub manual: bool,
    /// When a pending one is tried next.
    #[serde(default)]
    pub next_try: Option<Instant>,
}

/// The candidate of an interview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateBrief {
    /// The candidate.
    pub id: CandidateId,
    /// Their name.
    pub name: String,
    /// Their address.
    pub email: String,
    /// Their IANA time zone, if known.
    pub zone: Option<String>,
}

/// The member whose Zoom hosts.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Host {
    /// The member.
    pub id: MemberId,
    /// Their name.
    pub name: String,
    /// Their Zoom user's address.
    pub zoom_email: String,
    /// How their connection stands; nothing: they are no member any more.
    #[serde(default)]
    pub connection: Option<Standing>,
}

/// A planned talk.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Interview {
    /// The interview.
    pub id: InterviewId,
    /// The record's revision.
    pub revision: u64,
    /// How it stands.
    pub status: InterviewStatus,
    /// When it begins.
    pub start: Instant,
    /// The IANA zone it was planned in.
    pub zone: String,
    /// That zone's offset at the start as assumed when it was planned, such as `+05:30`.
    pub offset: String,
    /// How long, in minutes.
    pub duration_minutes: u32,
    /// Who invites.
    pub organizer: MemberBrief,
    /// Whose Zoom hosts, for a Zoom meeting we make.
    pub host: Option<Host>,
    /// Who takes part.
    pub interviewers: Vec<MemberBrief>,
    /// With whom.
    pub candidate: CandidateBrief,
    /// For which application.
    pub application: ApplicationId,
    /// The job's title.
    pub job_title: String,
    /// The application's stage when it was planned.
    pub stage_name: String,
    /// What to bear in mind.
    pub warnings: Vec<Finding>,
    /// How to join.
    pub meeting: Meeting,
    /// When it was planned.
    pub created_at: Instant,
    /// Whether the candidate did not come.
    #[serde(default)]
    pub candidate_absent: bool,
    /// The interviewers who did not come.
    #[serde(default)]
    pub absent: Vec<MemberBrief>,
    /// How many changes people made; the number of the last is what an undo names.
    #[serde(default)]
    pub change: u32,
    /// The latest changes, oldest first.
    #[serde(default)]
    pub changes: Vec<Change>,
    /// How the meeting at Zoom differs from this, where a check found that it does.
    #[serde(default)]
    pub drift: Option<Drift>,
    /// Who is or was invited, and what they answered; the candidate first.
    #[serde(default)]
    pub attendees: Vec<Attendee>,
    /// Who asks for another time, newest last.
    #[serde(default)]
    pub asks: Vec<RescheduleAsk>,
}

/// Whose wish a change was.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The company's.
    #[default]
    Us,
    /// The candidate's.
    Candidate,
}

/// What kind of change it was.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ChangeKind {
    /// Confirmed.
    Confirmed,
    /// Another time.
    Rescheduled,
    /// Other people, or another way to join.
    Edited,
    /// Cancelled.
    Cancelled,
    /// Marked as having taken place.
    Completed,
    /// Marked as a no-show.
    NoShow,
    /// The change before it was taken back.
    Undone,
    /// A difference to the meeting at Zoom was mended.
    Repaired,
}

/// A change that somebody made.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Change {
    /// Its number, from 1.
    pub number: u32,
    /// When.
    pub at: Instant,
    /// By whom; nothing: the operator.
    pub by: Option<MemberBrief>,
    /// Of what kind.
    pub kind: ChangeKind,
    /// Whose wish it was.
    pub side: Side,
    /// Why.
    pub reason: Option<String>,
    /// When it was to begin before.
    pub former_start: Instant,
}

/// Cancels an interview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewCancel {
    /// Which.
    #[serde(flatten)]
    pub interview: Reference,
    /// Whose wish it is.
    #[serde(default)]
    pub by: Side,
    /// Why; the candidate is told.
    #[serde(default)]
    pub reason: Option<String>,
}

impl From<Reference> for InterviewCancel {
    fn from(interview: Reference) -> Self {
        Self {
            interview,
            by: Side::Us,
            reason: None,
        }
    }
}

/// Moves an interview to another time; its meeting and link stay.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewReschedule {
    /// Which.
    #[serde(flatten)]
    pub interview: Reference,
    /// RFC 3339 with an offset, or a local time (`2026-12-01 10:00`) in `zone`.
    pub start: String,
    /// The IANA zone; nothing: the interview's.
    #[serde(default)]
    pub zone: Option<String>,
    /// How long, in minutes, 5 to 1440; nothing: as long as before.
    #[serde(default)]
    pub duration_minutes: Option<u32>,
    /// Whose wish it is.
    #[serde(default)]
    pub by: Side,
    /// Why; the candidate is told.
    #[serde(default)]
    pub reason: Option<String>,
}

/// Changes who takes part or how people join. What is not named stays.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewEdit {
    /// Which.
    #[serde(flatten)]
    pub interview: Reference,
    /// How people join. `zoom` without a link: a meeting is made.
    #[serde(default, rename = "type")]
    pub kind: Option<MeetingType>,
    /// Who invites, by reference.
    #[serde(default)]
    pub organizer: Option<String>,
    /// Who takes part, by reference, in place of those before.
    #[serde(default)]
    pub with: Option<Vec<String>>,
    /// Whose Zoom hosts, by reference.
    #[serde(default)]
    pub zoom_user: Option<String>,
    /// The link, by hand.
    #[serde(default)]
    pub url: Option<String>,
    /// The meeting's number, by hand.
    #[serde(default)]
    pub meeting_id: Option<String>,
    /// The passcode, by hand.
    #[serde(default)]
    pub passcode: Option<String>,
    /// The telephone number or the place.
    #[serde(default)]
    pub details: Option<String>,
}

/// Marks an interview to which somebody did not come.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewNoShow {
    /// Which.
    #[serde(flatten)]
    pub interview: Reference,
    /// The interviewers who did not come, by reference; none: the candidate did not come.
    #[serde(default)]
    pub absent: Vec<String>,
}

/// Takes a change back.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewUndo {
    /// Which.
    #[serde(flatten)]
    pub interview: Reference,
    /// The number of the change; refused unless it is the latest.
    pub change: u32,
}

/// What somebody is in an interview.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AttendeeRole {
    /// The candidate.
    Candidate,
    /// Somebody who takes part for the company.
    Interviewer,
}

/// How far somebody's invitation is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum AttendeeState {
    /// The invitation has not left.
    Waiting,
    /// They have it and have not answered.
    Invited,
    /// They come.
    Accepted,
    /// They do not.
    Declined,
    /// Perhaps.
    Tentative,
    /// Mail does not reach them; the reason says why.
    Unreached,
    /// They were told, or are being told, that it does not take place with them.
    Dismissed,
}

/// Somebody invited.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Attendee {
    /// What they are in it.
    pub role: AttendeeRole,
    /// Their name.
    pub name: String,
    /// Their address: where the newest letter went, else where it will go.
    pub email: String,
    /// How far their invitation is.
    pub state: AttendeeState,
    /// When the newest invitation left.
    pub invited_at: Option<Instant>,
    /// When they answered, by their calendar.
    pub answered_at: Option<Instant>,
    /// Why mail does not reach them.
    pub reason: Option<String>,
    /// The newest letter to them.
    pub mail: MailId,
}

/// Somebody asks for another time. Nothing is done about it but to show it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RescheduleAsk {
    /// Their name.
    pub name: String,
    /// When it came.
    pub at: Instant,
    /// The start they propose.
    pub start: Option<Instant>,
    /// How long, in minutes, where they propose another length.
    pub duration_minutes: Option<u32>,
    /// What they say about it.
    pub comment: Option<String>,
}

/// Plans an interview.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewNew {
    /// With whom, by reference.
    pub candidate: String,
    /// For which job, by reference; nothing: the only open application's.
    #[serde(default)]
    pub job: Option<String>,
    /// How people join.
    #[serde(default, rename = "type")]
    pub kind: MeetingType,
    /// RFC 3339 with an offset, or a local time (`2026-12-01 10:00`) in `zone`.
    pub start: String,
    /// The IANA zone; nothing: the caller's.
    #[serde(default)]
    pub zone: Option<String>,
    /// How long, in minutes, 5 to 1440; nothing: the stage's plan.
    #[serde(default)]
    pub duration_minutes: Option<u32>,
    /// Who invites, by reference; nothing: the caller.
    #[serde(default)]
    pub organizer: Option<String>,
    /// Who takes part, by reference; empty: the caller.
    #[serde(default)]
    pub with: Vec<String>,
    /// Whose Zoom hosts, by reference; nothing: the caller's.
    #[serde(default)]
    pub zoom_user: Option<String>,
    /// The link, by hand.
    #[serde(default)]
    pub url: Option<String>,
    /// The meeting's number, by hand.
    #[serde(default)]
    pub meeting_id: Option<String>,
    /// The passcode, by hand.
    #[serde(default)]
    pub passcode: Option<String>,
    /// The telephone number or the place.
    #[serde(default)]
    pub details: Option<String>,
    /// Confirms it at once.
    #[serde(default)]
    pub confirm: bool,
    /// The same key within 30 days returns the same interview instead of planning another.
    #[serde(default)]
    pub idempotency_key: Option<String>,
    /// Only says whether it would work.
    #[serde(default)]
    pub dry_run: bool,
}

/// What a plan, a confirmation or a cancellation came to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Outcome {
    /// The interview as it is now (as it would be, in a dry run).
    pub interview: Interview,
    /// How the time was judged.
    pub verdict: Verdict,
    /// An earlier call with the same idempotency key had made it.
    #[serde(default)]
    pub repeated: bool,
    /// Nothing was written.
    #[serde(default)]
    pub dry_run: bool,
}

/// Which interviews, by start.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewQuery {
    /// Starting at or after.
    #[serde(default)]
    pub from: Option<Instant>,
    /// Starting before.
    #[serde(default)]
    pub to: Option<Instant>,
    /// Only this candidate's, by reference.
    #[serde(default)]
    pub candidate: Option<String>,
    /// Only those this member takes part in, by reference.
    #[serde(default)]
    pub member: Option<String>,
    /// Only those that stand so; empty: all.
    #[serde(default)]
    pub status: Vec<InterviewStatus>,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows at most.
    #[serde(default)]
    pub limit: Option<u32>,
}
