//! `kill -9` in the middle of a change of the key: the next daemon opens everything, with the one
//! key or the other.
//!
//! A kill at every step, and at random moments between: four by default, forty with
//! `GREENROOM_FAULTS=full`.

use std::path::PathBuf;
use std::process::{Command, Stdio};
use std::time::Duration;

use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::time::Instant;
use greenroom_tests::harness::DANA;
use greenroom_tests::lifeline::Held;
use greenroom_tests::sandbox::{self, Config, Decision, PUBLIC_CLIENT_ID, Sandbox};
use greenroom_tests::seed::Random;
use greenroomd::clock::SetClock;
use greenroomd::store::{self, Attribution, Store};
use greenroomd::vault::{self, KeyChoice, NewKey, Sealed, Step, Vault, VaultError};
use greenroomd::zoom::{Answer, ConnectionId, SecretChange, Subject, Zoom, ZoomSettings};
use rustix::process::{Signal, getpid, kill_process};

/// The child; told apart from a test run by its environment.
const PLACE: &str = "GREENROOM_TEST_PLACE";
const AT: &str = "GREENROOM_TEST_KILLED_AT";

const STEPS: [(&str, Step); 5] = [
    ("opened", Step::Opened),
    ("written", Step::Written),
    ("changed", Step::Changed),
    ("in place", Step::InPlace),
    ("sealed", Step::Sealed),
];

/// With a connection, more secrets in one workspace than are sealed anew in one commit.
const APPS: usize = 230;

#[tokio::test]
#[ignore = "the child that the other tests start and kill"]
async fn change() {
    let Some(place) = std::env::var_os(PLACE).map(PathBuf::from) else {
        return;
    };
    let at = std::env::var(AT).unwrap_or_default();
    let (config, data) = (place.join("config"), place.join("store"));
    let store = store::open(&data, settings()).await.unwrap();
    let reached = |step| {
        if STEPS.contains(&(at.as_str(), step)) {
            kill_process(getpid(), Signal::KILL).unwrap();
        }
    };
    let choice = KeyChoice::File;
    vault::rekey(&choice, &config, &data, &store, NewKey::Random, reached)
        .await
        .unwrap();
}

#[tokio::test]
async fn killed_at_any_step_everything_opens_with_one_key_or_the_other() {
    let place = Place::furnished().await;
    let mut key = place.everything_opens("at first").await;
    for (name, step) in STEPS {
        assert!(!place.change(name, None), "it is killed once it is {name}");
        let now = place.everything_opens(name).await;
        let changed = !matches!(step, Step::Opened | Step::Written);
        assert_eq!(now != key, changed, "{name}");
        assert!(!place.dir.path().join("config/vault.key.next").exists());
        key = now;
    }
    assert!(place.change("never", None));
    assert_ne!(place.everything_opens("in the end").await, key);
}

#[tokio::test]
async fn killed_at_any_moment_everything_opens() {
    let rounds = match std::env::var("GREENROOM_FAULTS").as_deref() {
        Ok("full") => 40,
        _ => 4,
    };
    let place = Place::furnished().await;
    let mut random = Random::new("kill -9 of rekey");
    for round in 0..rounds {
        let point = Duration::from_millis(random.below(300) as u64);
        place.change("never", Some(point));
        place
            .everything_opens(&format!("round {round} of {random}"))
            .await;
    }
}

/// A data directory with secrets in it, and the Zoom they are good for.
struct Place {
    dir: tempfile::TempDir,
    zoom: Sandbox,
    clock: SetClock,
    dana: ConnectionId,
}

