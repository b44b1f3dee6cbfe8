//! Which route a workspace's email takes, with a real store, vault and folders.

use futures::future::BoxFuture;
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::mail_settings::{MailSecurity, MailSource, MailTransport};
use tempfile::TempDir;

use super::*;
use crate::mail::Written;
use crate::mail::inbound::mailboxes::Scope;
use crate::mail::inbound::read::Incoming;
use crate::outbox::record::{About, ChannelKind, MessageState, PastMessage, Recipient};
use crate::outbox::{Channel as _, Handed, Message, Settled};
use crate::store;

/// Writes nothing and hears nothing.
struct Nobody;

impl Author for Nobody {
    fn write<'a>(
        &'a self,
        _: &'a Tx,
        _: &'a str,
        _: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(async { Ok(Written::Unwanted("nobody writes".into())) })
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

impl InboundHandler for Nobody {
    fn handle<'a>(
        &'a self,
        _: &'a Tx,
        _: &'a Incoming,
        _: &'a Scope<'a>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

struct Fixture {
    mail: Mail,
    store: Store,
    _directory: TempDir,
}

impl Fixture {
    async fn open() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let settings = store::sled::Settings::default();
        let store = store::open(&directory.path().join("store"), settings).await;
        let store = store.expect("a store");
        let config = MailConfig {
            from: "default@acme.example".to_owned(),
            ..MailConfig::default()
        };
        let mail = Mail::open(
            &config,
            directory.path(),
            Arc::new(Nobody),
            Arc::new(Nobody),
        );
        let mail = mail.expect("the folders");
        let vault = Vault::ephemeral().expect("a vault");
        mail.follow(&store, &vault, None).await.expect("followed");
        Self {
            mail,
            store,
            _directory: directory,
        }
    }

    async fn set(&self, workspace: WorkspaceId, from: &str) {
        let record = &MailRecord {
            system: None,
            transport: MailTransport::Smtp,
            from: Some(from.to_owned()),
            account: None,
            smtp: Some(MailServerRecord {
                host: "127.0.0.1".into(),
                port: 2525,
                security: MailSecurity::Plain,
                user: None,
                password: false,
            }),
            imap: None,
            folder: None,
            left_default: false,
            changed_at: Instant::from_second(0),
        };
        let set = self
            .store
            .transact(|tx| async move { tx.put(&workspace.to_string(), MailRecord::KEY, record) });
        set.await.expect("set");
    }

