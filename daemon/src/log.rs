//! Where the daemon's log goes. Lines carry ids, never names, addresses or tokens. What other crates write below a warning is left out
//! whatever the level is set to: at `trace` they write what travels, passwords and keys included.

use std::fs::{self, OpenOptions};
use std::io;
use std::os::unix::fs::{DirBuilderExt, OpenOptionsExt};
use std::path::{Path, PathBuf};

use tracing::{Level, Metadata};
use tracing_appender::non_blocking::WorkerGuard;
use tracing_subscriber::filter::FilterFn;
use tracing_subscriber::layer::{Layer as _, SubscriberExt as _};
use tracing_subscriber::util::SubscriberInitExt as _;
use tracing_subscriber::{EnvFilter, fmt, registry};

/// What is logged unless `GREENROOM_LOG` says otherwise: dependencies only when they warn.
const USUAL: &str = "warn,greenroomd=info";

/// The log's file when the daemon is started by a client: `greenroomd.log` in the state directory.
pub fn file() -> Option<PathBuf> {
    greenroom_protocol::socket::state_directory().map(|state| state.join("greenroomd.log"))
}

/// Sends the log to a file, or to the standard error (the journal, under systemd). Keep the guard: dropping it writes what is
/// left.
pub fn start(file: Option<&Path>) -> io::Result<WorkerGuard> {
    let (writer, guard) = match file {
        None => tracing_appender::non_blocking(io::stderr()),
        Some(path) => {
            if let Some(directory) = path.parent() {
                fs::DirBuilder::new()
                    .recursive(true)
                    .mode(0o700)
                    .create(directory)?;
            }
            let file = OpenOptions::new()
                .create(true)
                .append(true)
                .mode(0o600)
                .open(path)?;
            tracing_appender::non_blocking(file)
        }
    };
    let filter = EnvFilter::try_from_env("GREENROOM_LOG").unwrap_or_else(|_| EnvFilter::new(USUAL));
    // A second daemon in one process (in tests) logs where the first does.
    let lines = fmt::layer().with_ansi(false).with_writer(writer);
    let lines = lines.with_filter(FilterFn::new(may_be_logged));
    let _ = registry().with(filter).with(lines).try_init();
    Ok(guard)
}

/// Whether a line may be written at all: ours, and warnings of others. `async-imap` logs every command at `trace`, LOGIN included.
fn may_be_logged(line: &Metadata<'_>) -> bool {
    let of = line.target().split("::").next().unwrap_or_default();
    // What comes by way of the `log` crate has that for its target, until it is written.
    of.starts_with("greenroom") || *line.level() <= Level::WARN
}
