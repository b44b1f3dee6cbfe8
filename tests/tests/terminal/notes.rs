//! Notes written in the person's own editor: the terminal is lent to it and comes back, and what
//! was typed is never lost.

use std::fs::{self, Permissions};
use std::os::unix::fs::PermissionsExt as _;
use std::path::{Path, PathBuf};
use std::process::Command;

use anyhow::Context as _;
use greenroom::client::Client;
use greenroom_protocol::insight::{Insight, InsightNote};
use greenroom_protocol::interview::{Interview, InterviewNew, MeetingType};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::World;
use rustix::process::Signal;

use crate::fixture::{PRIYA, PROGRAM, at_home, client, office, to_candidates};
use crate::terminal::{CONTROL_C, ENTER, ESCAPE, Terminal, WIDE};

/// An editor for one line: says who may read the file, and adds what is typed to it.
const EDITOR: &str = "#!/bin/sh
shift
trap 'echo interrupted' INT
echo \"editor: $(stat -c %a \"$1\") $(cat \"$1\")\"
while ! read -r line; do :; done
echo \"$line\" >> \"$1\"
";

/// An office with a talk by telephone tomorrow.
async fn an_office() -> anyhow::Result<(World, Client, Interview)> {
    let (world, dana) = office().await?;
    let tomorrow = Instant::now().plus_minutes(24 * 60);
    let talk = InterviewNew {
        candidate: PRIYA.into(),
        kind: MeetingType::Phone,
        start: tomorrow.to_string(),
        duration_minutes: Some(30),
        details: Some("+49 30 5550 1234".into()),
        confirm: true,
        ..InterviewNew::default()
    };
    let interview = dana.interview_new(talk).await?.interview;
    Ok((world, dana, interview))
}

fn an_editor(path: &Path, script: &str) -> anyhow::Result<()> {
    fs::write(path, script)?;
    Ok(fs::set_permissions(path, Permissions::from_mode(0o755))?)
}

/// The client in a terminal with that editor, at the notes on the talk.
async fn at_the_notes() -> anyhow::Result<(World, Client, Interview, Terminal)> {
    let (world, dana, interview) = an_office().await?;
    let editor = world.directory().join("editor");
    an_editor(&editor, EDITOR)?;
    let mut command = client(&world, &[]);
    command.env("EDITOR", format!("{} --wait", editor.display()));
    let mut terminal = Terminal::open(&command, WIDE)?;
    to_candidates(&mut terminal).await?;
    terminal.press("i").await?;
    terminal.shows("No notes yet. Press e").await?;
    Ok((world, dana, interview, terminal))
}

async fn kept(dana: &Client, interview: &Interview) -> anyhow::Result<Insight> {
    let of = Reference::to(interview.candidate.id.to_string());
    let mut kept = dana.insight_list(of).await?;
    kept.pop().context("something is kept")
}

/// The files in which texts are kept that could not be used.
fn files(world: &World) -> anyhow::Result<Vec<PathBuf>> {
    let directory = world.directory().join(".local/state/greenroom");
    let files = fs::read_dir(directory)?.map(|entry| Ok(entry?.path()));
    let files: anyhow::Result<Vec<_>> = files.collect();
    let is_kept = |path: &PathBuf| path.to_string_lossy().contains("notes-");
    Ok(files?.into_iter().filter(is_kept).collect())
}

#[tokio::test]
async fn the_editor_has_the_terminal_and_gives_it_back() -> anyhow::Result<()> {
    let (_world, dana, interview, mut terminal) = at_the_notes().await?;
    terminal.press("e").await?;
    terminal.shows("editor: 600").await?;
    // What interrupts the editor is no word to the client, nor are keys that are its commands
    // elsewhere.
    terminal.press(CONTROL_C).await?;
    terminal.shows("interrupted").await?;
    terminal.press("quite clear\r").await?;
    terminal.shows("Notes saved").await?;
    terminal.shows("Notes by Dana Reyes").await?;
    terminal.shows("quite clear").await?;
    assert_eq!(
        kept(&dana, &interview).await?.notes.as_deref(),
        Some("quite clear")
    );

    // Again, over what is there; then the client goes on as before.
    terminal.press(ENTER).await?;
    terminal.shows("editor: 600 quite clear").await?;
    terminal.press("and quick\r").await?;
    terminal.shows("Notes saved").await?;
    terminal.shows("and quick").await?;
    terminal.press(ESCAPE).await?;
    terminal.shows_no("Notes by Dana Reyes").await?;
    terminal.press("q").await?;
    terminal.left().await?.is_as_before()
}

