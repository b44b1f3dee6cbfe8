//! The directories the daemon keeps things in: made closed where they are missing, judged where
//! they are not.
//!
//! Invariant: a directory that was already there is somebody's decision. Its permissions and its
//! owner are never changed, not through a link either: others may rely on them, and it may hold
//! more than our files. What is wrong with it is said. Must not decide what happens then: each room
//! knows whether it can live with an open directory.

use std::fs::{self, DirBuilder, File};
use std::io;
use std::os::unix::fs::{DirBuilderExt, MetadataExt, OpenOptionsExt, PermissionsExt};
use std::path::{Path, PathBuf};

/// Only the owner of a file may remove it from such a directory, even where anyone may write.
const STICKY: u32 = 0o1000;

/// What others can do in a directory of ours.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Opening {
    /// See which files are there.
    Readable,
    /// Put files there, and remove or replace ours.
    Writable,
    /// Anything: it belongs to another user than this one and root.
    Foreign {
        /// The user.
        owner: u32,
    },
}

/// A directory that is not closed to others.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct OpenDirectory {
    /// Where it is.
    pub path: PathBuf,
    /// Its permission bits.
    pub mode: u32,
    /// What others can do there.
    pub opening: Opening,
}

impl std::fmt::Display for OpenDirectory {
    fn fmt(&self, out: &mut std::fmt::Formatter<'_>) -> std::fmt::Result {
        let path = self.path.display();
        match self.opening {
            Opening::Readable => {
                write!(out, "{path}: mode {:o} lets others look into it", self.mode)
            }
            Opening::Writable => write!(
                out,
                "{path}: mode {:o} lets others remove and replace files in it",
                self.mode
            ),
            Opening::Foreign { owner } => write!(out, "{path}: it belongs to uid {owner}"),
        }
    }
}

impl OpenDirectory {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self.opening {
            Opening::Foreign { .. } => "use a directory of the daemon's own user".to_owned(),
            _ => format!(
                "close it if nobody else needs it (`chmod 700 {}`), or use another directory",
                self.path.display()
            ),
        }
    }
}

/// Makes `path` and the directories above it that are missing, for this user alone. One that is
/// there is left as it is.
pub fn make(path: &Path) -> io::Result<()> {
    DirBuilder::new().recursive(true).mode(0o700).create(path)
}

/// What others can do in `path`; `None` where it is closed to them, or is not there. A link is
/// followed: what counts is where the files are.
#[must_use]
pub fn judge(path: &Path) -> Option<OpenDirectory> {
    let found = fs::metadata(path).ok()?;
    let mode = found.mode() & 0o7777;
    let own = rustix::process::geteuid().as_raw();
    let opening = match found.uid() {
        owner if owner != own && owner != 0 => Opening::Foreign { owner },
        _ if mode & 0o022 != 0 && mode & STICKY == 0 => Opening::Writable,
        _ if mode & 0o077 != 0 => Opening::Readable,
        _ => return None,
    };
    let path = path.to_owned();
    Some(OpenDirectory {
        path,
        mode,
        opening,
    })
}

/// Closes a file or directory that a library made for us with more permissions than it needs. A
/// link, and what belongs to another user, is left alone.
pub fn close(path: &Path) -> io::Result<()> {
    let found = fs::symlink_metadata(path)?;
    let own = rustix::process::geteuid().as_raw();
    let ours = (found.is_dir() || found.is_file()) && found.uid() == own;
    let open = found.mode() & 0o077;
    if !ours || open == 0 {
        return Ok(());
    }
    // Opened without following a link, so that it is the one that was looked at.
    let nofollow = rustix::fs::OFlags::NOFOLLOW.bits();
    let flags = i32::try_from(nofollow).map_err(io::Error::other)?;
    let opened = File::options().read(true).custom_flags(flags).open(path)?;
    let mode = opened.metadata()?.mode() & 0o700;
    opened.set_permissions(fs::Permissions::from_mode(mode))
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::symlink;

    use super::*;

    fn mode(path: &Path) -> u32 {
        fs::metadata(path).unwrap().mode() & 0o7777
    }

    fn set(path: &Path, mode: u32) {
        fs::set_permissions(path, fs::Permissions::from_mode(mode)).unwrap();
    }

    /// Case R9.
    #[test]
    fn a_missing_directory_is_made_closed_and_an_open_one_is_judged_and_left() {
        let place = tempfile::tempdir().unwrap();
        let made = place.path().join("new/deep");
        make(&made).unwrap();
        assert_eq!((mode(&made), judge(&made)), (0o700, None));
        assert_eq!(mode(made.parent().unwrap()), 0o700);

        for (bits, opening) in [
            (0o755, Opening::Readable),
            (0o750, Opening::Readable),
            (0o770, Opening::Writable),
            (0o777, Opening::Writable),
            (0o2775, Opening::Writable),
            (0o1777, Opening::Readable),
        ] {
            set(&made, bits);
            make(&made).unwrap();
            assert_eq!(mode(&made), bits, "{bits:o}");
            assert_eq!(judge(&made).unwrap().opening, opening, "{bits:o}");
        }

        let link = place.path().join("link");
        symlink(&made, &link).unwrap();
        make(&link).unwrap();
        assert_eq!(mode(&made), 0o1777);
        assert_eq!(judge(&link).unwrap().path, link);
    }

    /// Case R9.
    #[test]
    fn what_a_library_made_is_closed_but_nothing_behind_a_link() {
        let place = tempfile::tempdir().unwrap();
        let (made, other) = (place.path().join("db"), place.path().join("other"));
        for path in [&made, &other] {
            fs::write(path, "x").unwrap();
            set(path, 0o644);
        }
        let link = place.path().join("link");
        symlink(&other, &link).unwrap();
        close(&made).unwrap();
        close(&link).unwrap();
        assert_eq!((mode(&made), mode(&other)), (0o600, 0o644));
    }
}
