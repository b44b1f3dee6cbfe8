//! From what was said to dates and moments.
//!
//! Owns the rules by which words with several readings have one that comes first, and their names.
//! Invariant: a contradiction (a weekday and a date that differ) and readings of equal weight give
//! no primary reading. Must not know how a time is written.

use greenroom_protocol::schedule::{Ambiguous, Grain, Reading, TimeFound};
use greenroom_protocol::time::Instant;
use jiff::civil::{Date, Weekday};
use jiff::tz::{AmbiguousOffset, Offset, TimeZone};

use super::combine::{DayTime, Days, Group, Hull, Relation, TimeSaid};
use super::said::{
    Clock, DateSaid, Day, Frame, Half, Order, Part, PartName, SpanUnit, Which, monday, plus_days,
};
use super::zones::{self, ZoneReading};

/// A time as it was found, with what a caller that books wants to know besides.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub time: TimeFound,
    /// Said as a window or an open end, so that its start is no appointment's.
    pub window: bool,
    pub hull: Hull,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Settled {
    Found(Found),
    Ambiguous(Ambiguous, Hull),
}

/// Days that words can mean, with the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct DayReading {
    first: Date,
    /// The day after the last one, where several were said.
    end: Option<Date>,
    rule: &'static str,
    longer: bool,
}

const DIFFERS: &str = "weekday-differs";
const ORDER: &str = "day-or-month-first";

/// The first moment of a day.
pub(super) fn midnight(date: Date, zone: &TimeZone) -> Option<Instant> {
    let start = date.to_zoned(zone.clone()).ok()?;
    Some(Instant::from(start.timestamp()))
}

/// The day that comes first among the readings.
pub(super) fn date_of(day: &Day, frame: &Frame) -> Option<(Date, &'static str)> {
    let readings = readings(day, frame, None).ok()?;
    readings.first().map(|it| (it.first, it.rule))
}

fn one(first: Date, rule: &'static str) -> DayReading {
    DayReading {
        first,
        end: None,
        rule,
        longer: false,
    }
}

/// The readings of a day, the primary first, or why none is.
fn readings(
    day: &Day,
    frame: &Frame,
    carried: Option<Date>,
) -> Result<Vec<DayReading>, (&'static str, Vec<DayReading>)> {
    let mut found = unshifted(day, frame, carried)?;
    if let Some(shift) = day.shift {
        for reading in &mut found {
            match shift.from(reading.first) {
                Some(date) => *reading = one(date, "counted-from-day"),
                None => return Err(("out-of-range", Vec::new())),
            }
        }
    }
    Ok(found)
}

fn unshifted(
    day: &Day,
    frame: &Frame,
    carried: Option<Date>,
) -> Result<Vec<DayReading>, (&'static str, Vec<DayReading>)> {
    let none = || ("out-of-range", Vec::new());
    let dates = match (day.date, day.fixed) {
        (Some(date), fixed) => {
            let (mut dates, equal) = dates(date, day, frame);
            if let Some((fixed, rule)) = fixed {
                let agrees = dates.iter().any(|it| it.first == fixed);
                if !agrees {
                    return Err(("dates-differ", Vec::new()));
                }
                dates = vec![one(fixed, rule)];
            }
            match day.weekday {
                Some(weekday) => {
                    dates.retain(|it| it.first.weekday() == weekday);
                    if dates.is_empty() {
                        return Err((DIFFERS, Vec::new()));
                    }
                    dates.truncate(1);
                }
                None => {
                    dates.retain(|it| it.rule != "past");
                    if equal && dates.len() > 1 {
                        return Err((ORDER, dates));
                    }
                }
            }
            dates
        }
        (None, Some((fixed, rule))) => {
            if day
                .weekday
                .is_some_and(|weekday| weekday != fixed.weekday())
            {
                return Err((DIFFERS, Vec::new()));
            }
            vec![one(fixed, rule)]
        }
        (None, None) => match (day.weekday, &day.within) {
            (Some(weekday), within) => {
                weekdays(weekday, day.which, within.as_ref(), frame, carried)
            }
            (None, Some(span)) => {
                let reading = |(first, end): (Date, Date), rule| DayReading {
                    first,
                    end: Some(end),
                    rule,
                    longer: true,
                };
                let mut all = vec![reading((span.from, span.to), span.rule)];
                all.extend(span.other.map(|it| reading(it, "week-after")));
                all
            }
            // "the day after": of what was said before.
            (None, None) => carried.map(|it| one(it, "day-after")).into_iter().collect(),
        },
    };
    if dates.is_empty() {
        Err(none())
    } else {
        Ok(dates)
    }
}

