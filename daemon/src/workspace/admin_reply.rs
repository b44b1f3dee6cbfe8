//! What an administrator at Zoom, Google or Microsoft replies to the request to approve the app:
//! kept for those who may read it, shown to those who wait, and quoted in the email that passes it
//! on.
//!
//! Invariants: a reply decides nothing; all are shown, and no more are passed on in a day than a
//! person reads. Must not know who waits: that is each provider's own.

use greenroom_protocol::id::TurnId;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::AdminReply;

use crate::mail::inbound::read::Incoming;
use crate::mail::inbound::{Owner, Says, Speaker, Thread, TurnRecord, keep as store, parts, shelf};
use crate::outbox::record::MessageRecord;
use crate::store::{Store, StoreError, Tx};

/// Replies of a day that are passed on by email: a ticket system that writes at every step must
/// flood nobody. All are shown.
const MOST_A_DAY: usize = 5;

/// The most of a reply that is passed on, in characters.
const MOST_TEXT: usize = 4_000;

/// Keeps a reply. Its id, where it is to be passed on: it is new, a person wrote it, and it is none
/// of a flood.
pub(super) async fn keep(
    tx: &Tx,
    space: &str,
    (owner, thread): (Owner, Thread),
    incoming: &Incoming,
    now: Instant,
) -> Result<Option<TurnId>, StoreError> {
    let turn = TurnRecord {
        thread,
        at: now,
        who: Speaker::Other,
        says: Says::Heard(incoming.heard.clone()),
        read_at: None,
        aside: None,
        understood: None,
    };
    let Some(id) = store::keep(tx, space, owner, &turn).await? else {
        return Ok(None);
    };
    let passed_on = !turn.heard().automatic && !is_a_flood(tx, space, owner, now).await?;
    Ok(passed_on.then_some(id))
}

/// Whether so many replies came within a day that one more is only shown.
async fn is_a_flood(tx: &Tx, space: &str, owner: Owner, now: Instant) -> Result<bool, StoreError> {
    let turns = store::turns(tx, space, owner).await?;
    let Some(id) = turns.iter().rev().nth(MOST_A_DAY) else {
        return Ok(false);
    };
    let turn = store::find(tx, space, *id).await?;
    Ok(turn.is_some_and(|(_, turn)| turn.at > now.plus_minutes(-24 * 60)))
}

/// The newest reply since `asked_at`; what a person wrote before what a machine did.
pub(super) async fn newest(
    kept: &Store,
    space: &str,
    owner: Owner,
    asked_at: Instant,
) -> Result<Option<AdminReply>, StoreError> {
    let mut automatic = None;
    for (id, _) in shelf::of_owner(kept, space, owner).await? {
        let Some((_, turn)) = shelf::find(kept, space, id).await? else {
            continue;
        };
        // The first request of somebody who waits may be older than this one.
        let heard = turn.heard();
        if turn.at < asked_at {
            break;
        }
        let reply = AdminReply {
            id,
            from: heard.from.clone(),
            at: turn.at,
            text: parts(&heard.text).new,
            automatic: heard.automatic,
        };
        match heard.automatic {
            true => automatic = automatic.or(Some(reply)),
            false => return Ok(Some(reply)),
        }
    }
    Ok(automatic)
}

/// A reply as the email quotes it that passes it on.
pub(super) struct Quoted {
    /// The address it came from.
    pub(super) from: String,
    /// What it says, a mark before each line.
    pub(super) lines: String,
}

/// The reply that an email passes on, by what was noted with it; `None`: it is not kept any more.
pub(super) async fn quoted(
    tx: &Tx,
    space: &str,
    mail: &MessageRecord,
) -> Result<Option<Quoted>, StoreError> {
    let id = mail.memo.as_deref().and_then(|id| id.parse().ok());
    let turn = match id {
        Some(id) => store::find(tx, space, id).await?,
        None => None,
    };
    Ok(turn.map(|(_, turn)| {
        let heard = turn.heard();
        let said: String = parts(&heard.text).new.chars().take(MOST_TEXT).collect();
        Quoted {
            from: heard.from.clone(),
            lines: said.lines().map(|line| format!("> {line}\n")).collect(),
        }
    }))
}
