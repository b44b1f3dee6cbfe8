//! The mail about an interview: what waits and why, what a letter says, and sending it again.

use greenroom_protocol::mail::MailState;
use greenroom_protocol::service::GreenroomRequest as Q;

use crate::app::tests::records;
use crate::app::tests::screens::see;
use crate::app::tests::stage::Stage;
use crate::panes::mail::EmailPreview;

/// The mail of Priya Nair's interview is open.
fn mail() -> Stage {
    let mut stage = Stage::open(120, 40);
    stage.daemon.mails = records::mails();
    stage.press("4 home right right right m");
    stage
}

#[test]
fn what_waits_says_why_and_when() {
    let mut stage = mail();
    let frame = stage.frame();
    assert!(frame.contains("… going out in 7 s"), "{frame}");
    assert!(frame.contains("… waits: mail.acme.example cannot be"));
    assert!(frame.contains("next try 10:16"), "{frame}");
    assert!(frame.contains("✗ refused 10:10"), "{frame}");
    assert!(frame.contains("✓ sent 10:10"), "{frame}");
    assert!(frame.contains("nobody receives"), "{frame}");
    // The seconds are counted without the daemon; what left is seen to have left.
    let asked = stage.daemon.asked.len();
    stage.wait(1);
    assert!(stage.frame().contains("… going out in 6 s"));
    assert_eq!(stage.daemon.asked.len(), asked);
    let mut left = stage.daemon.mails.0.remove(0);
    left.state = MailState::Sent;
    stage.daemon.mails.1.insert(0, left);
    stage.changed("mail");
    assert_eq!(
        stage.frame().matches("✓ sent").count(),
        2,
        "{}",
        stage.frame()
    );
}

#[test]
fn a_letter_is_read_whole_and_speaks_to_nobody_else() {
    let mut stage = mail();
    stage.press("enter");
    assert!(stage.state.panes.top_as::<EmailPreview>().is_some());
    let frame = stage.frame();
    assert!(
        frame.contains("Subject  Interview on 26 November"),
        "{frame}"
    );
    assert!(frame.contains("  Join   https://zoom.example/j/81200000003"));
    assert!(frame.contains("a calendar entry") && frame.contains("↓ more"));
    assert!(!frame.contains('\u{1b}') && !frame.contains('\u{7}'));
    stage.press("end");
    let frame = stage.frame();
    assert!(frame.contains("Line 30 of the letter.") && frame.contains("↑ more"));
    stage.press("esc esc");
    assert!(stage.state.panes.is_empty());
}

#[test]
fn what_was_refused_is_sent_again() {
    let mut stage = mail();
    stage.press("down down r");
    let Some(Q::MailRetry { mail }) = stage.daemon.asked.last() else {
        panic!("a letter is sent again");
    };
    assert_eq!(mail.reference, stage.daemon.mails.0[2].id.to_string());
    assert!(
        stage
            .frame()
            .contains("Sending the email to Mina Okafor again")
    );
    stage.press("end r");
    assert!(stage.frame().contains("already sent"));
    assert_eq!(stage.daemon.asked.len(), 1);
}

#[test]
fn the_first_invitation_is_read_before_anything_is_confirmed() {
    let mut stage = Stage::open(120, 40);
    // Sami Haddad's interview is to be confirmed.
    stage.press("4 home down down m");
    let frame = stage.frame();
    assert!(frame.contains("not written: once confirmed"), "{frame}");
    stage.press("r");
    assert!(stage.frame().contains("not written yet"));
    stage.press("enter");
    let frame = stage.frame();
    assert!(frame.contains("Invitation preview"), "{frame}");
    assert!(frame.contains("To       Priya Nair"), "{frame}");
    assert!(stage.daemon.asked.is_empty(), "nothing is sent");
}

#[test]
fn who_should_not_get_a_letter_any_more_gets_none() {
    let mut stage = mail();
    stage.daemon.mails.1[0].state = MailState::Withdrawn;
    stage.daemon.mails.1[0].reason = Some("nothing has changed after all".into());
    stage.changed("interview").press("end enter");
    let frame = stage.frame();
    assert!(frame.contains("nothing has changed after all"), "{frame}");
    assert!(frame.contains("Nobody will receive it."), "{frame}");
}

#[test]
fn how_it_looks() {
    fn mail(stage: &mut Stage) {
        stage.daemon.mails = records::mails();
        stage.press("4 home right right right m");
    }
    see("mail", mail);
    see("letter", |stage| {
        mail(stage);
        stage.press("enter");
    });
    see("mail-preview", |stage| {
        stage.press("4 home down down m");
    });
}
