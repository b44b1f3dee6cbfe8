//! Calendars that others keep of our members, and what they say.
//!
//! Owns the stored shape of a feed and of the spans read from it, a UTC week at a time. Invariants:
//! the spans of a feed are written with the feed, so its age is theirs; only weeks that changed are
//! written; no title, place or person of an entry is stored, and no address that is a secret.
//! Bookings do not expect these records: what others keep may change at any time anyway.

use std::collections::BTreeMap;
use std::fmt;
use std::str::FromStr;
use std::sync::Arc;

use greenroom_protocol::calendar::CalendarWarning;
use greenroom_protocol::id::{FeedId, MemberId};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::schedule::busy::{Buffer, Interval, TakenBy, beginning, weeks};
use crate::schedule::ranges::{Seconds, merged};
use crate::store::{Record, StoreError, Tx};

/// Weeks ahead that are kept, with the present one.
pub const WEEKS: i64 = 27;

/// The most spans of a week; more are rounded to quarters of an hour, of which a week has twice as
/// many.
const MOST_A_WEEK: usize = 336;

const QUARTER: i64 = 15 * 60;

/// Whose feed it is, and which: the id of its record.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedPlace {
    /// Whose.
    pub member: MemberId,
    /// Which.
    pub feed: FeedId,
}

impl fmt::Display for FeedPlace {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{}", self.member, self.feed)
    }
}

/// A text that names no feed.
#[derive(Debug, Clone, PartialEq, Eq, thiserror::Error)]
#[error("expected a member, a slash and a feed")]
pub struct NotAPlace;

impl FromStr for FeedPlace {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let (member, feed) = text.split_once('/').ok_or(NotAPlace)?;
        Ok(Self {
            member: member.parse().map_err(|_| NotAPlace)?,
            feed: feed.parse().map_err(|_| NotAPlace)?,
        })
    }
}

/// One UTC week of a feed: the id of a record of spans.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord)]
pub struct FeedWeek {
    /// Of which feed.
    pub place: FeedPlace,
    /// Counted from the first Monday of 1970.
    pub week: i64,
}

impl fmt::Display for FeedWeek {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        write!(out, "{}/{:06}", self.place, self.week)
    }
}

impl FromStr for FeedWeek {
    type Err = NotAPlace;

    fn from_str(text: &str) -> Result<Self, NotAPlace> {
        let (place, week) = text.rsplit_once('/').ok_or(NotAPlace)?;
        Ok(Self {
            place: place.parse()?,
            week: week.parse().map_err(|_| NotAPlace)?,
        })
    }
}

/// Where a feed is read from.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "kebab-case")]
pub enum FeedFrom {
    /// A file that somebody gave once.
    File,
    /// Something that only a later version knows.
    #[serde(other)]
    Unknown,
}

/// A calendar of a member that others keep.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct FeedRecord {
    /// What it is called here.
    pub name: String,
    /// Where it is read from.
    pub from: FeedFrom,
    /// When it was added.
    pub added_at: Instant,
    /// When it was last read.
    pub read_at: Instant,
    /// From when its spans are kept.
    pub known_from: Instant,
    /// Up to when they are.
    pub known_to: Instant,
    /// How many entries it had.
    pub entries: u32,
    /// What there was to bear in mind.
    #[serde(default, skip_serializing_if = "Vec::is_empty")]
    pub warnings: Vec<CalendarWarning>,
}

impl Record for FeedRecord {
    const TABLE: &'static str = "feed";
    const SCHEMA: u32 = 1;
}

/// What a feed says of one UTC week, in seconds since 1970: in order, and apart.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
pub struct BusyRecord {
    /// Each from a second up to another.
    pub spans: Vec<(i64, i64)>,
}

impl Record for BusyRecord {
    const TABLE: &'static str = "busy";
    const SCHEMA: u32 = 1;
}

impl BusyRecord {
    /// The spans, for the predicate.
    #[must_use]
    pub fn intervals(&self) -> Arc<[Interval]> {
        let interval = |(start, end): &(i64, i64)| Interval {
            start: Instant::from_second(*start),
            end: Instant::from_second(*end),
            taken_by: TakenBy::Elsewhere,
            kept_free: Buffer::default(),
        };
        self.spans.iter().map(interval).collect()
    }
}

/// From when and up to when spans are kept, as of `now`.
#[must_use]
pub fn window(now: Instant) -> (Instant, Instant) {
    let first = *weeks(now, now).start();
    (beginning(first), beginning(first + WEEKS))
}

