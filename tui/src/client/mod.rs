//! The way to the daemon: connect, `hello`, calls.
//!
//! Owns how a daemon is found, started and judged, how long a call may take, and what every failure
//! on the way is called. Invariant: a [`Client`] has had its `hello` answered within two seconds,
//! by a daemon this build understands; whatever goes wrong afterwards is an [`Error`] with a kind,
//! never a hang. Must not reconnect on its own: who holds the client knows what to fetch again.

mod calls;
mod connect;
mod failure;
pub(crate) mod moment;
mod raw;
mod start;
mod stop;
mod system;

use std::path::Path;
use std::sync::Arc;

pub use connect::ConnectError;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::socket::{self, SocketPath};
use greenroom_protocol::{Error, ErrorKind, system as here};
pub use raw::Raw;
pub(crate) use raw::camel_case;
pub use start::{DaemonCommand, log_path};
pub use stop::{Stopped, stop, stop_holder};

/// Which daemon to speak to, and as whom.
#[derive(Debug, Clone)]
pub struct Target {
    /// Where it listens.
    pub socket: SocketPath,
    /// The workspace to work in; `None`: the caller's usual one.
    pub workspace: Option<String>,
    /// The member to act for: admins and the operator only.
    pub acting_as: Option<String>,
    /// The program for which `greenroom mcp` calls, as it names itself; `None`: a person's client.
    pub mcp: Option<String>,
    /// How to start a daemon where none runs; `None`: never.
    pub daemon: Option<DaemonCommand>,
}

impl Target {
    /// The daemon at `named`, else where [`socket::client_path`] finds it. It is started by us only
    /// where nobody named a socket (at a named one there may be a tunnel that is down) and the
    /// machine has no daemon of the system's.
    ///
    /// # Errors
    /// `failed` when there is no path because the user has no home.
    pub fn find(named: Option<&Path>, daemon: Option<DaemonCommand>) -> Result<Self, Error> {
        let socket = socket::client_path(named).ok_or_else(|| {
            Error::failed("Couldn't find the daemon's socket: this user has no home directory")
                .hint("name it: --socket PATH")
        })?;
        let ours = !socket.system && socket::named_path(named).is_none();
        Ok(Self {
            daemon: daemon.filter(|_| ours),
            socket,
            workspace: None,
            acting_as: None,
            mcp: None,
        })
    }

    /// The same, started by `daemon` also at a socket that was named: somebody asked for just that.
    /// Never beside the system's.
    #[must_use]
    pub fn started_by(self, daemon: Option<DaemonCommand>) -> Self {
        let allowed = !self.socket.system && here::sign().is_none();
        Self {
            daemon: daemon.filter(|_| allowed),
            ..self
        }
    }
}

/// A connection to the daemon, bound to a caller and a workspace. Clones share it; calls may
/// overlap.
#[derive(Clone)]
pub struct Client {
    channel: connect::Connection,
    hello: Arc<ServerHello>,
}

impl Client {
    /// Connects to a daemon that runs.
    ///
    /// # Errors
    /// Every way in which that can fail, told apart.
    pub async fn connect(target: &Target) -> Result<Self, ConnectError> {
        let (channel, hello) = connect::connect(target).await?;
        let hello = Arc::new(hello);
        Ok(Self { channel, hello })
    }

    /// Connects, and starts a daemon first where none runs and `target` says how.
    ///
    /// # Errors
    /// `unreachable`, `version`, `denied`, or what `hello` was refused with.
    pub async fn open(target: &Target) -> Result<Self, Error> {
        let refused = match Self::connect(target).await {
            Ok(client) => return Ok(client),
            Err(refused) => refused,
        };
        match &target.daemon {
            Some(daemon) if refused.nobody_listens() => start::start(target, daemon).await,
            _ => Err(system::explain(target, refused).await),
        }
    }

    /// What the daemon answered to `hello`: its build, the caller, the workspace.
    pub fn hello(&self) -> &ServerHello {
        &self.hello
    }
}

/// Whether a failure means that the connection is gone and another one is worth trying.
pub fn is_lost(error: &Error) -> bool {
    error.kind == ErrorKind::Unreachable
}
