//! A daemon that cannot save changes: it says so, leaves, and the next one tells the admins.

use std::collections::BTreeMap;

use greenroom::client::Client;
use greenroom_protocol::ErrorKind;
use greenroom_protocol::mail::{Mail, MailKind, MailQuery};
use greenroom_protocol::status::CheckResult;
use greenroom_tests::harness::{World, add_job};
use greenroom_tests::wait;
use greenroomd::failpoint::{Point, VARIABLE};
use rustix::process::Signal;
use serde_json::Value;
use tokio::process::Command;

use crate::daemon_life::world;

pub fn points() -> Vec<Point> {
    vec![Point::FarewellOver]
}

/// `greenroom status --check`: its exit code and what it prints.
async fn check(world: &World) -> (i32, Value) {
    let mut command = Command::new(env!("CARGO_BIN_EXE_demo"));
    command
        .args(["client", "--no-start", "--json", "--socket"])
        .arg(world.socket())
        .args(["status", "--check"])
        .env("HOME", world.directory())
        .env_remove("XDG_CONFIG_HOME");
    let done = command.output().await.unwrap();
    let answer = serde_json::from_slice(&done.stdout).unwrap();
    (done.status.code().unwrap(), answer)
}

/// The daemon's next life, in which the disk fails whenever a job is to be saved. `lingers`: it
/// says so until it is stopped, however long one asks.
async fn begin_with_a_failing_disk(world: &mut World, lingers: bool) {
    let fails = "CommitApplied:error/job";
    let points = match lingers {
        true => format!("{fails},FarewellOver:error"),
        false => fails.to_owned(),
    };
    world.stop_daemon();
    world.start_daemon(&[(VARIABLE, &points)]).unwrap();
    world.answering().await.unwrap();
}

/// Case R8: an error of the disk.
#[tokio::test]
async fn a_daemon_that_cannot_save_says_so_and_what_can_be_read_is_read() {
    let (mut world, dana) = world().await;
    assert_eq!(
        check(&world).await,
        (0, serde_json::json!({"problems": []}))
    );
    drop(dana);
    begin_with_a_failing_disk(&mut world, true).await;

    let dana = world.client().await.unwrap();
    assert!(dana.status().await.unwrap().problems.is_empty());
    add_job(&dana, "Gardener").await.unwrap_err();
    let status = dana.status().await.unwrap();
    assert!(!status.ready);
    let [problem] = &status.problems[..] else {
        panic!("{:?}", status.problems)
    };
    assert_eq!(problem.code, "writing");
    assert!(
        problem
            .detail
            .as_deref()
            .unwrap()
            .contains("has the disk fail")
    );
    let checks = dana.doctor().await.unwrap();
    let store = checks.iter().find(|it| it.name == "store").unwrap();
    assert_eq!(store.result, CheckResult::Wrong, "{}", store.message);
    let (code, answer) = check(&world).await;
    assert_eq!(
        (code, &answer["error"]["kind"]),
        (1, &Value::from("failed"))
    );
    assert_eq!(answer["problems"][0]["code"], "writing");
    assert_eq!(dana.job_list().await.unwrap().total, 1);

    // Somebody who stops it meanwhile hears of the failure, too.
    world.daemon().unwrap().signal(Signal::TERM);
    assert_eq!(world.daemon_ended().await.unwrap().code(), Some(1));
}

#[tokio::test]
async fn a_daemon_that_cannot_save_leaves_with_a_failure_and_the_next_one_tells_the_admins() {
    let (mut world, dana) = world().await;
    drop(dana);
    begin_with_a_failing_disk(&mut world, false).await;
    let dana = world.client().await.unwrap();
    add_job(&dana, "Gardener").await.unwrap_err();

    // What starts services starts those again that end so.
    assert_eq!(world.daemon_ended().await.unwrap().code(), Some(1));
    let error = dana.status().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);

    world.run_daemon().await.unwrap();
    let dana = world.client().await.unwrap();
    let told = wait::until("that it began and that it is over", async || {
        let told = notices(&dana).await;
        (told.len() > 1).then_some(told)
    });
    let told = told.await;
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(check(&world).await.0, 0);
    add_job(&dana, "Gardener").await.unwrap();
}

/// Emails about problems, waiting and sent, by id.
async fn notices(client: &Client) -> BTreeMap<String, Mail> {
    let waiting = client.mail_list(MailQuery::default()).await.unwrap().items;
    let past = MailQuery {
        past: true,
        ..MailQuery::default()
    };
    let past = client.mail_list(past).await.unwrap().items;
    // One that leaves between the two questions is in both answers.
    let all = waiting.into_iter().chain(past);
    all.filter(|it| it.kind == MailKind::ProblemNotice)
        .map(|it| (it.id.to_string(), it))
        .collect()
}
