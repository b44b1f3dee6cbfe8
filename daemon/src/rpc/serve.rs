//! The accepting loop: who is behind a connection, before anything is read from it.

use std::sync::Arc;
use std::time::Duration;

use tokio::net::{UnixListener, UnixStream};
use tokio::sync::Semaphore;
use tokio::task::JoinSet;

use super::connection::{answer, refuse};
use super::pulse::Beating;
use super::quota::{CONNECTIONS_OF_ONE, Full, Quotas};
use super::served::Served;
use super::shutdown::Shutdown;

/// Refused callers that hear why at once; more are hung up on.
const REFUSED_AT_ONCE: usize = 32;

/// How long calls under way may take to finish when the daemon stops.
const DRAIN: Duration = Duration::from_secs(10);

/// Who is behind a connection, as the system says.
#[derive(Debug, Clone, Copy)]
pub struct Peer {
    /// The Unix user.
    pub uid: u32,
    /// Root, or the daemon's own user.
    pub operator: bool,
}

/// Serves callers until `shutdown`, then lets calls under way finish. The listener comes back where
/// the daemon begins again: callers then wait in its line, and find no gap in which another daemon
/// could take its place.
pub async fn serve(
    served: Served,
    listener: UnixListener,
    mut beating: Beating,
    shutdown: Shutdown,
) -> Option<UnixListener> {
    let desk = Desk {
        served,
        shutdown: shutdown.clone(),
        quotas: Quotas::default(),
        refusals: Arc::new(Semaphore::new(REFUSED_AT_ONCE)),
    };
    let mut connections = JoinSet::new();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            Some(_) = connections.join_next() => continue,
            () = beating.beat() => continue,
            () = shutdown.begun() => break,
        };
        match accepted {
            Ok((stream, _)) => desk.enter(stream, &mut connections),
            Err(error) => {
                // Out of file descriptors, usually: others must close theirs first.
                tracing::warn!(%error, "a connection could not be accepted");
                tokio::time::sleep(Duration::from_millis(100)).await;
            }
        }
    }
    let listener = (!shutdown.is_for_good()).then_some(listener);
    let drained = tokio::time::timeout(DRAIN, async {
        while connections.join_next().await.is_some() {}
    });
    if drained.await.is_err() {
        tracing::warn!("calls under way did not finish in time");
    }
    listener
}

/// What every new connection needs.
struct Desk {
    served: Served,
    shutdown: Shutdown,
    quotas: Quotas,
    refusals: Arc<Semaphore>,
}

impl Desk {
    fn enter(&self, stream: UnixStream, connections: &mut JoinSet<()>) {
        let uid = match stream.peer_cred() {
            Ok(credentials) => credentials.uid(),
            Err(error) => {
                tracing::warn!(%error, "a caller without credentials was refused");
                let why = "the system does not say which Unix user you are".to_owned();
                return self.refuse(stream, why, connections);
            }
        };
        let place = match self.quotas.enter(uid) {
            Ok(place) => place,
            Err(Full { first }) => {
                if first {
                    tracing::warn!(uid, "a user with too many connections was refused another");
                }
                let why = format!(
                    "too many connections: Unix user {uid} has {CONNECTIONS_OF_ONE} open, and that is the limit"
                );
                return self.refuse(stream, why, connections);
            }
        };
        let operator = uid == 0 || uid == rustix::process::getuid().as_raw();
        let guest = Peer { uid, operator };
        let (services, shutdown) = (self.served.clone(), self.shutdown.clone());
        connections.spawn(async move {
            let quota = place.quota.clone();
            answer(services, shutdown, stream, guest, quota).await;
            drop(place);
        });
    }

    fn refuse(&self, stream: UnixStream, why: String, connections: &mut JoinSet<()>) {
        let Ok(turn) = self.refusals.clone().try_acquire_owned() else {
            return;
        };
        connections.spawn(async move {
            refuse(stream, &why).await;
            drop(turn);
        });
    }
}
