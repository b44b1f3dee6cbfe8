//! A secret that is read when it is needed, and kept until it was refused.

use std::sync::{Mutex, PoisonError};

use secrecy::SecretString;

use super::vault::VaultPassword;
use crate::secrets::Source;

/// A password or a token, and where it is had from.
#[derive(Debug)]
pub struct Secret {
    from: From,
    kept: Mutex<Option<SecretString>>,
}

#[derive(Debug)]
enum From {
    Known(SecretString),
    Vault(VaultPassword),
    /// The configuration's name for it stands beside it.
    Password(Source, &'static str),
    Token(Source, &'static str),
}

impl Secret {
    pub(super) fn known(secret: SecretString) -> Self {
        Self::new(From::Known(secret))
    }

    pub(super) fn vault(password: VaultPassword) -> Self {
        Self::new(From::Vault(password))
    }

    pub(super) fn password(source: Source, key: &'static str) -> Self {
        Self::new(From::Password(source, key))
    }

    pub(super) fn token(command: Vec<String>, key: &'static str) -> Self {
        Self::new(From::Token(Source::Command(command), key))
    }

    fn new(from: From) -> Self {
        Self {
            from,
            kept: Mutex::default(),
        }
    }

    /// What was read before and not refused since.
    pub(super) fn kept(&self) -> Option<SecretString> {
        let kept = self.kept.lock().unwrap_or_else(PoisonError::into_inner);
        kept.clone()
    }

    /// Reads it anew, to be used until it is refused.
    pub(super) async fn read(&self) -> Result<SecretString, String> {
        let secret = match &self.from {
            From::Known(secret) => secret.clone(),
            From::Vault(password) => password.read().await?,
            From::Password(source, key) => source.password(key).await?,
            From::Token(source, key) => source.token(key).await?,
        };
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = Some(secret.clone());
        Ok(secret)
    }

    /// It was refused.
    pub(super) fn forget(&self) {
        *self.kept.lock().unwrap_or_else(PoisonError::into_inner) = None;
    }
}
