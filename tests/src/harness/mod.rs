//! A whole Greenroom for a test: a sandbox Zoom in this process, the real daemon in another, and
//! clients.
//!
//! Every test has a directory of its own and stops what it started. Nothing here sleeps for luck:
//! waiting is waiting for a value.

mod acts;

use std::io::Read as _;
use std::path::{Path, PathBuf};
use std::process::{Command, ExitStatus, Stdio};
use std::time::Duration;

use anyhow::{Context, bail};
use greenroom::client::{Client, Target};
use greenroom_protocol::Error;
use greenroom_protocol::socket::SocketPath;
use greenroom_protocol::workspace::{Setup, SetupDone};
use greenroom_protocol::zoom::Connection;
use tempfile::TempDir;
use url::Url;

pub use self::acts::{
    add_candidate, add_job, add_member, connect_zoom, connection_when, finish_of, settled, when,
    zoom_interview,
};
use crate::lifeline::Held;
use crate::sandbox::{Config, PUBLIC_CLIENT_ID, Sandbox};
pub use crate::wait::PATIENCE;

/// The address of the first member; the sandbox knows them.
pub const DANA: &str = "dana.reyes@acme.example";

/// A Zoom, a daemon's directories, and the daemon while it runs.
pub struct World<Zoom = Sandbox> {
    /// The Zoom.
    pub zoom: Zoom,
    program: PathBuf,
    directory: TempDir,
    environment: Vec<(String, PathBuf)>,
    daemon: Option<Held>,
}

impl World {
    /// Starts a sandbox and a daemon. `program` is the `demo` binary: `env!("CARGO_BIN_EXE_demo")`.
    ///
    /// # Errors
    ///
    /// What could not be started, with the daemon's log.
    pub async fn start(program: &str) -> anyhow::Result<Self> {
        Self::with(program, Config::default()).await
    }

    /// The same with a sandbox of one's own making.
    ///
    /// # Errors
    ///
    /// What could not be started, with the daemon's log.
    pub async fn with(program: &str, config: Config) -> anyhow::Result<Self> {
        Self::under(&std::env::temp_dir(), program, config).await
    }

    /// The same, with everything the daemon keeps under `parent`.
    ///
    /// # Errors
    ///
    /// What could not be started, with the daemon's log.
    pub async fn under(parent: &Path, program: &str, config: Config) -> anyhow::Result<Self> {
        let zoom = Sandbox::start(config).await?;
        let urls = [zoom.oauth_url(), zoom.api_url()];
        Self::around_under(parent, program, zoom, &urls, PUBLIC_CLIENT_ID).await
    }
}

impl<Zoom> World<Zoom> {
    /// Starts a daemon against any Zoom that runs already.
    ///
    /// # Errors
    ///
    /// What could not be started, with the daemon's log.
    pub async fn around(
        program: &str,
        zoom: Zoom,
        oauth_url: &str,
        api_url: &str,
        client_id: &str,
    ) -> anyhow::Result<Self> {
        let urls = [oauth_url.to_owned(), api_url.to_owned()];
        Self::around_under(&std::env::temp_dir(), program, zoom, &urls, client_id).await
    }

    async fn around_under(
        parent: &Path,
        program: &str,
        zoom: Zoom,
        [oauth_url, api_url]: &[String; 2],
        client_id: &str,
    ) -> anyhow::Result<Self> {
        let directory = tempfile::Builder::new()
            .prefix("greenroom-")
            .tempdir_in(parent)?;
        write_config(directory.path(), oauth_url, api_url, client_id)?;
        let mut world = Self {
            zoom,
            program: program.into(),
            directory,
            environment: Vec::new(),
            daemon: None,
        };
        world.run_daemon().await?;
        Ok(world)
    }

    /// Where everything of this world is.
    pub fn directory(&self) -> &Path {
        self.directory.path()
    }

    /// The daemon's socket.
    pub fn socket(&self) -> PathBuf {
        self.directory().join("run/greenroom.sock")
    }

    /// The command that runs the daemon of this world.
    pub fn daemon_command(&self) -> Command {
        daemon_command(&self.program, self.directory())
    }

