//! The frames: a 4-byte big-endian length, then that many bytes of JSON, at most [`LARGEST_FRAME`].
//!
//! Owns both ends of the socket below the methods. Invariant: a request that cannot be understood is answered by its id and the
//! connection goes on; only a frame that is unreadable or too large ends it, after one error. Must not know what a method does.
//!
//! A request is `{"Request":{"context":{"deadline":{"secs":10,"nanos":0}},"id":0,"message":{"Status":{}}}}` (deadline
//! 10 s when absent), its answer `{"request_id":0,"message":{"Ok":{"Status":{"Ok":{…}}}}}`; a request that was not
//! understood is answered `{"request_id":0,"message":{"Err":{"kind":…,"detail":"…"}}}`. `{"Cancel":{"request_id":7}}` gives a
//! request up and is not answered.

mod client;
mod decode;
mod server;

use std::time::Duration;

use tokio::io::{AsyncRead, AsyncWrite};
use tokio_util::codec::{Framed, LengthDelimitedCodec};

pub use client::ClientTransport;
pub use server::ServerTransport;

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

/// The daemon's end of a connection.
pub fn server<Io: AsyncRead + AsyncWrite + Unpin>(io: Io) -> ServerTransport<Io> {
    ServerTransport::new(frames(io))
}

/// A caller's end of a connection.
pub fn client<Io: AsyncRead + AsyncWrite + Unpin>(io: Io) -> ClientTransport<Io> {
    ClientTransport::new(frames(io))
}
