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
//! - `aadsts`: refusals by their numbers · `oauth`: pages and tokens · `graph`: the API · `smtp`:
//!   who may send · `mailbox`: what is in the folders
//! - `control`: what tests and the demo steer · `site`: how it is reached · `command`: a process of
//!   its own

mod aadsts;
pub mod command;
mod config;
mod control;
mod directory;
mod endpoint;
mod grants;
mod graph;
mod mailbox;
mod oauth;
pub mod scopes;
mod site;
mod smtp;
mod world;

use std::ops::Deref;

pub use config::{CLIENT_ID, Config, TENANT};
pub use control::{ControlError, Microsoft};
pub use directory::{Account, App, Audience, Block, Tenant, UserConsent, WorkingHours};
pub use endpoint::Endpoint;
pub use grants::Death;
pub use world::{Counters, Entry, Status};

use super::faults::{self, Canned};
use super::front::{Front, StartError};
use super::smtp::SmtpPort;

/// A fault of Microsoft's to switch on.
pub type Fault = faults::Fault<Endpoint, Canned>;
/// What goes wrong at Microsoft.
pub type FaultKind = faults::FaultKind<Canned>;

/// An address of this machine where nobody reads mail, so that no token gets to the real Exchange.
const NO_IMAP: &str = "imap://127.0.0.1:9";

/// A running sandbox. Dropping it closes the port at once; requests in flight are still answered.
pub struct Sandbox {
    microsoft: Microsoft,
    front: Front,
    smtp: SmtpPort,
}

impl Sandbox {
    /// Starts on 127.0.0.1, in the current tokio runtime; ready when it returns.
    ///
    /// # Errors
    ///
    /// Where the port is taken, or the system gives no randomness.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let port = config.port;
        let (microsoft, front) = Front::start(port, |url, seed| Microsoft::new(config, url, seed))?;
        let smtp = SmtpPort::start(microsoft.clone())
            .await
            .map_err(StartError::Smtp)?;
        Ok(Self {
            microsoft,
            front,
            smtp,
        })
    }

    /// Nobody is there any more: the ports are closed.
    pub async fn hang_up(&self) {
        self.front.hang_up().await;
        self.smtp.hang_up().await;
    }

    /// Stands for `smtp.office365.com:587`; in the open, for it is on this machine.
    pub fn smtp_url(&self) -> String {
        self.smtp.url()
    }

    /// Where a mail server asks whose token it was given, by GET and with the token behind it; for
    /// [`Mailboxes`](crate::post_office::Mailboxes).
    pub fn mail_login_url(&self) -> String {
        format!("{}/sandbox/mail-login?access_token=", self.url())
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

    /// Stands for `https://graph.microsoft.com`; the version stands below it.
    pub fn graph_url(&self) -> String {
        self.url().to_owned()
    }

    /// The section `[microsoft]` of a daemon's configuration. `imap` is a server that asks this
    /// sandbox whose token it was given; without one nobody reads mail there.
    pub fn config(&self, imap: Option<&str>) -> String {
        let imap = imap.unwrap_or(NO_IMAP);
        format!(
            "\n[microsoft]\nclient_id = \"{CLIENT_ID}\"\ntenant = \"{TENANT}\"\n\
             login_url = \"{}\"\ngraph_url = \"{}\"\nsmtp_url = \"{}\"\nimap_url = \"{imap}\"\n",
            self.login_url(),
            self.graph_url(),
            self.smtp_url(),
        )
    }
}

impl Deref for Sandbox {
    type Target = Microsoft;

    fn deref(&self) -> &Microsoft {
        &self.microsoft
    }
}
