//! Erasing a candidate: record, applications, history, claims, and everything about them in
//! interviews.
//!
//! Invariants: what remains names nobody: others' calendars keep that their time was taken, the
//! audit keeps ids and values that are nobody's, and this erasure with them. Whoever books or adds
//! an application at the same moment either finds the candidate gone, or is found and undone here.
//! An erasure that was cut off is finished by asking again.

use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId};
use greenroom_protocol::pipeline::Erased;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};

use super::{apply, candidate, emails};
use crate::access::RequestContext;
use crate::current::current;
use crate::interviews::{self, Stands, Trace};
use crate::records::pipeline::{ApplicationRecord, CandidateRecord};
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// Interviews emptied, and traces removed, in one commit: with what belongs to each it stays below
/// what a commit holds.
const AT_ONCE: usize = 100;

/// What is stored of somebody besides their record.
struct Found {
    applications: Vec<ApplicationId>,
    interviews: Vec<InterviewId>,
}

/// Erases a candidate, or says what that would do.
pub async fn erase(
    services: &Services,
    asking: &RequestContext,
    request: Reference,
) -> Result<Erased, Error> {
    let id = services
        .index
        .candidate_named(asking, &request.reference)?
        .id;
    let found = find(services, asking, id).await?;
    let remains = judge(services, asking, &found).await?;
    let mut erased = Erased {
        candidate: Some(id),
        applications: found.applications.len() as u64,
        interviews: found.interviews.len() as u64,
        received: emails::count(&services.store, &asking.space(), id).await?,
        remains,
        dry_run: request.dry_run,
    };
    if request.dry_run {
        return Ok(erased);
    }
    // Of somebody with very many interviews the oldest go first: the record goes with the last of
    // them.
    let (last, earlier) = found
        .interviews
        .split_at(found.interviews.len().min(AT_ONCE));
    for interviews in earlier.chunks(AT_ONCE) {
        empty(services, asking, interviews).await?;
    }
    let traces = traces(services, asking, id, &found.interviews).await?;
    let mut emails = erased.received;
    while emails > AT_ONCE as u64 {
        emails = some_emails(services, asking, id).await?;
    }
    let found = Found {
        interviews: last.to_vec(),
        ..found
    };
    remove(services, asking, id, &found, &traces, &request, &erased).await?;
    // What was committed between the look and the removal.
    loop {
        let late = find(services, asking, id).await?;
        if late.applications.is_empty() && late.interviews.is_empty() {
            return Ok(erased);
        }
        erased.applications += late.applications.len() as u64;
        erased.interviews += late.interviews.len() as u64;
        clear(services, asking, id, &late).await?;
    }
}

/// Everything there is, also what was committed just now.
async fn find(
    services: &Services,
    asking: &RequestContext,
    id: CandidateId,
) -> Result<Found, StoreError> {
    services.store.settled().await?;
    Ok(Found {
        applications: services.index.applications_of(asking.workspace, id),
        interviews: services.index.interviews_of_candidate(asking.workspace, id),
    })
}

/// What will remain at Zoom; refused where an interview stands in the way.
async fn judge(
    services: &Services,
    asking: &RequestContext,
    found: &Found,
) -> Result<Vec<String>, Error> {
    let (mut to_come, mut unsettled, mut remains) = (Vec::new(), Vec::new(), Vec::new());
    for id in &found.interviews {
        let stands = services
            .store
            .transact(|tx| async move { interviews::stands(services, asking, &tx, *id).await })
            .await?;
        match stands.0 {
            Some(Stands::ToCome(which)) => to_come.push(which),
            Some(Stands::Unsettled(which)) => unsettled.push(which),
            Some(Stands::Over(stays)) => remains.extend(stays),
            None => {}
        }
    }
    let refused = |kind, why: &str, hint: &str, matches| {
        let mut refused =
            Error::new(kind, format!("The candidate can't be erased: {why}")).hint(hint);
        refused.matches = matches;
        refused
    };
    if !to_come.is_empty() {
        let hint = "cancel them first, so that others hear of it and Zoom deletes the meetings: `greenroom interview cancel ID`";
        let why = "they have interviews to come";
        return Err(refused(ErrorKind::Conflict, why, hint, to_come));
    }
    if !unsettled.is_empty() {
        let hint = "try again when that is done; see `greenroom status`";
        let why = "Zoom is still to make or delete meetings of theirs";
        return Err(refused(ErrorKind::Pending, why, hint, unsettled));
    }
    Ok(remains)
}

