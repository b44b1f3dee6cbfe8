//! What is known of addresses that mail does not reach. Its id is the address, folded, so anyone
//! who has the address finds it.

use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::input::folded;
use crate::store::{Record, Store, StoreError, Tx};

/// An address that mail did not reach.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct BounceRecord {
    /// When it was last found out.
    pub at: Instant,
    /// What the mail server said.
    pub why: String,
}

impl Record for BounceRecord {
    const TABLE: &'static str = "bounce";
    const SCHEMA: u32 = 1;
}

impl BounceRecord {
    /// Marks an address.
    pub fn mark(
        tx: &Tx,
        space: &str,
        address: &str,
        why: &str,
        at: Instant,
    ) -> Result<(), StoreError> {
        let why = why.to_owned();
        tx.put(space, &folded(address), &Self { at, why })
    }

    /// Somebody answered from there: it is reached.
    pub fn clear(tx: &Tx, space: &str, address: &str) -> Result<(), StoreError> {
        tx.delete::<Self>(space, &folded(address))
    }

    /// The same for showing, as a warning.
    pub async fn told(
        store: &Store,
        space: &str,
        address: &str,
    ) -> Result<Option<String>, StoreError> {
        let stored = store.get::<Self>(space, &folded(address)).await?;
        Ok(stored.map(|it| format!("email to {address} bounced: {}", it.record.why)))
    }

    /// What is known of an address.
    pub async fn of(tx: &Tx, space: &str, address: &str) -> Result<Option<Self>, StoreError> {
        tx.peek(space, &folded(address)).await
    }
}
