//! Owns the way to an open store: directory, lock, clean-up, sled, identity, and the count of every
//! row against the sums. It never makes a new store where one should be, never takes a store
//! another process holds for a broken one, and never opens one whose records are not those last
//! written.

use std::collections::{BTreeMap, BTreeSet};
use std::fs::{self, File};
use std::io;
use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};

use greenroom_protocol::holder::Holder;

use super::super::codec;
use super::super::engine::Revision;
use super::super::migrate::FormatError;
use super::identity::{self, Established, Identity};
use super::lock::{self, LOCK};
use super::machine;
use super::outside::{self, Outside};
use super::successor::Reserved;
use super::sums::Sums;
use super::{Settings, recover};
use crate::directories::{self, OpenDirectory, Opening};

/// Where sled's files are, in the store's directory.
pub(super) const DATA: &str = "data";

/// The most tables a message names.
const NAMED: usize = 5;

/// Why a store did not open. Its files are as they were.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("Couldn't open the store in {}: {holder}; stop that one first (greenroom daemon stop, or its service)", dir.display())]
    Locked {
        /// The store's directory.
        dir: PathBuf,
        /// The other process.
        holder: Holder,
    },
    /// It is somebody else's. The superuser may open it, and leave files there that its owner may
    /// not.
    #[error(
        "Couldn't open the store in {}: it belongs to uid {owner}, this is uid {own}; run this as that user",
        dir.display()
    )]
    Others {
        /// The store's directory.
        dir: PathBuf,
        /// Its owner.
        owner: u32,
        /// This process.
        own: u32,
    },
    /// Others could take it away or put another in its place.
    #[error("open the store in {found}; {}", found.remedy())]
    Open {
        /// The directory.
        found: OpenDirectory,
    },
    /// The file system refused.
    #[error("{what} ({}): {cause}", path.display())]
    Io {
        /// What was tried.
        what: &'static str,
        /// On which path.
        path: PathBuf,
        /// What the system said.
        cause: io::Error,
    },
    /// The files are not those of a store.
    #[error(
        "the data in {} is damaged ({cause}): restore a backup with `greenroomd restore FILE`; the damaged files are kept",
        dir.display()
    )]
    Damaged {
        /// The store's directory.
        dir: PathBuf,
        /// What was found.
        cause: String,
    },
    /// The files open, and their records are not those last written: some are missing, or older
    /// than they should be.
    #[error(
        "the data in {} is damaged ({cause}): restore a backup with `greenroomd restore FILE`; the damaged files are kept",
        dir.display()
    )]
    Altered {
        /// The store's directory.
        dir: PathBuf,
        /// What was found.
        cause: String,
    },
    /// The store's layout is not known.
    #[error(transparent)]
    Format(#[from] FormatError),
}

/// Everything an open store holds. The fields are dropped in this order: sled lets go before the
/// lock does.
pub(super) struct Files {
    pub(super) db: ::sled::Db,
    /// The log under a descriptor of our own, to fsync what sled's flush only hands to the kernel.
    pub(super) log: File,
    pub(super) dir: PathBuf,
    /// Which machine the directory is on.
    pub(super) machine: String,
    pub(super) identity: Identity,
    pub(super) revision: Revision,
    /// What every table holds.
    pub(super) sums: Sums,
    /// `None` before this version has written anything.
    pub(super) outside: Option<Outside>,
    pub(super) _reserved: Reserved,
}

pub(super) fn open(dir: &Path, settings: Settings) -> Result<Files, OpenError> {
    let refused = |what, path: &Path| {
        let path = path.to_owned();
        move |cause| OpenError::Io { what, path, cause }
    };
    let data = dir.join(DATA);
    let reserved = Reserved::take(dir)?;
    reserved.succeed()?;
    private_dir(&data)?;
    let machine = machine::read_or_make(dir)?;
    recover::remove_half_written_snapshots(&data).map_err(refused("clean the store", &data))?;

    let config = ::sled::Config::new()
        .path(&data)
        .cache_capacity(settings.cache);
    let db = recover::open(&config, dir, &data)?;
    let log = File::open(data.join("db")).map_err(refused("open the store's log", &data))?;
    let found = identity::establish(dir, &db, &log, settings.begin)?;
    let sums = match verify(dir, &db, &found) {
        Ok(sums) => sums,
        Err(refused) => {
            // Of damaged pages sled may panic once more as it lets go.
            let _ = catch_unwind(AssertUnwindSafe(|| drop(db)));
            return Err(refused);
        }
    };
    let Established {
        identity,
        revision,
        sums: known,
    } = found;
    let mut outside = None;
    if settings.adopt || !identity.is_older() {
        if known.is_none() {
            identity::write_row(&identity, dir, &db, &log, revision, &sums)?;
        }
        let begun = Outside::begin(dir, &identity.store, revision);
        outside = Some(begun.map_err(refused("write the last revision", &outside::path(dir)))?);
    }
    settle(dir, &data).map_err(refused("protect the store's files", dir))?;
    Ok(Files {
        db,
        log,
        dir: dir.into(),
        machine,
        identity,
        revision,
        sums,
        outside,
        _reserved: reserved,
    })
}

