//! A workspace with an app at Google and one at Microsoft, and the ways a browser can go there.

use greenroom::client::Client;
use greenroom_protocol::Error;
use greenroom_protocol::account::{
    Account, AccountAttempt, AccountConnectFinish, AccountConnectStart, AccountProvider,
    AccountQuery, Purpose,
};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::workspace::{MemberLink, Role, WorkspaceEdit};
use greenroom_tests::harness::{DANA, finish_of};
use greenroom_tests::sandbox::{Clock, ConsentError, Decision, consent, google, microsoft};
use greenroom_tests::test_daemon::{Story, TestDaemon};
use greenroomd::config::accounts::{GoogleConfig, MicrosoftConfig};
use greenroomd::grants::{ConnectionId, Grants};
use jiff::{SignedDuration, Timestamp};

pub use AccountProvider::{Google, Microsoft};

pub const OMAR: &str = "omar.haddad@acme.example";
pub const INTERVIEWS: &str = "interviews@acme.example";

/// When a daemon of the tests begins.
const MONDAY: &str = "2026-11-30T09:00:00Z";

pub struct Fixture {
    pub daemon: TestDaemon,
    pub google: google::Sandbox,
    pub microsoft: microsoft::Sandbox,
    /// Dana, who looks after everything.
    pub dana: Client,
}

/// Whose account.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Of {
    Workspace,
    Member(&'static str),
}

/// What a connect came to.
#[derive(Debug)]
pub enum Came {
    Connected(Box<Account>),
    Refused(Error),
}

impl Came {
    pub fn connected(self) -> Account {
        match self {
            Self::Connected(account) => *account,
            other => panic!("{other:?}"),
        }
    }
}

impl Fixture {
    pub async fn open() -> Self {
        Self::with(
            google::Config::default(),
            microsoft::Config::default(),
            "maildir",
        )
        .await
    }

    pub async fn with(
        google: google::Config,
        microsoft: microsoft::Config,
        transport: &'static str,
    ) -> Self {
        // Nothing answers there: the sandbox has no IMAP.
        let nowhere = |_: &google::Sandbox| "imap://127.0.0.1:9".to_owned();
        Self::reading(google, microsoft, transport, nowhere).await
    }

    /// The same, where Gmail's email is read at a server that `imap` opens.
    pub async fn reading(
        google: google::Config,
        microsoft: microsoft::Config,
        transport: &'static str,
        imap: impl FnOnce(&google::Sandbox) -> String,
    ) -> Self {
        let monday: Timestamp = MONDAY.parse().unwrap();
        let colleagues = [OMAR, INTERVIEWS];
        let google = colleagues
            .map(google::Account::new)
            .into_iter()
            .fold(google, google::Config::with_account);
        let microsoft = colleagues
            .map(microsoft::Account::new)
            .into_iter()
            .fold(microsoft, microsoft::Config::with_account);
        let google = google::Config {
            clock: Clock::Stopped(monday),
            ..google
        };
        let microsoft = microsoft::Config {
            clock: Clock::Stopped(monday),
            ..microsoft
        };
        let google = google::Sandbox::start(google).await.unwrap();
        let microsoft = microsoft::Sandbox::start(microsoft).await.unwrap();
        let builder = TestDaemon::builder()
            .google(GoogleConfig {
                auth_url: google.auth_url(),
                token_url: google.token_url(),
                revoke_url: google.revoke_url(),
                userinfo_url: format!("{}/v1/userinfo", google.url()),
                api_url: google.api_url(),
                gmail_smtp_url: google.smtp_url(),
                gmail_imap_url: imap(&google),
                ..GoogleConfig::default()
            })
            .microsoft(MicrosoftConfig {
                login_url: microsoft.login_url(),
                graph_url: microsoft.url().to_owned(),
                smtp_url: microsoft.smtp_url(),
                imap_url: "imap://127.0.0.1:9".to_owned(),
                ..MicrosoftConfig::default()
            })
            .member("Omar Haddad", OMAR, &[Role::Recruiter])
            .transport(transport);
        let Story { daemon, dana } = builder.open().await.unwrap();
        let now = daemon.services().clock.now().timestamp();
        google.set_clock(Clock::Stopped(now));
        microsoft.set_clock(Clock::Stopped(now));
        let office = Self {
            daemon,
            google,
            microsoft,
            dana,
        };
        office.set_apps().await;
        office
    }

    async fn set_apps(&self) {
        let edit = WorkspaceEdit {
            google_client_id: Some(google::CLIENT_ID.into()),
            google_client_secret: Some(Opaque::new(google::CLIENT_SECRET)),
            microsoft_client_id: Some(microsoft::CLIENT_ID.into()),
            microsoft_tenant: Some(microsoft::TENANT.into()),
            ..WorkspaceEdit::default()
        };
        self.dana.workspace_edit(edit).await.unwrap();
    }

    /// Whose connection it is, for the rooms.
    pub fn who(&self, of: Of) -> ConnectionId {
        let hello = self.dana.hello();
        let workspace = hello.workspace.as_ref().unwrap().id;
        match of {
            Of::Workspace => ConnectionId::of_workspace(workspace),
            Of::Member(email) => {
                let index = &self.daemon.services().index;
                let member = index.find_member(workspace, email).unwrap();
                ConnectionId::of_member(workspace, member)
            }
        }
    }

