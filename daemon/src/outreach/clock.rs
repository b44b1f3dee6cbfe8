//! ★ Until when times are held: hours of a candidate's weekdays.
//!
//! Invariant: a day that is a weekend where the candidate lives counts for nothing, and a weekday
//! for as many hours as it has there, also when clocks are changed.

use greenroom_protocol::time::Instant;
use jiff::ToSpan as _;
use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;

use crate::records::outreach::Purpose;

/// How long times are held after the email left, in hours of the candidate's weekdays: two days.
const HOLD_HOURS: i64 = 48;

/// The same where they are to move an interview that is booked: one day.
const MOVE_HOURS: i64 = 24;

/// The least notice with which an interview is moved without a person, in minutes.
const LEAST_NOTICE: i64 = 4 * 60;

/// How much longer they are held once the candidate has answered, so that a slow person loses no
/// time that was chosen: one working day.
pub(super) const ANSWERED_HOURS: i64 = 24;

/// How long after the email left a candidate who has not answered is reminded, in the same hours.
pub(super) const NUDGE_HOURS: i64 = 24;

/// Hours of a candidate's day in which the assistant begins an email: from the one, before the other.
const WAKING: (i8, i8) = (8, 20);

/// When lines are looked at because a day more may be offered, in hours of the workspace's day.
const MORNING: i8 = 6;

/// The hour of their day from which on somebody who was away is written to.
const BACK: i8 = 9;

/// The hours of a day in which people work: from the one, before the other.
const WORKING: (i8, i8) = (9, 17);

/// How long the times of a draft are good, in the same hours; then others are chosen.
pub(super) const DRAFT_HOURS: i64 = 24;

/// How long before an interview the assistant's email leaves at least, in the same hours, beside the
/// stage's notice.
pub(super) const AHEAD_HOURS: i64 = 24;

/// Days looked through at most; 48 hours are over within a week.
const MOST_DAYS: usize = 30;

/// Zones of places where Friday and Saturday are the weekend.
const FRIDAY_AND_SATURDAY: [&str; 10] = [
    "Asia/Jerusalem",
    "Asia/Tel_Aviv",
    "Asia/Riyadh",
    "Asia/Kuwait",
    "Asia/Qatar",
    "Asia/Bahrain",
    "Asia/Muscat",
    "Africa/Cairo",
    "Asia/Amman",
    "Asia/Dhaka",
];

/// The moment at which so many hours of weekdays in this IANA zone have passed since `from`. An
/// unknown zone is UTC.
pub(super) fn after(from: Instant, hours: i64, zone: &str) -> Instant {
    let place = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let (mut left, mut at) = (hours * 3600, from.second());
    for _ in 0..MOST_DAYS {
        let date = Instant::from_second(at)
            .timestamp()
            .to_zoned(place.clone())
            .date();
        let Some(midnight) = begin_of_next(date, &place) else {
            break;
        };
        if !is_weekend(date, zone) {
            let of_this_day = midnight - at;
            if left <= of_this_day {
                return Instant::from_second(at + left);
            }
            left -= of_this_day;
        }
        at = midnight;
    }
    Instant::from_second(at + left)
}

/// Until when times that leave then are held for a candidate in this zone: where an interview is to
/// be moved, shorter, and never longer than it can be.
pub(super) fn held(purpose: &Purpose, from: Instant, zone: &str) -> Instant {
    match purpose {
        Purpose::Book => after(from, HOLD_HOURS, zone),
        Purpose::Move(moving) => after(from, MOVE_HOURS, zone).min(moving.by),
    }
}

/// When a candidate can choose another time for an interview at the latest, in a stage with so many
/// minutes of notice.
pub(super) fn movable_until(start: Instant, notice_minutes: u32) -> Instant {
    start.plus_minutes(-(i64::from(notice_minutes).max(LEAST_NOTICE)))
}

/// When a candidate in this zone is reminded of times that left now.
pub(super) fn nudge(now: Instant, zone: &str) -> Instant {
    waking(after(now, NUDGE_HOURS, zone), zone)
}

