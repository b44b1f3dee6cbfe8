//! From what went wrong in a room to what the person reads.
//!
//! Owns the kind and the hint of failures that several use cases share. The chain of causes is
//! logged here and not sent.

use greenroom_protocol::{Error, ErrorKind};

use crate::index::{IndexError, Unresolved};
use crate::schedule::time::NotATime;
use crate::store::StoreError;
use crate::store::engine::{CommitError, ReadError};
use crate::vault::VaultError;

/// The way out of damage.
pub(crate) const RESTORE: &str = "restore a backup, as the daemon's user or root: `greenroom restore FILE`; `greenroom status` says where \
     the nightly ones are, and the damaged files are kept";

impl From<StoreError> for Error {
    fn from(error: StoreError) -> Self {
        match &error {
            StoreError::Contended { .. } => {
                Self::conflict("others kept changing the same records").hint("try again")
            }
            StoreError::Commit(CommitError::Full { .. }) => {
                tracing::error!(%error, "a change was refused");
                Self::failed(error.to_string())
                    .hint("free some room on the disk of the data directory; nothing was written")
            }
            StoreError::Read(ReadError::Damaged(_))
            | StoreError::Commit(CommitError::Read(ReadError::Damaged(_))) => {
                Self::failed(error.to_string()).hint(RESTORE)
            }
            _ => {
                tracing::error!(%error, "the store failed");
                Self::failed(error.to_string()).hint("see the daemon's log and `greenroom doctor`")
            }
        }
    }
}

impl From<IndexError> for Error {
    fn from(error: IndexError) -> Self {
        let hint = match &error {
            IndexError::Damaged(_) => RESTORE,
            IndexError::Build(_) => {
                "see the daemon's log, and restart it with `greenroom daemon restart`"
            }
        };
        Self::failed(error.to_string()).hint(hint)
    }
}

impl From<VaultError> for Error {
    fn from(error: VaultError) -> Self {
        match error {
            VaultError::Store(error) => error.into(),
            error => {
                tracing::error!(%error, "the vault failed");
                Self::failed(error.to_string()).hint("run `greenroom doctor`")
            }
        }
    }
}

impl From<NotATime> for Error {
    fn from(error: NotATime) -> Self {
        let hint = match &error {
            NotATime::Zone(_) => "use an IANA name such as Europe/Berlin",
            NotATime::Form(_) | NotATime::NoHour(_) => {
                "write a day and an hour, such as `thu 10:30`, `tomorrow 3pm` or 2026-12-01 10:00"
            }
            NotATime::Window(_) | NotATime::Several { .. } => {
                "write the one time at which it starts"
            }
            NotATime::Ambiguous { .. } => {
                "write the date and the hour in full, as in 2026-12-01 10:00"
            }
            NotATime::Unread(_) => "write the day and the hour alone",
            NotATime::Gap { .. } | NotATime::Fold { .. } => {
                "name the one you mean with its offset, as in 2026-12-01T10:00:00+01:00"
            }
        };
        let field = if matches!(error, NotATime::Zone(_)) {
            "zone"
        } else {
            "start"
        };
        Self::new(ErrorKind::Usage, error.to_string())
            .hint(hint)
            .field(field)
    }
}

impl From<Unresolved> for Error {
    fn from(error: Unresolved) -> Self {
        let message = error.to_string();
        match error {
            Unresolved::NotFound { .. } => Self::not_found(message),
            Unresolved::Ambiguous { matches, .. } => {
                let mut refused = Self::not_found(message).hint("use the address or the id");
                refused.matches = matches;
                refused
            }
        }
    }
}
