//! From an empty home to a booked interview whose invitations have left, with nothing but keys; and
//! the same in a shell.

use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::ensure;
use greenroom_protocol::interview::{InterviewQuery, InterviewStatus};
use greenroom_protocol::setting_up::SetupState;
use greenroom_tests::harness::{DANA, World};
use greenroom_tests::post::Folders;
use greenroom_tests::sandbox::{Config, PUBLIC_CLIENT_ID, Sandbox};
use greenroom_tests::wait;

use crate::fixture::{PROGRAM, client};
use crate::terminal::{CONTROL_S, ENTER, Size, TAB, Terminal};

/// The most keys that it may take; a paste is one.
const MOST_KEYS: usize = 90;

const SIZES: [Size; 2] = [(80, 24), (160, 50)];

const CANDIDATES: &str = "name,email,job,stage\n\
    Priya Nair,priya.nair@mail.example,Engineer,Phone screen\n\
    Jun Tanaka,jun.tanaka@mail.example,Engineer,Applied\n";

/// A daemon without a workspace or a Zoom app, and somebody's file of candidates.
async fn empty_home() -> anyhow::Result<(World, PathBuf)> {
    let zoom = Sandbox::start(Config::default()).await?;
    let (oauth, api) = (zoom.oauth_url(), zoom.api_url());
    let mut world = World::around(PROGRAM, zoom, &oauth, &api, "").await?;
    let mail = "\n[mail]\ntransport = \"sandbox\"\n";
    world.reconfigure(mail, &[]).await?;
    let file = world.directory().join("candidates.csv");
    std::fs::write(&file, CANDIDATES)?;
    Ok((world, file))
}

/// Somebody at the keys, who counts them.
struct Hands {
    terminal: Terminal,
    keys: usize,
}

impl Hands {
    async fn type_in(&mut self, text: &str) -> anyhow::Result<()> {
        self.keys += text.chars().count();
        self.terminal.press(text).await
    }

    /// Pastes, which is one key.
    async fn paste(&mut self, text: &str) -> anyhow::Result<()> {
        self.keys += 1;
        self.terminal
            .press(&format!("\x1b[200~{text}\x1b[201~"))
            .await
    }

    async fn sees(&mut self, text: &str) -> anyhow::Result<()> {
        self.terminal.shows(text).await
    }
}

/// The invitation of a candidate, once it has left.
async fn invited(directory: &Path, address: &str) -> bool {
    let folders = Folders::of(&directory.join("data/mail"));
    let found = async || {
        let letters = folders.to(address).ok()?;
        letters.into_iter().next()
    };
    let letter = wait::until("the candidate's invitation", found).await;
    letter.calendar.is_some()
}

#[tokio::test]
async fn from_an_empty_home_to_an_emailed_interview_with_nothing_but_keys() -> anyhow::Result<()> {
    for size in SIZES {
        let (world, file) = empty_home().await?;
        let terminal = Terminal::open(&client(&world, &[]), size)?;
        let mut hands = Hands { terminal, keys: 0 };
        hands.sees("your first workspace").await?;
        let who = ["Acme", TAB, "Dana Reyes", TAB, DANA, CONTROL_S].concat();
        hands.type_in(&who).await?;
        // The Zoom app: link, redirect and scopes come before the client id.
        hands.sees("nobody can connect Zoom yet").await?;
        hands.type_in(ENTER).await?;
        hands.sees("http://127.0.0.1/callback").await?;
        hands.type_in(&ENTER.repeat(3)).await?;
        hands.paste(PUBLIC_CLIENT_ID).await?;
        hands.type_in(CONTROL_S).await?;
        // Email is the configuration's; the job is next.
        hands.sees("3 of 5 done").await?;
        hands.sees("set in the daemon's configuration").await?;
        hands.type_in(ENTER).await?;
        hands.sees("New job").await?;
        hands.type_in(&["Engineer", CONTROL_S].concat()).await?;
        hands.sees("4 of 5 done").await?;
        hands.type_in(ENTER).await?;
        hands.sees("Import candidates").await?;
        hands.paste(&file.display().to_string()).await?;
        hands.type_in(CONTROL_S).await?;
        hands.sees("2 to add").await?;
        hands.type_in(CONTROL_S).await?;
        hands.sees("Ready. What comes next").await?;
        hands.type_in("c").await?;
        hands.sees("Continue in the browser").await?;
        hands.type_in(ENTER).await?;
        hands.sees("press s to approve").await?;
        hands.type_in("s").await?;
        hands.sees("✓ Connect Zoom").await?;
        hands.type_in(ENTER).await?;
        hands.sees("Jun Tanaka").await?;
        hands.type_in("n").await?;
        hands.sees("New interview").await?;
        hands.sees("outside hours").await?;
        hands.type_in(CONTROL_S).await?;
        hands.sees("Passcode").await?;
        let keys = hands.keys;
        ensure!(keys <= MOST_KEYS, "{keys} keys, more than {MOST_KEYS}");
        let dana = world.client().await?;
        let booked = dana.interview_list(InterviewQuery::default()).await?;
        let booked = &booked.items[0];
        assert_eq!(booked.status, InterviewStatus::Confirmed);
        assert!(
            invited(world.directory(), &booked.candidate.email).await,
            "after {keys} keys"
        );
    }
    Ok(())
}

#[tokio::test]
async fn a_shell_sets_everything_up_question_by_question() -> anyhow::Result<()> {
    let (world, file) = empty_home().await?;
    let mut terminal = Terminal::open(&client(&world, &["setup"]), SIZES[0])?;
    for (question, answer) in [
        ("Workspace (your company)", "Acme"),
        ("Your name", "Dana Reyes"),
        ("Your email", DANA),
        ("Your time zone", ""),
    ] {
        terminal.shows(question).await?;
        terminal.press(&format!("{answer}\n")).await?;
    }
    terminal.shows("http://127.0.0.1/callback").await?;
    terminal.shows("Client ID, or the email").await?;
    terminal.press(&format!("{PUBLIC_CLIENT_ID}\n")).await?;
    terminal.shows("Title of the first job").await?;
    terminal.press("Engineer\n").await?;
    terminal.shows("file with candidates").await?;
    // What is wrong is said, and asked for again.
    terminal.press("/nowhere.csv\n").await?;
    terminal.shows("Couldn't read /nowhere.csv").await?;
    terminal.press(&format!("{}\n", file.display())).await?;
    terminal.shows("next: greenroom zoom connect").await?;
    let left = terminal.left().await?;
    assert_eq!(left.code, Some(0));

    let dana = world.client().await?;
    let progress = dana.setup_progress().await?;
    let done = |it: &&greenroom_protocol::setting_up::SetupItem| it.state == SetupState::Done;
    assert_eq!(progress.steps.iter().filter(done).count(), 5);

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
        "priya.nair@mail.example",
        "--start",
        "tomorrow 10:00",
        "--confirm",
        "--json",
    ];
    let booked = output(client(&world, &book)).await?;
    assert!(booked.contains("\"confirmed\""), "{booked}");
    assert!(invited(world.directory(), "priya.nair@mail.example").await);
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
