//! What is under way, and how the last thing ended.
//!
//! Owns tickets: each action gets one, with what its answer is for. Invariant: a ticket is settled
//! once; an answer without a ticket is dropped.

use std::borrow::Cow;
use std::collections::BTreeMap;
use std::time::Duration;

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, InterviewId, MemberId};
use jiff::Timestamp;

use super::queries::Need;
use super::undo::Undo;
use crate::forms::{Ask, FormKey};

/// How long the last outcome stays in the bottom line.
pub(crate) const OUTCOME_STAYS: Duration = Duration::from_secs(4);

/// The number of one action.
#[derive(Clone, Copy, Debug, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub(crate) struct Ticket(pub(crate) u64);

/// Notes that somebody begins to write: on which interview, over which revision of what.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Draft {
    pub(crate) interview: InterviewId,
    pub(crate) revision: u64,
    pub(crate) former: String,
}

/// What an answer is for.
#[derive(Clone, Debug, PartialEq)]
pub(crate) enum Purpose {
    /// Something that is shown.
    Show(Need),
    /// More rows of the list of candidates.
    More,
    /// A form was sent.
    Send(FormKey),
    /// What a form asks while it is filled in.
    Ask(FormKey, Ask),
    /// A file a form named.
    Read(FormKey),
    /// The request is written to the file a form named; what is said then.
    Save(FormKey, String),
    /// A candidate moved; the name for the outcome, and the application's revision before.
    Move(String, Option<u64>),
    /// Something is taken back.
    Undo(Undo),
    /// An interview is changed; what happens meanwhile.
    Change(InterviewId, &'static str),
    /// The meetings to come are held against Zoom.
    Check,
    /// This member's Zoom is to be tested.
    TestZoom(MemberId),
    /// A meeting that nobody needs is deleted at Zoom.
    DeleteStray,
    /// A letter is sent again.
    RetryMail,
    /// More of the mail that left.
    MoreMail,
    /// An email that came in was opened.
    MarkRead,
    /// A reply from another address is accepted.
    AcceptReply,
    /// Notes are being written in the editor.
    Compose(Draft),
    /// They are on their way to the daemon.
    Note(String),
    /// They could not be used, and are kept in a file.
    Keep,
    /// A colleague is told by mail; their name.
    Tell(String),
    /// A candidate is erased.
    Erase(CandidateId),
    /// The steps of a connect.
    Listen,
    Start,
    Await,
    Finish,
    Stop,
    /// The sandbox agrees.
    Sandbox,
    /// Zoom is disconnected.
    Disconnect,
    /// Another workspace becomes the usual one; its name.
    Use(String),
    /// A text goes to the clipboard; what it is.
    Copy(Cow<'static, str>),
    /// An address goes to the browser.
    Browse,
    /// The desktop is told something; nobody answers.
    Notify,
}

impl Purpose {
    /// Whether the daemon changes something for it.
    fn changes(&self) -> bool {
        matches!(
            self,
            Self::Send(_)
                | Self::Move(..)
                | Self::Undo(_)
                | Self::Change(..)
                | Self::TestZoom(_)
                | Self::DeleteStray
                | Self::RetryMail
                | Self::MarkRead
                | Self::AcceptReply
                | Self::Erase(_)
                | Self::Tell(_)
                | Self::Compose(_)
                | Self::Note(_)
                | Self::Finish
                | Self::Disconnect
                | Self::Use(_)
        )
    }

    /// What is said while it takes long; nothing for what only helps, or waits for a person.
    fn words(&self) -> Option<String> {
        Some(match self {
            Self::Show(_) | Self::More | Self::MoreMail => "waiting for the daemon…".into(),
            Self::Ask(..) | Self::MarkRead | Self::Await | Self::Stop => {
                return None;
            }
            Self::Send(key) => format!("{}…", key.kind.doing()),
            Self::Read(_) => "reading the file…".into(),
            Self::Save(..) => "writing the file…".into(),
            Self::Move(name, _) => format!("moving {name}…"),
            Self::Undo(undo) => format!("undoing: {}…", undo.name()),
            Self::Change(_, doing) => format!("{doing}…"),
            Self::Check => "asking for the check…".into(),
            Self::TestZoom(_) => "starting the test…".into(),
            Self::RetryMail => "sending again…".into(),
            Self::AcceptReply => "accepting…".into(),
            Self::DeleteStray => "deleting…".into(),
            Self::Erase(_) => "erasing…".into(),
            Self::Tell(name) => format!("telling {name}…"),
            Self::Note(_) => "keeping the notes…".into(),
            Self::Listen | Self::Start => "asking Zoom for its address…".into(),
            Self::Finish => "finishing with Zoom…".into(),
            Self::Sandbox => "the sandbox answers…".into(),
            Self::Disconnect => "disconnecting…".into(),
            Self::Use(name) => format!("going to {name}…"),
            Self::Copy(_) | Self::Browse | Self::Notify | Self::Compose(_) | Self::Keep => {
                return None;
            }
        })
    }
}

/// How something ended, for the bottom line.
#[derive(Clone, Debug, PartialEq)]
pub(crate) struct Outcome {
    pub(crate) words: String,
    pub(crate) good: bool,
    pub(crate) until: Timestamp,
}

/// Everything under way, and the last outcome.
#[derive(Debug, Default)]
pub(crate) struct Work {
    next: u64,
    under_way: BTreeMap<Ticket, (Purpose, Timestamp)>,
    pub(crate) outcome: Option<Outcome>,
    /// The last failure, to be read again.
    pub(crate) failure: Option<Error>,
}

impl Work {
    /// A ticket for something that begins now.
    pub(crate) fn begin(&mut self, purpose: Purpose, now: Timestamp) -> Ticket {
        self.next += 1;
        let ticket = Ticket(self.next);
        self.under_way.insert(ticket, (purpose, now));
        ticket
    }

    /// What a ticket was for; nothing when it was settled before.
    pub(crate) fn settle(&mut self, ticket: Ticket) -> Option<Purpose> {
        self.under_way.remove(&ticket).map(|(purpose, _)| purpose)
    }

    /// Whether something of that purpose is under way.
    pub(crate) fn is_under_way(&self, purpose: &Purpose) -> bool {
        self.under_way.values().any(|(other, _)| other == purpose)
    }

    /// Whether a test of this member's Zoom is being started.
    pub(crate) fn starts_test(&self, member: MemberId) -> bool {
        self.is_under_way(&Purpose::TestZoom(member))
    }

    /// Whether something is being taken back.
    pub(crate) fn takes_back(&self) -> bool {
        let all = &mut self.under_way.values();
        all.any(|(purpose, _)| matches!(purpose, Purpose::Undo(_)))
    }

    /// Whether something that changes records is under way: its answer belongs to this workspace.
    pub(crate) fn changes_something(&self) -> bool {
        self.under_way
            .values()
            .any(|(purpose, _)| purpose.changes())
    }

    /// Says in the bottom line how something ended.
    pub(crate) fn say(&mut self, words: impl Into<String>, good: bool, now: Timestamp) {
        let until = now.checked_add(OUTCOME_STAYS).unwrap_or(now);
        self.outcome = Some(Outcome {
            words: words.into(),
            good,
            until,
        });
    }

    /// The longest-running thing that somebody waits for, and how long it takes so far.
    pub(crate) fn longest(&self, now: Timestamp) -> Option<(String, Duration)> {
        let waited = |since: Timestamp| now.duration_since(since).try_into().unwrap_or_default();
        self.under_way
            .values()
            .filter_map(|(purpose, since)| Some((purpose.words()?, waited(*since))))
            .max_by_key(|(_, waited)| *waited)
    }

    /// Forgets an outcome that was shown long enough.
    pub(crate) fn expire(&mut self, now: Timestamp) {
        self.outcome.take_if(|outcome| outcome.until <= now);
    }
}
