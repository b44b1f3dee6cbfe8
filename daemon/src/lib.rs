//! The Greenroom daemon: everything that lasts, and everything that speaks to the world.
//!
//! # One way through
//!
//! ```text
//! client ─call─▶ rpc ─▶ access ─▶ use case ─transaction─▶ store ─revision─▶ changes ─▶ every client
//!                                    │ writes work                 ▲
//!                                    ▼                             │ outcome, in one transaction
//!                                  work ──▶ worker ──▶ Zoom · mail
//! ```
//!
//! A call is checked against the access table, then runs one use case: it reads and judges inside
//! one transaction and writes records and, when the outside world must act, a piece of work. A
//! worker carries the work out and commits its outcome together with the work's removal. Every
//! commit has a revision; clients long-poll `changes` and fetch what changed. Nothing flows back
//! another way: no handler calls Zoom to change something, no worker decides.
//!
//! # Rooms, from the top down
//!
//! ```text
//! rpc            between the wire and the use cases, by one table of methods; no rules
//! backup         everything in a sealed file, nightly or on demand, and the way back
//! today          a member's day: what is next, what needs them, who waits; reads and changes nothing
//! setting_up     the steps of setting up a workspace, and how an app is made
//! received       email that came in, listed and read
//! templates      the words of emails, shown and changed
//! mail_settings  a workspace's email: set up, found out (DNS), tested
//! assistant      what candidates answer: read, and what is concluded from it
//! outreach       times proposed to a candidate: held, emailed, answered, booked; `step` ★
//! pipeline       jobs, stages, candidates, applications, import
//! workspace      workspaces, members, roles, Unix links, whose Zoom is connected; alarms to admins
//! interviews     booking, every later change, the Zoom meeting of each and how it differs, Zoom
//!                checked with a test meeting, invitations, reminders, replies, summaries and notes
//! feeds          calendars of others: read for a caller, and kept of members
//! services       what a use case may reach
//! mail · zoom    emails (`message` ★), SMTP, Maildir, what comes in · Zoom's API, plan rules ★
//! google · microsoft · caldav   the two as providers of grants, and of when people are busy ·
//!                calendars at a server that somebody names
//! outbox         messages asked for, when they leave, what is stored of both, and the channels' port
//! grants         consent, keys and their renewal, the connection ★ and the providers' port
//! failure        what went wrong, for people to read
//! index · work · vault      lists, search, references in memory · the durable queue · sealed secrets
//! supervise      the loops of one life, none of which ends unnoticed
//! access · records · current   who may what · what is stored · a record as the caller expects it
//! store          the engine, typed tables, transactions, the audit and who acts
//! config · input · clock · log · socket · directories · failpoint · dumps · uploads · calendars
//!                the administrator's decisions, checked text, the time, the log, the socket, where
//!                things are kept, where tests kill the daemon, memory that stays ours, texts that
//!                come in parts, what an iCalendar file says of somebody's time ★
//! replies · requests ★   what a candidate's answer means, and what follows from it · what a member
//!                asks of the assistant
//! schedule · secrets · network   times, busy intervals, the one predicate ★ · secrets kept outside,
//!                for config · reading from addresses that people give, and from no others
//! ```
//!
//! ★ pure: plain functions over values. A room uses rooms below it, may skip some, and never looks
//! up or sideways; `tests/direction.rs` checks every path. So [`schedule`] knows nothing but values,
//! stored calendars are made of its intervals, and only [`interviews`] joins a booking with a
//! meeting.
//!
//! Only the wiring knows everybody, and nobody knows the wiring: this file (one life of the daemon),
//! `options` (the command line), `reload` (the configuration in force, SIGHUP), `systemd`, `takeover`
//! (a service in place of a client's daemon), `authors` (which room writes which email) and `inbound`
//! (which room handles what comes in).
//!
//! # What always holds
//!
//! - What is served is what was last written: data with records missing, or older than they should
//!   be, is named as damaged and nothing but a restore is answered. A newer version writes nothing
//!   before what the older one left is backed up.
//! - An acknowledged change is durable. A rotated token is durable before it is used.
//! - Nobody is booked twice: calendars are records that a booking expects and rewrites.
//! - An outside effect happens once, or the doubt is recorded and repaired.
//! - An email is written from the records as it leaves, so it never says what is no longer true; once
//!   recorded as sent it is never sent again.
//! - However many connections are due, Zoom is asked to renew a few a second; callers who need keys
//!   now go first. What lasts a promised time goes by a clock that nobody sets.
//! - Secrets live in the vault and in requests, nowhere else. Each is sealed under a key of its
//!   own, which is destroyed with it; those keys are in a file beside the store, sealed under the
//!   vault's key, which is never in the data directory.

