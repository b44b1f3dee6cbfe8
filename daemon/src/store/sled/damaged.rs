//! Owns the place of a store that must not be served: it holds the directory's lock, so that nobody
//! else opens the files, and answers every read and every write with what is wrong. Not one record
//! ever comes out of it.

use std::path::Path;
use std::sync::{Arc, Mutex};

use futures::FutureExt;
use futures::future::BoxFuture;
use tokio::sync::watch;

use super::super::engine::{
    Changes, CommitError, Engine, Expect, Observer, ReadError, Revision, Scan, Versioned, Write,
};
use super::super::key::{Key, Prefix};
use super::super::locked;
use super::successor::Reserved;
use super::{OpenError, identity, outside};

/// What stands in for a damaged store until a backup is restored.
pub(in crate::store) struct Damaged {
    why: Arc<str>,
    store: String,
    revision: watch::Sender<Revision>,
    reserved: Mutex<Option<Reserved>>,
}

impl Damaged {
    /// Takes the lock of the store in `dir`, which did not open.
    pub(in crate::store) fn take(dir: &Path, why: &str) -> Result<Self, OpenError> {
        let reserved = Reserved::take(dir)?;
        // Both only for people and for the revisions of what is restored: what cannot be read is
        // left out.
        let store = identity::read_file(dir).ok().flatten().unwrap_or_default();
        let revision = outside::read(dir, &store).ok().flatten();
        Ok(Self {
            why: why.into(),
            store,
            revision: watch::Sender::new(revision.unwrap_or_default()),
            reserved: Mutex::new(Some(reserved)),
        })
    }

    fn refuse<T: Send + 'static>(&self) -> BoxFuture<'_, Result<T, ReadError>> {
        let refused = ReadError::Damaged(self.why.clone());
        async move { Err(refused) }.boxed()
    }
}

impl Engine for Damaged {
    fn get(&self, _: Vec<Key>) -> BoxFuture<'_, Result<Vec<Option<Versioned>>, ReadError>> {
        self.refuse()
    }

    fn scan(&self, _: Prefix, _: Option<Key>, _: usize) -> BoxFuture<'_, Result<Scan, ReadError>> {
        self.refuse()
    }

    fn scan_back(
        &self,
        _: Prefix,
        _: Option<Key>,
        _: usize,
    ) -> BoxFuture<'_, Result<Scan, ReadError>> {
        self.refuse()
    }

    /// Nothing to verify and nothing to write is no more than the question whether it is alive, and
    /// it is.
    fn commit(
        &self,
        expect: Vec<(Key, Expect)>,
        writes: Vec<Write>,
    ) -> BoxFuture<'_, Result<Revision, CommitError>> {
        let alive = expect.is_empty() && writes.is_empty();
        let answer = match alive {
            true => Ok(*self.revision.borrow()),
            false => Err(ReadError::Damaged(self.why.clone()).into()),
        };
        async move { answer }.boxed()
    }

    fn changes(&self, _: Revision) -> BoxFuture<'_, Result<Changes, ReadError>> {
        self.refuse()
    }

    fn watch(&self) -> watch::Receiver<Revision> {
        self.revision.subscribe()
    }

    fn observe(&self, _: Arc<dyn Observer>) {}

    /// Nobody is known here, on whatever machine.
    fn machine(&self) -> &str {
        ""
    }

    fn store_id(&self) -> &str {
        &self.store
    }

    fn damage(&self) -> Option<Arc<str>> {
        Some(self.why.clone())
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        drop(locked(&self.reserved).take());
        async {}.boxed()
    }
}
