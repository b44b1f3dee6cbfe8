//! Reads files that hold a secret, and judges who else may touch them.

use std::fmt;
use std::fs::{self, File, Metadata};
use std::io::{self, Read as _};
use std::os::unix::fs::MetadataExt as _;
use std::path::{Path, PathBuf};

use zeroize::Zeroizing;

use super::MOST_BYTES;

/// How a file that holds a secret stands open.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Exposure {
    /// Others may read it.
    Readable {
        /// The file.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// Others may write it.
    Writable {
        /// The file, or the directory it is in.
        path: PathBuf,
        /// Its permission bits.
        mode: u32,
    },
    /// It is someone else's.
    Owner {
        /// The file.
        path: PathBuf,
        /// Its owner.
        owner: u32,
        /// This process.
        own: u32,
    },
}

impl fmt::Display for Exposure {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Readable { path, mode } => {
                write!(out, "{}: mode {mode:o} lets others read it", path.display())
            }
            Self::Writable { path, mode } => {
                write!(
                    out,
                    "{}: mode {mode:o} lets others write it",
                    path.display()
                )
            }
            Self::Owner { path, owner, own } => write!(
                out,
                "{}: it belongs to uid {owner}, this is uid {own}",
                path.display()
            ),
        }
    }
}

impl Exposure {
    /// What to do about it.
    #[must_use]
    pub fn remedy(&self) -> String {
        match self {
            Self::Readable { path, .. } => format!("run `chmod 600 {}`", path.display()),
            Self::Writable { path, .. } => format!("run `chmod go-w {}`", path.display()),
            Self::Owner { path, own, .. } => format!("run `chown {own} {}`", path.display()),
        }
    }
}

/// A rule about who may touch a file.
pub(crate) type Rule = fn(&Path, &Metadata) -> Option<Exposure>;

/// For this user alone: the vault's key.
pub(crate) fn private(path: &Path, about: &Metadata) -> Option<Exposure> {
    let (path, own) = (path.to_owned(), rustix::process::geteuid().as_raw());
    let mode = about.mode() & 0o777;
    match about.uid() {
        owner if owner != own => Some(Exposure::Owner { path, owner, own }),
        _ if mode & 0o077 != 0 => Some(Exposure::Readable { path, mode }),
        _ => None,
    }
}

/// For this user, and for a group the administrator chose: files below `/etc` are often root's.
pub(crate) fn shared(path: &Path, about: &Metadata) -> Option<Exposure> {
    let (path, own) = (path.to_owned(), rustix::process::geteuid().as_raw());
    let mode = about.mode() & 0o777;
    match about.uid() {
        owner if owner != own && owner != 0 => Some(Exposure::Owner { path, owner, own }),
        _ if mode & 0o022 != 0 => Some(Exposure::Writable { path, mode }),
        _ if mode & 0o004 != 0 => Some(Exposure::Readable { path, mode }),
        _ => None,
    }
}

/// What a rule says of a file and of the directory it is in; nothing of one that is not there.
pub(crate) fn exposed(path: &Path, rule: Rule) -> Option<Exposure> {
    const STICKY: u32 = 0o1000;
    let found = rule(path, &fs::metadata(path).ok()?);
    let around = || {
        let directory = path.parent()?;
        let mode = fs::metadata(directory).ok()?.mode();
        let open = mode & 0o002 != 0 && mode & STICKY == 0;
        open.then(|| Exposure::Writable {
            path: directory.to_owned(),
            mode: mode & 0o777,
        })
    };
    found.or_else(around)
}

/// All of it, as far as a secret can be long. The buffer never grows, so no part is left behind in
/// memory given back.
pub(crate) fn read(file: &File) -> io::Result<Zeroizing<Vec<u8>>> {
    let mut bytes = Zeroizing::new(vec![0; MOST_BYTES]);
    let mut length = 0;
    let mut file = file;
    loop {
        match file.read(&mut bytes[length..]) {
            Ok(0) if length == MOST_BYTES => {
                let text = format!("it is longer than {MOST_BYTES} bytes");
                return Err(io::Error::new(io::ErrorKind::InvalidData, text));
            }
            Ok(0) => break,
            Ok(read) => length += read,
            Err(cause) if cause.kind() == io::ErrorKind::Interrupted => {}
            Err(cause) => return Err(cause),
        }
    }
    bytes.truncate(length);
    Ok(bytes)
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::PermissionsExt as _;

    use super::*;

    #[test]
    fn who_may_touch_a_file_is_judged_by_what_it_is_for() {
        let dir = tempfile::tempdir().unwrap();
        let path = dir.path().join("secret");
        fs::write(&path, "x").unwrap();
        for (mode, alone, with_a_group) in [
            (0o400, true, true),
            (0o600, true, true),
            (0o640, false, true),
            (0o644, false, false),
            (0o660, false, false),
        ] {
            fs::set_permissions(&path, fs::Permissions::from_mode(mode)).unwrap();
            assert_eq!(exposed(&path, private).is_none(), alone, "{mode:o}");
            assert_eq!(exposed(&path, shared).is_none(), with_a_group, "{mode:o}");
        }
        fs::set_permissions(&path, fs::Permissions::from_mode(0o600)).unwrap();
        fs::set_permissions(dir.path(), fs::Permissions::from_mode(0o777)).unwrap();
        let open = exposed(&path, private).unwrap();
        assert!(open.to_string().contains("mode 777 lets others write it"));
        assert!(open.remedy().starts_with("run `chmod go-w "));
    }
}
