//! What candidates answer to the assistant's times: read some seconds after it came in, with all that
//! came till then.
//!
//! Owns which conclusion an act of the reading is. Invariant: a time is booked only by an act that
//! says so of all that came in together; whatever is not surely one answer, to what was sent last, is
//! a person's. Must not write records: `outreach` carries conclusions out.

use futures::future::BoxFuture;
use greenroom_protocol::Error;
use greenroom_protocol::id::{OutreachId, WorkspaceId};
use greenroom_protocol::reply::{
    Act, ActKind, Confidence, Intent, IntentKind, ReplyAround, ReplyAuthor, ReplyReading, WishKind,
};
use greenroom_protocol::schedule::Grain;
use greenroom_protocol::time::Instant;

use super::letter::{Arrival, Heard, heard, names_the_date};
use super::together::joined;
use crate::mail::inbound::{Letter, Speaker, TurnRecord, Understood};
use crate::mail::token;
use crate::outreach::{self, Answers as Answered, Conclusion, Unread};
use crate::records::outreach::{Prepared, PreparedWhy, Wanted, WantedSpan};
use crate::replies::{Around, Author, decide};
use crate::services::Services;
use crate::store::StoreError;
use crate::work::{WorkRecord, Worker, backoff};

/// How long somebody may be away and the assistant waits for them, in minutes: two months. Who is
/// away for longer is a person's to decide about.
const LONGEST_AWAY: i64 = 60 * 24 * 60;

/// The worker of answers.
pub struct Answers(pub Services);

impl Worker for Answers {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let Self(services) = self;
        Box::pin(async move {
            let read = match (work.record.parse(), space.parse()) {
                (Ok(id), Ok(workspace)) => read(services, workspace, id).await,
                _ => Ok(()),
            };
            let later = match read {
                Ok(()) => None,
                Err(error) => {
                    tracing::warn!(%space, outreach = work.record, %error, "an answer could not be read");
                    Some(backoff::next_try(services.clock.now(), work.attempts))
                }
            };
            let noted = services.store.transact(|tx| async move {
                match later {
                    Some(due) => {
                        let why = "the answer could not be read";
                        WorkRecord::later_if_unchanged(&tx, space, work, due, why).await
                    }
                    None => WorkRecord::done_if_unchanged(&tx, space, work).await,
                }
            });
            noted.await.map(drop)
        })
    }
}

async fn read(services: &Services, workspace: WorkspaceId, id: OutreachId) -> Result<(), Error> {
    let Some(unread) = outreach::unread(services, workspace, id).await? else {
        return Ok(());
    };
    let reading = tokio::task::spawn_blocking(move || {
        let (conclusion, understood) = concluded(&unread);
        (unread, conclusion, understood)
    });
    let (unread, conclusion, understood) = reading.await.map_err(|error| {
        tracing::error!(%error, "reading an answer crashed");
        Error::failed("The answer could not be read")
    })?;
    outreach::conclude(services, &unread, &conclusion, &understood).await
}

/// What follows from all that came in, and what was understood of it.
fn concluded(unread: &Unread) -> (Conclusion, Understood) {
    let letters: Vec<Letter> = unread
        .emails
        .iter()
        .map(|(_, it)| it.heard().into())
        .collect();
    let Some(mut letter) = joined(&letters).filter(|_| unread.is_whole()) else {
        return for_a_person(PreparedWhy::Several);
    };
    for id in &mut letter.answers {
        // Of ours only the part that we made says which email it is.
        if let Some((workspace, email)) = token::read_message_id(id) {
            *id = token::local_part(email, workspace);
        }
    }
    let Some((_, last)) = unread.emails.last() else {
        return (Conclusion::Stays, Understood::default());
    };
    let around = ReplyAround {
        author: author(unread.emails.iter().map(|(_, email)| email)),
        sent_at: unread.sent_at,
        booked: unread.booked,
        message_id: unread.message_id.clone(),
        earlier: unread.earlier.clone(),
        ..ReplyAround::default()
    };
    let arrival = Arrival {
        now: last.at,
        zone: &unread.zone,
        locale: None,
        proposal: Some(&unread.sent),
        thread: Some(&around),
        server: None,
    };
    let Ok(found) = heard(&letter, arrival) else {
        return for_a_person(PreparedWhy::Unclear);
    };
    let act = match found.round {
        Some(_) => decide(&found.reading, &found.around, last.at),
        None => act(unread, &found.reading, &found.around, last.at),
    };
    let conclusion = match machine(&found, &act, last.at).or_else(|| away(&found, &act, last.at)) {
        Some(conclusion) => conclusion,
        None => of_round(unread, &found, &act),
    };
    (conclusion, Understood::of(&found.reading, &act))
}

/// What follows from what only a machine wrote: who is away, or gone; `None`: nothing of that.
fn machine(found: &Heard, act: &Act, now: Instant) -> Option<Conclusion> {
    if !found.reading.automatic || found.around.author != Author::Candidate {
        return None;
    }
    let gone = |it: &Intent| it.kind == IntentKind::WrongPerson;
    match act.kind {
        ActKind::Person if found.reading.intents.iter().any(gone) => Some(Conclusion::Gone),
        ActKind::Wait => back(&found.reading, now).map(Conclusion::Away),
        _ => None,
    }
}

