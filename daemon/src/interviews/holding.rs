//! Times that are held for a candidate: judged as bookings are, taken in the same calendars, and
//! let go.
//!
//! Owns which times may be held, and who hears that something was booked over one or that an
//! application has changed. Invariants: a time is held only where nothing blocks it and nobody else
//! holds it, but for a slot that both share; it is taken and let go in the commit that says so of its outreach. Must not know when
//! an outreach lets go of its times; that is the outreach's to say, and rooms below it only have it
//! look again.

use std::collections::BTreeSet;
use std::fmt;
use std::str::FromStr;

use greenroom_protocol::Error;
use greenroom_protocol::id::{
    ApplicationId, InterviewId, JobId, MemberId, NotAnId, OutreachId, WorkspaceId,
};
use greenroom_protocol::interview::InterviewNew;
use greenroom_protocol::schedule::{FindingCode, Verdict};
use greenroom_protocol::time::Instant;

use super::book::{self, refuse_blocked};
use super::{judge, plan};
use crate::access::RequestContext;
use crate::records::calendar;
use crate::records::interview::InterviewRecord;
use crate::records::outreach::{ENTRY, OPEN, OutreachRecord, entry_of};
use crate::schedule::busy::{Holder, TakenBy};
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

/// The kind of the work that looks at how an outreach stands; its record is the outreach.
pub const OUTREACH_WORK: &str = "outreach";

/// A candidate's newest outreaches among which one that booked an interview is looked for.
const MOST_LOOKED_THROUGH: usize = 100;
/// The kind of the work that serves who waits for times in a stage; its record is the stage.
pub const LINE_WORK: &str = "line";

/// A time that may be held.
pub struct Time {
    /// The interview it is held for, as it would be booked.
    pub interview: InterviewRecord,
    /// What speaks against it, though it may be held.
    pub verdict: Verdict,
    /// Whether the stage's panel chose who takes part.
    pub by_panel: bool,
}

/// For which application a booking would be.
///
/// # Errors
/// It names nothing the caller may book.
pub fn application_of(
    services: &Services,
    context: &RequestContext,
    request: &InterviewNew,
) -> Result<ApplicationId, Error> {
    let plan = plan::read(services, context, request)?;
    Ok(plan.interview.application)
}

/// Judges a time that is to be held; writes nothing. `shares`: one other may hold it too.
///
/// # Errors
/// It can't be booked, or is held for somebody else.
pub async fn weighed(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    request: &InterviewNew,
    shares: bool,
) -> Result<Time, Error> {
    let mut weighed = book::weigh(services, context, tx, request, shares).await?;
    refuse_blocked(&weighed.verdict)?;
    refuse_held(services, context, tx, &mut weighed.verdict).await?;
    let mut interview = weighed.plan.interview;
    interview.host_zoom_id = weighed.host_zoom_id;
    Ok(Time {
        interview,
        verdict: weighed.verdict,
        by_panel: request.with.is_empty() && weighed.panel.is_some(),
    })
}

/// Refuses a time that is held for somebody else.
pub(super) async fn refuse_held(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    verdict: &mut Verdict,
) -> Result<(), Error> {
    let mut advises = verdict.advises.iter_mut();
    let Some(held) = advises.find(|it| it.code == FindingCode::Held) else {
        return Ok(());
    };
    judge::name_candidate(services, context, tx, held).await?;
    Err(Error::conflict(held.message.clone())
        .field("slots")
        .hint("propose another time"))
}

/// Takes a time for a slot of an outreach, in everybody's calendar; `shared`: one other may have it
/// too.
///
/// # Errors
/// Somebody's week holds no more.
pub async fn hold(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    (outreach, n, shared): (OutreachId, u8, bool),
    interview: &InterviewRecord,
) -> Result<(), Error> {
    let slot = TakenBy::HeldSlot {
        outreach,
        n,
        shared,
    };
    book::take(services, context, tx, slot, interview).await
}

/// Lets go of one slot in everybody's calendar.
///
/// # Errors
/// The store can't be read.
pub async fn let_go(
    tx: &Tx,
    space: &str,
    id: OutreachId,
    outreach: &OutreachRecord,
    n: u8,
) -> Result<(), StoreError> {
    let Some(slot) = outreach.slot(n) else {
        return Ok(());
    };
    let taken_by = TakenBy::HeldSlot {
        outreach: id,
        n,
        shared: slot.shared,
    };
    for owner in outreach.owners(slot) {
        let (start, end) = (slot.start, outreach.end(slot));
        calendar::let_go(tx, space, &owner, taken_by, start, end).await?;
    }
    Ok(())
}

