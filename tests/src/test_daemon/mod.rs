//! A whole Greenroom inside this process, for stories in which time passes or many Unix users call.
//!
//! Everything is real but the process and the clock: the rooms are wired as the daemon wires them,
//! Zoom is the sandbox, callers come over Unix sockets. Both clocks stand still until a test moves
//! them, so nothing here depends on the day it runs.

mod builder;
mod story;

use std::collections::HashMap;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom::client::{Client, Target};
use greenroom_protocol::Error;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::backup::{
    BackupForget, BackupRead, RestoreBegin, RestoreFinish, RestorePart, Restored,
};
use greenroom_protocol::socket::SocketPath;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{Setup, SetupDone};
use greenroomd::backup::{Backups, NightlyBackup, Places};
use greenroomd::clock::SetClock;
use greenroomd::config::accounts::{GoogleConfig, MicrosoftConfig};
use greenroomd::config::mail::MailConfig;
use greenroomd::index::Index;
use greenroomd::interviews::HostRound;
use greenroomd::network::Network;
use greenroomd::records::workspace::{LinkRecord, UnixUser};
use greenroomd::rpc::{Peer, Served, Shutdown, attend, look_for_problems};
use greenroomd::services::{Accounts, Services};
use greenroomd::store::engine::{Changes, Write};
use greenroomd::store::key::{Key, Prefix};
use greenroomd::store::{self, GLOBAL, Record as _, Revision, StoreError};
use greenroomd::supervise::Lives;
use greenroomd::vault::Vault;
use greenroomd::work::rounds::Rounds;
use greenroomd::work::{Queue, WorkRecord};
use greenroomd::zoom::{Zoom, ZoomSettings};
use greenroomd::{config, interviews, workspace};
use tempfile::TempDir;
use tokio::net::UnixListener;
use tokio::task::JoinHandle;

pub use self::builder::Builder;
pub use self::story::Story;
use crate::harness::DANA;
use crate::post::Folders;
use crate::sandbox::{Clock, Config, PUBLIC_CLIENT_ID, Sandbox};
use crate::wait::Deadline;

/// When every story begins: Monday, 30 November 2026, 09:00 UTC.
const MONDAY: i64 = 1_796_029_200;

/// The Unix user the daemon runs as, who sets up and is Dana Reyes.
pub const OWNER: Peer = Peer {
    uid: 1000,
    operator: true,
};

/// A sandbox, the daemon's rooms, and their time.
pub struct TestDaemon {
    /// The Zoom.
    pub zoom: Sandbox,
    clock: SetClock,
    served: Served,
    vault: Vault,
    stop: Shutdown,
    working: JoinHandle<()>,
    directory: TempDir,
    outside: Outside,
}

/// What the daemon is configured with of the world outside, Zoom aside.
#[derive(Clone)]
struct Outside {
    mail: MailConfig,
    calendars: Vec<Network>,
    google: GoogleConfig,
    microsoft: MicrosoftConfig,
    quiet_hours: bool,
}

impl TestDaemon {
    /// A description of one to open; as it is, it has the usual Zoom and nobody but Dana.
    #[must_use]
    pub fn builder() -> Builder {
        Builder::default()
    }

    /// Opens one without a workspace.
    ///
    /// # Errors
    ///
    /// What failed, of the sandbox, the store or the directories.
    pub async fn open() -> anyhow::Result<Self> {
        Self::builder().bare().await
    }

    async fn built(builder: Builder) -> anyhow::Result<Self> {
        let clock = SetClock::at(Instant::from_second(MONDAY));
        let now = clock.clock().now();
        let zoom = Sandbox::start(Config {
            clock: Clock::Stopped(now.timestamp()),
            ..builder.zoom
        })
        .await?;
        let directory = tempfile::Builder::new().prefix("greenroom-").tempdir()?;
        if let Some(store) = &builder.store {
            copy(store, &directory.path().join("store"))?;
        }
        let vault = Vault::ephemeral()?;
        let outside = Outside {
            mail: builder.mail,
            calendars: builder.calendars,
            google: builder.google,
            microsoft: builder.microsoft,
            quiet_hours: builder.quiet_hours,
        };
        let served = served(&zoom, &clock, &vault, &directory, &outside).await?;
        let stop = Shutdown::default();
        let working = match builder.idle {
            true => {
                served.services.index.ready().await?;
                tokio::spawn(async {})
            }
            false => begin(&served.services, &stop).await?,
        };
        Ok(Self {
            zoom,
            clock,
            served,
            vault,
            stop,
            working,
            directory,
            outside,
        })
    }