/// The spans of each week; what reaches over a week's end stands in both.
fn by_week(spans: &[Seconds]) -> BTreeMap<i64, Vec<Seconds>> {
    let mut found = BTreeMap::<i64, Vec<Seconds>>::new();
    for span in spans {
        let (start, end) = (
            Instant::from_second(span.start),
            Instant::from_second(span.end),
        );
        for week in weeks(start, end) {
            found.entry(week).or_default().push(span.clone());
        }
    }
    for spans in found.values_mut().filter(|it| it.len() > MOST_A_WEEK) {
        let rounded = spans.iter().map(|it| {
            let end = it.end + QUARTER - 1;
            it.start - it.start.rem_euclid(QUARTER)..end - end.rem_euclid(QUARTER)
        });
        *spans = merged(rounded.collect());
    }
    found
}

/// Writes a feed with what it says, and removes what it said before and says no more.
///
/// # Errors
/// The store.
pub async fn put(
    tx: &Tx,
    space: &str,
    place: FeedPlace,
    feed: &FeedRecord,
    spans: &[Seconds],
) -> Result<(), StoreError> {
    let mut found = by_week(spans);
    let before = tx.get::<FeedRecord>(space, &place.to_string()).await?;
    let old = before.map(|it| weeks(it.known_from, it.known_to));
    let all = weeks(feed.known_from, feed.known_to).chain(old.into_iter().flatten());
    let mut all: Vec<_> = all.collect();
    all.sort_unstable();
    all.dedup();
    for week in all {
        let id = FeedWeek { place, week }.to_string();
        let spans = found.remove(&week).unwrap_or_default();
        let spans = spans.into_iter().map(|it| (it.start, it.end)).collect();
        write_week(tx, space, &id, BusyRecord { spans }).await?;
    }
    tx.put(space, &place.to_string(), feed)
}

async fn write_week(tx: &Tx, space: &str, id: &str, now: BusyRecord) -> Result<(), StoreError> {
    match tx.get::<BusyRecord>(space, id).await? {
        Some(before) if before == now => Ok(()),
        Some(_) if now.spans.is_empty() => tx.delete::<BusyRecord>(space, id),
        None if now.spans.is_empty() => Ok(()),
        _ => tx.put(space, id, &now),
    }
}

/// Removes a feed with all it said; `None`: there was none.
///
/// # Errors
/// The store.
pub async fn remove(
    tx: &Tx,
    space: &str,
    place: FeedPlace,
) -> Result<Option<FeedRecord>, StoreError> {
    let Some(feed) = tx.get::<FeedRecord>(space, &place.to_string()).await? else {
        return Ok(None);
    };
    for week in weeks(feed.known_from, feed.known_to) {
        let id = FeedWeek { place, week }.to_string();
        write_week(tx, space, &id, BusyRecord::default()).await?;
    }
    tx.delete::<FeedRecord>(space, &place.to_string())?;
    Ok(Some(feed))
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn names_of_feeds_and_weeks_read_back() {
        let place = FeedPlace {
            member: MemberId::new(),
            feed: FeedId::new(),
        };
        assert_eq!(place.to_string().parse(), Ok(place));
        let week = FeedWeek { place, week: 2970 };
        assert_eq!(week.to_string().parse(), Ok(week));
        assert!("x/y".parse::<FeedPlace>().is_err());
    }

    #[test]
    fn a_feed_of_a_later_version_is_read() {
        let stored = r#"{"name":"Work","from":{"kind":"moon","crater":1},"added_at":"2026-12-01T00:00:00Z",
            "read_at":"2026-12-01T00:00:00Z","known_from":"2026-11-30T00:00:00Z",
            "known_to":"2027-06-07T00:00:00Z","entries":2}"#;
        let feed: FeedRecord = serde_json::from_str(stored).expect("a feed");
        assert_eq!(feed.from, FeedFrom::Unknown);
        assert_eq!(feed.warnings, []);
    }

    #[test]
    fn a_week_of_many_spans_is_bounded_and_loses_none() {
        let monday = beginning(2970).second();
        let spans: Vec<_> = (0..5_000)
            .map(|it| monday + it * 120..monday + it * 120 + 60)
            .collect();
        let found = by_week(&spans);
        assert!(found[&2970].len() <= MOST_A_WEEK);
        let holds = |span: &Seconds| {
            let mut all = found[&2970].iter();
            all.any(|it| it.start <= span.start && span.end <= it.end)
        };
        assert!(spans.iter().all(holds));
    }
}
