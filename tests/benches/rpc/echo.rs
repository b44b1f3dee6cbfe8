//! The other side of the comparison: a process that answers frames with frames and does nothing
//! else.

use std::path::Path;

use anyhow::{Context as _, Result};
use bytes::Bytes;
use futures::{SinkExt as _, StreamExt as _};
use tokio::net::{UnixListener, UnixStream};
use tokio_util::codec::{Framed, LengthDelimitedCodec};

/// The argument that makes this program the echo.
pub const PART: &str = "echo";

/// Frames over a socket.
pub type Frames = Framed<UnixStream, LengthDelimitedCodec>;

/// Frames on this connection.
pub fn frames(stream: UnixStream) -> Frames {
    Framed::new(stream, LengthDelimitedCodec::new())
}

/// A frame of `size` that asks for an answer of `answer` bytes.
pub fn request(size: usize, answer: usize) -> Bytes {
    let mut frame = u32::try_from(answer).unwrap_or(0).to_be_bytes().to_vec();
    frame.resize(size.max(frame.len()), b'.');
    frame.into()
}

/// Answers every frame with as many bytes as it asks for, until the process is ended.
pub async fn serve(socket: &Path) -> Result<()> {
    let listener = UnixListener::bind(socket)?;
    loop {
        let (stream, _) = listener.accept().await?;
        tokio::spawn(answer(frames(stream)));
    }
}

async fn answer(mut frames: Frames) -> Result<()> {
    while let Some(frame) = frames.next().await {
        let frame = frame?;
        let (size, _) = frame.split_first_chunk().context("a length")?;
        let size = u32::from_be_bytes(*size) as usize;
        frames.send(Bytes::from(vec![b'.'; size])).await?;
    }
    Ok(())
}
