//! What can be wrong with a backup, as the person reads it.

use std::io;
use std::path::Path;
use std::sync::Arc;

use greenroom_protocol::{Error, ErrorKind};

use super::sealed::SealedError;
use crate::store::StoreError;
use crate::store::sled::OpenError;

/// Why there is no backup, or none that can be used.
#[derive(Debug, thiserror::Error)]
pub enum BackupError {
    /// The file system refused.
    #[error("could not {what} ({path}): {cause}")]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which path.
        path: Arc<str>,
        /// What the system said.
        cause: io::Error,
    },
    /// Too little disk is left.
    #[error(
        "could not {what}: only {free} bytes are free on the disk, and {needed} must stay free"
    )]
    Full {
        /// What was tried.
        what: &'static str,
        /// Bytes free for this user.
        free: u64,
        /// Bytes that must stay free.
        needed: u64,
    },
    /// What was written could not be read back, or a file is not what it should be.
    #[error("could not read the backup: {0}")]
    Sealed(#[from] SealedError),
    /// What is to be written could not be sealed.
    #[error("could not seal the backup: {0}")]
    NotSealed(SealedError),
    /// What was read back is not what was written: the disk is not to be trusted.
    #[error("the backup was not kept: what was read back from the disk is not what was written")]
    Unlike,
    /// A newer version must not write before there is a copy of what the older one left.
    #[error(
        "could not back up the data before the upgrade to {}, so nothing was changed ({cause}): make room, or name another \
         directory with backup_directory in [store], then start again",
        greenroom_protocol::BUILD
    )]
    BeforeUpgrade {
        /// Why.
        cause: Box<Self>,
    },
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
    /// Nobody knows this one (any more).
    #[error("no backup of that name is being fetched; they are kept for an hour")]
    Unknown,
    /// A part outside of it.
    #[error("the backup has no part at {0}")]
    Offset(u64),
    /// The restored store could not be made.
    #[error(transparent)]
    Open(Box<OpenError>),
    /// The work stopped midway.
    #[error("the work was stopped: {0}")]
    Stopped(String),
}

impl BackupError {
    /// For `map_err`: what was tried on which path.
    pub(super) fn io(what: &'static str, path: &Path) -> impl Fn(io::Error) -> Self {
        let path: Arc<str> = path.display().to_string().into();
        move |cause| Self::Io {
            what,
            path: path.clone(),
            cause,
        }
    }

    fn kind(&self) -> ErrorKind {
        match self {
            Self::Unknown => ErrorKind::NotFound,
            Self::Offset(_) => ErrorKind::Usage,
            _ => ErrorKind::Failed,
        }
    }

    fn hint(&self) -> Option<&'static str> {
        match self {
            Self::Full { .. } => Some(ROOM),
            Self::Io { cause, .. } if is_full(cause) => Some(ROOM),
            Self::Io { .. } => Some("check the directory and its disk, then try again"),
            Self::Unlike => Some(
                "check the disk, then try again; `backup_directory` in [store] names another one",
            ),
            Self::NotSealed(_) => Some("run `greenroom doctor`: it looks at the vault's key"),
            Self::Unknown => Some("begin again"),
            Self::Sealed(SealedError::OtherKey { .. }) => Some(
                "start the daemon with the key it was sealed with (see [secrets] in the \
                 configuration), then restore",
            ),
            Self::Sealed(SealedError::Newer { .. }) => Some("update greenroomd"),
            Self::Sealed(_) => Some("take another copy of the file, or an older backup"),
            _ => None,
        }
    }
}

/// What to do about a full disk.
const ROOM: &str = "make room on that disk, or name another directory with `backup_directory` in [store]; then try again";

fn is_full(cause: &io::Error) -> bool {
    use io::ErrorKind::{QuotaExceeded, StorageFull};
    matches!(cause.kind(), StorageFull | QuotaExceeded)
}

impl From<BackupError> for Error {
    fn from(error: BackupError) -> Self {
        if let BackupError::Store(error) = error {
            return error.into();
        }
        tracing::warn!(%error, "a backup failed");
        let refused = Self::new(error.kind(), error.to_string());
        match error.hint() {
            Some(hint) => refused.hint(hint),
            None => refused,
        }
    }
}
