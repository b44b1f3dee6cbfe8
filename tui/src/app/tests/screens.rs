//! Every screen and layer as a person sees it, at 80×24 and 160×50.

use greenroom_protocol::insight::SummaryState;
use greenroom_protocol::zoom::CallsToday;
use greenroom_protocol::{Error, ErrorKind};

use super::daemon::Daemon;
use super::records;
use super::stage::Stage;
use crate::forms::Form;
use crate::state::event::Event;
use crate::theme::Look;

/// Plays a scene at both sizes and compares the frames with those that were looked at before.
pub(crate) fn see(name: &str, scene: impl Fn(&mut Stage)) {
    for (columns, rows) in [(80, 24), (160, 50)] {
        let mut stage = Stage::open(columns, rows);
        scene(&mut stage);
        insta::assert_snapshot!(format!("{name}-{columns}"), stage.frame());
    }
}

#[test]
fn zooms_own_pages() {
    see("page-private", |stage| {
        stage.press("6 down down down down c enter p");
    });
    see("page-invalid", |stage| {
        stage.press("6 down down down down c enter r");
    });
}

#[test]
fn a_colleagues_zoom() {
    see("permissions-colleague", |stage| {
        stage.press("6 down down down down c");
    });
    see("waiting-colleague", |stage| {
        stage.press("6 down down down down c enter");
    });
}

#[test]
fn a_zoom_that_is_held_elsewhere() {
    see("held", |stage| {
        stage.press("n ctrl-o");
        let held = "connect Zoom: that Zoom user belongs to Jo Park in Acme Labs, whose connection goes on working";
        stage.daemon.refuse =
            Some(Error::conflict(held).hint(
                "disconnect it there first, or enter the meeting's link and passcode manually",
            ));
        stage.press("enter");
    });
}

#[test]
fn asking_an_admin() {
    see("approval", |stage| {
        stage.press("6 down down down down c enter a");
    });
}

#[test]
fn an_interview_on_a_broken_zoom() {
    see("interview-broken", |stage| {
        stage.press("4 end enter");
    });
    see("week-broken", |stage| {
        stage.press("4 end");
    });
    see("days-broken", |stage| {
        stage.press("4 v v end");
    });
}

#[test]
fn another_workspace() {
    see("workspaces", |stage| {
        stage.press("W");
    });
    see("new-workspace", |stage| {
        stage.press("W down down enter");
    });
}

#[test]
fn candidates() {
    see("candidates", |stage| {
        stage.press("down");
    });
}

#[test]
fn several_candidates() {
    see("several", |stage| {
        stage.press("v 4 j");
    });
    see("reject", |stage| {
        stage.press("R");
    });
    see("move-several", |stage| {
        stage.press("v 4 j m enter");
    });
    see("filter", |stage| {
        stage.press("f tab tab right ctrl-s");
    });
    see("saved-view", |stage| {
        stage.press("f tab tab right tab tab tab").write("Waiting");
        stage.press("ctrl-s");
    });
    see("filter-form", |stage| {
        stage
            .press("s f tab tab right tab tab tab")
            .write("Waiting");
        stage.press("ctrl-s f");
        stage.press("tab tab tab tab tab tab tab").write("Old");
    });
}

#[test]
fn a_search() {
    see("search", |stage| {
        stage.press("/").write("priya back");
    });
}

#[test]
fn a_candidate() {
    see("candidate", |stage| {
        stage.press("enter");
    });
}

#[test]
fn the_board() {
    see("board", |stage| {
        stage.press("3 right right");
    });
}

#[test]
fn a_card() {
    see("card", |stage| {
        stage.press("3 right right enter");
    });
}

#[test]
fn the_week() {
    see("week", |stage| {
        stage.press("4 home right");
    });
}

#[test]
fn a_day_by_people() {
    see("people", |stage| {
        stage.press("4 v end up up");
    });
}

