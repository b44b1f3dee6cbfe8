//! A workspace with two people, a store in a directory, and the sandbox Zoom: what every story here
//! begins with.

use greenroom_protocol::id::{AttemptId, MemberId, WorkspaceId};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom::ConnectionState;
use greenroom_tests::sandbox::{self, Config, Decision, PUBLIC_CLIENT_ID, Sandbox, User};
use greenroom_tests::wait::Deadline;
use greenroomd::clock::SetClock;
use greenroomd::store::{self, Attribution, Store};
use greenroomd::vault::Vault;
use greenroomd::zoom::{
    Answer, ConnectError, ConnectionId, ConnectionRecord, MeetingPlan, Reason, Subject, TERMS,
    Zoom, ZoomSettings,
};

pub const DANA: &str = "dana.reyes@acme.example";
pub const OMAR: &str = "omar.haddad@acme.example";
pub const REDIRECT: &str = "http://127.0.0.1:49200/callback";

pub struct Fixture {
    pub sandbox: Sandbox,
    pub zoom: Zoom,
    pub clock: SetClock,
    pub dana: ConnectionId,
    pub omar: ConnectionId,
    store: Store,
    vault: Vault,
    dir: tempfile::TempDir,
}

impl Fixture {
    pub async fn open() -> Self {
        Self::with(Config::default().with_user(User::new(OMAR))).await
    }

    pub async fn with(config: Config) -> Self {
        let sandbox = Sandbox::start(config).await.unwrap();
        let dir = tempfile::tempdir().unwrap();
        let clock = SetClock::at(Instant::now());
        let store = store::open(dir.path(), store::sled::Settings::default())
            .await
            .unwrap();
        let vault = Vault::ephemeral().unwrap();
        let zoom = room(&sandbox, &store, &vault, &clock, PUBLIC_CLIENT_ID, None);
        let workspace = WorkspaceId::new();
        let someone = || ConnectionId::of_member(workspace, MemberId::new());
        let (dana, omar) = (someone(), someone());
        Self {
            sandbox,
            zoom,
            clock,
            dana,
            omar,
            store,
            vault,
            dir,
        }
    }

    /// The same daemon after a restart: the store as it is on disk, nothing in memory.
    pub async fn restarted(self) -> Self {
        self.zoom.grants().drain().await;
        self.store.close().await;
        let store = store::open(self.dir.path(), store::sled::Settings::default())
            .await
            .unwrap();
        let zoom = room(
            &self.sandbox,
            &store,
            &self.vault,
            &self.clock,
            PUBLIC_CLIENT_ID,
            None,
        );
        Self {
            zoom,
            store,
            ..self
        }
    }

    /// What is left when the daemon is killed in the middle of `work`, once `reached` says how far
    /// Zoom has come.
    pub async fn killed_in(
        self,
        work: impl Future<Output = bool> + Send + 'static,
        reached: impl Fn(&Sandbox) -> bool,
    ) -> Self {
        let daemon = tokio::runtime::Runtime::new().unwrap();
        let working = daemon.spawn(work);
        let deadline = Deadline::here();
        while !reached(&self.sandbox) {
            deadline.check();
            assert!(!working.is_finished(), "it ended before it could be killed");
            tokio::task::yield_now().await;
        }
        daemon.shutdown_background();
        assert!(working.await.unwrap_err().is_cancelled());
        self.with_app(PUBLIC_CLIENT_ID, None)
    }

    /// The same store under a vault that has none of its keys.
    pub fn with_another_vault(self) -> Self {
        let vault = Vault::ephemeral().unwrap();
        Self { vault, ..self }.with_app(PUBLIC_CLIENT_ID, None)
    }

    /// The same daemon with another default app.
    pub fn with_app(self, client_id: &str, secret: Option<&str>) -> Self {
        let zoom = room(
            &self.sandbox,
            &self.store,
            &self.vault,
            &self.clock,
            client_id,
            secret,
        );
        Self { zoom, ..self }
    }

    /// The same daemon, with nobody where Zoom's API should be.
    pub fn unreachable(self) -> Self {
        let settings = ZoomSettings {
            oauth_url: self.sandbox.oauth_url().parse().unwrap(),
            api_url: "http://127.0.0.1:1/v2".parse().unwrap(),
            client_id: Some(PUBLIC_CLIENT_ID.to_owned()),
            client_secret: None,
        };
        let (store, vault) = (self.store.clone(), self.vault.clone());
        let zoom = Zoom::open(store, vault, self.clock.clock(), settings).unwrap();
        Self { zoom, ..self }
    }

