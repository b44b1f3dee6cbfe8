//! Owns the contract of everything that stores: ordered keys, bytes, and one revision a commit.
//! Whatever is built on it must work over an engine inside this process and over one that several
//! daemons share, so nothing here promises a snapshot: decisions are made safe by what a commit
//! *expects*, lists by replaying `changes`.

use std::fmt;
use std::sync::Arc;

use futures::future::BoxFuture;
use serde::{Deserialize, Serialize};
use tokio::sync::watch;

use super::codec::Unreadable;
use super::key::{Key, Prefix};

/// The most bytes of one value. What is larger does not belong into records.
pub const MAX_VALUE_BYTES: usize = 60 * 1024;

/// How much one commit may hold. Larger work is split by its caller, into commits that each leave
/// the store in order ([`Store::transact_each`](super::Store::transact_each)).
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Limits {
    /// Records it relies on.
    pub expectations: usize,
    /// Records it writes.
    pub writes: usize,
    /// Bytes of what it writes, keys included.
    pub bytes: usize,
}

impl Limits {
    /// What every engine takes, the embedded one too, so that no change that works here is refused
    /// on a store that several daemons share. The numbers are etcd's: a transaction has at most 128
    /// comparisons and 128 operations (`--max-txn-ops`), and a request at most 1.5 MiB
    /// (`--max-request-bytes`), of which a third is left to names and framing.
    /// <https://etcd.io/docs/v3.6/op-guide/configuration/>
    pub const COMMIT: Self = Self {
        expectations: 128,
        writes: 128,
        bytes: 1024 * 1024,
    };

    /// No room at all: what is kept free where a commit is filled.
    pub const NOTHING: Self = Self {
        expectations: 0,
        writes: 0,
        bytes: 0,
    };
}

/// A point in the store's history. Every commit that writes has one, greater than all before.
#[derive(
    Debug, Default, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize,
)]
#[serde(transparent)]
pub struct Revision(pub u64);

impl Revision {
    /// The revision after this one.
    #[must_use]
    pub fn next(self) -> Self {
        Self(self.0 + 1)
    }
}

impl fmt::Display for Revision {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        self.0.fmt(f)
    }
}

/// A stored value and the revision of the commit that wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Versioned {
    /// The commit that wrote it.
    pub revision: Revision,
    /// What was written.
    pub body: Vec<u8>,
}

/// What a commit relies on for one key.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Expect {
    /// There is no such record.
    Absent,
    /// The record is there, last written by this revision.
    Revision(Revision),
}

/// One change a commit makes. Of several for one key the last holds.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Write {
    /// Creates or replaces a record.
    Put(Key, Vec<u8>),
    /// Removes a record, which may be absent.
    Delete(Key),
}

impl Write {
    /// The record it changes.
    #[must_use]
    pub fn key(&self) -> &Key {
        match self {
            Self::Put(key, _) | Self::Delete(key) => key,
        }
    }

    /// How much of [`Limits::bytes`] it takes.
    #[must_use]
    pub fn bytes(&self) -> usize {
        let body = match self {
            Self::Put(_, body) => body.len(),
            Self::Delete(_) => 0,
        };
        self.key().as_str().len() + body
    }
}

/// One page of rows, in the order of the scan.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Scan {
    /// The rows. Each was durable at some moment of the scan; together they need not be of one
    /// moment.
    pub rows: Vec<(Key, Versioned)>,
    /// The durable revision the page began with: replaying `changes(at)` over the rows makes them
    /// exact.
    pub at: Revision,
    /// Whether rows follow the last one.
    pub more: bool,
}

/// That a record changed, not how.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Changed {
    /// The record.
    pub key: Key,
    /// The commit that changed it.
    pub revision: Revision,
    /// Whether that commit removed it.
    pub deleted: bool,
}

/// What happened after a revision.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Changes {
    /// The engine no longer knows (or never did): read everything again, then go on from
    /// `revision`.
    Reset {
        /// Where to go on from.
        revision: Revision,
    },
    /// Every change since, in commit order.
    Rows {
        /// Where to go on from.
        revision: Revision,
        /// The changes.
        rows: Vec<Changed>,
    },
}

/// One durable commit, as observers see it: each key once, `None` where it was removed.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Committed {
    /// The commit.
    pub revision: Revision,
    /// What it wrote.
    pub rows: Vec<(Key, Option<Versioned>)>,
}

/// Hears of every commit in commit order, once it is durable and before `changes`, `watch` and the
/// acknowledgement.
pub trait Observer: Send + Sync {
    /// Runs inside the writer: it must be quick, and must neither wait for the store nor register
    /// observers.
    fn committed(&self, commit: &Committed);

    /// Whether it has heard enough; then it is let go of.
    fn is_over(&self) -> bool {
        false
    }
}

