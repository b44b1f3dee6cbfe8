//! Approving what the assistant would send, or discarding it.
//!
//! Invariant: what is sent is judged at the moment of the approval: a time that is no longer free is
//! replaced by the next best, which is said.

use greenroom_protocol::Error;
use greenroom_protocol::id::OutreachId;
use greenroom_protocol::outreach::{Outreach, OutreachApprove, OutreachApproved, Replaced};
use greenroom_protocol::schedule::Slot;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;

use super::allocate::Allocation;
use super::apply::apply;
use super::begins;
use super::choose;
use super::list::{self, resolve};
use super::look::acts;
use super::step::{Chosen, Event};
use super::{letter, propose, view};
use crate::access::RequestContext;
use crate::current::current;
use crate::interviews::Time;
use crate::records::outreach::{OutreachRecord, OutreachState, SlotRecord, SlotStanding};
use crate::services::Services;
use crate::store::Tx;

/// An approval, and what it may need.
struct Approval<'a> {
    id: OutreachId,
    request: &'a OutreachApprove,
    /// The best times at present, in the place of those that are taken.
    others: &'a [Slot],
}

/// What came of it: the outreach in a dry run, and what was replaced.
type Came = (Option<Box<OutreachRecord>>, Vec<Replaced>);

/// Approves the email of a draft, or says what would be sent.
pub async fn approve(
    services: &Services,
    context: &RequestContext,
    request: OutreachApprove,
) -> Result<OutreachApproved, Error> {
    let id = resolve(services, context, &request.outreach.reference)?;
    let (space, key) = (context.space(), id.to_string());
    let stored = services.store.get::<OutreachRecord>(&space, &key).await?;
    let record = stored.ok_or_else(list::unknown)?.record;
    context.hires_for(record.job)?;
    refuse_other(&record)?;
    let assistant = choose::assistant(context.workspace, id, &record);
    let others = choose::find(services, &assistant, &record, 0).await?.slots;
    let approval = Approval {
        id,
        request: &request,
        others: &others,
    };
    let ((would_be, replaced), _) = services
        .store
        .transact(|tx| {
            let approval = &approval;
            async move { within(services, context, &tx, approval).await }
        })
        .await?;
    let dry_run = would_be.is_some();
    let outreach = match would_be {
        Some(record) => view::wire(services, context.workspace, id, 0, &record).await?,
        None => {
            let outreach = list::one(services, context, id).await?;
            outreach.ok_or_else(list::unknown)?
        }
    };
    Ok(OutreachApproved {
        outreach,
        replaced,
        dry_run,
    })
}

async fn within(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    approval: &Approval<'_>,
) -> Result<Came, Error> {
    let (space, now) = (context.space(), services.clock.now());
    let Approval {
        id,
        request,
        others,
    } = *approval;
    let expected = request.outreach.expected_revision;
    let record: OutreachRecord = current(tx, &space, &id.to_string(), expected, "outreach").await?;
    context.hires_for(record.job)?;
    refuse_other(&record)?;
    if !acts(tx, &space, &record).await? {
        let why = "The assistant is paused, so it sends nothing";
        return Err(Error::conflict(why).hint(
            "turn it on with `greenroom workspace edit --assistant on`, or propose times yourself",
        ));
    }
    let wanted: Vec<&SlotRecord> = record
        .drafted()
        .filter(|(n, _)| !request.without.contains(n))
        .map(|(_, slot)| slot)
        .collect();
    if wanted.is_empty() {
        let why = "No time is left to send";
        return Err(Error::usage(why)
            .field("without")
            .hint("discard it with `greenroom outreach discard`"));
    }
    let before = tx.mark();
    let assistant = &choose::assistant(context.workspace, id, &record);
    let asked = asked(services, context, &record, &wanted, others);
    let of = (id, &record);
    let given = Allocation {
        times: wanted.len(),
        shared: false,
    };
    let times = choose::take(services, assistant, tx, of, &asked, (given, true)).await?;
    let Some(first) = times.first() else {
        return Err(
            Error::conflict("None of the times is free any more, and no other is")
                .hint("the assistant chooses others when there are; or propose times yourself"),
        );
    };
    let by = context.me().map(|me| me.brief.id);
    let round = record.assisted.map_or(1, |it| it.rounds);
    let zone = begins::zone_of(services, context.workspace, &record);
    let email = letter::ask(tx, &space, of, (round, &zone, by), now)?;
    let replaced = replaced(&wanted, &times);
    let chosen = Chosen {
        terms: propose::terms(&first.interview, record.purpose.is_book()),
        slots: choose::written(&times, SlotStanding::Held, false),
        approval: record.assisted.map(|it| it.approval).unwrap_or_default(),
        email: Some(email),
    };
    let touched = (id, &record.touched());
    let next = apply(tx, &space, touched, Event::Chosen(Box::new(chosen)), now).await?;
    let values = [("slots", times.len().to_string())];
    context.audit(tx, now, id, &["state", "slots"], &values)?;
    if request.outreach.dry_run {
        tx.back_to(before);
        return Ok((Some(Box::new(next)), replaced));
    }
    Ok((None, replaced))
}

/// The times of the draft, then the best others: never one that was left out.
fn asked(
    services: &Services,
    context: &RequestContext,
    record: &OutreachRecord,
    wanted: &[&SlotRecord],
    others: &[Slot],
) -> Vec<Slot> {
    let of_draft = wanted.iter().map(|slot| Slot {
        start: slot.start,
        end: record.end(slot),
        interviewers: view::members(services, context.workspace, &slot.interviewers),
        score: 0,
        why: Vec::new(),
    });
    let left_out = |slot: &Slot| record.edits.without.contains(&slot.start);
    let is_new =
        |slot: &&Slot| !left_out(slot) && !record.slots.iter().any(|it| it.start == slot.start);
    of_draft
        .chain(others.iter().filter(is_new).cloned())
        .collect()
}

/// The times of the draft that are not sent, each with what is sent in its place.
fn replaced(wanted: &[&SlotRecord], times: &[Time]) -> Vec<Replaced> {
    let sent: Vec<Instant> = times.iter().map(|it| it.interview.start).collect();
    let mut new = sent
        .iter()
        .filter(|start| !wanted.iter().any(|slot| slot.start == **start));
    let gone = wanted.iter().filter(|slot| !sent.contains(&slot.start));
    gone.map(|slot| Replaced {
        start: slot.start,
        by: new.next().copied(),
    })
    .collect()
}

fn refuse_other(record: &OutreachRecord) -> Result<(), Error> {
    match record.state {
        OutreachState::Draft => Ok(()),
        _ => {
            let why = format!("There is nothing to approve: {}", view::message(record));
            Err(Error::conflict(why))
        }
    }
}

/// Discards what the assistant would send, and ends the outreach.
pub async fn discard(
    services: &Services,
    context: &RequestContext,
    request: Reference,
) -> Result<Outreach, Error> {
    super::hand::change(services, context, request, &["state"], |record| {
        refuse_other(record)?;
        Ok(Event::Stopped)
    })
    .await
}
