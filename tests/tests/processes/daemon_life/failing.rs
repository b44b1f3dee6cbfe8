//! A daemon that cannot save changes: it says so, leaves, and the next one tells the admins.

use std::collections::BTreeMap;

use greenroom_protocol::ErrorKind;
use greenroom_protocol::mail::{MailKind, MailQuery};
use greenroom_protocol::status::CheckResult;
use greenroom_tests::harness::{PATIENCE, World, add_job};
use serde_json::Value;
use tokio::process::Command;

use crate::daemon_life::world;

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

/// Case R8: an error of the disk.
#[tokio::test]
async fn a_daemon_that_cannot_save_says_so_and_leaves_with_a_failure() {
    let (mut world, dana) = world().await;
    assert_eq!(
        check(&world).await,
        (0, serde_json::json!({"problems": []}))
    );
    drop(dana);
    world.stop_daemon();
    world
        .start_daemon(&[("GREENROOM_FAILPOINT", "CommitApplied:error/job")])
        .unwrap();
    world.answering().await.unwrap();

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
    // What can be read is read until it leaves.
    assert_eq!(dana.job_list().await.unwrap().total, 1);

    // What starts services starts those again that end so.
    assert_eq!(world.daemon_ended().await.unwrap().code(), Some(1));
    let error = dana.status().await.unwrap_err();
    assert_eq!(error.kind, ErrorKind::Unreachable);

    world.run_daemon().await.unwrap();
    let dana = world.client().await.unwrap();
    let until = std::time::Instant::now() + PATIENCE;
    let told = loop {
        let waiting = dana.mail_list(MailQuery::default()).await.unwrap().items;
        let past = MailQuery {
            past: true,
            ..MailQuery::default()
        };
        let past = dana.mail_list(past).await.unwrap().items;
        // One that leaves between the two questions is in both answers.
        let all = waiting.into_iter().chain(past);
        let told: BTreeMap<_, _> = all
            .filter(|it| it.kind == MailKind::ProblemNotice)
            .map(|it| (it.id.to_string(), it))
            .collect();
        if !told.is_empty() {
            break told;
        }
        assert!(std::time::Instant::now() < until, "the admin is not told");
        tokio::time::sleep(std::time::Duration::from_millis(50)).await;
    };
    // That it began, which is needless by now, and that it is over.
    assert_eq!(told.len(), 2, "{told:?}");
    assert_eq!(check(&world).await.0, 0);
    add_job(&dana, "Gardener").await.unwrap();
}