impl Place {
    async fn furnished() -> Self {
        let place = Self {
            dir: tempfile::tempdir().unwrap(),
            zoom: Sandbox::start(Config::default()).await.unwrap(),
            clock: SetClock::at(Instant::now()),
            dana: ConnectionId::of_member(WorkspaceId::new(), MemberId::new()),
        };
        let (store, vault) = place.open().await;
        let zoom = &place.room(&store, vault);
        let (space, secrets) = (place.dana.workspace, Vec::from_iter(0..APPS));
        for some in secrets.chunks(50) {
            let apps = store.transact(|tx| async move {
                for number in some {
                    let secret = SecretChange::Set(Opaque::new(format!("secret {number}")));
                    let client = format!("client {number}");
                    zoom.grants()
                        .set_app(&tx, space, Some((&*client).into()), secret)
                        .await?;
                }
                Ok::<_, VaultError>(())
            });
            apps.await.unwrap();
        }
        let default = store.transact(|tx| async move {
            let keep = SecretChange::Keep;
            zoom.grants()
                .set_app(&tx, space, Some(PUBLIC_CLIENT_ID.into()), keep)
                .await
        });
        default.await.unwrap();
        let subject = Subject {
            who: place.dana,
            expected_email: Some(DANA.to_owned()),
            scopes: Vec::new(),
            by: Attribution::default(),
        };
        let redirect = "http://127.0.0.1:49200/callback";
        let started = zoom.grants().start(&subject, redirect).await.unwrap();
        let location = sandbox::consent(&started.authorize_url, DANA, Decision::Allow);
        let back = greenroom_tests::harness::finish_of(&started.attempt, &location.await.unwrap());
        let back = back.unwrap();
        let answer = Answer::Code(back.code.unwrap());
        zoom.grants()
            .finish(back.attempt, &back.state, answer)
            .await
            .unwrap();
        store.close().await;
        place
    }

    async fn open(&self) -> (Store, Vault) {
        let data = self.dir.path().join("store");
        let store = store::open(&data, settings()).await.unwrap();
        let config = self.dir.path().join("config");
        let vault = Vault::open(&KeyChoice::File, &config, &data, &store);
        (store.clone(), vault.await.unwrap())
    }

    fn room(&self, store: &Store, vault: Vault) -> Zoom {
        let settings = ZoomSettings {
            oauth_url: self.zoom.oauth_url().parse().unwrap(),
            api_url: self.zoom.api_url().parse().unwrap(),
            client_id: Some(PUBLIC_CLIENT_ID.to_owned()),
            client_secret: None,
        };
        Zoom::open(store.clone(), vault, self.clock.clock(), settings).unwrap()
    }

    /// Lets a child change the key; whether it came to the end.
    fn change(&self, at: &str, point: Option<Duration>) -> bool {
        let mut command = Command::new(std::env::current_exe().unwrap());
        command
            .args(["--exact", "keys::killed::change", "--ignored", "--quiet"])
            .env(PLACE, self.dir.path())
            .env(AT, at)
            .stdout(Stdio::null());
        let mut child = Held::start(&mut command).unwrap();
        if let Some(point) = point {
            std::thread::sleep(point);
            child.kill();
        }
        child.child().wait().unwrap().success()
    }

    /// What the next daemon finds; the name of its key.
    async fn everything_opens(&self, when: &str) -> String {
        let (store, vault) = self.open().await;
        assert!(
            vault.unopened().is_empty(),
            "{when}: {:?}",
            vault.unopened()
        );
        let key = vault.key_id();
        assert_eq!(sealed(&store).await, APPS + 1, "{when}");
        // The connection's keys are more than readable: an hour later they are renewed with them.
        self.zoom.advance(jiff::SignedDuration::from_mins(61));
        self.clock.advance(61 * 60);
        let zoom = self.room(&store, vault);
        zoom.grants().ready(self.dana).await.unwrap();
        zoom.grants().drain().await;
        store.close().await;
        key
    }
}

/// How many secrets are kept.
async fn sealed(store: &Store) -> usize {
    let mut count = 0;
    for space in store.spaces().await.unwrap() {
        let page = store.scan::<Sealed>(&space, None, 1000).await.unwrap();
        count += page.rows.len();
    }
    count
}

fn settings() -> store::sled::Settings {
    store::sled::Settings {
        keep_free: 0,
        ..Default::default()
    }
}
