//! The rooms that look after connections, one a provider, in one store and on a clock that is moved
//! manually.

use std::collections::HashSet;
use std::sync::Mutex;
use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, bail, ensure};
use futures::future::try_join_all;
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::secret::Opaque;
use greenroom_tests::sandbox::{Decision, answer, http_client};
use greenroomd::clock::SetClock;
use greenroomd::config::accounts::{GoogleConfig, MicrosoftConfig};
use greenroomd::google::Google;
use greenroomd::grants::{ConnectionRecord, Grants};
use greenroomd::microsoft::Microsoft;
use greenroomd::store::engine::Changes;
use greenroomd::store::{self, Attribution, Record as _, Revision, Store};
use greenroomd::vault::Vault;
use greenroomd::zoom::{Answer, ConnectionId, Outcome, RefusalReason, Subject, Zoom, ZoomSettings};
use tempfile::TempDir;
use url::Url;

use super::sandboxes::{Sandbox, Vendor};

/// Connected at once.
const AT_ONCE: usize = 20;

/// The providers' clocks follow ours in steps: what lives an hour does not mind.
const STEP: i64 = 60;

/// Of so many accounts at Google and Microsoft one is a workspace's own.
const A_WORKSPACES: usize = 4;

/// A connection.
#[derive(Clone, Copy)]
pub struct Host {
    pub vendor: Vendor,
    who: ConnectionId,
}

pub struct Office {
    zoom: Zoom,
    google: Google,
    microsoft: Microsoft,
    store: Store,
    /// How far renewals were counted.
    counted: Mutex<Revision>,
    clock: SetClock,
    begun: greenroom_protocol::time::Instant,
    sandboxes: [Sandbox; 3],
    http: reqwest::Client,
    _directory: TempDir,
}

impl Office {
    pub async fn open() -> Result<Self> {
        let [zoom, google, microsoft] = Vendor::ALL.map(Sandbox::start);
        let sandboxes = [zoom?, google?, microsoft?];
        let directory = tempfile::tempdir()?;
        let settings = store::sled::Settings::default();
        let store = store::open(directory.path(), settings).await?;
        let vault = Vault::ephemeral()?;
        let begun = greenroom_protocol::time::Instant::now();
        let clock = SetClock::at(begun);
        let office = Self {
            zoom: open_zoom(&sandboxes[0], &store, &vault, &clock)?,
            google: open_google(&sandboxes[1], &store, &vault, &clock)?,
            microsoft: open_microsoft(&sandboxes[2], &store, &vault, &clock)?,
            counted: Mutex::new(store.revision()),
            store,
            clock,
            begun,
            sandboxes,
            http: http_client()?,
            _directory: directory,
        };
        office.look().await?;
        Ok(office)
    }

