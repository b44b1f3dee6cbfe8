//! Other people, another host, another way to join: what is not named stays, and no meeting is left
//! behind.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{
    Interview, InterviewEdit, InterviewNew, MeetingState, MeetingType, Outcome,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::status::WorkItem;
use greenroom_protocol::workspace::{Reference, Role};
use greenroom_tests::harness::{DANA, add_member, connect_zoom};
use greenroom_tests::sandbox::{Config, Endpoint, Fault, FaultKind, User};
use greenroom_tests::wait::Deadline;

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, assert_refused, codes, with};

const MINA: &str = "mina.okafor@acme.example";

fn of(interview: &Interview) -> InterviewEdit {
    Reference::to(interview.id.to_string()).into()
}

impl Fixture {
    async fn edits(&self, edit: InterviewEdit) -> Outcome {
        self.dana.interview_edit(edit).await.unwrap()
    }

    /// Mina works here too, and her Zoom is connected.
    async fn with_mina() -> Self {
        let users = vec![User::new(DANA), User::new(MINA)];
        let desk = Self::with(Config {
            users,
            ..Config::default()
        })
        .await;
        add_member(&desk.dana, "Mina Okafor", MINA, &[Role::Interviewer])
            .await
            .unwrap();
        connect_zoom(&desk.dana, MINA).await.unwrap();
        desk
    }
}

#[tokio::test]
async fn a_link_by_hand_replaces_the_zoom_meeting_and_leaves_none_behind() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.edits(InterviewEdit {
        kind: Some(MeetingType::Link),
        url: Some("https://meet.example/room".into()),
        ..of(&ready)
    })
    .await;
    let edited = desk.settled(&ready).await;
    assert_eq!(edited.meeting.kind, MeetingType::Link);
    assert_eq!(
        edited.meeting.join_url.as_deref(),
        Some("https://meet.example/room")
    );
    assert_eq!(edited.meeting.meeting_id, None);
    assert_eq!(edited.host, None);
    desk.when_gone_at_zoom().await;
}

impl Fixture {
    /// Waits until Zoom has no meeting any more.
    async fn when_gone_at_zoom(&self) {
        let deadline = Deadline::here();
        while !self.daemon.zoom.meetings().is_empty() {
            deadline.check();
            tokio::task::yield_now().await;
        }
        let meeting = |work: &WorkItem| work.kind == "meeting";
        let deadline = Deadline::here();
        while self.dana.status().await.unwrap().work.iter().any(meeting) {
            deadline.check();
            tokio::task::yield_now().await;
        }
    }
}

#[tokio::test]
async fn a_meeting_whose_answer_is_lost_is_looked_for_after_the_change() {
    let desk = Fixture::open().await;
    let lost = Fault::once(Endpoint::CreateMeeting, FaultKind::LostAfter);
    desk.daemon.zoom.fault(lost);
    let booked = desk.books(with(ANA, TEN)).await;
    desk.kept(&booked).await;
    desk.edits(InterviewEdit {
        kind: Some(MeetingType::Phone),
        details: Some("+1 212 555 0100".into()),
        ..of(&booked)
    })
    .await;
    desk.daemon.seconds_pass(25);
    desk.when_gone_at_zoom().await;
    assert_eq!(desk.daemon.zoom.counters().meetings_made, 1);
}

#[tokio::test]
async fn made_by_hand_while_zoom_was_not_connected_and_a_zoom_meeting_once_it_is() {
    let desk = Fixture::unconnected(Config::default()).await;
    let by_hand = InterviewNew {
        url: Some("https://zoom.example/j/5551234".into()),
        passcode: Some("abc".into()),
        ..with(ANA, TEN)
    };
    let booked = desk.books(by_hand).await;
    let ours = || InterviewEdit {
        kind: Some(MeetingType::Zoom),
        ..of(&booked)
    };
    let refused = desk.dana.interview_edit(ours()).await.unwrap_err();
    assert_refused(&refused, ErrorKind::Zoom, "zoom_user", &["not connected"]);

    connect_zoom(&desk.dana, DANA).await.unwrap();
    desk.edits(ours()).await;
    let ready = desk.settled(&booked).await;
    assert_eq!(ready.meeting.state, MeetingState::Ready);
    assert!(!ready.meeting.manual);
    let made = desk.daemon.zoom.meetings();
    assert_eq!(ready.meeting.meeting_id, Some(made[0].id.to_string()));
}

