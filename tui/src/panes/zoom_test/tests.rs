//! A Zoom connection is tested by a key: progress, report, and the reasons why it cannot be.

use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::Role;
use greenroom_protocol::zoom::ConnectionState;
use greenroom_protocol::zoom_test::ZoomTestQuery;
use greenroom_protocol::{Error, ErrorKind};

use crate::app::tests::records;
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::panes::failure::Failure;
use crate::state::event::Event;

/// Jonas, whose Zoom is connected, is the sixth line that can be selected; Esi, whose Zoom is not,
/// the fifth.
const JONAS: &str = "6 down down down down down";
const ESI: &str = "6 down down down down";

/// The tests that were asked for.
fn asked(stage: &Stage) -> Vec<&ZoomTestQuery> {
    let asked = stage.daemon.asked.iter().filter_map(|asked| match asked {
        Q::ZoomTest { query } => Some(query),
        _ => None,
    });
    asked.collect()
}

fn contains(stage: &Stage, all: &[&str]) {
    let frame = stage.frame();
    for words in all {
        assert!(frame.contains(words), "{words:?} is missing in\n{frame}");
    }
}

/// Somebody with these roles who does not operate the daemon.
fn as_roles(stage: &mut Stage, roles: &[Role]) {
    let mut hello = stage.daemon.hello();
    hello.operator = false;
    hello.caller.as_mut().unwrap().roles = roles.to_vec();
    stage.play(Event::Linked(Box::new(hello)));
}

/// Case Z14: the key starts the test, every step is seen as it ends, and the report stands there at
/// the end.
#[test]
fn one_key_tests_zoom_and_shows_how_far_it_is_and_the_report() {
    let mut stage = Stage::open(80, 24);
    stage.press("6");
    contains(&stage, &["t test Zoom"]);
    stage.press("t");
    let own = records::connection(0).member.id.to_string();
    let queries = asked(&stage);
    assert_eq!(queries.len(), 1);
    assert_eq!(queries[0].member.as_deref(), Some(own.as_str()));
    assert!(!queries[0].dry_run);
    contains(
        &stage,
        &["… The test is running.", "… Connection", "Delete"],
    );

    let all = records::good_steps();
    stage.daemon.tried(all[..3].to_vec());
    stage.changed("connection");
    contains(
        &stage,
        &[
            "✓ Create       a meeting was made",
            "… Read back",
            "The test continues and deletes its meeting.",
        ],
    );
    assert!(!stage.frame().contains("t to test again"));
    stage.press("t");
    contains(&stage, &["the test is still running"]);
    assert_eq!(asked(&stage).len(), 1, "one test at a time");

    stage.daemon.tried(all);
    stage.daemon.tested(CheckResult::Ok);
    stage.changed("connection").wait(5);
    contains(
        &stage,
        &[
            "✓ Zoom works as Greenroom needs it.",
            "Started 10:12 · In the Zoom sandbox, not the real Zoom",
            "✓ Delete       the meeting was deleted",
            "t to test again.",
            "t test again",
        ],
    );
    stage.press("esc");
    assert!(stage.state.panes.is_empty(), "Esc closes");
}

/// Case Z14: what Zoom changed, which permissions are missing and what to do stand in the report,
/// at 80×24 by scrolling.
#[test]
fn the_report_lists_what_zoom_changed_and_which_permissions_are_missing() {
    for (columns, rows) in [(80, 24), (160, 50), (40, 12)] {
        let mut stage = Stage::open(columns, rows);
        stage.press("6 t");
        records::warned(&mut stage.daemon.test);
        stage.daemon.tested(CheckResult::Warning);
        stage.changed("connection").wait(5);
        let mut seen = stage.frame();
        for _ in 0..6 {
            stage.press("pagedown");
            seen.push_str(&stage.frame());
        }
        let flat = |text: &str| text.replace(['│', '\n', ' '], "");
        for words in [
            "⚠ Zoom works, with the warnings below.",
            "the waiting room is on",
            "people cannot join before the host",
            "meeting:read:summary",
            "(optional)",
            "add what is missing to the Zoom app",
        ] {
            // Lines break where they must: an end and a beginning are on neighbouring rows.
            assert!(flat(&seen).contains(&flat(words)), "{words}\n{seen}");
        }
        assert!(!seen.contains("http://"), "no address in a report\n{seen}");
    }
}

/// Case Z14: a meeting that stayed in Zoom is named, and only once it is known that it stayed.
#[test]
fn a_meeting_that_stays_in_zoom_is_named_once_the_test_is_over() {
    let mut stage = Stage::open(80, 24);
    stage.press("6 t");
    let mut steps = records::good_steps();
    steps[6].result = CheckResult::Wrong;
    steps[6].message = "Zoom refused: \u{1b}[31mnot allowed\u{202e}".into();
    steps[6].hint = Some("delete meeting 87012345678 in Zoom".into());
    stage.daemon.test.left_over = Some("87012345678".into());
    stage.daemon.tried(steps[..6].to_vec());
    stage.changed("connection");
    assert!(!stage.frame().contains("is still in Zoom"));
    stage.daemon.tried(steps);
    stage.daemon.tested(CheckResult::Wrong);
    stage.changed("connection");
    contains(
        &stage,
        &[
            "✗ Zoom does not work yet.",
            "⚠ Meeting 87012345678 is still in Zoom. Delete it there.",
            "delete meeting 87012345678 in Zoom",
        ],
    );
    // What Zoom wrote does not speak to the terminal.
    let frame = stage.frame();
    assert!(!frame.contains(['\u{1b}', '\u{202e}']), "{frame}");
}

