//! Ending a daemon, also one that is wedged or of another version.
//!
//! Invariant: only a daemon that holds the socket, or the store, is ended, and only when it is
//! ours; it is asked first, then told by a signal. Behind a socket there may also be systemd, or an
//! ssh that leads to another machine: those are left alone. What a daemon acknowledged is durable,
//! so even the last resort loses nothing.

use std::io;
use std::os::fd::OwnedFd;
use std::path::Path;
use std::sync::Arc;
use std::time::Duration;

use greenroom_protocol::holder::Holder;
use greenroom_protocol::{Error, ErrorKind};
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::io::Errno;
use rustix::process::{Pid, PidfdFlags, Signal, getpid, getuid, pidfd_open, pidfd_send_signal};
use serde_json::json;
use tokio::time::timeout;

use super::{Raw, Target};

/// How long a daemon that was asked may take to finish what is under way.
const DRAIN: Duration = Duration::from_secs(20);

/// How long it may take after a signal.
const SIGNALLED: Duration = Duration::from_secs(5);

/// How a daemon ended.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Stopped {
    /// None was running.
    WasNotRunning,
    /// It was asked and finished what was under way.
    Asked,
    /// It did not answer and ended on a signal.
    Signalled,
}

#[derive(Debug, thiserror::Error)]
enum StopError {
    #[error("The daemon does not respond, and its process belongs to another user")]
    NotOurs,
    #[error("Couldn't send the daemon a signal: {0}")]
    Signal(io::Error),
    #[error("The daemon did not stop")]
    StillThere,
}

impl From<StopError> for Error {
    fn from(error: StopError) -> Self {
        let kind = match error {
            StopError::NotOurs => ErrorKind::Denied,
            StopError::Signal(..) | StopError::StillThere => ErrorKind::Failed,
        };
        Self::new(kind, error.to_string()).hint(
            "on its machine: systemctl restart greenroomd (your own service: systemctl --user)",
        )
    }
}

/// Ends the daemon of `target` and waits until it is gone.
///
/// # Errors
/// `denied` when it is not the caller's to stop, `failed` when it does not end.
pub async fn stop(target: &Target) -> Result<Stopped, Error> {
    let mut raw = match Raw::open(target).await {
        Ok(raw) => raw,
        Err(refused) if refused.nobody_listens() => return Ok(Stopped::WasNotRunning),
        Err(refused) => return Err(refused.into()),
    };
    let process = Process::behind(&raw);
    match ask(&mut raw, target).await {
        Ok(()) => {}
        Err(error) if error.kind == ErrorKind::Denied => return Err(error),
        Err(_) => return process.signal().await.map_err(Into::into),
    }
    if process.gone(raw).await {
        return Ok(Stopped::Asked);
    }
    process.signal().await.map_err(Into::into)
}

/// Ends the daemon that has the store in `directory`, wherever it listens, and waits until it is
/// gone; `None` where nobody has it. SIGTERM ends it, after it has finished what is under way, as a
/// request does.
///
/// # Errors
/// `denied` when it is not the caller's to stop, `failed` when it does not end or cannot be looked
/// for.
pub async fn stop_holder(directory: &Path) -> Result<Option<Stopped>, Error> {
    let looked = Holder::of(directory).map_err(|error| {
        let lock = directory.join("lock");
        Error::failed(format!("Couldn't read {}: {error}", lock.display()))
    })?;
    let Some(holder) = looked else {
        return Ok(None);
    };
    let pid = holder
        .process
        .and_then(|it| Pid::from_raw(it.try_into().ok()?));
    let process = Process::numbered(pid, pid.is_some_and(is_ours));
    match &process.handle {
        Some(handle) if process.ours => {
            pidfd_send_signal(handle, Signal::TERM).ok();
            if ended(handle, DRAIN).await {
                return Ok(Some(Stopped::Asked));
            }
        }
        _ => {}
    }
    Ok(Some(process.signal().await?))
}

