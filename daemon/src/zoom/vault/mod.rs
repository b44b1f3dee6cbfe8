//! Owns secrets at rest: XChaCha20-Poly1305 under one master key, a random 24-byte nonce each, bound to the record
//! they are stored under and to the key's id, so that a sealed value moved to another record does not open.
//!
//! It is the only place that turns a secret into bytes for the store. What it opens is wiped when dropped. It does
//! not decide who may open what, and a record deleted here may survive in older parts of the store's files: sealed.

mod key;

use std::{path::Path, sync::Arc};

use base64::{Engine as _, engine::general_purpose::STANDARD};
use chacha20poly1305::{
    KeyInit, XChaCha20Poly1305, XNonce,
    aead::{Aead, Payload},
};
use serde::{Deserialize, Serialize, de::DeserializeOwned};
use zeroize::Zeroizing;

pub use key::{KeyChoice, KeyError, KeySource};

use crate::store::{Record, StoreError, Tx};

const NONCE: usize = 24;

/// Why a secret could not be sealed or opened.
#[derive(Debug, thiserror::Error)]
pub enum VaultError {
    /// The system gave no randomness.
    #[error("seal a secret: no randomness from the system: {0}")]
    Randomness(getrandom::Error),
    /// The secret could not be encoded or encrypted.
    #[error("seal a secret: it cannot be encoded")]
    Seal,
    /// It was sealed with another key.
    #[error(
        "open a secret: it was sealed with key {sealed_with}, this is {have}; restore that key"
    )]
    OtherKey {
        /// The id of the key it needs.
        sealed_with: String,
        /// The id of the key there is.
        have: String,
    },
    /// It is not what was sealed under this name.
    #[error("open a secret: it is damaged or was moved from another record")]
    Damaged,
    /// The store failed.
    #[error(transparent)]
    Store(#[from] StoreError),
}

/// A secret as it is stored.
#[derive(Clone, Serialize, Deserialize)]
pub(crate) struct Sealed {
    /// The id of the key it was sealed with.
    key: String,
    /// `nonce ‖ ciphertext ‖ tag`, base64.
    sealed: String,
}

impl Record for Sealed {
    const TABLE: &'static str = "secret";
    const SCHEMA: u32 = 1;
}

/// Seals and opens. Clones are one vault.
#[derive(Clone)]
pub struct Vault(Arc<Inner>);

struct Inner {
    cipher: XChaCha20Poly1305,
    key_id: String,
    source: KeySource,
}

impl Vault {
    /// Finds the master key as `choice` says, creating the key file in `config_dir` where that is the place and there
    /// is none. Reads files or runs a command: call it before serving.
    pub fn open(choice: &KeyChoice, config_dir: &Path) -> Result<Self, KeyError> {
        let (key, source) = key::find(choice, config_dir)?;
        Ok(Self::new(&key, source))
    }

    /// A vault with a key that lasts as long as this process; for tests.
    pub fn ephemeral() -> Result<Self, KeyError> {
        Ok(Self::new(&*key::random()?, KeySource::Ephemeral))
    }

    fn new(key: &[u8; key::LENGTH], source: KeySource) -> Self {
        let cipher = XChaCha20Poly1305::new(key.into());
        Self(Arc::new(Inner {
            cipher,
            key_id: key::id(key),
            source,
        }))
    }

    /// Where the key came from, for `doctor`.
    #[must_use]
    pub fn source(&self) -> &KeySource {
        &self.0.source
    }

