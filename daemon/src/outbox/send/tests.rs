//! What becomes of a letter when something comes between, with a real store and a real folder.

use std::path::PathBuf;
use std::sync::atomic::{AtomicBool, Ordering};
use std::sync::{Arc, Mutex};

use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::mail::MailKind;
use tempfile::TempDir;

use super::*;
use crate::clock::SetClock;
use crate::config::mail::MailConfig;
use crate::mail::inbound::mailboxes::Scope;
use crate::mail::inbound::read::Incoming;
use crate::mail::maildir::Maildir;
use crate::mail::message::{Letter, Person, Says};
use crate::mail::{self, Author, InboundHandler, Mail};
use crate::outbox::record::{About, Recipient};
use crate::outbox::{CalledBack, Draft};
use crate::store;

/// Writes one short letter to everybody, unless it is about nobody any more.
struct Short;

impl Author for Short {
    fn write<'a>(
        &'a self,
        _: &'a Tx,
        _: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<mail::Written, StoreError>> {
        let Recipient::Address(address) = mail.to.clone() else {
            return Box::pin(async { Ok(mail::Written::Unwanted("nobody is there".into())) });
        };
        let letter = Letter {
            to: Person {
                name: String::new(),
                address,
            },
            from_name: "Greenroom".into(),
            says: Says::Text {
                subject: "Short".into(),
                text: "Hello".into(),
            },
        };
        Box::pin(async {
            Ok(mail::Written::Letter {
                letter: Box::new(letter),
                memo: None,
            })
        })
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

impl InboundHandler for Short {
    fn handle<'a>(
        &'a self,
        _: &'a Tx,
        _: &'a Incoming,
        _: &'a Scope<'a>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async { Ok(()) })
    }
}

/// A post room with a clock that stands still.
struct Room {
    sender: Sender,
    clock: SetClock,
    workspace: WorkspaceId,
    directory: TempDir,
}

impl Room {
    async fn open() -> Self {
        let directory = tempfile::tempdir().expect("a directory");
        let settings = store::sled::Settings::default();
        let store = store::open(&directory.path().join("store"), settings).await;
        let clock = SetClock::at(Instant::from_second(1_796_029_200));
        let config = MailConfig::default();
        let mail = Mail::open(&config, directory.path(), Arc::new(Short), Arc::new(Short));
        Self {
            sender: Sender::new(store.expect("a store"), clock.clock())
                .with(ChannelKind::Email, mail.expect("the folders")),
            clock,
            workspace: WorkspaceId::new(),
            directory,
        }
    }

    fn space(&self) -> String {
        self.workspace.to_string()
    }

    async fn post(&self, to: Recipient) -> MailId {
        let now = self.sender.clock.now();
        let draft = Draft {
            kind: MailKind::ConnectionNotice,
            to,
            about: About::Connection(MemberId::new()),
            not_before: now.plus_seconds(10),
            follows: None,
            memo: None,
        };
        let space = self.space();
        let posted = self.sender.store.transact(|tx| {
            let (draft, space) = (draft.clone(), space.clone());
            async move { crate::outbox::post(&tx, &space, draft, now) }
        });
        posted.await.expect("posted").0
    }

    /// The worker looks at the letter once.
    async fn try_once(&self, id: MailId) {
        let work = self.work(id).await.expect("work");
        let tried = self.sender.carry_out(&self.space(), &work).await;
        tried.expect("an outcome");
    }

    async fn work(&self, id: MailId) -> Option<WorkRecord> {
        let key = WorkRecord::id(KIND, &id.to_string());
        let found = self
            .sender
            .store
            .get::<WorkRecord>(&self.space(), &key)
            .await;
        found.expect("the store").map(|stored| stored.record)
    }

    async fn waiting(&self, id: MailId) -> Option<MessageRecord> {
        let found = self
            .sender
            .store
            .get::<MessageRecord>(&self.space(), &id.to_string())
            .await;
        found.expect("the store").map(|stored| stored.record)
    }

    async fn past(&self, id: MailId) -> Option<MessageState> {
        let found = self
            .sender
            .store
            .get::<PastMessage>(&self.space(), &id.to_string())
            .await;
        found
            .expect("the store")
            .map(|stored| stored.record.0.state)
    }

