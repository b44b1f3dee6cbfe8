//! Owns the `lock` file: one process at a time has the store. The kernel releases it with the process, however
//! that ends, so a leftover file means nothing.

use std::{
    fs::{File, OpenOptions, TryLockError},
    io::{self, Read, Seek, Write},
    os::unix::fs::OpenOptionsExt,
    path::Path,
};

/// The held lock; dropping it lets others in.
pub(super) struct Lock {
    _file: File,
}

/// Why the lock is not ours.
pub(super) enum NotLocked {
    /// Another holds it; its process id, where it could be read.
    Held(Option<u32>),
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
        match file.try_lock() {
            Ok(()) => {}
            Err(TryLockError::WouldBlock) => return Err(NotLocked::Held(holder(&mut file))),
            Err(TryLockError::Error(cause)) => return Err(cause.into()),
        }
        file.set_len(0)?;
        file.rewind()?;
        writeln!(file, "{}", std::process::id())?;
        Ok(Self { _file: file })
    }
}

fn holder(file: &mut File) -> Option<u32> {
    let mut text = String::new();
    file.take(16).read_to_string(&mut text).ok()?;
    text.trim().parse().ok()
}