    /// Ends everything but Zoom and the time, and begins again over the same files, as a daemon
    /// does after a restore.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn begin_again(&mut self) -> anyhow::Result<()> {
        self.close().await?;
        self.open_again().await
    }

    /// Begins again after everything was ended.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn open_again(&mut self) -> anyhow::Result<()> {
        for entry in std::fs::read_dir(self.directory.path())? {
            let path = entry?.path();
            if path.extension().is_some_and(|it| it == "sock") {
                std::fs::remove_file(path)?;
            }
        }
        self.served = served(
            &self.zoom,
            &self.clock,
            &self.vault,
            &self.directory,
            &self.outside,
        )
        .await?;
        self.stop = Shutdown::default();
        self.working = begin(&self.served.services, &self.stop).await?;
        Ok(())
    }

    /// A backup, fetched as a caller does.
    ///
    /// # Errors
    ///
    /// What the daemon refuses.
    pub async fn take_backup(&self, client: &Client) -> anyhow::Result<Vec<u8>> {
        let taken = client.backup_take().await?;
        let mut bytes = Vec::new();
        while (bytes.len() as u64) < taken.bytes {
            let offset = bytes.len() as u64;
            let id = taken.id.clone();
            let part = client.backup_read(BackupRead { id, offset }).await?;
            bytes.extend(STANDARD.decode(part.data)?);
        }
        client.backup_forget(BackupForget { id: taken.id }).await?;
        Ok(bytes)
    }

    /// Hands a backup in and begins again with it.
    ///
    /// # Errors
    ///
    /// What the daemon refuses, or the store where it does not open.
    pub async fn restore(&mut self, client: &Client, backup: &[u8]) -> anyhow::Result<Restored> {
        self.restore_with(client, backup, false).await
    }

    /// The same; `same_people` says that this machine has the Unix users of the one the backup is
    /// from.
    ///
    /// # Errors
    ///
    /// What the daemon refuses, or the store where it does not open.
    pub async fn restore_with(
        &mut self,
        client: &Client,
        backup: &[u8],
        same_people: bool,
    ) -> anyhow::Result<Restored> {
        let bytes = backup.len() as u64;
        let id = client.restore_begin(RestoreBegin { bytes }).await?.id;
        let mut offset = 0;
        for part in backup.chunks(1 << 18) {
            let data = STANDARD.encode(part);
            let id = id.clone();
            client
                .restore_part(RestorePart { id, offset, data })
                .await?;
            offset += part.len() as u64;
        }
        let finish = RestoreFinish {
            id,
            dry_run: false,
            same_people,
        };
        let restored = client.restore_finish(finish).await?;
        self.begin_again().await?;
        Ok(restored)
    }

    /// Every row that is stored: its key and its body.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn rows(&self) -> anyhow::Result<Vec<(String, Vec<u8>)>> {
        let engine = self.served.services.store.engine();
        let (mut rows, mut after) = (Vec::new(), None);
        loop {
            let page = engine.scan(Prefix::everything(), after, 1000).await?;
            after = page.rows.last().map(|(key, _)| key.clone());
            let read = page.rows.into_iter();
            rows.extend(read.map(|(key, row)| (key.as_str().to_owned(), row.body)));
            if !page.more {
                return Ok(rows);
            }
        }
    }

    /// Moves the store to another machine, where it begins again.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn moves_to_another_machine(&mut self) -> anyhow::Result<()> {
        self.close().await?;
        std::fs::remove_file(self.directory.path().join("store/machine"))?;
        self.open_again().await
    }

    /// Another daemon on another machine, without a workspace, with the vault's key of this one.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn elsewhere(&self) -> anyhow::Result<Self> {
        let mut other = Self::open().await?;
        other.close().await?;
        other.vault = self.vault.clone();
        other.open_again().await?;
        Ok(other)
    }

    /// The ids under which links of Unix users to members are stored.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn links(&self) -> anyhow::Result<Vec<String>> {
        let store = &self.served.services.store;
        let links = store.scan::<LinkRecord>(GLOBAL, None, usize::MAX).await?;
        Ok(links.rows.into_iter().map(|(id, _)| id).collect())
    }

    /// Stores every link under the user's number alone, as versions before 0.3.0 did. The numbers.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn links_are_of_an_older_version(&self) -> anyhow::Result<Vec<u32>> {
        let store = &self.served.services.store;
        let links = store.scan::<LinkRecord>(GLOBAL, None, usize::MAX).await?;
        let mut numbers = Vec::new();
        for (id, stored) in links.rows {
            let uid = id.parse::<UnixUser>()?.uid;
            let (id, links) = (&id, &stored.record);
            let written = store.transact(|tx| async move {
                tx.delete::<LinkRecord>(GLOBAL, id)?;
                tx.put(GLOBAL, &uid.to_string(), links)
            });
            written.await?;
            numbers.push(uid);
        }
        Ok(numbers)
    }

    /// The store's revision now.
    pub fn revision(&self) -> Revision {
        self.served.services.store.revision()
    }

    /// How many records the largest commit after this one wrote or removed.
    pub async fn largest_commit_after(&self, revision: Revision) -> anyhow::Result<usize> {
        let changes = self.served.services.store.changes(revision).await?;
        let Changes::Rows { rows, .. } = changes else {
            anyhow::bail!("the store does not know any more");
        };
        let mut sizes = HashMap::new();
        for row in rows {
            *sizes.entry(row.revision).or_insert(0) += 1;
        }
        Ok(sizes.into_values().max().unwrap_or_default())
    }

    /// Ends everything but Zoom and the time, for good.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn close(&mut self) -> anyhow::Result<()> {
        self.stop.begin();
        (&mut self.working).await?;
        self.served.services.store.close().await;
        Ok(())
    }

    /// Every file of the store and its backups.
    pub fn files(&self) -> Vec<PathBuf> {
        let mut files = Vec::new();
        let mut directories = vec![self.directory.path().to_owned()];
        while let Some(directory) = directories.pop() {
            for entry in std::fs::read_dir(directory).into_iter().flatten().flatten() {
                match entry.file_type() {
                    Ok(kind) if kind.is_dir() => directories.push(entry.path()),
                    Ok(kind) if kind.is_file() => files.push(entry.path()),
                    _ => {}
                }
            }
        }
        files
    }

    /// What makes the nightly backups.
    pub fn nightly_backup(&self) -> NightlyBackup {
        NightlyBackup {
            backups: self.served.backups.clone(),
            index: self.served.services.index.clone(),
        }
    }

    /// What use cases reach, for stories that call one as the assistant does.
    pub fn services(&self) -> &Services {
        &self.served.services
    }

    /// The daemon's own backups.
    pub fn backups(&self) -> &Backups {
        &self.served.backups
    }

    /// Time passes, here and at Zoom; what is due then is done.
    pub fn seconds_pass(&self, seconds: i64) {
        self.zoom.advance(jiff::SignedDuration::from_secs(seconds));
        self.clock.advance(seconds);
    }

    /// Somebody sets the daemon's clock by so much. No time passes.
    pub fn clock_is_set_by(&self, seconds: i64) {
        self.clock.is_set_by(seconds);
    }

    /// Waits until nothing is left to do at this moment. When something is next, if ever.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn rests(&self) -> anyhow::Result<Option<Instant>> {
        let deadline = Deadline::new("the daemon has nothing left to do");
        loop {
            let mut due = Vec::new();
            for space in self.served.services.store.spaces().await? {
                let work = self
                    .served
                    .services
                    .store
                    .scan::<WorkRecord>(&space, None, usize::MAX);
                due.extend(work.await?.rows.into_iter().map(|(_, it)| it.record.due));
            }
            if due.iter().all(|due| *due > self.now()) {
                return Ok(due.into_iter().min());
            }
            deadline.pause().await;
        }
    }

    /// Time passes until then, and whatever is due in between is done when it is due.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn time_passes_until(&self, then: Instant) -> anyhow::Result<()> {
        loop {
            let next = self.rests().await?;
            let now = next.map_or(then, |next| next.min(then));
            if now <= self.now() {
                return Ok(());
            }
            self.seconds_pass(now.since(self.now()).as_secs());
        }
    }

    /// One look after the connections, as the daemon takes on its own when something is due.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn tend(&self) -> Result<(), StoreError> {
        let services = &self.served.services;
        interviews::expect(services);
        services.zoom.grants().tick().await?;
        for provider in AccountProvider::ALL {
            services.accounts.grants(provider).tick().await?;
        }
        Ok(())
    }

    /// Every sealed secret is gone, as when the vault's key is.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn lose_secrets(&self) -> anyhow::Result<()> {
        let engine = self.served.services.store.engine();
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

    /// All waiting work of this kind is gone, as in a store that knew of none.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn loses_work(&self, kind: &str) -> anyhow::Result<()> {
        let engine = self.served.services.store.engine();
        let rows = engine.scan(Prefix::everything(), None, usize::MAX).await?;
        let keys = rows.rows.into_iter().map(|(key, _)| key);
        let of_kind = |key: &Key| {
            let work = key.table() == WorkRecord::TABLE;
            work && WorkRecord::parts(key.id()).is_some_and(|(it, _)| it == kind)
        };
        let writes = keys.filter(of_kind).map(Write::Delete).collect();
        engine.commit(Vec::new(), writes).await?;
        Ok(())
    }

    /// Looks for answers to letters, as the daemon does at intervals.
    ///
    /// # Errors
    ///
    /// Why the mailbox cannot be read.
    pub async fn hears_answers(&self) -> anyhow::Result<()> {
        let looked = greenroomd::reader(&self.served.services).look().await;
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
    ///
    /// # Errors
    ///
    /// What the system says of the socket.
    pub fn door(&self, guest: Peer) -> anyhow::Result<Target> {
        let name = format!("{}.{}.sock", guest.uid, guest.operator);
        let path = self.directory.path().join(name);
        let target = Target {
            socket: SocketPath {
                path: path.clone(),
                system: false,
            },
            workspace: None,
            acting_as: None,
            mcp: None,
            daemon: None,
        };
        if path.exists() {
            return Ok(target);
        }
        let listener = UnixListener::bind(&path)?;
        let (served, stop) = (self.served.clone(), self.stop.clone());
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(attend(served.clone(), stop.clone(), stream, guest));
            }
        });
        Ok(target)
    }

    /// A client of this Unix user, who does not look after the daemon.
    ///
    /// # Errors
    ///
    /// Where the daemon refuses the caller.
    pub async fn user(&self, uid: u32) -> anyhow::Result<Client> {
        self.client(Peer {
            uid,
            operator: false,
        })
        .await
    }

    /// A client of this caller.
    ///
    /// # Errors
    ///
    /// Where the daemon refuses the caller.
    pub async fn client(&self, guest: Peer) -> anyhow::Result<Client> {
        Ok(Client::connect(&self.door(guest)?).await?)
    }

    /// A client of this caller, acting for a member.
    ///
    /// # Errors
    ///
    /// Where the daemon refuses the caller.
    pub async fn client_as(&self, guest: Peer, email: &str) -> anyhow::Result<Client> {
        let target = Target {
            acting_as: Some(email.to_owned()),
            ..self.door(guest)?
        };
        Client::connect(&target)
            .await
            .map_err(|refused| Error::from(refused).into())
    }

    /// A client of this caller, in a workspace they name.
    ///
    /// # Errors
    ///
    /// Where the daemon refuses the caller.
    pub async fn within(&self, guest: Peer, workspace: &str) -> Result<Client, Error> {
        let door = self.door(guest);
        let target = Target {
            workspace: Some(workspace.to_owned()),
            ..door.map_err(|error| Error::failed(error.to_string()))?
        };
        Ok(Client::connect(&target).await?)
    }

    /// Looks once for what an admin is needed for, as the daemon does now and then.
    ///
    /// # Errors
    ///
    /// What the store says.
    pub async fn look_for_problems(&self) -> anyhow::Result<()> {
        let marker = self.directory.path().join("store.writing-failed");
        Ok(look_for_problems(&self.served, &marker).await?)
    }

    /// Makes the workspace Acme with Dana Reyes, whose Unix user is [`OWNER`], and a client that is
    /// her.
    ///
    /// # Errors
    ///
    /// What the daemon refuses.
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

