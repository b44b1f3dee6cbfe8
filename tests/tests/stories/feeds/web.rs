//! Calendars at an address of the web: read again and again, never believed blindly, and never told
//! where they are.

use greenroom_protocol::ErrorKind;
use greenroom_protocol::audit::AuditQuery;
use greenroom_protocol::calendar::{
    CalendarFile, Feed, FeedAdd, FeedKind, FeedQuery, FeedRefresh, FeedRemove, FeedStanding,
};
use greenroom_protocol::schedule::{FindingCode, Planned, SlotQuery, Slots};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::wait;

use super::fixture::{Fixture, WEEKLY, calendar, desk, desk_reading};
use super::server::{Does, SECRET, Server};
use crate::booking::fixture::ANA;

/// Every weekday from 14:00 to 18:00 UTC, which are mornings of New York, for half a year.
fn mornings(count: usize) -> String {
    let entry = |n: usize| {
        format!(
            "BEGIN:VEVENT\r\nUID:{n}@elsewhere.example\r\nSUMMARY:Dentist, do not tell\r\n\
             DTSTART:20261202T{:02}0000Z\r\nDTEND:20261202T{:02}0000Z\r\nEND:VEVENT\r\n",
            14 + n % 4,
            15 + n % 4,
        )
    };
    calendar(&(0..count).map(entry).collect::<String>())
}

impl Fixture {
    /// Dana gives the address of a calendar, and waits for it to be read.
    async fn gives(&self, server: &Server) -> Feed {
        let add = FeedAdd {
            name: "Work".into(),
            url: Some(greenroom_protocol::secret::Opaque::new(server.url())),
            ..FeedAdd::default()
        };
        let added = self.dana.feed_add(add).await.unwrap();
        assert_eq!((added.state, added.read_at), (FeedStanding::New, None));
        self.reads().await
    }

    /// Has Dana's calendar read now.
    async fn reads(&self) -> Feed {
        let refreshed = self.dana.feed_refresh(FeedRefresh::default()).await;
        let items = refreshed.unwrap().items;
        assert_eq!(items.len(), 1);
        items.into_iter().next().unwrap()
    }

    async fn feed(&self) -> Feed {
        let listed = self.dana.feed_list(FeedQuery::default()).await.unwrap();
        listed.items.into_iter().next().unwrap()
    }

    /// What works on Wednesday morning.
    async fn wednesday(&self) -> Slots {
        let at = |text: &str| -> Instant { serde_json::from_value(text.into()).unwrap() };
        let query = SlotQuery {
            planned: Planned {
                candidate: Some(ANA.into()),
                kind: Some(greenroom_protocol::interview::MeetingType::Phone),
                duration_minutes: Some(30),
                ..Planned::default()
            },
            from: Some(at("2026-12-02T14:00:00Z")),
            to: Some(at("2026-12-02T18:00:00Z")),
            ..SlotQuery::default()
        };
        self.dana.slots(query).await.unwrap()
    }

    async fn wednesday_is_taken(&self) -> bool {
        let slots = self.wednesday().await;
        let codes: Vec<_> = slots.none_because.iter().map(|it| it.code).collect();
        slots.items.is_empty() && codes.contains(&FindingCode::BusyElsewhere)
    }
}

#[tokio::test]
async fn an_address_is_read_again_and_again_and_only_told_by_its_host_and_end() {
    let desk = desk_reading().await;
    let server = Server::new(Does::Sends("one", mornings(50))).await;
    let feed = desk.gives(&server).await;
    assert_eq!((feed.kind, feed.state), (FeedKind::Url, FeedStanding::Ok));
    assert_eq!(feed.entries, 50);
    assert_eq!(feed.address.as_deref(), Some("127.0.0.1/….ics"));
    assert!(desk.wednesday_is_taken().await);
    // Where the reading that adding asks for began first, asking now reads once more.
    let (asked, unchanged) = server.counts();
    assert_eq!(asked - unchanged, 1);

    // A quarter of an hour later it is asked whether something changed.
    let then = desk.daemon.now().plus_minutes(15);
    desk.daemon.time_passes_until(then).await.unwrap();
    assert_eq!(server.counts(), (asked + 1, unchanged + 1));
    let later = desk.feed().await;
    assert!(later.read_at > feed.read_at, "{later:?}");
    assert!(desk.wednesday_is_taken().await);

    server.now(Does::Sends("two", mornings(0) + &calendar(WEEKLY)));
    assert_eq!(desk.reads().await.entries, 1);
    assert!(!desk.wednesday().await.items.is_empty());

    // Nobody reads the address: in no answer, no record, no entry of the audit.
    let audit = desk.dana.audit_list(AuditQuery::default()).await.unwrap();
    let told = format!("{audit:?}{:?}", desk.feed().await);
    assert!(!told.contains(SECRET));
    let rows = desk.daemon.rows().await.unwrap();
    let sealed = rows.iter().filter(|(key, _)| key.contains("/secret/feed/"));
    assert_eq!(sealed.count(), 1);
    for (key, body) in &rows {
        let text = String::from_utf8_lossy(body);
        assert!(!text.contains(SECRET), "{key}");
        assert!(!text.contains("Dentist"), "{key}");
    }
    let remove = FeedRemove {
        feed: "Work".into(),
        ..FeedRemove::default()
    };
    desk.dana.feed_remove(remove).await.unwrap();
    let rows = desk.daemon.rows().await.unwrap();
    let left = rows.into_iter().map(|(key, _)| key);
    let left = left.filter(|it| it.contains("/feed") || it.contains("feed."));
    assert_eq!(left.collect::<Vec<_>>(), Vec::<String>::new());
}

