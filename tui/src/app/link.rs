//! The conversation with the daemon, kept up.
//!
//! Connects, listens for changes, and when the daemon goes away comes back with growing pauses.
//! Owns nothing that is shown: it only sends events.

use std::sync::Arc;
use std::time::Duration;

use greenroom_protocol::change::ChangesQuery;
use greenroom_protocol::hello::ServerHello;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::{Error, ErrorKind};
use jiff::Timestamp;
use tokio::sync::mpsc::UnboundedSender;
use tokio::sync::watch;
use tokio::time::sleep;

use super::backend::Backend;
use crate::state::event::Event;

/// Pauses between tries: short at first, so that a restart is hardly seen, then calm.
const FIRST: Duration = Duration::from_millis(250);
const LONGEST: Duration = Duration::from_secs(8);

/// How long one question for changes waits, in seconds.
const WAIT_SECONDS: u32 = 25;

/// Keeps the conversation until the client ends.
pub(super) async fn keep(
    backend: Arc<dyn Backend>,
    events: UnboundedSender<Event>,
    mut workspace: watch::Receiver<Option<String>>,
) {
    let mut pause = FIRST;
    loop {
        let wanted = workspace.borrow_and_update().clone();
        let ended = match backend.connect(wanted).await {
            Ok(hello) => {
                pause = FIRST;
                follow(&*backend, hello, &events, &mut workspace).await
            }
            Err(error) => Some(error),
        };
        // No error: another workspace is wanted, at once.
        let Some(error) = ended else { continue };
        let retry_at = Timestamp::now() + pause;
        if events.send(Event::Lost(error, retry_at)).is_err() {
            return;
        }
        tokio::select! {
            () = sleep(pause) => {}
            changed = workspace.changed() => if changed.is_err() { return },
        }
        pause = (pause * 2).min(LONGEST);
    }
}

/// Passes changes on until the connection ends, which is returned, or another workspace is wanted.
async fn follow(
    backend: &dyn Backend,
    hello: ServerHello,
    events: &UnboundedSender<Event>,
    workspace: &mut watch::Receiver<Option<String>>,
) -> Option<Error> {
    let mut after = hello.revision;
    let store = hello.store.clone();
    events.send(Event::Linked(Box::new(hello))).ok()?;
    loop {
        let wait_seconds = Some(WAIT_SECONDS);
        let query = ChangesQuery {
            after,
            store: Some(store.clone()),
            wait_seconds,
        };
        let reply = tokio::select! {
            reply = backend.call(Q::Changes { query }) => reply,
            _ = workspace.changed() => return None,
        };
        let refused = match reply {
            Ok(R::Changes(Ok(changes))) => {
                after = changes.revision;
                if changes.reset || !changes.changed.is_empty() {
                    events.send(Event::Changed(changes)).ok()?;
                }
                continue;
            }
            Ok(R::Changes(Err(error))) | Err(error) => error,
            Ok(_) => Error::failed("The daemon sent an answer to something else."),
        };
        if refused.kind == ErrorKind::Unreachable {
            return Some(refused);
        }
        // Not permitted before a workspace is set up or the caller is linked: wait for that.
        tokio::select! {
            () = sleep(LONGEST) => {}
            _ = workspace.changed() => return None,
        }
    }
}
