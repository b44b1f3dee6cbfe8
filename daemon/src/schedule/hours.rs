//! From hours as people say them to stretches of UTC.
//!
//! Owns what a weekly window means on a day on which the clocks change: it opens at the earlier of
//! two moments and at the first after a gap, and closes at the later of two and at the first after
//! a gap. Windows that touch are one stretch, over midnight too; an interview lies within hours
//! where one stretch holds all of it. Must not know whose hours they are.

use std::sync::Arc;

use greenroom_protocol::pipeline::Window;
use greenroom_protocol::time::Instant;
use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan as _};

use super::ranges::{Seconds, merged, without};

/// The last minute of a day, as windows count.
const MIDNIGHT: u16 = 24 * 60;

/// When nobody is asked to be in an interview, by their clock: from 21:00 to 07:00.
const NIGHT_BEGINS: u16 = 21 * 60;
const NIGHT_ENDS: u16 = 7 * 60;

/// Somebody's working hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// When they work, merged; around everything that is asked about.
    pub open: Arc<[Seconds]>,
    /// Nobody has set them.
    pub assumed: bool,
}

/// The hours of somebody who has set none: Monday to Friday, 09:00 to 17:00.
#[must_use]
pub fn assumed() -> Window {
    Window {
        days: vec![1, 2, 3, 4, 5],
        from_minute: 9 * 60,
        to_minute: 17 * 60,
    }
}

/// Whether a weekly window is one: some days, and an end after its beginning.
#[must_use]
pub fn is_window(window: &Window) -> bool {
    window.from_minute < window.to_minute
        && window.to_minute <= MIDNIGHT
        && !window.days.is_empty()
        && window.days.iter().all(|day| (1..=7).contains(day))
}

/// The stretches in which one of the weekly `windows` of a zone is open: all that touch `span`, and
/// those of two days around it.
#[must_use]
pub fn local(windows: &[Window], zone: &TimeZone, span: &Seconds) -> Vec<Seconds> {
    let mut open = Vec::new();
    for date in dates(zone, span) {
        let weekday = date.weekday().to_monday_one_offset().unsigned_abs();
        let today = windows.iter().filter(|it| it.days.contains(&weekday));
        open.extend(today.filter_map(|window| {
            let from = moment(zone, date, window.from_minute, Edge::Opening)?;
            let to = moment(zone, date, window.to_minute, Edge::Closing)?;
            Some(from..to)
        }));
    }
    merged(open)
}

/// The nights of a zone that touch `span`, and those around it.
#[must_use]
pub fn nights(zone: &TimeZone, span: &Seconds) -> Vec<Seconds> {
    let daily = |from_minute, to_minute| Window {
        days: (1..=7).collect(),
        from_minute,
        to_minute,
    };
    let night = [daily(0, NIGHT_ENDS), daily(NIGHT_BEGINS, MIDNIGHT)];
    local(&night, zone, span)
}

/// The part of `span` that is no night in a zone.
#[must_use]
pub fn awake(zone: &TimeZone, span: &Seconds) -> Vec<Seconds> {
    without(&merged(vec![span.clone()]), &nights(zone, span))
}

/// The local dates of `span`, and two more on both sides.
fn dates(zone: &TimeZone, span: &Seconds) -> impl Iterator<Item = Date> {
    let local = |second| {
        let at = Instant::from_second(second).timestamp();
        at.to_zoned(zone.clone()).date()
    };
    let last = local(span.end).saturating_add(2.days());
    let first = local(span.start).saturating_sub(2.days());
    first.series(1.day()).take_while(move |date| *date <= last)
}

/// Which end of a window.
#[derive(Clone, Copy, PartialEq, Eq)]
enum Edge {
    Opening,
    Closing,
}

/// The moment of a minute of a local day; `None`: beyond what there is a calendar for.
fn moment(zone: &TimeZone, date: Date, minute: u16, edge: Edge) -> Option<i64> {
    let at = match minute {
        MIDNIGHT => date.tomorrow().ok()?.to_datetime(Time::midnight()),
        _ => {
            let (hour, minute) = (
                i8::try_from(minute / 60).ok()?,
                i8::try_from(minute % 60).ok()?,
            );
            date.to_datetime(Time::new(hour, minute, 0, 0).ok()?)
        }
    };
    let moment = match (zone.to_ambiguous_timestamp(at).offset(), edge) {
        (AmbiguousOffset::Unambiguous { offset }, _)
        | (AmbiguousOffset::Fold { before: offset, .. }, Edge::Opening)
        | (AmbiguousOffset::Fold { after: offset, .. }, Edge::Closing) => {
            offset.to_timestamp(at).ok()?
        }
        (AmbiguousOffset::Gap { before, .. }, _) => after_gap(zone, before.to_timestamp(at).ok()?),
    };
    Some(moment.as_second())
}

