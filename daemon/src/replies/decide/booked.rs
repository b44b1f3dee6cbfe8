//! An answer while an interview is booked and nobody has asked to move it.
//!
//! Owns R14 (a booked interview moves only while somebody has asked to move it) and R16 (a
//! confirmation of another time than the one booked). Invariant: nothing is ever booked here.

use greenroom_protocol::reply::{
    Act, ActKind, ChoiceKind, Hinge, IntentKind, ReplyBooked, ReplyReading, WishKind,
};
use greenroom_protocol::time::Instant;

use super::{act, says};

pub(super) fn decide(reading: &ReplyReading, booked: &ReplyBooked, now: Instant) -> Act {
    let has = |kind: IntentKind| says(reading, kind);
    let person = |why: &str| act(ActKind::Person, None, why);
    if reading.automatic {
        return machine(reading, booked);
    }
    let to_person = [
        (IntentKind::Human, "asks for a person"),
        (IntentKind::WrongPerson, "may not be the candidate"),
        (IntentKind::Withdraw, "withdraws"),
        (IntentKind::Late, "will be late or can't join"),
    ];
    if let Some((_, why)) = to_person.iter().find(|it| has(it.0)) {
        return person(why);
    }
    let hinge = reading.unread.iter().filter_map(|it| it.hinge).min();
    match hinge {
        Some(Hinge::Instruction) => return person("gives orders"),
        Some(Hinge::Person) => return person("speaks of another person"),
        Some(Hinge::Change) => return person("asks for another kind of interview"),
        Some(Hinge::Question) => return person("asks about the interview itself"),
        _ => {}
    }
    if now > booked.end {
        return match (has(IntentKind::Thanks) || has(IntentKind::Confirm), hinge) {
            (true, None) => act(ActKind::None, None, "says thanks"),
            _ => person("comes after the interview"),
        };
    }
    let away = has(IntentKind::Away) && misses(reading, booked);
    let wants = has(IntentKind::Reschedule) || has(IntentKind::Propose);
    if wants {
        return match hinge {
            None | Some(Hinge::Negation) => act(
                ActKind::Propose,
                None,
                "asks for another time than the one booked",
            ),
            _ => person("asks for another time, and says more than was understood"),
        };
    }
    if has(IntentKind::Cancel) || away || refuses(reading) {
        return person("calls off what is booked");
    }
    if has(IntentKind::Question) {
        return person("asks a question");
    }
    if has(IntentKind::Constrain) || has(IntentKind::DeclineAll) {
        return person("says what a time must be like, and one is booked");
    }
    if mismatch(reading) {
        return match booked.asked {
            false => act(ActKind::Ask, None, "names another time than the one booked"),
            true => person("names another time than the one booked, and was asked before"),
        };
    }
    if hinge.is_some() {
        return person("was not understood");
    }
    let agrees = [
        IntentKind::Confirm,
        IntentKind::Thanks,
        IntentKind::Accept,
        IntentKind::AcceptTime,
    ];
    match agrees.iter().any(|it| has(*it)) && !others(reading) {
        true => act(ActKind::None, None, "confirms what is booked"),
        false => person("names a slot or says something else, and an interview is booked"),
    }
}

/// What a machine says is never answered; an absence at the time of the interview is shown.
fn machine(reading: &ReplyReading, booked: &ReplyBooked) -> Act {
    let has = |kind: IntentKind| says(reading, kind);
    if has(IntentKind::WrongPerson) {
        return act(ActKind::Person, None, "the address is nobody's any more");
    }
    let away = has(IntentKind::Away) && misses(reading, booked);
    match away {
        true => act(
            ActKind::Wait,
            None,
            "a machine says they are away when the interview is",
        ),
        false => act(ActKind::None, None, "a machine wrote it"),
    }
}

/// Whether they are away when the interview is, as far as they say until when.
fn misses(reading: &ReplyReading, booked: &ReplyBooked) -> bool {
    let aways = reading
        .intents
        .iter()
        .filter(|it| it.kind == IntentKind::Away);
    let mut untils = aways.map(|it| it.until);
    untils.any(|until| until.is_none_or(|until| until > booked.start))
}

fn refuses(reading: &ReplyReading) -> bool {
    let mut not = reading.wishes.iter();
    not.any(|it| it.kind == WishKind::Not && !it.slots.is_empty())
}

/// Whether a slot is named that is not the one booked; what is booked is the only one that is read
/// against.
fn others(reading: &ReplyReading) -> bool {
    reading.choice.as_ref().is_some_and(|it| {
        it.slots.is_empty()
            && reading
                .intents
                .iter()
                .any(|it| it.kind == IntentKind::Accept)
    })
}

/// Whether a time is named that is not the one booked (R16).
fn mismatch(reading: &ReplyReading) -> bool {
    let elsewhere = reading.times.iter().any(|it| it.slots.is_empty());
    let hinged = reading
        .unread
        .iter()
        .any(|it| it.hinge == Some(Hinge::Time));
    let unclear = reading
        .choice
        .as_ref()
        .is_some_and(|it| it.kind == ChoiceKind::Unclear);
    elsewhere && (hinged || unclear)
}
