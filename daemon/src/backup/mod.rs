//! Backups: everything that is stored, as of one moment, in a sealed file; and the way back.
//!
//! - `sealed` ★, `line` ★: what is in a file · `make`: a file from the store, read back before it
//!   counts
//! - `nightly`: the daemon's own, of which a few are kept · `fetch`: those a caller fetches, in
//!   parts
//! - `upgrade`: the one that a newer version makes before it writes anything
//! - `restore`: a store from a file, which takes the place of the one there is · `receive`: files a
//!   caller hands in
//!
//! Invariants: a copy is exact though others write; no file is taken for a backup before its bytes
//! were read back from the disk and opened; a backup is sealed under the vault's key, so without
//! that key it is useless; a restore removes nothing and carries nothing out that may have been
//! done. What a record means, the rooms say (`mark_uncertain` of each).

mod error;
mod fetch;
mod line;
mod make;
mod nightly;
mod receive;
mod restore;
mod sealed;
mod upgrade;

use std::collections::BTreeMap;
use std::fs;
use std::path::PathBuf;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use greenroom_protocol::status::BackupStatus;
use greenroom_protocol::time::Instant;

pub use self::error::BackupError;
use self::fetch::Taken;
use self::make::blocking;
pub use self::nightly::NightlyBackup;
use self::receive::Received;
pub use self::restore::{Restoration, Verified, restore, verify};
use crate::clock::Clock;
use crate::store::Store;
use crate::store::sled::set_aside;
use crate::vault::Vault;

/// How long a file that nobody fetches or finishes is kept, in minutes.
const KEPT_MINUTES: i64 = 60;

/// Where backups are, and what they are of.
#[derive(Debug, Clone)]
pub struct Places {
    /// Where they are.
    pub directory: PathBuf,
    /// How many nightly ones are kept; 0: none are made.
    pub keep: u32,
    /// Where the store's files are.
    pub store: PathBuf,
}

/// The daemon's backups. Clones are one.
#[derive(Clone)]
pub struct Backups(Arc<Inner>);

struct Inner {
    store: Store,
    vault: Vault,
    clock: Clock,
    places: Places,
    /// One copy at a time: two would only make each other slower.
    one: tokio::sync::Mutex<()>,
    state: Mutex<State>,
}

#[derive(Default)]
struct State {
    last: Option<Last>,
    /// Why the last nightly one failed.
    problem: Option<String>,
    taken: BTreeMap<String, Taken>,
    received: BTreeMap<String, Received>,
}

/// The newest nightly backup.
#[derive(Debug, Clone, Copy)]
struct Last {
    at: Instant,
    bytes: u64,
}

impl Backups {
    /// The backups of `store`.
    #[must_use]
    pub fn new(store: Store, vault: Vault, clock: Clock, places: Places) -> Self {
        Self(Arc::new(Inner {
            store,
            vault,
            clock,
            places,
            one: tokio::sync::Mutex::default(),
            state: Mutex::default(),
        }))
    }

    /// The last nightly backup, for `status` and `doctor`.
    #[must_use]
    pub fn status(&self) -> BackupStatus {
        let state = self.0.state();
        BackupStatus {
            last: state.last.map(|last| last.at),
            bytes: state.last.map(|last| last.bytes),
            keep: self.0.places.keep,
            directory: self.0.places.directory.display().to_string(),
            problem: state.problem.clone(),
        }
    }

    /// The directories backups and the store's files are in, for `doctor`.
    pub(crate) fn directories(&self) -> Vec<PathBuf> {
        let Places {
            directory, store, ..
        } = &self.0.places;
        vec![directory.clone(), store.clone()]
    }

    /// The stores that restores set aside, for `doctor`.
    pub async fn set_aside(&self) -> Result<Vec<PathBuf>, BackupError> {
        let directory = self.0.places.store.clone();
        blocking(move || {
            let failed = BackupError::io("look for stores set aside", &directory);
            set_aside(&directory).map_err(failed)
        })
        .await
    }

    /// Forgets what nobody fetched or finished in time.
    async fn forget_old(&self) {
        let now = self.0.clock.now();
        let is_old = |since: Instant| since.plus_minutes(KEPT_MINUTES) < now;
        let old: Vec<_> = {
            let mut state = self.0.state();
            let State {
                taken, received, ..
            } = &mut *state;
            let taken = taken.extract_if(.., |_, it| is_old(it.since));
            let received = received.extract_if(.., |_, it| is_old(it.since));
            let taken = taken.map(|(_, it)| it.path);
            taken.chain(received.map(|(_, it)| it.path)).collect()
        };
        self.0.remove(old).await;
    }
}

impl Inner {
    /// Removes files of ours that nobody needs any more. One that stays is cleared up at the next
    /// start.
    async fn remove(&self, paths: Vec<PathBuf>) {
        let removed = blocking(move || {
            for path in paths {
                fs::remove_file(&path)
                    .map_err(BackupError::io("remove what was fetched", &path))?;
            }
            Ok(())
        });
        if let Err(error) = removed.await {
            tracing::warn!(%error, "a file that nobody needs stays");
        }
    }

    /// No lock here guards more than one assignment, so a panic elsewhere leaves nothing half done
    /// behind it.
    fn state(&self) -> MutexGuard<'_, State> {
        self.state.lock().unwrap_or_else(PoisonError::into_inner)
    }
}
