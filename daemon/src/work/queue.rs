//! When stored work is tried: a copy of it in memory, kept exact by commits.
//!
//! Commits wait for this copy, so nothing holds its lock for longer than a few pieces take: what
//! looks at many does so in pages.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use futures::future::BoxFuture;
use greenroom_protocol::time::Instant;
use tokio::sync::Notify;
use tokio::sync::futures::Notified;

use super::WorkRecord;
use super::lines::{Lines, Moment, Next};
use super::pace::Pace;
use super::source::{self, End, Source};
use crate::clock::Clock;
use crate::store::engine::{Revision, Versioned};
use crate::store::follow::{Sink, follow};
use crate::store::key::Key;
use crate::store::{Record, Store, StoreError, table};

/// Tries under way at once, over all workspaces.
const MOST_AT_ONCE: usize = 32;

/// Of them, those of one kind: a mail server that does not answer must not keep Zoom waiting.
const MOST_OF_A_KIND: usize = 16;

/// How long a piece waits whose worker could not even note what came of it, in seconds.
const AFTER_A_FAILURE_SECONDS: i64 = 5;

/// Pieces looked at under one hold of the lock: some tens of microseconds.
const PAGE: usize = 256;

/// Carries work out.
pub trait Worker: Send + Sync + 'static {
    /// Tries once, and records the outcome in the store: the work removed, or left for later.
    ///
    /// # Errors
    /// What kept it from recording that; the piece is tried again soon.
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>>;

    /// Kinds of which more or less may begin than usual.
    fn paces(&self) -> Vec<(&'static str, Pace)> {
        Vec::new()
    }
}

/// The waiting work. Clones are one queue.
#[derive(Clone, Default)]
pub struct Queue(Arc<Waiting>);

#[derive(Default)]
struct Waiting {
    copy: Mutex<Copy>,
    changed: Notify,
}

/// The pieces as they are stored, and the lines they stand in.
struct Copy {
    pieces: BTreeMap<Key, WorkRecord>,
    lines: Lines<Key>,
}

impl Default for Copy {
    fn default() -> Self {
        Self {
            pieces: BTreeMap::new(),
            lines: Lines::new(MOST_AT_ONCE, Pace::at_once(MOST_OF_A_KIND)),
        }
    }
}

impl Queue {
    /// Fills the queue from the store and follows every change from then on. Returns once it is
    /// filled.
    ///
    /// # Errors
    /// When the store cannot be read.
    pub async fn follow(&self, store: &Store) -> Result<(), StoreError> {
        follow(store, self.0.clone()).await
    }

    /// The waiting work of a workspace, soonest first; timers aside, for nobody waits for those.
    #[must_use]
    pub fn waiting(&self, space: &str) -> Vec<WorkRecord> {
        let mut waiting = Vec::new();
        for page in self.pages(space, "") {
            let work = page.into_iter().map(|(_, work)| work);
            waiting.extend(work.filter(|work| !work.timer));
        }
        waiting.sort_by_key(|work| work.due);
        waiting
    }

    /// When work that waits is tried next.
    #[must_use]
    pub fn due(&self, space: &str, kind: &str, record: &str) -> Option<Instant> {
        let key = Key::new(space, WorkRecord::TABLE, &WorkRecord::id(kind, record)).ok()?;
        self.0.copy().pieces.get(&key).map(|work| work.due)
    }

    /// What waited for is there: such work of this kind and workspace is tried now, whenever it is
    /// due.
    pub fn wake(&self, space: &str, kind: &str, now: Instant, which: impl Fn(&str) -> bool) {
        for page in self.pages(space, &WorkRecord::id(kind, "")) {
            let woken: Vec<_> = page
                .into_iter()
                .filter(|(_, work)| which(&work.record))
                .collect();
            let mut copy = self.0.copy();
            for (key, _) in woken {
                copy.lines.wake(kind, &key, now);
            }
        }
        self.0.changed.notify_one();
    }

    /// Carries work out until `stop`, then lets what is under way finish.
    pub async fn run(&self, clock: Clock, worker: Arc<dyn Worker>, stop: impl Future<Output = ()>) {
        for (kind, pace) in worker.paces() {
            self.0.copy().lines.pace(kind, pace);
        }
        let tries = Tries {
            queue: self.clone(),
            clock: clock.clone(),
            worker,
        };
        source::run(Arc::new(tries), &clock, stop).await;
    }

    /// It is stored like this now, or gone.
    pub fn set(&self, key: &Key, work: Option<WorkRecord>) {
        self.0.set(key, work);
    }

