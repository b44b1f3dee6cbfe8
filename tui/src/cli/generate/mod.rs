//! `greenroom generate …`: what is derived from the program itself; needs no daemon.

mod man;

use std::path::{Path, PathBuf};
use std::process::Stdio;

use clap::{CommandFactory, Subcommand};
use clap_complete::Shell;
use greenroom_protocol::{Error, service};

use super::Cli;
use super::session::Session;
use crate::client::DaemonCommand;
use crate::output::Stop;

/// Every key with its default and what it means.
const CONFIG: &str = include_str!("../config.toml");

#[derive(Debug, Subcommand)]
pub(crate) enum Generate {
    /// Print completions for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// Write the manual pages, one file each, including greenroomd's if it is beside this program
    /// or in PATH
    Man {
        /// The directory; created if missing
        dir: PathBuf,
    },
    /// Print the socket API as JSON Schema
    Schema,
    /// Print the commented configuration
    Config,
}

impl Generate {
    pub(crate) fn run(self, session: &Session) -> Result<(), Stop> {
        match self {
            Self::Completions { shell } => {
                let mut script = Vec::new();
                clap_complete::generate(shell, &mut Cli::command(), "greenroom", &mut script);
                session.output.print(&String::from_utf8_lossy(&script))
            }
            Self::Man { dir } => manual(session, &dir),
            Self::Schema => {
                let schema = serde_json::to_string_pretty(&service::schema()).map_err(|error| {
                    Error::failed(format!("Couldn't write the schema: {error}"))
                })?;
                session.output.print(&(schema + "\n"))
            }
            Self::Config => session.output.print(CONFIG),
        }
    }
}

/// Writes the client's pages, and has the daemon write its own.
fn manual(session: &Session, dir: &Path) -> Result<(), Stop> {
    let failed = |error: std::io::Error| {
        let why = format!("Couldn't write the manual into {}: {error}", dir.display());
        Error::failed(why).field("dir")
    };
    std::fs::create_dir_all(dir).map_err(failed)?;
    let mut command = Cli::command().disable_help_subcommand(true);
    command.build();
    let pages = man::write(&command, dir).map_err(failed)?;
    session.output.note(&format!("{pages} pages of greenroom"));
    let daemon = DaemonCommand::usual();
    let asked = std::process::Command::new(&daemon.program)
        .arg("man")
        .arg(dir)
        .stdin(Stdio::null())
        .stdout(Stdio::null())
        .stderr(Stdio::null())
        .status();
    match asked {
        Ok(status) if status.success() => session.output.note("the page of greenroomd"),
        _ => session.output.warn(&format!(
            "greenroomd was not found; on its machine run: greenroomd man {}",
            dir.display()
        )),
    }
    Ok(())
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::settings::Settings;

    #[test]
    fn the_commented_configuration_is_one_that_is_read() {
        let uncommented: String = CONFIG
            .lines()
            .map(|line| match line.strip_prefix('#') {
                Some(key) if !key.starts_with(' ') => format!("{key}\n"),
                _ => format!("{line}\n"),
            })
            .collect();
        let settings = Settings::parse(&uncommented, "config.toml").unwrap();
        assert_eq!(settings, Settings::default());
    }
}
