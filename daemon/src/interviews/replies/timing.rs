//! ★ When an interviewer who does not reply is reminded, and when the organizer hears of it. Pure.
//!
//! Hours are counted on the interviewer's weekdays: an invitation of Friday afternoon is overdue on
//! Monday afternoon.

use greenroom_protocol::time::Instant;
use jiff::civil::Weekday;
use jiff::tz::TimeZone;

use crate::schedule::time;

/// Minutes before the interview after which nobody is reminded: the reminders of the interview
/// itself come then.
const LAST_REMINDER: i64 = 4 * 60;

/// Minutes before the interview after which the organizer could not find somebody else any more.
const LAST_NOTICE: i64 = 2 * 60;

/// More days than any wait has, weekends included.
const MOST_DAYS: usize = 60;

/// Zones whose weekend is Friday and Saturday.
const FRIDAY_WEEKENDS: [&str; 9] = [
    "Asia/Jerusalem",
    "Asia/Riyadh",
    "Asia/Kuwait",
    "Asia/Qatar",
    "Asia/Bahrain",
    "Asia/Muscat",
    "Africa/Cairo",
    "Asia/Amman",
    "Asia/Dhaka",
];

/// Somebody who was asked and has not replied.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Silence<'a> {
    /// When the interview begins.
    pub start: Instant,
    /// When they were asked.
    pub asked_at: Instant,
    /// When they were reminded.
    pub reminded_at: Option<Instant>,
    /// How long is waited, in hours of weekdays.
    pub hours: u32,
    /// Their IANA zone.
    pub zone: &'a str,
}

/// What is next about a silence.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Next {
    /// Remind them now.
    Remind,
    /// Tell the organizer now.
    Notify,
    /// Look again then.
    Wait(Instant),
    /// Leave it: what would be due comes too late.
    Nothing,
}

impl Silence<'_> {
    /// What is next.
    pub fn next(&self, now: Instant) -> Next {
        let (since, margin, next) = match self.reminded_at {
            None => (self.asked_at, LAST_REMINDER, Next::Remind),
            Some(at) => (at, LAST_NOTICE, Next::Notify),
        };
        let due = after(since, self.hours, self.zone);
        let latest = self.start.plus_minutes(-margin);
        match () {
            () if due > latest || now > latest => Next::Nothing,
            () if due > now => Next::Wait(due),
            () => next,
        }
    }
}

/// So many hours later, those of weekends not counted.
fn after(since: Instant, hours: u32, zone: &str) -> Instant {
    let mut rest = i64::from(hours) * 3600;
    let plainly = since.plus_seconds(rest);
    let tz = time::zone(zone).unwrap_or(TimeZone::UTC);
    let mut at = since.timestamp().to_zoned(tz);
    for _ in 0..MOST_DAYS {
        let tomorrow = at.tomorrow().and_then(|day| day.start_of_day());
        let Ok(tomorrow) = tomorrow else {
            return plainly;
        };
        if !is_weekend(at.weekday(), zone) {
            let left = tomorrow.timestamp().as_second() - at.timestamp().as_second();
            if rest <= left {
                return Instant::from(at.timestamp()).plus_seconds(rest);
            }
            rest -= left;
        }
        at = tomorrow;
    }
    plainly
}

