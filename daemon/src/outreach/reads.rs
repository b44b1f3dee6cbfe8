//! Answers that the assistant reads: against what, and what becomes of them.
//!
//! Invariants: it reads answers to times that it proposed itself, in an email that leaves without
//! approval, and only where it may act; what it carries out is its conclusion from the newest email,
//! else it reads again; a time is booked only while it is held, or free again, and nothing about the
//! time speaks against it; what can't be carried out goes to a person with what was prepared. Must
//! not read words: the assistant's room does.

use greenroom_protocol::id::{OutreachId, TurnId, WorkspaceId};
use greenroom_protocol::reply::{ReplyBooked, ReplyProposal, ReplySlot};
use greenroom_protocol::time::Instant;
use greenroom_protocol::{Error, ErrorKind};

use super::answer;
use super::apply::note;
use super::look::acts;
use super::step::{Event, Follows};
use super::{choose, letter};
use crate::access::RequestContext;
use crate::failpoint::{Point, failpoint};
use crate::mail::inbound::{Heard, Owner, Thread, TurnRecord, Understood, keep, shelf};
use crate::mail::token;
use crate::records::outreach::{
    Assisted, OutreachRecord, OutreachState, Prepared, PreparedWhy, SlotRecord, SlotStanding,
    Wanted, Would,
};
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// The kind of the work that reads what was answered; its record is the outreach.
pub const READ_WORK: &str = "read-answer";

/// Emails that are read as one answer, at most; more are for a person.
const MOST_TOGETHER: usize = 8;

/// What the assistant has to read.
pub struct Unread {
    /// As whom it acts.
    pub context: RequestContext,
    /// The outreach.
    pub id: OutreachId,
    /// The candidate's IANA zone, or the one that was printed.
    pub zone: String,
    /// The times that are held, as they were sent.
    pub proposal: ReplyProposal,
    /// The same with those that another candidate, who had them too, was faster to choose.
    pub sent: ReplyProposal,
    /// When they were sent.
    pub sent_at: Option<Instant>,
    /// The interview that is to be moved.
    pub booked: Option<ReplyBooked>,
    /// The emails, the oldest first; none of them was read before.
    pub emails: Vec<(TurnId, TurnRecord)>,
    /// Whether the emails answer what was sent last, as far as their headers say.
    pub answers_newest: bool,
    newest: Option<TurnId>,
    /// Emails that had come in about it, so that one more is noticed.
    heard: u32,
}

impl Unread {
    /// Whether these are all the emails there are to read together.
    #[must_use]
    pub fn is_whole(&self) -> bool {
        self.emails.len() <= MOST_TOGETHER
    }

    /// Notes what was made of the emails. Those that something follows from need nobody to read them.
    fn note(
        &self,
        tx: &Tx,
        space: &str,
        record: &OutreachRecord,
        understood: &Understood,
        is_done: bool,
        now: Instant,
    ) -> Result<(), StoreError> {
        let last = self.emails.len().saturating_sub(1);
        for (place, (id, email)) in self.emails.iter().enumerate() {
            let noted = TurnRecord {
                read_at: email.read_at.or(is_done.then_some(now)),
                understood: (place == last).then(|| understood.clone()),
                ..email.clone()
            };
            keep::put(tx, space, Owner::Candidate(record.candidate), *id, &noted)?;
        }
        Ok(())
    }
}

/// What the assistant concludes.
#[derive(Debug, Clone, PartialEq)]
pub enum Conclusion {
    /// This time is chosen.
    Chosen(u8),
    /// Nothing follows: the times stay as they are.
    Stays,
    /// None of the times will do; others are looked for.
    Others(Wanted),
    /// It is not clear what they mean: they are asked, once, which time it is.
    Unclear(Option<u8>),
    /// A person has to read it; what was prepared.
    Person(Prepared),
}

