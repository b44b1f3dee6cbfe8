//! What time does to an interview, on a real terminal: emails that are about to go out and are
//! undone, and an interviewer who does not reply.
//!
//! The daemon is the tests' own. Its clock is ahead of the client's and stands still until a story
//! moves it, so no story depends on how fast anything is.

use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::interview::{
    AttendeeState, Interview, InterviewNew, InterviewQuery, InterviewStatus, MeetingType,
};
use greenroom_protocol::outreach::{OutreachQuery, OutreachState};
use greenroom_protocol::pipeline::{PanelGroup, PanelRule, StageConfigure, StageInterviewChange};
use greenroom_protocol::workspace::Role;
use greenroom_tests::harness::DANA;
use greenroom_tests::test_daemon::{Builder, OWNER, Story, TestDaemon};
use greenroom_tests::wait;
use tempfile::TempDir;

use crate::fixture::{JOB, PRIYA, client_of, to_candidates};
use crate::terminal::{CONTROL_S, ENTER, ESCAPE, Size, TAB, Terminal};

const CONTROL_T: &str = "\x14";
const RIGHT: &str = "\x1b[C";
const SAM: &str = "sam.ito@acme.example";
const MINA: &str = "mina.okafor@acme.example";

/// Seconds an email waits before it leaves, and of a day.
const UNDO: i64 = 10;
const DAY: i64 = 24 * 60 * 60;

/// Days that a story lasts at most, weekend included.
const LONGEST: i64 = 14;

/// A daemon whose time only passes where a story says so, and a home for the client.
struct Later {
    story: Story,
    home: TempDir,
}

impl Later {
    /// It is the next Monday, as the stories' clock begins on one: nothing here is past for the
    /// client, and no weekend comes before the days that count.
    async fn open(builder: Builder) -> anyhow::Result<Self> {
        let builder = builder.job(JOB).candidate("Priya Nair", PRIYA, JOB);
        let story = builder.open().await?;
        let week = 7 * DAY;
        let ahead = jiff::Timestamp::now().as_second() - story.daemon.now().second();
        story
            .daemon
            .clock_is_set_by((ahead.div_euclid(week) + 1) * week);
        let home = TempDir::new()?;
        Ok(Self { story, home })
    }

    /// The client in a terminal, on Today.
    async fn client(&self, size: Size) -> anyhow::Result<Terminal> {
        let target = self.story.daemon.door(OWNER)?;
        let client = client_of(self.home.path(), &target.socket.path);
        let mut terminal = Terminal::open(&client, size)?;
        terminal.shows("1 Today").await?;
        Ok(terminal)
    }

    async fn interviews(&self) -> anyhow::Result<Vec<Interview>> {
        let all = self.story.dana.interview_list(InterviewQuery::default());
        Ok(all.await?.items)
    }

    fn emails(&self) -> anyhow::Result<usize> {
        Ok(self.story.mail().letters()?.len())
    }
}

/// Books Priya at the first time that works, with a link that is entered manually.
async fn books(terminal: &mut Terminal) -> anyhow::Result<()> {
    terminal.press("n").await?;
    terminal.shows("The best time").await?;
    terminal.press(CONTROL_T).await?;
    terminal.shows("Join link").await?;
    terminal.press("https://meet.example/priya").await?;
    terminal.press(CONTROL_S).await?;
    terminal.shows_no("New interview").await?;
    terminal.shows("emails go out in").await
}

