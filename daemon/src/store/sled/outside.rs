//! Owns the newest revision outside sled's log: a small file beside it. The sums inside the log
//! tell when rows are missing from it; only what stands outside tells when the log as a whole ends
//! too early.
//!
//! Invariants: the file never leads what is durable in the log, for it is written after the log's
//! fsync; it may lag, for it is fsynced only now and then and at a clean stop. So a kill or a loss
//! of power is never taken for damage. It has two places, written in turn in one piece each: of a
//! write that was torn the other place is left.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::{FileExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use super::super::engine::Revision;

/// The file's name, in the store's directory.
const FILE: &str = "last-revision";

/// The length of a place: a disk writes its sectors whole.
const PLACE: usize = 512;

/// Commits between two fsyncs of the file.
const SYNC_EVERY: u64 = 1000;

/// The open file.
#[derive(Debug)]
pub(super) struct Outside {
    file: File,
    store: String,
    /// The place written next, 0 or 1.
    next: u64,
    written: Revision,
    synced: Revision,
}

/// The newest revision written down for `store` in `dir`; `None` where there is none, as in stores
/// of version 0.1.0.
pub(super) fn read(dir: &Path, store: &str) -> io::Result<Option<Revision>> {
    match fs::read(dir.join(FILE)) {
        Ok(bytes) => Ok(newest(&bytes, store).map(|(revision, _)| revision)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(cause),
    }
}

impl Outside {
    /// Opens or makes the file and writes `revision`, durably. What stands there of this store is
    /// at most that.
    pub(super) fn begin(dir: &Path, store: &str, revision: Revision) -> io::Result<Self> {
        let path = dir.join(FILE);
        keep_aside(&path)?;
        let mut options = File::options();
        let file = options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600)
            .open(&path)?;
        let newest = newest(&read_all(&file)?, store);
        let mut outside = Self {
            file,
            store: store.to_owned(),
            next: newest.map_or(0, |(_, place)| 1 - place),
            written: newest.map_or(Revision(0), |(revision, _)| revision),
            synced: Revision(0),
        };
        if newest.is_none_or(|(known, _)| known < revision) {
            outside.write(revision)?;
        }
        outside.sync()?;
        File::open(dir)?.sync_all()?;
        Ok(outside)
    }

    /// Writes down a revision that is durable in the log.
    pub(super) fn note(&mut self, revision: Revision) -> io::Result<()> {
        self.write(revision)?;
        match revision.0.saturating_sub(self.synced.0) >= SYNC_EVERY {
            true => self.sync(),
            false => Ok(()),
        }
    }

    /// Makes what was noted durable.
    pub(super) fn sync(&mut self) -> io::Result<()> {
        self.file.sync_data()?;
        self.synced = self.written;
        Ok(())
    }

    fn write(&mut self, revision: Revision) -> io::Result<()> {
        let place = place(&self.store, revision);
        self.file.write_all_at(&place, self.next * PLACE as u64)?;
        self.next = 1 - self.next;
        self.written = revision;
        Ok(())
    }
}

/// A file of which nothing can be read is not written over.
fn keep_aside(path: &Path) -> io::Result<()> {
    let bytes = match fs::read(path) {
        Ok(bytes) => bytes,
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => return Ok(()),
        Err(cause) => return Err(cause),
    };
    let readable = bytes.chunks(PLACE).any(|place| said(place).is_some());
    if readable || bytes.is_empty() {
        return Ok(());
    }
    let mut number = 1;
    let aside = loop {
        let aside = path.with_extension(format!("unreadable-{number}"));
        if !aside.exists() {
            break aside;
        }
        number += 1;
    };
    tracing::warn!(file = %aside.display(), "the last revision outside the log cannot be read; it is kept there, and written anew");
    fs::rename(path, aside)
}

fn read_all(file: &File) -> io::Result<Vec<u8>> {
    let mut bytes = vec![0; 2 * PLACE];
    let mut length = 0;
    loop {
        match file.read_at(&mut bytes[length..], length as u64)? {
            0 => break,
            read => length += read,
        }
    }
    bytes.truncate(length);
    Ok(bytes)
}

