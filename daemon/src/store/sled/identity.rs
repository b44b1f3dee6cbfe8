//! Owns who a store is: its random id and format, kept in a row beside the records and in a file beside sled's. So
//! an emptied or exchanged database is noticed, where sled would silently begin a new one.

use std::{
    fs::{self, File},
    io::{self, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

use serde::{Deserialize, Serialize};

use super::{
    super::{
        codec,
        engine::Revision,
        migrate::{self, FORMAT},
    },
    open::OpenError,
};

/// No record can have this key, and it sorts before all of them.
const ROW: &[u8] = b"\0store";
const FILE: &str = "store-id";

/// What the row says, besides the latest revision, which is its own.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(super) struct Identity {
    format: u32,
    /// 32 hexadecimal digits.
    pub(super) store: String,
}

impl Identity {
    /// Adds the row to a batch: with it every commit, a deletion too, moves the latest revision durably.
    pub(super) fn put(&self, batch: &mut ::sled::Batch, revision: Revision) {
        let body = serde_json::json!({ "format": self.format, "store": self.store }).to_string();
        batch.insert(ROW, codec::encode(ROW, revision, body.as_bytes()));
    }

    fn fresh() -> Self {
        Self {
            format: FORMAT,
            store: uuid::Uuid::now_v7().simple().to_string(),
        }
    }
}

/// Reads who this store is, or makes a new one where there never was any.
pub(super) fn establish(
    dir: &Path,
    db: &::sled::Db,
    db_file: &File,
    begin: Revision,
) -> Result<(Identity, Revision), OpenError> {
    let damaged = |cause: String| OpenError::Damaged {
        dir: dir.into(),
        cause,
    };
    let row = db.get(ROW).map_err(|cause| damaged(cause.to_string()))?;
    let known = read_file(dir)?;
    match row {
        Some(bytes) => {
            let (identity, revision) = read_row(&bytes).map_err(&damaged)?;
            migrate::judge(identity.format)?;
            if known.as_ref().is_some_and(|known| *known != identity.store) {
                return Err(damaged(format!(
                    "its files belong to two stores, see {FILE}"
                )));
            }
            if known.is_none() {
                write_file(dir, &identity.store)?;
            }
            Ok((identity, revision))
        }
        None if known.is_some() => Err(damaged("its records are gone".into())),
        None if !db.is_empty() => Err(damaged("it holds rows of another program".into())),
        None => {
            let identity = Identity::fresh();
            let mut batch = ::sled::Batch::default();
            identity.put(&mut batch, begin);
            db.apply_batch(batch)
                .and_then(|()| db.flush())
                .map_err(|cause| damaged(cause.to_string()))?;
            db_file
                .sync_all()
                .map_err(|cause| io_error("write the store", dir, cause))?;
            write_file(dir, &identity.store)?;
            Ok((identity, begin))
        }
    }
}

fn read_row(bytes: &[u8]) -> Result<(Identity, Revision), String> {
    let row = codec::decode(ROW, bytes).map_err(|cause| cause.to_string())?;
    let identity = serde_json::from_slice(&row.body).map_err(|cause| cause.to_string())?;
    Ok((identity, row.revision))
}

fn read_file(dir: &Path) -> Result<Option<String>, OpenError> {
    let path = dir.join(FILE);
    match fs::read_to_string(&path) {
        Ok(text) => Ok(Some(text.trim().to_owned())),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(io_error("read the store's id", &path, cause)),
    }
}

/// Written only after the row is durable, and as a whole: a crash in between leaves a store that opens.
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
    use super::{
        super::{Settings, open},
        *,
    };

    #[test]
    fn a_store_of_a_newer_program_is_refused_and_left_alone() {
        let dir = tempfile::tempdir().unwrap();
        let settings = Settings {
            keep_free: 0,
            ..Settings::default()
        };
        let files = open::open(dir.path(), settings).unwrap();
        let newer = Identity {
            format: FORMAT + 1,
            ..files.identity.clone()
        };
        let mut batch = ::sled::Batch::default();
        newer.put(&mut batch, Revision(9));
        files.db.apply_batch(batch).unwrap();
        drop(files);
        for _ in 0..2 {
            let refused = open::open(dir.path(), settings).err();
            assert!(matches!(refused, Some(OpenError::Format(_))), "{refused:?}");
        }
    }
}
