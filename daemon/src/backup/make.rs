//! A file from the store: copied, sealed, fsynced, read back and opened, and only then given its
//! name.

use std::fs::{self, File};
use std::io::{BufReader, BufWriter, Read, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use greenroom_protocol::time::Instant;
use sha2::{Digest, Sha256};
use tokio::sync::mpsc;
use tokio::task::spawn_blocking;

use super::sealed::{End, Opener, Part, SealedError, Sealer, hexadecimal};
use super::{BackupError, Inner};
use crate::directories;
use crate::store::Revision;
use crate::store::copy::{Line, copy};
use crate::vault::Vault;

/// This much must stay free on the disk, so that a backup never keeps the store from writing.
const KEEP_FREE: u64 = 128 << 20;

/// How many bytes are written between two looks at the disk.
const LOOK_EVERY: u64 = 16 << 20;

/// Pages on their way from the store to the file.
const PAGES: usize = 4;

/// A backup that was read back.
#[derive(Debug, Clone)]
pub(super) struct Made {
    pub(super) path: PathBuf,
    pub(super) made_at: Instant,
    pub(super) revision: Revision,
    pub(super) rows: u64,
    pub(super) bytes: u64,
    /// SHA-256 of the file, hexadecimal.
    pub(super) digest: String,
}

/// Makes a backup and gives it the name `name` in the directory of backups.
pub(super) async fn make(backups: &Inner, name: &str) -> Result<Made, BackupError> {
    let _one = backups.one.lock().await;
    let directory = backups.places.directory.clone();
    let (fresh, path) = (directory.join(format!("{name}.new")), directory.join(name));
    let made_at = backups.clock.now();
    let written = write(backups, &fresh, made_at).await;
    let removed = fresh.clone();
    let done = match written {
        Err(error) => Err(error),
        Ok(end) => {
            let vault = backups.vault.clone();
            blocking(move || {
                let (read, bytes, digest) = read_back(&fresh, &vault)?;
                if read != end {
                    return Err(BackupError::Unlike);
                }
                keep(&fresh, &path)?;
                let End { revision, rows, .. } = end;
                Ok(Made {
                    path,
                    made_at,
                    revision,
                    rows,
                    bytes,
                    digest,
                })
            })
            .await
        }
    };
    if done.is_err() {
        // Half a backup is worth nothing; nobody else knows of it.
        let _ = blocking(move || Ok(fs::remove_file(removed).ok())).await;
    }
    done
}

async fn write(backups: &Inner, fresh: &Path, made_at: Instant) -> Result<End, BackupError> {
    let (into, lines) = mpsc::channel(PAGES);
    let (vault, store) = (backups.vault.clone(), backups.store.store_id().to_owned());
    let path = fresh.to_owned();
    let writing = spawn_blocking(move || {
        let file = create(&path)?;
        let out = BufWriter::new(Watched::new(file, &path));
        let sealer = Sealer::begin(out, &vault, made_at, &store).map_err(not_written(&path))?;
        take(sealer, lines).map_err(not_written(&path))
    });
    let copied = copy(&backups.store, into).await;
    let stopped = |stopped: tokio::task::JoinError| BackupError::Stopped(stopped.to_string());
    let sealer = writing.await.map_err(stopped)??;
    let copied = copied?;
    let revision = copied.ok_or_else(|| BackupError::Stopped("nobody took the copy".into()))?;
    // After the copy: every key that what was copied needs was made before.
    let ring = backups.vault.ring_copy().map_err(SealedError::Vault)?;
    let path = fresh.to_owned();
    blocking(move || {
        let failed = not_written(&path);
        let (end, out) = sealer.end(revision, &ring).map_err(&failed)?;
        let out = out
            .into_inner()
            .map_err(|error| failed(error.into_error().into()))?;
        let synced = out.file.sync_all();
        synced.map_err(|cause| failed(cause.into()))?;
        Ok(end)
    })
    .await
}

fn take<W: Write>(
    mut sealer: Sealer<W>,
    mut lines: mpsc::Receiver<Vec<Line>>,
) -> Result<Sealer<W>, SealedError> {
    while let Some(lines) = lines.blocking_recv() {
        sealer.add(&lines)?;
    }
    Ok(sealer)
}

/// For `map_err`: what failed while a backup was written to `path`. The same error means something
/// else where one is read.
fn not_written(path: &Path) -> impl Fn(SealedError) -> BackupError {
    let failed = BackupError::io("write the backup", path);
    move |error| match error {
        // A disk that was seen to fill up comes through here as what it is.
        SealedError::Io(cause) => cause.downcast::<BackupError>().unwrap_or_else(&failed),
        error => BackupError::NotSealed(error),
    }
}

/// Opens the whole file. What its end mark says, its length and its digest.
fn read_back(path: &Path, vault: &Vault) -> Result<(End, u64, String), BackupError> {
    let file = File::open(path).map_err(BackupError::io("read the backup back", path))?;
    let mut opener = Opener::open(BufReader::new(Summed::new(file)), vault)?;
    let end = loop {
        if let Part::End(end) = opener.next()? {
            break end;
        }
    };
    let (bytes, digest) = opener.into_inner().into_inner().end();
    Ok((end, bytes, digest))
}

/// Gives a file its name, durably.
fn keep(fresh: &Path, path: &Path) -> Result<(), BackupError> {
    fs::rename(fresh, path).map_err(BackupError::io("keep the backup", path))?;
    let directory = path.parent().unwrap_or(Path::new("."));
    File::open(directory)
        .and_then(|directory| directory.sync_all())
        .map_err(BackupError::io("keep the backup", directory))
}

/// A new file of this user alone. Its directory is made closed where it is missing; one the
/// administrator made is left as it is, for somebody else may fetch the backups from there, and
/// they are sealed.
pub(super) fn create(path: &Path) -> Result<File, BackupError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    directories::make(directory)
        .map_err(BackupError::io("make the directory of backups", directory))?;
    // What a killed daemon left.
    let _ = fs::remove_file(path);
    File::options()
        .write(true)
        .create_new(true)
        .mode(0o600)
        .open(path)
        .map_err(BackupError::io("make a file", path))
}

