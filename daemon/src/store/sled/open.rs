//! Owns the way to an open store: directory, lock, clean-up, sled, identity. It never makes a new store where one
//! should be, and never takes a store another process holds for a broken one.

use std::{
    fs::{self, File},
    io,
    path::{Path, PathBuf},
};

use crate::directories::{self, OpenDirectory, Opening};

use super::{
    super::{engine::Revision, migrate::FormatError},
    Settings,
    identity::{self, Identity},
    lock::{self, Holder, LOCK},
    recover,
    successor::Reserved,
};

/// Where sled's files are, in the store's directory.
pub(super) const DATA: &str = "data";

/// Why a store did not open. Its files are as they were.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// Another process has it.
    #[error("open the store in {}: {holder}; stop that one first", dir.display())]
    Locked {
        /// The store's directory.
        dir: PathBuf,
        /// The other process.
        holder: Holder,
    },
    /// It is somebody else's. The superuser may open it, and leave files there that its owner may not.
    #[error(
        "open the store in {}: it belongs to uid {owner}, this is uid {own}; run this as that user",
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
    /// The files are not what was written.
    #[error(
        "open the store in {}: {cause}; restore a backup with `greenroomd restore FILE`, which keeps \
         these files",
        dir.display()
    )]
    Damaged {
        /// The store's directory.
        dir: PathBuf,
        /// What was found.
        cause: String,
    },
    /// The store's layout is not known.
    #[error(transparent)]
    Format(#[from] FormatError),
}

/// Everything an open store holds. The fields are dropped in this order: sled lets go before the lock does.
pub(super) struct Files {
    pub(super) db: ::sled::Db,
    /// The log under a descriptor of our own, to fsync what sled's flush only hands to the kernel.
    pub(super) log: File,
    pub(super) dir: PathBuf,
    pub(super) identity: Identity,
    pub(super) revision: Revision,
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
    recover::remove_half_written_snapshots(&data).map_err(refused("clean the store", &data))?;

    let config = ::sled::Config::new()
        .path(&data)
        .cache_capacity(settings.cache);
    let db = recover::open(&config, dir, &data)?;
    let log = File::open(data.join("db")).map_err(refused("open the store's log", &data))?;
    let (identity, revision) = identity::establish(dir, &db, &log, settings.begin)?;
    settle(dir, &data).map_err(refused("protect the store's files", dir))?;
    Ok(Files {
        db,
        log,
        dir: dir.into(),
        identity,
        revision,
        _reserved: reserved,
    })
}

/// Writes down where the process that has the store in `dir`, this one, answers callers.
pub(in crate::store) fn announce(dir: &Path, socket: &Path) -> io::Result<()> {
    lock::announce(&dir.join(LOCK), socket)
}

/// Makes a directory of the store's, or takes one that is there, unless others could replace the store in it.
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

/// sled creates its files readable to all; and a file whose directory entry is not durable can vanish whole.
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
