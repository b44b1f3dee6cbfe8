//! A caller's end: requests out, answers in.

use std::error::Error;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use bytes::Bytes;
use futures::{Sink, Stream};
use tarpc::{ClientMessage, Response};
use tokio::io::{AsyncRead, AsyncWrite};

use super::{Frames, NO_REQUEST};
use crate::service::{GreenroomRequest, GreenroomResponse};

/// Encodes requests and decodes answers over a stream of bytes.
pub struct ClientTransport<Io> {
    frames: Frames<Io>,
}

impl<Io: AsyncRead + AsyncWrite + Unpin> ClientTransport<Io> {
    pub(super) fn new(frames: Frames<Io>) -> Self {
        Self { frames }
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Stream for ClientTransport<Io> {
    type Item = io::Result<Response<GreenroomResponse>>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        let frame = ready!(Pin::new(&mut self.frames).poll_next(task));
        Poll::Ready(frame.map(|bytes| decode(&bytes?).and_then(addressed)))
    }
}

/// From a text in memory, checked as a whole: string by string costs a fifth more at 10 kB, and a
/// reader three times as much.
fn decode(frame: &[u8]) -> io::Result<Response<GreenroomResponse>> {
    let text = str::from_utf8(frame).map_err(unreadable)?;
    serde_json::from_str(text).map_err(unreadable)
}

/// An answer to no call says why the connection ends; as an error it reaches every call that waits.
fn addressed(answer: Response<GreenroomResponse>) -> io::Result<Response<GreenroomResponse>> {
    match answer.message {
        Err(refusal) if answer.request_id == NO_REQUEST => {
            Err(io::Error::new(refusal.kind, refusal))
        }
        _ => Ok(answer),
    }
}

fn unreadable(error: impl Into<Box<dyn Error + Send + Sync>>) -> io::Error {
    io::Error::new(io::ErrorKind::InvalidData, error)
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Sink<ClientMessage<GreenroomRequest>>
    for ClientTransport<Io>
{
    type Error = io::Error;

    fn poll_ready(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Sink::<Bytes>::poll_ready(Pin::new(&mut self.frames), task)
    }

    fn start_send(
        mut self: Pin<&mut Self>,
        message: ClientMessage<GreenroomRequest>,
    ) -> io::Result<()> {
        let bytes = serde_json::to_vec(&message).map_err(io::Error::other)?;
        Pin::new(&mut self.frames).start_send(Bytes::from(bytes))
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Sink::<Bytes>::poll_flush(Pin::new(&mut self.frames), task)
    }

    fn poll_close(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Sink::<Bytes>::poll_close(Pin::new(&mut self.frames), task)
    }
}
