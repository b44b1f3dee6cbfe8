//! A log file that does not grow for ever.
//!
//! Invariant: the file at the path is the newest, and with it at most [`KEPT`] former ones are
//! kept, each of about [`LIMIT`] bytes. A line is in one file, whole. Where a file cannot be turned
//! over, the log goes on in the old one: to lose the room on the disk slowly is better than to lose
//! the log.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

/// Bytes after which a new file is begun. At the usual level that is months.
const LIMIT: u64 = 4 << 20;

/// Former files that are kept: `greenroomd.log.1` is the newest of them.
const KEPT: u32 = 3;

/// The log's file.
pub(super) struct Rotating {
    path: PathBuf,
    file: File,
    size: u64,
    limit: u64,
}

impl Rotating {
    /// Goes on in the file at `path`, or begins it.
    pub(super) fn open(path: &Path) -> io::Result<Self> {
        Self::with_limit(path, LIMIT)
    }

    fn with_limit(path: &Path, limit: u64) -> io::Result<Self> {
        if let Some(directory) = path.parent() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(directory)?;
        }
        let file = append(path)?;
        let size = file.metadata()?.len();
        let path = path.to_owned();
        Ok(Self {
            path,
            file,
            size,
            limit,
        })
    }

    /// Begins a new file: each former one moves up by one place, and the oldest makes room.
    fn turn_over(&mut self) -> io::Result<()> {
        for number in (1..KEPT).rev() {
            match fs::rename(
                numbered(&self.path, number),
                numbered(&self.path, number + 1),
            ) {
                Err(error) if error.kind() != io::ErrorKind::NotFound => return Err(error),
                _ => {}
            }
        }
        fs::rename(&self.path, numbered(&self.path, 1))?;
        let file = append(&self.path)?;
        // A panic is written to the standard error, which is this file where a client started the
        // daemon.
        if is_same(&self.file, &io::stderr()) {
            rustix::stdio::dup2_stderr(&file)?;
            rustix::stdio::dup2_stdout(&file)?;
        }
        self.file = file;
        self.size = 0;
        Ok(())
    }
}

impl Write for Rotating {
    fn write(&mut self, bytes: &[u8]) -> io::Result<usize> {
        let more = bytes.len() as u64;
        // What a client or a panic wrote into the same file counts too.
        if self.size + more > self.limit {
            self.size = self.file.metadata().map_or(self.size, |found| found.len());
        }
        // Nobody hears of a failure here: the log goes on in the old file, and it is tried again
        // after as much more.
        if self.size > 0 && self.size + more > self.limit && self.turn_over().is_err() {
            self.size = 0;
        }
        self.file.write_all(bytes)?;
        self.size += more;
        Ok(bytes.len())
    }

    fn flush(&mut self) -> io::Result<()> {
        self.file.flush()
    }
}

fn append(path: &Path) -> io::Result<File> {
    OpenOptions::new()
        .create(true)
        .append(true)
        .mode(0o600)
        .open(path)
}

fn numbered(path: &Path, number: u32) -> PathBuf {
    let mut name = path.as_os_str().to_owned();
    name.push(format!(".{number}"));
    PathBuf::from(name)
}

fn is_same(file: &File, other: &impl std::os::fd::AsFd) -> bool {
    let of = |file: std::os::fd::BorrowedFd<'_>| {
        let found = rustix::fs::fstat(file).ok()?;
        Some((found.st_dev, found.st_ino))
    };
    let own = of(std::os::fd::AsFd::as_fd(file));
    own.is_some() && own == of(other.as_fd())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn names(directory: &Path) -> Vec<String> {
        let entries = fs::read_dir(directory).unwrap();
        let mut names: Vec<_> = entries
            .map(|entry| entry.unwrap().file_name().into_string().unwrap())
            .collect();
        names.sort();
        names
    }

    /// Case C10.
    #[test]
    fn however_much_is_said_a_few_files_of_limited_size_are_kept_and_the_newest_is_whole() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("state/greenroomd.log");
        let mut log = Rotating::with_limit(&path, 1000).unwrap();
        for number in 0..5_000 {
            let line = format!("line {number}\n");
            log.write_all(line.as_bytes()).unwrap();
        }
        let state = path.parent().unwrap();
        assert_eq!(
            names(state),
            [
                "greenroomd.log",
                "greenroomd.log.1",
                "greenroomd.log.2",
                "greenroomd.log.3"
            ]
        );
        let mut all = String::new();
        for name in names(state).iter().rev() {
            let text = fs::read_to_string(state.join(name)).unwrap();
            assert!(text.len() <= 1000, "{name}: {}", text.len());
            all.push_str(&text);
        }
        // What is kept is the end of it, without a gap.
        let numbers: Vec<u32> = all
            .lines()
            .map(|line| line.strip_prefix("line ").unwrap().parse().unwrap())
            .collect();
        assert_eq!(numbers.last(), Some(&4_999));
        assert!(numbers.windows(2).all(|pair| pair[1] == pair[0] + 1));
    }

    /// Case C10.
    #[test]
    fn a_file_that_was_too_large_before_is_turned_over_at_the_first_line() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("greenroomd.log");
        fs::write(&path, vec![b'x'; 5_000]).unwrap();
        let mut log = Rotating::with_limit(&path, 1000).unwrap();
        log.write_all(b"new\n").unwrap();
        assert_eq!(fs::read_to_string(&path).unwrap(), "new\n");
        assert_eq!(numbered(&path, 1).metadata().unwrap().len(), 5_000);
    }

    /// Case C10.
    #[test]
    fn where_it_cannot_be_turned_over_the_log_goes_on() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path().join("greenroomd.log");
        let mut log = Rotating::with_limit(&path, 100).unwrap();
        // A directory that is not empty takes no other's place.
        for number in 1..=KEPT {
            fs::create_dir_all(numbered(&path, number).join("in the way")).unwrap();
        }
        for _ in 0..50 {
            log.write_all(b"ten bytes\n").unwrap();
        }
        assert_eq!(path.metadata().unwrap().len(), 500);
    }
}