    /// So many people connect, spread over so many seconds, a third at each provider.
    pub async fn connect(&self, count: usize, seconds: i64) -> Result<Vec<Host>> {
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
            self.providers_follow().await?;
            self.look().await?;
        }
        Ok(hosts)
    }

    /// A second passes.
    pub async fn second_passes(&self) -> Result<()> {
        self.clock.advance(1);
        if self.elapsed() % STEP == 0 {
            self.providers_follow().await?;
        }
        Ok(())
    }

    /// So many pass at once, for nothing here runs meanwhile.
    pub async fn sleep(&self, seconds: i64) -> Result<()> {
        self.clock.advance(seconds);
        self.providers_follow().await
    }

    /// One look after all of them, at every provider side by side, as the daemon's own loops do.
    pub async fn look(&self) -> Result<()> {
        tokio::try_join!(
            self.grants(Vendor::Zoom).tick(),
            self.grants(Vendor::Google).tick(),
            self.grants(Vendor::Microsoft).tick(),
        )?;
        Ok(())
    }

    /// A provider answers the next renewal with "wait so many seconds".
    pub async fn has_everybody_wait(&self, vendor: Vendor, seconds: i64) -> Result<()> {
        self.sandbox(vendor).limits(seconds).await
    }

    /// Renewals are counted from here on: what came before is more than the store remembers.
    pub fn begin_to_count(&self) {
        *self.counted.lock().expect("nobody panicked") = self.store.revision();
    }

    /// How many connections of each provider were renewed since this was asked last.
    pub async fn renewed(&self) -> Result<[u64; 3]> {
        let after = *self.counted.lock().expect("nobody panicked");
        let Changes::Rows { revision, rows } = self.store.changes(after).await? else {
            bail!("the store does not know any more what changed");
        };
        *self.counted.lock().expect("nobody panicked") = revision;
        let keys = rows.into_iter().map(|row| row.key);
        let connections = keys.filter(|key| key.table() == ConnectionRecord::TABLE);
        let connections: HashSet<_> = connections.collect();
        let mut renewed = [0; 3];
        for key in connections {
            // The key of a connection at the first provider is its owner alone.
            let vendor = match key.id().split_once('/') {
                None => Vendor::Zoom,
                Some(("google", _)) => Vendor::Google,
                Some(("microsoft", _)) => Vendor::Microsoft,
                Some((other, _)) => bail!("a connection at {other}"),
            };
            renewed[vendor as usize] += 1;
        }
        Ok(renewed)
    }

    /// How long it takes until the provider takes a call with these keys.
    pub async fn is_taken(&self, host: Host) -> Result<Duration> {
        let begun = Instant::now();
        let who = host.who;
        match host.vendor {
            Vendor::Zoom => {
                // There is no such meeting, which Zoom tells nobody whose keys it does not take.
                let outcome = self.zoom.get_meeting(who, 1).await;
                let Outcome::Refused(refusal) = outcome else {
                    bail!("{outcome:?}");
                };
                ensure!(refusal.reason == RefusalReason::NoMeeting, "{refusal:?}");
            }
            Vendor::Google | Vendor::Microsoft => {
                let ready = self.grants(host.vendor).ready(who).await;
                ensure!(ready.is_ok(), "{ready:?}");
            }
        }
        Ok(begun.elapsed())
    }

    /// Each provider counted as many, refused none, and everybody's grant lives.
    pub async fn agrees(&self, hosts: &[Host], renewals: [u64; 3]) -> Result<()> {
        for (vendor, renewals) in Vendor::ALL.into_iter().zip(renewals) {
            let hosts = hosts.iter().filter(|host| host.vendor == vendor).count();
            self.sandbox(vendor).agrees(hosts, renewals).await?;
        }
        Ok(())
    }

    fn elapsed(&self) -> i64 {
        self.clock.clock().now().since(self.begun).as_secs()
    }

    fn sandbox(&self, vendor: Vendor) -> &Sandbox {
        &self.sandboxes[vendor as usize]
    }

    fn grants(&self, vendor: Vendor) -> &Grants {
        match vendor {
            Vendor::Zoom => self.zoom.grants(),
            Vendor::Google => self.google.grants(),
            Vendor::Microsoft => self.microsoft.grants(),
        }
    }

    async fn providers_follow(&self) -> Result<()> {
        let ahead = self.elapsed();
        try_join_all(self.sandboxes.iter().map(|it| it.is_ahead(ahead))).await?;
        Ok(())
    }

    async fn connect_one(&self, workspace: WorkspaceId, number: usize) -> Result<Host> {
        let vendor = Vendor::ALL[number % Vendor::ALL.len()];
        let email = format!("host-{number}@acme.example");
        self.sandbox(vendor).has_user(&email).await?;
        let own = vendor != Vendor::Zoom && number.is_multiple_of(A_WORKSPACES);
        let who = match own {
            true => ConnectionId::of_workspace(WorkspaceId::new()),
            false => ConnectionId::of_member(workspace, MemberId::new()),
        };
        let subject = Subject {
            who,
            expected_email: Some(email.clone()),
            scopes: Vec::new(),
            by: Attribution::default(),
        };
        let grants = self.grants(vendor);
        let redirect = grants.terms().redirect.address(49_300);
        let started = grants.start(&subject, &redirect).await?;
        let location = answer(&self.http, &started.authorize_url, &email, Decision::Allow);
        let location: Url = location.await?.parse()?;
        let value = |name: &str| {
            let mut pairs = location.query_pairs();
            let found = pairs.find(|(key, _)| key == name);
            let (_, value) = found.with_context(|| format!("{name} in the answer"))?;
            anyhow::Ok(Opaque::new(value.into_owned()))
        };
        let (code, state) = (value("code")?, value("state")?);
        let finished = grants.finish(started.attempt, &state, Answer::Code(code));
        finished.await?;
        Ok(Host { vendor, who })
    }
}

fn open_zoom(at: &Sandbox, store: &Store, vault: &Vault, clock: &SetClock) -> Result<Zoom> {
    let settings = ZoomSettings {
        oauth_url: at.said("oauth_url")?.parse()?,
        api_url: at.said("api_url")?.parse()?,
        client_id: Some(at.said("public_client_id")?),
        client_secret: None,
    };
    Ok(Zoom::open(
        store.clone(),
        vault.clone(),
        clock.clock(),
        settings,
    )?)
}

fn open_google(at: &Sandbox, store: &Store, vault: &Vault, clock: &SetClock) -> Result<Google> {
    let url = at.url();
    let config = GoogleConfig {
        client_id: at.said("client_id")?,
        auth_url: format!("{url}/o/oauth2/v2/auth"),
        token_url: format!("{url}/token"),
        revoke_url: format!("{url}/revoke"),
        userinfo_url: format!("{url}/v1/userinfo"),
        ..GoogleConfig::default()
    };
    let secret = at.said("client_secret")?.into();
    let (store, vault) = (store.clone(), vault.clone());
    Google::open(store, vault, clock.clock(), &config, Some(secret))
}

fn open_microsoft(
    at: &Sandbox,
    store: &Store,
    vault: &Vault,
    clock: &SetClock,
) -> Result<Microsoft> {
    let config = MicrosoftConfig {
        client_id: at.said("client_id")?,
        tenant: at.said("tenant")?,
        login_url: at.url().to_owned(),
        graph_url: at.url().to_owned(),
        ..MicrosoftConfig::default()
    };
    Microsoft::open(store.clone(), vault.clone(), clock.clock(), &config)
}
