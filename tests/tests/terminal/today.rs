//! The day on a real terminal: what needs the person is seen, done by its key, and gone.

use greenroom_protocol::interview::{InterviewNew, MeetingType};
use greenroom_tests::harness::add_candidate;

use crate::fixture::{JOB, PRIYA, client, office};
use crate::terminal::{ENTER, ESCAPE, Size, Terminal};

/// On the telephone in so many hours, not confirmed.
fn soon(candidate: &str, hours: i64) -> InterviewNew {
    let start = jiff::Timestamp::now() + jiff::SignedDuration::from_hours(hours);
    InterviewNew {
        candidate: candidate.into(),
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        start: start.strftime("%Y-%m-%dT%H:%M:00Z").to_string(),
        duration_minutes: Some(30),
        ..InterviewNew::default()
    }
}

async fn at(size: Size) -> anyhow::Result<()> {
    let (world, dana) = office().await?;
    dana.interview_new(soon(PRIYA, 20)).await?;
    let mut terminal = Terminal::open(&client(&world, &[]), size)?;
    // Before anything was pressed.
    terminal.shows("Needs you").await?;
    terminal.shows("is not confirmed").await?;
    terminal.shows("·1").await?;
    terminal.press("j").await?;
    terminal.shows("c confirm").await?;
    terminal.press(ENTER).await?;
    terminal.shows("to be confirmed").await?;
    terminal.press(ESCAPE).await?;
    terminal.shows_no("to be confirmed").await?;
    terminal.press("c").await?;
    terminal.shows_no("is not confirmed").await?;
    terminal.shows("nothing right now").await?;
    terminal.shows_no("·1").await?;

    // What a colleague does is seen without a key.
    add_candidate(&dana, "Ana Costa", "ana.costa@mail.example", JOB).await?;
    dana.interview_new(soon("ana.costa@mail.example", 22))
        .await?;
    terminal.shows("Ana Costa").await?;
    terminal.shows("is not confirmed").await?;
    terminal.press("q").await?;
    terminal.left().await?.is_as_before()
}

#[tokio::test]
async fn what_needs_somebody_is_done_from_its_row_at_80_by_24() -> anyhow::Result<()> {
    at((80, 24)).await
}

#[tokio::test]
async fn what_needs_somebody_is_done_from_its_row_at_160_by_50() -> anyhow::Result<()> {
    at((160, 50)).await
}
