//! An answer while nothing is booked, or a booked interview is to be moved.
//!
//! Invariant: a slot is booked only if it is chosen, one of those sent and not over, and nothing
//! unread may turn the choice.

use greenroom_protocol::reply::{
    Act, ActKind, Choice, ChoiceKind, Confidence, Hinge, IntentKind, ReplyProposal, ReplyReading,
    ReplySlot, ReplyWish, WishKind,
};
use greenroom_protocol::time::Instant;

use super::{act, says};
use crate::replies::around::Around;
use crate::schedule::time;

/// The hours of the day in which interviews usually are, where nobody knows which slot is better.
const USUAL: std::ops::Range<i8> = 9..18;

/// What is done about an answer, if all slots of the proposal are still held.
pub(super) fn decide(reading: &ReplyReading, around: &Around, now: Instant) -> Act {
    let has = |kind: IntentKind| says(reading, kind);
    let act = |kind, why: &str| act(kind, None, why);
    if reading.automatic {
        return match (has(IntentKind::Away), has(IntentKind::WrongPerson)) {
            (_, true) => act(ActKind::Person, "the address is nobody's any more"),
            (true, _) => act(
                ActKind::Wait,
                "a machine says they are away; it is not answered",
            ),
            _ => act(ActKind::None, "a machine wrote it"),
        };
    }
    let to_person = [
        (IntentKind::Human, "asks for a person"),
        (IntentKind::WrongPerson, "may not be the candidate"),
        (IntentKind::Withdraw, "withdraws"),
        (IntentKind::Cancel, "cancels"),
        (IntentKind::Late, "will be late or can't join"),
    ];
    if let Some((_, why)) = to_person.iter().find(|it| has(it.0)) {
        return prepared(reading, act(ActKind::Person, why));
    }
    let hinge = reading.unread.iter().filter_map(|it| it.hinge).min();
    match hinge {
        Some(Hinge::Instruction) => return act(ActKind::Person, "gives orders"),
        Some(Hinge::Person) => {
            return prepared(reading, act(ActKind::Person, "speaks of another person"));
        }
        Some(Hinge::Change) => {
            return prepared(
                reading,
                act(ActKind::Person, "asks for another kind of interview"),
            );
        }
        Some(Hinge::Question) => {
            return prepared(
                reading,
                act(ActKind::Person, "asks about the interview itself"),
            );
        }
        _ => {}
    }
    if reading
        .unread
        .iter()
        .any(|it| it.hinge == Some(Hinge::Unlike))
    {
        return prepared(
            reading,
            act(ActKind::Person, "is like answers that mean something else"),
        );
    }
    let Some(proposal) = &around.proposal else {
        return without_proposal(reading, hinge);
    };
    if let Some(choice) = &reading.choice {
        return chosen(reading, choice, around, hinge, now);
    }
    let wanted = [
        IntentKind::Propose,
        IntentKind::Reschedule,
        IntentKind::DeclineAll,
    ];
    if has(IntentKind::Question) && !wanted.iter().any(|it| has(*it)) {
        return act(ActKind::Person, "asks a question");
    }
    let held = filtered(reading, proposal);
    if wanted.iter().any(|it| has(*it)) {
        let some_left = !held.is_empty() && held.len() < proposal.slots.len();
        let open =
            has(IntentKind::Propose) || has(IntentKind::DeclineAll) || has(IntentKind::Reschedule);
        let firm = has(IntentKind::DeclineAll) || has(IntentKind::Reschedule);
        let unsure = match hinge {
            None => false,
            // A figure may be a slot that they take.
            Some(Hinge::Number) => true,
            Some(_) => !firm,
        };
        let only_moves = has(IntentKind::Reschedule)
            && !has(IntentKind::DeclineAll)
            && !has(IntentKind::Propose);
        if only_moves && hinge == Some(Hinge::Condition) {
            // "Can I reschedule later if needed?" moves nothing yet.
            return act(ActKind::Person, "a condition was not understood");
        }
        if unsure {
            return act(ActKind::Ask, "words beside the times were not understood");
        }
        return match some_left && !open {
            true => act(ActKind::Ask, "some of the slots are left"),
            false => act(ActKind::Propose, "none of the slots works; they get others"),
        };
    }
    let absent = reading
        .intents
        .iter()
        .any(|it| it.kind == IntentKind::Away && it.until.is_none());
    if absent && reading.wishes.is_empty() {
        return act(ActKind::Person, "is away, and does not say until when");
    }
    if has(IntentKind::Away) || has(IntentKind::Constrain) {
        return match held.is_empty() {
            true if matches!(hinge, Some(Hinge::Number | Hinge::Condition)) => {
                act(ActKind::Ask, "words beside the times were not understood")
            }
            true => act(ActKind::Propose, "no slot is left that they can make"),
            false if hinge == Some(Hinge::Condition) => {
                act(ActKind::Ask, "a condition was not understood")
            }
            false => act(ActKind::Ask, "some of the slots are left"),
        };
    }
    let understood = reading
        .intents
        .iter()
        .any(|it| it.kind != IntentKind::Other && it.confidence != Confidence::Unsure);
    if let Some(hinge) = hinge {
        return match hinge {
            Hinge::Time if understood => act(ActKind::Ask, "names a time that was not understood"),
            _ => act(ActKind::Person, "was not understood"),
        };
    }
    if has(IntentKind::Confirm) {
        return act(ActKind::Ask, "agrees, and does not say with which");
    }
    match has(IntentKind::Thanks) {
        true => act(ActKind::None, "says thanks"),
        false => act(ActKind::Person, "was not understood"),
    }
}