#[tokio::test]
async fn what_is_not_believed_leaves_what_was_said_before() {
    let desk = desk_reading().await;
    let server = Server::new(Does::SendsUnnamed(mornings(50))).await;
    desk.gives(&server).await;
    let cases = [
        (
            Does::SendsUnnamed(calendar("")),
            FeedStanding::Broken,
            "It had 50 entries, and now has none",
        ),
        (
            Does::ShowsAPage,
            FeedStanding::Broken,
            "127.0.0.1 answered with a web page, such as a log-in page",
        ),
        (
            Does::Refuses(404),
            FeedStanding::Broken,
            "127.0.0.1 has no calendar at that address (404): it may have been reset",
        ),
        (Does::Refuses(403), FeedStanding::Broken, "(403)"),
        (
            Does::Refuses(503),
            FeedStanding::Retrying,
            "cannot answer now (503)",
        ),
        (
            Does::SendsUnnamed("BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\n".into()),
            FeedStanding::Retrying,
            "stops in the middle",
        ),
        (
            Does::SendsUnnamed("x".repeat((5 << 20) + 1)),
            FeedStanding::Broken,
            "larger than 5 MB",
        ),
        (
            Does::Leads("http://169.254.169.254/latest".into()),
            FeedStanding::Broken,
            "169.254.169.254",
        ),
        (
            Does::Leads("http://127.0.0.2:9/".into()),
            FeedStanding::Broken,
            "127.0.0.2 is in a private network",
        ),
        (
            Does::Leads(server.url()),
            FeedStanding::Broken,
            "redirects again and again",
        ),
    ];
    let first = desk.feed().await;
    for (does, state, words) in cases {
        server.now(does);
        let feed = desk.reads().await;
        assert_eq!(feed.state, state, "{words}");
        let reason = feed.reason.clone().unwrap_or_default();
        assert!(reason.contains(words), "{reason}");
        assert!(!format!("{feed:?}").contains(SECRET), "{feed:?}");
        assert_eq!((feed.entries, feed.read_at), (50, first.read_at), "{words}");
        assert!(desk.wednesday_is_taken().await, "{words}");
    }
    // It is mended: all is well again, and it is read as it is by now.
    server.now(Does::SendsUnnamed(mornings(1)));
    let feed = desk.reads().await;
    assert_eq!((feed.state, feed.reason), (FeedStanding::Ok, None));
    assert_eq!(feed.entries, 1);
}

#[tokio::test]
async fn a_server_that_asks_to_be_left_alone_is() {
    let desk = desk_reading().await;
    let server = Server::new(Does::RefusesFor(429, 1800)).await;
    let feed = desk.gives(&server).await;
    assert_eq!(feed.state, FeedStanding::Retrying);
    assert_eq!(feed.read_at, None);
    let due = feed.next.unwrap();
    assert_eq!(due, desk.daemon.now().plus_seconds(1800));
    // It is not known, so nothing is offered by it.
    let slots = desk.wednesday().await;
    assert_eq!(slots.items, []);
    let why = slots.none_because.iter().map(|it| it.code);
    assert!(
        why.collect::<Vec<_>>()
            .contains(&FindingCode::StaleCalendar)
    );
    let source = slots.sources.iter().find(|it| it.feed.is_some()).unwrap();
    assert_eq!(
        source.stale.as_deref(),
        Some(
            "Dana Reyes's calendar `Work` has not been read yet: \
             127.0.0.1 cannot answer now (429)"
        )
    );
    server.now(Does::SendsUnnamed(calendar(WEEKLY)));
    desk.daemon.time_passes_until(due).await.unwrap();
    assert_eq!(desk.feed().await.state, FeedStanding::Ok);
    assert!(!desk.wednesday().await.items.is_empty());
}

#[tokio::test]
async fn nothing_is_read_from_this_machine_unless_the_administrator_says_so() {
    let desk = desk().await;
    let server = Server::new(Does::SendsUnnamed(mornings(50))).await;
    let feed = desk.gives(&server).await;
    assert_eq!(feed.state, FeedStanding::Broken);
    let reason = feed.reason.unwrap();
    assert!(reason.contains("`[calendars] allow`"), "{reason}");
    assert_eq!(server.counts(), (0, 0));
}