    pub fn subject(&self, who: ConnectionId, expected: &str) -> Subject {
        let by = Attribution {
            source: "test".into(),
            ..Attribution::default()
        };
        Subject {
            who,
            expected_email: Some(expected.to_owned()),
            scopes: Vec::new(),
            by,
        }
    }

    /// Opens the browser, signs in there as `zoom_user`, and hands in what comes back.
    pub async fn connect(
        &self,
        who: ConnectionId,
        expected: &str,
        zoom_user: &str,
    ) -> Result<ConnectionId, ConnectError> {
        let started = self
            .zoom
            .grants()
            .start(&self.subject(who, expected), REDIRECT)
            .await?;
        let back = browse(&started.authorize_url, zoom_user, Decision::Allow).await;
        self.zoom
            .grants()
            .finish(back.attempt, &back.state, back.answer)
            .await
    }

    pub async fn dana_connects(&self) {
        assert_eq!(
            self.connect(self.dana, DANA, DANA).await.unwrap(),
            self.dana
        );
    }

    pub async fn record(&self, who: ConnectionId) -> ConnectionRecord {
        self.zoom.grants().status(who).await.unwrap().0
    }

    pub async fn state(&self, who: ConnectionId) -> (ConnectionState, Option<Reason>) {
        let record = self.record(who).await;
        (
            record.state(self.clock.clock().now()),
            record.reason(&TERMS),
        )
    }

    /// Time passes, here and at Zoom.
    pub fn minutes_pass(&self, minutes: i64) {
        self.clock.advance(minutes * 60);
        self.sandbox
            .advance(jiff::SignedDuration::from_mins(minutes));
    }

    /// Every byte of the store's files.
    pub async fn bytes_on_disk(&self) -> Vec<u8> {
        fn read(dir: &std::path::Path, into: &mut Vec<u8>) {
            for entry in std::fs::read_dir(dir).unwrap() {
                let path = entry.unwrap().path();
                match path.is_dir() {
                    true => read(&path, into),
                    false => into.extend(std::fs::read(&path).unwrap()),
                }
            }
        }
        let mut bytes = Vec::new();
        read(self.dir.path(), &mut bytes);
        bytes
    }
}

/// What the browser brought to the redirect address.
pub struct Back {
    pub attempt: AttemptId,
    pub state: Opaque,
    pub answer: Answer,
}

pub async fn browse(authorize_url: &str, zoom_user: &str, decision: Decision) -> Back {
    let back = sandbox::consent(authorize_url, zoom_user, decision)
        .await
        .unwrap();
    assert!(back.starts_with(REDIRECT), "{back}");
    let url = url::Url::parse(&back).unwrap();
    let value = |name: &str| {
        let mut pairs = url.query_pairs();
        pairs
            .find(|(key, _)| key == name)
            .map(|(_, value)| value.into_owned())
    };
    let state = Opaque::new(value("state").unwrap());
    let answer = match value("code") {
        Some(code) => Answer::Code(Opaque::new(code)),
        None => Answer::Error {
            error: value("error").unwrap(),
            description: value("error_description"),
        },
    };
    Back {
        attempt: greenroomd::grants::Grants::attempt_in(&state).unwrap(),
        state,
        answer,
    }
}

pub fn an_interview(clock: &SetClock) -> MeetingPlan {
    MeetingPlan {
        notes: false,
        topic: "Interview with Zoë Müller".into(),
        start: Instant::from_second((clock.clock().now().second() / 3600 + 48) * 3600),
        zone: "Europe/Berlin".into(),
        minutes: 45,
        mark: "greenroom:int_1".into(),
        agenda: "Made by Greenroom".into(),
        passcode: greenroomd::zoom::passcode::strong().unwrap(),
    }
}

fn room(
    sandbox: &Sandbox,
    store: &Store,
    vault: &Vault,
    clock: &SetClock,
    client_id: &str,
    secret: Option<&str>,
) -> Zoom {
    let settings = ZoomSettings {
        oauth_url: sandbox.oauth_url().parse().unwrap(),
        api_url: sandbox.api_url().parse().unwrap(),
        client_id: Some(client_id.to_owned()),
        client_secret: secret.map(Into::into),
    };
    Zoom::open(store.clone(), vault.clone(), clock.clock(), settings).unwrap()
}
