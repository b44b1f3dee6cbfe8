//! `cargo demo`: a sandbox Zoom (and, where it is asked for, Google and Microsoft), a daemon and the
//! client in a temporary directory, with a believable workspace in it, whose people answer their
//! mail.
//!
//! One program that runs itself again as sandbox or daemon, so nothing else needs to be built. The
//! children end with it, and the directory goes with them.

mod correspondents;
mod hours;
mod people;
mod scheduling;
mod seed;
mod vendors;

use std::ffi::OsString;
use std::io::Write as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitCode, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use clap::Parser as _;
use greenroom::client::{Client, Target};
use greenroom_protocol::socket::SocketPath;
use serde::Deserialize;
use tempfile::TempDir;
use tokio::signal::unix::{SignalKind, signal};

use self::correspondents::Correspondents;
use self::vendors::{Running, Vendor};
use crate::harness::{DANA, daemon_command, write_config};
use crate::lifeline::{self, Held};
use crate::sandbox;

/// How long the daemon may take to answer.
const PATIENCE: Duration = Duration::from_secs(30);

/// The address that invitations come from.
const INTERVIEWS: &str = "interviews@acme.example";

/// Greenroom on this machine, with a sandbox in the place of Zoom. Nothing is left behind.
#[derive(Debug, clap::Parser)]
#[command(name = "demo")]
struct Demo {
    /// Start sandbox and daemon only, print one line of JSON once ready, and stop on SIGINT or
    /// SIGTERM.
    #[arg(long)]
    headless: bool,
    /// Nobody else can connect Zoom before an admin has approved the app, on the page the request
    /// links to.
    #[arg(long)]
    needs_approval: bool,
    /// A sandbox Google beside Zoom's, with everybody of the workspace in it.
    #[arg(long)]
    google: bool,
    /// A sandbox Microsoft beside Zoom's, with everybody of the workspace in it.
    #[arg(long)]
    microsoft: bool,
}

/// What the sandbox says when it is ready.
#[derive(Deserialize)]
struct Ready {
    zoom_url: String,
    oauth_url: String,
    api_url: String,
    public_client_id: String,
}

/// Sandbox and daemon while they run. Dropping stops them, the daemon first, and removes the
/// directory.
struct Stage {
    zoom_url: String,
    socket: PathBuf,
    config: PathBuf,
    mail: PathBuf,
    _people: Correspondents,
    _daemon: Held,
    _sandbox: Held,
    vendors: Vec<Running>,
    _directory: TempDir,
}

/// The program: the demo itself, or one of its parts.
pub fn main(arguments: Vec<OsString>) -> ExitCode {
    let part = arguments
        .get(1)
        .and_then(|part| part.to_str())
        .unwrap_or_default()
        .to_owned();
    let of_part = || arguments.iter().skip(1).cloned();
    // Installed under the name of one of the programs, it is that one.
    let name = arguments.first().map(Path::new).and_then(Path::file_name);
    match name.and_then(|name| name.to_str()) {
        Some("greenroomd") => return greenroomd::main(arguments),
        Some("greenroom") => return greenroom::run(arguments),
        _ => {}
    }
    match part.as_str() {
        "sandbox" => {
            lifeline::follow();
            told(sandbox::command::Command::parse_from(of_part()).run())
        }
        "google-sandbox" => {
            lifeline::follow();
            told(sandbox::google::command::Command::parse_from(of_part()).run())
        }
        "microsoft-sandbox" => {
            lifeline::follow();
            told(sandbox::microsoft::command::Command::parse_from(of_part()).run())
        }
        "daemon" => {
            lifeline::follow();
            greenroomd::main(of_part())
        }
        "client" => greenroom::run(of_part()),
        _ => told(Demo::parse_from(arguments).run()),
    }
}

fn told(done: anyhow::Result<()>) -> ExitCode {
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            eprintln!("demo: {error:#}");
            ExitCode::FAILURE
        }
    }
}

impl Demo {
    fn run(self) -> anyhow::Result<()> {
        let runtime = tokio::runtime::Runtime::new().context("start the runtime")?;
        if self.headless {
            return runtime.block_on(headless(&self));
        }
        if !std::io::IsTerminal::is_terminal(&std::io::stdout()) {
            bail!("the client needs a terminal; without one use `cargo demo -- --headless`");
        }
        let stage = runtime.block_on(Stage::set(&self))?;
        drop(runtime);
        let arguments = [
            "greenroom".into(),
            "--no-start".into(),
            "--socket".into(),
            stage.socket.clone().into_os_string(),
        ];
        let ended = greenroom::run(arguments);
        drop(stage);
        match ended == ExitCode::SUCCESS {
            true => Ok(()),
            false => bail!("the client ended with an error"),
        }
    }
}

