//! Owns the `lock` file: one process at a time has the store. The kernel releases it with the process, however
//! that ends, so a leftover file means nothing. What is written in it is for whoever finds it locked: the process and,
//! once it serves callers, its socket.

use std::{
    fmt,
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::{Path, PathBuf},
    thread::sleep,
    time::Duration,
};

/// More than a process id and the longest path of a socket.
const LONGEST: u64 = 4096;

/// How often the lock is tried where this process itself had it last: a child that is being started holds it too until it has
/// become another program.
const TRIES: usize = 40;
const PAUSE: Duration = Duration::from_millis(25);

/// The file's name, in the store's directory.
pub(super) const LOCK: &str = "lock";

/// The held lock; dropping it lets others in.
pub(super) struct Lock {
    _file: File,
}

/// Who holds the lock, as far as could be read.
#[derive(Debug, Clone, Default, PartialEq, Eq)]
pub struct Holder {
    /// Its process id.
    pub process: Option<u32>,
    /// Where it answers.
    pub socket: Option<PathBuf>,
}

impl fmt::Display for Holder {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self.process {
            Some(process) => write!(out, "process {process} has it")?,
            None => out.write_str("another process has it")?,
        }
        match &self.socket {
            Some(socket) => write!(out, " and answers at {}", socket.display()),
            None => Ok(()),
        }
    }
}

/// Why the lock is not ours.
pub(super) enum NotLocked {
    /// Another holds it.
    Held(Holder),
    /// The file cannot be used.
    Io(io::Error),
}

impl From<io::Error> for NotLocked {
    fn from(cause: io::Error) -> Self {
        Self::Io(cause)
    }
}

impl Lock {
    /// Takes the lock at once or not at all.
    pub(super) fn take(path: &Path) -> Result<Self, NotLocked> {
        let mut options = OpenOptions::new();
        options
            .read(true)
            .write(true)
            .create(true)
            .truncate(false)
            .mode(0o600);
        let mut file = options.open(path)?;
        let mut tries = TRIES;
        loop {
            match file.try_lock() {
                Ok(()) => break,
                Err(TryLockError::WouldBlock) => {}
                Err(TryLockError::Error(cause)) => return Err(cause.into()),
            }
            file.rewind()?;
            let holder = holder(&mut file);
            tries -= 1;
            if tries == 0 || holder.process != Some(std::process::id()) {
                return Err(NotLocked::Held(holder));
            }
            sleep(PAUSE);
        }
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())?;
        Ok(Self { _file: file })
    }
}

/// Writes down where the holder of the lock answers.
pub(super) fn announce(path: &Path, socket: &Path) -> io::Result<()> {
    let mut file = OpenOptions::new().append(true).open(path)?;
    writeln!(file, "{}", socket.display())
}

fn holder(file: &mut File) -> Holder {
    let mut text = String::new();
    if file.take(LONGEST).read_to_string(&mut text).is_err() {
        return Holder::default();
    }
    let mut lines = text.lines();
    Holder {
        process: lines.next().and_then(|line| line.parse().ok()),
        socket: lines.next().map(PathBuf::from),
    }
}
