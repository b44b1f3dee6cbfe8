//! Owns the typed view of the engine: which table a record is in, and its body, `schema number ‖
//! JSON`. A record of an older shape is brought forward as it is read; one of a newer or unreadable
//! shape is an error that names it, never an absent record.

use std::sync::Arc;

use serde::Serialize;
use serde::de::DeserializeOwned;
use tokio::sync::watch;

use super::engine::{Changes, CommitError, Engine, ReadError, Revision, Scan, Versioned};
use super::key::{Key, KeyError, Prefix};

/// A type that is stored in one table.
pub trait Record: Serialize + DeserializeOwned + Send + 'static {
    /// The table; short, lower case, never changed.
    const TABLE: &'static str;
    /// The number of its current shape, from 1. Raise it with every change an old reader or record
    /// does not bear.
    const SCHEMA: u32;

    /// Brings a record of the older shape `from` to the current one.
    fn migrate(from: u32, value: serde_json::Value) -> Result<serde_json::Value, MigrateError> {
        drop(value);
        Err(MigrateError::Unknown { from })
    }
}

/// Why a record of another shape cannot be used.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
pub enum MigrateError {
    /// Written by a newer program.
    #[error("its shape {found} is newer than {known}, the newest this program knows")]
    Newer {
        /// The record's schema number.
        found: u32,
        /// This program's.
        known: u32,
    },
    /// There is no way from this shape.
    #[error("there is no way from its shape {from}")]
    Unknown {
        /// The record's schema number.
        from: u32,
    },
    /// The record is not what its shape says.
    #[error("its shape {from} does not fit: {cause}")]
    Misfit {
        /// The record's schema number.
        from: u32,
        /// What does not fit; names of fields, never their values.
        cause: String,
    },
}

/// Why the store could not do what was asked.
#[derive(Debug, thiserror::Error)]
pub enum StoreError {
    /// The name is not one a record can have.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// Reading failed.
    #[error(transparent)]
    Read(#[from] ReadError),
    /// Committing failed.
    #[error(transparent)]
    Commit(#[from] CommitError),
    /// A record has a shape this program cannot use.
    #[error("Couldn't read record {key}: {cause}")]
    Migrate {
        /// The record.
        key: Key,
        /// Why.
        cause: MigrateError,
    },
    /// A record's JSON is not the type asked for.
    #[error("Couldn't read record {key}: {cause}")]
    Decode {
        /// The record.
        key: Key,
        /// What serde found.
        cause: serde_json::Error,
    },
    /// A value has no JSON.
    #[error("Couldn't write record {key}: {cause}")]
    Encode {
        /// The record.
        key: Key,
        /// What serde found.
        cause: serde_json::Error,
    },
    /// An insert found the record there already.
    #[error("insert record {key}: it exists already")]
    Exists {
        /// The record.
        key: Key,
    },
    /// Others kept changing the same records.
    #[error("commit: others changed the same records {attempts} times in a row; try again")]
    Contended {
        /// How often it was tried.
        attempts: usize,
    },
}

/// A record and the revision of the commit that wrote it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Stored<R> {
    /// The commit that wrote it.
    pub revision: Revision,
    /// The record.
    pub record: R,
}

/// A page of one table.
#[derive(Debug, Clone)]
pub struct Page<R> {
    /// Ids and records, in the order of the scan.
    pub rows: Vec<(String, Stored<R>)>,
    /// The durable revision the page began with; see [`Scan::at`].
    pub at: Revision,
    /// Whether rows follow the last one.
    pub more: bool,
}

/// The store as the rooms above use it. Clones are one store.
#[derive(Clone)]
pub struct Store {
    engine: Arc<dyn Engine>,
}

impl Store {
    /// The typed view of `engine`.
    #[must_use]
    pub fn new(engine: Arc<dyn Engine>) -> Self {
        Self { engine }
    }

    /// The record `id`, for showing. What a change depends on is read in a transaction.
    pub async fn get<R: Record>(
        &self,
        space: &str,
        id: &str,
    ) -> Result<Option<Stored<R>>, StoreError> {
        let key = Key::new(space, R::TABLE, id)?;
        let row = self.engine.get(vec![key.clone()]).await?.pop().flatten();
        row.map(|row| stored(&key, &row)).transpose()
    }

    /// At most `limit` records in the order of their ids, beginning after `after`.
    pub async fn scan<R: Record>(
        &self,
        space: &str,
        after: Option<&str>,
        limit: usize,
    ) -> Result<Page<R>, StoreError> {
        let (table, after) = range::<R>(space, after)?;
        page(self.engine.scan(table, after, limit).await?)
    }

    /// At most `limit` records in the reverse order of their ids, beginning before `before`.
    pub async fn scan_back<R: Record>(
        &self,
        space: &str,
        before: Option<&str>,
        limit: usize,
    ) -> Result<Page<R>, StoreError> {
        let (table, before) = range::<R>(space, before)?;
        page(self.engine.scan_back(table, before, limit).await?)
    }

