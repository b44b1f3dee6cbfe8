//! Erasing a candidate: record, applications, history, claims, everything about them in interviews,
//! and saved views that name them.
//!
//! Invariants: what remains names nobody: others' calendars keep that their time was taken, the
//! audit keeps ids and values that are nobody's, and this erasure with them. What is booked or
//! added at the same moment either finds the candidate gone, or is found and undone here. It is one
//! commit where one holds it; of somebody with very much history parts go first and the record
//! last, so that an erasure that was cut off is finished by asking again.

use greenroom_protocol::id::{ApplicationId, CandidateId, InterviewId, OutreachId};
use greenroom_protocol::pipeline::Erased;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};

use super::moving::ENTER_WORK;
use super::views::{Naming, Sought};
use super::{apply, candidate, emails, notes};
use crate::access::RequestContext;
use crate::current::current;
use crate::interviews::{self, Stands, Trace};
use crate::records::pipeline::{ApplicationRecord, CandidateRecord};
use crate::records::retention::RetentionRecord;
use crate::services::Services;
use crate::store::engine::Limits;
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

/// Emails removed in one commit, with three records each.
const EMAILS_AT_ONCE: usize = 32;

/// What is stored of somebody besides their record.
struct Found {
    applications: Vec<ApplicationId>,
    interviews: Vec<InterviewId>,
    outreaches: Vec<OutreachId>,
}

/// What goes in one commit with the record.
#[derive(Clone, Copy)]
struct Removal<'a> {
    found: &'a Found,
    /// What else mentions them.
    traces: &'a [Trace],
    /// Whose views name them, and how they are recognized there.
    views: &'a [String],
    sought: &'a Sought<'a>,
    /// Refused unless every application has been turned down since before then.
    turned_down_before: Option<Instant>,
}

impl<'a> Removal<'a> {
    /// Everything else is gone already.
    fn of_the_record(sought: &'a Sought<'a>) -> Self {
        const NOTHING: &Found = &Found {
            applications: Vec::new(),
            interviews: Vec::new(),
            outreaches: Vec::new(),
        };
        Self {
            found: NOTHING,
            traces: &[],
            views: &[],
            sought,
            turned_down_before: None,
        }
    }
}

/// Erases a candidate, or says what that would do.
pub async fn erase(
    services: &Services,
    context: &RequestContext,
    request: Reference,
) -> Result<Erased, Error> {
    let id = services
        .index
        .candidate_named(context, &request.reference)?
        .id;
    whole(services, context, id, &request, None).await
}

/// The same for a candidate by id. `turned_down_before`: only as long as every application has been
/// rejected or withdrawn since before then.
pub(super) async fn whole(
    services: &Services,
    context: &RequestContext,
    id: CandidateId,
    request: &Reference,
    turned_down_before: Option<Instant>,
) -> Result<Erased, Error> {
    let found = find(services, context, id).await?;
    let remains = judge(services, context, &found).await?;
    let sought = &Sought::new(services, context, id);
    let views = sought.find().await?;
    let mut erased = Erased {
        candidate: Some(id),
        applications: found.applications.len() as u64,
        interviews: found.interviews.len() as u64,
        received: emails::count(&services.store, &context.space(), id).await?,
        notes: notes::all(services, context, id).await?.len() as u64,
        outreaches: found.outreaches.len() as u64,
        views: views.count,
        remains,
        dry_run: request.dry_run,
    };
    if request.dry_run {
        return Ok(erased);
    }
    let store = &services.store;
    let (space, applications) = (&context.space(), &found.applications);
    let still = store.transact(|tx| async move {
        refuse_reopened(&tx, space, applications, turned_down_before).await
    });
    still.await?;
    let traces = interviews::traces(services, &context.space(), id, &found.interviews).await?;
    let whole = Removal {
        found: &found,
        traces: &traces,
        views: &views.members,
        sought,
        turned_down_before,
    };
    let few = erased.received <= EMAILS_AT_ONCE as u64;
    if !(few && remove(services, context, id, whole, request, &erased).await?) {
        in_parts(services, context, id, whole).await?;
        let rest = Removal::of_the_record(sought);
        if !remove(services, context, id, rest, request, &erased).await? {
            let why = "erase the candidate: more came in meanwhile; erase them again";
            return Err(Error::conflict(why));
        }
    }
    // What was committed between the look and the removal.
    loop {
        let late = find(services, context, id).await?;
        let views = sought.find().await?;
        let is_clean = late.applications.is_empty()
            && late.interviews.is_empty()
            && late.outreaches.is_empty();
        if is_clean && views.count == 0 {
            return Ok(erased);
        }
        erased.applications += late.applications.len() as u64;
        erased.interviews += late.interviews.len() as u64;
        erased.outreaches += late.outreaches.len() as u64;
        erased.views += views.count;
        clear(services, context, id, (&late, &views), sought).await?;
    }
}

/// Everything there is, also what was committed just now.
async fn find(
    services: &Services,
    context: &RequestContext,
    id: CandidateId,
) -> Result<Found, StoreError> {
    services.store.settled().await?;
    Ok(Found {
        applications: services.index.applications_of(context.workspace, id),
        interviews: services
            .index
            .interviews_of_candidate(context.workspace, id),
        outreaches: services.index.outreaches_to(context.workspace, id),
    })
}

