//! What candidates write about interviews that are booked: what there is to read, and what becomes of
//! it.
//!
//! Invariants: every email that a candidate wrote about an interview, in whatever thread, is read once;
//! whatever does not surely confirm what is booked stays for a person to read, with what follows from
//! it prepared; the assistant asks and sends other times only about an interview that it arranged, and
//! only while it may act; an interview that is close is nobody's to move but a person's. Must not read
//! words: the assistant's room does.

use greenroom_protocol::Error;
use greenroom_protocol::id::{CandidateId, InterviewId, OutreachId, TurnId, WorkspaceId};
use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::reply::ReplyBooked;
use greenroom_protocol::time::Instant;

use super::look::acts;
use super::{choose, letter, moves};
use crate::access::RequestContext;
use crate::interviews::{self, Urgent};
use crate::mail::inbound::{Owner, Speaker, Thread, TurnRecord, Understood, keep, shelf};
use crate::records::interview::InterviewRecord;
use crate::records::outreach::{Assisted, OutreachRecord, OutreachState, Wanted};
use crate::records::pipeline::CandidateRecord;
use crate::records::turn::TurnPlace;
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// Emails of a candidate that are looked through, the newest.
const MOST_LOOKED_THROUGH: usize = 40;

/// Emails that are read as one; of more only the newest are.
const MOST_TOGETHER: usize = 8;

/// How long ago an email came in that is still read, and how long after its end an interview is
/// written about, in minutes: a day.
const RECENT: i64 = 24 * 60;

/// A candidate's outreaches among which the one is looked for by which an interview was booked.
const MOST_OUTREACHES: usize = 100;

/// What a candidate wrote about one booked interview, and nobody has read.
pub struct UnreadBooked {
    /// As whom the assistant acts.
    pub context: RequestContext,
    /// The candidate.
    pub candidate: CandidateId,
    /// The interview.
    pub id: InterviewId,
    /// The same, as replies are read against it.
    pub booked: ReplyBooked,
    /// The candidate's IANA zone, or the one it was scheduled in.
    pub zone: String,
    /// The emails, the oldest first.
    pub emails: Vec<(TurnId, TurnRecord)>,
    /// The outreach by which it was booked.
    by: Option<OutreachId>,
}

/// What follows from it.
#[derive(Debug, Clone, PartialEq)]
pub enum BookedConclusion {
    /// Nothing: it confirms what is booked, or says thanks.
    Nothing,
    /// It names another time than the one booked: they are asked, once.
    Ask,
    /// They ask for another time, such as these.
    Move(Wanted),
    /// A person reads it.
    Person,
}

/// A candidate's emails about booked interviews that are to be read now, those about each together;
/// and when to look again where something came in just now.
///
/// # Errors
/// The store can't be read.
pub async fn unread_booked(
    services: &Services,
    workspace: WorkspaceId,
    candidate: CandidateId,
) -> Result<(Vec<UnreadBooked>, Option<Instant>), StoreError> {
    let (space, store, now) = (
        &workspace.to_string(),
        &services.store,
        services.clock.now(),
    );
    let owner = Owner::Candidate(candidate);
    let places = shelf::of_owner(store, space, owner).await?;
    let (mut found, mut newest) = (Vec::<UnreadBooked>::new(), None);
    for (turn, place) in places.into_iter().take(MOST_LOOKED_THROUGH) {
        if !place.unread {
            continue;
        }
        let Some(id) = interview_of(services, workspace, candidate, &place).await? else {
            continue;
        };
        let Some((_, email)) = shelf::find(store, space, turn).await? else {
            continue;
        };
        if email.at < now.plus_minutes(-RECENT) {
            break;
        }
        let is_read = email.understood.is_some() || email.aside.is_some();
        if is_read || matches!(email.who, Speaker::Member(_)) {
            continue;
        }
        newest = newest.max(Some(email.at));
        match found.iter_mut().find(|it| it.id == id) {
            Some(known) if known.emails.len() < MOST_TOGETHER => known.emails.push((turn, email)),
            Some(_) => {}
            None => {
                let read = about(services, workspace, candidate, id).await?;
                found.extend(read.map(|it| UnreadBooked {
                    emails: vec![(turn, email)],
                    ..it
                }));
            }
        }
    }
    for unread in &mut found {
        unread.emails.reverse();
    }
    // A correction that follows at once is read together with what it corrects.
    let wait = i64::from(services.config.assistant.read_after_seconds);
    let due = newest.map(|at: Instant| at.plus_seconds(wait));
    match due.filter(|due| *due > now) {
        Some(due) if !found.is_empty() => Ok((Vec::new(), Some(due))),
        _ => Ok((found, None)),
    }
}