#[test]
fn a_week_of_panels() {
    see("panels", |stage| {
        stage.daemon.interviews = records::panels();
        stage.press("4 home down");
    });
    see("panels-people", |stage| {
        stage.daemon.interviews = records::panels();
        stage.press("4 v home down");
    });
}

#[test]
fn the_candidates_zone() {
    see("week-kolkata", |stage| {
        stage.press("4 end up up z");
    });
}

#[test]
fn the_list_by_day() {
    see("days", |stage| {
        stage.press("4 v v home down down");
    });
}

#[test]
fn an_interview() {
    see("interview", |stage| {
        stage.press("4 home down enter");
    });
}

#[test]
fn insights() {
    see("insights", |stage| {
        stage.press("i");
    });
    see("insights-waiting", |stage| {
        stage.daemon.insights[0].summary = None;
        stage.daemon.insights[0].notes = None;
        stage.daemon.insights[0].summary_state = SummaryState::PaidOnly;
        stage.daemon.insights[0].reason = Some("Zoom makes summaries only for paid plans".into());
        stage.press("4 home right right right enter i left");
    });
}

#[test]
fn settings() {
    see("settings", |stage| {
        stage.press("6");
    });
    see("settings-broken", |stage| {
        stage.daemon.zoom[0].calls_today = Some(CallsToday {
            sent: 84,
            most: 100,
        });
        stage.daemon.mail.waiting = 3;
        stage.daemon.mail.refused = 1;
        stage.changed("connection");
        stage.press("6 down down down down down down down down");
    });
}

#[test]
fn a_new_interview() {
    see("new-interview", |stage| {
        stage.press("n");
    });
}

#[test]
fn a_new_interview_by_phone_without_a_number() {
    see("new-interview-refused", |stage| {
        stage.press("n shift-tab shift-tab shift-tab shift-tab right right ctrl-s");
    });
}

#[test]
fn a_dropdown() {
    see("dropdown", |stage| {
        stage.press("n shift-tab shift-tab").write("ko");
    });
}

#[test]
fn the_other_forms() {
    see("new-candidate", |stage| {
        stage.press("a").write("Zed");
    });
    see("edit-candidate", |stage| {
        stage.press("e");
    });
    see("zoom-app", |stage| {
        stage.press("6 down enter");
    });
    see("edit-member", |stage| {
        stage.press("6 down down down enter");
    });
    see("new-job", |stage| {
        stage.press("J");
    });
    see("new-stage", |stage| {
        stage.press("3 S");
    });
    see("new-member", |stage| {
        stage.press("6 a");
    });
    see("import", |stage| {
        stage.press("I");
    });
    see("stage-settings", |stage| {
        stage.press("3 right right ,");
    });
}

#[test]
fn permissions() {
    see("permissions", |stage| {
        stage.press("6");
        crate::panes::connect::open(&mut stage.state);
    });
}

#[test]
fn waiting_for_the_browser() {
    see("waiting", |stage| {
        stage.press("6");
        crate::panes::connect::open(&mut stage.state);
        stage.press("enter").wait(23);
    });
}

#[test]
fn disconnecting() {
    see("disconnect", |stage| {
        stage.press("6 enter");
    });
}

#[test]
fn erasing() {
    see("erase", |stage| {
        stage.press("down down down X");
    });
}

#[test]
fn help_and_palette() {
    see("help", |stage| {
        stage.press("?");
    });
    see("palette", |stage| {
        stage.press(":").write("inter");
    });
}

#[test]
fn choosing_a_stage() {
    see("move", |stage| {
        stage.press("3 m");
    });
}

#[test]
fn a_failure() {
    see("failure", |stage| {
        let error = Error::conflict("move Priya Nair: somebody else moved her to Decision")
            .hint("Look at her history, then move her again.");
        stage.daemon.refuse = Some(error);
        stage.press("m end enter");
    });
}

#[test]
fn the_daemon_is_gone() {
    see("gone", |stage| {
        let error = Error::new(ErrorKind::Unreachable, "the connection to the daemon ended")
            .hint("see: greenroom daemon logs");
        let retry_at = stage.state.now + jiff::SignedDuration::from_secs(4);
        stage.play(Event::Lost(error, retry_at));
    });
}

