//! Setting up, step by step and with nothing but keys.

use greenroom_protocol::edit::Edit;
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::setting_up::SetupStep;
use greenroom_protocol::workspace::Role;
use greenroom_protocol::zoom::{Connection, ConnectionState};
use greenroom_protocol::{Error, ErrorKind};

use super::SettingUp;
use crate::app::tests::daemon::Daemon;
use crate::app::tests::records;
use crate::app::tests::stage::Stage;
use crate::forms::{Form, Kind};
use crate::state::event::Event;
use crate::typed::hours::week_shown;

const ALL_BUT_THE_WORKSPACE: [SetupStep; 5] = [
    SetupStep::ZoomApp,
    SetupStep::Email,
    SetupStep::Job,
    SetupStep::Candidates,
    SetupStep::Hours,
];

/// A workspace that has just begun, with the steps before the person.
fn begun(columns: u16, rows: u16) -> Stage {
    let mut daemon = Daemon::new();
    daemon.setup.open = ALL_BUT_THE_WORKSPACE.to_vec();
    let mut without = records::workspaces().remove(0);
    without.zoom_client_id = None;
    daemon.own.workspace = Some(without);
    let mut stage = Stage::with(daemon, columns, rows);
    stage.press("6 s");
    stage
}

fn on_top(stage: &Stage) -> Option<Kind> {
    let form = stage.state.panes.top_as::<Form>();
    form.map(|form| form.kind())
}

fn is_on_steps(stage: &Stage) -> bool {
    stage.state.panes.top_as::<SettingUp>().is_some()
}

/// The line that begins with a name.
fn line(stage: &Stage, name: &str) -> String {
    let frame = stage.frame();
    let found = frame.lines().find(|line| line.contains(name));
    found.unwrap_or_default().trim().to_owned()
}

#[test]
fn the_steps_are_a_list_with_ticks_and_words() {
    for (columns, rows) in [(80, 24), (160, 50)] {
        let mut stage = begun(columns, rows);
        insta::assert_snapshot!(format!("steps-{columns}"), stage.frame());
        stage.press("enter");
        insta::assert_snapshot!(format!("zoom-app-{columns}"), stage.frame());
        stage.press("esc e");
        insta::assert_snapshot!(format!("app-steps-{columns}"), stage.frame());
        stage.press("esc");
        stage.daemon.setup.open.clear();
        stage.daemon.setup.configured = vec![SetupStep::Email];
        stage.changed("job");
        insta::assert_snapshot!(format!("done-{columns}"), stage.frame());
    }
}

#[test]
fn each_step_is_done_in_its_form_and_the_next_one_is_selected() {
    let mut stage = begun(80, 24);
    assert!(line(&stage, "Zoom app").starts_with("▸ ○ Zoom app"));
    // Link, redirect and scopes lie before the client id.
    stage.press("enter enter enter enter");
    stage.play(Event::Paste("q7Jw2uVdRzS_x-k0mB1cQw".into()));
    stage.daemon.setup.does(SetupStep::ZoomApp);
    stage.press("ctrl-s").changed("workspace");
    let edit = stage.daemon.asked.last();
    let Some(Q::WorkspaceEdit { workspace }) = edit else {
        panic!("{edit:?}");
    };
    let id = workspace.zoom_client_id.as_deref();
    assert_eq!(id, Some("q7Jw2uVdRzS_x-k0mB1cQw"));
    assert!(is_on_steps(&stage));
    assert!(line(&stage, "Zoom app").starts_with("✓ Zoom app"));
    assert!(line(&stage, "Email").starts_with("▸ ○ Email"));
    stage.press("s");
    assert!(line(&stage, "Email").contains("skipped"));
    stage.press("enter");
    assert_eq!(on_top(&stage), Some(Kind::Job));
    stage.press("esc down enter");
    assert_eq!(on_top(&stage), Some(Kind::Import));
    stage.press("esc down enter");
    assert_eq!(on_top(&stage), Some(Kind::Hours));
    stage.press("esc");
    stage.daemon.setup.open.clear();
    stage.changed("candidate");
    let frame = stage.frame();
    assert!(frame.contains("Ready. What comes next:"), "{frame}");
    stage.press("enter");
    assert!(stage.state.panes.is_empty());
    assert_eq!(stage.state.screen, crate::state::Screen::Candidates);
}

#[test]
fn a_step_is_skipped_and_no_longer() {
    let mut stage = begun(80, 24);
    stage.press("s");
    assert!(line(&stage, "Zoom app").contains("skipped"));
    assert!(line(&stage, "Email").starts_with("▸"));
    stage.press("up");
    assert!(stage.frame().contains("s don't skip"), "{}", stage.frame());
    stage.press("s");
    assert!(line(&stage, "Zoom app").starts_with("▸ ○"));
    stage.press("up s");
    let frame = stage.frame();
    assert!(frame.contains("the workspace can't be skipped"), "{frame}");
}

#[test]
fn hours_that_are_assumed_are_taken_by_one_key() {
    for (columns, rows) in [(160, 50), (80, 24)] {
        let mut stage = begun(columns, rows);
        stage.daemon.setup.open = vec![SetupStep::Hours];
        stage.changed("workspace");
        let frame = stage.frame();
        assert!(line(&stage, "Working hours").starts_with("▸ ○"), "{frame}");
        // Dana's are set: the form shows them.
        assert!(!frame.contains("take Mon–Fri 9–17"), "{frame}");
        stage.daemon.assumes_mine = true;
        stage.changed("availability");
        insta::assert_snapshot!(format!("hours-{columns}"), stage.frame());
        takes_hours(&mut stage);
    }
}

