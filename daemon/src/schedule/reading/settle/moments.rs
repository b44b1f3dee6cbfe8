//! Days and minutes as moments, each with its other readings.
//!
//! Owns how the readings of a day, of a clock and of a zone are put together. Invariant: one of
//! them changes at a time, so that there are as many others as there are readings and not their
//! product.

use greenroom_protocol::schedule::{Grain, Reading, TimeFound};
use greenroom_protocol::time::Instant;
use jiff::civil::{Date, Weekday};
use jiff::tz::{Offset, TimeZone};

use crate::schedule::reading::combine::{DayTime, Days, Hull, Relation, TimeSaid};
use crate::schedule::reading::said::{Frame, plus_days};
use crate::schedule::reading::zones::{self, ZoneReading};

use super::dates::{DayReading, last_day, one, readings};
use super::hours::{Minutes, minutes};
use super::places::{Local, local, plain};
use super::{Found, Settled, ambiguous};

/// A day, or each day of a range, with a time of the day.
pub(super) fn on_days(
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
pub(super) fn moments(
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
    all.push(Settled::Found(Found {
        time,
        window,
        day: day.rule,
        hull,
    }));
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
