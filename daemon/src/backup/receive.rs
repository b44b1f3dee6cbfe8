//! Backups that a caller hands in, in parts, to be restored. They lie in a file of ours until they
//! are restored, or for an hour.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom_protocol::backup::{RestoreBegin, RestoreFinish, RestorePart, RestoreSlot, Restored};
use greenroom_protocol::time::Instant;

use super::make::{blocking, create, room};
use super::restore::{self, Verified};
use super::{BackupError, Backups, Inner};
use crate::store::Attribution;

const PREFIX: &str = "received-";

/// A backup that is being handed in.
#[derive(Debug, Clone)]
pub(super) struct Received {
    pub(super) path: PathBuf,
    /// How long it is to be.
    bytes: u64,
    /// How much of it is here.
    here: u64,
    pub(super) since: Instant,
}

/// Whether a file of this name is one that was being handed in.
pub(super) fn is_left_over(name: &str) -> bool {
    name.starts_with(PREFIX)
}

impl Backups {
    /// Makes room for a backup that is handed in.
    pub async fn receive(&self, begin: RestoreBegin) -> Result<RestoreSlot, BackupError> {
        self.forget_old().await;
        let id = uuid::Uuid::now_v7().simple().to_string();
        let path = self.0.places.directory.join(format!("{PREFIX}{id}"));
        let received = Received {
            path: path.clone(),
            bytes: begin.bytes,
            here: 0,
            since: self.0.clock.now(),
        };
        blocking(move || create(&path).map(drop)).await?;
        self.0.state().received.insert(id.clone(), received);
        Ok(RestoreSlot { id })
    }

    /// Takes the next part.
    pub async fn receive_part(&self, part: RestorePart) -> Result<(), BackupError> {
        let received = self.received(&part.id)?;
        let bytes = STANDARD
            .decode(part.data)
            .map_err(|_| BackupError::Offset(part.offset))?;
        let here = part.offset.saturating_add(bytes.len() as u64);
        if part.offset != received.here || here > received.bytes {
            return Err(BackupError::Offset(part.offset));
        }
        blocking(move || {
            room("keep the backup that is handed in", &received.path)?;
            let file = File::options().write(true).open(&received.path);
            file.and_then(|file| file.write_all_at(&bytes, part.offset))
                .map_err(BackupError::io("keep a part of the backup", &received.path))
        })
        .await?;
        if let Some(received) = self.0.state().received.get_mut(&part.id) {
            received.here = here;
        }
        Ok(())
    }

    /// Opens what was handed in and, unless only that is wanted, makes it the store that opens
    /// next. Goes on where the caller goes away.
    pub async fn restore(
        &self,
        finish: RestoreFinish,
        by: Attribution,
    ) -> Result<Restored, BackupError> {
        let received = self.received(&finish.id)?;
        if received.here != received.bytes {
            return Err(BackupError::Offset(received.here));
        }
        if finish.dry_run {
            let found = restore::verify(&received.path, &self.0.vault).await?;
            return Ok(restored(found, true));
        }
        let backups = self.clone();
        let restoring = tokio::spawn(async move {
            // Nothing may be copied from a store that is about to be set aside.
            let _one = backups.0.one.lock().await;
            let Inner {
                store,
                vault,
                places,
                ..
            } = &*backups.0;
            let (after, now) = (store.revision(), backups.0.clock.now());
            let (file, dir) = (&received.path, &places.store);
            let same = finish.same_people;
            let done = restore::restore(file, vault, dir, after, &by, now, same).await?;
            backups.0.state().received.remove(&finish.id);
            backups.0.remove(vec![received.path]).await;
            Ok(Restored {
                replaced_by: Some(done.store),
                set_aside: Some(done.aside.display().to_string()),
                meetings: done.meetings,
                connections: done.connections,
                letters: done.letters,
                ..restored(done.from, false)
            })
        });
        restoring
            .await
            .unwrap_or_else(|stopped| Err(BackupError::Stopped(stopped.to_string())))
    }

    fn received(&self, id: &str) -> Result<Received, BackupError> {
        let received = self.0.state().received.get(id).cloned();
        received.ok_or(BackupError::Unknown)
    }
}

fn restored(found: Verified, dry_run: bool) -> Restored {
    Restored {
        made_at: found.made_at,
        build: found.build,
        store: found.store,
        revision: found.revision.0,
        rows: found.rows,
        replaced_by: None,
        set_aside: None,
        meetings: 0,
        connections: 0,
        letters: 0,
        dry_run,
    }
}
