//! Owns the change of the vault's key. The order makes it safe at every point: the next key is
//! durable, then the ring is put in place under it, then the next key takes the former's place,
//! then every secret is sealed under a fresh data key. Before the second step the former key opens
//! everything, after it the next one; what is left to do is done at the next start.

use std::path::{Path, PathBuf};

use super::key::{self, Master};
use super::keyfile::{self, KeyFile};
use super::{
    KeyChoice, KeyError, KeySource, OpenError, RingError, Vault, VaultError, cipher, reseal,
};
use crate::store::Store;

/// Where the next key comes from.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum NewKey {
    /// It is made now; only where the key is a file.
    Random,
    /// A file of this user alone.
    File(PathBuf),
    /// A program and its arguments, which prints it.
    Command(Vec<String>),
}

/// A point of the change, told when it is reached.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Step {
    /// The former key has opened everything.
    Opened,
    /// The next key is durable.
    Written,
    /// Only the next key opens the secrets.
    Changed,
    /// The next key is where the former one was.
    InPlace,
    /// Every secret is sealed anew.
    Sealed,
}

/// What a change did.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Rekeyed {
    /// The id of the former key.
    pub from: String,
    /// The id of the key now.
    pub to: String,
    /// Where the key is looked for at the next start.
    pub source: KeySource,
    /// How many secrets did not open, and were left as they are.
    pub unopened: usize,
}

/// Why a key was not changed. What was sealed opens with the former key or, from [`Step::Changed`]
/// on, the next one.
#[derive(Debug, thiserror::Error)]
pub enum RekeyError {
    /// The vault did not open.
    #[error(transparent)]
    Open(#[from] OpenError),
    /// The next key could not be had or written.
    #[error("Couldn't use the new key: {0}")]
    Key(#[from] KeyError),
    /// There is no file there.
    #[error("The new key file {} does not exist", .0.display())]
    NoFile(PathBuf),
    /// Only a file can be written by the daemon.
    #[error(
        "The key comes from {0}, which cannot be written from here; give the next one with \
         --new-key-file or --new-key-command, and put it there when this is done"
    )]
    NotOurs(KeySource),
    /// The ring could not be written.
    #[error(transparent)]
    Ring(#[from] RingError),
    /// The sealed records could not be gone through.
    #[error(
        "Couldn't seal everything under the new key: {0}; the daemon continues the change when it starts"
    )]
    Vault(#[from] VaultError),
}

/// Seals everything under another key.
pub async fn rekey(
    choice: &KeyChoice,
    config_dir: &Path,
    store_dir: &Path,
    store: &Store,
    new: NewKey,
    reached: impl Fn(Step),
) -> Result<Rekeyed, RekeyError> {
    let given = given(new).await?;
    let opened = Vault::open(choice, config_dir, store_dir, store).await;
    let vault = match (opened, &given) {
        // Killed after the change, and the source still gives the former key.
        (Err(OpenError::OtherKey { needs, from, .. }), Some(given))
            if Master::new(given).id == needs =>
        {
            Vault::open_with(Master::new(given), from, store_dir, store).await?
        }
        (opened, _) => opened?,
    };
    reached(Step::Opened);
    let source = vault.source().clone();
    let file = match &source {
        KeySource::File { path, .. } => path.parent().map(KeyFile::below),
        _ => None,
    };
    let next = match (given, &file) {
        (Some(given), _) => given,
        (None, Some(_)) => cipher::random().map_err(KeyError::from)?,
        (None, None) => return Err(RekeyError::NotOurs(source)),
    };
    let master = Master::new(&next);
    let (from, to) = (
        vault.0.ring.with_master(|master| master.id.clone()),
        master.id.clone(),
    );
    if let Some(file) = &file {
        file.stage(&next)?;
    }
    reached(Step::Written);
    vault.0.ring.change(master)?;
    reached(Step::Changed);
    if let Some(file) = &file {
        file.promote()?;
    }
    reached(Step::InPlace);
    let unopened = reseal::tidy(&vault, store).await?.len();
    reached(Step::Sealed);
    Ok(Rekeyed {
        from,
        to,
        source,
        unopened,
    })
}

async fn given(new: NewKey) -> Result<Option<cipher::Key>, RekeyError> {
    match new {
        NewKey::Random => Ok(None),
        NewKey::Command(words) => Ok(Some(key::printed(&words).await?)),
        NewKey::File(path) => match keyfile::read(&path)? {
            Some(key) => Ok(Some(key)),
            None => Err(RekeyError::NoFile(path)),
        },
    }
}