    /// Writes `secret` under `id`, in this commit.
    pub(crate) fn put<T: Serialize>(
        &self,
        tx: &Tx,
        space: &str,
        id: &str,
        secret: &T,
    ) -> Result<(), VaultError> {
        let plain = Zeroizing::new(serde_json::to_vec(secret).map_err(|_| VaultError::Seal)?);
        tx.put(space, id, &self.seal(space, id, &plain)?)?;
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

    fn seal(&self, space: &str, id: &str, plain: &[u8]) -> Result<Sealed, VaultError> {
        let mut nonce = [0; NONCE];
        getrandom::fill(&mut nonce).map_err(VaultError::Randomness)?;
        let aad = self.bound_to(space, id);
        let payload = Payload {
            msg: plain,
            aad: &aad,
        };
        let boxed = self.0.cipher.encrypt(&XNonce::from(nonce), payload);
        let boxed = boxed.map_err(|_| VaultError::Seal)?;
        let sealed = STANDARD.encode([&nonce[..], &boxed].concat());
        Ok(Sealed {
            key: self.0.key_id.clone(),
            sealed,
        })
    }

    fn unseal(
        &self,
        space: &str,
        id: &str,
        sealed: &Sealed,
    ) -> Result<Zeroizing<Vec<u8>>, VaultError> {
        if sealed.key != self.0.key_id {
            let (sealed_with, have) = (sealed.key.clone(), self.0.key_id.clone());
            return Err(VaultError::OtherKey { sealed_with, have });
        }
        let bytes = STANDARD
            .decode(&sealed.sealed)
            .map_err(|_| VaultError::Damaged)?;
        let (nonce, boxed) = bytes
            .split_first_chunk::<NONCE>()
            .ok_or(VaultError::Damaged)?;
        let aad = self.bound_to(space, id);
        let payload = Payload {
            msg: boxed,
            aad: &aad,
        };
        let plain = self.0.cipher.decrypt(&XNonce::from(*nonce), payload);
        plain.map(Zeroizing::new).map_err(|_| VaultError::Damaged)
    }

    fn bound_to(&self, space: &str, id: &str) -> Vec<u8> {
        format!("{}\0{space}\0{}\0{id}", self.0.key_id, Sealed::TABLE).into_bytes()
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_secret_opens_only_under_its_own_name_and_key() {
        let vault = Vault::ephemeral().unwrap();
        let sealed = vault.seal("wsp_1", "grant/mem_1", b"rotated").unwrap();
        assert_eq!(
            &*vault.unseal("wsp_1", "grant/mem_1", &sealed).unwrap(),
            b"rotated"
        );

        let moved = vault.unseal("wsp_1", "grant/mem_2", &sealed);
        assert!(matches!(moved, Err(VaultError::Damaged)));
        let elsewhere = vault.unseal("wsp_2", "grant/mem_1", &sealed);
        assert!(matches!(elsewhere, Err(VaultError::Damaged)));
        let other = Vault::ephemeral()
            .unwrap()
            .unseal("wsp_1", "grant/mem_1", &sealed);
        assert!(matches!(other, Err(VaultError::OtherKey { .. })));
    }

    #[test]
    fn sealing_twice_never_looks_the_same_and_never_shows_the_secret() {
        let vault = Vault::ephemeral().unwrap();
        let [one, two] = [(); 2].map(|()| vault.seal("_", "x", b"rotated").unwrap().sealed);
        assert_ne!(one, two);
        let bytes = STANDARD.decode(&one).unwrap();
        assert!(!bytes.windows(7).any(|part| part == b"rotated"));
    }

    #[test]
    fn an_altered_or_cut_secret_does_not_open() {
        let vault = Vault::ephemeral().unwrap();
        let sealed = vault.seal("_", "x", b"rotated").unwrap();
        let bytes = STANDARD.decode(&sealed.sealed).unwrap();
        for length in [0, NONCE - 1, NONCE, bytes.len() - 1] {
            let cut = Sealed {
                sealed: STANDARD.encode(&bytes[..length]),
                ..sealed.clone()
            };
            assert!(matches!(
                vault.unseal("_", "x", &cut),
                Err(VaultError::Damaged)
            ));
        }
        for at in 0..bytes.len() {
            let mut altered = bytes.clone();
            altered[at] ^= 1;
            let altered = Sealed {
                sealed: STANDARD.encode(&altered),
                ..sealed.clone()
            };
            assert!(matches!(
                vault.unseal("_", "x", &altered),
                Err(VaultError::Damaged)
            ));
        }
    }
}
