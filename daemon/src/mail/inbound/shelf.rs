//! What is kept, read for showing: where the turns of somebody or of a workspace stand, and one
//! turn.

use greenroom_protocol::id::TurnId;

use super::record::{Owner, TurnLedger, TurnPlace, TurnRecord};
use crate::store::{Store, StoreError};

/// Rows read at a time.
const STRIDE: usize = 1_000;

/// A turn's id, and where it stands.
pub type Placed = (TurnId, TurnPlace);

/// The turns filed on somebody, newest first.
pub async fn of_owner(store: &Store, space: &str, owner: Owner) -> Result<Vec<Placed>, StoreError> {
    let ledger = store.get::<TurnLedger>(space, &owner.to_string()).await?;
    let entries = ledger.map(|it| it.record.turns).unwrap_or_default();
    let mut places = Vec::with_capacity(entries.len());
    for entry in entries.iter().rev() {
        let place = store.get::<TurnPlace>(space, &entry.id.to_string()).await?;
        places.extend(place.map(|it| (entry.id, it.record)));
    }
    Ok(places)
}

/// All turns of a workspace, newest first. Their places are small: many thousands are read in a
/// moment.
pub async fn all(store: &Store, space: &str) -> Result<Vec<Placed>, StoreError> {
    let (mut places, mut before) = (Vec::new(), None::<String>);
    loop {
        let page = store
            .scan_back::<TurnPlace>(space, before.as_deref(), STRIDE)
            .await?;
        before = page.rows.last().map(|(id, _)| id.clone());
        let rows = page.rows.into_iter();
        places.extend(rows.filter_map(|(id, it)| Some((id.parse().ok()?, it.record))));
        if !page.more {
            return Ok(places);
        }
    }
}

/// One turn, and on whom it is filed.
pub async fn find(
    store: &Store,
    space: &str,
    id: TurnId,
) -> Result<Option<(Owner, TurnRecord)>, StoreError> {
    let place = store.get::<TurnPlace>(space, &id.to_string()).await?;
    let Some(owner) = place.map(|it| it.record.owner) else {
        return Ok(None);
    };
    let key = TurnRecord::key(owner, id);
    let turn = store.get::<TurnRecord>(space, &key).await?;
    Ok(turn.map(|it| (owner, it.record)))
}
