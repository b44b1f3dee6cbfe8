//! Beginning: with a workspace, without one, and where there is no terminal.

use std::process::Stdio;

use greenroom_tests::harness::{DANA, World};

use crate::fixture::{PROGRAM, at_work, client, office};
use crate::terminal::{CONTROL_S, TAB, Terminal, WIDE};

#[tokio::test]
async fn the_candidates_are_there_at_once_and_q_gives_the_terminal_back() -> anyhow::Result<()> {
    let (world, _) = office().await?;
    let mut terminal = at_work(&world).await?;
    terminal.shows("Acme · Dana Reyes").await?;
    terminal.shows("SANDBOX").await?;
    assert!(terminal.screen().alternate_screen());
    assert!(terminal.screen().hide_cursor());

    terminal.press("q").await?;
    let left = terminal.left().await?;
    assert_eq!(left.code, Some(0));
    assert_eq!(left.contents(), "");
    left.is_as_before()
}

#[tokio::test]
async fn the_first_run_asks_for_the_workspace_and_makes_it() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    let mut terminal = Terminal::open(&client(&world, &[]), WIDE)?;
    terminal.shows("your first workspace").await?;

    let typed = ["Acme", TAB, "Dana Reyes", TAB, "not an address", CONTROL_S].concat();
    terminal.press(&typed).await?;
    terminal.shows("✗").await?;
    assert!(
        terminal.screen().contents().contains("Dana Reyes"),
        "what was typed stays"
    );

    let cleared = "\x15";
    terminal.press(&[cleared, DANA, CONTROL_S].concat()).await?;
    terminal.shows("Acme · Dana Reyes").await?;
    terminal.shows_no("your first workspace").await?;
    let members = world.client().await?.member_list().await?;
    assert_eq!(members.items.len(), 1);
    assert_eq!(members.items[0].email, DANA);
    Ok(())
}

#[tokio::test]
async fn without_a_terminal_it_says_so() -> anyhow::Result<()> {
    let world = World::start(PROGRAM).await?;
    let output = client(&world, &[]).stdin(Stdio::null()).output()?;
    assert_eq!(output.status.code(), Some(2));
    assert!(output.stdout.is_empty());
    let said = String::from_utf8(output.stderr)?;
    assert!(said.contains("needs a terminal"), "{said}");
    assert!(!said.contains('\x1b'), "{said:?}");
    Ok(())
}
