//! What a feed says: spans by UTC week, and the commits that write them.

use std::collections::BTreeMap;
use std::sync::Arc;

use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use super::{FeedPlace, FeedWeek, FileRecord, PartsRecord, ReadRecord};
use crate::schedule::busy::{Buffer, Interval, TakenBy, beginning, weeks};
use crate::schedule::ranges::{Seconds, merged};
use crate::store::{Record, StoreError, Tx};

/// Weeks ahead that are kept, with the present one.
pub const WEEKS: i64 = 27;

/// The most spans of a week; more are rounded to quarters of an hour, of which a week has twice as
/// many.
const MOST_A_WEEK: usize = 336;

const QUARTER: i64 = 15 * 60;

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

/// What of the spans is within `from` up to `to`, by week; what reaches over a week's end stands in
/// both.
fn by_week(spans: &[Seconds], (from, to): (Instant, Instant)) -> BTreeMap<i64, Vec<Seconds>> {
    let mut found = BTreeMap::<i64, Vec<Seconds>>::new();
    for span in spans {
        let span = span.start.max(from.second())..span.end.min(to.second());
        if span.is_empty() {
            continue;
        }
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

/// Writes what a feed says, and removes what it said before and says no more. It relies on two
/// records a week, and writes one at most: a commit has room for two feeds.
///
/// # Errors
/// The store.
pub async fn put(
    tx: &Tx,
    space: &str,
    place: FeedPlace,
    read: &ReadRecord,
    spans: &[Seconds],
) -> Result<(), StoreError> {
    let mut found = by_week(spans, (read.known_from, read.known_to));
    let before = tx.get::<ReadRecord>(space, &place.to_string()).await?;
    let old = before.map(|it| weeks(it.known_from, it.known_to));
    let all = weeks(read.known_from, read.known_to).chain(old.into_iter().flatten());
    let mut all: Vec<_> = all.collect();
    all.sort_unstable();
    all.dedup();
    for week in all {
        let id = FeedWeek { place, week }.to_string();
        let spans = found.remove(&week).unwrap_or_default();
        let spans = spans.into_iter().map(|it| (it.start, it.end)).collect();
        write_week(tx, space, &id, BusyRecord { spans }).await?;
    }
    tx.put(space, &place.to_string(), read)
}

async fn write_week(tx: &Tx, space: &str, id: &str, now: BusyRecord) -> Result<(), StoreError> {
    match tx.get::<BusyRecord>(space, id).await? {
        Some(before) if before == now => Ok(()),
        Some(_) if now.spans.is_empty() => tx.delete::<BusyRecord>(space, id),
        None if now.spans.is_empty() => Ok(()),
        _ => tx.put(space, id, &now),
    }
}

/// Removes all that a feed said.
///
/// # Errors
/// The store.
pub async fn take_away(tx: &Tx, space: &str, place: FeedPlace) -> Result<(), StoreError> {
    let Some(read) = tx.get::<ReadRecord>(space, &place.to_string()).await? else {
        return Ok(());
    };
    for week in weeks(read.known_from, read.known_to) {
        let id = FeedWeek { place, week }.to_string();
        write_week(tx, space, &id, BusyRecord::default()).await?;
    }
    let key = &place.to_string();
    if tx.get::<FileRecord>(space, key).await?.is_some() {
        tx.delete::<FileRecord>(space, key)?;
    }
    if tx.get::<PartsRecord>(space, key).await?.is_some() {
        tx.delete::<PartsRecord>(space, key)?;
    }
    tx.delete::<ReadRecord>(space, key)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_week_of_many_spans_is_bounded_and_loses_none() {
        let monday = beginning(2970).second();
        let spans: Vec<_> = (0..5_000)
            .map(|it| monday + it * 120..monday + it * 120 + 60)
            .collect();
        let found = by_week(&spans, window(beginning(2970)));
        assert!(found[&2970].len() <= MOST_A_WEEK);
        let holds = |span: &Seconds| {
            let mut all = found[&2970].iter();
            all.any(|it| it.start <= span.start && span.end <= it.end)
        };
        assert!(spans.iter().all(holds));
    }

    #[test]
    fn what_is_not_within_the_window_is_left_out() {
        let window = window(beginning(2970));
        let all = [0..i64::MAX / 4, 5..9];
        let found = by_week(&all, window);
        assert_eq!(
            found.keys().copied().collect::<Vec<_>>(),
            (2970..2997).collect::<Vec<_>>()
        );
        assert!(found.values().all(|it| it.len() == 1));
    }

    #[test]
    fn a_feed_is_known_for_half_a_year_from_the_beginning_of_a_week() {
        let (from, to) = window(beginning(2970).plus_minutes(3 * 24 * 60));
        assert_eq!(from, beginning(2970));
        assert_eq!(to, beginning(2997));
    }
}
