//! Mail that leaves, how far it is, and what an invitation looks like.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::Error;
use crate::id::{ApplicationId, InterviewId, MailId};
use crate::time::Instant;

/// What kind of message.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailKind {
    /// An invitation to an interview: the first one, or an update after a change.
    Invitation,
    /// An interview is cancelled, or the reader is no longer part of it.
    Cancellation,
    /// An interview starts soon.
    Reminder,
    /// A Zoom connection must be made anew.
    ConnectionNotice,
    /// A Zoom admin is asked to approve the app.
    ApprovalRequest,
    /// The daemon needs an admin, or does not any more.
    ProblemNotice,
    /// Somebody who waits for that reads what the admin replied.
    ApprovalReply,
    /// Somebody who waits for that is asked to try, a working day after the request.
    ApprovalTry,
    /// Somebody who waits for that can connect: a colleague could.
    ApprovalGiven,
    /// A candidate is turned down.
    Rejected,
    /// A candidate who turned us down reads that we have noted it.
    Withdrawn,
    /// A candidate waits: their application is on hold.
    OnHold,
    /// What somebody wrote to a candidate.
    Message,
    /// An interviewer is asked to reply to an invitation.
    NoReplyReminder,
    /// The organizer reads that an interviewer does not reply, or declined.
    ReplyNotice,
    /// An admin reads that candidates are to be erased.
    RetentionNotice,
    /// Somebody is asked to make an app at Zoom, Google or Microsoft.
    AppSteps,
    /// A candidate is asked to choose one of several times.
    Proposal,
    /// A candidate reads that the times they were sent are no longer available.
    ProposalWithdrawn,
    /// A candidate is asked which of the times they mean.
    ProposalQuestion,
    /// A candidate is reminded of the times they can choose from.
    ProposalReminder,
    /// A candidate who named another time than the one booked is asked whether that is right.
    BookingQuestion,
    /// The organizer, and perhaps the interviewers, read that a candidate wrote shortly before the
    /// interview.
    UrgentNotice,
    /// The organizer, and later everybody who recruits, read that a candidate waits for a person.
    WaitingNotice,
}

/// How far a message is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum MailState {
    /// It has not left.
    Waiting,
    /// It is being handed over; or it was, and the answer was lost: it may have left, and is sent
    /// again under the same Message-ID.
    Sending,
    /// It left.
    Sent,
    /// It was refused for good.
    Failed,
    /// It was called back: nobody should get it any more.
    Withdrawn,
    /// It may have left before the store was restored from a backup; it is sent again when a person
    /// says so.
    Held,
}

/// A message, and how far it is. Its text is written when it leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Mail {
    /// The message.
    pub id: MailId,
    /// What kind.
    pub kind: MailKind,
    /// How far it is.
    pub state: MailState,
    /// To whom, by name; `None`: an address alone.
    pub to: Option<String>,
    /// Their address.
    pub address: String,
    /// The interview it is about.
    pub interview: Option<InterviewId>,
    /// The application it is about, where it is about no interview.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub application: Option<ApplicationId>,
    /// Its Message-ID, without brackets: the same however often it is sent.
    pub message_id: String,
    /// When it was asked for.
    pub created_at: Instant,
    /// It does not leave before.
    pub not_before: Instant,
    /// When it left, was refused or was called back.
    pub at: Option<Instant>,
    /// When it is tried next.
    pub next_try: Option<Instant>,
    /// How often it was tried.
    pub attempts: u32,
    /// Why it is not further, or never will be.
    pub reason: Option<String>,
    /// A person asked for this email and for nothing else: `mail_undo` undoes all of it, until it
    /// leaves.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub alone: bool,
}

/// Emails that people asked for alone, to be undone before they leave: written to several
/// candidates, a reminder, a request, an invitation once more.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailUndo {
    /// Which, by ID; at most [`MOST_AT_ONCE`](crate::pipeline::MOST_AT_ONCE).
    pub mails: Vec<String>,
    /// Only say what would be undone.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of each.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailUndone {
    /// In the order asked.
    pub items: Vec<MailUndoneItem>,
    /// How many never leave.
    pub undone: u64,
    /// Nothing was written.
    #[serde(default)]
    pub dry_run: bool,
}

/// What became of one email.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailUndoneItem {
    /// The email, as it was named.
    pub mail: String,
    /// Why it was not undone.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub error: Option<Error>,
}

/// Which messages.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailQuery {
    /// What left or was called back, newest first; else what waits or was refused, oldest first.
    #[serde(default)]
    pub past: bool,
    /// Only about this interview, by reference.
    #[serde(default)]
    pub interview: Option<String>,
    /// Only what leaves within seconds, so that what it is about can still be undone.
    #[serde(default, skip_serializing_if = "std::ops::Not::not")]
    pub leaving: bool,
    /// Where the last page ended.
    #[serde(default)]
    pub cursor: Option<String>,
    /// Rows at most.
    #[serde(default)]
    pub limit: Option<u32>,
}

/// A message and its text as it would be written now.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct MailPreview {
    /// The message.
    pub mail: Mail,
    /// What would leave now; nothing where nobody should get it any more, and the mail's reason
    /// says why.
    pub letter: Option<Written>,
}

/// A message as it leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Written {
    /// The sender, as mail programs show it.
    pub from: String,
    /// The recipient.
    pub to: String,
    /// The subject line.
    pub subject: String,
    /// The text.
    pub text: String,
    /// The calendar part (iCalendar), where it has one.
    pub calendar: Option<String>,
}

/// Asks for an interview's invitation as somebody would get it.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct InviteQuery {
    /// Which interview, by reference.
    pub interview: String,
    /// For whom: an interviewer's address or name; `None`: the candidate.
    #[serde(default)]
    pub to: Option<String>,
}
