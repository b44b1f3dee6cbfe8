//! When work is tried: a copy of the waiting work in memory, kept exact by commits.

use std::sync::{Arc, Mutex, MutexGuard, PoisonError};
use std::time::Duration;

use futures::future::BoxFuture;
use greenroom_protocol::time::Instant;
use tokio::sync::Notify;
use tokio::task::JoinSet;

use super::WorkRecord;
use super::copy::Copy;
use crate::clock::Clock;
use crate::store::engine::{Revision, Versioned};
use crate::store::follow::{Sink, follow};
use crate::store::key::Key;
use crate::store::{Record, Store, StoreError, table};

/// Tries under way at once, over all workspaces.
const MOST_AT_ONCE: usize = 32;

/// The longest sleep: clocks may be set, and machines sleep, without a timer noticing.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// How long work waits after its worker failed before it could record an outcome.
const AFTER_A_FAILURE: Duration = Duration::from_secs(5);

/// Carries work out.
pub trait Worker: Send + Sync + 'static {
    /// Tries once, and records the outcome in the store: the work removed, or left for later.
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// The waiting work. Clones are one queue.
#[derive(Clone, Default)]
pub struct Queue(Arc<Waiting>);

#[derive(Default)]
struct Waiting {
    copy: Mutex<Copy>,
    changed: Notify,
}

impl Queue {
    /// Fills the queue from the store and keeps it exact. Returns once it is.
    pub async fn follow(&self, store: &Store) -> Result<(), StoreError> {
        follow(store, self.0.clone()).await
    }

    /// The waiting work of a workspace, soonest first; timers aside, for nobody waits for those.
    pub fn waiting(&self, space: &str) -> Vec<WorkRecord> {
        let copy = self.0.copy();
        let here = copy
            .all()
            .filter(|(key, work)| key.space() == space && !work.timer);
        let mut waiting: Vec<_> = here.map(|(_, work)| work.clone()).collect();
        waiting.sort_by_key(|work| work.due);
        waiting
    }

    /// When work that waits is tried next.
    pub fn due(&self, space: &str, kind: &str, record: &str) -> Option<Instant> {
        let key = Key::new(space, WorkRecord::TABLE, &WorkRecord::id(kind, record)).ok()?;
        self.0.copy().get(&key).map(|work| work.due)
    }

    /// What waited for is there: such work of a workspace is tried at once, whatever its time.
    pub fn wake(&self, space: &str, which: impl Fn(&WorkRecord) -> bool) {
        let here = |key: &Key, work: &WorkRecord| key.space() == space && which(work);
        self.0.copy().wake(here);
        self.0.changed.notify_one();
    }

    /// Carries work out until `stop`, then lets what is under way finish.
    pub async fn run(&self, clock: Clock, worker: Arc<dyn Worker>, stop: impl Future<Output = ()>) {
        let mut tries = JoinSet::new();
        tokio::pin!(stop);
        loop {
            let changed = self.0.changed.notified();
            let room = MOST_AT_ONCE.saturating_sub(tries.len());
            let (due, next) = self.0.copy().take_due(clock.now(), room);
            for (key, work) in due {
                tries.spawn(self.clone().carry_out(worker.clone(), key, work));
            }
            let next_due = async {
                match next {
                    Some(next) => clock.reach(next).await,
                    None => std::future::pending().await,
                }
            };
            tokio::select! {
                () = &mut stop => break,
                () = changed => {}
                Some(_) = tries.join_next() => {}
                () = next_due => {}
                () = tokio::time::sleep(LONGEST_SLEEP) => {}
            }
        }
        while tries.join_next().await.is_some() {}
    }

    async fn carry_out(self, worker: Arc<dyn Worker>, key: Key, work: WorkRecord) {
        if let Err(error) = worker.carry_out(key.space(), &work).await {
            tracing::error!(%key, %error, "a piece of work could not record its outcome");
            tokio::time::sleep(AFTER_A_FAILURE).await;
        }
        self.0.copy().tried(&key);
        self.0.changed.notify_one();
    }
}

impl Waiting {
    fn copy(&self) -> MutexGuard<'_, Copy> {
        self.copy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Sink for Waiting {
    fn wants(&self, key: &Key) -> bool {
        key.table() == WorkRecord::TABLE
    }

    fn apply(&self, key: &Key, row: Option<&Versioned>) {
        if key.table() != WorkRecord::TABLE {
            return;
        }
        let work = row.and_then(|row| match table::decode::<WorkRecord>(key, row) {
            Ok(work) => Some(work),
            Err(error) => {
                tracing::error!(%key, %error, "a piece of work cannot be read and is not carried out");
                None
            }
        });
        self.copy().keep(key, work);
        self.changed.notify_one();
    }

    fn ready(&self, _: Revision) {
        self.changed.notify_one();
    }
}
