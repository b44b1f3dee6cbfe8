//! From hours as people say them to stretches of UTC.
//!
//! Owns what a weekly window means on a day on which the clocks change: it opens at the earlier of
//! two moments and at the first after a gap, and closes at the later of two and at the first after
//! a gap. Windows that touch are one stretch, over midnight too; an interview lies within hours
//! where one stretch holds all of it. And it owns what goes before what on one day: hours set for
//! that date, then a day off, then the week. Must not know whose hours they are.

use std::collections::BTreeMap;
use std::sync::Arc;

use greenroom_protocol::availability::DayWindow;
use greenroom_protocol::pipeline::{Night, NightHours, Window};
use greenroom_protocol::time::Instant;
use jiff::civil::{Date, Time};
use jiff::tz::{AmbiguousOffset, TimeZone};
use jiff::{Timestamp, ToSpan as _};

use super::ranges::{Seconds, common, merged, without};

/// The last minute of a day, as windows count.
const MIDNIGHT: u16 = 24 * 60;

/// Who says when somebody works.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Said {
    /// Somebody has set it.
    Set,
    /// Nobody has; a calendar of theirs that others keep has it.
    Calendar,
    /// Nobody has: the usual hours are assumed.
    Assumed,
}

/// Somebody's working hours, around everything that is asked about.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Hours {
    /// When they work, merged.
    pub open: Arc<[Seconds]>,
    /// When they would if no day were off, merged.
    pub usual: Arc<[Seconds]>,
    /// Days off, in order. An interview lies in one stretch of `open` exactly where one of `usual`
    /// holds it and no part of it is here.
    pub off: Arc<[Off]>,
    /// Who says their week.
    pub said: Said,
}

impl Hours {
    /// Hours without any day off.
    #[must_use]
    pub fn of(open: impl Into<Arc<[Seconds]>>, said: Said) -> Self {
        let open = open.into();
        Self {
            usual: open.clone(),
            open,
            off: Arc::default(),
            said,
        }
    }
}

/// A day off, or the part of one in which nothing else is said.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Off {
    /// From when to when.
    pub span: Seconds,
    /// The day, by the member's calendar.
    pub date: Date,
    /// What it is, where it is the workspace's; `None`: their own day off.
    pub label: Option<Arc<str>>,
}

/// What a date has in place of the weekly hours.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Special {
    /// Hours set for this date; none: off.
    Hours(Vec<DayWindow>),
    /// A day off of this name.
    Off(Arc<str>),
}

