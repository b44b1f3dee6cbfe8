//! How many interviews a day and a week somebody should have, over all jobs.

use std::sync::Arc;

use greenroom_protocol::ErrorKind;
use greenroom_protocol::availability::MemberHoursSet;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::{
    InterviewEdit, InterviewNew, InterviewQuery, InterviewReschedule, Side,
};
use greenroom_protocol::pipeline::{StageConfigure, StageInterview};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::{add_candidate, add_job, add_member};
use greenroom_tests::test_daemon::OWNER;
use tokio::sync::Barrier;
use tokio::task::JoinSet;

use crate::hours::fixture::{ANA, BEN, about_hours, always, assert_refused, desk, phone};

const RACERS: i64 = 64;

#[tokio::test]
async fn a_day_is_full_over_all_jobs_and_can_be_booked_over() {
    let desk = desk().await;
    add_job(&desk.dana, "Welder").await.unwrap();
    let wen = "wen.zhang@mail.example";
    add_candidate(&desk.dana, "Wen Zhang", wen, "Welder")
        .await
        .unwrap();
    let two = MemberHoursSet {
        cap_day: Some(2),
        ..MemberHoursSet::default()
    };
    desk.sets(two).await;
    desk.books(phone(wen, "2026-12-02T15:00:00Z")).await;
    assert_eq!(desk.codes("2026-12-02T18:00:00Z").await, []);
    let second = desk.books(phone(BEN, "2026-12-02T16:00:00Z")).await;
    let full = [FindingCode::DayCap];
    assert_eq!(desk.codes("2026-12-02T18:00:00Z").await, full);
    assert_eq!(desk.codes("2026-12-03T18:00:00Z").await, []);
    let third = desk
        .dana
        .interview_new(phone(ANA, "2026-12-02T18:00:00Z"))
        .await
        .unwrap();
    assert_eq!(about_hours(&third.interview.warnings), full);

    // Who does not book over advice is refused, and nothing is written.
    let strict = InterviewNew {
        refuse_advice: true,
        ..phone(ANA, "2026-12-02T19:00:00Z")
    };
    let refused = desk.dana.interview_new(strict).await.unwrap_err();
    let words = ["Dana Reyes already has 3 interviews that day"];
    assert_refused(&refused, ErrorKind::Conflict, "start", &words);
    let all = desk
        .dana
        .interview_list(InterviewQuery::default())
        .await
        .unwrap();
    assert_eq!(all.total, 3);

    // The same where one is moved, or gets other people.
    let moved = |start: &str| InterviewReschedule {
        interview: Reference::to(second.id.to_string()),
        start: start.into(),
        start_shown: None,
        locale: None,
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
        refuse_advice: true,
    };
    let full = moved("2026-12-02T19:00:00Z");
    let refused = desk.dana.interview_reschedule(full).await.unwrap_err();
    let words = ["Dana Reyes already has 2 interviews that day"];
    assert_refused(&refused, ErrorKind::Conflict, "start", &words);
    let lena = add_member(&desk.dana, "Lena Bauer", "lena@acme.example", &[]);
    let never = MemberHoursSet {
        member: Some(lena.await.unwrap().id.to_string()),
        hours: Edit::Set(Vec::new()),
        ..MemberHoursSet::default()
    };
    desk.sets(never).await;
    let with_lena = |refuse_advice| InterviewEdit {
        with: Some(vec!["lena@acme.example".into()]),
        refuse_advice,
        ..Reference::to(second.id.to_string()).into()
    };
    let refused = desk.dana.interview_edit(with_lena(true)).await.unwrap_err();
    assert_refused(
        &refused,
        ErrorKind::Conflict,
        "start",
        &["Lena Bauer's hours"],
    );
    let reference = Reference::to(second.id.to_string());
    let kept = desk.dana.interview_get(reference).await.unwrap();
    assert_eq!((kept.start, kept.change), (second.start, 0));
    let good = desk
        .dana
        .interview_reschedule(moved("2026-12-03T19:00:00Z"));
    assert_eq!(about_hours(&good.await.unwrap().interview.warnings), []);
    let over = desk.dana.interview_edit(with_lena(false)).await.unwrap();
    let outside = [FindingCode::OutsideHours];
    assert_eq!(about_hours(&over.interview.warnings), outside);

    // A cancelled one gives its place back.
    desk.cancels(&over.interview).await;
    desk.cancels(&third.interview).await;
    assert_eq!(desk.codes("2026-12-02T18:00:00Z").await, []);
}

