//! What is stored of mail: what waits on the outbox, what left, and what is known of addresses.

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId, MemberId, OutreachId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::setting_up::AppKind;
use greenroom_protocol::status::ProblemKind;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::grants::Owner;
use crate::records::invitation::Peer;
use crate::store::Record;

/// Somebody a letter is for. The address is looked up when it leaves.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum Recipient {
    /// A candidate.
    Candidate(CandidateId),
    /// A member.
    Member(MemberId),
    /// Somebody else, by address.
    Address(String),
}

impl Peer {
    /// The guest an email is for.
    pub fn of(to: &Recipient) -> Option<Self> {
        match to {
            Recipient::Candidate(id) => Some(Self::Candidate(*id)),
            Recipient::Member(id) => Some(Self::Member(*id)),
            Recipient::Address(_) => None,
        }
    }

    /// Where emails to this guest go.
    pub fn recipient(self) -> Recipient {
        match self {
            Self::Candidate(id) => Recipient::Candidate(id),
            Self::Member(id) => Recipient::Member(id),
        }
    }
}

/// What a letter is about.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum About {
    /// An interview.
    Interview(InterviewId),
    /// A member's Zoom connection.
    Connection(MemberId),
    /// An account at Google or Microsoft.
    Account(AccountProvider, Owner),
    /// Something that an admin is needed for.
    Problem(ProblemKind),
    /// A candidate's application.
    Application(ApplicationId),
    /// Candidates who are to be erased.
    Retention,
    /// An app that somebody is asked to make.
    App(AppKind),
    /// Times that are proposed to a candidate.
    Outreach(OutreachId),
}

/// How a message reaches people. A channel is a room that implements [`super::Channel`].
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Hash, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum ChannelKind {
    /// By email.
    #[default]
    Email,
}

/// How far a letter is.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum MessageState {
    /// It has not left.
    Waiting,
    /// It is being handed over, or was when the daemon ended: it may have left. Durable before
    /// anything leaves.
    Sending {
        /// Since when.
        at: Instant,
    },
    /// It left.
    Sent {
        /// When.
        at: Instant,
    },
    /// It was refused for good.
    Failed {
        /// When.
        at: Instant,
        /// Why.
        why: String,
    },
    /// It may have left before the store was restored: a person has it sent again, or lets it be.
    Held {
        /// Since when.
        at: Instant,
        /// Why.
        why: String,
    },
    /// It was called back before it left, or before that was known.
    Withdrawn {
        /// When.
        at: Instant,
        /// Why.
        why: String,
        /// Whether it may have left before.
        may_have_left: bool,
    },
}

/// A letter to be written and sent. There is no text in it: it is written from the records as they
/// are when it leaves.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct MessageRecord {
    /// How it leaves. Those from before there was a choice are emails.
    #[serde(default)]
    pub channel: ChannelKind,
    /// What kind of message.
    pub kind: MailKind,
    /// To whom.
    pub to: Recipient,
    /// What about.
    pub about: About,
    /// It does not leave before.
    pub not_before: Instant,
    /// When it was asked for.
    pub created_at: Instant,
    /// How far it is.
    pub state: MessageState,
    /// The address it goes or went to, once it is handed over.
    #[serde(default)]
    pub address: Option<String>,
    /// The address it came from when it was handed over last, which its Message-ID carries. `None`
    /// before that, and in versions before 0.3.0.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub from: Option<String>,
    /// What its author wants to know again when it has left.
    #[serde(default)]
    pub memo: Option<String>,
    /// The letter it follows in a mail program's thread.
    #[serde(default)]
    pub follows: Option<greenroom_protocol::id::MailId>,
    /// Why it did not arrive, where that was heard after it left.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub bounced: Option<String>,
    /// How often it was handed over without an answer: it may have arrived as often.
    #[serde(default)]
    pub unanswered: u32,
    /// Who asked for this message and for nothing else: to call it back undoes all they did.
    #[serde(default, skip_serializing_if = "Option::is_none")]
    pub asked_by: Option<MemberId>,
}

impl MessageRecord {
    /// Whether it has left its sender, or may have: what is being handed over counts.
    pub fn may_have_left(&self) -> bool {
        match self.state {
            // A try before may have been taken.
            MessageState::Waiting | MessageState::Failed { .. } => self.unanswered > 0,
            MessageState::Sending { .. }
            | MessageState::Sent { .. }
            | MessageState::Held { .. } => true,
            MessageState::Withdrawn { may_have_left, .. } => may_have_left,
        }
    }
}

/// The outbox: what has yet to leave, and what was refused.
impl Record for MessageRecord {
    const TABLE: &'static str = "outbox";
    const SCHEMA: u32 = 1;
}

/// What left, or was called back. Kept apart, so that the outbox is as small as what waits.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(transparent)]
pub struct PastMessage(pub MessageRecord);

impl Record for PastMessage {
    const TABLE: &'static str = "sent";
    const SCHEMA: u32 = 1;
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_message_from_before_bounces_and_channels_is_an_email_that_did_not_bounce() {
        let stored = r#"{"kind":"invitation","to":{"address":"a@b.example"},"about":{"interview":"int_01kf00000074080000000000r1"},
            "not_before":"2026-11-30T09:00:00Z","created_at":"2026-11-30T09:00:00Z","state":{"is":"waiting"}}"#;
        let read: MessageRecord = serde_json::from_str(stored).expect("a record");
        assert_eq!((read.bounced, read.unanswered), (None, 0));
        assert_eq!(read.from, None);
        assert_eq!(read.asked_by, None);
        assert_eq!(read.channel, ChannelKind::Email);
    }
}
