//! Has what failed tried at once: what was in its way is gone.
//!
//! Invariant: what only waits for its time goes on waiting.

use greenroom_protocol::time::Instant;

use super::KIND;
use super::record::{MessageRecord, MessageState};
use crate::store::{Store, StoreError, Tx};
use crate::work::WorkRecord;

const PAGE: usize = 200;

/// Has every message of a workspace tried now that could not be handed over.
///
/// # Errors
/// The store can't be read or written.
pub async fn retry_failed(store: &Store, space: &str, now: Instant) -> Result<(), StoreError> {
    let mut after = None::<String>;
    loop {
        let page = store.scan::<MessageRecord>(space, after.as_deref(), PAGE);
        let page = page.await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let waits = |mail: &MessageRecord| {
            let state = &mail.state;
            matches!(state, MessageState::Waiting | MessageState::Sending { .. })
        };
        let waiting: Vec<_> = page
            .rows
            .into_iter()
            .filter(|(_, row)| waits(&row.record))
            .map(|(id, _)| id)
            .collect();
        let wanted =
            store.transact_each(
                &waiting,
                |tx, id| async move { want(&tx, space, id, now).await },
            );
        wanted.await?;
        if !page.more {
            return Ok(());
        }
    }
}

async fn want(tx: &Tx, space: &str, id: &str, now: Instant) -> Result<(), StoreError> {
    let key = WorkRecord::id(KIND, id);
    match tx.get::<WorkRecord>(space, &key).await? {
        Some(work) if work.last_error.is_some() && work.due > now => {
            tx.put(space, &key, &WorkRecord { due: now, ..work })
        }
        _ => Ok(()),
    }
}
