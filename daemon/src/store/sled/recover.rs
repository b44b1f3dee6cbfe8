//! Owns the repair of what sled itself stumbles over: its start-up snapshots. They are a cache
//! which the log rebuilds, so they alone may be removed, and only after the whole was copied aside.
//! Nothing else is repaired.

use std::panic::{AssertUnwindSafe, catch_unwind};
use std::path::{Path, PathBuf};
use std::thread::sleep;
use std::time::{Duration, SystemTime, UNIX_EPOCH};
use std::{fs, io};

use super::open::OpenError;

/// What the copy of a damaged store is called, before the time it was made.
pub(super) const DAMAGED: &str = "damaged-";

/// How often sled's own lock is tried. Its background threads can hold it a moment longer than the
/// store.
const LOCK_TRIES: usize = 200;
const LOCK_PAUSE: Duration = Duration::from_millis(10);

/// sled reads the newest snapshot by name, a half-written one too, and then refuses to open.
pub(super) fn remove_half_written_snapshots(data: &Path) -> io::Result<()> {
    for path in snapshots(data)? {
        if path
            .extension()
            .is_some_and(|extension| extension == "generating")
        {
            fs::remove_file(&path)?;
        }
    }
    Ok(())
}

/// Opens sled. On corruption the directory is copied aside, the snapshots are removed, and it is
/// tried once more.
pub(super) fn open(
    config: &::sled::Config,
    dir: &Path,
    data: &Path,
) -> Result<::sled::Db, OpenError> {
    let damaged = |cause: String| OpenError::Damaged {
        dir: dir.into(),
        cause,
    };
    let corruption = match attempt(config) {
        Ok(db) => return Ok(db),
        Err(Refusal::Corruption(cause)) => cause,
        Err(other) => return Err(other.into_error(dir)),
    };
    let refused = |what, path: &Path| {
        let path = path.to_owned();
        move |cause| OpenError::Io { what, path, cause }
    };
    let snapshots = snapshots(data).map_err(refused("read the store", data))?;
    if snapshots.is_empty() {
        return Err(damaged(corruption));
    }
    let aside = free_name(dir);
    tracing::error!(
        cause = %corruption, copy = %aside.display(),
        "the store is corrupted: copying it aside and rebuilding its snapshot from the log"
    );
    copy(data, &aside).map_err(refused("copy the damaged store aside", &aside))?;
    for snapshot in &snapshots {
        fs::remove_file(snapshot).map_err(refused("remove a damaged snapshot", snapshot))?;
    }
    match attempt(config) {
        Ok(db) => {
            tracing::error!(copy = %aside.display(), "the store was rebuilt from its log");
            Ok(db)
        }
        Err(again) => Err(again.into_error(dir)),
    }
}

enum Refusal {
    Corruption(String),
    /// A full disk, for example: nothing is wrong with the files.
    Io(io::Error),
    Other(String),
}

impl Refusal {
    fn into_error(self, dir: &Path) -> OpenError {
        let dir = dir.to_owned();
        match self {
            Self::Corruption(cause) | Self::Other(cause) => OpenError::Damaged { dir, cause },
            Self::Io(cause) => OpenError::Io {
                what: "open the store",
                path: dir,
                cause,
            },
        }
    }
}

fn attempt(config: &::sled::Config) -> Result<::sled::Db, Refusal> {
    for _ in 1..LOCK_TRIES {
        match attempt_once(config) {
            Err(Refusal::Io(cause)) if is_lock(&cause) => sleep(LOCK_PAUSE),
            outcome => return outcome,
        }
    }
    attempt_once(config)
}

fn attempt_once(config: &::sled::Config) -> Result<::sled::Db, Refusal> {
    // Some damage makes sled panic instead of returning an error.
    match catch_unwind(AssertUnwindSafe(|| config.open())) {
        Ok(Ok(db)) => Ok(db),
        Ok(Err(cause @ ::sled::Error::Corruption { .. })) => {
            Err(Refusal::Corruption(cause.to_string()))
        }
        Ok(Err(::sled::Error::Io(cause))) => Err(Refusal::Io(cause)),
        Ok(Err(cause)) => Err(Refusal::Other(cause.to_string())),
        Err(_) => Err(Refusal::Other("sled gave up reading it".into())),
    }
}

/// sled 0.34 says so only in words.
fn is_lock(cause: &io::Error) -> bool {
    cause.to_string().contains("could not acquire lock")
}

fn snapshots(data: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(data)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with("snap.") {
            found.push(entry.path());
        }
    }
    Ok(found)
}

fn free_name(dir: &Path) -> PathBuf {
    let seconds = SystemTime::now()
        .duration_since(UNIX_EPOCH)
        .map_or(0, |since| since.as_secs());
    let mut name = dir.join(format!("{DAMAGED}{seconds}"));
    let mut count = 1;
    while name.exists() {
        count += 1;
        name = dir.join(format!("{DAMAGED}{seconds}-{count}"));
    }
    name
}

fn copy(from: &Path, to: &Path) -> io::Result<()> {
    fs::create_dir(to)?;
    fs::set_permissions(to, fs::metadata(from)?.permissions())?;
    for entry in fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &to)?,
            false => fs::copy(entry.path(), &to).map(drop)?,
        }
    }
    Ok(())
}
