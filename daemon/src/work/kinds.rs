//! Hands each piece of work to the worker of its kind. Which kinds there are, the wiring knows.

use std::collections::HashMap;
use std::panic::AssertUnwindSafe;
use std::sync::Arc;

use futures::FutureExt as _;
use futures::future::BoxFuture;

use super::backoff::{self, LONGEST_WAIT_SECONDS};
use super::pace::Pace;
use super::queue::Worker;
use super::record::WorkRecord;
use crate::clock::Clock;
use crate::store::{Store, StoreError};

/// What `status` and `doctor` say of a piece whose worker panicked. The log has the place.
const CRASHED: &str = "an internal error stopped it; the log says where";

/// Workers by kind.
pub struct Kinds {
    workers: HashMap<&'static str, Arc<dyn Worker>>,
    paces: Vec<(&'static str, Pace)>,
    store: Store,
    clock: Clock,
}

impl Kinds {
    /// No kinds yet.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self {
            workers: HashMap::new(),
            paces: Vec::new(),
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

    /// This kind at a pace of its own.
    #[must_use]
    pub fn at(mut self, kind: &'static str, pace: Pace) -> Self {
        self.paces.push((kind, pace));
        self
    }

    async fn tried(
        &self,
        worker: &dyn Worker,
        space: &str,
        work: &WorkRecord,
    ) -> Result<(), StoreError> {
        // Workers share nothing but handles, whose locks survive a panic.
        let tried = AssertUnwindSafe(worker.carry_out(space, work));
        match tried.catch_unwind().await {
            Ok(noted) => noted,
            Err(_) => self.crashed(space, work).await,
        }
    }

    /// The try counts: it is tried again with backoff, and what waits says why.
    async fn crashed(&self, space: &str, work: &WorkRecord) -> Result<(), StoreError> {
        let (kind, record) = (work.kind.as_str(), work.record.as_str());
        tracing::error!(%space, %kind, %record, "a worker crashed; the piece is tried again");
        let due = backoff::next_try(self.clock.now(), work.attempts);
        let later = self.store.transact(|tx| async move {
            WorkRecord::later_if_unchanged(&tx, space, work, due, CRASHED).await
        });
        later.await.map(drop)
    }

    /// A newer version may have left it, and will find it again.
    async fn leave(&self, space: &str, work: &WorkRecord) -> Result<(), StoreError> {
        let (kind, record) = (work.kind.as_str(), work.record.as_str());
        tracing::warn!(%kind, %record, "this version does not know this kind of work; it is left");
        let why = "this version does not know this kind of work";
        let due = self.clock.now().plus_seconds(LONGEST_WAIT_SECONDS);
        let left = self.store.transact(|tx| async move {
            WorkRecord::later(&tx, space, kind, record, due, Some(why.to_owned())).await
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
            Some(worker) => Box::pin(self.tried(worker.as_ref(), space, work)),
            None => Box::pin(self.leave(space, work)),
        }
    }

    fn paces(&self) -> Vec<(&'static str, Pace)> {
        self.paces.clone()
    }
}