async fn undone_at(size: Size) -> anyhow::Result<()> {
    let later = Later::open(TestDaemon::builder()).await?;
    let mut terminal = later.client(size).await?;
    to_candidates(&mut terminal).await?;
    books(&mut terminal).await?;
    // How many, in how many seconds, and the keys to look and to undo, whatever the width.
    for words in ["2 emails go out in", "u undo", "E preview"] {
        terminal.shows(words).await?;
    }
    terminal.press("E").await?;
    terminal.shows("1 of 2, goes out in").await?;
    terminal.shows("https://meet.example/priya").await?;
    terminal.press(ESCAPE).await?;
    terminal.shows_no("1 of 2").await?;
    terminal.press("u").await?;
    terminal.shows("undone").await?;
    terminal.shows_no("emails go out in").await?;
    let [undone] = &later.interviews().await?[..] else {
        anyhow::bail!("one interview: {:?}", later.interviews().await?);
    };
    assert_eq!(undone.status, InterviewStatus::Cancelled);
    later.story.daemon.seconds_pass(UNDO);
    later.story.daemon.rests().await?;
    assert_eq!(later.emails()?, 0, "nobody was emailed");

    // Once they have gone out, the key says so and changes nothing.
    terminal.shows("undone by Dana").await?;
    terminal.press(ESCAPE).await?;
    terminal.shows_no("undone by Dana").await?;
    books(&mut terminal).await?;
    later.story.daemon.seconds_pass(UNDO);
    terminal.shows_no("emails go out in").await?;
    later.story.daemon.rests().await?;
    assert_eq!(later.emails()?, 2);
    terminal.press("u").await?;
    terminal.shows("Emails have gone out").await?;
    let booked = later.interviews().await?;
    let stands = booked
        .iter()
        .filter(|it| it.status == InterviewStatus::Confirmed);
    assert_eq!(stands.count(), 1);
    Ok(())
}

#[tokio::test]
async fn a_booking_is_looked_at_and_undone_before_its_emails_leave_at_80_by_24()
-> anyhow::Result<()> {
    undone_at((80, 24)).await
}

#[tokio::test]
async fn a_booking_is_looked_at_and_undone_before_its_emails_leave_at_160_by_50()
-> anyhow::Result<()> {
    undone_at((160, 50)).await
}

/// Marks the first time that works and one of the next day, and proposes both to Priya.
async fn proposes(terminal: &mut Terminal) -> anyhow::Result<()> {
    terminal.press("p").await?;
    terminal.shows("The best time").await?;
    terminal.press(" ").await?;
    terminal.shows("p propose 1").await?;
    terminal.press(RIGHT).await?;
    terminal.press(" ").await?;
    terminal.shows("p propose 2").await?;
    // The key that asks proposes nothing, nor does Enter alone.
    terminal.press("p").await?;
    terminal.shows("Propose 2 times to Priya Nair").await?;
    terminal.press(ENTER).await?;
    terminal.shows_no("Propose 2 times to Priya Nair").await?;
    terminal.press("p").await?;
    terminal.shows("Propose 2 times to Priya Nair").await?;
    terminal.press(TAB).await?;
    terminal.shows("▸[ Propose ]").await?;
    terminal.press(ENTER).await?;
    terminal.shows_no("New interview").await?;
    terminal.shows("1 email goes out in").await
}

async fn proposed_at(size: Size) -> anyhow::Result<()> {
    let later = Later::open(TestDaemon::builder().connected(DANA)).await?;
    let mut terminal = later.client(size).await?;
    to_candidates(&mut terminal).await?;
    proposes(&mut terminal).await?;
    terminal.press("u").await?;
    // The countdown ends as soon as the key is pressed; it is undone once the daemon says so.
    wait::until("the proposal is undone", async || {
        let query = OutreachQuery {
            past: true,
            ..OutreachQuery::default()
        };
        let all = later.story.dana.outreach_list(query).await.ok()?.items;
        all.iter()
            .all(|it| it.state == OutreachState::Over)
            .then_some(())
    })
    .await;
    terminal.shows_no("email goes out in").await?;
    later.story.daemon.seconds_pass(UNDO);
    later.story.daemon.rests().await?;
    assert_eq!(later.emails()?, 0, "nobody was emailed");

    proposes(&mut terminal).await?;
    later.story.daemon.seconds_pass(UNDO);
    later.story.daemon.rests().await?;
    assert_eq!(later.emails()?, 1);
    // Chosen for her with one key, where all that is proposed is listed.
    terminal.press("5").await?;
    terminal.shows("2 times sent, no reply yet").await?;
    terminal.press("b").await?;
    terminal.shows("Book for Priya Nair").await?;
    terminal.press(ENTER).await?;
    terminal.shows("2 emails go out in").await?;
    let [booked] = &later.interviews().await?[..] else {
        anyhow::bail!("one interview: {:?}", later.interviews().await?);
    };
    assert_eq!(booked.status, InterviewStatus::Confirmed);
    terminal.press("u").await?;
    terminal.shows("replied about the proposed times").await
}

