//! An idempotency key: the same request again is the same interview.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{InterviewNew, InterviewQuery, InterviewStatus};
use greenroom_protocol::pipeline::JobEdit;

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, assert_refused, with};

const DAY: i64 = 24 * 3600;

fn keyed(candidate: &str, start: &str) -> InterviewNew {
    InterviewNew {
        idempotency_key: Some("ticket-417".into()),
        ..with(candidate, start)
    }
}

#[tokio::test]
async fn the_same_key_and_arguments_return_the_same_interview() {
    let desk = Fixture::open().await;
    let first = desk.has(keyed(ANA, TEN)).await;
    let again = desk.dana.interview_new(keyed(ANA, TEN)).await.unwrap();
    assert!(again.repeated);
    assert_eq!(again.interview, first);
    assert_eq!(desk.daemon.zoom.counters().meetings_made, 1);
}

#[tokio::test]
async fn the_same_key_with_other_arguments_is_refused() {
    let desk = Fixture::open().await;
    desk.has(keyed(ANA, TEN)).await;
    let refused = desk.refused(keyed(BEN, "2026-12-01T15:00:00Z")).await;
    assert_refused(
        &refused,
        ErrorKind::Conflict,
        "idempotency_key",
        &["other arguments"],
    );
}

#[tokio::test]
async fn after_a_cancel_the_key_returns_the_cancelled_interview() {
    let desk = Fixture::open().await;
    let first = desk.has(keyed(ANA, TEN)).await;
    desk.cancels(&first).await;
    let again = desk.dana.interview_new(keyed(ANA, TEN)).await.unwrap();
    assert!(again.repeated);
    assert_eq!(again.interview.id, first.id);
    assert_eq!(again.interview.status, InterviewStatus::Cancelled);
}

#[tokio::test]
async fn the_key_counts_whatever_became_of_the_job_and_the_hour_since() {
    let desk = Fixture::open().await;
    let first = desk.has(keyed(ANA, TEN)).await;
    let close = JobEdit {
        job: "Designer".into(),
        open: Some(false),
        ..JobEdit::default()
    };
    desk.dana.job_edit(close).await.unwrap();
    desk.daemon.seconds_pass(2 * DAY);
    let again = desk.dana.interview_new(keyed(ANA, TEN)).await.unwrap();
    assert!(again.repeated && again.interview.id == first.id);
}

#[tokio::test]
async fn a_key_is_one_members_and_lasts_thirty_days() {
    let desk = Fixture::open().await;
    let first = desk.has(keyed(ANA, TEN)).await;
    desk.daemon.seconds_pass(31 * DAY);
    let later = desk
        .dana
        .interview_new(keyed(ANA, "2027-02-01T10:00:00Z"))
        .await
        .unwrap();
    assert!(!later.repeated && later.interview.id != first.id);
    let all = desk
        .dana
        .interview_list(InterviewQuery::default())
        .await
        .unwrap();
    assert_eq!(all.total, 2);
}

#[tokio::test]
async fn the_same_request_sent_twice_at_once_is_one_interview() {
    let desk = Fixture::open().await;
    let twice = [0; 8].map(|_| desk.dana.interview_new(keyed(ANA, TEN)));
    let outcomes = futures::future::join_all(twice).await;
    let made = outcomes.iter().filter(|it| !it.as_ref().unwrap().repeated);
    assert_eq!(made.count(), 1);
    let all = desk
        .dana
        .interview_list(InterviewQuery::default())
        .await
        .unwrap();
    assert_eq!(all.total, 1);
}
