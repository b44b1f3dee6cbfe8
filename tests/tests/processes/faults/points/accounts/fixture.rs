//! A workspace whose accounts are at sandboxes of Google and Microsoft, and what may be left behind
//! of their secrets.

use std::path::PathBuf;
use std::time::{Duration, Instant};

use greenroom::client::Client;
use greenroom_protocol::Error;
use greenroom_protocol::account::{
    Account, AccountConnectFinish, AccountConnectStart, AccountDisconnect, AccountDisconnected,
    AccountProvider, AccountQuery,
};
use greenroom_protocol::mail_settings::{MailConfigure, MailTransport};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::WorkspaceEdit;
use greenroom_protocol::zoom::ConnectionState;
use greenroom_tests::harness::{DANA, PATIENCE, finish_of};
use greenroom_tests::sandbox::{Decision, Exchange, consent, google, microsoft};
use greenroomd::grants::Words;
use greenroomd::store;
use greenroomd::store::key::Prefix;
use jiff::SignedDuration;

use crate::faults::points::fixture::Fixture;

pub use AccountProvider::{Google, Microsoft};

pub const INTERVIEWS: &str = "interviews@acme.example";

/// Keys are renewed five minutes before they end: these at every use.
const KEYS_LIVE: SignedDuration = SignedDuration::from_secs(300);

/// Within this an account says how it stands.
const A_MINUTE: Duration = Duration::from_secs(60);

/// Whose account, and where.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Whose {
    pub provider: AccountProvider,
    /// The workspace's own; else Dana's.
    pub for_workspace: bool,
}

/// All four there are.
pub const OURS_AT_GOOGLE: Whose = Whose {
    provider: Google,
    for_workspace: true,
};
pub const HERS_AT_GOOGLE: Whose = Whose {
    for_workspace: false,
    ..OURS_AT_GOOGLE
};
pub const OURS_AT_MICROSOFT: Whose = Whose {
    provider: Microsoft,
    for_workspace: true,
};
pub const HERS_AT_MICROSOFT: Whose = Whose {
    for_workspace: false,
    ..OURS_AT_MICROSOFT
};

impl Whose {
    /// The user who signs in.
    pub fn email(self) -> &'static str {
        match self.for_workspace {
            true => INTERVIEWS,
            false => DANA,
        }
    }

    /// What people read of the provider.
    pub fn words(self) -> &'static Words {
        match self.provider {
            Google => &greenroomd::google::WORDS,
            Microsoft => &greenroomd::microsoft::WORDS,
        }
    }

    fn member(self) -> Option<String> {
        (!self.for_workspace).then(|| DANA.to_owned())
    }
}

/// By which servers a Microsoft account's email goes; Google has no choice.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum By {
    Smtp,
    Graph,
}

/// A request for keys: what it was asked for with, and what came back.
#[derive(Debug, Clone, PartialEq)]
pub struct Asked {
    /// The code, or the refresh token.
    pub with: String,
    pub access: Option<String>,
    pub refresh: Option<String>,
}

pub struct Office {
    pub desk: Fixture,
    pub google: google::Sandbox,
    pub microsoft: microsoft::Sandbox,
}

impl Office {
    /// Nobody is connected. Mailboxes are looked at every second.
    pub async fn open() -> Self {
        let ours = google::Account::new(INTERVIEWS);
        let google = google::Config::default().with_account(ours);
        let google = google::Sandbox::start(google).await.unwrap();
        let ours = microsoft::Account::new(INTERVIEWS);
        let microsoft = microsoft::Config::default().with_account(ours);
        let microsoft = microsoft::Sandbox::start(microsoft).await.unwrap();
        let mut desk = Fixture::with_lasting_keys().await;
        let config = format!(
            "{}{}\n[mail]\npoll_seconds = 1\n",
            google.config(None),
            microsoft.config(None)
        );
        desk.world.reconfigure(&config, &[]).await.unwrap();
        let app = WorkspaceEdit {
            google_client_id: Some(google::CLIENT_ID.into()),
            google_client_secret: Some(Opaque::new(google::CLIENT_SECRET)),
            microsoft_client_id: Some(microsoft::CLIENT_ID.into()),
            microsoft_tenant: Some(microsoft::TENANT.into()),
            ..WorkspaceEdit::default()
        };
        desk.client().await.workspace_edit(app).await.unwrap();
        Self {
            desk,
            google,
            microsoft,
        }
    }

