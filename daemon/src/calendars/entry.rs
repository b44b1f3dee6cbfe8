//! One entry of a calendar, as far as it takes time.
//!
//! Owns what of an entry is looked at: when it is, how it repeats, whether it counts. Titles, places
//! and people never leave this room. Invariant: what cannot be read is counted, not passed over.

use calcard::common::PartialDateTime;
use calcard::icalendar::{
    ICalendarComponent, ICalendarDuration, ICalendarEntry, ICalendarParameterName, ICalendarPeriod,
    ICalendarProperty, ICalendarRecurrenceRule, ICalendarStatus, ICalendarTransparency,
    ICalendarValue,
};

use super::Frame;
use super::civil::{DAY, Date, YEARS, days_of, month_length};
use super::doubts::Doubts;
use super::zone::Zone;

/// A time as it is written.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Stamp {
    /// A whole day.
    Date(i64),
    /// A local time, in seconds.
    Local(i64),
    /// A moment.
    Utc(i64),
}

/// A time with its clock.
#[derive(Debug, Clone)]
pub(super) struct Time {
    pub stamp: Stamp,
    /// The zone it names; `None`: it names none.
    pub zone: Option<Zone>,
    /// What it names, known here or not.
    pub named: Option<String>,
}

/// How long an entry lasts.
#[derive(Debug, Clone)]
pub(super) enum Ends {
    /// Up to a time.
    At(Time),
    /// Whole days by the clock, then seconds.
    After { days: i64, seconds: i64 },
    /// It does not say.
    Unsaid,
}

/// A time besides those of the rules, with an end of its own or none.
#[derive(Debug, Clone)]
pub(super) struct Besides {
    pub start: Time,
    pub end: Option<Ends>,
}

/// Whether an entry counts.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum Counts {
    /// It takes time.
    Busy,
    /// It is marked as free.
    Free,
    /// It was cancelled, declined, or is one of ours.
    Not,
}

/// An entry.
#[derive(Debug)]
pub(super) struct Entry<'a> {
    pub uid: Option<&'a str>,
    pub sequence: i64,
    pub counts: Counts,
    pub start: Time,
    pub ends: Ends,
    pub rules: Vec<&'a ICalendarRecurrenceRule>,
    pub besides: Vec<Besides>,
    pub except: Vec<Time>,
    /// Which time of a series it stands for.
    pub instead_of: Option<Time>,
    /// And for those after it.
    pub and_after: bool,
}

/// A property's first value.
pub(super) fn first<'a>(
    component: &'a ICalendarComponent,
    property: &ICalendarProperty,
) -> Option<&'a ICalendarValue> {
    component.property(property)?.values.first()
}

/// All values of all properties of a name.
pub(super) fn values<'a>(
    component: &'a ICalendarComponent,
    property: &ICalendarProperty,
) -> impl Iterator<Item = &'a ICalendarValue> {
    let entries = component.entries.iter();
    let entries = entries.filter(move |it| it.name == *property);
    let entries: Vec<_> = entries.collect();
    entries.into_iter().flat_map(|it| &it.values)
}

/// What a calendar writes as a time; `None`: it is none.
pub(super) fn stamp(value: &PartialDateTime) -> Option<Stamp> {
    let date = Date {
        year: value.year?.into(),
        month: value.month?.into(),
        day: value.day?.into(),
    };
    let is_date = YEARS.contains(&date.year)
        && (1..=12).contains(&date.month)
        && (1..=month_length(date.year, date.month)).contains(&date.day);
    if !is_date {
        return None;
    }
    let day = days_of(date);
    let Some(hour) = value.hour else {
        return Some(Stamp::Date(day));
    };
    let minute = value.minute.unwrap_or_default();
    // A leap second is the one before it.
    let second = value.second.unwrap_or_default().min(59);
    if hour > 24 || minute > 59 {
        return None;
    }
    let local = day * DAY + i64::from(hour) * 3600 + i64::from(minute) * 60 + i64::from(second);
    let Some(hours) = value.tz_hour else {
        return Some(Stamp::Local(local));
    };
    let minutes = value.tz_minute.unwrap_or_default();
    let offset = i64::from(hours) * 3600 + i64::from(minutes) * 60;
    Some(Stamp::Utc(match value.tz_minus {
        true => local + offset,
        false => local - offset,
    }))
}

