//! From a path to a connection whose `hello` was answered.
//!
//! Owns the question "is a daemon there, and can we talk": liveness is an answer within two
//! seconds, not a process id.

use std::io;
use std::path::PathBuf;
use std::time::Duration;

use greenroom_protocol::hello::{ClientHello, ServerHello};
use greenroom_protocol::service::{GreenroomRequest, GreenroomResponse};
use greenroom_protocol::{BUILD, Error, ErrorKind, OLDEST_PROTOCOL, PROTOCOL, socket, transport};
use tarpc::client::{self, Channel, Config, RpcError};

use super::Target;
use super::calls::within;
use super::failure::said;

/// How long a daemon may take to answer `hello` before it counts as wedged.
pub(super) const HELLO: Duration = Duration::from_secs(2);

/// Why there is no connection.
#[derive(Debug, thiserror::Error)]
pub enum ConnectError {
    /// Nothing is at the path.
    #[error("No daemon is running at {}", .0.display())]
    Absent(PathBuf),
    /// A socket is at the path and nobody listens behind it.
    #[error("The daemon at {} is gone", .0.display())]
    Stale(PathBuf),
    /// The socket is not for this user.
    #[error("You are not permitted to use the daemon at {}", .0.display())]
    NotPermitted(PathBuf),
    /// A process holds the socket and does not answer.
    #[error("The daemon at {} did not respond within 2 s", .0.display())]
    Silent(PathBuf),
    /// The daemon speaks an older protocol than this build understands.
    #[error("The daemon ({build}) is too old for this greenroom ({BUILD})")]
    TooOld {
        /// Its version.
        build: String,
    },
    /// Something answered, but not as any daemon this build knows.
    #[error("What answers at {} is not a Greenroom daemon of this version", .0.display())]
    Foreign(PathBuf),
    /// The daemon refused `hello`.
    #[error("{0}")]
    Refused(Error),
    /// Anything else the system said.
    #[error("Couldn't connect to {}: {}", .0.display(), .1)]
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
                "it may be stuck; restart it, nothing confirmed is lost: greenroom daemon restart",
            ),
            ConnectError::TooOld { .. } => {
                (ErrorKind::Version, "restart it: greenroom daemon restart")
            }
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
        mcp: target.mcp.clone(),
    }
}

/// A connection as tarpc knows it.
pub(super) type Connection = Channel<GreenroomRequest, GreenroomResponse>;

pub(super) async fn connect(target: &Target) -> Result<(Connection, ServerHello), ConnectError> {
    let path = target.socket.path.clone();
    let answer = tokio::time::timeout(HELLO, shake_hands(target)).await;
    answer.unwrap_or(Err(ConnectError::Silent(path)))
}

async fn shake_hands(target: &Target) -> Result<(Connection, ServerHello), ConnectError> {
    let path = &target.socket.path;
    let stream = socket::connect(path)
        .await
        .map_err(|error| ConnectError::from_io(path.clone(), error))?;
    let channel = client::new(Config::default(), transport::client(stream)).spawn();
    let greeting = GreenroomRequest::Hello {
        client: greeting(target),
    };
    let hello = match channel.call(within(HELLO), greeting).await {
        Ok(GreenroomResponse::Hello(answer)) => answer.map_err(ConnectError::Refused)?,
        Err(RpcError::DeadlineExceeded) => return Err(ConnectError::Silent(path.clone())),
        Err(error) => {
            let refusal = said(&error).map(ConnectError::Refused);
            return Err(refusal.unwrap_or_else(|| ConnectError::Foreign(path.clone())));
        }
        Ok(_) => return Err(ConnectError::Foreign(path.clone())),
    };
    if hello.protocol < OLDEST_PROTOCOL {
        return Err(ConnectError::TooOld { build: hello.build });
    }
    Ok((channel, hello))
}

#[cfg(test)]
mod tests {
    use bytes::Bytes;
    use futures::{SinkExt, StreamExt};
    use greenroom_protocol::socket::SocketPath;
    use tempfile::TempDir;
    use tokio::net::UnixListener;
    use tokio_util::codec::LengthDelimitedCodec;

