//! Owns all writing: one thread, which gathers the commits that wait into a group, judges each
//! against the tree and the group so far, applies the group as one batch together with the sums of
//! its tables, flushes, fsyncs, writes the revision down outside the log, and only then shows and
//! acknowledges it. After a failed flush nobody knows what is durable, so it never writes again.

use std::collections::{BTreeMap, HashMap};
use std::sync::Arc;
use std::sync::atomic::{AtomicBool, Ordering};

use tokio::sync::{mpsc, oneshot, watch};

use super::super::codec;
use super::super::engine::{CommitError, Committed, Expect, ReadError, Revision, Versioned, Write};
use super::super::key::Key;
use super::Settings;
use super::open::Files;
use super::outside::Outside;
use super::reads::{Pending, View, failed};
use super::sums::Sums;
use crate::failpoint::{Point, failpoint_about, fails_at};

/// A group ends here even if more commits wait, so that the first of it is acknowledged soon.
const GROUP: usize = 256;

type Reply = oneshot::Sender<Result<Revision, CommitError>>;

/// One commit and where its outcome goes.
pub(super) struct Request {
    pub(super) expect: Vec<(Key, Expect)>,
    pub(super) writes: Vec<Write>,
    pub(super) adopt: Option<Adopt>,
    pub(super) reply: Reply,
}

/// The store becomes one of this version, with or without a write.
pub(super) struct Adopt {
    /// The backup from before.
    pub(super) before: Option<String>,
}

/// The writing thread. The fields are dropped in this order: one who waits for `held` finds the
/// files free.
pub(super) struct Writer {
    view: Arc<View>,
    files: Files,
    keep_free: u64,
    revision: Revision,
    /// Cleared once this version has written.
    older: Arc<AtomicBool>,
    /// Cleared when a write failed midway.
    trusted: bool,
    /// Told why, once it is.
    failing: watch::Sender<Option<Arc<str>>>,
    _held: watch::Sender<()>,
}

impl Writer {
    pub(super) fn new(
        view: Arc<View>,
        files: Files,
        settings: Settings,
        older: Arc<AtomicBool>,
        failing: watch::Sender<Option<Arc<str>>>,
        held: watch::Sender<()>,
    ) -> Self {
        let revision = files.revision;
        let keep_free = settings.keep_free;
        Self {
            view,
            files,
            keep_free,
            revision,
            older,
            trusted: true,
            failing,
            _held: held,
        }
    }

    /// Works until every sender is gone and every request answered.
    pub(super) fn run(mut self, mut requests: mpsc::Receiver<Request>) {
        while let Some(first) = requests.blocking_recv() {
            let mut group = Group::new(self.revision, self.files.sums.clone());
            group.judge(first, &self);
            while group.outcomes.len() < GROUP
                && let Ok(request) = requests.try_recv()
            {
                group.judge(request, &self);
            }
            self.finish(group);
        }
        self.rest();
    }

    /// A clean stop: what stands outside the log is durable too.
    fn rest(&mut self) {
        if let Some(outside) = &mut self.files.outside
            && let Err(cause) = outside.sync()
        {
            tracing::warn!(%cause, "the last revision outside the log may lag");
        }
    }

    /// Conflicts too are answered only here: a caller that retries then reads what it conflicted
    /// with.
    fn finish(&mut self, group: Group) {
        let Group {
            latest: _,
            old,
            batch,
            commits,
            outcomes,
            revision,
            sums,
            adopt,
        } = group;
        if let Some(Adopt { before: Some(file) }) = &adopt {
            self.files.identity.before = Some(file.clone());
        }
        if !commits.is_empty() || adopt.is_some() {
            if let Err(cause) = self.write(old, batch, revision, &sums, &commits) {
                self.trusted = false;
                tracing::error!(%cause, "writing failed: the store takes no more writes");
                let cause: Arc<str> = cause.into();
                self.failing.send_replace(Some(cause.clone()));
                for (reply, outcome) in outcomes {
                    // Without the group nothing it wrote or verified holds.
                    let outcome = outcome.and(Err(CommitError::Io(cause.clone())));
                    let _ = reply.send(outcome);
                }
                return;
            }
            self.revision = revision;
            self.files.sums = sums;
            self.older.store(false, Ordering::Release);
            self.note_outside();
            self.view.show(&commits);
        }
        for (reply, outcome) in outcomes {
            // A caller that went away does not undo its commit.
            let _ = reply.send(outcome);
        }
    }

    fn write(
        &self,
        old: Pending,
        mut batch: ::sled::Batch,
        revision: Revision,
        sums: &Sums,
        commits: &[Committed],
    ) -> Result<(), String> {
        let write = |table: &str| {
            let mut rows = commits.iter().flat_map(|commit| &commit.rows);
            rows.any(|(key, _)| key.table() == table)
        };
        self.files.identity.put(&mut batch, revision, sums);
        self.view.hide(old);
        let Files { db, log, .. } = &self.files;
        db.apply_batch(batch).map_err(|cause| cause.to_string())?;
        failpoint_about(Point::CommitApplied, write);
        if fails_at(Point::CommitApplied, write) {
            return Err("a test has the disk fail".to_owned());
        }
        db.flush().map_err(|cause| cause.to_string())?;
        log.sync_all().map_err(|cause| cause.to_string())?;
        failpoint_about(Point::CommitDurable, write);
        Ok(())
    }

