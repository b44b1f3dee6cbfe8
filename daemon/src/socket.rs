//! The socket the daemon listens on: one it makes, or one systemd made and passed on.
//!
//! Invariant: only the one who holds the store's lock takes a path over, and only after nobody
//! answered there; a socket somebody listens on is never removed. The directory is ours and closed
//! before the socket is there, so there is no moment in which others could connect. A socket that
//! was passed on is left as it is, also at the end: callers wait in it for the next daemon.

use std::fs::{self, DirBuilder, Permissions};
use std::os::unix::fs::{DirBuilderExt, FileTypeExt, MetadataExt, PermissionsExt};
use std::os::unix::net::UnixListener as Passed;
use std::path::{Path, PathBuf};
use std::{fmt, io};

use listenfd::ListenFd;
use tokio::net::{UnixListener, UnixStream};

/// Callers that may wait to be accepted; the system lowers it to its own limit. systemd asks for as
/// many.
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
    #[error("listen in {}: {why}; {}", path.display(), why.remedy(path))]
    Directory {
        /// The directory.
        path: PathBuf,
        /// What is wrong with it.
        why: Unsafe,
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
    /// Removes the socket when dropped, unless somebody replaced it; nothing when the socket is
    /// not ours to remove.
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

/// The socket systemd passed to this process, if it did. To be asked once, before there are
/// threads: it takes the answer out of the environment, so that no child takes it for its own.
pub fn passed() -> Result<Option<Passed>, ListenError> {
    ListenFd::from_env()
        .take_unix_listener(0)
        .map_err(ListenError::Passed)
}

/// Listens on a socket that was passed on.
pub fn adopt(passed: Passed) -> Result<Listening, ListenError> {
    let place = passed.local_addr().ok();
    let place = place.as_ref().and_then(|it| it.as_pathname()?.parent());
    if let Some(directory) = place {
        refuse_unsafe(directory, Maker::Manager)?;
    }
    // Who listens last is whom callers see behind the socket. Without this they would see systemd,
    // and who ends a daemon that hangs would end that.
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
    let here = Path::new(".");
    let parent = path.parent().filter(|it| !it.as_os_str().is_empty());
    prepare(parent.unwrap_or(here), service)?;
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
    let mode = if service { 0o750 } else { 0o700 };
    DirBuilder::new()
        .recursive(true)
        .mode(mode)
        .create(directory)
        .map_err(failed)?;
    refuse_unsafe(directory, Maker::Us)?;
    // Nobody can do harm by looking in: the socket itself lets nobody else connect.
    if let Ok(found) = fs::metadata(directory)
        && found.mode() & !mode & 0o077 != 0
    {
        let open = found.mode() & 0o777;
        tracing::warn!(
            "others can look into {} (mode {open:o}); {mode:o} is enough",
            directory.display()
        );
    }
    Ok(())
}

fn refuse_unsafe(directory: &Path, maker: Maker) -> Result<(), ListenError> {
    let path = || directory.to_owned();
    let failed = |cause| ListenError::Io {
        path: path(),
        cause,
    };
    match judge(directory, maker).map_err(failed)? {
        None => Ok(()),
        Some(why) => Err(ListenError::Directory { path: path(), why }),
    }
}

/// Who made the socket's directory.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Maker {
    /// This daemon, or its user.
    Us,
    /// The service manager, which may be root.
    Manager,
}

/// Why a directory is no place for a socket: anyone who can write there can put a socket of their
/// own in ours' place, and callers would hand them what they send.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Unsafe {
    /// A link or a file.
    NoDirectory,
    /// It belongs to this user.
    Owner(u32),
    /// Others may write there, by these permission bits.
    Writable(u32),
    /// On the way there is a directory in which anybody can replace it.
    Replaceable,
    /// On the way there is a link that another user can turn elsewhere.
    Link,
}

impl fmt::Display for Unsafe {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::NoDirectory => out.write_str("it is a link or a file, not a directory"),
            Self::Owner(owner) => write!(out, "it belongs to another user (uid {owner})"),
            Self::Writable(mode) => write!(out, "mode {mode:o} lets others write there"),
            Self::Replaceable => out.write_str(
                "anybody may rename it, because others may write to a directory above it",
            ),
            Self::Link => out.write_str("a link of another user leads there"),
        }
    }
}

impl Unsafe {
    fn remedy(self, directory: &Path) -> String {
        match self {
            Self::Writable(_) => format!(
                "close it (`chmod go-w {}`), or put the socket into a directory of its own",
                directory.display()
            ),
            _ => "put the socket into a directory of the daemon's own user".to_owned(),
        }
    }
}