/// What will remain at Zoom; refused where an interview stands in the way.
async fn judge(
    services: &Services,
    context: &RequestContext,
    found: &Found,
) -> Result<Vec<String>, Error> {
    let (mut to_come, mut unsettled, mut remains) = (Vec::new(), Vec::new(), Vec::new());
    for id in &found.interviews {
        let stands = services
            .store
            .transact(|tx| async move { interviews::stands(services, context, &tx, *id).await })
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

/// Removes the record and everything with it, in one commit that says so in the audit; `false`
/// where one commit does not hold it, and nothing was done.
async fn remove(
    services: &Services,
    context: &RequestContext,
    id: CandidateId,
    removal: Removal<'_>,
    request: &Reference,
    erased: &Erased,
) -> Result<bool, Error> {
    let space = &context.space();
    let aliases = &emails::aliases(&services.store, space, id).await?;
    let removed = services.store.transact(|tx| async move {
        let before = tx.mark();
        let expected = request.expected_revision;
        let key = id.to_string();
        let record: CandidateRecord = current(&tx, space, &key, expected, "candidate").await?;
        candidate::release(&tx, space, &record.email)?;
        tx.delete::<CandidateRecord>(space, &key)?;
        // An email of theirs that is being heard at this moment relies on the record that goes
        // here.
        emails::remove(&tx, space, id, usize::MAX).await?;
        emails::forget(&tx, space, aliases)?;
        notes::erase(&tx, space, id)?;
        tx.delete::<RetentionRecord>(space, &key)?;
        let Removal {
            found,
            traces,
            views,
            sought,
            turned_down_before,
        } = removal;
        refuse_reopened(&tx, space, &found.applications, turned_down_before).await?;
        for application in &found.applications {
            withdraw(&tx, space, *application).await?;
        }
        for outreach in &found.outreaches {
            interviews::forget_outreach(&tx, space, *outreach).await?;
        }
        for interview in &found.interviews {
            interviews::empty(&tx, space, *interview, services.clock.now()).await?;
        }
        traces
            .iter()
            .try_for_each(|trace| trace.remove(&tx, space))?;
        for member in views {
            sought.forget(&tx, member).await?;
        }
        let values = [
            ("applications", erased.applications.to_string()),
            ("interviews", erased.interviews.to_string()),
            ("received", erased.received.to_string()),
            ("notes", erased.notes.to_string()),
            ("outreaches", erased.outreaches.to_string()),
            ("views", erased.views.to_string()),
        ];
        context.audit(&tx, services.clock.now(), id, &["erased"], &values)?;
        let fits = tx.has_room(Limits::NOTHING);
        if !fits {
            tx.back_to(before);
        }
        Ok::<_, Error>(fits)
    });
    Ok(removed.await?.0)
}

/// Removes everything but the record, in as many commits as it takes. Each part that is removed is
/// not found again.
async fn in_parts(
    services: &Services,
    context: &RequestContext,
    id: CandidateId,
    Removal {
        found,
        traces,
        views,
        sought,
        ..
    }: Removal<'_>,
) -> Result<(), Error> {
    let (space, store) = (&context.space(), &services.store);
    let now = services.clock.now();
    // What it holds of others' time is in no trace.
    let forgotten = store.transact_each(&found.outreaches, |tx, outreach| async move {
        interviews::forget_outreach(&tx, space, *outreach).await
    });
    forgotten.await?;
    // Read by candidate and interview, so they go while both are still found.
    let removed = store.transact_each(traces, |tx, trace| async move { trace.remove(&tx, space) });
    removed.await?;
    let emptied = store.transact_each(&found.interviews, |tx, interview| async move {
        interviews::empty(&tx, space, *interview, now).await
    });
    emptied.await?;
    let withdrawn = store.transact_each(&found.applications, |tx, application| async move {
        withdraw(&tx, space, *application).await
    });
    withdrawn.await?;
    let forgotten = store.transact_each(views, |tx, member| async move {
        sought.forget(&tx, member).await
    });
    forgotten.await?;
    let aliases = emails::aliases(store, space, id).await?;
    let forgotten = store.transact_each(&aliases, |tx, address| async move {
        emails::forget(&tx, space, std::slice::from_ref(address))
    });
    forgotten.await?;
    loop {
        let some = store
            .transact(|tx| async move { emails::remove(&tx, space, id, EMAILS_AT_ONCE).await });
        if some.await?.0 == 0 {
            return Ok::<_, Error>(());
        }
    }
}

/// The same for what was committed too late to be seen.
async fn clear(
    services: &Services,
    context: &RequestContext,
    id: CandidateId,
    (late, views): (&Found, &Naming),
    sought: &Sought<'_>,
) -> Result<(), Error> {
    let traces = interviews::traces(services, &context.space(), id, &late.interviews).await?;
    let late = Removal {
        found: late,
        traces: &traces,
        views: &views.members,
        sought,
        turned_down_before: None,
    };
    in_parts(services, context, id, late).await
}

/// Refuses where an application was not turned down, or not before then. That it stays so is
/// expected by the commit.
async fn refuse_reopened(
    tx: &Tx,
    space: &str,
    applications: &[ApplicationId],
    turned_down_before: Option<Instant>,
) -> Result<(), Error> {
    let Some(before) = turned_down_before else {
        return Ok(());
    };
    for id in applications {
        let record = tx.get::<ApplicationRecord>(space, &id.to_string()).await?;
        let at = record.map(|it| it.turned_down_at());
        if at.is_some_and(|at| at.is_none_or(|at| at >= before)) {
            return Err(Error::conflict(
                "An application is not rejected for so long",
            ));
        }
    }
    Ok(())
}

async fn withdraw(tx: &Tx, space: &str, application: ApplicationId) -> Result<(), StoreError> {
    let key = application.to_string();
    if let Some(record) = tx.get::<ApplicationRecord>(space, &key).await? {
        apply::release(tx, space, record.candidate, record.job)?;
        tx.delete::<ApplicationRecord>(space, &key)?;
        WorkRecord::done(tx, space, ENTER_WORK, &key)?;
    }
    Ok(())
}
