//! Times as people read them: relative when near, absolute when it matters.
//!
//! Owns the wording of days, clocks and ages. An instant is always shown in a zone that the caller
//! names; nothing here reads the clock or the machine's zone.

use jiff::civil::{Date, Weekday};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

/// An instant in a zone.
pub(crate) fn at(instant: Timestamp, zone: &TimeZone) -> Zoned {
    instant.to_zoned(zone.clone())
}

/// `Tue 1 Dec`, with the year when it is another than this one.
pub(crate) fn day(date: Date, today: Date) -> String {
    let name = weekday(date.weekday());
    let month = MONTHS[(date.month() - 1) as usize];
    if date.year() == today.year() {
        format!("{name} {} {month}", date.day())
    } else {
        format!("{name} {} {month} {}", date.day(), date.year())
    }
}

/// `1 Dec`
pub(crate) fn short_day(date: Date) -> String {
    format!("{} {}", date.day(), MONTHS[(date.month() - 1) as usize])
}

/// `10:00`
pub(crate) fn clock(time: &Zoned) -> String {
    format!("{:02}:{:02}", time.hour(), time.minute())
}

/// `Tue 1 Dec 10:00`
pub(crate) fn moment(instant: Timestamp, zone: &TimeZone, now: Timestamp) -> String {
    let time = at(instant, zone);
    format!(
        "{} {}",
        day(time.date(), at(now, zone).date()),
        clock(&time)
    )
}

/// `09:12` of today, else `Mon 23 Nov 09:12`.
pub(crate) fn near(instant: Timestamp, zone: &TimeZone, now: Timestamp) -> String {
    let time = at(instant, zone);
    match time.date() == at(now, zone).date() {
        true => clock(&time),
        false => moment(instant, zone, now),
    }
}

/// `Tue 1 Dec 10:00–10:45`
pub(crate) fn span(start: Timestamp, minutes: i64, zone: &TimeZone, now: Timestamp) -> String {
    let end = start
        .checked_add(jiff::SignedDuration::from_mins(minutes))
        .unwrap_or(start);
    format!("{}–{}", moment(start, zone, now), clock(&at(end, zone)))
}

/// A time as the time field writes it: `Thu 3 Dec 14:00`, with the year where it is another than
/// `year`. One that comes twice where the clocks go back is written with its offset, and so is one
/// between two minutes.
pub(crate) fn written(time: &Zoned, year: i16) -> String {
    let zone = time.time_zone();
    let once = zone.to_ambiguous_timestamp(time.datetime());
    if once.is_ambiguous() || time.second() != 0 {
        return time.strftime("%Y-%m-%dT%H:%M:%S%:z").to_string();
    }
    let name = weekday(time.date().weekday());
    let year = match time.year() == year {
        true => String::new(),
        false => format!(" {}", time.year()),
    };
    format!("{name} {}{year} {}", short_day(time.date()), clock(time))
}

/// The quarter of an hour that many after a time; before it where `steps` is negative.
pub(crate) fn quarter(time: &Zoned, steps: i64) -> Zoned {
    let past = i64::from(time.minute()) % 15 * 60 + i64::from(time.second());
    let whole = match (past, steps < 0) {
        (0, _) | (_, false) => 0,
        // The quarter it is in counts as one back.
        (_, true) => 1,
    };
    let seconds = (steps + whole) * 15 * 60 - past;
    let moved = time.checked_add(jiff::SignedDuration::from_secs(seconds));
    moved.unwrap_or_else(|_| time.clone())
}

/// How long ago, in the width of a column: `now`, `12 min`, `3 h`, `2 d`, `5 w`.
pub(crate) fn age(then: Timestamp, now: Timestamp) -> String {
    let minutes = now.duration_since(then).as_mins();
    match minutes {
        ..1 => "now".to_owned(),
        1..60 => format!("{minutes} min"),
        60..1_440 => format!("{} h", minutes / 60),
        1_440..20_160 => format!("{} d", minutes / 1_440),
        _ => format!("{} w", minutes / 10_080),
    }
}

/// How soon, coarse: `in 12 min`, `in 3 h`, `in 2 d`; minutes are rounded up, so that nothing begins
/// "in 0 min".
pub(crate) fn until(then: Timestamp, now: Timestamp) -> String {
    let seconds = then.duration_since(now).as_secs().max(0);
    let minutes = (seconds + 59) / 60;
    match minutes {
        ..90 => format!("in {minutes} min"),
        90..2_880 => format!("in {} h", (minutes + 30) / 60),
        _ => format!("in {} d", (minutes + 720) / 1_440),
    }
}

