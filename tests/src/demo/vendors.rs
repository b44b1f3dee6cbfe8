//! The sandboxes beside Zoom's, as children of the demo, and what the daemon's configuration says of
//! them.

use std::fs;
use std::io::{BufRead as _, BufReader, Write as _};
use std::os::unix::fs::OpenOptionsExt as _;
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use serde::Deserialize;
use serde::de::DeserializeOwned;

use super::people;
use crate::lifeline::Held;

/// A vendor besides Zoom.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Vendor {
    Google,
    Microsoft,
}

impl Vendor {
    /// The part of this program that is its sandbox.
    pub(super) fn part(self) -> &'static str {
        match self {
            Self::Google => "google-sandbox",
            Self::Microsoft => "microsoft-sandbox",
        }
    }
}

/// What a sandbox says when it is ready.
#[derive(Deserialize)]
struct Ready {
    url: String,
    config: String,
    #[serde(default)]
    client_secret: Option<String>,
}

/// A vendor's sandbox while it runs.
pub(super) struct Running {
    pub(super) vendor: Vendor,
    pub(super) url: String,
    /// The daemon's configuration of it.
    pub(super) config: String,
    _sandbox: Held,
}

impl Running {
    /// Starts it with everybody of the workspace in it; the app's secret gets into `directory`.
    pub(super) fn start(
        program: &Path,
        vendor: Vendor,
        needs_approval: bool,
        directory: &Path,
    ) -> anyhow::Result<Self> {
        let mut command = Command::new(program);
        command.arg(vendor.part());
        for member in people::MEMBERS {
            command.args(["--account", member.email]);
        }
        // The mailbox that the workspace's email leaves from.
        command.args(["--account", super::INTERVIEWS]);
        if vendor == Vendor::Microsoft && needs_approval {
            command.arg("--needs-approval");
        }
        let (sandbox, ready) = started::<Ready>(command)?;
        let mut config = ready.config;
        if let Some(secret) = ready.client_secret {
            let path = directory.join(format!("{}-secret", vendor.part()));
            let file = fs::OpenOptions::new()
                .write(true)
                .create_new(true)
                .mode(0o600)
                .open(&path);
            let written = file.and_then(|mut file| writeln!(file, "{secret}"));
            written.with_context(|| format!("write {}", path.display()))?;
            config.push_str(&format!("client_secret_file = \"{}\"\n", path.display()));
        }
        Ok(Self {
            vendor,
            url: ready.url,
            config,
            _sandbox: sandbox,
        })
    }
}

/// A sandbox that has said that it is ready.
pub(super) fn started<R: DeserializeOwned>(mut command: Command) -> anyhow::Result<(Held, R)> {
    command.stdout(Stdio::piped()).stderr(Stdio::null());
    let mut sandbox = Held::start(&mut command).context("start a sandbox")?;
    let output = sandbox.child().stdout.take();
    let mut line = String::new();
    BufReader::new(output.context("read from a sandbox")?)
        .read_line(&mut line)
        .context("wait for a sandbox")?;
    let ready = serde_json::from_str(&line).context("a sandbox did not say that it is ready")?;
    Ok((sandbox, ready))
}
