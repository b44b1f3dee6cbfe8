//! The sandbox Microsoft: Entra's OAuth for a public client, and Graph.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use greenroom_tests::sandbox::{Decision, consent, microsoft};
//!
//! // Acme's tenant, Dana in it, and Greenroom registered there.
//! let microsoft = microsoft::Sandbox::start(microsoft::Config::default()).await?;
//! // Where the daemon's `[microsoft]` points. The tenant is a part of every path of the first.
//! let places = (microsoft.login_url(), microsoft.graph_url(), microsoft::TENANT);
//! // A browser that presses Accept; it returns the redirect with its code and state.
//! # let authorize_url = "";
//! let back = consent(authorize_url, "dana.reyes@acme.example", Decision::Allow).await?;
//! // Steering: every method of `Microsoft`, the same over HTTP under `/sandbox`.
//! microsoft.set_consent(microsoft::TENANT, microsoft::UserConsent::Managed)?;
//! # Ok(()) }
//! ```
//!
//! The client is [`CLIENT_ID`] without a secret; `http://localhost/callback` is registered, at any
//! port. Two readings are stricter than what Microsoft promises: without a challenge of PKCE with
//! S256 there is no page, and a code or a token for two resources at once needs a `scope` that names
//! one of them. An authorize address may name scopes of two resources, as Microsoft's own libraries
//! do to ask for consent once; a token request may not (AADSTS28000).
//!
//! - `config`, `directory`, `scopes`, `endpoint`: what it starts with, who exists, what can be asked
//! - `world`: everything it knows, behind one lock · `grants`: codes and tokens, pure
//! - `aadsts`: refusals by their numbers · `oauth`: pages and tokens · `graph`: the API
//! - `control`: what tests and the demo steer · `site`: how it is reached

mod aadsts;
mod config;
mod control;
mod directory;
mod endpoint;
mod grants;
mod graph;
mod oauth;
pub mod scopes;
mod site;
mod world;

use std::ops::Deref;

pub use config::{CLIENT_ID, Config, TENANT};
pub use control::{ControlError, Microsoft};
pub use directory::{Account, App, Audience, Block, Tenant, UserConsent};
pub use endpoint::Endpoint;
pub use grants::Death;
pub use world::Counters;

use super::faults::{self, Canned};
use super::front::{Front, StartError};

/// A fault of Microsoft's to switch on.
pub type Fault = faults::Fault<Endpoint, Canned>;
/// What goes wrong at Microsoft.
pub type FaultKind = faults::FaultKind<Canned>;

/// A running sandbox. Dropping it closes the port at once; requests in flight are still answered.
pub struct Sandbox {
    microsoft: Microsoft,
    front: Front,
}

impl Sandbox {
    /// Starts on 127.0.0.1, in the current tokio runtime; ready when it returns.
    ///
    /// # Errors
    ///
    /// Where the port is taken, or the system gives no randomness.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let port = config.port;
        let (microsoft, front) = Front::start(port, |_, seed| Microsoft::new(config, seed))?;
        Ok(Self { microsoft, front })
    }

    /// Nobody is there any more: the port is closed.
    pub async fn hang_up(&self) {
        self.front.hang_up().await;
    }

    /// Where it is, without a slash at the end.
    pub fn url(&self) -> &str {
        self.front.url()
    }

    /// Stands for `https://login.microsoftonline.com`: `/{tenant}/oauth2/v2.0/authorize` and
    /// `/token`, and `/{tenant}/adminconsent`.
    pub fn login_url(&self) -> String {
        self.url().to_owned()
    }

    /// Stands for `https://graph.microsoft.com/v1.0`.
    pub fn graph_url(&self) -> String {
        format!("{}/v1.0", self.url())
    }
}

impl Deref for Sandbox {
    type Target = Microsoft;

    fn deref(&self) -> &Microsoft {
        &self.microsoft
    }
}
