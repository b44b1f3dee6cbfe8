//! Google's and Microsoft's accounts against a certified OAuth server in their place: the real daemon,
//! each provider's own addresses, its kind of app and its redirect on this machine. What is the
//! vendors' alone is tested with their sandboxes.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context as _;
use greenroom::callback::{Callback, Redirect, expected_state};
use greenroom::client::Client;
use greenroom_protocol::account::{
    Account, AccountAttempt, AccountConnectFinish, AccountConnectStart, AccountDisconnect,
    AccountProvider, AccountQuery,
};
use greenroom_protocol::mail_settings::{MailConfigure, MailTransport};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::WorkspaceEdit;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_protocol::{ErrorKind, PROTOCOL};
use greenroom_tests::harness::{DANA, World, finish_of};
use greenroom_tests::lifeline::Held;
use greenroom_tests::post_office::Mailboxes;
use greenroom_tests::sandbox::http_client;
use greenroomd::grants::Reason;
use serde::Deserialize;
use serde_json::Value;
use tokio::task::JoinHandle;
use url::Url;

use super::provider::{browse, consent, is_installed};
use AccountProvider::{Google, Microsoft};

const INTERVIEWS: &str = "interviews@acme.example";
const TENANT: &str = "2b7e1516-28ae-4d2a-a6ab-f7158809cf4f";
const GOOGLE_APP: (&str, &str) = (
    "407408718192-desktop.apps.googleusercontent.com",
    "GOCSPX-of-every-copy",
);
const MICROSOFT_APP: &str = "6f1c2a54-8f0e-4f6e-9a51-3d1f5b7c9e20";

/// A client that only asks about tokens.
const WITNESS: (&str, &str) = ("witness", "witness-secret");

/// What a renewal does to the refresh token.
#[derive(Debug, Clone, Copy, PartialEq)]
enum Renewal {
    /// It is ended, and another comes.
    Rotates,
    /// It goes on working.
    Keeps,
}

/// What the server did, in its own words.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Seen {
    Agreed {
        agreed: String,
        redirect: String,
        access_type: Option<String>,
    },
    Granted {
        granted: String,
        with: String,
        refresh_token: Option<String>,
    },
    Refused {
        refused: String,
        why: String,
    },
}

/// The server, which ends with this.
struct Server {
    origin: Url,
    _process: Held,
}

struct Office {
    provider: AccountProvider,
    world: World,
    server: Server,
    dana: Client,
    /// Where Gmail's email is read, where this machine has a server for it.
    mailboxes: Option<Mailboxes>,
}

impl Server {
    /// Starts one; `None`, and a line that says so, where it is not installed.
    async fn start(provider: AccountProvider, renewal: Renewal) -> anyhow::Result<Option<Self>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("oauth-provider");
        if !is_installed(&folder) {
            return Ok(None);
        }
        let scopes = provider.permissions().iter().map(|it| it.scope);
        let scopes = scopes.collect::<Vec<_>>().join(" ");
        let renewal = match renewal {
            Renewal::Rotates => "rotates",
            Renewal::Keeps => "keeps",
        };
        let mut command = Command::new("node");
        command
            .current_dir(folder)
            .args(["accounts.js", provider.word(), renewal, &scopes])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = Held::start(&mut command).context("start the server")?;
        let said = process.child().stdout.take().context("its output")?;
        let origin = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(said).read_line(&mut line).map(|_| line)
        });
        let origin = Url::parse(origin.await??.trim()).context("it ended early")?;
        Ok(Some(Self {
            origin,
            _process: process,
        }))
    }

    async fn seen(&self) -> anyhow::Result<Vec<Seen>> {
        let seen = http_client()?.get(self.origin.join("/seen")?);
        Ok(seen.send().await?.json().await?)
    }

    /// Each time it gave keys: for what, and the refresh token that is good then.
    async fn granted(&self) -> anyhow::Result<Vec<(String, String)>> {
        let mut good = String::new();
        let seen = self.seen().await?.into_iter();
        Ok(seen
            .filter_map(|seen| match seen {
                Seen::Granted {
                    with,
                    refresh_token,
                    ..
                } => {
                    good = refresh_token.unwrap_or_else(|| good.clone());
                    Some((with, good.clone()))
                }
                _ => None,
            })
            .collect())
    }

    /// Whether a token lives: introspection, RFC 7662.
    async fn lives(&self, token: &str) -> anyhow::Result<bool> {
        let (id, secret) = WITNESS;
        let asked = http_client()?
            .post(self.origin.join("/introspect")?)
            .basic_auth(id, Some(secret))
            .form(&[("token", token)]);
        let answer: Value = asked.send().await?.error_for_status()?.json().await?;
        answer["active"].as_bool().context("whether it is active")
    }

    /// The user withdraws what they allowed.
    async fn end(&self) -> anyhow::Result<()> {
        let end = http_client()?.post(self.origin.join("/end")?);
        end.send().await?.error_for_status()?;
        Ok(())
    }
}

