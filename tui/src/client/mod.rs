//! The way to the daemon: connect, `hello`, calls.
//!
//! Owns how a daemon is found, started and judged, how long a call may take, and what every failure on the way is called.
//! Invariant: a [`Client`] has had its `hello` answered within two seconds, by a daemon this build understands; whatever goes
//! wrong afterwards is an [`Error`] with a kind, never a hang. Must not reconnect by itself: who holds the
//! client knows what to fetch again.

mod calls;
mod connect;
mod failure;
mod raw;
mod start;
mod stop;

use std::path::Path;
use std::sync::Arc;

use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::socket::{self, SocketPath};
use greenroom_protocol::{Error, ErrorKind};

pub use connect::ConnectError;
pub use raw::Raw;
pub(crate) use raw::camel_case;
pub use start::{DaemonCommand, log_path};
pub use stop::{Stopped, stop};

/// Which daemon to speak to, and as whom.
#[derive(Debug, Clone)]
pub struct Target {
    /// Where it listens.
    pub socket: SocketPath,
    /// The workspace to work in; nothing: the caller's usual one.
    pub workspace: Option<String>,
    /// The member to act for: admins and the operator only.
    pub acting_as: Option<String>,
    /// How to start a daemon where none runs; nothing: never.
    pub daemon: Option<DaemonCommand>,
}

impl Target {
    /// The daemon at `named`, else where [`socket::client_path`] finds it; started by us when it is not the system's.
    ///
    /// # Errors
    /// `failed` when there is no path because the user has no home.
    pub fn find(named: Option<&Path>, daemon: Option<DaemonCommand>) -> Result<Self, Error> {
        let socket = socket::client_path(named).ok_or_else(|| {
            Error::failed("find the daemon's socket: this user has no home directory")
                .hint("name it: --socket PATH")
        })?;
        Ok(Self {
            daemon: daemon.filter(|_| !socket.system),
            socket,
            workspace: None,
            acting_as: None,
        })
    }
}

/// A connection to the daemon, bound to a caller and a workspace. Clones share it; calls may overlap.
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
            _ => Err(refused.into()),
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
