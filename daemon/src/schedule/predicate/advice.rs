//! What to bear in mind about a time: reasons that a person may book over, and that nothing is
//! offered with.
//!
//! Invariant: everything is named, not the first only; a finding is about this time, so another one
//! may not have it.

use std::collections::HashSet;

use greenroom_protocol::pipeline::NightHours;
use greenroom_protocol::schedule::{Finding, FindingCode, LaneKind};
use greenroom_protocol::time::Instant;
use jiff::Zoned;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::elsewhere;
use super::{
    Limits, Nights, Party, Place, Question, WorkDays, fills, is_elsewhere, is_on_hold, of_the_slot,
    told, what_takes,
};
use crate::schedule::busy::{Buffer, Holder, Interval, MOST_BUFFER, Own, TakenBy};
use crate::schedule::civil::Civil;
use crate::schedule::grid;
use crate::schedule::hours::{Off, Said};
use crate::schedule::ranges::{Seconds, around, hold, touch};

/// Minutes that an offer takes until somebody can have taken it up, added to the notice.
pub const SENDING: u32 = 10;

/// Advice about the time, whichever people take part.
pub(super) fn of_the_time(question: &Question) -> Vec<Finding> {
    let all = [
        short_notice(question),
        beyond_horizon(question),
        wish_unmet(question),
        off_step(question),
    ];
    all.into_iter().flatten().collect()
}

/// Advice about the time for one of those it concerns.
pub(super) fn of(question: &Question, party: &Party) -> Vec<Finding> {
    let mut found = Vec::new();
    match &party.limits {
        Limits::None => {}
        Limits::WorkDays(days) => {
            found.extend(outside_hours(question, party, days));
            found.extend(days_off(question, party, days));
            found.extend(outside_windows(question, party, days));
            found.extend(too_close(question, party, days.buffer));
            found.extend(day_is_full(question, party, days));
            found.extend(week_is_full(question, party, days));
        }
        Limits::Nights(nights) => found.extend(at_night(question, party, nights)),
    }
    found.extend(on_hold(question, party));
    found.extend(elsewhere::of(question, party));
    found
}

fn short_notice(question: &Question) -> Option<Finding> {
    let rules = &question.rules;
    let sending = rules.offer.map_or(0, |_| SENDING);
    let least = i64::from(rules.notice_minutes) + i64::from(sending);
    if question.start >= question.now.plus_minutes(least) {
        return None;
    }
    let text = match (rules.notice_minutes, sending) {
        (0, _) => format!("That starts in less than {SENDING} min, too soon to be offered"),
        (notice, 0) => format!("Short notice: less than {} ahead", length(notice)),
        (notice, _) => format!(
            "Short notice: less than {} and {SENDING} min ahead",
            length(notice)
        ),
    };
    Some(of_the_slot(FindingCode::ShortNotice, text))
}

fn beyond_horizon(question: &Question) -> Option<Finding> {
    let most = question.rules.horizon_days?;
    let date = |at: Instant| local(&question.grid, at).date();
    let last = date(question.now).saturating_add(jiff::Span::new().days(i64::from(most)));
    if date(question.start) <= last {
        return None;
    }
    let text = format!("More than {most} {} ahead", days(most));
    Some(of_the_slot(FindingCode::BeyondHorizon, text))
}

fn wish_unmet(question: &Question) -> Option<Finding> {
    if question.wishes.allow(&question.span()) {
        return None;
    }
    let text = "Outside the hours that were asked for";
    Some(of_the_slot(FindingCode::WishUnmet, text))
}

fn off_step(question: &Question) -> Option<Finding> {
    let step = question.rules.offer?.step;
    let civil = Civil::of(&question.grid, &question.span());
    if grid::is_on(&civil, step, question.start.second()) {
        return None;
    }
    let text = format!("Only starts every {step} min are offered");
    Some(of_the_slot(FindingCode::OffStep, text))
}

fn outside_hours(question: &Question, party: &Party, days: &WorkDays) -> Option<Finding> {
    if hold(&days.hours.usual, &question.span()) {
        return None;
    }
    let mut said = told_hours(question, &days.place, &days.hours.usual);
    said.push_str(match days.hours.said {
        Said::Assumed => ", assumed",
        Said::Calendar => ", from their calendar",
        Said::Set => "",
    });
    let text = format!("Outside {}'s hours ({said})", party.name);
    Some(about(party, of_the_slot(FindingCode::OutsideHours, text)))
}