/// What there is to read; `None`: nothing, or not for the assistant.
///
/// # Errors
/// The store can't be read.
pub async fn unread(
    services: &Services,
    workspace: WorkspaceId,
    id: OutreachId,
) -> Result<Option<Unread>, StoreError> {
    let (space, key, store) = (&workspace.to_string(), id.to_string(), &services.store);
    let Some(stored) = store.get::<OutreachRecord>(space, &key).await? else {
        return Ok(None);
    };
    let record = stored.record;
    let Some(assisted) = record.assisted.as_ref().filter(|it| it.reading.is_some()) else {
        return Ok(None);
    };
    let candidate = record.candidate.to_string();
    let candidate = store.get::<CandidateRecord>(space, &candidate).await?;
    let Some(candidate) = candidate.map(|it| it.record) else {
        return Ok(None);
    };
    let owner = Owner::Candidate(record.candidate);
    let mut emails = Vec::new();
    for (turn, place) in shelf::of_owner(store, space, owner).await? {
        if assisted.read_to.is_some_and(|read| turn <= read) || emails.len() > MOST_TOGETHER {
            break;
        }
        if place.thread != Thread::Outreach(id) {
            continue;
        }
        let found = shelf::find(store, space, turn).await?;
        emails.extend(found.map(|(_, email)| (turn, email)));
    }
    emails.reverse();
    let lost = |slot: &SlotRecord| slot.shared && slot.state == SlotStanding::Taken;
    let slots = |also: &dyn Fn(&SlotRecord) -> bool| -> Vec<ReplySlot> {
        let numbered = (1_u32..).zip(&record.slots);
        let wanted = numbered.filter(|(_, it)| it.state == SlotStanding::Held || also(it));
        let slot = |(n, slot): (u32, &SlotRecord)| ReplySlot {
            n,
            start: slot.start,
            end: record.end(slot),
        };
        wanted.map(slot).collect()
    };
    let zone = candidate.zone.unwrap_or_else(|| record.terms.zone.clone());
    let booked = record.purpose.moving().map(|it| ReplyBooked {
        start: it.start,
        end: it.start.plus_minutes(record.terms.minutes.into()),
        sequence: 0,
        moving: true,
        asked: false,
    });
    let of_people = emails.iter().map(|(_, email)| email.heard());
    let mut of_people = of_people.filter(|heard| !heard.automatic);
    let answers_newest = of_people.all(|heard| answers_newest(&record, heard, assisted));
    Ok(Some(Unread {
        context: choose::assistant(workspace, id, &record),
        id,
        proposal: ReplyProposal {
            slots: slots(&|_| false),
            zone: zone.clone(),
        },
        sent: ReplyProposal {
            slots: slots(&lost),
            zone: zone.clone(),
        },
        zone,
        sent_at: record.sent_at,
        booked,
        newest: emails.last().map(|(turn, _)| *turn),
        heard: record.heard,
        emails,
        answers_newest,
    }))
}

/// Whether an email answers the times that were sent last, as far as the Message-IDs it names say.
/// Where others were sent before, one that names none may be about any of them.
fn answers_newest(record: &OutreachRecord, heard: &Heard, assisted: &Assisted) -> bool {
    let mut named = heard.marks.answers.iter();
    let nearest = named.find_map(|it| token::read_message_id(it));
    let newest = [record.email, assisted.asked, assisted.reminder];
    let names_it = nearest.is_some_and(|(_, email)| newest.contains(&Some(email)));
    names_it || assisted.rounds <= 1
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
        let would = would(conclusion, &record);
        unread.note(tx, space, &record, understood, false, now)?;
        let to = unread.newest;
        let event = Event::Watched { to, would };
        note(tx, space, (id, &record), event, now, "mail").await?;
        return Ok(false);
    }
    if record.state != OutreachState::Proposed {
        return Ok(false);
    }
    let follows = match act(services, tx, unread, (id, &record), conclusion).await? {
        Acted::Booked => {
            unread.note(tx, space, &record, understood, true, now)?;
            return Ok(true);
        }
        Acted::Follows(follows) => follows,
    };
    let is_done = !matches!(follows, Follows::Person(_));
    unread.note(tx, space, &record, understood, is_done, now)?;
    let event = Event::Read {
        to: unread.newest,
        follows,
    };
    note(tx, space, (id, &record), event, now, "mail").await?;
    Ok(false)
}

/// What it would do if it did not only watch.
fn would(conclusion: &Conclusion, record: &OutreachRecord) -> Would {
    let is_held = |n: u8| record.held().any(|(held, _)| held == n);
    match conclusion {
        Conclusion::Chosen(n) if is_held(*n) => Would::Book { n: *n },
        Conclusion::Chosen(_) | Conclusion::Person(_) => Would::Person,
        Conclusion::Stays => Would::Wait,
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
        Conclusion::Stays | Conclusion::Others(_) => None,
    };
    if *conclusion != Conclusion::Stays && !acts(tx, space, record).await? {
        return Ok(person(chosen, PreparedWhy::Paused));
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
