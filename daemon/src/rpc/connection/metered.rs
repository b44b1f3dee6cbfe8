//! The transport with a count of what a caller makes us hold.
//!
//! Invariant: a request is handed on once there is room for it, and its room lasts until it is
//! answered; an answer's room lasts until its bytes have left. Must not know a method.

use std::io;
use std::pin::Pin;
use std::task::{Context, Poll, ready};

use futures::future::BoxFuture;
use futures::{Sink, Stream};
use greenroom_protocol::service::{GreenroomRequest, GreenroomResponse};
use greenroom_protocol::transport::ServerTransport;
use tarpc::{ClientMessage, Request, RequestName, Response};
use tokio::io::{AsyncRead, AsyncWrite};
use tokio::sync::OwnedSemaphorePermit;

use crate::rpc::quota::{Quota, Room};

/// A request and its room.
pub(super) struct Call {
    pub request: GreenroomRequest,
    pub room: Option<OwnedSemaphorePermit>,
}

impl RequestName for Call {
    fn name(&self) -> &str {
        self.request.name()
    }
}

/// An answer and its room.
pub(super) struct Answer {
    pub response: GreenroomResponse,
    pub room: Room,
}

/// A request that waits for room. Nothing more is read meanwhile.
struct Waiting {
    request: Request<GreenroomRequest>,
    room: BoxFuture<'static, Option<OwnedSemaphorePermit>>,
}

/// Requests in and answers out, each with its room.
pub(super) struct Metered<Io> {
    transport: ServerTransport<Io>,
    quota: Quota,
    waiting: Option<Waiting>,
    /// Services of answers that are written and not yet flushed.
    leaving: Vec<Room>,
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Metered<Io> {
    pub fn new(transport: ServerTransport<Io>, quota: Quota) -> Self {
        Self {
            transport,
            quota,
            waiting: None,
            leaving: Vec::new(),
        }
    }

    pub fn io(&self) -> &Io {
        self.transport.io()
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Stream for Metered<Io> {
    type Item = io::Result<ClientMessage<Call>>;

    fn poll_next(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<Option<Self::Item>> {
        loop {
            if let Some(mut waiting) = self.waiting.take() {
                let Poll::Ready(room) = waiting.room.as_mut().poll(task) else {
                    self.waiting = Some(waiting);
                    return Poll::Pending;
                };
                let Request {
                    context,
                    id,
                    message: request,
                } = waiting.request;
                let message = Call { request, room };
                return Poll::Ready(Some(Ok(ClientMessage::Request(Request {
                    context,
                    id,
                    message,
                }))));
            }
            let message = match ready!(Pin::new(&mut self.transport).poll_next(task)) {
                None => return Poll::Ready(None),
                Some(Err(error)) => return Poll::Ready(Some(Err(error))),
                Some(Ok(message)) => message,
            };
            match message {
                ClientMessage::Request(request) => {
                    let bytes = self.transport.last_frame_bytes();
                    let room = Box::pin(self.quota.clone().request(bytes));
                    self.waiting = Some(Waiting { request, room });
                }
                ClientMessage::Cancel {
                    trace_context,
                    request_id,
                } => {
                    return Poll::Ready(Some(Ok(ClientMessage::Cancel {
                        trace_context,
                        request_id,
                    })));
                }
                // tarpc may add messages; this protocol has these two.
                _ => {}
            }
        }
    }
}

impl<Io: AsyncRead + AsyncWrite + Unpin> Sink<Response<Answer>> for Metered<Io> {
    type Error = io::Error;

    fn poll_ready(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_ready(task)
    }

    fn start_send(mut self: Pin<&mut Self>, answer: Response<Answer>) -> io::Result<()> {
        let Response {
            request_id,
            message,
        } = answer;
        let message = message.map(|Answer { response, room }| {
            self.leaving.push(room);
            response
        });
        Pin::new(&mut self.transport).start_send(Response {
            request_id,
            message,
        })
    }

    fn poll_flush(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        ready!(Pin::new(&mut self.transport).poll_flush(task))?;
        self.leaving.clear();
        Poll::Ready(Ok(()))
    }

    fn poll_close(mut self: Pin<&mut Self>, task: &mut Context<'_>) -> Poll<io::Result<()>> {
        Pin::new(&mut self.transport).poll_close(task)
    }
}
