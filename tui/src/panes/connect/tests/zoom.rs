//! How Zoom connections are shown, what is said when one breaks, and the ways out.

use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::zoom::{AppApproval, Connection, ConnectionState as S};

use crate::app::tests::records::{NOW, at, wait_for_approval};
use crate::app::tests::stage::Stage;
use crate::notify::Notice;
use crate::panes::connect::Connect;
use crate::panes::connect::target::Target;
use crate::state::event::Event;
use crate::theme::Look;

/// Connected, with what Zoom ended it for.
pub(crate) fn broken(zoom: &mut Connection) {
    zoom.state = S::ReconnectRequired;
    zoom.reason =
        Some("an answer was lost: Zoom changed the keys and we never saw the new ones".into());
    zoom.hint = Some("reconnect; booked meetings keep their links".into());
    zoom.expires_at = None;
}

pub(crate) fn without_a_grant(zoom: &mut Connection, state: S) {
    zoom.state = state;
    zoom.zoom_user = None;
    zoom.scopes.clear();
    zoom.expires_at = None;
    zoom.last_refresh = None;
}

pub(crate) fn asked() -> AppApproval {
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
            zoom.hint = Some("nothing to do: it is retried automatically".into());
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
            stage.zoom(0, stands).press("6");
            let own: String = stage
                .frame()
                .lines()
                .take(11)
                .map(|line| format!("{line}\n"))
                .collect();
            insta::assert_snapshot!(format!("zoom-{name}-{columns}"), own);
        }
        let mut stage = Stage::open(80, 24);
        stage.state.look = Look::PLAIN;
        stage.zoom(0, stands).press("6");
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
    let plain = Look::PLAIN;
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
    assert_eq!(stage.noticed, [], "others hear of it on their own");
    stage.zoom(0, broken);
    assert_eq!(stage.noticed, [Notice::Reconnect]);
    assert!(stage.frame().contains("Your Zoom must be reconnected."));
    // Whatever else happens, and however often it is looked at.
    stage
        .zoom(0, |_| {})
        .changed("candidate")
        .press("6 2")
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
    let mut daemon = crate::app::tests::daemon::Daemon::new();
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
        "3 c",
        "4 ctrl-o",
        "6 c",
        "n ctrl-o",
        "3 right right enter c",
        ": c o n n e enter",
    ] {
        let mut stage = Stage::open(120, 40);
        stage
            .zoom(0, broken)
            .zoom(5, |zoom| zoom.state = S::Connected)
            .press(keys);
        let connects = stage
            .state
            .panes
            .find::<Connect>()
            .is_some_and(|connect| connect.target == Target::Zoom(None));
        assert!(connects, "{keys}\n{}", stage.frame());
    }
}

#[test]
fn an_interview_on_a_broken_zoom_says_so_everywhere() {
    let whose = "Mina Okafor's Zoom must be reconnected";
    // The list, the week, the preview, and the interview itself.
    for keys in ["4 v end", "4 end", "/ i n g r enter", "4 end enter"] {
        let mut stage = Stage::open(160, 50);
        stage.press(keys);
        assert!(stage.frame().contains(whose), "{keys}\n{}", stage.frame());
        assert!(stage.frame().contains('⚠'), "{keys}");
    }
    let mut stage = Stage::open(80, 24);
    stage.press("4 end enter");
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
        stage.press("3 w");
        insta::assert_snapshot!(format!("trouble-{columns}"), stage.frame());
    }
    let mut stage = Stage::open(160, 50);
    stage.press("3");
    let words = "⚠ Onsite uses Mina Okafor's Zoom, which must be reconnected: 2 candidates are waiting.  w to see";
    assert!(stage.frame().contains(words), "{}", stage.frame());
    stage.press("w").zoom(5, |zoom| zoom.state = S::Connected);
    assert!(
        stage.frame().contains("Nothing is in the way any more"),
        "{}",
        stage.frame()
    );
    stage.press("esc");
    assert!(!stage.frame().contains('⚠'), "{}", stage.frame());
}

#[test]
fn a_stages_settings_warn_of_its_zoom_and_never_choose_another() {
    let mut stage = Stage::open(80, 24);
    stage.press("3 right right ,").write("s").press("ctrl-s");
    let Some(Q::StageConfigure { stage: saved }) = stage.daemon.asked.last() else {
        panic!("a stage is saved");
    };
    assert_eq!(saved.name.as_deref(), Some("Onsites"));
    assert_eq!(
        (&saved.interview, &saved.change),
        (&None, &None),
        "the plan stays, and its Zoom with it"
    );
}

#[test]
fn who_is_no_admin_is_told_who_can() {
    let mut stage = Stage::open(80, 24);
    let mut hello = stage.daemon.hello();
    hello.operator = false;
    hello.caller.as_mut().unwrap().roles.clear();
    stage.play(Event::Linked(Box::new(hello)));
    stage.press("6").press("down ".repeat(8).as_str());
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
    assert!(stage.state.panes.is_empty());
}

#[test]
fn the_zoom_of_somebody_who_left_is_not_replaced_unsaid() {
    let gone = "The stage's host has left the workspace";
    for keys in ["n", "3 right right ,"] {
        let mut daemon = crate::app::tests::daemon::Daemon::new();
        daemon.left = Some(5);
        let mut stage = Stage::with(daemon, 120, 40);
        stage.press(keys);
        assert!(stage.frame().contains(gone), "{keys}\n{}", stage.frame());
    }
}
