//! A start is one time as people write it: read, and echoed with the booking, or refused; never
//! another time in silence (case U2).

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{InterviewNew, InterviewQuery, InterviewReschedule, Side};
use greenroom_protocol::pipeline::CandidateEdit;
use greenroom_protocol::schedule::TimeRead;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;

use crate::booking::fixture::{ANA, BEN, Fixture, assert_refused, with};

/// Dana's day begins on Monday, 30 November 2026, in New York.
fn moment(text: &str) -> Instant {
    serde_json::from_value(text.into()).expect("a moment")
}

fn tried(candidate: &str, start: &str) -> InterviewNew {
    InterviewNew {
        dry_run: true,
        ..with(candidate, start)
    }
}

#[tokio::test]
async fn a_start_is_read_as_it_was_meant() {
    let desk = Fixture::open().await;
    for (text, start) in [
        ("thu 10:30", "2026-12-03T15:30:00Z"),
        ("Tue 15:00", "2026-12-01T20:00:00Z"),
        ("12/3 10am", "2026-12-03T15:00:00Z"),
        ("next tuesday 10am", "2026-12-08T15:00:00Z"),
        ("3.12. 11:30", "2026-12-03T16:30:00Z"),
        ("tomorrow 1400", "2026-12-01T19:00:00Z"),
        ("Thursday at 10am London time", "2026-12-03T10:00:00Z"),
        ("2026-12-03 10:00", "2026-12-03T15:00:00Z"),
        ("2026-12-03T10:00:00+01:00", "2026-12-03T09:00:00Z"),
    ] {
        let outcome = desk.dana.interview_new(tried(ANA, text)).await.unwrap();
        assert_eq!(outcome.interview.start, moment(start), "{text}");
        assert_eq!(outcome.interview.zone, "America/New_York", "{text}");
    }
}

#[tokio::test]
async fn what_is_not_one_time_with_an_hour_is_refused_and_nothing_is_booked() {
    let desk = Fixture::open().await;
    for (text, words) in [
        ("soon", "names no time"),
        ("thu", "names no hour"),
        ("thursday afternoon", "names no hour"),
        (
            "thu 10 or 11",
            "several times: Thu 2026-12-03 10:00 EST, Thu 2026-12-03 11:00 EST",
        ),
        ("thu after 3", "a stretch of time"),
        ("wed 3 dec 10am", "The weekday and the date"),
        ("tue 1", "several readings"),
        ("thu 10am IST", "Wed 2026-12-02 23:30 EST"),
        ("not thu 10am", "`not` was not understood"),
        ("2027-03-14 02:30", "does not exist in America/New_York"),
        ("sun 14 mar 2027 at 02:30", "the clocks go forward"),
    ] {
        let refused = desk.refused(with(ANA, text)).await;
        assert_refused(&refused, ErrorKind::Usage, "start", &[words]);
    }
    let all = desk.dana.interview_list(InterviewQuery::default()).await;
    assert_eq!(all.unwrap().total, 0);
}

#[tokio::test]
async fn their_time_is_the_candidates() {
    let desk = Fixture::open().await;
    let unknown = desk.refused(with(ANA, "thu 9am their time")).await;
    assert_refused(&unknown, ErrorKind::Usage, "start", &["is not known"]);
    let edit = CandidateEdit {
        candidate: ANA.into(),
        zone: Some("Europe/Berlin".into()),
        ..CandidateEdit::default()
    };
    desk.dana.candidate_edit(edit).await.unwrap();
    let booked = desk.books(with(ANA, "thu 3pm their time")).await;
    assert_eq!(booked.start, moment("2026-12-03T14:00:00Z"));
}

