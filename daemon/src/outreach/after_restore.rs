//! What a restored store may not know of its outreaches: whether the email left, and what was
//! answered since. A person sees to those; the times stay held as long as they were to be.

use greenroom_protocol::id::OutreachId;
use greenroom_protocol::time::Instant;

use super::apply::note;
use super::step::Event;
use crate::records::outreach::{OutreachRecord, OutreachState};
use crate::store::{Store, StoreError};

const PAGE: usize = 200;

/// Casts that doubt over the outreaches of a workspace. How many are in doubt.
///
/// # Errors
/// The store can't be read or written.
pub async fn mark_uncertain(store: &Store, space: &str, now: Instant) -> Result<u64, StoreError> {
    let (mut doubted, mut after) = (0, None::<String>);
    loop {
        let page = store
            .scan::<OutreachRecord>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        let doubtful = page.rows.into_iter().filter_map(|(id, stored)| {
            let record = stored.record;
            let under_way = matches!(
                record.state,
                OutreachState::Sending | OutreachState::Proposed
            );
            under_way.then_some((id.parse::<OutreachId>().ok()?, record))
        });
        let doubtful: Vec<_> = doubtful.collect();
        doubted += doubtful.len() as u64;
        let written = store.transact_each(&doubtful, |tx, (id, record)| async move {
            let of = (*id, record);
            note(&tx, space, of, Event::Restored, now, "restore")
                .await
                .map(drop)
        });
        written.await?;
        if !page.more {
            return Ok(doubted);
        }
    }
}