/// The dates that a written date can be, the likelier first, and whether two are as likely.
fn dates(said: DateSaid, day: &Day, frame: &Frame) -> (Vec<DayReading>, bool) {
    match said {
        DateSaid::Full(date) => (vec![one(date, "date")], false),
        DateSaid::MonthDay(month, day) => (yearless(month, day, frame, "date-next"), false),
        DateSaid::DayMonth(first, second, year) => {
            (with_year(second, first, year, frame, "day-first"), false)
        }
        DateSaid::OfMonth(number) => (of_month(number, day, frame), false),
        DateSaid::Numeric(first, second, year) => {
            let month_first = with_year(first, second, year, frame, "month-first");
            let day_first = with_year(second, first, year, frame, "day-first");
            let same = first == second;
            let both = !same && !month_first.is_empty() && !day_first.is_empty();
            let (mut all, rest) = match frame.order {
                Order::MonthFirst => (month_first, day_first),
                Order::DayFirst | Order::Both => (day_first, month_first),
            };
            if !same {
                all.extend(rest.into_iter().filter(|it| it.rule != "past"));
            }
            // What is past in one order stays behind the other order.
            all.sort_by_key(|it| it.rule == "past");
            (all, both && frame.order == Order::Both)
        }
    }
}

fn with_year(
    month: i8,
    day: i8,
    year: Option<i16>,
    frame: &Frame,
    rule: &'static str,
) -> Vec<DayReading> {
    match year {
        Some(year) => Date::new(year, month, day)
            .ok()
            .map(|it| one(it, rule))
            .into_iter()
            .collect(),
        None => yearless(month, day, frame, rule),
    }
}

/// How long ago a date without a year may be that its weekday says is past.
const RECENT_DAYS: i32 = 60;

/// Without a year: the next one from today on; the last one too, for a weekday that says so.
fn yearless(month: i8, day: i8, frame: &Frame, rule: &'static str) -> Vec<DayReading> {
    let year = frame.today.year();
    // A 29 February can be four years ahead, or eight around 2100.
    let next = (0..=8)
        .filter_map(|ahead| Date::new(year + ahead, month, day).ok())
        .find(|it| *it >= frame.today);
    let recent = plus_days(frame.today, -RECENT_DAYS);
    let past = Date::new(year, month, day)
        .ok()
        .filter(|it| *it < frame.today && recent.is_none_or(|recent| *it >= recent));
    let mut all: Vec<_> = next.map(|it| one(it, rule)).into_iter().collect();
    all.extend(past.map(|it| one(it, "past")));
    all
}

/// A day of the month without a month: in the month or week named, else the next one.
fn of_month(number: i8, day: &Day, frame: &Frame) -> Vec<DayReading> {
    let first = match &day.within {
        Some(span) if span.unit == SpanUnit::Month => {
            let date = Date::new(span.from.year(), span.from.month(), number);
            return date
                .ok()
                .map(|it| one(it, "day-of-month"))
                .into_iter()
                .collect();
        }
        Some(span) => span.from,
        None => frame.today,
    };
    let mut found = Vec::new();
    let mut month = first.first_of_month();
    for _ in 0..3 {
        if let Ok(date) = Date::new(month.year(), month.month(), number)
            && date >= first
            && (found.is_empty() || day.weekday.is_some())
        {
            found.push(one(date, "day-of-month"));
        }
        let Some(next) = plus_days(month, i32::from(month.days_in_month())) else {
            break;
        };
        month = next;
    }
    found
}