    /// After the fsync, so that it never leads what is durable. It may lag: a failure is no failure
    /// of the commit.
    fn note_outside(&mut self) {
        let Files {
            dir,
            identity,
            outside,
            ..
        } = &mut self.files;
        let noted = match outside {
            Some(outside) => outside.note(self.revision),
            None => Outside::begin(dir, &identity.store, self.revision)
                .map(|begun| *outside = Some(begun)),
        };
        if let Err(cause) = noted {
            tracing::warn!(%cause, "the last revision could not be written outside the log");
        }
    }

    fn room(&self) -> Result<(), CommitError> {
        let disk = rustix::fs::statvfs(&self.files.dir).map_err(|cause| {
            ReadError::Io(format!("Couldn't ask for free space: {cause}").into())
        })?;
        let free = disk.f_bavail.saturating_mul(disk.f_frsize);
        match free >= self.keep_free {
            true => Ok(()),
            false => Err(CommitError::Full {
                free,
                needed: self.keep_free,
            }),
        }
    }

    fn stored(&self, name: &[u8]) -> Result<Option<::sled::IVec>, ReadError> {
        self.files.db.get(name).map_err(failed)
    }
}

impl Drop for Writer {
    fn drop(&mut self) {
        self.view.close();
    }
}

/// The commits that become durable together. One that is refused leaves no trace in it.
struct Group {
    /// What each key written in this group has now.
    latest: HashMap<Key, Option<Revision>>,
    /// What each had before it.
    old: Pending,
    batch: ::sled::Batch,
    commits: Vec<Committed>,
    outcomes: Vec<(Reply, Result<Revision, CommitError>)>,
    revision: Revision,
    /// What every table holds with this group.
    sums: Sums,
    adopt: Option<Adopt>,
}

impl Group {
    fn new(revision: Revision, sums: Sums) -> Self {
        Self {
            latest: HashMap::new(),
            old: Pending::new(),
            batch: ::sled::Batch::default(),
            commits: Vec::new(),
            outcomes: Vec::new(),
            revision,
            sums,
            adopt: None,
        }
    }

    fn judge(&mut self, request: Request, writer: &Writer) {
        let Request {
            expect,
            writes,
            adopt,
            reply,
        } = request;
        let outcome = match adopt {
            Some(adopt) => self.adopt(adopt, writer),
            None => self.add(&expect, writes, writer),
        };
        self.outcomes.push((reply, outcome));
    }

    fn adopt(&mut self, adopt: Adopt, writer: &Writer) -> Result<Revision, CommitError> {
        if !writer.trusted {
            return Err(CommitError::Closed);
        }
        writer.room()?;
        self.adopt = Some(adopt);
        Ok(self.revision)
    }

    fn add(
        &mut self,
        expect: &[(Key, Expect)],
        writes: Vec<Write>,
        writer: &Writer,
    ) -> Result<Revision, CommitError> {
        if !writes.is_empty() {
            if !writer.trusted {
                return Err(CommitError::Closed);
            }
            writer.room()?;
        }
        for (key, expected) in expect {
            let found = self.revision_of(key, writer)?;
            let holds = match expected {
                Expect::Absent => found.is_none(),
                Expect::Revision(revision) => found == Some(*revision),
            };
            if !holds {
                return Err(CommitError::Conflict(key.clone()));
            }
        }
        if writes.is_empty() {
            return Ok(self.revision);
        }
        self.stage(writes, writer)
    }

    fn revision_of(&self, key: &Key, writer: &Writer) -> Result<Option<Revision>, ReadError> {
        if let Some(latest) = self.latest.get(key) {
            return Ok(*latest);
        }
        let name = key.as_str().as_bytes();
        let stored = writer.stored(name)?;
        Ok(stored
            .map(|bytes| codec::revision(name, &bytes))
            .transpose()?)
    }

    fn stage(&mut self, writes: Vec<Write>, writer: &Writer) -> Result<Revision, CommitError> {
        let mut rows = BTreeMap::new();
        for write in writes {
            match write {
                Write::Put(key, body) => rows.insert(key, Some(body)),
                Write::Delete(key) => rows.insert(key, None),
            };
        }
        let mut old = Vec::new();
        let mut former = Vec::with_capacity(rows.len());
        for key in rows.keys() {
            if let Some(latest) = self.latest.get(key) {
                former.push(*latest);
                continue;
            }
            let name = key.as_str().as_bytes();
            let stored = writer.stored(name)?;
            // What cannot be read is not written over.
            let revision = stored
                .as_deref()
                .map(|bytes| codec::revision(name, bytes))
                .transpose()
                .map_err(ReadError::from)?;
            former.push(revision);
            old.push((name.to_vec(), stored));
        }
        // Nothing can fail from here on.
        self.old.extend(old);
        self.revision = self.revision.next();
        let revision = self.revision;
        let mut committed = Vec::with_capacity(rows.len());
        for ((key, body), former) in rows.into_iter().zip(former) {
            let name = key.as_str().as_bytes();
            if let Some(former) = former {
                self.sums.remove(&key, former);
            }
            match &body {
                Some(body) => {
                    self.batch.insert(name, codec::encode(name, revision, body));
                    self.sums.add(&key, revision);
                }
                None => self.batch.remove(name),
            }
            self.latest
                .insert(key.clone(), body.is_some().then_some(revision));
            committed.push((key, body.map(|body| Versioned { revision, body })));
        }
        self.commits.push(Committed {
            revision,
            rows: committed,
        });
        Ok(revision)
    }
}
