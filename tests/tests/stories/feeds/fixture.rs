//! Dana's desk without Zoom, and calendars as others would give them.

use greenroom_protocol::calendar::{CalendarFile, FeedAdd};
use greenroom_protocol::interview::MeetingType;
use greenroom_protocol::schedule::{ExplainQuery, FindingCode, Planned};
use greenroom_tests::harness::DANA;
use greenroom_tests::sandbox::Config;

use crate::booking::fixture::ANA;
pub use crate::booking::fixture::Fixture;

pub const OMAR: &str = "omar.haddad@acme.example";

/// An hour every Monday for half a year, from Monday 2026-11-30.
pub const WEEKLY: &str = "BEGIN:VEVENT\r\nUID:weekly@elsewhere.example\r\n\
    SUMMARY:Choir, do not tell\r\nDTSTART:20261130T180000Z\r\nDTEND:20261130T190000Z\r\n\
    RRULE:FREQ=WEEKLY;COUNT=30\r\nEND:VEVENT\r\n";

/// The same, where calendars are read from servers of this machine.
pub async fn desk_reading() -> Fixture {
    Fixture::reading(&["127.0.0.1"]).await
}

pub async fn desk() -> Fixture {
    Fixture::unconnected(Config::default()).await
}

/// A calendar with these entries.
pub fn calendar(entries: &str) -> String {
    format!("BEGIN:VCALENDAR\r\nVERSION:2.0\r\n{entries}END:VCALENDAR\r\n")
}

/// A file of that name for somebody.
pub fn file(member: &str, name: &str, entries: &str) -> FeedAdd {
    FeedAdd {
        member: Some(member.into()),
        name: name.into(),
        file: CalendarFile {
            text: Some(calendar(entries)),
            upload: None,
        },
        ..FeedAdd::default()
    }
}

/// What calendars elsewhere say against half an hour with Dana at that time.
pub async fn against(desk: &Fixture, start: &str) -> Vec<(FindingCode, String)> {
    against_of(desk, DANA, start).await
}

/// The same with somebody.
pub async fn against_of(desk: &Fixture, who: &str, start: &str) -> Vec<(FindingCode, String)> {
    let query = ExplainQuery {
        planned: Planned {
            candidate: Some(ANA.into()),
            with: vec![who.to_owned()],
            duration_minutes: Some(30),
            kind: Some(MeetingType::Phone),
            ..Planned::default()
        },
        start: start.into(),
        locale: None,
    };
    let explained = desk.dana.explain(query).await.unwrap();
    let found = explained.findings.into_iter();
    let elsewhere = [FindingCode::BusyElsewhere, FindingCode::StaleCalendar];
    let found = found.filter(|it| elsewhere.contains(&it.code));
    found.map(|it| (it.code, it.message)).collect()
}

impl Fixture {
    /// The keys of what is stored of calendars elsewhere whose key has these words.
    pub async fn kept_of(&self, words: &str) -> Vec<String> {
        let rows = self.daemon.rows().await.unwrap().into_iter();
        let keys = rows.map(|(key, _)| key).filter(|it| it.contains(words));
        let tables = [
            "/feed/",
            "/feeds/",
            "/feed-read/",
            "/feed-file/",
            "/feed-parts/",
            "/busy/",
        ];
        keys.filter(|key| tables.iter().any(|table| key.contains(table)))
            .collect()
    }
}
