//! Durations as people write them: `45m`, `1h30m`, `2h`, `1d`; and days of the calendar as moments.

use greenroom_protocol::time::Instant;
use jiff::civil::Weekday;
use jiff::{ToSpan, Zoned};

/// Minutes, from a text.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Minutes(pub(crate) u32);

impl std::str::FromStr for Minutes {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        if let Ok(bare) = text.parse::<u32>() {
            return Err(format!("add a unit: {bare}m or {bare}h"));
        }
        parse(text)
            .map(Self)
            .ok_or_else(|| "write it as 45m, 1h30m or 2h".to_owned())
    }
}

/// Numbers with units, largest unit first, each unit once.
fn parse(text: &str) -> Option<u32> {
    let mut rest = text;
    let mut minutes = 0u32;
    for (unit, worth) in [('d', 24 * 60), ('h', 60), ('m', 1)] {
        let Some((number, after)) = rest.split_once(unit) else {
            continue;
        };
        let number: u32 = number.parse().ok()?;
        minutes = minutes.checked_add(number.checked_mul(worth)?)?;
        rest = after;
    }
    (rest.is_empty() && minutes > 0).then_some(minutes)
}

/// Minutes as people write them.
pub(crate) fn written(minutes: u32) -> String {
    match (minutes / 60, minutes % 60) {
        (0, minutes) => format!("{minutes}m"),
        (hours, 0) => format!("{hours}h"),
        (hours, minutes) => format!("{hours}h{minutes}m"),
    }
}

/// A stretch of the calendar, as `from` and `to`.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) enum Stretch {
    Today,
    /// Monday to Sunday.
    Week,
}

impl Stretch {
    /// From its first moment to the first one after it, in `now`'s zone.
    pub(crate) fn around(self, now: &Zoned) -> Option<(Instant, Instant)> {
        let (first, days) = match self {
            Self::Today => (now.date(), 1),
            Self::Week => {
                let since_monday = now.weekday().since(Weekday::Monday);
                (now.date().checked_sub(since_monday.days()).ok()?, 7)
            }
        };
        let midnight = |date: jiff::civil::Date| {
            let start = date.to_zoned(now.time_zone().clone()).ok()?;
            Some(Instant::from(start.timestamp()))
        };
        Some((
            midnight(first)?,
            midnight(first.checked_add(days.days()).ok()?)?,
        ))
    }
}

/// A moment, from RFC 3339 or a day of this machine's calendar.
pub(crate) fn moment(text: &str) -> Result<Instant, String> {
    if let Ok(timestamp) = text.parse::<jiff::Timestamp>() {
        return Ok(timestamp.into());
    }
    let day: jiff::civil::Date = text
        .parse()
        .map_err(|_| "write it as 2026-12-01 or 2026-12-01T10:00:00Z".to_owned())?;
    let start = day.to_zoned(jiff::tz::TimeZone::system());
    start
        .map(|start| start.timestamp().into())
        .map_err(|error| error.to_string())
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn durations_are_read_or_refused() {
        for (text, minutes) in [
            ("45m", 45),
            ("1h30m", 90),
            ("2h", 120),
            ("1d", 1440),
            ("1d2h3m", 1563),
            ("90m", 90),
        ] {
            assert_eq!(text.parse(), Ok(Minutes(minutes)), "{text}");
        }
        for text in [
            "",
            "m",
            "0m",
            "45",
            "-5m",
            "1.5h",
            "30m1h",
            "1h30",
            "4294967295h",
            "1h 30m",
            "1hm",
        ] {
            assert!(text.parse::<Minutes>().is_err(), "{text}");
        }
        assert_eq!(
            "45".parse::<Minutes>(),
            Err("add a unit: 45m or 45h".to_owned())
        );
    }

    #[test]
    fn durations_are_written_as_they_are_read() {
        for minutes in [5, 45, 60, 90, 1440] {
            assert_eq!(written(minutes).parse(), Ok(Minutes(minutes)));
        }
    }

    #[test]
    fn days_begin_at_local_midnight_also_when_the_clock_changes() {
        // Sunday, the day the clock went back in Berlin.
        let now: Zoned = "2026-10-25T12:00[Europe/Berlin]".parse().unwrap();
        let text = |stretch: Stretch| {
            let (from, to) = stretch.around(&now).unwrap();
            format!("{from} {to}")
        };
        assert_eq!(
            text(Stretch::Today),
            "2026-10-24T22:00:00Z 2026-10-25T23:00:00Z"
        );
        assert_eq!(
            text(Stretch::Week),
            "2026-10-18T22:00:00Z 2026-10-25T23:00:00Z"
        );
    }

    #[test]
    fn moments_are_days_or_rfc_3339() {
        let moment = |text| moment(text).map(|moment| moment.to_string());
        assert_eq!(
            moment("2026-12-01T10:00:00+01:00").unwrap(),
            "2026-12-01T09:00:00Z"
        );
        assert!(moment("2026-12-01").is_ok());
        assert!(moment("tomorrow").is_err());
    }
}