/// Each day off that the interview has a part of, once.
fn days_off(question: &Question, party: &Party, days: &WorkDays) -> Vec<Finding> {
    let span = question.span();
    let meets = |it: &&Off| it.span.start < span.end && span.start < it.span.end;
    let mut met: Vec<&Off> = days.hours.off.iter().filter(meets).collect();
    met.dedup_by_key(|it| it.date);
    let finding = |off: &Off| {
        let date = off.date.strftime("%a %-d %b");
        let name = &party.name;
        let text = match &off.label {
            Some(label) => format!("{date} is a day off for {name} ({label})"),
            None => format!("{date} is a day off for {name}"),
        };
        Finding {
            until: Some(Instant::from_second(off.span.end)),
            ..about(party, of_the_slot(FindingCode::DayOff, text))
        }
    };
    met.into_iter().map(finding).collect()
}

fn outside_windows(question: &Question, party: &Party, days: &WorkDays) -> Option<Finding> {
    let windows = days.windows.as_ref()?;
    if hold(windows, &question.span()) {
        return None;
    }
    let said = told_hours(question, &days.place, windows);
    let text = format!("Outside the stage's hours for {} ({said})", party.name);
    Some(about(party, of_the_slot(FindingCode::OutsideWindows, text)))
}

/// The hours of the day on which the interview would begin there: `09:00–17:00 in Kolkata`. The
/// place is only named where its clock is not the question's.
fn told_hours(question: &Question, place: &Place, open: &[Seconds]) -> String {
    let start = local(&place.zone, question.start);
    let clock = |second: i64| {
        let at = local(&place.zone, Instant::from_second(second));
        match at.date() == start.date() {
            true => at.strftime("%H:%M").to_string(),
            // It goes on over midnight.
            false if second > question.start.second() => "24:00".to_owned(),
            false => "00:00".to_owned(),
        }
    };
    let today = |it: &&Seconds| {
        let date = |second| local(&place.zone, Instant::from_second(second)).date();
        date(it.start) <= start.date() && start.date() <= date(it.end - 1)
    };
    let hours = open.iter().filter(today);
    let hours: Vec<_> = hours
        .map(|it| format!("{}–{}", clock(it.start), clock(it.end)))
        .collect();
    let same_clock = start.offset() == question.zone.to_offset(question.start.timestamp());
    match (hours.is_empty(), same_clock) {
        (true, _) => format!("none on {}", start.strftime("%A")),
        (false, true) => hours.join(", "),
        (false, false) => format!("{} in {}", hours.join(", "), place.name),
    }
}

/// Interviews and slots on hold that are nearer than the minutes which are to stay free between
/// them and this one. Of time that is taken elsewhere nobody knows whether it needs any.
fn too_close(question: &Question, party: &Party, buffer: Buffer) -> Vec<Finding> {
    let (start, end) = (question.start, question.end());
    let near = i64::from(MOST_BUFFER);
    let others = party.busy.in_the_way(
        start.plus_minutes(-near),
        end.plus_minutes(near),
        question.own,
    );
    let finding = |other: &Interval| {
        let kept = kept_free(other)?;
        let (least, is_before) = match () {
            () if other.end <= start => (kept.after.max(buffer.before), true),
            () if end <= other.start => (kept.before.max(buffer.after), false),
            () => return None,
        };
        let free = match is_before {
            true => start.since(other.end),
            false => other.start.since(end),
        };
        (free.as_secs() < i64::from(least) * 60)
            .then(|| next_to(question, party, other, is_before, least))
    };
    others.iter().filter_map(finding).collect()
}

/// The minutes that what takes time keeps free around itself; `None`: it is not ours.
pub(in crate::schedule) fn kept_free(interval: &Interval) -> Option<Buffer> {
    match interval.taken_by {
        TakenBy::Interview { .. } | TakenBy::HeldSlot { .. } => Some(interval.kept_free),
        TakenBy::Elsewhere | TakenBy::Unknown => None,
    }
}

fn next_to(
    question: &Question,
    party: &Party,
    other: &Interval,
    is_before: bool,
    least: u32,
) -> Finding {
    let then = match is_before {
        true => format!("until {}", at(question, other.end)),
        false => format!("from {}", at(question, other.start)),
    };
    let what = what_takes(party, other);
    let text = format!("{what} {then}, and {least} min in between are to stay free");
    Finding {
        interview: other.taken_by.interview(),
        until: Some(other.end),
        ..about(party, of_the_slot(FindingCode::Buffer, text))
    }
}

fn day_is_full(question: &Question, party: &Party, days: &WorkDays) -> Option<Finding> {
    if days.most_a_day == 0 {
        return None;
    }
    let zone = &days.place.zone;
    let date = local(zone, question.start).date();
    let count = beginning_on(party, zone, question.own, |it| it == date);
    if count < days.most_a_day as usize {
        return None;
    }
    let text = format!(
        "{} already has {} that day, and at most {} are to be on one",
        party.name,
        interviews(count),
        days.most_a_day
    );
    Some(about(party, of_the_slot(FindingCode::DayCap, text)))
}