pub mod access;
pub mod assistant;
mod authors;
pub mod backup;
pub mod caldav;
pub mod calendars;
pub mod clock;
pub mod config;
mod current;
pub mod directories;
mod dumps;
pub mod failpoint;
mod failure;
pub mod feeds;
pub mod google;
pub mod grants;
mod inbound;
pub mod index;
pub mod input;
pub mod interviews;
pub mod log;
pub mod mail;
pub mod mail_settings;
pub mod microsoft;
pub mod network;
mod options;
pub mod outbox;
pub mod outreach;
pub mod pipeline;
pub mod received;
pub mod records;
mod reload;
pub mod replies;
pub mod requests;
pub mod rpc;
pub mod schedule;
pub mod secrets;
pub mod services;
pub mod setting_up;
pub mod socket;
pub mod store;
pub mod supervise;
mod systemd;
mod takeover;
pub mod templates;
pub mod today;
pub mod uploads;
pub mod vault;
pub mod work;
pub mod workspace;
pub mod zoom;

use std::os::unix::net::UnixListener;
use std::path::{Path, PathBuf};
use std::sync::Arc;

use anyhow::{Context, bail};
use futures::FutureExt as _;
use greenroom_protocol::time::Instant;
pub use options::{Options, main};
use tokio::signal::unix::{SignalKind, signal};
use tokio::task::JoinSet;

use crate::authors::Authors;
use crate::backup::{Backups, NightlyBackup, Places};
use crate::clock::Clock;
use crate::config::Config;
use crate::failpoint::{Point, failpoint, fails_at};
use crate::feeds::company::CompanyRound;
use crate::feeds::{FeedReads, ForgottenFeeds, RetoldFeeds};
use crate::grants::Http;
use crate::inbound::Inbound;
use crate::index::{Index, IndexError};
use crate::interviews::check::{self, Checks, Orphans};
use crate::interviews::insight::{self, Summaries};
use crate::interviews::zoom_test::{self, ZoomTests};
use crate::interviews::{Answers, Letters, Meetings, Reminders, ReplyWatch};
use crate::mail::Mail;
use crate::mail::accounts::MailAccounts;
use crate::mail::graph::Endpoint;
use crate::mail::inbound::keep;
use crate::mail::inbound::mailboxes::Mailboxes;
use crate::mail::inbound::receive::Reader;
use crate::mail_settings::MailTests;
use crate::outbox::record::ChannelKind;
use crate::outbox::send::Sender;
use crate::outreach::{Entries, OutreachReplies, Outreaches, ProposalLetters, StageLines};
use crate::pipeline::ApplicationLetters;
use crate::pipeline::retention::{RetentionLetters, RetentionRound};
use crate::reload::{Hangups, InForce};
use crate::rpc::{ProblemRound, Served, Shutdown, leave_when_writing_fails, pulse, serve};
use crate::services::{Accounts, Services};
use crate::setting_up::GuideLetters;
use crate::socket::Listening;
use crate::store::Store;
use crate::store::sled::OpenError;
use crate::supervise::{Lives, Loops, Then};
use crate::uploads::Uploads;
use crate::vault::{KeyChoice, Vault};
use crate::work::pace::Pace;
use crate::work::rounds::Rounds;
use crate::work::{Kinds, Queue};
use crate::workspace::accounts::{
    self, AccountNotices, AccountReplies, BrokenAccounts, PassedOn, WaitingAccounts,
};
use crate::workspace::{Alarms, Broken, Notices, Replies, Waiters};
use crate::zoom::{Zoom, ZoomSettings};