/// Removes the record and everything with it, in one commit that says so in the audit.
async fn remove(
    services: &Services,
    asking: &RequestContext,
    id: CandidateId,
    found: &Found,
    traces: &[Trace],
    request: &Reference,
    erased: &Erased,
) -> Result<(), Error> {
    let space = &asking.space();
    let aliases = &emails::aliases(&services.store, space, id).await?;
    let removed = services.store.transact(|tx| async move {
        let expected = request.expected_revision;
        let key = id.to_string();
        let record: CandidateRecord = current(&tx, space, &key, expected, "candidate").await?;
        candidate::release(&tx, space, &record.email)?;
        tx.delete::<CandidateRecord>(space, &key)?;
        // An email of theirs that is being heard at this moment relies on the record that goes
        // here.
        emails::remove(&tx, space, id, usize::MAX).await?;
        emails::forget(&tx, space, aliases)?;
        leave_nothing(services, &tx, space, found, traces).await?;
        let values = [
            ("applications", erased.applications.to_string()),
            ("interviews", erased.interviews.to_string()),
            ("received", erased.received.to_string()),
        ];
        asking.audit(&tx, services.clock.now(), id, &["erased"], &values)?;
        Ok::<_, Error>(())
    });
    removed.await.map(drop)
}

/// Removes some of their emails, and says how many are left.
async fn some_emails(
    services: &Services,
    asking: &RequestContext,
    id: CandidateId,
) -> Result<u64, StoreError> {
    let space = &asking.space();
    let removed = services
        .store
        .transact(|tx| async move { emails::remove(&tx, space, id, AT_ONCE).await });
    Ok(removed.await?.0 as u64)
}

/// Removes what else mentions them until one commit holds the rest, and returns that.
async fn traces(
    services: &Services,
    asking: &RequestContext,
    id: CandidateId,
    interviews: &[InterviewId],
) -> Result<Vec<Trace>, StoreError> {
    let space = &asking.space();
    let mut traces = interviews::traces(services, space, id, interviews).await?;
    while traces.len() > AT_ONCE {
        let some = &traces.split_off(traces.len() - AT_ONCE);
        let removed = services.store.transact(|tx| async move {
            some.iter().try_for_each(|trace| trace.remove(&tx, space))
        });
        removed.await?;
    }
    Ok(traces)
}

/// The same for what was committed too late to be seen.
async fn clear(
    services: &Services,
    asking: &RequestContext,
    id: CandidateId,
    late: &Found,
) -> Result<(), Error> {
    let space = asking.space();
    let traces = traces(services, asking, id, &late.interviews).await?;
    let cleared = services.store.transact(|tx| {
        let (space, traces) = (&space, &traces);
        async move { leave_nothing(services, &tx, space, late, traces).await }
    });
    Ok(cleared.await.map(drop)?)
}

async fn leave_nothing(
    services: &Services,
    tx: &Tx,
    space: &str,
    found: &Found,
    traces: &[Trace],
) -> Result<(), StoreError> {
    for application in &found.applications {
        let key = application.to_string();
        if let Some(record) = tx.get::<ApplicationRecord>(space, &key).await? {
            apply::release(tx, space, record.candidate, record.job)?;
            tx.delete::<ApplicationRecord>(space, &key)?;
        }
    }
    for interview in &found.interviews {
        interviews::empty(tx, space, *interview, services.clock.now()).await?;
    }
    traces.iter().try_for_each(|trace| trace.remove(tx, space))
}

async fn empty(
    services: &Services,
    asking: &RequestContext,
    ids: &[InterviewId],
) -> Result<(), StoreError> {
    let space = &asking.space();
    let emptied = services.store.transact(|tx| async move {
        for id in ids {
            interviews::empty(&tx, space, *id, services.clock.now()).await?;
        }
        Ok::<_, StoreError>(())
    });
    emptied.await.map(drop)
}