fn week_is_full(question: &Question, party: &Party, days: &WorkDays) -> Option<Finding> {
    if days.most_a_week == 0 {
        return None;
    }
    let zone = &days.place.zone;
    let week = |date: Date| date.iso_week_date().first_of_week().ok();
    let this = week(local(zone, question.start).date());
    let count = beginning_on(party, zone, question.own, |it| week(it) == this);
    if count < days.most_a_week as usize {
        return None;
    }
    let text = format!(
        "{} already has {} that week, and at most {} are to be in one",
        party.name,
        interviews(count),
        days.most_a_week
    );
    Some(about(party, of_the_slot(FindingCode::WeekCap, text)))
}

fn interviews(count: usize) -> String {
    match count {
        1 => "1 interview".to_owned(),
        more => format!("{more} interviews"),
    }
}

/// What somebody has that begins on some local dates: each interview once, and each outreach once,
/// however many slots it holds. What has no length takes nothing of a day.
fn beginning_on(party: &Party, zone: &TimeZone, own: Own, counts: impl Fn(Date) -> bool) -> usize {
    let holders: HashSet<_> = party
        .busy
        .iter()
        .filter(|it| it.start < it.end && !it.is_of(own))
        .filter(|it| counts(local(zone, it.start).date()))
        .filter_map(|it| it.taken_by.holder())
        .collect();
    holders.len()
}

fn at_night(question: &Question, party: &Party, nights: &Nights) -> Option<Finding> {
    let span = question.span();
    if !touch(&nights.nights, &span) {
        return None;
    }
    let Nights {
        place,
        hours,
        nights,
    } = nights;
    let begins_at_night = around(nights, span.start).is_some();
    let (verb, moment) = match begins_at_night {
        true => ("is", question.start),
        false => ("ends at", question.end()),
    };
    let then = local(&place.zone, moment).strftime("%H:%M").to_string();
    let text = format!(
        "It {verb} {then} for {} in {} (night is {})",
        party.name,
        place.name,
        told_night(*hours)
    );
    Some(about(party, of_the_slot(FindingCode::CandidateNight, text)))
}

/// A night as people say it: `21:00–07:00`.
pub(in crate::schedule) fn told_night(hours: NightHours) -> String {
    let clock = |minute: u16| format!("{:02}:{:02}", minute / 60, minute % 60);
    format!("{}–{}", clock(hours.from_minute), clock(hours.to_minute))
}

/// Slots that are kept for somebody else and leave no place.
fn on_hold(question: &Question, party: &Party) -> Vec<Finding> {
    let (start, end) = (question.start, question.end());
    let mut others = party.busy.in_the_way(start, end, question.own);
    others.retain(|it| !is_elsewhere(it));
    let held = others.iter().filter(|it| is_on_hold(it));
    let held = held.filter(|it| fills(&others, it, (start, end), party.capacity));
    let finding = |other: &Interval| {
        let then = told(question, other.start, other.end);
        let what = match party.kind {
            LaneKind::Host => format!("{}'s Zoom has a slot on hold", party.name),
            LaneKind::Member | LaneKind::Candidate => what_takes(party, other),
        };
        Finding {
            until: Some(other.end),
            outreach: match other.taken_by.holder() {
                Some(Holder::Outreach(id)) => Some(id),
                Some(Holder::Interview(_)) | None => None,
            },
            ..about(
                party,
                of_the_slot(FindingCode::Held, format!("{what} from {then}")),
            )
        }
    };
    held.map(finding).collect()
}

pub(super) fn about(party: &Party, finding: Finding) -> Finding {
    Finding {
        who: Some(party.who()),
        ..finding
    }
}

fn local(zone: &TimeZone, at: Instant) -> Zoned {
    at.timestamp().to_zoned(zone.clone())
}

/// A moment by the question's clock, with its date where that is another one.
fn at(question: &Question, moment: Instant) -> String {
    let (then, start) = (
        local(&question.zone, moment),
        local(&question.zone, question.start),
    );
    match then.date() == start.date() {
        true => then.strftime("%H:%M %Z").to_string(),
        false => then.strftime("%a %-d %b %H:%M %Z").to_string(),
    }
}

/// Minutes as people say them.
fn length(minutes: u32) -> String {
    match minutes {
        minutes if minutes.is_multiple_of(24 * 60) && minutes > 24 * 60 => {
            format!("{} days", minutes / (24 * 60))
        }
        minutes if minutes.is_multiple_of(60) => format!("{} h", minutes / 60),
        minutes => format!("{minutes} min"),
    }
}

fn days(count: u32) -> &'static str {
    match count {
        1 => "day",
        _ => "days",
    }
}