/// A local time as it is written, and whether it has an hour; in UTC it is UTC's.
pub(super) fn local_of(value: &ICalendarValue) -> Option<(i64, bool)> {
    match stamp(value.as_partial_date_time()?)? {
        Stamp::Date(day) => Some((day * DAY, false)),
        Stamp::Local(second) | Stamp::Utc(second) => Some((second, true)),
    }
}

impl<'a> Entry<'a> {
    /// Reads one; `None`: it has no time that can be read, which is counted.
    pub(super) fn read(
        component: &'a ICalendarComponent,
        frame: &Frame<'_>,
        zones: &mut super::zone::Zones,
        doubts: &mut Doubts,
    ) -> Option<Self> {
        use ICalendarProperty as P;
        let counts = counts(component, frame);
        let instead_of = component.property(&P::RecurrenceId);
        let and_after = instead_of.is_some_and(|it| {
            let range = it.parameter(&ICalendarParameterName::Range);
            range.is_some_and(|it| it.as_bool() == Some(true))
        });
        let instead_of = match instead_of {
            Some(entry) => match times(entry, zones, doubts).next() {
                Some(time) => Some(time),
                None => {
                    doubts.unreadable += 1;
                    None
                }
            },
            None => None,
        };
        let start = component.property(&P::Dtstart);
        let start = start.and_then(|it| times(it, zones, doubts).next());
        let Some(start) = start.or_else(|| instead_of.clone()) else {
            doubts.unreadable += u32::from(counts == Counts::Busy);
            return None;
        };
        let ends = ends(component, zones, doubts);
        let mut rules = Vec::new();
        for value in values(component, &P::Rrule) {
            match value {
                ICalendarValue::RecurrenceRule(rule) => rules.push(&**rule),
                _ => doubts.rules += u32::from(counts == Counts::Busy),
            }
        }
        let all = |name| {
            let entries = component.entries.iter();
            entries.filter(move |it| it.name == name)
        };
        let mut except = Vec::new();
        for entry in all(P::Exdate) {
            except.extend(times(entry, zones, doubts));
        }
        let mut besides = Vec::new();
        for entry in all(P::Rdate) {
            besides.extend(periods(entry, zones, doubts));
        }
        Some(Self {
            uid: component.uid(),
            sequence: first(component, &P::Sequence)
                .and_then(ICalendarValue::as_integer)
                .unwrap_or(-1),
            counts,
            start,
            ends,
            rules,
            besides,
            except,
            instead_of,
            and_after,
        })
    }
}

impl Entry<'_> {
    /// Whether it says how it repeats, or where not.
    pub(super) fn repeats(&self) -> bool {
        !(self.rules.is_empty() && self.besides.is_empty() && self.except.is_empty())
    }
}

fn counts(component: &ICalendarComponent, frame: &Frame<'_>) -> Counts {
    use ICalendarProperty as P;
    let is_cancelled = matches!(
        first(component, &P::Status),
        Some(ICalendarValue::Status(ICalendarStatus::Cancelled))
    );
    let is_ours = component.uid().is_some_and(|it| (frame.is_ours)(it));
    if is_cancelled || is_ours || is_declined(component, frame) {
        return Counts::Not;
    }
    let outlook = || {
        let name = P::Other("X-MICROSOFT-CDO-BUSYSTATUS".to_owned());
        let status = first(component, &name).and_then(ICalendarValue::as_text);
        status.is_some_and(|it| it.trim().eq_ignore_ascii_case("FREE"))
    };
    match first(component, &P::Transp) {
        Some(ICalendarValue::Transparency(ICalendarTransparency::Transparent)) => Counts::Free,
        None if outlook() => Counts::Free,
        _ => Counts::Busy,
    }
}

/// Whether the one whose calendar it is has declined.
fn is_declined(component: &ICalendarComponent, frame: &Frame<'_>) -> bool {
    if frame.addresses.is_empty() {
        return false;
    }
    let attendees = component.entries.iter();
    let mut attendees = attendees.filter(|it| it.name == ICalendarProperty::Attendee);
    attendees.any(|attendee| {
        let partstat = attendee.parameter(&ICalendarParameterName::Partstat);
        let partstat = partstat.and_then(|it| it.as_text());
        let is_declined = partstat.is_some_and(|it| it.eq_ignore_ascii_case("DECLINED"));
        is_declined && is_of(attendee, frame.addresses)
    })
}

