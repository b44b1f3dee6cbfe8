//! What a call that never reached its method, or whose answer never came, is called.

use std::io;

use greenroom_protocol::{Error, ErrorKind};
use tarpc::client::RpcError;
use tarpc::{ChannelError, ServerError};

pub(super) fn plumbing(error: RpcError) -> Error {
    if let Some(refusal) = said(&error) {
        return refusal;
    }
    match error {
        RpcError::DeadlineExceeded => late(),
        _ => lost(),
    }
}

/// What the daemon itself said, by the call's id or before it hung up; `None` where it said
/// nothing.
pub(super) fn said(error: &RpcError) -> Option<Error> {
    let refusal = match error {
        RpcError::Server(refusal) => Some(refusal),
        RpcError::Channel(ChannelError::Read(error)) => error
            .downcast_ref::<io::Error>()
            .and_then(|error| error.get_ref()?.downcast_ref()),
        _ => None,
    };
    refusal.cloned().map(refused)
}

/// The daemon did not answer in time. What it was asked for may still happen.
pub(super) fn late() -> Error {
    Error::new(
        ErrorKind::Unreachable,
        "The daemon did not respond in time; the request may still be carried out",
    )
    .hint("check again; if it stays silent: greenroom daemon restart")
}

/// The connection ended before the answer.
pub(super) fn lost() -> Error {
    Error::new(
        ErrorKind::Unreachable,
        "The connection to the daemon ended before it answered",
    )
    .hint("see: greenroom daemon logs")
}

/// The daemon answered another call than the one that was made.
pub(super) fn foreign() -> Error {
    Error::new(
        ErrorKind::Version,
        "The daemon sent an answer to something else",
    )
    .hint("restart it with this version: greenroom daemon restart")
}

/// The daemon answered by id without running a method.
pub(super) fn refused(refusal: ServerError) -> Error {
    match refusal.kind {
        io::ErrorKind::InvalidInput if refusal.detail.starts_with("unknown method") => {
            Error::usage(refusal.detail)
                .hint("the methods are in: greenroom generate schema; an older daemon knows fewer")
        }
        io::ErrorKind::InvalidInput => Error::usage(refusal.detail),
        io::ErrorKind::WouldBlock => {
            Error::failed("The daemon has too many calls from you in progress").hint("try again")
        }
        io::ErrorKind::ConnectionRefused => Error::new(ErrorKind::Unreachable, refusal.detail)
            .hint("close your other clients and scripts, then try again"),
        _ => Error::failed(refusal.detail),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn server(kind: io::ErrorKind, detail: &str) -> ErrorKind {
        let refusal = ServerError::new(kind, detail.to_owned());
        plumbing(RpcError::Server(refusal)).kind
    }

    #[test]
    fn every_failure_on_the_way_has_a_kind() {
        let unknown = server(io::ErrorKind::InvalidInput, "unknown method `Sing`");
        assert_eq!(unknown, ErrorKind::Usage);
        let throttled = server(io::ErrorKind::WouldBlock, "");
        assert_eq!(throttled, ErrorKind::Failed);
        assert_eq!(
            plumbing(RpcError::DeadlineExceeded).kind,
            ErrorKind::Unreachable
        );
        assert_eq!(plumbing(RpcError::Shutdown).kind, ErrorKind::Unreachable);
    }
}