/// The same for narrow columns: `now`, `12m`, `3h`, `2d`, `5w`.
pub(crate) fn short_age(then: Timestamp, now: Timestamp) -> String {
    age(then, now).replace(" min", "m").replace(' ', "")
}

/// What is left of a time, `4:07`; `0:00` when it is over.
pub(crate) fn left(until: Timestamp, now: Timestamp) -> String {
    let seconds = until.duration_since(now).as_secs().max(0);
    format!("{}:{:02}", seconds / 60, seconds % 60)
}

/// The city of a zone: `Kolkata` of `Asia/Kolkata`.
pub(crate) fn city(zone: &str) -> String {
    zone.rsplit('/').next().unwrap_or(zone).replace('_', " ")
}

/// The Monday of a date's week.
pub(crate) fn monday(date: Date) -> Date {
    let back = date.weekday().to_monday_zero_offset();
    date.checked_sub(jiff::Span::new().days(i64::from(back)))
        .unwrap_or(date)
}

/// What becomes of the clock on a day that is longer or shorter than others.
pub(crate) fn clock_change(date: Date, zone: &TimeZone) -> Option<String> {
    let begin = date.to_zoned(zone.clone()).ok()?;
    let end = date.tomorrow().ok()?.to_zoned(zone.clone()).ok()?;
    let minutes = end.timestamp().duration_since(begin.timestamp()).as_mins() - 24 * 60;
    let amount = match minutes.abs() {
        60 => "an hour".to_owned(),
        other => format!("{other} minutes"),
    };
    match minutes {
        0 => None,
        1.. => Some(format!("clocks go back {amount}")),
        _ => Some(format!("clocks go forward {amount}")),
    }
}

const MONTHS: [&str; 12] = [
    "Jan", "Feb", "Mar", "Apr", "May", "Jun", "Jul", "Aug", "Sep", "Oct", "Nov", "Dec",
];

/// `Tue`
pub(crate) fn weekday(weekday: Weekday) -> &'static str {
    ["Mon", "Tue", "Wed", "Thu", "Fri", "Sat", "Sun"]
        [weekday.to_monday_zero_offset().unsigned_abs() as usize]
}

#[cfg(test)]
mod tests {
    use super::*;

    fn instant(text: &str) -> Timestamp {
        text.parse().unwrap()
    }

    #[test]
    fn an_interview_reads_in_the_zone_it_is_shown_in() {
        let start = instant("2026-12-01T09:00:00Z");
        let now = instant("2026-11-22T12:00:00Z");
        let berlin = TimeZone::get("Europe/Berlin").unwrap();
        let kolkata = TimeZone::get("Asia/Kolkata").unwrap();
        assert_eq!(span(start, 45, &berlin, now), "Tue 1 Dec 10:00–10:45");
        assert_eq!(moment(start, &kolkata, now), "Tue 1 Dec 14:30");
        assert_eq!(
            moment(instant("2027-01-04T09:00:00Z"), &berlin, now),
            "Mon 4 Jan 2027 10:00"
        );
    }

    #[test]
    fn what_comes_is_coarse_and_never_begins_in_no_minutes() {
        let now = instant("2026-11-22T12:00:00Z");
        for (then, words) in [
            ("2026-11-22T12:00:01Z", "in 1 min"),
            ("2026-11-22T12:12:00Z", "in 12 min"),
            ("2026-11-22T13:29:00Z", "in 89 min"),
            ("2026-11-22T14:29:00Z", "in 2 h"),
            ("2026-11-23T12:00:00Z", "in 24 h"),
            ("2026-11-25T11:00:00Z", "in 3 d"),
        ] {
            assert_eq!(until(instant(then), now), words, "{then}");
        }
    }

    #[test]
    fn ages_are_coarse_and_never_negative() {
        let now = instant("2026-11-22T12:00:00Z");
        let ages = [
            ("2026-11-22T12:05:00Z", "now"),
            ("2026-11-22T11:48:00Z", "12 min"),
            ("2026-11-22T09:00:00Z", "3 h"),
            ("2026-11-20T11:00:00Z", "2 d"),
            ("2026-10-18T12:00:00Z", "5 w"),
        ];
        for (then, said) in ages {
            assert_eq!(age(instant(then), now), said);
        }
    }

    #[test]
    fn a_week_begins_on_monday() {
        let sunday: Date = "2026-11-22".parse().unwrap();
        assert_eq!(monday(sunday).to_string(), "2026-11-16");
        assert_eq!(weekday(sunday.weekday()), "Sun");
    }
}
