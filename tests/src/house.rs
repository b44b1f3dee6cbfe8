//! A whole Greenroom inside this process, for stories in which time passes or many Unix users call.
//!
//! Everything is real but the process and the clock: the rooms are wired as the daemon wires them, Zoom is the sandbox, callers
//! come over Unix sockets. Both clocks stand still until a test moves them, so nothing here depends on the day it runs.

use std::sync::Arc;

use greenroom::client::{Client, Target};
use greenroom_protocol::Error;
use greenroom_protocol::socket::SocketPath;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{Setup, SetupDone};
use greenroomd::clock::SetClock;
use greenroomd::config;
use greenroomd::index::Index;
use greenroomd::interviews;
use greenroomd::rooms::Rooms;
use greenroomd::rpc::{Guest, Shutdown, attend};
use greenroomd::store::engine::Write;
use greenroomd::store::key::Prefix;
use greenroomd::store::{self, StoreError};
use greenroomd::work::Queue;
use greenroomd::zoom::vault::Vault;
use greenroomd::zoom::{Zoom, ZoomSettings};
use tempfile::TempDir;
use tokio::net::UnixListener;

use crate::harness::DANA;
use crate::post::Folders;
use crate::sandbox::{Clock, Config, PUBLIC_CLIENT_ID, Sandbox};

/// When every story begins: Monday, 30 November 2026, 09:00 UTC.
const MONDAY: i64 = 1_796_029_200;

/// The Unix user the daemon runs as, who sets up and is Dana Reyes.
pub const OWNER: Guest = Guest {
    uid: 1000,
    operator: true,
};

/// A sandbox, the daemon's rooms, and their time.
pub struct House {
    /// The Zoom.
    pub zoom: Sandbox,
    clock: SetClock,
    rooms: Rooms,
    stop: Shutdown,
    directory: TempDir,
}

impl House {
    /// Opens one with a sandbox of the usual making.
    pub async fn open() -> anyhow::Result<Self> {
        Self::with(Config::default()).await
    }

    /// Opens one with a sandbox of one's own making.
    pub async fn with(config: Config) -> anyhow::Result<Self> {
        Self::mailing(config, "maildir").await
    }

    /// The same with another way of mail.
    pub async fn mailing(config: Config, transport: &str) -> anyhow::Result<Self> {
        let clock = SetClock::at(Instant::from_second(MONDAY));
        let now = clock.clock().now();
        let zoom = Sandbox::start(Config {
            clock: Clock::Stopped(now.timestamp()),
            ..config
        })
        .await?;
        let directory = tempfile::Builder::new().prefix("greenroom-").tempdir()?;
        let rooms = rooms(&zoom, &clock, &directory, transport).await?;
        let stop = Shutdown::default();
        tokio::spawn(work(rooms.clone(), stop.clone()));
        Ok(Self {
            zoom,
            clock,
            rooms,
            stop,
            directory,
        })
    }

    /// Time passes, here and at Zoom; what is due then is done.
    pub fn seconds_pass(&self, seconds: i64) {
        self.zoom.advance(jiff::SignedDuration::from_secs(seconds));
        self.clock.advance(seconds);
    }

    /// One look after the connections, as the daemon takes by itself when something is due.
    pub async fn tend(&self) -> Result<(), StoreError> {
        interviews::expect(&self.rooms);
        self.rooms.zoom.tend().await
    }

    /// Every sealed secret is gone, as when the vault's key is.
    pub async fn lose_secrets(&self) -> anyhow::Result<()> {
        let engine = self.rooms.store.engine();
        let rows = engine
            .scan(Prefix::everything(), None, usize::MAX)
            .await?
            .rows;
        let keys = rows.into_iter().map(|(key, _)| key);
        let secrets = keys.filter(|key| key.table() == "secret");
        let writes = secrets.map(Write::Delete).collect();
        engine.commit(Vec::new(), writes).await?;
        Ok(())
    }

    /// Looks for answers to letters, as the daemon does at intervals.
    pub async fn hears_answers(&self) -> anyhow::Result<()> {
        let looked = greenroomd::reader(&self.rooms).look().await;
        looked.map_err(anyhow::Error::msg)
    }

