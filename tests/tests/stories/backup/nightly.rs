//! The daemon's own backups, in a house whose time is moved.

use greenroom_protocol::status::CheckResult;
use greenroom_tests::test_daemon::{OWNER, TestDaemon};
use greenroomd::work::rounds::Round as _;

#[tokio::test]
async fn one_is_made_every_night_and_its_age_is_told() {
    let daemon = TestDaemon::open().await.unwrap();
    let backups = daemon.backups();
    backups.tonight().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    let told = dana.status().await.unwrap().backup.unwrap();
    assert_eq!(
        (told.last, told.keep),
        (None, 7),
        "an empty store has nothing to lose"
    );

    backups.tonight().await.unwrap();
    let first = dana.status().await.unwrap().backup.unwrap();
    assert_eq!(first.last, Some(daemon.now()));
    backups.tonight().await.unwrap();
    let again = dana.status().await.unwrap().backup.unwrap();
    assert_eq!(again, first, "one a night is enough");

    for _ in 0..9 {
        daemon.seconds_pass(24 * 3600);
        backups.tonight().await.unwrap();
    }
    let kept = std::fs::read_dir(&first.directory).unwrap().count();
    assert_eq!(kept, 7);
    let check = async || {
        let checks = dana.doctor().await.unwrap();
        checks.into_iter().find(|it| it.name == "backup").unwrap()
    };
    assert_eq!(check().await.result, CheckResult::Ok);
    daemon.seconds_pass(3 * 24 * 3600);
    let old = check().await;
    assert_eq!(old.result, CheckResult::Warning);
    assert!(old.message.contains("72 h ago"), "{}", old.message);
}

#[tokio::test]
async fn a_night_that_fails_is_loud_and_removes_nothing() {
    let daemon = TestDaemon::open().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    let backups = daemon.backups();
    backups.tonight().await.unwrap();
    let directory = dana.status().await.unwrap().backup.unwrap().directory;
    daemon.seconds_pass(24 * 3600);
    // Where a backup would be written, something is in the way.
    let stamp = daemon.now().timestamp().strftime("%Y%m%dT%H%M%SZ");
    let way = format!("{directory}/greenroom-{stamp}.backup.new");
    std::fs::create_dir(&way).unwrap();
    assert!(backups.tonight().await.is_err());
    let kept = std::fs::read_dir(&directory).unwrap();
    let kept = kept.filter(|it| it.as_ref().unwrap().path().is_file());
    assert_eq!(kept.count(), 1);
    daemon.nightly_backup().go().await;
    let told = dana.status().await.unwrap().backup.unwrap();
    assert!(told.problem.is_some());
    let checks = dana.doctor().await.unwrap();
    let check = checks.into_iter().find(|it| it.name == "backup").unwrap();
    assert_eq!(check.result, CheckResult::Wrong, "{}", check.message);
}

/// Case R8: admins get one email when the nightly backup begins to fail and one when it works
/// again, also across restarts.
#[tokio::test]
async fn admins_hear_once_that_backups_fail_and_once_that_they_work_again() {
    let mut daemon = TestDaemon::open().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    daemon.backups().tonight().await.unwrap();
    daemon.look_for_problems().await.unwrap();
    let directory = dana.status().await.unwrap().backup.unwrap().directory;
    daemon.seconds_pass(24 * 3600);
    let stamp = daemon.now().timestamp().strftime("%Y%m%dT%H%M%SZ");
    let way = format!("{directory}/greenroom-{stamp}.backup.new");
    std::fs::create_dir(&way).unwrap();
    daemon.nightly_backup().go().await;
    let problem = dana.status().await.unwrap().problems.remove(0);
    assert_eq!(problem.code, "backup");
    assert!(problem.detail.is_some());

    let subjects = async |daemon: &TestDaemon| {
        let dana = daemon.client(OWNER).await.unwrap();
        daemon.look_for_problems().await.unwrap();
        daemon.look_for_problems().await.unwrap();
        while dana.status().await.unwrap().mail.waiting > 0 {
            tokio::task::yield_now().await;
        }
        let emails = daemon.mail().letters().unwrap();
        let subjects: Vec<_> = emails.into_iter().map(|it| it.subject).collect();
        subjects
    };
    let began = "Greenroom needs you: The nightly backup failed (Acme)";
    assert_eq!(subjects(&daemon).await, [began]);
    drop(dana);
    // A daemon that only started anew has seen no backup work.
    daemon.begin_again().await.unwrap();
    daemon.seconds_pass(60);
    assert_eq!(subjects(&daemon).await, [began]);
    std::fs::remove_dir(&way).unwrap();
    daemon.backups().tonight().await.unwrap();
    daemon.seconds_pass(60);
    let over = "Over: The nightly backup failed (Acme)";
    assert_eq!(subjects(&daemon).await, [began, over]);
    daemon.begin_again().await.unwrap();
    assert_eq!(subjects(&daemon).await, [began, over]);
}
