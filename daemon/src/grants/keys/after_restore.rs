//! What a restored store may not know of its keys. A provider that rotates changes them with every
//! renewal, so those of a backup may be dead; that is the same as a renewal whose answer was lost,
//! and is said so. Every connection is therefore renewed when the restored store is opened: the
//! provider's word is final, and a dead one is loud at once.

use greenroom_protocol::time::Instant;

use crate::grants::connection::{ConnectionRecord, Event};
use crate::store::{Store, StoreError};

const PAGE: usize = 200;

/// Marks the connections of a workspace uncertain, whatever their provider; how many there are.
///
/// # Errors
///
/// Where the store cannot be read or written.
pub async fn mark_uncertain(store: &Store, space: &str, now: Instant) -> Result<u64, StoreError> {
    let (mut count, mut after) = (0, None::<String>);
    loop {
        let page = store
            .scan::<ConnectionRecord>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let marked = page.rows.into_iter().filter_map(|(id, stored)| {
            let generation = stored.record.generation;
            let next = stored.record.step(Event::Restored { generation }, now)?;
            Some((id, next))
        });
        let marked: Vec<_> = marked.collect();
        count += marked.len() as u64;
        let written = store.transact_each(&marked, |tx, (id, record)| async move {
            tx.put(space, id, record)
        });
        written.await?;
        if !page.more {
            return Ok(count);
        }
    }
}
