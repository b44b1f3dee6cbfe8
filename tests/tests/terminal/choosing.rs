//! A time is chosen by keys alone: typed as people write it, walked to, clicked; and how many keys
//! that takes.

use std::time::Instant;

use anyhow::Context;
use greenroom::client::Client;
use greenroom_protocol::interview::{Interview, InterviewQuery};
use greenroom_protocol::schedule::{Planned, SlotQuery};
use greenroom_tests::harness::{DANA, World};
use greenroom_tests::sandbox::{Config, User};
use greenroom_tests::test_daemon::TestDaemon;

use crate::fixture::{JOB, PRIYA, PROGRAM, at_work_in, client, to_candidates};
use crate::terminal::{CONTROL_S, ENTER, ESCAPE, Size, TAB, Terminal, WIDE};

const MINA: &str = "mina.okafor@acme.example";
const SHIFT_TAB: &str = "\x1b[Z";
const F2: &str = "\x1bOQ";
const RIGHT: &str = "\x1b[C";
const DOWN: &str = "\x1b[B";

/// The sizes that everything must work at.
const SIZES: [Size; 2] = [(80, 24), (160, 50)];

/// An office with two candidates, three colleagues, and two Zooms.
async fn office() -> anyhow::Result<(World, Client)> {
    let zoom = Config::default().with_user(User::new(MINA));
    let builder = TestDaemon::builder()
        .zoom(zoom)
        .member("Mina Okafor", MINA, &[])
        .member("Sam Ito", "sam.ito@acme.example", &[])
        .member("Lena Bauer", "lena.bauer@acme.example", &[])
        .job(JOB)
        .candidate("Priya Nair", PRIYA, JOB)
        .candidate("Wen Zhang", "wen.zhang@mail.example", JOB)
        .connected(DANA)
        .connected(MINA);
    builder.run(PROGRAM).await
}

/// Somebody who counts the keys they press.
struct Counted {
    terminal: Terminal,
    keys: usize,
    began: Instant,
}

impl Counted {
    /// Begins with the list on the screen.
    fn new(terminal: Terminal) -> Self {
        Self {
            terminal,
            keys: 0,
            began: Instant::now(),
        }
    }

    /// Presses one key that a terminal sends several characters for.
    async fn press(&mut self, key: &str) -> anyhow::Result<()> {
        self.keys += 1;
        self.terminal.press(key).await
    }

    /// Types a text, a key for each letter.
    async fn write(&mut self, text: &str) -> anyhow::Result<()> {
        self.keys += text.chars().count();
        self.terminal.press(text).await
    }

    /// Says how many keys and how long it took.
    fn say(&self, what: &str) {
        let seconds = self.began.elapsed().as_secs_f64();
        println!("{what}: {} keys, {seconds:.2} s", self.keys);
    }
}

async fn the_only(client: &Client) -> anyhow::Result<Interview> {
    let booked = client.interview_list(InterviewQuery::default()).await?;
    anyhow::ensure!(booked.items.len() == 1, "one is booked");
    booked.items.into_iter().next().context("one is booked")
}

#[tokio::test]
async fn a_booking_as_proposed_takes_five_keys_at_most() -> anyhow::Result<()> {
    let (world, client) = office().await?;
    let terminal = at_work_in(&world, WIDE).await?;
    let mut person = Counted::new(terminal);
    person.write("n").await?;
    person.press(CONTROL_S).await?;
    person.terminal.shows("booked and confirmed").await?;
    person.say("booked as proposed");
    assert!(person.keys <= 5, "{} keys", person.keys);
    let booked = the_only(&client).await?;
    assert_eq!(booked.candidate.name, "Priya Nair");
    assert!(booked.warnings.iter().all(|it| it.class.is_none()));
    Ok(())
}

/// "Wen, Mina's Zoom, Sam and Lena, Thursday 14:00."
#[tokio::test]
async fn a_booking_of_ones_own_takes_twenty_keys_at_most() -> anyhow::Result<()> {
    let (world, client) = office().await?;
    let terminal = at_work_in(&world, WIDE).await?;
    let mut person = Counted::new(terminal);
    person.write("/wen").await?;
    person.terminal.shows_no("Priya Nair").await?;
    person.press(ENTER).await?;
    person.write("n").await?;
    person.terminal.shows("New interview · Wen Zhang").await?;
    person.write("thu 2pm").await?;
    person.press(SHIFT_TAB).await?;
    person.write("s,l").await?;
    person.press(SHIFT_TAB).await?;
    person.write("m").await?;
    person.press(CONTROL_S).await?;
    person.terminal.shows("booked and confirmed").await?;
    person.say("Wen, Mina's Zoom, Sam and Lena, Thursday 14:00");
    assert!(person.keys <= 20, "{} keys", person.keys);

    let booked = the_only(&client).await?;
    assert_eq!(booked.candidate.name, "Wen Zhang");
    let names: Vec<_> = booked
        .interviewers
        .iter()
        .map(|it| it.name.as_str())
        .collect();
    assert_eq!(names, ["Sam Ito", "Lena Bauer"]);
    let host = booked.host.as_ref().map(|host| host.name.as_str());
    assert_eq!(host, Some("Mina Okafor"));
    let start = booked.start.timestamp().in_tz("America/New_York")?;
    assert_eq!(start.weekday(), jiff::civil::Weekday::Thursday);
    assert_eq!((start.hour(), start.minute()), (14, 0));
    Ok(())
}

