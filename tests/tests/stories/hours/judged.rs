//! What hours, days off, nights and buffers say of a booking: a person may book over all of it, and
//! the audit knows.

use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::availability::{DaysOffEdit, MemberHoursSet};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::{InterviewReschedule, Side};
use greenroom_protocol::pipeline::{CandidateEdit, StageConfigure, StageInterview};
use greenroom_protocol::schedule::{BusyQuery, FindingClass, FindingCode};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::DANA;

use crate::hours::fixture::{
    ANA, BEN, Fixture, OMAR, about_hours, add_days, always, desk, on, phone,
};

/// What the newest call of this name was booked over.
async fn over(desk: &Fixture, call: &str) -> Option<String> {
    let entries = desk.dana.audit_list(AuditQuery::default()).await;
    let mut entries = entries.unwrap().items.into_iter();
    let newest = entries.find(|it| it.call == call).unwrap();
    newest.values.get("over").cloned()
}

fn to(interview: impl ToString, start: &str) -> InterviewReschedule {
    InterviewReschedule {
        interview: Reference::to(interview.to_string()),
        start: start.into(),
        start_shown: None,
        locale: None,
        zone: None,
        duration_minutes: None,
        by: Side::Us,
        reason: None,
        refuse_advice: false,
    }
}

/// The hour at which a demo once booked without a word.
#[tokio::test]
async fn three_in_the_morning_is_booked_only_with_warnings_that_are_audited() {
    let desk = desk().await;
    let zone = CandidateEdit {
        candidate: ANA.into(),
        zone: Some("America/New_York".into()),
        ..CandidateEdit::default()
    };
    desk.dana.candidate_edit(zone).await.unwrap();
    let night = phone(ANA, "2026-12-02T08:00:00Z");
    let outcome = desk.dana.interview_new(night).await.unwrap();
    let codes = [FindingCode::OutsideHours, FindingCode::CandidateNight];
    assert_eq!(about_hours(&outcome.verdict.advises), codes);
    assert_eq!(about_hours(&outcome.interview.warnings), codes);
    let told: Vec<_> = outcome
        .verdict
        .advises
        .iter()
        .map(|it| it.message.as_str())
        .collect();
    assert!(
        told.contains(&"Outside Dana Reyes's hours (09:00–17:00, assumed)"),
        "{told:?}"
    );
    assert!(
        told.contains(&"It is 03:00 for Ana Lima in New York (night is 21:00–07:00)"),
        "{told:?}"
    );
    let of_the_slot = Some(FindingClass::Slot);
    let mut ours = outcome.verdict.advises.iter();
    assert!(ours.all(|it| it.class == of_the_slot || it.code == FindingCode::NoMail));
    let audited = over(&desk, "interview_new").await.unwrap();
    assert!(
        audited.starts_with("outside-hours candidate-night"),
        "{audited}"
    );

    // The same when it is moved, and nothing is left of it once the time is good.
    let moved = desk
        .dana
        .interview_reschedule(to(outcome.interview.id, "2026-12-02T09:00:00Z"));
    assert_eq!(about_hours(&moved.await.unwrap().interview.warnings), codes);
    let audited = over(&desk, "interview_reschedule").await.unwrap();
    assert!(
        audited.starts_with("outside-hours candidate-night"),
        "{audited}"
    );
    let moved = desk
        .dana
        .interview_reschedule(to(outcome.interview.id, "2026-12-02T15:00:00Z"));
    assert_eq!(about_hours(&moved.await.unwrap().interview.warnings), []);
    let audited = over(&desk, "interview_reschedule").await;
    assert!(audited.is_none_or(|it| !it.contains("hours")));
}

#[tokio::test]
async fn hours_that_are_set_count_in_place_of_those_assumed() {
    let desk = desk().await;
    // 15:00 and 23:00 UTC are 10:00 and 18:00 in New York.
    assert_eq!(desk.codes("2026-12-02T15:00:00Z").await, []);
    let evening = desk.found("2026-12-02T23:00:00Z", &[]).await;
    let told = evening
        .iter()
        .find(|it| it.code == FindingCode::OutsideHours)
        .unwrap();
    assert!(told.message.contains("assumed"), "{told:?}");
    desk.sets(always(17 * 60, 20 * 60)).await;
    assert_eq!(desk.codes("2026-12-02T23:00:00Z").await, []);
    let morning = desk.found("2026-12-02T15:00:00Z", &[]).await;
    let told = morning
        .iter()
        .find(|it| it.code == FindingCode::OutsideHours)
        .unwrap();
    assert_eq!(told.message, "Outside Dana Reyes's hours (17:00–20:00)");
    let none = MemberHoursSet {
        hours: Edit::Set(Vec::new()),
        ..MemberHoursSet::default()
    };
    desk.sets(none).await;
    let told = desk.found("2026-12-02T23:00:00Z", &[]).await;
    let told = told
        .iter()
        .find(|it| it.code == FindingCode::OutsideHours)
        .unwrap();
    assert!(told.message.ends_with("(none on Wednesday)"), "{told:?}");

    // The week that forms show is of the same hours.
    let at = |text: &str| -> Instant { text.parse::<jiff::Timestamp>().unwrap().into() };
    desk.sets(always(17 * 60, 20 * 60)).await;
    let query = BusyQuery {
        members: vec![DANA.into()],
        candidate: None,
        zoom_user: None,
        job: None,
        interview: None,
        from: at("2026-12-02T05:00:00Z"),
        to: at("2026-12-03T05:00:00Z"),
    };
    let lane = desk.dana.busy(query).await.unwrap().remove(0);
    assert!(!lane.hours_assumed);
    let open: Vec<_> = lane.open.iter().map(|it| it.start.to_string()).collect();
    assert_eq!(open, ["2026-12-02T22:00:00Z"]);
}

