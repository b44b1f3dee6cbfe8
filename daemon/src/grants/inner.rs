//! What the parts of this room share: the provider, where things are kept, and what is under way. It
//! holds; it does nothing. Each provider has one of its own, so that no limit, pause or clock of one
//! holds up another.

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use greenroom_protocol::id::AttemptId;
use tokio::sync::OnceCell;

use super::consent::error::ConnectFailure;
use super::id::{ConnectionId, KeysFor};
use super::provider::Provider;
use super::singleflight::{Singleflight, Tasks};
use super::terms::{Audience, Terms};
use super::timers::Timers;
use super::wire::http::Http;
use super::wire::oauth::{App, OAuth};
use crate::clock::Clock;
use crate::store::Store;
use crate::vault::{Vault, VaultError};

/// What the parts of this room share.
pub(crate) struct Inner {
    pub(crate) provider: Arc<dyn Provider>,
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) clock: Clock,
    pub(crate) http: Http,
    pub(crate) oauth: OAuth,
    pub(crate) default_app: Option<App>,
    pub(crate) tasks: Arc<Tasks>,
    pub(crate) renewals: Singleflight<ConnectionId, Result<Audience, Arc<VaultError>>>,
    pub(crate) finishing: Singleflight<AttemptId, Result<ConnectionId, ConnectFailure>>,
    pub(crate) revocations: Singleflight<String, bool>,
    pub(crate) timers: Arc<Timers>,
    /// Whose good keys the provider's API refuses, until it takes them again.
    pub(crate) uncertain: Mutex<HashMap<KeysFor, Uncertain>>,
    /// Set once `timers` hear of every commit.
    pub(crate) following: OnceCell<()>,
}

/// Good keys that the provider's API refused.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Uncertain {
    /// How many times in a row.
    pub(crate) times: u32,
    /// The latest of them.
    pub(crate) generation: u64,
}

impl Inner {
    /// What the provider is.
    pub(crate) fn terms(&self) -> &'static Terms {
        self.provider.terms()
    }

    /// Under which a connection is kept, in its workspace's space.
    pub(crate) fn key(&self, who: ConnectionId) -> String {
        who.key(self.terms())
    }
}