/// Runs the daemon until it is asked to stop: by SIGTERM, SIGINT, a `shutdown` call or `stop`. It
/// listens on the socket that was passed to it, else on one of its own. A restore makes it begin
/// again, in this process, with the restored store, and so does SIGHUP with a configuration that
/// needs it.
pub async fn run(
    options: Options,
    passed: Option<UnixListener>,
    stop: Shutdown,
) -> anyhow::Result<()> {
    let mut signals = JoinSet::new();
    signals.spawn(heed_signals(stop.clone())?);
    let hangups = Hangups::listen()?;
    let in_force = InForce::read(&options)?;
    let managed =
        !options.detach && (passed.is_some() || std::env::var_os("NOTIFY_SOCKET").is_some());
    let mut listening = passed.map(socket::adopt).transpose()?;
    let (mut life, lives) = (stop, Lives::default());
    loop {
        let mut loops = Loops::default();
        let following = reload::follow(in_force.clone(), hangups.clone(), life.clone());
        loops.start("configuration", following.map(Ok));
        let living = Living {
            options: &options,
            in_force: &in_force,
            lives: &lives,
            stop: &life,
            managed,
        };
        listening = living.live(loops, listening).await?;
        let Some(next) = life.next_life() else {
            tracing::info!("stopped");
            return Ok(());
        };
        tracing::info!("beginning again");
        life = next;
    }
}

/// What one life of the daemon goes by.
struct Living<'a> {
    options: &'a Options,
    in_force: &'a InForce,
    lives: &'a Lives,
    stop: &'a Shutdown,
    managed: bool,
}

impl Living<'_> {
    /// One life of the daemon, from opening the store to closing it. The socket outlives it where
    /// another life follows.
    async fn live(
        &self,
        mut loops: Loops,
        listening: Option<Listening>,
    ) -> anyhow::Result<Option<Listening>> {
        let Self {
            options,
            in_force,
            lives,
            stop,
            managed,
        } = *self;
        let config = in_force.config();
        let clock = Clock::machine();

        // The store's lock comes first: the process that holds it is the daemon of this directory.
        let places = Places {
            directory: options.backup_directory(&config),
            keep: config.store.backup_keep,
            store: options.store_directory(&config),
        };
        let store = open_store(&places.store, managed).await?;
        let vault = open_vault(options, &config, &places.store, &store).await?;
        let backups = Backups::new(store.clone(), vault.clone(), clock.clone(), places.clone());
        let damaged = store.damage().is_some();
        if !damaged {
            // What an older version left is copied before anything is written.
            backups.before_upgrade().await?;
            vault.tidy(&store).await?;
            workspace::adopt_links(&store).await?;
        }
        backups.look_around().await;
        let zoom = Zoom::open(
            store.clone(),
            vault.clone(),
            clock.clone(),
            zoom_settings(&config).await?,
        )?;
        let accounts = Accounts::open(&store, &vault, &clock, &config).await?;
        let directory = options.mail_directory(&config);
        let mail = open_mail(&config, &directory, &clock, &store)?;
        if !damaged {
            let accounts = mail_accounts(&config, &accounts, &clock)?;
            mail.follow(&store, &vault, Some(accounts)).await?;
        }
        let network = network::Reader::new(&config.calendars.allow)?;
        let services = Services {
            config,
            started_at: Instant::now(),
            clock: clock.clone(),
            index: Index::start(&store),
            queue: Queue::default(),
            store: store.clone(),
            zoom: zoom.clone(),
            accounts: accounts.clone(),
            mail,
            uploads: Uploads::default(),
            network,
        };
        let served = Served {
            services,
            backups,
            lives: lives.clone(),
        };

        let Listening { listener, guard } = match listening {
            Some(listening) => listening,
            None => socket::listen(&options.socket()?, options.service()).await?,
        };
        if let Some(path) = listener.local_addr()?.as_pathname() {
            store::announce(&places.store, path);
        }
        in_force.answer();
        let marker = places.store.with_extension("writing-failed");
        let leaving = leave_when_writing_fails(store.clone(), marker.clone(), stop.clone());
        loops.start("failures to save", leaving.map(Ok));
        let (pulse, beating) = pulse();
        let informing = systemd::keep_informed(store.clone(), pulse, stop.clone());
        loops.start("systemd", informing.map(Ok));
        // Beside damaged data nothing else runs but the way to a restore.
        if !damaged {
            start(&mut loops, &served, marker, stop);
        }
        warn_about_directories(served.directories());
        tracing::info!(pid = std::process::id(), store = store.store_id(), "ready");

        let serving = serve(served, listener, beating, stop.clone());
        let (listener, ()) = tokio::join!(serving, self.supervise(&mut loops, &clock));
        let listening = listener.map(|listener| Listening { listener, guard });

        tracing::info!("stopping");
        loops.join_all_but(&[KEYS]).await;
        tokio::join!(
            zoom.grants().drain(),
            accounts.google.grants().drain(),
            accounts.microsoft.grants().drain(),
        );
        loops.join().await;
        let failure = store.failure().filter(|_| stop.is_for_good());
        store.close().await;
        if let Some(why) = lives.gave_up() {
            bail!("{why}");
        }
        match failure {
            // The service manager starts another, which opens the store again.
            Some(cause) => bail!("changes can't be saved: {cause}"),
            None => Ok(listening),
        }
    }

    /// Has the daemon begin again where a loop ends before it stops.
    async fn supervise(&self, loops: &mut Loops, clock: &Clock) {
        let Some(ended) = loops.first_to_end(self.stop.begun()).await else {
            return;
        };
        let (name, why) = (ended.name, ended.why.clone());
        match self.lives.ended(ended, clock) {
            Then::BeginAgain => {
                tracing::error!(name, why, "a loop ended; the daemon begins again");
                self.stop.begin_again();
            }
            Then::GiveUp => {
                tracing::error!(name, why, "loops end again and again; the daemon gives up");
                self.stop.begin();
            }
        }
    }
}

