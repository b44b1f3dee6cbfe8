//! What waits for a connection is tried as soon as that works again; what waits for something else
//! is left alone.

use greenroom_protocol::interview::MeetingState;
use greenroom_tests::harness::{DANA, connect_zoom};
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind};

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, with};

#[tokio::test]
async fn a_meeting_is_made_as_soon_as_its_host_has_reconnected() {
    let desk = Fixture::open().await;
    desk.daemon.zoom.end_grants(DANA).unwrap();
    let booked = desk.books(with(ANA, TEN)).await;
    let (_, why) = desk.kept(&booked).await;
    assert!(why.contains("reconnected"), "{why}");
    connect_zoom(&desk.dana, DANA).await.unwrap();
    let made = desk.settled(&booked).await;
    assert_eq!(made.meeting.state, MeetingState::Ready);
}

#[tokio::test]
async fn renewed_keys_do_not_ask_zoom_again_what_it_said_not_before_midnight() {
    let desk = Fixture::open().await;
    let limit = FaultKind::Answer(Answer::HostLimit);
    let limited = Fault::once(Endpoint::CreateMeeting, limit);
    desk.daemon.zoom.fault(limited);
    let kept = desk.books(with(ANA, TEN)).await;
    let (before, _) = desk.kept(&kept).await;

    desk.daemon.seconds_pass(60 * 60);
    desk.has(with(BEN, "2026-12-01T11:00:00Z")).await;
    assert_eq!(desk.daemon.zoom.counters().refreshes, 1);
    assert_eq!(desk.daemon.zoom.counters().of(Endpoint::CreateMeeting), 2);
    let (after, _) = desk.kept(&kept).await;
    assert_eq!(after.meeting.next_try, before.meeting.next_try);
}
