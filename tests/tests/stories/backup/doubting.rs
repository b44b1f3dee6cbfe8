//! What a restored store may not know of Zoom: nothing is made twice, nothing dead looks healthy.

use greenroom_protocol::interview::{Interview, InterviewNew, InterviewStatus, MeetingState};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::{ConnectionQuery, ConnectionState};
use greenroom_tests::harness::{DANA, add_candidate, add_job, connect_zoom, settled, when};
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind};
use greenroom_tests::test_daemon::{OWNER, TestDaemon};

const ANA: &str = "ana.lima@mail.example";
const TEN: &str = "2026-12-01T10:00:00Z";

/// Acme with Ana and Dana's Zoom.
async fn daemon() -> (TestDaemon, greenroom::client::Client) {
    let daemon = TestDaemon::open().await.unwrap();
    let (dana, _) = daemon.set_up().await.unwrap();
    add_job(&dana, "Designer").await.unwrap();
    add_candidate(&dana, "Ana Lima", ANA, "Designer")
        .await
        .unwrap();
    connect_zoom(&dana, DANA).await.unwrap();
    (daemon, dana)
}

fn ana_at_ten(confirm: bool) -> InterviewNew {
    InterviewNew {
        candidate: ANA.into(),
        start: TEN.into(),
        duration_minutes: Some(30),
        confirm,
        ..InterviewNew::default()
    }
}

async fn shown(client: &greenroom::client::Client, interview: &Interview) -> Interview {
    let reference = Reference::to(interview.id.to_string());
    client.interview_get(reference).await.unwrap()
}

#[tokio::test]
async fn a_meeting_made_since_is_found_and_not_made_twice() {
    let (mut daemon, dana) = daemon().await;
    // Zoom is busy while the backup is taken, so the meeting is still to be made in it.
    let busy = FaultKind::Answer(Answer::PerSecondLimit);
    daemon
        .zoom
        .fault(Fault::once(Endpoint::CreateMeeting, busy));
    let booked = dana
        .interview_new(ana_at_ten(true))
        .await
        .unwrap()
        .interview;
    let id = booked.id.to_string();
    when(&dana, &id, |it| {
        it.meeting.next_try.is_some_and(|next| next > daemon.now())
    })
    .await
    .unwrap();
    let backup = daemon.take_backup(&dana).await.unwrap();

    daemon.seconds_pass(120);
    let made = settled(&dana, &id).await.unwrap();
    assert_eq!(made.meeting.state, MeetingState::Ready);
    assert_eq!(daemon.zoom.meetings().len(), 1);

    daemon.restore(&dana, &backup).await.unwrap();
    let dana = daemon.client(OWNER).await.unwrap();
    assert_eq!(
        shown(&dana, &booked).await.meeting.state,
        MeetingState::Pending
    );
    daemon.seconds_pass(60);
    let found = settled(&dana, &id).await.unwrap();
    assert_eq!(found.meeting.meeting_id, made.meeting.meeting_id);
    assert_eq!(
        daemon.zoom.meetings().len(),
        1,
        "looked for, not made again"
    );
    assert_eq!(daemon.zoom.counters().of(Endpoint::ListMeetings), 1);
}

#[tokio::test]
async fn what_was_confirmed_since_is_looked_for_when_it_is_confirmed_again() {
    let (mut daemon, dana) = daemon().await;
    let planned = dana
        .interview_new(ana_at_ten(false))
        .await
        .unwrap()
        .interview;
    let id = planned.id.to_string();
    let backup = daemon.take_backup(&dana).await.unwrap();
    dana.interview_confirm(Reference::to(&id)).await.unwrap();
    let made = settled(&dana, &id).await.unwrap();

    daemon.restore(&dana, &backup).await.unwrap();
    let dana = daemon.client(OWNER).await.unwrap();
    let back = shown(&dana, &planned).await;
    assert_eq!(
        (back.status, back.meeting.state),
        (InterviewStatus::ToBeConfirmed, MeetingState::None)
    );
    dana.interview_confirm(Reference::to(&id)).await.unwrap();
    daemon.seconds_pass(60);
    let found = settled(&dana, &id).await.unwrap();
    assert_eq!(found.meeting.meeting_id, made.meeting.meeting_id);
    assert_eq!(daemon.zoom.meetings().len(), 1);
}

#[tokio::test]
async fn a_meeting_deleted_since_is_loud() {
    let (mut daemon, dana) = daemon().await;
    let booked = dana
        .interview_new(ana_at_ten(true))
        .await
        .unwrap()
        .interview;
    let id = booked.id.to_string();
    settled(&dana, &id).await.unwrap();
    let backup = daemon.take_backup(&dana).await.unwrap();
    dana.interview_cancel(Reference::to(&id).into())
        .await
        .unwrap();
    when(&dana, &id, |it| it.meeting.state == MeetingState::Gone)
        .await
        .unwrap();

    // Zoom may not find at once what it has just made, so its word counts from a quarter of a
    // minute on.
    daemon.seconds_pass(60);
    daemon.restore(&dana, &backup).await.unwrap();
    let dana = daemon.client(OWNER).await.unwrap();
    let back = settled(&dana, &id).await.unwrap();
    assert_eq!(back.status, InterviewStatus::Confirmed);
    assert_eq!(back.meeting.state, MeetingState::Failed);
    let reason = back.meeting.reason.unwrap();
    assert!(reason.contains("gone at Zoom"), "{reason}");
}

#[tokio::test]
async fn keys_that_were_renewed_since_are_found_dead_at_once() {
    let (mut daemon, dana) = daemon().await;
    let backup = daemon.take_backup(&dana).await.unwrap();
    let state = async |client: &greenroom::client::Client| {
        let query = ConnectionQuery { member: None };
        client.zoom_status(query).await.unwrap()
    };
    // Keys of the backup that are still the newest go on working.
    daemon.restore(&dana, &backup).await.unwrap();
    daemon.tend().await.unwrap();
    let dana = daemon.client(OWNER).await.unwrap();
    let renewed = state(&dana).await;
    assert_eq!(renewed.state, ConnectionState::Connected);
    assert_eq!(daemon.zoom.counters().refreshes, 1);

    // That renewal made the backup's keys dead.
    daemon.restore(&dana, &backup).await.unwrap();
    daemon.tend().await.unwrap();
    let dana = daemon.client(OWNER).await.unwrap();
    let dead = state(&dana).await;
    assert_eq!(dead.state, ConnectionState::ReconnectRequired, "{dead:?}");
    connect_zoom(&dana, DANA).await.unwrap();
    assert_eq!(state(&dana).await.state, ConnectionState::Connected);
}
