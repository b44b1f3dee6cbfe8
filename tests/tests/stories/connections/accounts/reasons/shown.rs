//! Where the cause is read: by people whole and in words, by programs as one short word.

use std::process::{Output, Stdio};

use greenroom::app::account_in_settings;
use greenroom_protocol::account::Account;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::zoom::ConnectionState as S;
use greenroom_tests::test_daemon::OWNER;
use tokio::process::Command;

use super::Fixture;

const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");

/// Columns of the smallest terminal.
const NARROW: u16 = 80;

/// Checks that everyone who shows this account of Dana's says why it stands so, and what to do.
pub(super) async fn everywhere(office: &Fixture, account: &Account, story: &str) {
    let reason = account.reason.as_deref().expect(story);
    let (code, hint) = (account.reason_code.as_deref(), account.hint.as_deref());
    assert!(Some(reason) != code && hint != code, "a bare code: {story}");
    assert!(reason.contains(' ') || code == Some("revoked"), "{story}");
    in_a_shell(office, account, story).await;
    in_the_client(account, reason, story);
    by_doctor(office, account, reason, story).await;
}

/// `greenroom google status`, for people and for programs.
async fn in_a_shell(office: &Fixture, account: &Account, story: &str) {
    let word = account.provider.word();
    let text = run(office, &[word, "status"]).await;
    let said = |name: &str| {
        let mut lines = text.lines();
        lines.find_map(|line| Some(line.strip_prefix(name)?.trim()))
    };
    assert_eq!(said("reason"), account.reason.as_deref(), "{story}: {text}");
    assert_eq!(said("next"), account.hint.as_deref(), "{story}: {text}");
    let json = run(office, &["--json", word, "status"]).await;
    let read: Account = serde_json::from_str(&json).expect(story);
    assert_eq!(&read, account, "{story}");
}

async fn run(office: &Fixture, arguments: &[&str]) -> String {
    let socket = office.daemon.door(OWNER).unwrap().socket.path;
    let mut command = Command::new(PROGRAM);
    command
        .args(["client", "--no-start", "--socket"])
        .arg(&socket)
        .args(arguments)
        .env("HOME", socket.parent().unwrap())
        .env_remove("XDG_CONFIG_HOME")
        .stdin(Stdio::null())
        .kill_on_drop(true);
    let Output {
        status,
        stdout,
        stderr,
    } = command.output().await.unwrap();
    let said = String::from_utf8(stdout).unwrap();
    let note = String::from_utf8_lossy(&stderr);
    // Status verbs exit 0 whatever they report.
    assert!(status.success(), "{arguments:?}: {said}{note}");
    said
}

/// The client's Settings, with Dana on the row of her account: the whole of both, in the words of the
/// shell.
fn in_the_client(account: &Account, reason: &str, story: &str) {
    let lines = account_in_settings(account, NARROW);
    let words = lines.join(" ");
    let words: Vec<_> = words.split_whitespace().collect();
    let words = words.join(" ");
    for expected in [Some(reason), account.hint.as_deref()] {
        let expected = expected.unwrap_or_default();
        assert!(words.contains(expected), "{story}: {lines:#?}");
    }
}

/// `doctor`, of what is connected or waits for somebody; who never connected needs no doctor.
async fn by_doctor(office: &Fixture, account: &Account, reason: &str, story: &str) {
    let name = format!("{} of Dana Reyes", account.provider.word());
    let checks = office.dana.doctor().await.unwrap();
    let check = checks.into_iter().find(|check| check.name == name);
    let expected = match account.state {
        S::Disconnected | S::Authorizing => None,
        S::ReconnectRequired => Some(CheckResult::Wrong),
        S::Connected | S::Retrying | S::PreApprovalRequested => Some(CheckResult::Warning),
    };
    assert_eq!(check.as_ref().map(|it| it.result), expected, "{story}");
    if let Some(check) = check {
        assert!(check.message.ends_with(reason), "{story}: {check:?}");
        assert_eq!(check.hint, account.hint, "{story}");
    }
}
