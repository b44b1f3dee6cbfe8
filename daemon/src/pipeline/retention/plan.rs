//! When somebody who was turned down is announced and erased. Pure.

use greenroom_protocol::pipeline::ANNOUNCED_DAYS;
use greenroom_protocol::time::Instant;
use jiff::Span;
use jiff::tz::TimeZone;

const DAY: i64 = 24 * 60 * 60;

/// The moment this many calendar months after `since`: the 31st becomes the last day of a shorter
/// month.
pub fn due(since: Instant, months: u32) -> Instant {
    shifted(since, i64::from(months))
}

/// Who was turned down before this moment has been so for this many months at `now`.
pub fn cutoff(now: Instant, months: u32) -> Instant {
    shifted(now, -i64::from(months))
}

/// When somebody is erased who is announced at `now`: when it is due, and no sooner than the
/// announcement allows.
pub fn erased_at(since: Instant, months: u32, now: Instant) -> Instant {
    due(since, months).max(now.plus_seconds(ANNOUNCED_DAYS * DAY))
}

/// Who was turned down before this moment is announced at `now`.
pub fn announce_before(now: Instant, months: u32) -> Instant {
    cutoff(now.plus_seconds(ANNOUNCED_DAYS * DAY), months)
}

fn shifted(at: Instant, months: i64) -> Instant {
    let local = at.timestamp().to_zoned(TimeZone::UTC);
    let span = Span::new().try_months(months).unwrap_or_default();
    match local.checked_add(span) {
        Ok(shifted) => shifted.timestamp().into(),
        Err(_) => at,
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn at(text: &str) -> Instant {
        text.parse::<jiff::Timestamp>().unwrap().into()
    }

    #[test]
    fn it_is_due_calendar_months_later_and_announced_two_weeks_before() {
        for (since, months, now, erased) in [
            (
                "2026-01-31T12:00:00Z",
                1,
                "2026-02-01T00:00:00Z",
                "2026-02-28T12:00:00Z",
            ),
            (
                "2026-01-15T12:00:00Z",
                12,
                "2026-12-31T00:00:00Z",
                "2027-01-15T12:00:00Z",
            ),
            // Set when it was due long ago: announced now.
            (
                "2020-01-15T12:00:00Z",
                12,
                "2026-11-30T09:00:00Z",
                "2026-12-14T09:00:00Z",
            ),
            // A leap day.
            (
                "2024-02-29T00:00:00Z",
                12,
                "2025-02-10T00:00:00Z",
                "2025-02-28T00:00:00Z",
            ),
        ] {
            let found = erased_at(at(since), months, at(now));
            assert_eq!(found, at(erased), "{since} {months} {now}");
        }
        let now = at("2026-11-30T09:00:00Z");
        assert_eq!(announce_before(now, 12), at("2025-12-14T09:00:00Z"));
        assert_eq!(cutoff(now, 12), at("2025-11-30T09:00:00Z"));
    }
}