    /// Every space that holds a record: one short read for each, however much they hold.
    pub async fn spaces(&self) -> Result<Vec<String>, StoreError> {
        let mut spaces = Vec::new();
        let mut after = None;
        loop {
            let first = self.engine.scan(Prefix::everything(), after, 1).await?;
            let Some((key, _)) = first.rows.first() else {
                return Ok(spaces);
            };
            spaces.push(key.space().to_owned());
            after = Some(key.end_of_space());
        }
    }

    /// The current durable revision.
    #[must_use]
    pub fn revision(&self) -> Revision {
        *self.engine.watch().borrow()
    }

    /// The current durable revision, and each that follows.
    #[must_use]
    pub fn watch(&self) -> watch::Receiver<Revision> {
        self.engine.watch()
    }

    /// Waits until the store has judged and made durable everything asked of it before: that it
    /// still does is the answer.
    pub async fn settled(&self) -> Result<Revision, StoreError> {
        Ok(self.engine.commit(Vec::new(), Vec::new()).await?)
    }

    /// What changed after `after`.
    pub async fn changes(&self, after: Revision) -> Result<Changes, StoreError> {
        Ok(self.engine.changes(after).await?)
    }

    /// Why nothing is served from it, where what is stored is not what was written.
    #[must_use]
    pub fn damage(&self) -> Option<Arc<str>> {
        self.engine.damage()
    }

    /// Why it takes no more writes, if it does not.
    #[must_use]
    pub fn failure(&self) -> Option<Arc<str>> {
        self.engine.failure()?.borrow().clone()
    }

    /// The same, to wait for.
    #[must_use]
    pub fn watch_failure(&self) -> Option<watch::Receiver<Option<Arc<str>>>> {
        self.engine.failure()
    }

    /// Bytes that are free for it, and how many it needs to write anything.
    #[must_use]
    pub fn space(&self) -> Option<(u64, u64)> {
        self.engine.space()
    }

    /// The machine this daemon runs on; see [`Engine::machine`].
    #[must_use]
    pub fn machine(&self) -> &str {
        self.engine.machine()
    }

    /// Identifies this store for as long as it exists.
    #[must_use]
    pub fn store_id(&self) -> &str {
        self.engine.store_id()
    }

    /// Finishes what was asked before, then takes nothing more and lets go of the files.
    pub async fn close(&self) {
        self.engine.close().await;
    }

    /// The engine itself.
    #[must_use]
    pub fn engine(&self) -> &Arc<dyn Engine> {
        &self.engine
    }
}

/// The record in `row`, which is stored under `key`; for those who get rows from the engine, as a
/// follower does.
pub fn decode<R: Record>(key: &Key, row: &Versioned) -> Result<R, StoreError> {
    let shape = |cause| StoreError::Migrate {
        key: key.clone(),
        cause,
    };
    let typed = |cause| StoreError::Decode {
        key: key.clone(),
        cause,
    };
    let (schema, json) = row.body.split_first_chunk::<4>().ok_or_else(|| {
        shape(MigrateError::Misfit {
            from: 0,
            cause: "it has no schema number".into(),
        })
    })?;
    let found = u32::from_be_bytes(*schema);
    if found == R::SCHEMA {
        return serde_json::from_slice(json).map_err(typed);
    }
    if found > R::SCHEMA {
        return Err(shape(MigrateError::Newer {
            found,
            known: R::SCHEMA,
        }));
    }
    let old = serde_json::from_slice(json).map_err(typed)?;
    serde_json::from_value(R::migrate(found, old).map_err(shape)?).map_err(typed)
}

/// The body to store for `record`.
pub(crate) fn encode<R: Record>(key: &Key, record: &R) -> Result<Vec<u8>, StoreError> {
    let mut body = R::SCHEMA.to_be_bytes().to_vec();
    serde_json::to_writer(&mut body, record).map_err(|cause| StoreError::Encode {
        key: key.clone(),
        cause,
    })?;
    Ok(body)
}

fn stored<R: Record>(key: &Key, row: &Versioned) -> Result<Stored<R>, StoreError> {
    Ok(Stored {
        revision: row.revision,
        record: decode(key, row)?,
    })
}

fn page<R: Record>(scan: Scan) -> Result<Page<R>, StoreError> {
    let rows = scan
        .rows
        .iter()
        .map(|(key, row)| Ok((key.id().to_owned(), stored(key, row)?)));
    Ok(Page {
        rows: rows.collect::<Result<_, StoreError>>()?,
        at: scan.at,
        more: scan.more,
    })
}

fn range<R: Record>(space: &str, from: Option<&str>) -> Result<(Prefix, Option<Key>), KeyError> {
    let from = from.map(|id| Key::new(space, R::TABLE, id)).transpose()?;
    Ok((Prefix::table(space, R::TABLE, "")?, from))
}
