//! Hours are by the clock on the member's wall, through every change of it.

use greenroom_protocol::availability::MemberHoursSet;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::pipeline::Window;
use greenroom_protocol::schedule::{FindingCode, Planned, SlotQuery};
use greenroom_protocol::time::Instant;
use greenroom_tests::harness::DANA;

use crate::hours::fixture::{ANA, OMAR, desk};

/// A zone, a weekday there, hours, and when half an hour is within them: on either edge of the
/// first and of the last that is.
type Case = (&'static str, u8, (u16, u16), [&'static str; 4]);

const CASES: [Case; 5] = [
    // The clocks go from 02:00 to 03:00: two hours of the day are one.
    (
        "America/New_York",
        7,
        (90, 210),
        [
            "2027-03-14T06:29:00Z",
            "2027-03-14T06:30:00Z",
            "2027-03-14T07:00:00Z",
            "2027-03-14T07:01:00Z",
        ],
    ),
    // And from 02:00 back to 01:00: one hour of the day is two.
    (
        "America/New_York",
        7,
        (90, 150),
        [
            "2027-11-07T05:29:00Z",
            "2027-11-07T05:30:00Z",
            "2027-11-07T07:00:00Z",
            "2027-11-07T07:01:00Z",
        ],
    ),
    // By half an hour only, and half an hour before UTC's day is over.
    (
        "Australia/Lord_Howe",
        7,
        (90, 120),
        [
            "2027-04-03T14:29:00Z",
            "2027-04-03T14:30:00Z",
            "2027-04-03T15:00:00Z",
            "2027-04-03T15:01:00Z",
        ],
    ),
    (
        "Australia/Lord_Howe",
        7,
        (90, 180),
        [
            "2027-10-02T14:59:00Z",
            "2027-10-02T15:00:00Z",
            "2027-10-02T15:30:00Z",
            "2027-10-02T15:31:00Z",
        ],
    ),
    (
        "Asia/Kathmandu",
        2,
        (540, 600),
        [
            "2026-12-08T03:14:00Z",
            "2026-12-08T03:15:00Z",
            "2026-12-08T03:45:00Z",
            "2026-12-08T03:46:00Z",
        ],
    ),
];

#[tokio::test]
async fn an_hour_is_by_the_members_clock_on_the_days_it_is_changed() {
    let desk = desk().await;
    for (zone, day, (from_minute, to_minute), edges) in CASES {
        let week = Window {
            days: vec![day],
            from_minute,
            to_minute,
        };
        let set = MemberHoursSet {
            zone: Some(zone.into()),
            hours: Edit::Set(vec![week]),
            ..MemberHoursSet::default()
        };
        assert_eq!(desk.sets(set).await.zone, zone);
        let [before, first, last, after] = edges;
        for (start, within) in [(before, false), (first, true), (last, true), (after, false)] {
            let codes = desk.codes(start).await;
            assert_eq!(
                codes.contains(&FindingCode::OutsideHours),
                !within,
                "{zone} {start}"
            );
        }
    }
}

#[tokio::test]
async fn members_in_two_zones_are_offered_what_is_day_for_both() {
    let desk = desk().await;
    desk.omar_joins().await;
    let berlin = MemberHoursSet {
        member: Some(OMAR.into()),
        zone: Some("Europe/Berlin".into()),
        ..MemberHoursSet::default()
    };
    desk.sets(berlin).await;
    let at = |text: &str| -> Instant { text.parse::<jiff::Timestamp>().unwrap().into() };
    let query = SlotQuery {
        planned: Planned {
            candidate: Some(ANA.into()),
            kind: Some(MeetingType::Phone),
            duration_minutes: Some(30),
            with: vec![DANA.into(), OMAR.into()],
            ..Planned::default()
        },
        from: Some(at("2026-12-02T00:00:00Z")),
        to: Some(at("2026-12-03T00:00:00Z")),
        ..SlotQuery::default()
    };
    let found = desk.dana.slots(query).await.unwrap();
    let starts: Vec<_> = found.items.iter().map(|it| it.start.to_string()).collect();
    // From nine in New York until five in Berlin.
    assert_eq!(starts.first().unwrap(), "2026-12-02T14:00:00Z");
    assert_eq!(starts.last().unwrap(), "2026-12-02T15:30:00Z");
    assert_eq!(found.assumed_hours.len(), 2);
}
