//! A second look at what the grammar has read.
//!
//! Owns what of a reading the examples contradict, and what an answer is called that the grammar
//! has no words for. Invariant: it adds what stops an act or names an answer that goes to a person,
//! and nothing from which an act follows.

use greenroom_protocol::reply::{
    Choice, ChoiceKind, Confidence, Hinge, IntentKind, ReplyReading, ReplyTime, WishKind,
};

use super::{intent, left};
use crate::replies::likeness::likeness;

/// Answers that go to a person whatever times they name.
const TO_PERSON: [IntentKind; 3] = [
    IntentKind::Withdraw,
    IntentKind::Human,
    IntentKind::WrongPerson,
];

/// Answers that move or call off what is booked, or are about the way to it.
const MOVES: [IntentKind; 3] = [IntentKind::Reschedule, IntentKind::Cancel, IntentKind::Late];

/// Answers that choose, or ask something besides.
const CHOOSES: [IntentKind; 6] = [
    IntentKind::Accept,
    IntentKind::AcceptAny,
    IntentKind::Confirm,
    IntentKind::Constrain,
    IntentKind::Question,
    IntentKind::Thanks,
];

/// Answers that ask for other times.
const WISHES: [IntentKind; 5] = [
    IntentKind::Propose,
    IntentKind::DeclineAll,
    IntentKind::Constrain,
    IntentKind::Reschedule,
    IntentKind::Away,
];

/// From here on an answer is so much like those that go to a person that one looks at it.
const TOO_MUCH: f64 = 0.9;

/// A choice is like other choices at least so much, or it is asked about.
const LEAST_CHOICE: f64 = 0.0002;

/// A wish for other times that names none is like others at least so much.
const LEAST_WISH: f64 = 0.005;

/// An answer that nobody understood is called what it is like from here on.
const NAMED: f64 = 0.6;

/// Whether a time is one slot that was sent, and is not refused.
fn names_what_was_sent(reading: &ReplyReading) -> bool {
    let refused = |n: &u32| {
        let mut not = reading.wishes.iter().filter(|it| it.kind == WishKind::Not);
        not.any(|it| it.slots.contains(n))
    };
    let named = |it: &ReplyTime| matches!(it.slots[..], [n] if !refused(&n));
    reading.times.iter().any(named)
}

/// From here on an answer is like those that choose.
const CHOSEN: f64 = 0.8;

/// Whether the examples alone would say that this answer chooses a slot.
pub(super) fn reads_as_choice(text: &str) -> bool {
    likeness(text).of(&[IntentKind::Accept]) >= CHOSEN
}

/// Looks at a reading of `text` again.
pub(super) fn second_look(text: &str, booked: bool, reading: &mut ReplyReading) {
    if reading.automatic {
        return;
    }
    let has = |of: &[IntentKind]| reading.intents.iter().any(|it| of.contains(&it.kind));
    let nothing = reading
        .intents
        .iter()
        .all(|it| it.kind == IntentKind::Other);
    if nothing && reading.choice.is_none() {
        if let Some((kind, much)) = likeness(text).best()
            && much >= NAMED
            && kind != IntentKind::Other
        {
            reading.intents = vec![intent(kind, text.trim(), Confidence::Unsure)];
        }
        return;
    }
    if !booked && reading.choice.is_none() && has(&WISHES) && names_what_was_sent(reading) {
        // A slot is named, nobody refuses it, and others are asked for.
        reading.choice = Some(Choice {
            kind: ChoiceKind::Unclear,
            slots: Vec::new(),
            words: text.trim().to_owned(),
        });
        return;
    }
    if reading.unread.iter().any(|it| it.hinge.is_some()) {
        return;
    }
    if booked {
        let alike = likeness(text);
        let much = alike.of(&TO_PERSON) + alike.of(&MOVES);
        if much >= TOO_MUCH && !has(&TO_PERSON) && !has(&MOVES) && !has(&WISHES) {
            reading.unread.push(left(text.trim(), Some(Hinge::Unlike)));
        }
        return;
    }
    let settled = reading.choice.as_ref().is_some_and(|it| {
        matches!(
            it.kind,
            ChoiceKind::One | ChoiceKind::AnyOf | ChoiceKind::InOrder
        )
    });
    let waits = reading
        .choice
        .as_ref()
        .is_some_and(|it| it.kind == ChoiceKind::Tentative && it.slots.is_empty());
    if waits {
        // Nothing is chosen, so that what stops a choice has to stop the waiting.
        let alike = likeness(text);
        if alike.of(&TO_PERSON) + alike.of(&[IntentKind::Question]) >= TOO_MUCH {
            reading.unread.push(left(text.trim(), Some(Hinge::Unlike)));
        }
        return;
    }
    let wishes = reading.choice.is_none() && has(&WISHES);
    if !settled && !wishes {
        return;
    }
    let alike = likeness(text);
    let names_none = reading.times.is_empty();
    let unlike = match settled {
        true => alike.of(&CHOOSES) < LEAST_CHOICE,
        false => names_none && alike.of(&WISHES) < LEAST_WISH,
    };
    if alike.of(&TO_PERSON) >= TOO_MUCH {
        reading.unread.push(left(text.trim(), Some(Hinge::Unlike)));
    } else if unlike {
        reading.unread.push(left(text.trim(), Some(Hinge::Long)));
    }
}
