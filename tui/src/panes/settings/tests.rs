//! Telling a colleague that their Zoom must be connected again, and what the settings say of mail
//! and of a day's changes.

use greenroom_protocol::Error;
use greenroom_protocol::availability::{DaysOffAction, MemberHoursSet};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::Window;
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

/// Kofi's hours are assumed, Mina's are set; one's own come first.
const KOFI: &str = "Kofi";

/// Puts the mark on somebody of the team, whatever stands above.
fn on(stage: &mut Stage, name: &str) {
    stage.press("6");
    for _ in 0..20 {
        if stage.frame().contains(&format!("▸ {name}")) {
            return;
        }
        stage.press("down");
    }
    panic!("{name} is not in the settings: {}", stage.frame());
}

fn set(stage: &Stage) -> &MemberHoursSet {
    match stage.daemon.asked.last() {
        Some(Q::MemberHoursSet { set }) => set,
        other => panic!("{other:?}: {}", stage.frame()),
    }
}

#[test]
fn hours_that_are_assumed_are_marked_and_one_key_sets_them() {
    for (width, height) in [(80, 24), (120, 35), (160, 50)] {
        let mut stage = Stage::open(width, height);
        on(&mut stage, KOFI);
        assert!(
            width < 120 || stage.frame().contains("hours assumed"),
            "{}",
            stage.frame()
        );
        stage.press("H");
        let frame = stage.frame();
        assert!(frame.contains("Hours · Kofi"), "{frame}");
        assert!(frame.contains("Saving sets them"), "{frame}");
        insta::assert_snapshot!(format!("hours-assumed-{width}"), frame);
        stage.press("ctrl-s");
        let week = Window {
            days: vec![1, 2, 3, 4, 5],
            from_minute: 540,
            to_minute: 1020,
        };
        assert_eq!(set(&stage).hours, Edit::Set(vec![week]));
        assert!(stage.frame().contains("Hours of Kofi"), "{}", stage.frame());
    }
}

#[test]
fn only_what_was_changed_of_hours_is_sent() {
    let mut stage = Stage::open(80, 24);
    on(&mut stage, "Mina");
    stage.press("H");
    insta::assert_snapshot!("hours-set-80", stage.frame());
    stage
        .press("tab tab")
        .write("\n2026-12-31 9-12")
        .press("ctrl-s");
    let sent = set(&stage);
    assert_eq!(sent.hours, Edit::Keep);
    assert_eq!(sent.expected_revision, Some(7));
    let dates: Vec<_> = sent
        .overrides
        .iter()
        .map(|it| it.date.to_string())
        .collect();
    assert_eq!(dates, ["2026-12-31"]);
    assert_eq!((sent.cap_day, sent.buffer_before_minutes), (None, None));
}

/// Whether they were set before or only assumed, they are as they were once that is undone.
#[test]
fn hours_and_days_off_that_were_saved_are_undone() {
    let mut stage = Stage::open(120, 35);
    on(&mut stage, KOFI);
    stage.press("H ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("saved · u to undo"), "{frame}");
    stage.press("u");
    assert_eq!(set(&stage).hours, Edit::Clear);
    assert!(stage.frame().contains(": undone"), "{}", stage.frame());

    on(&mut stage, "Mina");
    stage
        .press("H tab tab")
        .write("\n2026-12-31 9-12")
        .press("ctrl-s u");
    let back = set(&stage);
    assert!(matches!(back.hours, Edit::Set(_)), "{back:?}");
    assert_eq!((back.cap_day, back.expected_revision), (Some(3), Some(7)));

    on(&mut stage, "Holidays");
    stage.press("enter").write("\n2026-12-24 Eve");
    stage.press("ctrl-s u");
    let Some(Q::DaysOffEdit { edit }) = stage.daemon.asked.last() else {
        panic!("{}", stage.frame());
    };
    assert_eq!((edit.action, edit.days.len()), (DaysOffAction::Import, 3));
    assert_eq!(edit.expected_revision, Some(5));
    assert!(stage.frame().contains("Holidays"), "{}", stage.frame());
}

#[test]
fn what_is_wrong_with_hours_is_said_beside_the_field() {
    let mut stage = Stage::open(80, 24);
    on(&mut stage, KOFI);
    stage.press("H").write("; sat 9-5").press("ctrl-s");
    assert!(
        stage.frame().contains("“9-5” ends before it begins"),
        "{}",
        stage.frame()
    );
    let asked = |it: &Q| matches!(it, Q::MemberHoursSet { .. });
    assert!(!stage.daemon.asked.iter().any(asked));
}

#[test]
fn days_off_are_listed_changed_and_added() {
    let mut stage = Stage::open(80, 24);
    on(&mut stage, "Holidays");
    assert!(stage.frame().contains("3 days"), "{}", stage.frame());
    stage.press("enter");
    insta::assert_snapshot!("days-off-80", stage.frame());
    stage.write("\n2026-12-24 Eve").press("ctrl-s");
    let Some(Q::DaysOffEdit { edit }) = stage.daemon.asked.last() else {
        panic!("{}", stage.frame());
    };
    assert_eq!((edit.action, edit.days.len()), (DaysOffAction::Import, 4));
    assert_eq!(
        (edit.days_off.as_str(), edit.expected_revision),
        ("holidays", Some(5))
    );
    assert_eq!(edit.members, None);

    on(&mut stage, "Add days off");
    stage
        .press("enter")
        .write("Break")
        .press("tab")
        .write("2026-12-24..2026-12-31");
    stage.press("ctrl-s");
    let Some(Q::DaysOffEdit { edit }) = stage.daemon.asked.last() else {
        panic!("{}", stage.frame());
    };
    assert_eq!((edit.action, edit.days.len()), (DaysOffAction::Add, 8));
    assert_eq!(edit.days_off, "Break");
}