#[tokio::test]
async fn a_feed_that_could_not_be_read_for_two_hours_is_named_and_stays_taken() {
    let desk = desk_reading().await;
    let server = Server::new(Does::Sends("one", mornings(50))).await;
    desk.gives(&server).await;
    server.now(Does::Refuses(503));
    let then = desk.daemon.now().plus_minutes(140);
    desk.daemon.time_passes_until(then).await.unwrap();
    let slots = desk.wednesday().await;
    let source = slots.sources.iter().find(|it| it.feed.is_some()).unwrap();
    let stale = source.stale.clone().unwrap();
    let words = "Dana Reyes's calendar `Work` was last read 2 hours ago: \
        127.0.0.1 cannot answer now (503)";
    assert_eq!(stale, words);
    assert!(desk.wednesday_is_taken().await);
    let since = desk.feed().await;
    assert_eq!(since.state, FeedStanding::Retrying);
    server.now(Does::Sends("one", mornings(50)));
    let fresh = desk.reads().await;
    assert_eq!(fresh.state, FeedStanding::Ok);
    let slots = desk.wednesday().await;
    let source = slots.sources.iter().find(|it| it.feed.is_some()).unwrap();
    assert_eq!((source.stale.clone(), source.age), (None, 0));
}

#[tokio::test]
async fn before_an_offer_a_feed_is_read_that_was_not_for_a_while() {
    let desk = desk_reading().await;
    let server = Server::new(Does::Sends("one", calendar(WEEKLY))).await;
    desk.gives(&server).await;
    assert!(!desk.wednesday_is_taken().await);
    // As on a machine that slept: the time is another, and nothing was read.
    server.now(Does::Sends("two", mornings(50)));
    desk.daemon.clock_is_set_by(16 * 60);
    assert!(desk.wednesday_is_taken().await);
}

#[tokio::test]
async fn a_new_address_takes_the_place_of_the_one_that_was_reset() {
    let desk = desk_reading().await;
    let old = Server::new(Does::Sends("one", mornings(50))).await;
    let feed = desk.gives(&old).await;
    old.now(Does::Refuses(404));
    assert_eq!(desk.reads().await.state, FeedStanding::Broken);
    let new = Server::new(Does::Sends("one", mornings(49))).await;
    let add = |replace| FeedAdd {
        name: "work".into(),
        url: Some(greenroom_protocol::secret::Opaque::new(new.url())),
        replace,
        ..FeedAdd::default()
    };
    let refused = desk.dana.feed_add(add(false)).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    let replaced = desk.dana.feed_add(add(true)).await.unwrap();
    assert_eq!(replaced.id, feed.id);
    let read = desk.reads().await;
    assert_eq!((read.state, read.entries), (FeedStanding::Ok, 49));
    // What is another kind of thing does not take its place.
    let file = FeedAdd {
        replace: true,
        file: CalendarFile {
            text: Some(calendar("")),
            upload: None,
        },
        url: None,
        ..add(true)
    };
    let refused = desk.dana.feed_add(file).await.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Conflict);
    let both = FeedAdd {
        file: CalendarFile {
            text: Some(calendar("")),
            upload: None,
        },
        ..add(true)
    };
    let refused = desk.dana.feed_add(both).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("url"));
}

#[tokio::test]
async fn somebody_who_leaves_is_read_of_no_more() {
    let desk = desk_reading().await;
    let server = Server::new(Does::Sends("one", mornings(50))).await;
    let omar = super::fixture::OMAR;
    let roles = [greenroom_protocol::workspace::Role::Interviewer];
    let member = greenroom_tests::harness::add_member(&desk.dana, "Omar Haddad", omar, &roles);
    member.await.unwrap();
    let add = FeedAdd {
        member: Some(omar.into()),
        name: "Work".into(),
        url: Some(greenroom_protocol::secret::Opaque::new(server.url())),
        ..FeedAdd::default()
    };
    desk.dana.feed_add(add).await.unwrap();
    wait::so("it is read", async || server.counts().0 == 1).await;
    desk.daemon.rests().await.unwrap();
    desk.dana.member_remove(Reference::to(omar)).await.unwrap();
    desk.daemon.rests().await.unwrap();
    let then = desk.daemon.now().plus_minutes(60);
    desk.daemon.time_passes_until(then).await.unwrap();
    assert_eq!(server.counts().0, 1);
    let rows = desk.daemon.rows().await.unwrap();
    let left = rows.into_iter().map(|(key, _)| key);
    let left = left.filter(|it| it.contains("/feed") || it.contains("feed."));
    assert_eq!(left.collect::<Vec<_>>(), Vec::<String>::new());
    assert!(
        desk.dana
            .feed_list(FeedQuery::default())
            .await
            .unwrap()
            .items
            .is_empty()
    );
}
