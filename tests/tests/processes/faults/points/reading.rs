//! Killed while an email is read that takes the daemon down: the second time is the last.

use std::os::unix::process::ExitStatusExt as _;

use greenroom_protocol::status::CheckResult;
use greenroom_tests::post::Folders;
use greenroom_tests::wait::Deadline;
use greenroomd::failpoint::{ARMED, Point, VARIABLE};
use rustix::process::Signal;

use super::fixture::Fixture;

pub fn points() -> Vec<Point> {
    vec![Point::EmailInHand]
}

/// Case R1: nobody knows which email it was the first time, so the second time tells.
#[tokio::test(flavor = "multi_thread")]
async fn an_email_that_takes_the_daemon_down_twice_is_skipped_and_said_to_be() {
    if !ARMED {
        return eprintln!("skipped: this build has no failpoints");
    }
    let mut desk = Fixture::open().await;
    desk.world.kill_daemon();
    let inbox = Folders::of(&desk.world.directory().join("data/mail"));
    for name in ["1-fine", "2-broken", "3-fine"] {
        inbox.answer(name, "From: a@b.example\n\nHello\n").unwrap();
    }
    // It comes to the second email; then that is the first that is left, and is come to again.
    for at in ["EmailInHand:2", "EmailInHand:1"] {
        desk.world.start_daemon(&[(VARIABLE, at)]).unwrap();
        let ended = desk.world.daemon_ended().await.unwrap();
        assert_eq!(ended.signal(), Some(Signal::KILL.as_raw()), "{at}");
    }
    desk.world.run_daemon().await.unwrap();
    let client = desk.client().await;
    let deadline = Deadline::here();
    let status = loop {
        let status = client.status().await.unwrap();
        if !status.mail.skipped.is_empty() && inbox.unread_answers().unwrap().is_empty() {
            break status;
        }
        deadline.pause().await;
    };
    let [skipped] = &status.mail.skipped[..] else {
        panic!("{:?}", status.mail.skipped)
    };
    assert_eq!(skipped.email, "the file 2-broken of the inbox");
    assert_eq!(skipped.why, "the daemon crashed twice while reading it");
    let checks = client.doctor().await.unwrap();
    let check = checks.iter().find(|it| it.name == "skipped email").unwrap();
    assert_eq!(check.result, CheckResult::Warning);
    assert!(check.message.contains("2-broken"), "{check:?}");
    // The log is written behind the daemon's back.
    let deadline = Deadline::here();
    while !desk.world.read_log().contains("an email was skipped") {
        deadline.pause().await;
    }

    // It is over: the next one that kills is innocent until it has done so twice.
    inbox
        .answer("4-fine", "From: a@b.example\n\nHello\n")
        .unwrap();
    let deadline = Deadline::here();
    while !inbox.unread_answers().unwrap().is_empty() {
        deadline.pause().await;
    }
    assert_eq!(client.status().await.unwrap().mail.skipped.len(), 1);
}
