//! Owns how one store takes another's place in a directory. The new one is made beside the old one,
//! whole and durable; one rename makes it the successor; the next process to open the directory
//! sets the old one aside and puts the successor in its place, with everything else that belongs to
//! it. Killed at any moment, the directory holds the old store or the new one, and the old one is
//! never removed.
//!
//! ```text
//! incoming/               being made; worth nothing until it is renamed
//! restored-TIME/          the successor: what opens next
//! before-restore-TIME/    the store it took the place of
//! ```

use std::ffi::{OsStr, OsString};
use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt};
use std::path::{Path, PathBuf};
use std::sync::Arc;

use super::super::Store;
use super::super::engine::Revision;
use super::identity;
use super::lock::{LOCK, Lock, NotLocked};
use super::machine::MACHINE;
use super::open::{DATA, private_dir};
use super::recover::DAMAGED;
use super::{OpenError, Settings, SledEngine};

const INCOMING: &str = "incoming";
const SUCCESSOR: &str = "restored-";
const ASIDE: &str = "before-restore-";

/// The right to the store of a directory, without opening it.
pub struct Reserved {
    dir: PathBuf,
    _lock: Lock,
}

impl Reserved {
    /// Takes the store's lock, or says who has it.
    pub fn take(dir: &Path) -> Result<Self, OpenError> {
        let failed = |what, path: &Path| {
            let path = path.to_owned();
            move |cause| OpenError::Io { what, path, cause }
        };
        let own = rustix::process::geteuid().as_raw();
        if let Some(owner) = fs::metadata(dir).ok().map(|about| about.uid())
            && owner != own
        {
            let dir = dir.to_owned();
            return Err(OpenError::Others { dir, owner, own });
        }
        private_dir(dir)?;
        let lock = Lock::take(&dir.join(LOCK)).map_err(|why| match why {
            NotLocked::Held(holder) => OpenError::Locked {
                dir: dir.into(),
                holder,
            },
            NotLocked::Io(cause) => failed("lock the store", dir)(cause),
        })?;
        Ok(Self {
            dir: dir.into(),
            _lock: lock,
        })
    }

    /// Puts a successor in its place, if there is one.
    pub fn succeed(&self) -> Result<(), OpenError> {
        succeed(&self.dir).map_err(|cause| OpenError::Io {
            what: "put the restored store in its place",
            path: self.dir.clone(),
            cause,
        })
    }
}

/// A store that is being made beside the one of a directory, to take its place. Its maker has the
/// directory's lock, by [`Reserved`] or by having the store open.
pub struct Successor {
    dir: PathBuf,
    store: Store,
}

impl Successor {
    /// Begins with an empty store, whose revisions follow `after`.
    pub async fn begin(dir: &Path, after: Revision) -> Result<Self, OpenError> {
        let (place, settings) = (
            dir.join(INCOMING),
            Settings {
                begin: after,
                ..Settings::default()
            },
        );
        let opened = tokio::task::spawn_blocking(move || {
            // What a killed restore left.
            match fs::remove_dir_all(&place) {
                Err(cause) if cause.kind() != io::ErrorKind::NotFound => {
                    return Err(OpenError::Io {
                        what: "remove a half restored store",
                        path: place,
                        cause,
                    });
                }
                _ => {}
            }
            SledEngine::open(&place, settings)
        });
        let engine = opened.await.unwrap_or_else(|stopped| {
            Err(OpenError::Damaged {
                dir: dir.to_owned(),
                cause: stopped.to_string(),
            })
        })?;
        Ok(Self {
            dir: dir.into(),
            store: Store::new(Arc::new(engine)),
        })
    }

    /// The store.
    #[must_use]
    pub fn store(&self) -> &Store {
        &self.store
    }

    /// Where it is being made. What else belongs to it is put there before it is
    /// [`Successor::ready`].
    #[must_use]
    pub fn directory(&self) -> PathBuf {
        self.dir.join(INCOMING)
    }

