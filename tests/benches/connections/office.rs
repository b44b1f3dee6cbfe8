//! The room that looks after connections, on a clock that is moved manually, and a sandbox in a
//! process of its own.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use futures::future::try_join_all;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::secret::Opaque;
use greenroom_tests::lifeline::Held;
use greenroom_tests::sandbox::{Decision, answer, http_client};
use greenroomd::clock::SetClock;
use greenroomd::store::{self, Attribution, Store};
use greenroomd::vault::Vault;
use greenroomd::zoom::{Answer, ConnectionId, Outcome, RefusalReason, Subject, Zoom, ZoomSettings};
use serde::Deserialize;
use serde_json::{Value, json};
use tempfile::TempDir;
use url::Url;

/// Connected at once.
const AT_ONCE: usize = 20;

/// Zoom's clock follows ours in steps: what lives an hour does not mind.
const STEP: i64 = 60;

pub struct Office {
    zoom: Zoom,
    store: Store,
    clock: SetClock,
    begun: greenroom_protocol::time::Instant,
    sandbox: String,
    http: reqwest::Client,
    _held: Held,
    _directory: TempDir,
}

/// What the sandbox says when it is ready.
#[derive(Deserialize)]
struct Ready {
    zoom_url: String,
    oauth_url: String,
    api_url: String,
    public_client_id: String,
}

impl Office {
    pub async fn open() -> Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_demo"));
        let mut held = Held::start(command.arg("sandbox").stdout(Stdio::piped()))?;
        let output = held.child().stdout.take().context("read the sandbox")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let ready: Ready = serde_json::from_str(&line).context("wait for the sandbox")?;

        let directory = tempfile::tempdir()?;
        let settings = store::sled::Settings::default();
        let store = store::open(directory.path(), settings).await?;
        let begun = greenroom_protocol::time::Instant::now();
        let clock = SetClock::at(begun);
        let settings = ZoomSettings {
            oauth_url: ready.oauth_url.parse()?,
            api_url: ready.api_url.parse()?,
            client_id: Some(ready.public_client_id),
            client_secret: None,
        };
        let zoom = Zoom::open(store.clone(), Vault::ephemeral()?, clock.clock(), settings)?;
        zoom.grants().tick().await?;
        Ok(Self {
            zoom,
            store,
            clock,
            begun,
            sandbox: format!("{}/sandbox", ready.zoom_url),
            http: http_client()?,
            _held: held,
            _directory: directory,
        })
    }

    /// So many people connect, spread over so many seconds.
    pub async fn connect(&self, count: usize, seconds: i64) -> Result<Vec<ConnectionId>> {
        let workspace = WorkspaceId::new();
        let mut hosts = Vec::with_capacity(count);
        let numbers: Vec<_> = (0..count).collect();
        for some in numbers.chunks(AT_ONCE) {
            let members = some
                .iter()
                .map(|number| self.connect_one(workspace, *number));
            hosts.extend(try_join_all(members).await?);
            self.clock
                .advance(seconds * some.len() as i64 / count as i64);
            self.zoom_follows().await?;
            self.look().await?;
        }
        Ok(hosts)
    }

    /// A second passes; says so.
    pub async fn second_passes(&self) -> Result<i64> {
        self.clock.advance(1);
        if self.elapsed() % STEP == 0 {
            self.zoom_follows().await?;
        }
        Ok(1)
    }

    /// So many pass at once, for nothing here runs meanwhile.
    pub async fn sleep(&self, seconds: i64) -> Result<i64> {
        self.clock.advance(seconds);
        self.zoom_follows().await?;
        Ok(seconds)
    }

    /// One look after all of them.
    pub async fn look(&self) -> Result<()> {
        Ok(self.zoom.grants().tick().await?)
    }

    /// How many renewals there were: each is two commits, and nothing else commits here once all
    /// are connected.
    pub fn renewals(&self) -> u64 {
        self.store.revision().0 / 2
    }

    /// How long it takes until Zoom has answered a call of this host.
    pub async fn is_taken(&self, who: ConnectionId) -> Result<Duration> {
        let begun = Instant::now();
        // There is no such meeting, which Zoom tells nobody whose keys it does not take.
        let outcome = self.zoom.get_meeting(who, 1).await;
        let Outcome::Refused(refusal) = outcome else {
            bail!("{outcome:?}");
        };
        ensure!(refusal.reason == RefusalReason::NoMeeting, "{refusal:?}");
        Ok(begun.elapsed())
    }

    /// Zoom counted as many, refused none, and everybody's grant lives.
    pub async fn agrees(&self, hosts: &[ConnectionId], renewals: u64) -> Result<()> {
        let told = self.http.get(format!("{}/counters", self.sandbox)).send();
        let told: Value = told.await?.json().await?;
        let count = |name: &str| told["counters"][name].as_u64().unwrap_or_default();
        ensure!(count("refreshes") >= renewals, "{told}");
        ensure!(count("refreshes_refused") == 0, "{told}");
        ensure!(told["live_grants"] == hosts.len(), "{told}");
        Ok(())
    }

    fn elapsed(&self) -> i64 {
        self.clock.clock().now().since(self.begun).as_secs()
    }

    async fn zoom_follows(&self) -> Result<()> {
        self.steer("clock", &json!({ "ahead": self.elapsed() }))
            .await
    }

    async fn steer(&self, what: &str, body: &Value) -> Result<()> {
        let asked = self.http.post(format!("{}/{what}", self.sandbox));
        asked.json(body).send().await?.error_for_status()?;
        Ok(())
    }

    async fn connect_one(&self, workspace: WorkspaceId, number: usize) -> Result<ConnectionId> {
        let email = format!("host-{number}@acme.example");
        self.steer("users", &json!({ "email": email })).await?;
        let who = ConnectionId::of_member(workspace, MemberId::new());
        let subject = Subject {
            who,
            expected_email: Some(email.clone()),
            scopes: Vec::new(),
            by: Attribution::default(),
        };
        let redirect = "http://127.0.0.1:1/callback";
        let started = self.zoom.grants().start(&subject, redirect).await?;
        let location = answer(&self.http, &started.authorize_url, &email, Decision::Allow);
        let location: Url = location.await?.parse()?;
        let value = |name: &str| {
            let mut pairs = location.query_pairs();
            let found = pairs.find(|(key, _)| key == name);
            let (_, value) = found.with_context(|| format!("{name} in the answer"))?;
            anyhow::Ok(Opaque::new(value.into_owned()))
        };
        let (code, state) = (value("code")?, value("state")?);
        let finished = self
            .zoom
            .grants()
            .finish(started.attempt, &state, Answer::Code(code));
        Ok(finished.await?)
    }
}
