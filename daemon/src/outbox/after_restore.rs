//! What a restored store may not know of its letters: whether those that waited in the backup have
//! left since.
//!
//! Sending them again automatically could tell people twice, or what is not so any more; so they
//! are held until a person has them sent or lets them be. A reminder is dropped: nobody misses it
//! as much as two of them annoy.

use greenroom_protocol::id::MailId;
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;

use super::KIND;
use super::record::{MessageRecord, MessageState};
use crate::store::{Store, StoreError, Tx};
use crate::work::WorkRecord;

const PAGE: usize = 200;

const WHY: &str = "the backup does not know whether it left";

/// Casts that doubt over the outbox of a workspace. How many letters are held.
pub async fn mark_uncertain(store: &Store, space: &str, now: Instant) -> Result<u64, StoreError> {
    let (mut held, mut after) = (0, None::<String>);
    loop {
        let page = store
            .scan::<MessageRecord>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let letters = page.rows.into_iter().map(|(id, it)| (id, it.record));
        let may_have_left = |(_, mail): &(String, MessageRecord)| {
            matches!(
                mail.state,
                MessageState::Waiting | MessageState::Sending { .. }
            )
        };
        let letters: Vec<_> = letters.filter(may_have_left).collect();
        let reminder = |mail: &MessageRecord| mail.kind == MailKind::Reminder;
        held += letters.iter().filter(|(_, mail)| !reminder(mail)).count() as u64;
        let written = store.transact_each(&letters, |tx, (id, mail)| async move {
            match (reminder(mail), id.parse()) {
                (true, Ok(id)) => drop_it(&tx, space, id, mail, now),
                _ => hold(&tx, space, id, mail, now),
            }
        });
        written.await?;
        if !page.more {
            return Ok(held);
        }
    }
}

fn hold(
    tx: &Tx,
    space: &str,
    id: &str,
    mail: &MessageRecord,
    now: Instant,
) -> Result<(), StoreError> {
    let state = MessageState::Held {
        at: now,
        why: WHY.to_owned(),
    };
    let held = MessageRecord {
        state,
        ..mail.clone()
    };
    tx.put(space, id, &held)?;
    WorkRecord::done(tx, space, KIND, id)
}

fn drop_it(
    tx: &Tx,
    space: &str,
    id: MailId,
    mail: &MessageRecord,
    now: Instant,
) -> Result<(), StoreError> {
    let state = MessageState::Withdrawn {
        at: now,
        why: WHY.to_owned(),
        may_have_left: true,
    };
    let dropped = MessageRecord {
        state,
        ..mail.clone()
    };
    super::finish(tx, space, id, dropped)
}
