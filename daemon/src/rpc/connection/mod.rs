//! One caller's connection, from its first frame to its end.
//!
//! Invariant: when a connection ends, so do the handlers of its calls, and everything they held is
//! free. A caller who shuts down its sending side may still read, and gets the answers to what it
//! sent; one who closes, dies or does not read is gone, and the calls it left unanswered are given
//! up (a handler only commits, so each was made or was not).

mod metered;
mod patience;

use std::io;
use std::sync::Arc;
use std::time::Duration;

use futures::StreamExt;
use greenroom_protocol::service::GreenroomRequest;
use greenroom_protocol::transport;
use tarpc::ServerError;
use tarpc::context::Context;
use tarpc::server::{BaseChannel, Channel, serve};
use tokio::io::{AsyncReadExt, AsyncWriteExt};
use tokio::net::UnixStream;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use self::metered::{Answer, Call, Metered};
use self::patience::Patient;
use super::admission::Connected;
use super::quota::{Answers, Quota};
use super::serve::Peer;
use super::served::Served;
use super::shutdown::Shutdown;

/// Calls of one connection under way at once; more are answered that they must wait.
const CALLS_AT_ONCE: usize = 256;

/// How long a refused caller may take to hear why.
const REFUSAL: Duration = Duration::from_secs(2);

/// How long its first byte is waited for: a client takes an answer only for a call that it has
/// sent.
const FIRST_BYTE: Duration = Duration::from_millis(500);

/// Answers one connection's calls until it ends, or until `shutdown`; then calls under way still
/// finish.
pub async fn attend(served: Served, shutdown: Shutdown, stream: UnixStream, guest: Peer) {
    answer(served, shutdown, stream, guest, Quota::default()).await;
}

/// The same, within what the caller's Unix user may use.
pub(super) async fn answer(
    served: Served,
    shutdown: Shutdown,
    stream: UnixStream,
    guest: Peer,
    quota: Quota,
) {
    let connected = Connected::new(served, shutdown.clone(), guest);
    let answers = quota.answers();
    let service =
        serve(move |context, call| run(connected.clone(), answers.clone(), context, call));
    let said_all = Arc::new(Notify::new());
    let stream = Patient::new(stream, said_all.clone());
    let transport = Metered::new(transport::server(stream), quota);
    let calls = BaseChannel::with_defaults(transport)
        .max_concurrent_requests(CALLS_AT_ONCE)
        .requests();
    tokio::pin!(calls);
    let mut closed = None;
    // Dropped, and with it every handler still running, wherever this function returns.
    let mut under_way = JoinSet::new();
    loop {
        tokio::select! {
            call = calls.next() => match call {
                Some(Ok(call)) => { under_way.spawn(call.execute(service.clone())); }
                Some(Err(error)) => return tracing::debug!(%error, "a connection ended"),
                None => return,
            },
            Some(_) = under_way.join_next() => {}
            () = said_all.notified(), if closed.is_none() => {
                closed = Some(Box::pin(calls.channel().transport().io().watch()));
            }
            () = async { if let Some(closed) = &mut closed { closed.await } }, if closed.is_some() => return,
            () = shutdown.begun() => break,
        }
    }
    // Answers leave through the stream of calls, so it is driven on until every call is answered.
    while !under_way.is_empty() {
        tokio::select! {
            _ = under_way.join_next() => {}
            call = calls.next() => if !matches!(call, Some(Ok(_))) { return },
        }
    }
    let _ = tokio::time::timeout(Duration::from_millis(50), calls.next()).await;
}

/// Runs one call once there is room for its answer.
async fn run(
    connected: Connected,
    answers: Answers,
    context: Context,
    call: Call,
) -> Result<Answer, ServerError> {
    let Call {
        request,
        room: held,
    } = call;
    let weight = Weight::of(&request);
    let early = match weight {
        Weight::Usual => Some(answers.room().await),
        Weight::Little | Weight::Late => None,
    };
    let response = connected.respond(context, request).await;
    drop(held);
    let room = match early {
        Some(room) => room,
        None if weight == Weight::Little => answers.little_room().await,
        None => answers.room().await,
    };
    Ok(Answer { response, room })
}

/// What a call's answer weighs, and from when.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Weight {
    /// Up to a frame: there is room for it before its handler begins.
    Usual,
    /// A page of short rows after a long wait, for which no room is held.
    Late,
    /// A few kB that must come also where the user's other callers do not read.
    Little,
}

impl Weight {
    fn of(request: &GreenroomRequest) -> Self {
        match request {
            GreenroomRequest::Hello { .. }
            | GreenroomRequest::Status { .. }
            | GreenroomRequest::Shutdown { .. } => Self::Little,
            GreenroomRequest::Changes { .. } | GreenroomRequest::ZoomConnectFinish { .. } => {
                Self::Late
            }
            _ => Self::Usual,
        }
    }
}

/// Says why a caller is not served, then hangs up. What it sent meanwhile is read, as a socket that
/// is closed over unread bytes takes the words away from a caller that is still sending.
pub(super) async fn refuse(mut stream: UnixStream, why: &str) {
    let told = async {
        let _ = tokio::time::timeout(FIRST_BYTE, stream.readable()).await;
        stream.write_all(&transport::refusal(why)).await?;
        stream.shutdown().await?;
        let mut unread = [0; 4096];
        while stream.read(&mut unread).await? > 0 {}
        io::Result::Ok(())
    };
    let _ = tokio::time::timeout(REFUSAL, told).await;
}
