//! A connection's ups and downs as a person sees them, and their desktop: approval asked and given,
//! a grant that ends.

use greenroom_protocol::workspace::{Role, WorkspaceEdit};
use greenroom_tests::harness::{self, DANA, add_member, zoom_interview};
use greenroom_tests::sandbox::{Config, User};

use crate::fixture::{PRIYA, at_work, client, office, office_at, to_candidates};
use crate::terminal::{CONTROL_S, ENTER, Terminal, WIDE};

const OMAR: &str = "omar.haddad@acme.example";

/// What the terminal is asked to put on the desktop.
const ON_THE_DESKTOP: &str = "\x1b]777;notify;Greenroom;";

/// How often the desktop showed it.
fn told(output: &str, words: &str) -> usize {
    output.matches(&format!("{ON_THE_DESKTOP}{words}")).count()
}

#[tokio::test]
async fn approval_is_asked_for_waited_for_and_told() -> anyhow::Result<()> {
    let config = Config::needing_approval();
    let (world, dana) = office_at(config.with_user(User::new(OMAR))).await?;
    add_member(&dana, "Omar Haddad", OMAR, &[Role::Recruiter]).await?;
    let mut terminal = at_work(&world).await?;
    terminal.press("c").await?;
    terminal.shows("Zoom will ask you to allow").await?;
    terminal.press(ENTER).await?;
    terminal.shows("press s to approve").await?;
    terminal.press("s").await?;
    terminal.shows("it showed a page").await?;

    terminal.press("a").await?;
    terminal.shows("would like to connect Zoom").await?;
    let address = "it@acme.example";
    terminal.press(&[address, CONTROL_S].concat()).await?;
    terminal.shows("copied").await?;
    terminal.shows("Zoom ?").await?;
    terminal.press("6").await?;
    terminal.shows("Pre-approval requested · since").await?;
    let kept = dana.workspace_list().await?.items.remove(0);
    assert_eq!(kept.zoom_admin.as_deref(), Some(address));

    world.zoom.approve("acme", true)?;
    harness::connect_zoom(&dana, OMAR).await?;
    terminal.shows("approved: connect now").await?;
    terminal.press(ENTER).await?;
    terminal.shows("Zoom will ask you to allow").await?;
    terminal.press(ENTER).await?;
    terminal.shows("press s to approve").await?;
    terminal.press("s").await?;
    // Omar's row says that it is connected, too: only the bottom line tells that the pane is gone.
    terminal.shows("enter disconnect").await?;

    terminal.press("q").await?;
    let left = terminal.left().await?;
    let output = left.output()?;
    assert_eq!(told(output, "The Zoom app is approved"), 1);
    assert!(
        output.contains("\x1b]52;c;"),
        "the request went to the clipboard"
    );
    left.is_as_before()
}

#[tokio::test]
async fn a_grant_that_ends_is_seen_and_the_desktop_told_once() -> anyhow::Result<()> {
    let (world, dana) = office().await?;
    harness::connect_zoom(&dana, DANA).await?;
    let mut here = at_work(&world).await?;
    here.shows("Zoom ✓").await?;
    here.shows_no("Connect Zoom").await?;
    let mut far = Terminal::open(client(&world, &[]).env("SSH_TTY", "/dev/pts/9"), WIDE)?;
    to_candidates(&mut far).await?;
    far.shows("Zoom ✓").await?;
    let mut plain = Terminal::open(&client(&world, &["--plain"]), WIDE)?;
    plain.shows("Zoom +").await?;

    world.zoom.end_grants(DANA)?;
    dana.interview_new(zoom_interview(PRIYA, 24 * 60)).await?;
    for terminal in [&mut here, &mut far] {
        terminal.shows("Zoom ✗ reconnect").await?;
        terminal.shows("c connect Zoom").await?;
    }
    plain.shows("Zoom x reconnect").await?;

    // One key leads to connecting, and all is well again.
    here.press("c").await?;
    here.shows("Zoom will ask you to allow").await?;
    here.press(ENTER).await?;
    here.shows("press s to approve").await?;
    here.press("s").await?;
    here.shows("Zoom ✓").await?;
    here.shows_no("Connect Zoom").await?;
    for (terminal, times) in [(here, 1), (far, 0), (plain, 0)] {
        let mut terminal = terminal;
        terminal.press("q").await?;
        let left = terminal.left().await?;
        assert_eq!(
            told(left.output()?, "Your Zoom must be reconnected."),
            times
        );
    }
    Ok(())
}

/// Case Z14: connected, then tested by one key, and the report says that the meeting is deleted
/// again.
#[tokio::test]
async fn a_connection_is_tested_by_a_key_after_connect() -> anyhow::Result<()> {
    let (world, _dana) = office().await?;
    let mut terminal = at_work(&world).await?;
    terminal.press("6").await?;
    terminal.shows("[ Connect ]").await?;
    terminal.press("t").await?;
    terminal.shows("connect Zoom first").await?;

    terminal.press("c").await?;
    terminal.shows("Zoom will ask you to allow").await?;
    terminal.press(ENTER).await?;
    terminal.shows("press s to approve").await?;
    terminal.press("s").await?;
    terminal.shows("Connected ✓").await?;
    terminal.shows("t test Zoom").await?;
    terminal.press("t").await?;
    terminal.shows("Zoom works as Greenroom needs it").await?;
    terminal.shows("the meeting was deleted").await?;
    terminal.press("\u{1b}").await?;
    terminal.shows_no("the meeting was deleted").await?;
    terminal.press("q").await?;
    terminal.left().await?.is_as_before()
}

#[tokio::test]
async fn another_workspace_is_one_key_away_and_nothing_comes_along() -> anyhow::Result<()> {
    let (world, dana) = office().await?;
    let labs = WorkspaceEdit {
        name: Some("Acme Labs".into()),
        ..WorkspaceEdit::default()
    };
    dana.workspace_add(labs).await?;
    let mut terminal = at_work(&world).await?;
    terminal.press("a").await?;
    terminal.shows("New candidate").await?;
    terminal.press("Grace Okoro\x1b").await?;
    terminal.shows_no("New candidate").await?;

    terminal.press("W").await?;
    terminal.shows("Acme Labs").await?;
    terminal.press("labs").await?;
    terminal.shows_no("● here").await?;
    terminal.press(ENTER).await?;
    terminal.shows("Acme Labs · Dana Reyes").await?;
    terminal.shows("No candidates yet").await?;
    assert!(!terminal.screen().contents().contains("Priya"));
    let usual = world.client().await?.hello().workspace.clone();
    assert_eq!(
        usual.map(|it| it.name).as_deref(),
        Some("Acme Labs"),
        "it is the usual one now"
    );

    terminal.press("W").await?;
    terminal.shows("● here").await?;
    terminal.press("\x1b[A\r").await?;
    terminal.shows("Acme · Dana Reyes").await?;
    terminal.shows("Priya Nair").await?;
    terminal.press("a").await?;
    terminal.shows("Grace Okoro").await
}
