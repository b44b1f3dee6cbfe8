//! Email that came in: marked where its writer is shown, read, and accepted where it replies from
//! another address.

use greenroom_protocol::service::GreenroomRequest as Q;

use crate::app::tests::records;
use crate::app::tests::stage::Stage;

fn stage() -> Stage {
    let mut stage = Stage::open(120, 40);
    stage.daemon.received = records::received();
    stage.changed("received");
    stage
}

/// Case M14: who wrote is marked in the list and on their page; reading takes the mark away for
/// everybody.
#[test]
fn a_candidates_email_is_seen_read_and_marked_as_read() {
    let mut stage = stage();
    stage.press("2 home");
    let frame = stage.frame();
    assert!(frame.contains("✉ 2 unread: M to read"), "{frame}");
    assert!(frame.contains("“I am ill and cannot come"), "{frame}");
    stage.press("M");
    let frame = stage.frame();
    assert!(
        frame.contains("Emails · ") && frame.contains("automatic"),
        "{frame}"
    );
    stage.press("home enter");
    let frame = stage.frame();
    assert!(frame.contains("Received email"), "{frame}");
    assert!(
        frame.contains("I am ill and cannot come tomorrow."),
        "{frame}"
    );
    // What it quotes stands below; nothing of it steers the terminal.
    assert!(frame.contains("> Dear Priya"), "{frame}");
    assert!(!frame.contains('\u{1b}'), "{frame}");
    let read = |it: &Q| matches!(it, Q::MailReceivedRead { .. });
    assert_eq!(stage.daemon.asked.iter().filter(|it| read(it)).count(), 1);
    stage.press("esc esc");
    assert!(stage.frame().contains("✉ 1 unread"), "{}", stage.frame());
}

/// Case M5: one key accepts a reply from another address, once.
#[test]
fn a_reply_from_another_address_is_accepted_by_one_key() {
    let mut stage = stage();
    stage.press("2 home M home down enter");
    let frame = stage.frame();
    assert!(frame.contains("from another address"), "{frame}");
    assert!(frame.contains("A to accept"), "{frame}");
    stage.press("A");
    let accepts = |it: &&Q| matches!(it, Q::MailReceivedAccept { .. });
    assert_eq!(stage.daemon.asked.iter().filter(accepts).count(), 1);
    assert!(
        stage.frame().contains("Accepted as Priya Nair's reply"),
        "{}",
        stage.frame()
    );
    assert!(!stage.frame().contains("A to accept"), "{}", stage.frame());
    stage.press("A");
    assert_eq!(stage.daemon.asked.iter().filter(accepts).count(), 1);
}