fn is_weekend(day: Weekday, zone: &str) -> bool {
    match FRIDAY_WEEKENDS.contains(&zone) {
        true => matches!(day, Weekday::Friday | Weekday::Saturday),
        false => matches!(day, Weekday::Saturday | Weekday::Sunday),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn at(text: &str) -> Instant {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    #[test]
    fn hours_of_weekends_do_not_count() {
        for (since, hours, zone, due) in [
            // Monday to Tuesday.
            ("2026-11-30T09:00:00Z", 24, "UTC", "2026-12-01T09:00:00Z"),
            // Friday afternoon to Monday afternoon.
            ("2026-12-04T16:00:00Z", 24, "UTC", "2026-12-07T16:00:00Z"),
            // On a Saturday the count begins with Monday.
            ("2026-12-05T12:00:00Z", 24, "UTC", "2026-12-08T00:00:00Z"),
            ("2026-12-04T16:00:00Z", 8, "UTC", "2026-12-05T00:00:00Z"),
            ("2026-12-04T16:00:00Z", 9, "UTC", "2026-12-07T01:00:00Z"),
            // Two weeks of weekdays.
            ("2026-11-30T09:00:00Z", 240, "UTC", "2026-12-14T09:00:00Z"),
            // Friday evening in Berlin is Saturday in Tokyo.
            (
                "2026-12-04T16:00:00Z",
                24,
                "Asia/Tokyo",
                "2026-12-07T15:00:00Z",
            ),
            // Thursday evening in Cairo, where Sunday is a weekday.
            (
                "2026-12-03T16:00:00Z",
                24,
                "Africa/Cairo",
                "2026-12-06T16:00:00Z",
            ),
            // Clocks go back in the night to Sunday: Monday is as long as any day.
            (
                "2026-10-23T16:00:00Z",
                24,
                "Europe/Berlin",
                "2026-10-26T17:00:00Z",
            ),
        ] {
            assert_eq!(
                after(at(since), hours, zone),
                at(due),
                "{since} {hours} {zone}"
            );
        }
    }

    #[test]
    fn a_silence_is_reminded_once_then_told_and_never_near_the_interview() {
        let (day, far) = (24, "2026-12-10T10:00:00Z");
        let asked = "2026-11-30T09:00:00Z";
        let none = None;
        for (start, reminded, hours, now, expected) in [
            (
                far,
                none,
                day,
                "2026-11-30T09:00:00Z",
                Next::Wait(at("2026-12-01T09:00:00Z")),
            ),
            (
                far,
                none,
                day,
                "2026-12-01T08:59:59Z",
                Next::Wait(at("2026-12-01T09:00:00Z")),
            ),
            (far, none, day, "2026-12-01T09:00:00Z", Next::Remind),
            // The daemon was down.
            (far, none, day, "2026-12-03T09:00:00Z", Next::Remind),
            (far, none, day, "2026-12-10T06:00:00Z", Next::Remind),
            (far, none, day, "2026-12-10T06:00:01Z", Next::Nothing),
            (
                far,
                Some("2026-12-01T09:00:00Z"),
                day,
                "2026-12-01T09:00:00Z",
                Next::Wait(at("2026-12-02T09:00:00Z")),
            ),
            (
                far,
                Some("2026-12-01T09:00:00Z"),
                day,
                "2026-12-02T09:00:00Z",
                Next::Notify,
            ),
            (
                far,
                Some("2026-12-01T09:00:00Z"),
                day,
                "2026-12-10T08:00:00Z",
                Next::Notify,
            ),
            (
                far,
                Some("2026-12-01T09:00:00Z"),
                day,
                "2026-12-10T08:00:01Z",
                Next::Nothing,
            ),
            // Tomorrow's interview: a day would be over when it has begun.
            (
                "2026-12-01T09:30:00Z",
                none,
                day,
                "2026-11-30T09:00:00Z",
                Next::Nothing,
            ),
            (
                "2026-12-01T13:00:00Z",
                none,
                day,
                "2026-12-01T09:00:00Z",
                Next::Remind,
            ),
            (
                "2026-12-01T12:59:00Z",
                none,
                day,
                "2026-11-30T09:00:00Z",
                Next::Nothing,
            ),
            (far, none, 1, "2026-11-30T10:00:00Z", Next::Remind),
            (far, none, day, "2026-12-11T09:00:00Z", Next::Nothing),
        ] {
            let silence = Silence {
                start: at(start),
                asked_at: at(asked),
                reminded_at: reminded.map(at),
                hours,
                zone: "UTC",
            };
            assert_eq!(silence.next(at(now)), expected, "{silence:?} at {now}");
        }
    }

    proptest! {
        #[test]
        fn a_wait_is_never_shorter_than_its_hours_and_ends_on_a_weekday(
            since in 1_750_000_000i64..1_900_000_000,
            hours in 1u32..337,
            zone in proptest::sample::select(vec!["UTC", "Asia/Tokyo", "America/New_York", "Asia/Riyadh"]),
        ) {
            let since = Instant::from_second(since);
            let due = after(since, hours, zone);
            prop_assert!(due >= since.plus_seconds(i64::from(hours) * 3600));
            // At its end the last second that was waited is one of a weekday.
            let last = due.plus_seconds(-1).timestamp().to_zoned(time::zone(zone).unwrap());
            prop_assert!(!is_weekend(last.weekday(), zone), "{last}");
        }
    }
}
