//! A second provider of grants, which has nothing of Zoom: Greenroom's grants against a certified
//! OAuth server with other addresses, scopes, rules and words. Its two terms differ in what a
//! renewal does to the former refresh token.

use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};
use std::sync::Arc;

use anyhow::Context;
use futures::future::BoxFuture;
use greenroom_protocol::id::{AttemptId, MemberId, WorkspaceId};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::time::Instant;
use greenroom_tests::lifeline::Held;
use greenroom_tests::sandbox::http_client;
use greenroomd::clock::SetClock;
use greenroomd::grants::{
    Answer, App, Asked, AskedBy, Audience, ClientAuth, ConnectError, ConnectFailure, ConnectionId,
    ConnectionRecord, Endpoints, Ends, Failure, Grants, Http, Link, OAuthError, Own, Profile,
    Provider, Reason, Reconsent, Redirect, Reply, RevokeBy, Revoking, Rotation, Scope, Scopes,
    Started, Subject, Terms, Unavailable, Unidentified, Words, WorkKinds, standard,
};
use greenroomd::store::{self, Attribution, Store};
use greenroomd::vault::Vault;
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

use super::provider::consent;

const MARA: &str = "mara.voss@works.example";
const TIM: &str = "tim.adler@works.example";
const CLIENT_ID: &str = "greenroom-at-work";
const WITNESS: (&str, &str) = ("witness", "witness-secret");

static WORDS: Words = Words {
    name: "Workbench",
    remove: "remove Greenroom in Workbench: Account, Apps",
    without: "ask for the free times yourself",
    own: |reason| match reason {
        Reason::ReplacedElsewhere => Own {
            code: Some("workbench-ended"),
            text: Some("Workbench ended the access: the password changed, or the app was removed"),
            hint: Some("connect Workbench again"),
        },
        _ => Own::default(),
    },
};

static SCOPES: Scopes = Scopes {
    all: &[
        scope("openid", false),
        scope("offline_access", false),
        scope("busy.read", false),
        scope("mail.send", true),
    ],
    asked: AskedBy::Request,
    covers: |granted, wanted| granted == wanted.name,
    repeated: &[],
};

/// Every renewal ends the former refresh token.
static ROTATING: Terms = terms(Rotation::EndsFormer);

/// No renewal brings another refresh token.
static KEEPING: Terms = terms(Rotation::Never);

const fn scope(name: &'static str, optional: bool) -> Scope {
    Scope {
        name,
        also: None,
        title: name,
        reason: "to be tested",
        optional,
        audience: Audience::MAIN,
    }
}

const fn terms(rotation: Rotation) -> Terms {
    Terms {
        id: "workbench",
        words: &WORDS,
        scopes: &SCOPES,
        redirect: Redirect::Localhost,
        rotation,
        consent: Reconsent::KeepsFormer,
        revocation: Some(Revoking {
            by: RevokeBy::Refresh,
            ends: Ends::ThisGrant,
        }),
        work: WorkKinds {
            broken: "workbench-broken",
            approved: "workbench-approved",
        },
    }
}

/// The other provider.
struct Workbench {
    terms: &'static Terms,
    endpoints: Endpoints,
    me: Url,
    http: Http,
}

impl Workbench {
    fn at(origin: &Url, terms: &'static Terms, http: Http) -> anyhow::Result<Self> {
        let endpoints = Endpoints {
            authorize: origin.join("/work/agree")?,
            authorize_with: vec![("prompt", "consent".to_owned())],
            token: origin.join("/work/keys")?,
            revoke: Some(origin.join("/work/end")?),
            client: ClientAuth::Body,
        };
        let me = origin.join("/work/me")?;
        Ok(Self {
            terms,
            endpoints,
            me,
            http,
        })
    }

