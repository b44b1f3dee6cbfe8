//! When somebody rules a start out, for which reason, over a while.
//!
//! Invariant: the starts that no reason rules out are those about which the predicate finds nothing
//! for them. A start is in seconds, and ruled-out starts are ranges of it: an interview of that
//! length that began at one of them would have the fault.

use greenroom_protocol::schedule::{FindingCode, LaneKind};
use greenroom_protocol::time::Instant;

use super::World;
use crate::schedule::busy::{Holder, Interval, OtherCalendar, fills};
use crate::schedule::civil::{Civil, DAY, first_day, week};
use crate::schedule::predicate::{Limits, Party, WorkDays, is_elsewhere, is_on_hold, kept_free};
use crate::schedule::ranges::{Seconds, common, either, merged, without};

/// The starts in `span` that nothing rules out for somebody.
pub(super) fn starts(world: &World, party: &Party, span: &Seconds) -> Vec<Seconds> {
    let reasons = ruled_out(world, party, span).into_iter();
    let lists = reasons
        .map(|(_, starts)| starts)
        .filter(|it| !it.is_empty());
    let all = lists.reduce(|all, starts| either(&all, &starts));
    without(std::slice::from_ref(span), &all.unwrap_or_default())
}

/// The starts that somebody rules out, by reason.
pub(super) fn ruled_out(
    world: &World,
    party: &Party,
    span: &Seconds,
) -> Vec<(FindingCode, Vec<Seconds>)> {
    let length = world.length();
    let taken = |it: &&Interval| it.start < it.end && !it.is_of(world.own);
    let all = party.busy.iter().filter(taken);
    let (elsewhere, taken): (Vec<&Interval>, Vec<&Interval>) = all.partition(|it| is_elsewhere(it));
    let meets = |full: Vec<Seconds>| {
        let starts = full.into_iter().map(|it| it.start - length + 1..it.end);
        merged(starts.collect())
    };
    let code = match party.kind {
        LaneKind::Member => FindingCode::PersonBusy,
        LaneKind::Candidate => FindingCode::CandidateBusy,
        LaneKind::Host => FindingCode::HostBusy,
    };
    let is_held = |it: &&Interval| is_on_hold(it);
    let mut found = Vec::new();
    match taken.iter().any(is_held) {
        false => found.push((code, meets(full(&taken, party.capacity)))),
        true => {
            let (held, real): (Vec<_>, Vec<_>) = taken.iter().copied().partition(is_held);
            found.push((code, meets(full(&real, party.capacity))));
            let all = held.iter().map(|it| it.start.second()..it.end.second());
            let held = common(&merged(all.collect()), &full(&taken, party.capacity));
            let shared = shared_starts(world, &taken, party.capacity);
            found.push((FindingCode::Held, without(&meets(held), &shared)));
        }
    }
    if !elsewhere.is_empty() {
        found.push((FindingCode::BusyElsewhere, meets(full(&elsewhere, 1))));
    }
    let outdated = party.busy.others().iter();
    let outdated = outdated.map(|it| outdated_starts(it, world.now, length, span));
    let outdated = merged(outdated.collect());
    if !outdated.is_empty() {
        found.push((FindingCode::StaleCalendar, outdated));
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
            found.extend(full_parts(&taken, days, span));
        }
    }
    found
}

/// The starts at which what shares may have a slot beside its one holder: those of slots as long as
/// the interview, where nothing else on hold leaves no place.
fn shared_starts(world: &World, taken: &[&Interval], capacity: usize) -> Vec<Seconds> {
    if !world.own.shares {
        return Vec::new();
    }
    let length = world.length();
    let may_be_had = |slot: &&&Interval| {
        let (start, end) = (slot.start, slot.start.plus_seconds(length));
        if !slot.is_shared(start, end) {
            return false;
        }
        let then = taken.iter().filter(|it| it.overlaps(start, end));
        let (same, others): (Vec<_>, Vec<_>) = then.partition(|it| it.is_shared(start, end));
        let others: Vec<Interval> = others.into_iter().map(|it: &&Interval| **it).collect();
        let mut held = others.iter().filter(|it| is_on_hold(it));
        same.len() == 1 && !held.any(|it| fills(&others, it, (start, end), capacity))
    };
    let slots = taken.iter().filter(may_be_had).map(|it| it.start.second());
    merged(slots.map(|start| start..start + 1).collect())
}