/// Names the slot that a person would book.
fn prepared(reading: &ReplyReading, act: Act) -> Act {
    let one = reading
        .choice
        .as_ref()
        .filter(|it| it.kind == ChoiceKind::One);
    Act {
        option: one.and_then(|it| it.slots.first().copied()),
        ..act
    }
}

fn without_proposal(reading: &ReplyReading, hinge: Option<Hinge>) -> Act {
    let has = |kind: IntentKind| says(reading, kind);
    let (kind, why) = if [
        IntentKind::Reschedule,
        IntentKind::DeclineAll,
        IntentKind::Propose,
        IntentKind::Constrain,
    ]
    .iter()
    .any(|it| has(*it))
    {
        (ActKind::Propose, "asks for another time")
    } else if has(IntentKind::AcceptTime) {
        (ActKind::Propose, "names a time, and none was proposed")
    } else if has(IntentKind::Away) {
        (ActKind::Wait, "is away")
    } else if has(IntentKind::Question) || hinge.is_some() {
        (ActKind::Person, "asks a question")
    } else if has(IntentKind::Confirm) || has(IntentKind::Thanks) {
        (ActKind::None, "nothing to do")
    } else {
        (ActKind::Person, "was not understood")
    };
    act(kind, None, why)
}

/// The slots that no wish rules out.
fn filtered(reading: &ReplyReading, proposal: &ReplyProposal) -> Vec<u32> {
    let inside = |start: Option<Instant>, end: Option<Instant>, slot: &ReplySlot| {
        start.is_none_or(|it| slot.start >= it) && end.is_none_or(|it| slot.end <= it)
    };
    let bounds = |it: &&ReplyWish| matches!(it.kind, WishKind::Only | WishKind::Free);
    let only: Vec<_> = reading.wishes.iter().filter(bounds).collect();
    let not: Vec<_> = reading
        .wishes
        .iter()
        .filter(|it| it.kind == WishKind::Not)
        .collect();
    let keeps = |slot: &&ReplySlot| {
        let allowed = only.is_empty()
            || only.iter().any(|it| {
                it.slots.contains(&slot.n)
                    || (it.slots.is_empty() && it.start.is_some() && inside(it.start, it.end, slot))
            });
        let refused = not.iter().any(|it| it.slots.contains(&slot.n));
        allowed && !refused
    };
    proposal.slots.iter().filter(keeps).map(|it| it.n).collect()
}

/// The slot that is taken of those chosen: the first one in the order they give, else the best.
fn preferred(choice: &Choice, around: &Around, now: Instant) -> Option<u32> {
    let proposal = around.proposal.as_ref()?;
    let zone = time::zone(&proposal.zone).ok()?;
    let ahead = |n: &u32| {
        let mut slots = proposal.slots.iter();
        slots.find(|it| it.n == *n && it.start > now)
    };
    let mut ahead = choice.slots.iter().filter_map(ahead);
    if choice.kind != ChoiceKind::AnyOf {
        return ahead.next().map(|it| it.n);
    }
    let rank = |slot: &&ReplySlot| {
        let scored = around.best.iter().position(|n| *n == slot.n);
        let hour = slot.start.timestamp().to_zoned(zone.clone()).hour();
        (
            scored.unwrap_or(usize::MAX),
            !USUAL.contains(&hour),
            slot.start,
        )
    };
    ahead.min_by_key(rank).map(|it| it.n)
}

fn chosen(
    reading: &ReplyReading,
    choice: &Choice,
    around: &Around,
    hinge: Option<Hinge>,
    now: Instant,
) -> Act {
    let first = preferred(choice, around, now);
    if choice.kind == ChoiceKind::Tentative && hinge != Some(Hinge::Negation) {
        // They write again, whatever else they say.
        return act(ActKind::Wait, None, "not settled yet");
    }
    if let Some(hinge) = hinge {
        return match hinge {
            Hinge::Condition | Hinge::Long => {
                act(ActKind::Person, first, "a condition was not understood")
            }
            _ => act(
                ActKind::Ask,
                None,
                "words beside the choice were not understood",
            ),
        };
    }
    let wants_others = reading.intents.iter().any(|it| {
        matches!(
            it.kind,
            IntentKind::Reschedule | IntentKind::DeclineAll | IntentKind::Propose
        )
    });
    if wants_others {
        return act(
            ActKind::Ask,
            None,
            "chooses a slot, and asks for other times",
        );
    }
    match choice.kind {
        ChoiceKind::Tentative => act(ActKind::Wait, None, "not settled yet"),
        ChoiceKind::Reluctant => act(ActKind::Ask, None, "only if there is nothing else"),
        ChoiceKind::Unclear => act(ActKind::Ask, None, "more than one reading"),
        ChoiceKind::Unfit => act(
            ActKind::Ask,
            None,
            "the slot does not fit in what else they say",
        ),
        ChoiceKind::One | ChoiceKind::InOrder | ChoiceKind::AnyOf => {
            let settled = reading.intents.iter().any(|it| {
                matches!(
                    it.kind,
                    IntentKind::Accept
                        | IntentKind::AcceptTime
                        | IntentKind::AcceptAny
                        | IntentKind::Confirm
                )
            });
            match first.filter(|_| settled) {
                Some(n) => act(ActKind::Book, Some(n), "chosen"),
                None => act(ActKind::Ask, None, "the slot is over"),
            }
        }
    }
}
