//! Calendars that others keep: one that can't be relied on any more is named to its member and to
//! admins, until it is seen to.

use greenroom_protocol::calendar::{CalendarFile, FeedAdd};
use greenroom_protocol::today::{NeedAction, NeedKind};

use crate::today::fixture::{Fixture, HUGO, SAM, of_kind, today};

const DAY: i64 = 24 * 60 * 60;

fn work() -> FeedAdd {
    let text = "BEGIN:VCALENDAR\r\nBEGIN:VEVENT\r\nUID:1\r\nDTSTART:20261202T140000Z\r\n\
                DTEND:20261202T150000Z\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n";
    FeedAdd {
        name: "Work".into(),
        file: CalendarFile {
            text: Some(text.into()),
            upload: None,
        },
        ..FeedAdd::default()
    }
}

#[tokio::test]
async fn a_calendar_that_is_too_old_needs_its_member_and_admins_until_it_is_read_again() {
    let office = Fixture::open().await;
    let (sam, hugo) = (office.client(SAM).await, office.client(HUGO).await);
    sam.feed_add(work()).await.unwrap();
    office.daemon.seconds_pass(14 * DAY);
    assert!(office.needs(NeedKind::Calendar).await.is_empty());

    office.daemon.seconds_pass(DAY);
    let danas = office.needs(NeedKind::Calendar).await;
    let sams = of_kind(today(&sam).await, NeedKind::Calendar);
    assert_eq!(danas, sams);
    let [need] = &sams[..] else {
        panic!("{sams:?}")
    };
    assert_eq!(
        format!("{} {}", need.who, need.message),
        "Sam Ito calendar “Work” was last read 15 days ago"
    );
    assert_eq!(need.action, NeedAction::Open);
    assert!(need.member.is_some() && !need.urgent);
    let hugos = of_kind(today(&hugo).await, NeedKind::Calendar);
    assert!(hugos.is_empty(), "{hugos:?}");

    let again = FeedAdd {
        replace: true,
        ..work()
    };
    sam.feed_add(again).await.unwrap();
    assert!(office.needs(NeedKind::Calendar).await.is_empty());
}
