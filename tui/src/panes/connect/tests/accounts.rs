//! Connecting Google and Microsoft, for the workspace and for oneself, and disconnecting them.

use greenroom_protocol::Error;
use greenroom_protocol::account::{AccountOwner, AccountProvider};
use greenroom_protocol::service::GreenroomRequest as Q;
use greenroom_protocol::zoom::ConnectionState;

use crate::app::tests::daemon::Daemon;
use crate::app::tests::daemon::accounts::{connected, none_connected};
use crate::app::tests::stage::Stage;
use crate::forms::{Form, Kind};
use crate::panes::connect::Connect;
use crate::state::event::Event;

const ADDRESS: &str = "interviews@acme.example";

/// The settings, at the workspace's Google.
fn settings(columns: u16, rows: u16) -> Stage {
    let mut daemon = Daemon::new();
    daemon.accounts = none_connected();
    let mut stage = Stage::with(daemon, columns, rows);
    stage.press("6 down down");
    stage
}

fn is_waiting(stage: &Stage) -> bool {
    stage.state.panes.find::<Connect>().is_some()
}

#[test]
fn google_is_connected_for_the_workspace_with_the_permissions_first() {
    for (columns, rows) in [(80, 24), (160, 50)] {
        let mut stage = settings(columns, rows);
        insta::assert_snapshot!(format!("accounts-{columns}"), stage.frame());
        stage.press("enter");
        insta::assert_snapshot!(format!("google-permissions-{columns}"), stage.frame());
        stage.press("enter");
        insta::assert_snapshot!(format!("google-waiting-{columns}"), stage.frame());
        assert!(stage.sent[0].starts_with("https://google.example/"));
        stage.press("c");
        assert_eq!(stage.sent.len(), 2, "the whole address is copied");
        let back = "http://127.0.0.1:41999/callback?code=c&state=b64Zt9Qk2";
        stage.play(Event::Paste(back.into()));
        let frame = stage.frame();
        assert!(
            frame.contains("Google is connected: interviews@"),
            "{frame}"
        );
        assert!(!is_waiting(&stage));
        stage.changed("connection");
        assert!(
            stage.frame().contains("[ Disconnect ]"),
            "{}",
            stage.frame()
        );
    }
}

/// A phone takes the address where the window has room for its code.
#[test]
fn the_address_is_shown_as_a_qr_code_where_it_fits() {
    let mut stage = settings(160, 50);
    stage.press("enter enter");
    assert!(stage.frame().contains("Q QR code"), "{}", stage.frame());
    stage.press("Q");
    insta::assert_snapshot!("google-qr-160", stage.frame());
    stage.press("esc");
    let frame = stage.frame();
    assert!(
        is_waiting(&stage) && frame.contains("Browser elsewhere"),
        "{frame}"
    );
    // Tab leads from the code to the field that takes the final address.
    stage.press("Q tab");
    let back = "http://127.0.0.1:41999/callback?code=c&state=b64Zt9Qk2";
    stage.play(Event::Paste(back.into()));
    assert!(!is_waiting(&stage));
    let mut stage = settings(80, 24);
    stage.press("enter enter");
    assert!(!stage.frame().contains("QR code"), "{}", stage.frame());
    stage.press("Q");
    let frame = stage.frame();
    assert!(frame.contains("too small"), "{frame}");
    assert!(frame.contains("Browser elsewhere"), "{frame}");
}

#[test]
fn microsoft_comes_back_to_localhost_and_ones_own_is_ones_own() {
    let mut stage = settings(80, 24);
    stage.press("down down enter enter");
    let Some(Q::AccountConnectStart { start }) = stage.daemon.asked.last() else {
        panic!("{:?}", stage.daemon.asked);
    };
    assert_eq!(start.provider, AccountProvider::Microsoft);
    assert!(start.for_workspace);
    assert_eq!(start.redirect_uri, "http://localhost:41999/callback");
    stage.press("esc down enter enter");
    let Some(Q::AccountConnectStart { start }) = stage.daemon.asked.last() else {
        panic!("{:?}", stage.daemon.asked);
    };
    assert!(!start.for_workspace);
    stage.press("p");
    let frame = stage.frame();
    assert!(frame.contains("another account"), "{frame}");
    stage.press("r");
    assert!(stage.frame().contains("app-of-acme"), "{}", stage.frame());
    // Nobody waits for an attempt that was left.
    stage.press("esc esc");
    let cancelled = stage.daemon.asked.last();
    assert!(matches!(cancelled, Some(Q::AccountConnectCancel { .. })));
}

