//! Zoom made or changed a meeting, and does not find it for some seconds: nothing is made again,
//! nothing is lost, nobody hears that it is gone.

use greenroom_protocol::drift::{CheckQuery, DriftKind};
use greenroom_protocol::interview::{InterviewReschedule, MeetingState, Side};
use greenroom_protocol::workspace::Reference;
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind, Often};
use greenroom_tests::wait::Deadline;

use crate::booking::fixture::{ANA, Fixture, TEN, with};

const ELEVEN: &str = "2026-12-01T11:00:00Z";

fn to_eleven(id: &str) -> InterviewReschedule {
    InterviewReschedule {
        start_shown: None,
        locale: None,
        interview: Reference::to(id),
        start: ELEVEN.into(),
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
        refuse_advice: false,
    }
}

/// Case Z10: right after it was made.
#[tokio::test]
async fn a_meeting_zoom_does_not_find_at_once_is_looked_at_again() {
    for times in [1, 2] {
        let desk = Fixture::open().await;
        desk.daemon.zoom.lag(times);
        let booked = desk.books(with(ANA, TEN)).await;
        let (kept, why) = desk.kept(&booked).await;
        assert!(why.contains("does not find the meeting yet"), "{why}");
        let wait = kept.meeting.next_try.unwrap().since(desk.daemon.now());
        assert!((1..=15).contains(&wait.as_secs()), "{wait}");
        let ready = desk.in_time(&booked).await;
        assert_eq!(ready.meeting.state, MeetingState::Ready);
        assert_eq!(ready.meeting.reason, None);
        assert_eq!(desk.daemon.zoom.counters().meetings_made, 1);
    }
}

/// Case Z10: what is gone is gone, some seconds later.
#[tokio::test]
async fn a_meeting_that_stays_away_is_gone() {
    let desk = Fixture::open().await;
    desk.daemon.zoom.lag(u32::MAX);
    let booked = desk.books(with(ANA, TEN)).await;
    let failed = desk.in_time(&booked).await;
    assert_eq!(failed.meeting.state, MeetingState::Failed);
    let why = failed.meeting.reason.unwrap();
    assert!(why.contains("gone at Zoom"), "{why}");
    assert!(!failed.meeting.refused_for_good);
    let looked = desk.daemon.zoom.counters().of(Endpoint::GetMeeting);
    assert!((2..=5).contains(&looked), "{looked}");
}

/// Case Z10: right after it was changed, and where the change itself does not find it.
#[tokio::test]
async fn a_meeting_zoom_does_not_find_when_it_is_moved_keeps_its_link() {
    let body = serde_json::json!({"code": 3001, "message": "Meeting does not exist: 1."});
    for (endpoint, times) in [
        (Endpoint::UpdateMeeting, 1),
        (Endpoint::UpdateMeeting, 2),
        (Endpoint::GetMeeting, 1),
        (Endpoint::GetMeeting, 2),
    ] {
        let desk = Fixture::open().await;
        let ready = desk.has(with(ANA, TEN)).await;
        let id = ready.id.to_string();
        let missing = FaultKind::Answer(Answer::Json {
            status: 404,
            body: body.clone(),
        });
        desk.daemon
            .zoom
            .fault(Fault::once(endpoint, missing).often(Often::Times(times)));
        desk.dana
            .interview_reschedule(to_eleven(&id))
            .await
            .unwrap();
        let moved = desk.in_time(&ready).await;
        assert_eq!(moved.meeting.state, MeetingState::Ready);
        assert_eq!(moved.meeting.join_url, ready.meeting.join_url);
        let [meeting] = &desk.daemon.zoom.meetings()[..] else {
            panic!("one meeting")
        };
        assert_eq!(meeting.start_time.to_string(), ELEVEN);
        assert_eq!(desk.daemon.zoom.counters().meetings_made, 1);
    }
}

/// Case Z10: cancelled moments after it was made, it is not left behind.
#[tokio::test]
async fn a_meeting_zoom_does_not_find_when_it_is_deleted_is_not_left_behind() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.daemon.zoom.lag(1);
    desk.cancels(&ready).await;
    let gone = desk.in_time(&ready).await;
    assert_eq!(gone.meeting.state, MeetingState::Gone);
    assert_eq!(desk.daemon.zoom.meetings().len(), 0);
}

/// Case Z10: a check right after the booking says neither that it is gone nor that all is well.
#[tokio::test]
async fn a_check_waits_for_what_zoom_has_just_made() {
    for deleted in [false, true] {
        let desk = Fixture::open().await;
        desk.has(with(ANA, TEN)).await;
        match deleted {
            true => {
                let id = desk.daemon.zoom.meetings()[0].id;
                desk.daemon.zoom.delete_meeting(id).unwrap();
            }
            false => desk.daemon.zoom.lag(1),
        }
        let query = CheckQuery::default();
        desk.dana.interview_check(query).await.unwrap();
        let deadline = Deadline::here();
        let waiting = loop {
            deadline.check();
            let report = desk.dana.drift_list().await.unwrap();
            match &report.hosts[0] {
                host if host.reason.is_some() => break report,
                _ => tokio::task::yield_now().await,
            }
        };
        assert!(waiting.hosts[0].running);
        assert_eq!(waiting.interviews, []);
        desk.daemon.seconds_pass(15);
        let deadline = Deadline::here();
        let done = loop {
            deadline.check();
            let report = desk.dana.drift_list().await.unwrap();
            match report.hosts[0].running {
                false => break report,
                true => tokio::task::yield_now().await,
            }
        };
        let drifts = done.interviews.iter().filter_map(|it| it.drift.as_ref());
        let kinds: Vec<_> = drifts.map(|drift| drift.kind).collect();
        let expected: &[DriftKind] = if deleted { &[DriftKind::Deleted] } else { &[] };
        assert_eq!(kinds, expected);
    }
}
