//! How much of the daemon one Unix user may use at once: connections, bytes of requests, answers.
//!
//! Invariant: what a user's callers leave in memory is bounded by the constants below, whatever
//! they send and however little they read. Must not know a method or a frame.

use std::collections::HashMap;
use std::sync::{Arc, Mutex, PoisonError};

use tokio::sync::{OwnedSemaphorePermit, Semaphore};

/// Connections of one Unix user at once.
pub(super) const CONNECTIONS_OF_ONE: usize = 128;

/// KiB of requests of one Unix user that may be held at once: thirty-two of the largest, or as many
/// calls as half the connections can have under way.
const REQUESTS_OF_ONE: usize = 32 * 1024;

/// KiB that a request counts for at least: its handler and its share of tarpc's bookkeeping weigh
/// more than its bytes.
const LEAST_REQUEST: usize = 2;

/// Answers of one Unix user that may exist at once, from the moment their handler begins until the
/// caller has them. Each is at most a frame, 1 MiB.
const ANSWERS_OF_ONE: usize = 64;

/// The same of one connection, so that one that is not read leaves room for the others.
const ANSWERS_OF_CONNECTION: usize = 8;

/// What every Unix user has in use.
#[derive(Clone, Default)]
pub(super) struct Quotas(Arc<Mutex<HashMap<u32, Used>>>);

struct Used {
    connections: usize,
    /// The refusal was logged; not again before there is room.
    refused: bool,
    quota: Quota,
}

/// What all connections of one user share.
#[derive(Clone)]
pub(super) struct Quota {
    requests: Arc<Semaphore>,
    answers: Arc<Semaphore>,
}

/// One connection's place; gives it back when dropped.
pub(super) struct Place {
    quotas: Quotas,
    uid: u32,
    pub quota: Quota,
}

/// Why there is no place.
pub(super) struct Full {
    /// Nobody was refused since there was room last.
    pub first: bool,
}

impl Quotas {
    pub fn enter(&self, uid: u32) -> Result<Place, Full> {
        let mut users = self.0.lock().unwrap_or_else(PoisonError::into_inner);
        let used = users.entry(uid).or_insert_with(|| Used {
            connections: 0,
            refused: false,
            quota: Quota::default(),
        });
        if used.connections >= CONNECTIONS_OF_ONE {
            let first = !std::mem::replace(&mut used.refused, true);
            return Err(Full { first });
        }
        used.connections += 1;
        Ok(Place {
            quotas: self.clone(),
            uid,
            quota: used.quota.clone(),
        })
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        let mut users = self.quotas.0.lock().unwrap_or_else(PoisonError::into_inner);
        let Some(used) = users.get_mut(&self.uid) else {
            return;
        };
        used.connections -= 1;
        used.refused = false;
        if used.connections == 0 {
            users.remove(&self.uid);
        }
    }
}

impl Default for Quota {
    fn default() -> Self {
        Self {
            requests: Arc::new(Semaphore::new(REQUESTS_OF_ONE)),
            answers: Arc::new(Semaphore::new(ANSWERS_OF_ONE)),
        }
    }
}

impl Quota {
    /// Room for a request of so many bytes, once there is; `None` never, as nobody closes the
    /// semaphore.
    pub async fn request(self, bytes: usize) -> Option<OwnedSemaphorePermit> {
        let size = bytes.div_ceil(1024).clamp(LEAST_REQUEST, REQUESTS_OF_ONE);
        let size = u32::try_from(size).unwrap_or(u32::MAX);
        self.requests.acquire_many_owned(size).await.ok()
    }

    /// Where the answers of one connection take their places.
    pub fn answers(&self) -> Answers {
        Answers {
            connection: Arc::new(Semaphore::new(ANSWERS_OF_CONNECTION)),
            user: self.answers.clone(),
        }
    }
}

/// The answers of one connection.
#[derive(Clone)]
pub(super) struct Answers {
    connection: Arc<Semaphore>,
    user: Arc<Semaphore>,
}

/// An answer's place; gives it back when dropped.
pub(super) struct Room {
    _connection: Option<OwnedSemaphorePermit>,
    _user: Option<OwnedSemaphorePermit>,
}

impl Answers {
    /// Room for an answer, once there is. First among the connection's own, so that it never holds
    /// what others need while it waits for itself.
    pub async fn room(&self) -> Room {
        let connection = self.connection.clone().acquire_owned().await.ok();
        let user = self.user.clone().acquire_owned().await.ok();
        Room {
            _connection: connection,
            _user: user,
        }
    }

    /// Room for an answer of a few kB, which other connections of the user cannot hold up.
    pub async fn little_room(&self) -> Room {
        Room {
            _connection: self.connection.clone().acquire_owned().await.ok(),
            _user: None,
        }
    }
}

#[cfg(test)]
mod tests {
    use futures::FutureExt as _;

    use super::*;

    #[test]
    fn a_user_has_so_many_connections_and_the_refusal_is_news_once() {
        let quotas = Quotas::default();
        let mut places: Vec<_> = (0..CONNECTIONS_OF_ONE)
            .map(|_| quotas.enter(7).ok().expect("a place"))
            .collect();
        let refused = |first| quotas.enter(7).err().is_some_and(|it| it.first == first);
        assert!(refused(true) && refused(false));
        assert!(quotas.enter(8).is_ok(), "another user is not concerned");
        drop(places.pop());
        let again = quotas.enter(7).ok().expect("a place was given back");
        assert!(refused(true));
        drop((places, again));
        assert!(quotas.0.lock().expect("the users").is_empty());
    }

    #[test]
    fn requests_and_answers_wait_for_room() {
        let quota = Quota::default();
        let largest: Vec<_> = (0..32)
            .map(|_| quota.clone().request(1 << 20).now_or_never())
            .collect();
        assert!(largest.iter().all(Option::is_some));
        assert!(quota.clone().request(1).now_or_never().is_none());
        drop(largest);
        assert!(quota.clone().request(1).now_or_never().is_some());

        let unread = quota.answers();
        let held: Vec<_> = (0..ANSWERS_OF_CONNECTION)
            .map(|_| unread.room().now_or_never())
            .collect();
        assert!(held.iter().all(Option::is_some));
        assert!(unread.room().now_or_never().is_none());
        assert!(unread.little_room().now_or_never().is_none());
        assert!(quota.answers().room().now_or_never().is_some());

        let others: Vec<_> = (0..ANSWERS_OF_ONE)
            .filter_map(|_| quota.answers().room().now_or_never())
            .collect();
        assert_eq!(others.len() + held.len(), ANSWERS_OF_ONE);
        assert!(quota.answers().room().now_or_never().is_none());
        assert!(quota.answers().little_room().now_or_never().is_some());
    }
}
