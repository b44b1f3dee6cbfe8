//! Starting a daemon where none runs: lock, probe, spawn, wait until it answers.
//!
//! Invariant: of many clients that start at once, one spawns and all end up with the same daemon.
//! The daemon outlives us: it leaves our session on its own (`run --detach`), and its output goes to
//! the log.

use std::ffi::OsString;
use std::fs::{DirBuilder, File, OpenOptions};
use std::io::{self, Read, Seek, SeekFrom};
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};
use std::process::Stdio;
use std::time::Duration;

use greenroom_protocol::{Error, ErrorKind, socket};
use rustix::fs::{FlockOperation, flock};
use tokio::process::{Child, Command};
use tokio::time::{Instant, MissedTickBehavior, interval, timeout_at};

use super::connect::ConnectError;
use super::{Client, Target};

/// How long a daemon may take from its start to its first answer.
const READY: Duration = Duration::from_secs(20);

/// Between two looks at whether it answers.
const PROBE: Duration = Duration::from_millis(40);

/// Of the log, as much as is shown when a start failed, in bytes.
const TAIL: u64 = 4_000;

/// What starts a daemon. `GREENROOM_SOCKET` is added to the environment, so that it listens where
/// we look.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct DaemonCommand {
    /// The program.
    pub program: PathBuf,
    /// Its arguments.
    pub args: Vec<OsString>,
    /// What is added to its environment.
    pub env: Vec<(OsString, OsString)>,
}

impl DaemonCommand {
    /// `greenroomd run --detach`: the one beside this program, else the one in `PATH`.
    pub fn usual() -> Self {
        let beside = std::env::current_exe()
            .ok()
            .map(|program| program.with_file_name("greenroomd"))
            .filter(|program| program.is_file());
        Self {
            program: beside.unwrap_or_else(|| "greenroomd".into()),
            args: vec!["run".into(), "--detach".into()],
            env: Vec::new(),
        }
    }
}

/// Where a daemon we start writes its log.
pub fn log_path() -> Option<PathBuf> {
    Some(socket::state_directory()?.join("greenroomd.log"))
}

#[derive(Debug, thiserror::Error)]
enum StartError {
    #[error("Couldn't start the daemon: this user has no home directory")]
    NoHome,
    #[error("Couldn't start the daemon: writing to {} failed: {}", .0.display(), .1)]
    State(PathBuf, io::Error),
    #[error("Couldn't start the daemon: running {} failed: {}", .0.display(), .1)]
    Spawn(PathBuf, io::Error),
    #[error("Couldn't start the daemon: it ended immediately{}", reason(.said))]
    Ended { said: String, log: PathBuf },
    #[error("Couldn't start the daemon: it did not respond within {} s", READY.as_secs())]
    Late { log: PathBuf },
}

/// What the daemon said last, preferably as itself: its log is in the same file.
fn reason(said: &str) -> String {
    let mut lines = said.lines().rev().map(str::trim);
    let own = lines
        .clone()
        .find_map(|line| line.strip_prefix("greenroomd: "));
    let last = own.or_else(|| lines.find(|line| !line.is_empty()));
    last.map(|line| format!(": {line}")).unwrap_or_default()
}

impl From<StartError> for Error {
    fn from(error: StartError) -> Self {
        let hint = match &error {
            StartError::NoHome => {
                "start it yourself and name its socket: greenroomd run".to_owned()
            }
            StartError::State(..) => "make that place writable, or set XDG_STATE_HOME".to_owned(),
            StartError::Spawn(..) => "put greenroomd beside greenroom, or into PATH".to_owned(),
            StartError::Ended { log, .. } | StartError::Late { log } => {
                format!("its log: {}", log.display())
            }
        };
        Self::new(ErrorKind::Unreachable, error.to_string()).hint(hint)
    }
}

/// Starts the daemon of `target`, or waits for somebody else's start of it, until it answers.
pub(super) async fn start(target: &Target, daemon: &DaemonCommand) -> Result<Client, Error> {
    let state = socket::state_directory().ok_or(StartError::NoHome)?;
    let log = state.join("greenroomd.log");
    let lock = open_state(&state.join("start.lock"))?;
    let before = log.metadata().map_or(0, |log| log.len());
    let mut child = None;
    let mut probe = interval(PROBE);
    probe.set_missed_tick_behavior(MissedTickBehavior::Delay);
    let end = Instant::now() + READY;
    loop {
        if timeout_at(end, probe.tick()).await.is_err() {
            return Err(StartError::Late { log }.into());
        }
        match Client::connect(target).await {
            Ok(client) => return Ok(client),
            Err(refused) if !refused.nobody_listens() => return Err(refused.into()),
            Err(_) => {}
        }
        // Who holds the lock spawns; everybody probes. It is let go when the daemon answers or we
        // give up.
        if child.is_none() && flock(&lock, FlockOperation::NonBlockingLockExclusive).is_ok() {
            if let Some(client) = answered_meanwhile(target).await? {
                return Ok(client);
            }
            child = Some(spawn(target, daemon, &log)?);
        }
        if ended(child.as_mut()) {
            let said = said_since(&log, before);
            return Err(StartError::Ended { said, log }.into());
        }
    }
}

