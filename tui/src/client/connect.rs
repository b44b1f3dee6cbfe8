//! From a path to a connection whose `hello` was answered.
//!
//! Owns the question "is a daemon there, and can we talk": liveness is an answer within two seconds, not a process id.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use greenroom_protocol::hello::{ClientHello, ServerHello};
use greenroom_protocol::service::GreenroomClient;
use greenroom_protocol::{BUILD, Error, ErrorKind, OLDEST_PROTOCOL, PROTOCOL, socket, transport};
use tarpc::client::{Config, RpcError};

use super::Target;
use super::calls::within;
use super::failure::plumbing;

/// How long a daemon may take to answer `hello` before it counts as wedged.
pub(super) const HELLO: Duration = Duration::from_secs(2);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nothing is at the path.
    #[error("connect to {}: no daemon is running", .0.display())]
    Absent(PathBuf),
    /// A socket is at the path and nobody listens behind it.
    #[error("connect to {}: a daemon was here and is gone", .0.display())]
    Stale(PathBuf),
    /// The socket is not for this user.
    #[error("connect to {}: not permitted", .0.display())]
    NotPermitted(PathBuf),
    /// A process holds the socket and does not answer.
    #[error("connect to {}: a daemon is running and did not answer within 2 s", .0.display())]
    Silent(PathBuf),
    /// The daemon speaks an older protocol than this build understands.
    #[error("the daemon ({build}) is too old for this greenroom ({BUILD})")]
    TooOld {
        /// Its version.
        build: String,
    },
    /// Something answered, but not as any daemon this build knows.
    #[error("connect to {}: what answers there speaks another protocol", .0.display())]
    Foreign(PathBuf),
    /// The daemon refused `hello`.
    #[error("{0}")]
    Refused(Error),
    /// Anything else the system said.
    #[error("connect to {}: {}", .0.display(), .1)]
    Io(PathBuf, io::Error),
}

impl ConnectError {
    /// Whether starting a daemon is the remedy.
    pub fn nobody_listens(&self) -> bool {
        matches!(self, Self::Absent(_) | Self::Stale(_))
    }

    /// What a failed attempt to open the socket means.
    pub(super) fn from_io(path: PathBuf, error: io::Error) -> Self {
        match error.kind() {
            io::ErrorKind::NotFound => Self::Absent(path),
            io::ErrorKind::ConnectionRefused => Self::Stale(path),
            io::ErrorKind::PermissionDenied => Self::NotPermitted(path),
            _ => Self::Io(path, error),
        }
    }
}

impl From<ConnectError> for Error {
    fn from(error: ConnectError) -> Self {
        let message = error.to_string();
        let (kind, hint) = match error {
            ConnectError::Refused(refusal) => return advised(refusal),
            ConnectError::Absent(_) | ConnectError::Stale(_) => (
                ErrorKind::Unreachable,
                "start it: greenroom daemon start (a system service: systemctl start greenroomd)",
            ),
            ConnectError::NotPermitted(_) => (
                ErrorKind::Denied,
                "the system's daemon serves members of the group greenroom",
            ),
            ConnectError::Silent(_) => (
                ErrorKind::Unreachable,
                "it may be wedged; nothing acknowledged is lost by: greenroom daemon restart",
            ),
            ConnectError::TooOld { .. } => (
                ErrorKind::Version,
                "start the new one: greenroom daemon restart",
            ),
            ConnectError::Foreign(_) => (
                ErrorKind::Version,
                "is it greenroom's socket? if so: greenroom daemon restart",
            ),
            ConnectError::Io(..) => (ErrorKind::Unreachable, "see: greenroom daemon logs"),
        };
        Self::new(kind, message).hint(hint)
    }
}

/// A daemon that finds us too old knows no better than to say so; the way out is ours to add.
fn advised(refusal: Error) -> Error {
    if refusal.kind == ErrorKind::Version && refusal.hint.is_none() {
        return refusal.hint("update greenroom to the daemon's version");
    }
    refusal
}

pub(super) fn greeting(target: &Target) -> ClientHello {
    ClientHello {
        protocol: PROTOCOL,
        build: BUILD.to_owned(),
        workspace: target.workspace.clone(),
        acting_as: target.acting_as.clone(),
    }
}

pub(super) async fn connect(
    target: &Target,
) -> Result<(GreenroomClient, ServerHello), ConnectError> {
    let path = target.socket.path.clone();
    let answer = tokio::time::timeout(HELLO, shake_hands(target)).await;
    answer.unwrap_or(Err(ConnectError::Silent(path)))
}

async fn shake_hands(target: &Target) -> Result<(GreenroomClient, ServerHello), ConnectError> {
    let path = &target.socket.path;
    let stream = socket::connect(path)
        .await
        .map_err(|error| ConnectError::from_io(path.clone(), error))?;
    let rpc = GreenroomClient::new(Config::default(), transport::client(stream)).spawn();
    let hello = match rpc.hello(within(HELLO), greeting(target)).await {
        Ok(answer) => answer.map_err(ConnectError::Refused)?,
        Err(RpcError::DeadlineExceeded) => return Err(ConnectError::Silent(path.clone())),
        Err(error @ RpcError::Server(_)) => return Err(ConnectError::Refused(plumbing(error))),
        Err(_) => return Err(ConnectError::Foreign(path.clone())),
    };
    if hello.protocol < OLDEST_PROTOCOL {
        return Err(ConnectError::TooOld { build: hello.build });
    }
    Ok((rpc, hello))
}