/// Says which directories others can reach: they were made by somebody else and are left as they
/// are.
fn warn_about_directories(paths: Vec<PathBuf>) {
    let open = paths.iter().filter_map(|path| directories::judge(path));
    open.for_each(|open| tracing::warn!("{open}; {}", open.remedy()));
}

/// The loop whose pieces others wait for as they stop.
const KEYS: &str = "keys";

/// What the daemon does without being asked.
fn start(loops: &mut Loops, served: &Served, marker: PathBuf, stop: &Shutdown) {
    let services = &served.services;
    loops.start(KEYS, keep_keys(services.clone()));
    loops.start("work", work(services.clone(), stop.clone()));
    let (of_hosts, until) = (services.clone(), stop.clone());
    loops.start("connections", async move {
        interviews::wake_what_waits(&of_hosts, until.begun()).await;
        Ok(())
    });
    let (of_lines, until) = (services.clone(), stop.clone());
    loops.start("lines", async move {
        outreach::wake_lines(&of_lines, until.begun()).await;
        Ok(())
    });
    let (mailboxes, until) = (mailboxes(services), stop.clone());
    loops.start("mailboxes", async move {
        mailboxes.run(until.begun()).await;
        Ok(())
    });
    let (of_mail, until) = (services.clone(), stop.clone());
    loops.start("email accounts", async move {
        let accounts = mail_accounts(&of_mail.config, &of_mail.accounts, &of_mail.clock);
        let accounts = accounts.map_err(|error| error.to_string())?;
        let waking = accounts.wake_what_waits(&of_mail.mail, &of_mail.store, until.begun());
        waking.await;
        Ok(())
    });
    let (rounds, until) = (rounds(served, marker), stop.clone());
    loops.start("rounds", async move {
        rounds.run(until.begun()).await;
        Ok(())
    });
}

/// What is done again and again.
fn rounds(served: &Served, marker: PathBuf) -> Rounds {
    let services = &served.services;
    Rounds::new(services.clock.clone())
        .with(NightlyBackup {
            backups: served.backups.clone(),
            index: services.index.clone(),
        })
        .with(interviews::HostRound(services.clone()))
        .with(RetentionRound::new(services.clone()))
        .with(ProblemRound {
            served: served.clone(),
            marker,
        })
}

/// The store; where its records are not those last written, what refuses everything in its place,
/// so that callers hear why and can restore a backup.
async fn open_store(directory: &Path, managed: bool) -> anyhow::Result<Store> {
    let settings = store::sled::Settings {
        adopt: false,
        ..Default::default()
    };
    let mut opened = store::open(directory, settings).await;
    if managed
        && let Err(OpenError::Locked { holder, .. }) = &opened
        && takeover::makes_room(holder).await
    {
        opened = store::open(directory, settings).await;
    }
    match opened {
        Err(OpenError::Altered { cause, .. }) => {
            tracing::error!(%cause, directory = %directory.display(), "the data is damaged; only a restore is answered");
            Ok(store::refuse(directory, &cause)?)
        }
        opened => Ok(opened?),
    }
}

/// The vault of `store`, not gone through yet; beside a damaged one only the key, which opens a
/// backup.
async fn open_vault(
    options: &Options,
    config: &Config,
    directory: &Path,
    store: &Store,
) -> anyhow::Result<Vault> {
    let (choice, place) = (KeyChoice::of(&config.secrets), options.config_directory()?);
    match store.damage() {
        None => Ok(Vault::unlock(&choice, &place, directory).await?),
        Some(damage) => Vault::key_only(&choice, &place).await.with_context(|| {
            format!("the data is damaged ({damage}), and a backup cannot be opened")
        }),
    }
}

