//! Owns secrets at rest. Each is sealed under a data key of its own, bound to the record it is
//! stored under; the data keys are in the `ring`, sealed under the vault's key; where that one
//! comes from, `key` and `keyfile` know.
//!
//! A secret's data key is destroyed with its record. So what is left of it anywhere (an old copy of
//! the record, the store's log, which keeps deleted bytes until it needs their space) opens with
//! nothing any more. What this cannot do: anyone who copied the *whole* data directory before, or
//! has a backup (which holds the ring of its moment), and has the vault's key, can open that copy;
//! against that, Zoom is asked to revoke.
//!
//! It is the only place that turns a secret into bytes for the store. What it opens is wiped when
//! dropped. It does not decide who may open what, and keeps no other record secret: those are
//! guarded by the permissions of their files.

mod cipher;
mod key;
mod keyfile;
mod open;
mod rekey;
mod reseal;
mod ring;

use std::sync::{Arc, OnceLock};

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::de::DeserializeOwned;
use serde::{Deserialize, Serialize};
use serde_json::{Value, json};
use zeroize::Zeroizing;

use self::cipher::{Cipher, SealError};
pub use self::cipher::{Key, random};
use self::key::Master;
pub use self::key::{KeyChoice, KeyError, KeySource};
pub use self::open::{OpenError, put_ring, start_over};
pub use self::rekey::{NewKey, RekeyError, Rekeyed, Step, rekey};
pub use self::ring::RingError;
use self::ring::{KeyId, Ring};
use crate::store::{Fate, GLOBAL, MigrateError, Record, StoreError, Tx};

/// Room for a secret as JSON: two tokens of Zoom's have a quarter of it. A buffer that grew would
/// leave a part behind.
const USUAL_BYTES: usize = 16 * 1024;

/// Why a secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The system gave no randomness.
    #[error("Couldn't seal a secret: no randomness from the system: {0}")]
    Randomness(getrandom::Error),
    /// The secret could not be encoded or encrypted.
    #[error("Couldn't seal a secret: it cannot be encoded")]
    Seal,
    /// The daemon is stopping.
    #[error("Couldn't change the key of a secret: the daemon is stopping")]
    Stopping,
    /// There is no data key for it, or it was none to begin with.
    #[error("Couldn't change the key of a secret: {0}")]
    Ring(#[from] RingError),
    /// It was sealed with another vault key, by a program that knew no data keys.
    #[error(
        "Couldn't open a secret: it was sealed with key {sealed_with}, this is {have}; restore that key"
    )]
    OtherKey {
        /// The id of the key it needs.
        sealed_with: String,
        /// The id of the key there is.
        have: String,
    },
    /// Its data key was destroyed, or is in another ring.
    #[error("Couldn't open a secret: its key is gone")]
    KeyGone,
    /// It is not what was sealed under this name.
    #[error("Couldn't open a secret: it is damaged or was moved from another record")]
    Damaged,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

impl From<SealError> for VaultError {
    fn from(error: SealError) -> Self {
        match error {
            SealError::Randomness(cause) => Self::Randomness(cause),
            SealError::TooLong => Self::Seal,
        }
    }
}

/// A secret as it is stored.
#[derive(Clone, Serialize, Deserialize)]
pub struct Sealed {
    under: Under,
    /// `nonce ‖ ciphertext ‖ tag`, base64.
    sealed: String,
}

/// What a secret is sealed with.
#[derive(Clone, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
enum Under {
    /// A key of its own, in the ring.
    Key(KeyId),
    /// The vault's key of this id itself: the former shape.
    Vault(String),
}

impl Record for Sealed {
    const TABLE: &'static str = "secret";
    const SCHEMA: u32 = 2;

    fn migrate(from: u32, mut value: Value) -> Result<Value, MigrateError> {
        match (from, value["key"].take(), value["sealed"].take()) {
            (1, Value::String(key), Value::String(sealed)) => {
                Ok(json!({ "under": { "vault": key }, "sealed": sealed }))
            }
            (1, ..) => Err(MigrateError::Misfit {
                from,
                cause: "it lacks its key or what is sealed".into(),
            }),
            _ => Err(MigrateError::Unknown { from }),
        }
    }
}

/// Seals and opens. Clones are one vault.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    ring: Ring,
    source: KeySource,
    /// The secrets that did not open when the vault did: space and id.
    unopened: OnceLock<Vec<(String, String)>>,
}

impl Vault {
    /// A vault with a key that lasts as long as this process; for tests.
    pub fn ephemeral() -> Result<Self, KeyError> {
        let ring = Ring::in_memory(Master::new(&cipher::random()?));
        Ok(Self::new(ring, KeySource::Ephemeral))
    }

    fn new(ring: Ring, source: KeySource) -> Self {
        Self(Arc::new(Inner {
            ring,
            source,
            unopened: OnceLock::new(),
        }))
    }

    /// Where the key came from, for `doctor`.
    #[must_use]
    pub fn source(&self) -> &KeySource {
        &self.0.source
    }

    /// What tells this vault's key from others, and tells nothing about it.
    #[must_use]
    pub fn key_id(&self) -> String {
        self.0.ring.with_master(|master| master.id.clone())
    }

    /// Seals the key of something that is no record, as a backup is; it opens under the same `id`
    /// only.
    pub fn seal_key(&self, id: &str, key: &Key) -> Result<Sealed, VaultError> {
        self.0.ring.with_master(|master| {
            let bound_to = bound_to(&master.id, GLOBAL, id);
            let sealed = master.cipher.seal(key.as_slice(), &bound_to)?;
            Ok(Sealed {
                under: Under::Vault(master.id.clone()),
                sealed: STANDARD.encode(sealed),
            })
        })
    }

