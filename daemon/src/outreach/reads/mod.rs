//! Answers that the assistant reads: against what, and what becomes of them.
//!
//! Invariants: it reads answers to times that it proposed itself, in an email that leaves without
//! approval, and only where it may act; what it carries out is its conclusion from the newest email,
//! else it reads again; a time is booked only while it is held, or free again, and nothing about the
//! time speaks against it; what can't be carried out goes to a person with what was prepared. Must
//! not read words: the assistant's room does.

mod unread;

use greenroom_protocol::id::OutreachId;
use greenroom_protocol::outreach::MOST_SLOTS;
use greenroom_protocol::time::Instant;
use greenroom_protocol::{Error, ErrorKind};

pub use self::unread::{Answers, Unread, unread};
use super::apply::note;
use super::look::acts;
use super::step::{Event, Follows};
use super::{answer, clock, letter};
use crate::access::RequestContext;
use crate::failpoint::{Point, failpoint};
use crate::mail::inbound::Understood;
use crate::records::outreach::{
    NeedsPerson, OutreachRecord, OutreachState, Prepared, PreparedWhy, SlotRecord, SlotStanding,
    Wanted, Would,
};
use crate::services::Services;
use crate::store::Tx;

/// The kind of the work that reads what was answered; its record is the outreach.
pub const READ_WORK: &str = "read-answer";

/// What the assistant concludes.
#[derive(Debug, Clone, PartialEq)]
pub enum Conclusion {
    /// This time is chosen.
    Chosen(u8),
    /// A time is chosen that was sent in an earlier round.
    Earlier(Instant),
    /// They are away until then.
    Away(Instant),
    /// Nobody reads email at the address any more, as a machine there says.
    Gone,
    /// Nothing follows: the times stay as they are.
    Stays,
    /// None of the times will do; others are looked for.
    Others(Wanted),
    /// It is not clear what they mean: they are asked, once, which time it is.
    Unclear(Option<u8>),
    /// A person has to read it; what was prepared.
    Person(Prepared),
}

/// Does what the assistant concludes, in one commit with the note of it; nothing where another email
/// came in meanwhile.
///
/// # Errors
/// The store can't be read or written.
pub async fn conclude(
    services: &Services,
    unread: &Unread,
    conclusion: &Conclusion,
    understood: &Understood,
) -> Result<(), Error> {
    let (booked, _) = services
        .store
        .transact(|tx| async move { within(services, &tx, unread, conclusion, understood).await })
        .await?;
    if booked {
        failpoint(Point::TimeChosen);
    }
    Ok(())
}

/// Whether a time was booked.
async fn within(
    services: &Services,
    tx: &Tx,
    unread: &Unread,
    conclusion: &Conclusion,
    understood: &Understood,
) -> Result<bool, Error> {
    let (context, id) = (&unread.context, unread.id);
    let (space, now) = (&context.space(), services.clock.now());
    let Some(record) = tx.get::<OutreachRecord>(space, &id.to_string()).await? else {
        return Ok(false);
    };
    let waits = record.assisted.is_some_and(|it| it.reading.is_some());
    if !waits || record.heard != unread.heard {
        return Ok(false);
    }
    if record.watches() {
        let would = would(conclusion, unread);
        unread.note(tx, space, &record, understood, false, now)?;
        let to = unread.newest;
        let event = Event::Watched { to, would };
        note(tx, space, (id, &record), event, now, "mail").await?;
        return Ok(false);
    }
    let expired = NeedsPerson::Expired;
    if !matches!(record.state, OutreachState::Proposed)
        && record.state != (OutreachState::Person { why: expired })
    {
        return Ok(false);
    }
    let follows = match act(services, tx, unread, (id, &record), conclusion).await? {
        Acted::Booked => {
            unread.note(tx, space, &record, understood, true, now)?;
            return Ok(true);
        }
        Acted::Follows(follows) => follows,
    };
    // What a machine writes is nobody's answer, and stays to be seen where nothing follows.
    let is_done = match follows {
        Follows::Person(_) | Follows::Gone => false,
        Follows::Stays => unread.is_of_people(),
        _ => true,
    };
    unread.note(tx, space, &record, understood, is_done, now)?;
    let event = Event::Read {
        to: unread.newest,
        follows,
    };
    note(tx, space, (id, &record), event, now, "mail").await?;
    Ok(false)
}

/// What it would do if it did not only watch.
fn would(conclusion: &Conclusion, unread: &Unread) -> Would {
    let mut slots = unread.proposal.slots.iter();
    match conclusion {
        Conclusion::Chosen(n) if slots.any(|it| it.n == u32::from(*n)) => Would::Book { n: *n },
        Conclusion::Chosen(_)
        | Conclusion::Earlier(_)
        | Conclusion::Gone
        | Conclusion::Person(_) => Would::Person,
        Conclusion::Stays | Conclusion::Away(_) => Would::Wait,
        Conclusion::Others(_) => Would::Others,
        Conclusion::Unclear(_) => Would::Ask,
    }
}

