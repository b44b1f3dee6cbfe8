//! What neighbours say together: two words of one day, and the month that a list says once.
//!
//! Owns which days are one, make a range, or share a month or a week. Must not know how a link is
//! written.

use crate::schedule::reading::said::{Clock, DateSaid, Day, Frame, Half, Part, Which};
use crate::schedule::reading::settle;

use super::{Entry, Joint, What};

/// Whether a clock can be in a part of the day: "Thursday afternoon, 2–4", but not "Monday morning,
/// 2pm".
pub(super) fn within_part(clock: &Clock, part: &Part) -> bool {
    clock.half == Half::Unknown || (part.from..=part.to).contains(&clock.minute)
}

/// Whether two days make a range.
pub(super) fn ranges(from: &Day, to: &Day) -> bool {
    // "Tue - 1 Dec" says the same day twice.
    let mixed =
        from.weekday.is_some() && from.date.is_none() && to.weekday.is_none() && to.date.is_some();
    !mixed
}

/// Two days said one after the other that are one: "Tue 1 Dec", "Tuesday next week". `goes_on`:
/// the second begins a list of its own.
pub(super) fn merge(
    first: &Day,
    second: &Day,
    joint: Joint,
    goes_on: bool,
    frame: &Frame,
) -> Option<Day> {
    if first.shift.is_some() || second.shift.is_some() {
        return None;
    }
    let both = (first.weekday.is_some() && second.weekday.is_some())
        || (first.fixed.is_some() && second.fixed.is_some())
        || (first.within.is_some() && second.within.is_some())
        || (first.date.is_some() && second.date.is_some());
    if both {
        return None;
    }
    // A span with a whole date is two things, but a week or a month holds a weekday or a number.
    let whole = |day: &Day| {
        day.fixed.is_some() || matches!(day.date, Some(it) if !matches!(it, DateSaid::OfMonth(_)))
    };
    let within = first.within.is_some() || second.within.is_some();
    if within && (whole(first) || whole(second)) {
        return None;
    }
    let merged = Day {
        weekday: first.weekday.or(second.weekday),
        which: if first.weekday.is_some() {
            first.which
        } else {
            second.which
        },
        date: first.date.or(second.date),
        fixed: first.fixed.or(second.fixed),
        within: first.within.or(second.within),
        shift: None,
        iso: first.iso || second.iso,
        weak: false,
    };
    // "Dec 1, Tuesday" is one day, whether they agree or not; "Dec 1, Wednesday or Friday" a list.
    if joint == Joint::Comma
        && second.weekday.is_some()
        && first.weekday.is_none()
        && first.within.is_none()
    {
        let (date, _) = settle::date_of(first, frame)?;
        return (!goes_on || Some(date.weekday()) == second.weekday).then_some(merged);
    }
    Some(merged)
}

/// A list's days say the month, the week or "next" once.
pub(super) fn share_months(entries: &mut [Entry]) {
    let mut month: Option<DateSaid> = None;
    for entry in entries.iter_mut().rev() {
        let What::Days(days) = &mut entry.what else {
            continue;
        };
        if let Some(until) = &days.until {
            take_month(&mut days.day, until.date);
        }
        take_month(&mut days.day, month);
        if let Some(date @ (DateSaid::MonthDay(..) | DateSaid::Full(_))) = days.day.date {
            month = Some(date);
        }
    }
    let mut month: Option<DateSaid> = None;
    let mut week: Option<Day> = None;
    for entry in entries.iter_mut() {
        let joint = entry.joint;
        let What::Days(days) = &mut entry.what else {
            continue;
        };
        take_month(&mut days.day, month);
        if let Some(until) = &mut days.until {
            take_month(until, days.day.date);
        }
        if let Some(date @ (DateSaid::MonthDay(..) | DateSaid::Full(_))) = days.day.date {
            month = Some(date);
        }
        let bare = is_bare_weekday(&days.day);
        if let Some(before) = week.as_ref().filter(|_| bare && joint != Joint::Near) {
            days.day.within = before.within;
            days.day.which = before.which;
        }
        let tells = days.day.weekday.is_some()
            && (days.day.within.is_some() || days.day.which == Which::Next);
        let span =
            days.day.weekday.is_none() && days.day.date.is_none() && days.day.within.is_some();
        week = (tells || span).then(|| days.day.clone());
    }
    // "Tuesday or Wednesday next week"
    let mut within = None;
    for entry in entries.iter_mut().rev() {
        let What::Days(days) = &mut entry.what else {
            within = None;
            continue;
        };
        if is_bare_weekday(&days.day) {
            days.day.within = within;
        }
        within = days.day.within.filter(|_| days.day.weekday.is_some());
        if let Some(until) = &mut days.until {
            if is_bare_weekday(until) {
                until.within = days.day.within;
            } else if until.within.is_some() && is_bare_weekday(&days.day) {
                days.day.within = until.within;
                within = until.within;
            }
        }
    }
}

pub(super) fn is_bare_weekday(day: &Day) -> bool {
    day.weekday.is_some()
        && day.which == Which::Bare
        && day.date.is_none()
        && day.fixed.is_none()
        && day.within.is_none()
}

fn take_month(day: &mut Day, month: Option<DateSaid>) {
    let Some(DateSaid::OfMonth(number)) = day.date else {
        return;
    };
    if day.within.is_some() {
        return;
    }
    match month {
        Some(DateSaid::MonthDay(month, _)) => day.date = Some(DateSaid::MonthDay(month, number)),
        Some(DateSaid::Full(date)) => {
            if let Ok(date) = jiff::civil::Date::new(date.year(), date.month(), number) {
                day.date = Some(DateSaid::Full(date));
            }
        }
        _ => {}
    }
}
