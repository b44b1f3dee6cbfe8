//! Looks how things stand around an outreach: when its time has come, and whenever something it
//! depends on has changed.
//!
//! Invariant: times are not released before the mailbox was read after their end, so that an answer
//! which came in time does not lose to slow reading.

use futures::future::BoxFuture;
use greenroom_protocol::id::{InterviewId, OutreachId, WorkspaceId};
use greenroom_protocol::interview::ChangeKind;
use greenroom_protocol::pipeline::ApplicationState;
use greenroom_protocol::time::Instant;

use super::apply::note;
use super::begins::{self, PerMinute};
use super::clock;
use super::handed::hand_over;
use super::letter::went_elsewhere;
use super::step::{Event, Looked};
use crate::interviews::{self, OUTREACH_WORK, OutreachesOf};
use crate::outbox;
use crate::records::calendar::{self, Owner};
use crate::records::interview::InterviewRecord;
use crate::records::outreach::{Ended, OPEN, OutreachRecord, OutreachState, Purpose, SlotRecord};
use crate::records::pipeline::{ApplicationRecord, CandidateRecord, JobRecord, StageRecord};
use crate::records::workspace::{MemberRecord, WorkspaceRecord};
use crate::schedule::busy::TakenBy;
use crate::services::Services;
use crate::store::{GLOBAL, StoreError, Tx};
use crate::work::{WorkRecord, Worker};

/// Seconds until a mailbox that has not been read is asked about again.
const ASK_AGAIN: i64 = 60;

/// Minutes after which nobody waits for a mailbox any more that can't be read.
const LONGEST_WAIT: i64 = 24 * 60;

/// The worker of outreaches.
pub struct Outreaches {
    services: Services,
    per_minute: PerMinute,
}

impl Outreaches {
    /// One who reminds as many candidates in a minute as there are places.
    #[must_use]
    pub fn new(services: Services, per_minute: PerMinute) -> Self {
        Self {
            services,
            per_minute,
        }
    }
}

impl Worker for Outreaches {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let Self {
            services,
            per_minute,
        } = self;
        Box::pin(async move {
            if let (Ok(whose), Ok(workspace)) = (work.record.parse(), space.parse()) {
                return wake_all(services, space, workspace, whose).await;
            }
            let ids = (work.record.parse(), space.parse());
            let (Ok(id), Ok(workspace)) = ids else {
                let done = services.store.transact(|tx| async move {
                    WorkRecord::done(&tx, space, OUTREACH_WORK, &work.record)
                });
                return done.await.map(drop);
            };
            // What was booked just now is seen too.
            services.store.settled().await?;
            let looked = services.store.transact(|tx| async move {
                look((services, per_minute), &tx, space, workspace, id).await
            });
            looked.await.map(drop)
        })
    }
}

/// Has every open outreach that depends on a job or a member look again, in as many commits as that
/// takes. Cut off half way it is done once more from the start, which does no harm.
async fn wake_all(
    services: &Services,
    space: &str,
    workspace: WorkspaceId,
    whose: OutreachesOf,
) -> Result<(), StoreError> {
    services.store.settled().await?;
    let (index, now) = (&services.index, services.clock.now());
    let concerned = match whose {
        OutreachesOf::Job(job) => index.open_outreaches(workspace, |place| place.job == job),
        OutreachesOf::Member(member) => index.open_outreaches_with(workspace, member),
    };
    let woken = services
        .store
        .transact_each(&concerned, |tx, id| async move {
            interviews::wake(&tx, space, *id, now)
        });
    woken.await?;
    let done = services.store.transact(|tx| async move {
        WorkRecord::done(&tx, space, OUTREACH_WORK, &whose.to_string())
    });
    done.await.map(drop)
}

async fn look(
    (services, per_minute): (&Services, &PerMinute),
    tx: &Tx,
    space: &str,
    workspace: WorkspaceId,
    id: OutreachId,
) -> Result<(), StoreError> {
    let (key, now) = (id.to_string(), services.clock.now());
    let work = WorkRecord::id(OUTREACH_WORK, &key);
    if tx.get::<WorkRecord>(space, &work).await?.is_none() {
        return Ok(());
    }
    let Some(record) = tx.get::<OutreachRecord>(space, &key).await? else {
        return WorkRecord::done(tx, space, OUTREACH_WORK, &key);
    };
    let mut looked = looked(services, tx, space, workspace, &record).await?;
    if looked.undone {
        // Where another one was started since, this one stays as it is.
        let application = record.application.to_string();
        looked.undone = tx.claim(space, OPEN, &application, &key).await?.is_ok();
    }
    let stands = looked.ended.is_none() && looked.booked.is_none();
    if stands && let Some(why) = unread(services, workspace, &record, now) {
        let later = now.plus_seconds(ASK_AGAIN);
        return WorkRecord::hold(tx, space, OUTREACH_WORK, &key, later, why).await;
    }
    if stands && is_to_be_nudged(&record, now) {
        looked.nudge_later = nudge_later((services, per_minute), tx, workspace, &record).await?;
    }
    let event = Event::Looked(looked);
    let next = note(tx, space, (id, &record), event, now, "worker").await?;
    hand_over(services, tx, workspace, (id, &record, &next), now)
}

