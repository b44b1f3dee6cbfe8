//! Looks: sizes, colours, plain ASCII, and names that would speak to the terminal.

use crate::fixture::{at_work_in, client, office, to_candidates};
use crate::stand_in::Part;
use crate::terminal::{Left, Terminal, WIDE};

#[tokio::test]
async fn too_small_a_window_says_so_and_recovers() -> anyhow::Result<()> {
    let (world, _) = office().await?;
    let mut terminal = at_work_in(&world, (80, 24)).await?;
    terminal.resize((20, 5))?;
    terminal.shows("Terminal too small").await?;
    terminal.resize((120, 40))?;
    terminal.shows("Priya Nair").await?;
    terminal.shows("Acme · Dana Reyes").await?;
    terminal.shows_no("Terminal too small").await
}

#[tokio::test]
async fn no_color_means_none() -> anyhow::Result<()> {
    let (world, _) = office().await?;
    let mut program = client(&world, &[]);
    let shown = a_walk(Terminal::open(program.env("NO_COLOR", "1"), WIDE)?).await?;
    assert_eq!(colours(shown.output()?), Vec::<&str>::new());

    let shown = a_walk(Terminal::open(&client(&world, &[]), WIDE)?).await?;
    assert!(
        !colours(shown.output()?).is_empty(),
        "otherwise there are colours"
    );
    Ok(())
}

#[tokio::test]
async fn plain_means_ascii_without_colours() -> anyhow::Result<()> {
    let (world, _) = office().await?;
    let shown = a_walk(Terminal::open(&client(&world, &["--plain"]), WIDE)?).await?;
    let beyond: String = shown
        .output()?
        .chars()
        .filter(|it| !it.is_ascii())
        .collect();
    assert_eq!(beyond, "");
    assert_eq!(colours(shown.output()?), Vec::<&str>::new());
    Ok(())
}

#[tokio::test]
async fn a_name_cannot_speak_to_the_terminal() -> anyhow::Result<()> {
    let (world, _) = office().await?;
    let mut terminal = Terminal::open(&Part::Steers.program(&world)?, WIDE)?;
    terminal.shows("1 Today").await?;
    terminal.press("2").await?;
    terminal.shows("Eve").await?;
    terminal.press("q").await?;
    let left = terminal.left().await?;
    let written = left.output()?;
    for steering in ["\x1b]0;owned", "\x07owned", "\u{9b}", "\u{202e}"] {
        assert!(!written.contains(steering), "{steering:?} was written");
    }
    left.is_as_before()
}

/// Looks at every screen, and leaves.
async fn a_walk(mut terminal: Terminal) -> anyhow::Result<Left> {
    to_candidates(&mut terminal).await?;
    for (key, sign) in [
        ("3", "Phone screen"),
        ("4", "times in"),
        ("6", "Connected Apps"),
        ("?", "Keyboard shortcuts"),
    ] {
        terminal.press(key).await?;
        terminal.shows(sign).await?;
    }
    terminal.press("\x1b").await?;
    terminal.shows_no("Keyboard shortcuts").await?;
    terminal.press("q").await?;
    terminal.left().await
}

/// The SGR sequences that name a colour, also the terminal's own.
fn colours(output: &str) -> Vec<&str> {
    let sequences = output.split("\x1b[").skip(1).filter_map(|rest| {
        let end = rest.find(|letter: char| letter.is_ascii_alphabetic())?;
        rest[end..].starts_with('m').then(|| &rest[..end])
    });
    let names_a_colour = |sequence: &&str| {
        let mut numbers = sequence
            .split(';')
            .filter_map(|number| number.parse::<u8>().ok());
        numbers.any(|number| matches!(number, 30..=49 | 58 | 59 | 90..=107))
    };
    sequences.filter(names_a_colour).collect()
}
