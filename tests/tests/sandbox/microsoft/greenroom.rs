//! Greenroom's own mail room against the sandbox: connected as a person connects, sent by Graph, read
//! by its delta; or by SMTP at the sandbox and IMAP at a Dovecot that asks it whose token it is.

use std::sync::{Arc, Mutex};

use anyhow::{Context as _, Result};
use futures::future::BoxFuture;
use greenroom_protocol::id::{MailId, WorkspaceId};
use greenroom_protocol::mail_settings::{MailSecurity, MailTransport};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::time::Instant;
use greenroom_tests::post_office::Mailboxes;
use greenroom_tests::sandbox::microsoft::{
    CLIENT_ID, Config, Death, Endpoint, Fault, FaultKind, Sandbox, TENANT,
};
use greenroom_tests::sandbox::{Clock, Decision, consent};
use greenroomd::clock::SetClock;
use greenroomd::config::Config as Settings;
use greenroomd::config::mail::MailConfig;
use greenroomd::grants::{Answer, ConnectionId, Subject};
use greenroomd::mail::inbound::mailboxes::Scope;
use greenroomd::mail::inbound::read::Incoming;
use greenroomd::mail::inbound::receive::Reader;
use greenroomd::mail::{Author, InboundHandler, Mail, Written};
use greenroomd::outbox::record::MessageRecord;
use greenroomd::outbox::{Channel as _, Handed, Message, Settled};
use greenroomd::records::mail::{MailRecord, MailServerRecord};
use greenroomd::services::Accounts;
use greenroomd::store::{self, Attribution, Store, StoreError, Tx};
use greenroomd::vault::Vault;
use tempfile::TempDir;
use url::Url;

use super::app::{DANA, REDIRECT, parameter};

/// Remembers what was said, and writes nothing.
#[derive(Clone, Default)]
struct Heard(Arc<Mutex<Vec<String>>>);

impl InboundHandler for Heard {
    fn handle<'a>(
        &'a self,
        _: &'a Tx,
        incoming: &'a Incoming,
        _: &'a Scope<'a>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.0.lock().unwrap().push(incoming.heard.subject.clone());
        Box::pin(async { Ok(()) })
    }
}

impl Author for Heard {
    fn write<'a>(
        &'a self,
        _: &'a Tx,
        _: &'a str,
        _: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(async { Ok(Written::Unwanted("nothing is written here".into())) })
    }

    fn settled<'a>(
        &'a self,
        _: &'a Tx,
        _: &'a str,
        _: MailId,
        _: &'a MessageRecord,
        _: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

/// A workspace that mails by Graph, as Dana.
struct Office {
    microsoft: Sandbox,
    accounts: Accounts,
    mail: Mail,
    heard: Heard,
    store: Store,
    clock: SetClock,
    workspace: WorkspaceId,
    _directory: TempDir,
}

impl Office {
    async fn open() -> Result<Self> {
        let clock = Clock::Stopped("2026-11-23T09:00:00Z".parse()?);
        let microsoft = Sandbox::start(Config {
            clock,
            ..Config::default()
        })
        .await?;
        let directory = tempfile::tempdir()?;
        let store = store::sled::Settings::default();
        let store = store::open(&directory.path().join("store"), store).await?;
        let vault = Vault::ephemeral()?;
        let nine: jiff::Timestamp = "2026-11-23T09:00:00Z".parse()?;
        let clock = SetClock::at(Instant::from(nine));
        let mut settings = Settings::default();
        settings.microsoft.login_url = microsoft.login_url();
        settings.microsoft.graph_url = microsoft.url().to_owned();
        settings.microsoft.client_id = CLIENT_ID.to_owned();
        settings.microsoft.tenant = TENANT.to_owned();
        let accounts = Accounts::open(&store, &vault, &clock.clock(), &settings).await?;
        let heard = Heard::default();
        let mail = Mail::open(
            &MailConfig::default(),
            directory.path(),
            Arc::new(heard.clone()),
            Arc::new(heard.clone()),
        )?;
        let by_account = greenroomd::mail_accounts(&settings, &accounts, &clock.clock())?;
        mail.follow(&store, &vault, Some(by_account)).await?;
        let workspace = WorkspaceId::new();
        let record = MailRecord {
            system: None,
            transport: MailTransport::Graph,
            from: Some(DANA.to_owned()),
            account: Some(format!("microsoft:{DANA}")),
            smtp: None,
            imap: None,
            folder: None,
            left_default: false,
            changed_at: clock.clock().now(),
        };
        let office = Self {
            microsoft,
            accounts,
            mail,
            heard,
            store,
            clock,
            workspace,
            _directory: directory,
        };
        office.set(&record).await?;
        Ok(office)
    }