#[tokio::test]
async fn times_are_marked_proposed_undone_and_chosen_at_80_by_24() -> anyhow::Result<()> {
    proposed_at((80, 24)).await
}

#[tokio::test]
async fn times_are_marked_proposed_undone_and_chosen_at_160_by_50() -> anyhow::Result<()> {
    proposed_at((160, 50)).await
}

/// Interviews of the first stage are with one of Sam and Mina.
async fn one_of_two(later: &Later) -> anyhow::Result<Vec<MemberId>> {
    let members = later.story.dana.member_list().await?.items;
    let of = |email: &str| members.iter().find(|it| it.email == email).map(|it| it.id);
    let group: Vec<_> = [of(SAM), of(MINA)].into_iter().flatten().collect();
    let stage = StageConfigure {
        job: Some(JOB.into()),
        stage: "Applied".into(),
        change: Some(StageInterviewChange {
            panel: Edit::Set(vec![PanelGroup {
                rule: PanelRule::AnyOf,
                members: group.clone(),
            }]),
            ..StageInterviewChange::default()
        }),
        ..StageConfigure::default()
    };
    later.story.dana.stage_configure(stage).await?;
    Ok(group)
}

async fn replaced_at(size: Size) -> anyhow::Result<()> {
    let builder = TestDaemon::builder()
        .member("Sam Ito", SAM, &[Role::Interviewer])
        .member("Mina Okafor", MINA, &[Role::Interviewer]);
    let later = Later::open(builder).await?;
    let group = one_of_two(&later).await?;
    let start = later.story.daemon.now().plus_seconds(LONGEST * DAY + 3600);
    let interview = InterviewNew {
        candidate: PRIYA.into(),
        with: vec![SAM.into()],
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        start: start.to_string(),
        duration_minutes: Some(30),
        confirm: true,
        ..InterviewNew::default()
    };
    let interview = later.story.books(interview).await;
    later.story.daemon.seconds_pass(UNDO);
    let of_sam = |it: &Interview| it.attendees.iter().find(|it| it.email == SAM).cloned();
    let invited = |it: &Interview| of_sam(it).is_some_and(|it| it.state == AttendeeState::Invited);
    later.story.when(&interview, invited).await;
    // Sam is reminded after a day, and Dana is notified after another one.
    later.story.daemon.seconds_pass(DAY);
    let reminded = |it: &Interview| of_sam(it).is_some_and(|it| it.reminded_at.is_some());
    later.story.when(&interview, reminded).await;
    later.story.daemon.seconds_pass(DAY);
    let told = |it: &Interview| of_sam(it).is_some_and(|it| it.to_organizer);
    later.story.when(&interview, told).await;

    let mut terminal = later.client(size).await?;
    terminal.shows("has not replied").await?;
    terminal.shows("Sam Ito").await?;
    let to_its_row = |screen: &vt100::Screen| {
        let shown = screen.contents();
        let row = shown.lines().find(|line| line.contains("has not replied"));
        row.is_some_and(|line| line.contains('▸'))
    };
    if !to_its_row(terminal.screen()) {
        terminal.press("j").await?;
    }
    terminal.until("the row is selected", to_its_row).await?;
    terminal.shows("R replace").await?;
    terminal.press("R").await?;
    terminal.shows("Who takes Sam Ito's place?").await?;
    terminal.shows("next of the group, free then").await?;
    terminal.press(ENTER).await?;
    terminal.shows("Mina Okafor takes Sam Ito's place").await?;
    terminal.shows_no("has not replied").await?;
    let replaced = later.story.show(&interview).await;
    let with: Vec<_> = replaced.interviewers.iter().map(|it| it.id).collect();
    assert_eq!(with, group[1..]);
    assert_eq!(replaced.organizer.email, DANA);
    Ok(())
}

#[tokio::test]
async fn who_does_not_reply_is_seen_and_replaced_by_the_next_at_80_by_24() -> anyhow::Result<()> {
    replaced_at((80, 24)).await
}

#[tokio::test]
async fn who_does_not_reply_is_seen_and_replaced_by_the_next_at_160_by_50() -> anyhow::Result<()> {
    replaced_at((160, 50)).await
}
