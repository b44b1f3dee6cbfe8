//! Zones as calendars name them.
//!
//! Owns how a name becomes a zone: the IANA database, the names of Windows and others, else what the
//! calendar itself says of it in a VTIMEZONE. Invariants: every name becomes one zone, whatever the
//! calendar says, in bounded time, since a definition never leads to another; a local time that does
//! not exist is read with the offset before the gap, one that comes twice is the first.

use std::collections::HashMap;
use std::str::FromStr;

use calcard::common::timezone::Tz;
use calcard::icalendar::{
    ICalendar, ICalendarComponent, ICalendarComponentType, ICalendarProperty, ICalendarValue,
};
use jiff::Timestamp;
use jiff::civil::DateTime;
use jiff::tz::{Offset, TimeZone};

use super::civil::{DAY, date_of};
use super::entry::{first, local_of, values};
use super::rule::{Budget, Rule, Until};

/// Steps that one observance of a VTIMEZONE may make; it makes one a year.
const MOST_STEPS: u32 = 300;

/// A clock.
#[derive(Debug, Clone)]
pub(super) enum Zone {
    /// As the database has it.
    Known(TimeZone),
    /// As the calendar has it.
    Own(Steps),
}

/// From when on which offset holds.
#[derive(Debug, Clone)]
pub(super) struct Steps {
    /// Before the first step, in seconds east of UTC.
    before: i64,
    /// In order of time.
    steps: Vec<(i64, i64)>,
}

impl Zone {
    /// The first moment of a local time.
    pub(super) fn to_utc(&self, local: i64) -> i64 {
        match self {
            Self::Known(zone) => known_to_utc(zone, local).unwrap_or(local),
            Self::Own(steps) => steps.to_utc(local),
        }
    }

    /// The local time at a moment.
    pub(super) fn to_local(&self, utc: i64) -> i64 {
        match self {
            Self::Known(zone) => match Timestamp::from_second(utc) {
                Ok(at) => utc + i64::from(zone.to_offset(at).seconds()),
                Err(_) => utc,
            },
            Self::Own(steps) => utc + steps.offset(utc),
        }
    }
}

fn known_to_utc(zone: &TimeZone, local: i64) -> Option<i64> {
    let date = date_of(local.div_euclid(DAY));
    let second = local.rem_euclid(DAY);
    let part = |it: i64| i8::try_from(it).ok();
    let local = DateTime::new(
        i16::try_from(date.year).ok()?,
        part(date.month)?,
        part(date.day)?,
        part(second / 3600)?,
        part(second / 60 % 60)?,
        part(second % 60)?,
        0,
    );
    let moment = zone.to_ambiguous_timestamp(local.ok()?).compatible().ok()?;
    Some(moment.as_second())
}

impl Steps {
    fn offset(&self, utc: i64) -> i64 {
        let after = self.steps.partition_point(|(from, _)| *from <= utc);
        let step = after.checked_sub(1).and_then(|it| self.steps.get(it));
        step.map_or(self.before, |(_, offset)| *offset)
    }

    fn to_utc(&self, local: i64) -> i64 {
        let mut offset = self.before;
        for (at, next) in &self.steps {
            // In a gap and in the first turn of a fold the offset from before holds.
            if local < at + offset.max(*next) {
                break;
            }
            offset = *next;
        }
        local - offset
    }
}

/// The zones of one calendar, by name.
pub(super) struct Zones {
    own: HashMap<String, Zone>,
    named: HashMap<String, Option<Zone>>,
}

impl Zones {
    /// Those a calendar defines, as they are between two moments.
    pub(super) fn of(calendar: &ICalendar, from: i64, to: i64, budget: &mut Budget) -> Self {
        let defined = calendar.timezones().filter_map(|zone| {
            let name = text(zone, &ICalendarProperty::Tzid)?;
            // A name in other letters than the database's is the calendar's own invention.
            let zone = exactly(name)
                .or_else(|| exactly(other(zone, "X-LIC-LOCATION")?))
                .or_else(|| own(calendar, zone, from, to, budget))
                .or_else(|| named(name))
                .or_else(|| {
                    known(&Tz::from_ms_cdo_zone_id(other(
                        zone,
                        "X-MICROSOFT-CDO-TZID",
                    )?)?)
                });
            Some((name.to_owned(), zone?))
        });
        Self {
            own: defined.collect(),
            named: HashMap::new(),
        }
    }

    /// The zone a property names; `None`: nobody knows it.
    pub(super) fn get(&mut self, name: &str) -> Option<Zone> {
        if let Some(zone) = self.own.get(name) {
            return Some(zone.clone());
        }
        let looked_up = self.named.get(name);
        if let Some(zone) = looked_up {
            return zone.clone();
        }
        let zone = named(name);
        self.named.insert(name.to_owned(), zone.clone());
        zone
    }
}

