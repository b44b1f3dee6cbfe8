//! Killed while email leaves and comes in by Microsoft Graph: each leaves once, and each that came
//! in is handled once.

use std::collections::BTreeMap;
use std::os::unix::process::ExitStatusExt as _;
use std::time::{Duration, Instant};

use greenroom::client::Client;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::{Attendee, AttendeeState, InterviewNew, MeetingType};
use greenroom_protocol::mail::{MailQuery, MailState};
use greenroom_protocol::received::ReceivedQuery;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::{PATIENCE, zoom_interview};
use greenroom_tests::sandbox::{Often, microsoft};
use greenroom_tests::wait::{self, Deadline};
use greenroomd::failpoint::{ARMED, VARIABLE};
use rustix::process::Signal;

use super::fixture::{By, INTERVIEWS, OURS_AT_MICROSOFT, Office};
use crate::faults::points::fixture::ANA;

/// Around the commits before and after an email leaves.
const SENDING: [&str; 7] = [
    "CommitApplied:1/outbox",
    "CommitDurable:1/outbox",
    "LetterNoted:1",
    "LetterNoted:3",
    "LetterLeft:1",
    "LetterLeft:2",
    "CommitDurable:2/outbox",
];

/// Around the page of changes, the message behind it, and how far was read.
const READING: [&str; 7] = [
    "AnswerBegins:1",
    "AnswerArrived:2",
    "EmailInHand:1",
    "CommitApplied:1/graph-folder",
    "CommitDurable:1/graph-folder",
    "CommitApplied:2/graph-folder",
    "CommitDurable:2/graph-folder",
];

/// No answer comes before the test is over.
const NEVER: u64 = 24 * 60 * 60 * 1000;

/// The daemon, by Graph; `None`: there are no points to die at.
async fn office() -> Option<Office> {
    if !ARMED {
        eprintln!("skipped: this build has no failpoints");
        return None;
    }
    let office = Office::open().await;
    office.connect(OURS_AT_MICROSOFT).await;
    office.mails_by(OURS_AT_MICROSOFT, By::Graph).await;
    Some(office)
}

impl Office {
    /// The daemon starts, and dies there.
    async fn dies_at(&mut self, named: &str) {
        self.desk.world.kill_daemon();
        self.desk.world.start_daemon(&[(VARIABLE, named)]).unwrap();
        let ended = self.desk.world.daemon_ended().await.unwrap();
        assert_eq!(ended.signal(), Some(Signal::KILL.as_raw()), "{named}");
    }

    /// So many interviews by telephone, whose invitations leave in the same moment, to Ana and to
    /// Dana.
    async fn books(&self, many: i64) -> Vec<InterviewId> {
        let client = self.desk.client().await;
        let mut booked = Vec::new();
        for number in 0..many {
            let by_phone = InterviewNew {
                kind: MeetingType::Phone,
                details: Some("+49 30 5550 1234".into()),
                ..zoom_interview(ANA, 30 * number + 7 * 24 * 60)
            };
            booked.push(client.interview_new(by_phone).await.unwrap().interview.id);
        }
        booked
    }

    /// Microsoft took each invitation once, each is recorded, and the interviews say so.
    async fn everything_left_once(&self, booked: &[InterviewId]) {
        let client = self.desk.client().await;
        for id in booked {
            let shown = client.interview_get(Reference::to(id.to_string())).await;
            let attendees = shown.unwrap().attendees;
            let invited = |it: &Attendee| it.state == AttendeeState::Invited;
            assert!(attendees.iter().all(invited), "{attendees:?}");
        }
        let taken = self.taken();
        assert_eq!(taken.len(), 2 * booked.len(), "{taken:?}");
        assert!(taken.values().all(|times| *times == 1), "{taken:?}");
        let (sent, _) = mail(&client).await;
        for id in taken.keys() {
            let recorded = sent.iter().any(|it| id.contains(it.as_str()));
            assert!(recorded, "{id} is not recorded: {sent:?}");
        }
    }

    /// How often Microsoft took each email, by its Message-ID.
    fn taken(&self) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        for sent in self.microsoft.sent() {
            let text = String::from_utf8_lossy(&sent.message).into_owned();
            let mut lines = text.lines();
            let id = lines.find_map(|line| line.strip_prefix("Message-ID: "));
            *times.entry(id.unwrap().to_owned()).or_default() += 1;
        }
        times
    }
}

/// What has left, by Message-ID, and why the rest waits.
async fn mail(client: &Client) -> (Vec<String>, Vec<String>) {
    // What leaves between the two questions is in the second answer.
    let list = async |past| {
        let query = MailQuery {
            past,
            limit: Some(200),
            ..MailQuery::default()
        };
        client.mail_list(query).await.unwrap().items
    };
    let waiting = list(false).await.into_iter();
    let waiting = waiting.map(|it| format!("{:?}: {:?}", it.state, it.reason));
    let waiting = waiting.collect();
    let past = list(true).await.into_iter();
    let sent = past.filter(|it| it.state == MailState::Sent);
    (sent.map(|it| it.message_id).collect(), waiting)
}

