//! Killed while the daemon does what nobody asked for in that moment: reminds an interviewer who
//! does not reply, has somebody else take a decliner's place, announces erasures and erases. Each is
//! done once, and whole.
//!
//! What takes days is made older in the store of a stopped daemon, as if the days had passed.

use std::collections::HashSet;
use std::time::Duration;

use greenroom::client::Client;
use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::{
    Attendee, AttendeeState, ChangeKind, Interview, InterviewNew, MeetingType,
};
use greenroom_protocol::mail::{MailKind, MailQuery};
use greenroom_protocol::pipeline::{
    CandidateQuery, CandidateState, PanelGroup, PanelRule, RetentionQuery, StageConfigure,
    StageInterviewChange, StateAction,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{Reference, Role, WorkspaceEdit};
use greenroom_tests::harness::{World, when};
use greenroom_tests::post::Folders;
use greenroom_tests::test_daemon::TestDaemon;
use greenroom_tests::wait::Deadline;
use greenroomd::failpoint::{ARMED, Point, VARIABLE};
use greenroomd::interviews::REPLY_WORK;
use greenroomd::records::interview::InterviewRecord;
use greenroomd::records::pipeline::ApplicationRecord;
use greenroomd::records::retention::RetentionRecord;
use greenroomd::store::{self, Store};
use greenroomd::work::WorkRecord;

use super::fixture::ANA;

const BEN: &str = "ben.okafor@mail.example";
const SAM: &str = "sam.ito@acme.example";
const LENA: &str = "lena.bauer@acme.example";

const DAY: i64 = 24 * 60 * 60;

/// Where it is killed, one after the other, until all of it is done: before a commit is durable,
/// and before anyone has heard of it.
const POINTS: [Point; 4] = [
    Point::CommitApplied,
    Point::CommitDurable,
    Point::CommitApplied,
    Point::CommitDurable,
];

/// Kills the daemon at the first commit of `table`, again and again until it is `done`; the next
/// one that is not killed does the rest.
async fn killed_until(world: &mut World, table: &str, done: impl AsyncFn(&Client) -> bool) {
    let mut kills = 0;
    for point in POINTS {
        world.stop_daemon();
        let named = format!("{point:?}:1/{table}");
        world.start_daemon(&[(VARIABLE, &named)]).unwrap();
        let deadline = Deadline::new(&format!("it dies at {named}, or all is done"));
        let is_done = loop {
            deadline.check();
            if !world.daemon_lives().unwrap() {
                kills += 1;
                break false;
            }
            if let Ok(client) = world.client().await
                && done(&client).await
            {
                break true;
            }
            tokio::time::sleep(Duration::from_millis(20)).await;
        };
        if is_done {
            break;
        }
    }
    assert!(kills > 0, "it was killed in nothing");
    world.stop_daemon();
    world.run_daemon().await.unwrap();
    let client = world.client().await.unwrap();
    let deadline = Deadline::new("the rest is done");
    while !done(&client).await {
        deadline.check();
        tokio::time::sleep(Duration::from_millis(20)).await;
    }
}

/// The store of a daemon that is stopped.
async fn store_of(world: &mut World) -> Store {
    world.stop_daemon();
    let directory = world.directory().join("data/store");
    store::open(&directory, store::sled::Settings::default())
        .await
        .unwrap()
}

/// How many emails of a kind there are, on their way or past. One that leaves between the two
/// questions is in both answers.
async fn emails(client: &Client, kind: MailKind) -> usize {
    let mut found = HashSet::new();
    for past in [false, true] {
        let query = MailQuery {
            past,
            limit: Some(500),
            ..MailQuery::default()
        };
        let page = client.mail_list(query).await.unwrap();
        let of_kind = page.items.into_iter().filter(|it| it.kind == kind);
        found.extend(of_kind.map(|it| it.id));
    }
    found.len()
}

fn now() -> Instant {
    Instant::from_second(jiff::Timestamp::now().as_second())
}

/// The space of the workspace a client is in.
fn space_of(client: &Client) -> String {
    let workspace = client.hello().workspace.as_ref();
    workspace.expect("a workspace").id.to_string()
}

fn of<'a>(interview: &'a Interview, email: &str) -> Option<&'a Attendee> {
    interview.attendees.iter().find(|it| it.email == email)
}