/// Has the open outreach of an application look how it stands, in the commit that changes what it
/// depends on.
///
/// # Errors
/// The store can't be read.
pub async fn look_again(
    tx: &Tx,
    space: &str,
    application: ApplicationId,
    now: Instant,
) -> Result<(), StoreError> {
    let open = tx.holder(space, OPEN, &application.to_string()).await?;
    match open.and_then(|id| id.parse().ok()) {
        Some(id) => wake(tx, space, id, now),
        None => Ok(()),
    }
}

/// The same of this outreach.
///
/// # Errors
/// The store can't be written.
pub fn wake(tx: &Tx, space: &str, id: OutreachId, now: Instant) -> Result<(), StoreError> {
    WorkRecord::ask(tx, space, OUTREACH_WORK, &id.to_string(), now)
}

/// What several outreaches may depend on.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum OutreachesOf {
    /// Those for a job.
    Job(JobId),
    /// Those that hold a member's time, or can't be booked without them.
    Member(MemberId),
}

impl fmt::Display for OutreachesOf {
    fn fmt(&self, f: &mut fmt::Formatter<'_>) -> fmt::Result {
        match self {
            Self::Job(id) => id.fmt(f),
            Self::Member(id) => id.fmt(f),
        }
    }
}

impl FromStr for OutreachesOf {
    type Err = NotAnId;

    fn from_str(text: &str) -> Result<Self, Self::Err> {
        match text.parse() {
            Ok(job) => Ok(Self::Job(job)),
            Err(_) => text.parse().map(Self::Member),
        }
    }
}

/// Has every open outreach of it look again, however many there are: in the commit that changes what
/// they depend on only that is written down.
///
/// # Errors
/// The store can't be written.
pub fn wake_all(tx: &Tx, space: &str, whose: OutreachesOf, now: Instant) -> Result<(), StoreError> {
    WorkRecord::ask(tx, space, OUTREACH_WORK, &whose.to_string(), now)
}

/// Has the outreaches hear what became of the interview that was booked by them: a change of it was
/// undone, or it was cancelled or is over.
pub(super) async fn was_changed(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    (id, interview): (InterviewId, &InterviewRecord),
) -> Result<(), Error> {
    let (space, now) = (context.space(), services.clock.now());
    let theirs = services
        .index
        .outreaches_to(context.workspace, interview.candidate);
    for outreach in theirs.into_iter().take(MOST_LOOKED_THROUGH) {
        let key = outreach.to_string();
        let record = tx.peek::<OutreachRecord>(&space, &key).await?;
        if record.is_some_and(|it| it.interview == Some(id)) {
            wake(tx, &space, outreach, now)?;
        }
    }
    Ok(())
}

/// Has every outreach of a workspace look how it stands: what all of them depend on has changed.
/// What is missed, as the daemon ends here, they see when their time comes. Who waits for times is
/// served by the outreach room, which sees what changed.
pub fn look_at_all(services: &Services, workspace: WorkspaceId) {
    let (space, now) = (workspace.to_string(), services.clock.now());
    services.queue.wake(&space, OUTREACH_WORK, now, |_| true);
}

/// Has everybody hear of an interview who held some of its time, and the application's own outreach.
pub(super) async fn is_booked(
    tx: &Tx,
    space: &str,
    interview: &InterviewRecord,
    now: Instant,
) -> Result<(), Error> {
    let (start, end) = (interview.start, interview.end());
    let mut over = BTreeSet::new();
    for owner in judge::owners(interview) {
        let busy = calendar::read(tx, space, &owner, start, end).await?;
        over.extend(busy.between(start, end).into_iter().filter_map(
            |it| match it.taken_by.holder() {
                Some(Holder::Outreach(id)) => Some(id),
                Some(Holder::Interview(_)) | None => None,
            },
        ));
    }
    for id in over {
        wake(tx, space, id, now)?;
    }
    look_again(tx, space, interview.application, now).await?;
    Ok(())
}

/// Removes an outreach with everything it holds, as its candidate is erased.
///
/// # Errors
/// The store can't be read.
pub async fn forget_outreach(tx: &Tx, space: &str, id: OutreachId) -> Result<(), StoreError> {
    let key = id.to_string();
    let Some(outreach) = tx.get::<OutreachRecord>(space, &key).await? else {
        return Ok(());
    };
    for (n, _) in outreach.held() {
        let_go(tx, space, id, &outreach, n).await?;
    }
    let application = outreach.application.to_string();
    if tx.holder(space, OPEN, &application).await?.as_deref() == Some(key.as_str()) {
        tx.release(space, OPEN, &application)?;
    }
    if let Some(assisted) = outreach.assisted {
        tx.release(
            space,
            ENTRY,
            &entry_of(outreach.application, assisted.entry),
        )?;
    }
    tx.delete::<OutreachRecord>(space, &key)?;
    WorkRecord::done(tx, space, OUTREACH_WORK, &key)
}
