//! The frames: a 4-byte big-endian length, then that many bytes of JSON, at most [`LARGEST_FRAME`].
//!
//! Owns both ends of the socket below the methods. Invariant: a request that cannot be understood
//! is answered by its id and the connection goes on; only a frame that is unreadable or too large
//! ends it, after one error. Must not know what a method does.
//!
//! A request is
//! `{"Request":{"context":{"deadline":{"secs":10,"nanos":0}},"id":0,"message":{"Status":{}}}}`
//! (deadline 10 s when absent), its answer
//! `{"request_id":0,"message":{"Ok":{"Status":{"Ok":{…}}}}}`; a request that was not understood is
//! answered `{"request_id":0,"message":{"Err":{"kind":…,"detail":"…"}}}`. A field that a
//! method does not have is refused by the method itself,
//! `{"request_id":0,"message":{"Ok":{"Status":{"Err":{…}}}}}`; only `hello` ignores what it does
//! not know. Several requests may be in flight, each with an id of its own: one whose id is in
//! flight already is not understood. `{"Cancel":{"request_id":7}}` gives a request up and is not
//! answered. A caller who shuts down its sending side is still answered; one who closes gives up
//! every call that was not answered, and one who does not read for ten seconds while an answer
//! waits is hung up on.

mod client;
mod decode;
mod in_flight;
mod server;

use std::time::Duration;

use bytes::Bytes;
pub use client::ClientTransport;
pub use server::ServerTransport;
use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::codec::{Framed, LengthDelimitedCodec};

use self::decode::Refusal;

/// The largest frame, in bytes: 1 MiB.
pub const LARGEST_FRAME: usize = 1 << 20;

/// A call's deadline when it names none.
pub const USUAL_DEADLINE: Duration = Duration::from_secs(10);

/// The longest deadline a call may ask for.
pub const LONGEST_DEADLINE: Duration = Duration::from_secs(3600);

/// The id of the one answer to a frame so broken that it has none.
pub const NO_REQUEST: u64 = u64::MAX;

type Frames<Io> = Framed<Io, LengthDelimitedCodec>;

fn frames<Io: AsyncRead + AsyncWrite>(io: Io) -> Frames<Io> {
    LengthDelimitedCodec::builder()
        .max_frame_length(LARGEST_FRAME)
        .new_framed(io)
}

/// A whole frame that says why a connection is not served. It answers no call: its id is
/// [`NO_REQUEST`].
pub fn refusal(why: &str) -> Bytes {
    let body = Refusal::connection(why).to_bytes();
    let length = u32::try_from(body.len()).unwrap_or(u32::MAX);
    [&length.to_be_bytes(), body.as_slice()].concat().into()
}

/// The daemon's end of a connection.
pub fn server<Io: AsyncRead + AsyncWrite + Unpin>(io: Io) -> ServerTransport<Io> {
    ServerTransport::new(frames(io))
}

/// A caller's end of a connection.
pub fn client<Io: AsyncRead + AsyncWrite + Unpin>(io: Io) -> ClientTransport<Io> {
    ClientTransport::new(frames(io))
}
