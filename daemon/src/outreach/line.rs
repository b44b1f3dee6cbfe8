//! The line of a stage: those who wait for times, in order.
//!
//! Owns how they are served. Invariants: times of a stage are chosen by one piece of work at a time,
//! so that those in its line never take them from each other; whom a wake looks at, `turn` says:
//! few, however long the line is. Nobody is ranked but by what happened: moved up by a person, lost
//! their times, waits for other times, waits for the first. Nothing is sent before the mailbox was
//! read since the daemon began, at night of the candidate's, or more of it than a minute takes.

use std::collections::HashMap;
use std::sync::atomic::{AtomicU64, Ordering};
use std::sync::{Arc, Mutex, PoisonError};

use futures::future::BoxFuture;
use greenroom_protocol::Error;
use greenroom_protocol::id::{OutreachId, StageId, WorkspaceId};
use greenroom_protocol::pipeline::Approval;
use greenroom_protocol::time::Instant;

use super::allocate::{Allocation, LEAST};
use super::apply::note;
use super::begins::{self, PerMinute};
use super::choose::{self, Found};
use super::look::{acts, ended};
use super::step::{Chosen, Event, may_choose};
use super::turn::{Class, FRONT, Look, Turn, WINDOW};
use super::{clock, letter, propose};
use crate::access::RequestContext;
use crate::index::{InLine, LineOrder};
use crate::interviews::can_act;
use crate::mail::bounce::BounceRecord;
use crate::records::outreach::{OutreachRecord, OutreachState, SlotStanding, WaitsFor};
use crate::records::pipeline::{CandidateRecord, StageRecord};
use crate::services::Services;
use crate::store::{Revision, StoreError, Tx};
use crate::work::{WorkRecord, Worker, backoff};

/// Seconds until a line is looked at again though nothing woke it.
const SWEEP: i64 = 60 * 60;

/// Those served in one try; then others have their turn.
const SERVED: usize = 32;

/// Those in line of whom it is written down why the stage can't serve them.
const TOLD: usize = 50;

/// Seconds until a mailbox that has not been read is asked about again.
const ASK_AGAIN: i64 = 60;

/// Those in line who were looked at since this process began, in every workspace.
static LOOKED_AT: AtomicU64 = AtomicU64::new(0);

/// How many in line were looked at since this process began: what lines cost.
#[must_use]
pub fn looked_at() -> u64 {
    LOOKED_AT.load(Ordering::Relaxed)
}

/// The worker of lines.
pub struct StageLines {
    services: Services,
    per_minute: PerMinute,
    /// Behind whom the next look at a line begins. Nothing is lost with it.
    turns: Arc<Mutex<HashMap<StageId, LineOrder>>>,
}

impl StageLines {
    /// One who begins as many emails in a minute as there are places.
    #[must_use]
    pub fn new(services: Services, per_minute: PerMinute) -> Self {
        Self {
            services,
            per_minute,
            turns: Arc::default(),
        }
    }

    fn turn(&self, stage: StageId) -> Option<LineOrder> {
        let turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        turns.get(&stage).copied()
    }

    fn turns_to(&self, stage: StageId, next: Option<LineOrder>) {
        let mut turns = self.turns.lock().unwrap_or_else(PoisonError::into_inner);
        match next {
            Some(next) => turns.insert(stage, next),
            None => turns.remove(&stage),
        };
    }
}

