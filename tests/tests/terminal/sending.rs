//! What emails people, on a real terminal: in words that can be looked at before they go out.
//!
//! The ten seconds in which a booking is undone are in `later`, where time stands still.

use greenroom_protocol::interview::InterviewQuery;
use greenroom_tests::harness::DANA;

use crate::fixture::{at_work_in, office};
use crate::terminal::{CONTROL_S, ENTER, ESCAPE, Size, TAB};

const F3: &str = "\x1bOR";
const RIGHT: &str = "\x1b[C";

/// The sizes that everything must work at.
const SIZES: [Size; 2] = [(80, 24), (160, 50)];

#[tokio::test]
async fn the_words_of_emails_are_listed_and_previewed() -> anyhow::Result<()> {
    for size in SIZES {
        let (world, _) = office().await?;
        let mut terminal = at_work_in(&world, size).await?;
        terminal.press("6").await?;
        terminal.shows("Connected Apps").await?;
        terminal.press("m").await?;
        terminal.shows("Email templates").await?;
        terminal.shows("no-reply-reminder").await?;
        terminal.press(ENTER).await?;
        terminal.shows("Shown with example data").await?;
        terminal.press(ESCAPE).await?;
        terminal.shows_no("Shown with example data").await?;
        terminal.shows("Email templates").await?;
        terminal.shows("no-reply-reminder").await?;
    }
    Ok(())
}

#[tokio::test]
async fn zoom_notes_are_chosen_and_the_invitation_says_so() -> anyhow::Result<()> {
    for size in SIZES {
        let (world, dana) = office().await?;
        world.connect_zoom(&dana, DANA).await?;
        let mut terminal = at_work_in(&world, size).await?;
        terminal.press("n").await?;
        terminal.shows("The best time").await?;
        // From the time to the notes.
        terminal.press(&TAB.repeat(5)).await?;
        terminal.press(RIGHT).await?;
        terminal.shows("the invitation says so").await?;
        terminal.press(F3).await?;
        terminal.shows("Email preview").await?;
        terminal.press("G").await?;
        terminal.shows("Please note: Zoom").await?;
        terminal.press(ESCAPE).await?;
        terminal.shows_no("Email preview").await?;
        terminal.press(CONTROL_S).await?;
        terminal.shows("Passcode").await?;
        let booked = dana.interview_list(InterviewQuery::default()).await?;
        assert!(booked.items.iter().all(|it| it.zoom_notes));
        assert_eq!(booked.items.len(), 1);
    }
    Ok(())
}