/// Copies a directory and everything below it.
///
/// # Errors
///
/// What the system says.
pub fn copy(from: &Path, to: &Path) -> std::io::Result<()> {
    std::fs::create_dir_all(to)?;
    for entry in std::fs::read_dir(from)? {
        let entry = entry?;
        let to = to.join(entry.file_name());
        match entry.file_type()?.is_dir() {
            true => copy(&entry.path(), &to)?,
            false => std::fs::copy(entry.path(), to).map(drop)?,
        }
    }
    Ok(())
}

impl Drop for TestDaemon {
    fn drop(&mut self) {
        self.stop.begin();
    }
}

async fn served(
    zoom: &Sandbox,
    clock: &SetClock,
    vault: &Vault,
    directory: &TempDir,
    outside: &Outside,
) -> anyhow::Result<Served> {
    let settings = store::sled::Settings::default();
    let store = store::open(&directory.path().join("store"), settings).await?;
    workspace::adopt_links(&store).await?;
    let settings = ZoomSettings {
        oauth_url: zoom.oauth_url().parse()?,
        api_url: zoom.api_url().parse()?,
        client_id: Some(PUBLIC_CLIENT_ID.to_owned()),
        client_secret: None,
    };
    let places = Places {
        directory: directory.path().join("backups"),
        keep: config::Config::default().store.backup_keep,
        store: directory.path().join("store"),
    };
    let backups = Backups::new(store.clone(), vault.clone(), clock.clock(), places);
    let mut config = configured(zoom);
    config.mail = outside.mail.clone();
    config.calendars.allow = outside.calendars.clone();
    config.google = outside.google.clone();
    config.microsoft = outside.microsoft.clone();
    // Stories begin at night of some candidates.
    config.assistant.quiet_hours = outside.quiet_hours;
    let services = Services {
        started_at: clock.clock().now(),
        clock: clock.clock(),
        index: Index::start(&store),
        queue: Queue::default(),
        zoom: Zoom::open(store.clone(), vault.clone(), clock.clock(), settings)?,
        accounts: Accounts::open(&store, vault, &clock.clock(), &config).await?,
        mail: greenroomd::open_mail(
            &config,
            &directory.path().join("mail"),
            &clock.clock(),
            &store,
        )?,
        config: Arc::new(config),
        store,
        uploads: greenroomd::uploads::Uploads::default(),
        network: greenroomd::network::Reader::new(&outside.calendars)?,
    };
    let accounts =
        greenroomd::mail_accounts(&services.config, &services.accounts, &services.clock)?;
    services
        .mail
        .follow(&services.store, vault, Some(accounts))
        .await?;
    let lives = Lives::default();
    Ok(Served {
        services,
        backups,
        lives,
    })
}

/// The configuration of a daemon whose Zoom this is, as far as the rooms read it.
fn configured(zoom: &Sandbox) -> config::Config {
    let mut configured = config::Config::default();
    configured.zoom.marketplace_url = zoom.marketplace_url();
    configured
}

/// Begins to carry waiting work out, as the daemon does.
async fn begin(services: &Services, stop: &Shutdown) -> anyhow::Result<JoinHandle<()>> {
    services.index.ready().await?;
    services.queue.follow(&services.store).await?;
    interviews::see_to_reminders(services).await?;
    Ok(tokio::spawn(work(services.clone(), stop.clone())))
}

async fn work(services: Services, stop: Shutdown) {
    let rounds = Rounds::new(services.clock.clone()).with(HostRound(services.clone()));
    let hosts = rounds.run(stop.begun());
    let connections = interviews::wake_what_waits(&services, stop.begun());
    let (queue, clock) = (services.queue.clone(), services.clock.clone());
    let workers = Arc::new(greenroomd::workers(&services));
    let working = queue.run(clock, workers, stop.begun());
    let lines = greenroomd::outreach::wake_lines(&services, stop.begun());
    tokio::join!(working, hosts, connections, lines);
}