#[tokio::test]
async fn the_tighter_of_member_and_stage_counts() {
    let desk = desk().await;
    let stage = &desk.dana.job_list().await.unwrap().items[0].stages[0];
    let at_most = async |daily_cap| {
        let configure = StageConfigure {
            stage: stage.id.to_string(),
            interview: Some(StageInterview {
                daily_cap,
                ..StageInterview::default()
            }),
            ..StageConfigure::default()
        };
        desk.dana.stage_configure(configure).await.unwrap();
    };
    desk.books(phone(BEN, "2026-12-02T15:00:00Z")).await;
    for (member, stage, full) in [
        (0, 0, false),
        (1, 0, true),
        (0, 1, true),
        (1, 5, true),
        (5, 1, true),
        (5, 0, false),
        (2, 2, false),
    ] {
        at_most(stage).await;
        let cap = MemberHoursSet {
            cap_day: Some(member),
            ..MemberHoursSet::default()
        };
        desk.sets(cap).await;
        let codes = desk.codes("2026-12-02T18:00:00Z").await;
        assert_eq!(
            codes == [FindingCode::DayCap],
            full,
            "{member} {stage}: {codes:?}"
        );
    }
}

/// Sunday evening in New York is Monday by UTC, and of the week that ends.
#[tokio::test]
async fn a_week_is_from_monday_to_sunday_where_the_member_is() {
    let desk = desk().await;
    let two = MemberHoursSet {
        cap_week: Some(2),
        ..always(0, 1440)
    };
    desk.sets(two).await;
    desk.books(phone(BEN, "2026-12-01T15:00:00Z")).await;
    desk.books(phone(BEN, "2026-12-07T01:00:00Z")).await;
    let full = [FindingCode::WeekCap];
    for (start, codes) in [
        ("2026-12-04T15:00:00Z", &full[..]),
        ("2026-12-07T04:30:00Z", &full),
        ("2026-12-07T05:00:00Z", &[]),
        ("2026-12-10T15:00:00Z", &[]),
    ] {
        assert_eq!(desk.codes(start).await, codes, "{start}");
    }
}

/// All of it is one Monday in Auckland and two weeks by UTC, so the racers write different records.
#[tokio::test(flavor = "multi_thread")]
async fn of_sixty_four_who_book_a_day_of_three_as_many_get_it_as_there_is_room_for() {
    let desk = desk().await;
    let three = MemberHoursSet {
        zone: Some("Pacific/Auckland".into()),
        cap_day: Some(3),
        ..always(0, 1440)
    };
    desk.sets(three).await;
    let midnight = "2026-12-06T11:00:00Z".parse::<jiff::Timestamp>().unwrap();
    let midnight = greenroom_protocol::time::Instant::from(midnight);
    let begin = Arc::new(Barrier::new(64));
    let mut racers = JoinSet::new();
    for number in 0..RACERS {
        let client = desk.daemon.client(OWNER).await.unwrap();
        let begin = begin.clone();
        let start = midnight.plus_minutes(number * 20).to_string();
        let wish = InterviewNew {
            duration_minutes: Some(20),
            refuse_advice: true,
            zone: Some("Pacific/Auckland".into()),
            ..phone(if number % 2 == 0 { ANA } else { BEN }, &start)
        };
        racers.spawn(async move {
            begin.wait().await;
            client.interview_new(wish).await
        });
    }
    let (mut booked, mut refused) = (0, Vec::new());
    for outcome in racers.join_all().await {
        match outcome {
            Ok(_) => booked += 1,
            Err(error) => refused.push(error),
        }
    }
    assert_eq!(booked, 3, "{refused:?}");
    let words = ["Dana Reyes already has 3 interviews that day, and at most 3 are to be on one"];
    for error in &refused {
        assert_refused(error, ErrorKind::Conflict, "start", &words);
    }
    let all = desk
        .dana
        .interview_list(InterviewQuery::default())
        .await
        .unwrap();
    assert_eq!(all.total, 3);
}
