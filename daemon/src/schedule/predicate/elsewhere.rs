//! What calendars say that others keep: when somebody is busy there, and whether that can be relied
//! on.
//!
//! Invariants: it is advice, whatever it says, for nobody here can undo it; and a calendar that is
//! out of date is named, for what it does not say is not free.

use greenroom_protocol::schedule::{Finding, FindingCode};
use greenroom_protocol::time::Instant;

use super::advice::about;
use super::{Party, Question, is_elsewhere, of_the_slot, told};
use crate::schedule::busy::OtherCalendar;
use crate::schedule::ranges::{Seconds, merged};

/// Advice about the time for one of those it concerns.
pub(super) fn of(question: &Question, party: &Party) -> Vec<Finding> {
    let span = question.span();
    let mut found: Vec<_> = taken(party, &span)
        .into_iter()
        .map(|it| {
            let (from, to) = (Instant::from_second(it.start), Instant::from_second(it.end));
            let then = told(question, from, to);
            let text = format!("{} is busy elsewhere from {then}", party.name);
            Finding {
                until: Some(to),
                ..about(party, of_the_slot(FindingCode::BusyElsewhere, text))
            }
        })
        .collect();
    let others = party.busy.others().iter();
    found.extend(others.filter_map(|it| {
        let text = outdated(it, party, question)?;
        Some(about(party, of_the_slot(FindingCode::StaleCalendar, text)))
    }));
    found
}

/// What others' calendars say has a part of `span`, each as long as it lasts.
fn taken(party: &Party, span: &Seconds) -> Vec<Seconds> {
    let (start, end) = (
        Instant::from_second(span.start),
        Instant::from_second(span.end),
    );
    let all = party.busy.between(start, end);
    let all = all.iter().filter(|it| is_elsewhere(it));
    merged(all.map(|it| it.start.second()..it.end.second()).collect())
}

/// What is said of a calendar that is not known of the time asked about.
fn outdated(calendar: &OtherCalendar, party: &Party, question: &Question) -> Option<String> {
    let Some(until) = calendar.known_until(question.now) else {
        return stale(calendar, &party.name, question.now);
    };
    if question.span().end <= until.second() {
        return None;
    }
    let to = until.timestamp().to_zoned(question.zone.clone());
    let date = to.strftime("%a %-d %b %Y");
    let (name, of) = (&calendar.name, &party.name);
    Some(format!(
        "{of}'s calendar `{name}` is only known until {date}"
    ))
}

/// Why what a calendar of `of` says is not to be relied on at all, as of `now`.
#[must_use]
pub fn stale(calendar: &OtherCalendar, of: &str, now: Instant) -> Option<String> {
    if calendar.known_until(now).is_some() {
        return None;
    }
    let name = &calendar.name;
    let text = match calendar.read_at {
        None => format!("{of}'s calendar `{name}` has not been read yet"),
        // It is not its age.
        Some(read) if now.second() - read.second() < 3600 => {
            format!("{of}'s calendar `{name}` can't be relied on")
        }
        Some(read) => {
            let age = age(now.second() - read.second());
            format!("{of}'s calendar `{name}` was last read {age} ago")
        }
    };
    Some(match &calendar.fault {
        Some(why) => format!("{text}: {why}"),
        None => text,
    })
}

/// A while in words, rounded down.
fn age(seconds: i64) -> String {
    let (hours, days) = (seconds / 3600, seconds / (24 * 3600));
    match (days, hours) {
        (0 | 1, 1) => "1 hour".to_owned(),
        (0 | 1, _) => format!("{hours} hours"),
        (days, _) => format!("{days} days"),
    }
}