async fn headless(demo: &Demo) -> anyhow::Result<()> {
    // Before anything is started, so that no signal finds it half done.
    let mut terminate = signal(SignalKind::terminate()).context("listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("listen for SIGINT")?;
    let stopped = async {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
    };
    tokio::pin!(stopped);
    let stage = tokio::select! {
        stage = Stage::set(demo) => stage?,
        () = &mut stopped => return Ok(()),
    };
    let mut line = serde_json::json!({
        "socket": stage.socket,
        "config": stage.config,
        "mail": stage.mail,
        "zoom_url": stage.zoom_url,
    });
    for running in &stage.vendors {
        let name = match running.vendor {
            Vendor::Google => "google_url",
            Vendor::Microsoft => "microsoft_url",
        };
        line[name] = running.url.as_str().into();
    }
    writeln!(std::io::stdout(), "{line}").context("say that everything is ready")?;
    stopped.await;
    Ok(())
}

impl Stage {
    async fn set(demo: &Demo) -> anyhow::Result<Self> {
        let program = std::env::current_exe().context("find this program")?;
        let directory = tempfile::Builder::new()
            .prefix("greenroom-demo-")
            .tempdir()?;
        let (sandbox, ready) = start_sandbox(&program)?;
        let config = write_config(
            directory.path(),
            &ready.oauth_url,
            &ready.api_url,
            &ready.public_client_id,
        )?;
        let sandbox_mail = format!(
            "\n[mail]\ntransport = \"sandbox\"\nfrom = \"{INTERVIEWS}\"\n\n[assistant]\nread_after_seconds = 2\nquiet_hours = false\n"
        );
        let wanted = [
            (Vendor::Google, demo.google),
            (Vendor::Microsoft, demo.microsoft),
        ];
        let wanted = wanted.into_iter().filter(|(_, wanted)| *wanted);
        let vendors = wanted
            .map(|(it, _)| Running::start(&program, it, demo.needs_approval, directory.path()))
            .collect::<anyhow::Result<Vec<_>>>()?;
        let mut text = std::fs::read_to_string(&config)?;
        text.extend(vendors.iter().map(|running| running.config.as_str()));
        std::fs::write(&config, text + &sandbox_mail).context("write the configuration")?;
        let mail = directory.path().join("data/mail");
        let log = std::fs::File::create(directory.path().join("greenroomd.log"))?;
        let mut command = daemon_command(&program, directory.path());
        let mut daemon =
            Held::start(command.stdout(Stdio::null()).stderr(log)).context("start the daemon")?;
        let socket = directory.path().join("run/greenroom.sock");
        let client = answering(&socket, &mut daemon, directory.path()).await?;
        seed::seed(client, &socket)
            .await
            .context("make the demo's workspace")?;
        if demo.needs_approval {
            seed::ask_for_approvals(&ready.zoom_url).await?;
        }
        Ok(Self {
            zoom_url: ready.zoom_url,
            socket,
            config,
            _people: Correspondents::start(mail.clone()),
            mail,
            _daemon: daemon,
            _sandbox: sandbox,
            vendors,
            _directory: directory,
        })
    }
}

fn start_sandbox(program: &Path) -> anyhow::Result<(Held, Ready)> {
    let mut command = Command::new(program);
    command.args(["sandbox", "--default-user", DANA]);
    for member in people::MEMBERS {
        let licence = if member.basic { "basic" } else { "licensed" };
        command
            .arg("--user")
            .arg(format!("{}:{licence}", member.email));
    }
    vendors::started(command)
}

pub(crate) fn target(socket: &Path) -> Target {
    let socket = SocketPath {
        path: socket.to_path_buf(),
        system: false,
    };
    Target {
        socket,
        workspace: None,
        acting_as: None,
        mcp: None,
        daemon: None,
    }
}

async fn answering(socket: &Path, daemon: &mut Held, directory: &Path) -> anyhow::Result<Client> {
    let target = target(socket);
    let until = std::time::Instant::now() + PATIENCE;
    loop {
        match Client::connect(&target).await {
            Ok(client) => return Ok(client),
            Err(error) => {
                let ended = daemon.child().try_wait()?.is_some();
                if ended || std::time::Instant::now() > until {
                    let log = std::fs::read_to_string(directory.join("greenroomd.log"))
                        .unwrap_or_default();
                    bail!("the daemon does not answer ({error}): {log}");
                }
            }
        }
        tokio::time::sleep(Duration::from_millis(10)).await;
    }
}
