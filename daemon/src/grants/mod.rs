//! Everything about being allowed to act for somebody at a provider: consent in the browser, the
//! keys it gives, their renewal, and their end.
//!
//! - `connection` ★, `reason`, `id`: what a connection is, every way it changes, why, and whose
//! - `consent`: from the browser to keys that are somebody's, and back to none; who waits for an
//!   administrator's approval
//! - `keys`: secrets at rest and in use, one renewal at a time; apps; revocation; keys from a
//!   backup
//! - `timers`, `refresher`, `singleflight`: what is due when, renewed before it ends, never all at
//!   once, each once
//! - `wire`: OAuth over HTTP
//!
//! Invariants: a secret is in the vault or in a request, nowhere else; new keys are durable before
//! they are used; what may have happened at the provider is never taken for what did not. This
//! room knows no interviews, no access rules and no API; it tells others of changes through the
//! store alone.

pub mod connection;
pub(crate) mod consent;
pub(crate) mod id;
pub(crate) mod keys;
pub(crate) mod reason;
pub(crate) mod refresher;
pub(crate) mod singleflight;
pub(crate) mod timers;
pub(crate) mod wire;

use std::collections::HashMap;
use std::sync::{Arc, Mutex};

use greenroom_protocol::id::AttemptId;
use tokio::sync::OnceCell;
use url::Url;

use self::consent::error::ConnectError;
use self::id::Who;
use self::singleflight::{Flights, Tasks};
use self::timers::Due;
use self::wire::http::Http;
use self::wire::oauth::{App, OAuth};
use crate::clock::Clock;
use crate::store::Store;
use crate::vault::{Vault, VaultError};
use crate::zoom::passcode;

/// What the parts of this room share.
pub(crate) struct Inner {
    pub(crate) store: Store,
    pub(crate) vault: Vault,
    pub(crate) clock: Clock,
    pub(crate) http: Http,
    pub(crate) oauth: OAuth,
    pub(crate) api: Url,
    pub(crate) sandbox: Option<String>,
    pub(crate) default_app: Option<App>,
    pub(crate) tasks: Arc<Tasks>,
    pub(crate) renewals: Flights<Who, Result<(), Arc<VaultError>>>,
    pub(crate) finishing: Flights<AttemptId, Result<Who, ConnectError>>,
    pub(crate) retirements: Flights<String, bool>,
    pub(crate) due: Arc<Due>,
    /// Whose good keys Zoom refuses, until it takes them again.
    pub(crate) distrusted: Mutex<HashMap<Who, Distrusted>>,
    /// What the accounts of these hosts ask of passcodes, where it is not the usual.
    pub(crate) passcodes: Mutex<HashMap<Who, passcode::Rules>>,
    /// Set once `due` hears of every commit.
    pub(crate) following: OnceCell<()>,
}

/// Good keys that Zoom refused.
#[derive(Debug, Clone, Copy, Default)]
pub(crate) struct Distrusted {
    /// How many times in a row.
    pub(crate) times: u32,
    /// The latest of them.
    pub(crate) generation: u64,
}
