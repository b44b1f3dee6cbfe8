//! Owns the way to everything as it was at one moment, in a stream, while others write: it hears
//! every commit from the moment it begins, hands out all rows in pages, and after them what was
//! heard, newest state of each record once. Of several lines about a record the last holds; that
//! makes the torn scan exact as of the revision it ends with. In memory it keeps only what changes
//! meanwhile.

use std::collections::BTreeMap;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use tokio::sync::mpsc;

use super::engine::{Committed, Observer, Revision, Versioned};
use super::key::{Key, Prefix};
use super::locked;
use super::table::{Store, StoreError};

const PAGE: usize = 1000;

/// What a record is, or that it is gone.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Line {
    /// The record.
    pub key: Key,
    /// The commit that left it so.
    pub revision: Revision,
    /// What is stored; `None`: it was removed.
    pub body: Option<Vec<u8>>,
}

/// Sends everything to `into`. The revision it is exact as of, or nothing when nobody takes it any
/// more.
pub async fn copy(
    store: &Store,
    into: mpsc::Sender<Vec<Line>>,
) -> Result<Option<Revision>, StoreError> {
    let engine = store.engine();
    let hearing = Hearing::default();
    engine.observe(hearing.0.clone());
    let mut after = None;
    loop {
        let page = engine.scan(Prefix::everything(), after, PAGE).await?;
        after = page.rows.last().map(|(key, _)| key.clone());
        let lines = page.rows.into_iter().map(|(key, row)| Line {
            key,
            revision: row.revision,
            body: Some(row.body),
        });
        if into.send(lines.collect()).await.is_err() {
            return Ok(None);
        }
        if !page.more {
            break;
        }
    }
    // A page may show commits that observers are only about to hear of: wait until they have.
    let at = engine.commit(Vec::new(), Vec::new()).await?;
    let (heard, last) = hearing.end();
    let mut lines = Vec::with_capacity(PAGE);
    for (key, (revision, row)) in heard {
        let body = row.map(|row| row.body);
        lines.push(Line {
            key,
            revision,
            body,
        });
        if lines.len() == PAGE && into.send(std::mem::take(&mut lines)).await.is_err() {
            return Ok(None);
        }
    }
    if !lines.is_empty() && into.send(lines).await.is_err() {
        return Ok(None);
    }
    Ok(Some(at.max(last)))
}

/// Listens for as long as it lives.
#[derive(Default)]
struct Hearing(Arc<Heard>);

#[derive(Default)]
struct Heard {
    over: AtomicBool,
    changes: Mutex<Changes>,
}

/// The newest state of each record changed, and the newest revision.
type Changes = (BTreeMap<Key, (Revision, Option<Versioned>)>, Revision);

impl Hearing {
    fn end(self) -> Changes {
        let mut changes = locked(&self.0.changes);
        // Under the lock: what is committed from here on belongs to no copy.
        self.0.over.store(true, Ordering::Release);
        std::mem::take(&mut *changes)
    }
}

impl Drop for Hearing {
    fn drop(&mut self) {
        self.0.over.store(true, Ordering::Release);
    }
}

impl Observer for Heard {
    fn committed(&self, commit: &Committed) {
        let mut changes = locked(&self.changes);
        if self.is_over() {
            return;
        }
        let (heard, last) = &mut *changes;
        for (key, row) in &commit.rows {
            heard.insert(key.clone(), (commit.revision, row.clone()));
        }
        *last = commit.revision;
    }

    fn is_over(&self) -> bool {
        self.over.load(Ordering::Acquire)
    }
}
