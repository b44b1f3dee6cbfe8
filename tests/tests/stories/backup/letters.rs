//! What a restored store may not know of the emails people have: nothing is sent twice on its own,
//! and what is sent afterwards is newer.

use std::ops::Deref;

use greenroom_protocol::ErrorKind;
use greenroom_protocol::insight::{Insight, SummaryState};
use greenroom_protocol::interview::{AttendeeState, Interview, InterviewNew, MeetingType};
use greenroom_protocol::mail::{Mail, MailQuery, MailState};
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::{DANA, connect_zoom, settled};
use greenroom_tests::post::Found;
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind};
use greenroom_tests::test_daemon::{OWNER, Story, TestDaemon};

const ANA: &str = "ana.lima@mail.example";
const FRIDAY: &str = "2026-12-04T10:00:00Z";

/// Seconds a letter waits before it leaves.
const UNDO: i64 = 10;

const HOUR: i64 = 60 * 60;
const DAY: i64 = 24 * HOUR;

struct Fixture {
    story: Story,
}

impl Deref for Fixture {
    type Target = Story;

    fn deref(&self) -> &Story {
        &self.story
    }
}

impl Fixture {
    async fn open() -> Self {
        let builder = TestDaemon::builder().job("Designer");
        let builder = builder.candidate("Ana Lima", ANA, "Designer");
        Self {
            story: builder.open().await.unwrap(),
        }
    }

    /// A telephone interview of Ana by Dana, confirmed.
    async fn calls(&self) -> Interview {
        let new = InterviewNew {
            candidate: ANA.into(),
            kind: MeetingType::Phone,
            details: Some("+49 30 5550 1234".into()),
            start: FRIDAY.into(),
            duration_minutes: Some(30),
            confirm: true,
            ..InterviewNew::default()
        };
        self.dana.interview_new(new).await.unwrap().interview
    }

    async fn moves(&self, interview: &Interview, start: &str) {
        self.story.moves(interview, start, None).await;
        self.letters_leave().await;
    }

    async fn letters_leave(&self) {
        self.daemon.seconds_pass(UNDO);
        self.daemon.rests().await.unwrap();
    }

    async fn goes_back(&mut self, backup: &[u8]) -> u64 {
        let Story { daemon, dana } = &mut self.story;
        let restored = daemon.restore(dana, backup).await.unwrap();
        *dana = daemon.client(OWNER).await.unwrap();
        self.daemon.rests().await.unwrap();
        restored.letters
    }

    async fn backup(&self) -> Vec<u8> {
        self.daemon.take_backup(&self.dana).await.unwrap()
    }

    async fn waiting(&self) -> Vec<Mail> {
        let waiting = self.dana.mail_list(MailQuery::default()).await.unwrap();
        waiting.items
    }

    async fn gets(&self, name: &str, answer: &str) {
        self.daemon.mail().answer(name, answer).unwrap();
        self.daemon.hears_answers().await.unwrap();
    }

    fn anas(&self) -> Vec<Found> {
        self.daemon.mail().to(ANA).unwrap()
    }

    async fn it_is_before(&self, interview: &Interview, seconds: i64) {
        let then = interview.start.plus_seconds(-seconds);
        self.daemon.time_passes_until(then).await.unwrap();
    }
}

fn sequence(letter: &Found) -> u32 {
    letter.values("SEQUENCE")[0].parse().unwrap()
}

#[tokio::test]
async fn what_waited_in_the_backup_is_held_until_a_person_says() {
    let mut room = Fixture::open().await;
    let interview = room.calls().await;
    let backup = room.backup().await;
    room.letters_leave().await;
    let left = room.daemon.mail().letters().unwrap();
    assert_eq!(left.len(), 2);

    assert_eq!(room.goes_back(&backup).await, 2);
    room.daemon.seconds_pass(HOUR);
    room.daemon.rests().await.unwrap();
    let held = room.waiting().await;
    assert_eq!(held.len(), 2);
    for mail in &held {
        assert_eq!(mail.state, MailState::Held);
        let why = mail.reason.as_deref();
        assert_eq!(why, Some("the backup does not know whether it left"));
    }
    let status = room.dana.status().await.unwrap();
    assert_eq!((status.mail.held, status.mail.waiting), (2, 0));
    assert_eq!(room.daemon.mail().letters().unwrap().len(), 2);

    // Sent again it is the same message: where it was, it is still one.
    let anas = held.iter().find(|it| it.address == ANA).unwrap();
    let again = Reference::to(anas.id.to_string());
    room.dana.mail_retry(again).await.unwrap();
    room.daemon.rests().await.unwrap();
    let [ana] = &room.anas()[..] else {
        panic!("{:?}", room.anas())
    };
    assert_eq!(ana.message_id, anas.message_id);
    let shown = room.show(&interview).await;
    assert_eq!(shown.attendees[0].state, AttendeeState::Invited);
    assert_eq!(shown.attendees[1].state, AttendeeState::Waiting);
    assert_eq!(room.waiting().await.len(), 1);

    // The other is let be.
    let danas = room.waiting().await.remove(0);
    let dropped = room.dana.mail_drop(Reference::to(danas.id.to_string()));
    assert_eq!(dropped.await.unwrap().state, MailState::Withdrawn);
    assert!(room.waiting().await.is_empty());
    assert_eq!(room.dana.status().await.unwrap().mail.held, 0);
    let gone = room
        .dana
        .mail_drop(Reference::to(danas.id.to_string()))
        .await;
    assert_eq!(gone.unwrap_err().kind, ErrorKind::Conflict);

    // Both hear of a change, whatever became of what was held.
    room.moves(&interview, "2026-12-07T10:00:00Z").await;
    assert!(room.waiting().await.is_empty());
    for address in [ANA, DANA] {
        let letters = room.daemon.mail().to(address).unwrap();
        let newest = letters.iter().map(sequence).max();
        assert!(newest > Some(1000), "{address}: {newest:?}");
    }
}

