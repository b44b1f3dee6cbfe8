//! What people change about a booked interview, and what became of it.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::MeetingType;
use crate::time::Instant;
use crate::workspace::{MemberBrief, Reference};

/// Who requested a change.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Side {
    /// The company's.
    #[default]
    Us,
    /// The candidate's.
    Candidate,
}

/// Why something can't be undone any more: people know of it. A booking or a confirmation is
/// cancelled instead.
pub const EMAILS_HAVE_GONE_OUT: &str = "Emails have gone out";

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
    /// Marked as completed.
    Completed,
    /// Marked as a no-show.
    NoShow,
    /// The change before it was undone; as the first change, the booking itself was.
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
    /// By whom; `None`: the operator.
    pub by: Option<MemberBrief>,
    /// Of what kind.
    pub kind: ChangeKind,
    /// Who requested it.
    pub side: Side,
    /// Why.
    pub reason: Option<String>,
    /// When it was to begin before.
    pub former_start: Instant,
    /// Nobody asked for it: the daemon made it.
    #[serde(default)]
    pub automatic: bool,
}

/// Cancels an interview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InterviewCancel {
    /// Which.
    #[serde(flatten)]
    pub interview: Reference,
    /// Who requested it.
    #[serde(default)]
    pub by: Side,
    /// Why; shared with the candidate.
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
    /// The IANA zone; `None`: the interview's.
    #[serde(default)]
    pub zone: Option<String>,
    /// How long, in minutes, 1 to 1440; `None`: as long as before.
    #[serde(default)]
    pub duration_minutes: Option<u32>,
    /// Who requested it.
    #[serde(default)]
    pub by: Side,
    /// Why; shared with the candidate.
    #[serde(default)]
    pub reason: Option<String>,
    /// Refused, as a conflict, where something speaks against the time though it could be booked; as
    /// in a new interview.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refuse_advice: bool,
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
    /// Whether Zoom is to write a summary of it. Only for a Zoom meeting that Greenroom makes.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub zoom_notes: Option<bool>,
    /// Refused, as a conflict, where something speaks against the time with those who take part then,
    /// though it could be booked; as in a new interview.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub refuse_advice: bool,
}

impl From<Reference> for InterviewEdit {
    /// An edit that changes nothing yet.
    fn from(interview: Reference) -> Self {
        Self {
            interview,
            kind: None,
            organizer: None,
            with: None,
            zoom_user: None,
            url: None,
            meeting_id: None,
            passcode: None,
            details: None,
            zoom_notes: None,
            refuse_advice: false,
        }
    }
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
    /// Refused with the field `unsent` once an email about the change has left, or may have. Without
    /// it everyone is emailed again then.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub unsent: bool,
}
