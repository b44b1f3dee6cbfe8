//! The board: several at once, as in the list of candidates.

use greenroom_protocol::pipeline::{StageProblem, StageProblemCode as Code, StateAction};
use greenroom_protocol::service::GreenroomRequest as Q;

use crate::app::tests::daemon::Daemon;
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::state::Screen;

/// The board of a job in whose Phone screen the assistant can't act.
fn held_back(columns: u16, rows: u16) -> Stage {
    let problem = |code, message: &str| StageProblem {
        code,
        message: message.to_owned(),
        who: None,
    };
    let mut daemon = Daemon::new();
    daemon.own.problems = vec![
        problem(
            Code::NoEmail,
            "Email isn't set up: nobody would receive the times",
        ),
        problem(Code::NoInterviewers, "No interviewers are chosen"),
    ];
    let mut stage = Stage::with(daemon, columns, rows);
    stage.press("3 g");
    stage
}

fn board(columns: u16, rows: u16) -> Stage {
    let mut stage = Stage::open(columns, rows);
    stage.press("3 g");
    stage
}

fn chosen(stage: &Stage) -> Vec<String> {
    let rows = stage.state.candidates_chosen().into_iter();
    rows.map(|row| row.name.clone()).collect()
}

#[test]
fn several_cards_are_moved_at_once_and_one_undo_takes_all_back() {
    for (columns, rows) in [(80, 24), (120, 35), (160, 50)] {
        let mut stage = board(columns, rows);
        stage.press("v 2 j");
        let names = chosen(&stage);
        assert_eq!(names.len(), 3, "{names:?}");
        let frame = stage.frame();
        assert!(frame.contains("3 selected"), "{frame}");
        assert!(frame.contains("esc clear selection"), "{frame}");
        stage.press(">");
        let frame = stage.frame();
        assert!(frame.contains("Move 3 candidates to"), "{frame}");
        stage.press("enter");
        let Some(Q::CandidateMoveMany { moves }) = stage.daemon.asked.last() else {
            panic!("a move of many: {}", stage.frame());
        };
        assert_eq!(moves.candidates.len(), 3);
        assert!(stage.state.pipeline.marks.is_empty(), "{}", stage.frame());
        stage.changed("application").press("u");
        let frame = stage.frame();
        assert!(frame.contains("3 candidates: undone"), "{frame}");
    }
}

/// A range stays in its stage, and those of several stages are chosen together.
#[test]
fn a_range_ends_where_the_selection_leaves_its_stage() {
    let mut stage = board(160, 50);
    stage.press("v j right");
    assert_eq!(chosen(&stage).len(), 2);
    stage.press("space");
    let names = chosen(&stage);
    assert_eq!(names.len(), 3, "{names:?}");
    stage.press(">");
    let frame = stage.frame();
    assert!(frame.contains("they are in different stages"), "{frame}");
    stage.press("m");
    let frame = stage.frame();
    assert!(frame.contains("Move 3 candidates to"), "{frame}");
    stage.press("esc esc");
    assert_eq!(chosen(&stage).len(), 1, "only who is selected");
}

#[test]
fn everyone_in_the_stage_is_rejected_in_one_form_and_emailed_in_another() {
    let mut stage = board(80, 24);
    stage.press("*");
    let count = chosen(&stage).len();
    assert!(count > 1);
    stage.press("R ctrl-s");
    let Some(Q::CandidateStateMany { changes }) = stage.daemon.asked.last() else {
        panic!("a change of state: {}", stage.frame());
    };
    assert_eq!(changes.action, StateAction::Reject);
    assert_eq!(changes.candidates.len(), count);

    let mut stage = board(80, 24);
    stage.press("space space @");
    assert!(stage.frame().contains("[ Send to 2 ]"), "{}", stage.frame());
}

#[test]
fn several_cards_are_scheduled_one_after_the_other() {
    let mut stage = board(120, 35);
    stage.press("space space n");
    let frame = stage.frame();
    assert!(frame.contains("1 of 2"), "{frame}");
}

#[test]
fn digits_are_counts_in_a_range_on_the_board_and_screens_elsewhere() {
    let mut stage = board(80, 24);
    stage.press("v 2");
    assert_eq!(stage.state.screen, Screen::Pipeline);
    stage.press("v 2");
    assert_eq!(stage.state.screen, Screen::Candidates);
    // What is marked there is chosen there only.
    assert_eq!(chosen(&stage).len(), 1);
    stage.press("3");
    assert_eq!(chosen(&stage).len(), 1);
}

#[test]
fn a_candidate_who_is_open_is_chosen_alone() {
    let mut stage = board(120, 35);
    stage.press("* enter");
    assert_eq!(chosen(&stage).len(), 1, "{}", stage.frame());
    stage.press("space");
    let frame = stage.frame();
    assert!(frame.contains("close the candidate first"), "{frame}");
}

#[test]
fn several_on_the_board_as_they_look() {
    see("board-several", |stage| {
        stage.press("3 g v 2 j");
    });
}

#[test]
fn a_stage_in_which_the_assistant_can_not_act_says_why_who_waits_and_what_to_do() {
    let mut stage = held_back(160, 50);
    stage.press("right");
    let frame = stage.frame();
    let why = "⚠ Phone screen: Email isn't set up: nobody would receive the times, and 1 more";
    assert!(frame.contains(why), "{frame}");
    assert!(frame.contains("waiting.  w to see"), "{frame}");
    stage.press("w");
    let frame = stage.frame();
    for words in [
        "✗ Email isn't set up: nobody would receive the times.",
        "To do: set up email in Settings.",
        "✗ No interviewers are chosen.",
        "To do: choose interviewers in the stage's settings.",
        "waiting:",
    ] {
        assert!(frame.contains(words), "{words}: {frame}");
    }
    // In a small window, too.
    let mut stage = held_back(80, 24);
    stage.press("right");
    let frame = stage.frame();
    assert!(
        frame.contains("⚠ Phone screen: Email isn't set up"),
        "{frame}"
    );
    stage.press("w");
    assert!(
        stage.frame().contains("To do: set up email"),
        "{}",
        stage.frame()
    );
}

#[test]
fn the_assistant_begins_with_those_who_are_not_started_after_one_question() {
    let mut stage = board(120, 35);
    stage.press("A");
    let frame = stage.frame();
    assert!(frame.contains("this stage has no AI scheduling"), "{frame}");
    stage.daemon.own.not_started = 3;
    stage.changed("stage").press("right");
    let frame = stage.frame();
    assert!(frame.contains("3 not started"), "{frame}");
    stage.press("A");
    let frame = stage.frame();
    assert!(
        frame.contains("Start scheduling for 3 candidates"),
        "{frame}"
    );
    stage.press("enter");
    let starts = |stage: &Stage| {
        let asked = stage.daemon.asked.iter();
        asked
            .filter(|it| matches!(it, Q::OutreachStart { .. }))
            .count()
    };
    assert_eq!(starts(&stage), 0, "it opens on Cancel");
    stage.press("A tab enter");
    // What is left is begun with in the next page.
    assert_eq!(starts(&stage), 2, "{}", stage.frame());
    let frame = stage.frame();
    assert!(frame.contains("The assistant has begun with 3"), "{frame}");
}
