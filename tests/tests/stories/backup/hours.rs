//! Hours, days off and calendars elsewhere come back as they were in the backup.

use greenroom_protocol::availability::{
    DayHoursChange, DayOff, DayWindow, DaysOff, DaysOffAction, DaysOffEdit, MemberHours,
    MemberHoursQuery, MemberHoursSet,
};
use greenroom_protocol::calendar::{CalendarFile, Feed, FeedAdd, FeedQuery, FeedRemove};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::Window;
use greenroom_tests::harness::DANA;
use jiff::{Timestamp, ToSpan as _};

use crate::backup::fixture::{Fixture, path};

/// A calendar with an appointment of half an hour.
fn calendar(start: Timestamp) -> String {
    let end = start + 30.minutes();
    let at = |it: Timestamp| it.strftime("%Y%m%dT%H%M%SZ").to_string();
    format!(
        "BEGIN:VCALENDAR\r\nVERSION:2.0\r\nPRODID:-//x//EN\r\nBEGIN:VEVENT\r\nUID:dentist\r\n\
         DTSTART:{}\r\nDTEND:{}\r\nEND:VEVENT\r\nEND:VCALENDAR\r\n",
        at(start),
        at(end)
    )
}

/// What is known of when Dana is free.
#[derive(Debug, PartialEq)]
struct Known {
    hours: MemberHours,
    days_off: Vec<DaysOff>,
    feeds: Vec<Feed>,
}

impl Fixture {
    async fn knows(&self) -> Known {
        let mut hours = self
            .dana
            .member_hours(MemberHoursQuery::default())
            .await
            .unwrap();
        hours.revision = 0;
        let mut days_off = self.dana.days_off().await.unwrap().items;
        for list in &mut days_off {
            list.revision = 0;
        }
        let feeds = self.dana.feed_list(FeedQuery::default()).await;
        Known {
            hours,
            days_off,
            feeds: feeds.unwrap().items,
        }
    }

    async fn sets(&self, from_minute: u16, cap: u32) {
        let set = MemberHoursSet {
            hours: Edit::Set(vec![Window {
                days: vec![1, 2, 3],
                from_minute,
                to_minute: 900,
            }]),
            overrides: vec![DayHoursChange {
                date: "2030-12-24".parse().unwrap(),
                hours: Some(vec![DayWindow {
                    from_minute,
                    to_minute: 700,
                }]),
            }],
            buffer_before_minutes: Some(cap),
            cap_day: Some(cap),
            cap_week: Some(cap * 3),
            ..MemberHoursSet::default()
        };
        self.dana.member_hours_set(set).await.unwrap();
    }

    async fn edits(&self, action: DaysOffAction) {
        let edit = DaysOffEdit {
            days_off: "Break".into(),
            action,
            days: vec![DayOff {
                date: "2030-12-27".parse().unwrap(),
                label: Some("between the years".into()),
            }],
            members: None,
            expected_revision: None,
            dry_run: false,
        };
        self.dana.days_off_edit(edit).await.unwrap();
    }
}

#[tokio::test(flavor = "multi_thread")]
async fn hours_days_off_and_calendars_elsewhere_are_restored_as_they_were() {
    let mut office = Fixture::open().await;
    // The present is the machine's.
    let in_a_week = Timestamp::now() + (7 * 24).hours();
    let start = Timestamp::from_second(in_a_week.as_second() / 3600 * 3600).unwrap();
    office.sets(600, 3).await;
    office.edits(DaysOffAction::Add).await;
    let add = FeedAdd {
        member: Some(DANA.into()),
        name: "Work".into(),
        file: CalendarFile {
            text: Some(calendar(start)),
            upload: None,
        },
        ..FeedAdd::default()
    };
    let feed = office.dana.feed_add(add).await.unwrap();
    let before = office.knows().await;
    assert_eq!((before.days_off.len(), before.feeds.len()), (1, 1));
    let file = office.file("hours.backup");
    office.done(&["backup", path(&file)]).await;

    office.sets(660, 1).await;
    office.edits(DaysOffAction::Remove).await;
    let remove = FeedRemove {
        feed: feed.id.to_string(),
        ..FeedRemove::default()
    };
    office.dana.feed_remove(remove).await.unwrap();
    assert_ne!(office.knows().await, before);

    office.done(&["restore", path(&file), "--yes"]).await;
    office.dana = office.world.client().await.unwrap();
    assert_eq!(office.knows().await, before);
    // What the calendar says decides as it did.
    let at_the_dentist = start.to_string();
    let explained = office
        .done(&[
            "slots",
            "--stage",
            "Applied",
            "--with",
            DANA,
            "--zone",
            "UTC",
            "--explain",
            &at_the_dentist,
        ])
        .await;
    let mut codes = explained["findings"].as_array().unwrap().iter();
    assert!(
        codes.any(|it| it["code"] == "busy-elsewhere"),
        "{explained}"
    );
}