/// Why a read failed.
#[derive(Debug, Clone, thiserror::Error)]
pub enum ReadError {
    /// A row's bytes are not what was written. It is never skipped: its absence would be a lie.
    #[error(transparent)]
    Unreadable(#[from] Unreadable),
    /// The engine has been closed.
    #[error("The store is closed")]
    Closed,
    /// Records are missing, or older than they should be: none is served.
    #[error("the data is damaged ({0}); nothing is served from it")]
    Damaged(Arc<str>),
    /// The disk or the engine failed.
    #[error("Couldn't read the store: {0}")]
    Io(Arc<str>),
}

/// Why a commit did not happen, or, for [`CommitError::Io`] alone, may or may not have happened.
#[derive(Debug, Clone, thiserror::Error)]
pub enum CommitError {
    /// This record is not as expected: read again and decide again.
    #[error("commit: {0} changed meanwhile; read it again and retry")]
    Conflict(Key),
    /// Too little disk is left. Reads go on.
    #[error(
        "nothing was written: only {free} bytes are free on the disk, and {needed} must stay free"
    )]
    Full {
        /// Bytes free for this user.
        free: u64,
        /// Bytes that must stay free.
        needed: u64,
    },
    /// More than [`MAX_VALUE_BYTES`] or the engine's [`Limits`] allow.
    #[error("commit: {what} is {size}, at most {most} fit; split the change")]
    TooLarge {
        /// Which limit.
        what: &'static str,
        /// What was asked.
        size: usize,
        /// The limit.
        most: usize,
    },
    /// What the commit relies on cannot be read, so nothing was written.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// The engine takes no writes: it was closed, or an earlier write failed and the disk is not to
    /// be trusted.
    #[error("commit: the store takes no more writes; restart the daemon after checking the disk")]
    Closed,
    /// Writing failed midway: after a restart the change is there as a whole or not at all.
    #[error("commit: {0}; whether the change lasts shows after a restart")]
    Io(Arc<str>),
}

/// Refuses a commit beyond these limits, by the name of the first that it exceeds.
pub(crate) fn fits(
    limits: Limits,
    expect: &[(Key, Expect)],
    writes: &[Write],
) -> Result<(), CommitError> {
    let within = |what, size, most| match size <= most {
        true => Ok(()),
        false => Err(CommitError::TooLarge { what, size, most }),
    };
    within(
        "the number of expectations",
        expect.len(),
        limits.expectations,
    )?;
    within("the number of writes", writes.len(), limits.writes)?;
    let mut total = 0;
    for write in writes {
        if let Write::Put(_, body) = write {
            within("a record's size in bytes", body.len(), MAX_VALUE_BYTES)?;
        }
        total += write.bytes();
    }
    within("the size in bytes", total, limits.bytes)
}

/// An engine. Every method may be called from any task; dropping a returned future never undoes a
/// commit.
pub trait Engine: Send + Sync + 'static {
    /// The records of `keys`, in their order. No snapshot: each is durable, they need not be of one
    /// moment.
    fn get(&self, keys: Vec<Key>) -> BoxFuture<'_, Result<Vec<Option<Versioned>>, ReadError>>;

    /// At most `limit` (at least one) rows in key order, beginning after `after`.
    fn scan(
        &self,
        prefix: Prefix,
        after: Option<Key>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Scan, ReadError>>;

    /// At most `limit` (at least one) rows in reverse key order, beginning before `before`.
    fn scan_back(
        &self,
        prefix: Prefix,
        before: Option<Key>,
        limit: usize,
    ) -> BoxFuture<'_, Result<Scan, ReadError>>;

    /// How much one commit may hold; more is refused by [`CommitError::TooLarge`].
    fn limits(&self) -> Limits {
        Limits::COMMIT
    }

    /// Makes all `writes` at once if every expectation holds, durably. Without writes it only
    /// verifies, waits for every commit before it to be observed, and returns the current
    /// revision.
    fn commit(
        &self,
        expect: Vec<(Key, Expect)>,
        writes: Vec<Write>,
    ) -> BoxFuture<'_, Result<Revision, CommitError>>;

    /// What changed after `after`, up to the current revision.
    fn changes(&self, after: Revision) -> BoxFuture<'_, Result<Changes, ReadError>>;

    /// The current durable revision, and each that follows; those in between may be passed over.
    fn watch(&self) -> watch::Receiver<Revision>;

    /// Registers an observer. When this returns, every commit it will not hear of is visible to
    /// reads.
    fn observe(&self, observer: Arc<dyn Observer>);

    /// The machine this daemon runs on, for what is true on one machine only: 32 hexadecimal digits,
    /// random, kept beside the store and not in it. Empty where there is no store.
    fn machine(&self) -> &str;

    /// Identifies this store for as long as it exists: 32 hexadecimal digits, random.
    fn store_id(&self) -> &str;

    /// Why nothing is served from it, where what is stored is not what was written.
    fn damage(&self) -> Option<Arc<str>> {
        None
    }

    /// Why it takes no more writes, once that is so. `None` for an engine that never stops.
    fn failure(&self) -> Option<watch::Receiver<Option<Arc<str>>>> {
        None
    }

    /// Bytes that are free for it, and how many it needs to write anything, where that is known.
    fn space(&self) -> Option<(u64, u64)> {
        None
    }

    /// Whether an older version wrote last, and this one has not written yet: now is the time for a
    /// backup.
    fn is_of_an_older_version(&self) -> bool {
        false
    }

    /// This version has the store from now on. `before` is where the backup from before is, for an
    /// older version to name.
    fn adopt(&self, before: Option<String>) -> BoxFuture<'_, Result<Revision, CommitError>> {
        drop(before);
        self.commit(Vec::new(), Vec::new())
    }

    /// Finishes what was asked before, then takes nothing more and lets go of its files.
    fn close(&self) -> BoxFuture<'_, ()>;
}