#[test]
fn nobody_yet() {
    for (name, keys) in [
        ("today", "1"),
        ("candidates", "2"),
        ("board", "3"),
        ("week", "4"),
        ("assistant", "5"),
    ] {
        let mut stage = Stage::with(Daemon::empty(), 80, 24);
        stage.press(keys).wait(5);
        insta::assert_snapshot!(format!("empty-{name}"), stage.frame());
    }
}

#[test]
fn the_first_run() {
    let mut stage = Stage::before(Daemon::empty(), 80, 24);
    insta::assert_snapshot!("connecting", stage.frame());
    let mut hello = super::records::hello();
    (hello.workspace, hello.caller) = (None, None);
    stage.play(Event::Linked(Box::new(hello)));
    insta::assert_snapshot!("setup", stage.frame());
}

#[test]
fn plain() {
    for (name, keys) in [
        ("board", "3"),
        ("trouble", "3 w"),
        ("interview", "4 end enter"),
        ("week", "4 end left"),
        ("people", "4 v end left"),
        ("insights", "i pagedown"),
        ("waiting", "6 down down down down c enter"),
        ("approval", "6 down down down down c enter a"),
        ("workspaces", "W"),
        ("new-workspace", "W down down enter"),
        ("drift", "4 home right right right enter"),
        ("mail", "4 home right right right m"),
    ] {
        let mut stage = Stage::open(80, 24);
        stage.daemon.mails = super::records::mails();
        stage.daemon.differs(3, super::records::moved());
        stage.state.look = Look::PLAIN;
        stage.press(keys);
        insta::assert_snapshot!(format!("plain-{name}"), stage.frame());
    }
}

#[test]
fn small_terminals_lose_room_and_no_function() {
    for (columns, rows) in [(40, 12), (24, 7)] {
        for (name, keys) in [
            ("candidates", "2"),
            ("candidate", "enter"),
            ("board", "3"),
            ("week", "4"),
            ("people", "4 v"),
            ("insights", "i"),
            ("settings", "6"),
            ("form", "n"),
            ("confirm", "6 enter"),
            ("workspaces", "W"),
            ("interview", "4 home right right right enter"),
            ("reschedule", "4 home right right right r"),
            ("cancel", "4 home right right right x"),
            ("mail", "4 home right right right m"),
            ("letter", "4 home right right right m enter"),
            ("check", "4 C"),
        ] {
            let mut stage = Stage::open(columns, rows);
            stage.daemon.mails = super::records::mails();
            stage.press(keys);
            insta::assert_snapshot!(format!("small-{name}-{columns}"), stage.frame());
        }
    }
}

#[test]
fn too_small_a_terminal_says_so_and_recovers() {
    let mut stage = Stage::open(20, 5);
    assert!(stage.frame().starts_with("Terminal too small"));
    stage.play(Event::Resize(21, 6));
    assert!(stage.frame().contains("Pri"), "{}", stage.frame());
    stage.play(Event::Resize(80, 24));
    assert!(stage.frame().contains("Priya Nair"));
}

/// Case R3: an operator whose data is damaged hears so, and is not asked to set anything up.
#[test]
fn damaged_data_is_told_in_the_place_of_a_setup() {
    let mut daemon = Daemon::empty();
    daemon.damage = Some("candidate: 3 of 60 rows missing".into());
    let mut stage = Stage::before(daemon, 100, 30);
    let mut hello = super::records::hello();
    (hello.workspace, hello.caller) = (None, None);
    stage.play(Event::Linked(Box::new(hello)));
    let frame = stage.frame();
    assert!(frame.contains("3 of 60 rows missing"), "{frame}");
    assert!(frame.contains("greenroom restore FILE"), "{frame}");
    assert!(stage.state.panes.find::<Form>().is_none(), "{frame}");
}
