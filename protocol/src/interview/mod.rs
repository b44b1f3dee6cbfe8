//! Interviews and their meetings.

mod attendee;
mod change;
mod panel;
mod reply;

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

pub use self::attendee::{Attendee, AttendeeRole, AttendeeState, RescheduleAsk};
pub use self::change::{
    Change, ChangeKind, EMAILS_HAVE_GONE_OUT, InterviewCancel, InterviewEdit, InterviewNoShow,
    InterviewReschedule, InterviewUndo, Side,
};
pub use self::panel::{PanelChoice, PanelMember, PanelProposal};
pub use self::reply::{InterviewRemind, InterviewReplace, ReplyFigures, ReplyQuery, ReplyReport};
use crate::drift::Drift;
use crate::id::{ApplicationId, CandidateId, InterviewId, MailId, MemberId};
use crate::mail::Written;
use crate::schedule::{Finding, Verdict};
use crate::time::Instant;
use crate::workspace::MemberBrief;
use crate::zoom::Standing;

/// How long an interview may be, in minutes: what Zoom takes for a meeting, and what every way to a
/// record holds to. Source: Zoom's Meetings API, `duration`.
pub const INTERVIEW_MINUTES: std::ops::RangeInclusive<u32> = 1..=1440;

/// How an interview stands.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum InterviewStatus {
    /// Planned; meeting details are made when it is confirmed.
    ToBeConfirmed,
    /// Fixed.
    Confirmed,
    /// It will not be held.
    Cancelled,
    /// It was held.
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
    /// What to do where it could not be made.
    #[serde(default)]
    pub hint: Option<String>,
    /// Zoom refused it, and would refuse the same again: something else must change first.
    #[serde(default)]
    pub refused_for_good: bool,
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
    /// How their connection stands; `None`: they are no member any more.
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
    /// Whether Zoom is asked to write a summary of it. Where Zoom does not, a warning says so.
    #[serde(default)]
    pub zoom_notes: bool,
}

/// Plans an interview.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewNew {
    /// With whom, by reference.
    pub candidate: String,
    /// For which job, by reference; `None`: the only open application's.
    #[serde(default)]
    pub job: Option<String>,
    /// How people join.
    #[serde(default, rename = "type")]
    pub kind: MeetingType,
    /// One time as people write it, such as `thu 10:30`, `2026-12-01 10:00` or `tomorrow 3pm their
    /// time`, in `zone`; or RFC 3339 with an offset.
    pub start: String,
    /// The moment that was shown for `start`; refused where the text means another one by now.
    /// `None`: none was shown.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub start_shown: Option<Instant>,
    /// How the writer orders day and month, such as `en_US`; `None`: as the zone's country does.
    #[serde(default, skip_serializing_if = "Option::is_none")]
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
    /// Who takes part, by reference; empty: who the stage's panel comes to at this time, else the
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
    /// Whether Zoom is to write a summary of it, as the invitation then says; `None`: as the
    /// stage says. Only for a Zoom meeting that Greenroom makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoom_notes: Option<bool>,
    /// Confirms it at once.
    #[serde(default)]
    pub confirm: bool,
    /// Refused, as a conflict, where something speaks against the time though it could be booked:
    /// outside hours, a full day, night for the candidate and the like.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refuse_advice: bool,
    /// The same key within 30 days returns the same interview instead of planning another.
    #[serde(default)]
    pub idempotency_key: Option<String>,
    /// Only says whether it would work.
    #[serde(default)]
    pub dry_run: bool,
    /// In a dry run, writes the invitations too; a host whose Zoom is not connected is then advice.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub preview: bool,
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
    /// Of a new interview: who the stage's panel comes to at this time, also where others were
    /// named. `None` where the stage has no panel.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub panel: Option<PanelProposal>,
    /// Of a previewed new interview: the invitations as they would be written now, the candidate's
    /// first. A link that is not made yet is in none of them.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub letters: Vec<Written>,
    /// The emails this call asked for without changing anything else, such as an invitation once
    /// more: `mail_undo` undoes them until they leave.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub emails: Vec<MailId>,
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