impl Office {
    async fn open(provider: AccountProvider, renewal: Renewal) -> anyhow::Result<Option<Self>> {
        let Some(server) = Server::start(provider, renewal).await? else {
            return Ok(None);
        };
        let mut world = World::start(env!("CARGO_BIN_EXE_demo")).await?;
        let mailboxes = match provider == Google && Mailboxes::are_there() {
            true => {
                let asks = format!("{}mail-login?access_token=", server.origin);
                let at = world.directory().join("mailboxes");
                Some(tokio::task::spawn_blocking(move || Mailboxes::open(&at, &asks)).await??)
            }
            false => None,
        };
        let origin = server.origin.as_str().trim_end_matches('/').to_owned();
        let imap = mailboxes.as_ref().map(Mailboxes::imap_url);
        let imap = imap.unwrap_or("imap://127.0.0.1:9".to_owned());
        let config = match provider {
            Google => format!(
                "\n[google]\nauth_url = \"{origin}/o/oauth2/v2/auth\"\n\
                 token_url = \"{origin}/token\"\nrevoke_url = \"{origin}/revoke\"\n\
                 userinfo_url = \"{origin}/v1/userinfo\"\napi_url = \"{origin}\"\n\
                 gmail_smtp_url = \"smtp://127.0.0.1:9\"\ngmail_imap_url = \"{imap}\"\n"
            ),
            Microsoft => format!(
                "\n[microsoft]\nlogin_url = \"{origin}\"\ngraph_url = \"{origin}\"\n\
                 smtp_url = \"smtp://127.0.0.1:9\"\nimap_url = \"{imap}\"\n"
            ),
        };
        world.reconfigure(&config, &[]).await?;
        let (dana, _) = world.set_up().await?;
        let (google_id, google_secret) = GOOGLE_APP;
        let app = WorkspaceEdit {
            google_client_id: Some(google_id.into()),
            google_client_secret: Some(Opaque::new(google_secret)),
            microsoft_client_id: Some(MICROSOFT_APP.into()),
            microsoft_tenant: Some(TENANT.into()),
            ..WorkspaceEdit::default()
        };
        dana.workspace_edit(app).await?;
        Ok(Some(Self {
            provider,
            world,
            server,
            dana,
            mailboxes,
        }))
    }

    /// An attempt, and what its browser brings to a port of ours. For the workspace, or for Dana.
    async fn start(
        &self,
        for_workspace: bool,
    ) -> anyhow::Result<(AccountAttempt, JoinHandle<std::io::Result<Redirect>>)> {
        let callback = Callback::bind(0, self.provider.into()).await?;
        let start = AccountConnectStart {
            provider: self.provider,
            member: (!for_workspace).then(|| DANA.to_owned()),
            for_workspace,
            email: for_workspace.then(|| INTERVIEWS.to_owned()),
            purposes: Vec::new(),
            redirect_uri: callback.redirect_uri().into(),
        };
        let attempt = self.dana.account_connect_start(start).await?;
        let state = expected_state(&attempt.authorize_url).context("a state")?;
        Ok((attempt, tokio::spawn(callback.wait(state))))
    }