    use super::*;
    use crate::client::Client;

    /// What a daemon does once somebody connected.
    enum Daemon {
        Says(&'static str),
        Turns(&'static str),
        Hangs,
        HangsUp,
    }

    /// What comes of connecting to a daemon that behaves so.
    async fn connecting_to(daemon: Daemon) -> Result<Client, Error> {
        let directory = TempDir::new().unwrap();
        let path = directory.path().join("greenroom.sock");
        let listener = UnixListener::bind(&path).unwrap();
        let serving = async move {
            let (stream, _) = listener.accept().await.unwrap();
            let mut frames = LengthDelimitedCodec::builder().new_framed(stream);
            frames.next().await;
            match daemon {
                Daemon::Turns(why) => {
                    let mut stream = frames.into_inner();
                    let refusal = transport::refusal(why);
                    tokio::io::AsyncWriteExt::write_all(&mut stream, &refusal)
                        .await
                        .unwrap();
                }
                Daemon::Says(answer) => frames.send(Bytes::from(answer)).await.unwrap(),
                Daemon::Hangs => std::future::pending().await,
                Daemon::HangsUp => {}
            }
        };
        let target = Target {
            socket: SocketPath {
                path,
                system: false,
            },
            workspace: None,
            acting_as: None,
            mcp: None,
            daemon: None,
        };
        let serving = tokio::spawn(serving);
        let connected = Client::open(&target).await;
        serving.abort();
        connected
    }

    #[tokio::test]
    async fn a_daemon_is_judged_by_its_hello() {
        let hello = r#"{"request_id":0,"message":{"Ok":{"Hello":{"Ok":{"protocol":1,"build":"1.0.0",
            "store":"s","revision":7,"workspace":null,"caller":null,"operator":true,"later":"field"}}}}}"#;
        let client = connecting_to(Daemon::Says(hello)).await.unwrap();
        assert_eq!(client.hello().revision, 7);

        let old = r#"{"request_id":0,"message":{"Ok":{"Hello":{"Ok":{"protocol":0,"build":"0.0.1",
            "store":"s","revision":7,"workspace":null,"caller":null,"operator":true}}}}}"#;
        let error = connecting_to(Daemon::Says(old)).await.err().unwrap();
        assert_eq!(error.kind, ErrorKind::Version);
        assert!(error.message.contains("(0.0.1) is too old"), "{error}");
        assert!(error.hint.unwrap().contains("daemon restart"));

        let newer = r#"{"request_id":0,"message":{"Ok":{"Hello":{"Err":{"kind":"version",
            "message":"this client is too old"}}}}}"#;
        let error = connecting_to(Daemon::Says(newer)).await.err().unwrap();
        assert_eq!(error.kind, ErrorKind::Version);
        assert!(error.hint.unwrap().contains("update greenroom"));
    }

    /// Case R2: who is refused hears why.
    #[tokio::test]
    async fn why_a_connection_is_refused_is_shown() {
        let why = "too many connections: Unix user 1000 has 128 open, and that is the limit";
        let error = connecting_to(Daemon::Turns(why)).await.err().unwrap();
        assert_eq!(
            (error.kind, error.message.as_str()),
            (ErrorKind::Unreachable, why)
        );
        assert!(error.hint.unwrap().contains("close your other clients"));
    }

    #[tokio::test]
    async fn what_is_no_daemon_is_said_so() {
        for stranger in [Daemon::HangsUp, Daemon::Says("hello")] {
            let error = connecting_to(stranger).await.err().unwrap();
            assert_eq!(error.kind, ErrorKind::Version);
            assert!(
                error
                    .message
                    .contains("not a Greenroom daemon of this version"),
                "{error}"
            );
        }
    }

    #[tokio::test(start_paused = true)]
    async fn a_wedged_daemon_is_given_two_seconds() {
        let error = connecting_to(Daemon::Hangs).await.err().unwrap();
        assert_eq!(error.kind, ErrorKind::Unreachable);
        assert!(
            error.message.contains("did not respond within 2 s"),
            "{error}"
        );
    }
}