    /// Runs another verb of the daemon on this world's directories, to its end: whether it went
    /// well, and all it said.
    ///
    /// # Errors
    ///
    /// What could not be started, with the daemon's log.
    pub fn administer(&self, verb: &str, arguments: &[&str]) -> anyhow::Result<(bool, String)> {
        let mut command = verb_command(&self.program, self.directory(), verb);
        command.args(arguments);
        // Its line to us is held open: it ends on its own.
        let mut running = Held::start(command.stdout(Stdio::piped()).stderr(Stdio::piped()))?;
        let mut said = String::new();
        if let Some(mut output) = running.child().stdout.take() {
            output.read_to_string(&mut said)?;
        }
        if let Some(mut errors) = running.child().stderr.take() {
            errors.read_to_string(&mut said)?;
        }
        Ok((running.child().wait()?.success(), said))
    }

    /// Starts the daemon and waits until it answers.
    ///
    /// # Errors
    ///
    /// What could not be started, with the daemon's log.
    pub async fn run_daemon(&mut self) -> anyhow::Result<()> {
        self.start_daemon(&[])?;
        self.answering().await
    }

    /// Starts the daemon with these variables in its environment.
    ///
    /// # Errors
    ///
    /// What could not be started, with the daemon's log.
    pub fn start_daemon(&mut self, variables: &[(&str, &str)]) -> anyhow::Result<()> {
        let log = std::fs::OpenOptions::new()
            .create(true)
            .append(true)
            .open(self.log())?;
        let mut command = self.daemon_command();
        command.envs(variables.iter().copied());
        command.envs(self.environment.iter().map(|(name, path)| (name, path)));
        self.daemon = Some(Held::start(command.stdout(Stdio::null()).stderr(log))?);
        Ok(())
    }