/// Whether it is time to remind the candidate.
fn is_to_be_nudged(record: &OutreachRecord, now: Instant) -> bool {
    let at = record.assisted.and_then(|it| it.nudge_at);
    record.state == OutreachState::Proposed && at.is_some_and(|at| at <= now)
}

/// When the candidate may be reminded, where that is not now: by day where they are, and not more of
/// them than a minute takes.
async fn nudge_later(
    (services, per_minute): (&Services, &PerMinute),
    tx: &Tx,
    workspace: WorkspaceId,
    record: &OutreachRecord,
) -> Result<Option<Instant>, StoreError> {
    let now = services.clock.now();
    let then = begins::may_begin(services, tx, workspace, record, now).await?;
    if then > now {
        return Ok(Some(then));
    }
    let place = per_minute.take(workspace, services.clock.steady());
    Ok(place.err().map(|seconds| now.plus_seconds(seconds)))
}

/// Why the end of the times is not acted on yet.
fn unread(
    services: &Services,
    workspace: WorkspaceId,
    record: &OutreachRecord,
    now: Instant,
) -> Option<String> {
    let is_proposed = record.state == OutreachState::Proposed;
    let nudge = record.assisted.and_then(|it| it.nudge_at);
    let nudge = nudge.filter(|_| is_proposed);
    let due = |at: &Instant| *at <= now;
    let until = record.until.filter(due).or(nudge.filter(due))?;
    // Where a person sees to it, times are let go of that an answer may name.
    let ends = matches!(
        record.state,
        OutreachState::Proposed | OutreachState::Person { .. } | OutreachState::Taken { .. }
    );
    if !ends || now >= until.plus_minutes(LONGEST_WAIT) {
        return None;
    }
    let route = services.mail.of(workspace);
    if !route.reads_answers() {
        return None;
    }
    match route.reading() {
        Some((at, Ok(()))) if at >= until => None,
        Some((_, Err(why))) => Some(format!("replies can't be read: {why}")),
        Some((_, Ok(()))) | None => Some("replies have not been read since the times ended".into()),
    }
}

async fn looked(
    services: &Services,
    tx: &Tx,
    space: &str,
    workspace: WorkspaceId,
    record: &OutreachRecord,
) -> Result<Looked, StoreError> {
    let mut taken = Vec::new();
    for (n, slot) in record.held() {
        if is_taken(tx, space, record, slot).await? {
            taken.push(n);
        }
    }
    Ok(Looked {
        readdressed: is_readdressed(tx, space, record).await?,
        undone: is_undone(tx, space, record).await?,
        ended: ended(tx, space, record).await?,
        moved: is_moved(tx, space, record).await?,
        booked: booked(services, tx, space, workspace, record).await?,
        taken,
        may_have_left: may_have_left(services, tx, space, record).await?,
        paused: record.is_assisted() && !acts(tx, space, record).await?,
        nudge_later: None,
    })
}

/// Whether the assistant acts for an outreach of its: it is on in the workspace and for the job, and
/// the stage still has it.
pub(super) async fn acts(
    tx: &Tx,
    space: &str,
    record: &OutreachRecord,
) -> Result<bool, StoreError> {
    let (job, stage) = (record.job.to_string(), record.stage.to_string());
    let workspace = tx.peek::<WorkspaceRecord>(GLOBAL, space).await?;
    let job = tx.peek::<JobRecord>(space, &job).await?;
    let stage = tx.peek::<StageRecord>(space, &stage).await?;
    Ok(workspace.is_some_and(|it| it.assistant.is_on())
        && job.is_some_and(|it| it.assistant.is_on())
        && stage.is_some_and(|it| it.interview.ai))
}

/// Whether it has no place any more, and how that came.
pub(super) async fn ended(
    tx: &Tx,
    space: &str,
    record: &OutreachRecord,
) -> Result<Option<Ended>, StoreError> {
    let candidate = record.candidate.to_string();
    let application = record.application.to_string();
    let known = tx.get::<CandidateRecord>(space, &candidate).await?;
    let application = tx.get::<ApplicationRecord>(space, &application).await?;
    let (Some(_), Some(application)) = (known, application) else {
        return Ok(Some(Ended::Left));
    };
    if application.state() == ApplicationState::Withdrawn {
        return Ok(Some(Ended::Withdrew));
    }
    let job = tx.get::<JobRecord>(space, &record.job.to_string()).await?;
    let goes_on =
        application.state() == ApplicationState::Active && job.is_some_and(|job| job.open);
    let how = match record.purpose {
        Purpose::Book => (application.stage != record.stage).then_some(Ended::Left),
        // An interview stays where it was booked, wherever its candidate goes.
        Purpose::Move(moving) => {
            let interview = moving.interview.to_string();
            let interview = tx.get::<InterviewRecord>(space, &interview).await?;
            let stands = interview.is_some_and(|it| it.takes_time());
            (!stands).then_some(Ended::Cancelled)
        }
    };
    match goes_on {
        true => Ok(how),
        false => Ok(Some(Ended::Left)),
    }
}

