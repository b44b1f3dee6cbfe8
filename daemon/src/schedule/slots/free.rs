//! When somebody rules a start out, for which reason, over a while.
//!
//! Invariant: the starts that no reason rules out are those about which the predicate finds nothing
//! for them. A start is in seconds, and ruled-out starts are ranges of it: an interview of that
//! length that began at one of them would have the fault.

use std::collections::{HashMap, HashSet};

use greenroom_protocol::schedule::{FindingCode, LaneKind};

use super::World;
use crate::schedule::busy::{Interval, TakenBy};
use crate::schedule::civil::{Civil, DAY, first_day, week};
use crate::schedule::predicate::{Limits, Party, WorkDays, kept_free};
use crate::schedule::ranges::{Seconds, common, merged, without};

/// The starts in `span` that nothing rules out for somebody.
pub(super) fn starts(world: &World, party: &Party, span: &Seconds) -> Vec<Seconds> {
    let reasons = ruled_out(world, party, span).into_iter();
    let all = merged(reasons.flat_map(|(_, starts)| starts).collect());
    without(std::slice::from_ref(span), &all)
}

/// The starts that somebody rules out, by reason.
pub(super) fn ruled_out(
    world: &World,
    party: &Party,
    span: &Seconds,
) -> Vec<(FindingCode, Vec<Seconds>)> {
    let length = world.length();
    let taken = |it: &&Interval| it.start < it.end && !it.is_held_by(world.except);
    let taken: Vec<Interval> = party.busy.iter().filter(taken).copied().collect();
    let (held, real): (Vec<_>, Vec<_>) = taken
        .iter()
        .copied()
        .partition(|it| matches!(it.taken_by, TakenBy::HeldSlot { .. }));
    let meets = |full: Vec<Seconds>| {
        let starts = full.into_iter().map(|it| it.start - length + 1..it.end);
        merged(starts.collect())
    };
    let code = match party.kind {
        LaneKind::Member => FindingCode::PersonBusy,
        LaneKind::Candidate => FindingCode::CandidateBusy,
        LaneKind::Host => FindingCode::HostBusy,
    };
    let mut found = vec![(code, meets(full(&real, party.capacity)))];
    if !held.is_empty() {
        let all = held.iter().map(|it| it.start.second()..it.end.second());
        let held = common(&merged(all.collect()), &full(&taken, party.capacity));
        found.push((FindingCode::Held, meets(held)));
    }
    match &party.limits {
        Limits::None => {}
        Limits::Nights(nights) => {
            let at_night = meets(nights.nights.to_vec());
            found.push((FindingCode::CandidateNight, at_night));
        }
        Limits::WorkDays(days) => {
            let outside =
                |open: &[Seconds]| without(std::slice::from_ref(span), &within(open, length));
            found.push((FindingCode::OutsideHours, outside(&days.hours.usual)));
            if !days.hours.off.is_empty() {
                let off = days.hours.off.iter().map(|it| it.span.clone());
                found.push((FindingCode::DayOff, meets(off.collect())));
            }
            if let Some(windows) = &days.windows {
                found.push((FindingCode::OutsideWindows, outside(windows)));
            }
            found.push((FindingCode::Buffer, too_close(&taken, days, length)));
            found.push((FindingCode::DayCap, full_days(&taken, days, span)));
            found.push((FindingCode::WeekCap, full_weeks(&taken, days, span)));
        }
    }
    found
}

/// The starts of what lies in one stretch of `open`.
pub(super) fn within(open: &[Seconds], length: i64) -> Vec<Seconds> {
    let inside = open.iter().map(|it| it.start..it.end - length + 1);
    merged(inside.collect())
}

/// When there are `capacity` of them at once, or more.
fn full(taken: &[Interval], capacity: usize) -> Vec<Seconds> {
    if capacity <= 1 {
        let all = taken.iter().map(|it| it.start.second()..it.end.second());
        return merged(all.collect());
    }
    let mut changes: Vec<(i64, i8)> = Vec::with_capacity(taken.len() * 2);
    for interval in taken {
        changes.push((interval.start.second(), 1));
        changes.push((interval.end.second(), -1));
    }
    changes.sort_unstable();
    let (mut count, mut since) = (0_usize, None);
    let mut full = Vec::new();
    for (at, change) in changes {
        count = count.saturating_add_signed(change.into());
        match (count >= capacity, since) {
            (true, None) => since = Some(at),
            (false, Some(from)) => {
                full.push(from..at);
                since = None;
            }
            _ => {}
        }
    }
    merged(full)
}

/// Starts next to something that leave less than is to stay free.
fn too_close(taken: &[Interval], days: &WorkDays, length: i64) -> Vec<Seconds> {
    let around = |it: &Interval| {
        let kept = kept_free(it)?;
        let after = i64::from(kept.after.max(days.buffer.before)) * 60;
        let before = i64::from(kept.before.max(days.buffer.after)) * 60;
        let (start, end) = (it.start.second(), it.end.second());
        let last_before = start - length;
        Some([last_before - before + 1..last_before + 1, end..end + after])
    };
    merged(taken.iter().filter_map(around).flatten().collect())
}

/// Starts on days that have as much as they may.
fn full_days(taken: &[Interval], days: &WorkDays, span: &Seconds) -> Vec<Seconds> {
    if days.most_a_day == 0 {
        return Vec::new();
    }
    let civil = Civil::of(
        &days.place.zone,
        &(span.start - 2 * DAY..span.end + 2 * DAY),
    );
    let full = full_parts(per_day(taken, &civil), days.most_a_day);
    starts_on(full.map(|day| (day, 1)), &civil, span)
}

/// Starts in weeks that have as much as they may.
fn full_weeks(taken: &[Interval], days: &WorkDays, span: &Seconds) -> Vec<Seconds> {
    if days.most_a_week == 0 {
        return Vec::new();
    }
    let civil = Civil::of(
        &days.place.zone,
        &(span.start - 9 * DAY..span.end + 9 * DAY),
    );
    let per_week = per(taken, |it| week(civil.day(it)));
    let full = full_parts(per_week, days.most_a_week);
    starts_on(full.map(|week| (first_day(week), 7)), &civil, span)
}

fn full_parts(counts: HashMap<i64, usize>, most: u32) -> impl Iterator<Item = i64> {
    let full = counts.into_iter();
    let full = full.filter(move |(_, count)| *count >= most as usize);
    full.map(|(part, _)| part)
}

/// The starts of `span` within some local days: a first one, and how many from there on.
fn starts_on(
    days: impl Iterator<Item = (i64, i64)>,
    civil: &Civil,
    span: &Seconds,
) -> Vec<Seconds> {
    let starts = days.flat_map(|(first, count)| {
        let parts = civil.parts(span);
        parts.map(move |(part, offset)| {
            let begins = first * DAY - offset;
            part.start.max(begins)..part.end.min(begins + count * DAY)
        })
    });
    merged(starts.collect())
}

/// What begins on each local day: each interview once, and each outreach once.
pub(super) fn per_day(taken: &[Interval], civil: &Civil) -> HashMap<i64, usize> {
    per(taken, |start| civil.day(start))
}

/// What begins in each of the parts of time that `part` says a second is in.
fn per(taken: &[Interval], part: impl Fn(i64) -> i64) -> HashMap<i64, usize> {
    let mut holders = HashMap::<i64, HashSet<_>>::new();
    for interval in taken {
        let part = part(interval.start.second());
        holders
            .entry(part)
            .or_default()
            .extend(interval.taken_by.holder());
    }
    holders
        .into_iter()
        .map(|(part, all)| (part, all.len()))
        .collect()
}
