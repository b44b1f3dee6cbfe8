//! Trying a Zoom connection with a meeting that is deleted again.

use greenroom_protocol::status::CheckResult::{self, Ok as Good, Warning, Wrong};
use greenroom_protocol::zoom_test::{ZoomTest, ZoomTestQuery, ZoomTestStep as Step};
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Account, Config, Endpoint, Fault, FaultKind, Plan, User};
use greenroom_tests::wait::Deadline;

use crate::booking::fixture::{ANA, Fixture, TEN, with};

impl Fixture {
    /// Begins a test, and lets time pass until it is over.
    async fn tests_zoom(&self) -> ZoomTest {
        let query = ZoomTestQuery::default();
        let mut test = self.dana.zoom_test(query.clone()).await.unwrap();
        let deadline = Deadline::here();
        while test.running {
            deadline.check();
            let work = self.dana.status().await.unwrap().work;
            let waits = work
                .iter()
                .any(|it| it.kind == "zoom-test" && it.due > self.daemon.now());
            if waits {
                self.daemon.seconds_pass(30);
            }
            tokio::task::yield_now().await;
            test = self.dana.zoom_test_show(query.clone()).await.unwrap();
        }
        test
    }
}

#[track_caller]
fn step(test: &ZoomTest, step: Step) -> (CheckResult, &str) {
    let mut steps = test.steps.iter().filter(|it| it.step == step);
    let found = steps.next().unwrap_or_else(|| panic!("{step:?}: {test:?}"));
    assert!(steps.next().is_none(), "{step:?} once: {test:?}");
    (found.result, &found.message)
}

/// Case Z14: a connection that is set up rightly passes, and nothing is left at Zoom.
#[tokio::test]
async fn a_connection_that_works_passes_and_leaves_nothing_behind() {
    let desk = Fixture::open().await;
    let test = desk.tests_zoom().await;
    assert_eq!(test.result, Some(Good), "{test:?}");
    let all = [
        Step::Connection,
        Step::Permissions,
        Step::Create,
        Step::Read,
        Step::List,
        Step::Update,
        Step::Delete,
    ];
    assert_eq!(test.steps.iter().map(|it| it.step).collect::<Vec<_>>(), all);
    assert_eq!((test.left_over.as_ref(), test.changes.len()), (None, 0));
    assert_eq!(desk.daemon.zoom.counters().meetings_made, 1);
    assert!(desk.daemon.zoom.meetings().is_empty());
    assert!(
        test.sandbox.is_some(),
        "the report says that it was no real Zoom"
    );

    // No passcode and no link is in the report.
    let report = serde_json::to_string(&test).unwrap();
    for secret in ["pwd=", "/j/", "zak="] {
        assert!(!report.contains(secret), "{report}");
    }
    for secret in desk.daemon.zoom.handed_out() {
        assert!(!report.contains(&secret), "{report}");
    }
    // It is repeatable, and no interview comes of it.
    assert_eq!(desk.tests_zoom().await.result, Some(Good));
    assert_eq!(desk.daemon.zoom.meetings().len(), 0);
}

/// Case Z14: what an admin has locked is said before the first interview.
#[tokio::test]
async fn what_zoom_changes_is_listed() {
    let strict = Account {
        force_waiting_room: true,
        ..Account::new("acme", Plan::Business)
    };
    let desk = Fixture::with(Config {
        accounts: vec![strict],
        ..Config::default()
    })
    .await;
    let test = desk.tests_zoom().await;
    assert_eq!(test.result, Some(Warning));
    assert_eq!(step(&test, Step::Read).0, Warning);
    let waits = test.changes.iter().any(|it| it.contains("waiting room"));
    assert!(waits, "{test:?}");
    assert!(desk.daemon.zoom.meetings().is_empty());
}

/// Case Z14: missing permissions are named, the needed ones as failures.
#[tokio::test]
async fn missing_permissions_are_named() {
    let desk = Fixture::without(&["meeting:write:meeting", "meeting:read:summary"]).await;
    let test = desk.tests_zoom().await;
    assert_eq!(test.result, Some(Wrong));
    let (result, words) = step(&test, Step::Permissions);
    assert_eq!(result, Wrong);
    assert!(words.contains("meeting:write:meeting"), "{words}");
    assert!(words.contains("meeting:read:summary"), "{words}");
    assert_eq!(test.missing.len(), 2, "{test:?}");
    assert_eq!(step(&test, Step::Create).0, Wrong);

    let desk = Fixture::without(&["meeting:update:meeting", "meeting:read:list_meetings"]).await;
    let test = desk.tests_zoom().await;
    assert_eq!(test.result, Some(Warning), "{test:?}");
    assert_eq!(step(&test, Step::List).0, Warning);
    assert_eq!(step(&test, Step::Update).0, Warning);
    assert_eq!(step(&test, Step::Delete).0, Good);
    assert!(desk.daemon.zoom.meetings().is_empty());
}

/// Case Z14: where it may not be deleted, its number is said, and the search for unused meetings
/// finds it.
#[tokio::test]
async fn a_meeting_that_had_to_stay_is_named_and_found_as_unused() {
    let desk = Fixture::without(&["meeting:delete:meeting"]).await;
    let test = desk.tests_zoom().await;
    assert_eq!(step(&test, Step::Delete).0, Warning);
    let left = test.left_over.unwrap();
    assert_eq!(left, desk.daemon.zoom.meetings()[0].id.to_string());
    desk.has(with(ANA, TEN)).await;
    let query = greenroom_protocol::drift::CheckQuery::default();
    let mut report = desk.dana.interview_check(query).await.unwrap();
    let deadline = Deadline::here();
    while report.is_running() {
        deadline.check();
        tokio::task::yield_now().await;
        report = desk.dana.drift_list().await.unwrap();
    }
    let unused: Vec<_> = report.orphans.iter().map(|it| &it.meeting_id).collect();
    assert_eq!(unused, [&left]);
}

/// Case Z14: a meeting whose answer was lost is found by its mark and deleted.
#[tokio::test]
async fn a_lost_answer_leaves_no_meeting() {
    let desk = Fixture::open().await;
    let lost = Fault::once(Endpoint::CreateMeeting, FaultKind::LostAfter);
    desk.daemon.zoom.fault(lost);
    let test = desk.tests_zoom().await;
    assert_eq!(step(&test, Step::Create).0, Wrong);
    assert_eq!(step(&test, Step::Delete).0, Good, "{test:?}");
    assert_eq!(desk.daemon.zoom.counters().meetings_made, 1);
    assert!(desk.daemon.zoom.meetings().is_empty());

    // One that Zoom would not delete at first is deleted later.
    let lost = Fault::once(Endpoint::DeleteMeeting, FaultKind::LostBefore);
    desk.daemon.zoom.fault(lost);
    assert_eq!(desk.tests_zoom().await.result, Some(Good));
    assert!(desk.daemon.zoom.meetings().is_empty());
}

/// Case Z14: without a connection, and with a user who may not host, it says so.
#[tokio::test]
async fn a_connection_that_cannot_work_fails_with_what_to_do() {
    let desk = Fixture::unconnected(Config::default()).await;
    let test = desk.tests_zoom().await;
    assert_eq!(step(&test, Step::Connection).0, Wrong);
    assert!(test.steps[0].hint.is_some());

    let users = vec![User {
        may_host: false,
        ..User::new(DANA)
    }];
    let desk = Fixture::with(Config {
        users,
        ..Config::default()
    })
    .await;
    let test = desk.tests_zoom().await;
    assert_eq!(step(&test, Step::Create).0, Wrong);
    assert!(desk.daemon.zoom.meetings().is_empty());
}
