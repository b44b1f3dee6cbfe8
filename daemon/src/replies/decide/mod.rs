//! What follows from an answer.
//!
//! Owns the act: the one function that coordination and `outreach read` share, and who may have an
//! act done alone (R11), what a calendar changes (R13) and what is urgent (R17). Invariant: a slot
//! is booked only if it is chosen, one of those sent, and nothing unread may turn the choice;
//! whatever is unsure is asked or handed to a person. Must not read words.

mod booked;
mod calendar;
mod chosen;

use greenroom_protocol::reply::{Act, ActKind, Confidence, IntentKind, ReplyBooked, ReplyReading};
use greenroom_protocol::time::Instant;

use super::around::{Around, Author};

/// So long before its start an interview is close (R17), in seconds.
const CLOSE: i64 = 24 * 3600;

/// What is done about an answer that came in at `now`.
#[must_use]
pub fn decide(reading: &ReplyReading, around: &Around, now: Instant) -> Act {
    if around.author == Author::Member {
        return act(ActKind::None, None, "a member wrote it; it is a note");
    }
    let said = match around.settled() {
        Some(booked) => booked::decide(reading, booked, now),
        None => chosen::decide(reading, around, now),
    };
    let act = match &around.calendar {
        Some(calendar) => calendar::beside(calendar, reading, around, said),
        None => said,
    };
    urgent(by_author(act, reading, around.author), around, now)
}

/// Who is not surely the candidate has an act prepared, and a person looks at it.
fn by_author(found: Act, reading: &ReplyReading, author: Author) -> Act {
    let why = match author {
        Author::Candidate | Author::Member => return found,
        // What a machine writes is nobody's answer.
        _ if reading.automatic => return found,
        Author::Shared => "several candidates have this address",
        Author::Other => "comes from another address",
        Author::Doubtful => "may not be from who it says",
    };
    act(ActKind::Person, found.option, why)
}

/// Whether an interview is less than a day away, or is being held (R17).
#[must_use]
pub fn is_close(booked: &ReplyBooked, now: Instant) -> bool {
    now >= booked.start.plus_seconds(-CLOSE) && now <= booked.end
}

/// From a day before its start an interview is not moved or asked about without a person.
fn urgent(found: Act, around: &Around, now: Instant) -> Act {
    let close = around.booked.is_some_and(|it| is_close(&it, now));
    if !close || found.kind == ActKind::None {
        return found;
    }
    Act {
        kind: ActKind::Person,
        urgent: true,
        ..found
    }
}

/// Whether something is said; what an answer is only like is not.
fn says(reading: &ReplyReading, kind: IntentKind) -> bool {
    let mut all = reading.intents.iter();
    all.any(|it| it.kind == kind && it.confidence != Confidence::Unsure)
}

pub(super) fn act(kind: ActKind, option: Option<u32>, why: &str) -> Act {
    Act {
        kind,
        option,
        why: why.to_owned(),
        urgent: false,
    }
}