#[tokio::test]
async fn what_people_are_told_after_a_restore_is_newer_than_what_they_were_told_before() {
    let mut room = Fixture::open().await;
    let interview = room.calls().await;
    room.letters_leave().await;
    let backup = room.backup().await;
    room.moves(&interview, "2026-12-07T10:00:00Z").await;
    room.moves(&interview, "2026-12-08T10:00:00Z").await;
    let before: Vec<_> = room.anas().iter().map(sequence).collect();
    assert_eq!(before.iter().max(), Some(&2));

    assert_eq!(room.goes_back(&backup).await, 0);
    let back = room.show(&interview).await;
    assert_eq!(back.start, interview.start);
    // She answers a time that is not known here: that is no answer to Friday.
    let letters = room.anas();
    let second = letters.iter().find(|it| sequence(it) == 2).unwrap();
    room.gets("1", &second.reply("ACCEPTED", "20261130T090100Z"))
        .await;
    assert_eq!(
        room.show(&interview).await.attendees[0].state,
        AttendeeState::Invited
    );
    room.moves(&interview, "2026-12-08T10:00:00Z").await;
    let letters = room.anas();
    let newest = letters.iter().max_by_key(|it| sequence(it)).unwrap();
    assert!(sequence(newest) > 1000);
    assert_eq!(newest.values("UID"), second.values("UID"));
    room.gets("2", &newest.reply("ACCEPTED", "20261130T090100Z"))
        .await;
    assert_eq!(
        room.show(&interview).await.attendees[0].state,
        AttendeeState::Accepted
    );
}

#[tokio::test]
async fn reminders_given_since_the_backup_are_not_given_again_and_the_next_comes() {
    let mut room = Fixture::open().await;
    let interview = room.calls().await;
    room.letters_leave().await;
    let reminders = |room: &Fixture| {
        let letters = room.anas();
        let reminders = letters
            .iter()
            .filter(|it| it.subject.starts_with("Reminder: "));
        reminders.count()
    };
    room.it_is_before(&interview, DAY + HOUR).await;
    let backup = room.backup().await;
    room.it_is_before(&interview, DAY - HOUR).await;
    assert_eq!(reminders(&room), 1);
    room.goes_back(&backup).await;
    room.it_is_before(&interview, HOUR + 1).await;
    assert_eq!(reminders(&room), 1);
    room.it_is_before(&interview, HOUR).await;
    assert_eq!(reminders(&room), 2);
}

/// What is to be done later is done after a restore too: a summary is looked for, and Zoom compared
/// in the night.
#[tokio::test]
async fn what_waits_for_its_time_is_not_forgotten() {
    let mut room = Fixture::open().await;
    connect_zoom(&room.dana, DANA).await.unwrap();
    let new = InterviewNew {
        candidate: ANA.into(),
        start: FRIDAY.into(),
        duration_minutes: Some(30),
        confirm: true,
        ..InterviewNew::default()
    };
    let booked = room.dana.interview_new(new).await.unwrap().interview;
    settled(&room.dana, &booked.id.to_string()).await.unwrap();
    room.letters_leave().await;
    let backup = room.backup().await;
    room.goes_back(&backup).await;
    let checked = async |room: &Fixture| {
        let report = room.dana.drift_list().await.unwrap();
        report.hosts.iter().find_map(|host| host.checked_at)
    };
    assert_eq!(checked(&room).await, None);
    room.it_is_before(&booked, DAY).await;
    assert!(checked(&room).await.is_some());
    room.it_is_before(&booked, -HOUR).await;
    let insight: Option<Insight> = room
        .dana
        .insight_list(Reference::to(ANA))
        .await
        .unwrap()
        .pop();
    let state = insight.unwrap().summary_state;
    assert_ne!(state, SummaryState::None);
}

/// Zoom is busy while the backup is taken, so in it the meeting is still to be made.
#[tokio::test]
async fn invitations_to_a_meeting_that_was_made_since_are_held_and_to_one_that_was_not_leave() {
    for made_since in [true, false] {
        let mut room = Fixture::open().await;
        connect_zoom(&room.dana, DANA).await.unwrap();
        let busy = FaultKind::Answer(Answer::PerSecondLimit);
        room.daemon
            .zoom
            .fault(Fault::once(Endpoint::CreateMeeting, busy));
        let new = InterviewNew {
            candidate: ANA.into(),
            start: FRIDAY.into(),
            duration_minutes: Some(30),
            confirm: true,
            ..InterviewNew::default()
        };
        let booked = room.dana.interview_new(new).await.unwrap().interview;
        room.daemon.rests().await.unwrap();
        let backup = room.backup().await;
        if made_since {
            room.daemon
                .time_passes_until(room.daemon.now().plus_minutes(5))
                .await
                .unwrap();
            assert_eq!(room.anas().len(), 1);
        }
        room.goes_back(&backup).await;
        room.daemon
            .time_passes_until(room.daemon.now().plus_minutes(5))
            .await
            .unwrap();
        let found = settled(&room.dana, &booked.id.to_string()).await.unwrap();
        assert!(found.meeting.join_url.is_some());
        assert_eq!(room.daemon.zoom.meetings().len(), 1);
        assert_eq!(room.anas().len(), 1, "{made_since}");
        let held: Vec<_> = room.waiting().await.iter().map(|it| it.state).collect();
        match made_since {
            true => assert_eq!(held, [MailState::Held; 2]),
            false => assert!(held.is_empty(), "{held:?}"),
        }
    }
}
