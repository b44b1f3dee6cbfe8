//! Owns the `lock` file: one process at a time has the store. The kernel releases it with the
//! process, however that ends, so a leftover file means nothing. What is written in it is for a
//! process that finds it locked: the process and, once it serves callers, its socket.

use std::fs::{File, OpenOptions, TryLockError};
use std::io::{self, Seek, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::Path;
use std::thread::sleep;
use std::time::Duration;

use greenroom_protocol::holder::Holder;
pub(super) use greenroom_protocol::holder::LOCK;

/// How often the lock is tried where this process itself had it last: a child that is being started
/// holds it too until it has become another program.
const TRIES: usize = 40;
const PAUSE: Duration = Duration::from_millis(25);

/// Of what came of a reload, as much is written down, in characters.
const LONGEST_ANSWER: usize = 1000;

/// The held lock; dropping it lets others in.
pub(super) struct Lock {
    _file: File,
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
            let holder = Holder::read(&mut file);
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

/// Writes down what came of the `number`th reload, after where the holder answers.
pub(super) fn answer_reload(
    path: &Path,
    number: u64,
    answer: &Result<String, String>,
) -> io::Result<()> {
    let mut file = OpenOptions::new().read(true).write(true).open(path)?;
    let holder = Holder::read(&mut file);
    let process = holder.process.unwrap_or_else(std::process::id);
    let socket = holder.socket.unwrap_or_default();
    let (word, text) = match answer {
        Ok(text) => ("done", text),
        Err(why) => ("refused", why),
    };
    let text: String = text
        .replace('\n', " ")
        .chars()
        .take(LONGEST_ANSWER)
        .collect();
    let lines = format!(
        "{process}\n{}\nreload {number} {word} {text}\n",
        socket.display()
    );
    file.rewind()?;
    file.write_all(lines.as_bytes())?;
    file.set_len(lines.len() as u64)
}
