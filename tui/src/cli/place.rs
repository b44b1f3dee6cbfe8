//! A file of the caller's that is written whole or not at all, for their eyes alone, over nothing
//! without asking.

use std::fs::{self, File, OpenOptions};
use std::io::{self, Write};
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use greenroom_protocol::Error;

use super::ask;
use super::session::Session;

/// A file on its way to its place. Dropped before [`Place::keep`], it leaves nothing behind.
pub(super) struct Place {
    path: PathBuf,
    fresh: PathBuf,
    file: Option<File>,
}

impl Place {
    /// Begins a file for `path`; asks first where something is there.
    pub(super) fn at(session: &Session, path: &Path) -> Result<Self, Error> {
        match fs::symlink_metadata(path) {
            Err(error) if error.kind() == io::ErrorKind::NotFound => {}
            Err(error) => return Err(failed(path)(error)),
            Ok(found) if found.is_dir() => {
                return Err(Error::usage(format!("{} is a directory", path.display())));
            }
            Ok(_) => ask::confirm(session, &format!("overwrite {}", path.display()))?,
        }
        Self::over(path)
    }

    /// Begins a file for `path`, whatever is there.
    pub(super) fn over(path: &Path) -> Result<Self, Error> {
        let name = path
            .file_name()
            .ok_or_else(|| Error::usage(format!("{} is not a file name", path.display())))?;
        let mut hidden = std::ffi::OsString::from(".");
        hidden.push(name);
        hidden.push(format!(".{}.new", std::process::id()));
        let fresh = path.with_file_name(hidden);
        let file = OpenOptions::new()
            .read(true)
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&fresh)
            .map_err(failed(path))?;
        Ok(Self {
            path: path.to_owned(),
            fresh,
            file: Some(file),
        })
    }

    /// Adds bytes.
    pub(super) fn write(&mut self, bytes: &[u8]) -> Result<(), Error> {
        self.file()?.write_all(bytes).map_err(failed(&self.path))
    }

    /// Makes what was written durable. Where it can be read back, until it is in its place.
    pub(super) fn sync(&mut self) -> Result<&Path, Error> {
        self.file()?.sync_all().map_err(failed(&self.path))?;
        Ok(&self.fresh)
    }

    /// Puts it in its place, durably.
    pub(super) fn keep(mut self) -> Result<(), Error> {
        self.sync()?;
        self.file = None;
        let failed = failed(&self.path);
        fs::rename(&self.fresh, &self.path).map_err(&failed)?;
        let directory = match self.path.parent() {
            Some(parent) if !parent.as_os_str().is_empty() => parent,
            _ => Path::new("."),
        };
        let directory = File::open(directory).map_err(&failed)?;
        directory.sync_all().map_err(failed)
    }

    fn file(&mut self) -> Result<&mut File, Error> {
        let closed = || Error::failed("The file is already closed");
        self.file.as_mut().ok_or_else(closed)
    }
}

impl Drop for Place {
    fn drop(&mut self) {
        // In its place it is not there any more.
        if self.file.take().is_some() {
            fs::remove_file(&self.fresh).ok();
        }
    }
}

fn failed(path: &Path) -> impl Fn(io::Error) -> Error {
    move |error| {
        let refused = Error::failed(format!("Couldn't write {}: {error}", path.display()));
        match error.kind() {
            io::ErrorKind::StorageFull | io::ErrorKind::QuotaExceeded => {
                refused.hint("free some space on that disk, or choose a file on another one")
            }
            _ => refused,
        }
    }
}
