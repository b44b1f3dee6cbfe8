//! Setting up email with nothing but keys: address, system, log-in, and the test that follows.

use greenroom_protocol::account::{AccountOwner, AccountProvider};
use greenroom_protocol::mail_settings::{
    MailConfigure, MailLogIn, MailSecurity, MailServer, MailSource, MailSystem, MailTransport,
};
use greenroom_protocol::service::GreenroomRequest as Q;

use super::MailTest;
use crate::app::tests::daemon::Daemon;
use crate::app::tests::daemon::accounts::{connected, none_connected};
use crate::app::tests::stage::Stage;
use crate::forms::{Form, Kind};
use crate::panes::connect::Connect;
use crate::panes::connect::target::Target;
use crate::state::event::Event;

const INTERVIEWS: &str = "interviews@acme.example";

/// The form, from the settings; the address that stands there is replaced.
fn form(columns: u16, rows: u16, address: &str) -> Stage {
    let mut stage = Stage::open(columns, rows);
    stage.press("6 down down enter ctrl-u").write(address);
    stage
}

/// The form where accounts can be connected.
fn form_with_accounts(daemon: Daemon, address: &str) -> Stage {
    let mut stage = Stage::with(daemon, 80, 24);
    stage.press("6 down down down down down down enter ctrl-u");
    stage.write(address).press("tab");
    stage
}

fn with_accounts() -> Daemon {
    let mut daemon = Daemon::new();
    daemon.accounts = none_connected();
    daemon
}

fn configured(stage: &Stage) -> &MailConfigure {
    let asked = stage.daemon.asked.iter();
    let mut found = asked.filter_map(|it| match it {
        Q::MailConfigure { configure } => Some(configure),
        _ => None,
    });
    found.next_back().unwrap()
}

fn is_tested(stage: &Stage) -> bool {
    stage.state.panes.find::<MailTest>().is_some()
}

/// The workspace's own server, as it was set up before.
fn stored(daemon: &mut Daemon) {
    let server = |port, user: &str| MailServer {
        host: "mail.acme.example".into(),
        port,
        security: MailSecurity::Tls,
        user: Some(user.into()),
    };
    let settings = &mut daemon.email.settings;
    settings.source = MailSource::Workspace;
    settings.system = Some(MailSystem::Other);
    settings.transport = MailTransport::Smtp;
    settings.from = Some(INTERVIEWS.into());
    settings.smtp = Some(server(2465, "robin"));
    settings.smtp_log_in = MailLogIn::Password;
    settings.imap = Some(server(2993, "reader"));
    settings.imap_log_in = MailLogIn::Password;
    settings.delivers = true;
    settings.revision = 4;
}

#[test]
fn a_server_of_ones_own_is_set_up_and_tested_step_by_step() {
    for (columns, rows) in [(80, 24), (160, 50)] {
        let mut stage = form(columns, rows, INTERVIEWS);
        stage.press("tab");
        insta::assert_snapshot!(format!("unknown-{columns}"), stage.frame());
        stage.write("other").press("enter tab");
        stage.write("plain://127.0.0.1:2525").press("tab");
        stage.press("tab tab").write("s3cret pass");
        insta::assert_snapshot!(format!("servers-{columns}"), stage.frame());
        let debug = format!("{:?}", stage.state.panes);
        assert!(!debug.contains("s3cret"));
        stage.press("ctrl-s");
        let set = configured(&stage);
        assert_eq!(set.system, Some(MailSystem::Other));
        assert_eq!(set.imap, None);
        let smtp = set.smtp.as_ref().unwrap();
        assert_eq!((smtp.port, smtp.security), (2525, MailSecurity::Plain));
        assert_eq!(smtp.user.as_deref(), Some(INTERVIEWS));
        assert_eq!(set.smtp_password.as_ref().unwrap().reveal(), "s3cret pass");
        insta::assert_snapshot!(format!("testing-{columns}"), stage.frame());
        stage.daemon.email.passes();
        stage.changed("mail-settings");
        let frame = stage.frame();
        assert!(frame.contains("✓ Emails leave"), "{frame}");
        insta::assert_snapshot!(format!("tested-{columns}"), frame);
        stage.press("enter");
        assert!(!is_tested(&stage));
        let frame = stage.frame();
        assert!(frame.contains(INTERVIEWS), "{frame}");
        assert!(frame.contains("[ Change ]"), "{frame}");
    }
}

#[test]
fn google_is_found_by_its_mx_and_connected_before_the_test() {
    let mut stage = form_with_accounts(with_accounts(), "interviews@google.example");
    insta::assert_snapshot!("google-80", stage.frame());
    stage.press("ctrl-s");
    let set = configured(&stage);
    let account = "google:interviews@google.example";
    assert_eq!(set.account.as_deref(), Some(account));
    assert!(set.smtp_password.is_none());
    assert!(set.smtp.is_none() && set.imap.is_none());
    let connect = stage.state.panes.top_as::<Connect>().unwrap();
    let Target::Account(account) = &connect.target else {
        panic!("{connect:?}");
    };
    assert_eq!(account.provider, AccountProvider::Google);
    assert!(account.for_workspace);
    let email = account.email.as_deref();
    assert_eq!(email, Some("interviews@google.example"));
    // What is not connected yet is not called good.
    stage.press("esc").changed("mail-settings");
    let frame = stage.frame();
    assert!(frame.contains("Google by SMTP · not connected"), "{frame}");
}