    /// Mails by these settings from now on.
    async fn set(&self, record: &MailRecord) -> Result<()> {
        let space = &self.workspace.to_string();
        let kept = self
            .store
            .transact(|tx| async move { tx.put(space, MailRecord::KEY, record) });
        kept.await?;
        Ok(())
    }

    /// Mails by SMTP at the sandbox and reads at this mail server, still as Dana.
    async fn use_servers(&self, mailboxes: &Mailboxes) -> Result<()> {
        self.set(&MailRecord {
            system: None,
            transport: MailTransport::Smtp,
            from: Some(DANA.to_owned()),
            account: Some(format!("microsoft:{DANA}")),
            smtp: Some(server(&self.microsoft.smtp_url())?),
            imap: Some(server(&mailboxes.imap_url())?),
            folder: None,
            left_default: false,
            changed_at: self.clock.clock().now(),
        })
        .await
    }

    /// Connects the workspace's own account, as its admin does.
    async fn connect(&self) -> Result<()> {
        let grants = self.accounts.microsoft.grants();
        let subject = Subject {
            who: ConnectionId::of_workspace(self.workspace),
            expected_email: Some(DANA.to_owned()),
            scopes: Vec::new(),
            by: Attribution::default(),
        };
        let started = grants.start(&subject, REDIRECT).await?;
        let back = consent(&started.authorize_url, DANA, Decision::Allow).await?;
        let (code, state) = (parameter(&back, "code")?, parameter(&back, "state")?);
        let (code, state) = (Answer::Code(Opaque::new(code)), Opaque::new(state));
        grants.finish(started.attempt, &state, code).await?;
        Ok(())
    }

    async fn send(&self, number: u32, again: bool) -> Handed {
        let name = format!("mal_{number}.wsp_1");
        let text = format!(
            "From: {DANA}\r\nTo: ana@mail.example\r\nSubject: {number}\r\n\
             Message-ID: <{name}@acme.example>\r\n\r\nHello\r\n"
        );
        let message = Message {
            name,
            from: DANA.to_owned(),
            to: "ana@mail.example".to_owned(),
            bytes: text.into_bytes(),
        };
        self.mail.hand_over(self.workspace, &message, again).await
    }

    fn arrives(&self, subject: &str) -> Result<()> {
        let text = format!(
            "From: ana@mail.example\r\nTo: {DANA}\r\nSubject: {subject}\r\n\
             Message-ID: <{subject}@mail.example>\r\nDate: Mon, 23 Nov 2026 09:00:00 +0000\r\n\r\nI am ill\r\n"
        );
        self.microsoft.deliver(DANA, text.as_bytes())?;
        Ok(())
    }

    async fn look(&self) -> Result<(), String> {
        let reader = Reader::new(self.mail.clone(), self.store.clone(), self.clock.clock());
        reader.look().await
    }

    fn heard(&self) -> Vec<String> {
        self.heard.0.lock().unwrap().clone()
    }
}

/// A server on this machine, in the open; the account is who logs in.
fn server(url: &str) -> Result<MailServerRecord> {
    let url = Url::parse(url)?;
    Ok(MailServerRecord {
        host: url.host_str().context("no host")?.to_owned(),
        port: url.port().context("no port")?,
        security: MailSecurity::Plain,
        user: None,
        password: false,
    })
}

#[tokio::test]
async fn an_email_waits_for_its_account_and_leaves_once() -> Result<()> {
    let office = Office::open().await?;
    let Handed::NotTaken(why) = office.send(1, false).await else {
        panic!("it left without an account")
    };
    assert!(why.contains("Microsoft is not connected as"), "{why}");
    office.connect().await?;
    let route = office.mail.of(office.workspace);
    route
        .check()
        .await
        .map_err(|why| anyhow::anyhow!("{why}"))?;
    assert_eq!(office.send(1, false).await, Handed::Taken);
    // The access token ends in the middle: it is renewed, and nothing is lost.
    office
        .microsoft
        .advance(jiff::SignedDuration::from_hours(2));
    assert_eq!(office.send(2, false).await, Handed::Taken);
    assert_eq!(office.microsoft.sent().len(), 2);
    Ok(())
}

/// As after a kill between accepted and recorded, too: nothing but the sent emails knows.
#[tokio::test]
async fn an_email_whose_answer_was_lost_is_found_among_the_sent_ones() -> Result<()> {
    let office = Office::open().await?;
    office.connect().await?;
    let lost = FaultKind::LostAfter;
    office
        .microsoft
        .fault(Fault::once(Endpoint::SendMail, lost));
    let handed = office.send(1, false).await;
    assert!(matches!(handed, Handed::Unknown(_)), "{handed:?}");
    assert_eq!(office.send(1, true).await, Handed::Taken);
    assert_eq!(office.microsoft.sent().len(), 1);

    // Nothing arrived: it is repeated, once Microsoft had time to put it there.
    let lost = FaultKind::LostBefore;
    office
        .microsoft
        .fault(Fault::once(Endpoint::SendMail, lost));
    let handed = office.send(2, false).await;
    assert!(matches!(handed, Handed::Unknown(_)), "{handed:?}");
    let handed = office.send(2, true).await;
    assert!(matches!(handed, Handed::NotBefore { .. }), "{handed:?}");
    office.clock.advance(120);
    assert_eq!(office.send(2, true).await, Handed::Taken);
    assert_eq!(office.microsoft.sent().len(), 2);
    Ok(())
}

