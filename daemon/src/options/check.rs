//! `greenroomd check`: what the daemon would use, read and tried without starting it.
//!
//! Invariant: what is checked is what would run. So root, on a machine with the system's service,
//! checks that service, in its own user and with its credentials: root's own configuration, and a
//! store opened by root, would say nothing about it.

use std::path::{Path, PathBuf};

use anyhow::{Context as _, bail};
use greenroom_protocol::socket::SYSTEM_SOCKET;
use greenroom_protocol::system;

use super::{Options, runtime, unit};
use crate::config::Config;
use crate::secrets::Source;
use crate::store::sled::OpenError;
use crate::vault::{KeyChoice, Vault};
use crate::{directories, dumps, store};

/// Opens everything as `run` would, and says what is there.
pub(super) fn check(options: &Options) -> anyhow::Result<()> {
    dumps::forbid();
    rustix::process::umask(rustix::fs::Mode::from_raw_mode(0o077));
    if options.names_nothing() && !options.service() {
        if rustix::process::geteuid().is_root()
            && let Some(unit) = unit::Unit::of_the_system()?
        {
            println!("service        greenroomd.service, as it is installed");
            return match unit.run_in_its_place("check", &[], Path::new("/dev/null"))? {
                true => Ok(()),
                false => bail!("the service would not start like this; the reason is above"),
            };
        }
        if system::sign().is_some() {
            println!(
                "note           this machine has the system's daemon; as root this command checks that one"
            );
        }
    }
    let config = options.config()?;
    if let Some(data) = &options.data {
        let there = std::fs::metadata(data);
        there.with_context(|| format!("Couldn't read the data in {}", data.display()))?;
    }
    let file = options.config_file()?;
    let none = if file.exists() {
        ""
    } else {
        " (none: every key has its default)"
    };
    println!("configuration  {}{none}", file.display());
    runtime()?.block_on(everything(options, &config))
}

async fn everything(options: &Options, config: &Config) -> anyhow::Result<()> {
    let source = config.zoom.client_secret();
    let secret = source.read("zoom.client_secret").await?;
    let kind = if secret.is_some() {
        "confidential"
    } else {
        "public"
    };
    let client = if config.zoom.client_id.is_empty() {
        "none by default".to_owned()
    } else {
        format!("{kind} client")
    };
    println!("zoom app       {client}");
    warn_about("client secret", &source);
    mail(config).await?;
    println!("socket         {}", socket(options)?.display());
    let directory = options.store_directory(config);
    key(options, config, &directory).await?;
    for open in [
        directories::judge(&directory),
        directories::judge(&options.backup_directory(config)),
        directories::judge(&options.mail_directory(config)),
    ]
    .into_iter()
    .flatten()
    {
        println!("directory      {open}; {}", open.remedy());
    }
    store(&directory).await
}

/// Where the service listens; systemd tells it by a directory that a check in its place is not
/// given.
fn socket(options: &Options) -> anyhow::Result<PathBuf> {
    let untold = options.socket.is_none() && std::env::var_os("RUNTIME_DIRECTORY").is_none();
    match options.service() && untold {
        true => Ok(PathBuf::from(SYSTEM_SOCKET)),
        false => options.socket(),
    }
}

fn warn_about(what: &str, source: &Source) {
    if let Some(exposure) = source.exposure() {
        println!("{what:<15}{exposure}; {}", exposure.remedy());
    }
}

/// Reads the passwords of the mail servers; nobody logs in.
async fn mail(config: &Config) -> anyhow::Result<()> {
    let mail = &config.mail;
    println!("mail           {}", mail.transport);
    for (key, server) in [
        ("mail.smtp.password", &mail.smtp),
        ("mail.imap.password", &mail.imap),
    ] {
        let source = server.password();
        source.read(key).await?;
        warn_about(key, &source);
    }
    Ok(())
}

async fn key(options: &Options, config: &Config, store: &Path) -> anyhow::Result<()> {
    let (choice, place) = (KeyChoice::of(&config.secrets), options.config_directory()?);
    let key = Vault::verify(&choice, &place, store).await?;
    match &key {
        Some(key) => println!("vault key      {key}"),
        None => println!(
            "vault key      made at the first start, in {}",
            place.display()
        ),
    }
    if let Some(exposure) = key.and_then(|key| key.exposure()) {
        println!("               {exposure}; {}", exposure.remedy());
    }
    Ok(())
}

async fn store(directory: &Path) -> anyhow::Result<()> {
    if !directory.exists() {
        println!("store          {} (none yet)", directory.display());
        return Ok(());
    }
    // Looking writes nothing, not even into a store of an older version.
    let settings = store::sled::Settings {
        adopt: false,
        ..Default::default()
    };
    match store::open(directory, settings).await {
        Ok(store) => {
            println!(
                "store          {}, revision {}",
                directory.display(),
                store.revision()
            );
            store.close().await;
            Ok(())
        }
        // A daemon that runs is nothing wrong.
        Err(OpenError::Locked { dir, holder }) => {
            println!("store          {}, in use: {holder}", dir.display());
            Ok(())
        }
        Err(error) => bail!(error),
    }
}
