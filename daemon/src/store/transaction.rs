//! Owns transactions: a closure reads and writes through a [`Tx`], which notes what it relied on;
//! the commit expects exactly that, and where someone else was faster the closure runs afresh.
//! Nothing is written until it has ended, and the outside world must not be touched in it, for it
//! may run many times.

use std::collections::BTreeMap;
use std::sync::{Arc, Mutex};

use super::engine::{CommitError, Engine, Expect, Limits, Revision, Versioned, Write};
use super::key::Key;
use super::locked;
use super::table::{Record, Store, StoreError, decode, encode};

/// How often a transaction is tried before it gives up.
const ATTEMPTS: usize = 64;

/// What one attempt of a transaction has read and wants to write. Clones are one transaction.
#[derive(Clone)]
pub struct Tx {
    store: Store,
    noted: Arc<Mutex<Noted>>,
}

/// What became of one attempt of a transaction.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Fate {
    /// Its writes are durable.
    Committed,
    /// None of them was made.
    Dropped,
}

/// What follows an attempt outside the store.
type Act = Box<dyn FnOnce(Fate) + Send>;

#[derive(Default)]
struct Noted {
    /// The rows the commit will expect to be as they were read.
    relied: BTreeMap<Key, Option<Versioned>>,
    /// The bodies to write, `None` to delete.
    writes: BTreeMap<Key, Option<Vec<u8>>>,
    acts: Vec<Act>,
    /// What was noted, in order, to go back to a [`Mark`].
    log: Vec<Step>,
}

/// One thing that was noted.
enum Step {
    /// This row is relied on.
    Relied(Key),
    /// This record is written; what was to be written before.
    Wrote(Key, Option<Option<Vec<u8>>>),
    /// Something follows.
    Acts,
}

/// A moment of an attempt, to go back to.
#[derive(Debug, Clone, Copy)]
pub struct Mark(usize);

impl Noted {
    fn write(&mut self, key: Key, body: Option<Vec<u8>>) {
        let before = self.writes.insert(key.clone(), body);
        self.log.push(Step::Wrote(key, before));
    }

    fn rely(&mut self, key: &Key, row: Option<Versioned>) -> Option<Versioned> {
        if let Some(known) = self.relied.get(key) {
            return known.clone();
        }
        self.relied.insert(key.clone(), row.clone());
        self.log.push(Step::Relied(key.clone()));
        row
    }

    fn back_to(&mut self, Mark(length): Mark) {
        while self.log.len() > length {
            match self.log.pop() {
                Some(Step::Relied(key)) => drop(self.relied.remove(&key)),
                Some(Step::Wrote(key, Some(before))) => drop(self.writes.insert(key, before)),
                Some(Step::Wrote(key, None)) => drop(self.writes.remove(&key)),
                Some(Step::Acts) => drop(self.acts.pop()),
                None => return,
            }
        }
    }

    fn fits(&self, limits: Limits, reserve: Limits) -> bool {
        let bytes = |(key, body): (&Key, &Option<Vec<u8>>)| {
            key.as_str().len() + body.as_ref().map_or(0, Vec::len)
        };
        self.relied.len() + reserve.expectations <= limits.expectations
            && self.writes.len() + reserve.writes <= limits.writes
            && self.writes.iter().map(bytes).sum::<usize>() + reserve.bytes <= limits.bytes
    }
}

impl Store {
    /// Runs `body` until its commit finds everything it relied on unchanged. Without writes nothing
    /// is committed or verified, and the revision is the current one. An error of `body` ends
    /// it, unless the records it was drawn from did not belong together.
    pub async fn transact<T, E, F, Fut>(&self, body: F) -> Result<(T, Revision), E>
    where
        F: Fn(Tx) -> Fut,
        Fut: Future<Output = Result<T, E>>,
        E: From<StoreError>,
    {
        for _ in 0..ATTEMPTS {
            let tx = Tx {
                store: self.clone(),
                noted: Arc::default(),
            };
            let outcome = body(tx.clone()).await;
            let (expect, writes) = tx.operations();
            let acts = tx.acts();
            let value = match outcome {
                Ok(value) if writes.is_empty() => {
                    follow(acts, Fate::Dropped).await;
                    return Ok((value, self.revision()));
                }
                Ok(value) => value,
                Err(refusal) => {
                    follow(acts, Fate::Dropped).await;
                    if expect.len() < 2 {
                        return Err(refusal);
                    }
                    match self.engine().commit(expect, Vec::new()).await {
                        Err(CommitError::Conflict(_)) => {
                            tokio::task::yield_now().await;
                            continue;
                        }
                        _ => return Err(refusal),
                    }
                }
            };
            match commit(self.engine(), expect, writes, acts).await {
                Ok(revision) => return Ok((value, revision)),
                Err(CommitError::Conflict(_)) => tokio::task::yield_now().await,
                Err(cause) => return Err(StoreError::from(cause).into()),
            }
        }
        Err(StoreError::Contended { attempts: ATTEMPTS }.into())
    }
}