    /// Opens such a key.
    pub fn open_key(&self, id: &str, sealed: &Sealed) -> Result<Key, VaultError> {
        let plain = self.unseal(GLOBAL, id, sealed)?;
        let key = <[u8; cipher::LENGTH]>::try_from(plain.as_slice());
        key.map(Zeroizing::new).map_err(|_| VaultError::Damaged)
    }

    /// The data keys as they are now, sealed under the vault's key: what a copy of the records
    /// needs to be worth anything, and what makes it as precious as they are.
    pub fn ring_copy(&self) -> Result<Vec<u8>, VaultError> {
        Ok(self.0.ring.copy()?)
    }

    /// The secrets that did not open when the vault did: the space and the id of each.
    #[must_use]
    pub fn unopened(&self) -> &[(String, String)] {
        self.0.unopened.get().map_or(&[], Vec::as_slice)
    }

    /// How many places of the ring cannot be read; they are kept as they are.
    #[must_use]
    pub fn unread_places(&self) -> usize {
        self.0.ring.unread()
    }

    /// Writes `secret` under `id`, in this commit: under the key the former secret there had, else
    /// a fresh one.
    pub(crate) async fn put<T: Serialize>(
        &self,
        tx: &Tx,
        space: &str,
        id: &str,
        secret: &T,
    ) -> Result<(), VaultError> {
        let mut plain = Zeroizing::new(Vec::with_capacity(USUAL_BYTES));
        serde_json::to_writer(&mut *plain, secret).map_err(|_| VaultError::Seal)?;
        let former = tx.get::<Sealed>(space, id).await?;
        let key = match former.map(|former| former.under) {
            Some(Under::Key(key)) if self.0.ring.is_current(key) => key,
            _ => self.fresh(tx).await?,
        };
        tx.put(space, id, &self.seal(space, id, key, &plain)?)?;
        Ok(())
    }

    /// The secret under `id`, expected to stay the same until this commit.
    pub(crate) async fn get<T: DeserializeOwned>(
        &self,
        tx: &Tx,
        space: &str,
        id: &str,
    ) -> Result<Option<T>, VaultError> {
        let Some(sealed) = tx.get::<Sealed>(space, id).await? else {
            return Ok(None);
        };
        let plain = self.unseal(space, id, &sealed)?;
        serde_json::from_slice(&plain)
            .map(Some)
            .map_err(|_| VaultError::Damaged)
    }

    /// Removes the secret under `id`, in this commit; once that is durable its key is destroyed. A
    /// record that cannot be read is removed all the same.
    pub(crate) async fn delete(&self, tx: &Tx, space: &str, id: &str) -> Result<(), StoreError> {
        let former = tx.get::<Sealed>(space, id).await.unwrap_or_else(|error| {
            tracing::warn!(%error, "remove a secret");
            None
        });
        tx.delete::<Sealed>(space, id)?;
        if let Some(Under::Key(key)) = former.map(|former| former.under) {
            self.destroy(tx, key, Fate::Committed);
        }
        Ok(())
    }

    /// A key for this commit; destroyed again where the commit fails.
    async fn fresh(&self, tx: &Tx) -> Result<KeyId, VaultError> {
        let key = self.make(1).await?.pop().ok_or(VaultError::KeyGone)?;
        self.destroy(tx, key, Fate::Dropped);
        Ok(key)
    }

    async fn make(&self, count: usize) -> Result<Vec<KeyId>, VaultError> {
        let vault = self.clone();
        let made = tokio::task::spawn_blocking(move || vault.0.ring.make(count)).await;
        Ok(made.map_err(|_| VaultError::Stopping)??)
    }

    /// Destroys `key` when this is what became of the transaction. A daemon killed in between does
    /// it at its next start.
    fn destroy(&self, tx: &Tx, key: KeyId, when: Fate) {
        let vault = self.clone();
        tx.afterwards(move |fate| {
            if fate == when
                && let Err(error) = vault.0.ring.destroy(&[key])
            {
                tracing::error!(%error, "destroy the key of a secret");
            }
        });
    }

    fn seal(&self, space: &str, id: &str, key: KeyId, plain: &[u8]) -> Result<Sealed, VaultError> {
        let cipher = self.0.ring.cipher(key).ok_or(VaultError::KeyGone)?;
        let sealed = cipher.seal(plain, &bound_to(&key, space, id))?;
        Ok(Sealed {
            under: Under::Key(key),
            sealed: STANDARD.encode(sealed),
        })
    }

    fn unseal(
        &self,
        space: &str,
        id: &str,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        let bytes = STANDARD.decode(&sealed.sealed);
        let bytes = bytes.map_err(|_| VaultError::Damaged)?;
        let open = |cipher: &Cipher, bound_to: &[u8]| {
            cipher.open(&bytes, bound_to).ok_or(VaultError::Damaged)
        };
        match &sealed.under {
            Under::Key(key) => {
                let cipher = self.0.ring.cipher(*key).ok_or(VaultError::KeyGone)?;
                open(&cipher, &bound_to(key, space, id))
            }
            Under::Vault(key) => self.0.ring.with_master(|master| match master.id == *key {
                true => open(&master.cipher, &bound_to(key, space, id)),
                false => Err(VaultError::OtherKey {
                    sealed_with: key.clone(),
                    have: master.id.clone(),
                }),
            }),
        }
    }
}

fn bound_to(key: &dyn std::fmt::Display, space: &str, id: &str) -> Vec<u8> {
    format!("{key}\0{space}\0{}\0{id}", Sealed::TABLE).into_bytes()
}

#[cfg(test)]
mod tests;
