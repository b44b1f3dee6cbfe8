//! A calendar of one's own from a file, and what it says in the form that schedules.

use jiff::{SignedDuration, Timestamp};

use crate::fixture::{at_work_in, office};
use crate::terminal::{CONTROL_S, ESCAPE, Size, TAB};

/// F2, as xterm sends it.
const WHO_AND_WHY: &str = "\x1bOQ";

/// The right arrow.
const RIGHT: &str = "\x1b[C";

/// Busy for two hours of every day since yesterday, in a file that no call has room for as a whole.
fn calendar() -> String {
    let yesterday = Timestamp::now() - SignedDuration::from_hours(24);
    let day = yesterday.strftime("%Y%m%d");
    let long = "long ".repeat(40_000);
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//Test//EN\r\nBEGIN:VEVENT\r\n\
         UID:daily@mail.example\r\nDTSTAMP:{day}T000000Z\r\nDTSTART:{day}T100000Z\r\n\
         DTEND:{day}T120000Z\r\nRRULE:FREQ=DAILY\r\nSUMMARY:Lunch\r\nDESCRIPTION:{long}\r\n\
         END:VEVENT\r\nEND:VCALENDAR\r\n"
    )
}

async fn at(size: Size) -> anyhow::Result<()> {
    let (world, _dana) = office().await?;
    let file = world.directory().join("lunches.ics");
    std::fs::write(&file, calendar())?;
    let mut terminal = at_work_in(&world, size).await?;
    terminal.press("6").await?;
    terminal.shows("Connected Apps").await?;
    terminal.press("B").await?;
    terminal.shows("No calendars yet").await?;
    terminal.press("a").await?;
    terminal.shows("Add a calendar").await?;
    terminal.press(&[RIGHT, RIGHT, TAB].concat()).await?;
    let path = file.display().to_string();
    terminal.press(&[&path, CONTROL_S].concat()).await?;
    terminal.shows("1 entry").await?;
    // The list again, not what is said while the form is still there.
    terminal.shows("Known until").await?;
    terminal.press(ESCAPE).await?;
    terminal.shows_no("Known until").await?;
    terminal.press("2").await?;
    terminal.shows("Priya Nair").await?;
    terminal.press("n").await?;
    terminal.shows("The best time").await?;
    terminal.press(WHO_AND_WHY).await?;
    terminal.shows("calendars: lunches, read").await?;
    terminal.press(ESCAPE).await?;
    terminal.shows("▒").await?;
    terminal.shows("elsewhere").await
}

#[tokio::test]
async fn what_a_calendar_says_is_seen_where_one_schedules_at_80_by_24() -> anyhow::Result<()> {
    at((80, 24)).await
}

#[tokio::test]
async fn what_a_calendar_says_is_seen_where_one_schedules_at_160_by_50() -> anyhow::Result<()> {
    at((160, 50)).await
}