    /// Takes what may begin now. Each is under way until it [`Queue::ended`].
    #[must_use]
    pub fn take(&self, now: Moment) -> Vec<(Key, WorkRecord)> {
        let mut copy = self.0.copy();
        let copy = &mut *copy;
        let taken = copy.lines.take(now).into_iter();
        let piece = |key: Key| copy.pieces.get(&key).cloned().map(|work| (key, work));
        taken.filter_map(piece).collect()
    }

    /// A try is over.
    pub fn ended(&self, key: &Key, end: End, now: Instant) {
        let Some((kind, _)) = WorkRecord::parts(key.id()) else {
            return;
        };
        let again = now.plus_seconds(AFTER_A_FAILURE_SECONDS);
        let mut copy = self.0.copy();
        match end {
            // What was asked for anew meanwhile is wanted at once.
            End::Noted if copy.lines.was_set(kind, key) => copy.lines.ended(kind, key),
            _ => copy.lines.ended_until(kind, key, now, again),
        }
        drop(copy);
        self.0.changed.notify_one();
    }

    /// The pieces of a workspace whose id begins so, a page under each hold of the lock.
    fn pages<'a>(
        &'a self,
        space: &str,
        id_start: &'a str,
    ) -> impl Iterator<Item = Vec<(Key, WorkRecord)>> + 'a {
        let start = format!("{space}/{}/{id_start}", WorkRecord::TABLE);
        let mut after = None::<Key>;
        std::iter::from_fn(move || {
            let page = self.0.copy().page(&start, after.as_ref());
            after = page.last().map(|(key, _)| key.clone());
            after.is_some().then_some(page)
        })
    }
}

impl Waiting {
    fn set(&self, key: &Key, work: Option<WorkRecord>) {
        let Some((kind, _)) = WorkRecord::parts(key.id()) else {
            return;
        };
        let mut copy = self.copy();
        copy.lines.set(kind, key, work.as_ref().map(|it| it.due));
        match work {
            Some(work) => drop(copy.pieces.insert(key.clone(), work)),
            None => drop(copy.pieces.remove(key)),
        }
        drop(copy);
        self.changed.notify_one();
    }

    fn copy(&self) -> MutexGuard<'_, Copy> {
        self.copy.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

impl Copy {
    fn page(&self, start: &str, after: Option<&Key>) -> Vec<(Key, WorkRecord)> {
        let from = match after {
            Some(after) => Bound::Excluded(after.as_str()),
            None => Bound::Included(start),
        };
        let rows = self.pieces.range::<str, _>((from, Bound::Unbounded));
        let rows = rows.take_while(|(key, _)| key.as_str().starts_with(start));
        let rows = rows.map(|(key, work)| (key.clone(), work.clone()));
        rows.take(PAGE).collect()
    }
}

/// Stored work, tried by its worker.
struct Tries {
    queue: Queue,
    clock: Clock,
    worker: Arc<dyn Worker>,
}

impl Source for Tries {
    type Piece = (Key, WorkRecord);

    fn changed(&self) -> Notified<'_> {
        self.queue.0.changed.notified()
    }

    fn take(&self) -> Vec<Self::Piece> {
        self.queue.take(Moment::now(&self.clock))
    }

    fn next(&self) -> Next {
        self.queue.0.copy().lines.next()
    }

    fn carry_out<'a>(&'a self, (key, work): &'a Self::Piece) -> BoxFuture<'a, End> {
        Box::pin(async move {
            match self.worker.carry_out(key.space(), work).await {
                Ok(()) => End::Noted,
                Err(error) => {
                    tracing::error!(%key, %error, "a piece of work could not record its outcome");
                    End::NotNoted
                }
            }
        })
    }

    fn ended(&self, (key, _): &Self::Piece, end: End) {
        if end == End::Crashed {
            tracing::error!(%key, "a worker crashed; the piece is tried again");
        }
        self.queue.ended(key, end, self.clock.now());
    }
}

impl Sink for Waiting {
    fn wants(&self, key: &Key) -> bool {
        key.table() == WorkRecord::TABLE
    }

    fn apply(&self, key: &Key, row: Option<&Versioned>) {
        if !self.wants(key) {
            return;
        }
        let work = row.and_then(|row| match table::decode::<WorkRecord>(key, row) {
            Ok(work) => Some(work),
            Err(error) => {
                tracing::error!(%key, %error, "a piece of work cannot be read and is not carried out");
                None
            }
        });
        self.set(key, work);
    }

    fn ready(&self, _: Revision) {
        self.changed.notify_one();
    }
}
