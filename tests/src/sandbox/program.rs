//! Owns a sandbox as a program of its own: its one line of output, and its end.

use std::io::Write as _;

use anyhow::Context as _;
use serde_json::Value;
use tokio::signal::unix::{SignalKind, signal};

/// Starts a sandbox, prints its one line of JSON, and runs it until SIGINT or SIGTERM.
///
/// # Errors
///
/// Where the sandbox does not start, or standard output is closed.
pub(super) fn run<S>(
    start: impl Future<Output = anyhow::Result<(S, Value)>>,
) -> anyhow::Result<()> {
    let runtime = tokio::runtime::Runtime::new().context("start the sandbox: no runtime")?;
    runtime.block_on(async {
        // Before anything is started, so that no signal finds it half done.
        let mut terminate = signal(SignalKind::terminate()).context("listen for SIGTERM")?;
        let mut interrupt = signal(SignalKind::interrupt()).context("listen for SIGINT")?;
        let (_sandbox, ready) = start.await?;
        writeln!(std::io::stdout(), "{ready}").context("say that the sandbox is ready")?;
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        Ok(())
    })
}