async fn shown(client: &Client, id: &str) -> Option<Interview> {
    client.interview_get(Reference::to(id)).await.ok()
}

/// Interviews are with Sam or Lena; Ana's by phone is with Sam, and everyone has an invitation.
async fn invited() -> (World, String, Interview) {
    let builder = TestDaemon::builder()
        .member("Sam Ito", SAM, &[Role::Interviewer])
        .member("Lena Bauer", LENA, &[Role::Interviewer])
        .job("Designer")
        .candidate("Ana Lima", ANA, "Designer");
    let (world, dana) = builder.run(env!("CARGO_BIN_EXE_demo")).await.unwrap();
    let members = dana.member_list().await.unwrap().items;
    let id = |email: &str| members.iter().find(|it| it.email == email).unwrap().id;
    let group = PanelGroup {
        rule: PanelRule::AnyOf,
        members: vec![id(SAM), id(LENA)],
    };
    let stage = StageConfigure {
        job: Some("Designer".into()),
        stage: "Applied".into(),
        change: Some(StageInterviewChange {
            panel: Edit::Set(vec![group]),
            ..StageInterviewChange::default()
        }),
        ..StageConfigure::default()
    };
    dana.stage_configure(stage).await.unwrap();
    let start = now().plus_seconds(20 * DAY);
    let booking = InterviewNew {
        candidate: ANA.into(),
        with: vec![SAM.into()],
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        start: start.to_string(),
        duration_minutes: Some(30),
        confirm: true,
        ..InterviewNew::default()
    };
    let booked = dana.interview_new(booking).await.unwrap().interview;
    let invited = |it: &Interview| {
        let mut all = it.attendees.iter();
        !it.attendees.is_empty() && all.all(|it| it.state == AttendeeState::Invited)
    };
    let booked = when(&dana, &booked.id.to_string(), invited).await.unwrap();
    let space = space_of(&dana);
    (world, space, booked)
}

#[tokio::test(flavor = "multi_thread")]
async fn a_reminder_to_reply_is_sent_once_and_a_decliner_replaced_once() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let (mut world, space, interview) = invited().await;
    let id = &interview.id.to_string();

    // Sam was asked five days ago.
    let store = store_of(&mut world).await;
    let space = &space;
    let aged = store.transact(|tx| async move {
        let record = tx.get::<InterviewRecord>(space, id).await?;
        let mut record = record.expect("the interview");
        for asked in &mut record.invitation.asked {
            asked.at = asked.at.plus_seconds(-5 * DAY);
        }
        tx.put(space, id, &record)?;
        WorkRecord::ask(&tx, space, REPLY_WORK, id, now())
    });
    aged.await.unwrap();
    store.close().await;
    let reminded = async |client: &Client| {
        let interview = shown(client, id).await;
        let sam = interview.as_ref().and_then(|it| of(it, SAM));
        sam.is_some_and(|it| it.reminded_at.is_some())
    };
    killed_until(&mut world, "outbox", reminded).await;
    let client = world.client().await.unwrap();
    assert_eq!(emails(&client, MailKind::NoReplyReminder).await, 1);

    // Sam declines while no daemon runs.
    world.stop_daemon();
    let folders = Folders::of(&world.directory().join("data/mail"));
    let invitation = folders.to(SAM).unwrap();
    let invitation = invitation.iter().find(|it| it.method() == Some("REQUEST"));
    let stamp = jiff::Timestamp::now()
        .strftime("%Y%m%dT%H%M%SZ")
        .to_string();
    let declines = invitation.unwrap().reply("DECLINED", &stamp);
    folders.answer("sam.declines", &declines).unwrap();
    let replaced = async |client: &Client| {
        let interview = shown(client, id).await;
        interview.is_some_and(|it| it.interviewers.iter().any(|it| it.email == LENA))
    };
    killed_until(&mut world, "interview", replaced).await;
    let client = world.client().await.unwrap();
    let interview = shown(&client, id).await.unwrap();
    let edits = interview.changes.iter();
    let edits: Vec<_> = edits.filter(|it| it.kind == ChangeKind::Edited).collect();
    assert_eq!(edits.len(), 1, "{:?}", interview.changes);
    assert_eq!(interview.interviewers.len(), 1);
    assert_eq!(emails(&client, MailKind::ReplyNotice).await, 1);
}