    /// Keys made from now on are renewed at every use.
    pub fn keys_end_soon(&self) {
        self.google.set_access_lifetime(KEYS_LIVE);
        self.microsoft.set_access_lifetime(Some(KEYS_LIVE));
    }

    pub async fn account(&self, whose: Whose) -> Account {
        shown(&self.desk.client().await, whose).await
    }

    /// The account once it is so, which it must be within a minute.
    pub async fn in_a_minute(&self, whose: Whose, so: impl Fn(&Account) -> bool) -> Account {
        let begun = Instant::now();
        let client = self.desk.client().await;
        let mut revision = client.hello().revision;
        loop {
            let account = shown(&client, whose).await;
            if so(&account) {
                assert!(begun.elapsed() < A_MINUTE, "{:?}", begun.elapsed());
                return account;
            }
            assert!(
                begun.elapsed() < PATIENCE,
                "it never came to that: {account:?}"
            );
            let changes = client.changes(revision, Duration::from_secs(1)).await;
            revision = changes.unwrap().revision;
        }
    }

    /// Begins to connect, and answers the provider's page as this user: what the browser brings
    /// back.
    pub async fn browse(
        &self,
        client: &Client,
        whose: Whose,
        user: &str,
    ) -> Result<AccountConnectFinish, Error> {
        let host = match whose.provider {
            Google => "127.0.0.1",
            Microsoft => "localhost",
        };
        let start = AccountConnectStart {
            provider: whose.provider,
            member: whose.member(),
            for_workspace: whose.for_workspace,
            email: whose.for_workspace.then(|| INTERVIEWS.to_owned()),
            purposes: Vec::new(),
            redirect_uri: format!("http://{host}:49200/callback"),
        };
        let started = client.account_connect_start(start).await?;
        let back = consent(&started.authorize_url, user, Decision::Allow).await;
        let back = finish_of(&started.attempt, &back.unwrap()).unwrap();
        Ok(AccountConnectFinish {
            provider: whose.provider,
            attempt: back.attempt,
            state: back.state,
            code: back.code,
            error: back.error,
            error_description: back.error_description,
        })
    }

    /// Connects; nothing may be in the way.
    pub async fn connect(&self, whose: Whose) {
        let client = self.desk.client().await;
        let back = self.browse(&client, whose, whose.email()).await.unwrap();
        let connected = client.account_connect_finish(back).await.unwrap();
        assert_eq!(connected.state, ConnectionState::Connected);
    }

    pub async fn disconnect(
        &self,
        client: &Client,
        whose: Whose,
    ) -> Result<AccountDisconnected, Error> {
        let disconnect = AccountDisconnect {
            provider: whose.provider,
            member: whose.member(),
            for_workspace: whose.for_workspace,
            expected_revision: None,
            dry_run: false,
        };
        client.account_disconnect(disconnect).await
    }

    /// The workspace's email goes by this account from now on.
    pub async fn mails_by(&self, whose: Whose, by: By) {
        let settings = MailConfigure {
            account: Some(format!("{}:{}", whose.provider.word(), whose.email())),
            transport: match by {
                By::Smtp => None,
                By::Graph => Some(MailTransport::Graph),
            },
            ..MailConfigure::default()
        };
        let client = self.desk.client().await;
        client.mail_configure(settings).await.unwrap();
    }