#[tokio::test]
async fn a_passcode_alone_leaves_the_link_typed_before() {
    let desk = Fixture::open().await;
    let by_hand = InterviewNew {
        kind: MeetingType::Link,
        url: Some("https://meet.example/room".into()),
        ..with(ANA, TEN)
    };
    let booked = desk.books(by_hand).await;
    let edited = desk
        .edits(InterviewEdit {
            passcode: Some("seven".into()),
            ..of(&booked)
        })
        .await
        .interview;
    assert_eq!(edited.meeting.join_url, booked.meeting.join_url);
    assert_eq!(edited.meeting.passcode.as_deref(), Some("seven"));
}

#[tokio::test]
async fn another_host_gets_a_meeting_and_the_former_ones_is_deleted() {
    let desk = Fixture::with_mina().await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.edits(InterviewEdit {
        zoom_user: Some(MINA.into()),
        ..of(&ready)
    })
    .await;
    let edited = desk.settled(&ready).await;
    assert_eq!(edited.meeting.state, MeetingState::Ready);
    assert_eq!(edited.host.unwrap().zoom_email, MINA);
    assert_ne!(edited.meeting.join_url, ready.meeting.join_url);
    let deadline = Deadline::here();
    while desk.daemon.zoom.meetings().len() > 1 {
        deadline.check();
        tokio::task::yield_now().await;
    }
    assert_eq!(desk.daemon.zoom.meetings()[0].host_email, MINA);
    // Dana's Zoom is free then, and Mina's is not.
    desk.has(InterviewNew {
        with: vec![MINA.into()],
        ..with(BEN, "2026-12-01T10:30:00Z")
    })
    .await;
}

#[tokio::test]
async fn a_former_host_who_may_not_delete_keeps_a_meeting_and_it_is_said() {
    let granted: Vec<_> = greenroom_protocol::zoom::PERMISSIONS
        .iter()
        .map(|it| it.scope)
        .filter(|scope| *scope != "meeting:delete:meeting")
        .collect();
    let users = vec![User::new(DANA).granting_only(&granted)];
    let desk = Fixture::with(Config {
        users,
        ..Config::default()
    })
    .await;
    let ready = desk.has(with(ANA, TEN)).await;
    let edited = desk
        .edits(InterviewEdit {
            kind: Some(MeetingType::Place),
            details: Some("Room 4".into()),
            ..of(&ready)
        })
        .await
        .interview;
    assert!(codes(&edited).contains(&FindingCode::MeetingStays));
    assert_eq!(desk.daemon.zoom.meetings().len(), 1);
}

#[tokio::test]
async fn other_people_are_asked_for_their_time() {
    let desk = Fixture::with_mina().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let with_mina = || InterviewEdit {
        with: Some(vec![MINA.into()]),
        ..of(&ready)
    };
    // Mina talks with Ben then.
    let busy = InterviewNew {
        kind: MeetingType::Phone,
        details: Some("1".into()),
        with: vec![MINA.into()],
        ..with(BEN, TEN)
    };
    let busy = desk.books(busy).await;
    let refused = desk.dana.interview_edit(with_mina()).await.unwrap_err();
    assert_refused(&refused, ErrorKind::Conflict, "start", &["Mina Okafor"]);

    desk.cancels(&busy).await;
    let edited = desk.edits(with_mina()).await.interview;
    assert_eq!(edited.interviewers[0].email, MINA);
    assert_eq!(edited.meeting.join_url, ready.meeting.join_url);
    // Dana has time for Ben now, though not on her Zoom, which hosts.
    desk.books(InterviewNew {
        kind: MeetingType::Phone,
        details: Some("1".into()),
        ..with(BEN, TEN)
    })
    .await;
}
