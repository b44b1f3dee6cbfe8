//! Over, marked, and undone: an undo is a change to the terms before, judged like any other,
//! and only of the latest.

use greenroom_protocol::interview::{
    ChangeKind, Interview, InterviewNew, InterviewNoShow, InterviewReschedule, InterviewStatus,
    InterviewUndo, MeetingState, MeetingType, Side,
};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::{Config, Licence, User};

use crate::booking::fixture::{ANA, BEN, Fixture, TEN, assert_refused, codes, with};

/// From the beginning of a story to an interview at [`TEN`], generously.
const TWO_DAYS: i64 = 2 * 24 * 60 * 60;

fn reference(interview: &Interview) -> Reference {
    Reference::to(interview.id.to_string())
}

impl Fixture {
    async fn takes_back(&self, interview: &Interview, change: u32) -> Result<Interview, Error> {
        let undo = InterviewUndo {
            interview: reference(interview),
            change,
            unsent: false,
        };
        Ok(self.dana.interview_undo(undo).await?.interview)
    }

    async fn moves_to(&self, interview: &Interview, start: &str) -> Interview {
        let to = InterviewReschedule {
            start_shown: None,
            locale: None,
            interview: reference(interview),
            start: start.into(),
            zone: None,
            duration_minutes: None,
            by: Side::Us,
            reason: None,
            refuse_advice: false,
        };
        self.dana.interview_reschedule(to).await.unwrap().interview
    }
}

#[tokio::test]
async fn a_cancellation_taken_back_gives_people_a_meeting_again() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let cancelled = desk.cancels(&ready).await;
    desk.settled(&ready).await;
    desk.takes_back(&ready, cancelled.change).await.unwrap();
    let again = desk.settled(&ready).await;
    assert_eq!(again.status, InterviewStatus::Confirmed);
    assert_eq!(again.meeting.state, MeetingState::Ready);
    assert_eq!(desk.daemon.zoom.meetings().len(), 1);
    let kinds: Vec<_> = again.changes.iter().map(|it| it.kind).collect();
    assert_eq!(kinds, [ChangeKind::Cancelled, ChangeKind::Undone]);
}

#[tokio::test]
async fn an_undo_itself_can_be_taken_back() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let moved = desk.moves_to(&ready, "2026-12-01T11:00:00Z").await;
    let back = desk.takes_back(&ready, moved.change).await.unwrap();
    assert_eq!(back.start.to_string(), TEN);
    let again = desk.takes_back(&ready, back.change).await.unwrap();
    assert_eq!(again.start, moved.start);
    let settled = desk.settled(&ready).await;
    assert_eq!(settled.meeting.join_url, ready.meeting.join_url);
    let at_zoom = desk.daemon.zoom.meetings()[0].start_time.to_string();
    assert_eq!(at_zoom, "2026-12-01T11:00:00Z");
}

#[tokio::test]
async fn only_the_latest_change_and_only_while_the_time_is_free() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let cancelled = desk.cancels(&ready).await;
    let refused = desk.takes_back(&ready, 0).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    assert!(refused.message.contains("changed since"), "{refused:?}");
    let other = desk.has(with(BEN, TEN)).await;
    let refused = desk.takes_back(&ready, cancelled.change).await.unwrap_err();
    assert_refused(&refused, ErrorKind::Conflict, "start", &["Dana Reyes"]);

    desk.cancels(&other).await;
    desk.takes_back(&ready, cancelled.change).await.unwrap();
    let refused = desk.takes_back(&ready, cancelled.change).await.unwrap_err();
    assert!(refused.message.contains("changed since"), "{refused:?}");
}

#[tokio::test]
async fn a_confirmation_taken_back_removes_the_meeting_and_keeps_the_time() {
    let desk = Fixture::open().await;
    let planned = InterviewNew {
        confirm: false,
        ..with(ANA, TEN)
    };
    let planned = desk.books(planned).await;
    desk.dana
        .interview_confirm(reference(&planned))
        .await
        .unwrap();
    let ready = desk.settled(&planned).await;
    assert_eq!(ready.meeting.state, MeetingState::Ready);
    desk.takes_back(&planned, ready.change).await.unwrap();
    let again = desk.settled(&planned).await;
    assert_eq!(again.status, InterviewStatus::ToBeConfirmed);
    assert_eq!(again.meeting.state, MeetingState::Gone);
    assert_eq!(desk.daemon.zoom.meetings().len(), 0);
    let refused = desk.refused(with(BEN, TEN)).await;
    assert_refused(&refused, ErrorKind::Conflict, "start", &["unconfirmed"]);
}

