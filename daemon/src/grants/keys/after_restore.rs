//! What a restored store may not know of its keys. Zoom changes them with every renewal, so those
//! of a backup may be dead; that is the same as a renewal whose answer was lost, and is told so.
//! Every connection is therefore renewed when the restored store is opened: Zoom's word is final,
//! and a dead one is loud at once.

use greenroom_protocol::time::Instant;

use crate::grants::connection::{ConnectionRecord, Event};
use crate::store::{Store, StoreError};

const PAGE: usize = 200;

/// Casts that doubt over the connections of a workspace. How many there are.
pub async fn doubt(store: &Store, space: &str, now: Instant) -> Result<u64, StoreError> {
    let (mut count, mut after) = (0, None::<String>);
    loop {
        let page = store
            .scan::<ConnectionRecord>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let doubtful = page.rows.into_iter().filter_map(|(id, stored)| {
            let generation = stored.record.generation;
            let next = stored.record.step(Event::Restored { generation }, now)?;
            Some((id, next))
        });
        let doubtful: Vec<_> = doubtful.collect();
        count += doubtful.len() as u64;
        let written = store.transact_each(&doubtful, |tx, (id, record)| async move {
            tx.put(space, id, record)
        });
        written.await?;
        if !page.more {
            return Ok(count);
        }
    }
}