pub(super) async fn blocking<T: Send + 'static>(
    work: impl FnOnce() -> Result<T, BackupError> + Send + 'static,
) -> Result<T, BackupError> {
    spawn_blocking(work)
        .await
        .unwrap_or_else(|stopped| Err(BackupError::Stopped(stopped.to_string())))
}

/// Refuses to do `what` when the disk has too little room left.
pub(super) fn room(what: &'static str, path: &Path) -> Result<(), BackupError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(directory)
        .map_err(|cause| BackupError::io("ask for free space", directory)(cause.into()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    match free >= KEEP_FREE {
        true => Ok(()),
        false => Err(BackupError::Full {
            what,
            free,
            needed: KEEP_FREE,
        }),
    }
}

/// A file that is written no further than the disk has room.
struct Watched {
    file: File,
    path: PathBuf,
    /// Bytes until the next look.
    left: u64,
}

impl Watched {
    fn new(file: File, path: &Path) -> Self {
        Self {
            file,
            path: path.to_owned(),
            left: 0,
        }
    }
}

impl Write for Watched {
    fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
        if self.left == 0 {
            room("write the backup", &self.path).map_err(std::io::Error::other)?;
            self.left = LOOK_EVERY;
        }
        let written = self.file.write(bytes)?;
        self.left = self.left.saturating_sub(written as u64);
        Ok(written)
    }

    fn flush(&mut self) -> std::io::Result<()> {
        self.file.flush()
    }
}

/// Sums up what is read.
struct Summed<R> {
    input: R,
    bytes: u64,
    sum: Sha256,
}

impl<R> Summed<R> {
    fn new(input: R) -> Self {
        Self {
            input,
            bytes: 0,
            sum: Sha256::new(),
        }
    }

    fn end(self) -> (u64, String) {
        (self.bytes, hexadecimal(&self.sum.finalize()))
    }
}

impl<R: Read> Read for Summed<R> {
    fn read(&mut self, into: &mut [u8]) -> std::io::Result<usize> {
        let read = self.input.read(into)?;
        self.bytes += read as u64;
        self.sum.update(&into[..read]);
        Ok(read)
    }
}

#[cfg(test)]
mod tests {
    use std::io::ErrorKind;

    use super::*;
    use crate::store::key::Key;

    /// A disk that fills up.
    struct Room(usize);

    impl Write for Room {
        fn write(&mut self, bytes: &[u8]) -> std::io::Result<usize> {
            match self.0.checked_sub(bytes.len()) {
                Some(left) => self.0 = left,
                None => return Err(ErrorKind::StorageFull.into()),
            }
            Ok(bytes.len())
        }

        fn flush(&mut self) -> std::io::Result<()> {
            Ok(())
        }
    }

    fn written(room: usize) -> Result<usize, BackupError> {
        let vault = Vault::ephemeral().unwrap();
        let failed = not_written(Path::new("/backups/a.backup"));
        let now = Instant::from_second(0);
        let sealer = Sealer::begin(Room(room), &vault, now, "store").map_err(&failed)?;
        let (into, lines) = mpsc::channel(1);
        let line = Line {
            key: Key::new("w", "t", "a").unwrap(),
            revision: Revision(1),
            body: Some(vec![7; 100]),
        };
        into.try_send(vec![line]).unwrap();
        drop(into);
        let sealer = take(sealer, lines).map_err(&failed)?;
        let (_, left) = sealer.end(Revision(1), b"ring").map_err(failed)?;
        Ok(room - left.0)
    }

    /// Case R12: wherever the disk is full, it is the writing that failed, and what to do is said.
    #[test]
    fn a_disk_that_fills_up_is_told_as_such_wherever_it_does() {
        let needed = written(1 << 20).unwrap();
        for room in (0..needed).step_by(97) {
            let refused = written(room).unwrap_err();
            let told = refused.to_string();
            assert!(
                told.contains("could not write the backup (/backups/a.backup)"),
                "{told}"
            );
            assert!(!told.contains("read"), "{told}");
            let told = greenroom_protocol::Error::from(refused);
            assert!(told.hint.unwrap().contains("make room"), "{room}");
        }
    }

    /// Case R12: the same where too little was left before it was full.
    #[test]
    fn a_disk_with_too_little_room_is_told_by_what_was_being_done() {
        let full = BackupError::Full {
            what: "write the backup",
            free: 5,
            needed: KEEP_FREE,
        };
        let seen = SealedError::Io(std::io::Error::other(full));
        let told = not_written(Path::new("/b"))(seen).to_string();
        assert!(
            told.starts_with("could not write the backup: only 5 bytes are free"),
            "{told}"
        );
    }
}