    async fn me(&self, access: &SecretString) -> Result<Profile, Unidentified> {
        #[derive(Deserialize)]
        struct Me {
            sub: String,
            email: String,
        }
        let request = self.http.request(reqwest::Method::GET, self.me.clone());
        let request = request.bearer_auth(access.expose_secret());
        let Ok(reply) = self.http.send(request).await else {
            return Err(Unidentified::Yet(Reason::Unreachable));
        };
        match reply.status {
            200 => {}
            401 => return Err(Unidentified::KeysRefused(None)),
            _ => return Err(Unidentified::Yet(Reason::ProviderTrouble)),
        }
        let me: Me = serde_json::from_slice(&reply.body)
            .map_err(|_| Unidentified::Yet(Reason::ProviderTrouble))?;
        Ok(Profile {
            id: me.sub,
            name: me.email.clone(),
            email: me.email,
            plan: None,
            notes: None,
            organization: None,
        })
    }
}

impl Provider for Workbench {
    fn terms(&self) -> &'static Terms {
        self.terms
    }

    fn endpoints(&self, _: &App) -> Endpoints {
        self.endpoints.clone()
    }

    fn identify<'a>(
        &'a self,
        access: &'a SecretString,
        _scopes: &'a [String],
    ) -> BoxFuture<'a, Result<Profile, Unidentified>> {
        Box::pin(self.me(access))
    }

    fn read_refusal(&self, refusal: &Reply, asked: Asked, now: Instant) -> Failure {
        let said = OAuthError::read(&refusal.body);
        match said {
            Some(said) if said.error == "access_denied" => Failure::Dead(Reason::AppDisabled),
            _ => standard(refusal, asked, now),
        }
    }
}

/// What the server did, in its own words.
#[derive(Debug, Deserialize)]
#[serde(untagged)]
enum Seen {
    Agreed {
        agreed: String,
        scope: String,
        prompt: String,
    },
    Granted {
        granted: String,
        access_token: String,
        refresh_token: Option<String>,
    },
    Refused {
        refused: String,
        why: String,
    },
}

/// A daemon's grants of that provider, in a store on disk.
struct Office {
    grants: Grants,
    clock: SetClock,
    terms: &'static Terms,
    origin: Url,
    mara: ConnectionId,
    tim: ConnectionId,
    store: Store,
    vault: Vault,
    dir: tempfile::TempDir,
    _server: Held,
}

