//! The assistant is asked in one's own words, and books on a letter and a yes; at both sizes.

use greenroom::client::Client;
use greenroom_protocol::conversation::{ConversationQuery, ConversationSay};
use greenroom_protocol::interview::{InterviewQuery, InterviewStatus, MeetingState};
use greenroom_protocol::workspace::MemberEdit;
use greenroom_tests::harness::{self, DANA, World};
use greenroom_tests::test_daemon::TestDaemon;

use crate::fixture::{JOB, PRIYA, PROGRAM, at_work_in};
use crate::terminal::{ENTER, ESCAPE, Size, TAB};

/// The sizes that everything must work at.
const SIZES: [Size; 2] = [(80, 24), (160, 50)];

/// An office in which Dana hires for the job, and her Zoom is connected.
async fn office() -> anyhow::Result<(World, Client)> {
    let builder = TestDaemon::builder()
        .member("Sam Ito", "sam.ito@acme.example", &[])
        .job(JOB)
        .candidate("Priya Nair", PRIYA, JOB)
        .connected(DANA);
    let (world, client) = builder.run(PROGRAM).await?;
    let hires = MemberEdit {
        member: DANA.into(),
        hiring_jobs: Some(vec![JOB.into()]),
        ..MemberEdit::default()
    };
    client.member_edit(hires).await?;
    Ok((world, client))
}

#[tokio::test]
async fn a_conversation_books_on_a_letter_and_a_yes_and_undoes_it_when_asked() -> anyhow::Result<()>
{
    for size in SIZES {
        let (world, client) = office().await?;
        let mut terminal = at_work_in(&world, size).await?;
        terminal.press("5").await?;
        terminal.shows("n new conversation").await?;
        terminal.press("n").await?;
        terminal.shows("in your own words, such as").await?;
        terminal
            .press("30 min with Priya Nair and Sam Ito next week")
            .await?;
        terminal.press(ENTER).await?;
        terminal.shows("Times are in").await?;
        terminal.press(TAB).await?;
        terminal.shows("enter book").await?;
        terminal.press("a").await?;
        terminal.shows("Book the interview").await?;
        let all = || client.interview_list(InterviewQuery::default());
        assert_eq!(
            all().await?.items.len(),
            0,
            "nothing is booked without a yes"
        );
        terminal.press(ENTER).await?;
        terminal.shows("Booked:").await?;
        let booked = all().await?.items.remove(0);
        assert_eq!(booked.candidate.name, "Priya Nair");
        assert_eq!(booked.interviewers[0].name, "Sam Ito");
        let ready = harness::settled(&client, &booked.id.to_string()).await?;
        assert_eq!(ready.meeting.state, MeetingState::Ready);
        assert_eq!(world.zoom.meetings().len(), 1);

        // What somebody says in the same conversation elsewhere shows here.
        let kept = client
            .conversation_list(ConversationQuery::default())
            .await?;
        let say = ConversationSay {
            conversation: Some(kept.items[0].id.to_string()),
            text: "who waits?".into(),
            ..ConversationSay::default()
        };
        client.conversation_say(say).await?;
        terminal.shows("Who waits").await?;

        // A draft outlives the pane.
        terminal.press(TAB).await?;
        terminal.press("undo").await?;
        terminal.shows("> undo").await?;
        terminal.press(ESCAPE).await?;
        terminal.shows_no("> undo").await?;
        terminal.press(ENTER).await?;
        terminal.shows("> undo").await?;
        terminal.press(ENTER).await?;
        terminal.shows("Undone:").await?;
        let undone = all().await?.items.remove(0);
        assert_eq!(undone.status, InterviewStatus::Cancelled);
    }
    Ok(())
}