/// R2: which day a weekday is.
fn weekdays(
    weekday: Weekday,
    which: Which,
    within: Option<&super::said::Span>,
    frame: &Frame,
    carried: Option<Date>,
) -> Vec<DayReading> {
    let today = frame.today;
    let at = i32::from(weekday.to_monday_zero_offset());
    let in_week = |from: Date, weeks: i32| plus_days(monday(from)?, weeks * 7 + at);
    let ahead = i32::from(today.weekday().until(weekday));
    let after = |day: Date| {
        let ahead = i32::from(day.weekday().until(weekday));
        plus_days(day, if ahead == 0 { 7 } else { ahead })
    };
    let next = after(today);
    let mut all: Vec<DayReading> = Vec::new();
    let mut push = |date: Option<Date>, rule| all.extend(date.map(|date| one(date, rule)));
    if let Some(span) = within {
        match span.unit {
            SpanUnit::Week => {
                push(in_week(span.from, 0), "weekday-in-week");
                if let Some((other, _)) = span.other {
                    push(in_week(other, 0), "week-after");
                }
            }
            _ => {
                let first = plus_days(span.from, i32::from(span.from.weekday().until(weekday)));
                push(first, "weekday-in-span");
            }
        }
        return all;
    }
    match which {
        Which::Bare => {
            push(next, "weekday-next");
            if ahead == 0 {
                push(Some(today), "weekday-today");
            }
        }
        Which::Each => push(next, "weekday-next-of-each"),
        Which::This => {
            let this = in_week(today, 0).filter(|it| *it >= today);
            push(this.or(next), "weekday-this");
            if ahead == 0 {
                push(next, "weekday-next");
            }
        }
        Which::Next => {
            let of_next_week = in_week(today, 1);
            push(of_next_week, "weekday-of-next-week");
            let sooner = in_week(today, 0).filter(|it| *it > today);
            match sooner {
                Some(sooner) => push(Some(sooner), "weekday-next"),
                None => push(in_week(today, 2), "weekday-later"),
            }
        }
        Which::Last => {
            let back = i32::from(weekday.until(today.weekday()));
            let back = if back == 0 { 7 } else { back };
            push(plus_days(today, -back), "weekday-last");
        }
        Which::Later(weeks) => {
            push(
                next.and_then(|it| plus_days(it, weeks * 7)),
                "weekday-later",
            );
        }
        Which::AfterThat => match carried {
            Some(carried) => push(after(carried), "weekday-after"),
            None => push(in_week(today, 1), "weekday-of-next-week"),
        },
    }
    all
}

/// Minutes since midnight from and to, with the rule.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
struct Minutes {
    from: i32,
    to: Option<i32>,
    rule: &'static str,
}

/// The two times of an hour by the clock of twelve.
fn both(clock: &Clock) -> (i32, i32) {
    let base = clock.minute % 720;
    (base, base + 720)
}

fn known(clock: &Clock) -> bool {
    clock.half != Half::Unknown
}

/// What a clock can mean, the primary first.
fn clock(clock: &Clock, hint: Option<&Part>) -> Vec<(i32, &'static str)> {
    let minute = clock.minute;
    match clock.half {
        Half::Known => vec![(minute, "clock")],
        Half::TwelveAm => vec![(0, "twelve-am"), (720, "twelve-pm")],
        Half::TwelvePm => vec![(720, "twelve-pm"), (0, "twelve-am")],
        Half::Midnight => vec![(1440, "midnight-ends-day"), (0, "midnight-begins-day")],
        Half::Unknown => {
            let (am, pm) = both(clock);
            if let Some(part) = hint {
                return vec![(in_part(am, pm, part.name), "part-of-day")];
            }
            // 7 to 11 in the morning, 12 at noon, 1 to 6 in the afternoon.
            let morning = (7 * 60..12 * 60).contains(&am);
            match morning {
                true => vec![(am, BARE), (pm, "twelve-hours-later")],
                false => vec![(pm, BARE), (am, "twelve-hours-earlier")],
            }
        }
    }
}

/// The rule that the interface promises for an hour without am or pm.
const BARE: &str = "bare-hour-in-work-hours";

fn in_part(am: i32, pm: i32, part: PartName) -> i32 {
    match part {
        PartName::Morning => am,
        PartName::Afternoon | PartName::EndOfDay => pm,
        PartName::Evening => pm,
        PartName::Lunch if am >= 10 * 60 => am,
        PartName::Lunch => pm,
        // Half past twelve and two at night are after midnight.
        PartName::Night if am < 5 * 60 => am + 1440,
        PartName::Night => pm,
    }
}

