//! What a person did is undone: one stack of moves and changes, and never what somebody else
//! did.

use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::service::GreenroomRequest as Q;

use crate::app::tests::stage::Stage;
use crate::panes::failure::Failure;
use crate::panes::interview::tests::{last, open, priya, with_mail};

#[test]
fn after_the_mail_left_people_are_told_again() {
    let mut stage = open(120, 40);
    with_mail(&mut stage);
    stage.press("x ctrl-s");
    stage.daemon.mail_left = true;
    stage.press("u");
    let frame = stage.frame();
    assert!(
        frame.contains("confirmed Thu 26 Nov 10:00 · everyone is emailed again"),
        "{frame}"
    );
}

/// Case U4: a booking of one's own is undone like any change.
#[test]
fn a_booking_is_undone_and_nobody_was_emailed() {
    let mut stage = Stage::open(120, 40);
    with_mail(&mut stage);
    stage.press("n ctrl-s");
    let frame = stage.frame();
    assert!(
        frame.contains("Priya Nair: booked and confirmed · u to undo"),
        "{frame}"
    );
    assert!(
        frame.contains("u to undo, until an email goes out"),
        "{frame}"
    );
    stage.press("u");
    let Q::InterviewUndo { interview } = last(&stage) else {
        panic!("an undo: {}", stage.frame());
    };
    assert_eq!(interview.change, 0);
    let frame = stage.frame();
    assert!(
        frame.contains("booking undone, nobody was emailed"),
        "{frame}"
    );
    stage.wait(5).changed("interview");
    assert!(
        stage.frame().contains("Status        undone"),
        "{}",
        stage.frame()
    );
    stage.press("u");
    assert!(
        stage.frame().contains("nothing to undo"),
        "{}",
        stage.frame()
    );
}

/// Case U4: too late to undo, and the key it names cancels that interview and no other.
#[test]
fn once_emails_have_gone_out_the_way_on_is_to_cancel() {
    let mut stage = Stage::open(120, 40);
    with_mail(&mut stage);
    stage.press("n ctrl-s esc down down");
    stage.daemon.mail_left = true;
    stage.press("u");
    let frame = stage.frame();
    assert!(
        frame.contains("Emails have gone out. Press x to cancel"),
        "{frame}"
    );
    stage.press("x ctrl-s");
    let Q::InterviewCancel { interview } = last(&stage) else {
        panic!("a cancel: {}", stage.frame());
    };
    let booked = stage.daemon.interviews[3].id.to_string();
    assert_eq!(interview.interview.reference, booked);
}

#[test]
fn an_undo_is_refused_when_somebody_changed_it_since() {
    let mut stage = open(120, 40);
    stage.press("x ctrl-s");
    priya(&mut stage).change += 1;
    stage.press("u");
    assert!(stage.state.panes.top_as::<Failure>().is_some());
    let frame = stage.frame();
    assert!(frame.contains("The interview was changed since"), "{frame}");
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
    assert!(stage.frame().contains("Priya Nair moved back to Decision"));
    stage.press("u");
    assert!(stage.frame().contains("Priya Nair moved back to Onsite"));
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
