//! `greenroom google connect` and `greenroom microsoft connect`.

use clap::Args;
use greenroom_protocol::account::{
    Account, AccountConnectCancel, AccountConnectFinish, AccountConnectStart, AccountOwner,
    AccountProvider, Permission, Purpose,
};
use greenroom_protocol::id::AttemptId;
use greenroom_protocol::zoom::ConnectFinish;
use greenroom_protocol::{Error, ErrorKind};

use super::super::account::{Whose, show};
use super::super::session::Session;
use super::{Begun, Side, Standing, connect};
use crate::callback::{Loopback, Redirect};
use crate::client::Client;
use crate::output::Stop;

#[derive(Debug, Args)]
pub(crate) struct AccountConnect {
    #[command(flatten)]
    whose: Whose,
    /// What it is used for; a later connect adds to what was granted before
    #[arg(long = "for", value_name = "PURPOSES", value_delimiter = ',', default_values = ["mail", "busy-times"])]
    purposes: Vec<PurposeWord>,
    /// The address that must sign in, for the workspace's own account [default: any]
    #[arg(long, value_name = "EMAIL", requires = "for_workspace")]
    email: Option<String>,
    /// Print the address instead of opening a browser
    #[arg(long)]
    no_browser: bool,
    /// Finish an earlier attempt with the final address from the browser
    #[arg(long, value_name = "URL", conflicts_with = "no_browser")]
    paste: Option<String>,
}

/// What an account is used for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum PurposeWord {
    /// Send the workspace's email, and read the replies
    Mail,
    /// Read when people are busy, never what they do
    BusyTimes,
}

impl From<PurposeWord> for Purpose {
    fn from(word: PurposeWord) -> Self {
        match word {
            PurposeWord::Mail => Self::Mail,
            PurposeWord::BusyTimes => Self::FreeBusy,
        }
    }
}

impl AccountConnect {
    /// The workspace's own, of this address, for everything.
    pub(crate) fn of_workspace(email: String) -> Self {
        Self {
            whose: Whose {
                member: None,
                for_workspace: true,
            },
            purposes: vec![PurposeWord::Mail, PurposeWord::BusyTimes],
            email: Some(email),
            no_browser: false,
            paste: None,
        }
    }

    pub(crate) async fn run(
        self,
        session: &Session,
        provider: AccountProvider,
    ) -> Result<(), Stop> {
        let (no_browser, paste) = (self.no_browser, self.paste.clone());
        let side = AccountSide {
            provider,
            asked: self,
        };
        connect(&side, session, no_browser, paste.as_deref()).await
    }
}

/// An account at one of the two.
struct AccountSide {
    provider: AccountProvider,
    asked: AccountConnect,
}

impl AccountSide {
    fn purposes(&self) -> Vec<Purpose> {
        self.asked.purposes.iter().map(|it| (*it).into()).collect()
    }
}

impl Side for AccountSide {
    type Shown = Account;

    const TABLE: &'static str = "account";

    fn name(&self) -> &'static str {
        self.provider.name()
    }

    fn failure(&self) -> ErrorKind {
        ErrorKind::Account
    }

    fn loopback(&self) -> Loopback {
        self.provider.into()
    }

    fn permissions(&self) -> Vec<String> {
        let purposes = self.purposes();
        let asked = |it: &&Permission| it.purpose.is_none_or(|own| purposes.contains(&own));
        let asked = self.provider.permissions().iter().filter(asked);
        asked
            .map(|it| format!("  {}: {}", it.title, it.reason))
            .collect()
    }

    fn own_pages(&self) -> Vec<String> {
        let (name, word) = (self.provider.name(), self.provider.word());
        let approval = format!("greenroom {word} request-approval --admin EMAIL");
        let pages: [(&str, &str); 3] = match self.provider {
            AccountProvider::Google => [
                ("Error 400: admin_policy_enforced", &approval),
                (
                    "Error 403: org_internal",
                    "sign in as a user of the app's organization",
                ),
                (
                    "Error 400: redirect_uri_mismatch",
                    "the app must be of type Desktop app",
                ),
            ],
            AccountProvider::Microsoft => [
                ("Need admin approval", &approval),
                (
                    "AADSTS700016, AADSTS90002",
                    "check the client ID and the tenant",
                ),
                (
                    "AADSTS50011",
                    "add http://localhost to the app as a redirect URI",
                ),
            ],
        };
        let first = format!("stuck on a {name} page? Nothing comes back from it:");
        let pages = pages
            .iter()
            .map(|(page, what)| format!("  {page:<34}{what}"));
        std::iter::once(first).chain(pages).collect()
    }

    async fn start(&self, client: &Client, redirect_uri: String) -> Result<Begun, Error> {
        let start = AccountConnectStart {
            provider: self.provider,
            member: self.asked.whose.member.clone(),
            for_workspace: self.asked.whose.for_workspace,
            email: self.asked.email.clone(),
            purposes: self.purposes(),
            redirect_uri,
        };
        let attempt = client.account_connect_start(start).await?;
        Ok(Begun {
            attempt: attempt.attempt,
            authorize_url: attempt.authorize_url,
            expected: attempt.expected_email,
        })
    }

    async fn finish(
        &self,
        client: &Client,
        attempt: AttemptId,
        redirect: Redirect,
    ) -> Result<Account, Error> {
        let ConnectFinish {
            attempt,
            state,
            code,
            error,
            error_description,
        } = redirect.finish(attempt, client.hello().protocol);
        let finish = AccountConnectFinish {
            provider: self.provider,
            attempt,
            state,
            code,
            error,
            error_description,
        };
        client.account_connect_finish(finish).await
    }

    async fn cancel(&self, client: &Client, attempt: AttemptId) {
        let cancel = AccountConnectCancel {
            provider: self.provider,
            attempt,
        };
        client.account_connect_cancel(cancel).await.ok();
    }

    async fn look(&self, client: &Client) -> Result<Account, Error> {
        let query = self.asked.whose.query(self.provider);
        client.account_get(query).await
    }

    fn standing(&self, shown: &Account) -> Standing {
        let name = self.provider.name();
        let whose = match &shown.owner {
            AccountOwner::Workspace => format!("the workspace's {name}"),
            AccountOwner::Member(member) => format!("{}'s {name}", member.name),
        };
        Standing {
            whose,
            state: shown.state,
            reason: shown.reason.clone(),
            hint: shown.hint.clone(),
            attempt: shown.attempt,
            renewed: shown.since.max(shown.last_refresh),
        }
    }

    fn show(&self, session: &Session, shown: &Account) -> Result<(), Stop> {
        show(session, shown)
    }
}
