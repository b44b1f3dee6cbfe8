//! The socket the daemon listens on: one it makes, or one systemd made and passed on.
//!
//! Invariant: only the one who holds the store's lock takes a path over, and only after nobody answered there; a socket
//! somebody listens on is never removed. The directory is ours and closed before the socket is there, so there is no moment
//! in which others could connect. A socket that was passed on is left as it is, also at the end: callers wait in it for the next
//! daemon.

use std::fs::{self, DirBuilder, Permissions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener as Passed;
use std::path::{Path, PathBuf};

use listenfd::ListenFd;
use tokio::net::{UnixListener, UnixStream};

/// Callers that may wait to be accepted; the system lowers it to its own limit. systemd asks for as many.
const BACKLOG: i32 = 4096;

/// Why the daemon cannot listen.
#[derive(Debug, thiserror::Error)]
pub enum ListenError {
    /// Somebody listens there.
    #[error("listen on {}: another daemon listens there already", .0.display())]
    Taken(PathBuf),
    /// Something else is there.
    #[error("listen on {}: something that is no socket is in the way; move it", .0.display())]
    NotASocket(PathBuf),
    /// The directory is somebody else's, or open to others.
    #[error("listen in {}: {why}", path.display())]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it.
        why: &'static str,
    },
    /// What systemd passed on cannot be listened on.
    #[error("listen on the socket systemd passed on: {0}")]
    Passed(io::Error),
    /// The system refused.
    #[error("listen on {}: {cause}", path.display())]
    Io {
        /// The socket or its directory.
        path: PathBuf,
        /// Why.
        cause: io::Error,
    },
}

/// A socket that is listened on.
pub struct Listening {
    /// Where callers are accepted.
    pub listener: UnixListener,
    /// Removes the socket when dropped, unless somebody replaced it; nothing when the socket is not ours to remove.
    pub guard: Option<Guard>,
}

/// Removes the socket at the end.
pub struct Guard {
    path: PathBuf,
    inode: u64,
}

impl Drop for Guard {
    fn drop(&mut self) {
        if fs::symlink_metadata(&self.path).is_ok_and(|found| found.ino() == self.inode) {
            let _ = fs::remove_file(&self.path);
        }
    }
}

/// The socket systemd passed to this process, if it did. To be asked once, before there are threads: it takes the answer out of
/// the environment, so that no child takes it for its own.
pub fn passed() -> Result<Option<Passed>, ListenError> {
    ListenFd::from_env()
        .take_unix_listener(0)
        .map_err(ListenError::Passed)
}

/// Listens on a socket that was passed on.
pub fn adopt(passed: Passed) -> Result<Listening, ListenError> {
    // Who listens last is whom callers see behind the socket. Without this they would see systemd, and who ends a daemon
    // that hangs would end that.
    rustix::net::listen(&passed, BACKLOG).map_err(|error| ListenError::Passed(error.into()))?;
    let listener = passed
        .set_nonblocking(true)
        .and_then(|()| UnixListener::from_std(passed))
        .map_err(ListenError::Passed)?;
    tracing::info!("callers come in by the socket systemd passed on");
    Ok(Listening {
        listener,
        guard: None,
    })
}

/// Binds `path`. The caller must hold the store's lock.
pub async fn listen(path: &Path, service: bool) -> Result<Listening, ListenError> {
    let failed = |cause| ListenError::Io {
        path: path.to_owned(),
        cause,
    };
    if let Some(directory) = path
        .parent()
        .filter(|directory| !directory.as_os_str().is_empty())
    {
        prepare(directory, service)?;
    }
    match fs::symlink_metadata(path) {
        Err(error) if error.kind() == io::ErrorKind::NotFound => {}
        Err(error) => return Err(failed(error)),
        Ok(found) if !found.file_type().is_socket() => {
            return Err(ListenError::NotASocket(path.to_owned()));
        }
        Ok(_) => {
            if UnixStream::connect(path).await.is_ok() {
                return Err(ListenError::Taken(path.to_owned()));
            }
            tracing::info!("a stale socket of a daemon that is gone is replaced");
            fs::remove_file(path).map_err(failed)?;
        }
    }
    let listener = UnixListener::bind(path).map_err(failed)?;
    let mode = if service { 0o660 } else { 0o600 };
    fs::set_permissions(path, Permissions::from_mode(mode)).map_err(failed)?;
    let inode = fs::symlink_metadata(path).map_err(failed)?.ino();
    Ok(Listening {
        listener,
        guard: Some(Guard {
            path: path.to_owned(),
            inode,
        }),
    })
}

/// The socket's directory: made when absent, refused when it is not ours or open to others.
fn prepare(directory: &Path, service: bool) -> Result<(), ListenError> {
    let failed = |cause| ListenError::Io {
        path: directory.to_owned(),
        cause,
    };
    let refuse = |why| {
        Err(ListenError::Directory {
            path: directory.to_owned(),
            why,
        })
    };
    let mode = if service { 0o750 } else { 0o700 };
    DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(directory)
        .map_err(failed)?;
    let found = fs::symlink_metadata(directory).map_err(failed)?;
    if !found.is_dir() {
        return refuse("it is a link or a file, not a directory");
    }
    let me = rustix::process::getuid().as_raw();
    if found.uid() != me {
        return refuse("it belongs to another user");
    }
    if found.mode() & 0o002 != 0 {
        return refuse("others may write there; use a directory of your own (mode 0700)");
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[tokio::test]
    async fn a_stale_socket_is_replaced_and_a_live_one_is_not() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("run/greenroom.sock");
        let first = listen(&path, false).await.expect("the first listens");
        assert_eq!(
            fs::metadata(&path).expect("the socket").mode() & 0o777,
            0o600
        );
        assert_eq!(
            fs::metadata(dir.path().join("run"))
                .expect("its directory")
                .mode()
                & 0o777,
            0o700
        );
        assert!(matches!(
            listen(&path, false).await,
            Err(ListenError::Taken(_))
        ));
        // As after a kill: the file stays, nobody listens.
        let Listening { listener, guard } = first;
        std::mem::forget(guard);
        drop(listener);
        let again = listen(&path, false)
            .await
            .expect("the stale one is replaced");
        drop(again);
        assert!(!path.exists());
    }

    #[tokio::test]
    async fn nothing_but_a_socket_is_ever_removed() {
        let dir = tempfile::tempdir().expect("a directory");
        let path = dir.path().join("greenroom.sock");
        fs::write(&path, "precious").expect("write");
        assert!(matches!(
            listen(&path, false).await,
            Err(ListenError::NotASocket(_))
        ));
        assert_eq!(fs::read_to_string(&path).expect("read"), "precious");
    }
}
