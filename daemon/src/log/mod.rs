//! Where the daemon's log goes, and how much is said. Lines carry ids, never names, addresses or
//! tokens. What other crates write below a warning is left out whatever the level is set to: at
//! `trace` they write what travels, passwords and keys included.
//!
//! A service writes to the standard error, which is the journal; a daemon that a client started
//! writes to a file, which is kept small: see `rotate`.

mod rotate;

use std::io;
use std::path::{Path, PathBuf};
use std::sync::OnceLock;

use tracing::{Level, Metadata};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt, registry, reload};

use self::rotate::Rotating;

/// Replaces what is logged, once there is a log.
static CHANGE: OnceLock<Box<dyn Fn(EnvFilter) + Send + Sync>> = OnceLock::new();

/// The log's file when the daemon is started by a client: `greenroomd.log` in the state directory.
pub fn file() -> Option<PathBuf> {
    greenroom_protocol::socket::state_directory().map(|state| state.join("greenroomd.log"))
}

/// Sends the log to a file, or to the standard error (the journal, under systemd). Keep the guard:
/// dropping it writes what is left.
pub fn start(file: Option<&Path>) -> io::Result<WorkerGuard> {
    let (writer, guard) = match file {
        None => tracing_appender::non_blocking(io::stderr()),
        Some(path) => tracing_appender::non_blocking(Rotating::open(path)?),
    };
    let (filter, handle) = reload::Layer::new(filter("info"));
    let lines = fmt::layer().with_ansi(false).with_writer(writer);
    let lines = lines.with_filter(FilterFn::new(may_be_logged));
    // A second daemon in one process (in tests) logs where the first does.
    if registry().with(filter).with(lines).try_init().is_ok() {
        let change = move |filter| {
            if let Err(error) = handle.reload(filter) {
                tracing::warn!(%error, "the log's level could not be changed");
            }
        };
        let _ = CHANGE.set(Box::new(change));
    }
    Ok(guard)
}

/// Whether a line may be written at all: ours, and warnings of others. `async-imap` logs every
/// command at `trace`, LOGIN included.
fn may_be_logged(line: &Metadata<'_>) -> bool {
    let of = line.target().split("::").next().unwrap_or_default();
    // What comes by way of the `log` crate has that for its target, until it is written.
    of.starts_with("greenroom") || *line.level() <= Level::WARN
}

/// Says this much from now on.
pub fn set_level(level: &str) {
    if let Some(change) = CHANGE.get() {
        change(filter(level));
    }
}

/// The daemon's own lines from `level` up, dependencies only when they warn; `GREENROOM_LOG` stands
/// over it.
fn filter(level: &str) -> EnvFilter {
    EnvFilter::try_from_env("GREENROOM_LOG")
        .unwrap_or_else(|_| EnvFilter::new(format!("warn,greenroomd={level}")))
}
