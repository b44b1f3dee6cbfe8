//! A file from the store: copied, sealed, fsynced, read back and opened, and only then given its name.

use std::{
    fs::{self, File},
    io::{BufReader, BufWriter, Read, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
};

use greenroom_protocol::time::Instant;
use sha2::{Digest, Sha256};
use tokio::{sync::mpsc, task::spawn_blocking};

use super::{
    BackupError, Inner,
    sealed::{End, Opener, Part, SealedError, Sealer, hexadecimal},
};
use crate::{
    directories,
    store::{
        Revision,
        copy::{Line, copy},
    },
    zoom::vault::Vault,
};

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
        let out = Watched::new(file, &path);
        let sealer = Sealer::begin(BufWriter::new(out), &vault, made_at, &store)?;
        take(sealer, lines)
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
        let (end, out) = sealer.end(revision, &ring)?;
        let failed = BackupError::io("write the backup", &path);
        let out = out
            .into_inner()
            .map_err(|error| failed(error.into_error()))?;
        out.file.sync_all().map_err(failed)?;
        Ok(end)
    })
    .await
}

fn take<W: Write>(
    mut sealer: Sealer<W>,
    mut lines: mpsc::Receiver<Vec<Line>>,
) -> Result<Sealer<W>, BackupError> {
    while let Some(lines) = lines.blocking_recv() {
        sealer.add(&lines)?;
    }
    Ok(sealer)
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

/// A new file of this user alone. Its directory is made closed where it is missing; one the administrator made is left as it
/// is, for somebody else may fetch the backups from there, and they are sealed.
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

/// Refuses when the disk has too little room left.
pub(super) fn room(path: &Path) -> Result<(), BackupError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let disk = rustix::fs::statvfs(directory)
        .map_err(|cause| BackupError::io("ask for free space", directory)(cause.into()))?;
    let free = disk.f_bavail.saturating_mul(disk.f_frsize);
    match free >= KEEP_FREE {
        true => Ok(()),
        false => Err(BackupError::Full {
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
            room(&self.path).map_err(std::io::Error::other)?;
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
