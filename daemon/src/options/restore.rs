//! `greenroomd restore`: for a store that does not open, or a machine on which no daemon ran yet.
//!
//! The store's lock is held throughout: where a daemon runs on the data, this refuses and names it.

use std::path::PathBuf;

use super::Options;
use crate::backup;
use crate::clock::Clock;
use crate::store::Revision;
use crate::store::sled::Reserved;
use crate::zoom::Actor;
use crate::zoom::vault::{KeyChoice, Vault};

#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// The backup
    file: PathBuf,
    /// Only open it, and say what is in it
    #[arg(long)]
    dry_run: bool,
    #[command(flatten)]
    options: Options,
}

impl Restore {
    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = self.options.config()?;
        let directory = self.options.store_directory(&config);
        let choice = KeyChoice::of(&config.secrets);
        let vault = Vault::key_only(&choice, &self.options.config_directory()?).await?;
        if self.dry_run {
            let found = backup::verify(&self.file, &vault).await?;
            println!("backup         {}, {} rows", found.made_at, found.rows);
            return Ok(());
        }
        let reserved = Reserved::take(&directory)?;
        let by = Actor {
            actor: Some(format!("operator:{}", rustix::process::getuid().as_raw())),
            acting_as: None,
            source: "greenroomd".into(),
        };
        // The store there may not open, so its revision is not known; the restored one is another store anyway.
        let (after, now) = (Revision(0), Clock::machine().now());
        let done = backup::restore(&self.file, &vault, &directory, after, &by, now).await?;
        reserved.succeed()?;
        println!(
            "backup         {}, {} rows",
            done.from.made_at, done.from.rows
        );
        println!("store          {}", directory.display());
        if done.aside.exists() {
            println!("former store   {}", done.aside.display());
        }
        if done.letters > 0 {
            println!(
                "mail           {} held, for they may have left: see greenroom mail list",
                done.letters
            );
        }
        Ok(())
    }
}
