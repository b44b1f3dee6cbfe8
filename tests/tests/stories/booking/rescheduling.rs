//! Moved to another time: one meeting, one link, everybody's time, and what is said where Zoom
//! cannot be changed.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{
    ChangeKind, Interview, InterviewReschedule, MeetingState, Outcome, Side,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Answer, Endpoint, Fault, FaultKind};
use greenroom_tests::wait::Deadline;

use crate::booking::fixture::{
    ANA, BEN, Fixture, TEN, assert_refused, besides_the_hour, codes, with,
};

const ELEVEN: &str = "2026-12-01T11:00:00Z";

fn to(interview: &Interview, start: &str) -> InterviewReschedule {
    InterviewReschedule {
        start_shown: None,
        locale: None,
        interview: Reference::to(interview.id.to_string()),
        start: start.into(),
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
        refuse_advice: false,
    }
}

impl Fixture {
    async fn moves(&self, to: InterviewReschedule) -> Outcome {
        self.dana.interview_reschedule(to).await.unwrap()
    }
}

#[tokio::test]
async fn the_meeting_and_its_link_stay() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let asked = InterviewReschedule {
        start_shown: None,
        locale: None,
        duration_minutes: Some(25),
        by: Side::Candidate,
        reason: Some("a train is late".into()),
        ..to(&ready, ELEVEN)
    };
    desk.moves(asked).await;
    let moved = desk.settled(&ready).await;
    assert_eq!(moved.meeting.state, MeetingState::Ready, "{moved:?}");
    assert_eq!(moved.start.to_string(), ELEVEN);
    assert_eq!(moved.duration_minutes, 25);
    assert_eq!(moved.meeting.join_url, ready.meeting.join_url);
    assert_eq!(moved.meeting.passcode, ready.meeting.passcode);
    let [meeting] = &desk.daemon.zoom.meetings()[..] else {
        panic!("one meeting")
    };
    assert_eq!(meeting.start_time.to_string(), ELEVEN);
    assert_eq!(meeting.duration, 25);

    let [change] = &moved.changes[..] else {
        panic!("one change")
    };
    assert_eq!(change.kind, ChangeKind::Rescheduled);
    assert_eq!(change.side, Side::Candidate);
    assert_eq!(change.reason.as_deref(), Some("a train is late"));
    assert_eq!(change.former_start.to_string(), TEN);
    assert_eq!(moved.change, 1);
}

#[tokio::test]
async fn the_former_time_is_free_and_the_new_one_taken() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.moves(to(&ready, ELEVEN)).await;
    let refused = desk.refused(with(BEN, ELEVEN)).await;
    assert_refused(&refused, ErrorKind::Conflict, "start", &["Dana Reyes"]);
    desk.has(with(BEN, TEN)).await;
}

#[tokio::test]
async fn a_taken_time_is_refused_and_nothing_changes() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.has(with(BEN, ELEVEN)).await;
    let refused = desk.dana.interview_reschedule(to(&ready, ELEVEN)).await;
    let refused = refused.unwrap_err();
    assert_refused(&refused, ErrorKind::Conflict, "start", &["Dana Reyes"]);
    assert_eq!(desk.settled(&ready).await, ready);
    let past = desk
        .dana
        .interview_reschedule(to(&ready, "2026-01-01T10:00:00Z"));
    assert_refused(
        &past.await.unwrap_err(),
        ErrorKind::Usage,
        "start",
        &["in the past"],
    );
}

#[tokio::test]
async fn a_local_time_is_read_in_the_interviews_zone_and_a_dry_run_writes_nothing() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let mut asked = to(&ready, "2026-12-02 09:00");
    asked.interview.dry_run = true;
    let would = desk.moves(asked).await;
    assert!(would.dry_run);
    // New York, which is Dana's and so the interview's.
    assert_eq!(would.interview.start.to_string(), "2026-12-02T14:00:00Z");
    assert_eq!(desk.settled(&ready).await, ready);
}

#[tokio::test]
async fn a_lost_answer_is_asked_again_for_that_harms_nothing() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let lost = Fault::once(Endpoint::UpdateMeeting, FaultKind::LostBefore);
    desk.daemon.zoom.fault(lost);
    desk.moves(to(&ready, ELEVEN)).await;
    let (_, why) = desk.kept(&ready).await;
    assert!(why.contains("Couldn't update Zoom"), "{why}");
    let moved = desk.in_time(&ready).await;
    assert_eq!(moved.meeting.state, MeetingState::Ready);
    assert_eq!(
        desk.daemon.zoom.meetings()[0].start_time.to_string(),
        ELEVEN
    );
}

