//! The sandbox Zoom: OAuth, meetings, limits and faults.
//!
//! - `config`, `directory`, `endpoint`: what it starts with, who exists, what can be asked
//! - `world`: everything it knows, behind one lock · `values`: ids and tokens that look like Zoom's
//! - `grants`, `meeting`, `limits`: the rules, pure · `answers`: what stands in for an answer
//! - `oauth`, `api`, `links`, `marketplace`: what the outside sees · `xml`: the format of refusals
//! - `control`: what tests and the demo steer
//! - `site`: how it is reached · `command`: the program `zoom-sandbox`

mod answers;
mod api;
pub mod command;
mod config;
mod control;
mod directory;
mod endpoint;
mod grants;
mod limits;
mod links;
mod marketplace;
mod meeting;
mod oauth;
mod site;
mod values;
mod world;
mod xml;

use std::ops::Deref;

pub use answers::Answer;
pub use config::{CLIENT_ID, CLIENT_SECRET, Config, Decline, PUBLIC_CLIENT_ID};
pub use control::{ControlError, Zoom};
pub use directory::{Account, App, Distribution, Licence, Locked, Passcodes, Plan, SCOPES, User};
pub use endpoint::Endpoint;
pub use meeting::{Instance, Meeting, PasscodeRules, Settings};
pub use world::Counters;

use super::faults;
use super::front::{Front, StartError};

/// A fault of Zoom's to switch on.
pub type Fault = faults::Fault<Endpoint, Answer>;
/// What goes wrong at Zoom.
pub type FaultKind = faults::FaultKind<Answer>;

/// A running sandbox. Dropping it closes the port at once; requests in flight are still answered.
pub struct Sandbox {
    zoom: Zoom,
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
        let (zoom, front) = Front::start(port, |url, seed| Zoom::new(config, url, seed))?;
        Ok(Self { zoom, front })
    }

    /// Nobody is there any more: the port is closed.
    pub async fn hang_up(&self) {
        self.front.hang_up().await;
    }

    /// Where it is, without a slash at the end.
    pub fn url(&self) -> &str {
        self.front.url()
    }

    /// Stands for `https://zoom.us/oauth`.
    pub fn oauth_url(&self) -> String {
        format!("{}/oauth", self.url())
    }

    /// Stands for `https://marketplace.zoom.us/`: where an admin approves apps.
    pub fn marketplace_url(&self) -> String {
        format!("{}/marketplace", self.url())
    }

    /// Stands for `https://api.zoom.us/v2`.
    pub fn api_url(&self) -> String {
        format!("{}/v2", self.url())
    }
}

impl Deref for Sandbox {
    type Target = Zoom;

    fn deref(&self) -> &Zoom {
        &self.zoom
    }
}