/// A zone of exactly this name.
fn exactly(name: &str) -> Option<Zone> {
    match TimeZone::get(name) {
        Ok(zone) if zone.iana_name() != Some(name) => None,
        _ => named(name),
    }
}

/// A zone that people know by this name.
pub(super) fn named(name: &str) -> Option<Zone> {
    let name = name.trim().trim_matches('"').trim();
    if name.is_empty() || name.len() > 200 {
        return None;
    }
    let iana = TimeZone::get(name).ok().map(Zone::Known);
    // Such as `/freeassociation.sourceforge.net/Europe/Berlin`.
    let ending = || {
        let parts: Vec<_> = name.trim_matches('/').split('/').collect();
        let least = parts.len().saturating_sub(3);
        let endings = (least..parts.len()).map(|at| parts[at..].join("/"));
        endings
            .filter(|it| it.contains('/'))
            .find_map(|it| TimeZone::get(&it).ok())
            .map(Zone::Known)
    };
    iana.or_else(|| known(&Tz::from_str(name).ok()?))
        .or_else(ending)
}

fn known(zone: &Tz) -> Option<Zone> {
    let zone = match zone {
        Tz::Tz(zone) => TimeZone::get(zone.name()).ok()?,
        Tz::Fixed(offset) => TimeZone::fixed(Offset::from_seconds(offset.local_minus_utc()).ok()?),
        Tz::Floating => return None,
    };
    Some(Zone::Known(zone))
}

fn text<'a>(component: &'a ICalendarComponent, property: &ICalendarProperty) -> Option<&'a str> {
    first(component, property)?.as_text()
}

fn other<'a>(component: &'a ICalendarComponent, name: &str) -> Option<&'a str> {
    text(component, &ICalendarProperty::Other(name.to_owned()))
}

/// A zone by its own observances.
fn own(
    calendar: &ICalendar,
    zone: &ICalendarComponent,
    from: i64,
    to: i64,
    budget: &mut Budget,
) -> Option<Zone> {
    let parts = zone.component_ids.iter();
    let parts = parts.filter_map(|id| calendar.component_by_id(*id));
    let mut steps = Vec::new();
    let mut earliest: Option<(i64, i64)> = None;
    for part in parts {
        let kind = &part.component_type;
        if !matches!(
            kind,
            ICalendarComponentType::Standard | ICalendarComponentType::Daylight
        ) {
            continue;
        }
        let offset = |name| first(part, name).and_then(offset);
        let after = offset(&ICalendarProperty::Tzoffsetto)?;
        let before = offset(&ICalendarProperty::Tzoffsetfrom).unwrap_or(after);
        let (start, _) = local_of(first(part, &ICalendarProperty::Dtstart)?)?;
        if earliest.is_none_or(|(other, _)| start < other) {
            earliest = Some((start, before));
        }
        let mut onsets = vec![start];
        for value in values(part, &ICalendarProperty::Rdate) {
            onsets.extend(local_of(value).map(|(local, _)| local));
        }
        // A year before, so that the step which holds at the beginning is among them.
        let near = (from - 400 * DAY, to + 400 * DAY);
        let mut left = MOST_STEPS;
        for value in values(part, &ICalendarProperty::Rrule) {
            let ICalendarValue::RecurrenceRule(rule) = value else {
                continue;
            };
            let rule = Rule::of(rule, start, true);
            let until = rule.until.map(|it| match it {
                Until::Day(day) => day * DAY + DAY - 1,
                Until::Local(local) => local,
                Until::Utc(utc) => utc + before,
            });
            rule.expand(start, near, until, budget, |onset| {
                onsets.push(onset);
                left = left.saturating_sub(1);
                left > 0
            });
        }
        let onsets = onsets.into_iter();
        steps.extend(onsets.map(|onset| (onset - before, after)));
    }
    let (_, before) = earliest?;
    steps.sort_unstable();
    steps.dedup_by_key(|(at, _)| *at);
    Some(Zone::Own(Steps { before, steps }))
}

/// An offset in seconds east of UTC.
fn offset(value: &ICalendarValue) -> Option<i64> {
    let value = value.as_partial_date_time()?;
    let (hours, minutes) = (value.tz_hour?, value.tz_minute.unwrap_or_default());
    let seconds = i64::from(hours) * 3600 + i64::from(minutes) * 60;
    let seconds = if value.tz_minus { -seconds } else { seconds };
    (seconds.abs() < 26 * 3600).then_some(seconds)
}