/// Which booked interview an email is about.
async fn interview_of(
    services: &Services,
    workspace: WorkspaceId,
    candidate: CandidateId,
    place: &TurnPlace,
) -> Result<Option<InterviewId>, StoreError> {
    let (index, now) = (&services.index, services.clock.now());
    match place.thread {
        Thread::Interview(id) => Ok(Some(id)),
        Thread::Outreach(id) => {
            let (space, key) = (workspace.to_string(), id.to_string());
            let stored = services.store.get::<OutreachRecord>(&space, &key).await?;
            // Of one that is open it is the answer, which is read as that.
            let ended = stored.map(|it| it.record).filter(|it| !it.is_open());
            Ok(ended.and_then(|it| it.interview))
        }
        Thread::None => {
            let applications = index.applications_of(workspace, candidate);
            let is_arranged = |id| index.open_outreach_of(workspace, id).is_some();
            if applications.iter().any(|id| is_arranged(*id)) {
                return Ok(None);
            }
            let from = now.plus_minutes(-RECENT);
            let to_come = applications
                .into_iter()
                .flat_map(|id| index.upcoming_of_application(workspace, id, from));
            let to_come: Vec<_> = to_come.collect();
            match to_come[..] {
                [one] => Ok(Some(one)),
                _ => Ok(None),
            }
        }
        Thread::Approval(_) | Thread::AccountApproval(_) => Ok(None),
    }
}

/// The interview, where it stands and is not long over; no emails yet.
async fn about(
    services: &Services,
    workspace: WorkspaceId,
    candidate: CandidateId,
    id: InterviewId,
) -> Result<Option<UnreadBooked>, StoreError> {
    let (space, store, now) = (
        &workspace.to_string(),
        &services.store,
        services.clock.now(),
    );
    let stored = store.get::<InterviewRecord>(space, &id.to_string()).await?;
    let stands = |it: &InterviewRecord| {
        let is_recent = now <= it.end().plus_minutes(RECENT);
        it.takes_time() && it.candidate == candidate && is_recent
    };
    let Some(interview) = stored.map(|it| it.record).filter(stands) else {
        return Ok(None);
    };
    let person = store
        .get::<CandidateRecord>(space, &candidate.to_string())
        .await?;
    let Some(person) = person.map(|it| it.record) else {
        return Ok(None);
    };
    let mut by = None;
    let theirs = services.index.outreaches_to(workspace, candidate);
    for outreach in theirs.into_iter().take(MOST_OUTREACHES) {
        let key = outreach.to_string();
        let stored = store.get::<OutreachRecord>(space, &key).await?;
        let booked_it = |it: &OutreachRecord| {
            it.interview == Some(id) && it.state == OutreachState::Booked && it.is_assisted()
        };
        let Some(record) = stored.map(|it| it.record).filter(booked_it) else {
            continue;
        };
        by = Some((outreach, record));
        break;
    }
    let asked = by.as_ref().and_then(|(_, it)| it.assisted);
    let context = match &by {
        Some((outreach, record)) => choose::assistant(workspace, *outreach, record),
        None => RequestContext::daemon(workspace, "mail"),
    };
    Ok(Some(UnreadBooked {
        context,
        candidate,
        id,
        booked: ReplyBooked {
            start: interview.start,
            end: interview.end(),
            sequence: interview.invitation.sequence,
            moving: false,
            asked: asked.is_some_and(|it| it.confirm.is_some()),
        },
        zone: person.zone.unwrap_or(interview.zone),
        emails: Vec::new(),
        by: by.map(|(outreach, _)| outreach),
    }))
}

/// Does what follows from the emails, in one commit with the note of it; nothing where the interview
/// was changed meanwhile, or somebody has read them.
///
/// # Errors
/// The store can't be read or written.
pub async fn conclude_booked(
    services: &Services,
    unread: &UnreadBooked,
    conclusion: &BookedConclusion,
    urgent: Option<Urgent>,
    understood: &Understood,
) -> Result<(), Error> {
    services
        .store
        .transact(|tx| async move {
            within(services, &tx, unread, (conclusion, urgent), understood).await
        })
        .await?;
    Ok(())
}