enum Acted {
    Booked,
    Follows(Follows),
}

/// Carries out what the assistant may, and says what follows from it.
async fn act(
    services: &Services,
    tx: &Tx,
    unread: &Unread,
    (id, record): (OutreachId, &OutreachRecord),
    conclusion: &Conclusion,
) -> Result<Acted, Error> {
    let (context, now) = (&unread.context, services.clock.now());
    let space = &context.space();
    let person = |n, why| Acted::Follows(Follows::Person(Prepared { n, why }));
    let chosen = match conclusion {
        Conclusion::Chosen(n) => Some(*n),
        Conclusion::Unclear(n) => *n,
        Conclusion::Person(prepared) => prepared.n,
        Conclusion::Stays
        | Conclusion::Others(_)
        | Conclusion::Earlier(_)
        | Conclusion::Away(_)
        | Conclusion::Gone => None,
    };
    if *conclusion != Conclusion::Stays && !acts(tx, space, record).await? {
        return Ok(person(chosen, PreparedWhy::Paused));
    }
    let chooses = matches!(conclusion, Conclusion::Chosen(_) | Conclusion::Earlier(_));
    if record.state != OutreachState::Proposed && !chooses {
        // The times ended: a person has it already, with what they write now.
        return Ok(match conclusion {
            Conclusion::Person(prepared) => Acted::Follows(Follows::Person(*prepared)),
            _ => person(chosen, PreparedWhy::Theirs),
        });
    }
    let was_asked = record.assisted.is_some_and(|it| it.asked.is_some());
    Ok(match conclusion {
        Conclusion::Chosen(n) => match book(services, context, tx, (id, record), *n).await? {
            None => Acted::Booked,
            // The other who had it was faster, which the email said may be.
            Some(PreparedWhy::NotFree) if record.slot(*n).is_some_and(|it| it.shared) => {
                Acted::Follows(Follows::Lost)
            }
            Some(why) => person(chosen, why),
        },
        Conclusion::Earlier(start) => {
            let (n, with) = with_slot(record, *start);
            match book(services, context, tx, (id, &with), n).await? {
                None => Acted::Booked,
                Some(why) => person(None, why),
            }
        }
        Conclusion::Away(until) => Acted::Follows(Follows::Away {
            back: clock::back(*until, &unread.zone),
            until: clock::after(
                clock::back(*until, &unread.zone),
                clock::ANSWERED_HOURS,
                &unread.zone,
            ),
        }),
        Conclusion::Gone => Acted::Follows(Follows::Gone),
        Conclusion::Unclear(_) if was_asked || record.held().next().is_none() => {
            person(chosen, PreparedWhy::Unclear)
        }
        Conclusion::Unclear(_) => {
            let email = letter::question(tx, space, (id, record), now)?;
            Acted::Follows(Follows::Asked(email))
        }
        Conclusion::Others(wanted) => Acted::Follows(Follows::Others(wanted.clone())),
        Conclusion::Stays => Acted::Follows(Follows::Stays),
        Conclusion::Person(prepared) => Acted::Follows(Follows::Person(*prepared)),
    })
}

/// Books the time; what stands in its way where it can't be.
async fn book(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    (id, record): (OutreachId, &OutreachRecord),
    n: u8,
) -> Result<Option<PreparedWhy>, Error> {
    let before = tx.mark();
    match answer::choose(services, context, tx, (id, record), n).await {
        Ok(booked) if !booked.breaks_a_promise() => Ok(None),
        Ok(_) => {
            tx.back_to(before);
            Ok(Some(PreparedWhy::Advice))
        }
        Err(error) if error.kind == ErrorKind::Failed => Err(error),
        Err(_) => {
            tx.back_to(before);
            Ok(Some(PreparedWhy::NotFree))
        }
    }
}

/// The outreach with a time of an earlier round among its own, and the number it has there. Who
/// interviews then is the stage's to say.
fn with_slot(record: &OutreachRecord, start: Instant) -> (u8, OutreachRecord) {
    let mut with = record.clone();
    let known = with.slots.iter().position(|it| it.start == start);
    let place = known.unwrap_or_else(|| {
        with.slots.truncate(MOST_SLOTS - 1);
        with.slots.push(SlotRecord {
            start,
            interviewers: Vec::new(),
            state: SlotStanding::Released,
            shared: false,
        });
        with.slots.len() - 1
    });
    (u8::try_from(place + 1).unwrap_or(u8::MAX), with)
}
