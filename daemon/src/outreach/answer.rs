//! Choosing one of the proposed times for the candidate: booked as anybody books, or what is booked is
//! moved to it, and the others are released in the same commit.
//!
//! Invariant: which of the two is the outreach's to say, and nobody else's: where an interview is to
//! be moved, there is never a second one.

use greenroom_protocol::id::{InterviewId, OutreachId};
use greenroom_protocol::interview::{InterviewNew, Outcome};
use greenroom_protocol::outreach::{OutreachAnswer, OutreachAnswered};
use greenroom_protocol::schedule::Verdict;
use greenroom_protocol::{Error, ErrorKind};

use super::apply::apply;
use super::list::{self, resolve};
use super::step::Event;
use super::view;
use crate::access::RequestContext;
use crate::current::current;
use crate::failpoint::{Point, failpoint};
use crate::interviews::{self, Booked};
use crate::records::outreach::{OutreachRecord, OutreachState, Purpose, SlotRecord, SlotStanding};
use crate::services::Services;
use crate::store::{Actor, Tx};

enum Came {
    Booked(Booked),
    WouldBe(Booked, Box<OutreachRecord>),
    Repeated(InterviewId),
}

/// Books one of the proposed times, or says whether that would work.
pub async fn answer(
    services: &Services,
    context: &RequestContext,
    request: OutreachAnswer,
) -> Result<OutreachAnswered, Error> {
    let id = resolve(services, context, &request.outreach.reference)?;
    let (came, _) = services
        .store
        .transact(|tx| {
            let request = &request;
            async move { within(services, context, &tx, id, request).await }
        })
        .await?;
    let (outcome, would_be) = match came {
        Came::Booked(booked) => {
            failpoint(Point::TimeChosen);
            (booked.outcome(services, context).await?, None)
        }
        Came::WouldBe(booked, record) => (booked.outcome(services, context).await?, Some(record)),
        Came::Repeated(interview) => (again(services, context, interview).await?, None),
    };
    let outreach = match &would_be {
        Some(record) => view::wire(services, context.workspace, id, 0, record).await?,
        None => {
            let outreach = list::one(services, context, id).await?;
            outreach.ok_or_else(list::unknown)?
        }
    };
    Ok(OutreachAnswered {
        outreach,
        interview: outcome.interview,
        verdict: outcome.verdict,
        dry_run: would_be.is_some(),
        repeated: outcome.repeated,
    })
}

/// An interview that was booked before.
async fn again(
    services: &Services,
    context: &RequestContext,
    interview: InterviewId,
) -> Result<Outcome, Error> {
    let found = interviews::of_ids(services, context.workspace, &[interview]).await?;
    let gone = || Error::not_found("the interview is gone");
    Ok(Outcome {
        interview: found.into_iter().next().ok_or_else(gone)?,
        verdict: Verdict::default(),
        repeated: true,
        dry_run: false,
        panel: None,
        letters: Vec::new(),
        emails: Vec::new(),
    })
}

async fn within(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: OutreachId,
    request: &OutreachAnswer,
) -> Result<Came, Error> {
    let (space, now) = (context.space(), services.clock.now());
    let expected = request.outreach.expected_revision;
    let record: OutreachRecord = current(tx, &space, &id.to_string(), expected, "outreach").await?;
    context.hires_for(record.job)?;
    let Some(slot) = record.slot(request.n) else {
        let why = match record.slots.len() {
            1 => "There is one time: 1".to_owned(),
            many => format!("The times are 1 to {many}"),
        };
        return Err(Error::usage(why).field("n"));
    };
    if let (SlotStanding::Booked, Some(interview)) = (slot.state, record.interview) {
        return Ok(Came::Repeated(interview));
    }
    refuse_ended(&record)?;
    let before = tx.mark();
    if !request.outreach.dry_run {
        let booked = choose(services, context, tx, (id, &record), request.n).await?;
        return Ok(Came::Booked(booked));
    }
    // What is held for the candidate is not in their way, and of the others nothing stays held.
    for (n, _) in record.held() {
        interviews::let_go(tx, &space, id, &record, n).await?;
    }
    let booked = book(services, context, tx, &record, slot, true).await?;
    let event = Event::Booked {
        n: request.n,
        interview: booked.id(),
    };
    let (next, _) = super::step::step(&record, event, now);
    tx.back_to(before);
    Ok(Came::WouldBe(booked, Box::new(next)))
}