async fn within(
    services: &Services,
    tx: &Tx,
    unread: &UnreadBooked,
    (conclusion, urgent): (&BookedConclusion, Option<Urgent>),
    understood: &Understood,
) -> Result<(), Error> {
    let (space, now) = (&unread.context.space(), services.clock.now());
    let key = unread.id.to_string();
    let Some(interview) = tx.get::<InterviewRecord>(space, &key).await? else {
        return Ok(());
    };
    if !interview.takes_time() || interview.start != unread.booked.start {
        return Ok(());
    }
    for (id, _) in &unread.emails {
        let found = keep::find(tx, space, *id).await?;
        let waits = |it: &TurnRecord| it.is_unread() && it.understood.is_none();
        if !found.is_some_and(|(_, turn)| waits(&turn)) {
            return Ok(());
        }
    }
    let is_done = act(tx, space, unread, &interview, conclusion, now).await?;
    note(tx, space, unread, understood, is_done.then_some(now)).await?;
    if let Some(what) = urgent.filter(|_| !is_done) {
        interviews::tell_urgently(tx, space, (unread.id, &interview), what, now)?;
    }
    if is_done && !keep::waits(tx, space, Owner::Candidate(unread.candidate), unread.id).await? {
        interviews::mail_is_read(tx, space, unread.id).await?;
    }
    Ok(())
}

/// Carries out what the assistant may. Whether nobody has to read it.
async fn act(
    tx: &Tx,
    space: &str,
    unread: &UnreadBooked,
    interview: &InterviewRecord,
    conclusion: &BookedConclusion,
    now: Instant,
) -> Result<bool, StoreError> {
    let acting = acting(tx, space, unread).await?;
    Ok(match (conclusion, acting) {
        (BookedConclusion::Nothing, Some(_)) => true,
        (BookedConclusion::Nothing | BookedConclusion::Person, _)
        | (BookedConclusion::Ask, None) => false,
        (BookedConclusion::Ask, Some((id, by))) => {
            let asks = |it: &Assisted| it.approval == Approval::Auto && it.confirm.is_none();
            let Some(assisted) = by.assisted.filter(asks) else {
                return Ok(false);
            };
            let email = letter::booking_question(tx, space, (id, &by), now)?;
            let asked = OutreachRecord {
                assisted: Some(Assisted {
                    confirm: Some(email),
                    ..assisted
                }),
                ..by
            };
            tx.put(space, &id.to_string(), &asked)?;
            true
        }
        (BookedConclusion::Move(wanted), acting) => {
            let begun = match acting {
                Some((_, by)) => {
                    let of = (unread.id, interview);
                    moves::begin(tx, space, &by, of, wanted.clone(), now).await?
                }
                None => None,
            };
            if begun.is_none() {
                // Prepared for a person: the form opens with that time.
                interviews::move_asked(tx, space, unread.id, wanted.first, now).await?;
            }
            begun.is_some()
        }
    })
}

/// The outreach for which the assistant acts: it booked the interview, and may.
async fn acting(
    tx: &Tx,
    space: &str,
    unread: &UnreadBooked,
) -> Result<Option<(OutreachId, OutreachRecord)>, StoreError> {
    let Some(id) = unread.by else {
        return Ok(None);
    };
    let record = tx.get::<OutreachRecord>(space, &id.to_string()).await?;
    let booked = record.filter(|it| it.interview == Some(unread.id));
    let Some(record) = booked else {
        return Ok(None);
    };
    Ok(acts(tx, space, &record).await?.then_some((id, record)))
}

/// Notes what was made of the emails, and about which interview they are. Those that something follows
/// from need nobody to read them.
async fn note(
    tx: &Tx,
    space: &str,
    unread: &UnreadBooked,
    understood: &Understood,
    read_at: Option<Instant>,
) -> Result<(), StoreError> {
    let owner = Owner::Candidate(unread.candidate);
    for (id, email) in &unread.emails {
        let noted = TurnRecord {
            thread: match email.thread {
                Thread::None => Thread::Interview(unread.id),
                thread => thread,
            },
            read_at: email.read_at.or(read_at),
            understood: Some(understood.clone()),
            ..email.clone()
        };
        keep::put(tx, space, owner, *id, &noted)?;
    }
    Ok(())
}