#[tokio::test]
async fn what_was_typed_is_kept_when_somebody_else_wrote_meanwhile() -> anyhow::Result<()> {
    let (world, dana, interview, mut terminal) = at_the_notes().await?;
    terminal.press("e").await?;
    terminal.shows("editor: 600").await?;
    let theirs = InsightNote {
        interview: Reference::to(interview.id.to_string()),
        notes: "theirs".into(),
    };
    dana.insight_note(theirs).await?;
    terminal.press("mine\r").await?;
    terminal.shows("changed by someone else").await?;
    terminal.shows("What you wrote is in").await?;
    let files = files(&world)?;
    let [file] = &files[..] else {
        anyhow::bail!("one file: {files:?}")
    };
    assert_eq!(fs::read_to_string(file)?, "mine\n");
    assert_eq!(fs::metadata(file)?.permissions().mode() & 0o777, 0o600);
    assert_eq!(
        kept(&dana, &interview).await?.notes.as_deref(),
        Some("theirs")
    );

    terminal.press(ESCAPE).await?;
    terminal.shows_no("Something went wrong").await?;
    terminal.shows("theirs").await?;
    terminal.press("e").await?;
    terminal.shows("editor: 600 theirs").await?;
    terminal.press("ours\r").await?;
    terminal.shows("Notes saved").await?;
    assert_eq!(
        kept(&dana, &interview).await?.notes.as_deref(),
        Some("theirs\nours")
    );
    Ok(())
}

#[tokio::test]
async fn an_editor_that_stops_itself_stops_the_job_and_fg_goes_on() -> anyhow::Result<()> {
    let (world, ..) = an_office().await?;
    let stops = world.directory().join("stops");
    an_editor(
        &stops,
        "#!/bin/sh\nkill -TSTP 0\necho \"editor again\"\nread -r line\necho \"$line\" >> \"$1\"\n",
    )?;
    let mut shell = Command::new("sh");
    shell.arg("-i");
    at_home(&world, &mut shell);
    shell
        .env("PS1", "shell> ")
        .env("EDITOR", &stops)
        .env("GREENROOM", PROGRAM)
        .env("SOCKET", world.socket());
    let mut terminal = Terminal::open(&shell, WIDE)?;
    terminal.shows("shell> ").await?;
    terminal
        .press("\"$GREENROOM\" client --no-start --socket \"$SOCKET\"\r")
        .await?;
    to_candidates(&mut terminal).await?;
    terminal.press("i").await?;
    terminal.shows("No notes yet. Press e").await?;
    terminal.press("e").await?;
    terminal.shows("Stopped").await?;
    terminal.press("echo $((40 + 2)) in the shell\r").await?;
    terminal.shows("42 in the shell").await?;
    terminal.press("fg\r").await?;
    terminal.shows("editor again").await?;
    terminal.press("calm\r").await?;
    terminal.shows("Notes saved").await?;
    terminal.shows("calm").await
}

#[tokio::test]
async fn what_was_typed_is_kept_when_the_terminal_goes_or_the_system_ends() -> anyhow::Result<()> {
    for signal in [None, Some(Signal::TERM), Some(Signal::HUP)] {
        let (world, dana, interview) = an_office().await?;
        let writes = world.directory().join("writes");
        an_editor(
            &writes,
            "#!/bin/sh\necho typed >> \"$1\"\necho up\nread -r line\n",
        )?;
        let mut command = client(&world, &[]);
        command.env("EDITOR", &writes);
        let mut terminal = Terminal::open(&command, WIDE)?;
        to_candidates(&mut terminal).await?;
        terminal.press("i").await?;
        terminal.shows("No notes yet. Press e").await?;
        terminal.press("e").await?;
        terminal.shows("up").await?;
        match signal {
            None => drop(terminal.vanish().await?),
            Some(signal) => {
                terminal.signal(signal)?;
                terminal.left().await?.is_as_before()?;
            }
        }
        let files = files(&world)?;
        let [file] = &files[..] else {
            anyhow::bail!("one file after {signal:?}: {files:?}")
        };
        assert_eq!(fs::read_to_string(file)?, "typed\n", "{signal:?}");
        let of = Reference::to(interview.candidate.id.to_string());
        assert_eq!(dana.insight_list(of).await?, [], "{signal:?}");
    }
    Ok(())
}