/// Nobody repeats an email before Microsoft had a minute and a half to say whether it has it, in
/// each life of the daemon: the one long wait here.
#[tokio::test(flavor = "multi_thread")]
async fn every_email_leaves_once_by_graph_whenever_the_daemon_dies() {
    let Some(mut office) = office().await else {
        return;
    };
    let booked = office.books(4).await;
    for named in SENDING {
        office.dies_at(named).await;
    }
    office.desk.world.run_daemon().await.unwrap();

    // What may have left is said so, and looked for among the sent emails first.
    let client = office.desk.client().await;
    let (begun, mut doubted) = (Instant::now(), false);
    let mut revision = client.hello().revision;
    loop {
        let (_, waiting) = mail(&client).await;
        doubted |= waiting
            .iter()
            .any(|it| it.contains("Microsoft may have taken it"));
        if waiting.is_empty() {
            break;
        }
        assert!(begun.elapsed() < 4 * PATIENCE, "{waiting:?}");
        let changes = client.changes(revision, Duration::from_secs(2)).await;
        revision = changes.unwrap().revision;
    }
    assert!(doubted, "no reason says that an email may have left");
    office.everything_left_once(&booked).await;
}

#[tokio::test(flavor = "multi_thread")]
async fn emails_that_graph_took_before_a_kill_are_found_and_not_sent_again() {
    let Some(mut office) = office().await else {
        return;
    };
    let late = microsoft::FaultKind::SlowAnswer { ms: NEVER };
    let late = microsoft::Fault::once(microsoft::Endpoint::SendMail, late).often(Often::Always);
    office.microsoft.fault(late);
    // Microsoft answers four requests at a time, and these two and the mailbox's are under way.
    let booked = office.books(1).await;
    wait::so("Microsoft takes them all", async || {
        office.microsoft.sent().len() == 2 * booked.len()
    })
    .await;
    office.desk.world.kill_daemon();
    office.microsoft.clear_faults();
    let before = office.microsoft.counters();
    office.desk.world.run_daemon().await.unwrap();
    let client = office.desk.client().await;
    wait::so("all are recorded as sent", async || {
        mail(&client).await.1.is_empty()
    })
    .await;
    office.everything_left_once(&booked).await;
    let after = office.microsoft.counters();
    let sends = microsoft::Endpoint::SendMail;
    assert_eq!(
        after.of(sends),
        before.of(sends),
        "none was handed over again"
    );
}

#[tokio::test(flavor = "multi_thread")]
async fn every_email_that_came_in_is_handled_once_by_graph_whenever_the_daemon_dies() {
    let Some(mut office) = office().await else {
        return;
    };
    let mut subjects = Vec::new();
    for (number, named) in READING.into_iter().enumerate() {
        office.desk.world.stop_daemon();
        // Now and then Microsoft forgets how far was read, and lists everything again.
        if number % 3 == 2 {
            office.microsoft.forget_sync_state(INTERVIEWS).unwrap();
        }
        for part in ["a", "b"] {
            let subject = format!("Portfolio {number}{part}");
            let email = format!(
                "From: {ANA}\r\nTo: {INTERVIEWS}\r\nSubject: {subject}\r\nMessage-ID: \
                 <{number}{part}@mail.example>\r\n\r\nHere it is.\r\n"
            );
            office
                .microsoft
                .deliver(INTERVIEWS, email.as_bytes())
                .unwrap();
            subjects.push(subject);
        }
        office.dies_at(named).await;
        office.desk.world.run_daemon().await.unwrap();
        let client = office.desk.client().await;
        let deadline = Deadline::new("everything that came in is kept");
        while received(&client).await.len() < subjects.len() {
            deadline.pause().await;
        }
    }
    // Once more from the beginning, which brings nothing new.
    office.desk.world.stop_daemon();
    office.microsoft.forget_sync_state(INTERVIEWS).unwrap();
    let looked = |office: &Office| {
        let counted = office.microsoft.counters();
        counted.of(microsoft::Endpoint::Delta)
    };
    let before = looked(&office);
    office.desk.world.run_daemon().await.unwrap();
    wait::so("it is all listed again", async || {
        looked(&office) > before + 2
    })
    .await;
    let client = office.desk.client().await;
    let mut kept = received(&client).await;
    kept.sort();
    subjects.sort();
    assert_eq!(kept, subjects);
    let skipped = client.status().await.unwrap().mail.skipped;
    assert!(skipped.is_empty(), "{skipped:?}");
}

async fn received(client: &Client) -> Vec<String> {
    let query = ReceivedQuery {
        limit: Some(200),
        ..ReceivedQuery::default()
    };
    let page = client.mail_received(query).await.unwrap();
    page.items.into_iter().map(|it| it.subject).collect()
}