/// The hours of somebody who works in the `weekly` windows of a zone but on `special` dates: around
/// `span`, and two days beyond.
#[must_use]
pub fn working(
    weekly: &[Window],
    special: &BTreeMap<Date, Special>,
    said: Said,
    zone: &TimeZone,
    span: &Seconds,
) -> Hours {
    if special.is_empty() {
        return Hours::of(local(weekly, zone, span), said);
    }
    let (mut open, mut usual, mut off) = (Vec::new(), Vec::new(), Vec::new());
    for date in dates(zone, span) {
        let label = match special.get(&date) {
            None => {
                open.extend(of_week(weekly, zone, date));
                usual.extend(of_week(weekly, zone, date));
                continue;
            }
            Some(Special::Hours(own)) if !own.is_empty() => {
                let own = own.iter().filter_map(|it| {
                    let (from, to) = (it.from_minute, it.to_minute);
                    stretch(zone, date, from, to)
                });
                let own: Vec<_> = own.collect();
                usual.extend(own.iter().cloned());
                open.extend(own);
                continue;
            }
            Some(Special::Hours(_)) => None,
            Some(Special::Off(label)) => Some(label.clone()),
        };
        // On a fold at midnight a window of the day may end after the day does.
        let would_be: Vec<_> = of_week(weekly, zone, date).collect();
        let whole = stretch(zone, date, 0, MIDNIGHT).into_iter();
        let parts = merged(whole.chain(would_be.iter().cloned()).collect());
        usual.extend(would_be);
        off.push((date, label, parts));
    }
    let open = merged(open);
    let off = off.into_iter().flat_map(|(date, label, parts)| {
        let rest = without(&parts, &open).into_iter();
        rest.map(move |span| Off {
            span,
            date,
            label: label.clone(),
        })
    });
    let off: Arc<[Off]> = off.collect();
    Hours {
        open: open.into(),
        usual: merged(usual).into(),
        off,
        said,
    }
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

/// Whether a weekly window says days, and ends after it begins on the same day.
#[must_use]
pub fn is_window(window: &Window) -> bool {
    let within = is_day_window(window.from_minute, window.to_minute);
    within && !window.days.is_empty() && window.days.iter().all(|day| (1..=7).contains(day))
}

/// Whether a window of one day ends after it begins on that day.
#[must_use]
pub fn is_day_window(from_minute: u16, to_minute: u16) -> bool {
    from_minute < to_minute && to_minute <= MIDNIGHT
}

/// The stretches in which one of the weekly `windows` of a zone is open: all that touch `span`, and
/// those of two days around it.
#[must_use]
pub fn local(windows: &[Window], zone: &TimeZone, span: &Seconds) -> Vec<Seconds> {
    let mut open = Vec::new();
    for date in dates(zone, span) {
        open.extend(of_week(windows, zone, date));
    }
    merged(open)
}

/// The stretches of one date by the weekly windows.
fn of_week(windows: &[Window], zone: &TimeZone, date: Date) -> impl Iterator<Item = Seconds> {
    let weekday = date.weekday().to_monday_one_offset().unsigned_abs();
    let today = windows.iter().filter(move |it| it.days.contains(&weekday));
    today.filter_map(move |it| stretch(zone, date, it.from_minute, it.to_minute))
}

/// From one minute of a local day to another.
fn stretch(zone: &TimeZone, date: Date, from_minute: u16, to_minute: u16) -> Option<Seconds> {
    let from = moment(zone, date, from_minute, Edge::Opening)?;
    let to = moment(zone, date, to_minute, Edge::Closing)?;
    Some(from..to)
}

/// Whether somebody's weekly hours and a stage's have a stretch of so many minutes in common, in any
/// week and by one clock.
#[must_use]
pub fn have_room(weekly: &[Window], stage: &[Window], minutes: u32) -> bool {
    const FORTNIGHT: Seconds = 0..14 * 24 * 3600;
    let open = |windows| local(windows, &TimeZone::UTC, &FORTNIGHT);
    let both = common(&open(weekly), &open(stage));
    let long_enough = |it: &Seconds| it.end - it.start >= i64::from(minutes) * 60;
    both.iter().any(long_enough)
}

/// Whether a night has hours of the day, and does not end where it begins.
#[must_use]
pub fn is_night(night: Night) -> bool {
    let Night::Hours(hours) = night else {
        return true;
    };
    let (from, to) = (hours.from_minute, hours.to_minute);
    from != to && from < MIDNIGHT && to < MIDNIGHT
}

/// The nights of a zone that touch `span`, and those around it.
#[must_use]
pub fn nights(hours: NightHours, zone: &TimeZone, span: &Seconds) -> Vec<Seconds> {
    let daily = |from_minute, to_minute| Window {
        days: (1..=7).collect(),
        from_minute,
        to_minute,
    };
    let (from, to) = (hours.from_minute, hours.to_minute);
    let night = match from < to {
        true => vec![daily(from, to)],
        false => vec![daily(0, to), daily(from, MIDNIGHT)],
    };
    local(&night, zone, span)
}

/// The part of `span` that is no night in a zone.
#[must_use]
pub fn awake(night: Night, zone: &TimeZone, span: &Seconds) -> Vec<Seconds> {
    let asleep = match night {
        Night::Off => Vec::new(),
        Night::Hours(hours) => nights(hours, zone, span),
    };
    without(&merged(vec![span.clone()]), &asleep)
}

/// The local dates of `span`, and two more on both sides: those that decide about it.
pub fn dates(zone: &TimeZone, span: &Seconds) -> impl Iterator<Item = Date> {
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
    use proptest::prelude::*;

    use super::*;
    use crate::schedule::ranges::hold;

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
    fn hours_have_room_for_an_interview_where_both_are_open_for_long_enough() {
        let usual = [assumed()];
        let stage = |from, to| [window(&[5, 6], from, to)];
        assert!(have_room(&usual, &stage((16, 0), (18, 0)), 60));
        assert!(!have_room(&usual, &stage((16, 0), (18, 0)), 61));
        assert!(!have_room(&usual, &stage((17, 0), (20, 0)), 5));
        assert!(!have_room(&[], &stage((9, 0), (17, 0)), 5));
        // Over midnight, and over the end of a week.
        let late = [window(&[7], (22, 0), (24, 0)), window(&[1], (0, 0), (1, 0))];
        assert!(have_room(&late, &late, 180));
        assert!(!have_room(&late, &late, 181));
    }

    #[test]
    fn a_night_goes_over_midnight_where_it_ends_before_it_begins() {
        let day = second("2026-12-01T00:00:00Z")..second("2026-12-02T00:00:00Z");
        let night = |from_minute, to_minute| {
            let hours = NightHours {
                from_minute,
                to_minute,
            };
            shown(&nights(hours, &TimeZone::UTC, &day), &day)
        };
        assert_eq!(
            night(21 * 60, 7 * 60),
            [
                "2026-11-30T21:00:00Z 2026-12-01T07:00:00Z",
                "2026-12-01T21:00:00Z 2026-12-02T07:00:00Z"
            ]
        );
        assert_eq!(night(0, 360), ["2026-12-01T00:00:00Z 2026-12-01T06:00:00Z"]);
        assert_eq!(
            night(1200, 0),
            ["2026-12-01T20:00:00Z 2026-12-02T00:00:00Z"]
        );
        let is = |from_minute, to_minute| {
            is_night(Night::Hours(NightHours {
                from_minute,
                to_minute,
            }))
        };
        assert!(is_night(Night::Off) && is_night(Night::default()) && is(0, 360) && is(1200, 0));
        assert!(!is(420, 420) && !is(1440, 420) && !is(1260, 1440));
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

    fn special(day: &str, what: Special) -> BTreeMap<Date, Special> {
        [(day.parse().unwrap(), what)].into()
    }

    fn worked(zone: &str, day: &str, special: &BTreeMap<Date, Special>) -> Hours {
        let zone = TimeZone::get(zone).unwrap();
        let from = second(&format!("{day}T00:00:00Z"));
        working(
            &[assumed()],
            special,
            Said::Assumed,
            &zone,
            &(from..from + 86400),
        )
    }

    /// The decision: hours of the date, then a day off, then the week.
    #[test]
    fn hours_of_a_date_go_before_a_day_off_and_both_before_the_week() {
        let day = "2026-12-24";
        let within = second("2026-12-24T00:00:00Z")..second("2026-12-25T00:00:00Z");
        let berlin = |what| worked("Europe/Berlin", day, &special(day, what));
        let shorter = Special::Hours(vec![DayWindow {
            from_minute: 9 * 60,
            to_minute: 12 * 60,
        }]);
        let hours = berlin(shorter);
        let told = ["2026-12-24T08:00:00Z 2026-12-24T11:00:00Z"];
        assert_eq!(shown(&hours.open, &within), told);
        assert_eq!(shown(&hours.usual, &within), told);
        assert!(hours.off.is_empty());

        for (what, label) in [
            (Special::Hours(Vec::new()), None),
            (Special::Off("Christmas Eve".into()), Some("Christmas Eve")),
        ] {
            let hours = berlin(what);
            assert_eq!(shown(&hours.open, &within), [""; 0]);
            let usual = ["2026-12-24T08:00:00Z 2026-12-24T16:00:00Z"];
            assert_eq!(shown(&hours.usual, &within), usual);
            let off: Vec<_> = hours.off.iter().map(|it| it.span.clone()).collect();
            let whole = ["2026-12-23T23:00:00Z 2026-12-24T23:00:00Z"];
            assert_eq!(shown(&off, &within), whole);
            assert_eq!(hours.off[0].label.as_deref(), label);
        }
    }

    /// On 2026-11-01 Havana's clocks go from 01:00 back to 00:00: the day before ends an hour later
    /// for its windows, and a day off there takes nothing of that.
    #[test]
    fn a_day_off_ends_where_the_day_does_and_leaves_the_day_before() {
        let late = Window {
            days: vec![6, 7],
            from_minute: 20 * 60,
            to_minute: MIDNIGHT,
        };
        let zone = TimeZone::get("America/Havana").unwrap();
        let span = second("2026-10-31T00:00:00Z")..second("2026-11-03T00:00:00Z");
        let sunday = special("2026-11-01", Special::Off("Sunday".into()));
        let hours = working(&[late], &sunday, Said::Set, &zone, &span);
        let told = ["2026-11-01T00:00:00Z 2026-11-01T05:00:00Z"];
        assert_eq!(shown(&hours.open, &span), told);
        let off: Vec<_> = hours.off.iter().map(|it| it.span.clone()).collect();
        let told = ["2026-11-01T05:00:00Z 2026-11-02T05:00:00Z"];
        assert_eq!(shown(&off, &span), told);
    }

    proptest! {
        /// An interview is in the hours exactly where the predicate finds neither fault.
        #[test]
        fn what_is_open_is_what_is_usual_and_not_off(
            zone in 0usize..5,
            days in proptest::collection::vec((0i64..6, 0u8..3), 0..4),
            (start, length) in (0i64..5 * 288, 1i64..60),
        ) {
            let (zone, from) = [
                ("Europe/Berlin", "2026-10-23T00:00:00Z"),
                ("America/Havana", "2026-10-30T00:00:00Z"),
                ("Australia/Lord_Howe", "2027-04-02T00:00:00Z"),
                ("Asia/Kathmandu", "2026-12-24T00:00:00Z"),
                ("America/Santiago", "2026-09-04T00:00:00Z"),
            ][zone];
            let zone = TimeZone::get(zone).unwrap();
            let span = second(from)..second(from) + 6 * 86400;
            let first = Instant::from_second(span.start).timestamp().to_zoned(zone.clone()).date();
            let special: BTreeMap<Date, Special> = days.into_iter().map(|(day, what)| {
                let own = DayWindow { from_minute: 0, to_minute: 5 * 60 };
                let what = match what {
                    0 => Special::Hours(vec![own]),
                    1 => Special::Hours(Vec::new()),
                    _ => Special::Off("off".into()),
                };
                (first.saturating_add(day.days()), what)
            }).collect();
            let weekly = [window(&[1, 2, 3, 4, 5, 6, 7], (0, 0), (24, 0)), window(&[5], (9, 0), (17, 0))];
            let hours = working(&weekly[..], &special, Said::Set, &zone, &span);
            let start = span.start + start * 300;
            let part = start..start + length * 300;
            let is_off = hours.off.iter().any(|it| it.span.start < part.end && part.start < it.span.end);
            prop_assert_eq!(hold(&hours.open, &part), hold(&hours.usual, &part) && !is_off);
            let none = working(&weekly[..], &BTreeMap::new(), Said::Set, &zone, &span);
            prop_assert!(hold(&none.open, &part) || !hold(&hours.open, &part));
        }
    }

    #[test]
    fn the_night_is_from_nine_to_seven() {
        let zone = TimeZone::get("Asia/Shanghai").unwrap();
        let from = second("2026-12-01T00:00:00Z");
        let span = from..from + 86400;
        let awake: Vec<_> = shown(&awake(Night::default(), &zone, &span), &span);
        assert_eq!(
            awake,
            [
                "2026-12-01T00:00:00Z 2026-12-01T13:00:00Z",
                "2026-12-01T23:00:00Z 2026-12-02T00:00:00Z"
            ]
        );
    }
}
