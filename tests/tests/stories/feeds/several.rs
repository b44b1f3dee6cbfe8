//! An account of several calendars, of which one cannot be read: the others are as new as ever, and
//! that one keeps what it said and is named.

use greenroom_protocol::calendar::{Feed, FeedRefresh, FeedStanding};
use greenroom_protocol::schedule::FindingCode;

use super::dav_server::{Calendar, DavServer};
use super::fixture::{Fixture, against, calendar, desk_reading};

/// Of one day of December, from ten to eleven in New York.
fn ten_on(day: u32) -> Vec<String> {
    let entry = format!(
        "BEGIN:VEVENT\r\nUID:{day}@elsewhere.example\r\nDTSTART:202612{day:02}T150000Z\r\n\
         DTEND:202612{day:02}T160000Z\r\nEND:VEVENT\r\n"
    );
    vec![calendar(&entry)]
}

/// Has Dana's calendars read now.
async fn reads(desk: &Fixture) -> Feed {
    let refreshed = desk.dana.feed_refresh(FeedRefresh::default()).await;
    refreshed.unwrap().items.remove(0)
}

async fn codes(desk: &Fixture, day: u32) -> Vec<FindingCode> {
    let found = against(desk, &format!("2026-12-{day:02}T15:00:00Z")).await;
    found.into_iter().map(|(code, _)| code).collect()
}

#[tokio::test]
async fn one_that_is_refused_keeps_what_it_said_while_the_others_change() {
    let desk = desk_reading().await;
    let server = DavServer::new().await;
    server.set("work", Calendar::Has(ten_on(2)));
    server.set("home", Calendar::Has(ten_on(3)));
    desk.dana.feed_add(server.account()).await.unwrap();
    let read = reads(&desk).await;
    assert_eq!(
        (read.state, read.entries),
        (FeedStanding::Ok, 2),
        "{read:?}"
    );

    server.set("work", Calendar::Has(ten_on(4)));
    for broken in [Calendar::Refuses(403), Calendar::Hides(403)] {
        server.set("home", broken);
        let later = desk.daemon.now().plus_minutes(1);
        desk.daemon.time_passes_until(later).await.unwrap();
        let partly = reads(&desk).await;
        assert_eq!(partly.state, FeedStanding::Broken, "{partly:?}");
        assert!(partly.read_at > read.read_at, "{partly:?}");
        assert_eq!(
            partly.reason.as_deref(),
            Some(
                "The calendar home cannot be read: 127.0.0.1 does not let this account read it \
                 (403); the others are read"
            )
        );
        assert_eq!(codes(&desk, 2).await, [], "it was moved");
        assert_eq!(codes(&desk, 3).await, [FindingCode::BusyElsewhere]);
        assert_eq!(codes(&desk, 4).await, [FindingCode::BusyElsewhere]);
    }

    // With time what it said is too old, and that of the others is not.
    let later = desk.daemon.now().plus_minutes(150);
    desk.daemon.time_passes_until(later).await.unwrap();
    reads(&desk).await;
    let found = against(&desk, "2026-12-03T15:00:00Z").await;
    let stale: Vec<_> = found
        .iter()
        .filter(|(code, _)| *code == FindingCode::StaleCalendar)
        .map(|(_, text)| text.as_str())
        .collect();
    assert_eq!(
        stale,
        [
            "Dana Reyes's calendar `Work: home` was last read 2 hours ago: 127.0.0.1 does not let \
          this account read it (403)"
        ]
    );

    server.set("home", Calendar::Has(ten_on(3)));
    let whole = reads(&desk).await;
    assert_eq!((whole.state, whole.reason), (FeedStanding::Ok, None));
    assert_eq!(codes(&desk, 3).await, [FindingCode::BusyElsewhere]);
    assert_eq!(codes(&desk, 2).await, []);
    // One that is removed there is gone, which is no failure.
    server.remove("home");
    assert_eq!(reads(&desk).await.state, FeedStanding::Ok);
    assert_eq!(codes(&desk, 3).await, []);
    assert_eq!(server.wrong(), [""; 0]);
}

#[tokio::test]
async fn one_that_was_never_read_is_never_free() {
    let desk = desk_reading().await;
    let server = DavServer::new().await;
    server.set("work", Calendar::Has(ten_on(2)));
    server.set("home", Calendar::Refuses(403));
    desk.dana.feed_add(server.account()).await.unwrap();
    let read = reads(&desk).await;
    assert_eq!((read.state, read.entries), (FeedStanding::Broken, 1));
    let both = [FindingCode::BusyElsewhere, FindingCode::StaleCalendar];
    assert_eq!(codes(&desk, 2).await, both);
    let found = against(&desk, "2026-12-03T15:00:00Z").await;
    let [(code, text)] = &found[..] else {
        panic!("{found:?}")
    };
    assert_eq!(*code, FindingCode::StaleCalendar);
    assert!(
        text.contains("`Work: home` has not been read yet"),
        "{text}"
    );
    let checks = desk.dana.doctor().await.unwrap();
    let check = checks.iter().find(|it| it.name == "calendars").unwrap();
    assert!(check.message.contains("The calendar home cannot be read"));

    // Where none can be read the account fails, as it is.
    server.set("work", Calendar::Refuses(503));
    let none = reads(&desk).await;
    assert_eq!(none.read_at, read.read_at, "{none:?}");
    assert_eq!(codes(&desk, 2).await, both);
}
