//! The main job by keys alone: connect Zoom, book an interview; move and undo it; the palette.

use greenroom_protocol::interview::{InterviewQuery, MeetingState};
use greenroom_tests::harness;

use crate::fixture::{at_work, office};
use crate::terminal::{CONTROL_S, ENTER, ESCAPE};

#[tokio::test]
async fn zoom_is_connected_and_an_interview_booked() -> anyhow::Result<()> {
    let (world, client) = office().await?;
    let mut terminal = at_work(&world).await?;
    terminal.press("6").await?;
    terminal.shows("not connected").await?;
    terminal.press("c").await?;
    terminal.shows("Zoom will ask you to allow").await?;
    terminal.press(ENTER).await?;
    terminal.shows("press s to approve").await?;
    terminal.press("s").await?;
    terminal.shows("enter disconnect").await?;

    terminal.press("2").await?;
    terminal.shows("Priya Nair").await?;
    terminal.press("n").await?;
    terminal.shows("New interview · Priya Nair").await?;
    terminal.press(CONTROL_S).await?;
    terminal.shows_no("New interview").await?;
    terminal.shows("Passcode").await?;

    let booked = client.interview_list(InterviewQuery::default()).await?;
    assert_eq!(booked.items.len(), 1);
    // The passcode is shown as soon as Zoom answered; the meeting is ready when it was read back.
    let ready = harness::settled(&client, &booked.items[0].id.to_string()).await?;
    assert_eq!(ready.meeting.state, MeetingState::Ready);
    assert_eq!(world.zoom.meetings().len(), 1);

    terminal.press(ESCAPE).await?;
    terminal.shows_no("Passcode").await?;
    terminal.shows("Priya Nair").await
}

#[tokio::test]
async fn a_move_is_made_and_taken_back() -> anyhow::Result<()> {
    let (world, _) = office().await?;
    let mut terminal = at_work(&world).await?;
    terminal.press("m").await?;
    terminal.shows("Move Priya Nair to").await?;
    terminal.press("phone").await?;
    terminal.shows_no("here").await?;
    terminal.press(ENTER).await?;
    terminal.shows("Priya Nair moved to Phone screen").await?;
    terminal.press("u").await?;
    terminal.shows("Priya Nair moved back to Applied").await
}

#[tokio::test]
async fn the_palette_does_what_is_chosen_and_escape_leads_back() -> anyhow::Result<()> {
    let (world, _) = office().await?;
    let mut terminal = at_work(&world).await?;
    terminal.press(":").await?;
    terminal.shows("Commands").await?;
    terminal.press("new cand").await?;
    terminal.shows_no("show the settings").await?;
    terminal.press(ENTER).await?;
    terminal.shows("New candidate").await?;
    terminal.press("Grace Okoro").await?;
    terminal.shows("Grace Okoro").await?;

    terminal.press(ESCAPE).await?;
    terminal.shows_no("Grace Okoro").await?;
    terminal.press("a").await?;
    terminal.shows("Grace Okoro").await?;
    terminal.press(ESCAPE).await?;
    terminal.shows_no("Grace Okoro").await?;
    terminal.press("/priya").await?;
    terminal.shows("/ priya").await?;
    terminal.press(ESCAPE).await?;
    terminal
        .until("the end of typing", |screen| screen.hide_cursor())
        .await?;
    terminal.press(ESCAPE).await?;
    terminal.shows_no("/ priya").await
}
