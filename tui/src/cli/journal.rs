//! The log of a daemon that runs as a service: the journal's.
//!
//! Owns the question whether systemd runs the daemon. A file may be left of a former daemon, and
//! would be taken for this one's: so the process decides, and where none runs, whether its unit is
//! enabled. Must not start a daemon by looking.

use std::path::{Path, PathBuf};
use std::process::Stdio;

use directories::BaseDirs;
use greenroom_protocol::holder::Holder;
use greenroom_protocol::system::UNITS;
use greenroom_protocol::{Error, ErrorKind};
use tokio::io::{AsyncBufReadExt, AsyncReadExt, BufReader};
use tokio::process::Command;

use super::session::Session;
use crate::client::Raw;
use crate::output::{Output, Stop};
use crate::widgets::text::clean;

/// Of what `journalctl` complains about, as much is shown, in bytes.
const COMPLAINT: u64 = 2_000;

/// Whose service writes to the journal.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Journal {
    /// The system's.
    System,
    /// This user's own.
    User,
}

impl Journal {
    /// The journal the daemon of this session writes to; `None` where it writes to its file.
    pub(super) async fn of(session: &Session) -> Option<Self> {
        if session.target.socket.system {
            return Some(Self::System);
        }
        if let Some(process) = process(session).await {
            let groups = std::fs::read_to_string(format!("/proc/{process}/cgroup"));
            return Self::of_cgroup(&groups.unwrap_or_default());
        }
        let enabled = !session.named && user_units().iter().any(|path| is_enabled(path));
        enabled.then_some(Self::User)
    }

    /// By the control group of a process, which is named after its unit.
    fn of_cgroup(groups: &str) -> Option<Self> {
        let unit = format!("/{}", UNITS[1]);
        let mut paths = groups.lines().filter_map(|line| line.splitn(3, ':').nth(2));
        let path = paths.find(|path| path.ends_with(&unit))?;
        // Below another service there is a user's own service manager.
        let mut above = path.split('/').rev().skip(1);
        Some(match above.any(|part| part.ends_with(".service")) {
            true => Self::User,
            false => Self::System,
        })
    }

    fn arguments(self, lines: usize, follow: bool) -> Vec<String> {
        let unit = match self {
            Self::System => format!("--unit={}", UNITS[1]),
            Self::User => format!("--user-unit={}", UNITS[1]),
        };
        let lines = format!("--lines={lines}");
        let mut arguments: Vec<String> = ["--no-pager", "--quiet", "--output=short-iso"]
            .map(str::to_owned)
            .into();
        arguments.extend([unit, lines]);
        arguments.extend(follow.then(|| "--follow".to_owned()));
        arguments
    }

    /// Prints the last `lines`, and with `follow` what comes after them, until the reader is gone.
    pub(super) async fn show(self, output: Output, lines: usize, follow: bool) -> Result<(), Stop> {
        let mut command = Command::new("journalctl");
        command
            .args(self.arguments(lines, follow))
            .stdin(Stdio::null())
            .stdout(Stdio::piped())
            .stderr(Stdio::piped())
            .kill_on_drop(true);
        let failed = |error: std::io::Error| self.unread(&error.to_string());
        let mut journal = command.spawn().map_err(failed)?;
        let mut shown = false;
        if let Some(said) = journal.stdout.take() {
            let mut said = BufReader::new(said).lines();
            while let Some(line) = said.next_line().await.map_err(failed)? {
                output.print(&format!("{}\n", clean(&line)))?;
                shown = true;
            }
        }
        let mut complaint = String::new();
        if let Some(errors) = journal.stderr.take() {
            let mut errors = errors.take(COMPLAINT);
            errors
                .read_to_string(&mut complaint)
                .await
                .map_err(failed)?;
        }
        let ended = journal.wait().await.map_err(failed)?;
        if !ended.success() {
            return Err(self.unread(complaint.trim()).into());
        }
        // Without the right to read them, the journal has no lines and does not call that a
        // failure.
        if !shown && self == Self::System && lines > 0 && !rustix::process::geteuid().is_root() {
            return Err(self.unread("no lines are readable for you").into());
        }
        Ok(())
    }

    fn unread(self, why: &str) -> Error {
        let why = clean(why);
        let (whose, hint) = match self {
            Self::System => (
                "the system's daemon writes to the journal",
                "as root, or as a member of the group systemd-journal: journalctl -u greenroomd",
            ),
            Self::User => (
                "your service writes to the journal",
                "journalctl --user -u greenroomd",
            ),
        };
        Error::new(
            ErrorKind::Failed,
            format!("Couldn't read the log: {whose}: {why}"),
        )
        .hint(hint)
    }
}

/// The daemon's process: the one behind a socket that was named, else the one that has this user's
/// store.
async fn process(session: &Session) -> Option<u32> {
    if session.named {
        let raw = Raw::open(&session.target).await.ok()?;
        return raw.process();
    }
    let store = session.settings.store_directory()?;
    Holder::of(&store).ok().flatten()?.process
}

/// Where the user's units are enabled, by themselves or for everybody.
fn user_units() -> Vec<PathBuf> {
    let own = BaseDirs::new().map(|base| base.config_dir().join("systemd/user"));
    let all = ["/etc/systemd/user", "/usr/lib/systemd/user"].map(PathBuf::from);
    own.into_iter().chain(all).collect()
}

fn is_enabled(directory: &Path) -> bool {
    let entries = std::fs::read_dir(directory).into_iter().flatten().flatten();
    let mut wants = entries.map(|entry| entry.path()).filter(|path| {
        let kind = path.extension().and_then(|kind| kind.to_str());
        matches!(kind, Some("wants" | "requires"))
    });
    wants.any(|path| {
        let is_there = |unit: &str| path.join(unit).symlink_metadata().is_ok();
        UNITS.into_iter().any(is_there)
    })
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case C10.
    #[test]
    fn the_control_group_says_whose_service_a_process_is() {
        let of = |path: &str| Journal::of_cgroup(&format!("0::{path}\n"));
        let user = "/user.slice/user-1000.slice/user@1000.service/app.slice/greenroomd.service";
        assert_eq!(of(user), Some(Journal::User));
        assert_eq!(
            of("/system.slice/greenroomd.service"),
            Some(Journal::System)
        );
        assert_eq!(of("/user.slice/user-1000.slice/session-2.scope"), None);
        assert_eq!(of("/system.slice/greenroomd.service.d/x.scope"), None);
        assert_eq!(Journal::of_cgroup(""), None);
    }

    /// Case C10.
    #[test]
    fn a_unit_counts_once_it_is_enabled() {
        let directory = tempfile::tempdir().unwrap();
        let path = directory.path();
        std::fs::write(path.join("greenroomd.service"), "[Unit]").unwrap();
        assert!(!is_enabled(path));
        let wants = path.join("default.target.wants");
        std::fs::create_dir(&wants).unwrap();
        std::os::unix::fs::symlink("/nowhere", wants.join("greenroomd.service")).unwrap();
        assert!(is_enabled(path));
    }
}