#[test]
fn the_test_follows_once_the_mailbox_is_connected() {
    let mut stage = form_with_accounts(with_accounts(), INTERVIEWS);
    stage.write("goog").press("enter ctrl-s enter");
    let back = "http://127.0.0.1:41999/callback?code=c&state=b64Zt9Qk2";
    stage.play(Event::Paste(back.into()));
    assert!(is_tested(&stage), "{}", stage.frame());
}

#[test]
fn a_mailbox_that_is_connected_already_is_tested_at_once() {
    let mut daemon = with_accounts();
    let owner = daemon.accounts[1].owner.clone();
    assert_ne!(owner, AccountOwner::Workspace);
    daemon.accounts[1] = connected(AccountProvider::Google, owner, INTERVIEWS);
    let mut stage = form_with_accounts(daemon, INTERVIEWS);
    stage.write("goog").press("enter");
    let frame = stage.frame();
    assert!(frame.contains("[ Save and test ]"), "{frame}");
    stage.press("ctrl-s");
    assert!(is_tested(&stage), "{}", stage.frame());
}

#[test]
fn an_account_without_an_app_leads_by_the_app_to_connecting() {
    let mut daemon = with_accounts();
    daemon.accounts[0].app = false;
    let mut stage = form_with_accounts(daemon, INTERVIEWS);
    stage.write("goog").press("enter ctrl-s");
    let form = stage.state.panes.top_as::<Form>().map(Form::kind);
    assert_eq!(form, Some(Kind::AccountApp), "{}", stage.frame());
    let frame = stage.frame();
    assert!(frame.contains("[ Save and connect ]"), "{frame}");
    stage.press("tab tab tab");
    stage
        .write("42-abc.apps.googleusercontent.com")
        .press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("Google will ask you to allow"), "{frame}");
    assert!(frame.contains(INTERVIEWS), "{frame}");
}

#[test]
fn microsoft_is_written_by_smtp_or_by_graph() {
    let mut stage = form_with_accounts(with_accounts(), "interviews@microsoft.example");
    insta::assert_snapshot!("microsoft-80", stage.frame());
    stage.press("tab right ctrl-s");
    let set = configured(&stage);
    assert_eq!(set.transport, Some(MailTransport::Graph));
    let account = "microsoft:interviews@microsoft.example";
    assert_eq!(set.account.as_deref(), Some(account));
}

/// A fast person presses the button before the system is known.
#[test]
fn what_is_sent_before_the_system_is_known_is_sent_once_it_is() {
    let mut stage = Stage::with(with_accounts(), 80, 24);
    stage.press("6 down down down down down down enter ctrl-u");
    stage.write("interviews@google.example").press("ctrl-s");
    let set = configured(&stage);
    assert_eq!(set.system, Some(MailSystem::Google));
    let mut stage = form(80, 24, INTERVIEWS);
    stage.press("ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("Choose the email system"), "{frame}");
    let mut asked = stage.daemon.asked.iter();
    assert!(!asked.any(|it| matches!(it, Q::MailConfigure { .. })));
}

#[test]
fn what_is_missing_is_said_beside_the_fields_all_at_once() {
    let mut stage = form(80, 24, INTERVIEWS);
    stage.press("tab").write("other").press("enter ctrl-s");
    let frame = stage.frame();
    assert!(frame.contains("Enter the password"), "{frame}");
    assert!(frame.contains("Enter the server's name"), "{frame}");
}

#[test]
fn a_change_leaves_what_stands_beside_it_as_it_was_stored() {
    let mut daemon = Daemon::new();
    stored(&mut daemon);
    let before = daemon.email.settings.clone();
    let mut stage = Stage::with(daemon, 80, 24);
    stage.press("6 down down enter tab");
    insta::assert_snapshot!("stored-80", stage.frame());
    stage.press("ctrl-s");
    let set = configured(&stage);
    assert_eq!((&set.smtp, &set.imap), (&before.smtp, &before.imap));
    assert!(set.smtp_password.is_none(), "it stays in the vault");
    assert_eq!(set.expected_revision, Some(4));
    // A new password is not one of another user's mailbox.
    let mut daemon = Daemon::new();
    stored(&mut daemon);
    let mut stage = Stage::with(daemon, 80, 24);
    stage.press("6 down down enter shift-tab shift-tab");
    stage.write("new one").press("ctrl-s");
    let set = configured(&stage);
    assert_eq!((&set.smtp, &set.imap), (&before.smtp, &None));
}

#[test]
fn the_daemons_configuration_is_shown_and_gone_back_to() {
    let mut daemon = Daemon::new();
    stored(&mut daemon);
    let mut stage = Stage::with(daemon, 80, 24);
    stage.press("6 down down enter tab");
    stage.write("configuration").press("enter");
    let frame = stage.frame();
    assert!(frame.contains("[ Use the configuration ]"), "{frame}");
    stage.press("ctrl-s");
    assert!(configured(&stage).reset);
    assert!(!is_tested(&stage));

    let mut daemon = Daemon::new();
    stored(&mut daemon);
    daemon.email.settings.source = MailSource::Configuration;
    daemon.email.settings.revision = 0;
    let mut stage = Stage::with(daemon, 80, 24);
    stage.press("6 down down");
    let frame = stage.frame();
    assert!(
        frame.contains("set in the daemon's configuration"),
        "{frame}"
    );
    stage.press("enter");
    let frame = stage.frame();
    assert!(frame.contains("for all workspaces"), "{frame}");
    assert!(
        !frame.contains("Other (SMTP"),
        "nothing is chosen yet: {frame}"
    );
}
