//! Times that work, and why one does not. Dana works from 09:00 to 17:00 in New York, which is 14:00
//! to 22:00 UTC; the story begins on Monday 2026-11-30.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::{Interview, InterviewNew, MeetingType};
use greenroom_protocol::pipeline::{
    CandidateEdit, Night, NightHours, PanelGroup, PanelRule, StageConfigure, StageInterview,
    StageInterviewChange, Window,
};
use greenroom_protocol::schedule::{
    BusyQuery, ExplainQuery, Explained, FindingClass, FindingCode, LaneKind, Planned, SlotQuery,
    Slots, Wish,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Role;
use greenroom_tests::harness::{DANA, add_member};
use greenroom_tests::sandbox::Config;

use crate::booking::fixture::{ANA, BEN, Fixture, assert_refused, with};

fn at(text: &str) -> Instant {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

/// Half an hour by telephone.
fn by_phone(candidate: &str) -> Planned {
    Planned {
        candidate: Some(candidate.into()),
        kind: Some(MeetingType::Phone),
        duration_minutes: Some(30),
        ..Planned::default()
    }
}

/// What is asked about, as a booking.
fn phone(candidate: &str, start: &str) -> InterviewNew {
    InterviewNew {
        kind: MeetingType::Phone,
        details: Some("+1 212 555 0100".into()),
        ..with(candidate, start)
    }
}

async fn slots(desk: &Fixture, planned: Planned, from: &str, to: &str) -> Slots {
    let query = SlotQuery {
        planned,
        from: Some(at(from)),
        to: Some(at(to)),
        ..SlotQuery::default()
    };
    desk.dana.slots(query).await.unwrap()
}

async fn explain(desk: &Fixture, planned: Planned, start: &str) -> Explained {
    let query = ExplainQuery {
        planned,
        start: start.into(),
        locale: None,
    };
    desk.dana.explain(query).await.unwrap()
}

fn codes(explained: &Explained) -> Vec<FindingCode> {
    explained.findings.iter().map(|it| it.code).collect()
}

/// How a stage plans, for the job's first one.
async fn plans(desk: &Fixture, plan: StageInterview) {
    let stage = &desk.dana.job_list().await.unwrap().items[0].stages[0];
    let configure = StageConfigure {
        stage: stage.id.to_string(),
        interview: Some(plan),
        ..StageConfigure::default()
    };
    desk.dana.stage_configure(configure).await.unwrap();
}

/// Nobody is booked twice through slots, and what is offered can be had, until the week is full.
#[tokio::test]
async fn every_slot_of_a_week_is_booked_without_a_word_against_it() {
    let desk = Fixture::unconnected(Config::default()).await;
    let plan = StageInterview {
        buffer_after_minutes: 15,
        daily_cap: 6,
        ..StageInterview::default()
    };
    plans(&desk, plan).await;
    let (from, to) = ("2026-12-02T05:00:00Z", "2026-12-05T05:00:00Z");
    let mut booked: Vec<Interview> = Vec::new();
    loop {
        let candidate = [ANA, BEN][booked.len() % 2];
        let found = slots(&desk, by_phone(candidate), from, to).await;
        let Some(first) = found.items.first() else {
            let because = &found.none_because;
            let full = because.iter().find(|it| it.code == FindingCode::DayCap);
            assert_eq!(full.unwrap().share, 100, "{because:?}");
            break;
        };
        let request = phone(candidate, &first.start.to_string());
        let outcome = desk.dana.interview_new(request).await.unwrap();
        assert_eq!(outcome.verdict.advises, [], "{first:?}");
        booked.push(outcome.interview);
    }
    let starts: Vec<_> = booked.iter().map(|it| it.start.to_string()).collect();
    assert_eq!(booked.len(), 18, "six a day on three days: {starts:?}");
    assert_eq!(
        starts[..2],
        ["2026-12-02T14:00:00Z", "2026-12-02T14:45:00Z"]
    );
    let apart = |pair: &[Interview]| pair[1].start.since(pair[0].start).as_mins() >= 45;
    assert!(booked.windows(2).all(apart), "{starts:?}");

    // What stays free after them was booked with them, whatever the stage plans now.
    plans(&desk, StageInterview::default()).await;
    let next = explain(&desk, by_phone(ANA), "2026-12-04T18:15:00Z").await;
    assert_eq!(codes(&next), [FindingCode::Buffer], "{next:?}");
    assert_eq!(next.later, Some(at("2026-12-04T18:30:00Z")));
}

/// Where nothing is free on one side of a time, the reasons are said; what has passed is none.
#[tokio::test]
async fn nothing_earlier_has_its_reasons() {
    let desk = Fixture::unconnected(Config::default()).await;
    let (from, to) = ("2026-12-02T05:00:00Z", "2026-12-05T05:00:00Z");
    let plan = StageInterview {
        notice_minutes: 48 * 60,
        ..StageInterview::default()
    };
    plans(&desk, plan).await;
    let found = slots(&desk, by_phone(ANA), from, to).await;
    let first = found.items.first().unwrap().start.to_string();
    let explained = explain(&desk, by_phone(ANA), &first).await;
    assert!(explained.offered, "{explained:?}");
    assert_eq!(explained.earlier, None);
    let because = &explained.none_earlier;
    let codes: Vec<_> = because.iter().map(|it| it.code).collect();
    assert!(codes.contains(&FindingCode::ShortNotice), "{because:?}");
    assert!(!codes.contains(&FindingCode::InThePast), "{because:?}");
    assert!(explained.later.is_some() && explained.none_later.is_empty());
}

/// Case U8: the panel is filled at each time as a booking fills it.
#[tokio::test]
async fn of_any_of_the_one_is_offered_whom_a_booking_takes() {
    let desk = Fixture::unconnected(Config::default()).await;
    let mut people = Vec::new();
    for name in ["Sam Ito", "Lena Bauer"] {
        let email = format!("{}@acme.example", name.to_lowercase().replace(' ', "."));
        let member = add_member(&desk.dana, name, &email, &[Role::Interviewer]).await;
        people.push(member.unwrap().id);
    }
    let group = PanelGroup {
        rule: PanelRule::AnyOf,
        members: people.clone(),
    };
    let plan = StageInterview {
        panel: vec![group],
        ..StageInterview::default()
    };
    plans(&desk, plan).await;
    let (from, to) = ("2026-12-02T14:00:00Z", "2026-12-02T16:00:00Z");
    for (round, candidate) in [ANA, BEN, ANA, BEN].into_iter().enumerate() {
        let found = slots(&desk, by_phone(candidate), from, to).await;
        let first = &found.items[0];
        let request = phone(candidate, &first.start.to_string());
        let outcome = desk.dana.interview_new(request).await.unwrap();
        assert_eq!(outcome.verdict.advises, [], "{round}");
        assert_eq!(
            outcome.interview.interviewers, first.interviewers,
            "{round}"
        );
    }
    // Both took two; the counts are shown on request.
    let query = SlotQuery {
        planned: by_phone(ANA),
        from: Some(at(from)),
        to: Some(at(to)),
        fairness: true,
        ..SlotQuery::default()
    };
    let found = desk.dana.slots(query).await.unwrap();
    let counts = found
        .fairness
        .iter()
        .map(|it| (it.interviews, it.minutes_this_week));
    assert_eq!(counts.collect::<Vec<_>>(), [(2, 60), (2, 60)]);

    // Where nobody of the group has time, it is said of the group, and of each.
    let both = |start: &str| InterviewNew {
        with: people.iter().map(ToString::to_string).collect(),
        ..phone(BEN, start)
    };
    desk.books(both("2026-12-03T16:00:00Z")).await;
    let nobody = explain(&desk, by_phone(ANA), "2026-12-03T16:15:00Z").await;
    assert!(
        codes(&nobody).contains(&FindingCode::NobodyOfGroup),
        "{nobody:?}"
    );
    assert!(!nobody.person_may);
    let each = &nobody.groups[0].each;
    let busy = |code: FindingCode| code == FindingCode::PersonBusy;
    assert!(each.iter().all(|it| busy(it.findings[0].code)), "{each:?}");
}

#[tokio::test]
async fn a_time_is_explained_by_everything_that_speaks_against_it() {
    let desk = Fixture::open().await;
    let omar = "omar.haddad@acme.example";
    add_member(&desk.dana, "Omar Haddad", omar, &[Role::Interviewer])
        .await
        .unwrap();
    let taken = desk.has(with(ANA, "2026-12-02T15:00:00Z")).await;
    use FindingCode::{
        CandidateBusy, CandidateNight, HostBusy, InThePast, OffStep, OutsideHours, PersonBusy,
        ShortNotice,
    };

    // Dana is in it, and so is her Zoom.
    let ben = |with: &str| Planned {
        candidate: Some(BEN.into()),
        duration_minutes: Some(30),
        with: vec![with.into()],
        ..Planned::default()
    };
    let dana_is_busy = explain(&desk, ben(DANA), "2026-12-02T15:15:00Z").await;
    assert_eq!(codes(&dana_is_busy), [PersonBusy, HostBusy]);
    assert!(!dana_is_busy.offered && !dana_is_busy.person_may);
    assert_eq!(dana_is_busy.findings[0].interview, Some(taken.id));
    let said = &dana_is_busy.findings[0].message;
    assert!(
        said.contains("Dana Reyes") && said.contains("Ana Lima"),
        "{said}"
    );
    assert_eq!(dana_is_busy.earlier, Some(at("2026-12-02T14:30:00Z")));
    assert_eq!(dana_is_busy.later, Some(at("2026-12-02T15:30:00Z")));
    let only_the_host = explain(&desk, ben(omar), "2026-12-02T15:15:00Z").await;
    assert_eq!(codes(&only_the_host), [HostBusy]);

    let anas = Planned {
        with: vec![omar.into()],
        ..by_phone(ANA)
    };
    let she_is_busy = explain(&desk, anas, "2026-12-02T14:45:00Z").await;
    assert_eq!(codes(&she_is_busy), [CandidateBusy]);

    for (start, found, offered, may) in [
        ("2026-12-02T16:00:00Z", vec![], true, true),
        ("2026-12-02T16:05:00Z", vec![OffStep], false, true),
        ("2026-12-02T21:45:00Z", vec![OutsideHours], false, true),
        ("2026-12-05T16:00:00Z", vec![OutsideHours], false, true),
        ("2026-11-30T20:00:00Z", vec![ShortNotice], false, true),
        ("2026-11-25T16:00:00Z", vec![InThePast], false, false),
    ] {
        let explained = explain(&desk, by_phone(BEN), start).await;
        assert_eq!(codes(&explained), found, "{start}");
        assert_eq!(explained.offered, offered, "{start}");
        assert_eq!(explained.person_may, may, "{start}");
    }

    // Case U5: the candidate's night is advice, beside what else there is.
    let there = CandidateEdit {
        candidate: BEN.into(),
        zone: Some("Asia/Shanghai".into()),
        ..CandidateEdit::default()
    };
    desk.dana.candidate_edit(there).await.unwrap();
    let night = explain(&desk, by_phone(BEN), "2026-12-04T16:45:00Z").await;
    assert_eq!(codes(&night), [CandidateNight]);
    assert_eq!(
        night.findings[0].message,
        "It is 00:45 for Ben Okafor in Shanghai (night is 21:00–07:00)"
    );
    assert_eq!(night.findings[0].class, Some(FindingClass::Slot));
    let both = explain(&desk, by_phone(BEN), "2026-12-04T13:45:00Z").await;
    assert_eq!(codes(&both), [OutsideHours, CandidateNight]);
    // A person may book over it, sees it before, and finds it with the interview.
    let booked = desk
        .dana
        .interview_new(phone(BEN, "2026-12-04T16:45:00Z"))
        .await
        .unwrap();
    let told: Vec<_> = booked.verdict.advises.iter().map(|it| it.code).collect();
    assert_eq!(told, [CandidateNight]);
    let warned: Vec<_> = booked.interview.warnings.iter().map(|it| it.code).collect();
    assert!(warned.contains(&CandidateNight), "{warned:?}");
}

/// An interview is not in the way of its own other time.
#[tokio::test]
async fn an_interview_may_move_by_a_quarter_of_an_hour() {
    let desk = Fixture::open().await;
    let booked = desk.has(with(ANA, "2026-12-02T15:00:00Z")).await;
    let itself = || Planned {
        interview: Some(booked.id.to_string()),
        ..Planned::default()
    };
    let (from, to) = ("2026-12-02T14:30:00Z", "2026-12-02T15:45:00Z");
    let found = slots(&desk, itself(), from, to).await;
    let starts: Vec<_> = found.items.iter().map(|it| it.start.to_string()).collect();
    let expected = [
        "2026-12-02T14:30:00Z",
        "2026-12-02T14:45:00Z",
        "2026-12-02T15:00:00Z",
        "2026-12-02T15:15:00Z",
        "2026-12-02T15:30:00Z",
    ];
    assert_eq!(starts, expected);
    assert_eq!(found.items[0].interviewers[0].email, DANA);
    let length = found.items[0].end.since(found.items[0].start);
    assert_eq!(length.as_mins(), 30, "as long as it is booked");
    let moved = desk.moves(&booked, "2026-12-02T15:15:00Z", None).await;
    assert_eq!(moved.start, at("2026-12-02T15:15:00Z"));
    let explained = explain(&desk, itself(), "2026-12-02T15:30:00Z").await;
    assert!(explained.offered, "{explained:?}");
}

/// What is offered is said to rest on our own bookings and on hours that nobody has set.
#[tokio::test]
async fn an_answer_says_what_it_rests_on() {
    let desk = Fixture::unconnected(Config::default()).await;
    let planned = Planned {
        candidate: Some(ANA.into()),
        ..Planned::default()
    };
    let found = desk.dana.slots(SlotQuery {
        planned,
        ..SlotQuery::default()
    });
    let found = found.await.unwrap();
    assert_eq!(found.items.len(), 100, "the usual limit");
    assert_eq!(found.zone, "America/New_York");
    assert_eq!(found.candidate_zone, None);
    let assumed: Vec<_> = found
        .assumed_hours
        .iter()
        .map(|it| it.name.as_deref())
        .collect();
    assert_eq!(assumed, [Some("Dana Reyes")]);
    let sources: Vec<_> = found
        .sources
        .iter()
        .map(|it| (it.who.kind, it.age))
        .collect();
    assert_eq!(sources, [(LaneKind::Member, 0), (LaneKind::Candidate, 0)]);
    assert!(found.sources.iter().all(|it| it.feed.is_none()));
    // Without Zoom times are still found, and it is said.
    let advice: Vec<_> = found.advises.iter().map(|it| it.code).collect();
    assert_eq!(advice, [FindingCode::Connection]);

    // The night of a weekend: nothing works, and it is said why.
    let (from, to) = ("2026-12-05T06:00:00Z", "2026-12-05T10:00:00Z");
    let none = slots(&desk, by_phone(ANA), from, to).await;
    assert_eq!(none.items, []);
    let first = &none.none_because[0];
    assert_eq!((first.code, first.share), (FindingCode::OutsideHours, 100));
    let said = "outside Dana Reyes's hours (assumed) (100 % of the times)";
    assert_eq!(first.message, said);
}

/// How a stage schedules is tried before anybody is in it.
#[tokio::test]
async fn a_stage_is_previewed_for_anyone_who_enters_it() {
    let desk = Fixture::unconnected(Config::default()).await;
    let job = desk.dana.job_list().await.unwrap().items.remove(0);
    let stage = &job.stages[1];
    let lena = add_member(
        &desk.dana,
        "Lena Bauer",
        "lena@acme.example",
        &[Role::Interviewer],
    );
    let lena = lena.await.unwrap().id;
    let configure = StageConfigure {
        stage: stage.id.to_string(),
        interview: Some(StageInterview {
            duration_minutes: 90,
            notice_minutes: 0,
            panel: vec![PanelGroup {
                rule: PanelRule::AnyOf,
                members: vec![lena],
            }],
            ..StageInterview::default()
        }),
        ..StageConfigure::default()
    };
    desk.dana.stage_configure(configure).await.unwrap();
    let preview = |candidate: Option<&str>| Planned {
        candidate: candidate.map(Into::into),
        job: Some(job.title.clone()),
        stage: Some(stage.name.clone()),
        kind: Some(MeetingType::Phone),
        ..Planned::default()
    };
    let (from, to) = ("2026-12-02T05:00:00Z", "2026-12-03T05:00:00Z");
    let found = slots(&desk, preview(None), from, to).await;
    let first = found.items.first().unwrap();
    assert_eq!(first.end.since(first.start).as_mins(), 90);
    assert_eq!(first.interviewers[0].name, "Lena Bauer");
    assert_eq!(found.candidate_zone, None);
    let kinds: Vec<_> = found.sources.iter().map(|it| it.who.kind).collect();
    assert_eq!(kinds, [LaneKind::Member], "there is no candidate");

    // Ana's own time is in the way where she is named, though she is in another stage.
    desk.has(phone(ANA, &first.start.to_string())).await;
    let explained = explain(&desk, preview(None), &first.start.to_string()).await;
    assert!(explained.offered, "{explained:?}");
    let explained = explain(&desk, preview(Some(ANA)), &first.start.to_string()).await;
    assert_eq!(codes(&explained), [FindingCode::CandidateBusy]);
    let anas = slots(&desk, preview(Some(ANA)), from, to).await;
    assert!(anas.items.iter().all(|it| it.start > first.start));

    // What is not saved is previewed as well, and refused where it could not be saved.
    let changed = |minutes: u32| {
        let change = StageInterviewChange {
            duration_minutes: Edit::Set(minutes),
            ..StageInterviewChange::default()
        };
        Planned {
            change: Some(Box::new(change)),
            ..preview(None)
        }
    };
    let found = slots(&desk, changed(45), from, to).await;
    assert_eq!(found.items[0].end.since(found.items[0].start).as_mins(), 45);
    let found = slots(&desk, preview(None), from, to).await;
    assert_eq!(found.items[0].end.since(found.items[0].start).as_mins(), 90);
    let query = SlotQuery {
        planned: changed(481),
        ..SlotQuery::default()
    };
    let refused = desk.dana.slots(query).await.unwrap_err();
    assert_refused(&refused, ErrorKind::Usage, "duration_minutes", &[]);

    let unknown = Planned {
        stage: Some("Nowhere".into()),
        ..preview(None)
    };
    let query = SlotQuery {
        planned: unknown,
        ..SlotQuery::default()
    };
    let refused = desk.dana.slots(query).await.unwrap_err();
    assert_refused(&refused, ErrorKind::NotFound, "stage", &[]);
}

/// What has to be is all that is offered; what would be better comes first.
#[tokio::test]
async fn wishes_narrow_and_order_what_is_offered() {
    let desk = Fixture::unconnected(Config::default()).await;
    let there = CandidateEdit {
        candidate: BEN.into(),
        zone: Some("America/Chicago".into()),
        ..CandidateEdit::default()
    };
    desk.dana.candidate_edit(there).await.unwrap();
    let wish = |must, days: &[u8], from: u16, to: u16| Wish {
        window: Window {
            days: days.to_vec(),
            from_minute: from * 60,
            to_minute: to * 60,
        },
        must,
    };
    let wishes = vec![
        wish(true, &[3], 10, 12),
        wish(true, &[4], 9, 10),
        wish(false, &[4], 9, 10),
    ];
    let wished = |wishes: Vec<Wish>| Planned {
        wishes,
        ..by_phone(BEN)
    };
    let (from, to) = ("2026-12-01T05:00:00Z", "2026-12-05T05:00:00Z");
    // 10:00 in Chicago is 16:00 UTC.
    let found = slots(&desk, wished(wishes.clone()), from, to).await;
    let starts: Vec<_> = found.items.iter().map(|it| it.start.to_string()).collect();
    assert_eq!(starts.first().unwrap(), "2026-12-02T16:00:00Z");
    assert_eq!(starts.last().unwrap(), "2026-12-03T15:30:00Z");
    assert_eq!(starts.len(), 7 + 3, "{starts:?}");
    let best = desk.dana.slots(SlotQuery {
        planned: wished(wishes.clone()),
        best: true,
        limit: Some(1),
        ..SlotQuery::default()
    });
    let best = best.await.unwrap().items.remove(0);
    assert!(best.start >= at("2026-12-03T15:00:00Z"), "{best:?}");
    let unmet = explain(&desk, wished(wishes), "2026-12-02T18:00:00Z").await;
    assert_eq!(codes(&unmet), [FindingCode::WishUnmet]);
    assert!(!unmet.offered && unmet.person_may);

    // Where nothing is left, it is said that the wishes are why.
    let never = wished(vec![wish(true, &[7], 9, 17)]);
    let none = slots(&desk, never, from, to).await;
    assert_eq!(none.items, []);
    let first = &none.none_because[0];
    assert_eq!((first.code, first.share), (FindingCode::WishUnmet, 100));
    let backwards = wished(vec![wish(true, &[7], 17, 9)]);
    let query = SlotQuery {
        planned: backwards,
        ..SlotQuery::default()
    };
    let refused = desk.dana.slots(query).await.unwrap_err();
    assert_refused(&refused, ErrorKind::Usage, "wishes", &[]);
}

#[tokio::test]
async fn a_search_is_bounded() {
    let desk = Fixture::unconnected(Config::default()).await;
    let query = |from: &str, to: &str, limit| SlotQuery {
        planned: by_phone(ANA),
        from: Some(at(from)),
        to: Some(at(to)),
        limit: Some(limit),
        ..SlotQuery::default()
    };
    for (query, field) in [
        (
            query("2026-12-01T00:00:00Z", "2027-02-02T00:00:00Z", 1),
            "to",
        ),
        (
            query("2026-12-02T00:00:00Z", "2026-12-01T00:00:00Z", 1),
            "to",
        ),
        (
            query("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z", 0),
            "limit",
        ),
        (
            query("2026-12-01T00:00:00Z", "2026-12-02T00:00:00Z", 1001),
            "limit",
        ),
    ] {
        let refused = desk.dana.slots(query).await.unwrap_err();
        assert_refused(&refused, ErrorKind::Usage, field, &[]);
    }
    let nobody = desk.dana.slots(SlotQuery::default()).await.unwrap_err();
    assert_refused(&nobody, ErrorKind::Usage, "candidate", &["candidate"]);
}

/// The lanes of a calendar show when people work, and when it is not night for the candidate.
#[tokio::test]
async fn lanes_are_open_when_people_are_there() {
    let desk = Fixture::open().await;
    let there = CandidateEdit {
        candidate: BEN.into(),
        zone: Some("Asia/Shanghai".into()),
        ..CandidateEdit::default()
    };
    desk.dana.candidate_edit(there).await.unwrap();
    let query = |candidate: &str| BusyQuery {
        members: vec![DANA.into()],
        candidate: Some(candidate.into()),
        zoom_user: Some(DANA.into()),
        job: None,
        interview: None,
        from: at("2026-12-04T15:00:00Z"),
        to: at("2026-12-07T15:00:00Z"),
    };
    let lanes = desk.dana.busy(query(BEN)).await.unwrap();
    let open = |lane: usize| -> Vec<String> {
        let open = lanes[lane].open.iter();
        open.map(|it| format!("{} {}", it.start, it.end)).collect()
    };
    assert_eq!(
        open(0),
        [
            "2026-12-04T15:00:00Z 2026-12-04T22:00:00Z",
            "2026-12-07T14:00:00Z 2026-12-07T15:00:00Z"
        ]
    );
    assert!(lanes[0].hours_assumed);
    assert_eq!(
        open(1),
        [
            "2026-12-04T23:00:00Z 2026-12-05T13:00:00Z",
            "2026-12-05T23:00:00Z 2026-12-06T13:00:00Z",
            "2026-12-06T23:00:00Z 2026-12-07T13:00:00Z"
        ]
    );
    assert!(!lanes[1].hours_assumed);
    assert_eq!((open(2), lanes[2].hours_assumed), (Vec::new(), false));

    // For a job the night is that of the stage they are in there.
    let change = StageInterviewChange {
        night: Edit::Set(Night::Hours(NightHours {
            from_minute: 18 * 60,
            to_minute: 8 * 60,
        })),
        ..StageInterviewChange::default()
    };
    let stage = StageConfigure {
        stage: desk.dana.job_list().await.unwrap().items[0].stages[0]
            .id
            .to_string(),
        change: Some(change),
        ..StageConfigure::default()
    };
    desk.dana.stage_configure(stage).await.unwrap();
    let for_the_job = BusyQuery {
        job: Some("Designer".into()),
        ..query(BEN)
    };
    let lanes = desk.dana.busy(for_the_job).await.unwrap();
    let first = lanes[1].open[0];
    assert_eq!(
        (first.start, first.end),
        (at("2026-12-05T00:00:00Z"), at("2026-12-05T10:00:00Z"))
    );

    // Nobody knows where Ana is, so any time may be day.
    let lanes = desk.dana.busy(query(ANA)).await.unwrap();
    let ana = &lanes[1];
    assert!(ana.hours_assumed);
    assert_eq!(ana.open.len(), 1);
    assert_eq!(
        (ana.open[0].start, ana.open[0].end),
        (query(ANA).from, query(ANA).to)
    );
}
