//! From what was said to dates and moments.
//!
//! Owns the rules by which words with several readings have one that comes first, and their names.
//! Invariant: a contradiction (a weekday and a date that differ) and readings of equal weight give
//! no primary reading. Must not know how a time is written.

mod dates;
mod hours;
mod moments;
mod places;

use greenroom_protocol::schedule::{Ambiguous, Grain, Reading, TimeFound};
use jiff::civil::Date;

pub(super) use self::dates::date_of;
use self::dates::{DayReading, last_day, one, readings};
use self::hours::minutes;
use self::moments::{moments, on_days};
pub(super) use self::places::midnight;
use self::places::plain;
use super::combine::{DayTime, Days, Group, Hull, Relation, TimeSaid};
use super::said::{DateSaid, Day, Frame, plus_days};
use super::zones;

/// A time as it was found, with what a caller that books wants to know besides.
#[derive(Debug, Clone, PartialEq)]
pub(super) struct Found {
    pub time: TimeFound,
    /// Said as a window or an open end, so that its start is no appointment's.
    pub window: bool,
    /// The rule that chose its day.
    pub day: &'static str,
    pub hull: Hull,
}

#[derive(Debug, Clone, PartialEq)]
pub(super) enum Settled {
    Found(Found),
    Ambiguous(Ambiguous, Hull),
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
    let day = primary.rule;
    Some(Settled::Found(Found {
        time,
        window,
        day,
        hull,
    }))
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