/// Reads every row once: whether it is whole, whether the tables hold what the last commit says,
/// and whether that is the last commit there was. What the tables hold.
fn verify(dir: &Path, db: &::sled::Db, found: &Established) -> Result<Sums, OpenError> {
    let altered = |cause: String| OpenError::Altered {
        dir: dir.into(),
        cause,
    };
    let last = outside::read(dir, &found.identity.store).map_err(|cause| OpenError::Io {
        what: "read the last revision",
        path: outside::path(dir),
        cause,
    })?;
    // Some damage makes sled panic instead of returning an error.
    let counted = catch_unwind(AssertUnwindSafe(|| count(db, found.revision)))
        .unwrap_or_else(|_| Err("sled gave up reading its pages".into()));
    let Counted {
        sums,
        unreadable,
        newer,
    } = counted.map_err(&altered)?;
    let unreadable = unreadable
        .iter()
        .map(|(table, rows)| format!("{table}: {rows} rows cannot be read"));
    let newer = newer
        .iter()
        .map(|table| format!("{table}: rows are newer than the last commit"));
    let mut told: Vec<_> = unreadable.chain(newer).collect();
    // What cannot be read is missing from the sums, and was named.
    if let Some(known) = found.sums.as_ref().filter(|_| told.is_empty()) {
        told.extend(known.differences(&sums).iter().map(ToString::to_string));
    }
    if told.len() > NAMED {
        let more = told.len() - NAMED;
        told.truncate(NAMED);
        told.push(format!("{more} more tables"));
    }
    if let Some(last) = last.filter(|last| *last > found.revision) {
        let (here, missing) = (found.revision, last.0 - found.revision.0);
        told.push(format!(
            "it ends at revision {here}, and {last} was written: {missing} commits missing"
        ));
    }
    match told.is_empty() {
        true => Ok(sums),
        false => Err(altered(told.join("; "))),
    }
}

/// Every row of a database.
#[derive(Default)]
struct Counted {
    sums: Sums,
    /// Rows that are not whole, by table. Their ids stay out of messages: some are made of
    /// addresses.
    unreadable: BTreeMap<String, u64>,
    /// Tables with rows of a revision that the last commit does not know.
    newer: BTreeSet<String>,
}

fn count(db: &::sled::Db, newest: Revision) -> Result<Counted, String> {
    let mut counted = Counted::default();
    // Every key but the store's own row.
    for row in db.range::<&[u8], _>(&[1][..]..) {
        let (name, bytes) = row.map_err(|cause| cause.to_string())?;
        let Ok(key) = codec::key(&name) else {
            *counted.unreadable.entry("no table".into()).or_default() += 1;
            continue;
        };
        match codec::revision(&name, &bytes) {
            Ok(revision) if revision > newest => {
                counted.newer.insert(key.table().to_owned());
            }
            Ok(revision) => counted.sums.add(&key, revision),
            Err(_) => *counted.unreadable.entry(key.table().into()).or_default() += 1,
        }
    }
    Ok(counted)
}

/// Writes down where the process that has the store in `dir`, this one, answers callers.
pub(in crate::store) fn announce(dir: &Path, socket: &Path) -> io::Result<()> {
    lock::announce(&dir.join(LOCK), socket)
}

/// Writes down what came of the `number`th reload.
pub(in crate::store) fn answer_reload(
    dir: &Path,
    number: u64,
    answer: &Result<String, String>,
) -> io::Result<()> {
    lock::answer_reload(&dir.join(LOCK), number, answer)
}

/// Makes a directory of the store's, or takes one that is there, unless others could replace the
/// store in it.
pub(super) fn private_dir(dir: &Path) -> Result<(), OpenError> {
    directories::make(dir).map_err(|cause| OpenError::Io {
        what: "create the store's directory",
        path: dir.to_owned(),
        cause,
    })?;
    match directories::judge(dir) {
        Some(found) if found.opening != Opening::Readable => Err(OpenError::Open { found }),
        _ => Ok(()),
    }
}

/// sled's own files and directories.
fn is_sleds(name: &str) -> bool {
    ["db", "conf", "blobs"].contains(&name) || name.starts_with("snap.")
}

/// sled creates its files readable to all; and a file whose directory entry is not durable can
/// vanish whole.
fn settle(dir: &Path, data: &Path) -> io::Result<()> {
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        if is_sleds(&entry.file_name().to_string_lossy()) {
            directories::close(&entry.path())?;
        }
    }
    File::open(data)?.sync_all()?;
    File::open(dir)?.sync_all()?;
    match dir.parent().filter(|parent| !parent.as_os_str().is_empty()) {
        // Another's directory may be closed to us; then its entry is the operator's to keep.
        Some(parent) => File::open(parent).map_or(Ok(()), |parent| parent.sync_all()),
        None => Ok(()),
    }
}