impl Store {
    /// Runs `one` for every item in order, in transactions of as many items as a commit holds. Cut
    /// off half way, the items of the commits before are done and the others are not, so `one` must
    /// do no harm when it is run again for an item that is done.
    ///
    /// # Errors
    /// What `one` says, or the store; the items of the commits before are done.
    pub async fn transact_each<'a, T, E, F, Fut>(&self, items: &'a [T], one: F) -> Result<(), E>
    where
        F: Fn(Tx, &'a T) -> Fut,
        Fut: Future<Output = Result<(), E>>,
        E: From<StoreError>,
    {
        let mut rest = items;
        while !rest.is_empty() {
            let (done, _) = self
                .transact(|tx| {
                    let one = &one;
                    async move {
                        let mut done = 0;
                        for item in rest {
                            let before = tx.mark();
                            one(tx.clone(), item).await?;
                            // One item alone that does not fit is for the engine to refuse.
                            if done > 0 && !tx.has_room(Limits::NOTHING) {
                                tx.back_to(before);
                                break;
                            }
                            done += 1;
                        }
                        Ok::<_, E>(done)
                    }
                })
                .await?;
            rest = &rest[done..];
        }
        Ok(())
    }
}

/// Commits, and does what follows. That must not end with the caller who waits for it, so it has a
/// task of its own where there is anything to follow.
async fn commit(
    engine: &Arc<dyn Engine>,
    expect: Vec<(Key, Expect)>,
    writes: Vec<Write>,
    acts: Vec<Act>,
) -> Result<Revision, CommitError> {
    if acts.is_empty() {
        return engine.commit(expect, writes).await;
    }
    let engine = engine.clone();
    let whole = tokio::spawn(async move {
        let committed = engine.commit(expect, writes).await;
        match &committed {
            Ok(_) => follow(acts, Fate::Committed).await,
            // It may be there after a restart: neither follows from it.
            Err(CommitError::Io(_)) => {}
            Err(_) => follow(acts, Fate::Dropped).await,
        }
        committed
    });
    let stopped = |_| Err(CommitError::Io("the daemon is stopping".into()));
    whole.await.unwrap_or_else(stopped)
}

async fn follow(acts: Vec<Act>, fate: Fate) {
    if acts.is_empty() {
        return;
    }
    let all = move || acts.into_iter().for_each(|act| act(fate));
    // An act says itself what went wrong with it.
    let _ = tokio::task::spawn_blocking(all).await;
}

impl Tx {
    /// Does this once the attempt's fate is known, on a thread that may block; nothing when the
    /// process ends before, or nobody can say what became of the commit. Only for what the next
    /// start mends in that case.
    pub fn afterwards(&self, act: impl FnOnce(Fate) + Send + 'static) {
        let mut noted = locked(&self.noted);
        noted.acts.push(Box::new(act));
        noted.log.push(Step::Acts);
    }

    /// This moment of the attempt.
    pub fn mark(&self) -> Mark {
        Mark(locked(&self.noted).log.len())
    }

    /// Forgets everything that was read, written and left to follow since `mark`.
    pub fn back_to(&self, mark: Mark) {
        locked(&self.noted).back_to(mark);
    }

    /// Whether the commit holds what was noted, and `reserve` besides.
    pub fn has_room(&self, reserve: Limits) -> bool {
        let limits = self.store.engine().limits();
        locked(&self.noted).fits(limits, reserve)
    }

    /// The record `id`, as this transaction left it. The commit expects it unchanged, or still
    /// absent.
    pub async fn get<R: Record>(&self, space: &str, id: &str) -> Result<Option<R>, StoreError> {
        let key = Key::new(space, R::TABLE, id)?;
        if let Some(written) = self.written(&key) {
            return written;
        }
        self.rely(&key)
            .await?
            .map(|row| decode(&key, &row))
            .transpose()
    }

