//! Calendars of an account at a CalDAV server, here Radicale: read again and again, and kept when
//! the password is refused.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::calendar::{
    CalendarAccount, Feed, FeedAdd, FeedKind, FeedQuery, FeedRefresh, FeedRemove, FeedStanding,
};
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::schedule::{FindingCode, Planned, SlotQuery};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::time::Instant;
use greenroom_tests::calendar_server::{CalendarServer, Kind, PASSWORD, USER};
use url::Url;

use super::fixture::{Fixture, calendar, desk_reading};
use crate::booking::fixture::ANA;

/// Four hours of Wednesday, which are a morning of New York.
const MORNING: &str = "BEGIN:VEVENT\r\nUID:morning@elsewhere.example\r\n\
    DTSTAMP:20261101T000000Z\r\nSUMMARY:Dentist, do not tell\r\n\
    DTSTART:20261202T140000Z\r\nDTEND:20261202T180000Z\r\nEND:VEVENT\r\n";

fn account(url: &Url, password: &str) -> FeedAdd {
    FeedAdd {
        name: "Work".into(),
        caldav: Some(CalendarAccount {
            url: url.to_string(),
            user: USER.into(),
            password: Opaque::new(password),
            colleague: None,
        }),
        ..FeedAdd::default()
    }
}

/// Has Dana's calendar read now.
async fn read(desk: &Fixture) -> Feed {
    let refreshed = desk.dana.feed_refresh(FeedRefresh::default()).await;
    refreshed.unwrap().items.remove(0)
}

/// Whether nothing works on Wednesday morning because somebody is busy elsewhere.
async fn morning_is_taken(desk: &Fixture) -> bool {
    let at = |text: &str| -> Instant { serde_json::from_value(text.into()).unwrap() };
    let query = SlotQuery {
        planned: Planned {
            candidate: Some(ANA.into()),
            kind: Some(MeetingType::Phone),
            duration_minutes: Some(30),
            ..Planned::default()
        },
        from: Some(at("2026-12-02T14:00:00Z")),
        to: Some(at("2026-12-02T18:00:00Z")),
        ..SlotQuery::default()
    };
    let slots = desk.dana.slots(query).await.unwrap();
    let mut codes = slots.none_because.iter().map(|it| it.code);
    slots.items.is_empty() && codes.any(|it| it == FindingCode::BusyElsewhere)
}

#[tokio::test]
async fn an_account_is_read_again_and_again_and_stands_while_its_password_is_refused() {
    if !Kind::Radicale.is_there() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let server = CalendarServer::open(Kind::Radicale, directory.path())
        .await
        .unwrap();
    server.put("morning", &calendar(MORNING)).await.unwrap();
    let desk = desk_reading().await;
    let added = desk
        .dana
        .feed_add(account(&server.url("/"), PASSWORD))
        .await
        .unwrap();
    assert_eq!(
        (added.kind, added.state),
        (FeedKind::CalDav, FeedStanding::New)
    );
    assert_eq!(added.address.as_deref(), Some("dana at 127.0.0.1"));
    let first = read(&desk).await;
    assert_eq!(
        (first.state, first.entries),
        (FeedStanding::Ok, 1),
        "{first:?}"
    );
    assert!(morning_is_taken(&desk).await);

    // A quarter of an hour later nothing is new, and that is known.
    let then = desk.daemon.now().plus_minutes(15);
    desk.daemon.time_passes_until(then).await.unwrap();
    let later = read(&desk).await;
    assert!(later.read_at > first.read_at, "{later:?}");
    assert_eq!((later.state, later.entries), (FeedStanding::Ok, 1));

    server.set_password(USER, "another one").unwrap();
    let refused = read(&desk).await;
    assert_eq!(refused.state, FeedStanding::Broken, "{refused:?}");
    assert!(
        refused
            .reason
            .unwrap()
            .contains("refuses the user name or the password")
    );
    let hint = refused.hint.unwrap();
    assert!(
        hint.contains("app password") && hint.contains("--replace"),
        "{hint}"
    );
    assert!(morning_is_taken(&desk).await, "what it said stands");

    let again = FeedAdd {
        replace: true,
        ..account(&server.url("/"), "another one")
    };
    desk.dana.feed_add(again).await.unwrap();
    let back = read(&desk).await;
    assert_eq!(
        (back.id, back.state),
        (first.id, FeedStanding::Ok),
        "{back:?}"
    );
    assert!(morning_is_taken(&desk).await);

    server.set_password(USER, PASSWORD).unwrap();
    server.delete("morning").await.unwrap();
    server.set_password(USER, "another one").unwrap();
    assert_eq!(read(&desk).await.entries, 0);
    assert!(!morning_is_taken(&desk).await);
}

#[tokio::test]
async fn neither_the_password_nor_a_title_is_stored_in_the_clear_or_told() {
    if !Kind::Radicale.is_there() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let server = CalendarServer::open(Kind::Radicale, directory.path())
        .await
        .unwrap();
    server.put("morning", &calendar(MORNING)).await.unwrap();
    let desk = desk_reading().await;
    desk.dana
        .feed_add(account(&server.url("/"), PASSWORD))
        .await
        .unwrap();
    assert_eq!(read(&desk).await.state, FeedStanding::Ok);
    for (key, value) in desk.daemon.rows().await.unwrap() {
        let stored = String::from_utf8_lossy(&value).into_owned();
        assert!(!stored.contains(PASSWORD), "{key}");
        assert!(!stored.contains("Dentist"), "{key}");
    }
    let told = desk.dana.feed_list(FeedQuery::default()).await.unwrap();
    let told = serde_json::to_string(&told).unwrap();
    assert!(
        !told.contains(PASSWORD) && !told.contains("Dentist"),
        "{told}"
    );
    let remove = FeedRemove {
        feed: "Work".into(),
        ..FeedRemove::default()
    };
    desk.dana.feed_remove(remove).await.unwrap();
    assert!(!morning_is_taken(&desk).await);
}

#[tokio::test]
async fn a_calendar_is_given_in_one_way() {
    let desk = desk_reading().await;
    let url = Url::parse("https://dav.acme.example").unwrap();
    let two = FeedAdd {
        url: Some(Opaque::new("https://acme.example/a.ics")),
        ..account(&url, PASSWORD)
    };
    let refused = desk.dana.feed_add(two).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage);
    let nobody = FeedAdd {
        dry_run: true,
        ..account(&url, "")
    };
    let refused = desk.dana.feed_add(nobody).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("password"));
}
