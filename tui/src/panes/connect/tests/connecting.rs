//! Connecting: Zoom's own pages, a colleague's Zoom, a Zoom that somebody else holds, and asking an
//! admin.

use greenroom_protocol::Error;
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::zoom::{AppApproval, ConnectionState as S};

use super::zoom::{asked, broken, without_a_grant};
use crate::app::tests::records::{NOW, at, wait_for_approval};
use crate::app::tests::stage::Stage;
use crate::notify::Notice;
use crate::panes::connect::Connect;
use crate::panes::connect::Phase;
use crate::state::event::Event;

#[test]
fn an_admin_connects_a_colleagues_zoom() {
    let mut stage = Stage::open(80, 24);
    stage.press("6").press("down ".repeat(8).as_str());
    assert!(stage.frame().contains("▸ Mina Okafor"), "{}", stage.frame());
    stage.press("c");
    stage.press("enter");
    assert!(stage.sent.is_empty(), "no browser of somebody else's opens");
    let Some(Q::ZoomConnectStart { start }) = stage.daemon.asked.last() else {
        panic!("a connect");
    };
    assert_eq!(
        start.member,
        Some(stage.daemon.zoom[5].member.id.to_string())
    );
}

#[test]
fn zooms_own_pages_are_told_apart_by_who_sees_them() {
    let mut stage = Stage::open(80, 24);
    crate::panes::connect::open(&mut stage.state);
    stage.press("enter p");
    assert!(
        stage.frame().contains("The app belongs to another account"),
        "{}",
        stage.frame()
    );
    stage.press("r");
    assert!(
        stage
            .frame()
            .contains("The redirect URL or client ID is wrong"),
        "{}",
        stage.frame()
    );
    stage.press("esc");
    assert!(
        stage.frame().contains("Tell us which one"),
        "back to the question, not out"
    );
    let waits = stage
        .state
        .panes
        .only::<Connect>()
        .is_some_and(|it| matches!(it.phase, Phase::Waiting(_)));
    assert!(waits);
}

#[test]
fn an_answer_to_another_attempt_is_not_taken() {
    let mut stage = Stage::open(80, 24);
    crate::panes::connect::open(&mut stage.state);
    stage.press("enter");
    stage.play(Event::Paste(
        "http://127.0.0.1:41999/callback?code=c&state=other".into(),
    ));
    assert!(
        stage
            .frame()
            .contains("This address belongs to another attempt"),
        "{}",
        stage.frame()
    );
    assert!(!matches!(
        stage.daemon.asked.last(),
        Some(Q::ZoomConnectFinish { .. })
    ));
}

#[test]
fn a_zoom_that_somebody_else_holds_leads_to_the_manual_way() {
    let mut stage = Stage::open(80, 24);
    stage
        .zoom(0, broken)
        .zoom(5, |zoom| zoom.state = S::Connected);
    stage.press("n ctrl-o");
    let held = "connect Zoom: that Zoom user belongs to Jo Park in Acme Labs, whose connection goes on working";
    stage.daemon.refuse = Some(
        Error::conflict(held)
            .hint("disconnect it there first, or enter the meeting's link and passcode manually"),
    );
    stage.press("enter");
    stage
        .press("b")
        .write("https://zoom.example/j/1")
        .press("ctrl-s");
    let Some(Q::InterviewNew { interview }) = stage.daemon.asked.last() else {
        panic!("a booking:\n{}", stage.frame());
    };
    assert_eq!(interview.kind, MeetingType::Zoom);
    assert_eq!(interview.url.as_deref(), Some("https://zoom.example/j/1"));
    assert_eq!(interview.zoom_user, None);
}

#[test]
fn the_manual_way_is_a_key_in_the_form_itself() {
    let mut stage = Stage::open(80, 24);
    stage.press("n ctrl-t").write("https://zoom.example/j/2");
    assert!(
        stage
            .frame()
            .contains("Join link     https://zoom.example/j/2"),
        "{}",
        stage.frame()
    );
    stage.press("ctrl-t");
    assert!(stage.frame().contains("no Zoom meeting would be created"));
}

#[test]
fn a_zoom_admin_is_asked_by_a_request_that_is_copied() {
    let mut stage = Stage::open(80, 24);
    stage.zoom(0, |zoom| without_a_grant(zoom, S::Disconnected));
    stage.press("c enter a");
    stage.press("ctrl-s");
    assert!(
        stage.frame().contains("✗ Enter an email address"),
        "{}",
        stage.frame()
    );
    stage.write("it@acme.example").press("ctrl-s");
    let [
        ..,
        Q::ZoomRequestApproval { ask },
        Q::ZoomConnectCancel { .. },
    ] = &stage.daemon.asked[..]
    else {
        panic!("asked, and the attempt ended: {:?}", stage.daemon.asked);
    };
    assert_eq!(ask.admin.as_deref(), Some("it@acme.example"));
    let copied = stage.sent.last().unwrap();
    assert!(
        copied.starts_with("Please approve Greenroom") && copied.contains("meeting:write:meeting")
    );
    assert!(stage.state.panes.is_empty());
    assert!(stage.frame().contains("copied"), "{}", stage.frame());
    stage.changed("connection").press("6");
    assert!(
        stage
            .frame()
            .contains("Pre-approval requested · since 10:12"),
        "{}",
        stage.frame()
    );
    // One key tries again, and the address is remembered.
    stage.press("enter");
    assert!(
        stage.frame().contains("Zoom will ask you to allow"),
        "{}",
        stage.frame()
    );
}

