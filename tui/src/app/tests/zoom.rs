//! How Zoom connections are shown, what is said when one breaks, and the ways out.

use greenroom_protocol::Error;
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::zoom::{AppApproval, Connection, ConnectionState as S};

use super::records::{NOW, at, wait_for_approval};
use super::stage::Stage;
use crate::app::event::Event;
use crate::layers::Layer;
use crate::layers::connect::Phase;
use crate::notify::Notice;
use crate::theme::Look;

/// Connected, with what Zoom ended it for.
fn broken(zoom: &mut Connection) {
    zoom.state = S::ReconnectRequired;
    zoom.reason =
        Some("an answer was lost: Zoom changed the keys and we never saw the new ones".into());
    zoom.hint = Some("reconnect; booked meetings keep their links".into());
    zoom.expires_at = None;
}

fn without_a_grant(zoom: &mut Connection, state: S) {
    zoom.state = state;
    zoom.zoom_user = None;
    zoom.scopes.clear();
    zoom.expires_at = None;
    zoom.last_refresh = None;
}

fn asked() -> AppApproval {
    AppApproval {
        requested_at: at(NOW).plus_minutes(-100),
        approved_at: None,
    }
}

/// A name, and what becomes of a healthy connection.
type Scene = (&'static str, fn(&mut Connection));

/// Every state, as its own and only change of one's own connection.
fn every_state() -> Vec<Scene> {
    vec![
        ("connected", |_| {}),
        ("lacking", |zoom| {
            zoom.missing_scopes = vec![
                "meeting:read:summary".into(),
                "meeting:delete:meeting".into(),
            ];
        }),
        ("retrying", |zoom| {
            zoom.state = S::Retrying;
            zoom.reason = Some("Zoom cannot be reached".into());
            zoom.hint = Some("nothing to do: it is tried again by itself".into());
        }),
        ("reconnect-required", broken),
        ("approval-requested", |zoom| {
            wait_for_approval(zoom, asked())
        }),
        ("approved", |zoom| {
            let approved_at = Some(at(NOW).plus_minutes(-3));
            wait_for_approval(
                zoom,
                AppApproval {
                    approved_at,
                    ..asked()
                },
            );
        }),
        ("authorizing", |zoom| without_a_grant(zoom, S::Authorizing)),
        ("declined", |zoom| {
            without_a_grant(zoom, S::Disconnected);
            zoom.reason = Some("access was declined at Zoom".into());
            zoom.hint = Some("connect again and choose Allow".into());
        }),
        ("disconnected", |zoom| {
            without_a_grant(zoom, S::Disconnected)
        }),
    ]
}

#[test]
fn every_state_is_told_in_the_top_line_and_in_the_settings() {
    for (name, stands) in every_state() {
        for (columns, rows) in [(80, 24), (160, 50)] {
            let mut stage = Stage::open(columns, rows);
            stage.zoom(0, stands).press("5");
            let own: String = stage
                .frame()
                .lines()
                .take(11)
                .map(|line| format!("{line}\n"))
                .collect();
            insta::assert_snapshot!(format!("zoom-{name}-{columns}"), own);
        }
        let mut stage = Stage::open(80, 24);
        stage.state.look = Look {
            colour: false,
            glyphs: false,
        };
        stage.zoom(0, stands).press("5");
        let own: String = stage
            .frame()
            .lines()
            .take(11)
            .map(|line| format!("{line}\n"))
            .collect();
        assert!(own.is_ascii(), "{own}");
        insta::assert_snapshot!(format!("zoom-{name}-plain"), own);
    }
}

#[test]
fn no_two_states_have_the_same_sign() {
    let plain = Look {
        colour: false,
        glyphs: false,
    };
    for look in [Look::FULL, plain] {
        let mut signs = Vec::new();
        let same = ["lacking", "declined"];
        for (name, stands) in every_state() {
            if same.contains(&name) {
                continue;
            }
            let mut stage = Stage::open(80, 24);
            stage.state.look = look;
            stage.zoom(0, stands);
            let frame = stage.frame();
            let top = frame.lines().next().unwrap();
            let sign = top.split("Zoom ").nth(1).unwrap().chars().next().unwrap();
            assert!(!signs.contains(&sign), "{name}: {top}");
            signs.push(sign);
        }
    }
}

#[test]
fn the_desktop_is_told_once_when_ones_own_connection_breaks() {
    let mut stage = Stage::open(80, 24);
    stage.zoom(0, |_| {}).zoom(5, broken);
    assert_eq!(stage.noticed, [], "others are told themselves");
    stage.zoom(0, broken);
    assert_eq!(stage.noticed, [Notice::Reconnect]);
    assert!(stage.frame().contains("Your Zoom must be reconnected."));
    // Whatever else happens, and however often it is looked at.
    stage
        .zoom(0, |_| {})
        .changed("candidate")
        .press("5 1")
        .wait(61);
    assert_eq!(stage.noticed, [Notice::Reconnect]);
    stage
        .zoom(0, |zoom| zoom.state = S::Connected)
        .zoom(0, broken);
    assert_eq!(
        stage.noticed,
        [Notice::Reconnect, Notice::Reconnect],
        "a new change"
    );
}

#[test]
fn what_was_broken_before_one_came_is_shown_and_no_news() {
    let mut daemon = super::daemon::Daemon::new();
    broken(&mut daemon.zoom[0]);
    let mut stage = Stage::with(daemon, 80, 24);
    stage.wait(1);
    assert_eq!(stage.noticed, []);
    assert!(stage.frame().contains("Zoom ✗"), "{}", stage.frame());
    assert!(
        stage.frame().contains("c connect Zoom"),
        "{}",
        stage.frame()
    );
}

#[test]
fn one_key_leads_to_connecting_from_wherever_it_is_missed() {
    for keys in [
        "c",
        "2 c",
        "3 ctrl-o",
        "5 c",
        "n ctrl-o",
        "2 right right enter c",
        ": c o n n e enter",
    ] {
        let mut stage = Stage::open(120, 40);
        stage
            .zoom(0, broken)
            .zoom(5, |zoom| zoom.state = S::Connected)
            .press(keys);
        let connects = stage
            .state
            .layers
            .iter()
            .any(|layer| matches!(layer, Layer::Connect(connect) if connect.whose.is_none()));
        assert!(connects, "{keys}\n{}", stage.frame());
    }
}

#[test]
fn an_interview_on_a_broken_zoom_says_so_everywhere() {
    let whose = "Mina Okafor's Zoom must be reconnected";
    // The list, the week, the preview, and the interview itself.
    for keys in ["3 v end", "3 end", "/ i n g r enter", "3 end enter"] {
        let mut stage = Stage::open(160, 50);
        stage.press(keys);
        assert!(stage.frame().contains(whose), "{keys}\n{}", stage.frame());
        assert!(stage.frame().contains('⚠'), "{keys}");
    }
    let mut stage = Stage::open(80, 24);
    stage.press("3 end enter");
    insta::assert_snapshot!("interview-broken-80", stage.frame());
    stage.zoom(5, |zoom| zoom.state = S::Connected);
    assert!(
        !stage.frame().contains("must be reconnected"),
        "{}",
        stage.frame()
    );
}

#[test]
fn a_broken_stage_is_explained_with_who_waits() {
    for (columns, rows) in [(80, 24), (160, 50)] {
        let mut stage = Stage::open(columns, rows);
        stage.press("2 w");
        insta::assert_snapshot!(format!("trouble-{columns}"), stage.frame());
    }
    let mut stage = Stage::open(160, 50);
    stage.press("2");
    let words =
        "⚠ Onsite uses Mina Okafor's Zoom, which must be reconnected: 2 candidates wait.  w to see";
    assert!(stage.frame().contains(words), "{}", stage.frame());
    stage.press("w").zoom(5, |zoom| zoom.state = S::Connected);
    assert!(
        stage.frame().contains("Its Zoom works again"),
        "{}",
        stage.frame()
    );
    stage.press("esc");
    assert!(!stage.frame().contains('⚠'), "{}", stage.frame());
}

#[test]
fn a_stages_settings_warn_of_its_zoom_and_never_choose_another() {
    let mut stage = Stage::open(80, 24);
    stage.press("2 right right , ctrl-s");
    let Some(Q::StageConfigure { stage: saved }) = stage.daemon.asked.last() else {
        panic!("a stage is saved");
    };
    let host = saved.interview.as_ref().unwrap().zoom_user.unwrap();
    assert_eq!(host, stage.daemon.zoom[5].member.id);
}

#[test]
fn an_admin_connects_a_colleagues_zoom() {
    let mut stage = Stage::open(80, 24);
    stage.press("5").press("down ".repeat(8).as_str());
    assert!(stage.frame().contains("▸ Mina Okafor"), "{}", stage.frame());
    stage.press("c");
    insta::assert_snapshot!("permissions-colleague-80", stage.frame());
    stage.press("enter");
    assert!(stage.sent.is_empty(), "no browser of somebody else's opens");
    insta::assert_snapshot!("waiting-colleague-80", stage.frame());
    let Some(Q::ZoomConnectStart { start }) = stage.daemon.asked.last() else {
        panic!("a connect");
    };
    assert_eq!(
        start.member,
        Some(stage.daemon.zoom[5].member.id.to_string())
    );
}

#[test]
fn who_is_no_admin_is_told_who_can() {
    let mut stage = Stage::open(80, 24);
    let mut hello = stage.daemon.hello();
    hello.operator = false;
    hello.caller.as_mut().unwrap().roles.clear();
    stage.play(Event::Linked(Box::new(hello)));
    stage.press("5").press("down ".repeat(8).as_str());
    assert!(
        stage
            .frame()
            .contains("Mina Okafor or an admin can reconnect it"),
        "{}",
        stage.frame()
    );
    stage.press("c");
    assert!(
        stage
            .frame()
            .contains("only that member or an admin can connect it")
    );
    assert!(stage.state.layers.is_empty());
}

#[test]
fn zooms_own_pages_are_told_apart_by_who_sees_them() {
    let mut stage = Stage::open(80, 24);
    crate::app::connecting::open(&mut stage.state);
    stage.press("enter p");
    insta::assert_snapshot!("page-private-80", stage.frame());
    stage.press("r");
    insta::assert_snapshot!("page-invalid-80", stage.frame());
    stage.press("esc");
    assert!(
        stage.frame().contains("Which one?"),
        "back to the question, not out"
    );
    let waits = matches!(&stage.state.layers[..], [Layer::Connect(it)] if matches!(it.phase, Phase::Waiting(_)));
    assert!(waits);
}

#[test]
fn an_answer_to_another_attempt_is_not_taken() {
    let mut stage = Stage::open(80, 24);
    crate::app::connecting::open(&mut stage.state);
    stage.press("enter");
    stage.play(Event::Paste(
        "http://127.0.0.1:41999/callback?code=c&state=other".into(),
    ));
    assert!(
        stage.frame().contains("it answers another attempt"),
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
            .hint("disconnect it there first, or give the meeting's link and passcode by hand"),
    );
    stage.press("enter");
    insta::assert_snapshot!("held-80", stage.frame());
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
            .contains("Link          https://zoom.example/j/2"),
        "{}",
        stage.frame()
    );
    stage.press("ctrl-t");
    assert!(stage.frame().contains("no Zoom meeting is being planned"));
}

#[test]
fn a_zoom_admin_is_asked_by_a_request_that_is_copied() {
    let mut stage = Stage::open(80, 24);
    stage.zoom(0, |zoom| without_a_grant(zoom, S::Disconnected));
    stage.press("c enter a");
    insta::assert_snapshot!("approval-80", stage.frame());
    stage.press("ctrl-s");
    assert!(
        stage.frame().contains("✗ an address is needed"),
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
    assert!(stage.state.layers.is_empty());
    assert!(
        stage.frame().contains("was sent to the clipboard"),
        "{}",
        stage.frame()
    );
    stage.changed("connection").press("5");
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
        stage.frame().contains("it is there already"),
        "{}",
        stage.frame()
    );
    insta::assert_snapshot!("approval-save-160", stage.frame());
    stage.press("ctrl-u").write("request.txt").press("ctrl-s");
    assert!(
        stage.frame().contains("the request is in request.txt"),
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
    assert!(stage.state.layers.is_empty());
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