/// What a time of the day can mean, the primary first.
fn minutes(time: &DayTime) -> Vec<Minutes> {
    let whole = |from, to, rule| vec![Minutes { from, to, rule }];
    let hint = time.hint.as_ref();
    let (start, end) = match (&time.start, &time.end) {
        (TimeSaid::Part(part), None) => {
            return match time.relation {
                Relation::After => whole(part.to, None, "after"),
                Relation::From => whole(part.from, None, "from"),
                Relation::Before => whole(0, Some(part.from), "before"),
                Relation::Until if part.name == PartName::EndOfDay => {
                    whole(0, Some(part.to), "until")
                }
                Relation::Until => whole(0, Some(part.from), "until"),
                _ => whole(part.from, Some(part.to), "part-of-day"),
            };
        }
        (TimeSaid::Part(from), Some(TimeSaid::Part(to))) => {
            return whole(from.from, Some(to.to.max(from.to)), "part-of-day");
        }
        (TimeSaid::Part(from), Some(TimeSaid::Clock(to))) => {
            let to = clock(to, None).first().map_or(from.to, |it| it.0);
            return whole(from.from, Some(to), "part-of-day");
        }
        (TimeSaid::Clock(from), Some(TimeSaid::Part(to))) => {
            let from = clock(from, hint).first().map_or(0, |it| it.0);
            return whole(from, Some(to.to), "part-of-day");
        }
        (TimeSaid::Clock(start), None) => (start, None),
        (TimeSaid::Clock(start), Some(TimeSaid::Clock(end))) => (start, Some(end)),
    };
    let Some(end) = end else {
        // "Thursday morning before 11" opens with the morning.
        let opens = |minute: i32| {
            let part = hint.map(|part| part.from);
            part.filter(|from| *from <= minute).unwrap_or(0)
        };
        let at = |(minute, rule): (i32, &'static str)| match time.relation {
            Relation::Before => Minutes {
                from: opens(minute),
                to: Some(minute),
                rule: other_than(rule, "before"),
            },
            Relation::Until => Minutes {
                from: opens(minute),
                to: Some(minute),
                rule: other_than(rule, "until"),
            },
            Relation::After => Minutes {
                from: minute,
                to: None,
                rule: other_than(rule, "after"),
            },
            Relation::From => Minutes {
                from: minute,
                to: None,
                rule: other_than(rule, "from"),
            },
            _ => Minutes {
                from: minute,
                to: None,
                rule,
            },
        };
        return clock(start, hint).into_iter().map(at).collect();
    };
    if time.end_day.is_some() {
        let from = clock(start, hint).into_iter().next();
        let to = clock(end, hint).into_iter().next();
        return from
            .zip(to)
            .map(|((from, rule), (to, _))| Minutes {
                from,
                to: Some(to),
                rule,
            })
            .into_iter()
            .collect();
    }
    range(start, end, hint)
}

fn other_than(rule: &'static str, relation: &'static str) -> &'static str {
    if rule == "clock" { relation } else { rule }
}

/// From one clock to another: what one does not say of its half of the day, the other does.
fn range(start: &Clock, end: &Clock, hint: Option<&Part>) -> Vec<Minutes> {
    let first = |it: &Clock| clock(it, hint).first().map_or(0, |it| it.0);
    let next_day = |from: i32, to: i32| if to <= from { to + 1440 } else { to };
    let soonest = |from: i32, end: &Clock| {
        let (am, pm) = both(end);
        let after = [am, pm, am + 1440, pm + 1440];
        after.into_iter().find(|it| *it > from).unwrap_or(from)
    };
    let made = |from, to, rule| Minutes {
        from,
        to: Some(to),
        rule,
    };
    match (known(start), known(end)) {
        (true, true) => {
            let (from, to) = (first(start), first(end));
            let to = if end.half == Half::TwelveAm {
                1440
            } else {
                next_day(from, to)
            };
            vec![made(from, to, "clock-range")]
        }
        (true, false) => {
            let from = first(start);
            vec![made(from, soonest(from, end), "clock-range")]
        }
        (false, true) => {
            let to = if end.half == Half::TwelveAm {
                1440
            } else {
                first(end)
            };
            let (am, pm) = both(start);
            let from = [pm, am].into_iter().find(|it| *it < to);
            match from {
                Some(from) => vec![made(from, to, "clock-range")],
                None => vec![made(
                    first(start),
                    next_day(first(start), to),
                    "clock-range",
                )],
            }
        }
        (false, false) => {
            let options = clock(start, hint).into_iter();
            options
                .map(|(from, rule)| made(from, soonest(from, end), rule))
                .collect()
        }
    }
}

