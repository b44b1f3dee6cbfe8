//! The handles by which use cases reach the rooms below them. Clones are the same rooms.

use std::sync::Arc;

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::time::Instant;

use crate::clock::Clock;
use crate::config::Config;
use crate::google::Google;
use crate::grants::Grants;
use crate::index::Index;
use crate::mail::Mail;
use crate::microsoft::Microsoft;
use crate::network::Reader;
use crate::records::workspace::UnixUser;
use crate::store::Store;
use crate::uploads::Uploads;
use crate::vault::Vault;
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
    /// Accounts at Google and Microsoft.
    pub accounts: Accounts,
    /// The way mail leaves and comes in.
    pub mail: Mail,
    /// Calendars that are being uploaded.
    pub uploads: Uploads,
    /// Addresses that people give, read.
    pub network: Reader,
}

/// The ways to Google and Microsoft. Clones are the same.
#[derive(Clone)]
pub struct Accounts {
    /// Google.
    pub google: Google,
    /// Microsoft.
    pub microsoft: Microsoft,
}

impl Accounts {
    /// Opens both rooms as the configuration says; reads the secret of Google's default app.
    ///
    /// # Errors
    ///
    /// Where the secret or an address cannot be read, or the system has no certificates to trust.
    pub async fn open(
        store: &Store,
        vault: &Vault,
        clock: &Clock,
        config: &Config,
    ) -> anyhow::Result<Self> {
        let secret = config.google.client_secret();
        let secret = secret.read("google.client_secret").await?;
        let (store, vault, clock) = (store.clone(), vault.clone(), clock.clone());
        Ok(Self {
            google: Google::open(
                store.clone(),
                vault.clone(),
                clock.clone(),
                &config.google,
                secret,
            )?,
            microsoft: Microsoft::open(store, vault, clock, &config.microsoft)?,
        })
    }

    /// Whose account is connected there, and the keys to it.
    #[must_use]
    pub fn grants(&self, provider: AccountProvider) -> &Grants {
        match provider {
            AccountProvider::Google => self.google.grants(),
            AccountProvider::Microsoft => self.microsoft.grants(),
        }
    }

    /// What stands in for the provider, where that is not itself.
    #[must_use]
    pub fn sandbox(&self, provider: AccountProvider) -> Option<String> {
        match provider {
            AccountProvider::Google => self.google.sandbox(),
            AccountProvider::Microsoft => self.microsoft.sandbox(),
        }
    }
}

impl Services {
    /// A Unix user of this machine.
    pub(crate) fn user(&self, uid: u32) -> UnixUser {
        // Beside damaged data there is no machine, and nobody is looked up.
        let machine = self.store.machine().parse().ok();
        UnixUser { machine, uid }
    }
}
