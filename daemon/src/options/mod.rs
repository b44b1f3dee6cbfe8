//! The daemon's own command line, and the directories it works in.

mod check;
mod man;
mod rekey;
mod reload;
mod restore;
mod unit;

use std::path::{Path, PathBuf};
use std::process::ExitCode;

use anyhow::Context;
use clap::{CommandFactory, Parser, Subcommand};
use directories::BaseDirs;

use crate::config::{Config, Loaded};
use crate::rpc::Shutdown;
use crate::{dumps, log, reload as in_force, socket};

/// The exit code where this machine's daemon is the system's, as `greenroom` has it for a daemon
/// that cannot be reached.
const NOT_HERE: u8 = 3;

/// The Greenroom daemon.
#[derive(Debug, Parser)]
#[command(name = "greenroomd", version)]
struct Cli {
    #[command(subcommand)]
    verb: Verb,
}

#[derive(Debug, Subcommand)]
enum Verb {
    /// Run in the foreground until SIGTERM.
    Run(Options),
    /// Read the configuration and the store as the service would, and say what is wrong.
    ///
    /// As root on a machine with the system's service: what that service would use, in its own user
    /// and with its credentials. With --config or --data: what these name.
    Check(Options),
    /// Have the daemon that runs read its configuration again, and say which keys took effect.
    Reload(Options),
    /// Seal every secret under a new key; no daemon may run on the data
    Rekey(rekey::Rekey),
    /// Write the manual page into a directory
    Man {
        /// The directory; made where there is none
        dir: PathBuf,
    },
    /// Put a backup in the place of the store; no daemon may run on the data (else: `greenroom
    /// restore`)
    ///
    /// As root on a machine with the system's service: that service's data, as its user and with
    /// its key. With --config or --data: what these name.
    Restore(restore::Restore),
}

/// Where the daemon finds its things; what is not named is found by the environment.
#[derive(Debug, Clone, Default, clap::Args)]
pub struct Options {
    /// The configuration file.
    #[arg(long, value_name = "FILE")]
    pub config: Option<PathBuf>,
    /// The data directory.
    #[arg(long, value_name = "DIR")]
    pub data: Option<PathBuf>,
    /// The socket.
    #[arg(long, value_name = "PATH")]
    pub socket: Option<PathBuf>,
    /// Leave the session it was started from, and log to the log file.
    #[arg(long)]
    pub detach: bool,
}

impl Options {
    /// The configuration, with the environment over it.
    pub fn config(&self) -> anyhow::Result<Config> {
        self.load().map(|loaded| loaded.config)
    }

    /// The same, with the keys that are set. A file that was named and is not there is a mistake;
    /// the usual one may be missing.
    pub(crate) fn load(&self) -> anyhow::Result<Loaded> {
        let file = self.config_file()?;
        if self.config.is_some() {
            let there = std::fs::metadata(&file);
            there.with_context(|| format!("Couldn't read the configuration {}", file.display()))?;
        }
        Ok(Config::load_keys(&file, &in_force::environment())?)
    }

    /// Whether nothing says which configuration and data are meant.
    fn names_nothing(&self) -> bool {
        self.config.is_none() && self.data.is_none() && self.socket.is_none()
    }

    /// Refuses where this machine has the system's daemon: one of somebody's own would be an empty
    /// one that they take for it. Who names both the data and the socket knows that it is
    /// another one.
    fn refuse_beside_the_systems(&self) -> anyhow::Result<()> {
        let state = std::env::var_os("STATE_DIRECTORY").map(PathBuf::from);
        let is_the_systems =
            self.service() && state.is_some_and(|state| state.starts_with("/var/lib"));
        let another = self.data.is_some() && self.socket.is_some();
        if is_the_systems || another {
            return Ok(());
        }
        match greenroom_protocol::system::sign() {
            Some(_) => Err(NotHere.into()),
            None => Ok(()),
        }
    }

    fn config_file(&self) -> anyhow::Result<PathBuf> {
        if let Some(file) = &self.config {
            return Ok(file.clone());
        }
        if self.service() {
            return Ok(PathBuf::from("/etc/greenroom/config.toml"));
        }
        let base = BaseDirs::new().context(
            "There is no home directory to find the configuration in; name a file with --config",
        )?;
        Ok(base.config_dir().join("greenroom/config.toml"))
    }

