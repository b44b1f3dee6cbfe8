//! What a person did is undone: one stack of moves and changes, and never what somebody else
//! did.

use std::time::Duration;

use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::service::GreenroomRequest as Q;

use crate::app::tests::records;
use crate::app::tests::stage::Stage;
use crate::panes::failure::Failure;
use crate::panes::interview::tests::{last, open, priya, with_mail};

#[test]
fn once_emails_have_gone_out_everyone_is_emailed_again_only_after_a_yes() {
    let mut stage = open(120, 40);
    with_mail(&mut stage);
    stage.press("x ctrl-s");
    stage.daemon.mail_left = true;
    stage.press("u");
    let frame = stage.frame();
    assert!(frame.contains("Emails have gone out"), "{frame}");
    assert!(frame.contains("Everyone is emailed again."), "{frame}");
    // It opens on Cancel, and the change can be undone later.
    stage.press("enter");
    assert_eq!(priya(&mut stage).status, InterviewStatus::Cancelled);
    stage.press("u tab enter");
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

/// A booking of this person's, and its two emails that leave in ten seconds.
fn booked(columns: u16, rows: u16) -> Stage {
    let mut stage = Stage::open(columns, rows);
    with_mail(&mut stage);
    stage.press("n ctrl-s");
    let booked = stage.daemon.interviews[3].id;
    let (mut emails, _) = records::mails();
    emails.truncate(2);
    for email in &mut emails {
        email.interview = Some(booked);
        email.not_before = records::at(records::NOW).plus_seconds(10);
    }
    stage.daemon.mails.0 = emails;
    stage.changed("mail");
    stage
}

/// Case U4: how many emails go out and in how many seconds, once a second, and not after them.
#[test]
fn a_countdown_says_how_many_emails_go_out_and_ends_with_them() {
    for (columns, rows) in [(80, 24), (120, 35), (160, 50)] {
        let mut stage = booked(columns, rows);
        stage.press("esc").wait(5);
        let last = |stage: &Stage| stage.frame().lines().last().unwrap().to_owned();
        let line = last(&stage);
        assert!(line.contains("2 emails go out in 5 s"), "{line}");
        assert!(
            line.contains("u undo") && line.contains("E preview"),
            "{line}"
        );
        // It is there on every screen.
        for screen in "1 2 3 4 6".split(' ') {
            stage.press(screen);
            let line = last(&stage);
            assert!(line.contains("2 emails go out in 5 s"), "{screen}: {line}");
            assert!(line.contains("E preview"), "{screen}: {line}");
        }
        stage.wait(1);
        assert!(last(&stage).contains("2 emails go out in 4 s"));
        assert!(stage.next_change() <= Duration::from_secs(1));
        stage.wait(4);
        let line = last(&stage);
        assert!(
            !line.contains("go out") && !line.contains("E preview"),
            "{line}"
        );
        assert!(
            stage.next_change() > Duration::from_secs(1),
            "it ticks no more"
        );
        stage.press("E");
        assert!(last(&stage).contains("no emails are about to go out"));
    }
}

#[test]
fn emails_of_what_a_colleague_did_are_not_counted() {
    let mut stage = booked(120, 35);
    for email in &mut stage.daemon.mails.0 {
        email.interview = Some(records::id("int", 1));
    }
    stage.changed("mail").press("esc").wait(5);
    assert!(!stage.frame().contains("go out in"), "{}", stage.frame());
}

/// Case U4: the emails themselves, before they go, and undo from there.
#[test]
fn what_is_about_to_go_out_is_read_one_after_the_other_and_undone() {
    let mut stage = booked(120, 40);
    stage.press("esc E");
    let frame = stage.frame();
    assert!(frame.contains("About to go out"), "{frame}");
    assert!(frame.contains("1 of 2, goes out in 10 s"), "{frame}");
    assert!(frame.contains("Interview on 26 November"), "{frame}");
    stage.press("right");
    assert!(
        stage.frame().contains("2 of 2, goes out"),
        "{}",
        stage.frame()
    );
    stage.press("right left left");
    assert!(
        stage.frame().contains("1 of 2, goes out"),
        "{}",
        stage.frame()
    );
    stage.press("u");
    let Q::InterviewUndo { .. } = last(&stage) else {
        panic!("an undo: {}", stage.frame());
    };
    stage.daemon.mails.0.clear();
    stage.changed("mail");
    let frame = stage.frame();
    assert!(frame.contains("No emails are waiting"), "{frame}");
    stage.press("esc");
    assert!(!stage.frame().contains("About to go out"));
}

/// Four candidates, each emailed a text; the emails leave in ten seconds.
fn emailed_several() -> Stage {
    let mut stage = Stage::open(120, 40);
    with_mail(&mut stage);
    stage.daemon.mails.0.clear();
    stage.press("v 3 j @").write("A question");
    stage.press("tab").write("When?").press("ctrl-s");
    stage.changed("mail");
    stage
}

#[test]
fn emails_to_several_are_counted_read_and_undone_together() {
    let mut stage = emailed_several();
    let frame = stage.frame();
    assert!(
        frame.contains("4 emails go out in 10 s · u to undo"),
        "{frame}"
    );
    stage.wait(5);
    let frame = stage.frame();
    assert!(frame.contains("4 emails go out in 5 s"), "{frame}");
    stage.press("E");
    assert!(
        stage.frame().contains("1 of 4, goes out"),
        "{}",
        stage.frame()
    );
    stage.press("esc u");
    let Q::MailUndo { undo } = last(&stage) else {
        panic!("an undo: {}", stage.frame());
    };
    assert_eq!(undo.mails.len(), 4);
    let frame = stage.frame();
    assert!(
        frame.contains("4 emails undone, nobody was emailed"),
        "{frame}"
    );
    stage.press("u");
    assert!(stage.frame().contains("nothing to undo"));
}

#[test]
fn emails_that_have_left_are_said_to_be_gone() {
    let mut stage = emailed_several();
    stage.daemon.mail_left = true;
    stage.press("u");
    let frame = stage.frame();
    assert!(frame.contains("Emails have gone out"), "{frame}");
    assert!(!frame.contains("undone"), "{frame}");
}
