//! What a person did is taken back: one stack of moves and changes, and never what somebody else did.

use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::service::GreenroomRequest as Q;

use super::changes::{last, open, priya, with_mail};
use super::stage::Stage;
use crate::layers::Layer;

#[test]
fn after_the_mail_left_people_are_told_again() {
    let mut stage = open(120, 40);
    with_mail(&mut stage);
    stage.press("x ctrl-s");
    stage.daemon.mail_left = true;
    stage.press("u");
    let frame = stage.frame();
    assert!(
        frame.contains("confirmed Thu 26 Nov 10:00 · people are told again"),
        "{frame}"
    );
}

#[test]
fn an_undo_is_refused_when_somebody_changed_it_since() {
    let mut stage = open(120, 40);
    stage.press("x ctrl-s");
    priya(&mut stage).change += 1;
    stage.press("u");
    assert!(matches!(stage.state.layers.last(), Some(Layer::Failure(_))));
    let frame = stage.frame();
    assert!(frame.contains("the interview was changed since"), "{frame}");
    assert!(frame.contains("look at it again, then decide"));
}

#[test]
fn an_undo_that_did_not_arrive_can_be_tried_again() {
    let mut stage = open(120, 40);
    stage.press("x ctrl-s");
    let away = greenroom_protocol::ErrorKind::Unreachable;
    stage.daemon.refuse = Some(greenroom_protocol::Error::new(away, "the daemon is gone"));
    stage.press("u esc u");
    assert_eq!(priya(&mut stage).status, InterviewStatus::Confirmed);
}

#[test]
fn moves_and_changes_are_one_stack() {
    let mut stage = Stage::open(120, 40);
    stage.press("m").write("dec").press("enter");
    stage.changed("application");
    stage.press("m").write("hired").press("enter");
    stage.press("x ctrl-s");
    assert!(matches!(last(&stage), Q::InterviewCancel { .. }));
    stage.press("u");
    assert!(matches!(last(&stage), Q::InterviewUndo { .. }));
    stage.press("u");
    assert!(stage.frame().contains("Priya Nair is back in Decision"));
    stage.press("u");
    assert!(stage.frame().contains("Priya Nair is back in Onsite"));
    let Q::CandidateMove { to } = last(&stage) else {
        panic!("a move");
    };
    assert_eq!(to.expected_revision, Some(8), "what the undo before left");
}

#[test]
fn another_ones_change_is_never_taken_back() {
    let mut stage = open(120, 40);
    // The daemon says that it is so already: the newest change is somebody else's.
    stage.daemon.by = 5;
    stage.press("x ctrl-s u");
    assert!(stage.frame().contains("nothing to undo"));
}
