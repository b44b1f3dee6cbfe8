//! Owns the way to an open vault: the vault's key, the ring it opens, and what an earlier process
//! left half done.
//!
//! Invariant: where there is a ring, only its own key opens it; no fresh key is ever made beside
//! one. Between the two steps of a change of keys either key is enough, and the change is carried
//! on from where it was.

use std::path::{Path, PathBuf};
use std::{fs, io};

use super::key::{self, Found, Master};
use super::keyfile::KeyFile;
use super::ring::{self, Ring};
use super::{KeyChoice, KeyError, KeySource, RingError, Vault, VaultError, reseal};
use crate::store::{Store, StoreError};

/// Why the vault did not open. Nothing was changed.
#[derive(Debug, thiserror::Error)]
pub enum OpenError {
    /// There is no key.
    #[error(transparent)]
    Key(#[from] KeyError),
    /// The ring cannot be used.
    #[error(transparent)]
    Ring(#[from] RingError),
    /// There is a key, of something else.
    #[error(
        "The secrets here are sealed under key {needs}, but {from} gives key {have}; put that key back; \
         only if no copy is left, start over with `greenroomd rekey --lost`"
    )]
    OtherKey {
        /// The id of the key that is needed.
        needs: String,
        /// The id of the key there is.
        have: String,
        /// Where it came from.
        from: KeySource,
    },
    /// There was a key.
    #[error(
        "The secrets here are sealed under key {needs}, but {} is gone; put your copy back; only if no \
         copy is left, start over with `greenroomd rekey --lost`",
        path.display()
    )]
    KeyLost {
        /// The id of the key that is needed.
        needs: String,
        /// Where it was.
        path: PathBuf,
    },
    /// The key is where systemd has it, and this process was not given it.
    #[error(
        "The secrets here are sealed under key {needs}; the service's key is in {}, and systemd gives it to \
         the service alone. To check the service, run `greenroomd check` as root without further options",
        path.display()
    )]
    WithSystemd {
        /// The id of the key that is needed.
        needs: String,
        /// Where systemd has a key.
        path: PathBuf,
    },
    /// The sealed records could not be gone through.
    #[error("Couldn't open the vault: {0}")]
    Vault(#[from] VaultError),
}

impl OpenError {
    /// Whether the key may well be there, and only be out of reach of this process.
    #[must_use]
    pub fn may_be_found(&self) -> bool {
        matches!(
            self,
            Self::WithSystemd { .. }
                | Self::Key(KeyError::Exposed { .. } | KeyError::Io { .. } | KeyError::Command(_))
        )
    }
}

impl From<StoreError> for OpenError {
    fn from(error: StoreError) -> Self {
        Self::Vault(error.into())
    }
}

impl Vault {
    /// Opens the vault of the store in `store_dir`, with the key found as `choice` says. Makes both
    /// where there are none; seals anew what was sealed in a former way, and destroys keys
    /// nothing is sealed under.
    pub async fn open(
        choice: &KeyChoice,
        config_dir: &Path,
        store_dir: &Path,
        store: &Store,
    ) -> Result<Self, OpenError> {
        let vault = Self::unlock(choice, config_dir, store_dir).await?;
        vault.tidy(store).await?;
        Ok(vault)
    }

    /// The same without going through what is sealed, so that no record is written and no key
    /// destroyed: [`Vault::tidy`] does that, before anything else uses the vault.
    pub async fn unlock(
        choice: &KeyChoice,
        config_dir: &Path,
        store_dir: &Path,
    ) -> Result<Self, OpenError> {
        let found = key::find(choice, config_dir).await?;
        let path = store_dir.join(ring::NAME);
        match ring::needs(&path)? {
            Some(needs) => known(found, &path, needs),
            None => new(found, &path),
        }
    }

    /// Where the key comes from that opens the vault in `store_dir`, without opening it; nothing
    /// where the first start has yet to make one.
    pub async fn verify(
        choice: &KeyChoice,
        config_dir: &Path,
        store_dir: &Path,
    ) -> Result<Option<KeySource>, OpenError> {
        let found = key::find(choice, config_dir).await?;
        match (found, ring::needs(&store_dir.join(ring::NAME))?) {
            (found, Some(needs)) => Ok(Some(fitting(found, needs)?.source)),
            (Found::Key(_, source), None) => Ok(Some(source)),
            (Found::Nothing(_), None) => Ok(None),
        }
    }

