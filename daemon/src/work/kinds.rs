//! Hands each piece of work to the worker of its kind. What the kinds are, whoever wires them
//! knows.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::BoxFuture;

use super::backoff::LONGEST_WAIT_SECONDS;
use super::queue::Worker;
use super::record::WorkRecord;
use crate::clock::Clock;
use crate::store::{Store, StoreError};

/// Workers by kind.
pub struct Kinds {
    workers: HashMap<&'static str, Arc<dyn Worker>>,
    store: Store,
    clock: Clock,
}

impl Kinds {
    /// Nobody yet.
    pub fn new(store: Store, clock: Clock) -> Self {
        Self {
            workers: HashMap::new(),
            store,
            clock,
        }
    }

    /// With a worker for this kind.
    #[must_use]
    pub fn with(mut self, kind: &'static str, worker: impl Worker) -> Self {
        self.workers.insert(kind, Arc::new(worker));
        self
    }

    /// A newer version may have left it, and will find it again.
    async fn leave(&self, space: &str, work: &WorkRecord) -> Result<(), StoreError> {
        let (kind, record) = (work.kind.as_str(), work.record.as_str());
        tracing::warn!(%kind, %record, "this version does not know this kind of work; it is left");
        let why = "this version does not know this kind of work".to_owned();
        let due = self.clock.now().plus_seconds(LONGEST_WAIT_SECONDS);
        let left = self.store.transact(|tx| {
            let why = why.clone();
            async move { WorkRecord::later(&tx, space, kind, record, due, Some(why)).await }
        });
        left.await.map(drop)
    }
}

impl Worker for Kinds {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        match self.workers.get(work.kind.as_str()) {
            Some(worker) => worker.carry_out(space, work),
            None => Box::pin(self.leave(space, work)),
        }
    }
}
