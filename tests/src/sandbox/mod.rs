//! The sandbox Zoom: OAuth, meetings, limits and faults on 127.0.0.1, for tests, the demo and
//! trying things out.
//!
//! It behaves as Zoom's public documents and the field say Zoom behaves; where they are silent it
//! takes the stricter reading. It must stay a stranger to Greenroom: nothing here may use the
//! daemon's or the client's code, or both could be wrong together.
//!
//! - `config`, `directory`, `endpoint`: what it starts with, who exists, what can be asked
//! - `clock`, `dice`: time and chance
//! - `world`: everything it knows, behind one lock
//! - `grants`, `meeting`, `limits`, `faults`: the rules, pure
//! - `oauth`, `api`, `links`, `marketplace`: what the outside sees
//! - `control`: what tests and the demo steer
//! - `serve`, `xml`: connections, and the format of refusals · `browser`: the person at the consent
//!   page
//! - `command`: the program `zoom-sandbox`

mod api;
mod browser;
mod clock;
pub mod command;
mod config;
mod control;
mod dice;
mod directory;
mod endpoint;
mod faults;
mod grants;
mod limits;
mod links;
mod marketplace;
mod meeting;
mod oauth;
mod serve;
mod world;
mod xml;

use std::net::Ipv4Addr;
use std::ops::Deref;

pub use browser::{ConsentError, Decision, answer, consent, http_client};
pub use clock::Clock;
pub use config::{CLIENT_ID, CLIENT_SECRET, Config, Decline, PUBLIC_CLIENT_ID};
pub use control::{ControlError, Zoom};
pub use directory::{Account, App, Distribution, Licence, Locked, Passcodes, Plan, SCOPES, User};
pub use endpoint::Endpoint;
pub use faults::{Answer, Fault, FaultKind, Often};
pub use meeting::{Instance, Meeting, PasscodeRules, Settings};
use tokio::net::{TcpListener, TcpSocket};
use tokio::sync::watch;
pub use world::Counters;

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or not allowed.
    #[error("start the sandbox: cannot listen on 127.0.0.1:{port}: {cause}; choose another port")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system said.
        cause: std::io::Error,
    },
    /// The system gave no random bytes.
    #[error("start the sandbox: no randomness from the system: {0}")]
    Randomness(getrandom::Error),
}

/// How many callers may wait to be taken, as the library's own listeners have it.
const BACKLOG: u32 = 1024;

/// A running sandbox. Dropping it closes the port at once; requests in flight are still answered.
pub struct Sandbox {
    zoom: Zoom,
    url: String,
    stop: watch::Sender<bool>,
    /// Bound and never listening: once it has hung up, its callers are refused, and nobody else of
    /// this machine is given its port and answers in its place.
    _port: TcpSocket,
}

impl Sandbox {
    /// Starts on 127.0.0.1, in the current tokio runtime; ready when it returns.
    ///
    /// # Errors
    ///
    /// Where the port is taken, or the system gives no randomness.
    pub async fn start(config: Config) -> Result<Self, StartError> {
        let wanted = config.port;
        let listen = |cause| StartError::Listen {
            port: wanted,
            cause,
        };
        let (listener, port) = bind(wanted).map_err(listen)?;
        let url = format!("http://{}", listener.local_addr().map_err(listen)?);
        let seed = getrandom::u64().map_err(StartError::Randomness)?;

        let zoom = Zoom::new(config, url.clone(), seed);
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(serve::serve(listener, zoom.clone(), stopped));
        Ok(Self {
            zoom,
            url,
            stop,
            _port: port,
        })
    }

    /// Nobody is there any more: the port is closed.
    pub async fn hang_up(&self) {
        self.stop.send_replace(true);
        self.stop.closed().await;
    }

    /// Where it is, without a slash at the end.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Stands for `https://zoom.us/oauth`.
    pub fn oauth_url(&self) -> String {
        format!("{}/oauth", self.url)
    }

    /// Stands for `https://marketplace.zoom.us/`: where an admin approves apps.
    pub fn marketplace_url(&self) -> String {
        format!("{}/marketplace", self.url)
    }

    /// Stands for `https://api.zoom.us/v2`.
    pub fn api_url(&self) -> String {
        format!("{}/v2", self.url)
    }
}

/// One that listens at `port` of 127.0.0.1 (0: at any), and one that only holds the same port. Both
/// may be bound because neither listened yet.
fn bind(port: u16) -> std::io::Result<(TcpListener, TcpSocket)> {
    let bound = |port| {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
        Ok::<_, std::io::Error>(socket)
    };
    let listening = bound(port)?;
    let holding = bound(listening.local_addr()?.port())?;
    Ok((listening.listen(BACKLOG)?, holding))
}

impl Deref for Sandbox {
    type Target = Zoom;

    fn deref(&self) -> &Zoom {
        &self.zoom
    }
}

impl Drop for Sandbox {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}