/// Case U9: where email is set up the request is emailed, and the client says so before and after.
#[test]
fn a_zoom_admin_is_asked_by_email_where_email_is_set_up() {
    let mut stage = Stage::open(80, 24);
    stage.zoom(0, |zoom| without_a_grant(zoom, S::Disconnected));
    crate::panes::interview::tests::with_mail(&mut stage);
    stage.changed("connection").press("c enter a");
    let frame = stage.frame();
    assert!(
        frame.contains("Greenroom emails the request to your Zoom admin"),
        "{frame}"
    );
    assert!(
        frame.contains("[ Send request ]") && !frame.contains("Copy request"),
        "{frame}"
    );
    let before = stage.sent.len();
    stage.write("it@acme.example").press("ctrl-s");
    assert_eq!(
        stage.sent.len(),
        before,
        "nothing is copied that was not asked for"
    );
    let frame = stage.frame();
    assert!(
        frame.contains("Request emailed to it@acme.example"),
        "{frame}"
    );
    assert!(stage.state.panes.is_empty());
    // A copy, too, where it is wanted.
    let mut stage = Stage::open(80, 24);
    stage.zoom(0, |zoom| without_a_grant(zoom, S::Disconnected));
    crate::panes::interview::tests::with_mail(&mut stage);
    stage.changed("connection").press("c enter a");
    stage.write("it@acme.example").press("tab right ctrl-s");
    assert!(
        stage
            .sent
            .last()
            .unwrap()
            .starts_with("Please approve Greenroom")
    );
    assert!(stage.frame().contains("Request emailed to it@acme.example"));
}

#[test]
fn a_request_is_saved_and_never_over_a_file() {
    let mut stage = Stage::open(160, 50);
    stage.zoom(0, |zoom| without_a_grant(zoom, S::Disconnected));
    stage
        .press("c enter a")
        .write("it@acme.example")
        .press("tab right tab ctrl-u");
    stage.write("/there").press("ctrl-s");
    assert!(
        stage.frame().contains("it already exists"),
        "{}",
        stage.frame()
    );
    insta::assert_snapshot!("approval-save-160", stage.frame());
    stage.press("ctrl-u").write("request.txt").press("ctrl-s");
    assert!(
        stage
            .frame()
            .contains("Request to it@acme.example saved to request.txt"),
        "{}",
        stage.frame()
    );
    assert!(
        stage
            .sent
            .last()
            .unwrap()
            .starts_with("request.txt: Please approve")
    );
    assert!(stage.state.panes.is_empty());
}

#[test]
fn the_request_can_be_read_whole_before_it_leaves() {
    let mut stage = Stage::open(80, 24);
    stage.zoom(0, |zoom| without_a_grant(zoom, S::Disconnected));
    stage.press("c enter a");
    assert!(!stage.frame().contains("can disconnect at any time"));
    stage.press("pagedown pagedown pagedown");
    assert!(
        stage.frame().contains("can disconnect at any time"),
        "{}",
        stage.frame()
    );
}

#[test]
fn whoever_waits_is_told_when_the_app_is_approved() {
    let mut stage = Stage::open(120, 40);
    stage.zoom(0, |zoom| wait_for_approval(zoom, asked()));
    stage.zoom(0, |zoom| {
        let approved_at = Some(at(NOW));
        wait_for_approval(
            zoom,
            AppApproval {
                approved_at,
                ..asked()
            },
        );
    });
    assert_eq!(stage.noticed, [Notice::Approved]);
    assert!(
        stage
            .frame()
            .contains("✓ The Zoom app is approved: you can connect now."),
        "{}",
        stage.frame()
    );
    stage.wait(5);
    let top = stage.frame().lines().next().unwrap().to_owned();
    assert!(
        top.contains("Zoom ● approved"),
        "it stays until one connects: {top}"
    );
    assert!(stage.frame().contains("c connect Zoom"));
}

/// Case Z11: a person who waits sees at once that another attempt replaced theirs.
#[test]
fn an_attempt_that_was_replaced_is_waited_for_no_longer() {
    let mut stage = Stage::open(80, 24);
    stage.zoom(0, broken);
    crate::panes::connect::open(&mut stage.state);
    stage.press("enter");
    let Some(connect) = stage.state.panes.top_as::<Connect>() else {
        panic!("connecting");
    };
    let ours = connect.waits_for().expect("it waits").id;
    stage.zoom(0, |zoom| zoom.attempt = Some(ours));
    stage.changed("connection");
    let connect = stage.state.panes.top_as::<Connect>();
    assert!(connect.is_some_and(|it| it.waits_for().is_some()));
    let other = greenroom_protocol::id::AttemptId::new();
    stage.zoom(0, |zoom| zoom.attempt = Some(other));
    stage.changed("connection");
    let frame = stage.frame();
    assert!(frame.contains("Another attempt"), "{frame}");
    let connect = stage.state.panes.top_as::<Connect>();
    assert!(connect.is_some_and(|it| it.waits_for().is_none()));
}
