//! The engine of one machine: sled, owned by one process, written by one thread.
//!
//! What is acknowledged has been flushed *and* fsynced, which sled's own flush is not; what is not
//! yet durable is seen by nobody. What was lost or rolled back inside sled's log is noticed as the
//! store opens, and then it does not open. sled's asynchronous flush and its subscriptions are not
//! used: the one deadlocks, the other can block the writer. Whatever else opens these files breaks
//! both promises, so a lock keeps others out.

mod damaged;
mod identity;
mod lock;
mod machine;
mod open;
mod outside;
mod reads;
mod recover;
mod successor;
mod sums;
#[cfg(test)]
mod tests;
mod writer;

use std::path::{Path, PathBuf};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use futures::FutureExt;
use futures::future::BoxFuture;
pub use greenroom_protocol::holder::Holder;
use tokio::sync::{mpsc, oneshot, watch};

pub(super) use self::damaged::Damaged;
pub(crate) use self::machine::read_or_make as machine_of;
use self::open::Files;
pub use self::open::OpenError;
pub(super) use self::open::{announce, answer_reload};
use self::reads::{Direction, View};
pub(crate) use self::successor::known_stores;
pub use self::successor::{Reserved, Successor, set_aside};
use self::writer::{Adopt, Request, Writer};
use super::engine::{
    Changes, CommitError, Engine, Expect, Observer, ReadError, Revision, Scan, Versioned, Write,
    fits,
};
use super::key::{Key, Prefix};
use super::locked;

/// Reads of more keys than this leave the runtime's threads alone.
const FEW_KEYS: usize = 32;

/// How many commits may wait before callers do.
const QUEUE: usize = 1024;

/// What an operator or a test may choose.
#[derive(Debug, Clone, Copy)]
pub struct Settings {
    /// Writes are refused while less than this is free on the disk, in bytes.
    pub keep_free: u64,
    /// How many changes are remembered for `changes`.
    pub remember: usize,
    /// sled's page cache, in bytes.
    pub cache: u64,
    /// What the revisions of a new store follow: those of a store it takes the place of.
    pub begin: Revision,
    /// Whether a store of an older version becomes one of this version as it opens; else with
    /// [`Engine::adopt`], or with the first commit.
    pub adopt: bool,
}

impl Default for Settings {
    fn default() -> Self {
        Self {
            keep_free: 64 << 20,
            remember: 100_000,
            cache: 32 << 20,
            begin: Revision(0),
            adopt: true,
        }
    }
}

/// A store in a directory of this machine.
pub struct SledEngine {
    view: Arc<View>,
    queue: std::sync::Mutex<Option<mpsc::Sender<Request>>>,
    /// Its sender lives as long as the writer holds the files.
    released: watch::Receiver<()>,
    id: String,
    /// Which machine the directory is on.
    machine: String,
    /// Cleared once this version has written.
    older: Arc<AtomicBool>,
    /// Why it takes no more writes.
    failed: watch::Receiver<Option<Arc<str>>>,
    dir: PathBuf,
    keep_free: u64,
}

impl SledEngine {
    /// Opens or creates the store in `dir`. Blocks: call it off the runtime.
    pub fn open(dir: &Path, settings: Settings) -> Result<Self, OpenError> {
        Self::start(open::open(dir, settings)?, settings)
    }

    fn start(files: Files, settings: Settings) -> Result<Self, OpenError> {
        let path = files.dir.clone();
        let id = files.identity.store.clone();
        let machine = files.machine.clone();
        let older = Arc::new(AtomicBool::new(files.identity.is_older()));
        let view = Arc::new(View::new(
            files.db.clone(),
            files.revision,
            settings.remember,
        ));
        let (queue, requests) = mpsc::channel(QUEUE);
        let (held, released) = watch::channel(());
        let (failing, failed) = watch::channel(None);
        let (dir, keep_free) = (path.clone(), settings.keep_free);
        let writer = Writer::new(view.clone(), files, settings, older.clone(), failing, held);
        std::thread::Builder::new()
            .name("store-writer".into())
            .spawn(move || writer.run(requests))
            .map_err(|cause| OpenError::Io {
                what: "start the writer",
                path,
                cause,
            })?;
        Ok(Self {
            view,
            queue: std::sync::Mutex::new(Some(queue)),
            released,
            id,
            machine,
            older,
            failed,
            dir,
            keep_free,
        })
    }