impl Worker for StageLines {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let services = &self.services;
        Box::pin(async move {
            // Asked for in the same second, a piece reads as before: what tells is who wrote it.
            let id = WorkRecord::id(&work.kind, &work.record);
            let asked = services.store.get::<WorkRecord>(space, &id).await?;
            let Some(asked) = asked.map(|stored| stored.revision) else {
                return Ok(());
            };
            // Who joined until then is seen.
            services.store.settled().await?;
            let look = match work.timer {
                true => Look::Sweep,
                false => Look::Wake,
            };
            let ids = (work.record.parse(), space.parse());
            let next = match ids {
                (Ok(stage), Ok(workspace)) => match self.serve(workspace, stage, look).await {
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
    /// When something wakes it, else by the hour, in the workspace's morning, and at the latest then.
    Sweep(Option<Instant>),
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
        Next::Sweep(soonest) => {
            let zone = space.parse().map(|it| services.index.zone_of(it));
            let morning = clock::next_morning(now, &zone.unwrap_or_default());
            let due = now.plus_seconds(SWEEP).min(morning);
            let due = soonest.map_or(due, |it| it.min(due));
            WorkRecord::timer(tx, space, kind, record, due)
        }
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
    /// It is not the time to write to them before.
    NotBefore(Instant),
    /// As many emails were begun as a minute takes: nobody is served before.
    Full(Instant),
}

impl StageLines {
    async fn serve(
        &self,
        workspace: WorkspaceId,
        stage: StageId,
        look: Look,
    ) -> Result<Next, Error> {
        let services = &self.services;
        let front = services.index.in_line(workspace, stage, None, FRONT);
        let row = services.index.stage(workspace, stage);
        let Some(row) = row.filter(|_| !front.is_empty()) else {
            return Ok(Next::Empty);
        };
        if let Some(what) = can_act::waits_for(services, workspace, &row.record).await? {
            for entry in front.into_iter().take(TOLD) {
                keeps_waiting(services, workspace, entry.id(), what).await?;
            }
            return Ok(Next::Sweep(None));
        }
        if row.record.interview.approval == Approval::Auto && is_unread(services, workspace) {
            let soon = services.clock.now().plus_seconds(ASK_AGAIN);
            return Ok(Next::Sweep(Some(soon)));
        }
        let behind = self.turn(stage);
        let window = services.index.in_line(workspace, stage, behind, WINDOW);
        let mut turn = self.over(workspace, look, (front, window));
        let (mut served, mut soonest) = (0, None::<Instant>);
        let next = loop {
            if served == SERVED {
                break Next::More;
            }
            let Some((entry, class)) = turn.next() else {
                break Next::Sweep(soonest);
            };
            match self.one(workspace, stage, entry.id()).await? {
                Served::Done => served += 1,
                Served::Waits => turn.in_vain(class),
                Served::NotBefore(then) => {
                    turn.in_vain(class);
                    soonest = Some(soonest.map_or(then, |it| it.min(then)));
                }
                Served::Full(then) => break Next::Sweep(Some(then)),
            }
        };
        let looked = turn.looked();
        LOOKED_AT.fetch_add(looked as u64, Ordering::Relaxed);
        tracing::debug!(%workspace, %stage, ?look, looked, served, ?next, "looked at a line");
        self.turns_to(stage, turn.ends());
        Ok(next)
    }

    /// One look, with the class of everybody.
    fn over(
        &self,
        workspace: WorkspaceId,
        look: Look,
        (front, window): (Vec<InLine>, Vec<InLine>),
    ) -> Turn {
        let usual = self.services.index.zone_of(workspace);
        let now = self.services.clock.now();
        let mut clocks = HashMap::<String, (i32, bool)>::new();
        let mut with_class = |entry: InLine| {
            let zone = entry.zone.clone().unwrap_or_else(|| usual.clone());
            let (offset, friday) = *clocks
                .entry(zone)
                .or_insert_with_key(|zone| clock::class_of(zone, now));
            let class = Class {
                offset,
                friday,
                wishes: entry.wishes,
            };
            (entry, class)
        };
        let front = front.into_iter().map(&mut with_class).collect();
        let window = window.into_iter().map(&mut with_class).collect();
        Turn::new(look, front, window)
    }

    /// Chooses times for one in line.
    async fn one(
        &self,
        workspace: WorkspaceId,
        stage: StageId,
        id: OutreachId,
    ) -> Result<Served, Error> {
        let services = &self.services;
        let (space, key) = (workspace.to_string(), id.to_string());
        let stored = services.store.get::<OutreachRecord>(&space, &key).await?;
        let Some(record) = stored.map(|it| it.record).filter(may_choose) else {
            return Ok(Served::Done);
        };
        let sends = services.index.stage(workspace, stage);
        let sends = sends.is_some_and(|row| row.record.interview.approval == Approval::Auto);
        let waiting = match sends {
            true => services.index.waiting_in(workspace, stage).max(1),
            // Nothing of a draft is held, so nobody shares it.
            false => 0,
        };
        if sends && let Some(then) = self.not_before(workspace, &record).await? {
            keeps_waiting(services, workspace, id, WaitsFor::Quiet).await?;
            return Ok(Served::NotBefore(then));
        }
        let context = &choose::assistant(workspace, id, &record);
        let found = &choose::find(services, context, &record, waiting).await?;
        let (served, _) = services
            .store
            .transact(|tx| async move { self.within(context, &tx, id, found).await })
            .await?;
        Ok(served)
    }

    /// When an email may be begun to them, where that is not now.
    async fn not_before(
        &self,
        workspace: WorkspaceId,
        record: &OutreachRecord,
    ) -> Result<Option<Instant>, Error> {
        let (services, now) = (&self.services, self.services.clock.now());
        let (then, _) = services
            .store
            .transact(
                |tx| async move { begins::may_begin(services, &tx, workspace, record, now).await },
            )
            .await?;
        Ok(Some(then).filter(|then| *then > now))
    }
}

/// Whether nobody knows what candidates wrote while the daemon was away: the mailbox was not read
/// since, or can't be.
fn is_unread(services: &Services, workspace: WorkspaceId) -> bool {
    let route = services.mail.of(workspace);
    route.reads_answers() && !matches!(route.reading(), Some((_, Ok(()))))
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
                && record.state.is_in_line()
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

impl StageLines {
    async fn within(
        &self,
        context: &RequestContext,
        tx: &Tx,
        id: OutreachId,
        found: &Found,
    ) -> Result<Served, Error> {
        let services = &self.services;
        let (space, key, now) = (context.space(), id.to_string(), services.clock.now());
        let Some(record) = tx.get::<OutreachRecord>(&space, &key).await? else {
            return Ok(Served::Done);
        };
        if !record.state.is_in_line() {
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
        let given = match is_sent {
            true => found.given,
            false => Allocation::WHOLE,
        };
        let slots = &found.slots;
        let times = choose::take(services, context, tx, of, slots, (given, is_sent)).await?;
        let first = times.first().filter(|_| times.len() >= LEAST);
        let Some(first) = first else {
            tx.back_to(before);
            return Ok(waits(tx, &space, of, WaitsFor::Time, now).await?);
        };
        let terms = propose::terms(&first.interview, record.purpose.is_book());
        if is_sent
            && let Err(seconds) = self
                .per_minute
                .take(context.workspace, services.clock.steady())
        {
            tx.back_to(before);
            return Ok(Served::Full(now.plus_seconds(seconds)));
        }
        let standing = match is_sent {
            true => SlotStanding::Held,
            false => SlotStanding::Drafted,
        };
        let mut chosen = Chosen {
            terms,
            slots: choose::written(&times, standing, given.shared && is_sent),
            approval,
            email: None,
        };
        if is_sent {
            let round = record.assisted.map_or(1, |it| it.rounds + 1);
            let zone = begins::zone_of(services, context.workspace, &record);
            chosen.email = Some(letter::ask(tx, &space, of, (round, &zone, None), now)?);
        }
        let event = Event::Chosen(Box::new(chosen));
        note(tx, &space, of, event, now, "worker").await?;
        Ok(Served::Done)
    }
}
