//! Owns the file `vault.key`: made once, durable before it is used, readable by this user alone,
//! and replaced by another key so that one of the two is always there.

use std::fs::{self, File, OpenOptions};
use std::io::{self, ErrorKind, Write as _};
use std::os::unix::fs::{FileExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

use super::cipher::{self, Key};
use super::key::{self, KeyError, KeySource};
use crate::directories;
use crate::secrets::file;

const NAME: &str = "vault.key";

/// The place of the vault's key where it is a file.
pub(super) struct KeyFile {
    path: PathBuf,
    /// Where the next key waits until everything is sealed under it.
    next: PathBuf,
}

impl KeyFile {
    pub(super) fn below(config_dir: &Path) -> Self {
        let path = config_dir.join(NAME);
        Self {
            next: path.with_extension("key.next"),
            path,
        }
    }

    pub(super) fn path(&self) -> &Path {
        &self.path
    }

    pub(super) fn source(&self, created: bool) -> KeySource {
        KeySource::File {
            path: self.path.clone(),
            created,
        }
    }

    /// The key, if there is one.
    pub(super) fn read(&self) -> Result<Option<Key>, KeyError> {
        read(&self.path)
    }

    /// The key that waits, if one does.
    pub(super) fn read_next(&self) -> Result<Option<Key>, KeyError> {
        read(&self.next)
    }

    /// Makes the file with a fresh key. If another process was faster, its key is the one that
    /// counts. It is linked into place whole, so that a half-written key is never found.
    pub(super) fn create(&self) -> Result<Key, KeyError> {
        let key = cipher::random()?;
        let fresh = self
            .path
            .with_extension(format!("key.{}", std::process::id()));
        write(&fresh, &key).map_err(|error| match error {
            KeyError::Io { cause, .. } => KeyError::Homeless {
                path: self.path.clone(),
                cause,
            },
            other => other,
        })?;
        let linked = fs::hard_link(&fresh, &self.path);
        let _ = fs::remove_file(&fresh);
        match linked {
            Ok(()) => {
                settle(&self.path)?;
                Ok(key)
            }
            Err(cause) if cause.kind() == ErrorKind::AlreadyExists => {
                let known = self.read()?;
                known.ok_or_else(|| self.failed(cause))
            }
            Err(cause) => Err(self.failed(cause)),
        }
    }

    /// Writes the next key down, beside the one in use.
    pub(super) fn stage(&self, key: &Key) -> Result<(), KeyError> {
        self.unstage()?;
        write(&self.next, key)?;
        settle(&self.next)
    }

    /// Makes the key that waits the one in use, and wipes the former.
    pub(super) fn promote(&self) -> Result<(), KeyError> {
        let former = OpenOptions::new().write(true).open(&self.path);
        fs::rename(&self.next, &self.path).map_err(|cause| self.failed(cause))?;
        settle(&self.path)?;
        match former {
            Ok(former) => wipe(&former).map_err(|cause| self.failed(cause)),
            Err(_) => Ok(()),
        }
    }

    /// Wipes a key that waits and was never used.
    pub(super) fn unstage(&self) -> Result<(), KeyError> {
        let failed = |cause| KeyError::Io {
            path: self.next.clone(),
            cause,
        };
        match OpenOptions::new().write(true).open(&self.next) {
            Ok(file) => wipe(&file).map_err(failed)?,
            Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(()),
            Err(cause) => return Err(failed(cause)),
        }
        fs::remove_file(&self.next).map_err(failed)
    }

    fn failed(&self, cause: io::Error) -> KeyError {
        KeyError::Io {
            path: self.path.clone(),
            cause,
        }
    }
}

/// The key in a file of this user alone; nothing where there is no file.
pub(super) fn read(path: &Path) -> Result<Option<Key>, KeyError> {
    let failed = |cause| KeyError::Io {
        path: path.to_owned(),
        cause,
    };
    let opened = match File::open(path) {
        Ok(opened) => opened,
        Err(cause) if cause.kind() == ErrorKind::NotFound => return Ok(None),
        Err(cause) => return Err(failed(cause)),
    };
    let about = opened.metadata().map_err(failed)?;
    if let Some(exposure) = file::private(path, &about) {
        return Err(KeyError::Exposed { exposure });
    }
    let bytes = file::read(&opened).map_err(failed)?;
    key::parse(&bytes, &path.display()).map(Some)
}

fn write(path: &Path, key: &Key) -> Result<(), KeyError> {
    let write = || {
        if let Some(directory) = path.parent() {
            directories::make(directory)?;
        }
        // What a killed process left half written.
        let _ = fs::remove_file(path);
        let mut options = OpenOptions::new();
        let mut file = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(path)?;
        file.write_all(key.as_slice())?;
        file.sync_all()
    };
    write().map_err(|cause| KeyError::Io {
        path: path.to_owned(),
        cause,
    })
}

/// Makes the file's name durable.
fn settle(path: &Path) -> Result<(), KeyError> {
    let directory = path.parent().unwrap_or(Path::new("."));
    let synced = File::open(directory).and_then(|directory| directory.sync_all());
    synced.map_err(|cause| KeyError::Io {
        path: directory.to_owned(),
        cause,
    })
}

/// Overwrites the whole file in place.
pub(super) fn wipe(file: &File) -> io::Result<()> {
    let length = usize::try_from(file.metadata()?.len()).unwrap_or_default();
    file.write_all_at(&vec![0; length], 0)?;
    file.sync_all()
}

#[cfg(test)]
mod tests {
    use std::os::unix::fs::{MetadataExt as _, PermissionsExt as _};

    use super::*;

    #[test]
    fn the_file_is_made_once_for_this_user_alone_and_found_again() {
        let dir = tempfile::tempdir().unwrap();
        let config = dir.path().join("greenroom");
        let file = KeyFile::below(&config);
        assert!(file.read().unwrap().is_none());
        let made = file.create().unwrap();
        assert_eq!(file.path().metadata().unwrap().mode() & 0o777, 0o600);
        assert_eq!(fs::read_dir(&config).unwrap().count(), 1);
        assert_eq!(*file.read().unwrap().unwrap(), *made);
        assert_eq!(*file.create().unwrap(), *made, "it is never replaced");
    }

    #[test]
    fn a_file_others_can_read_or_that_is_no_key_is_refused_and_kept() {
        let dir = tempfile::tempdir().unwrap();
        let file = KeyFile::below(dir.path());
        fs::write(file.path(), [7; 32]).unwrap();
        let mode = |mode| fs::set_permissions(file.path(), fs::Permissions::from_mode(mode));
        mode(0o640).unwrap();
        let refused = file.read().unwrap_err().to_string();
        assert!(
            refused.contains("mode 640 lets others read it"),
            "{refused}"
        );
        assert!(refused.contains("chmod 600"), "{refused}");

        fs::write(file.path(), "short").unwrap();
        mode(0o600).unwrap();
        assert!(matches!(file.read(), Err(KeyError::Shape { .. })));
        assert_eq!(fs::read(file.path()).unwrap(), b"short");
    }

    #[test]
    fn the_next_key_takes_the_place_of_the_former_whose_bytes_are_wiped() {
        let dir = tempfile::tempdir().unwrap();
        let file = KeyFile::below(dir.path());
        file.create().unwrap();
        // A second name for the former file shows what became of its bytes.
        let shadow = dir.path().join("shadow");
        fs::hard_link(file.path(), &shadow).unwrap();
        let next = cipher::random().unwrap();
        file.stage(&next).unwrap();
        assert_eq!(*file.read_next().unwrap().unwrap(), *next);
        file.promote().unwrap();
        assert_eq!(*file.read().unwrap().unwrap(), *next);
        assert!(file.read_next().unwrap().is_none());
        assert_eq!(fs::read(&shadow).unwrap(), [0; 32]);

        file.stage(&cipher::random().unwrap()).unwrap();
        file.unstage().unwrap();
        assert_eq!(*file.read().unwrap().unwrap(), *next);
        assert!(file.read_next().unwrap().is_none());
    }
}
