//! `greenroomd rekey`: the change of the vault's key, as the administrator asks for it.
//!
//! The store's lock is held throughout: where a daemon runs on the data, this refuses and names it.
//! No key is ever an argument: arguments can be read by every user of the machine.

use std::path::{Path, PathBuf};

use anyhow::{anyhow, bail};

use super::Options;
use crate::store::{self, Store};
use crate::vault::{self, KeyChoice, KeySource, NewKey, Step, Vault};

#[derive(Debug, clap::Args)]
pub(super) struct Rekey {
    #[command(flatten)]
    options: Options,
    /// Take the new key from this file, which must be yours alone (0600): 32 bytes, raw, in base64
    /// or in hexadecimal
    #[arg(long, value_name = "FILE")]
    new_key_file: Option<PathBuf>,
    /// Run this program with its arguments, to the end of the line, and take the new key from what
    /// it prints
    #[arg(long, value_name = "WORD", num_args = 1.., allow_hyphen_values = true, conflicts_with = "new_key_file")]
    new_key_command: Vec<String>,
    /// The former key is lost: set what it sealed aside, so that the daemon starts again. Zoom has
    /// to be connected anew, and the secrets of Zoom apps set anew; nothing else is lost
    #[arg(long, conflicts_with_all = ["new_key_file", "new_key_command"])]
    lost: bool,
}

impl Rekey {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = self.options.config()?;
        let directory = self.options.store_directory(&config);
        if !directory.exists() {
            bail!("There is no store in {} yet", directory.display());
        }
        let settings = store::sled::Settings {
            adopt: false,
            ..Default::default()
        };
        let store = store::open(&directory, settings).await?;
        if store.engine().is_of_an_older_version() && !self.lost {
            store.close().await;
            bail!(
                "the data was last written by an older version: start the daemon once, which makes a backup first, then \
                 change the key"
            );
        }
        let choice = KeyChoice::of(&config.secrets);
        let done = match self.lost {
            true => match self.found(&choice, &directory).await {
                Some(found) => Err(found),
                None => start_over(&directory),
            },
            false => self.change(&choice, &directory, &store).await,
        };
        store.close().await;
        done
    }

    /// Why the key is not lost: it is there, or is where this process cannot read it.
    async fn found(&self, choice: &KeyChoice, directory: &Path) -> Option<anyhow::Error> {
        let place = match self.options.config_directory() {
            Ok(place) => place,
            Err(error) => return Some(error),
        };
        match Vault::verify(choice, &place, directory).await {
            Ok(Some(source)) => Some(anyhow!(
                "The key is not lost, {source} has it; nothing was changed"
            )),
            Err(error) if error.may_be_found() => Some(anyhow!(
                "The key may not be lost; nothing was changed: {error}"
            )),
            _ => None,
        }
    }

    async fn change(
        self,
        choice: &KeyChoice,
        directory: &Path,
        store: &Store,
    ) -> anyhow::Result<()> {
        let config = self.options.config_directory()?;
        let new = match self.new_key_file {
            Some(file) => NewKey::File(file),
            None if self.new_key_command.is_empty() => NewKey::Random,
            None => NewKey::Command(self.new_key_command),
        };
        let tell = |step| println!("{}", reached(step));
        let done = vault::rekey(choice, &config, directory, store, new, tell).await?;
        println!("The key was {}, it is {} now.", done.from, done.to);
        if done.unopened > 0 {
            println!("{} secrets did not open and were left.", done.unopened);
        }
        println!("Backups made before open with the former key only: make one now.");
        match done.source {
            KeySource::File { path, .. } => {
                println!("It is in {}: copy it again.", path.display());
            }
            source => println!(
                "Now put the new key where {source} takes it from: until then the daemon does not start."
            ),
        }
        Ok(())
    }
}

fn reached(step: Step) -> &'static str {
    match step {
        Step::Opened => "The former key opens the secrets.",
        Step::Written => "The new key is ready.",
        Step::Changed => "Only the new key opens the secrets.",
        Step::InPlace => "The new key is in its place.",
        Step::Sealed => "Every secret is sealed anew.",
    }
}

fn start_over(directory: &Path) -> anyhow::Result<()> {
    match vault::start_over(directory)? {
        Some(aside) => println!(
            "What the lost key sealed is set aside in {}. Start the daemon, connect Zoom again, and set the secrets of \
             Zoom apps again. Should the key be found: put both back.",
            aside.display()
        ),
        None => println!("Nothing is sealed here; there is nothing to set aside."),
    }
    Ok(())
}
