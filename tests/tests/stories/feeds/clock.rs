//! A member's clock changes: whole days and times without a zone in their calendars count by the new
//! one, without anybody giving them again where that can be.

use greenroom_protocol::calendar::{Feed, FeedAdd, FeedQuery, FeedStanding};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::today::{NeedKind, TodayQuery};
use greenroom_protocol::workspace::MemberEdit;
use greenroom_tests::harness::DANA;
use greenroomd::records::feed::{FeedPlace, FileRecord};

use super::fixture::{Fixture, against, calendar, desk, desk_reading, file};
use super::server::{Does, Server};

/// Wednesday, 2 December as a whole day, noon of Friday wherever its owner is, and an hour of
/// Thursday that is the same everywhere.
const DAYS: &str = "BEGIN:VEVENT\r\nUID:1@elsewhere.example\r\nDTSTART;VALUE=DATE:20261202\r\n\
    DTEND;VALUE=DATE:20261203\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\nUID:2@elsewhere.example\r\n\
    DTSTART:20261204T120000\r\nDURATION:PT1H\r\nEND:VEVENT\r\nBEGIN:VEVENT\r\n\
    UID:3@elsewhere.example\r\nDTSTART:20261203T200000Z\r\nDURATION:PT1H\r\nEND:VEVENT\r\n";

/// Begins by the owner's clock and ends by another.
const MIXED: &str = "BEGIN:VEVENT\r\nUID:1@elsewhere.example\r\nDTSTART:20261202T090000\r\n\
    DTEND:20261202T180000Z\r\nEND:VEVENT\r\n";

const TOKYO: &str = "Asia/Tokyo";
const NEW_YORK: &str = "America/New_York";

async fn lives_in(desk: &Fixture, zone: &str) {
    let edit = MemberEdit {
        member: DANA.into(),
        zone: Some(zone.into()),
        ..MemberEdit::default()
    };
    desk.dana.member_edit(edit).await.unwrap();
    desk.daemon.rests().await.unwrap();
}

/// At which of some moments Dana is busy elsewhere.
async fn busy(desk: &Fixture) -> Vec<&'static str> {
    let moments = [
        "2026-12-01T18:00:00Z",
        "2026-12-02T18:00:00Z",
        "2026-12-03T20:00:00Z",
        "2026-12-04T03:00:00Z",
        "2026-12-04T17:00:00Z",
    ];
    let mut busy = Vec::new();
    for moment in moments {
        let found = against(desk, moment).await;
        if found
            .iter()
            .any(|(code, _)| *code == FindingCode::BusyElsewhere)
        {
            busy.push(moment);
        }
    }
    busy
}

const IN_NEW_YORK: [&str; 3] = [
    "2026-12-02T18:00:00Z",
    "2026-12-03T20:00:00Z",
    "2026-12-04T17:00:00Z",
];
const IN_TOKYO: [&str; 3] = [
    "2026-12-01T18:00:00Z",
    "2026-12-03T20:00:00Z",
    "2026-12-04T03:00:00Z",
];

async fn feed(desk: &Fixture) -> Feed {
    let listed = desk.dana.feed_list(FeedQuery::default()).await.unwrap();
    listed.items.into_iter().next().unwrap()
}

#[tokio::test]
async fn a_file_that_was_given_once_goes_by_the_new_clock() {
    let desk = desk().await;
    desk.dana.feed_add(file(DANA, "Work", DAYS)).await.unwrap();
    assert_eq!(busy(&desk).await, IN_NEW_YORK);
    let before = feed(&desk).await;
    lives_in(&desk, TOKYO).await;
    assert_eq!(busy(&desk).await, IN_TOKYO);
    let after = feed(&desk).await;
    assert_eq!(after.state, FeedStanding::Ok);
    assert_eq!(after.read_at, before.read_at, "it is as old as it was");
    assert_eq!(after.entries, 3);
    lives_in(&desk, NEW_YORK).await;
    assert_eq!(busy(&desk).await, IN_NEW_YORK);
    // Nothing is left of it.
    let remove = greenroom_protocol::calendar::FeedRemove {
        feed: "Work".into(),
        ..Default::default()
    };
    desk.dana.feed_remove(remove).await.unwrap();
    assert_eq!(desk.kept_of("").await, [""; 0]);
}