#[tokio::test(flavor = "multi_thread")]
async fn an_erasure_is_announced_once_and_everyone_announced_is_erased_whole() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let builder = TestDaemon::builder().job("Designer");
    let builder =
        builder
            .candidate("Ana Lima", ANA, "Designer")
            .candidate("Ben Okafor", BEN, "Designer");
    let (mut world, dana) = builder.run(env!("CARGO_BIN_EXE_demo")).await.unwrap();
    let space = &space_of(&dana);
    let mut applications = Vec::new();
    for who in [ANA, BEN] {
        let reject = CandidateState::new(who, StateAction::Reject);
        let rejected = dana.candidate_state(reject).await.unwrap();
        applications.push(rejected.application.id.to_string());
    }
    let keep = WorkspaceEdit {
        keep_rejected: Some(12),
        ..WorkspaceEdit::default()
    };
    dana.workspace_edit(keep).await.unwrap();

    // Both were rejected two years ago.
    let store = store_of(&mut world).await;
    let aged = store.transact_each(&applications, |tx, id| async move {
        let record = tx.get::<ApplicationRecord>(space, id).await?;
        let mut record = record.expect("the application");
        for note in &mut record.states {
            note.at = note.at.plus_seconds(-2 * 365 * DAY);
        }
        tx.put(space, id, &record)
    });
    aged.await.unwrap();
    store.close().await;
    let announced = async |client: &Client| {
        let page = client.retention_list(RetentionQuery::default()).await;
        let rows = page.map(|page| page.items).unwrap_or_default();
        rows.len() == 2 && rows.iter().all(|row| row.announced_at.is_some())
    };
    killed_until(&mut world, "retention", announced).await;
    let client = world.client().await.unwrap();
    assert_eq!(emails(&client, MailKind::RetentionNotice).await, 1);

    // The two weeks are over.
    let page = client.retention_list(RetentionQuery::default()).await;
    let ids: Vec<_> = page.unwrap().items.into_iter().collect();
    let ids: Vec<_> = ids.iter().map(|row| row.candidate.to_string()).collect();
    let store = store_of(&mut world).await;
    let aged = store.transact_each(&ids, |tx, id| async move {
        let record = tx.get::<RetentionRecord>(space, id).await?;
        let mut record = record.expect("the announcement");
        record.erase_at = now().plus_seconds(-DAY);
        tx.put(space, id, &record)
    });
    aged.await.unwrap();
    store.close().await;
    let erased = async |client: &Client| {
        let everyone = CandidateQuery {
            archived: true,
            ..CandidateQuery::default()
        };
        let left = client.candidate_list(everyone).await;
        left.is_ok_and(|page| page.total == 0)
    };
    killed_until(&mut world, "retention", erased).await;
    let client = world.client().await.unwrap();
    assert_eq!(emails(&client, MailKind::RetentionNotice).await, 1);
    for id in &ids {
        let query = AuditQuery {
            record: Some(id.clone()),
            ..AuditQuery::default()
        };
        let entries = client.audit_list(query).await.unwrap().items;
        let erased = entries.iter().filter(|it| it.fields == ["erased"]);
        assert_eq!(erased.count(), 1, "{entries:?}");
    }
    // Nothing of them is left in what is stored.
    let store = store_of(&mut world).await;
    let left = store.scan::<ApplicationRecord>(space, None, 10).await;
    assert_eq!(left.unwrap().rows.len(), 0);
    let left = store.scan::<RetentionRecord>(space, None, 10).await;
    assert_eq!(left.unwrap().rows.len(), 0);
    store.close().await;
}