    /// Waits until the daemon is gone, and says how it ended.
    ///
    /// # Errors
    ///
    /// Where none runs, or it goes on.
    pub async fn daemon_ended(&mut self) -> anyhow::Result<ExitStatus> {
        let until = std::time::Instant::now() + PATIENCE;
        let mut daemon = self.daemon.take().context("no daemon runs")?;
        loop {
            if let Some(status) = daemon.child().try_wait()? {
                return Ok(status);
            }
            if std::time::Instant::now() > until {
                bail!("the daemon goes on: {}", self.read_log());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Whether the daemon was started and has not ended.
    ///
    /// # Errors
    ///
    /// What the system says.
    pub fn daemon_lives(&mut self) -> anyhow::Result<bool> {
        match &mut self.daemon {
            Some(daemon) => Ok(daemon.child().try_wait()?.is_none()),
            None => Ok(false),
        }
    }

    /// Starts the daemon anew with more in its configuration and its environment.
    ///
    /// # Errors
    ///
    /// What could not be started, with the daemon's log.
    pub async fn reconfigure(
        &mut self,
        config: &str,
        environment: &[(&str, PathBuf)],
    ) -> anyhow::Result<()> {
        self.stop_daemon();
        let path = self.directory().join("config.toml");
        let before = std::fs::read_to_string(&path)?;
        std::fs::write(&path, before + config)?;
        let environment = environment.iter();
        self.environment = environment
            .map(|(name, path)| ((*name).to_owned(), path.clone()))
            .collect();
        self.run_daemon().await
    }

    /// Waits until the daemon answers `hello`, or says how it ended.
    ///
    /// # Errors
    ///
    /// Where it ended, or never answers, with its log.
    pub async fn answering(&mut self) -> anyhow::Result<()> {
        let until = std::time::Instant::now() + PATIENCE;
        loop {
            if Client::connect(&self.target()).await.is_ok() {
                return Ok(());
            }
            let ended = self
                .daemon
                .as_mut()
                .and_then(|held| held.child().try_wait().ok().flatten());
            if let Some(status) = ended {
                bail!("the daemon ended with {status}: {}", self.read_log());
            }
            if std::time::Instant::now() > until {
                bail!("the daemon does not answer: {}", self.read_log());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
    }

    /// Waits until the daemon has logged these words.
    pub async fn has_logged(&self, words: &str) -> anyhow::Result<()> {
        let until = std::time::Instant::now() + PATIENCE;
        while !self.read_log().contains(words) {
            if std::time::Instant::now() > until {
                bail!("the daemon does not log {words:?}: {}", self.read_log());
            }
            tokio::time::sleep(Duration::from_millis(5)).await;
        }
        Ok(())
    }

    /// The daemon's log file.
    pub fn log(&self) -> PathBuf {
        self.directory().join("greenroomd.log")
    }

    /// All the daemon has logged.
    pub fn read_log(&self) -> String {
        std::fs::read_to_string(self.log()).unwrap_or_default()
    }

    /// Kills the daemon as a crash would.
    pub fn kill_daemon(&mut self) {
        if let Some(mut daemon) = self.daemon.take() {
            daemon.kill();
        }
    }

    /// Stops the daemon as systemd would, and waits.
    pub fn stop_daemon(&mut self) {
        self.daemon = None;
    }

    /// The running daemon's process.
    pub fn daemon(&mut self) -> Option<&mut Held> {
        self.daemon.as_mut()
    }

    /// The way to the daemon, never starting one.
    pub fn target(&self) -> Target {
        let socket = SocketPath {
            path: self.socket(),
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

    /// A client.
    ///
    /// # Errors
    ///
    /// Where no daemon answers, or it refuses the caller.
    pub async fn client(&self) -> Result<Client, Error> {
        Ok(Client::connect(&self.target()).await?)
    }

    /// A client that acts for a member.
    ///
    /// # Errors
    ///
    /// Where no daemon answers, or it refuses the caller.
    pub async fn client_as(&self, email: &str) -> Result<Client, Error> {
        let target = Target {
            acting_as: Some(email.to_owned()),
            ..self.target()
        };
        Ok(Client::connect(&target).await?)
    }

    /// Makes the workspace Acme with Dana Reyes, and a client that is her.
    ///
    /// # Errors
    ///
    /// What the daemon refuses.
    pub async fn set_up(&self) -> Result<(Client, SetupDone), Error> {
        let setup = Setup {
            workspace: "Acme".into(),
            name: "Dana Reyes".into(),
            email: DANA.into(),
            zone: "America/New_York".into(),
            zoom_client_id: None,
            zoom_client_secret: None,
        };
        let done = self.client().await?.setup(setup).await?;
        Ok((self.client().await?, done))
    }

    /// Connects a member's Zoom as a person in a browser would.
    ///
    /// # Errors
    ///
    /// Where the daemon refuses, or Zoom shows a page of its own.
    pub async fn connect_zoom(&self, client: &Client, email: &str) -> anyhow::Result<Connection> {
        connect_zoom(client, email).await
    }
}

/// Writes the configuration of a daemon that uses a sandbox.
///
/// # Errors
///
/// Where the URL is none, or the file cannot be written.
pub fn write_config(
    directory: &Path,
    oauth_url: &str,
    api_url: &str,
    client_id: &str,
) -> anyhow::Result<PathBuf> {
    let path = directory.join("config.toml");
    let marketplace_url = Url::parse(oauth_url)?.join("/marketplace")?;
    let text = format!(
        "[zoom]\nclient_id = \"{client_id}\"\noauth_url = \"{oauth_url}\"\napi_url = \"{api_url}\"\n\
         marketplace_url = \"{marketplace_url}\"\n\n[secrets]\nkey = \"file\"\n"
    );
    std::fs::write(&path, text).with_context(|| format!("write {}", path.display()))?;
    Ok(path)
}

/// The command that runs a daemon out of `directory`; `program` is the `demo` binary.
pub fn daemon_command(program: &Path, directory: &Path) -> Command {
    verb_command(program, directory, "run")
}

fn verb_command(program: &Path, directory: &Path, verb: &str) -> Command {
    let mut command = Command::new(program);
    command
        .args(["daemon", verb, "--config"])
        .arg(directory.join("config.toml"));
    command.arg("--data").arg(directory.join("data"));
    command
        .arg("--socket")
        .arg(directory.join("run/greenroom.sock"));
    for name in [
        "GREENROOM_SOCKET",
        "RUNTIME_DIRECTORY",
        "STATE_DIRECTORY",
        "NOTIFY_SOCKET",
    ] {
        command.env_remove(name);
    }
    command
}
