//! The line of a stage: those who wait for times, in order.
//!
//! Owns who is served next. Invariants: times of a stage are chosen by one piece of work at a time,
//! so that those in its line never take them from each other; a wake looks at few, however long the
//! line is: at most two of a kind for whom nothing is found, and at most eight kinds. Nobody is
//! ranked but by what happened: lost their times, waits for other times, waits for the first.

use std::collections::HashMap;

use futures::future::BoxFuture;
use greenroom_protocol::Error;
use greenroom_protocol::id::{OutreachId, StageId, WorkspaceId};
use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::schedule::Slot;
use greenroom_protocol::time::Instant;

use super::apply::note;
use super::choose::{self, LEAST, WANTED};
use super::look::{acts, ended};
use super::step::{Chosen, Event, may_choose};
use super::{letter, propose};
use crate::access::RequestContext;
use crate::interviews::can_act;
use crate::mail::bounce::BounceRecord;
use crate::records::outreach::{OutreachRecord, OutreachState, SlotStanding, WaitsFor};
use crate::records::pipeline::{CandidateRecord, StageRecord};
use crate::services::Services;
use crate::store::{Revision, StoreError, Tx};
use crate::work::{WorkRecord, Worker, backoff};

/// Seconds until a line is looked at again though nothing woke it.
const SWEEP: i64 = 60 * 60;

/// Those in line that a wake reads.
const READ: usize = 500;

/// Those served in one try; then others have their turn.
const SERVED: usize = 32;

/// Of one kind, those for whom nothing was found before the others are passed over.
const OF_A_KIND: usize = 2;

/// Kinds that are looked at.
const KINDS: usize = 8;

/// Those in line of whom it is written down why the stage can't serve them.
const TOLD: usize = 50;

/// What people in line may differ in, for whom the same times are free: the zone of their nights
/// and weekends.
type Kind = Option<String>;

/// The worker of lines.
pub struct StageLines(pub Services);

impl Worker for StageLines {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let Self(services) = self;
        Box::pin(async move {
            // Asked for in the same second, a piece reads as before: what tells is who wrote it.
            let id = WorkRecord::id(&work.kind, &work.record);
            let asked = services.store.get::<WorkRecord>(space, &id).await?;
            let Some(asked) = asked.map(|stored| stored.revision) else {
                return Ok(());
            };
            // Who joined until then is seen.
            services.store.settled().await?;
            let ids = (work.record.parse(), space.parse());
            let next = match ids {
                (Ok(stage), Ok(workspace)) => match serve(services, workspace, stage).await {
                    Ok(next) => next,
                    Err(error) => {
                        tracing::warn!(%space, stage = work.record, %error, "times could not be chosen");
                        let due = backoff::next_try(services.clock.now(), work.attempts);
                        let later = services.store.transact(|tx| async move {
                            let why = "times could not be chosen";
                            WorkRecord::later_if_unchanged(&tx, space, work, due, why).await
                        });
                        return later.await.map(drop);
                    }
                },
                _ => Next::Empty,
            };
            let noted = services.store.transact(|tx| async move {
                leave(services, &tx, space, (work, asked), next).await
            });
            noted.await.map(drop)
        })
    }
}

/// When the line is looked at again.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Next {
    /// At once: more may be served.
    More,
    /// When something wakes it, else by the hour.
    Sweep,
    /// Nobody is in line.
    Empty,
}

/// Notes when it is looked at again, unless it was asked for anew meanwhile.
async fn leave(
    services: &Services,
    tx: &Tx,
    space: &str,
    (work, asked): (&WorkRecord, Revision),
    next: Next,
) -> Result<(), StoreError> {
    let (kind, record, now) = (&work.kind, &work.record, services.clock.now());
    let id = WorkRecord::id(kind, record);
    if tx.revision_of::<WorkRecord>(space, &id).await? != Some(asked) {
        return Ok(());
    }
    match next {
        Next::More => WorkRecord::ask(tx, space, kind, record, now),
        Next::Sweep => WorkRecord::timer(tx, space, kind, record, now.plus_seconds(SWEEP)),
        Next::Empty => WorkRecord::done(tx, space, kind, record),
    }
}

/// What came of one in line.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum Served {
    /// Times were chosen for them, or they are not in line any more.
    Done,
    /// There are none for them.
    Waits,
}

