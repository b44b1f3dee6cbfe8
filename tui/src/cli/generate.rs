//! `greenroom generate …`: what is derived from the program itself; needs no daemon.

use clap::{CommandFactory, Subcommand};
use clap_complete::Shell;
use greenroom_protocol::{Error, service};

use super::Cli;
use super::session::Session;
use crate::output::Stop;

/// Every key with its default and what it means.
const CONFIG: &str = include_str!("config.toml");

#[derive(Debug, Subcommand)]
pub(crate) enum Generate {
    /// Completions for a shell
    Completions {
        /// Which shell
        shell: Shell,
    },
    /// The contract of the socket as JSON Schema
    Schema,
    /// The configuration, commented
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
            Self::Schema => {
                let schema = serde_json::to_string_pretty(&service::schema())
                    .map_err(|error| Error::failed(format!("write the schema: {error}")))?;
                session.output.print(&(schema + "\n"))
            }
            Self::Config => session.output.print(CONFIG),
        }
    }
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