fn is_of(attendee: &ICalendarEntry, addresses: &[String]) -> bool {
    let email = attendee.parameter(&ICalendarParameterName::Email);
    let email = email.and_then(|it| it.as_text());
    let named = [attendee.calendar_address(), email];
    let mut named = named.into_iter().flatten().map(bare);
    named.any(|it| {
        addresses
            .iter()
            .any(|other| other.eq_ignore_ascii_case(&it))
    })
}

/// An address without its scheme and escapes.
fn bare(address: &str) -> String {
    let plain = address.trim();
    let plain = match plain.get(..7) {
        Some(scheme) if scheme.eq_ignore_ascii_case("mailto:") => &plain[7..],
        _ => plain,
    };
    let pair = format!("a={}", plain.replace('+', "%2B").replace('&', "%26"));
    let decoded = url::form_urlencoded::parse(pair.as_bytes()).next();
    decoded.map(|(_, it)| it.into_owned()).unwrap_or_default()
}

/// The zone a property names.
fn zone_of(
    entry: &ICalendarEntry,
    zones: &mut super::zone::Zones,
    doubts: &mut Doubts,
) -> (Option<Zone>, Option<String>) {
    let Some(name) = entry.tz_id() else {
        return (None, None);
    };
    let zone = zones.get(name);
    if zone.is_none() {
        doubts.zone(name);
    }
    (zone, Some(name.to_owned()))
}

/// A property's times; those that cannot be read are counted.
fn times(
    entry: &ICalendarEntry,
    zones: &mut super::zone::Zones,
    doubts: &mut Doubts,
) -> impl Iterator<Item = Time> + use<> {
    let (zone, named) = zone_of(entry, zones, doubts);
    let mut found = Vec::new();
    for value in &entry.values {
        match value.as_partial_date_time().and_then(stamp) {
            Some(stamp) => found.push(Time {
                stamp,
                zone: zone.clone(),
                named: named.clone(),
            }),
            None => doubts.times += 1,
        }
    }
    found.into_iter()
}

/// The times of a property that may also be periods.
pub(super) fn periods(
    entry: &ICalendarEntry,
    zones: &mut super::zone::Zones,
    doubts: &mut Doubts,
) -> Vec<Besides> {
    let (zone, named) = zone_of(entry, zones, doubts);
    let time = |stamp| Time {
        stamp,
        zone: zone.clone(),
        named: named.clone(),
    };
    let read = |value: &ICalendarValue| match value {
        ICalendarValue::PartialDateTime(at) => Some(Besides {
            start: time(stamp(at)?),
            end: None,
        }),
        ICalendarValue::Period(ICalendarPeriod::Range { start, end }) => Some(Besides {
            start: time(stamp(start)?),
            end: Some(Ends::At(time(stamp(end)?))),
        }),
        ICalendarValue::Period(ICalendarPeriod::Duration { start, duration }) => Some(Besides {
            start: time(stamp(start)?),
            end: Some(lasting(duration)),
        }),
        _ => None,
    };
    let mut found = Vec::new();
    for value in &entry.values {
        match read(value) {
            Some(besides) => found.push(besides),
            None => doubts.times += 1,
        }
    }
    found
}

fn ends(
    component: &ICalendarComponent,
    zones: &mut super::zone::Zones,
    doubts: &mut Doubts,
) -> Ends {
    if let Some(entry) = component.property(&ICalendarProperty::Dtend)
        && let Some(end) = times(entry, zones, doubts).next()
    {
        return Ends::At(end);
    }
    match first(component, &ICalendarProperty::Duration) {
        Some(ICalendarValue::Duration(duration)) => lasting(duration),
        Some(_) => {
            doubts.times += 1;
            Ends::Unsaid
        }
        None => Ends::Unsaid,
    }
}

fn lasting(duration: &ICalendarDuration) -> Ends {
    let days = i64::from(duration.weeks) * 7 + i64::from(duration.days);
    let seconds = i64::from(duration.hours) * 3600
        + i64::from(duration.minutes) * 60
        + i64::from(duration.seconds);
    let sign = if duration.neg { -1 } else { 1 };
    Ends::After {
        days: sign * days.min(400_000),
        seconds: sign * seconds.min(400_000 * DAY),
    }
}
