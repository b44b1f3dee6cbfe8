//! Telling a colleague that their Zoom must be connected again, and what the settings say of mail
//! and of a day's changes.

use greenroom_protocol::Error;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::zoom::CallsToday;

use crate::app::tests::stage::Stage;

/// Mina, whose Zoom is broken, is the eighth line that can be selected.
const MINA: &str = "6 down down down down down down down down";

fn told(stage: &Stage) -> usize {
    let asked = stage.daemon.asked.iter();
    asked.filter(|it| matches!(it, Q::ZoomTell { .. })).count()
}

#[test]
fn a_colleague_is_told_by_mail() {
    let mut stage = Stage::open(160, 50);
    stage.daemon.mail.delivers = true;
    stage.press(MINA);
    assert!(
        stage.frame().contains("[ Email Mina ]"),
        "{}",
        stage.frame()
    );
    assert!(stage.frame().contains("T emails them"), "{}", stage.frame());
    stage.press("T");
    assert!(
        stage
            .frame()
            .contains("Reminder to Mina Okafor goes out in 10 s · u to undo"),
        "{}",
        stage.frame()
    );
    assert_eq!(told(&stage), 1);
}

#[test]
fn where_nobody_receives_mail_that_is_said() {
    let mut stage = Stage::open(80, 24);
    stage.press(MINA).press("T");
    let frame = stage.frame();
    assert!(frame.contains("tell Mina Okafor yourself"), "{frame}");
}

#[test]
fn whose_zoom_works_or_is_ones_own_is_not_told() {
    for (keys, why) in [
        ("6 T", "select a colleague first"),
        ("6 down down down T", "that's you"),
        ("6 down down down down down T", "doesn't need reconnecting"),
    ] {
        let mut stage = Stage::open(80, 24);
        stage.press(keys);
        assert!(stage.frame().contains(why), "{keys} {}", stage.frame());
        assert_eq!(told(&stage), 0);
    }
    let mut stage = Stage::open(80, 24);
    stage.press(MINA);
    let soon = Error::conflict("tell Mina Okafor: a letter left 4 min ago");
    stage.daemon.refuse = Some(soon);
    stage.press("T");
    assert!(
        stage.frame().contains("a letter left 4 min ago"),
        "{}",
        stage.frame()
    );
}

#[test]
fn few_changes_left_today_and_mail_that_was_refused_are_said() {
    let mut stage = Stage::open(160, 50);
    stage.press("6");
    assert!(!stage.frame().contains("changes that Zoom takes"));
    for (at, sent) in [(0, 84), (5, 79)] {
        stage.daemon.zoom[at].calls_today = Some(CallsToday { sent, most: 100 });
    }
    stage.daemon.mail.waiting = 3;
    stage.daemon.mail.refused = 1;
    stage.changed("connection");
    let frame = stage.frame();
    assert!(
        frame.contains("84 of Zoom's 100 changes per day used"),
        "{frame}"
    );
    assert!(!frame.contains("79 of Zoom's 100"), "{frame}");
    assert!(
        frame.contains("3 emails waiting") && frame.contains("1 refused"),
        "{frame}"
    );
}

/// Case R8: the top line says what an admin is needed for, as long as it lasts.
#[test]
fn what_an_admin_is_needed_for_stands_in_the_top_line() {
    for (columns, words) in [(160, "⚠ Changes can't be saved"), (80, "⚠")] {
        let mut stage = crate::app::tests::stage::Stage::open(columns, 40);
        let top = |stage: &crate::app::tests::stage::Stage| {
            stage.frame().lines().next().unwrap_or_default().to_owned()
        };
        assert!(!top(&stage).contains('⚠'), "{}", top(&stage));
        let writing = greenroom_protocol::status::ProblemKind::Writing;
        stage.daemon.problems = vec![writing.problem(None, None)];
        stage.changed("workspace");
        stage.changed("interview");
        assert!(top(&stage).contains(words), "{}", top(&stage));
        stage.daemon.problems.clear();
        stage.changed("workspace");
        stage.changed("interview");
        assert!(!top(&stage).contains('⚠'), "{}", top(&stage));
    }
}
