//! Messages to people, through whichever channel: asked for, put off, cancelled and looked up in the
//! caller's transaction, and sent by `send`.
//!
//! Owns what is stored of a message (`record`) and when it leaves; a [`Channel`] writes it in its own
//! form and hands it over. Invariants: a message and the work that sends it are written in one
//! commit, before anything leaves, and it leaves the outbox only together with its work; it is
//! written from the records as they are when it leaves; a caller that cancels one learns whether it
//! may have left. Must not know what a message is about, nor what a channel's address looks like.

pub mod after_restore;
pub mod record;
mod retry;
pub mod send;

use futures::future::BoxFuture;
use greenroom_protocol::id::{MailId, MemberId, WorkspaceId};
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;
pub use retry::retry_failed;

use self::record::{About, ChannelKind, MessageRecord, MessageState, PastMessage, Recipient};
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

/// How messages leave in one way: by email, or whatever else comes.
///
/// A channel writes in its own form, through authors of its own, and says what became of a message
/// that it was handed. It keeps nothing: what is stored, and when a message leaves, is this room's.
pub trait Channel: Send + Sync + 'static {
    /// The message as the records are now. What is read with `tx` is still so when it leaves.
    ///
    /// # Errors
    /// The store can't be read.
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        place: Place<'a>,
        record: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>>;

    /// Hands a message of this workspace over. `again`: it may have been handed over before.
    fn hand_over<'a>(
        &'a self,
        workspace: WorkspaceId,
        message: &'a Message,
        again: bool,
    ) -> BoxFuture<'a, Handed>;

    /// It left, was refused or is not wanted any more: what its author records of that, in the same
    /// commit.
    ///
    /// # Errors
    /// The store can't be read.
    fn settled<'a>(
        &'a self,
        tx: &'a Tx,
        place: Place<'a>,
        record: &'a MessageRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// Which message, and when it is written.
#[derive(Debug, Clone, Copy)]
pub struct Place<'a> {
    /// The workspace's space.
    pub space: &'a str,
    /// The workspace.
    pub workspace: WorkspaceId,
    /// The message.
    pub id: MailId,
    /// Now.
    pub at: Instant,
}

/// A finished message, in its channel's form.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Message {
    /// Its own for ever: handed over again, it is the same message.
    pub name: String,
    /// Where it comes from, as the channel writes addresses.
    pub from: String,
    /// Where it goes.
    pub to: String,
    /// All of it, as it leaves.
    pub bytes: Vec<u8>,
}

/// What a channel came to as it wrote.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Written {
    /// This leaves.
    Message {
        /// What.
        message: Message,
        /// The address to be shown and to be held responsible for a refusal.
        address: String,
        /// What its author wants to know again when it has left.
        memo: Option<String>,
    },
    /// Nobody should get it any more, and why.
    Unwanted(String),
    /// The recipient's address takes no such message, and why.
    Impossible(String),
}

/// What became of a message that was handed over.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Handed {
    /// It was taken.
    Taken,
    /// It was refused, and would be again.
    Refused {
        /// Why.
        why: String,
        /// Whether the address is at fault.
        address: bool,
    },
    /// It was not taken; later it may be.
    NotTaken(String),
    /// It was not taken, and is not before a moment that is known. Nothing is wrong with it.
    NotBefore {
        /// Which moment.
        until: Instant,
        /// Why.
        why: String,
    },
    /// Nobody knows: it may have been taken.
    Unknown(String),
}

/// How it ended with a message.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It left.
    Sent,
    /// It was refused for good.
    Refused {
        /// Why.
        why: String,
        /// Whether the address is at fault.
        address: bool,
    },
    /// It did not leave, and will not.
    Dropped,
}

/// The kind of this work.
pub const KIND: &str = "mail";

/// Seconds a letter waits before it leaves, so that what caused it can be undone.
pub const UNDO_SECONDS: i64 = 10;

/// A letter to be asked for.
#[derive(Debug, Clone, PartialEq)]
pub struct Draft {
    /// What kind of letter.
    pub kind: MailKind,
    /// To whom.
    pub to: Recipient,
    /// What about.
    pub about: About,
    /// It does not leave before.
    pub not_before: Instant,
    /// The letter it follows.
    pub follows: Option<MailId>,
    /// What its author wants to know again.
    pub memo: Option<String>,
}

/// What became of a letter that was called back.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum CalledBack {
    /// It never left, and will not.
    InTime,
    /// It was being handed over, is held, or was refused after a try that had no answer: it may
    /// have left, and is not tried again.
    Perhaps,
    /// It left.
    TooLate,
    /// It was refused, called back before, or never asked for: nobody has it.
    NothingThere,
}

/// Asks for a letter.
pub fn post(tx: &Tx, space: &str, draft: Draft, now: Instant) -> Result<MailId, StoreError> {
    post_for(tx, space, draft, None, now)
}

/// Asks for a letter that `asked_by` asked for, and for nothing else: it can be undone alone.
/// `None`: something that is changed asks for it, or the daemon.
pub fn post_for(
    tx: &Tx,
    space: &str,
    draft: Draft,
    asked_by: Option<MemberId>,
    now: Instant,
) -> Result<MailId, StoreError> {
    let (id, not_before) = (MailId::new(), draft.not_before);
    let key = id.to_string();
    let record = MessageRecord {
        asked_by,
        ..draft.record(MessageState::Waiting, now)
    };
    tx.put(space, &key, &record)?;
    WorkRecord::ask_at(tx, space, KIND, &key, not_before)?;
    Ok(id)
}

