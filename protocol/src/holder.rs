//! Who has a store: what is written in the `lock` file of its directory, for a process that finds
//! it locked.
//!
//! The kernel releases the lock with the process, however that ends, so what is written there
//! counts only while the lock is held. The first line is the process, the second its socket; later
//! lines are for later versions.

use std::fmt;
use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use rustix::fs::{FlockOperation, flock};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, pidfd_open};

/// The file's name, in the store's directory.
pub const LOCK: &str = "lock";

/// More than a process id, the longest path of a socket and the answer to a reload.
const LONGEST: u64 = 8192;

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

impl Holder {
    /// Reads what is written in the lock file.
    pub fn read(file: &mut File) -> Self {
        let mut text = String::new();
        if file.take(LONGEST).read_to_string(&mut text).is_err() {
            return Self::default();
        }
        let mut lines = text.lines();
        let process = lines.next().and_then(|line| line.parse().ok());
        let socket = lines.next().filter(|line| !line.is_empty());
        Self {
            process,
            socket: socket.map(PathBuf::from),
        }
    }

    /// Who has the store in `directory`; `None` where nobody has.
    ///
    /// # Errors
    /// When the lock file is there and cannot be read or tried.
    pub fn of(directory: &Path) -> io::Result<Option<Self>> {
        let mut file = match File::open(directory.join(LOCK)) {
            Ok(file) => file,
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let holder = Self::read(&mut file);
        // Looked at first, so that a daemon that starts right now is seldom in the way of this
        // trial, nor this of it. Not by `/proc`: within the service that hides processes
        // that forbid dumps, as the daemon does.
        let pid = holder
            .process
            .and_then(|it| Pid::from_raw(it.try_into().ok()?));
        let lives = pid.is_some_and(|pid| pidfd_open(pid, PidfdFlags::empty()).is_ok());
        if !lives {
            return Ok(None);
        }
        match flock(&file, FlockOperation::NonBlockingLockShared) {
            Err(Errno::WOULDBLOCK) => Ok(Some(holder)),
            Err(error) => Err(error.into()),
            Ok(()) => Ok(None),
        }
    }
}

#[cfg(test)]
mod tests {
    use std::io::Write as _;

    use super::*;

    #[test]
    fn only_who_holds_the_lock_is_named() {
        let directory = tempfile::tempdir().unwrap();
        assert_eq!(Holder::of(directory.path()).unwrap(), None);
        let mut file = File::create(directory.path().join(LOCK)).unwrap();
        let own = std::process::id();
        writeln!(file, "{own}\n/run/x/greenroom.sock\nlater lines").unwrap();
        assert_eq!(Holder::of(directory.path()).unwrap(), None, "nobody has it");
        file.try_lock().unwrap();
        let holder = Holder::of(directory.path()).unwrap().unwrap();
        assert_eq!(holder.process, Some(own));
        assert_eq!(
            holder.to_string(),
            format!("process {own} has it and answers at /run/x/greenroom.sock")
        );
    }
}
