//! Setting up in a shell, question by question.

use std::fs::Permissions;
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::{Context as _, ensure};
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::mail_settings::{MailLogIn, MailSource};
use greenroom_protocol::setting_up::{SetupItem, SetupState};
use greenroom_tests::harness::{DANA, World};
use greenroom_tests::mail_server::MailServer;
use greenroom_tests::name_server::NameServer;
use greenroom_tests::sandbox::google::{CLIENT_ID, CLIENT_SECRET};
use greenroom_tests::sandbox::{Decision, PUBLIC_CLIENT_ID, consent, http_client};
use greenroom_tests::wait;

use super::empty_home;
use super::google::GoogleMail;
use crate::fixture::client;
use crate::terminal::{Size, Terminal};

const SIZE: Size = (80, 24);

const PRIYA: &str = "priya.nair@mail.example";
const INTERVIEWS: &str = "interviews@acme.example";
const PASSWORD: &str = "s3cret pass";

/// Answers questions, each once it is asked.
async fn answer(terminal: &mut Terminal, answers: &[(&str, &str)]) -> anyhow::Result<()> {
    for (question, answer) in answers {
        terminal.shows(question).await?;
        terminal.press(&format!("{answer}\n")).await?;
    }
    Ok(())
}

#[tokio::test]
async fn a_shell_sets_everything_up_question_by_question() -> anyhow::Result<()> {
    let (mut world, file) = empty_home().await?;
    let names = NameServer::start(&[("acme.example", "mx.acme.example")]).await?;
    let mail = MailServer::start().await?;
    world.reconfigure(&names.config(), &[]).await?;
    let mut terminal = Terminal::open(&client(&world, &["setup"]), SIZE)?;
    let who = [
        ("Workspace (your company)", "Acme"),
        ("Your name", "Dana Reyes"),
        ("Your email", DANA),
        ("Your time zone", ""),
    ];
    answer(&mut terminal, &who).await?;
    terminal.shows("http://127.0.0.1/callback").await?;
    let smtp = format!("plain://127.0.0.1:{}", mail.settings(INTERVIEWS).port);
    let email = [
        ("Client ID, or the email", PUBLIC_CLIENT_ID),
        ("invitations come from (empty: skip)", INTERVIEWS),
        ("Mail system (", "other"),
        // What names no server is said, and asked for again.
        ("SMTP server that takes", "http://mail"),
        ("Write it as host or host:port", &smtp),
        ("IMAP server", ""),
        ("Password of interviews@acme.example", PASSWORD),
    ];
    answer(&mut terminal, &email).await?;
    // Nothing is read back, which is a warning and no failure.
    terminal.shows("email works, with the warnings").await?;
    assert!(!terminal.screen().contents().contains(PASSWORD));
    let file = file.display().to_string();
    let rest = [
        ("Title of the first job", "Engineer"),
        ("file with candidates", "/nowhere.csv"),
        ("Couldn't read /nowhere.csv", &file),
        // What is no week is said, and asked for again.
        ("Your hours, such as", "whenever"),
        ("is not a day", "y"),
    ];
    answer(&mut terminal, &rest).await?;
    terminal.shows("next: greenroom zoom connect").await?;
    let left = terminal.left().await?;
    assert_eq!(left.code, Some(0));
    assert_eq!(
        mail.log_ins().last(),
        Some(&format!("{INTERVIEWS} {PASSWORD}"))
    );
    assert_eq!(mail.taken_by(INTERVIEWS)?.len(), 1, "the test's email");

    let dana = world.client().await?;
    let progress = dana.setup_progress().await?;
    let done = |it: &&SetupItem| it.state == SetupState::Done;
    assert_eq!(progress.steps.iter().filter(done).count(), 6);

    // Again at any time, and for a program.
    let again = output(client(&world, &["setup", "--json", "--job", "Designer"])).await?;
    let again: serde_json::Value = serde_json::from_str(&again)?;
    assert_eq!(again["progress"]["steps"][3]["detail"], "2 jobs");
    assert_eq!(again["next_command"], "greenroom zoom connect");

    world.connect_zoom(&dana, DANA).await?;
    let book = [
        "interview",
        "new",
        "--candidate",
        PRIYA,
        "--start",
        "tomorrow 10:00",
        "--confirm",
        "--json",
    ];
    let booked = output(client(&world, &book)).await?;
    assert!(booked.contains("\"confirmed\""), "{booked}");
    let has_come = async || {
        let found = mail.taken_by(PRIYA).unwrap();
        found.iter().any(|letter| letter.calendar.is_some())
    };
    wait::so("the invitation", has_come).await;
    Ok(())
}

