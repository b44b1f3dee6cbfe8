//! The connect attempt begun last, remembered between `connect --no-browser` and `connect --paste`.
//!
//! Owns one small file in the state directory. Invariant: it holds no secret: the daemon keeps state and verifier, and the
//! pasted address carries the state.

use std::fs::{DirBuilder, OpenOptions};
use std::io::Write;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::PathBuf;

use greenroom_protocol::id::AttemptId;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::ConnectAttempt;
use greenroom_protocol::{Error, socket};
use serde::{Deserialize, Serialize};

use crate::client::Target;

#[derive(Serialize, Deserialize)]
struct Remembered {
    socket: PathBuf,
    attempt: AttemptId,
    expires_at: Instant,
}

fn file() -> Result<PathBuf, Error> {
    let none = || Error::failed("remember the attempt: this user has no home directory");
    Ok(socket::state_directory()
        .ok_or_else(none)?
        .join("connect-attempt.json"))
}

/// Keeps which attempt was begun last.
pub(super) fn remember(target: &Target, attempt: &ConnectAttempt) -> Result<(), Error> {
    let file = file()?;
    let remembered = Remembered {
        socket: target.socket.path.clone(),
        attempt: attempt.attempt,
        expires_at: attempt.expires_at,
    };
    let write = || -> std::io::Result<()> {
        if let Some(directory) = file.parent() {
            DirBuilder::new()
                .recursive(true)
                .mode(0o700)
                .create(directory)?;
        }
        let mut options = OpenOptions::new();
        options.write(true).create(true).truncate(true).mode(0o600);
        options
            .open(&file)?
            .write_all(&serde_json::to_vec(&remembered)?)
    };
    write().map_err(|error| {
        Error::failed(format!(
            "remember the attempt in {}: {error}",
            file.display()
        ))
    })
}

/// The attempt begun last with this daemon.
pub(super) fn recall(target: &Target) -> Result<AttemptId, Error> {
    let none = || {
        Error::not_found("finish the connect: no attempt was begun here in the last ten minutes")
            .hint("begin one: greenroom zoom connect --no-browser --no-wait")
    };
    let text = std::fs::read(file()?).map_err(|_| none())?;
    let remembered: Remembered = serde_json::from_slice(&text).map_err(|_| none())?;
    let fits = remembered.socket == target.socket.path && remembered.expires_at > Instant::now();
    fits.then_some(remembered.attempt).ok_or_else(none)
}

/// Forgets the attempt: it is finished, or given up.
pub(super) fn forget(target: &Target) {
    if recall(target).is_ok()
        && let Ok(file) = file()
    {
        // Left behind it expires.
        std::fs::remove_file(file).ok();
    }
}
