//! How one logs in at a mail server: not at all, with a password, or with an access token.
//!
//! Owns when a secret is read again. Invariants: it is asked for as a connection is made, and kept
//! until it is refused; one that was refused is used again only where it is another one by now, and
//! then once, so that nobody is locked out; a server's text is kept without the secret it was sent.
//! It must not know a protocol.

mod account;
mod secret;
mod vault;

use std::borrow::Cow;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use secrecy::{ExposeSecret as _, SecretString};
use zeroize::Zeroizing;

pub use self::account::Account;
pub use self::secret::Secret;
pub use self::vault::PasswordFor;
pub(in crate::mail) use self::vault::VaultPassword;
use super::refusal::With;
use super::trouble::Trouble;
use super::wire::Failure;
use crate::config::mail::ServerConfig;

/// How one logs in.
#[derive(Debug)]
pub enum LogIn {
    /// Not at all: the server knows this machine.
    None,
    /// With a password.
    Password(Secret),
    /// With an access token of a connected account.
    Account(Box<Account>),
    /// With an access token that a command prints.
    Command(Secret),
}

/// What one connection is made with.
#[derive(Debug, Clone)]
pub(in crate::mail) enum Credential {
    /// Nothing.
    None,
    /// A password.
    Password(SecretString),
    /// An access token.
    Token(SecretString),
}

/// Which server of the configuration somebody logs in at.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Protocol {
    /// `[mail.smtp]`
    Smtp,
    /// `[mail.imap]`
    Imap,
}

impl LogIn {
    /// As the configuration says.
    #[must_use]
    pub fn configured(config: &ServerConfig, protocol: Protocol) -> Self {
        let (password, token) = match protocol {
            Protocol::Smtp => ("mail.smtp.password", "mail.smtp.token"),
            Protocol::Imap => ("mail.imap.password", "mail.imap.token"),
        };
        match config.token_command.is_empty() {
            true => Self::Password(Secret::password(config.password(), password)),
            false => Self::Command(Secret::token(config.token_command.clone(), token)),
        }
    }

    /// With a password that a workspace keeps in the vault.
    pub(in crate::mail) fn with_vault(password: VaultPassword) -> Self {
        Self::Password(Secret::vault(password))
    }

    /// With a password that is known.
    #[must_use]
    pub fn with_password(password: SecretString) -> Self {
        Self::Password(Secret::known(password))
    }

    /// The next log-in reads the secret anew: a check is of what is set now.
    pub(in crate::mail) fn read_anew(&self) {
        if let Self::Password(secret) | Self::Command(secret) = self {
            secret.forget();
        }
    }

    /// With what, where it is known.
    pub(in crate::mail) const fn with(&self) -> With {
        match self {
            Self::None | Self::Password(_) => With::Password,
            Self::Account(_) | Self::Command(_) => With::Token,
        }
    }

    /// Who logs in, where that is decided: with an account, its address.
    pub(in crate::mail) fn user(&self) -> Option<&str> {
        match self {
            Self::Account(account) => Some(account.address()),
            Self::None | Self::Password(_) | Self::Command(_) => None,
        }
    }

    /// Connects and logs in by `ask`, and once more where what it was done with was refused and is
    /// another one by now. `doing` is what is tried, for people.
    pub(in crate::mail) async fn log_in<T, F>(
        &self,
        doing: &str,
        ask: impl Fn(Credential) -> F,
    ) -> Result<T, Trouble>
    where
        F: Future<Output = Result<T, Trouble>>,
    {
        let (secret, with) = match self {
            Self::None => return ask(Credential::None).await,
            Self::Account(account) => return account.log_in(doing, ask).await,
            Self::Password(secret) => (secret, With::Password),
            Self::Command(secret) => (secret, With::Token),
        };
        let unknown = |why| Trouble::new(doing.to_owned(), Failure::NoSecret(why), None);
        let kept = secret.kept();
        let may_have_changed = kept.is_some() || with == With::Token;
        let first = match kept {
            Some(kept) => kept,
            None => secret.read().await.map_err(unknown)?,
        };
        let refused = match ask(Credential::new(with, &first)).await {
            Err(trouble) if trouble.may_be_stale() => trouble.without(first.expose_secret()),
            done => return done.map_err(|trouble| trouble.without(first.expose_secret())),
        };
        secret.forget();
        if !may_have_changed {
            return Err(refused);
        }
        let second = secret.read().await.map_err(unknown)?;
        if second.expose_secret() == first.expose_secret() {
            secret.forget();
            return Err(refused);
        }
        let done = ask(Credential::new(with, &second)).await;
        done.map_err(|trouble| {
            if trouble.may_be_stale() {
                secret.forget();
            }
            trouble.without(second.expose_secret())
        })
    }
}

impl Credential {
    fn new(with: With, secret: &SecretString) -> Self {
        match with {
            With::Password => Self::Password(secret.clone()),
            With::Token => Self::Token(secret.clone()),
        }
    }

    /// The secret, to strike it from what a server says; empty: there is none.
    pub fn secret(&self) -> Cow<'_, str> {
        match self {
            Self::None => Cow::Borrowed(""),
            Self::Password(secret) | Self::Token(secret) => Cow::Borrowed(secret.expose_secret()),
        }
    }
}

/// What a client says first in XOAUTH2, before it is put into base64. Source:
/// <https://developers.google.com/workspace/gmail/imap/xoauth2-protocol>.
pub(in crate::mail) fn xoauth2(user: &str, token: &SecretString) -> Zeroizing<String> {
    let token = token.expose_secret();
    Zeroizing::new(format!("user={user}\u{1}auth=Bearer {token}\u{1}\u{1}"))
}

/// The same in base64, as it stands in a command.
pub(in crate::mail) fn xoauth2_in_base64(user: &str, token: &SecretString) -> Zeroizing<String> {
    Zeroizing::new(STANDARD.encode(xoauth2(user, token).as_bytes()))
}

#[cfg(test)]
mod tests;