    /// A client of a member's own, who does not look after the daemon.
    pub async fn user_of(&self, email: &str) -> Client {
        const UID: u32 = 2001;
        let link = MemberLink {
            member: email.into(),
            uid: Some(UID),
            ..MemberLink::default()
        };
        self.dana.member_link(link).await.unwrap();
        self.daemon.user(UID).await.unwrap()
    }

    pub fn grants(&self, provider: AccountProvider) -> &Grants {
        self.daemon.services().accounts.grants(provider)
    }

    /// Time passes, everywhere.
    pub fn seconds_pass(&self, seconds: i64) {
        self.daemon.seconds_pass(seconds);
        self.google.advance(SignedDuration::from_secs(seconds));
        self.microsoft.advance(SignedDuration::from_secs(seconds));
    }

    /// Days pass; what is due then is done.
    pub async fn days_pass(&self, days: i64) {
        self.seconds_pass(days * 24 * 3600 + 1);
        self.daemon.tend().await.unwrap();
    }

    pub async fn account(&self, provider: AccountProvider, of: Of) -> Account {
        let (member, for_workspace) = reference(of);
        let query = AccountQuery {
            provider,
            member,
            for_workspace,
        };
        self.dana.account_get(query).await.unwrap()
    }

    pub async fn start(
        &self,
        provider: AccountProvider,
        of: Of,
        purposes: &[Purpose],
    ) -> Result<AccountAttempt, Error> {
        start(&self.dana, provider, of, purposes).await
    }

    /// Connects with everything there is to ask for, as the user who is expected.
    pub async fn connect(&self, provider: AccountProvider, of: Of) -> Came {
        self.connect_for(provider, of, &[]).await
    }

    /// The same for these purposes.
    pub async fn connect_for(
        &self,
        provider: AccountProvider,
        of: Of,
        purposes: &[Purpose],
    ) -> Came {
        let user = match of {
            Of::Workspace => INTERVIEWS,
            Of::Member(email) => email,
        };
        self.connect_as(provider, of, purposes, user).await
    }

    /// The same, signed in as somebody.
    pub async fn connect_as(
        &self,
        provider: AccountProvider,
        of: Of,
        purposes: &[Purpose],
        user: &str,
    ) -> Came {
        let attempt = match self.start(provider, of, purposes).await {
            Ok(attempt) => attempt,
            Err(refused) => return Came::Refused(refused),
        };
        match browse(&attempt, user, Decision::Allow).await {
            Ok(back) => self.finish(&attempt, &back).await,
            Err(page) => panic!("it led to a page and not back: {page}"),
        }
    }

    /// What the daemon makes of what the browser came back with.
    pub async fn finish(&self, attempt: &AccountAttempt, back: &str) -> Came {
        let finish = finish_of(&attempt.attempt, back).unwrap();
        let finish = AccountConnectFinish {
            provider: attempt.provider,
            attempt: finish.attempt,
            state: finish.state,
            code: finish.code,
            error: finish.error,
            error_description: finish.error_description,
        };
        match self.dana.account_connect_finish(finish).await {
            Ok(account) => Came::Connected(Box::new(account)),
            Err(refused) => Came::Refused(refused),
        }
    }

    /// What the person reads on a page from which nothing returns, and tells.
    pub async fn tell(&self, attempt: &AccountAttempt, error: &str) -> Error {
        let back = format!(
            "{}?state={}&error={error}",
            attempt.redirect_uri,
            state_of(&attempt.authorize_url)
        );
        match self.finish(attempt, &back).await {
            Came::Refused(refused) => refused,
            other => panic!("{other:?}"),
        }
    }
}

/// How a request names an account.
pub fn reference(of: Of) -> (Option<String>, bool) {
    match of {
        Of::Workspace => (None, true),
        Of::Member(email) => (Some(email.to_owned()), false),
    }
}

pub async fn start(
    client: &Client,
    provider: AccountProvider,
    of: Of,
    purposes: &[Purpose],
) -> Result<AccountAttempt, Error> {
    let (member, for_workspace) = reference(of);
    let host = match provider {
        Google => "127.0.0.1",
        Microsoft => "localhost",
    };
    let start = AccountConnectStart {
        provider,
        member,
        for_workspace,
        email: None,
        purposes: purposes.to_vec(),
        redirect_uri: format!("http://{host}:49200/callback"),
    };
    client.account_connect_start(start).await
}

/// What the browser comes back with, or the page the provider shows instead.
pub async fn browse(
    attempt: &AccountAttempt,
    user: &str,
    decision: Decision,
) -> Result<String, String> {
    match consent(&attempt.authorize_url, user, decision).await {
        Ok(back) => Ok(back),
        Err(ConsentError::Page { text, .. }) => Err(text),
        Err(error) => panic!("{error}"),
    }
}

fn state_of(authorize_url: &str) -> String {
    let url = url::Url::parse(authorize_url).unwrap();
    let (_, state) = url.query_pairs().find(|(name, _)| name == "state").unwrap();
    state.into_owned()
}

/// Dana's own account.
pub const HERS: Of = Of::Member(DANA);