    /// The vendor takes the keys of this account.
    pub async fn works(&self, whose: Whose) {
        let by = match whose.provider {
            Google => By::Smtp,
            Microsoft => By::Graph,
        };
        self.mails_by(whose, by).await;
        let client = self.desk.client().await;
        let checks = client.doctor().await.unwrap();
        let check = checks.iter().find(|it| it.name == "mail").unwrap();
        assert_eq!(check.result, CheckResult::Ok, "{check:?}");
        let reset = MailConfigure {
            reset: true,
            ..MailConfigure::default()
        };
        client.mail_configure(reset).await.unwrap();
    }

    /// How often somebody has answered this provider's page.
    pub fn consents(&self, whose: Whose) -> u64 {
        match whose.provider {
            Google => {
                let counted = self.google.counters();
                counted.of(google::Endpoint::Consent)
            }
            Microsoft => {
                let counted = self.microsoft.counters();
                counted.of(microsoft::Endpoint::Consent)
            }
        }
    }

    /// Everything that was said with a provider, oldest first.
    pub fn exchanges(&self, whose: Whose) -> Vec<Exchange> {
        match whose.provider {
            Google => self.google.exchanges(),
            Microsoft => self.microsoft.exchanges(),
        }
    }

    /// Every request for keys, oldest first.
    pub fn asked(&self, whose: Whose) -> Vec<Asked> {
        let exchanges = self.exchanges(whose).into_iter();
        let tokens = exchanges.filter(|it| it.method == "POST" && it.path.ends_with("/token"));
        let asked = |it: Exchange| {
            let mut fields = url::form_urlencoded::parse(&it.sent.bytes);
            let with = fields.find(|(name, _)| name == "refresh_token" || name == "code");
            let answered = it.answered.json().unwrap_or_default();
            let field = |name: &str| answered[name].as_str().map(str::to_owned);
            Asked {
                with: with.unwrap().1.into_owned(),
                access: field("access_token"),
                refresh: field("refresh_token"),
            }
        };
        tokens.map(asked).collect()
    }

    /// Stops the daemon. What it left behind has no secret but those of `connected`, and these only
    /// sealed.
    pub async fn leaves_no_secret(mut self, connected: usize) {
        self.desk.world.stop_daemon();
        let (google, microsoft) = (self.google.handed_out(), self.microsoft.handed_out());
        for file in self.files() {
            let bytes = std::fs::read(&file).unwrap();
            let text = String::from_utf8_lossy(&bytes);
            let found = google
                .iter()
                .chain(&microsoft)
                .find(|it| text.contains(*it));
            assert_eq!(found, None, "{}", file.display());
        }
        let directory = self.desk.world.directory().join("data/store");
        let settings = store::sled::Settings::default();
        let store = store::open(&directory, settings).await.unwrap();
        let rows = store.engine().scan(Prefix::everything(), None, usize::MAX);
        let rows = rows.await.unwrap().rows;
        let sealed = rows.iter().filter(|(key, _)| key.table() == "secret");
        let names: Vec<_> = sealed.map(|(key, _)| key.id().to_owned()).collect();
        store.close().await;
        let (keys, rest): (Vec<_>, Vec<_>) =
            names.into_iter().partition(|it| it.starts_with("grant/"));
        assert_eq!(keys.len(), connected, "{keys:?}");
        let other: Vec<_> = rest.iter().filter(|it| !it.starts_with("app/")).collect();
        assert!(other.is_empty(), "{other:?}");
    }

    fn files(&self) -> Vec<PathBuf> {
        let (mut found, mut waiting) = (Vec::new(), vec![self.desk.world.directory().to_owned()]);
        while let Some(directory) = waiting.pop() {
            for entry in std::fs::read_dir(directory).unwrap().flatten() {
                match entry.file_type().unwrap() {
                    kind if kind.is_dir() => waiting.push(entry.path()),
                    kind if kind.is_file() => found.push(entry.path()),
                    _ => {}
                }
            }
        }
        found
    }
}

async fn shown(client: &Client, whose: Whose) -> Account {
    let query = AccountQuery {
        provider: whose.provider,
        member: whose.member(),
        for_workspace: whose.for_workspace,
    };
    client.account_get(query).await.unwrap()
}
