//! What calls are answered from.

use std::path::PathBuf;

use crate::backup::Backups;
use crate::services::Services;
use crate::supervise::Lives;

/// What use cases reach, and the backups, which no use case knows: only calls about them and what
/// watches over the daemon do. Clones are the same.
#[derive(Clone)]
pub struct Served {
    /// What use cases reach.
    pub services: Services,
    /// Copies of everything that lasts.
    pub backups: Backups,
    /// How often the daemon had to begin again.
    pub lives: Lives,
}

impl Served {
    /// The directories the daemon keeps things in.
    pub(crate) fn directories(&self) -> Vec<PathBuf> {
        let mut all = self.backups.directories();
        all.extend(self.services.mail.folders());
        all
    }
}