    /// The vault's key alone, where there is no store yet: it opens what [`Vault::seal_key`]
    /// sealed, and nothing else.
    pub async fn key_only(choice: &KeyChoice, config_dir: &Path) -> Result<Self, KeyError> {
        match key::find(choice, config_dir).await? {
            Found::Key(master, source) => Ok(Self::new(Ring::in_memory(master), source)),
            Found::Nothing(file) => Err(KeyError::Nothing(file.path().to_owned())),
        }
    }

    /// The same with a key that is known already.
    pub(super) async fn open_with(
        master: Master,
        source: KeySource,
        store_dir: &Path,
        store: &Store,
    ) -> Result<Self, OpenError> {
        let ring = Ring::open(&store_dir.join(ring::NAME), master)?;
        let vault = Self::new(ring, source);
        vault.tidy(store).await?;
        Ok(vault)
    }

    /// Seals anew what was sealed in a former way, and destroys keys nothing is sealed under. Once,
    /// after [`Vault::unlock`].
    pub async fn tidy(&self, store: &Store) -> Result<(), OpenError> {
        let unopened = reseal::tidy(self, store).await?;
        // It is set here alone, once.
        let _ = self.0.unopened.set(unopened);
        Ok(())
    }
}

fn new(found: Found, path: &Path) -> Result<Vault, OpenError> {
    let (master, source) = match found {
        Found::Key(master, source) => (master, source),
        Found::Nothing(file) => (Master::new(&file.create()?), file.source(true)),
    };
    Ok(Vault::new(Ring::create(path, master)?, source))
}

fn known(found: Found, path: &Path, needs: String) -> Result<Vault, OpenError> {
    let fit = fitting(found, needs)?;
    let ring = Ring::open(path, fit.master)?;
    match fit.file {
        // A change of keys that came as far as the ring.
        Some(file) if fit.next => file.promote()?,
        // The next key of a change that did not come.
        Some(file) => file.unstage()?,
        None => {}
    }
    Ok(Vault::new(ring, fit.source))
}

/// A key that fits a ring.
struct Fit {
    master: Master,
    source: KeySource,
    /// Where the key is, if that is a file of ours.
    file: Option<KeyFile>,
    /// Whether it is the one that waits beside the former.
    next: bool,
}

fn fitting(found: Found, needs: String) -> Result<Fit, OpenError> {
    let (master, source) = match found {
        Found::Key(master, source) => (master, source),
        Found::Nothing(file) => {
            let path = file.path().to_owned();
            return Err(match key::with_systemd() {
                Some(path) => OpenError::WithSystemd { needs, path },
                None => OpenError::KeyLost { needs, path },
            });
        }
    };
    let file = match &source {
        KeySource::File { path, .. } => path.parent().map(KeyFile::below),
        _ => None,
    };
    if master.id == needs {
        return Ok(Fit {
            master,
            source,
            file,
            next: false,
        });
    }
    let next = file.as_ref().map(KeyFile::read_next).transpose()?.flatten();
    match next.map(|key| Master::new(&key)) {
        Some(next) if next.id == needs => Ok(Fit {
            master: next,
            source,
            file,
            next: true,
        }),
        _ => Err(match key::with_systemd() {
            Some(path) => OpenError::WithSystemd { needs, path },
            None => OpenError::OtherKey {
                needs,
                have: master.id,
                from: source,
            },
        }),
    }
}

/// Puts a [`Vault::ring_copy`] into the directory of a store that is being restored, before it is
/// opened.
pub fn put_ring(store_dir: &Path, copy: &[u8]) -> Result<(), RingError> {
    ring::put(&store_dir.join(ring::NAME), copy)
}

/// Sets the ring aside, for its key is lost; where it is now. The next start begins a new one with
/// the key it finds. Nothing where there is none.
pub fn start_over(store_dir: &Path) -> Result<Option<PathBuf>, RingError> {
    let path = store_dir.join(ring::NAME);
    let aside = (1..)
        .map(|number| store_dir.join(format!("{}.lost-{number}", ring::NAME)))
        .find(|aside| !aside.exists())
        .unwrap_or_default();
    let moved = fs::rename(&path, &aside).and_then(|()| fs::File::open(store_dir)?.sync_all());
    match moved {
        Ok(()) => Ok(Some(aside)),
        Err(cause) if cause.kind() == io::ErrorKind::NotFound => Ok(None),
        Err(cause) => Err(RingError::Io {
            what: "set aside",
            path,
            cause,
        }),
    }
}
