//! The Google and Microsoft accounts that email leaves and comes in by.
//!
//! Owns what `google:ADDRESS` and `microsoft:ADDRESS` mean, and that what waits for an account is
//! tried as soon as it works again. Which grant logs in is `log_in`'s; how one comes about, the
//! rooms above decide.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::id::WorkspaceId;
use lettre::Address;

use super::Mail;
use super::graph::{Endpoint, Graph};
use super::log_in::{Account, LogIn};
use crate::clock::Clock;
use crate::grants::{Audience, Grants};
use crate::outbox;
use crate::store::Store;

/// An account by its address.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct AccountName {
    /// Where.
    pub provider: AccountProvider,
    /// Its address there.
    pub address: String,
}

/// A text that names no account.
#[derive(Debug, Clone, Copy, PartialEq, Eq, thiserror::Error)]
#[error("is not an account such as google:interviews@example.com")]
pub struct NoAccount;

impl FromStr for AccountName {
    type Err = NoAccount;

    fn from_str(text: &str) -> Result<Self, NoAccount> {
        let (provider, address) = text.split_once(':').ok_or(NoAccount)?;
        let provider = AccountProvider::ALL
            .into_iter()
            .find(|known| known.word() == provider);
        Address::from_str(address).map_err(|_| NoAccount)?;
        Ok(Self {
            provider: provider.ok_or(NoAccount)?,
            address: address.to_owned(),
        })
    }
}

impl fmt::Display for AccountName {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}:{}", self.provider.word(), self.address)
    }
}

/// The ways to them. Clones are one.
#[derive(Clone)]
pub struct MailAccounts {
    /// Google's grants.
    pub google: Grants,
    /// Microsoft's grants.
    pub microsoft: Grants,
    /// For what Microsoft's SMTP and IMAP take tokens.
    pub outlook: Audience,
    /// Microsoft Graph.
    pub graph: Endpoint,
    /// What time it is.
    pub clock: Clock,
}

impl MailAccounts {
    /// How a workspace logs in at a mail server with an account.
    #[must_use]
    pub fn log_in(&self, workspace: WorkspaceId, name: &AccountName) -> LogIn {
        let audience = match name.provider {
            AccountProvider::Google => Audience::MAIN,
            AccountProvider::Microsoft => self.outlook,
        };
        self.account(workspace, name, audience)
    }

    /// A workspace's mailbox at Microsoft Graph; `None`: it is another provider's.
    pub(in crate::mail) fn graph(
        &self,
        workspace: WorkspaceId,
        name: &AccountName,
    ) -> Option<Graph> {
        if name.provider != AccountProvider::Microsoft {
            return None;
        }
        let log_in = self.account(workspace, name, Audience::MAIN);
        Some(Graph::new(self.graph.clone(), log_in, name.address.clone()))
    }

    fn account(&self, workspace: WorkspaceId, name: &AccountName, audience: Audience) -> LogIn {
        let grants = match name.provider {
            AccountProvider::Google => self.google.clone(),
            AccountProvider::Microsoft => self.microsoft.clone(),
        };
        LogIn::Account(Box::new(Account::new(
            grants,
            audience,
            self.clock.clone(),
            workspace,
            name.address.clone(),
        )))
    }

    /// Has emails tried that wait for an account, and mailboxes looked at, as soon as it works
    /// again, until `stop`.
    pub async fn wake_what_waits(
        &self,
        mail: &Mail,
        store: &Store,
        stop: impl Future<Output = ()>,
    ) {
        tokio::pin!(stop);
        loop {
            let returned = tokio::select! {
                () = &mut stop => return,
                returned = self.google.returned() => returned,
                returned = self.microsoft.returned() => returned,
            };
            let workspaces: BTreeSet<_> = returned.into_iter().map(|who| who.workspace).collect();
            for workspace in workspaces {
                let space = workspace.to_string();
                let retried = outbox::retry_failed(store, &space, self.clock.now()).await;
                if let Err(error) = retried {
                    tracing::warn!(%error, "emails that waited for an account wait for their time");
                }
                mail.look_again(workspace);
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn an_account_is_named_by_provider_and_address() {
        for text in ["google:interviews@acme.example", "microsoft:x@acme.example"] {
            let name: AccountName = text.parse().expect(text);
            assert_eq!(name.to_string(), text);
        }
        for text in [
            "",
            "google",
            "google:",
            "google:x",
            "yahoo:x@acme.example",
            "x@acme.example",
        ] {
            assert_eq!(text.parse::<AccountName>(), Err(NoAccount), "{text}");
        }
    }
}