/// Between our probe and our lock another client may have had its daemon up.
async fn answered_meanwhile(target: &Target) -> Result<Option<Client>, ConnectError> {
    match Client::connect(target).await {
        Ok(client) => Ok(Some(client)),
        Err(refused) if refused.nobody_listens() => Ok(None),
        Err(refused) => Err(refused),
    }
}

fn ended(child: Option<&mut Child>) -> bool {
    child.is_some_and(|child| matches!(child.try_wait(), Ok(Some(_))))
}

fn spawn(target: &Target, daemon: &DaemonCommand, log: &Path) -> Result<Child, StartError> {
    let output = open_state(log)?;
    let errors = output
        .try_clone()
        .map_err(|error| StartError::State(log.to_owned(), error))?;
    Command::new(&daemon.program)
        .args(&daemon.args)
        .env("GREENROOM_SOCKET", &target.socket.path)
        .envs(daemon.env.iter().map(|(name, value)| (name, value)))
        .stdin(Stdio::null())
        .stdout(output)
        .stderr(errors)
        .spawn()
        .map_err(|error| StartError::Spawn(daemon.program.clone(), error))
}

/// Opens a file of ours for appending; it and its directory are for this user alone.
fn open_state(path: &Path) -> Result<File, StartError> {
    let failed = |error| StartError::State(path.to_owned(), error);
    if let Some(directory) = path.parent() {
        DirBuilder::new()
            .recursive(true)
            .mode(0o700)
            .create(directory)
            .map_err(failed)?;
    }
    OpenOptions::new()
        .append(true)
        .create(true)
        .mode(0o600)
        .open(path)
        .map_err(failed)
}

/// The end of what was written to the log after its length was `before`.
fn said_since(log: &Path, before: u64) -> String {
    let read = || -> io::Result<String> {
        let mut file = File::open(log)?;
        let length = file.metadata()?.len();
        // Turned over meanwhile, the file begins with what was said since.
        let since = if length < before { 0 } else { before };
        file.seek(SeekFrom::Start(since.max(length.saturating_sub(TAIL))))?;
        let mut said = Vec::new();
        file.take(TAIL).read_to_end(&mut said)?;
        Ok(String::from_utf8_lossy(&said).into_owned())
    };
    read().unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::socket::SocketPath;

    use super::*;

    fn target(directory: &Path, program: &str, args: &[&str]) -> Target {
        Target {
            socket: SocketPath {
                path: directory.join("greenroom.sock"),
                system: false,
            },
            workspace: None,
            acting_as: None,
            mcp: None,
            daemon: Some(DaemonCommand {
                program: program.into(),
                args: args.iter().map(Into::into).collect(),
                env: Vec::new(),
            }),
        }
    }

    #[tokio::test]
    async fn a_daemon_that_cannot_be_run_is_named() {
        let directory = tempfile::tempdir().unwrap();
        let target = target(directory.path(), "/nowhere/greenroomd", &[]);
        let error = Client::open(&target).await.err().unwrap();
        assert_eq!(error.kind, ErrorKind::Unreachable);
        assert!(error.message.contains("/nowhere/greenroomd"), "{error}");
    }

    #[tokio::test]
    async fn nothing_is_started_when_that_is_not_wanted() {
        let directory = tempfile::tempdir().unwrap();
        let mut target = target(directory.path(), "/nowhere/greenroomd", &[]);
        target.daemon = None;
        let error = Client::open(&target).await.err().unwrap();
        assert!(error.message.contains("No daemon is running"), "{error}");
        // A socket that outlived its daemon refuses connections.
        drop(std::os::unix::net::UnixListener::bind(&target.socket.path).unwrap());
        let error = Client::open(&target).await.err().unwrap();
        assert!(error.message.contains("is gone"), "{error}");
    }

    #[test]
    fn the_reason_is_what_the_daemon_said_last() {
        assert_eq!(reason("one\ntwo\n\n"), ": two");
        assert_eq!(reason("greenroomd: full\n2026 ERROR full\n"), ": full");
        assert_eq!(reason(""), "");
    }
}