impl Office {
    /// One; `None`, and a line that says so, where the server is not installed.
    async fn open(terms: &'static Terms) -> anyhow::Result<Option<Self>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("oauth-provider");
        if !super::provider::is_installed(&folder) {
            return Ok(None);
        }
        let rotates = match terms.rotation {
            Rotation::EndsFormer => "rotates",
            Rotation::KeepsFormer | Rotation::Never => "keeps",
        };
        let mut command = Command::new("node");
        command
            .current_dir(folder)
            .args(["workbench.js", rotates])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut server = Held::start(&mut command).context("start the server")?;
        let said = server.child().stdout.take().context("its output")?;
        let origin = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(said).read_line(&mut line).map(|_| line)
        });
        let origin = Url::parse(origin.await??.trim()).context("it ended early")?;
        let dir = tempfile::tempdir()?;
        let clock = SetClock::at(Instant::now());
        let store = store::open(dir.path(), store::sled::Settings::default()).await?;
        let vault = Vault::ephemeral()?;
        let grants = open(&origin, terms, &store, &vault, &clock)?;
        let workspace = WorkspaceId::new();
        let someone = || ConnectionId::of_member(workspace, MemberId::new());
        Ok(Some(Self {
            grants,
            clock,
            terms,
            origin,
            mara: someone(),
            tim: someone(),
            store,
            vault,
            dir,
            _server: server,
        }))
    }

    /// The same daemon after a restart: the store as it is on disk, nothing in memory.
    async fn restarted(self) -> anyhow::Result<Self> {
        self.grants.drain().await;
        self.store.close().await;
        let store = store::open(self.dir.path(), store::sled::Settings::default()).await?;
        let grants = open(&self.origin, self.terms, &store, &self.vault, &self.clock)?;
        Ok(Self {
            grants,
            store,
            ..self
        })
    }

    async fn start(
        &self,
        who: ConnectionId,
        email: &str,
        scopes: &[&str],
    ) -> Result<Started, ConnectError> {
        let subject = Subject {
            who,
            expected_email: Some(email.to_owned()),
            scopes: scopes.iter().map(|scope| (*scope).to_owned()).collect(),
            by: Attribution::default(),
        };
        let redirect = self.terms.redirect.address(49_300);
        self.grants.start(&subject, &redirect).await
    }

    /// What a browser brings back from the consent page.
    async fn agreed(&self, started: &Started) -> anyhow::Result<(AttemptId, Opaque, Answer)> {
        let back = consent(&started.authorize_url).await?;
        let value = |name: &str| {
            let mut pairs = back.query_pairs();
            let found = pairs.find(|(known, _)| known == name);
            found.map(|(_, value)| Opaque::new(value.into_owned()))
        };
        let code = value("code").context("a code")?;
        let state = value("state").context("a state")?;
        Ok((started.attempt, state, Answer::Code(code)))
    }

    async fn connect(
        &self,
        who: ConnectionId,
        email: &str,
        scopes: &[&str],
    ) -> anyhow::Result<Result<ConnectionId, ConnectError>> {
        let started = self.start(who, email, scopes).await?;
        let (attempt, state, answer) = self.agreed(&started).await?;
        Ok(self.grants.finish(attempt, &state, answer).await)
    }

    async fn record(&self, who: ConnectionId) -> anyhow::Result<ConnectionRecord> {
        Ok(self.grants.status(who).await?.0)
    }

    async fn seen(&self) -> anyhow::Result<Vec<Seen>> {
        let seen = http_client()?.get(self.origin.join("/seen")?);
        Ok(seen.send().await?.json().await?)
    }

    /// The tokens of every answer that gave some: access, and refresh where it has one.
    async fn pairs(&self) -> anyhow::Result<Vec<(String, Option<String>)>> {
        let pair = |seen| match seen {
            Seen::Granted {
                access_token,
                refresh_token,
                ..
            } => Some((access_token, refresh_token)),
            _ => None,
        };
        Ok(self.seen().await?.into_iter().filter_map(pair).collect())
    }

    async fn last_refresh_token(&self) -> anyhow::Result<String> {
        let pair = self.pairs().await?.pop().context("a pair")?;
        pair.1.context("a refresh token")
    }

    /// Whether a token lives: introspection, RFC 7662.
    async fn lives(&self, token: &str) -> anyhow::Result<bool> {
        let (id, secret) = WITNESS;
        let asked = http_client()?
            .post(self.origin.join("/work/alive")?)
            .basic_auth(id, Some(secret))
            .form(&[("token", token)]);
        let answer: Value = asked.send().await?.error_for_status()?.json().await?;
        answer["active"].as_bool().context("whether it is active")
    }

    /// What somebody else gets who renews with this token.
    async fn renewed_by_another(&self, refresh: &str) -> anyhow::Result<Value> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("client_id", CLIENT_ID),
            ("client_secret", "known-to-everybody"),
        ];
        let asked = http_client()?.post(self.origin.join("/work/keys")?);
        Ok(asked.form(&form).send().await?.json().await?)
    }

    /// The next answer to a renewal is lost on its way.
    async fn lose_an_answer(&self) -> anyhow::Result<()> {
        let lose = http_client()?.post(self.origin.join("/lose")?);
        lose.send().await?.error_for_status()?;
        Ok(())
    }
}

fn open(
    origin: &Url,
    terms: &'static Terms,
    store: &Store,
    vault: &Vault,
    clock: &SetClock,
) -> anyhow::Result<Grants> {
    let http = Http::new(&[origin], clock.clock())?;
    let provider = Arc::new(Workbench::at(origin, terms, http.clone())?);
    let app = App {
        client_id: CLIENT_ID.to_owned(),
        secret: Some("known-to-everybody".into()),
        tenant: None,
    };
    Ok(Grants::open(
        store.clone(),
        vault.clone(),
        clock.clock(),
        http,
        provider,
        Some(app),
    ))
}

