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

/// How long a file that was given once is good for, in seconds: two weeks, within which most of the
/// interviews that are being scheduled take place.
const FRESH: i64 = 14 * 24 * 3600;

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
    let stale = others.filter(|it| outdated(it, question.now).start < span.end);
    found.extend(stale.map(|it| {
        let text = why(it, party, question);
        about(party, of_the_slot(FindingCode::StaleCalendar, text))
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

/// From when on a calendar is not known any more.
pub(in crate::schedule) fn outdated(calendar: &OtherCalendar, now: Instant) -> Seconds {
    let is_old = now.second() - calendar.read_at.second() > FRESH;
    let from = if is_old {
        i64::MIN
    } else {
        calendar.known_to.second()
    };
    from..i64::MAX
}

fn why(calendar: &OtherCalendar, party: &Party, question: &Question) -> String {
    let (name, of) = (&calendar.name, &party.name);
    let days = question.now.since(calendar.read_at).as_hours() / 24;
    if outdated(calendar, question.now).start == i64::MIN {
        return format!("{of}'s calendar `{name}` is {days} days old");
    }
    let to = calendar
        .known_to
        .timestamp()
        .to_zoned(question.zone.clone());
    let date = to.strftime("%a %-d %b %Y");
    format!("{of}'s calendar `{name}` is only known until {date}")
}