/// The first moment after a gap, from one that the clocks before it would have shown within it.
fn after_gap(zone: &TimeZone, within: Timestamp) -> Timestamp {
    let next = Instant::from(within).plus_seconds(1).timestamp();
    let change = zone.preceding(next).next();
    change.map_or(within, |it| it.timestamp())
}

#[cfg(test)]
mod tests {
    use super::*;

    fn second(text: &str) -> i64 {
        text.parse::<Timestamp>().unwrap().as_second()
    }

    fn window(days: &[u8], from: (u16, u16), to: (u16, u16)) -> Window {
        Window {
            days: days.to_vec(),
            from_minute: from.0 * 60 + from.1,
            to_minute: to.0 * 60 + to.1,
        }
    }

    fn shown(ranges: &[Seconds], within: &Seconds) -> Vec<String> {
        let text = |at| Instant::from_second(at).to_string();
        let near = ranges
            .iter()
            .filter(|it| it.start < within.end && within.start < it.end);
        near.map(|it| format!("{} {}", text(it.start), text(it.end)))
            .collect()
    }

    fn open(windows: &[Window], zone: &str, day: &str) -> Vec<String> {
        let zone = TimeZone::get(zone).unwrap();
        let from = second(&format!("{day}T00:00:00Z"));
        let span = from..from + 86400;
        shown(&local(windows, &zone, &span), &span)
    }

    #[test]
    fn a_window_means_the_same_clock_in_summer_and_winter() {
        let usual = [assumed()];
        let of = |day| open(&usual, "Europe/Berlin", day);
        assert_eq!(
            of("2026-12-01"),
            ["2026-12-01T08:00:00Z 2026-12-01T16:00:00Z"]
        );
        assert_eq!(
            of("2026-07-01"),
            ["2026-07-01T07:00:00Z 2026-07-01T15:00:00Z"]
        );
        assert_eq!(of("2026-11-28"), Vec::<String>::new());
    }

    /// In Berlin the clocks go from 02:00 to 03:00 on 2027-03-28, and from 03:00 back to 02:00 on
    /// 2026-10-25.
    #[test]
    fn a_window_opens_late_and_closes_late_where_the_clocks_change() {
        let sunday = |from, to| [window(&[7], from, to)];
        let gap = |from, to| open(&sunday(from, to), "Europe/Berlin", "2027-03-28");
        assert_eq!(
            gap((2, 30), (4, 0)),
            ["2027-03-28T01:00:00Z 2027-03-28T02:00:00Z"]
        );
        assert_eq!(
            gap((1, 0), (2, 30)),
            ["2027-03-28T00:00:00Z 2027-03-28T01:00:00Z"]
        );
        assert_eq!(gap((2, 0), (3, 0)), Vec::<String>::new());
        let fold = |from, to| open(&sunday(from, to), "Europe/Berlin", "2026-10-25");
        assert_eq!(
            fold((2, 30), (4, 0)),
            ["2026-10-25T00:30:00Z 2026-10-25T03:00:00Z"]
        );
        assert_eq!(
            fold((1, 0), (2, 30)),
            ["2026-10-24T23:00:00Z 2026-10-25T01:30:00Z"]
        );
        assert_eq!(
            fold((2, 15), (2, 30)),
            ["2026-10-25T00:15:00Z 2026-10-25T01:30:00Z"]
        );
    }

    /// Samoa had no 30 December 2011.
    #[test]
    fn a_day_that_does_not_exist_has_no_hours() {
        let every = [window(&[1, 2, 3, 4, 5, 6, 7], (9, 0), (17, 0))];
        let found = open(&every, "Pacific/Apia", "2011-12-30");
        assert_eq!(
            found,
            [
                "2011-12-29T19:00:00Z 2011-12-30T03:00:00Z",
                "2011-12-30T19:00:00Z 2011-12-31T03:00:00Z"
            ]
        );
    }

    #[test]
    fn windows_that_touch_are_one_over_midnight_too() {
        let windows = [
            window(&[1], (9, 0), (12, 0)),
            window(&[1], (12, 0), (24, 0)),
            window(&[2], (0, 0), (3, 0)),
        ];
        let found = open(&windows, "Asia/Kolkata", "2026-11-30");
        assert_eq!(found, ["2026-11-30T03:30:00Z 2026-11-30T21:30:00Z"]);
    }

    #[test]
    fn the_night_is_from_nine_to_seven() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let from = second("2026-12-01T00:00:00Z");
        let span = from..from + 86400;
        let awake: Vec<_> = shown(&awake(&zone, &span), &span);
        assert_eq!(
            awake,
            [
                "2026-12-01T00:00:00Z 2026-12-01T13:00:00Z",
                "2026-12-01T23:00:00Z 2026-12-02T00:00:00Z"
            ]
        );
    }
}
