//! A member's day: what is next, what needs them, and which candidates wait too long.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::account::AccountProvider;
use crate::id::{
    ApplicationId, CandidateId, InterviewId, JobId, MemberId, OutreachId, StageId, TurnId,
};
use crate::interview::Interview;
use crate::time::Instant;
use crate::workspace::MemberBrief;
use crate::zoom::Standing;

/// The usual number of days after which a candidate waits too long in a stage.
pub const WAITING_DAYS: u32 = 5;

/// What of the caller's day.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TodayQuery {
    /// The IANA zone in which days end and times are written; `null` means the caller's own.
    #[serde(default)]
    pub zone: Option<String>,
    /// After how many days in a stage without an interview a candidate waits too long, 1 to 365;
    /// `null` means [`WAITING_DAYS`].
    #[serde(default)]
    pub waiting_days: Option<u32>,
}

/// A member's day. What they may not see is in none of it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Today {
    /// The moment it is true of.
    pub at: Instant,
    /// Interviews that start before this are in `next`: the end of tomorrow, or 24 hours from now if
    /// that is later.
    pub until: Instant,
    /// Upcoming interviews the caller organizes or takes part in, by start; at most 50.
    pub next: Vec<Upcoming>,
    /// How many there are.
    pub next_total: u64,
    /// What the caller should see to, urgent first, then by time; at most 100.
    pub needs_me: Vec<NeedsMe>,
    /// How many there are.
    pub needs_me_total: u64,
    /// Stages of open jobs in which candidates wait too long, the longest wait first; at most 100.
    pub waiting: Vec<Waiting>,
    /// After how many days somebody waits too long.
    pub waiting_days: u32,
    /// How many candidates wait, in all such stages.
    pub waiting_total: u64,
    /// The Zoom connections that the caller's upcoming interviews depend on and that host nothing
    /// now, the worst first.
    pub connections: Vec<Dependence>,
    /// What the screens' badges say.
    pub badges: Badges,
    /// Since when the oldest email waits that the caller should read or answer; `null`: none does.
    #[serde(default)]
    pub oldest_email: Option<Instant>,
}

/// An upcoming interview.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Upcoming {
    /// The interview.
    pub interview: Interview,
    /// What is wrong with it, or open, in a sentence; `null` where all is well.
    pub note: Option<String>,
}

/// What something that needs the caller is about. More may be added.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NeedKind {
    /// The meeting could not be made, or was deleted in Zoom.
    MeetingFailed,
    /// The meeting in Zoom differs from the booking.
    OutOfSync,
    /// Somebody declined.
    Declined,
    /// Somebody proposes a new time.
    ProposedTime,
    /// Somebody wrote an email that nobody has read.
    WroteEmail,
    /// A reply came from another address and does not count until it is accepted.
    OtherAddress,
    /// An email about the interview bounced.
    EmailBounced,
    /// The mail server refused an email about the interview.
    EmailRefused,
    /// An interviewer has not replied to the invitation.
    NoReply,
    /// An interview starts soon and is not confirmed.
    Unconfirmed,
    /// A Zoom connection that upcoming interviews depend on must be connected.
    Reconnect,
    /// The Zoom admin replied to the request to approve the app.
    ApprovalReply,
    /// The app is approved, and the caller has not connected since.
    Approved,
    /// An account at Google or Microsoft must be connected again: the caller's, or the workspace's.
    ReconnectAccount,
    /// The app there is approved, and the account has not been connected since.
    AccountApproved,
    /// A calendar that says when `member` is busy elsewhere can't be read, or is too old.
    Calendar,
    /// A summary or notes of an interview that the caller has not opened.
    NewInsight,
    /// Times that were proposed to a candidate need a person: an answer to read, or nobody chose.
    ProposedSlots,
    /// One that this program does not know yet; its message says what it is.
    #[serde(other)]
    Other,
}

/// What to do about it first.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum NeedAction {
    /// Move the interview to another time.
    Reschedule,
    /// Cancel the interview.
    Cancel,
    /// Read the email.
    Read,
    /// Confirm the interview, or try again to make its meeting.
    Confirm,
    /// Change who takes part or how people join.
    Edit,
    /// Resolve the difference with Zoom.
    Repair,
    /// Email the member to reconnect their Zoom.
    Remind,
    /// Connect one's own Zoom.
    Connect,
    /// Connect the account at Google or Microsoft.
    ConnectAccount,
    /// Read the summary or notes.
    ReadInsight,
    /// Look at the record.
    #[serde(other)]
    Open,
}

/// Something the caller should see to.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NeedsMe {
    /// Names it for as long as it stands: what is selected stays selected.
    pub key: String,
    /// What it is about.
    pub kind: NeedKind,
    /// What to do about it first.
    pub action: NeedAction,
    /// It concerns an interview that starts within 24 hours.
    pub urgent: bool,
    /// Since when it stands.
    pub since: Instant,
    /// When the interview it concerns starts; `null` where it concerns none to come.
    pub due: Option<Instant>,
    /// Whom it is about, by name.
    pub who: String,
    /// What is to be said of them: continues the name to a sentence.
    pub message: String,
    /// The candidate.
    pub candidate: Option<CandidateId>,
    /// The application.
    pub application: Option<ApplicationId>,
    /// The interview.
    pub interview: Option<InterviewId>,
    /// The received email.
    pub email: Option<TurnId>,
    /// The member it is about: whose Zoom or account, or who declined.
    pub member: Option<MemberId>,
    /// Where the account is that it is about: `member`'s, or the workspace's where that is `null`.
    #[serde(default)]
    pub account: Option<AccountProvider>,
    /// The outreach.
    #[serde(default)]
    pub outreach: Option<OutreachId>,
    /// The start somebody proposes.
    pub proposed: Option<Instant>,
    /// How many upcoming interviews depend on it.
    pub interviews: Option<u32>,
}

/// A stage in which candidates wait too long: active, and without an interview since they came to
/// it.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Waiting {
    /// The job.
    pub job: JobId,
    /// Its title.
    pub job_title: String,
    /// The stage.
    pub stage: StageId,
    /// Its name.
    pub stage_name: String,
    /// How many wait there.
    pub candidates: u64,
    /// Since when the first of them does.
    pub since: Instant,
    /// Those who wait longest, at most three.
    pub longest: Vec<WaitingCandidate>,
}

/// A candidate who waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct WaitingCandidate {
    /// The candidate.
    pub candidate: CandidateId,
    /// Their name.
    pub name: String,
    /// The application.
    pub application: ApplicationId,
    /// Since when they are in the stage.
    pub since: Instant,
}

/// A Zoom connection that hosts nothing now, and that the caller's upcoming interviews depend on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Dependence {
    /// Whose it is.
    pub member: MemberBrief,
    /// How it stands, why, and what to do.
    pub standing: Standing,
    /// How many of the caller's upcoming interviews it hosts.
    pub interviews: u32,
    /// When the first of them starts.
    pub first: Instant,
}

/// The counts beside the screens' names; 0 shows none.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Badges {
    /// What needs the caller.
    pub today: u64,
    /// What waits for the caller at the assistant.
    pub assistant: u64,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn kinds_and_actions_of_a_later_version_are_read() {
        let kind: NeedKind = serde_json::from_str(r#""meeting-moved""#).unwrap();
        let action: NeedAction = serde_json::from_str(r#""call-them""#).unwrap();
        assert_eq!((kind, action), (NeedKind::Other, NeedAction::Open));
        let known: NeedKind = serde_json::from_str(r#""proposed-time""#).unwrap();
        assert_eq!(known, NeedKind::ProposedTime);
    }
}
