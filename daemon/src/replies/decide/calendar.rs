//! What a calendar beside the words changes (R13).
//!
//! Invariant: an answer counts for the change of the invitation that it names, and no invitation of
//! theirs is ever answered.

use greenroom_protocol::reply::{Act, ActKind, IntentKind, ReplyReading};
use greenroom_protocol::schedule::Grain;

use super::act;
use crate::replies::around::{Around, Calendar, Method};

/// What follows from the calendar and the words (`said`) together.
pub(super) fn beside(
    calendar: &Calendar,
    reading: &ReplyReading,
    around: &Around,
    said: Act,
) -> Act {
    if differs(calendar, reading) {
        return act(
            ActKind::Person,
            None,
            "the text and the calendar name different times",
        );
    }
    let found = alone(calendar, around);
    if is_silent(reading) {
        return found;
    }
    // Words that only go with the calendar change nothing.
    let polite = said.kind == ActKind::None;
    match polite || said.kind == found.kind {
        true => found,
        false if found.kind == ActKind::None => said,
        false => act(
            ActKind::Person,
            said.option.or(found.option),
            "the text and the calendar say different things",
        ),
    }
}

/// What follows from a calendar without words.
fn alone(calendar: &Calendar, around: &Around) -> Act {
    let booked = around.booked.as_ref();
    let old = booked.is_some_and(|it| calendar.sequence < it.sequence);
    let slots = around.proposal.iter().flat_map(|it| &it.slots);
    let slot = calendar
        .start
        .and_then(|start| slots.into_iter().find(|it| it.start == start));
    let slot = slot.map(|it| it.n);
    match (calendar.method, booked) {
        (Method::Theirs, _) => act(
            ActKind::Person,
            slot,
            "an invitation or event of theirs; it is never answered",
        ),
        (Method::Other, _) | (_, None) if calendar.method != Method::Counter => act(
            ActKind::Person,
            slot,
            "a calendar that answers nothing of ours",
        ),
        (Method::Accepted | Method::Tentative, Some(_)) if old => act(
            ActKind::None,
            None,
            "answers an invitation that was changed since",
        ),
        (_, Some(_)) if old => act(
            ActKind::Person,
            None,
            "answers an invitation that was changed since",
        ),
        (Method::Accepted, _) => act(ActKind::None, None, "accepts what is booked"),
        (Method::Tentative, _) => act(ActKind::Wait, None, "accepts with reserve"),
        (Method::Declined, _) => act(ActKind::Person, None, "declines: to be cancelled or moved"),
        (Method::Counter, Some(booked)) => match calendar.start {
            Some(start) if start != booked.start => act(
                ActKind::Propose,
                None,
                "proposes another time in a calendar",
            ),
            _ => act(ActKind::Person, None, "proposes no other time"),
        },
        (Method::Counter, None) => match (calendar.start, slot) {
            (Some(_), None) => act(
                ActKind::Propose,
                None,
                "proposes another time in a calendar",
            ),
            _ => act(
                ActKind::Person,
                slot,
                "a calendar that answers nothing of ours",
            ),
        },
        (Method::Other, _) => act(
            ActKind::Person,
            slot,
            "a calendar that answers nothing of ours",
        ),
    }
}

/// Whether the words say nothing of times, choices or anything that is acted on.
fn is_silent(reading: &ReplyReading) -> bool {
    let unread = reading.unread.iter().any(|it| it.hinge.is_some());
    let says = reading
        .intents
        .iter()
        .any(|it| !matches!(it.kind, IntentKind::Other | IntentKind::Thanks));
    !unread && !says && reading.choice.is_none()
}

/// Whether the text names times, and the calendar's is none of them.
fn differs(calendar: &Calendar, reading: &ReplyReading) -> bool {
    let Some(start) = calendar.start else {
        return false;
    };
    let mut exact = reading
        .times
        .iter()
        .filter(|it| it.grain == Grain::Minute)
        .peekable();
    let named = exact.peek().is_some();
    named && !exact.any(|it| it.start == start || it.others.iter().any(|it| it.start == start))
}