/// `revision store checksum`, and spaces up to the end.
fn place(store: &str, revision: Revision) -> [u8; PLACE] {
    let said = format!("{revision} {store}");
    let line = format!("{said} {:08x}", crc32fast::hash(said.as_bytes()));
    let mut place = [b' '; PLACE];
    place[PLACE - 1] = b'\n';
    for (into, from) in place.iter_mut().zip(line.bytes()) {
        *into = from;
    }
    place
}

/// The newest revision of `store`, and the place it is in.
fn newest(bytes: &[u8], store: &str) -> Option<(Revision, u64)> {
    let places = (0..).zip(bytes.chunks(PLACE).take(2));
    let read = places.filter_map(|(number, place)| Some((understood(place, store)?, number)));
    read.max()
}

fn understood(place: &[u8], store: &str) -> Option<Revision> {
    let (revision, of) = said(place)?;
    (of == store).then_some(revision)
}

/// The revision and the store a place names, where it is whole.
fn said(place: &[u8]) -> Option<(Revision, &str)> {
    let text = std::str::from_utf8(place).ok()?.trim_end();
    let (said, sum) = text.rsplit_once(' ')?;
    if sum != format!("{:08x}", crc32fast::hash(said.as_bytes())) {
        return None;
    }
    let (revision, store) = said.split_once(' ')?;
    Some((Revision(revision.parse().ok()?), store))
}

/// Where it is, for messages.
pub(super) fn path(dir: &Path) -> PathBuf {
    dir.join(FILE)
}

#[cfg(test)]
mod tests {
    use super::*;

    const STORE: &str = "0123456789abcdef0123456789abcdef";

    #[test]
    fn the_newest_is_read_back_and_a_torn_or_flipped_place_leaves_the_one_before() {
        let dir = tempfile::tempdir().unwrap();
        assert_eq!(read(dir.path(), STORE).unwrap(), None);
        let mut outside = Outside::begin(dir.path(), STORE, Revision(7)).unwrap();
        for revision in 8..=20 {
            outside.note(Revision(revision)).unwrap();
            assert_eq!(read(dir.path(), STORE).unwrap(), Some(Revision(revision)));
        }
        let whole = fs::read(path(dir.path())).unwrap();
        assert_eq!(whole.len(), 2 * PLACE);
        let newest = whole.windows(3).position(|bytes| bytes == b"20 ").unwrap();
        for byte in newest..newest + 30 {
            let mut flipped = whole.clone();
            flipped[byte] ^= 4;
            fs::write(path(dir.path()), flipped).unwrap();
            assert_eq!(
                read(dir.path(), STORE).unwrap(),
                Some(Revision(19)),
                "{byte}"
            );
        }
    }

    /// Case R12: what could not be read is kept.
    #[test]
    fn a_file_of_which_nothing_can_be_read_is_set_aside_and_begun_anew() {
        let dir = tempfile::tempdir().unwrap();
        for number in 1..=2 {
            fs::write(path(dir.path()), b"no revision at all").unwrap();
            drop(Outside::begin(dir.path(), STORE, Revision(3)).unwrap());
            assert_eq!(read(dir.path(), STORE).unwrap(), Some(Revision(3)));
            let aside = dir
                .path()
                .join(format!("last-revision.unreadable-{number}"));
            assert_eq!(fs::read(aside).unwrap(), b"no revision at all");
        }
    }

    #[test]
    fn the_file_of_another_store_says_nothing_about_this_one() {
        let dir = tempfile::tempdir().unwrap();
        drop(Outside::begin(dir.path(), "another", Revision(900)).unwrap());
        assert_eq!(read(dir.path(), STORE).unwrap(), None);
        drop(Outside::begin(dir.path(), STORE, Revision(3)).unwrap());
        assert_eq!(read(dir.path(), STORE).unwrap(), Some(Revision(3)));
    }

    #[test]
    fn beginning_again_never_goes_back_and_writes_the_older_place_first() {
        let dir = tempfile::tempdir().unwrap();
        let mut outside = Outside::begin(dir.path(), STORE, Revision(1)).unwrap();
        outside.note(Revision(2)).unwrap();
        drop(outside);
        let mut again = Outside::begin(dir.path(), STORE, Revision(2)).unwrap();
        again.note(Revision(3)).unwrap();
        let text = fs::read_to_string(path(dir.path())).unwrap();
        let revisions: Vec<_> = text
            .lines()
            .filter_map(|line| line.split(' ').next())
            .collect();
        assert_eq!(revisions, ["3", "2"]);
    }
}