#[tokio::test]
async fn a_text_that_no_longer_means_what_was_shown_is_refused() {
    let desk = Fixture::open().await;
    let shown = |at: &str| InterviewNew {
        start_shown: Some(moment(at)),
        ..with(ANA, "tomorrow 3pm")
    };
    let yesterdays = desk.refused(shown("2026-11-30T20:00:00Z")).await;
    let both = ["Tue 2026-12-01 15:00 EST", "Mon 2026-11-30 15:00 EST"];
    assert_refused(&yesterdays, ErrorKind::Conflict, "start", &both);
    let booked = desk.books(shown("2026-12-01T20:00:00Z")).await;

    let to = |text: &str, at: &str| InterviewReschedule {
        interview: Reference::to(booked.id.to_string()),
        start: text.into(),
        start_shown: Some(moment(at)),
        locale: None,
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
        refuse_advice: false,
    };
    let refused = desk
        .dana
        .interview_reschedule(to("wed 3pm", "2026-12-01T20:00:00Z"));
    let refused = refused.await.unwrap_err();
    assert_refused(
        &refused,
        ErrorKind::Conflict,
        "start",
        &["Wed 2026-12-02 15:00 EST"],
    );
    let moved = desk
        .dana
        .interview_reschedule(to("wed 3pm", "2026-12-02T20:00:00Z"));
    let moved = moved.await.unwrap();
    assert_eq!(moved.interview.start, moment("2026-12-02T20:00:00Z"));
}

#[tokio::test]
async fn a_length_in_the_text_counts_and_must_not_contradict_the_duration() {
    let desk = Fixture::open().await;
    let unsaid = InterviewNew {
        duration_minutes: None,
        ..tried(ANA, "thu 10:30 for 50 min")
    };
    let outcome = desk.dana.interview_new(unsaid.clone()).await.unwrap();
    assert_eq!(outcome.interview.duration_minutes, 50);
    let range = InterviewNew {
        start: "thu 3-4pm".into(),
        ..unsaid
    };
    let outcome = desk.dana.interview_new(range).await.unwrap();
    assert_eq!(outcome.interview.duration_minutes, 60);
    let refused = desk.refused(with(BEN, "thu 3-4pm")).await;
    let words = ["says 60 minutes", "the duration 30"];
    assert_refused(&refused, ErrorKind::Usage, "duration_minutes", &words);
}

#[tokio::test]
async fn day_and_month_are_ordered_by_the_locale() {
    let desk = Fixture::open().await;
    let german = InterviewNew {
        locale: Some("de_DE.UTF-8".into()),
        ..tried(ANA, "3/12 10am")
    };
    let outcome = desk.dana.interview_new(german).await.unwrap();
    assert_eq!(outcome.interview.start, moment("2026-12-03T15:00:00Z"));
}

#[tokio::test]
async fn every_member_may_have_a_text_read() {
    let desk = Fixture::open().await;
    let read = |text: &str| TimeRead {
        text: text.into(),
        ..TimeRead::default()
    };
    let found = desk.dana.time_read(read("Mon or Tue 3–4pm")).await.unwrap();
    let said: Vec<_> = found.times.iter().map(|it| it.words.as_str()).collect();
    assert_eq!(said, ["Mon or Tue 3–4pm", "Tue 3–4pm"]);
    assert!(found.times.iter().all(|it| it.zone == "America/New_York"));
    assert_eq!(found.times[1].start, moment("2026-12-01T20:00:00Z"));
    assert_eq!(found.times[1].end, Some(moment("2026-12-01T21:00:00Z")));
    let found = desk.dana.time_read(read("thank you")).await.unwrap();
    assert!(found.times.is_empty() && found.unread.is_empty());

    let elsewhere = TimeRead {
        zone: Some("Mars/Base".into()),
        ..read("noon")
    };
    let refused = desk.dana.time_read(elsewhere).await.unwrap_err();
    assert_refused(&refused, ErrorKind::Usage, "zone", &["Mars/Base"]);
    let long = desk.dana.time_read(read(&"x".repeat(20_001))).await;
    assert_refused(
        &long.unwrap_err(),
        ErrorKind::Usage,
        "text",
        &["20000 bytes"],
    );
}
