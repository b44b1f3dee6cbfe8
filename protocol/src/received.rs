//! Email that came in and is kept: what candidates and colleagues write, beside what their
//! calendars answer.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::{CandidateId, InterviewId, OutreachId, TurnId};
use crate::interview::{AttendeeRole, AttendeeState};
use crate::reply::{ActKind, IntentKind};
use crate::time::Instant;
use crate::workspace::Reference;

/// Who wrote an email, as far as its address says.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum ReceivedFrom {
    /// The candidate.
    Candidate,
    /// A member.
    Member,
    /// An address that is nobody's here.
    Other,
}

/// An email that came in, without its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReceivedMail {
    /// The email.
    pub id: TurnId,
    /// When it was read from the mailbox.
    pub at: Instant,
    /// When it was written, by its own account.
    pub written_at: Option<Instant>,
    /// Who wrote it.
    pub who: ReceivedFrom,
    /// Their name, as it is known here; of somebody else as the email gives it.
    pub name: String,
    /// The address it came from.
    pub from: String,
    /// The candidate it is filed under.
    pub candidate: Option<CandidateId>,
    /// Their name.
    pub candidate_name: Option<String>,
    /// The interview it is about, where it answers an email about one.
    pub interview: Option<InterviewId>,
    /// The outreach it is about, where it answers proposed times.
    #[serde(default)]
    pub outreach: Option<OutreachId>,
    /// Its subject.
    pub subject: String,
    /// How its text begins, on one line.
    pub beginning: String,
    /// A machine wrote it, such as an absence notice.
    pub automatic: bool,
    /// A person wrote it, and nobody has read it here.
    pub unread: bool,
    /// It is a reply that came from another address, and does not count until it is accepted.
    pub set_aside: Option<SetAside>,
}

/// A reply that came from another address than the attendee's.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct SetAside {
    /// For whom it replies, by name; `null` where it does not say so.
    pub attendee: Option<String>,
    /// What they are in the interview.
    pub role: Option<AttendeeRole>,
    /// What their calendar answers; `null` where it replies in words or only proposes a time.
    pub answer: Option<AttendeeState>,
    /// The start it proposes.
    pub start: Option<Instant>,
    /// The length it proposes, in minutes.
    pub duration_minutes: Option<u32>,
    /// What it says about that.
    pub comment: Option<String>,
}

/// An email that came in, with its text.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Received {
    /// The email.
    pub mail: ReceivedMail,
    /// What its writer says now: other people's text, plain, at most 20 kB.
    pub text: String,
    /// Quotes and signature, as they stood.
    pub quoted: Option<String>,
    /// The email was longer than what is kept.
    pub cut: bool,
    /// The names of files that came with it; the files are in the mailbox.
    pub files: Vec<String>,
    /// What the assistant made of it; absent where it did not read it.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub understood: Option<Understood>,
}

/// What the assistant made of an email.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Understood {
    /// What it says, what matters most first.
    pub intents: Vec<UnderstoodIntent>,
    /// What follows; `null`: it could not be read.
    pub act: Option<ActKind>,
    /// The number of the time that is chosen.
    pub n: Option<u8>,
    /// Why, in a few words.
    pub why: String,
}

/// Something that an email says.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct UnderstoodIntent {
    /// What.
    pub kind: IntentKind,
    /// The words it was read from: other people's text, plain.
    pub words: String,
}

/// Which emails; newest first.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReceivedQuery {
    /// Only those filed under this candidate, by reference.
    #[serde(default)]
    pub candidate: Option<String>,
    /// Only those about this interview, by reference.
    #[serde(default)]
    pub interview: Option<String>,
    /// Only those that nobody has read.
    #[serde(default)]
    pub unread: bool,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows at most.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// Accepts a reply that came from another address as the attendee's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ReceivedAccept {
    /// Which email.
    pub mail: Reference,
    /// Whose it is, by address or name; `null` means the attendee it replies for.
    #[serde(default)]
    pub attendee: Option<String>,
    /// From now on, what comes from this address counts as theirs.
    #[serde(default)]
    pub remember: bool,
}

/// An email as it is handed out with everything that is held on a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct HeldEmail {
    /// The email.
    pub id: TurnId,
    /// When it was read from the mailbox.
    pub at: Instant,
    /// The address it came from.
    pub from: String,
    /// The name beside that address.
    pub name: Option<String>,
    /// The interview it is about.
    pub interview: Option<InterviewId>,
    /// Its subject.
    pub subject: String,
    /// Its whole text, as it is kept.
    pub text: String,
    /// The email was longer than what is kept.
    pub cut: bool,
    /// A machine wrote it.
    pub automatic: bool,
    /// The names of files that came with it.
    pub files: Vec<String>,
}
