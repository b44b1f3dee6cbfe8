//! Local times as whole seconds since 1970-01-01T00:00 by somebody's clock.
//!
//! Owns the calendar's arithmetic: days, months, weeks of a year. Invariant: every function is total
//! for the years of [`YEARS`]. Must not know a zone.

use std::ops::RangeInclusive;

pub(super) use crate::schedule::civil::{DAY, weekday};

/// Years that an entry may be in.
pub(super) const YEARS: RangeInclusive<i64> = 1..=9998;

/// A date in the Gregorian calendar.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) struct Date {
    pub year: i64,
    /// 1 to 12.
    pub month: i64,
    /// 1 to 31.
    pub day: i64,
}

/// Days since 1970-01-01.
pub(super) fn days_of(date: Date) -> i64 {
    let year = date.year - i64::from(date.month <= 2);
    let era = year.div_euclid(400);
    let year_of_era = year.rem_euclid(400);
    let day_of_year = (153 * ((date.month + 9) % 12) + 2) / 5 + date.day - 1;
    let day_of_era = year_of_era * 365 + year_of_era / 4 - year_of_era / 100 + day_of_year;
    era * 146_097 + day_of_era - 719_468
}

/// The date of such a day.
pub(super) fn date_of(days: i64) -> Date {
    let days = days + 719_468;
    let era = days.div_euclid(146_097);
    let day_of_era = days.rem_euclid(146_097);
    let year_of_era =
        (day_of_era - day_of_era / 1_460 + day_of_era / 36_524 - day_of_era / 146_096) / 365;
    let day_of_year = day_of_era - (365 * year_of_era + year_of_era / 4 - year_of_era / 100);
    let shifted = (5 * day_of_year + 2) / 153;
    let month = if shifted < 10 {
        shifted + 3
    } else {
        shifted - 9
    };
    Date {
        year: year_of_era + era * 400 + i64::from(month <= 2),
        month,
        day: day_of_year - (153 * shifted + 2) / 5 + 1,
    }
}

/// The first day of a month; months beyond December are those of later years.
pub(super) fn first_of(year: i64, month: i64) -> i64 {
    let months = year * 12 + month - 1;
    days_of(Date {
        year: months.div_euclid(12),
        month: months.rem_euclid(12) + 1,
        day: 1,
    })
}

/// How many days a month has.
pub(super) fn month_length(year: i64, month: i64) -> i64 {
    first_of(year, month + 1) - first_of(year, month)
}

/// The first day of the first week of a year: the one with four of its days or more. `week_start`
/// is 1 Monday to 7 Sunday.
pub(super) fn first_week(year: i64, week_start: i64) -> i64 {
    let first = first_of(year, 1);
    let into = (weekday(first) - week_start).rem_euclid(7);
    match into {
        0..=3 => first - into,
        _ => first + 7 - into,
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    proptest! {
        #[test]
        fn dates_are_what_jiff_counts(days in -700_000i64..2_900_000) {
            let date = date_of(days);
            prop_assert_eq!(days_of(date), days);
            let epoch = jiff::civil::date(1970, 1, 1);
            let same = epoch.checked_add(jiff::Span::new().days(days)).unwrap();
            let found = (i64::from(same.year()), i64::from(same.month()), i64::from(same.day()));
            prop_assert_eq!((date.year, date.month, date.day), found);
            prop_assert_eq!(month_length(date.year, date.month), i64::from(same.days_in_month()));
            let week = same.iso_week_date();
            let first = first_week(i64::from(week.year()), 1);
            prop_assert_eq!((days - first) / 7 + 1, i64::from(week.week()));
        }
    }
}
