//! A service in the place of a daemon that a client started.
//!
//! People who used Greenroom before they made it a service have such a daemon, and it holds the
//! store. Invariant: only a daemon of this very user that was started by a client (`run --detach`)
//! is ended, and only by one that a service manager runs; it is asked by SIGTERM, finishes what is
//! under way, and is never killed. Any other holder of the store is named and left alone.

use std::time::Duration;

use greenroom_protocol::holder::Holder;
use rustix::event::{PollFd, PollFlags, Timespec, poll};
use rustix::process::{Pid, PidfdFlags, Signal, getuid, pidfd_open, pidfd_send_signal};

/// How long it may take to finish what is under way: longer than it waits for its callers and
/// workers.
const PATIENCE: Duration = Duration::from_secs(40);

/// Ends the holder of the store, if a client started it; whether it is gone. For one that a service
/// manager runs.
pub(crate) async fn makes_room(holder: &Holder) -> bool {
    let holder = holder.clone();
    let ended = tokio::task::spawn_blocking(move || end(&holder)).await;
    ended.unwrap_or_default()
}

/// Ends the holder, if it is a client's daemon; whether it is gone.
fn end(holder: &Holder) -> bool {
    let process = holder.process.and_then(|it| i32::try_from(it).ok());
    let Some(pid) = process.and_then(Pid::from_raw) else {
        return false;
    };
    // Opened before it is looked at: then it is this process that was looked at, or one that is
    // gone.
    let Ok(handle) = pidfd_open(pid, PidfdFlags::empty()) else {
        return false;
    };
    let place = format!("/proc/{}", pid.as_raw_pid());
    let read = |name: &str| std::fs::read(format!("{place}/{name}")).unwrap_or_default();
    let own = getuid().as_raw();
    if !is_of(&read("status"), own) || !is_a_clients(&read("cmdline")) {
        return false;
    }
    tracing::info!(
        process = pid.as_raw_pid(),
        "a daemon that a client started has the store; it is asked to make room"
    );
    if pidfd_send_signal(&handle, Signal::TERM).is_err() {
        return false;
    }
    let patience = Timespec::try_from(PATIENCE).ok();
    let mut watched = [PollFd::new(&handle, PollFlags::IN)];
    poll(&mut watched, patience.as_ref()).is_ok_and(|ready| ready > 0)
}

/// Whether `/proc/PID/status` is of a process of this user. The owner of `/proc/PID` says nothing:
/// a daemon that forbids dumps has root's there.
fn is_of(status: &[u8], user: u32) -> bool {
    let text = String::from_utf8_lossy(status);
    let line = text.lines().find_map(|line| line.strip_prefix("Uid:"));
    let mut ids = line.unwrap_or_default().split_whitespace();
    ids.next().and_then(|id| id.parse().ok()) == Some(user)
}

/// Whether `/proc/PID/cmdline` is of a daemon that a client started.
fn is_a_clients(cmdline: &[u8]) -> bool {
    let words: Vec<&[u8]> = cmdline.split(|byte| *byte == 0).collect();
    let has = |word: &[u8]| words.contains(&word);
    has(b"run") && has(b"--detach")
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case C2.
    #[test]
    fn only_a_clients_daemon_of_this_user_makes_room() {
        assert!(is_a_clients(
            b"/home/x/.cargo/bin/greenroomd\0run\0--detach\0"
        ));
        assert!(!is_a_clients(b"greenroomd\0run\0"));
        assert!(!is_a_clients(b"vi\0notes --detach run\0"));
        assert!(!is_a_clients(b""));
        assert!(is_of(
            b"Name:\tgreenroomd\nUid:\t1000\t1000\t1000\t1000\n",
            1000
        ));
        assert!(!is_of(
            b"Name:\tgreenroomd\nUid:\t1001\t1000\t1000\t1000\n",
            1000
        ));
        assert!(!is_of(b"", 1000));
    }
}