/// The starts of what lies in one stretch of `open`.
pub(super) fn within(open: &[Seconds], length: i64) -> Vec<Seconds> {
    let inside = open.iter().map(|it| it.start..it.end - length + 1);
    merged(inside.collect())
}

/// The starts from which an interview lasts into what a calendar is not known of.
fn outdated_starts(calendar: &OtherCalendar, now: Instant, length: i64, span: &Seconds) -> Seconds {
    match calendar.known_until(now) {
        Some(until) => span.start.max(until.second() - length + 1)..span.end,
        None => span.clone(),
    }
}

/// When there are `capacity` of them at once, or more.
fn full(taken: &[&Interval], capacity: usize) -> Vec<Seconds> {
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
fn too_close(taken: &[&Interval], days: &WorkDays, length: i64) -> Vec<Seconds> {
    let around = |it: &&Interval| {
        let kept = kept_free(it)?;
        let after = i64::from(kept.after.max(days.buffer.before)) * 60;
        let before = i64::from(kept.before.max(days.buffer.after)) * 60;
        let (start, end) = (it.start.second(), it.end.second());
        let last_before = start - length;
        Some((last_before - before + 1..last_before + 1, end..end + after))
    };
    let (mut before, after): (Vec<Seconds>, Vec<Seconds>) = taken.iter().filter_map(around).unzip();
    before.extend(after);
    merged(before)
}

/// Starts on days and in weeks that have as much as they may.
fn full_parts(
    taken: &[&Interval],
    days: &WorkDays,
    span: &Seconds,
) -> Vec<(FindingCode, Vec<Seconds>)> {
    if (days.most_a_day, days.most_a_week) == (0, 0) {
        return Vec::new();
    }
    let wide = span.start - 9 * DAY..span.end + 9 * DAY;
    let civil = Civil::of(&days.place.zone, &wide);
    let full = |most: u32, part: &dyn Fn(i64) -> i64, first: &dyn Fn(i64) -> i64, length: i64| {
        let counts = match most {
            0 => Vec::new(),
            _ => counts(taken, |start| part(civil.day(start))),
        };
        let full = counts
            .into_iter()
            .filter(|(_, count)| *count >= most as usize);
        let full = full.map(|(part, _)| (first(part) * DAY, length * DAY));
        let starts = full.flat_map(|(first, length)| {
            let parts = civil.parts(span);
            parts.map(move |(part, offset)| {
                let begins = first - offset;
                part.start.max(begins)..part.end.min(begins + length)
            })
        });
        merged(starts.collect())
    };
    vec![
        (
            FindingCode::DayCap,
            full(days.most_a_day, &|day| day, &|day| day, 1),
        ),
        (
            FindingCode::WeekCap,
            full(days.most_a_week, &week, &first_day, 7),
        ),
    ]
}

/// What begins in each of the parts of time that `part` says a second is in, in their order: each
/// interview once, and each outreach once.
pub(super) fn counts(taken: &[&Interval], part: impl Fn(i64) -> i64) -> Vec<(i64, usize)> {
    let of = |it: &&Interval| Some((part(it.start.second()), it.taken_by.holder()?));
    let mut held: Vec<(i64, Holder)> = taken.iter().filter_map(of).collect();
    held.sort_unstable();
    held.dedup();
    let parts = held.chunk_by(|(one, _), (next, _)| one == next);
    let counted = parts.filter_map(|all| Some((all.first()?.0, all.len())));
    counted.collect()
}