/// The way mail leaves and comes in, with those who write letters and hear answers. Workspaces' own
/// settings are read by [`Mail::follow`].
///
/// # Errors
/// `[mail]` can't be used.
pub fn open_mail(
    config: &Config,
    directory: &Path,
    clock: &Clock,
    store: &Store,
) -> anyhow::Result<Mail> {
    let authors = Authors {
        interviews: Letters {
            clock: clock.clone(),
        },
        connections: Notices {
            clock: clock.clone(),
            marketplace_url: config.zoom.marketplace_url.clone(),
        },
        accounts: AccountNotices {
            clock: clock.clone(),
            login_url: config.microsoft.login_url.clone(),
            tenant: config.microsoft.tenant.clone(),
        },
        alarms: Alarms {
            clock: clock.clone(),
        },
        applications: ApplicationLetters {
            clock: clock.clone(),
        },
        retention: RetentionLetters {
            clock: clock.clone(),
        },
        proposals: ProposalLetters {
            clock: clock.clone(),
            assistant: config.assistant.name.clone(),
        },
        guides: GuideLetters {
            marketplace_url: config.zoom.marketplace_url.clone(),
        },
    };
    let inbound = Inbound {
        interviews: Answers {
            clock: clock.clone(),
        },
        approvals: Replies {
            clock: clock.clone(),
        },
        account_approvals: AccountReplies {
            clock: clock.clone(),
        },
        outreaches: OutreachReplies {
            clock: clock.clone(),
            read_after: config.assistant.read_after_seconds,
        },
        clock: clock.clone(),
        store: store.clone(),
    };
    Mail::open(
        &config.mail,
        directory,
        Arc::new(authors),
        Arc::new(inbound),
    )
}

/// The accounts that workspaces' email may leave and come in by.
///
/// # Errors
/// The address of Graph can't be read, or the system has no certificates to trust.
pub fn mail_accounts(
    config: &Config,
    accounts: &Accounts,
    clock: &Clock,
) -> anyhow::Result<MailAccounts> {
    let base = format!("{}/v1.0", config.microsoft.graph_url.trim_end_matches('/'));
    let base = base.parse().context("Couldn't read microsoft.graph_url")?;
    let graph = Endpoint {
        http: Http::new(&[&base], clock.clone())?,
        base,
        clock: clock.clone(),
    };
    Ok(MailAccounts {
        google: accounts.google.grants().clone(),
        microsoft: accounts.microsoft.grants().clone(),
        outlook: microsoft::OUTLOOK,
        graph,
        clock: clock.clone(),
    })
}

/// Looks for answers to letters.
pub fn reader(services: &Services) -> Reader {
    Reader::new(
        services.mail.clone(),
        services.store.clone(),
        services.clock.clone(),
    )
}

/// Every mailbox, looked into again and again.
fn mailboxes(services: &Services) -> Mailboxes {
    let (mail, clock) = (services.mail.clone(), services.clock.clone());
    Mailboxes::new(mail, reader(services), clock)
}

/// Calendars read at once: a server that does not answer takes 20 seconds, and none of the places
/// that other work needs.
const FEEDS_AT_ONCE: usize = 8;

/// Stages for which times are chosen at once: each search takes a core for as long as it lasts.
const LINES_AT_ONCE: usize = 2;

