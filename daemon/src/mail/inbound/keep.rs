//! Every write of what comes in: kept once, read, moved aside, and gone with whom it is filed on.
//! All part of the caller's transaction.
//!
//! Invariants: a turn, its place and its line in the ledger are written and removed together; the
//! same message is kept once in a workspace, however often it is read; nobody has more than
//! [`MOST_TURNS`].

use greenroom_protocol::id::{InterviewId, TurnId};
use greenroom_protocol::time::Instant;
use sha2::{Digest, Sha256};

use super::record::{
    AliasRecord, Entry, Heard, Owner, Speaker, Thread, TurnLedger, TurnPlace, TurnRecord, Worth,
};
use crate::input::folded;
use crate::outbox::record::Recipient;
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

/// Turns of one candidate: some years of a lively correspondence, and four megabytes at most.
pub const MOST_TURNS: usize = 200;

/// The kind of the work that reads what a candidate wrote, beside answers to times that are proposed;
/// its record is the candidate.
pub const WROTE_WORK: &str = "wrote";

/// What [`Tx::claim`] knows messages by that were heard.
const HEARD: &str = "heard";

/// Keeps a turn; `None` where the message was heard before.
pub async fn keep(
    tx: &Tx,
    space: &str,
    owner: Owner,
    turn: &TurnRecord,
) -> Result<Option<TurnId>, StoreError> {
    let id = TurnId::new();
    let digest = digest(turn.heard());
    if tx
        .claim(space, HEARD, &digest, &id.to_string())
        .await?
        .is_err()
    {
        return Ok(None);
    }
    let ledger = tx.get::<TurnLedger>(space, &owner.to_string()).await?;
    let mut ledger = ledger.unwrap_or_default();
    while ledger.turns.len() >= MOST_TURNS {
        // The oldest of the least worth: the first such, for they stand in the order they came.
        let least = ledger.turns.iter().min_by_key(|entry| entry.worth);
        let Some(least) = least.map(|entry| entry.id) else {
            break;
        };
        ledger.turns.retain(|entry| entry.id != least);
        // Its claim stays: read again from a mailbox that was numbered anew, it must not come back.
        tx.delete::<TurnRecord>(space, &TurnRecord::key(owner, least))?;
        tx.delete::<TurnPlace>(space, &least.to_string())?;
    }
    ledger.turns.push(Entry {
        id,
        worth: worth(turn),
    });
    tx.put(space, &owner.to_string(), &ledger)?;
    put(tx, space, owner, id, turn)?;
    if let (Owner::Candidate(candidate), true) = (owner, turn.is_unread()) {
        WorkRecord::timer(tx, space, WROTE_WORK, &candidate.to_string(), turn.at)?;
    }
    Ok(Some(id))
}

/// Writes a turn that was changed.
pub fn put(
    tx: &Tx,
    space: &str,
    owner: Owner,
    id: TurnId,
    turn: &TurnRecord,
) -> Result<(), StoreError> {
    let place = TurnPlace {
        owner,
        thread: turn.thread,
        unread: turn.is_unread(),
    };
    tx.put(space, &id.to_string(), &place)?;
    tx.put(space, &TurnRecord::key(owner, id), turn)
}

/// The turn of this id, and on whom it is filed.
pub async fn find(
    tx: &Tx,
    space: &str,
    id: TurnId,
) -> Result<Option<(Owner, TurnRecord)>, StoreError> {
    let Some(place) = tx.get::<TurnPlace>(space, &id.to_string()).await? else {
        return Ok(None);
    };
    let key = TurnRecord::key(place.owner, id);
    let turn = tx.get::<TurnRecord>(space, &key).await?;
    Ok(turn.map(|turn| (place.owner, turn)))
}

/// Whether something about an interview is still to be read, as this transaction leaves it.
pub async fn waits(
    tx: &Tx,
    space: &str,
    owner: Owner,
    interview: InterviewId,
) -> Result<bool, StoreError> {
    for id in turns(tx, space, owner).await? {
        let place = tx.get::<TurnPlace>(space, &id.to_string()).await?;
        let here = |place: &TurnPlace| place.thread == Thread::Interview(interview);
        if place.is_some_and(|place| place.unread && here(&place)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// The turns of an owner, oldest first.
pub async fn turns(tx: &Tx, space: &str, owner: Owner) -> Result<Vec<TurnId>, StoreError> {
    let ledger = tx.get::<TurnLedger>(space, &owner.to_string()).await?;
    let turns = ledger.unwrap_or_default().turns;
    Ok(turns.into_iter().map(|entry| entry.id).collect())
}

/// Removes turns of an owner, and that they were ever heard. The ledger goes with the last of them.
pub async fn remove(tx: &Tx, space: &str, owner: Owner, ids: &[TurnId]) -> Result<(), StoreError> {
    let ledger = tx.get::<TurnLedger>(space, &owner.to_string()).await?;
    let mut ledger = ledger.unwrap_or_default();
    for id in ids {
        let key = TurnRecord::key(owner, *id);
        if let Some(turn) = tx.get::<TurnRecord>(space, &key).await? {
            tx.release(space, HEARD, &digest(turn.heard()))?;
        }
        tx.delete::<TurnRecord>(space, &key)?;
        tx.delete::<TurnPlace>(space, &id.to_string())?;
        ledger.turns.retain(|entry| entry.id != *id);
    }
    match ledger.turns.is_empty() {
        true => tx.delete::<TurnLedger>(space, &owner.to_string()),
        false => tx.put(space, &owner.to_string(), &ledger),
    }
}

/// Remembers that an address is somebody's too.
pub fn remember(
    tx: &Tx,
    space: &str,
    address: &str,
    of: Recipient,
    at: Instant,
) -> Result<(), StoreError> {
    tx.put(space, &folded(address), &AliasRecord { of, at })
}

/// Whose an address is by such a memory.
pub async fn remembered(
    tx: &Tx,
    space: &str,
    address: &str,
) -> Result<Option<Recipient>, StoreError> {
    // What comes in names addresses: one that is no key is nobody's.
    match tx.get::<AliasRecord>(space, &folded(address)).await {
        Ok(alias) => Ok(alias.map(|alias| alias.of)),
        Err(StoreError::Key(_)) => Ok(None),
        Err(error) => Err(error),
    }
}

fn worth(turn: &TurnRecord) -> Worth {
    match turn.who {
        _ if turn.heard().automatic => Worth::Automatic,
        Speaker::Other => Worth::Stranger,
        Speaker::Candidate | Speaker::Member(_) => Worth::Person,
    }
}

/// What tells one message from another. Not its Message-ID alone: some programs give every message
/// the same, and then the second would be lost.
fn digest(heard: &Heard) -> String {
    let mut digest = Sha256::new();
    let written = heard.written_at.map(|at| at.to_string());
    let automatic = heard.automatic.then_some("automatic");
    for part in [
        heard.message_id.as_deref(),
        Some(&heard.from),
        Some(&heard.subject),
        Some(&heard.text),
        written.as_deref(),
        automatic,
    ] {
        let part = part.unwrap_or_default();
        digest.update(part.len().to_be_bytes());
        digest.update(part);
    }
    let bytes = digest.finalize();
    bytes.iter().map(|byte| format!("{byte:02x}")).collect()
}
