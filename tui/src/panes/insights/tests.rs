//! Reading what is kept after interviews, and writing notes.

use greenroom_protocol::Error;
use greenroom_protocol::insight::SummaryState;
use greenroom_protocol::service::GreenroomRequest as Q;

use crate::app::tests::records::{self, at};
use crate::app::tests::stage::Stage;

/// What was written of, over which revision.
fn noted(stage: &Stage) -> Option<(String, u64)> {
    stage
        .daemon
        .asked
        .iter()
        .rev()
        .find_map(|asked| match asked {
            Q::InsightNote { insight } => Some((
                insight.notes.clone(),
                insight.interview.expected_revision.unwrap(),
            )),
            _ => None,
        })
}

#[test]
fn a_summary_is_read_without_its_markup() {
    let mut stage = Stage::open(80, 24);
    stage.press("i");
    let frame = stage.frame();
    assert!(
        frame.contains("Quick recap") && frame.contains("· Sam: send"),
        "{frame}"
    );
    assert!(
        !frame.contains("**") && !frame.contains('\u{1b}'),
        "{frame}"
    );
    stage.press("end");
    let end = stage.frame();
    assert!(end.contains("Notes by Sam Ito, Fri 20 Nov 10:48"), "{end}");
    assert!(end.contains("asks before she builds"), "{end}");
    stage.press("esc");
    assert!(!stage.frame().contains("Notes by Sam Ito"));
}

#[test]
fn notes_are_written_in_the_editor_over_what_they_began_from() {
    for key in ["e", "enter"] {
        let mut stage = Stage::open(80, 24);
        stage.writes = Some("She asks first.\n".into());
        stage.press("i").press(key);
        assert!(stage.edited[0].starts_with("Clear about trade-offs"));
        assert_eq!(noted(&stage), Some(("She asks first.\n".into(), 3)));
        assert!(stage.frame().contains("Notes saved"), "{}", stage.frame());
        assert!(
            stage.frame().contains("Notes by Dana Reyes, 10:12"),
            "{}",
            stage.frame()
        );
        assert!(
            stage.frame().contains("She asks first."),
            "{}",
            stage.frame()
        );
    }
}

#[test]
fn notes_that_are_as_they_were_or_fail_change_nothing() {
    let mut stage = Stage::open(80, 24);
    stage.writes = records::insights()[0].notes.clone();
    stage.press("i e");
    assert!(stage.frame().contains("Notes unchanged"));
    stage.press("e");
    assert!(
        stage.frame().contains("vi ended with an error"),
        "{}",
        stage.frame()
    );
    assert_eq!(noted(&stage), None);
}

#[test]
fn what_was_typed_is_kept_when_somebody_else_wrote_meanwhile() {
    let mut stage = Stage::open(80, 24);
    stage.writes = Some("Mine.".into());
    stage.press("i");
    stage.daemon.refuse = Some(Error::conflict("the notes were changed by someone else"));
    stage.press("e");
    assert_eq!(stage.sent, ["Mine."]);
    let frame = stage.frame();
    assert!(frame.contains("changed by someone else"), "{frame}");
    assert!(
        frame.contains("what you wrote is in /kept/notes.md"),
        "{frame}"
    );
    // Theirs is there to be read, and to go on from.
    stage.press("esc");
    stage.writes = Some("Ours.".into());
    stage.press("e");
    assert_eq!(noted(&stage), Some(("Ours.".into(), 3)));
}

#[test]
fn from_an_interview_notes_are_about_that_one() {
    let mut stage = Stage::open(120, 40);
    stage.writes = Some("Bring the exercise.".into());
    stage.press("4 home right right right i");
    let frame = stage.frame();
    assert!(frame.contains("Available after the meeting"), "{frame}");
    assert!(frame.contains("No notes yet. Press e"), "{frame}");
    stage.press("e");
    assert_eq!(noted(&stage), Some(("Bring the exercise.".into(), 0)));
    // The one before it is a key away.
    stage.press("left");
    assert!(stage.frame().contains("Quick recap"), "{}", stage.frame());
    stage.press("right");
    assert!(
        stage.frame().contains("Bring the exercise."),
        "{}",
        stage.frame()
    );
}

#[test]
fn why_there_is_no_summary_is_told_apart_with_the_way_out() {
    use SummaryState as S;
    for (state, words, way) in [
        (S::Waiting, "checking until a day after", "next at 10:27"),
        (
            S::Absent,
            "Zoom has no summary",
            "turn on meeting summaries",
        ),
        (
            S::PaidOnly,
            "Zoom plan has no meeting summaries",
            "a host with a paid license",
        ),
        (
            S::NotPermitted,
            "doesn't allow reading it",
            "their Zoom admin can allow it",
        ),
        (
            S::NotGranted,
            "to view summaries is missing",
            "Add it to the Zoom app",
        ),
        (
            S::NotConnected,
            "was not connected for a day",
            "must reconnect Zoom for next time",
        ),
    ] {
        let mut stage = Stage::open(80, 24);
        stage.daemon.insights[0].summary = None;
        stage.daemon.insights[0].summary_state = state;
        stage.daemon.insights[0].next_try = Some(at("2026-11-24T09:27:00Z"));
        stage.changed("insight").press("i");
        let frame = stage.frame();
        assert!(
            frame.contains(words) && frame.contains(way),
            "{state:?} {frame}"
        );
    }
}

#[test]
fn that_there_is_something_to_read_is_said_where_one_looks() {
    let mut stage = Stage::open(160, 50);
    let said = "Zoom's summary · notes by Sam Ito: i to read";
    assert!(stage.frame().contains(said), "{}", stage.frame());
    // In the week before, on the interview itself.
    stage.press("4 [");
    stage.press("down enter");
    assert!(stage.frame().contains(said), "{}", stage.frame());
    // Of somebody nobody has talked to yet nothing is asked.
    stage.press("esc 2 down down");
    assert!(!stage.frame().contains("i to read"), "{}", stage.frame());
}