/// Asks for a letter that is held until a person says: the same may have left already.
pub fn hold(
    tx: &Tx,
    space: &str,
    draft: Draft,
    why: &str,
    now: Instant,
) -> Result<MailId, StoreError> {
    let id = MailId::new();
    let state = MessageState::Held {
        at: now,
        why: why.to_owned(),
    };
    tx.put(space, &id.to_string(), &draft.record(state, now))?;
    Ok(id)
}

impl Draft {
    /// As it would be stored, to see how it reads.
    pub fn waiting(self, now: Instant) -> MessageRecord {
        self.record(MessageState::Waiting, now)
    }

    fn record(self, state: MessageState, now: Instant) -> MessageRecord {
        let Self {
            kind,
            to,
            about,
            not_before,
            follows,
            memo,
        } = self;
        MessageRecord {
            channel: ChannelKind::Email,
            kind,
            to,
            about,
            not_before,
            created_at: now,
            state,
            address: None,
            from: None,
            memo,
            follows,
            bounced: None,
            unanswered: 0,
            asked_by: None,
        }
    }
}

/// Puts off a letter that waits: something it tells of has changed, and that too can be undone for
/// a while.
pub fn put_off(
    tx: &Tx,
    space: &str,
    id: MailId,
    mail: MessageRecord,
    not_before: Instant,
    memo: Option<String>,
) -> Result<(), StoreError> {
    let key = id.to_string();
    let later = MessageRecord {
        not_before,
        memo,
        ..mail
    };
    tx.put(space, &key, &later)?;
    WorkRecord::ask_at(tx, space, KIND, &key, not_before)
}

/// Calls a letter back, where it has not left.
pub async fn call_back(
    tx: &Tx,
    space: &str,
    id: MailId,
    why: &str,
    now: Instant,
) -> Result<CalledBack, StoreError> {
    let Some(mail) = find(tx, space, id).await? else {
        return Ok(CalledBack::NothingThere);
    };
    let called_back = match mail.state {
        MessageState::Sent { .. } => return Ok(CalledBack::TooLate),
        MessageState::Withdrawn {
            may_have_left: true,
            ..
        } => return Ok(CalledBack::Perhaps),
        MessageState::Withdrawn { .. } => return Ok(CalledBack::NothingThere),
        _ if mail.may_have_left() => CalledBack::Perhaps,
        MessageState::Waiting => CalledBack::InTime,
        MessageState::Sending { .. } | MessageState::Held { .. } | MessageState::Failed { .. } => {
            CalledBack::NothingThere
        }
    };
    let state = MessageState::Withdrawn {
        at: now,
        why: why.to_owned(),
        may_have_left: called_back == CalledBack::Perhaps,
    };
    finish(tx, space, id, MessageRecord { state, ..mail })?;
    Ok(called_back)
}

/// The email, whether it waits or is past. Only one that waits is expected to stay so. A past one
/// never comes back to the outbox, and whether it was sent or withdrawn is decided, except for one
/// that was withdrawn while it was being handed over: what became of that is expected too.
pub async fn find(tx: &Tx, space: &str, id: MailId) -> Result<Option<MessageRecord>, StoreError> {
    let key = id.to_string();
    let on_the_outbox = tx.peek::<MessageRecord>(space, &key).await?;
    if on_the_outbox.is_some()
        && let Some(mail) = tx.get::<MessageRecord>(space, &key).await?
    {
        return Ok(Some(mail));
    }
    let past = tx.peek::<PastMessage>(space, &key).await?;
    let undecided = |past: &PastMessage| {
        matches!(
            past.0.state,
            MessageState::Withdrawn {
                may_have_left: true,
                ..
            }
        )
    };
    match past.as_ref().is_some_and(undecided) {
        true => Ok(tx.get::<PastMessage>(space, &key).await?.map(|past| past.0)),
        false => Ok(past.map(|past| past.0)),
    }
}

/// The message, whether it waits or is past, to say something of it; it may change meanwhile.
///
/// # Errors
/// The store can't be read.
pub async fn peek(tx: &Tx, space: &str, id: MailId) -> Result<Option<MessageRecord>, StoreError> {
    let key = id.to_string();
    if let Some(past) = tx.peek::<PastMessage>(space, &key).await? {
        return Ok(Some(past.0));
    }
    tx.peek::<MessageRecord>(space, &key).await
}

/// Notes that a letter did not arrive.
pub async fn bounced(tx: &Tx, space: &str, id: MailId, why: &str) -> Result<(), StoreError> {
    let key = id.to_string();
    let Some(PastMessage(mail)) = tx.get::<PastMessage>(space, &key).await? else {
        return Ok(());
    };
    let bounced = Some(why.to_owned());
    if mail.bounced == bounced {
        return Ok(());
    }
    tx.put(space, &key, &PastMessage(MessageRecord { bounced, ..mail }))
}

/// Takes a letter that is past off the outbox, with its work.
pub(super) fn finish(
    tx: &Tx,
    space: &str,
    id: MailId,
    mail: MessageRecord,
) -> Result<(), StoreError> {
    let key = id.to_string();
    tx.put(space, &key, &PastMessage(mail))?;
    tx.delete::<MessageRecord>(space, &key)?;
    WorkRecord::done(tx, space, KIND, &key)
}
