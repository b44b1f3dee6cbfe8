//! Everything that lasts: one small trait of ordered keys and bytes, [`engine`], sled behind it,
//! and typed tables on top. What is acknowledged is durable; what is not durable is seen by nobody;
//! a decision holds because its commit *expects* the records it was made from. No other room opens
//! these files or knows how a record is stored.

pub mod audit;
pub mod codec;
pub mod copy;
pub mod engine;
pub mod follow;
pub mod key;
mod migrate;
mod ring;
pub mod sled;
pub mod table;
mod transaction;
pub mod unique;

use std::path::Path;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

pub use self::audit::{Actor, Attribution, AuditEntry, Via};
pub use self::engine::{Engine, Revision};
pub use self::migrate::FormatError;
use self::sled::{Damaged, OpenError, Settings, SledEngine};
pub use self::table::{MigrateError, Page, Record, Store, StoreError, Stored};
pub use self::transaction::{Fate, Tx};

/// The space of records that belong to no workspace.
pub const GLOBAL: &str = "_";

/// Opens or creates the store in `dir`, which becomes readable to this user alone.
pub async fn open(dir: &Path, settings: Settings) -> Result<Store, OpenError> {
    let path = dir.to_owned();
    let opened = tokio::task::spawn_blocking(move || SledEngine::open(&path, settings)).await;
    let engine = opened.unwrap_or_else(|stopped| {
        Err(OpenError::Damaged {
            dir: dir.to_owned(),
            cause: stopped.to_string(),
        })
    })?;
    Ok(Store::new(Arc::new(engine)))
}

/// Stands in for the store in `dir`, which is damaged: it has the lock, and serves nothing but the
/// reason.
pub fn refuse(dir: &Path, why: &str) -> Result<Store, OpenError> {
    Ok(Store::new(Arc::new(Damaged::take(dir, why)?)))
}

/// Says, for a process that finds the store in `dir` locked by this one, where this one answers.
pub fn announce(dir: &Path, socket: &Path) {
    if let Err(cause) = sled::announce(dir, socket) {
        tracing::warn!(%cause, "write down where this daemon answers");
    }
}

/// Writes down what came of the `number`th reload, for the command that asked for it.
pub(crate) fn answer_reload(dir: &Path, number: u64, answer: &Result<String, String>) {
    if let Err(cause) = sled::answer_reload(dir, number, answer) {
        tracing::warn!(%cause, "write down what came of the reload");
    }
}

/// No lock here guards more than one assignment, so a panic elsewhere leaves nothing half done
/// behind it.
fn locked<T>(mutex: &Mutex<T>) -> MutexGuard<'_, T> {
    mutex.lock().unwrap_or_else(PoisonError::into_inner)
}