#[tokio::test]
async fn hours_of_a_date_go_before_a_day_off_which_goes_before_the_week() {
    let desk = desk().await;
    desk.omar_joins().await;
    desk.edits_days_off(add_days("Offsite", &["2026-12-02"]))
        .await;
    let (ten, one) = ("2026-12-02T15:00:00Z", "2026-12-02T18:00:00Z");
    let found = desk.found(ten, &[]).await;
    let off = found
        .iter()
        .find(|it| it.code == FindingCode::DayOff)
        .unwrap();
    assert_eq!(
        off.message,
        "Wed 2 Dec is a day off for Dana Reyes (Offsite)"
    );
    assert_eq!(off.until.unwrap().to_string(), "2026-12-03T05:00:00Z");
    assert_eq!(about_hours(&found), [FindingCode::DayOff]);
    assert_eq!(
        desk.codes("2026-12-02T08:00:00Z").await.len(),
        2,
        "and outside the hours"
    );

    let works = MemberHoursSet {
        overrides: vec![
            on("2026-12-02", &[(9 * 60, 12 * 60)]),
            on("2026-12-03", &[]),
        ],
        ..MemberHoursSet::default()
    };
    let shown = desk.sets(works).await;
    assert_eq!(shown.days_off, [], "her own hours go before it");
    assert_eq!(desk.codes(ten).await, []);
    assert_eq!(desk.codes(one).await, [FindingCode::OutsideHours]);
    let own = desk.found("2026-12-03T15:00:00Z", &[]).await;
    let off = own
        .iter()
        .find(|it| it.code == FindingCode::DayOff)
        .unwrap();
    assert_eq!(off.message, "Thu 3 Dec is a day off for Dana Reyes");

    // Of others it goes on to count; and a list for some is of nobody else's.
    let omars = about_hours(&desk.found(ten, &[OMAR]).await);
    assert_eq!(omars, [FindingCode::DayOff]);
    let only_omar = DaysOffEdit {
        members: Some(vec![OMAR.into()]),
        ..add_days("Moving", &["2026-12-04"])
    };
    desk.edits_days_off(only_omar).await;
    let friday = "2026-12-04T15:00:00Z";
    assert_eq!(desk.codes(friday).await, []);
    let both = about_hours(&desk.found(friday, &[DANA, OMAR]).await);
    assert_eq!(both, [FindingCode::DayOff]);
}

#[tokio::test]
async fn the_longer_buffer_of_member_and_stage_counts_and_is_kept_with_the_booking() {
    let desk = desk().await;
    let stage = &desk.dana.job_list().await.unwrap().items[0].stages[0];
    let configure = StageConfigure {
        stage: stage.id.to_string(),
        interview: Some(StageInterview {
            buffer_before_minutes: 20,
            buffer_after_minutes: 15,
            ..StageInterview::default()
        }),
        ..StageConfigure::default()
    };
    desk.dana.stage_configure(configure).await.unwrap();
    let buffers = |before, after| MemberHoursSet {
        buffer_before_minutes: Some(before),
        buffer_after_minutes: Some(after),
        ..MemberHoursSet::default()
    };
    desk.sets(buffers(5, 40)).await;
    desk.books(phone(BEN, "2026-12-02T17:00:00Z")).await;
    let near = [FindingCode::Buffer];
    // Before it 20 minutes stay free by the stage, after it 40 by the member.
    assert_eq!(desk.codes("2026-12-02T16:15:00Z").await, near);
    assert_eq!(desk.codes("2026-12-02T18:05:00Z").await, near);
    assert_eq!(desk.codes("2026-12-02T18:10:00Z").await, []);
    desk.sets(buffers(0, 0)).await;
    assert_eq!(
        desk.codes("2026-12-02T18:05:00Z").await,
        near,
        "it was booked so"
    );
    assert_eq!(desk.codes("2026-12-02T16:10:00Z").await, []);
}
