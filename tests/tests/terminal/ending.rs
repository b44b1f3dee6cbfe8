//! Ending, for a while or for good: however it comes about, the shell gets its terminal back.

use std::process::Command;

use rustix::process::Signal;

use crate::fixture::{at_home, at_work, client, office, to_candidates};
use crate::stand_in::Part;
use crate::terminal::{CONTROL_Z, Terminal, WIDE};

#[tokio::test]
async fn control_z_goes_to_the_shell_and_fg_comes_back() -> anyhow::Result<()> {
    let (world, _) = office().await?;
    let mut shell = Command::new("sh");
    shell.arg("-i");
    at_home(&world, &mut shell);
    let program = client(&world, &[]);
    shell
        .env("PS1", "shell> ")
        .env("GREENROOM", program.get_program())
        .env("SOCKET", world.socket());
    let mut terminal = Terminal::open(&shell, WIDE)?;
    terminal.shows("shell> ").await?;
    terminal
        .press("\"$GREENROOM\" client --no-start --socket \"$SOCKET\"\r")
        .await?;
    terminal
        .until("the client", |screen| screen.alternate_screen())
        .await?;
    to_candidates(&mut terminal).await?;

    for _ in 0..2 {
        terminal.press(CONTROL_Z).await?;
        terminal
            .until("the shell", |screen| {
                !screen.alternate_screen() && !screen.hide_cursor()
            })
            .await?;
        terminal.shows("Stopped").await?;
        terminal.press("echo $((40 + 2)) in the shell\r").await?;
        terminal.shows("42 in the shell").await?;
        terminal.press("clear; fg\r").await?;
        terminal
            .until("the client again", |screen| screen.alternate_screen())
            .await?;
        terminal.shows("Priya Nair").await?;
        terminal.press("6").await?;
        terminal.shows("Connected Apps").await?;
        terminal.press("2").await?;
        terminal.shows_no("Connected Apps").await?;
    }

    terminal.press("q").await?;
    // Only the prompt says that the client is gone: until it is, what is typed goes to it. `clear`
    // took the earlier ones away.
    terminal
        .until("the shell's prompt", |screen| {
            !screen.alternate_screen() && screen.contents().contains("shell> ")
        })
        .await?;
    terminal.press("exit $?\r").await?;
    assert_eq!(terminal.left().await?.code, Some(0));
    Ok(())
}

#[tokio::test]
async fn sigterm_gives_the_terminal_back() -> anyhow::Result<()> {
    let (world, _) = office().await?;
    let terminal = at_work(&world).await?;
    terminal.signal(Signal::TERM)?;
    let left = terminal.left().await?;
    assert_eq!(left.code, Some(0));
    left.is_as_before()
}

#[tokio::test]
async fn a_terminal_that_vanishes_ends_it() -> anyhow::Result<()> {
    let (world, _) = office().await?;
    let terminal = at_work(&world).await?;
    assert!(terminal.vanish().await?.is_some(), "it leaves on its own");

    // As under nohup: no signal tells, only the terminal's end.
    let mut deaf = Command::new("sh");
    deaf.args(["-c", "trap '' HUP; exec \"$0\" \"$@\""]);
    let program = client(&world, &[]);
    deaf.arg(program.get_program()).args(program.get_args());
    at_home(&world, &mut deaf);
    let mut terminal = Terminal::open(&deaf, WIDE)?;
    to_candidates(&mut terminal).await?;
    assert!(terminal.vanish().await?.is_some(), "it leaves on its own");
    Ok(())
}

#[tokio::test]
async fn a_panic_is_read_on_the_restored_screen() -> anyhow::Result<()> {
    let (world, _) = office().await?;
    let mut terminal = Terminal::open(&Part::Panics.program(&world)?, WIDE)?;
    terminal
        .until("the client", |screen| screen.alternate_screen())
        .await?;
    to_candidates(&mut terminal).await?;
    terminal.press("3").await?;
    let left = terminal.left().await?;
    assert_eq!(left.code, Some(101));
    assert!(
        left.contents().contains("a defect in the client"),
        "{}",
        left.contents()
    );
    assert!(
        !left.contents().contains("3 Pipeline"),
        "drawn after the end:\n{}",
        left.contents()
    );
    left.is_as_before()
}