    async fn connect(&self, for_workspace: bool) -> anyhow::Result<Account> {
        let (attempt, back) = self.start(for_workspace).await?;
        browse(&consent(&attempt.authorize_url).await?).await?;
        let back = back.await??.finish(attempt.attempt, PROTOCOL);
        let finish = AccountConnectFinish {
            provider: self.provider,
            attempt: back.attempt,
            state: back.state,
            code: back.code,
            error: back.error,
            error_description: back.error_description,
        };
        Ok(self.dana.account_connect_finish(finish).await?)
    }

    async fn account(&self) -> anyhow::Result<Account> {
        let query = AccountQuery {
            provider: self.provider,
            member: None,
            for_workspace: true,
        };
        Ok(self.dana.account_get(query).await?)
    }

    /// The daemon logs in for email by the workspace's account, with keys that it renews first.
    async fn logs_in(&self) -> anyhow::Result<()> {
        let checks = self.dana.doctor().await?;
        // Microsoft's are taken by Graph; Gmail's where email is read, for nobody here sends it.
        let name = match self.provider {
            Google if self.mailboxes.is_none() => return Ok(()),
            Google => "answers",
            Microsoft => "mail",
        };
        let check = checks.iter().find(|it| it.name == name);
        let check = check.context("a check of email")?;
        anyhow::ensure!(check.result == CheckResult::Ok, "{check:?}");
        Ok(())
    }