/// Who says no more than that they are away, when every time is, has others once they are back.
fn away(found: &Heard, act: &Act, now: Instant) -> Option<Conclusion> {
    let reading = &found.reading;
    let is_all = reading.intents.iter().all(|it| {
        let beside = matches!(
            it.kind,
            IntentKind::Away | IntentKind::Thanks | IntentKind::Other
        );
        beside || it.confidence == Confidence::Unsure
    });
    let hinged = reading.unread.iter().any(|it| it.hinge.is_some());
    let others = act.kind == ActKind::Propose && found.around.author == Author::Candidate;
    match others && is_all && !hinged && reading.choice.is_none() {
        true => back(reading, now).map(Conclusion::Away),
        false => None,
    }
}

/// When they are back, as far as they say, and that is to be waited for.
fn back(reading: &ReplyReading, now: Instant) -> Option<Instant> {
    let mut all = reading.intents.iter();
    let away = all.find(|it| it.kind == IntentKind::Away && it.confidence != Confidence::Unsure)?;
    let is_soon = |until: &Instant| *until > now && *until <= now.plus_minutes(LONGEST_AWAY);
    away.until.filter(is_soon)
}

/// What follows from an answer to one of the rounds (R14): one of the newest times is chosen as the
/// email says, one of an earlier round where it names that round's email, or the whole date.
fn of_round(unread: &Unread, found: &Heard, act: &Act) -> Conclusion {
    let earlier = Conclusion::Person(Prepared {
        n: None,
        why: PreparedWhy::Earlier,
    });
    match (unread.answers, found.round) {
        (Answered::Newest, None) => conclusion(act, &found.reading),
        _ if act.kind == ActKind::None => Conclusion::Stays,
        (Answered::Several, _) => earlier,
        (Answered::Newest | Answered::Earlier, Some(_)) => {
            chosen_earlier(found, act).unwrap_or(earlier)
        }
        (Answered::Unsaid, Some(_)) if names_the_date(&found.reading) => {
            chosen_earlier(found, act).unwrap_or(earlier)
        }
        (Answered::Earlier | Answered::Unsaid, None) if names_the_date(&found.reading) => {
            match conclusion(act, &found.reading) {
                chosen @ Conclusion::Chosen(_) => chosen,
                _ => earlier,
            }
        }
        _ => earlier,
    }
}

/// The time of an earlier round that is chosen.
fn chosen_earlier(found: &Heard, act: &Act) -> Option<Conclusion> {
    let proposal = found.around.proposal.as_ref()?;
    let mut slots = proposal.slots.iter();
    let chosen = slots.find(|it| Some(it.n) == act.option)?;
    (act.kind == ActKind::Book).then_some(Conclusion::Earlier(chosen.start))
}

/// What follows from an answer. It is read beside all that the candidate has before them; what is
/// chosen is one of those that are held, where they leave a choice, and else what they name, though
/// another candidate was faster: then they lost it.
fn act(unread: &Unread, reading: &ReplyReading, around: &Around, now: Instant) -> Act {
    let of_all = decide(reading, around, now);
    if unread.sent == unread.proposal {
        return of_all;
    }
    let held = Around {
        proposal: Some(unread.proposal.clone()),
        ..around.clone()
    };
    let of_held = decide(reading, &held, now);
    let is_held = |n| unread.proposal.slots.iter().any(|slot| Some(slot.n) == n);
    let lost = of_all.kind == ActKind::Book && !is_held(of_all.option);
    match lost && of_held.kind != ActKind::Book {
        true => of_all,
        false => of_held,
    }
}

fn for_a_person(why: PreparedWhy) -> (Conclusion, Understood) {
    let prepared = Prepared { n: None, why };
    (Conclusion::Person(prepared), Understood::default())
}

/// Whose emails these are: where one is somebody else's, none is surely the candidate's.
pub(super) fn author<'a>(mut emails: impl Iterator<Item = &'a TurnRecord>) -> ReplyAuthor {
    match emails.all(|it| it.who == Speaker::Candidate) {
        true => ReplyAuthor::Candidate,
        false => ReplyAuthor::Other,
    }
}

/// What an act comes to.
fn conclusion(act: &Act, reading: &ReplyReading) -> Conclusion {
    let n = act.option.and_then(|n| u8::try_from(n).ok());
    let person = |why| Conclusion::Person(Prepared { n, why });
    match (act.kind, n) {
        (ActKind::Book, Some(n)) => Conclusion::Chosen(n),
        (ActKind::Wait | ActKind::None, _) => Conclusion::Stays,
        (ActKind::Propose, _) => Conclusion::Others(wanted(reading)),
        (ActKind::Ask, n) => Conclusion::Unclear(n),
        _ => person(PreparedWhy::Theirs),
    }
}

/// What a reading says of the times that would do.
pub(super) fn wanted(reading: &ReplyReading) -> Wanted {
    let spans = reading.wishes.iter().filter_map(|wish| {
        Some(WantedSpan {
            from: wish.start?,
            to: wish.end?,
            not: match wish.kind {
                WishKind::Not => true,
                WishKind::Only | WishKind::Free => false,
                // Rather then is not only then.
                WishKind::Prefer => return None,
            },
        })
    });
    let named = reading
        .times
        .iter()
        .filter(|it| it.grain == Grain::Minute && it.others.is_empty());
    Wanted {
        spans: spans.take(Wanted::MOST).collect(),
        first: named.map(|it| it.start).next(),
    }
}