    /// Where the configuration and the vault's key file are.
    pub fn config_directory(&self) -> anyhow::Result<PathBuf> {
        let file = self.config_file()?;
        Ok(file
            .parent()
            .map_or_else(|| PathBuf::from("."), Path::to_path_buf))
    }

    /// Whether this is the system service: systemd gives it a directory of its own.
    pub fn service(&self) -> bool {
        self.data.is_none() && std::env::var_os("STATE_DIRECTORY").is_some()
    }

    /// The socket to listen on.
    pub fn socket(&self) -> anyhow::Result<PathBuf> {
        let path = self
            .socket
            .clone()
            .or_else(greenroom_protocol::socket::daemon_path);
        path.context("There is no home directory to find the socket in; name one with --socket")
    }

    /// Where the store is.
    pub fn store_directory(&self, config: &Config) -> PathBuf {
        match config.store.url.strip_prefix("sled:").unwrap_or_default() {
            "" => self.data_directory().join("store"),
            named => PathBuf::from(named),
        }
    }

    /// Where the Maildir folders are.
    pub fn mail_directory(&self, config: &Config) -> PathBuf {
        match config.mail.maildir.as_str() {
            "" => self.data_directory().join("mail"),
            named => PathBuf::from(named),
        }
    }

    /// Where the nightly backups are.
    pub fn backup_directory(&self, config: &Config) -> PathBuf {
        match config.store.backup_directory.as_str() {
            "" => self.data_directory().join("backups"),
            named => PathBuf::from(named),
        }
    }

    fn data_directory(&self) -> PathBuf {
        let service = std::env::var_os("STATE_DIRECTORY").map(PathBuf::from);
        let home = || BaseDirs::new().map(|base| base.data_dir().join("greenroom"));
        let data = self.data.clone().or(service).or_else(home);
        data.unwrap_or_else(|| PathBuf::from("greenroom-data"))
    }
}

/// Why nothing of one's own is started.
#[derive(Debug, thiserror::Error)]
#[error(
    "No daemon of your own was started: this machine has the system's, and everybody here uses that one; stop a service of \
     your own with `systemctl --user disable --now greenroomd.socket greenroomd.service` (another daemon on purpose: name --data and --socket)"
)]
struct NotHere;

/// The program: reads the arguments (the first is the program's name), runs, and says what went
/// wrong.
pub fn main(arguments: impl IntoIterator<Item = std::ffi::OsString>) -> ExitCode {
    let cli = match Cli::try_parse_from(arguments) {
        Ok(cli) => cli,
        Err(error) => {
            let _ = error.print();
            return ExitCode::from(if error.use_stderr() { 2 } else { 0 });
        }
    };
    let done = match cli.verb {
        Verb::Run(options) => run(options),
        Verb::Check(options) => check::check(&options),
        Verb::Reload(options) => reload::reload(&options),
        Verb::Rekey(rekey) => change_key(rekey),
        Verb::Man { dir } => man::write(Cli::command(), &dir),
        Verb::Restore(restore) => restore_backup(restore),
    };
    match done {
        Ok(()) => ExitCode::SUCCESS,
        Err(error) => {
            tracing::error!("{error:#}");
            eprintln!("greenroomd: {error:#}");
            match error.is::<NotHere>() {
                true => ExitCode::from(NOT_HERE),
                false => ExitCode::FAILURE,
            }
        }
    }
}

fn run(options: Options) -> anyhow::Result<()> {
    if options.detach {
        // The terminal we were started from may be closed; we go on. It fails only for a group
        // leader, who has none to leave.
        let _ = rustix::process::setsid();
    }
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    let passed = socket::passed()?;
    let file = options.detach.then(log::file).flatten();
    let _guard = log::start(file.as_deref()).context("Couldn't open the log")?;
    options.refuse_beside_the_systems()?;
    dumps::forbid();
    runtime()?.block_on(crate::run(options, passed, Shutdown::default()))
}

fn runtime() -> anyhow::Result<tokio::runtime::Runtime> {
    tokio::runtime::Builder::new_multi_thread()
        .enable_all()
        .build()
        .context("Couldn't start the runtime")
}

fn change_key(rekey: rekey::Rekey) -> anyhow::Result<()> {
    dumps::forbid();
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    runtime()?.block_on(rekey.run())
}

fn restore_backup(restore: restore::Restore) -> anyhow::Result<()> {
    dumps::forbid();
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    if restore.by_the_service()? {
        return Ok(());
    }
    runtime()?.block_on(restore.run())
}