/// Who does which kind of work.
pub fn workers(services: &Services) -> Kinds {
    let sender = Sender::new(services.store.clone(), services.clock.clone())
        .with(ChannelKind::Email, services.mail.clone());
    let begun = outreach::PerMinute::default();
    Kinds::new(services.store.clone(), services.clock.clone())
        .with(interviews::MEETING_WORK, Meetings(services.clone()))
        .with(outbox::KIND, sender)
        .with(zoom::BROKEN_WORK, Broken(services.clone()))
        .with(zoom::APPROVED_WORK, Waiters(services.clone()))
        .with(workspace::TRY_WORK, Waiters(services.clone()))
        .with(google::BROKEN_WORK, BrokenAccounts(services.clone()))
        .with(google::APPROVED_WORK, WaitingAccounts(services.clone()))
        .with(microsoft::BROKEN_WORK, BrokenAccounts(services.clone()))
        .with(microsoft::APPROVED_WORK, WaitingAccounts(services.clone()))
        .with(accounts::TRY_WORK, WaitingAccounts(services.clone()))
        .with(accounts::REPLY_WORK, PassedOn(services.clone()))
        .with(check::CHECK_WORK, Checks(services.clone()))
        .with(check::ORPHAN_WORK, Orphans(services.clone()))
        .with(insight::INSIGHT_WORK, Summaries(services.clone()))
        .with(zoom_test::ZOOM_TEST_WORK, ZoomTests(services.clone()))
        .with(mail_settings::MAIL_TEST_WORK, MailTests(services.clone()))
        .with(interviews::REMIND_WORK, Reminders(services.clone()))
        .with(interviews::REPLY_WORK, ReplyWatch(services.clone()))
        .with(feeds::FORGET_WORK, ForgottenFeeds(services.clone()))
        .with(feeds::CLOCK_WORK, RetoldFeeds(services.clone()))
        .with(feeds::FEED_WORK, FeedReads(services.clone()))
        .at(feeds::FEED_WORK, Pace::at_once(FEEDS_AT_ONCE))
        .with(
            interviews::OUTREACH_WORK,
            Outreaches::new(services.clone(), begun.clone()),
        )
        .with(pipeline::ENTER_WORK, Entries(services.clone()))
        .with(outreach::READ_WORK, assistant::Answers(services.clone()))
        .with(keep::WROTE_WORK, assistant::Booked(services.clone()))
        .with(
            interviews::LINE_WORK,
            StageLines::new(services.clone(), begun),
        )
        .at(interviews::LINE_WORK, Pace::at_once(LINES_AT_ONCE))
        .with(feeds::company::COMPANY_WORK, CompanyRound(services.clone()))
}

/// Carries waiting work out until the daemon stops. Meetings are named after jobs, which the index
/// knows.
async fn work(services: Services, stop: Shutdown) -> Result<(), String> {
    // The index first: people wait for it, and two scans at once would make both slower.
    match services.index.ready().await {
        Ok(()) => {}
        // Callers hear of damage, and what to do.
        Err(IndexError::Damaged(_)) => {
            stop.begun().await;
            return Ok(());
        }
        Err(error) => return Err(error.to_string()),
    }
    failpoint(Point::QueueRead);
    if fails_at(Point::QueueRead, |_| true) {
        return Err("a test has it fail".to_owned());
    }
    let followed = services.queue.follow(&services.store).await;
    followed.map_err(|error| format!("Couldn't read the waiting work: {error}"))?;
    if let Err(error) = interviews::see_to_reminders(&services).await {
        tracing::error!(%error, "timers of reminders could not be set; some may not come");
    }
    let (queue, clock) = (services.queue.clone(), services.clock.clone());
    let workers = Arc::new(workers(&services));
    queue.run(clock, workers, stop.begun()).await;
    Ok(())
}

async fn keep_keys(services: Services) -> Result<(), String> {
    let Accounts { google, microsoft } = services.accounts;
    let kept = tokio::try_join!(
        services.zoom.grants().clone().run_refresher(),
        google.grants().clone().run_refresher(),
        microsoft.grants().clone().run_refresher(),
    );
    kept.map(drop)
        .map_err(|error| format!("Couldn't read the connections: {error}"))
}

async fn zoom_settings(config: &Config) -> anyhow::Result<ZoomSettings> {
    let secret = config.zoom.client_secret();
    Ok(ZoomSettings {
        oauth_url: config
            .zoom
            .oauth_url
            .parse()
            .context("Couldn't read zoom.oauth_url")?,
        api_url: config
            .zoom
            .api_url
            .parse()
            .context("Couldn't read zoom.api_url")?,
        client_id: Some(config.zoom.client_id.clone()).filter(|id| !id.is_empty()),
        client_secret: secret.read("zoom.client_secret").await?,
    })
}

fn heed_signals(stop: Shutdown) -> anyhow::Result<impl Future<Output = ()>> {
    let mut terminate = signal(SignalKind::terminate()).context("Couldn't listen for SIGTERM")?;
    let mut interrupt = signal(SignalKind::interrupt()).context("Couldn't listen for SIGINT")?;
    Ok(async move {
        tokio::select! {
            _ = terminate.recv() => {}
            _ = interrupt.recv() => {}
        }
        stop.begin();
    })
}
