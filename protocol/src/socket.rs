//! Where the daemon listens, decided in one place for both sides.
//!
//! Owns the order in which paths are tried. Must not create anything: the daemon makes the
//! directory, the client only looks.

use std::env;
use std::os::unix::fs::MetadataExt;
use std::path::{Path, PathBuf};

use directories::BaseDirs;
use tokio::net::UnixStream;

use crate::system;

/// The system service's socket.
pub const SYSTEM_SOCKET: &str = "/run/greenroom/greenroom.sock";

/// A socket's path, and whose daemon is behind it.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct SocketPath {
    /// The path.
    pub path: PathBuf,
    /// The system runs this daemon: a client never starts one there.
    pub system: bool,
}

/// The path a client speaks to: `named` (`--socket`), else `GREENROOM_SOCKET`, else the system
/// service's where there is one, whether or not it can be reached now, else the user's own. `None`
/// when the user has no home.
pub fn client_path(named: Option<&Path>) -> Option<SocketPath> {
    if let Some(path) = named_path(named) {
        let system = is_the_systems(&path);
        return Some(SocketPath { path, system });
    }
    if system::sign().is_some() {
        return Some(SocketPath {
            path: PathBuf::from(SYSTEM_SOCKET),
            system: true,
        });
    }
    user_path().map(|path| SocketPath {
        path,
        system: false,
    })
}

/// The path a daemon listens on when none is named: `GREENROOM_SOCKET`, else the service's
/// directory, else the user's own.
pub fn daemon_path() -> Option<PathBuf> {
    let service =
        env::var_os("RUNTIME_DIRECTORY").map(|dir| PathBuf::from(dir).join("greenroom.sock"));
    from_environment().or(service).or_else(user_path)
}

/// The path somebody named: `named` (`--socket`), else `GREENROOM_SOCKET`.
pub fn named_path(named: Option<&Path>) -> Option<PathBuf> {
    named.map(Path::to_path_buf).or_else(from_environment)
}

/// Whether a path is the system's socket, however it is written (`/var/run` is `/run`).
fn is_the_systems(path: &Path) -> bool {
    let system = Path::new(SYSTEM_SOCKET);
    let directory = |path: &Path| path.parent()?.canonicalize().ok();
    let same_name = path.file_name() == system.file_name();
    path == system || same_name && directory(path).is_some_and(|it| Some(it) == directory(system))
}

fn from_environment() -> Option<PathBuf> {
    env::var_os("GREENROOM_SOCKET")
        .filter(|path| !path.is_empty())
        .map(PathBuf::from)
}

fn user_path() -> Option<PathBuf> {
    // From the uid, not XDG_RUNTIME_DIR: that differs between a login, tmux and ssh, and two paths
    // are two daemons.
    let uid = rustix::process::getuid().as_raw();
    let runtime = PathBuf::from(format!("/run/user/{uid}"));
    if runtime
        .metadata()
        .is_ok_and(|found| found.is_dir() && found.uid() == uid)
    {
        return Some(runtime.join("greenroom/greenroom.sock"));
    }
    state_directory().map(|state| state.join("run/greenroom.sock"))
}

/// `~/.local/state/greenroom` or what the environment says instead.
pub fn state_directory() -> Option<PathBuf> {
    BaseDirs::new().and_then(|base| Some(base.state_dir()?.join("greenroom")))
}

/// Connects to a listening daemon.
///
/// # Errors
///
/// What the system says where nobody listens or the caller may not.
pub async fn connect(path: &Path) -> std::io::Result<UnixStream> {
    UnixStream::connect(path).await
}
