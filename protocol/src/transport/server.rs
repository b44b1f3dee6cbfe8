//! The daemon's end: requests in, answers out, refusals of its own in between.

use std::collections::VecDeque;
use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};
use std::time::Instant;

use bytes::Bytes;
use futures::{Sink, Stream};
use serde::Serialize;
use tarpc::{ClientMessage, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use zeroize::Zeroize as _;

use super::decode::{self, Frame, Refusal};
use super::in_flight::InFlight;
use super::{Frames, LARGEST_FRAME, NO_REQUEST};
use crate::service::{GreenroomRequest, GreenroomResponse};
use crate::strict::Peer;

/// Refusals that may wait for a caller who sends without reading; then nothing more is read from
/// them.
const MOST_REFUSALS: usize = 64;

/// Decodes requests and encodes answers over a stream of bytes.
pub struct ServerTransport<Io> {
    frames: Frames<Io>,
    refusals: VecDeque<Bytes>,
    closing: bool,
    last_frame_bytes: usize,
    /// Who calls, once they said `hello`.
    peer: Option<Peer>,
    in_flight: InFlight,
}

impl<Io: AsyncRead + AsyncWrite + Unpin> ServerTransport<Io> {
    pub(super) fn new(frames: Frames<Io>) -> Self {
        Self {
            frames,
            refusals: VecDeque::new(),
            closing: false,
            last_frame_bytes: 0,
            peer: None,
            in_flight: InFlight::default(),
        }
    }

    /// The stream below, for the caller's credentials.
    pub fn io(&self) -> &Io {
        self.frames.get_ref()
    }

    /// The size of the frame that the last request came in.
    pub fn last_frame_bytes(&self) -> usize {
        self.last_frame_bytes
    }

    fn refuse(&mut self, answer: &impl Serialize) -> io::Result<()> {
        self.refusals.push_back(to_frame(answer)?);
        Ok(())
    }

    /// Takes note of the ids in use; the refusal of a request whose id is one of them.
    fn twice(&mut self, message: &ClientMessage<GreenroomRequest>) -> Option<Refusal> {
        match message {
            ClientMessage::Request(request) => {
                let (id, until) = (request.id, request.context.deadline);
                let free = self.in_flight.begin(id, until, Instant::now());
                let why = "another request with this id waits for its answer; number requests";
                (!free).then(|| Refusal::new(id, why))
            }
            ClientMessage::Cancel { request_id, .. } => {
                self.in_flight.end(*request_id);
                None
            }
            // tarpc may add messages; this protocol has these two.
            _ => None,
        }
    }

    fn poll_refusals(&mut self, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        while !self.refusals.is_empty() {
            ready!(Sink::<Bytes>::poll_ready(Pin::new(&mut self.frames), task))?;
            if let Some(answer) = self.refusals.pop_front() {
                Pin::new(&mut self.frames).start_send(answer)?;
            }
        }
        Sink::<Bytes>::poll_flush(Pin::new(&mut self.frames), task)
    }
}

fn to_frame(value: &impl Serialize) -> io::Result<Bytes> {
    serde_json::to_vec(value)
        .map(Bytes::from)
        .map_err(io::Error::other)
}

fn encode(answer: &Response<GreenroomResponse>) -> io::Result<Bytes> {
    let bytes = to_frame(answer)?;
    if bytes.len() <= LARGEST_FRAME {
        return Ok(bytes);
    }
    let detail = "write the answer: it is larger than a frame; ask for a smaller page";
    to_frame(&Refusal::new(answer.request_id, detail))
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Stream for ServerTransport<Io> {
    type Item = io::Result<ClientMessage<GreenroomRequest>>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            let sent = self.poll_refusals(task)?;
            if self.closing {
                return sent.map(|()| None);
            }
            if sent.is_pending() && self.refusals.len() >= MOST_REFUSALS {
                return Poll::Pending;
            }
            let mut bytes = match ready!(Pin::new(&mut self.frames).poll_next(task)) {
                None => return Poll::Ready(None),
                Some(Ok(bytes)) => bytes,
                Some(Err(error)) if error.kind() == io::ErrorKind::InvalidData => {
                    let answer = Refusal::new(NO_REQUEST, "read the frame: larger than 1 MiB");
                    self.refuse(&answer)?;
                    self.closing = true;
                    continue;
                }
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
            };
            self.last_frame_bytes = bytes.len();
            let frame = decode::frame(&bytes, self.peer.as_ref());
            // A request may carry a code or a secret; what it is now wipes itself.
            bytes.zeroize();
            match frame {
                Frame::Message(message) => {
                    if let Some(refusal) = self.twice(&message) {
                        self.refuse(&refusal)?;
                        continue;
                    }
                    if let Some(peer) = Peer::said_by(&message) {
                        self.peer = Some(peer);
                    }
                    return Poll::Ready(Some(Ok(*message)));
                }
                Frame::Refused(answer) => self.refuse(&answer)?,
                Frame::Unknown(answer) => self.refuse(&answer)?,
                Frame::Broken(answer) => {
                    self.refuse(&answer)?;
                    self.closing = true;
                }
            }
        }
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Sink<Response<GreenroomResponse>> for ServerTransport<Io> {
    type Error = io::Error;

    fn poll_ready(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Sink::<Bytes>::poll_ready(Pin::new(&mut self.frames), task)
    }

    fn start_send(mut self: Pin<&mut Self>, answer: Response<GreenroomResponse>) -> io::Result<()> {
        self.in_flight.end(answer.request_id);
        let bytes = encode(&answer)?;
        Pin::new(&mut self.frames).start_send(bytes)
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Sink::<Bytes>::poll_flush(Pin::new(&mut self.frames), task)
    }

    fn poll_close(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Sink::<Bytes>::poll_close(Pin::new(&mut self.frames), task)
    }
}
