//! `greenroomd restore`: for a store that does not open, or a machine on which no daemon ran yet.
//!
//! Invariants: the store's lock is held throughout, so where a daemon runs on the data, this
//! refuses and names it. Root, on a machine with the system's service, restores that service's
//! data, as its user and with its key: files of root's would be of no use to it. The caller opens
//! the backup, because the service's user cannot read everybody's files.

use std::fs::{self, File};
use std::io;
use std::os::unix::fs::OpenOptionsExt;
use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};

use super::{Options, unit};
use crate::backup;
use crate::clock::Clock;
use crate::store::sled::Reserved;
use crate::store::{Attribution, Revision};
use crate::vault::{KeyChoice, Vault};

/// The name of a backup that comes through standard input.
const INPUT: &str = "-";

#[derive(Debug, clap::Args)]
pub(super) struct Restore {
    /// The backup; `-` reads it from standard input
    file: PathBuf,
    /// Only open it, and say what is in it
    #[arg(long)]
    dry_run: bool,
    /// Keep people linked: this machine has the same Unix users as the one the backup is from
    #[arg(long)]
    same_people: bool,
    #[command(flatten)]
    options: Options,
}

impl Restore {
    /// Has the service's user do it where the service's data is meant; whether it was that.
    pub(super) fn by_the_service(&self) -> anyhow::Result<bool> {
        let named = self.options.config.is_some() || self.options.data.is_some();
        if named || self.options.service() || !rustix::process::geteuid().is_root() {
            return Ok(false);
        }
        let Some(unit) = unit::Unit::of_the_system()? else {
            return Ok(false);
        };
        let options = [
            ("--dry-run", self.dry_run),
            ("--same-people", self.same_people),
        ];
        let given = options.iter().filter(|(_, given)| *given);
        let mut more: Vec<_> = given.map(|(option, _)| *option).collect();
        more.push(INPUT);
        if !unit.run_in_its_place("restore", &more, &self.file)? {
            bail!("nothing was restored to the service's data; the reason is above");
        }
        Ok(true)
    }

    pub(super) async fn run(self) -> anyhow::Result<()> {
        let config = self.options.config()?;
        let directory = self.options.store_directory(&config);
        let choice = KeyChoice::of(&config.secrets);
        let vault = Vault::key_only(&choice, &self.options.config_directory()?).await?;
        if self.dry_run {
            let file = Backup::at(&self.file, &std::env::temp_dir())?;
            let found = backup::verify(&file.path, &vault).await?;
            println!("backup         {}, {} rows", found.made_at, found.rows);
            return Ok(());
        }
        let reserved = Reserved::take(&directory)?;
        let file = Backup::at(&self.file, &directory)?;
        let by = Attribution {
            actor: Some(format!("operator:{}", rustix::process::getuid().as_raw())),
            acting_as: None,
            source: "greenroomd".into(),
        };
        // The store there may not open, so its revision is not known; the restored one is another
        // store anyway.
        let (after, now) = (Revision(0), Clock::machine().now());
        let (path, same) = (&file.path, self.same_people);
        let done = backup::restore(path, &vault, &directory, after, &by, now, same).await?;
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

/// A backup in a file. It is read twice, so what comes through standard input is put down first.
struct Backup {
    path: PathBuf,
    /// Whether it is our copy, and goes with this.
    ours: bool,
}

impl Backup {
    fn at(path: &Path, room: &Path) -> anyhow::Result<Self> {
        if path != Path::new(INPUT) {
            return Ok(Self {
                path: path.to_owned(),
                ours: false,
            });
        }
        // A name that is passed over where a store is put in its place.
        let name = format!("incoming-{}.backup", uuid::Uuid::now_v7().simple());
        let copy = Self {
            path: room.join(name),
            ours: true,
        };
        let mut options = File::options();
        let opened = options
            .write(true)
            .create_new(true)
            .mode(0o600)
            .open(&copy.path);
        opened
            .and_then(|mut file| {
                io::copy(&mut io::stdin().lock(), &mut file)?;
                file.sync_all()
            })
            .with_context(|| format!("could not put the backup down in {}", room.display()))?;
        Ok(copy)
    }
}

impl Drop for Backup {
    fn drop(&mut self) {
        if self.ours {
            // It is of no use to anybody, and would be passed over.
            let _ = fs::remove_file(&self.path);
        }
    }
}