/// Asks in words. A daemon that refuses our `hello` for its version may still understand the wish.
async fn ask(raw: &mut Raw, target: &Target) -> Result<(), Error> {
    let anyone = Target {
        workspace: None,
        acting_as: None,
        ..target.clone()
    };
    if let Err(error) = raw.hello(&anyone).await
        && error.kind != ErrorKind::Version
    {
        return Err(error);
    }
    raw.call("Shutdown", json!({}), Duration::from_secs(5))
        .await
        .map(drop)
}

/// The process behind a socket.
struct Process {
    /// Names this process even if its number is given to another one; nothing when it cannot be
    /// watched.
    handle: Option<Arc<OwnedFd>>,
    ours: bool,
}

impl Process {
    fn behind(raw: &Raw) -> Self {
        let peer = raw.stream().peer_cred().ok();
        let pid = peer.and_then(|peer| Pid::from_raw(peer.pid()?));
        let ours = peer.is_some_and(|peer| peer.uid() == getuid().as_raw());
        Self::numbered(pid, ours)
    }

    fn numbered(pid: Option<Pid>, ours: bool) -> Self {
        // A daemon within this very process (tests, the demo) is only ever asked.
        let other = pid.filter(|pid| *pid != getpid());
        let handle = other.and_then(|pid| pidfd_open(pid, PidfdFlags::empty()).ok());
        // After it was opened: then it is this process that was looked at, or one that is gone.
        let handle = handle.filter(|_| other.is_some_and(is_daemon));
        Self {
            handle: handle.map(Arc::new),
            ours,
        }
    }

    /// Waits until the process has ended, or, where it cannot be watched, has closed the
    /// connection. To connect anew would tell nothing: systemd and ssh let everybody in, and
    /// systemd would start another daemon for it.
    async fn gone(&self, raw: Raw) -> bool {
        match &self.handle {
            Some(handle) => {
                drop(raw);
                ended(handle, DRAIN).await
            }
            None => timeout(DRAIN, raw.closed()).await.is_ok(),
        }
    }

    /// Ends the process: SIGTERM, then SIGKILL.
    async fn signal(&self) -> Result<Stopped, StopError> {
        let handle = self.handle.as_ref().filter(|_| self.ours);
        let handle = handle.ok_or(StopError::NotOurs)?;
        for signal in [Signal::TERM, Signal::KILL] {
            match pidfd_send_signal(handle, signal) {
                Ok(()) => {}
                Err(Errno::SRCH) => return Ok(Stopped::Signalled),
                Err(error) => return Err(StopError::Signal(error.into())),
            }
            if ended(handle, SIGNALLED).await {
                return Ok(Stopped::Signalled);
            }
        }
        Err(StopError::StillThere)
    }
}

/// Whether a process is a daemon, by its name; the demo runs its own as itself.
fn is_daemon(pid: Pid) -> bool {
    let name = |pid: Pid| std::fs::read(format!("/proc/{}/comm", pid.as_raw_pid())).ok();
    name(pid).is_some_and(|it| it == b"greenroomd\n" || Some(it) == name(getpid()))
}

/// Whether a process is this user's. The owner of its directory in `/proc` says nothing: a daemon
/// that forbids dumps has root's.
fn is_ours(pid: Pid) -> bool {
    let status = std::fs::read_to_string(format!("/proc/{}/status", pid.as_raw_pid()));
    let status = status.unwrap_or_default();
    let line = status.lines().find_map(|line| line.strip_prefix("Uid:"));
    let id = line.and_then(|line| line.split_whitespace().next()?.parse().ok());
    id == Some(getuid().as_raw())
}

/// Whether the process ends within `patience`: its handle becomes readable then.
async fn ended(handle: &Arc<OwnedFd>, patience: Duration) -> bool {
    let handle = Arc::clone(handle);
    let wait = move || {
        let patience = Timespec::try_from(patience).ok();
        let mut watched = [PollFd::new(&handle, PollFlags::IN)];
        poll(&mut watched, patience.as_ref()).is_ok_and(|ready| ready > 0)
    };
    tokio::task::spawn_blocking(wait).await.unwrap_or(false)
}
