//! Owns who a store is: its random id, its format, the version that wrote last and the sums of its
//! tables, kept in a row beside the records that every commit writes anew; the id also in a file
//! beside sled's. So an emptied or exchanged database is noticed, where sled would silently begin a
//! new one.

use std::fs::{self, File};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;

use greenroom_protocol::BUILD;
use serde::{Deserialize, Serialize};

use super::super::codec;
use super::super::engine::Revision;
use super::super::migrate::{self, FORMAT};
use super::open::OpenError;
use super::sums::Sums;

/// No record can have this key, and it sorts before all of them.
const ROW: &[u8] = b"\0store";
const FILE: &str = "store-id";

/// What the row says, besides the latest revision, which is its own, and the sums.
#[derive(Debug, Clone)]
pub(super) struct Identity {
    /// 32 hexadecimal digits.
    pub(super) store: String,
    /// The version that wrote last as the store opened; `None`: 0.1.0.
    version: Option<String>,
    /// The backup made before a newer version wrote anything, for an older one to name.
    pub(super) before: Option<String>,
}

/// The row as it is stored. Later fields are optional, and older programs pass over what they do
/// not know: they must be able to read `format`, `version` and `before` of any newer store.
#[derive(Debug, Default, Serialize, Deserialize)]
struct Row {
    format: u32,
    store: String,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    version: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    before: Option<String>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    sums: Option<Sums>,
}

/// Who a store is, as it was found.
pub(super) struct Established {
    pub(super) identity: Identity,
    pub(super) revision: Revision,
    /// What its tables should hold; `None` in a store that was last written by version 0.1.0.
    pub(super) sums: Option<Sums>,
}

impl Identity {
    /// Adds the row to a batch: with it every commit, a deletion too, moves the latest revision and
    /// the sums durably.
    pub(super) fn put(&self, batch: &mut ::sled::Batch, revision: Revision, sums: &Sums) {
        self.put_as(batch, FORMAT, revision, sums);
    }

    fn put_as(&self, batch: &mut ::sled::Batch, format: u32, revision: Revision, sums: &Sums) {
        let row = Borrowed {
            format,
            store: &self.store,
            version: BUILD,
            before: self.before.as_deref(),
            sums,
        };
        // Numbers and texts always have JSON.
        let body = serde_json::to_vec(&row).unwrap_or_default();
        batch.insert(ROW, codec::encode(ROW, revision, &body));
    }

    /// Whether an older version wrote last.
    pub(super) fn is_older(&self) -> bool {
        migrate::is_older(self.version.as_deref(), BUILD)
    }

    fn fresh() -> Self {
        Self {
            store: uuid::Uuid::now_v7().simple().to_string(),
            version: Some(BUILD.to_owned()),
            before: None,
        }
    }
}

/// [`Row`], to write.
#[derive(Serialize)]
struct Borrowed<'a> {
    format: u32,
    store: &'a str,
    version: &'a str,
    #[serde(skip_serializing_if = "Option::is_none")]
    before: Option<&'a str>,
    sums: &'a Sums,
}

/// Reads who this store is, or makes a new one where there never was any.
pub(super) fn establish(
    dir: &Path,
    db: &::sled::Db,
    db_file: &File,
    begin: Revision,
) -> Result<Established, OpenError> {
    let damaged = |cause: String| OpenError::Damaged {
        dir: dir.into(),
        cause,
    };
    let row = db.get(ROW).map_err(|cause| damaged(cause.to_string()))?;
    let known = read_file(dir)?;
    match row {
        Some(bytes) => {
            let (row, revision) = read_row(&bytes).map_err(&damaged)?;
            migrate::judge(row.format, row.version.as_deref(), row.before.as_deref())?;
            if known.as_ref().is_some_and(|known| *known != row.store) {
                return Err(damaged(format!(
                    "its files belong to two stores, see {FILE}"
                )));
            }
            if known.is_none() {
                write_file(dir, &row.store)?;
            }
            if row.format == FORMAT && row.sums.is_none() {
                return Err(damaged("the sums of its tables are missing".into()));
            }
            let identity = Identity {
                store: row.store,
                version: row.version,
                before: row.before,
            };
            Ok(Established {
                identity,
                revision,
                sums: row.sums,
            })
        }
        None if known.is_some() => Err(damaged("its records are gone".into())),
        None if !db.is_empty() => Err(damaged("it holds rows of another program".into())),
        None => {
            let identity = Identity::fresh();
            let sums = Sums::default();
            write_row(&identity, dir, db, db_file, begin, &sums)?;
            write_file(dir, &identity.store)?;
            Ok(Established {
                identity,
                revision: begin,
                sums: Some(sums),
            })
        }
    }
}

