//! Calendars that others keep: what they say is advice at every booking, nothing is offered there,
//! and their age is shown.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::calendar::{CalendarFile, FeedAdd, FeedQuery, FeedRemove, WarningCode};
use greenroom_protocol::interview::InterviewNew;
use greenroom_protocol::schedule::{FindingCode, Planned, SlotQuery, Slots};
use greenroom_protocol::time::Instant;
use greenroom_tests::harness::DANA;

use crate::booking::fixture::{ANA, Fixture, assert_refused, with};

/// 09:00 to 10:00 in New York, where Dana works, on Wednesday.
const BUSY: &str = "BEGIN:VEVENT\r\nUID:1\r\nSUMMARY:Dentist, do not tell\r\n\
    DTSTART:20261202T140000Z\r\nDTEND:20261202T150000Z\r\nEND:VEVENT\r\n";

const DAY: i64 = 24 * 3600;

fn at(text: &str) -> Instant {
    serde_json::from_value(text.into()).expect("a moment")
}

fn calendar(entries: &str) -> CalendarFile {
    CalendarFile {
        text: Some(format!("BEGIN:VCALENDAR\r\n{entries}END:VCALENDAR\r\n")),
        upload: None,
    }
}

fn work(entries: &str) -> FeedAdd {
    FeedAdd {
        name: "Work".into(),
        file: calendar(entries),
        ..FeedAdd::default()
    }
}

async fn mornings(desk: &Fixture) -> Slots {
    let slots = desk.dana.slots(SlotQuery {
        planned: Planned {
            candidate: Some(ANA.into()),
            ..Planned::default()
        },
        from: Some(at("2026-12-02T14:00:00Z")),
        to: Some(at("2026-12-02T16:00:00Z")),
        ..SlotQuery::default()
    });
    slots.await.unwrap()
}

fn half_past_nine() -> InterviewNew {
    InterviewNew {
        confirm: false,
        dry_run: true,
        ..with(ANA, "2026-12-02T14:30:00Z")
    }
}

#[tokio::test]
async fn nothing_is_offered_while_somebody_is_busy_elsewhere_and_a_person_is_told() {
    let desk = Fixture::open().await;
    let before = mornings(&desk).await;
    assert_eq!(before.items[0].start, at("2026-12-02T14:00:00Z"));

    let feed = desk.dana.feed_add(work(BUSY)).await.unwrap();
    assert_eq!((feed.entries, feed.member.email.as_str()), (1, DANA));
    let slots = mornings(&desk).await;
    assert_eq!(slots.items[0].start, at("2026-12-02T15:00:00Z"));
    let feeds: Vec<_> = slots
        .sources
        .iter()
        .filter_map(|it| it.feed.as_deref())
        .collect();
    assert_eq!(feeds, ["Work"]);

    let tried = desk.dana.interview_new(half_past_nine()).await.unwrap();
    let warning = tried
        .verdict
        .advises
        .iter()
        .find(|it| it.code == FindingCode::BusyElsewhere)
        .unwrap();
    let words = "Dana Reyes is busy elsewhere from ";
    assert!(warning.message.starts_with(words), "{warning:?}");
    // It is advice: who knows better books.
    let booked = desk.has(with(ANA, "2026-12-02T14:30:00Z")).await;
    let codes: Vec<_> = booked.warnings.iter().map(|it| it.code).collect();
    assert!(codes.contains(&FindingCode::BusyElsewhere), "{codes:?}");
}

#[tokio::test]
async fn a_calendar_is_listed_replaced_and_removed_and_keeps_no_title() {
    let desk = Fixture::unconnected(Default::default()).await;
    let tried = FeedAdd {
        dry_run: true,
        ..work(BUSY)
    };
    desk.dana.feed_add(tried).await.unwrap();
    let list = || desk.dana.feed_list(FeedQuery::default());
    assert_eq!(list().await.unwrap().total, 0, "a dry run keeps nothing");

    let feed = desk.dana.feed_add(work(BUSY)).await.unwrap();
    let again = desk.dana.feed_add(work("")).await.unwrap_err();
    assert_refused(&again, ErrorKind::Conflict, "name", &["Work"]);
    let other = FeedAdd {
        replace: true,
        ..work("BEGIN:VEVENT\r\nDTSTART:soon\r\nEND:VEVENT\r\n")
    };
    let replaced = desk.dana.feed_add(other).await.unwrap();
    assert_eq!(replaced.id, feed.id);
    let warnings: Vec<_> = replaced.warnings.iter().map(|it| it.code).collect();
    assert_eq!(
        warnings,
        [WarningCode::UnreadableEntry, WarningCode::UnreadableTime]
    );
    assert_eq!(
        mornings(&desk).await.items[0].start,
        at("2026-12-02T14:00:00Z"),
        "what the file no longer says is free again"
    );
    assert_eq!(list().await.unwrap().items, [replaced]);

    let remove = FeedRemove {
        feed: "work".into(),
        ..FeedRemove::default()
    };
    desk.dana.feed_remove(remove.clone()).await.unwrap();
    assert_eq!(list().await.unwrap().total, 0);
    let gone = desk.dana.feed_remove(remove).await.unwrap_err();
    assert_eq!(gone.kind, ErrorKind::NotFound);

    let entries = desk.dana.audit_list(AuditQuery::default()).await.unwrap();
    let told = serde_json::to_string(&entries).unwrap();
    for call in ["feed_add", "feed_remove"] {
        assert!(told.contains(call), "{call}");
    }
    for word in ["Dentist", "Work"] {
        assert!(!told.contains(word), "{word}");
    }
}

#[tokio::test]
async fn an_old_calendar_is_never_silently_free() {
    let desk = Fixture::open().await;
    desk.dana.feed_add(work(BUSY)).await.unwrap();
    let tried = || async {
        let later = InterviewNew {
            dry_run: true,
            ..with(ANA, "2026-12-23T15:00:00Z")
        };
        let tried = desk.dana.interview_new(later).await.unwrap();
        let found = tried.verdict.advises.into_iter();
        let stale = found.filter(|it| it.code == FindingCode::StaleCalendar);
        stale.map(|it| it.message).collect::<Vec<_>>()
    };
    assert_eq!(tried().await, [""; 0]);
    desk.daemon.seconds_pass(15 * DAY);
    assert_eq!(
        tried().await,
        ["Dana Reyes's calendar `Work` was last read 15 days ago"]
    );
    let slots = desk.dana.slots(SlotQuery {
        planned: Planned {
            candidate: Some(ANA.into()),
            ..Planned::default()
        },
        from: Some(at("2026-12-21T14:00:00Z")),
        to: Some(at("2026-12-21T22:00:00Z")),
        ..SlotQuery::default()
    });
    let slots = slots.await.unwrap();
    assert_eq!(slots.items, []);
    let why: Vec<_> = slots.none_because.iter().map(|it| it.code).collect();
    assert!(why.contains(&FindingCode::StaleCalendar), "{why:?}");
}
