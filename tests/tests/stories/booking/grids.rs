//! On which starts a stage offers times, how many a week, and in whose night: Dana works from 09:00
//! to 17:00 in New York, which is 14:00 to 22:00 UTC; the story begins on Monday 2026-11-30.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::{InterviewNew, MeetingType};
use greenroom_protocol::pipeline::{
    CandidateEdit, Night, NightHours, PanelGroup, PanelRule, Stage, StageConfigure,
    StageInterviewChange, Window,
};
use greenroom_protocol::schedule::{
    ExplainQuery, Explained, FindingCode, Planned, SlotQuery, Slots,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{Role, WorkspaceEdit};
use greenroom_tests::harness::add_member;
use greenroom_tests::sandbox::Config;

use crate::booking::fixture::{ANA, BEN, Fixture, with};

fn at(text: &str) -> Instant {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

fn by_phone(candidate: &str) -> Planned {
    Planned {
        candidate: Some(candidate.into()),
        kind: Some(MeetingType::Phone),
        duration_minutes: Some(30),
        ..Planned::default()
    }
}

/// The times of Wednesday 2026-12-02.
async fn wednesday(desk: &Fixture, planned: Planned) -> Slots {
    let query = SlotQuery {
        planned,
        from: Some(at("2026-12-02T05:00:00Z")),
        to: Some(at("2026-12-03T05:00:00Z")),
        ..SlotQuery::default()
    };
    desk.dana.slots(query).await.unwrap()
}

fn starts(found: &Slots) -> Vec<String> {
    let starts = found.items.iter();
    starts
        .map(|it| it.start.to_string()[11..16].to_owned())
        .collect()
}

async fn explain(desk: &Fixture, planned: Planned, start: &str) -> Explained {
    let query = ExplainQuery {
        planned,
        start: start.into(),
        locale: None,
    };
    desk.dana.explain(query).await.unwrap()
}

async fn stage(desk: &Fixture) -> Stage {
    desk.dana.job_list().await.unwrap().items[0].stages[0].clone()
}

/// Changes how the job's first stage plans.
async fn change(
    desk: &Fixture,
    change: StageInterviewChange,
) -> Result<Stage, greenroom_protocol::Error> {
    let configure = StageConfigure {
        stage: stage(desk).await.id.to_string(),
        change: Some(change),
        ..StageConfigure::default()
    };
    desk.dana.stage_configure(configure).await
}

async fn zone(desk: &Fixture, zone: &str) -> String {
    let edit = WorkspaceEdit {
        zone: Some(zone.into()),
        ..WorkspaceEdit::default()
    };
    desk.dana.workspace_edit(edit).await.unwrap().zone
}

/// Decision 1: the stage's zone, else the workspace's, for everybody who asks.
#[tokio::test]
async fn starts_are_on_the_hour_of_the_stages_zone_else_of_the_workspaces() {
    let desk = Fixture::unconnected(Config::default()).await;
    let hourly = StageInterviewChange {
        step_minutes: Edit::Set(60),
        ..StageInterviewChange::default()
    };
    change(&desk, hourly).await.unwrap();
    // The one who set it up is in New York.
    let found = wednesday(&desk, by_phone(ANA)).await;
    assert_eq!(found.grid_zone, "America/New_York");
    assert_eq!(starts(&found)[..2], ["14:00", "15:00"]);

    assert_eq!(zone(&desk, "Asia/Kolkata").await, "Asia/Kolkata");
    let found = wednesday(&desk, by_phone(ANA)).await;
    assert_eq!(
        (found.grid_zone.as_str(), found.zone.as_str()),
        ("Asia/Kolkata", "America/New_York")
    );
    assert_eq!(starts(&found)[..2], ["14:30", "15:30"]);
    let off = explain(&desk, by_phone(ANA), "2026-12-02T15:00:00Z").await;
    let codes: Vec<_> = off.findings.iter().map(|it| it.code).collect();
    assert_eq!(codes, [FindingCode::OffStep]);

    let own = StageInterviewChange {
        zone: Edit::Set("Asia/Kathmandu".into()),
        ..StageInterviewChange::default()
    };
    let saved = change(&desk, own).await.unwrap();
    assert_eq!(saved.interview.zone.as_deref(), Some("Asia/Kathmandu"));
    let found = wednesday(&desk, by_phone(ANA)).await;
    assert_eq!(found.grid_zone, "Asia/Kathmandu");
    assert_eq!(starts(&found)[..2], ["14:15", "15:15"]);
    // A zone to show times in changes none of them.
    let elsewhere = Planned {
        zone: Some("Europe/Berlin".into()),
        ..by_phone(ANA)
    };
    let shown = wednesday(&desk, elsewhere).await;
    assert_eq!(
        (starts(&shown), shown.zone.as_str()),
        (starts(&found), "Europe/Berlin")
    );

    let cleared = StageInterviewChange {
        zone: Edit::Clear,
        step_minutes: Edit::Set(20),
        ..StageInterviewChange::default()
    };
    change(&desk, cleared).await.unwrap();
    assert_eq!(
        zone(&desk, "").await,
        "America/New_York",
        "the first member's"
    );
    let found = wednesday(&desk, by_phone(ANA)).await;
    assert_eq!(starts(&found)[..3], ["14:00", "14:20", "14:40"]);
}

/// Decision 7: days ahead are dates of the grid's zone, also for what a person chooses.
#[tokio::test]
async fn days_ahead_are_counted_by_the_dates_of_the_workspace() {
    let desk = Fixture::unconnected(Config::default()).await;
    let near = StageInterviewChange {
        horizon_days: Edit::Set(1),
        notice_minutes: Edit::Set(0),
        ..StageInterviewChange::default()
    };
    change(&desk, near).await.unwrap();
    let last = async || {
        let query = SlotQuery {
            planned: by_phone(ANA),
            limit: Some(1000),
            ..SlotQuery::default()
        };
        let found = desk.dana.slots(query).await.unwrap();
        found.items.last().unwrap().start.to_string()
    };
    let beyond = async |start: &str| {
        let told = explain(&desk, by_phone(ANA), start).await;
        let codes: Vec<_> = told.findings.iter().map(|it| it.code).collect();
        codes.contains(&FindingCode::BeyondHorizon)
    };
    // It is Monday in New York, and on Kiritimati, where Tuesday is about to begin.
    assert_eq!(last().await, "2026-12-01T21:30:00Z");
    assert!(!beyond("2026-12-01T21:30:00Z").await && beyond("2026-12-02T15:00:00Z").await);
    zone(&desk, "Pacific/Kiritimati").await;
    assert_eq!(last().await, "2026-11-30T21:30:00Z");
    assert!(beyond("2026-12-01T15:00:00Z").await);
}

/// Decision 6: the night is the stage's to say, and a finding names its hours.
#[tokio::test]
async fn the_candidates_night_is_as_long_as_the_stage_says() {
    let desk = Fixture::unconnected(Config::default()).await;
    let found = wednesday(&desk, by_phone(ANA)).await;
    let assumed = found.assumed_candidate_zone.as_deref();
    assert_eq!(
        (found.candidate_zone, assumed),
        (None, Some("America/New_York"))
    );
    let tokyo = CandidateEdit {
        candidate: ANA.into(),
        zone: Some("Asia/Tokyo".into()),
        ..CandidateEdit::default()
    };
    desk.dana.candidate_edit(tokyo).await.unwrap();
    // 14:00 UTC is 23:00 in Tokyo: of Dana's day only the end is after 07:00 there.
    let found = wednesday(&desk, by_phone(ANA)).await;
    assert_eq!(found.assumed_candidate_zone, None);
    assert_eq!(starts(&found), [""; 0], "{found:?}");
    let told = explain(&desk, by_phone(ANA), "2026-12-02T15:00:00Z").await;
    let said: Vec<_> = told.findings.iter().map(|it| it.message.as_str()).collect();
    assert_eq!(
        said,
        ["It is 00:00 for Ana Lima in Tokyo (night is 21:00–07:00)"]
    );

    let night = |night| StageInterviewChange {
        night,
        ..StageInterviewChange::default()
    };
    let short = Night::Hours(NightHours {
        from_minute: 0,
        to_minute: 6 * 60,
    });
    change(&desk, night(Edit::Set(short))).await.unwrap();
    let found = wednesday(&desk, by_phone(ANA)).await;
    assert_eq!(
        starts(&found),
        ["14:00", "14:15", "14:30", "21:00", "21:15", "21:30"]
    );
    change(&desk, night(Edit::Set(Night::Off))).await.unwrap();
    let found = wednesday(&desk, by_phone(ANA)).await;
    assert_eq!(found.items.len(), 31, "the whole of Dana's day");
    change(&desk, night(Edit::Clear)).await.unwrap();
    assert_eq!(stage(&desk).await.interview.night, Some(Night::default()));

    let wrong = |from_minute, to_minute| {
        night(Edit::Set(Night::Hours(NightHours {
            from_minute,
            to_minute,
        })))
    };
    for (change_of_plan, field) in [
        (wrong(420, 420), "night"),
        (wrong(1260, 1440), "night"),
        (
            StageInterviewChange {
                step_minutes: Edit::Set(7),
                ..StageInterviewChange::default()
            },
            "step_minutes",
        ),
        (
            StageInterviewChange {
                zone: Edit::Set("Mars/Olympus".into()),
                ..StageInterviewChange::default()
            },
            "zone",
        ),
    ] {
        let refusal = change(&desk, change_of_plan).await.unwrap_err();
        assert_eq!(
            (refusal.kind, refusal.field.as_deref()),
            (ErrorKind::Usage, Some(field))
        );
    }
}

/// Decision 9: a stage's limit a week is a limit of each interviewer, the tighter of both.
#[tokio::test]
async fn a_stage_limits_interviews_a_week() {
    let desk = Fixture::unconnected(Config::default()).await;
    let limit = StageInterviewChange {
        weekly_cap: Edit::Set(2),
        ..StageInterviewChange::default()
    };
    change(&desk, limit).await.unwrap();
    for (candidate, start) in [(ANA, "2026-12-01T15:00:00Z"), (BEN, "2026-12-02T15:00:00Z")] {
        desk.has(InterviewNew {
            kind: MeetingType::Phone,
            details: Some("+1 212 555 0100".into()),
            ..with(candidate, start)
        })
        .await;
    }
    let found = wednesday(&desk, by_phone(ANA)).await;
    assert_eq!(starts(&found), [""; 0]);
    let full = found.none_because.iter();
    let full = full.filter(|it| it.code == FindingCode::WeekCap);
    assert_eq!(full.map(|it| it.share).collect::<Vec<_>>(), [100]);
    let next_week = explain(&desk, by_phone(ANA), "2026-12-08T15:00:00Z").await;
    assert!(next_week.offered, "{next_week:?}");
}

/// Decision 5: hours of a stage at which somebody never works are refused when they are saved, and
/// when they are previewed; what was so before may be changed elsewhere.
#[tokio::test]
async fn a_stage_whose_hours_nobody_can_have_is_not_saved() {
    let desk = Fixture::unconnected(Config::default()).await;
    let lena = add_member(
        &desk.dana,
        "Lena Bauer",
        "lena@acme.example",
        &[Role::Interviewer],
    );
    let lena = lena.await.unwrap().id;
    let dana = desk.dana.member_list().await.unwrap().items[0].id;
    let hours = |days: &[u8]| {
        Edit::Set(vec![Window {
            days: days.to_vec(),
            from_minute: 16 * 60,
            to_minute: 18 * 60,
        }])
    };
    let panel = |rule, members: &[_]| {
        Edit::Set(vec![PanelGroup {
            rule,
            members: members.to_vec(),
        }])
    };
    // Until 17:00 there is an hour on weekdays, and none at the weekend.
    let change_to = |windows, panel, minutes| StageInterviewChange {
        windows,
        panel,
        duration_minutes: Edit::Set(minutes),
        ..StageInterviewChange::default()
    };
    let all = || panel(PanelRule::AllOf, &[dana, lena]);
    for (refused, name) in [
        (change_to(hours(&[6, 7]), all(), 45), "of Dana Reyes never"),
        (change_to(hours(&[1]), all(), 61), "of Dana Reyes never"),
        (
            change_to(hours(&[7]), panel(PanelRule::AnyOf, &[lena, dana]), 45),
            "of Lena Bauer, Dana Reyes never",
        ),
    ] {
        let preview = SlotQuery {
            planned: Planned {
                stage: Some(stage(&desk).await.id.to_string()),
                change: Some(Box::new(refused.clone())),
                kind: Some(MeetingType::Phone),
                ..Planned::default()
            },
            ..SlotQuery::default()
        };
        let previewed = desk.dana.slots(preview).await.unwrap_err();
        let saved = change(&desk, refused).await.unwrap_err();
        assert_eq!(previewed, saved);
        assert_eq!(
            (saved.kind, saved.field.as_deref()),
            (ErrorKind::Usage, Some("windows"))
        );
        assert!(saved.message.contains(name), "{}", saved.message);
    }
    // Nobody who may stay away matters, nor does a stage without a panel.
    for suits in [
        change_to(hours(&[1]), all(), 60),
        change_to(hours(&[7]), panel(PanelRule::Optional, &[dana]), 45),
        change_to(hours(&[7]), Edit::Set(Vec::new()), 45),
    ] {
        change(&desk, suits).await.unwrap();
    }

    // Hours that change afterwards leave the stage as it is, and its other settings free.
    change(&desk, change_to(hours(&[1]), all(), 60))
        .await
        .unwrap();
    let never = greenroom_protocol::availability::MemberHoursSet {
        hours: Edit::Set(Vec::new()),
        ..Default::default()
    };
    desk.dana.member_hours_set(never).await.unwrap();
    let guided = StageInterviewChange {
        guidance: Edit::Set("Be kind.".into()),
        duration_minutes: Edit::Set(45),
        ..StageInterviewChange::default()
    };
    assert_eq!(
        change(&desk, guided).await.unwrap().interview.guidance,
        "Be kind."
    );
}