#[tokio::test]
async fn thirty_leave_in_a_minute_and_microsoft_is_not_asked_for_more() -> Result<()> {
    let office = Office::open().await?;
    office.connect().await?;
    for number in 0..30 {
        assert_eq!(office.send(number, false).await, Handed::Taken);
    }
    let handed = office.send(30, false).await;
    assert!(matches!(handed, Handed::NotBefore { .. }), "{handed:?}");
    assert_eq!(office.microsoft.counters().of(Endpoint::SendMail), 30);
    office.clock.advance(61);
    office
        .microsoft
        .advance(jiff::SignedDuration::from_secs(61));
    assert_eq!(office.send(30, false).await, Handed::Taken);
    Ok(())
}

#[tokio::test]
async fn a_dead_grant_is_told_and_a_new_one_serves_at_once() -> Result<()> {
    let office = Office::open().await?;
    office.connect().await?;
    office.microsoft.end_grants(DANA, Death::Revoked)?;
    office
        .microsoft
        .advance(jiff::SignedDuration::from_hours(2));
    let Handed::NotTaken(why) = office.send(1, false).await else {
        panic!("it left with a dead grant")
    };
    assert!(why.contains("Microsoft must be reconnected"), "{why}");
    office.connect().await?;
    assert_eq!(office.send(1, false).await, Handed::Taken);
    Ok(())
}

/// Also where Microsoft forgets how far was read, and lists everything again.
#[tokio::test]
async fn every_email_that_comes_in_is_handled_once() -> Result<()> {
    let office = Office::open().await?;
    office.connect().await?;
    for number in 0..120 {
        office.arrives(&format!("first-{number}"))?;
    }
    office.look().await.map_err(anyhow::Error::msg)?;
    let first = office.heard();
    assert_eq!(first.len(), 120, "{first:?}");
    office.arrives("second")?;
    office.look().await.map_err(anyhow::Error::msg)?;
    assert_eq!(office.heard().last().context("nothing came")?, "second");
    office.microsoft.forget_sync_state(DANA)?;
    office.arrives("third")?;
    office.look().await.map_err(anyhow::Error::msg)?;
    office.look().await.map_err(anyhow::Error::msg)?;
    let heard = office.heard();
    assert_eq!(heard.len(), 122, "{:?}", &heard[120..]);
    assert_eq!(heard.last().context("nothing came")?, "third");
    Ok(())
}

/// One account, whose tokens for Exchange are others than those for Graph.
#[tokio::test]
async fn an_account_logs_in_by_smtp_and_imap_and_a_switch_that_is_off_is_named() -> Result<()> {
    if !Mailboxes::are_there() {
        return Ok(());
    }
    let office = Office::open().await?;
    let directory = tempfile::tempdir()?;
    let mailboxes = Mailboxes::open(directory.path(), &office.microsoft.mail_login_url())?;
    office.use_servers(&mailboxes).await?;
    office.connect().await?;
    assert_eq!(office.send(1, false).await, Handed::Taken);
    assert_eq!(office.microsoft.sent().len(), 1);
    let text = "From: ana@mail.example\nSubject: ill\nMessage-ID: <1@mail.example>\n\nI am ill\n";
    mailboxes.deliver(DANA, text.as_bytes())?;
    office.look().await.map_err(anyhow::Error::msg)?;
    assert_eq!(office.heard(), ["ill"]);

    // Both tokens end in the middle, and are renewed.
    office
        .microsoft
        .advance(jiff::SignedDuration::from_hours(2));
    assert_eq!(office.send(2, false).await, Handed::Taken);
    office.look().await.map_err(anyhow::Error::msg)?;

    let renewals = office.microsoft.counters().of(Endpoint::Refresh);
    office
        .microsoft
        .edit_account(DANA, |dana| dana.smtp = Some(false))?;
    let Handed::NotTaken(why) = office.send(3, false).await else {
        panic!("it left by a mailbox whose SMTP is off")
    };
    assert!(
        why.contains("SMTP is switched off for this mailbox"),
        "{why}"
    );
    assert!(
        why.contains(&format!("Set-CASMailbox -Identity {DANA}")),
        "{why}"
    );
    // No token helps, so none is asked for.
    assert_eq!(office.microsoft.counters().of(Endpoint::Refresh), renewals);
    Ok(())
}