    async fn restarted(&mut self) -> anyhow::Result<()> {
        self.world.stop_daemon();
        self.world.run_daemon().await?;
        self.dana = self.world.client().await?;
        Ok(())
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn google_connects_and_renews_where_the_refresh_token_stays() -> anyhow::Result<()> {
    connects_renews_and_ends(Google, Renewal::Keeps).await
}

#[tokio::test(flavor = "multi_thread")]
async fn google_connects_and_renews_where_every_renewal_rotates() -> anyhow::Result<()> {
    connects_renews_and_ends(Google, Renewal::Rotates).await
}

#[tokio::test(flavor = "multi_thread")]
async fn microsoft_connects_and_renews_where_the_refresh_token_stays() -> anyhow::Result<()> {
    connects_renews_and_ends(Microsoft, Renewal::Keeps).await
}

#[tokio::test(flavor = "multi_thread")]
async fn microsoft_connects_and_renews_where_every_renewal_rotates() -> anyhow::Result<()> {
    connects_renews_and_ends(Microsoft, Renewal::Rotates).await
}

async fn connects_renews_and_ends(
    provider: AccountProvider,
    renewal: Renewal,
) -> anyhow::Result<()> {
    let Some(mut office) = Office::open(provider, renewal).await? else {
        return Ok(());
    };
    let ours = office.connect(true).await?;
    assert_eq!((ours.state, ours.reason), (S::Connected, None));
    assert_eq!(ours.user.context("a user")?.email, INTERVIEWS);
    assert!(ours.missing_scopes.is_empty(), "{:?}", ours.missing_scopes);
    let seen = office.server.seen().await?;
    let (host, offline) = match provider {
        Google => ("http://127.0.0.1:", Some("offline")),
        Microsoft => ("http://localhost:", None),
    };
    assert!(
        matches!(&seen[0], Seen::Agreed { agreed, redirect, access_type }
            if agreed == "S256" && redirect.starts_with(host)
                && access_type.as_deref() == offline),
        "{seen:?}"
    );
    assert!(
        matches!(&seen[1..], [Seen::Granted { granted, .. }] if granted == "authorization_code"),
        "{seen:?}"
    );

    // Its access tokens live shorter than what is renewed ahead, so that every use renews.
    let transport = (provider == Microsoft).then_some(MailTransport::Graph);
    let mail = MailConfigure {
        account: Some(format!("{}:{INTERVIEWS}", provider.word())),
        transport,
        ..MailConfigure::default()
    };
    office.dana.mail_configure(mail).await?;
    office.logs_in().await?;
    let before = office.server.granted().await?.len();
    assert!(before > 1, "nothing was renewed");
    // What was kept is what the next daemon goes on with.
    office.restarted().await?;
    office.logs_in().await?;
    let granted = office.server.granted().await?;
    assert!(granted.len() > before);
    for pair in granted.windows(2) {
        let [(_, good), (with, _)] = pair else {
            continue;
        };
        assert_eq!(with, good, "each was asked for with the one that was good");
    }
    let good = granted.last().context("keys")?.1.clone();
    assert!(office.server.lives(&good).await?);
    assert_eq!(granted[0].1 == good, renewal == Renewal::Keeps);
    let stands = office.account().await?;
    assert_eq!((stands.state, stands.reason), (S::Connected, None));

    // `invalid_grant` is final, and said with its cause.
    office.server.end().await?;
    office.dana.doctor().await?;
    let ended = office.account().await?;
    let (reason, words) = match provider {
        Google => (Reason::PasswordOrRemoved, &greenroomd::google::WORDS),
        Microsoft => (Reason::ReplacedElsewhere, &greenroomd::microsoft::WORDS),
    };
    assert_eq!(ended.state, S::ReconnectRequired);
    assert_eq!(ended.reason, Some(reason.text(words)));
    let last = office.server.seen().await?.pop();
    assert!(
        matches!(&last, Some(Seen::Refused { refused, why })
            if refused == "refresh_token" && !why.is_empty()),
        "{last:?}"
    );
    assert_eq!(office.connect(true).await?.state, S::Connected);
    office.logs_in().await?;

    let good = office.server.granted().await?;
    let good = good.last().context("keys")?.1.clone();
    let disconnect = AccountDisconnect {
        provider,
        member: None,
        for_workspace: true,
        expected_revision: None,
        dry_run: false,
    };
    let gone = office.dana.account_disconnect(disconnect).await?;
    assert_eq!(gone.revoked, provider == Google, "{gone:?}");
    if provider == Google {
        assert!(!office.server.lives(&good).await?);
    }
    assert_eq!(office.account().await?.state, S::Disconnected);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_code_of_another_attempt_is_worth_nothing_at_either() -> anyhow::Result<()> {
    for provider in [Google, Microsoft] {
        let Some(office) = Office::open(provider, Renewal::Keeps).await? else {
            return Ok(());
        };
        let (ours, _) = office.start(true).await?;
        let (hers, _) = office.start(false).await?;
        let back = consent(&ours.authorize_url).await?;
        let code = finish_of(&ours.attempt, back.as_str())?.code;
        let finish =
            |attempt: &AccountAttempt, state, code: &Option<Opaque>| AccountConnectFinish {
                provider,
                attempt: attempt.attempt,
                state,
                code: code.clone(),
                error: None,
                error_description: None,
            };
        // With a state nobody gave out nothing is asked.
        let forged = Opaque::new(format!("{}.forged", ours.attempt));
        let forged = finish(&ours, forged, &code);
        let refused = office.dana.account_connect_finish(forged).await;
        assert_eq!(refused.unwrap_err().kind, ErrorKind::NotFound);
        assert!(office.server.granted().await?.is_empty());
        // Her state is right, and so her verifier goes out with the workspace's code.
        let state = expected_state(&hers.authorize_url).context("a state")?;
        let mixed = finish(&hers, state, &code);
        office.dana.account_connect_finish(mixed).await.unwrap_err();
        let last = office.server.seen().await?.pop();
        assert!(
            matches!(&last, Some(Seen::Refused { refused, why })
                if refused == "authorization_code" && why == "PKCE verification failed"),
            "{last:?}"
        );
        assert!(office.server.granted().await?.is_empty());
    }
    Ok(())
}
