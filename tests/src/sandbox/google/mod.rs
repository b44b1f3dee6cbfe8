//! The sandbox Google: OAuth for a desktop app, identity, and what is behind the keys.
//!
//! ```no_run
//! # async fn example() -> anyhow::Result<()> {
//! use greenroom_tests::sandbox::{Decision, consent, google};
//!
//! // Acme's Workspace, Dana in it, and Greenroom as an internal app of Acme's.
//! let google = google::Sandbox::start(google::Config::default()).await?;
//! // Where the daemon's `[google]` points: one address for every host of Google's.
//! let keys = (google.auth_url(), google.token_url(), google.revoke_url(), google.api_url());
//! // A browser that presses Allow; it returns the redirect with its code and state.
//! # let authorize_url = "";
//! let back = consent(authorize_url, "dana.reyes@acme.example", Decision::Allow).await?;
//! // Steering: every method of `Google`, the same over HTTP under `/sandbox`.
//! google.change_password("dana.reyes@acme.example")?;
//! # Ok(()) }
//! ```
//!
//! The client is [`CLIENT_ID`] with [`CLIENT_SECRET`], which goes in the body beside PKCE with
//! S256. Stricter than Google where its documents only recommend: without a challenge there is no page.
//!
//! - `config`, `directory`, `scopes`, `endpoint`: what it starts with, who exists, what can be asked
//! - `world`: everything it knows, behind one lock · `grants`: codes and tokens, pure
//! - `oauth`: pages, tokens, revocation, identity · `api`: the calendar · `smtp`: mail
//! - `control`: what tests and the demo steer · `site`: how it is reached · `command`: a process of its own

mod api;
pub mod command;
mod config;
mod control;
mod directory;
mod endpoint;
mod grants;
mod oauth;
pub mod scopes;
mod site;
mod smtp;
mod world;

use std::ops::Deref;

pub use config::{CLIENT_ID, CLIENT_SECRET, Config};
pub use control::{ControlError, Google};
pub use directory::{Account, AppAccess, Client, Domain, Project, Publishing, UserType};
pub use endpoint::Endpoint;
pub use world::Counters;

use super::faults::{self, Canned};
use super::front::{Front, StartError};
use super::smtp::SmtpPort;

/// A fault of Google's to switch on.
pub type Fault = faults::Fault<Endpoint, Canned>;
/// What goes wrong at Google.
pub type FaultKind = faults::FaultKind<Canned>;

/// An address of this machine where nobody reads mail, so that no token gets to the real Gmail.
const NO_IMAP: &str = "imap://127.0.0.1:9";

/// A running sandbox. Dropping it closes the port at once; requests in flight are still answered.
pub struct Sandbox {
    google: Google,
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
        let (google, front) = Front::start(port, |_, seed| Google::new(config, seed))?;
        let smtp = SmtpPort::start(google.clone())
            .await
            .map_err(StartError::Smtp)?;
        Ok(Self {
            google,
            front,
            smtp,
        })
    }

    /// Nobody is there any more: the ports are closed.
    pub async fn hang_up(&self) {
        self.front.hang_up().await;
        self.smtp.hang_up().await;
    }

    /// Stands for `smtp.gmail.com:465`; in the open, for it is on this machine.
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

    /// Stands for `https://accounts.google.com/o/oauth2/v2/auth`.
    pub fn auth_url(&self) -> String {
        format!("{}/o/oauth2/v2/auth", self.url())
    }

    /// Stands for `https://oauth2.googleapis.com/token`.
    pub fn token_url(&self) -> String {
        format!("{}/token", self.url())
    }

    /// Stands for `https://oauth2.googleapis.com/revoke`.
    pub fn revoke_url(&self) -> String {
        format!("{}/revoke", self.url())
    }

    /// Stands for `https://openidconnect.googleapis.com/v1/userinfo`.
    pub fn userinfo_url(&self) -> String {
        format!("{}/v1/userinfo", self.url())
    }

    /// The section `[google]` of a daemon's configuration, without its app's secret. `imap` is a
    /// server that asks this sandbox whose token it was given; without one nobody reads mail there.
    pub fn config(&self, imap: Option<&str>) -> String {
        let imap = imap.unwrap_or(NO_IMAP);
        format!(
            "\n[google]\nclient_id = \"{CLIENT_ID}\"\nauth_url = \"{}\"\ntoken_url = \"{}\"\n\
             revoke_url = \"{}\"\nuserinfo_url = \"{}\"\napi_url = \"{}\"\n\
             gmail_smtp_url = \"{}\"\ngmail_imap_url = \"{imap}\"\n",
            self.auth_url(),
            self.token_url(),
            self.revoke_url(),
            self.userinfo_url(),
            self.api_url(),
            self.smtp_url(),
        )
    }

    /// Stands for `https://www.googleapis.com`, and for the hosts of single APIs:
    /// `/v1/userinfo`, `/oauth2/v3/userinfo` and `/oauth2/v2/userinfo` are there.
    pub fn api_url(&self) -> String {
        self.url().to_owned()
    }
}

impl Deref for Sandbox {
    type Target = Google;

    fn deref(&self) -> &Google {
        &self.google
    }
}
