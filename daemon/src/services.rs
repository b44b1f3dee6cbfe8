//! The handles by which use cases reach the rooms below them. Clones are the same rooms.

use std::sync::Arc;

use greenroom_protocol::time::Instant;

use crate::clock::Clock;
use crate::config::Config;
use crate::index::Index;
use crate::mail::Mail;
use crate::records::workspace::UnixUser;
use crate::store::Store;
use crate::work::Queue;
use crate::zoom::Zoom;

/// What a use case may reach.
#[derive(Clone)]
pub struct Services {
    /// What the administrator decided.
    pub config: Arc<Config>,
    /// Since when the daemon runs.
    pub started_at: Instant,
    /// What time it is.
    pub clock: Clock,
    /// Everything that lasts.
    pub store: Store,
    /// What lists, search and references answer from.
    pub index: Index,
    /// What waits to be done outside.
    pub queue: Queue,
    /// Connections and Zoom's calls.
    pub zoom: Zoom,
    /// The way mail leaves and comes in.
    pub mail: Mail,
}

impl Services {
    /// A Unix user of this machine.
    pub(crate) fn user(&self, uid: u32) -> UnixUser {
        // Beside damaged data there is no machine, and nobody is looked up.
        let machine = self.store.machine().parse().ok();
        UnixUser { machine, uid }
    }
}
