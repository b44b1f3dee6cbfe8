//! The backup before an upgrade: where an older version wrote last, everything is copied as that
//! version left it, before this one writes anything. The store names the file, for the older
//! version to say where the way back is.
//!
//! Invariant: without that backup nothing is written, and it is never written over or removed by
//! the daemon.

use std::path::PathBuf;

use greenroom_protocol::BUILD;

use super::restore::verify;
use super::{BackupError, Backups, Inner, Verified, make};
use crate::store::Revision;

fn before_upgrade(cause: BackupError) -> BackupError {
    BackupError::BeforeUpgrade {
        cause: Box::new(cause),
    }
}

impl Backups {
    /// Takes a store of an older version over. Where the backup is, if there was anything to keep.
    pub async fn before_upgrade(&self) -> Result<Option<PathBuf>, BackupError> {
        let store = &self.0.store;
        if !store.engine().is_of_an_older_version() {
            return Ok(None);
        }
        // An empty store has nothing to lose.
        let kept = match store.revision() > Revision(0) {
            true => Some(self.kept().await.map_err(before_upgrade)?),
            false => None,
        };
        let named = kept.as_ref().map(|path| path.display().to_string());
        let adopted = store.engine().adopt(named).await;
        adopted.map_err(crate::store::StoreError::from)?;
        if let Some(path) = &kept {
            tracing::warn!(backup = %path.display(), version = BUILD, "a newer version took the data over; this is the way back");
        }
        Ok(kept)
    }

    async fn kept(&self) -> Result<PathBuf, BackupError> {
        let Inner {
            store,
            vault,
            places,
            ..
        } = &*self.0;
        let mut number = 1;
        loop {
            let name = match number {
                1 => format!("before-{BUILD}.backup"),
                _ => format!("before-{BUILD}-{number}.backup"),
            };
            let path = places.directory.join(&name);
            if !path.exists() {
                return Ok(make::make(&self.0, &name).await?.path);
            }
            // A daemon that was killed in between left the backup this one would make.
            let found = verify(&path, vault).await;
            let same = |found: Verified| {
                found.store == store.store_id() && found.revision == store.revision()
            };
            if found.is_ok_and(same) {
                return Ok(path);
            }
            number += 1;
        }
    }
}