#[tokio::test(flavor = "multi_thread")]
async fn another_provider_connects_renews_and_disconnects_across_restarts() -> anyhow::Result<()> {
    let Some(office) = Office::open(&ROTATING).await? else {
        return Ok(());
    };
    let mara = office.mara;
    let started = office.start(mara, MARA, &[]).await?;
    // The daemon restarts while the browser is open.
    let office = office.restarted().await?;
    let (attempt, state, answer) = office.agreed(&started).await?;
    let forged = Opaque::new(format!("{attempt}.forged"));
    let refused = office.grants.finish(attempt, &forged, answer.clone()).await;
    let refused = refused.unwrap_err();
    assert!(matches!(refused.why, ConnectFailure::State), "{refused}");
    let connected = office.grants.finish(attempt, &state, answer).await?;
    assert_eq!(connected, mara);

    let record = office.record(mara).await?;
    assert_eq!(record.provider, "workbench");
    let grant = record.grant().context("a grant")?;
    assert_eq!((grant.user.email.as_str(), &grant.user.plan), (MARA, &None));
    assert_eq!(grant.missing(&ROTATING).count(), 0);
    let seen = office.seen().await?;
    assert!(
        matches!(&seen[0], Seen::Agreed { agreed, scope, prompt }
            if agreed == "S256" && prompt == "consent"
                && scope == "openid offline_access busy.read mail.send"),
        "{seen:?}"
    );
    assert!(
        matches!(&seen[1..], [Seen::Granted { granted, .. }] if granted == "authorization_code")
    );

    // Its access tokens live shorter than what is renewed ahead: every use renews, and rotates.
    let first = office.last_refresh_token().await?;
    office.grants.ready(mara).await.map_err(told)?;
    let second = office.last_refresh_token().await?;
    assert_ne!(first, second);
    let office = office.restarted().await?;
    office.grants.ready(mara).await.map_err(told)?;
    let third = office.last_refresh_token().await?;
    assert!(office.lives(&third).await? && !office.lives(&second).await?);

    let released = office
        .grants
        .disconnect(mara, &Attribution::default())
        .await?;
    assert!(released.was_connected && released.revoked);
    assert!(!office.lives(&third).await?);
    let record = office.record(mara).await?;
    assert_eq!(record.reason(&ROTATING), Some(Reason::Revoked));
    assert!(matches!(
        office.grants.ready(mara).await,
        Err(Unavailable::NotConnected)
    ));
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_key_of_another_provider_used_twice_ends_its_grant_in_its_own_words() -> anyhow::Result<()>
{
    let Some(office) = Office::open(&ROTATING).await? else {
        return Ok(());
    };
    let mara = office.mara;
    office.connect(mara, MARA, &[]).await??;
    let first = office.last_refresh_token().await?;
    office.grants.ready(mara).await.map_err(told)?;
    let refused = office.renewed_by_another(&first).await?;
    assert_eq!(refused["error"], "invalid_grant");

    let ended = office.grants.ready(mara).await.unwrap_err();
    let Unavailable::ReconnectRequired(reason) = ended else {
        anyhow::bail!("{ended:?}");
    };
    assert_eq!(reason.code(&WORDS), "workbench-ended");
    assert_eq!(
        ended.text(&WORDS),
        "Workbench must be reconnected: Workbench ended the access: the password changed, or the app was removed"
    );
    assert_eq!(
        ended.hint(&WORDS).as_deref(),
        Some("connect Workbench again")
    );
    let last = office.seen().await?.pop();
    assert!(
        matches!(&last, Some(Seen::Refused { refused, why }) if refused == "refresh_token" && !why.is_empty()),
        "{last:?}"
    );

    let office = office.restarted().await?;
    let record = office.record(mara).await?;
    assert!(matches!(record.link, Link::ReconnectRequired { .. }));
    office.connect(mara, MARA, &[]).await??;
    office.grants.ready(mara).await.map_err(told)?;
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_refresh_token_that_is_not_replaced_survives_a_lost_answer() -> anyhow::Result<()> {
    let Some(office) = Office::open(&KEEPING).await? else {
        return Ok(());
    };
    let mara = office.mara;
    office.connect(mara, MARA, &[]).await??;
    let first = office.last_refresh_token().await?;
    office.grants.ready(mara).await.map_err(told)?;
    let (renewed, next) = office.pairs().await?.pop().context("a pair")?;
    assert!(office.lives(&renewed).await?);
    assert_eq!(next.as_deref().unwrap_or(&first), first);

    office.lose_an_answer().await?;
    let generation = office.record(mara).await?.generation;
    assert!(matches!(
        office.grants.ready(mara).await,
        Ok(()) | Err(Unavailable::Retrying { .. })
    ));
    assert_eq!(office.record(mara).await?.generation, generation);
    office.clock.advance(60 * 60);
    let office = office.restarted().await?;
    office.grants.ready(mara).await.map_err(told)?;
    assert!(office.record(mara).await?.generation > generation);
    assert!(office.lives(&first).await?);

    // Where nothing is lost with an answer, an end is not blamed on one.
    office.lose_an_answer().await?;
    let _ = office.grants.ready(mara).await;
    let form = [
        ("token", first.as_str()),
        ("client_id", CLIENT_ID),
        ("client_secret", "known-to-everybody"),
    ];
    let end = http_client()?.post(office.origin.join("/work/end")?);
    end.form(&form).send().await?.error_for_status()?;
    office.clock.advance(60 * 60);
    let office = office.restarted().await?;
    let ended = office.grants.ready(mara).await.unwrap_err();
    assert!(
        matches!(
            ended,
            Unavailable::ReconnectRequired(Reason::ReplacedElsewhere)
        ),
        "{ended:?}"
    );
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn scopes_are_added_to_a_grant_and_what_was_not_asked_for_is_not_missing()
-> anyhow::Result<()> {
    let Some(office) = Office::open(&KEEPING).await? else {
        return Ok(());
    };
    let (mara, base) = (office.mara, ["openid", "offline_access", "busy.read"]);
    office.connect(mara, MARA, &base).await??;
    let record = office.record(mara).await?;
    assert_eq!(record.reason(&KEEPING), None);
    assert_eq!(record.grant().context("a grant")?.asked.len(), 3);

    office.connect(mara, MARA, &["mail.send"]).await??;
    let scopes = office
        .seen()
        .await?
        .into_iter()
        .filter_map(|seen| match seen {
            Seen::Agreed { scope, .. } => Some(scope),
            _ => None,
        });
    let scopes: Vec<_> = scopes.collect();
    assert_eq!(
        scopes,
        [
            "openid offline_access busy.read",
            "openid offline_access busy.read mail.send"
        ]
    );
    let record = office.record(mara).await?;
    assert_eq!(record.grant().context("a grant")?.asked.len(), 4);
    assert_eq!(record.reason(&KEEPING), None);
    Ok(())
}

#[tokio::test(flavor = "multi_thread")]
async fn a_user_who_is_taken_stays_where_they_are_and_only_the_fresh_keys_end() -> anyhow::Result<()>
{
    let Some(office) = Office::open(&ROTATING).await? else {
        return Ok(());
    };
    let (mara, tim) = (office.mara, office.tim);
    office.connect(mara, MARA, &[]).await??;
    let hers = office.last_refresh_token().await?;

    // Tim's browser is signed in as Mara: here consent ends nothing, so her keys stay and are not
    // replaced, and the fresh ones are revoked.
    let started = office.start(tim, TIM, &[]).await?;
    let page = started.authorize_url.replace("tim.adler", "mara.voss");
    let back = Started {
        authorize_url: page,
        ..started
    };
    let (attempt, state, answer) = office.agreed(&back).await?;
    let refused = office
        .grants
        .finish(attempt, &state, answer)
        .await
        .unwrap_err();
    assert!(
        matches!(refused.why, ConnectFailure::Held(holder) if holder == mara),
        "{refused}"
    );
    assert_eq!(
        refused.to_string(),
        "That Workbench user already belongs to another connection"
    );
    let fresh = office.last_refresh_token().await?;
    assert_ne!(fresh, hers);
    assert!(office.lives(&hers).await? && !office.lives(&fresh).await?);
    assert_eq!(office.record(mara).await?.generation, 1);
    office.grants.ready(mara).await.map_err(told)?;

    // Only the address of this provider's own shape is a place to come back to.
    let subject = Subject {
        who: tim,
        expected_email: Some(TIM.to_owned()),
        scopes: Vec::new(),
        by: Attribution::default(),
    };
    let elsewhere = "http://127.0.0.1:49300/callback";
    let refused = office.grants.start(&subject, elsewhere).await.unwrap_err();
    assert!(matches!(refused.why, ConnectFailure::Redirect), "{refused}");
    Ok(())
}

fn told(unavailable: Unavailable) -> anyhow::Error {
    anyhow::anyhow!(unavailable.text(&WORDS))
}