/// Case Z14: a test whose answer was lost is searched for; what comes after is not promised.
#[test]
fn a_test_whose_answer_was_lost_says_that_the_meeting_is_searched_for() {
    let mut stage = Stage::open(80, 24);
    stage.press("6 t");
    let mut steps = records::good_steps();
    steps.truncate(3);
    steps[2].result = CheckResult::Wrong;
    steps[2].message = "Zoom's answer was lost: timed out".into();
    stage.daemon.tried(steps);
    stage.changed("connection");
    contains(&stage, &["… Looking in Zoom for a meeting"]);
    assert!(!stage.frame().contains("Read back"), "{}", stage.frame());
}

/// Case Z14: the report of the last test is never shown as that of the one that begins, and a test
/// under way is shown again.
#[test]
fn an_older_report_does_not_stand_in_for_a_test_that_begins() {
    let mut stage = Stage::open(80, 24);
    stage.press("6 t");
    stage.daemon.tried(records::good_steps());
    stage.daemon.tested(CheckResult::Ok);
    stage.changed("connection");
    stage.daemon.silent = true;
    stage.press("t");
    contains(&stage, &["… Starting the test"]);
    assert!(!stage.frame().contains("Zoom works"), "{}", stage.frame());
    stage.press("t");
    contains(&stage, &["the test is still running"]);

    let mut stage = Stage::open(80, 24);
    stage.press("6 t");
    stage.daemon.tried(records::good_steps()[..2].to_vec());
    stage.changed("connection").press("esc t");
    contains(&stage, &["… The test is running.", "… Create"]);
}

/// Case Z14: an admin tests a colleague's Zoom, and its title says whose it is; nobody else does.
#[test]
fn an_admin_tests_a_colleagues_zoom_and_others_only_their_own() {
    let mut stage = Stage::open(80, 24);
    as_roles(&mut stage, &[Role::Admin]);
    stage.press(JONAS).press("t");
    let jonas = records::connection(2).member.id.to_string();
    assert_eq!(asked(&stage)[0].member.as_ref(), Some(&jonas));
    contains(&stage, &["Zoom test · Jonas Lind"]);

    let mut stage = Stage::open(80, 24);
    as_roles(&mut stage, &[Role::Recruiter]);
    stage.press(JONAS).press("t");
    contains(&stage, &["only that member or an admin can test it"]);
    assert!(asked(&stage).is_empty() && stage.state.panes.is_empty());
    stage.press("home t");
    assert_eq!(asked(&stage).len(), 1, "their own");
}

/// Case Z14: where it cannot be tested the key says why, help says it too, and the bar does not
/// offer it.
#[test]
fn where_zoom_cannot_be_tested_the_key_says_why() {
    type Scene = fn(&mut Stage);
    let scenes: [(&str, Scene); 4] = [
        ("connect Zoom first", |stage| {
            stage.zoom(0, |zoom| zoom.state = ConnectionState::Disconnected);
        }),
        ("reconnect Zoom first", |stage| {
            stage.zoom(0, |zoom| zoom.state = ConnectionState::ReconnectRequired);
        }),
        ("connect Zoom first", |stage| {
            stage.press(ESI);
        }),
        ("the daemon is too old; update it", |stage| {
            let mut hello = stage.daemon.hello();
            hello.protocol = 1;
            stage.play(Event::Linked(Box::new(hello)));
        }),
    ];
    for (why, scene) in scenes {
        let mut stage = Stage::open(160, 50);
        stage.press("6");
        scene(&mut stage);
        assert!(!stage.frame().contains("t test Zoom"), "{}", stage.frame());
        stage.press("t");
        contains(&stage, &[why]);
        assert!(asked(&stage).is_empty() && stage.state.panes.is_empty());
        stage.wait(5).press("?");
        contains(&stage, &["test a Zoom connection", why]);
    }
}

/// Case Z14: a test that the daemon refuses to start is a failure to be read, with nothing empty
/// below it.
#[test]
fn a_test_that_does_not_start_says_why() {
    let mut stage = Stage::open(80, 24);
    let refused = Error::new(
        ErrorKind::Failed,
        "Couldn't start the test: the disk is full",
    );
    stage.daemon.refuse = Some(refused);
    stage.press("6 t");
    contains(&stage, &["Couldn't start the test: the disk is full"]);
    assert!(stage.state.panes.only::<Failure>().is_some());
}

/// Case Z14: after Connect, in the settings, the last line names the key that tests.
#[test]
fn after_connect_the_key_to_test_is_named() {
    let mut stage = Stage::open(120, 40);
    stage
        .zoom(0, |zoom| zoom.state = ConnectionState::Disconnected)
        .press("6 c enter s");
    contains(&stage, &["Zoom is connected", "· t to test it"]);
}

/// Case Z14: the report as it is seen.
#[test]
fn the_report_of_a_test() {
    see("zoom-test-running", |stage| {
        stage.press("6 t");
        stage.daemon.tried(records::good_steps()[..4].to_vec());
        stage.changed("connection");
    });
    see("zoom-test", |stage| {
        stage.press("6 t");
        records::warned(&mut stage.daemon.test);
        stage.daemon.tested(CheckResult::Warning);
        stage.changed("connection");
    });
}
