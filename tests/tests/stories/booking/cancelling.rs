//! Cancelled: the time is free, and the meeting is gone at Zoom, or it is said that it stays.

use greenroom_protocol::interview::{Interview, InterviewStatus, MeetingState};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind};
use greenroom_tests::wait::Deadline;

use crate::booking::fixture::{ANA, Fixture, TEN, codes, with};

/// How long an answer of Zoom's is waited for, as `settle` decides it.
const ANSWER_DEADLINE: i64 = 25;

#[tokio::test]
async fn the_meeting_is_deleted_at_zoom() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let cancelled = desk.cancels(&ready).await;
    assert_eq!(cancelled.status, InterviewStatus::Cancelled);
    let gone = desk.settled(&ready).await;
    assert_eq!(gone.meeting.state, MeetingState::Gone);
    assert_eq!(desk.daemon.zoom.meetings().len(), 0);

    let again = desk.cancels(&ready).await;
    assert_eq!(again, gone, "a second time changes nothing");
    assert_eq!(desk.daemon.zoom.counters().of(Endpoint::DeleteMeeting), 1);
}

#[tokio::test]
async fn a_meeting_somebody_deleted_already_counts_as_done() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let id = desk.daemon.zoom.meetings()[0].id;
    desk.daemon.seconds_pass(20);
    desk.daemon.zoom.delete_meeting(id).unwrap();
    desk.cancels(&ready).await;
    let gone = desk.settled(&ready).await;
    assert_eq!(gone.meeting.state, MeetingState::Gone);
    assert_eq!(gone.meeting.reason, None);
}

#[tokio::test]
async fn a_planned_one_leaves_no_trace_at_zoom() {
    let desk = Fixture::open().await;
    let planned = greenroom_protocol::interview::InterviewNew {
        confirm: false,
        ..with(ANA, TEN)
    };
    let planned = desk.books(planned).await;
    let cancelled = desk.cancels(&planned).await;
    assert_eq!(cancelled.meeting.state, MeetingState::None);
    assert_eq!(desk.daemon.zoom.counters().of(Endpoint::DeleteMeeting), 0);
}

#[track_caller]
fn assert_stays(cancelled: &Interview, because: &str) {
    assert_eq!(cancelled.status, InterviewStatus::Cancelled);
    assert!(codes(cancelled).contains(&FindingCode::MeetingStays));
    let reason = cancelled.meeting.reason.as_deref().unwrap_or_default();
    assert!(reason.contains("stays at Zoom"), "{reason}");
    assert!(reason.contains(because), "{reason}");
    assert!(
        cancelled.meeting.join_url.is_some(),
        "so that it can be found there"
    );
}

#[tokio::test]
async fn without_the_permission_to_delete_it_is_said_that_the_meeting_stays() {
    let desk = Fixture::without(&["meeting:delete:meeting"]).await;
    let ready = desk.has(with(ANA, TEN)).await;
    let dry_run = Reference {
        dry_run: true,
        ..Reference::to(ready.id.to_string())
    };
    let before = desk.dana.interview_cancel(dry_run.into()).await.unwrap();
    assert_stays(&before.interview, "permission");
    assert_eq!(
        desk.settled(&ready).await.status,
        InterviewStatus::Confirmed
    );

    assert_stays(&desk.cancels(&ready).await, "permission");
    assert_eq!(desk.daemon.zoom.meetings().len(), 1);
}

#[tokio::test]
async fn after_a_disconnect_it_is_said_that_the_meeting_stays() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.dana
        .zoom_disconnect(Reference::to(DANA))
        .await
        .unwrap();
    let kept = desk.settled(&ready).await;
    assert_eq!(kept.meeting.join_url, ready.meeting.join_url);
    assert_stays(&desk.cancels(&ready).await, "not connected");
}

#[tokio::test]
async fn a_grant_that_ended_before_the_delete_is_told_apart() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.daemon.zoom.end_grants(DANA).unwrap();
    desk.cancels(&ready).await;
    let settled = desk.settled(&ready).await;
    assert_stays(&settled, "reconnect");
}

#[tokio::test]
async fn a_delete_whose_answer_is_lost_is_tried_again_and_done() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let lost = Fault::once(Endpoint::DeleteMeeting, FaultKind::LostAfter);
    desk.daemon.zoom.fault(lost);
    desk.cancels(&ready).await;
    let (kept, reason) = desk.kept(&ready).await;
    assert!(reason.contains("delete the Zoom meeting"), "{reason}");
    desk.waits_for_the_next_try(&kept);
    assert_eq!(desk.in_time(&ready).await.meeting.state, MeetingState::Gone);
}

#[tokio::test]
async fn a_cancel_while_zoom_makes_the_meeting_deletes_it() {
    let desk = Fixture::open().await;
    let slow = FaultKind::SlowAnswer { ms: 150 };
    desk.daemon
        .zoom
        .fault(Fault::once(Endpoint::CreateMeeting, slow));
    let booked = desk.books(with(ANA, TEN)).await;
    let deadline = Deadline::here();
    while desk.daemon.zoom.meetings().is_empty() {
        deadline.check();
        tokio::task::yield_now().await;
    }
    desk.cancels(&booked).await;
    let gone = desk.settled(&booked).await;
    assert_eq!(gone.meeting.state, MeetingState::Gone);
    assert_eq!(desk.daemon.zoom.meetings().len(), 0);
}

#[tokio::test]
async fn a_cancel_after_a_lost_answer_finds_the_meeting_and_deletes_it() {
    let desk = Fixture::open().await;
    let lost = Fault::once(Endpoint::CreateMeeting, FaultKind::LostAfter);
    desk.daemon.zoom.fault(lost);
    let booked = desk.books(with(ANA, TEN)).await;
    desk.kept(&booked).await;
    desk.cancels(&booked).await;
    desk.daemon.seconds_pass(ANSWER_DEADLINE);
    let gone = desk.settled(&booked).await;
    assert_eq!(gone.meeting.state, MeetingState::Gone);
    assert_eq!(desk.daemon.zoom.meetings().len(), 0);
}

#[tokio::test]
async fn a_cancel_after_a_lost_answer_that_cannot_be_looked_for_says_so() {
    let desk = Fixture::without(&["meeting:read:list_meetings"]).await;
    let lost = Fault::once(Endpoint::CreateMeeting, FaultKind::LostAfter);
    desk.daemon.zoom.fault(lost);
    let booked = desk.books(with(ANA, TEN)).await;
    desk.kept(&booked).await;
    desk.cancels(&booked).await;
    desk.daemon.seconds_pass(ANSWER_DEADLINE);
    let gone = desk.settled(&booked).await;
    assert_eq!(gone.meeting.state, MeetingState::Gone);
    assert!(codes(&gone).contains(&FindingCode::PossibleOrphan));
    assert_eq!(
        desk.daemon.zoom.counters().meetings_made,
        1,
        "not asked again"
    );
}

#[tokio::test]
async fn a_cancel_while_zoom_limits_us_takes_the_wish_back() {
    let desk = Fixture::open().await;
    let limit = FaultKind::Answer(Answer::HostLimit);
    desk.daemon
        .zoom
        .fault(Fault::once(Endpoint::CreateMeeting, limit));
    let booked = desk.books(with(ANA, TEN)).await;
    desk.kept(&booked).await;
    let cancelled = desk.cancels(&booked).await;
    assert_eq!(cancelled.meeting.state, MeetingState::None);
    assert_eq!(cancelled.meeting.reason, None);
    assert_eq!(desk.dana.status().await.unwrap().work_waiting, 0);
}
