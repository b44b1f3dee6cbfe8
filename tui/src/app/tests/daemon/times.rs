//! What the daemon of values knows of times: reads a few texts, and knows who is busy.
//!
//! The grammar of the real daemon is tested there; here is just enough of it to type with.

use greenroom_protocol::edit::Edit;
use greenroom_protocol::schedule::{
    Ambiguous, BusyLane, BusyQuery, BusyTime, BusyWith, ExplainQuery, Explained, Finding,
    FindingClass, FindingCode, FindingWho, Grain, LaneKind, NoneBecause, Planned, Reading, Slot,
    SlotQuery, SlotReason, SlotReasonCode, Slots, Stretch, TimeFound, TimeRead, TimesRead,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::MemberBrief;
use jiff::civil::{Date, Time, Weekday};
use jiff::tz::TimeZone;
use jiff::{Span, Timestamp, Zoned};

use super::super::records::{self, at, brief, id};
use super::Daemon;

const NAMES: [(&str, Weekday); 7] = [
    ("mon", Weekday::Monday),
    ("tue", Weekday::Tuesday),
    ("wed", Weekday::Wednesday),
    ("thu", Weekday::Thursday),
    ("fri", Weekday::Friday),
    ("sat", Weekday::Saturday),
    ("sun", Weekday::Sunday),
];

const MONTHS: [&str; 12] = [
    "jan", "feb", "mar", "apr", "may", "jun", "jul", "aug", "sep", "oct", "nov", "dec",
];

/// Reads a text: a written time, or a weekday and a clock. `3/4 10:00` is a time in either order of
/// day and month, `thu 2` one that has another reading, and `thu` alone a day.
pub(super) fn read(query: &TimeRead) -> TimesRead {
    let zone = TimeZone::get(query.zone.as_deref().unwrap_or("UTC")).unwrap();
    let now = at(records::NOW).timestamp().to_zoned(zone.clone());
    let text = query.text.to_lowercase();
    let mut read = TimesRead::default();
    let both = |one: Date, other: Date, clock: Time| {
        [one, other].map(|date| Reading {
            start: instant(date, clock, &zone),
            end: None,
            rule: "order".into(),
        })
    };
    if let Ok(at) = query.text.parse::<Timestamp>() {
        read.times.push(found(query, at.into(), Grain::Minute));
        return read;
    }
    if text == "3/4 10:00" {
        let clock = Time::constant(10, 0, 0, 0);
        let (one, other) = (Date::constant(2027, 3, 4), Date::constant(2027, 4, 3));
        read.ambiguous.push(Ambiguous {
            words: text,
            readings: both(one, other, clock).into(),
            why: "order".into(),
        });
        return read;
    }
    // A line with a time in it.
    let words: Vec<_> = text.split(' ').collect();
    let day = words
        .iter()
        .position(|word| NAMES.iter().any(|(name, _)| name == word));
    if let Some(at) = day.filter(|at| *at > 0) {
        let time = words[at..(at + 2).min(words.len())].join(" ");
        return self::read(&TimeRead {
            text: time,
            ..query.clone()
        });
    }
    let Some(date) = date_of(&text, &now) else {
        return read;
    };
    let midnight = instant(date, Time::midnight(), &zone);
    match clock_of(&text) {
        None => read.times.push(found(query, midnight, Grain::Day)),
        Some(clock) => {
            let mut it = found(query, instant(date, clock, &zone), Grain::Minute);
            if text.ends_with(" 2") {
                let early = Time::constant(2, 0, 0, 0);
                it.others = vec![both(date, date, early)[0].clone()];
            }
            read.times.push(it);
        }
    }
    read
}

/// The start of a call: RFC 3339, or whatever is read.
pub(super) fn start(text: &str, zone: Option<&str>) -> Instant {
    let read = read(&TimeRead {
        text: text.to_owned(),
        zone: Some(zone.unwrap_or("Europe/Berlin").to_owned()),
        ..TimeRead::default()
    });
    assert_eq!(read.times.len(), 1, "{text:?} is one time: {read:?}");
    read.times[0].start
}

fn found(query: &TimeRead, start: Instant, grain: Grain) -> TimeFound {
    let end = (query.text == "thu 2-3pm").then(|| start.plus_minutes(60));
    TimeFound {
        start,
        end,
        grain,
        zone: query.zone.clone().unwrap_or_default(),
        words: query.text.clone(),
        rule: "test".into(),
        others: Vec::new(),
    }
}

fn instant(date: Date, clock: Time, zone: &TimeZone) -> Instant {
    let local = date.to_datetime(clock).to_zoned(zone.clone()).unwrap();
    local.timestamp().into()
}

/// `26 nov`, with a year or without; else the next day of a name.
fn date_of(text: &str, now: &Zoned) -> Option<Date> {
    let words: Vec<_> = text.split(' ').collect();
    if let [_, day, month, rest @ ..] = &words[..]
        && let Some(month) = MONTHS.iter().position(|it| it == month)
    {
        let year = rest.first().and_then(|year| year.parse().ok());
        let (year, month) = (year.unwrap_or(now.year()), i8::try_from(month).ok()? + 1);
        return Date::new(year, month, day.parse().ok()?).ok();
    }
    let (_, name) = NAMES.iter().find(|(name, _)| words[0] == *name)?;
    let mut date = now.date().tomorrow().ok()?;
    while date.weekday() != *name {
        date = date.tomorrow().ok()?;
    }
    Some(date)
}

fn clock_of(text: &str) -> Option<Time> {
    let word = text.split(' ').next_back()?;
    if let Some((hour, minute)) = word.split_once(':') {
        return Time::new(hour.parse().ok()?, minute.parse().ok()?, 0, 0).ok();
    }
    let word = word.split('-').next()?;
    let hour: i8 = word.trim_end_matches("pm").parse().ok()?;
    Time::new(hour + 12, 0, 0, 0).ok()
}

/// Everybody's lanes: those who take part from nine to five, the candidate by day.
pub(super) fn lanes(query: &BusyQuery) -> Vec<BusyLane> {
    let members = records::members();
    let of = |reference: &String| {
        members
            .iter()
            .position(|it| it.id.to_string() == *reference)
    };
    let berlin = berlin();
    let from = query.from.timestamp().to_zoned(berlin.clone()).date();
    let open = |days: usize, from_hour: i8, to_hour: i8| -> Vec<Stretch> {
        let day = |day: usize| from.saturating_add(Span::new().days(day as i64));
        let stretch = |date: Date| Stretch {
            start: instant(date, Time::constant(from_hour, 0, 0, 0), &berlin),
            end: instant(date, Time::constant(to_hour, 0, 0, 0), &berlin),
        };
        (0..days).map(|it| stretch(day(it))).collect()
    };
    let mut lanes: Vec<BusyLane> = query
        .members
        .iter()
        .filter_map(of)
        .map(|number| BusyLane {
            kind: LaneKind::Member,
            id: members[number].id.to_string(),
            name: members[number].name.clone(),
            capacity: 1,
            zone: Some("Europe/Berlin".into()),
            open: open(5, 9, 17),
            hours_assumed: number != 7,
            busy: busy(number),
        })
        .collect();
    if query.candidate.is_some() {
        lanes.push(BusyLane {
            kind: LaneKind::Candidate,
            id: query.candidate.clone().unwrap_or_default(),
            name: "Priya Nair".into(),
            capacity: 1,
            zone: Some("Asia/Kolkata".into()),
            open: open(7, 3, 16),
            hours_assumed: false,
            busy: Vec::new(),
        });
    }
    lanes
}

fn busy(number: usize) -> Vec<BusyTime> {
    let time = |start: &str, end: &str| BusyTime {
        start: at(start),
        end: at(end),
        interview: None,
        with: BusyWith::Interview,
    };
    match number {
        7 => vec![time("2026-11-26T13:00:00Z", "2026-11-26T13:45:00Z")],
        _ => vec![
            time("2026-11-24T10:00:00Z", "2026-11-24T11:00:00Z"),
            time("2026-11-25T08:30:00Z", "2026-11-25T09:30:00Z"),
            time("2026-11-26T13:00:00Z", "2026-11-26T16:00:00Z"),
        ],
    }
}

impl Daemon {
    /// The quarters from seven to seven at which everybody is free; the best are in the afternoon.
    pub(super) fn slots(&self, query: &SlotQuery) -> Slots {
        if self.own.nobody_free {
            return Slots {
                none_because: vec![NoneBecause {
                    code: FindingCode::PersonBusy,
                    who: None,
                    share: 100,
                    message: "Sam Ito is busy at all of them".into(),
                }],
                ..Slots::default()
            };
        }
        let first = at(records::NOW).plus_minutes(3);
        let from = query.from.unwrap_or(first).max(first);
        let to = query.to.unwrap_or(from.plus_minutes(14 * 24 * 60));
        let from = self.own.away_until.map_or(from, |it| it.max(from));
        let quarter = |at: i64| Instant::from_second(at * 900);
        let starts = (from.second() + 899) / 900..(to.second() + 899) / 900;
        let change = query.planned.change.as_ref();
        let changed = match change.map(|it| &it.duration_minutes) {
            Some(Edit::Set(minutes)) => Some(*minutes),
            _ => None,
        };
        let minutes = query.planned.duration_minutes.or(changed);
        let minutes = i64::from(minutes.unwrap_or(45));
        let mut lanes = Vec::new();
        let mut free = Vec::new();
        for start in starts.map(quarter) {
            let local = start.timestamp().to_zoned(berlin());
            let monday = crate::widgets::times::monday(local.date());
            if lanes.is_empty() || local.date() == monday && local.hour() == 0 {
                lanes = planned_lanes(&query.planned, monday);
            }
            let by_day = (7..19).contains(&local.hour());
            if by_day && findings(&lanes, start, minutes).is_empty() {
                free.push((start, local.hour()));
            }
        }
        if query.best {
            free.sort_by_key(|(start, hour)| (score(*hour).unsigned_abs(), *start));
        }
        free.truncate(query.limit.unwrap_or(100) as usize);
        let slot = |(start, hour): (Instant, i8)| Slot {
            start,
            end: start.plus_minutes(minutes),
            interviewers: self.proposed(&query.planned),
            score: score(hour),
            why: match score(hour) {
                0 => Vec::new(),
                points => vec![SlotReason {
                    code: SlotReasonCode::NotPreferred,
                    points,
                    amount: None,
                    who: Vec::new(),
                }],
            },
        };
        Slots {
            items: free.into_iter().map(slot).collect(),
            ..Slots::default()
        }
    }

    /// Who takes part: those who are named, else whom the panel comes to.
    fn proposed(&self, planned: &Planned) -> Vec<MemberBrief> {
        let members = records::members();
        let of = |reference: &String| {
            members
                .iter()
                .position(|it| it.id.to_string() == *reference)
        };
        let named = planned.with.iter().filter_map(of).map(brief).collect();
        let panel = self.own.panel.clone().filter(|_| planned.with.is_empty());
        panel.map_or(named, |panel| panel.interviewers)
    }

    /// Who is free at a time.
    pub(super) fn explain(&self, query: &ExplainQuery) -> Explained {
        let start = start(&query.start, query.planned.zone.as_deref());
        let minutes = i64::from(query.planned.duration_minutes.unwrap_or(45));
        let date = start.timestamp().to_zoned(berlin()).date();
        let lanes = planned_lanes(&query.planned, crate::widgets::times::monday(date));
        let findings = findings(&lanes, start, minutes);
        let blocks = |it: &Finding| it.class == Some(FindingClass::Block);
        Explained {
            start,
            end: start.plus_minutes(minutes),
            offered: findings.is_empty(),
            person_may: !findings.iter().any(blocks),
            findings,
            groups: Vec::new(),
            earlier: None,
            later: Some(start.plus_minutes(60)),
            none_earlier: vec![NoneBecause {
                code: FindingCode::ShortNotice,
                who: None,
                share: 100,
                message: "sooner than the notice (100 % of the times)".into(),
            }],
            none_later: Vec::new(),
            zone: query.planned.zone.clone().unwrap_or_default(),
            candidate_zone: None,
            assumed_candidate_zone: None,
        }
    }
}

/// A time before noon is a little worse than one after it.
fn score(hour: i8) -> i32 {
    if hour < 12 { -2 } else { 0 }
}

fn berlin() -> TimeZone {
    TimeZone::get("Europe/Berlin").unwrap()
}

/// The lanes of who is to be scheduled, in a week.
fn planned_lanes(planned: &Planned, monday: Date) -> Vec<BusyLane> {
    let members = match planned.with.is_empty() {
        true => vec![id::<greenroom_protocol::id::MemberId>("mem", 0).to_string()],
        false => planned.with.clone(),
    };
    lanes(&BusyQuery {
        members,
        candidate: planned.candidate.clone(),
        zoom_user: None,
        job: None,
        interview: None,
        from: instant(monday, Time::midnight(), &berlin()),
        to: at(records::NOW),
    })
}

/// What speaks against a time: somebody has another interview, or it is outside their hours.
fn findings(lanes: &[BusyLane], start: Instant, minutes: i64) -> Vec<Finding> {
    let end = start.plus_minutes(minutes);
    let found = |lane: &BusyLane, code, class, message: String| Finding {
        who: Some(FindingWho {
            kind: lane.kind,
            id: lane.id.clone(),
            name: Some(lane.name.clone()),
        }),
        class: Some(class),
        ..Finding::new(code, message)
    };
    let of = |lane: &BusyLane| {
        let name = &lane.name;
        let busy = lane.busy.iter().any(|it| it.start < end && start < it.end);
        let open = lane
            .open
            .iter()
            .any(|it| it.start <= start && end <= it.end);
        let busy = busy.then(|| {
            let words = format!("{name} has another interview then");
            found(lane, FindingCode::PersonBusy, FindingClass::Block, words)
        });
        let outside = (!open).then(|| {
            let words = format!("Outside {name}'s hours");
            found(lane, FindingCode::OutsideHours, FindingClass::Slot, words)
        });
        [busy, outside]
    };
    lanes.iter().flat_map(of).flatten().collect()
}