/// What is wrong with a directory as the place of our socket; `None` where it is safe.
fn judge(directory: &Path, maker: Maker) -> io::Result<Option<Unsafe>> {
    let found = fs::symlink_metadata(directory)?;
    if !found.is_dir() {
        return Ok(Some(Unsafe::NoDirectory));
    }
    let me = rustix::process::geteuid().as_raw();
    let trusted = found.uid() == me || maker == Maker::Manager && found.uid() == 0;
    if !trusted {
        return Ok(Some(Unsafe::Owner(found.uid())));
    }
    // A sticky directory too: there ours cannot be replaced, but another can be there before it.
    if found.mode() & 0o022 != 0 {
        return Ok(Some(Unsafe::Writable(found.mode() & 0o7777)));
    }
    above(directory, me)
}

/// Looks at the way to a directory, for somebody who could lead callers elsewhere.
fn above(directory: &Path, me: u32) -> io::Result<Option<Unsafe>> {
    const STICKY: u32 = 0o1000;
    let directory = std::path::absolute(directory)?;
    for step in directory.ancestors().skip(1) {
        let found = fs::symlink_metadata(step)?;
        if found.is_symlink() && found.uid() != me && found.uid() != 0 {
            return Ok(Some(Unsafe::Link));
        }
        // Through the link, if it is one: what counts is who may write where it leads.
        let mode = fs::metadata(step)?.mode();
        if mode & 0o002 != 0 && mode & STICKY == 0 {
            return Ok(Some(Unsafe::Replaceable));
        }
    }
    Ok(None)
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

    /// A directory with these permissions, as the place of a socket.
    fn judged(mode: u32) -> Option<Unsafe> {
        let dir = tempfile::tempdir().expect("a directory");
        fs::set_permissions(dir.path(), Permissions::from_mode(mode)).expect("set");
        let judged = judge(dir.path(), Maker::Us).expect("judged");
        let now = fs::metadata(dir.path()).expect("there").mode() & 0o7777;
        assert_eq!(now, mode, "it is left as it is");
        judged
    }

    /// Case R12.
    #[tokio::test]
    async fn a_directory_others_may_write_to_is_refused() {
        for mode in [0o770, 0o720, 0o707, 0o702, 0o777, 0o1777, 0o2770] {
            assert_eq!(judged(mode), Some(Unsafe::Writable(mode)), "{mode:o}");
        }
        for mode in [0o700, 0o750, 0o755] {
            assert_eq!(judged(mode), None, "{mode:o}");
        }
        let dir = tempfile::tempdir().expect("a directory");
        fs::set_permissions(dir.path(), Permissions::from_mode(0o770)).expect("set");
        let path = dir.path().join("greenroom.sock");
        for service in [true, false] {
            let refused = listen(&path, service).await;
            let said = refused.err().expect("refused").to_string();
            assert!(said.contains("mode 770 lets others write there"), "{said}");
            assert!(said.contains("chmod go-w"), "{said}");
        }
        // One that a service manager made there is no better.
        let passed = Passed::bind(&path).expect("bound");
        assert!(matches!(adopt(passed), Err(ListenError::Directory { .. })));
    }

    /// Case R12.
    #[tokio::test]
    async fn a_link_another_users_directory_and_a_way_others_can_turn_are_refused() {
        let dir = tempfile::tempdir().expect("a directory");
        let place = dir.path().join("place");
        let make = |path: &Path| DirBuilder::new().mode(0o700).create(path).expect("made");
        let set = |path: &Path, mode| {
            fs::set_permissions(path, Permissions::from_mode(mode)).expect("set");
        };
        let judged = |path: &Path| judge(path, Maker::Us).expect("judged");
        make(&place);
        let link = dir.path().join("link");
        std::os::unix::fs::symlink(&place, &link).expect("a link");
        assert_eq!(judged(&link), Some(Unsafe::NoDirectory));

        // A link of one's own on the way is one's own decision.
        let inner = place.join("inner");
        make(&inner);
        assert_eq!(judged(&link.join("inner")), None);
        set(&place, 0o777);
        assert_eq!(judged(&inner), Some(Unsafe::Replaceable));
        set(&place, 0o700);

        if !rustix::process::geteuid().is_root() {
            println!("skipped: only root can give a directory away");
            return;
        }
        std::os::unix::fs::lchown(&link, Some(4711), None).expect("given away");
        assert_eq!(judged(&link.join("inner")), Some(Unsafe::Link));
        std::os::unix::fs::chown(&inner, Some(4711), None).expect("given away");
        assert_eq!(judged(&inner), Some(Unsafe::Owner(4711)));
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
