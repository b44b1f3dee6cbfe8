//! An hour before a booking its host's keys are looked after, and what is wrong with them is said.

use greenroom_protocol::zoom::{ConnectionQuery, ConnectionState};
use greenroom_tests::harness::DANA;

use crate::booking::fixture::{ANA, Fixture, with};

/// Five hours after the story begins.
const AT_TWO: &str = "2026-11-30T14:00:00Z";

const HOUR: i64 = 60 * 60;

#[tokio::test]
async fn an_hour_before_a_booking_the_keys_are_renewed_and_stay_valid() {
    let desk = Fixture::open().await;
    desk.has(with(ANA, AT_TWO)).await;
    let renewed = || desk.daemon.zoom.counters().refreshes;
    desk.daemon.seconds_pass(4 * HOUR - 1);
    desk.daemon.tend().await.unwrap();
    assert_eq!(renewed(), 0);
    desk.daemon.seconds_pass(1);
    desk.daemon.tend().await.unwrap();
    assert_eq!(renewed(), 1);
    // Again five minutes before they end, and never once it has begun.
    desk.daemon.seconds_pass(HOUR - 5 * 60);
    desk.daemon.tend().await.unwrap();
    assert_eq!(renewed(), 2);
    desk.daemon.seconds_pass(HOUR);
    desk.daemon.tend().await.unwrap();
    assert_eq!(renewed(), 2);
}

#[tokio::test]
async fn a_grant_that_ended_is_loud_an_hour_before_the_booking() {
    let desk = Fixture::open().await;
    let booked = desk.has(with(ANA, AT_TWO)).await;
    desk.daemon.zoom.end_grants(DANA).unwrap();
    desk.daemon.seconds_pass(4 * HOUR);
    desk.daemon.tend().await.unwrap();
    let query = ConnectionQuery::default();
    let connection = desk.dana.zoom_status(query).await.unwrap();
    assert_eq!(connection.state, ConnectionState::ReconnectRequired);
    assert!(connection.reason.is_some() && connection.hint.is_some());
    // What was booked keeps its link.
    assert!(desk.settled(&booked).await.meeting.join_url.is_some());
}

#[tokio::test]
async fn what_was_cancelled_needs_no_keys() {
    let desk = Fixture::open().await;
    let booked = desk.has(with(ANA, AT_TWO)).await;
    let cancelled = desk.cancels(&booked).await;
    desk.settled(&cancelled).await;
    desk.daemon.seconds_pass(4 * HOUR);
    desk.daemon.tend().await.unwrap();
    assert_eq!(desk.daemon.zoom.counters().refreshes, 0);
}