    /// The record `id`, without expecting that it stays so. The caller must know why it does not
    /// matter when it changes before the commit: what is read cannot change any more, is guarded by
    /// another record that is expected, or is only shown.
    pub async fn peek<R: Record>(&self, space: &str, id: &str) -> Result<Option<R>, StoreError> {
        let key = Key::new(space, R::TABLE, id)?;
        if let Some(written) = self.written(&key) {
            return written;
        }
        if let Some(row) = self.relied(&key) {
            return row.map(|row| decode(&key, &row)).transpose();
        }
        let row = self
            .store
            .engine()
            .get(vec![key.clone()])
            .await?
            .pop()
            .flatten();
        row.map(|row| decode(&key, &row)).transpose()
    }

    /// The commit that wrote the stored record `id`, whatever this transaction writes; expected to
    /// stay so.
    pub async fn revision_of<R: Record>(
        &self,
        space: &str,
        id: &str,
    ) -> Result<Option<Revision>, StoreError> {
        let key = Key::new(space, R::TABLE, id)?;
        Ok(self.rely(&key).await?.map(|row| row.revision))
    }

    /// Creates or replaces the record `id`. Read it before, where the change depends on what was
    /// there.
    pub fn put<R: Record>(&self, space: &str, id: &str, record: &R) -> Result<(), StoreError> {
        let key = Key::new(space, R::TABLE, id)?;
        let body = encode(&key, record)?;
        locked(&self.noted).write(key, Some(body));
        Ok(())
    }

    /// Creates the record `id`, or fails with [`StoreError::Exists`].
    pub async fn insert<R: Record>(
        &self,
        space: &str,
        id: &str,
        record: &R,
    ) -> Result<(), StoreError> {
        let key = Key::new(space, R::TABLE, id)?;
        let written = locked(&self.noted).writes.get(&key).map(Option::is_some);
        let exists = match written {
            Some(exists) => exists,
            None => self.rely(&key).await?.is_some(),
        };
        if exists {
            return Err(StoreError::Exists { key });
        }
        self.put(space, id, record)
    }

    /// Removes the record `id`, which may be absent.
    pub fn delete<R: Record>(&self, space: &str, id: &str) -> Result<(), StoreError> {
        let key = Key::new(space, R::TABLE, id)?;
        locked(&self.noted).write(key, None);
        Ok(())
    }

    fn written<R: Record>(&self, key: &Key) -> Option<Result<Option<R>, StoreError>> {
        let body = locked(&self.noted).writes.get(key).cloned()?;
        let Some(body) = body else {
            return Some(Ok(None));
        };
        Some(
            decode(
                key,
                &Versioned {
                    revision: Revision::default(),
                    body,
                },
            )
            .map(Some),
        )
    }

    fn relied(&self, key: &Key) -> Option<Option<Versioned>> {
        locked(&self.noted).relied.get(key).cloned()
    }

    /// Reads a row once for the whole attempt.
    async fn rely(&self, key: &Key) -> Result<Option<Versioned>, StoreError> {
        if let Some(row) = self.relied(key) {
            return Ok(row);
        }
        let row = self
            .store
            .engine()
            .get(vec![key.clone()])
            .await?
            .pop()
            .flatten();
        // Of two reads at once the first is the one that was handed out, so it is the one to keep.
        Ok(locked(&self.noted).rely(key, row))
    }

    fn acts(&self) -> Vec<Act> {
        std::mem::take(&mut locked(&self.noted).acts)
    }

    fn operations(&self) -> (Vec<(Key, Expect)>, Vec<Write>) {
        let mut noted = locked(&self.noted);
        let expect = |(key, row): (Key, Option<Versioned>)| {
            (
                key,
                row.map_or(Expect::Absent, |row| Expect::Revision(row.revision)),
            )
        };
        let write = |(key, body)| match body {
            Some(body) => Write::Put(key, body),
            None => Write::Delete(key),
        };
        (
            std::mem::take(&mut noted.relied)
                .into_iter()
                .map(expect)
                .collect(),
            std::mem::take(&mut noted.writes)
                .into_iter()
                .map(write)
                .collect(),
        )
    }
}