    /// Closes it and makes it what opens next in the directory. Where the former store will be
    /// then.
    pub async fn ready(self, stamp: &str) -> Result<PathBuf, OpenError> {
        self.store.engine().close().await;
        let (dir, stamp) = (self.dir.clone(), stamp.to_owned());
        let renamed = tokio::task::spawn_blocking(move || {
            let (made, stamp) = (dir.join(INCOMING), free(&dir, stamp));
            File::open(&made)?.sync_all()?;
            fs::rename(made, dir.join(format!("{SUCCESSOR}{stamp}")))?;
            File::open(&dir)?.sync_all()?;
            Ok(dir.join(format!("{ASIDE}{stamp}")))
        });
        let renamed = renamed
            .await
            .unwrap_or_else(|stopped| Err(io::Error::other(stopped)));
        renamed.map_err(|cause| OpenError::Io {
            what: "finish the restored store",
            path: self.dir,
            cause,
        })
    }
}

/// The ids of the stores that are or were in a directory, as far as they can be read.
pub(crate) fn known_stores(dir: &Path) -> io::Result<Vec<String>> {
    let mut places = set_aside(dir)?;
    places.push(dir.to_owned());
    let known = places.iter().map(|place| identity::read_file(place));
    Ok(known.filter_map(|id| id.ok().flatten()).collect())
}

/// The stores that were set aside in a directory, oldest first.
pub fn set_aside(dir: &Path) -> io::Result<Vec<PathBuf>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        if entry.file_name().to_string_lossy().starts_with(ASIDE) {
            found.push(entry.path());
        }
    }
    found.sort();
    Ok(found)
}

/// The stamp, or what follows it where another restore of the same second has it.
fn free(dir: &Path, stamp: String) -> String {
    let taken = |stamp: &str| {
        let names = [SUCCESSOR, ASIDE].map(|prefix| dir.join(format!("{prefix}{stamp}")));
        names.iter().any(|path| path.exists())
    };
    let mut found = stamp.clone();
    let mut count = 1;
    while taken(&found) {
        count += 1;
        found = format!("{stamp}-{count}");
    }
    found
}

/// Every step can be taken again after a kill between any two of them: sled's files come in first,
/// so as long as they have not, whatever is in the directory belongs to the former store.
fn succeed(dir: &Path) -> io::Result<()> {
    let Some((successor, stamp)) = find(dir)? else {
        return Ok(());
    };
    let aside = dir.join(format!("{ASIDE}{stamp}"));
    let come = |name: &OsStr| fs::rename(successor.join(name), dir.join(name));
    if successor.join(DATA).exists() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(&aside)?;
        for name in belongings(dir)? {
            fs::rename(dir.join(&name), aside.join(&name))?;
        }
        File::open(&aside)?.sync_all()?;
        File::open(dir)?.sync_all()?;
        come(OsStr::new(DATA))?;
    }
    for name in belongings(&successor)? {
        come(&name)?;
    }
    File::open(dir)?.sync_all()?;
    fs::remove_dir_all(successor)?;
    // Where there was no store before, there is nothing to set aside.
    let _ = fs::remove_dir(&aside);
    tracing::warn!(former = %aside.display(), "a restored store took the former one's place");
    Ok(())
}

/// What belongs to the store of a directory: everything but the lock, the machine's id and other
/// stores.
fn belongings(dir: &Path) -> io::Result<Vec<OsString>> {
    let mut found = Vec::new();
    for entry in fs::read_dir(dir)? {
        let name = entry?.file_name();
        let text = name.to_string_lossy();
        let other = [INCOMING, SUCCESSOR, ASIDE, DAMAGED]
            .iter()
            .any(|prefix| text.starts_with(prefix));
        if text != LOCK && text != MACHINE && !other {
            found.push(name);
        }
    }
    Ok(found)
}

/// The successor and when it was made; the newest, should there be several.
fn find(dir: &Path) -> io::Result<Option<(PathBuf, String)>> {
    let mut found = None;
    for entry in fs::read_dir(dir)? {
        let entry = entry?;
        let name = entry.file_name();
        let stamp = name.to_str().and_then(|name| name.strip_prefix(SUCCESSOR));
        if let Some(stamp) = stamp {
            found = found.max(Some((entry.path(), stamp.to_owned())));
        }
    }
    Ok(found)
}

#[cfg(test)]
mod tests;
