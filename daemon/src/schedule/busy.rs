//! Busy intervals, kept by UTC week.
//!
//! Invariant: an interval is half open (`start` is taken, `end` is free), so talks may follow each
//! other without a gap.

use std::ops::RangeInclusive;

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

const WEEK: i64 = 7 * 24 * 3600;

/// 1970-01-05T00:00:00Z, the first Monday.
const FIRST_MONDAY: i64 = 4 * 24 * 3600;

/// A stretch of time that is taken.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Interval {
    /// From.
    pub start: Instant,
    /// Up to.
    pub end: Instant,
    /// The interview that takes it.
    pub interview: InterviewId,
    /// A plan that is not confirmed yet.
    #[serde(default)]
    pub hold: bool,
}

impl Interval {
    fn overlaps(&self, start: Instant, end: Instant) -> bool {
        self.start < end && start < self.end
    }
}

/// The UTC weeks that `start` up to `end` touches, counted from the first Monday of 1970.
pub fn weeks(start: Instant, end: Instant) -> RangeInclusive<i64> {
    let week = |second: i64| (second - FIRST_MONDAY).div_euclid(WEEK);
    let last = end.second().max(start.second() + 1) - 1;
    week(start.second())..=week(last)
}

/// The first interval in the way of `start` up to `end`, that of `except` aside.
pub fn in_the_way(
    busy: &[Interval],
    start: Instant,
    end: Instant,
    except: Option<InterviewId>,
) -> Option<&Interval> {
    busy.iter()
        .find(|it| Some(it.interview) != except && it.overlaps(start, end))
}

/// How many intervals there are at once, at most, between `start` and `end`, that of `except`
/// aside.
pub fn most_at_once(
    busy: &[Interval],
    start: Instant,
    end: Instant,
    except: Option<InterviewId>,
) -> usize {
    let near: Vec<&Interval> = busy
        .iter()
        .filter(|it| Some(it.interview) != except && it.overlaps(start, end))
        .collect();
    // The count can only rise where something starts, so looking at those moments is enough.
    near.iter()
        .map(|it| it.start.max(start))
        .map(|moment| {
            near.iter()
                .filter(|it| it.start <= moment && moment < it.end)
                .count()
        })
        .max()
        .unwrap_or(0)
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(minute: i64) -> Instant {
        Instant::from_second(minute * 60)
    }

    fn taken(start: i64, end: i64) -> Interval {
        Interval {
            start: at(start),
            end: at(end),
            interview: InterviewId::new(),
            hold: false,
        }
    }

    #[test]
    fn talks_may_follow_each_other() {
        let busy = [taken(60, 105)];
        assert_eq!(in_the_way(&busy, at(105), at(150), None), None);
        assert_eq!(in_the_way(&busy, at(15), at(60), None), None);
        assert_eq!(in_the_way(&busy, at(104), at(105), None), Some(&busy[0]));
        assert_eq!(
            in_the_way(&busy, at(104), at(105), Some(busy[0].interview)),
            None
        );
    }

    #[test]
    fn a_talk_over_midnight_on_sunday_touches_two_weeks() {
        let monday = Instant::from_second(FIRST_MONDAY + 2900 * WEEK);
        assert_eq!(
            weeks(monday.plus_minutes(-30), monday.plus_minutes(30)),
            2899..=2900
        );
        assert_eq!(weeks(monday.plus_minutes(-30), monday), 2899..=2899);
        assert_eq!(weeks(monday, monday.plus_minutes(1)), 2900..=2900);
    }

    proptest! {
        #[test]
        fn the_most_at_once_is_what_counting_every_minute_finds(
            talks in proptest::collection::vec((0i64..120, 1i64..60), 0..12),
            start in 0i64..120,
            length in 1i64..60,
        ) {
            let busy: Vec<_> = talks.iter().map(|(start, length)| taken(*start, start + length)).collect();
            let counted = (start..start + length)
                .map(|minute| busy.iter().filter(|it| it.overlaps(at(minute), at(minute + 1))).count())
                .max()
                .unwrap_or(0);
            prop_assert_eq!(most_at_once(&busy, at(start), at(start + length), None), counted);
            prop_assert_eq!(
                in_the_way(&busy, at(start), at(start + length), None).is_some(),
                counted > 0
            );
        }
    }
}