    async fn reset(&self, workspace: WorkspaceId) {
        let reset = self.store.transact(|tx| async move {
            tx.delete::<MailRecord>(&workspace.to_string(), MailRecord::KEY)
        });
        reset.await.expect("reset");
    }
}

fn record(from: Option<&str>, state: MessageState, follows: Option<MailId>) -> MessageRecord {
    MessageRecord {
        channel: ChannelKind::Email,
        kind: MailKind::Invitation,
        to: Recipient::Address("ana@mail.example".into()),
        about: About::Retention,
        not_before: Instant::from_second(0),
        created_at: Instant::from_second(0),
        state,
        address: None,
        from: from.map(str::to_owned),
        memo: None,
        follows,
        bounced: None,
        unanswered: 0,
        asked_by: None,
    }
}

#[tokio::test]
async fn each_workspace_has_its_own_route_in_the_commit_that_sets_it() {
    let it = Fixture::open().await;
    let (one, other) = (WorkspaceId::new(), WorkspaceId::new());
    assert_eq!(it.mail.of(one).from(), "default@acme.example");
    assert!(it.mail.of(one).warning().is_some(), "nobody receives");
    let before = it.mail.of(one);

    it.set(one, "jobs@one.example").await;
    let route = it.mail.of(one);
    assert_eq!(route.from(), "jobs@one.example");
    assert!(route.delivers() && route.warning().is_none());
    assert_eq!(route.settings().source, MailSource::Workspace);
    assert!(route.settings().revision > 0);
    assert_eq!(it.mail.of(other).from(), "default@acme.example");
    assert!(it.mail.of(other).warning().is_some());
    // What is under way ends by the route it began with.
    assert!(!before.delivers());
    // Looked up again it is the same, built once.
    assert!(Arc::ptr_eq(&route, &it.mail.of(one)));

    it.set(one, "people@one.example").await;
    assert_eq!(it.mail.of(one).from(), "people@one.example");
    it.reset(one).await;
    assert_eq!(it.mail.of(one).from(), "default@acme.example");
    it.store.close().await;
}

#[tokio::test]
async fn settings_are_there_again_after_a_restart() {
    let it = Fixture::open().await;
    let one = WorkspaceId::new();
    it.set(one, "jobs@one.example").await;
    let mail = Mail::open(
        &MailConfig::default(),
        it._directory.path(),
        Arc::new(Nobody),
        Arc::new(Nobody),
    );
    let mail = mail.expect("the folders");
    let vault = Vault::ephemeral().expect("a vault");
    mail.follow(&it.store, &vault, None)
        .await
        .expect("followed");
    assert_eq!(mail.of(one).from(), "jobs@one.example");
    it.store.close().await;
}

/// A workspace whose settings a newer version wrote sends nothing, rather than from elsewhere.
#[tokio::test]
async fn settings_that_cannot_be_read_send_nothing() {
    let it = Fixture::open().await;
    let one = WorkspaceId::new();
    let key = Key::new(&one.to_string(), MailRecord::TABLE, MailRecord::KEY).expect("a key");
    let row = Versioned {
        revision: Revision(3),
        body: b"not what this version knows".to_vec(),
    };
    let feed = Feed {
        mail: it.mail.clone(),
        store: it.store.clone(),
        vault: Vault::ephemeral().expect("a vault"),
        accounts: None,
    };
    feed.apply(&key, Some(&row));
    let route = it.mail.of(one);
    assert!(!route.delivers());
    let warning = route.warning().expect("a warning");
    assert!(
        warning.contains("can't read the workspace's email settings"),
        "{warning}"
    );
    assert!(route.check().await.is_err());
    let message = message("default@acme.example");
    let handed = it.mail.hand_over(one, &message, true).await;
    assert!(matches!(handed, Handed::NotTaken(_)), "{handed:?}");
    it.store.close().await;
}

fn message(from: &str) -> Message {
    Message {
        name: "mal_1".into(),
        from: from.into(),
        to: "ana@mail.example".into(),
        bytes: b"Subject: x\r\n\r\nx\r\n".to_vec(),
    }
}

#[tokio::test]
async fn an_email_written_just_before_a_change_is_written_anew() {
    let it = Fixture::open().await;
    let one = WorkspaceId::new();
    let message = message("default@acme.example");
    let handed = it.mail.hand_over(one, &message, false).await;
    assert_eq!(handed, Handed::Taken, "into the folder");
    it.set(one, "jobs@one.example").await;
    let handed = it.mail.hand_over(one, &message, false).await;
    let Handed::NotTaken(why) = handed else {
        panic!("{handed:?}")
    };
    assert_eq!(
        why,
        "the workspace's email settings changed as it was about to leave; it is written again"
    );
    it.store.close().await;
}

#[tokio::test]
async fn an_email_that_may_have_left_keeps_its_address_and_name() {
    let it = Fixture::open().await;
    let (one, id, first) = (WorkspaceId::new(), MailId::new(), MailId::new());
    it.set(one, "people@new.example").await;
    let space = one.to_string();
    let at = Instant::from_second(60);
    let sent = PastMessage(record(
        Some("old@old.example"),
        MessageState::Sent { at },
        None,
    ));
    let (space, sent) = (&space, &sent);
    let put = it
        .store
        .transact(|tx| async move { tx.put(space, &first.to_string(), sent) });
    put.await.expect("put");
    let envelope = async |record: MessageRecord| {
        let (mail, record) = (&it.mail, &record);
        let written = it
            .store
            .transact(|tx| async move { mail.envelope(&tx, space, one, id, record, at).await });
        written.await.expect("an envelope").0
    };

    // It waits: it is written from the new address, and names the one it follows as that left.
    let waiting = envelope(record(
        Some("old@old.example"),
        MessageState::Waiting,
        Some(first),
    ));
    let waiting = waiting.await;
    assert_eq!(waiting.from, "people@new.example");
    assert_eq!(waiting.message_id, format!("{id}.{one}@new.example"));
    assert_eq!(waiting.follows, Some(format!("{first}.{one}@old.example")));

    let sending = MessageState::Sending { at };
    let sending = envelope(record(Some("old@old.example"), sending, None)).await;
    assert_eq!(sending.from, "old@old.example");
    assert_eq!(sending.message_id, format!("{id}.{one}@old.example"));

    let shown = it.mail.message_id(one, first, &sent.0);
    assert_eq!(shown, format!("{first}.{one}@old.example"));
    it.store.close().await;
}
