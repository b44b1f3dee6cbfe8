//! A workspace's passwords for its mail servers, in the vault.
//!
//! Invariant: a password is written and forgotten in the commit that changes the workspace's email
//! settings, so the two never speak of different servers.

use std::fmt;

use secrecy::{ExposeSecret as _, SecretString};
use serde::{Deserialize, Deserializer, Serialize, Serializer};

use crate::secrets;
use crate::store::{Store, StoreError, Tx};
use crate::vault::{Vault, VaultError};

/// Which of a workspace's mail servers a password is for.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum PasswordFor {
    /// Where emails are handed over.
    Smtp,
    /// Where replies are read.
    Imap,
}

impl PasswordFor {
    const fn id(self) -> &'static str {
        match self {
            Self::Smtp => "mail/smtp",
            Self::Imap => "mail/imap",
        }
    }

    /// Keeps a password in the workspace's space, in this commit.
    ///
    /// # Errors
    /// The vault or the store.
    pub(crate) async fn keep(
        self,
        tx: &Tx,
        vault: &Vault,
        space: &str,
        password: &str,
    ) -> Result<(), VaultError> {
        let kept = Kept(SecretString::from(password.to_owned()));
        vault.put(tx, space, self.id(), &kept).await
    }

    /// Forgets it, in this commit.
    ///
    /// # Errors
    /// The store.
    pub(crate) async fn forget(
        self,
        tx: &Tx,
        vault: &Vault,
        space: &str,
    ) -> Result<(), StoreError> {
        vault.delete(tx, space, self.id()).await
    }
}

/// Where a workspace's password is.
#[derive(Clone)]
pub(in crate::mail) struct VaultPassword {
    pub store: Store,
    pub vault: Vault,
    pub space: String,
    pub of: PasswordFor,
}

impl fmt::Debug for VaultPassword {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{} of {}", self.of.id(), self.space)
    }
}

impl VaultPassword {
    pub(super) async fn read(&self) -> Result<SecretString, String> {
        let read = self.store.transact(|tx| async move {
            let kept = self.vault.get::<Kept>(&tx, &self.space, self.of.id());
            kept.await
        });
        match read.await {
            Ok((Some(Kept(password)), _)) => {
                secrets::remember(&password);
                Ok(password)
            }
            Ok((None, _)) => {
                Err("no password is kept: set it with greenroom mail setup".to_owned())
            }
            Err(error) => Err(error.to_string()),
        }
    }
}

/// A password in the vault.
#[derive(Serialize, Deserialize)]
struct Kept(#[serde(serialize_with = "expose", deserialize_with = "conceal")] SecretString);

fn expose<S: Serializer>(secret: &SecretString, out: S) -> Result<S::Ok, S::Error> {
    out.serialize_str(secret.expose_secret())
}

fn conceal<'de, D: Deserializer<'de>>(input: D) -> Result<SecretString, D::Error> {
    String::deserialize(input).map(SecretString::from)
}