/// The first moment from then on in which the assistant begins an email to somebody in this IANA
/// zone: on a weekday there, from 08:00 to 20:00. An unknown zone is UTC.
pub(super) fn waking(from: Instant, zone: &str) -> Instant {
    let place = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let mut at = from;
    for _ in 0..MOST_DAYS {
        let date = at.timestamp().to_zoned(place.clone()).date();
        let clock = |hour| {
            let zoned = date.at(hour, 0, 0, 0).to_zoned(place.clone()).ok()?;
            Some(Instant::from_second(zoned.timestamp().as_second()))
        };
        if !is_weekend(date, zone)
            && let (Some(opens), Some(closes)) = (clock(WAKING.0), clock(WAKING.1))
            && at < closes
        {
            return at.max(opens);
        }
        let Some(midnight) = begin_of_next(date, &place) else {
            break;
        };
        at = Instant::from_second(midnight);
    }
    at
}

/// When somebody in this IANA zone who is away until then is written to again: at 09:00 of that day
/// there, or of the next weekday. An unknown zone is UTC.
pub(super) fn back(until: Instant, zone: &str) -> Instant {
    let place = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let mut date = until.timestamp().to_zoned(place.clone()).date();
    for _ in 0..MOST_DAYS {
        if !is_weekend(date, zone) {
            break;
        }
        let Ok(next) = date.checked_add(1.day()) else {
            return until;
        };
        date = next;
    }
    let Ok(nine) = date.at(BACK, 0, 0, 0).to_zoned(place) else {
        return until;
    };
    waking(
        until.max(Instant::from_second(nine.timestamp().as_second())),
        zone,
    )
}

/// The moment at which so many hours have passed since `from` in which people in this IANA zone work:
/// from 09:00 to 17:00 of a weekday. An unknown zone is UTC.
pub(super) fn worked(from: Instant, hours: i64, zone: &str) -> Instant {
    let place = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let (mut left, mut at) = (hours * 3600, from.second());
    for _ in 0..MOST_DAYS {
        let date = Instant::from_second(at)
            .timestamp()
            .to_zoned(place.clone())
            .date();
        let clock = |hour| {
            let zoned = date.at(hour, 0, 0, 0).to_zoned(place.clone()).ok()?;
            Some(zoned.timestamp().as_second())
        };
        if !is_weekend(date, zone)
            && let (Some(opens), Some(closes)) = (clock(WORKING.0), clock(WORKING.1))
        {
            let begins = at.max(opens);
            let of_this_day = (closes - begins).max(0);
            if left <= of_this_day {
                return Instant::from_second(begins + left);
            }
            left -= of_this_day;
        }
        let Some(midnight) = begin_of_next(date, &place) else {
            break;
        };
        at = midnight;
    }
    Instant::from_second(at + left)
}

/// By what candidates of one IANA zone differ from those of another: how many seconds their clock is
/// ahead of UTC now, and whether their weekend is Friday and Saturday. An unknown zone is UTC.
pub(super) fn class_of(zone: &str, now: Instant) -> (i32, bool) {
    let place = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let offset = place.to_offset(now.timestamp()).seconds();
    (offset, FRIDAY_AND_SATURDAY.contains(&zone))
}

/// Whether two moments are on one day in this IANA zone. An unknown zone is UTC.
pub(super) fn is_same_day(one: Instant, other: Instant, zone: &str) -> bool {
    let place = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let date = |at: Instant| at.timestamp().to_zoned(place.clone()).date();
    date(one) == date(other)
}

/// When the day after that of `from` begins in this IANA zone. An unknown zone is UTC.
pub(super) fn next_day(from: Instant, zone: &str) -> Instant {
    let place = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let date = from.timestamp().to_zoned(place.clone()).date();
    begin_of_next(date, &place).map_or(from, Instant::from_second)
}

/// The next 06:00 in this IANA zone. An unknown zone is UTC.
pub(super) fn next_morning(from: Instant, zone: &str) -> Instant {
    let place = TimeZone::get(zone).unwrap_or(TimeZone::UTC);
    let today = from.timestamp().to_zoned(place.clone()).date();
    let six = |date: Date| {
        let zoned = date.at(MORNING, 0, 0, 0).to_zoned(place.clone()).ok()?;
        Some(Instant::from_second(zoned.timestamp().as_second()))
    };
    let tomorrow = today.checked_add(1.day()).ok();
    let mornings = [Some(today), tomorrow]
        .into_iter()
        .flatten()
        .filter_map(six);
    let mut ahead = mornings.filter(|it| *it > from);
    ahead.next().unwrap_or_else(|| from.plus_minutes(24 * 60))
}