#[tokio::test]
async fn what_is_over_is_marked_and_the_mark_taken_back() {
    let desk = Fixture::open().await;
    let ready = desk.has(with(ANA, TEN)).await;
    let early = desk.dana.interview_complete(reference(&ready)).await;
    let early = early.unwrap_err();
    assert_eq!(early.kind, ErrorKind::Usage);
    assert!(early.message.contains("hasn't started"), "{early:?}");

    desk.daemon.seconds_pass(TWO_DAYS);
    let done = desk.dana.interview_complete(reference(&ready)).await;
    let done = done.unwrap().interview;
    assert_eq!(done.status, InterviewStatus::Completed);
    assert_eq!(
        done.meeting.join_url, ready.meeting.join_url,
        "kept, for its summary"
    );
    let again = desk.dana.interview_complete(reference(&ready)).await;
    assert_eq!(again.unwrap().interview.change, done.change, "once");

    let absent = |who: &[&str]| InterviewNoShow {
        interview: reference(&ready),
        absent: who.iter().map(|who| (*who).to_owned()).collect(),
    };
    let marked = desk.dana.interview_no_show(absent(&[])).await.unwrap();
    assert_eq!(marked.interview.status, InterviewStatus::NoShow);
    assert!(marked.interview.candidate_absent);
    let marked = desk.dana.interview_no_show(absent(&[DANA])).await.unwrap();
    assert!(!marked.interview.candidate_absent);
    assert_eq!(marked.interview.absent[0].email, DANA);

    let back = desk.takes_back(&ready, marked.interview.change).await;
    assert!(back.unwrap().candidate_absent);
    assert_eq!(
        desk.daemon.zoom.meetings().len(),
        1,
        "no meeting is touched"
    );
}

#[tokio::test]
async fn what_was_never_confirmed_or_is_cancelled_did_not_take_place() {
    let desk = Fixture::open().await;
    let planned = InterviewNew {
        kind: MeetingType::Phone,
        details: Some("1".into()),
        confirm: false,
        ..with(ANA, TEN)
    };
    let planned = desk.books(planned).await;
    desk.daemon.seconds_pass(TWO_DAYS);
    for _ in 0..2 {
        let refused = desk.dana.interview_complete(reference(&planned)).await;
        assert_eq!(refused.unwrap_err().kind, ErrorKind::Conflict);
        desk.cancels(&planned).await;
    }
}

#[tokio::test]
async fn somebody_who_takes_no_part_cannot_have_been_absent() {
    let desk = Fixture::open().await;
    let mina = "mina.okafor@acme.example";
    greenroom_tests::harness::add_member(&desk.dana, "Mina Okafor", mina, &[])
        .await
        .unwrap();
    let ready = desk.has(with(ANA, TEN)).await;
    desk.daemon.seconds_pass(TWO_DAYS);
    let no_show = InterviewNoShow {
        interview: reference(&ready),
        absent: vec![mina.into()],
    };
    let refused = desk.dana.interview_no_show(no_show).await.unwrap_err();
    assert_refused(
        &refused,
        ErrorKind::Usage,
        "absent",
        &["not an interviewer"],
    );
}

#[tokio::test]
async fn advice_is_given_anew_by_every_change() {
    let users = vec![User::new(DANA).licensed_as(Licence::Basic)];
    let desk = Fixture::with(Config {
        users,
        ..Config::default()
    })
    .await;
    let long = InterviewNew {
        duration_minutes: Some(45),
        ..with(ANA, TEN)
    };
    let ready = desk.has(long).await;
    let basic = codes(&ready).contains(&FindingCode::BasicFortyMinutes);
    let shorter = InterviewReschedule {
        start_shown: None,
        locale: None,
        interview: reference(&ready),
        start: TEN.into(),
        zone: None,
        duration_minutes: Some(30),
        by: Side::Us,
        reason: None,
        refuse_advice: false,
    };
    let shorter = desk.dana.interview_reschedule(shorter).await.unwrap();
    assert!(basic);
    assert!(!codes(&shorter.interview).contains(&FindingCode::BasicFortyMinutes));
}