    /// The first commit of a try, after which the daemon is killed.
    async fn begin(&self, id: MailId) -> Message {
        let space = self.space();
        let one = self.a_try(&space, id);
        let noted = self.sender.store.transact(|tx| one.note(tx)).await;
        match noted.expect("noted").0 {
            Noted::HandOver(_, message, _) => message,
            Noted::Nothing => panic!("it is not handed over"),
        }
    }

    fn a_try<'a>(&'a self, space: &'a str, id: MailId) -> Try<'a> {
        Try {
            sender: &self.sender,
            space,
            workspace: self.workspace,
            id,
            attempts: 0,
        }
    }

    fn outbox(&self) -> PathBuf {
        self.directory.path().join("outbox")
    }

    fn letters(&self) -> Vec<String> {
        let folder = Maildir::open(&self.outbox()).expect("the folder");
        folder.unread(usize::MAX).expect("names")
    }
}

fn somebody() -> Recipient {
    Recipient::Address("ana@mail.example".into())
}

#[tokio::test]
async fn a_letter_leaves_when_it_may_and_once() {
    let room = Room::open().await;
    let id = room.post(somebody()).await;
    room.try_once(id).await;
    assert!(room.letters().is_empty());
    room.clock.advance(10);
    room.try_once(id).await;
    assert_eq!(room.letters(), [format!("{id}.{}", room.workspace)]);
    let at = room.sender.clock.now();
    assert_eq!(room.past(id).await, Some(MessageState::Sent { at }));
    assert_eq!(room.work(id).await, None);
    assert_eq!(room.waiting(id).await, None);
}

#[tokio::test]
async fn killed_before_the_outcome_it_is_handed_over_again_under_the_same_name() {
    for arrived in [false, true] {
        let room = Room::open().await;
        let id = room.post(somebody()).await;
        room.clock.advance(10);
        let first = room.begin(id).await;
        if arrived {
            let name = format!("{id}.{}", room.workspace);
            let folder = Maildir::open(&room.outbox()).expect("the folder");
            folder
                .deliver(&name, &first.bytes, false)
                .expect("delivered");
        }
        // Started again, the work is still there.
        room.try_once(id).await;
        let [name] = &room.letters()[..] else {
            panic!("{:?}", room.letters())
        };
        let bytes = std::fs::read(room.outbox().join("new").join(name)).expect("the letter");
        let id_line = |bytes: &[u8]| {
            let text = String::from_utf8_lossy(bytes).into_owned();
            text.lines()
                .find(|line| line.starts_with("Message-ID:"))
                .map(str::to_owned)
        };
        assert!(id_line(&bytes).is_some());
        assert_eq!(id_line(&bytes), id_line(&first.bytes));
        assert!(matches!(
            room.past(id).await,
            Some(MessageState::Sent { .. })
        ));
    }
}

#[tokio::test]
async fn whoever_calls_a_letter_back_learns_whether_it_may_have_left() {
    let room = Room::open().await;
    let call_back = async |id: MailId| {
        let space = room.space();
        let now = room.sender.clock.now();
        let called = room.sender.store.transact(|tx| {
            let space = space.clone();
            async move { crate::outbox::call_back(&tx, &space, id, "not wanted", now).await }
        });
        called.await.expect("called back").0
    };
    let waiting = room.post(somebody()).await;
    assert_eq!(call_back(waiting).await, CalledBack::InTime);
    assert_eq!(call_back(waiting).await, CalledBack::NothingThere);
    assert_eq!(room.work(waiting).await, None);

    let sent = room.post(somebody()).await;
    room.clock.advance(10);
    room.try_once(sent).await;
    assert_eq!(call_back(sent).await, CalledBack::TooLate);

    // In the middle of it: whatever the server answers afterwards is what counts.
    for (handed, then) in [
        (Handed::Taken, CalledBack::TooLate),
        (Handed::NotTaken("busy".into()), CalledBack::NothingThere),
        (Handed::Unknown("gone".into()), CalledBack::Perhaps),
    ] {
        let id = room.post(somebody()).await;
        room.clock.advance(10);
        room.begin(id).await;
        assert_eq!(call_back(id).await, CalledBack::Perhaps);
        let space = room.space();
        let one = room.a_try(&space, id);
        let settled = room
            .sender
            .store
            .transact(|tx| one.finish(tx, handed.clone()));
        settled.await.expect("settled");
        assert_eq!(call_back(id).await, then, "{handed:?}");
        assert_eq!(room.work(id).await, None);
    }
}