#[tokio::test]
async fn a_line_in_the_palette_opens_the_filled_form() -> anyhow::Result<()> {
    let (world, client) = office().await?;
    let mut terminal = at_work_in(&world, WIDE).await?;
    terminal.press(":").await?;
    terminal.shows("Commands").await?;
    terminal.press("book wen thu 2pm sam lena").await?;
    terminal.shows("open the form, filled in").await?;
    terminal.press(ENTER).await?;
    terminal.shows("New interview · Wen Zhang").await?;
    terminal.shows("Sam Ito, Lena Bauer").await?;
    terminal.shows("14:00–14:45").await?;
    terminal.press(CONTROL_S).await?;
    terminal.shows("booked and confirmed").await?;
    assert_eq!(the_only(&client).await?.interviewers.len(), 2);
    Ok(())
}

#[tokio::test]
async fn what_is_typed_is_read_in_full_or_refused_in_words() -> anyhow::Result<()> {
    for size in SIZES {
        let (world, client) = office().await?;
        let mut terminal = at_work_in(&world, size).await?;
        terminal.press("n").await?;
        terminal.shows("New interview · Priya Nair").await?;
        terminal.shows("The best time").await?;
        terminal.press("whenever").await?;
        terminal.shows("names no time").await?;
        terminal.press("\x15tomorrow at noon").await?;
        terminal.shows("12:00–12:45").await?;
        terminal.shows_no("names no time").await?;
        terminal.press(F2).await?;
        terminal.shows("Who and why").await?;
        terminal.shows("free after").await?;
        terminal.press(ESCAPE).await?;
        terminal.shows_no("Who and why ·").await?;
        terminal.press(CONTROL_S).await?;
        terminal.shows("booked and confirmed").await?;
        let start = the_only(&client).await?.start.timestamp();
        assert_eq!(start.in_tz("America/New_York")?.hour(), 12);
    }
    Ok(())
}

#[tokio::test]
async fn the_calendar_is_walked_in_and_clicked() -> anyhow::Result<()> {
    for size in SIZES {
        let (world, office) = office().await?;
        let mut program = client(&world, &[]);
        let mut terminal = Terminal::open(program.env("GREENROOM_CLIENT_MOUSE", "true"), size)?;
        to_candidates(&mut terminal).await?;
        terminal.press("n").await?;
        terminal.shows("The best time").await?;
        terminal.press("thu 3pm").await?;
        terminal.shows("15:00–15:45").await?;
        // To the calendar, and a day on.
        terminal.press(F2).await?;
        terminal.press(F2).await?;
        terminal.press(&TAB.repeat(6)).await?;
        terminal.shows("enter take this time").await?;
        terminal.press(">").await?;
        terminal
            .until("Friday", |screen| {
                screen.contents().lines().any(|line| {
                    line.contains("When") && line.contains("Fri ") && line.contains("15:00–15:45")
                })
            })
            .await?;
        // A click on the hour that the row of ten, or of the two from ten, begins with.
        let screen = terminal.screen().contents();
        let rows: Vec<_> = screen.lines().collect();
        let row = rows.iter().position(|line| line.contains("  10  "));
        let heading = rows
            .iter()
            .find(|line| line.contains("Mon ") && line.contains("Sun "));
        let heading = heading.context("the days")?;
        let days = heading.find("Wed ").map(|at| &heading[..at]);
        let (row, column) = (
            row.context("a row")?,
            days.context("a day")?.chars().count(),
        );
        terminal
            .press(&format!("\x1b[<0;{};{}M", column + 1, row + 1))
            .await?;
        terminal.shows("10:00–10:45").await?;
        terminal
            .until("Wednesday", |screen| {
                screen
                    .contents()
                    .lines()
                    .any(|line| line.contains("When") && line.contains("Wed "))
            })
            .await?;
        terminal.press(ESCAPE).await?;
        terminal.shows_no("█ outside").await?;
        let booked = office.interview_list(InterviewQuery::default()).await?;
        assert!(booked.items.is_empty(), "nothing is booked by looking");
    }
    Ok(())
}

/// The row that names the chosen time and says that it works.
fn works(screen: &vt100::Screen) -> Option<String> {
    let rows = screen.contents();
    let mut rows = rows.lines();
    let row = rows.find(|row| row.contains("Who and why ·") && row.contains("✓ works"));
    row.map(str::to_owned)
}

#[tokio::test]
async fn times_that_work_are_walked_through_and_one_is_booked() -> anyhow::Result<()> {
    for size in SIZES {
        let (world, office) = office().await?;
        let query = SlotQuery {
            planned: Planned {
                candidate: Some(PRIYA.into()),
                ..Planned::default()
            },
            limit: Some(1000),
            ..SlotQuery::default()
        };
        let slots = office.slots(query).await?.items;
        let mut terminal = at_work_in(&world, size).await?;
        terminal.press("n").await?;
        terminal.shows("○ works").await?;
        terminal.press(F2).await?;
        terminal
            .until("the best time", |screen| works(screen).is_some())
            .await?;
        for key in [DOWN, RIGHT, DOWN, "b", "b"] {
            let before = works(terminal.screen());
            terminal.press(key).await?;
            terminal
                .until("another time that works", |screen| {
                    let now = works(screen);
                    now.is_some() && now != before
                })
                .await?;
        }
        terminal.press(ENTER).await?;
        terminal.shows("enter Book").await?;
        terminal.press(ENTER).await?;
        terminal.shows_no("[ Book ]").await?;
        let booked = the_only(&office).await?;
        let mut starts = slots.iter().map(|slot| slot.start);
        anyhow::ensure!(starts.any(|start| start == booked.start), "{booked:?}");
    }
    Ok(())
}