/// Google's mailbox is found by its MX, its app entered and it is connected in the browser, and the
/// answers after that are still the terminal's.
#[tokio::test]
async fn email_is_set_up_in_a_shell_by_an_account_that_is_connected_on_the_way()
-> anyhow::Result<()> {
    let mut world = World::start(crate::fixture::PROGRAM).await?;
    let Some(mail) = GoogleMail::open(world.directory()).await? else {
        return Ok(());
    };
    world.reconfigure(&mail.config(), &[]).await?;
    let (dana, _) = world.set_up().await?;
    let opened = world.directory().join("opened");
    let mut command = client(&world, &["mail", "setup"]);
    command.env("BROWSER", browser(world.directory(), &opened)?);
    let mut terminal = Terminal::open(&command, (160, 50))?;
    let questions = [
        ("Address that invitations come from", DANA),
        ("Log in (browser", ""),
        ("Client ID", CLIENT_ID),
        ("Client secret", CLIENT_SECRET),
    ];
    answer(&mut terminal, &questions[..1]).await?;
    terminal.shows("its MX is aspmx.l.google.com").await?;
    terminal.shows("What your email admin has to allow").await?;
    answer(&mut terminal, &questions[1..2]).await?;
    terminal.shows("console.cloud.google.com").await?;
    answer(&mut terminal, &questions[2..]).await?;
    let door = async || {
        std::fs::read_to_string(&opened)
            .ok()
            .filter(|it| it.ends_with('\n'))
    };
    let door = wait::until("the browser", door).await;
    approve(door.trim(), DANA).await?;
    terminal.shows("email works").await?;
    let screen = terminal.screen().contents();
    assert!(!screen.contains(CLIENT_SECRET), "{screen}");
    let left = terminal.left().await?;
    assert_eq!(left.code, Some(0));

    let settings = dana.mail_settings().await?;
    assert_eq!(settings.source, MailSource::Workspace);
    assert_eq!(
        settings.account.as_deref(),
        Some("google:dana.reyes@acme.example")
    );
    assert_eq!(
        settings.smtp_log_in,
        MailLogIn::Account(AccountProvider::Google)
    );
    assert!(settings.delivers);

    // Connected already, it is only tested.
    let mut terminal = Terminal::open(&client(&world, &["mail", "setup"]), (160, 50))?;
    answer(&mut terminal, &questions[..1]).await?;
    terminal.shows("is connected: emails leave by it").await?;
    terminal.shows("email works").await?;
    assert_eq!(terminal.left().await?.code, Some(0));
    Ok(())
}

/// A browser that only notes what it was to open.
fn browser(home: &Path, opened: &Path) -> anyhow::Result<PathBuf> {
    let program = home.join("browser");
    let at = opened.display();
    let script = format!("#!/bin/sh\necho \"$1\" > '{at}.new' && mv '{at}.new' '{at}'\n");
    std::fs::write(&program, script)?;
    std::fs::set_permissions(&program, Permissions::from_mode(0o755))?;
    Ok(program)
}

/// What a person does in the browser that was opened: approves, and comes back.
async fn approve(door: &str, user: &str) -> anyhow::Result<()> {
    let http = http_client()?;
    let page = http.get(door).send().await?;
    let onward = page.headers().get("location").context("it leads on")?;
    let back = consent(onward.to_str()?, user, Decision::Allow).await?;
    http.get(back).send().await?.error_for_status()?;
    Ok(())
}

/// What a command prints; it has to work. The sandbox goes on meanwhile.
async fn output(command: Command) -> anyhow::Result<String> {
    let output = tokio::process::Command::from(command).output().await?;
    let said = String::from_utf8_lossy(&output.stderr);
    let printed = String::from_utf8(output.stdout)?;
    ensure!(output.status.success(), "{said}{printed}");
    Ok(printed)
}