#[tokio::test]
async fn what_is_not_wanted_any_more_does_not_leave() {
    let room = Room::open().await;
    let id = room.post(Recipient::Member(MemberId::new())).await;
    room.clock.advance(10);
    room.try_once(id).await;
    assert!(room.letters().is_empty());
    let past = room.past(id).await;
    assert!(
        matches!(
            past,
            Some(MessageState::Withdrawn {
                may_have_left: false,
                ..
            })
        ),
        "{past:?}"
    );
}

#[tokio::test]
async fn what_cannot_be_written_waits_and_says_why() {
    let room = Room::open().await;
    let id = room.post(somebody()).await;
    room.clock.advance(10);
    let new = room.outbox().join("new");
    std::fs::remove_dir(&new).expect("removed");
    std::fs::write(&new, "in the way").expect("in the way");
    room.try_once(id).await;
    let work = room.work(id).await.expect("work");
    assert_eq!(work.attempts, 1);
    assert!(work.due > room.sender.clock.now());
    assert!(
        work.last_error
            .is_some_and(|why| why.starts_with("Couldn't write the email: "))
    );
    assert_eq!(
        room.waiting(id).await.map(|mail| mail.state),
        Some(MessageState::Waiting)
    );
    // Woken before its time, by a connection for example, nothing is tried.
    std::fs::remove_file(&new).expect("removed");
    std::fs::create_dir(&new).expect("made");
    room.try_once(id).await;
    assert!(room.letters().is_empty());
    room.clock.advance(3600);
    room.try_once(id).await;
    assert_eq!(room.letters().len(), 1);
}

/// As when an account was connected again.
#[tokio::test]
async fn what_failed_is_tried_at_once_when_what_was_in_its_way_is_gone() {
    let room = Room::open().await;
    let failed = room.post(somebody()).await;
    room.clock.advance(10);
    let new = room.outbox().join("new");
    std::fs::remove_dir(&new).expect("removed");
    std::fs::write(&new, "in the way").expect("in the way");
    room.try_once(failed).await;
    // Another one can still be undone.
    let fresh = room.post(somebody()).await;
    let due = room.work(fresh).await.expect("work").due;
    std::fs::remove_file(&new).expect("removed");
    std::fs::create_dir(&new).expect("made");
    let now = room.sender.clock.now();
    let (store, space) = (&room.sender.store, room.space());
    let retried = crate::outbox::retry_failed(store, &space, now).await;
    retried.expect("the store");
    assert_eq!(room.work(failed).await.expect("work").due, now);
    assert_eq!(room.work(fresh).await.expect("work").due, due);
    room.try_once(failed).await;
    assert_eq!(room.letters().len(), 1);
}

/// A channel that is no email: it holds what it was handed, unless it is out of reach.
#[derive(Clone, Default)]
struct Texts {
    handed: Arc<Mutex<Vec<(Message, bool)>>>,
    settled: Arc<Mutex<Vec<Settled>>>,
    out_of_reach: Arc<AtomicBool>,
}

