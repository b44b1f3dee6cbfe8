//! The outbox: letters asked for, called back, and looked up. Everything here is part of the
//! caller's transaction.
//!
//! Invariant: a letter and the work that sends it are written in one commit, and a letter leaves
//! the outbox only together with its work. Whoever calls one back learns whether it may have left.

pub mod after_restore;
pub mod record;
pub mod send;

use greenroom_protocol::id::MailId;
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;

use self::record::{About, MailRecord, MailState, PastMail, Recipient};
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

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
    /// It was being handed over, or is held, and may have left; it is not tried again.
    Perhaps,
    /// It left.
    TooLate,
    /// It was refused, called back before, or never asked for: nobody has it.
    NothingThere,
}

/// Asks for a letter.
pub fn post(tx: &Tx, space: &str, draft: Draft, now: Instant) -> Result<MailId, StoreError> {
    let (id, not_before) = (MailId::new(), draft.not_before);
    let key = id.to_string();
    tx.put(space, &key, &draft.record(MailState::Waiting, now))?;
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
    let state = MailState::Held {
        at: now,
        why: why.to_owned(),
    };
    tx.put(space, &id.to_string(), &draft.record(state, now))?;
    Ok(id)
}

impl Draft {
    fn record(self, state: MailState, now: Instant) -> MailRecord {
        let Self {
            kind,
            to,
            about,
            not_before,
            follows,
            memo,
        } = self;
        MailRecord {
            kind,
            to,
            about,
            not_before,
            created_at: now,
            state,
            address: None,
            memo,
            follows,
            bounced: None,
            unanswered: 0,
        }
    }
}

/// Puts off a letter that waits: something it tells of has changed, and that too can be undone for
/// a while.
pub fn put_off(
    tx: &Tx,
    space: &str,
    id: MailId,
    mail: MailRecord,
    not_before: Instant,
    memo: Option<String>,
) -> Result<(), StoreError> {
    let key = id.to_string();
    let later = MailRecord {
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
        MailState::Sent { .. } => return Ok(CalledBack::TooLate),
        MailState::Withdrawn {
            may_have_left: true,
            ..
        } => return Ok(CalledBack::Perhaps),
        MailState::Withdrawn { .. } => return Ok(CalledBack::NothingThere),
        MailState::Waiting => CalledBack::InTime,
        MailState::Sending { .. } | MailState::Held { .. } => CalledBack::Perhaps,
        MailState::Failed { .. } => CalledBack::NothingThere,
    };
    let state = MailState::Withdrawn {
        at: now,
        why: why.to_owned(),
        may_have_left: called_back == CalledBack::Perhaps,
    };
    finish(tx, space, id, MailRecord { state, ..mail })?;
    Ok(called_back)
}

/// The email, whether it waits or is past. Only one that waits is expected to stay so. A past one
/// never comes back to the outbox, and whether it was sent or withdrawn is decided, except for one
/// that was withdrawn while it was being handed over: what became of that is expected too.
pub async fn find(tx: &Tx, space: &str, id: MailId) -> Result<Option<MailRecord>, StoreError> {
    let key = id.to_string();
    let on_the_outbox = tx.peek::<MailRecord>(space, &key).await?;
    if on_the_outbox.is_some()
        && let Some(mail) = tx.get::<MailRecord>(space, &key).await?
    {
        return Ok(Some(mail));
    }
    let past = tx.peek::<PastMail>(space, &key).await?;
    let undecided = |past: &PastMail| {
        matches!(
            past.0.state,
            MailState::Withdrawn {
                may_have_left: true,
                ..
            }
        )
    };
    match past.as_ref().is_some_and(undecided) {
        true => Ok(tx.get::<PastMail>(space, &key).await?.map(|past| past.0)),
        false => Ok(past.map(|past| past.0)),
    }
}

/// Notes that a letter did not arrive.
pub async fn bounced(tx: &Tx, space: &str, id: MailId, why: &str) -> Result<(), StoreError> {
    let key = id.to_string();
    let Some(PastMail(mail)) = tx.get::<PastMail>(space, &key).await? else {
        return Ok(());
    };
    let bounced = Some(why.to_owned());
    if mail.bounced == bounced {
        return Ok(());
    }
    tx.put(space, &key, &PastMail(MailRecord { bounced, ..mail }))
}

/// Takes a letter that is past off the outbox, with its work.
pub(super) fn finish(tx: &Tx, space: &str, id: MailId, mail: MailRecord) -> Result<(), StoreError> {
    let key = id.to_string();
    tx.put(space, &key, &PastMail(mail))?;
    tx.delete::<MailRecord>(space, &key)?;
    WorkRecord::done(tx, space, KIND, &key)
}
