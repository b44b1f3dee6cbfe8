//! Backups that a caller fetches: made into a file of ours, handed out in parts, forgotten when
//! fetched or after an hour.
//!
//! The daemon may run where it cannot write to its users' files, and a part must fit into a frame,
//! so the caller writes the file. Invariant: a name given by a caller is looked up, never made into
//! a path.

use std::fs::File;
use std::os::unix::fs::FileExt;
use std::path::PathBuf;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom_protocol::backup::{Backup, BackupPart, BackupRead};
use greenroom_protocol::time::Instant;

use super::make::{self, blocking};
use super::{BackupError, Backups};

/// The bytes of a part; in base64 and with what is around them they fit into a frame.
pub(super) const PART: usize = 512 * 1024;

const PREFIX: &str = "taken-";

/// A backup that is being fetched.
#[derive(Debug, Clone)]
pub(super) struct Taken {
    pub(super) path: PathBuf,
    bytes: u64,
    pub(super) since: Instant,
}

/// Whether a file of this name is of use to nobody after a restart: half a backup, or one that was
/// being fetched.
pub(super) fn is_left_over(name: &str) -> bool {
    let ours = ["greenroom-", "before-"];
    let half = |prefix: &&str| name.starts_with(*prefix) && name.ends_with(".backup.new");
    name.starts_with(PREFIX) || ours.iter().any(half)
}

impl Backups {
    /// Makes a backup to be fetched. Goes on where the caller goes away: what was made is forgotten
    /// after an hour.
    pub async fn take(&self) -> Result<Backup, BackupError> {
        self.forget_old().await;
        let backups = self.clone();
        let id = uuid::Uuid::now_v7().simple().to_string();
        let taking = tokio::spawn(async move {
            let made = make::make(&backups.0, &format!("{PREFIX}{id}")).await?;
            let taken = Taken {
                path: made.path.clone(),
                bytes: made.bytes,
                since: backups.0.clock.now(),
            };
            backups.0.state().taken.insert(id.clone(), taken);
            Ok(Backup {
                id,
                made_at: made.made_at,
                store: backups.0.store.store_id().to_owned(),
                revision: made.revision.0,
                rows: made.rows,
                bytes: made.bytes,
                digest: made.digest,
                key: backups.0.vault.key_id(),
            })
        });
        taking
            .await
            .unwrap_or_else(|stopped| Err(BackupError::Stopped(stopped.to_string())))
    }

    /// A part of it.
    pub async fn read(&self, part: BackupRead) -> Result<BackupPart, BackupError> {
        let taken = self.0.state().taken.get(&part.id).cloned();
        let taken = taken.ok_or(BackupError::Unknown)?;
        let offset = part.offset;
        if offset >= taken.bytes {
            return Err(BackupError::Offset(offset));
        }
        blocking(move || {
            let failed = BackupError::io("read the backup", &taken.path);
            let left = usize::try_from(taken.bytes - offset).unwrap_or(PART);
            let mut bytes = vec![0; left.min(PART)];
            let file = File::open(&taken.path).map_err(&failed)?;
            file.read_exact_at(&mut bytes, offset).map_err(failed)?;
            Ok(BackupPart {
                data: STANDARD.encode(bytes),
            })
        })
        .await
    }

    /// Forgets what was fetched, or handed in and is not wanted.
    pub async fn forget(&self, id: &str) -> Result<(), BackupError> {
        let path = {
            let mut state = self.0.state();
            let taken = state.taken.remove(id).map(|taken| taken.path);
            taken.or_else(|| state.received.remove(id).map(|received| received.path))
        };
        let path = path.ok_or(BackupError::Unknown)?;
        self.0.remove(vec![path]).await;
        Ok(())
    }
}