async fn serve(services: &Services, workspace: WorkspaceId, stage: StageId) -> Result<Next, Error> {
    let waiting = services.index.in_line(workspace, stage, READ);
    if waiting.is_empty() {
        return Ok(Next::Empty);
    }
    let Some(row) = services.index.stage(workspace, stage) else {
        return Ok(Next::Empty);
    };
    if let Some(what) = can_act::waits_for(services, workspace, &row.record).await? {
        for (id, _) in waiting.into_iter().take(TOLD) {
            keeps_waiting(services, workspace, id, what).await?;
        }
        return Ok(Next::Sweep);
    }
    let mut in_vain = HashMap::<Kind, usize>::new();
    let mut served = 0;
    for (id, candidate) in waiting {
        if served == SERVED {
            return Ok(Next::More);
        }
        let kind = services.index.candidate(workspace, candidate);
        let kind = kind.and_then(|entry| entry.zone);
        let tried = in_vain.get(&kind).copied();
        let passed_over = tried.map_or(in_vain.len() >= KINDS, |tried| tried >= OF_A_KIND);
        if passed_over {
            continue;
        }
        match one(services, workspace, id).await? {
            Served::Done => served += 1,
            Served::Waits => *in_vain.entry(kind).or_default() += 1,
        }
    }
    Ok(Next::Sweep)
}

/// It waits for this; where it did before, nothing is written.
async fn keeps_waiting(
    services: &Services,
    workspace: WorkspaceId,
    id: OutreachId,
    what: WaitsFor,
) -> Result<(), Error> {
    let (space, key, now) = (
        &workspace.to_string(),
        &id.to_string(),
        services.clock.now(),
    );
    services
        .store
        .transact(|tx| async move {
            if let Some(record) = tx.get::<OutreachRecord>(space, key).await?
                && matches!(record.state, OutreachState::Waiting { .. })
            {
                waits(&tx, space, (id, &record), what, now).await?;
            }
            Ok::<_, Error>(())
        })
        .await?;
    Ok(())
}

async fn waits(
    tx: &Tx,
    space: &str,
    (id, record): (OutreachId, &OutreachRecord),
    what: WaitsFor,
    now: Instant,
) -> Result<Served, StoreError> {
    if record.state != (OutreachState::Waiting { what }) {
        note(tx, space, (id, record), Event::Waits(what), now, "worker").await?;
    }
    Ok(Served::Waits)
}

/// Chooses times for one in line.
async fn one(services: &Services, workspace: WorkspaceId, id: OutreachId) -> Result<Served, Error> {
    let (space, key) = (workspace.to_string(), id.to_string());
    let stored = services.store.get::<OutreachRecord>(&space, &key).await?;
    let Some(record) = stored.map(|it| it.record).filter(may_choose) else {
        return Ok(Served::Done);
    };
    let context = &choose::assistant(workspace, id, &record);
    let slots = &choose::find(services, context, &record).await?;
    let (served, _) = services
        .store
        .transact(|tx| async move { within(services, context, &tx, id, slots).await })
        .await?;
    Ok(served)
}

async fn within(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: OutreachId,
    slots: &[Slot],
) -> Result<Served, Error> {
    let (space, key, now) = (context.space(), id.to_string(), services.clock.now());
    let Some(record) = tx.get::<OutreachRecord>(&space, &key).await? else {
        return Ok(Served::Done);
    };
    if !matches!(record.state, OutreachState::Waiting { .. }) {
        return Ok(Served::Done);
    }
    // Who went elsewhere is looked at by the worker of outreaches, which that woke.
    if ended(tx, &space, &record).await?.is_some() {
        return Ok(Served::Done);
    }
    let of = (id, &record);
    if !acts(tx, &space, &record).await? {
        return Ok(waits(tx, &space, of, WaitsFor::Switch, now).await?);
    }
    let candidate = record.candidate.to_string();
    let Some(candidate) = tx.get::<CandidateRecord>(&space, &candidate).await? else {
        return Ok(Served::Done);
    };
    let bounces = BounceRecord::of(tx, &space, &candidate.email).await?;
    if bounces.is_some() {
        return Ok(waits(tx, &space, of, WaitsFor::Address, now).await?);
    }
    let stage = tx
        .get::<StageRecord>(&space, &record.stage.to_string())
        .await?;
    let approval = stage.map_or(Approval::Draft, |it| it.interview.approval);
    let is_sent = approval == Approval::Auto;
    let before = tx.mark();
    let times = choose::take(services, context, tx, of, slots, (WANTED, is_sent)).await?;
    let first = times.first().filter(|_| times.len() >= LEAST);
    let Some(first) = first else {
        tx.back_to(before);
        return Ok(waits(tx, &space, of, WaitsFor::Time, now).await?);
    };
    let terms = propose::terms(&first.interview, true);
    let standing = match is_sent {
        true => SlotStanding::Held,
        false => SlotStanding::Drafted,
    };
    let mut chosen = Chosen {
        terms,
        slots: choose::written(&times, standing),
        approval,
        email: None,
    };
    if is_sent {
        let round = record.assisted.map_or(1, |it| it.rounds + 1);
        let zone = choose::zone_of(services, context, &record);
        chosen.email = Some(letter::ask(tx, &space, of, (round, &zone, None), now)?);
    }
    let event = Event::Chosen(Box::new(chosen));
    note(tx, &space, of, event, now, "worker").await?;
    Ok(Served::Done)
}