#[tokio::test]
async fn one_that_is_moved_while_it_is_made_is_made_once_and_at_the_new_time() {
    for lost in [FaultKind::SlowAnswer { ms: 150 }, FaultKind::LostAfter] {
        let desk = Fixture::open().await;
        let fault = Fault::once(Endpoint::CreateMeeting, lost.clone());
        desk.daemon.zoom.fault(fault);
        let booked = desk.books(with(ANA, TEN)).await;
        let deadline = Deadline::here();
        while desk.daemon.zoom.meetings().is_empty() {
            deadline.check();
            tokio::task::yield_now().await;
        }
        desk.moves(to(&booked, ELEVEN)).await;
        let moved = desk.in_time(&booked).await;
        assert_eq!(moved.meeting.state, MeetingState::Ready, "{lost:?}");
        let [meeting] = &desk.daemon.zoom.meetings()[..] else {
            panic!("one meeting after {lost:?}")
        };
        assert_eq!(meeting.start_time.to_string(), ELEVEN, "{lost:?}");
        assert_eq!(desk.daemon.zoom.counters().meetings_made, 1);
    }
}

#[tokio::test]
async fn without_the_permission_it_is_said_that_zoom_shows_the_former_time() {
    let desk = Fixture::without(&["meeting:update:meeting"]).await;
    let ready = desk.has(with(ANA, TEN)).await;
    desk.moves(to(&ready, ELEVEN)).await;
    let moved = desk.settled(&ready).await;
    assert_eq!(moved.meeting.state, MeetingState::Ready);
    assert_eq!(moved.meeting.join_url, ready.meeting.join_url);
    assert!(codes(&moved).contains(&FindingCode::MeetingOutdated));
    assert_eq!(desk.daemon.zoom.counters().of(Endpoint::UpdateMeeting), 0);
}

#[tokio::test]
async fn after_a_disconnect_people_can_still_be_given_another_time() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let dana = Reference::to(DANA);
    desk.dana.zoom_disconnect(dana).await.unwrap();
    desk.moves(to(&ready, ELEVEN)).await;
    let moved = desk.settled(&ready).await;
    assert_eq!(moved.meeting.state, MeetingState::Ready);
    assert!(codes(&moved).contains(&FindingCode::MeetingOutdated));
    assert_eq!(moved.meeting.join_url, ready.meeting.join_url);
}

#[tokio::test]
async fn a_meeting_somebody_deleted_at_zoom_is_made_again() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let id = desk.daemon.zoom.meetings()[0].id;
    desk.daemon.seconds_pass(20);
    desk.daemon.zoom.delete_meeting(id).unwrap();
    desk.moves(to(&ready, ELEVEN)).await;
    let moved = desk.settled(&ready).await;
    assert_eq!(moved.meeting.state, MeetingState::Ready);
    assert_ne!(moved.meeting.join_url, ready.meeting.join_url);
    assert!(codes(&moved).contains(&FindingCode::ZoomChanged));
    assert_eq!(
        desk.daemon.zoom.meetings()[0].start_time.to_string(),
        ELEVEN
    );
}

#[tokio::test]
async fn a_host_who_is_out_of_changes_today_keeps_nobody_waiting() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let limit = FaultKind::Answer(Answer::HostLimit);
    desk.daemon
        .zoom
        .fault(Fault::once(Endpoint::UpdateMeeting, limit));
    desk.moves(to(&ready, ELEVEN)).await;
    let moved = desk.settled(&ready).await;
    assert_eq!(moved.meeting.state, MeetingState::Ready);
    assert!(codes(&moved).contains(&FindingCode::MeetingOutdated));
}

#[tokio::test]
async fn what_left_for_a_host_today_is_counted_and_said_when_few_are_left() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    for minute in 1..80 {
        let start = format!("2026-12-02T{:02}:{:02}:00Z", 8 + minute / 60, minute % 60);
        // Zoom takes only so many requests a second.
        desk.daemon.seconds_pass(1);
        let told = desk.moves(to(&ready, &start)).await.verdict;
        assert_eq!(besides_the_hour(&told.advises), [], "after {minute}");
        assert_eq!(
            desk.settled(&ready).await.meeting.state,
            MeetingState::Ready
        );
    }
    let told = desk.moves(to(&ready, "2026-12-02T12:00:00Z")).await.verdict;
    assert_eq!(besides_the_hour(&told.advises), [FindingCode::HostBudget]);
    let few = told.advises.last().unwrap();
    assert!(few.message.contains("80 of the 100"), "{}", few.message);
    // Who looks at the connections sees it too: the move just made is among them.
    desk.settled(&ready).await;
    let host = desk.dana.zoom_list().await.unwrap().items.remove(0);
    let today = host.calls_today.unwrap();
    assert_eq!((today.sent, today.most), (81, 100));
    assert_eq!(host.meetings_at_once, Some(1));
    assert!(today.few_left());
    desk.daemon.seconds_pass(24 * 3600);
    let host = desk.dana.zoom_list().await.unwrap().items.remove(0);
    assert_eq!(host.calls_today.unwrap().sent, 0);
}