    /// The Maildir folders of what is written and of what is read.
    pub fn mail(&self) -> Folders {
        Folders::of(&self.directory.path().join("mail"))
    }

    /// What time it is.
    pub fn now(&self) -> Instant {
        self.clock.clock().now()
    }

    /// A socket on which every caller is this Unix user.
    pub fn door(&self, guest: Guest) -> anyhow::Result<Target> {
        let name = format!("{}.{}.sock", guest.uid, guest.operator);
        let path = self.directory.path().join(name);
        let target = Target {
            socket: SocketPath {
                path: path.clone(),
                system: false,
            },
            workspace: None,
            acting_as: None,
            daemon: None,
        };
        if path.exists() {
            return Ok(target);
        }
        let listener = UnixListener::bind(&path)?;
        let (rooms, stop) = (self.rooms.clone(), self.stop.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(attend(rooms.clone(), stop.clone(), stream, guest));
            }
        });
        Ok(target)
    }

    /// A client of this Unix user, who does not look after the daemon.
    pub async fn user(&self, uid: u32) -> anyhow::Result<Client> {
        self.client(Guest {
            uid,
            operator: false,
        })
        .await
    }

    /// A client of this caller.
    pub async fn client(&self, guest: Guest) -> anyhow::Result<Client> {
        Ok(Client::connect(&self.door(guest)?).await?)
    }

    /// A client of this caller, acting for a member.
    pub async fn client_as(&self, guest: Guest, email: &str) -> anyhow::Result<Client> {
        let target = Target {
            acting_as: Some(email.to_owned()),
            ..self.door(guest)?
        };
        Client::connect(&target)
            .await
            .map_err(|refused| Error::from(refused).into())
    }

    /// Makes the workspace Acme with Dana Reyes, whose Unix user is [`OWNER`], and a client that is her.
    pub async fn set_up(&self) -> anyhow::Result<(Client, SetupDone)> {
        let setup = Setup {
            workspace: "Acme".into(),
            name: "Dana Reyes".into(),
            email: DANA.into(),
            zone: "America/New_York".into(),
            zoom_client_id: None,
            zoom_client_secret: None,
        };
        let done = self.client(OWNER).await?.setup(setup).await?;
        Ok((self.client(OWNER).await?, done))
    }
}

impl Drop for House {
    fn drop(&mut self) {
        self.stop.begin();
    }
}

async fn rooms(
    zoom: &Sandbox,
    clock: &SetClock,
    directory: &TempDir,
    transport: &str,
) -> anyhow::Result<Rooms> {
    let settings = store::sled::Settings::default();
    let store = store::open(&directory.path().join("store"), settings).await?;
    let settings = ZoomSettings {
        oauth_url: zoom.oauth_url().parse()?,
        api_url: zoom.api_url().parse()?,
        client_id: Some(PUBLIC_CLIENT_ID.to_owned()),
        client_secret: None,
    };
    let vault = Vault::ephemeral()?;
    let mut config = configured(zoom);
    config.mail.transport = transport.to_owned();
    Ok(Rooms {
        started_at: clock.clock().now(),
        clock: clock.clock(),
        index: Index::start(&store),
        queue: Queue::default(),
        zoom: Zoom::open(store.clone(), vault, clock.clock(), settings)?,
        mail: greenroomd::open_mail(&config, &directory.path().join("mail"), &clock.clock())?,
        config: Arc::new(config),
        store,
    })
}

/// The configuration of a daemon whose Zoom this is, as far as the rooms read it.
fn configured(zoom: &Sandbox) -> config::Config {
    let mut configured = config::Config::default();
    configured.zoom.marketplace_url = zoom.marketplace_url();
    configured
}

/// Carries waiting work out, as the daemon does.
async fn work(rooms: Rooms, stop: Shutdown) {
    let ready = rooms.queue.follow(&rooms.store).await.is_ok() && rooms.index.ready().await.is_ok();
    assert!(ready, "the waiting work and the index could not be read");
    let (queue, clock) = (rooms.queue.clone(), rooms.clock.clone());
    let workers = Arc::new(greenroomd::workers(&rooms));
    queue.run(clock, workers, stop.begun()).await;
}