fn takes_hours(stage: &mut Stage) {
    stage.daemon.setup.does(SetupStep::Hours);
    stage.press("a").changed("availability");
    let set = stage.daemon.asked.iter().find_map(|asked| match asked {
        Q::MemberHoursSet { set } => Some(set.clone()),
        _ => None,
    });
    let set = set.expect("the hours are set");
    let Edit::Set(week) = &set.hours else {
        panic!("{set:?}")
    };
    assert_eq!(week_shown(week), "mon-fri 09:00-17:00");
    assert_eq!(set.expected_revision, Some(0));
    let frame = stage.frame();
    assert!(frame.contains("Ready. What comes next:"), "{frame}");
}

/// In a form `s` is text, a key of what is copied, or on the row of its button the way past it.
#[test]
fn a_form_is_skipped_from_the_row_of_its_button_and_from_nowhere_else() {
    let mut stage = begun(80, 24);
    stage.press("s s enter");
    assert_eq!(on_top(&stage), Some(Kind::Job));
    stage.daemon.asked.clear();
    stage.press("s tab s");
    assert!(stage.daemon.asked.is_empty(), "{:?}", stage.daemon.asked);
    stage.press("tab");
    assert!(stage.frame().contains("s skip"), "{}", stage.frame());
    stage.press("s");
    assert!(is_on_steps(&stage));
    assert!(line(&stage, "First job").contains("skipped"));
    // What was typed is kept.
    stage.press("up enter");
    let title = line(&stage, "Title");
    assert!(title.contains("Title         s "), "{title}");
}

#[test]
fn what_is_needed_at_zoom_is_copied_by_one_key() {
    let mut stage = begun(80, 24);
    stage.press("enter c o tab c tab c");
    let sent = &stage.sent;
    assert_eq!(sent.len(), 4, "{sent:?}");
    assert_eq!(sent[0], "https://marketplace.zoom.us/");
    assert_eq!(sent[1], sent[0]);
    assert_eq!(sent[2], "http://127.0.0.1/callback");
    assert!(sent[3].contains("meeting:read:meeting\nmeeting:write:meeting"));
    // In the field of the client id they are letters.
    stage.press("tab c o");
    assert_eq!(stage.sent.len(), 4);
    let frame = stage.frame();
    assert!(frame.contains("usually have 22 letters"), "{frame}");
}

#[test]
fn somebody_else_who_creates_the_app_is_emailed_the_steps() {
    let mut stage = begun(80, 24);
    stage.press("e");
    let frame = stage.frame();
    assert!(frame.contains("They will read"), "{frame}");
    assert!(frame.contains("Copy email"), "{frame}");
    stage.press("ctrl-s");
    assert!(stage.sent[0].starts_with("Please create a Zoom app"));
    stage.daemon.mail.delivers = true;
    stage
        .changed("workspace")
        .press("e")
        .write("it@acme.example");
    stage.press("ctrl-s");
    let frame = stage.frame();
    assert!(
        frame.contains("Steps emailed to it@acme.example"),
        "{frame}"
    );
}

#[test]
fn connecting_without_an_app_leads_to_the_step_that_makes_one() {
    // It is known that there is none.
    let disconnected = |zoom: &mut Connection| zoom.state = ConnectionState::Disconnected;
    let mut stage = begun(80, 24);
    stage.zoom(0, disconnected).press("esc ctrl-o");
    assert_eq!(on_top(&stage), Some(Kind::ZoomApp), "{}", stage.frame());
    stage.press("esc");
    assert!(is_on_steps(&stage));
    // It turns out as the daemon is asked.
    let mut stage = Stage::open(80, 24);
    let error = Error::new(ErrorKind::Zoom, "no app").field("zoom_client_id");
    stage.zoom(0, disconnected).press("ctrl-o");
    stage.daemon.refuse = Some(error);
    stage.press("enter");
    assert_eq!(on_top(&stage), Some(Kind::ZoomApp), "{}", stage.frame());
}

#[test]
fn the_steps_open_on_their_own_where_a_workspace_has_just_begun_outside_the_demo() {
    let opens = |real: bool, open: &[SetupStep], admin: bool| {
        let mut daemon = Daemon::new();
        daemon.own.real_zoom = real;
        daemon.setup.open = open.to_vec();
        let mut stage = Stage::before(daemon, 80, 24);
        let mut hello = records::hello();
        if !admin {
            hello.operator = false;
            hello.caller.as_mut().unwrap().roles = vec![Role::Recruiter];
        }
        stage.play(Event::Linked(Box::new(hello)));
        stage.wait(1);
        is_on_steps(&stage)
    };
    let begun = &ALL_BUT_THE_WORKSPACE;
    assert!(opens(true, begun, true));
    assert!(!opens(false, begun, true), "the demo has its own steps");
    assert!(!opens(true, begun, false), "only admins set up");
    assert!(!opens(true, &[SetupStep::Email], true), "it is in use");
}

#[test]
fn today_says_how_far_setting_up_is_and_the_key_to_go_on() {
    let mut daemon = Daemon::empty();
    daemon.own.real_zoom = true;
    daemon.setup.open = vec![SetupStep::Email];
    let mut stage = Stage::with(daemon, 80, 24);
    stage.press("1");
    let frame = stage.frame();
    assert!(
        frame.contains("Go on setting up, 5 of 6 done: s"),
        "{frame}"
    );
    stage.press("s");
    assert!(is_on_steps(&stage));
}
