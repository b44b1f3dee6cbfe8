//! An engine that makes the crowd's records as they are scanned, so that the index is all that
//! takes memory. Nothing can be written to it.

use std::sync::Arc;

use futures::FutureExt;
use futures::future::BoxFuture;
use greenroomd::store::engine::{
    Changes, CommitError, Expect, Observer, ReadError, Scan, Versioned, Write,
};
use greenroomd::store::key::{Key, Prefix};
use greenroomd::store::{Engine, Record, Revision};
use tokio::sync::watch;

use crate::crowd::Crowd;

/// The rows of a crowd: jobs, stages, then candidates and their applications.
pub struct Made {
    crowd: Arc<Crowd>,
    revision: watch::Sender<Revision>,
    next: std::sync::atomic::AtomicUsize,
}

impl Made {
    pub fn new(crowd: Arc<Crowd>) -> Self {
        Self {
            crowd,
            revision: watch::Sender::new(Revision(1)),
            next: Default::default(),
        }
    }

    fn row(&self, number: usize) -> Option<(Key, Versioned)> {
        let crowd = &self.crowd;
        let mut at = number;
        let mut within = |count: usize| {
            let found = (at < count).then_some(at);
            at = at.saturating_sub(count);
            found
        };
        if let Some(job) = within(crowd.jobs.len()) {
            return self.encode(&crowd.jobs[job], &crowd.job(job));
        }
        if let Some(stage) = within(crowd.stages.len()) {
            return self.encode(&crowd.stages[stage], &crowd.stage(stage));
        }
        if let Some(candidate) = within(crowd.count()) {
            return self.encode(&crowd.candidates[candidate], &crowd.candidate(candidate));
        }
        let application = within(crowd.applications())?;
        self.encode(
            &crowd.applications[application],
            &crowd.application(application),
        )
    }

    fn encode<R: Record>(&self, id: &impl ToString, record: &R) -> Option<(Key, Versioned)> {
        let mut body = R::SCHEMA.to_be_bytes().to_vec();
        serde_json::to_writer(&mut body, record).ok()?;
        let key = Key::new(&self.crowd.workspace.to_string(), R::TABLE, &id.to_string()).ok()?;
        let revision = Revision(1);
        Some((key, Versioned { revision, body }))
    }
}

fn closed<T: Send + 'static>() -> BoxFuture<'static, Result<T, ReadError>> {
    async { Err(ReadError::Closed) }.boxed()
}

impl Engine for Made {
    fn get(&self, _: Vec<Key>) -> BoxFuture<'_, Result<Vec<Option<Versioned>>, ReadError>> {
        closed()
    }

    /// The next page of the one scan there is.
    fn scan(
        &self,
        _: Prefix,
        _: Option<Key>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Scan, ReadError>> {
        let from = self
            .next
            .fetch_add(limit, std::sync::atomic::Ordering::Relaxed);
        let rows: Vec<_> = (from..from + limit)
            .map_while(|number| self.row(number))
            .collect();
        let more = rows.len() == limit;
        let at = Revision(1);
        async move { Ok(Scan { rows, at, more }) }.boxed()
    }

    fn scan_back(
        &self,
        _: Prefix,
        _: Option<Key>,
        _: usize,
    ) -> BoxFuture<'_, Result<Scan, ReadError>> {
        closed()
    }

    fn commit(
        &self,
        _: Vec<(Key, Expect)>,
        writes: Vec<Write>,
    ) -> BoxFuture<'_, Result<Revision, CommitError>> {
        let answer = if writes.is_empty() {
            Ok(Revision(1))
        } else {
            Err(CommitError::Closed)
        };
        async move { answer }.boxed()
    }

    fn changes(&self, _: Revision) -> BoxFuture<'_, Result<Changes, ReadError>> {
        closed()
    }

    fn watch(&self) -> watch::Receiver<Revision> {
        self.revision.subscribe()
    }

    fn observe(&self, _: Arc<dyn Observer>) {}

    fn machine(&self) -> &str {
        "00000000000000000000000000000000"
    }

    fn store_id(&self) -> &str {
        "00000000000000000000000000000000"
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async {}.boxed()
    }
}