/// Writes the row alone, durably.
pub(super) fn write_row(
    identity: &Identity,
    dir: &Path,
    db: &::sled::Db,
    db_file: &File,
    revision: Revision,
    sums: &Sums,
) -> Result<(), OpenError> {
    let mut batch = ::sled::Batch::default();
    identity.put(&mut batch, revision, sums);
    db.apply_batch(batch)
        .and_then(|()| db.flush())
        .map_err(|cause| OpenError::Damaged {
            dir: dir.into(),
            cause: cause.to_string(),
        })?;
    db_file
        .sync_all()
        .map_err(|cause| io_error("write the store", dir, cause))
}

fn read_row(bytes: &[u8]) -> Result<(Row, Revision), String> {
    let wrong = |cause: String| format!("the row that says whose it is: {cause}");
    let row = codec::decode(ROW, bytes).map_err(|cause| wrong(cause.damage.to_string()))?;
    let said = serde_json::from_slice(&row.body).map_err(|cause| wrong(cause.to_string()))?;
    Ok((said, row.revision))
}

pub(super) fn read_file(dir: &Path) -> Result<Option<String>, OpenError> {
    let path = dir.join(FILE);
    match fs::read(&path) {
        // What is no text is no id of ours either.
        Ok(bytes) => Ok(Some(String::from_utf8_lossy(&bytes).trim().to_owned())),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(io_error("read the store's id", &path, cause)),
    }
}

/// Written only after the row is durable, and as a whole: a crash in between leaves a store that
/// opens.
fn write_file(dir: &Path, store: &str) -> Result<(), OpenError> {
    let path = dir.join(FILE);
    let fresh = dir.join(format!("{FILE}.new"));
    let write = || {
        let mut options = File::options();
        let mut file = options
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&fresh)?;
        writeln!(file, "{store}")?;
        file.sync_all()?;
        fs::rename(&fresh, &path)?;
        File::open(dir)?.sync_all()
    };
    write().map_err(|cause| io_error("write the store's id", &path, cause))
}

fn io_error(what: &'static str, path: &Path, cause: io::Error) -> OpenError {
    OpenError::Io {
        what,
        path: path.into(),
        cause,
    }
}

#[cfg(test)]
mod tests {
    use super::super::{Settings, open};
    use super::*;

    #[test]
    fn a_store_of_a_newer_program_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings {
            keep_free: 0,
            ..Settings::default()
        };
        let mut files = open::open(dir.path(), settings).unwrap();
        files.identity.before = Some("/backups/before-9.0.0.backup".into());
        let mut batch = ::sled::Batch::default();
        let newer = files.identity.clone();
        newer.put_as(&mut batch, FORMAT + 1, Revision(9), &files.sums);
        files.db.apply_batch(batch).unwrap();
        drop(files);
        for _ in 0..2 {
            let refused = open::open(dir.path(), settings).err();
            assert!(matches!(refused, Some(OpenError::Format(_))), "{refused:?}");
            let told = refused.unwrap().to_string();
            assert!(told.contains("/backups/before-9.0.0.backup"), "{told}");
        }
    }
}