/// Whether the application was moved to another stage and is active there.
async fn is_moved(tx: &Tx, space: &str, record: &OutreachRecord) -> Result<bool, StoreError> {
    let key = record.application.to_string();
    let application = tx.get::<ApplicationRecord>(space, &key).await?;
    let job = tx.get::<JobRecord>(space, &record.job.to_string()).await?;
    let goes_on =
        |it: &ApplicationRecord| it.state() == ApplicationState::Active && it.stage != record.stage;
    Ok(application.as_ref().is_some_and(goes_on) && job.is_some_and(|job| job.open))
}

/// Whether the candidate's address was changed since the times were proposed, which nobody knows yet.
async fn is_readdressed(tx: &Tx, space: &str, record: &OutreachRecord) -> Result<bool, StoreError> {
    let key = record.candidate.to_string();
    let candidate = tx.get::<CandidateRecord>(space, &key).await?;
    Ok(!record.readdressed && candidate.is_some_and(|it| went_elsewhere(record, &it)))
}

/// Whether what was booked of it was undone as if it had never been.
async fn is_undone(tx: &Tx, space: &str, record: &OutreachRecord) -> Result<bool, StoreError> {
    let (Some(id), OutreachState::Booked) = (record.interview, record.state) else {
        return Ok(false);
    };
    let interview = tx.get::<InterviewRecord>(space, &id.to_string()).await?;
    Ok(interview.is_some_and(|it| match record.purpose {
        Purpose::Book => it.is_undone(),
        Purpose::Move(moving) => {
            let last = it.changes.last().map(|it| it.kind);
            last == Some(ChangeKind::Undone) && it.takes_time() && it.start == moving.start
        }
    }))
}

/// An interview that somebody booked for the application since, or moved otherwise.
async fn booked(
    services: &Services,
    tx: &Tx,
    space: &str,
    workspace: WorkspaceId,
    record: &OutreachRecord,
) -> Result<Option<InterviewId>, StoreError> {
    let (index, now) = (&services.index, services.clock.now());
    if let Purpose::Move(moving) = record.purpose {
        let id = moving.interview;
        let interview = tx.get::<InterviewRecord>(space, &id.to_string()).await?;
        let elsewhere = |it: &InterviewRecord| it.takes_time() && it.start != moving.start;
        return Ok(interview.as_ref().is_some_and(elsewhere).then_some(id));
    }
    for id in interviews::to_come(index, workspace, record.application, now) {
        let interview = tx.get::<InterviewRecord>(space, &id.to_string()).await?;
        let since = |it: &InterviewRecord| it.takes_time() && it.created_at >= record.created_at;
        if interview.as_ref().is_some_and(since) {
            return Ok(Some(id));
        }
    }
    Ok(None)
}

/// Whether something was booked over a time, or somebody is gone who would interview then.
async fn is_taken(
    tx: &Tx,
    space: &str,
    record: &OutreachRecord,
    slot: &SlotRecord,
) -> Result<bool, StoreError> {
    let (start, end) = (slot.start, record.end(slot));
    for owner in record.owners(slot) {
        if let Owner::Member(member) = &owner {
            let key = member.to_string();
            if tx.peek::<MemberRecord>(space, &key).await?.is_none() {
                return Ok(true);
            }
        }
        // A Zoom host may have room for another, which is judged when a time is booked.
        if let Owner::Zoom(_) = &owner {
            continue;
        }
        let busy = calendar::peek(tx, space, &owner, start, end).await?;
        let over = busy.between(start, end);
        // The interview that is moved leaves its time.
        let moving = record.purpose.moving().map(|it| it.interview);
        let is_booked = |taken_by| match taken_by {
            TakenBy::Interview { id, .. } => Some(id) != moving,
            TakenBy::Unknown => true,
            _ => false,
        };
        if over.iter().any(|it| is_booked(it.taken_by)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Where the email may have left, until when the times are held then, and when the candidate is
/// reminded.
async fn may_have_left(
    services: &Services,
    tx: &Tx,
    space: &str,
    record: &OutreachRecord,
) -> Result<Option<(Instant, Instant)>, StoreError> {
    let (Some(email), OutreachState::Sending) = (record.email, record.state) else {
        return Ok(None);
    };
    let mail = outbox::find(tx, space, email).await?;
    if !mail.is_some_and(|mail| mail.may_have_left()) {
        return Ok(None);
    }
    let (now, zone) = (services.clock.now(), &record.terms.zone);
    let until = clock::held(&record.purpose, now, zone);
    Ok(Some((until, clock::nudge(now, zone))))
}