#[tokio::test]
async fn an_address_is_read_anew_though_nothing_changed_there() {
    let desk = desk_reading().await;
    for does in [
        Does::Sends("one", calendar(DAYS)),
        Does::SendsUnnamed(calendar(DAYS)),
    ] {
        let server = Server::new(does).await;
        let add = FeedAdd {
            name: "Work".into(),
            url: Some(Opaque::new(server.url())),
            replace: true,
            ..FeedAdd::default()
        };
        desk.dana.feed_add(add).await.unwrap();
        desk.daemon.rests().await.unwrap();
        assert_eq!(busy(&desk).await, IN_NEW_YORK);
        lives_in(&desk, TOKYO).await;
        assert_eq!(busy(&desk).await, IN_TOKYO);
        lives_in(&desk, NEW_YORK).await;
        assert_eq!(busy(&desk).await, IN_NEW_YORK);
    }
}

#[tokio::test]
async fn what_only_the_file_tells_is_named_at_once_until_it_is_given_again() {
    let desk = desk().await;
    desk.dana.feed_add(file(DANA, "Work", MIXED)).await.unwrap();
    let noon = "2026-12-02T15:00:00Z";
    let codes = async || {
        let found = against(&desk, noon).await;
        found.into_iter().map(|(code, _)| code).collect::<Vec<_>>()
    };
    assert_eq!(codes().await, [FindingCode::BusyElsewhere]);
    lives_in(&desk, TOKYO).await;
    let both = [FindingCode::BusyElsewhere, FindingCode::StaleCalendar];
    assert_eq!(codes().await, both);
    let found = against(&desk, noon).await;
    assert!(
        found[1].1.contains("`Work` can't be relied on"),
        "{found:?}"
    );
    let broken = feed(&desk).await;
    assert_eq!(broken.state, FeedStanding::Broken);
    assert!(broken.hint.unwrap().contains("--name 'Work' --replace"));
    let today = desk.dana.today(TodayQuery::default()).await.unwrap();
    let mut needs = today.needs_me.iter();
    let need = needs.find(|it| it.kind == NeedKind::Calendar).unwrap();
    assert!(need.message.contains("can't be relied on"), "{need:?}");

    // Back home it is right again; and given again it is right everywhere.
    lives_in(&desk, NEW_YORK).await;
    assert_eq!(codes().await, [FindingCode::BusyElsewhere]);
    lives_in(&desk, TOKYO).await;
    let again = FeedAdd {
        replace: true,
        ..file(DANA, "Work", MIXED)
    };
    desk.dana.feed_add(again).await.unwrap();
    assert_eq!(feed(&desk).await.state, FeedStanding::Ok);
    assert_eq!(codes().await, [FindingCode::BusyElsewhere]);
}

#[tokio::test]
async fn a_file_of_which_an_older_version_kept_nothing_else_is_asked_for_again() {
    let desk = desk().await;
    let added = desk.dana.feed_add(file(DANA, "Work", DAYS)).await.unwrap();
    let place = FeedPlace {
        member: added.member.id,
        feed: added.id,
    };
    let workspace = desk.dana.hello().workspace.as_ref().unwrap().id;
    let (space, key) = (&workspace.to_string(), &place.to_string());
    let store = &desk.daemon.services().store;
    let forgotten = store.transact(|tx| async move {
        assert!(tx.get::<FileRecord>(space, key).await?.is_some());
        tx.delete::<FileRecord>(space, key)
    });
    forgotten.await.unwrap();
    lives_in(&desk, TOKYO).await;
    assert_eq!(feed(&desk).await.state, FeedStanding::Broken);
    assert_eq!(busy(&desk).await, IN_NEW_YORK, "it stands, and is named");
}