/// Books one of the proposed times in the caller's transaction, with what becomes of the outreach.
/// What was written is the caller's to forget where it fails.
pub(super) async fn choose(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    (id, record): (OutreachId, &OutreachRecord),
    n: u8,
) -> Result<Booked, Error> {
    let (space, now) = (context.space(), services.clock.now());
    let slot = record
        .slot(n)
        .ok_or_else(|| Error::usage("There is no such time"))?;
    for (n, _) in record.held() {
        interviews::let_go(tx, &space, id, record, n).await?;
    }
    let booked = book(services, context, tx, record, slot, false).await?;
    let event = Event::Booked {
        n,
        interview: booked.id(),
    };
    let record = match context.actor() {
        Actor::Assistant { .. } => record.clone(),
        _ => record.touched(),
    };
    apply(tx, &space, (id, &record), event, now).await?;
    let values = [
        ("slot", n.to_string()),
        ("interview", booked.id().to_string()),
    ];
    context.audit(tx, now, id, &["state", "interview"], &values)?;
    Ok(booked)
}

/// Refuses what ended; of times that are no longer held one may still be free.
fn refuse_ended(record: &OutreachRecord) -> Result<(), Error> {
    let why = match record.state {
        OutreachState::Sending
        | OutreachState::Proposed
        | OutreachState::Person { .. }
        | OutreachState::Waiting { .. }
        | OutreachState::Draft
        | OutreachState::Taken { .. } => return Ok(()),
        OutreachState::Settling { .. } => "No times are chosen yet".to_owned(),
        OutreachState::Booked => "It is booked already".to_owned(),
        OutreachState::Over { .. } => format!("It is over: {}", view::message(record)),
        OutreachState::Unknown => "It is in a state that this version does not know".to_owned(),
    };
    Err(Error::conflict(why).hint("schedule an interview with `greenroom interview new`"))
}

/// Books the time, or moves to it what is booked: as the outreach says.
async fn book(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    record: &OutreachRecord,
    slot: &SlotRecord,
    dry_run: bool,
) -> Result<Booked, Error> {
    match record.purpose {
        Purpose::Book => book_new(services, context, tx, record, slot, dry_run).await,
        Purpose::Move(moving) => {
            let to = super::choose::to(&moving, slot.start.to_string(), dry_run);
            interviews::move_within(services, context, tx, moving.interview, &to).await
        }
    }
}

/// Books the time with those it was held for; where they are not free any more and the stage's
/// panel chose them, with those it chooses now.
async fn book_new(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    record: &OutreachRecord,
    slot: &SlotRecord,
    dry_run: bool,
) -> Result<Booked, Error> {
    let request = booking(record, slot, dry_run);
    let same = interviews::book_within(services, context, tx, &request).await;
    let others = |error: &Error| {
        record.terms.by_panel && matches!(error.kind, ErrorKind::Conflict | ErrorKind::NotFound)
    };
    match same {
        Err(error) if others(&error) => {
            let request = InterviewNew {
                with: Vec::new(),
                ..request
            };
            let chosen = interviews::book_within(services, context, tx, &request).await;
            chosen.map_err(|_| error)
        }
        same => same,
    }
}

fn booking(record: &OutreachRecord, slot: &SlotRecord, dry_run: bool) -> InterviewNew {
    let terms = &record.terms;
    let manual = terms.manual.clone().unwrap_or_default();
    InterviewNew {
        candidate: record.candidate.to_string(),
        job: Some(record.job.to_string()),
        kind: terms.kind,
        start: slot.start.to_string(),
        zone: Some(terms.zone.clone()),
        duration_minutes: Some(terms.minutes),
        organizer: Some(terms.organizer.to_string()),
        with: slot.interviewers.iter().map(ToString::to_string).collect(),
        zoom_user: terms.host.map(|host| host.to_string()),
        url: manual.url,
        meeting_id: manual.meeting_id,
        passcode: manual.passcode,
        details: manual.details,
        zoom_notes: terms.host.map(|_| terms.zoom_notes),
        confirm: true,
        dry_run,
        ..InterviewNew::default()
    }
}