#[test]
fn an_attempt_that_ended_elsewhere_or_took_too_long_is_not_waited_for() {
    let mut stage = settings(80, 24);
    stage.press("enter enter").changed("connection");
    stage.daemon.accounts[0].attempt = None;
    stage.daemon.accounts[0].reason = Some("Access was declined".into());
    stage.changed("connection");
    let frame = stage.frame();
    assert!(frame.contains("Couldn't connect Google"), "{frame}");
    assert!(frame.contains("Access was declined"), "{frame}");
    let mut stage = settings(80, 24);
    stage.press("enter enter").wait(601);
    let frame = stage.frame();
    assert!(
        frame.contains("didn't respond within ten minutes"),
        "{frame}"
    );
}

#[test]
fn without_an_app_the_way_leads_to_the_steps_that_make_one() {
    let mut stage = settings(80, 24);
    stage.daemon.accounts[0].app = false;
    stage.changed("workspace").press("enter");
    let kind = |stage: &Stage| stage.state.panes.top_as::<Form>().map(Form::kind);
    assert_eq!(kind(&stage), Some(Kind::AccountApp), "{}", stage.frame());
    stage.press("esc");
    stage.daemon.accounts[0].app = true;
    stage.changed("workspace").press("enter");
    stage.daemon.refuse = Some(Error::failed("no app").field("google_client_id"));
    stage.press("enter");
    assert_eq!(kind(&stage), Some(Kind::AccountApp), "{}", stage.frame());
}

#[test]
fn the_secret_of_googles_app_is_typed_as_dots_and_sent() {
    let mut stage = settings(80, 24);
    stage.daemon.accounts[0].app = false;
    stage.changed("workspace").press("enter");
    while !stage.frame().contains("Client ID ") {
        stage.press("down");
    }
    let form = stage.state.panes.top_as::<Form>();
    assert!(form.is_some());
    for (keys, text) in [
        ("", "1234-abc.apps.googleusercontent.com"),
        ("tab", "GOCSPX-hush"),
    ] {
        stage.press(keys);
        while stage
            .state
            .panes
            .top_as::<Form>()
            .unwrap()
            .fields()
            .copied()
            .is_some()
        {
            stage.press("tab");
        }
        stage.write(text);
    }
    let frame = stage.frame();
    assert!(!frame.contains("hush") && frame.contains("•••"), "{frame}");
    let debug = format!("{:?}", stage.state.panes);
    assert!(!debug.contains("hush"));
    stage.press("ctrl-s");
    let Some(Q::WorkspaceEdit { workspace }) = stage.daemon.asked.last() else {
        panic!("{:?}", stage.daemon.asked);
    };
    let secret = workspace.google_client_secret.as_ref().unwrap();
    assert_eq!(secret.reveal(), "GOCSPX-hush");
}

#[test]
fn disconnecting_says_first_what_ends_with_it() {
    let mut stage = settings(80, 24);
    let workspace = || AccountOwner::Workspace;
    stage.daemon.accounts[0] = connected(AccountProvider::Google, workspace(), ADDRESS);
    stage.daemon.accounts[2] = connected(AccountProvider::Microsoft, workspace(), ADDRESS);
    stage.changed("connection").press("enter");
    let frame = stage.frame();
    for part in [
        "email and busy times",
        "The workspace's email stops",
        "[ Cancel ]",
    ] {
        assert!(frame.contains(part), "{part}: {frame}");
    }
    stage.press("tab enter");
    let frame = stage.frame();
    assert!(
        frame.contains("Google disconnected and access revoked"),
        "{frame}"
    );
    stage
        .changed("connection")
        .press("down down enter tab enter");
    let frame = stage.frame();
    assert!(frame.contains("myapps.microsoft.com"), "{frame}");
}

#[test]
fn an_admin_there_is_asked_to_approve_the_app() {
    let mut stage = settings(80, 24);
    stage.press("enter enter a");
    let frame = stage.frame();
    assert!(frame.contains("Ask your Google admin"), "{frame}");
    assert!(
        frame.contains("Please approve Greenroom for Google"),
        "{frame}"
    );
    stage.write("it@acme.example").press("ctrl-s");
    let Some(Q::AccountRequestApproval { ask }) = stage
        .daemon
        .asked
        .iter()
        .rfind(|it| matches!(it, Q::AccountRequestApproval { .. }))
    else {
        panic!("{:?}", stage.daemon.asked);
    };
    assert!(ask.for_workspace && !ask.dry_run);
}

/// What died says why and what to do, where it is.
#[test]
fn a_dead_account_says_why_and_what_to_do() {
    let mut stage = settings(80, 24);
    let account = &mut stage.daemon.accounts[0];
    account.state = ConnectionState::ReconnectRequired;
    account.reason = Some("the password was changed".into());
    account.hint = Some("Connect it again.".into());
    account.app = true;
    stage.changed("connection");
    let frame = stage.frame();
    for part in [
        "must be reconnected ✗",
        "the password was changed",
        "Connect it again",
    ] {
        assert!(frame.contains(part), "{part}: {frame}");
    }
}
