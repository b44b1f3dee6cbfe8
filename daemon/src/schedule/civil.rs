//! A zone's local time over a while, in whole numbers.
//!
//! Owns local days, weeks and seconds of a day, without a look-up of the zone for each. Invariant:
//! what it says between its two moments is what the zone says. Must not be asked about a moment
//! outside of them: there it goes on as at the nearer end.

use jiff::Timestamp;
use jiff::tz::TimeZone;

use super::ranges::Seconds;

/// A day, in seconds.
pub const DAY: i64 = 24 * 3600;

/// Local time of a zone between two moments.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Civil {
    /// From when on which offset from UTC holds, in seconds; the first one holds before, too.
    steps: Vec<(i64, i64)>,
}

impl Civil {
    /// The zone's local time over `span`.
    #[must_use]
    pub fn of(zone: &TimeZone, span: &Seconds) -> Self {
        let offset = |at: Timestamp| i64::from(zone.to_offset(at).seconds());
        let from = moment(span.start);
        let mut steps = vec![(span.start, offset(from))];
        for change in zone.following(from) {
            let at = change.timestamp();
            if at.as_second() >= span.end {
                break;
            }
            steps.push((at.as_second(), offset(at)));
        }
        Self { steps }
    }

    fn offset(&self, second: i64) -> i64 {
        let after = self.steps.partition_point(|(from, _)| *from <= second);
        let step = self.steps.get(after.saturating_sub(1));
        step.map_or(0, |(_, offset)| *offset)
    }

    /// The local day of a moment, counted from 1970-01-01.
    #[must_use]
    pub fn day(&self, second: i64) -> i64 {
        (second + self.offset(second)).div_euclid(DAY)
    }

    /// The local time of a moment, in seconds since midnight by the clock.
    #[must_use]
    pub fn second_of_day(&self, second: i64) -> i64 {
        (second + self.offset(second)).rem_euclid(DAY)
    }

    /// `span` cut where the clocks change, each part with its offset.
    pub fn parts(&self, span: &Seconds) -> impl Iterator<Item = (Seconds, i64)> {
        let (from, to) = (span.start, span.end);
        let steps = self.steps.iter().enumerate();
        steps.filter_map(move |(at, (since, offset))| {
            let begins = match at {
                0 => from,
                _ => from.max(*since),
            };
            let ends = self.steps.get(at + 1).map_or(to, |(next, _)| to.min(*next));
            (begins < ends).then_some((begins..ends, *offset))
        })
    }
}

/// A second as jiff knows it; what is out of its range is brought to the nearest end.
fn moment(second: i64) -> Timestamp {
    greenroom_protocol::time::Instant::from_second(second).timestamp()
}

/// A day's weekday, 1 Monday to 7 Sunday.
#[must_use]
pub fn weekday(day: i64) -> i64 {
    // 1970-01-01 was a Thursday.
    (day + 3).rem_euclid(7) + 1
}

/// The ISO week of a day, counted from that of 1970-01-01.
#[must_use]
pub fn week(day: i64) -> i64 {
    (day + 3).div_euclid(7)
}

/// The Monday of an ISO week that is counted as [`week`] counts.
#[must_use]
pub fn first_day(week: i64) -> i64 {
    week * 7 - 3
}

/// Mondays to Fridays after one day, up to and including another.
#[must_use]
pub fn working_days(after: i64, to: i64) -> i64 {
    let until = |day: i64| week(day) * 5 + weekday(day).min(5);
    (until(to) - until(after)).max(0)
}

#[cfg(test)]
mod tests {
    use jiff::civil::date;
    use proptest::prelude::*;

    use super::*;

    const ZONES: [&str; 6] = [
        "Europe/Berlin",
        "America/New_York",
        "Australia/Lord_Howe",
        "Asia/Kathmandu",
        "America/Santiago",
        "Pacific/Apia",
    ];

    proptest! {
        #[test]
        fn local_time_is_what_the_zone_says(
            zone in 0usize..ZONES.len(),
            from in 1_200_000_000i64..2_000_000_000,
            at in 0i64..400 * DAY,
        ) {
            let zone = TimeZone::get(ZONES[zone]).unwrap();
            let civil = Civil::of(&zone, &(from..from + 400 * DAY));
            let local = moment(from + at).to_zoned(zone);
            let days = local.date().since(date(1970, 1, 1)).unwrap().get_days();
            prop_assert_eq!(civil.day(from + at), i64::from(days));
            let second = i64::from(local.hour()) * 3600 + i64::from(local.minute()) * 60;
            prop_assert_eq!(civil.second_of_day(from + at), second + i64::from(local.second()));
            prop_assert_eq!(weekday(civil.day(from + at)), i64::from(local.weekday().to_monday_one_offset()));
            let span = from..from + at;
            let parts: Vec<_> = civil.parts(&span).collect();
            let length: i64 = parts.iter().map(|(part, _)| part.end - part.start).sum();
            prop_assert_eq!(length, at);
        }
    }

    #[test]
    fn working_days_leave_the_weekend_out() {
        let day = |year, month, day| {
            let since = date(year, month, day).since(date(1970, 1, 1)).unwrap();
            i64::from(since.get_days())
        };
        let friday = day(2026, 11, 27);
        for (to, count) in [
            (friday, 0),
            (friday + 2, 0),
            (friday + 3, 1),
            (friday + 10, 6),
        ] {
            assert_eq!(working_days(friday, to), count, "{to}");
        }
        assert_eq!(working_days(friday + 1, friday + 3), 1);
        assert_eq!(working_days(friday + 3, friday), 0);
        assert_eq!(week(day(2026, 12, 31)), week(day(2027, 1, 3)));
        assert_ne!(week(day(2027, 1, 3)), week(day(2027, 1, 4)));
        assert_eq!(first_day(week(day(2027, 1, 3))), day(2026, 12, 28));
        assert_eq!(first_day(week(day(2027, 1, 4))), day(2027, 1, 4));
    }
}