/// So many working days of this IANA zone before `now`: who has waited since then has waited long.
pub(super) fn weekdays_passed(since: Instant, now: Instant, days: i64, zone: &str) -> bool {
    after(since, days * 24, zone) <= now
}

/// When the day after `date` begins, in seconds; `None` at the end of time.
fn begin_of_next(date: Date, place: &TimeZone) -> Option<i64> {
    let next = date.checked_add(1.day()).ok()?;
    let begins = next.to_zoned(place.clone()).ok()?;
    Some(begins.timestamp().as_second())
}

fn is_weekend(date: Date, zone: &str) -> bool {
    let first = match FRIDAY_AND_SATURDAY.contains(&zone) {
        true => Weekday::Friday,
        false => Weekday::Saturday,
    };
    date.weekday() == first || date.weekday() == first.next()
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse::<jiff::Timestamp>().expect("a moment").into()
    }

    #[test]
    fn hours_are_counted_on_the_candidates_weekdays() {
        for (from, zone, hours, until) in [
            // Friday 17:00 in Berlin: a day later it is Monday, two days later Tuesday.
            (
                "2026-11-27T16:00:00Z",
                "Europe/Berlin",
                24,
                "2026-11-30T16:00:00Z",
            ),
            (
                "2026-11-27T16:00:00Z",
                "Europe/Berlin",
                48,
                "2026-12-01T16:00:00Z",
            ),
            (
                "2026-11-30T09:00:00Z",
                "Europe/Berlin",
                48,
                "2026-12-02T09:00:00Z",
            ),
            // Saturday: counted from Monday 00:00 there.
            (
                "2026-11-28T09:00:00Z",
                "Europe/Berlin",
                24,
                "2026-11-30T23:00:00Z",
            ),
            // Thursday 17:00 in Jerusalem: Friday and Saturday do not count.
            (
                "2026-11-26T15:00:00Z",
                "Asia/Jerusalem",
                24,
                "2026-11-29T15:00:00Z",
            ),
            (
                "2026-11-26T15:00:00Z",
                "Nowhere/Else",
                24,
                "2026-11-27T15:00:00Z",
            ),
        ] {
            assert_eq!(after(at(from), hours, zone), at(until), "{from} {zone}");
        }
    }

    #[test]
    fn the_assistant_begins_an_email_by_day_on_a_weekday_of_the_candidates() {
        for (from, zone, then) in [
            // Monday: the middle of the day, the early morning, the evening.
            (
                "2026-11-30T11:00:00Z",
                "Europe/Berlin",
                "2026-11-30T11:00:00Z",
            ),
            (
                "2026-11-30T04:00:00Z",
                "Europe/Berlin",
                "2026-11-30T07:00:00Z",
            ),
            (
                "2026-11-30T07:00:00Z",
                "Europe/Berlin",
                "2026-11-30T07:00:00Z",
            ),
            (
                "2026-11-30T18:59:59Z",
                "Europe/Berlin",
                "2026-11-30T18:59:59Z",
            ),
            (
                "2026-11-30T19:00:00Z",
                "Europe/Berlin",
                "2026-12-01T07:00:00Z",
            ),
            // Friday evening there, which is the weekend in Jerusalem all day.
            (
                "2026-11-27T19:30:00Z",
                "Europe/Berlin",
                "2026-11-30T07:00:00Z",
            ),
            (
                "2026-11-27T09:00:00Z",
                "Asia/Jerusalem",
                "2026-11-29T06:00:00Z",
            ),
            (
                "2026-11-30T04:00:00Z",
                "Nowhere/Else",
                "2026-11-30T08:00:00Z",
            ),
        ] {
            assert_eq!(waking(at(from), zone), at(then), "{from} {zone}");
        }
    }

    #[test]
    fn who_is_back_is_written_to_in_the_morning_of_a_weekday_there() {
        for (until, zone, then) in [
            // The end of Sunday, 13 December, and some time of Monday.
            (
                "2026-12-13T23:00:00Z",
                "Europe/Berlin",
                "2026-12-14T08:00:00Z",
            ),
            (
                "2026-12-14T13:00:00Z",
                "Europe/Berlin",
                "2026-12-14T13:00:00Z",
            ),
            (
                "2026-12-14T20:00:00Z",
                "Europe/Berlin",
                "2026-12-15T07:00:00Z",
            ),
            // A Saturday there; in Dhaka it is Friday that does not count.
            (
                "2026-12-12T11:00:00Z",
                "Europe/Berlin",
                "2026-12-14T08:00:00Z",
            ),
            ("2026-12-11T04:00:00Z", "Asia/Dhaka", "2026-12-13T03:00:00Z"),
            (
                "2026-12-14T00:00:00Z",
                "Nowhere/Else",
                "2026-12-14T09:00:00Z",
            ),
        ] {
            assert_eq!(back(at(until), zone), at(then), "{until} {zone}");
        }
    }

    #[test]
    fn working_hours_are_those_of_weekdays_from_nine_to_five() {
        for (from, hours, then) in [
            ("2026-11-30T09:00:00Z", 8, "2026-11-30T17:00:00Z"),
            ("2026-11-30T05:00:00Z", 8, "2026-11-30T17:00:00Z"),
            ("2026-11-30T16:00:00Z", 8, "2026-12-01T16:00:00Z"),
            // Friday evening, and 16:00 of it.
            ("2026-11-27T20:00:00Z", 8, "2026-11-30T17:00:00Z"),
            ("2026-11-27T16:00:00Z", 8, "2026-11-30T16:00:00Z"),
            ("2026-11-27T16:00:00Z", 24, "2026-12-02T16:00:00Z"),
        ] {
            assert_eq!(worked(at(from), hours, "UTC"), at(then), "{from} {hours}");
        }
    }

    #[test]
    fn a_day_begins_where_the_candidate_is_and_lines_are_looked_at_in_its_morning() {
        let (berlin, late) = ("Europe/Berlin", at("2026-11-30T23:30:00Z"));
        assert!(is_same_day(late, at("2026-12-01T22:59:00Z"), berlin));
        assert!(!is_same_day(late, at("2026-11-30T22:59:00Z"), berlin));
        assert_eq!(next_day(late, berlin), at("2026-12-01T23:00:00Z"));
        assert_eq!(next_morning(late, berlin), at("2026-12-01T05:00:00Z"));
        let six = at("2026-12-01T05:00:00Z");
        assert_eq!(next_morning(six, berlin), at("2026-12-02T05:00:00Z"));
        // Friday noon to Wednesday noon are three working days.
        let (friday, wednesday) = (at("2026-11-27T11:00:00Z"), at("2026-12-02T11:00:00Z"));
        assert!(weekdays_passed(friday, wednesday, 3, berlin));
        assert!(!weekdays_passed(
            friday,
            wednesday.plus_minutes(-1),
            3,
            berlin
        ));
    }

    #[test]
    fn a_weekday_counts_as_many_hours_as_it_has_when_clocks_change() {
        // Clocks change in Cairo on a Friday, in Berlin on a Sunday: neither counts. In Santiago they
        // change at midnight on a Saturday, and Sunday begins an hour later.
        let until = after(at("2026-03-27T16:00:00Z"), 48, "Europe/Berlin");
        assert_eq!(until, at("2026-03-31T15:00:00Z"));
        let until = after(at("2026-10-23T15:00:00Z"), 48, "Europe/Berlin");
        assert_eq!(until, at("2026-10-27T16:00:00Z"));
    }

    proptest! {
        #[test]
        fn it_is_never_early_nor_more_than_two_weekends_late(
            second in 1_700_000_000i64..1_900_000_000,
            hours in 0i64..=96,
            zone in prop::sample::select(&["Europe/Berlin", "Asia/Kolkata", "Asia/Dhaka", "America/Santiago", "UTC"][..]),
        ) {
            let from = Instant::from_second(second);
            let took = after(from, hours, zone).second() - second;
            prop_assert!(took >= hours * 3600);
            prop_assert!(took <= (hours + 2 * 48 + 2) * 3600);
            let later = after(from, hours + 1, zone);
            prop_assert!(later.second() - after(from, hours, zone).second() >= 3600);
        }
    }
}
