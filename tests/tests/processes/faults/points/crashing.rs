//! What panics in the daemon is begun again while it lives: a piece of work at its next try, a loop
//! in the daemon's next life.

use greenroom_protocol::interview::{AttendeeState, InterviewNew, MeetingState, MeetingType};
use greenroom_protocol::mail::{MailQuery, MailState};
use greenroom_protocol::status::CheckResult;
use greenroom_tests::harness::{DANA, when, zoom_interview};
use greenroom_tests::wait;
use greenroomd::failpoint::{ARMED, Point, VARIABLE};

use super::fixture::{ANA, Fixture};
use crate::faults::accounts;

pub fn points() -> Vec<Point> {
    vec![Point::QueueRead]
}

/// An office whose daemon does that at a point.
async fn daemon_that(does: &str) -> Option<Fixture> {
    if !ARMED {
        eprintln!("skipped: this build has no failpoints");
        return None;
    }
    let mut desk = Fixture::with_lasting_keys().await;
    desk.connect(DANA).await;
    desk.world.stop_daemon();
    desk.world.start_daemon(&[(VARIABLE, does)]).unwrap();
    Some(desk)
}

fn by_phone() -> InterviewNew {
    InterviewNew {
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        ..zoom_interview(ANA, 7 * 24 * 60)
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn an_email_whose_worker_panicked_leaves_at_the_next_try() {
    let Some(mut desk) = daemon_that("LetterNoted:panic").await else {
        return;
    };
    desk.world.answering().await.unwrap();
    let client = desk.client().await;
    let booked = client.interview_new(by_phone()).await.unwrap().interview.id;
    let invited = |it: &greenroom_protocol::interview::Interview| {
        let mut states = it.attendees.iter().map(|it| it.state);
        states.all(|state| state == AttendeeState::Invited)
    };
    when(&client, &booked.to_string(), invited).await.unwrap();
    let past = MailQuery {
        past: true,
        ..MailQuery::default()
    };
    let mail = client.mail_list(past).await.unwrap().items;
    let sent = |it: &greenroom_protocol::mail::Mail| it.state == MailState::Sent;
    assert!(mail.len() > 1 && mail.iter().all(sent), "{mail:?}");

    let log = desk.world.read_log();
    let crashed: Vec<_> = log
        .lines()
        .filter(|it| it.contains("a worker crashed"))
        .collect();
    let [crashed] = crashed[..] else {
        panic!("{log}")
    };
    let named = mail.iter().any(|it| crashed.contains(&it.id.to_string()));
    assert!(named && !crashed.contains('@'), "{crashed}");
}

#[tokio::test(flavor = "multi_thread")]
async fn a_meeting_whose_worker_panicked_exists_once() {
    let Some(mut desk) = daemon_that("MeetingNoted:panic").await else {
        return;
    };
    desk.world.answering().await.unwrap();
    let client = desk.client().await;
    let new = zoom_interview(ANA, 24 * 60);
    let id = client
        .interview_new(new)
        .await
        .unwrap()
        .interview
        .id
        .to_string();
    let ready =
        |it: &greenroom_protocol::interview::Interview| it.meeting.state == MeetingState::Ready;
    when(&client, &id, ready).await.unwrap();
    let at_zoom = accounts::meetings(&desk.world.zoom);
    assert_eq!(at_zoom.get(&id).map(Vec::len), Some(1), "{at_zoom:?}");
    assert!(desk.world.read_log().contains("a worker crashed"));
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_whose_loop_panicked_begins_again_and_does_its_work() {
    let Some(desk) = daemon_that("QueueRead:panic").await else {
        return;
    };
    // The life that ends may still answer; it is the next one that is asked.
    let next_life = || {
        let log = desk.world.read_log();
        let ended = log.find("a loop ended; the daemon begins again");
        ended.is_some_and(|at| log[at..].contains("ready pid="))
    };
    wait::so("the daemon's next life", async || next_life()).await;
    let client = desk.client().await;
    let new = zoom_interview(ANA, 24 * 60);
    let id = client
        .interview_new(new)
        .await
        .unwrap()
        .interview
        .id
        .to_string();
    let ready =
        |it: &greenroom_protocol::interview::Interview| it.meeting.state == MeetingState::Ready;
    let came = when(&client, &id, ready).await;
    assert!(came.is_ok(), "{came:?} {}", desk.world.read_log());
    let checks = client.doctor().await.unwrap();
    let loops = checks.iter().find(|check| check.name == "loops");
    let loops = loops.expect("what ended is named");
    assert_eq!(loops.result, CheckResult::Warning);
    assert!(loops.message.contains("\"work\""), "{}", loops.message);
}

#[tokio::test(flavor = "multi_thread")]
async fn a_daemon_whose_loop_ends_again_and_again_says_so_and_gives_up() {
    let Some(mut desk) = daemon_that("QueueRead:error").await else {
        return;
    };
    let ended = desk.world.daemon_ended().await.unwrap();
    assert_eq!(ended.code(), Some(1));
    let log = desk.world.read_log();
    assert!(log.contains("the daemon gives up"), "{log}");
    assert_eq!(
        log.matches("a loop ended; the daemon begins again").count(),
        5,
        "{log}"
    );
    let said = "the loop \"work\" ended (a test has it fail)";
    assert!(log.contains(said), "{log}");

    desk.world.run_daemon().await.unwrap();
    desk.client().await.status().await.unwrap();
}
