//! Owns work that outlives its caller: one flight per key, which later callers join, and
//! a drain that waits for all of them. A caller that goes away ends nothing.

use std::collections::HashMap;
use std::hash::Hash;
use std::sync::{Arc, Mutex, PoisonError};

use futures::FutureExt as _;
use futures::future::{BoxFuture, Shared};
use tokio::sync::{mpsc, watch};

/// What is under way in this room. It can be closed once.
pub(crate) struct Tasks {
    gate: Mutex<Option<mpsc::Sender<()>>>,
    ended: tokio::sync::Mutex<mpsc::Receiver<()>>,
    closing: watch::Sender<bool>,
}

impl Tasks {
    pub(crate) fn new() -> Self {
        let (gate, ended) = mpsc::channel(1);
        Self {
            gate: Mutex::new(Some(gate)),
            ended: tokio::sync::Mutex::new(ended),
            closing: watch::Sender::new(false),
        }
    }

    /// Leave to start one piece of work, which [`Tasks::drain`] then waits for; nothing once it has
    /// begun.
    pub(crate) fn enter(&self) -> Option<Ticket> {
        let gate = self.gate.lock().unwrap_or_else(PoisonError::into_inner);
        gate.clone().map(Ticket)
    }

    /// Lets nothing start any more.
    pub(crate) fn close(&self) {
        self.gate
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .take();
        self.closing.send_replace(true);
    }

    /// Waits until nothing starts any more.
    pub(crate) async fn close_begun(&self) {
        // The sender lives in `self`, so waiting cannot fail.
        let _ = self.closing.subscribe().wait_for(|closing| *closing).await;
    }

    /// Lets nothing start any more, and waits for what is under way.
    pub(crate) async fn drain(&self) {
        self.close();
        while self.ended.lock().await.recv().await.is_some() {}
    }

    /// Whether nothing starts any more.
    pub(crate) fn closed(&self) -> bool {
        self.gate
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .is_none()
    }
}

/// Leave to start one piece of work.
pub(crate) struct Ticket(mpsc::Sender<()>);

impl Ticket {
    pub(crate) fn spawn(self, work: impl Future<Output = ()> + Send + 'static) {
        let Self(open) = self;
        tokio::spawn(async move {
            work.await;
            drop(open);
        });
    }
}

type Flight<V> = Shared<BoxFuture<'static, Option<V>>>;

/// One flight per key.
pub(crate) struct Singleflight<K, V: Clone> {
    tasks: Arc<Tasks>,
    open: Arc<Mutex<HashMap<K, Flight<V>>>>,
}

impl<K, V> Singleflight<K, V>
where
    K: Clone + Eq + Hash + Send + 'static,
    V: Clone + Send + Sync + 'static,
{
    pub(crate) fn new(tasks: Arc<Tasks>) -> Self {
        Self {
            tasks,
            open: Arc::default(),
        }
    }

    /// The outcome of the flight for `key`: the one under way, else a new one that does `work`.
    /// Nothing when the room is closing, or the work panicked.
    ///
    /// It begins with this call; the returned future only waits, and may be dropped.
    pub(crate) fn join(
        &self,
        key: K,
        work: impl Future<Output = V> + Send + 'static,
    ) -> BoxFuture<'static, Option<V>> {
        let flight = self.board(key, work);
        async move { flight?.await }.boxed()
    }

    fn board(&self, key: K, work: impl Future<Output = V> + Send + 'static) -> Option<Flight<V>> {
        let mut open = self.open.lock().unwrap_or_else(PoisonError::into_inner);
        if let Some(flight) = open.get(&key) {
            return Some(flight.clone());
        }
        let ticket = self.tasks.enter()?;
        let (done, outcome) = tokio::sync::oneshot::channel();
        let landing = Leave {
            key: key.clone(),
            open: Arc::clone(&self.open),
        };
        ticket.spawn(async move {
            let value = work.await;
            drop(landing);
            let _ = done.send(value);
        });
        let flight = outcome.map(Result::ok).boxed().shared();
        open.insert(key, flight.clone());
        Some(flight)
    }
}

/// Takes the flight off the board, also when its work panics.
struct Leave<K: Eq + Hash, V: Clone> {
    key: K,
    open: Arc<Mutex<HashMap<K, Flight<V>>>>,
}

impl<K: Eq + Hash, V: Clone> Drop for Leave<K, V> {
    fn drop(&mut self) {
        self.open
            .lock()
            .unwrap_or_else(PoisonError::into_inner)
            .remove(&self.key);
    }
}

#[cfg(test)]
mod tests {
    use std::sync::atomic::{AtomicU32, Ordering};

    use super::*;

    #[tokio::test]
    async fn callers_share_one_flight_and_it_lands_without_them() {
        let tasks = Arc::new(Tasks::new());
        let flights = Singleflight::new(Arc::clone(&tasks));
        let (go, wait) = tokio::sync::watch::channel(false);
        let flown = Arc::new(AtomicU32::new(0));
        let work = || {
            let (flown, mut wait) = (Arc::clone(&flown), wait.clone());
            async move {
                let _ = wait.wait_for(|go| *go).await;
                flown.fetch_add(1, Ordering::SeqCst) + 1
            }
        };
        assert!(flights.join("a", work()).now_or_never().is_none());
        let both = futures::future::join(flights.join("a", work()), flights.join("a", work()));
        go.send_replace(true);
        assert_eq!(both.await, (Some(1), Some(1)));
        tasks.drain().await;
        assert_eq!(flights.join("a", work()).await, None);
        assert_eq!(flown.load(Ordering::SeqCst), 1);
    }
}
