//! Owns what readers see: exactly what is durable. sled shows a write at once, so each read looks
//! into sled first and then lets `pending` override it: the old values of everything the writer is
//! making durable just now. The writer fills `pending` before it applies and clears it after the
//! fsync, so either the override is still there or the value read is durable.
//!
//! A page of a scan is no snapshot all the same: sled's iterator passes over rows while commits go
//! on, so a page can hold one row from before a commit and another from after it. Nothing here
//! tries to mend that; `at` and `changes` do.

use std::collections::BTreeMap;
use std::ops::Bound;
use std::sync::{Arc, Mutex, PoisonError, RwLock};

use ::sled::IVec;
use tokio::sync::watch;

use super::super::engine::{Changes, Committed, Observer, ReadError, Revision, Scan, Versioned};
use super::super::key::{Key, Prefix};
use super::super::ring::Ring;
use super::super::{codec, locked};

/// The values, by key, as they were before the commits in progress; `None` where there was none.
pub(super) type Pending = BTreeMap<Vec<u8>, Option<IVec>>;

/// Which way a scan goes.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Direction {
    Forward,
    Backward,
}

/// The readers' side of an open store.
pub(super) struct View {
    /// `None` once closed. Readers hold it while they read, so that closing waits for them.
    db: RwLock<Option<::sled::Db>>,
    pending: RwLock<Pending>,
    observers: Mutex<Vec<Arc<dyn Observer>>>,
    ring: Mutex<Ring>,
    revision: watch::Sender<Revision>,
}

impl View {
    pub(super) fn new(db: ::sled::Db, revision: Revision, remember: usize) -> Self {
        Self {
            db: RwLock::new(Some(db)),
            pending: RwLock::default(),
            observers: Mutex::default(),
            ring: Mutex::new(Ring::new(revision, remember)),
            revision: watch::Sender::new(revision),
        }
    }

    pub(super) fn get(&self, keys: &[Key]) -> Result<Vec<Option<Versioned>>, ReadError> {
        let guard = self.db.read().unwrap_or_else(PoisonError::into_inner);
        let db = guard.as_ref().ok_or(ReadError::Closed)?;
        let read = |key: &Key| {
            let name = key.as_str().as_bytes();
            let applied = db.get(name).map_err(failed)?;
            let durable = match self.pending().get(name) {
                Some(old) => old.clone(),
                None => applied,
            };
            Ok(durable
                .map(|bytes| codec::decode(name, &bytes))
                .transpose()?)
        };
        keys.iter().map(read).collect()
    }

    pub(super) fn page(
        &self,
        prefix: &Prefix,
        from: Option<&Key>,
        limit: usize,
        direction: Direction,
    ) -> Result<Scan, ReadError> {
        let guard = self.db.read().unwrap_or_else(PoisonError::into_inner);
        let db = guard.as_ref().ok_or(ReadError::Closed)?;
        let at = locked(&self.ring).revision();
        let mut range = Range::new(prefix);
        if let Some(from) = from {
            range.go_on(from.as_str().as_bytes(), direction);
        }
        while !range.is_empty() {
            let part = self.part(db, &range, limit, direction)?;
            if part.rows.is_empty()
                && let Some(last) = part.more_after
            {
                range.go_on(&last, direction);
                continue;
            }
            let decode = |(name, bytes): (IVec, IVec)| {
                Ok((codec::key(&name)?, codec::decode(&name, &bytes)?))
            };
            let rows = part
                .rows
                .into_iter()
                .map(decode)
                .collect::<Result<_, ReadError>>()?;
            return Ok(Scan {
                rows,
                at,
                more: part.more_after.is_some(),
            });
        }
        Ok(Scan {
            rows: Vec::new(),
            at,
            more: false,
        })
    }

    /// Up to `limit` rows of sled with `pending` laid over the stretch they cover. There may be
    /// none left.
    fn part(
        &self,
        db: &::sled::Db,
        range: &Range,
        limit: usize,
        direction: Direction,
    ) -> Result<Part, ReadError> {
        let mut applied = db.range::<Vec<u8>, _>(range.bounds());
        let mut rows: Vec<(IVec, IVec)> = Vec::new();
        let mut covered = range.clone();
        let mut more_after = None;
        loop {
            let next = match direction {
                Direction::Forward => applied.next(),
                Direction::Backward => applied.next_back(),
            };
            let Some(row) = next else { break };
            if rows.len() == limit {
                more_after = rows.last().map(|(name, _)| name.clone());
                break;
            }
            rows.push(row.map_err(failed)?);
        }
        if let Some(last) = &more_after {
            covered.end_with(last, direction);
        }
        self.override_with_pending(&mut rows, &covered, direction);
        if rows.len() > limit {
            rows.truncate(limit);
            more_after = rows.last().map(|(name, _)| name.clone());
        }
        Ok(Part { rows, more_after })
    }

