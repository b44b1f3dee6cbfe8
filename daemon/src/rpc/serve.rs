//! The accepting loop: who is behind a connection, before anything is read from it.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};
use std::time::Duration;

use futures::StreamExt;
use greenroom_protocol::service::Greenroom;
use greenroom_protocol::transport;
use tarpc::server::{BaseChannel, Channel};
use tokio::net::{UnixListener, UnixStream};
use tokio::sync::watch;
use tokio::task::JoinSet;

use super::pulse::Beating;
use super::service::Connected;
use crate::rooms::Rooms;

/// Calls of one connection under way at once; more are answered that they must wait.
const CALLS_AT_ONCE: usize = 256;

/// Connections of one Unix user at once.
const CONNECTIONS_OF_ONE: usize = 128;

/// How long calls under way may take to finish when the daemon stops.
const DRAIN: Duration = Duration::from_secs(10);

/// Asks the daemon to stop, and tells whoever waits that it does. Clones are one.
#[derive(Clone)]
pub struct Shutdown(watch::Sender<bool>);

impl Default for Shutdown {
    fn default() -> Self {
        Self(watch::Sender::new(false))
    }
}

impl Shutdown {
    /// Begins to stop.
    pub fn begin(&self) {
        self.0.send_replace(true);
    }

    /// Waits until it begins.
    pub async fn begun(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.0.subscribe().wait_for(|begun| *begun).await;
    }
}

/// Who is behind a connection, as the system says.
#[derive(Debug, Clone, Copy)]
pub struct Guest {
    /// The Unix user.
    pub uid: u32,
    /// Root, or the daemon's own user.
    pub operator: bool,
}

/// Counts the connections of each Unix user.
#[derive(Clone, Default)]
struct Guests(Arc<Mutex<HashMap<u32, usize>>>);

/// One connection's place; gives it back when dropped.
struct Place(Guests, u32);

impl Guests {
    fn enter(&self, uid: u32) -> Option<Place> {
        let mut counts = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let count = counts.entry(uid).or_default();
        (*count < CONNECTIONS_OF_ONE).then(|| {
            *count += 1;
            Place(self.clone(), uid)
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut counts = self.0.0.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(count) = counts.get_mut(&self.1) {
            *count -= 1;
            if *count == 0 {
                counts.remove(&self.1);
            }
        }
    }
}

/// Serves callers until `shutdown`, then lets calls under way finish.
pub async fn serve(rooms: Rooms, listener: UnixListener, mut beating: Beating, shutdown: Shutdown) {
    let guests = Guests::default();
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = beating.beat() => continue,
            () = shutdown.begun() => break,
        };
        match accepted {
            Ok((stream, _)) => enter(&rooms, &guests, &shutdown, stream, &mut connections),
            Err(error) => {
                // Out of file descriptors, usually: others must close theirs first.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    drop(listener);
    let drained = tokio::time::timeout(DRAIN, async {
        while connections.join_next().await.is_some() {}
    });
    if drained.await.is_err() {
        tracing::warn!("calls under way did not finish in time");
    }
}

fn enter(
    rooms: &Rooms,
    guests: &Guests,
    shutdown: &Shutdown,
    stream: UnixStream,
    connections: &mut JoinSet<()>,
) {
    let uid = match stream.peer_cred() {
        Ok(credentials) => credentials.uid(),
        Err(error) => {
            tracing::warn!(%error, "a caller without credentials was turned away");
            return;
        }
    };
    let Some(place) = guests.enter(uid) else {
        tracing::warn!(uid, "a caller with too many connections was turned away");
        return;
    };
    let operator = uid == 0 || uid == rustix::process::getuid().as_raw();
    let guest = Guest { uid, operator };
    let (rooms, shutdown) = (rooms.clone(), shutdown.clone());
    connections.spawn(async move {
        let _place = place;
        attend(rooms, shutdown, stream, guest).await;
    });
}

/// Answers one connection's calls until it ends, or until `shutdown`; then calls under way still finish.
pub async fn attend(rooms: Rooms, shutdown: Shutdown, stream: UnixStream, guest: Guest) {
    let connected = Connected::new(rooms, shutdown.clone(), guest);
    let channel = BaseChannel::with_defaults(transport::server(stream))
        .max_concurrent_requests(CALLS_AT_ONCE);
    let calls = channel.execute(connected.serve());
    tokio::pin!(calls);
    let mut under_way = JoinSet::new();
    loop {
        tokio::select! {
            call = calls.next() => match call {
                Some(call) => { under_way.spawn(call); }
                None => break,
            },
            Some(_) = under_way.join_next() => {}
            () = shutdown.begun() => break,
        }
    }
    // Answers leave through the stream of calls, so it is driven on until every call is answered.
    while !under_way.is_empty() {
        tokio::select! {
            _ = under_way.join_next() => {}
            Some(_) = calls.next() => {}
        }
    }
    let _ = tokio::time::timeout(Duration::from_millis(50), calls.next()).await;
}
