//! The emails that are kept of a candidate: handed out with everything else, and erased with it.

use greenroom_protocol::id::{CandidateId, TurnId};
use greenroom_protocol::received::HeldEmail;

use crate::mail::inbound::record::AliasRecord;
use crate::mail::inbound::{Heard, Owner, Thread, TurnRecord, keep, shelf};
use crate::outbox::record::Recipient;
use crate::store::{Store, StoreError, Tx};

/// What an email takes beside its text, in bytes.
const AROUND: usize = 2_000;

/// Addresses read at a time.
const PAGE: usize = 500;

/// Emails from the `from`-th on, oldest first, at most so many bytes of them; and whether more
/// follow.
pub(super) async fn held(
    store: &Store,
    space: &str,
    candidate: CandidateId,
    from: usize,
    most_bytes: usize,
) -> Result<(Vec<HeldEmail>, bool), StoreError> {
    let mut places = shelf::of_owner(store, space, Owner::Candidate(candidate)).await?;
    places.reverse();
    let (mut held, mut bytes, mut read) = (Vec::new(), 0, from);
    for (id, _) in places.iter().skip(from) {
        read += 1;
        let Some((_, turn)) = shelf::find(store, space, *id).await? else {
            continue;
        };
        let email = email(*id, &turn);
        bytes += email.text.len() + AROUND;
        held.push(email);
        if bytes > most_bytes {
            break;
        }
    }
    Ok((held, read < places.len()))
}

fn email(id: TurnId, turn: &TurnRecord) -> HeldEmail {
    let Heard {
        from,
        name,
        subject,
        text,
        cut,
        automatic,
        files,
        ..
    } = turn.heard().clone();
    HeldEmail {
        id,
        at: turn.at,
        from,
        name,
        interview: match turn.thread {
            Thread::Interview(id) => Some(id),
            Thread::None
            | Thread::Approval(_)
            | Thread::AccountApproval(_)
            | Thread::Outreach(_) => None,
        },
        subject,
        text,
        cut,
        automatic,
        files,
    }
}

/// How many emails are kept of a candidate.
pub(super) async fn count(
    store: &Store,
    space: &str,
    candidate: CandidateId,
) -> Result<u64, StoreError> {
    let places = shelf::of_owner(store, space, Owner::Candidate(candidate)).await?;
    Ok(places.len() as u64)
}

/// Removes at most so many of them, and says how many are left. The commit expects that none comes
/// in meanwhile.
pub(super) async fn remove(
    tx: &Tx,
    space: &str,
    candidate: CandidateId,
    most: usize,
) -> Result<usize, StoreError> {
    let owner = Owner::Candidate(candidate);
    let turns = keep::turns(tx, space, owner).await?;
    let some = &turns[..turns.len().min(most)];
    keep::remove(tx, space, owner, some).await?;
    Ok(turns.len() - some.len())
}

/// The addresses that are remembered as theirs.
pub(super) async fn aliases(
    store: &Store,
    space: &str,
    candidate: CandidateId,
) -> Result<Vec<String>, StoreError> {
    let (mut found, mut after) = (Vec::new(), None::<String>);
    loop {
        let page = store
            .scan::<AliasRecord>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let theirs = page.rows.into_iter();
        let theirs = theirs.filter(|(_, it)| it.record.of == Recipient::Candidate(candidate));
        found.extend(theirs.map(|(address, _)| address));
        if !page.more {
            return Ok(found);
        }
    }
}

/// Forgets such addresses.
pub(super) fn forget(tx: &Tx, space: &str, aliases: &[String]) -> Result<(), StoreError> {
    aliases
        .iter()
        .try_for_each(|address| tx.delete::<AliasRecord>(space, address))
}