    fn override_with_pending(
        &self,
        rows: &mut Vec<(IVec, IVec)>,
        covered: &Range,
        direction: Direction,
    ) {
        let pending = self.pending();
        let mut old = pending.range(covered.bounds()).peekable();
        if old.peek().is_none() {
            return;
        }
        let mut merged: BTreeMap<IVec, IVec> = rows.drain(..).collect();
        for (name, value) in old {
            match value {
                Some(bytes) => merged.insert(name.as_slice().into(), bytes.clone()),
                None => merged.remove(name.as_slice()),
            };
        }
        rows.extend(merged);
        if direction == Direction::Backward {
            rows.reverse();
        }
    }

    pub(super) fn changes(&self, after: Revision) -> Changes {
        locked(&self.ring).after(after)
    }

    pub(super) fn watch(&self) -> watch::Receiver<Revision> {
        self.revision.subscribe()
    }

    pub(super) fn observe(&self, observer: Arc<dyn Observer>) {
        locked(&self.observers).push(observer);
    }

    /// Hides what is about to be applied behind what was.
    pub(super) fn hide(&self, old: Pending) {
        *self.pending.write().unwrap_or_else(PoisonError::into_inner) = old;
    }

    /// Shows what has become durable: to readers, then observers, `changes` and `watch`. Readers
    /// come first, so that a scan never begins at a revision whose rows it cannot see yet.
    pub(super) fn show(&self, commits: &[Committed]) {
        self.hide(Pending::new());
        let mut observers = locked(&self.observers);
        for commit in commits {
            for observer in observers.iter() {
                observer.committed(commit);
            }
        }
        observers.retain(|observer| !observer.is_over());
        drop(observers);
        let mut ring = locked(&self.ring);
        for commit in commits {
            ring.note(commit);
        }
        let revision = ring.revision();
        drop(ring);
        self.revision.send_replace(revision);
    }

    /// Lets go of sled once the last reader is through.
    pub(super) fn close(&self) {
        drop(
            self.db
                .write()
                .unwrap_or_else(PoisonError::into_inner)
                .take(),
        );
    }

    fn pending(&self) -> std::sync::RwLockReadGuard<'_, Pending> {
        self.pending.read().unwrap_or_else(PoisonError::into_inner)
    }
}

struct Part {
    rows: Vec<(IVec, IVec)>,
    /// Where to go on, if there is more.
    more_after: Option<IVec>,
}

/// A stretch of keys. Both ends are always there: no key begins with NUL or contains 0xFF.
#[derive(Clone)]
struct Range {
    low: Bound<Vec<u8>>,
    high: Bound<Vec<u8>>,
}

impl Range {
    fn new(prefix: &Prefix) -> Self {
        let name = prefix.as_str().as_bytes().to_vec();
        match name.split_last() {
            None => Self {
                low: Bound::Included(vec![1]),
                high: Bound::Excluded(vec![0xFF]),
            },
            Some((last, rest)) => {
                let high = [rest, &[last + 1]].concat();
                Self {
                    low: Bound::Included(name),
                    high: Bound::Excluded(high),
                }
            }
        }
    }

    /// Leaves out `name` and what lies before it in this direction.
    fn go_on(&mut self, name: &[u8], direction: Direction) {
        match direction {
            Direction::Forward if name >= edge(&self.low) => {
                self.low = Bound::Excluded(name.to_vec());
            }
            Direction::Backward if name < edge(&self.high) => {
                self.high = Bound::Excluded(name.to_vec());
            }
            _ => {}
        }
    }

    /// Leaves out what lies behind `name` in this direction.
    fn end_with(&mut self, name: &[u8], direction: Direction) {
        match direction {
            Direction::Forward => self.high = Bound::Included(name.to_vec()),
            Direction::Backward => self.low = Bound::Included(name.to_vec()),
        }
    }

    fn is_empty(&self) -> bool {
        edge(&self.low) >= edge(&self.high)
    }

    fn bounds(&self) -> (Bound<Vec<u8>>, Bound<Vec<u8>>) {
        (self.low.clone(), self.high.clone())
    }
}

fn edge(bound: &Bound<Vec<u8>>) -> &[u8] {
    match bound {
        Bound::Included(name) | Bound::Excluded(name) => name,
        Bound::Unbounded => &[],
    }
}

/// sled's own failure, as readers get it.
pub(super) fn failed(cause: ::sled::Error) -> ReadError {
    ReadError::Io(cause.to_string().into())
}