impl Channel for Texts {
    fn write<'a>(
        &'a self,
        _: &'a Tx,
        place: Place<'a>,
        record: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        let Recipient::Address(number) = record.to.clone() else {
            return Box::pin(async { Ok(Written::Impossible("they have no telephone".into())) });
        };
        Box::pin(async move {
            let message = Message {
                name: place.id.to_string(),
                from: "Acme".into(),
                to: number.clone(),
                bytes: b"Your interview is tomorrow".to_vec(),
            };
            Ok(Written::Message {
                message,
                address: number,
                memo: Some("texted".into()),
            })
        })
    }

    fn hand_over<'a>(
        &'a self,
        _: WorkspaceId,
        message: &'a Message,
        again: bool,
    ) -> BoxFuture<'a, Handed> {
        Box::pin(async move {
            self.handed.lock().unwrap().push((message.clone(), again));
            match self.out_of_reach.load(Ordering::SeqCst) {
                true => Handed::Unknown("no answer".into()),
                false => Handed::Taken,
            }
        })
    }

    fn settled<'a>(
        &'a self,
        _: &'a Tx,
        _: Place<'a>,
        _: &'a MessageRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        self.settled.lock().unwrap().push(outcome);
        Box::pin(async { Ok(()) })
    }
}

#[tokio::test]
async fn a_channel_that_is_no_email_has_the_same_promises() {
    let (mut room, texts) = (Room::open().await, Texts::default());
    let (store, clock) = (room.sender.store.clone(), room.clock.clock());
    room.sender = Sender::new(store, clock).with(ChannelKind::Email, texts.clone());
    let id = room
        .post(Recipient::Address("+49 30 5550 1234".into()))
        .await;
    room.clock.advance(10);
    texts.out_of_reach.store(true, Ordering::SeqCst);
    room.try_once(id).await;
    let waiting = room.waiting(id).await.expect("it waits");
    assert!(matches!(waiting.state, MessageState::Sending { .. }));
    assert_eq!(waiting.memo.as_deref(), Some("texted"));

    texts.out_of_reach.store(false, Ordering::SeqCst);
    room.clock.advance(3600);
    room.try_once(id).await;
    let past = room.past(id).await;
    assert!(matches!(past, Some(MessageState::Sent { .. })), "{past:?}");
    let handed = texts.handed.lock().unwrap().clone();
    let [(first, false), (second, true)] = &handed[..] else {
        panic!("{handed:?}")
    };
    assert_eq!(first, second, "the same message under the same name");

    let nobody = room.post(Recipient::Member(MemberId::new())).await;
    room.clock.advance(10);
    room.try_once(nobody).await;
    let refused = room.waiting(nobody).await.expect("it was refused");
    assert!(matches!(refused.state, MessageState::Failed { .. }));
    let why = "they have no telephone".to_owned();
    let expected = [Settled::Sent, Settled::Refused { why, address: true }];
    assert_eq!(*texts.settled.lock().unwrap(), expected);
}

#[tokio::test]
async fn a_message_whose_channel_is_gone_waits_and_says_so() {
    let mut room = Room::open().await;
    room.sender = Sender::new(room.sender.store.clone(), room.clock.clock());
    let id = room.post(somebody()).await;
    room.clock.advance(10);
    room.try_once(id).await;
    let work = room.work(id).await.expect("work");
    assert_eq!(
        work.last_error.as_deref(),
        Some("this daemon has no such channel")
    );
    assert_eq!(
        room.waiting(id).await.map(|it| it.state),
        Some(MessageState::Waiting)
    );
}

#[tokio::test]
async fn what_is_refused_after_a_try_without_an_answer_may_have_left() {
    let room = Room::open().await;
    let refused = Handed::Refused {
        why: "550 5.7.1 you sent that before".into(),
        address: false,
    };
    for (tries, then) in [(1, CalledBack::NothingThere), (2, CalledBack::Perhaps)] {
        let id = room.post(somebody()).await;
        room.clock.advance(10);
        for _ in 0..tries {
            room.begin(id).await;
        }
        let space = room.space();
        let one = room.a_try(&space, id);
        let settled = room
            .sender
            .store
            .transact(|tx| one.finish(tx, refused.clone()));
        settled.await.expect("settled");
        let mail = room.waiting(id).await.expect("it stays");
        assert!(matches!(mail.state, MessageState::Failed { .. }));
        assert_eq!(mail.may_have_left(), then == CalledBack::Perhaps);
        let now = room.sender.clock.now();
        let called = room.sender.store.transact(|tx| {
            let space = space.clone();
            async move { crate::outbox::call_back(&tx, &space, id, "not wanted", now).await }
        });
        assert_eq!(called.await.expect("called back").0, then, "{tries} tries");
    }
}
