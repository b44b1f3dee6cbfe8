//! Which times can be had: overlaps block, plan limits advise, and nobody is booked twice however
//! many try.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::interview::{InterviewNew, InterviewQuery, MeetingType};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::workspace::{AccountPlan, Role, WorkspaceEdit};
use greenroom_tests::harness::{DANA, add_candidate, add_member};
use greenroom_tests::sandbox::{Config, Licence, User};

use crate::booking::fixture::{
    ANA, BEN, Fixture, TEN, assert_refused, besides_the_hour, codes, with,
};

/// By telephone: takes people's time and no Zoom.
fn phone(candidate: &str, start: &str) -> InterviewNew {
    InterviewNew {
        kind: MeetingType::Phone,
        details: Some("+1 212 555 0100".into()),
        ..with(candidate, start)
    }
}

async fn omar_joins(desk: &Fixture) -> &'static str {
    let omar = "omar.haddad@acme.example";
    add_member(&desk.dana, "Omar Haddad", omar, &[Role::Interviewer])
        .await
        .unwrap();
    omar
}

#[tokio::test]
async fn an_interviewer_is_in_one_place_at_a_time() {
    let desk = Fixture::open().await;
    desk.books(phone(ANA, TEN)).await;
    let refused = desk.refused(phone(BEN, "2026-12-01T10:29:00Z")).await;
    assert_refused(&refused, ErrorKind::Conflict, "start", &["Dana Reyes"]);
}

#[tokio::test]
async fn a_candidate_is_in_one_place_at_a_time() {
    let desk = Fixture::open().await;
    let omar = omar_joins(&desk).await;
    desk.books(phone(ANA, TEN)).await;
    let other_panel = InterviewNew {
        with: vec![omar.into()],
        ..phone(ANA, "2026-12-01T09:45:00Z")
    };
    let refused = desk.refused(other_panel).await;
    assert_refused(&refused, ErrorKind::Conflict, "start", &["Ana Lima"]);
}

#[tokio::test]
async fn one_interview_ends_as_the_next_begins() {
    let desk = Fixture::open().await;
    for start in [
        "2026-12-01T10:00:00Z",
        "2026-12-01T10:30:00Z",
        "2026-12-01T09:30:00Z",
    ] {
        desk.has(with(ANA, start)).await;
    }
    assert_eq!(desk.daemon.zoom.counters().meetings_made, 3);
}

#[tokio::test]
async fn a_cancelled_interviews_time_is_free_again() {
    let desk = Fixture::open().await;
    let first = desk.has(with(ANA, TEN)).await;
    desk.cancels(&first).await;
    desk.has(with(BEN, TEN)).await;
}

#[tokio::test]
async fn a_planned_interview_holds_its_time() {
    let desk = Fixture::open().await;
    let planned = InterviewNew {
        confirm: false,
        ..with(ANA, TEN)
    };
    desk.books(planned).await;
    let refused = desk.refused(with(BEN, TEN)).await;
    assert_refused(&refused, ErrorKind::Conflict, "start", &["Dana Reyes"]);
}

#[tokio::test]
async fn a_host_has_one_meeting_at_a_time_and_two_on_business() {
    let desk = Fixture::open().await;
    let omar = omar_joins(&desk).await;
    let olga = "olga.marin@acme.example";
    add_member(&desk.dana, "Olga Marin", olga, &[Role::Interviewer])
        .await
        .unwrap();
    add_candidate(
        &desk.dana,
        "Chidi Eze",
        "chidi.eze@mail.example",
        "Designer",
    )
    .await
    .unwrap();
    // All on Dana's Zoom, each with somebody else.
    let on_danas = |candidate: &str, interviewer: &str| InterviewNew {
        with: vec![interviewer.into()],
        ..with(candidate, TEN)
    };
    desk.has(on_danas(ANA, DANA)).await;
    let refused = desk.refused(on_danas(BEN, omar)).await;
    assert_refused(
        &refused,
        ErrorKind::Conflict,
        "start",
        &["Dana Reyes", "Zoom"],
    );

    let business = WorkspaceEdit {
        plan: Some(AccountPlan::Business),
        ..WorkspaceEdit::default()
    };
    desk.dana.workspace_edit(business).await.unwrap();
    desk.has(on_danas(BEN, omar)).await;
    let third = desk.refused(on_danas("chidi.eze@mail.example", olga)).await;
    assert_refused(
        &third,
        ErrorKind::Conflict,
        "start",
        &["Dana Reyes", "Zoom"],
    );
}

#[tokio::test]
async fn forty_minutes_on_basic_are_said_before_and_after_and_do_not_block() {
    let users = vec![User::new(DANA).licensed_as(Licence::Basic)];
    let desk = Fixture::with(Config {
        users,
        ..Config::default()
    })
    .await;
    let long = || InterviewNew {
        duration_minutes: Some(45),
        ..with(ANA, TEN)
    };
    let before = desk
        .dana
        .interview_new(InterviewNew {
            dry_run: true,
            ..long()
        })
        .await
        .unwrap();
    assert_eq!(before.verdict.blocks, []);
    let advises = &before.verdict.advises;
    assert_eq!(besides_the_hour(advises), [FindingCode::BasicFortyMinutes]);
    let said = &advises.last().unwrap().message;
    assert!(
        said.contains("40 minutes after the first person joins"),
        "{said}"
    );

    let booked = desk.has(long()).await;
    assert!(codes(&booked).contains(&FindingCode::BasicFortyMinutes));
    let short = InterviewNew {
        duration_minutes: Some(40),
        ..with(BEN, "2026-12-01T12:00:00Z")
    };
    assert!(!codes(&desk.has(short).await).contains(&FindingCode::BasicFortyMinutes));
}

#[tokio::test]
async fn the_past_cannot_be_booked() {
    let desk = Fixture::open().await;
    let refused = desk.refused(with(ANA, "2026-11-30T08:59:00Z")).await;
    assert_refused(&refused, ErrorKind::Usage, "start", &["in the past"]);
    let all = desk
        .dana
        .interview_list(InterviewQuery::default())
        .await
        .unwrap();
    assert_eq!(all.total, 0);
}

#[tokio::test]
async fn an_hour_that_does_not_exist_or_comes_twice_is_refused_with_both_readings() {
    let desk = Fixture::open().await;
    let new_york = |start: &str| InterviewNew {
        zone: Some("America/New_York".into()),
        ..with(ANA, start)
    };
    let gap = desk.refused(new_york("2027-03-14 02:30")).await;
    assert_refused(
        &gap,
        ErrorKind::Usage,
        "start",
        &[
            "does not exist",
            "2027-03-14T06:30:00Z",
            "2027-03-14T07:30:00Z",
        ],
    );
    let fold = desk.refused(new_york("2027-11-07 01:30")).await;
    assert_refused(
        &fold,
        ErrorKind::Usage,
        "start",
        &[
            "comes twice",
            "2027-11-07T05:30:00Z",
            "2027-11-07T06:30:00Z",
        ],
    );

    // With the offset said, the second of the two hours is as good as any.
    let booked = desk.has(new_york("2027-11-07T01:30:00-05:00")).await;
    assert_eq!(booked.start.to_string(), "2027-11-07T06:30:00Z");
    assert_eq!(
        (booked.zone.as_str(), booked.offset.as_str()),
        ("America/New_York", "-05:00")
    );
}