/// A local time in a zone.
enum Local {
    One(Instant),
    /// The clocks go forward over it, or back: what it could mean, and the name of that.
    Two(Instant, Instant, &'static str),
    None,
}

fn local(date: Date, minute: i32, zone: &TimeZone) -> Local {
    let days = minute.div_euclid(1440);
    let minute = minute.rem_euclid(1440);
    let (Ok(hour), Ok(past)) = (i8::try_from(minute / 60), i8::try_from(minute % 60)) else {
        return Local::None;
    };
    let Some(date) = plus_days(date, days) else {
        return Local::None;
    };
    let time = date.at(hour, past, 0, 0);
    let moment = |offset: Offset| offset.to_timestamp(time).ok().map(Instant::from);
    let two = |before, after, why| match (moment(before), moment(after)) {
        (Some(first), Some(second)) => Local::Two(first.min(second), first.max(second), why),
        _ => Local::None,
    };
    match zone.to_ambiguous_timestamp(time).offset() {
        AmbiguousOffset::Unambiguous { offset } => moment(offset).map_or(Local::None, Local::One),
        AmbiguousOffset::Gap { before, after } => two(before, after, "clocks-go-forward"),
        AmbiguousOffset::Fold { before, after } => two(before, after, "clocks-go-back"),
    }
}

/// The moment, the earlier one where the clocks change.
fn plain(date: Date, minute: i32, zone: &TimeZone) -> Option<Instant> {
    match local(date, minute, zone) {
        Local::One(moment) | Local::Two(moment, ..) => Some(moment),
        Local::None => None,
    }
}

/// Everything a group says. `carried`: the day of the time before it, which a clock alone is on.
pub(super) fn group(
    group: &Group,
    words: &dyn Fn(Hull) -> String,
    frame: &Frame,
    carried: &mut Option<Date>,
) -> Vec<Settled> {
    let mut all = Vec::new();
    if group.times.is_empty() {
        // "between Monday and whenever" is not Monday.
        let whole = |it: &&Days| it.relation != Relation::Between || it.until.is_some();
        for days in group.days.iter().filter(whole) {
            let settled = day_alone(days, group, words, frame, carried);
            all.extend(settled);
        }
        return all;
    }
    if group.days.is_empty() {
        for time in &group.times {
            all.extend(clock_alone(time, words, frame, carried));
        }
        return all;
    }
    let single = group.days.len() == 1;
    for days in &group.days {
        for time in &group.times {
            let hull = (days.hull.0.min(time.hull.0), days.hull.1.max(time.hull.1));
            let before = all.len();
            if single
                && group.times.len() == 1
                && let Some(doubt) = hour_or_day(days, time, hull, words, frame)
            {
                all.push(doubt);
                continue;
            }
            on_days(days, time, hull, words, frame, carried, &mut all);
            if all.len() == before {
                continue;
            }
        }
    }
    all
}

fn ambiguous(words: String, readings: Vec<Reading>, why: &str, hull: Hull) -> Settled {
    let why = why.to_owned();
    Settled::Ambiguous(
        Ambiguous {
            words,
            readings,
            why,
        },
        hull,
    )
}

/// A day without a clock.
fn day_alone(
    days: &Days,
    group: &Group,
    words: &dyn Fn(Hull) -> String,
    frame: &Frame,
    carried: &mut Option<Date>,
) -> Option<Settled> {
    let (zones, _) = zones::readings(group.zone.as_ref(), frame);
    // A day keeps its date where "your time" is not known.
    let place = zones.first().map_or(&frame.mine, |it| &it.place);
    let at = |date| midnight(date, &place.zone);
    let hull = days.hull;
    let reading = |it: &DayReading| {
        let end = it.end.and_then(at);
        Some(Reading {
            start: at(it.first)?,
            end,
            rule: it.rule.to_owned(),
        })
    };
    let found = match readings(&days.day, frame, *carried) {
        Ok(found) => found,
        Err((why, equal)) => {
            let readings = equal.iter().filter_map(reading).collect();
            return Some(ambiguous(words(hull), readings, why, hull));
        }
    };
    let primary = *found.first()?;
    let mut others: Vec<Reading> = found.iter().skip(1).filter_map(reading).collect();
    let last = days
        .until
        .as_ref()
        .map(|until| last_day(primary.first, until, frame));
    let (mut start, mut end) = (at(primary.first)?, primary.end.and_then(at));
    let mut grain = if primary.longer {
        Grain::Longer
    } else {
        Grain::Day
    };
    let mut rule = primary.rule;
    let whole_end = primary.end.or_else(|| plus_days(primary.first, 1))?;
    if let Some(last) = last {
        let last = last?;
        end = at(plus_days(last, 1)?);
        grain = if primary.longer {
            Grain::Longer
        } else {
            Grain::Day
        };
        others.clear();
    }
    let window = days.relation != Relation::None || days.until.is_some();
    if days.until.is_none() {
        match days.relation {
            Relation::After => (start, end, rule) = (at(whole_end)?, None, "after"),
            Relation::From => (end, rule) = (None, "from"),
            Relation::Before => (start, end, rule) = (frame.now.min(start), Some(start), "before"),
            Relation::Until => (start, end, rule) = (frame.now.min(start), at(whole_end), "until"),
            Relation::None | Relation::Between => {}
        }
        if window {
            others.clear();
        }
    }
    *carried = Some(match (primary.longer, primary.end) {
        (true, Some(end)) => plus_days(end, -1)?,
        _ => primary.first,
    });
    let time = TimeFound {
        start,
        end,
        grain,
        zone: place.name.clone(),
        words: words(hull),
        rule: rule.to_owned(),
        others,
    };
    Some(Settled::Found(Found { time, window, hull }))
}

/// The last day of a range that begins on `first`.
fn last_day(first: Date, until: &Day, frame: &Frame) -> Option<Date> {
    if let Some(weekday) = until.weekday
        && until.date.is_none()
        && until.fixed.is_none()
    {
        return plus_days(first, i32::from(first.weekday().until(weekday)));
    }
    let from = Frame {
        today: first,
        ..frame.clone()
    };
    let found = readings(until, &from, None).ok()?;
    let last = found.first()?;
    let last = match last.end {
        Some(end) => plus_days(end, -1)?,
        None => last.first,
    };
    (last >= first).then_some(last)
}

/// A clock without a day: on the day said before, else the next time it comes.
fn clock_alone(
    time: &DayTime,
    words: &dyn Fn(Hull) -> String,
    frame: &Frame,
    carried: &mut Option<Date>,
) -> Vec<Settled> {
    let options = minutes(time);
    let (zones, equal) = zones::readings(time.zone.as_ref(), frame);
    let Some(place) = zones.first().map(|it| &it.place) else {
        let why = if zones.is_empty() {
            "their-zone-unknown"
        } else {
            "zone-ambiguous"
        };
        return vec![ambiguous(words(time.hull), Vec::new(), why, time.hull)];
    };
    let _ = equal;
    let today = frame.now.timestamp().to_zoned(place.zone.clone()).date();
    let relation_end = matches!(time.relation, Relation::Before | Relation::Until);
    let ahead = options.first().map(|it| {
        let minute = match (relation_end, it.to) {
            (true, Some(to)) => to,
            _ if matches!(time.start, TimeSaid::Part(_)) => it.to.unwrap_or(it.from),
            _ => it.from,
        };
        plain(today, minute, &place.zone).is_some_and(|moment| moment > frame.now)
    });
    let next = match ahead {
        Some(true) => Some(today),
        _ => plus_days(today, 1),
    };
    let day = match (*carried, next) {
        (Some(day), _) => one(day, "day-said-before"),
        (None, Some(day)) => one(day, "clock-next"),
        (None, None) => return Vec::new(),
    };
    let mut all = Vec::new();
    moments(
        &[day],
        time,
        &options,
        time.hull,
        words,
        frame,
        carried,
        &mut all,
    );
    all
}

/// "Tue 8" is eight o'clock or the eighth, where the next eighth is a Tuesday.
fn hour_or_day(
    days: &Days,
    time: &DayTime,
    hull: Hull,
    words: &dyn Fn(Hull) -> String,
    frame: &Frame,
) -> Option<Settled> {
    let TimeSaid::Clock(clock) = &time.start else {
        return None;
    };
    let number = clock.number?;
    let weekday = days.day.weekday?;
    let plain_clock = time.end.is_none()
        && time.hint.is_none()
        && time.minutes.is_none()
        && time.zone.is_none()
        && time.relation == Relation::None
        && days.relation == Relation::None
        && days.until.is_none()
        && days.day.date.is_none();
    if !plain_clock {
        return None;
    }
    let dated = Day {
        date: Some(DateSaid::OfMonth(number)),
        ..days.day.clone()
    };
    let month = readings(&dated, frame, None).ok()?.first().copied()?;
    let soon = plus_days(frame.today, 35)?;
    if month.first.weekday() != weekday || month.first > soon {
        return None;
    }
    let mut parts = Vec::new();
    on_days(days, time, hull, words, frame, &mut None, &mut parts);
    let mut readings: Vec<Reading> = parts
        .into_iter()
        .filter_map(|it| match it {
            Settled::Found(found) => Some(Reading {
                start: found.time.start,
                end: found.time.end,
                rule: "number-as-hour".to_owned(),
            }),
            Settled::Ambiguous(..) => None,
        })
        .collect();
    readings.push(Reading {
        start: midnight(month.first, &frame.mine.zone)?,
        end: None,
        rule: "number-as-day".to_owned(),
    });
    Some(ambiguous(words(hull), readings, "hour-or-day", hull))
}

/// A day, or each day of a range, with a time of the day.
fn on_days(
    days: &Days,
    time: &DayTime,
    hull: Hull,
    words: &dyn Fn(Hull) -> String,
    frame: &Frame,
    carried: &mut Option<Date>,
    all: &mut Vec<Settled>,
) {
    let options = minutes(time);
    let found = match readings(&days.day, frame, *carried) {
        Ok(found) => found,
        Err((why, equal)) => {
            let (zones, _) = zones::readings(time.zone.as_ref(), frame);
            let zone = zones.first().map(|it| &it.place.zone);
            let reading = |it: &DayReading| {
                let first = options.first()?;
                let end = first.to.and_then(|to| plain(it.first, to, zone?));
                let start = plain(it.first, first.from, zone?)?;
                Some(Reading {
                    start,
                    end,
                    rule: it.rule.to_owned(),
                })
            };
            let readings = equal.iter().filter_map(reading).collect();
            all.push(ambiguous(words(hull), readings, why, hull));
            return;
        }
    };
    let Some(primary) = found.first().copied() else {
        return;
    };
    // "Mon–Fri 9–5" is each of those days; so is "next week, mornings" no further than a week.
    let last = match (&days.until, primary.end) {
        (Some(until), _) => last_day(primary.first, until, frame),
        (None, Some(end)) if primary.longer => plus_days(end, -1),
        _ => None,
    };
    let Some(last) = last else {
        moments(&found, time, &options, hull, words, frame, carried, all);
        return;
    };
    let mut day = Some(primary.first);
    for _ in 0..7 {
        let Some(date) = day.filter(|it| *it <= last) else {
            break;
        };
        let weekend = matches!(date.weekday(), Weekday::Saturday | Weekday::Sunday);
        let past = date < frame.today;
        let skips = days.until.is_none() && (weekend || past) && primary.rule != "weekend";
        if !skips {
            moments(
                &[one(date, primary.rule)],
                time,
                &options,
                hull,
                words,
                frame,
                carried,
                all,
            );
        }
        day = plus_days(date, 1);
    }
}

/// Days and minutes in their zone: one time with its others, or ambiguous words.
#[expect(
    clippy::too_many_arguments,
    reason = "each is one dimension of a reading"
)]
fn moments(
    days: &[DayReading],
    time: &DayTime,
    options: &[Minutes],
    hull: Hull,
    words: &dyn Fn(Hull) -> String,
    frame: &Frame,
    carried: &mut Option<Date>,
    all: &mut Vec<Settled>,
) {
    let (zones, equal) = zones::readings(time.zone.as_ref(), frame);
    let (Some(day), Some(option)) = (days.first(), options.first()) else {
        return;
    };
    let Some(zone) = zones.first() else {
        all.push(ambiguous(
            words(hull),
            Vec::new(),
            "their-zone-unknown",
            hull,
        ));
        return;
    };
    let end_day = time
        .end_day
        .as_ref()
        .and_then(|it| last_day(day.first, it, frame));
    let reading = |day: &DayReading, minutes: &Minutes, zone: &TimeZone, rule: &str| {
        let start = plain(day.first, minutes.from, zone)?;
        let end = match (minutes.to, time.minutes) {
            (Some(to), _) => plain(end_day.unwrap_or(day.first), to, zone),
            (None, Some(length)) => Some(start.plus_minutes(length)),
            (None, None) => None,
        };
        // "afternoon to 9": what ends before it begins has no end that was understood.
        let end = end.filter(|end| *end >= start);
        Some(Reading {
            start,
            end,
            rule: rule.to_owned(),
        })
    };
    if equal {
        let one_of = |it: &ZoneReading| reading(day, option, &it.place.zone, &it.place.name);
        let readings = zones.iter().filter_map(one_of).collect();
        all.push(ambiguous(words(hull), readings, "zone-ambiguous", hull));
        return;
    }
    let place = &zone.place;
    let open_start = matches!(time.relation, Relation::Before | Relation::Until);
    if !open_start
        && let Local::Two(first, second, why) = local(day.first, option.from, &place.zone)
    {
        let made = |start: Instant, rule: &str| Reading {
            start,
            end: time.minutes.map(|it| start.plus_minutes(it)),
            rule: rule.to_owned(),
        };
        let readings = vec![made(first, "the-earlier"), made(second, "the-later")];
        all.push(ambiguous(words(hull), readings, why, hull));
        return;
    }
    let Some(mut primary) = reading(day, option, &place.zone, "") else {
        return;
    };
    if open_start && days.iter().any(|it| it.rule == "clock-next") {
        primary.start = frame.now.min(primary.end.unwrap_or(frame.now));
    }
    let mut others: Vec<Reading> = Vec::new();
    let mut push = |other: Option<Reading>| {
        let Some(other) = other else {
            return;
        };
        let same = |it: &Reading| it.start == other.start && it.end == other.end;
        if !same(&primary) && !others.iter().any(same) {
            others.push(other);
        }
    };
    for other in &options[1..] {
        push(reading(day, other, &place.zone, other.rule));
    }
    for other in &days[1..] {
        push(reading(other, option, &place.zone, other.rule));
    }
    if let Some(literal) = zone.literal
        && let Ok(offset) = Offset::from_seconds(literal)
    {
        push(reading(
            day,
            option,
            &TimeZone::fixed(offset),
            "zone-literal",
        ));
    }
    let window = matches!(
        time.relation,
        Relation::Before | Relation::Until | Relation::After | Relation::Between
    ) || (time.relation == Relation::From && time.end.is_none());
    let part = matches!(time.start, TimeSaid::Part(_));
    *carried = Some(day.first);
    let time = TimeFound {
        start: primary.start,
        end: primary.end,
        grain: if part { Grain::Part } else { Grain::Minute },
        zone: place.name.clone(),
        words: words(hull),
        rule: rule_of(option.rule, day.rule, time).to_owned(),
        others,
    };
    all.push(Settled::Found(Found { time, window, hull }));
}

/// The rule that a person would want to know: what was guessed before what was said.
fn rule_of(minutes: &'static str, day: &'static str, time: &DayTime) -> &'static str {
    if !matches!(minutes, "clock" | "clock-range" | "part-of-day") {
        return minutes;
    }
    if time.relation == Relation::Between {
        return "between";
    }
    let plain_day = matches!(day, "date" | "date-next" | "relative-day");
    if plain_day { minutes } else { day }
}
