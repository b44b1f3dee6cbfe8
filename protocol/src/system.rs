//! Whether this machine has the system's daemon, which then serves everybody here.
//!
//! Owns the signs of it, as any user can see them. Invariant: where there is a sign, nobody starts
//! a daemon of their own: a colleague whose company's daemon is down would go on in an empty one
//! and not notice. Must not ask anybody: files and the kernel's own list of sockets answer without
//! a bus, also to users who may not reach the daemon.

use std::path::{Path, PathBuf};
use std::{fs, io};

use crate::socket::SYSTEM_SOCKET;

/// The units of the system's daemon.
pub const UNITS: [&str; 2] = ["greenroomd.socket", "greenroomd.service"];

/// Where units are enabled, first the administrator's.
const UNIT_DIRECTORIES: [&str; 5] = [
    "etc/systemd/system",
    "run/systemd/system",
    "usr/local/lib/systemd/system",
    "usr/lib/systemd/system",
    "lib/systemd/system",
];

/// A sign of the system's daemon.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Sign {
    /// Its socket is there.
    Socket,
    /// Its directory is closed to this user, and somebody listens in it, or nobody can tell.
    Closed,
    /// This unit is enabled, so it will be there again.
    Enabled(&'static str),
}

/// The sign of the system's daemon on this machine, if there is one.
#[must_use]
pub fn sign() -> Option<Sign> {
    sign_below(Path::new("/"))
}

/// The same for the system in `root`.
#[must_use]
pub fn sign_below(root: &Path) -> Option<Sign> {
    let socket = below(root, SYSTEM_SOCKET);
    match fs::symlink_metadata(socket) {
        Ok(_) => return Some(Sign::Socket),
        Err(error) if error.kind() == io::ErrorKind::PermissionDenied && is_bound(root) => {
            return Some(Sign::Closed);
        }
        Err(_) => {}
    }
    let enabled = |unit: &&str| !is_masked(root, unit) && is_enabled(root, unit);
    UNITS.into_iter().find(enabled).map(Sign::Enabled)
}

fn below(root: &Path, path: &str) -> PathBuf {
    root.join(path.trim_start_matches('/'))
}

/// Whether somebody listens at the system's socket, as the kernel says to everybody; where it does
/// not say, somebody may.
fn is_bound(root: &Path) -> bool {
    let sockets = fs::read_to_string(below(root, "proc/net/unix"));
    sockets.map_or(true, |list| {
        list.lines()
            .any(|line| line.split_whitespace().last() == Some(SYSTEM_SOCKET))
    })
}

/// Whether something wants the unit at boot: a link in a `.wants`, `.requires` or `.upholds`
/// directory, which is all that `systemctl enable` makes.
fn is_enabled(root: &Path, unit: &str) -> bool {
    UNIT_DIRECTORIES.iter().any(|directory| {
        let entries = fs::read_dir(below(root, directory));
        entries.into_iter().flatten().flatten().any(|entry| {
            let name = entry.file_name();
            let name = name.to_string_lossy();
            let wants = [".wants", ".requires", ".upholds"];
            wants.iter().any(|kind| name.ends_with(kind))
                && fs::symlink_metadata(entry.path().join(unit)).is_ok()
        })
    })
}

/// Whether the administrator forbade the unit: a link to `/dev/null`, or an empty file, in its
/// place.
fn is_masked(root: &Path, unit: &str) -> bool {
    UNIT_DIRECTORIES[..2].iter().any(|directory| {
        let path = below(root, directory).join(unit);
        let null = fs::read_link(&path).is_ok_and(|to| to == Path::new("/dev/null"));
        null || fs::metadata(&path).is_ok_and(|found| found.is_file() && found.len() == 0)
    })
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn root() -> tempfile::TempDir {
        tempfile::tempdir().unwrap()
    }

    fn link(root: &Path, path: &str, to: &str) {
        let path = root.join(path);
        fs::create_dir_all(path.parent().unwrap()).unwrap();
        symlink(to, path).unwrap();
    }

    /// Case C3.
    #[test]
    fn a_socket_or_an_enabled_unit_is_a_sign_and_an_installed_one_is_none() {
        let place = root();
        assert_eq!(sign_below(place.path()), None);
        let units = place.path().join("etc/systemd/system");
        fs::create_dir_all(units.join("multi-user.target.wants")).unwrap();
        fs::write(units.join("greenroomd.service"), "[Unit]").unwrap();
        fs::create_dir_all(place.path().join("run/greenroom")).unwrap();
        assert_eq!(sign_below(place.path()), None, "nobody enabled it");
        fs::write(place.path().join("run/greenroom/greenroom.sock"), "").unwrap();
        assert_eq!(sign_below(place.path()), Some(Sign::Socket));
    }

    /// Case C3.
    #[test]
    fn whichever_unit_is_enabled_wherever_is_a_sign_unless_it_is_masked() {
        for (path, unit) in [
            (
                "etc/systemd/system/sockets.target.wants/greenroomd.socket",
                UNITS[0],
            ),
            (
                "etc/systemd/system/multi-user.target.wants/greenroomd.service",
                UNITS[1],
            ),
            (
                "usr/lib/systemd/system/graphical.target.requires/greenroomd.service",
                UNITS[1],
            ),
        ] {
            let place = root();
            // Where it leads does not matter: seen from here it may lead nowhere.
            link(place.path(), path, "/nowhere/unit");
            assert_eq!(
                sign_below(place.path()),
                Some(Sign::Enabled(unit)),
                "{path}"
            );
            link(
                place.path(),
                &format!("etc/systemd/system/{unit}"),
                "/dev/null",
            );
            assert_eq!(sign_below(place.path()), None, "{path} is masked");
        }
    }
}
