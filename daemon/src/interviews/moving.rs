//! Moving a booked interview to a time that its candidate chose, or is to choose from.
//!
//! Invariants: a time is judged for the very interview that is moved, whose own time is not in its
//! way; it is moved as anybody moves one, with its people, meeting and link. That somebody asked for
//! another time stands on the interview until it is moved or nobody wants that any more. Must not
//! know what is proposed to whom.

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::{ChangeKind, InterviewReschedule, Side};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::time::Instant;

use super::answers::whom;
use super::book::{Booked, refuse_blocked};
use super::change::{Change, Wanted, over};
use super::holding::{Time, refuse_held};
use super::judge::{self, Purpose};
use super::{decide, reach};
use crate::access::RequestContext;
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Ask, Peer};
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// The wishes for another time that are kept of an interview.
pub(super) const MOST_ASKS: usize = 10;

/// Judges another time for an interview; writes nothing.
///
/// # Errors
/// It can't be moved there, or the time is held for somebody else.
pub async fn weigh_move(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: InterviewId,
    to: &InterviewReschedule,
) -> Result<Time, Error> {
    let stored = tx
        .get::<InterviewRecord>(&context.space(), &id.to_string())
        .await?;
    let gone = || Error::not_found("the interview is gone").field("interview");
    let interview = stored.ok_or_else(gone)?;
    context.hires_for(interview.job)?;
    let terms = decide::moved(services, context, &interview, to)?;
    if terms.same_time(&interview.terms()) {
        return Err(Error::usage("The interview is at that time already").field("start"));
    }
    let mut next = interview.under(&terms);
    let purpose = Purpose::of(to.interview.dry_run, to.refuse_advice);
    let judged = judge::judged(services, context, tx, id, &next, purpose).await?;
    let mut verdict = judged.verdict;
    refuse_blocked(&verdict)?;
    refuse_held(services, context, tx, &mut verdict).await?;
    next.host_zoom_id = judged.host_zoom_id;
    Ok(Time {
        interview: next,
        verdict,
        by_panel: false,
    })
}

/// Moves an interview in the caller's transaction, for its candidate who chose the time.
///
/// # Errors
/// What is refused to anybody who reschedules.
pub async fn move_within(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: InterviewId,
    to: &InterviewReschedule,
) -> Result<Booked, Error> {
    let dry_run = to.interview.dry_run;
    let change = Change {
        services,
        context,
        tx,
        id,
        purpose: Purpose::of(dry_run, to.refuse_advice),
    };
    let made = change
        .make(None, |interview| {
            let terms = decide::moved(services, context, interview, to)?;
            let moves = terms != interview.terms();
            Ok(Wanted {
                side: Side::Candidate,
                ..Wanted::new(ChangeKind::Rescheduled, moves.then_some(terms))
            })
        })
        .await?;
    let would_be = dry_run.then(|| Box::new(made.interview));
    Ok(Booked::moved(id, made.verdict, would_be))
}

/// That a guest asks for another time stands on the interview.
pub(super) fn asks(interview: &mut InterviewRecord, ask: Ask) {
    let known = &mut interview.invitation.asks;
    let same = |it: &Ask| {
        Ask {
            at: ask.at,
            ..it.clone()
        } == ask
    };
    if known.iter().any(same) {
        return;
    }
    let (guest, start) = (ask.guest, ask.start);
    known.push(ask);
    let surplus = known.len().saturating_sub(MOST_ASKS);
    known.drain(..surplus);
    let when = start.map(|start| start.in_zone(&interview.zone));
    let when = when.map(|when| format!(" and proposes {when}"));
    let said = format!(
        "{} asks for another time{}",
        whom(guest),
        when.unwrap_or_default()
    );
    let about = reach::about(guest, None);
    interview.warn_of(about, FindingCode::RescheduleAsked, &said);
}

/// Notes on an interview that its candidate asks for another time, this one where they name one.
///
/// # Errors
/// The store can't be read.
pub async fn move_asked(
    tx: &Tx,
    space: &str,
    id: InterviewId,
    start: Option<Instant>,
    now: Instant,
) -> Result<(), StoreError> {
    let key = id.to_string();
    let Some(mut interview) = tx.get::<InterviewRecord>(space, &key).await? else {
        return Ok(());
    };
    if !interview.takes_time() {
        return Ok(());
    }
    let ask = Ask {
        guest: Peer::Candidate(interview.candidate),
        at: now,
        start,
        duration_minutes: None,
        comment: None,
    };
    asks(&mut interview, ask);
    tx.put(space, &key, &interview)
}

/// Nobody moves the interview any more because of what its candidate asked.
///
/// # Errors
/// The store can't be read.
pub async fn move_settled(tx: &Tx, space: &str, id: InterviewId) -> Result<(), StoreError> {
    let key = id.to_string();
    let Some(mut interview) = tx.get::<InterviewRecord>(space, &key).await? else {
        return Ok(());
    };
    let theirs = Peer::Candidate(interview.candidate);
    let before = interview.clone();
    interview.invitation.asks.retain(|it| it.guest != theirs);
    let about = reach::about(theirs, None);
    interview
        .warnings
        .retain(|it| it.code != FindingCode::RescheduleAsked || it.who.as_ref() != Some(&about));
    match interview == before {
        true => Ok(()),
        false => tx.put(space, &key, &interview),
    }
}

/// Refuses to move what is over.
pub(super) fn refuse_over(interview: &InterviewRecord) -> Result<(), Error> {
    match interview.takes_time() {
        true => Ok(()),
        false => Err(over(interview.status)),
    }
}