    async fn ask(
        &self,
        expect: Vec<(Key, Expect)>,
        writes: Vec<Write>,
        adopt: Option<Adopt>,
    ) -> Result<Revision, CommitError> {
        let queue = locked(&self.queue).clone().ok_or(CommitError::Closed)?;
        let (reply, answer) = oneshot::channel();
        let request = Request {
            expect,
            writes,
            adopt,
            reply,
        };
        queue.send(request).await.map_err(|_| CommitError::Closed)?;
        drop(queue);
        answer
            .await
            .unwrap_or_else(|_| Err(CommitError::Io("the writer stopped".into())))
    }

    fn page(
        &self,
        prefix: Prefix,
        from: Option<Key>,
        limit: usize,
        direction: Direction,
    ) -> BoxFuture<'_, Result<Scan, ReadError>> {
        let view = self.view.clone();
        off_runtime(move || view.page(&prefix, from.as_ref(), limit.max(1), direction))
    }
}

impl Engine for SledEngine {
    fn get(&self, keys: Vec<Key>) -> BoxFuture<'_, Result<Vec<Option<Versioned>>, ReadError>> {
        if keys.len() <= FEW_KEYS {
            return async move { self.view.get(&keys) }.boxed();
        }
        let view = self.view.clone();
        off_runtime(move || view.get(&keys))
    }

    fn scan(
        &self,
        prefix: Prefix,
        after: Option<Key>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Scan, ReadError>> {
        self.page(prefix, after, limit, Direction::Forward)
    }

    fn scan_back(
        &self,
        prefix: Prefix,
        before: Option<Key>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Scan, ReadError>> {
        self.page(prefix, before, limit, Direction::Backward)
    }

    fn commit(
        &self,
        expect: Vec<(Key, Expect)>,
        writes: Vec<Write>,
    ) -> BoxFuture<'_, Result<Revision, CommitError>> {
        async move {
            fits(self.limits(), &expect, &writes)?;
            self.ask(expect, writes, None).await
        }
        .boxed()
    }

    fn failure(&self) -> Option<watch::Receiver<Option<Arc<str>>>> {
        Some(self.failed.clone())
    }

    fn space(&self) -> Option<(u64, u64)> {
        let disk = rustix::fs::statvfs(&self.dir).ok()?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        Some((free, self.keep_free))
    }

    fn is_of_an_older_version(&self) -> bool {
        self.older.load(Ordering::Acquire)
    }

    fn adopt(&self, before: Option<String>) -> BoxFuture<'_, Result<Revision, CommitError>> {
        self.ask(Vec::new(), Vec::new(), Some(Adopt { before }))
            .boxed()
    }

    fn changes(&self, after: Revision) -> BoxFuture<'_, Result<Changes, ReadError>> {
        async move { Ok(self.view.changes(after)) }.boxed()
    }

    fn watch(&self) -> watch::Receiver<Revision> {
        self.view.watch()
    }

    fn observe(&self, observer: Arc<dyn Observer>) {
        self.view.observe(observer);
    }

    fn machine(&self) -> &str {
        &self.machine
    }

    fn store_id(&self) -> &str {
        &self.id
    }

    fn close(&self) -> BoxFuture<'_, ()> {
        async move {
            drop(locked(&self.queue).take());
            let mut released = self.released.clone();
            // Nothing is ever sent: the error that ends this wait is the writer's end.
            while released.changed().await.is_ok() {}
        }
        .boxed()
    }
}

fn off_runtime<T: Send + 'static>(
    read: impl FnOnce() -> Result<T, ReadError> + Send + 'static,
) -> BoxFuture<'static, Result<T, ReadError>> {
    async move {
        tokio::task::spawn_blocking(read)
            .await
            .unwrap_or_else(|stopped| Err(ReadError::Io(stopped.to_string().into())))
    }
    .boxed()
}
