//! A Maildir: one file a message, written whole or not at all. Source: the format's own page, <https://cr.yp.to/proto/maildir.html>.
//!
//! Invariant: a message is durable under its name in `new` before anybody hears that it is there,
//! and one name is one message: handing the same one over again makes no second.

use std::fs::{self, DirBuilder, File, OpenOptions};
use std::io::{self, Read as _, Write as _};
use std::os::unix::fs::{DirBuilderExt as _, OpenOptionsExt as _};
use std::path::{Path, PathBuf};

/// A folder of messages. Everything in here waits for the disk.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Maildir {
    path: PathBuf,
}

impl Maildir {
    /// The folder at `path`, made where it is not there.
    pub fn open(path: &Path) -> io::Result<Self> {
        for part in ["tmp", "new", "cur"] {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(path.join(part))?;
        }
        Ok(Self {
            path: path.to_owned(),
        })
    }

    /// Where it is.
    pub fn path(&self) -> &Path {
        &self.path
    }

    /// Puts a message in. `again`: it may be there already, perhaps read and moved by the mailbox's
    /// reader.
    pub fn deliver(&self, name: &str, bytes: &[u8], again: bool) -> io::Result<()> {
        if again && self.was_read(name)? {
            return Ok(());
        }
        let (tmp, new) = (
            self.path.join("tmp").join(name),
            self.path.join("new").join(name),
        );
        let mut file = OpenOptions::new()
            .write(true)
            .create(true)
            .truncate(true)
            .mode(0o600)
            .open(&tmp)?;
        file.write_all(bytes)?;
        file.sync_all()?;
        fs::rename(&tmp, &new)?;
        File::open(self.path.join("new"))?.sync_all()
    }

    /// The names of messages that nobody has read, at most `most`, in the order of their names.
    pub fn unread(&self, most: usize) -> io::Result<Vec<String>> {
        let mut names = Vec::new();
        for entry in fs::read_dir(self.path.join("new"))? {
            let entry = entry?;
            // A pipe or a device could be read for ever, a link leads who knows where.
            if !entry.file_type()?.is_file() {
                continue;
            }
            let name = entry.file_name().into_string();
            names.extend(name.ok().filter(|name| !name.starts_with('.')));
        }
        names.sort_unstable();
        names.truncate(most);
        Ok(names)
    }

    /// The first `most` bytes of an unread message; nothing where somebody else took it.
    pub fn read(&self, name: &str, most: u64) -> io::Result<Option<Vec<u8>>> {
        // Whatever took the file's place since it was listed is neither followed nor waited for.
        let flags = rustix::fs::OFlags::NOFOLLOW | rustix::fs::OFlags::NONBLOCK;
        let opened = OpenOptions::new()
            .read(true)
            .custom_flags(i32::try_from(flags.bits()).unwrap_or_default())
            .open(self.path.join("new").join(name));
        let file = match opened {
            Ok(file) if file.metadata()?.is_file() => file,
            Ok(_) => return Ok(None),
            Err(error) if error.kind() == io::ErrorKind::NotFound => return Ok(None),
            Err(error) => return Err(error),
        };
        let mut bytes = Vec::new();
        file.take(most).read_to_end(&mut bytes)?;
        Ok(Some(bytes))
    }

    /// Marks an unread message as seen.
    pub fn seen(&self, name: &str) -> io::Result<()> {
        let seen = format!("{}:2,S", name.split(':').next().unwrap_or(name));
        let moved = fs::rename(
            self.path.join("new").join(name),
            self.path.join("cur").join(seen),
        );
        match moved {
            Err(error) if error.kind() == io::ErrorKind::NotFound => Ok(()),
            other => other,
        }
    }

    fn was_read(&self, name: &str) -> io::Result<bool> {
        for entry in fs::read_dir(self.path.join("cur"))? {
            let there = entry?.file_name();
            if there.to_string_lossy().split(':').next() == Some(name) {
                return Ok(true);
            }
        }
        Ok(false)
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    /// Case R7: reading a pipe would never end.
    #[test]
    fn only_files_are_messages() {
        let home = tempfile::tempdir().expect("a directory");
        let folder = Maildir::open(home.path()).expect("a folder");
        let new = home.path().join("new");
        let pipe = rustix::fs::FileType::Fifo;
        let mode = rustix::fs::Mode::RUSR | rustix::fs::Mode::WUSR;
        rustix::fs::mknodat(rustix::fs::CWD, new.join("pipe"), pipe, mode, 0).expect("a pipe");
        std::os::unix::fs::symlink("/dev/zero", new.join("link")).expect("a link");
        fs::create_dir(new.join("directory")).expect("a directory");
        folder.deliver("message", b"one", false).expect("delivered");
        assert_eq!(folder.unread(9).expect("names"), ["message"]);
        for name in ["pipe", "directory"] {
            assert_eq!(folder.read(name, 9).expect("nothing"), None, "{name}");
        }
        folder.read("link", 9).expect_err("a link");
    }

    #[test]
    fn one_name_is_one_message_read_or_not() {
        let home = tempfile::tempdir().expect("a directory");
        let folder = Maildir::open(&home.path().join("outbox")).expect("a folder");
        folder.deliver("mal_1", b"one", false).expect("delivered");
        folder.deliver("mal_2", b"two", false).expect("delivered");
        folder
            .deliver("mal_1", b"one, again", true)
            .expect("delivered");
        assert_eq!(folder.unread(9).expect("names"), ["mal_1", "mal_2"]);
        assert_eq!(
            folder.read("mal_1", 3).expect("bytes"),
            Some(b"one".to_vec())
        );
        folder.seen("mal_1").expect("moved");
        folder.seen("mal_1").expect("moved before");
        folder.deliver("mal_1", b"one", true).expect("there");
        assert_eq!(folder.unread(9).expect("names"), ["mal_2"]);
        assert_eq!(folder.read("mal_1", 9).expect("nothing"), None);
        assert!(home.path().join("outbox/cur/mal_1:2,S").exists());
        assert_eq!(
            fs::read_dir(home.path().join("outbox/tmp"))
                .expect("tmp")
                .count(),
            0
        );
    }
}
