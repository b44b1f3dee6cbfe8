//! An interview that is booked is changed by keys alone, and the change is undone.

use greenroom::client::Client;
use greenroom_protocol::interview::{ChangeKind, Interview, InterviewNew, MeetingState};
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness;

use crate::fixture::{PRIYA, at_work, office};
use crate::terminal::{CONTROL_S, ENTER};

/// A Zoom interview with Priya, on the next working day at ten in New York.
async fn booked(client: &Client) -> anyhow::Result<Interview> {
    let day = jiff::Zoned::now().in_tz("America/New_York")?.date();
    let ahead = match day.weekday() {
        jiff::civil::Weekday::Friday => 3,
        jiff::civil::Weekday::Saturday => 2,
        _ => 1,
    };
    let day = day.checked_add(jiff::Span::new().days(ahead))?;
    let new = InterviewNew {
        candidate: PRIYA.to_owned(),
        start: format!("{day} 10:00"),
        zone: Some("America/New_York".to_owned()),
        duration_minutes: Some(30),
        confirm: true,
        ..InterviewNew::default()
    };
    let booked = client.interview_new(new).await?.interview;
    harness::settled(client, &booked.id.to_string()).await
}

#[tokio::test]
async fn an_interview_is_moved_and_taken_back() -> anyhow::Result<()> {
    let (world, client) = office().await?;
    world.connect_zoom(&client, harness::DANA).await?;
    let before = booked(&client).await?;
    let now = async || {
        let reference = Reference::to(before.id.to_string());
        client.interview_get(reference).await
    };
    let mut terminal = at_work(&world).await?;
    terminal.shows("confirmed").await?;
    terminal.press(ENTER).await?;
    terminal.shows("Passcode").await?;
    terminal.press("r").await?;
    terminal.shows("Reschedule · Priya Nair").await?;
    let day = before.start.timestamp().in_tz("America/New_York")?;
    let day = day.strftime("%-d %b %Y 15:00").to_string();
    terminal.press(&day).await?;
    terminal.shows("15:00–15:30").await?;
    terminal.shows("▐15:").await?;
    terminal.press(CONTROL_S).await?;
    terminal.shows("moved to").await?;
    terminal.shows("u to undo").await?;
    terminal.shows("nobody is emailed").await?;
    let moved = now().await?;
    assert_ne!(moved.start, before.start);
    assert_eq!(moved.meeting.join_url, before.meeting.join_url);
    assert_eq!(
        moved.changes.last().map(|change| change.kind),
        Some(ChangeKind::Rescheduled)
    );

    terminal.press("u").await?;
    terminal.shows("undone, confirmed").await?;
    let back = harness::settled(&client, &before.id.to_string()).await?;
    assert_eq!(back.start, before.start);
    assert_eq!(back.meeting.state, MeetingState::Ready);
    assert_eq!(back.meeting.join_url, before.meeting.join_url);
    assert_eq!(world.zoom.meetings().len(), 1);
    Ok(())
}
