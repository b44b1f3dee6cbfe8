//! Outreaches, listed and named.
//!
//! Invariant: who does not hire for the job of an outreach hears nothing of it.

use greenroom_protocol::Error;
use greenroom_protocol::id::{Ending, OutreachId};
use greenroom_protocol::outreach::{Outreach, OutreachQuery};
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};

use super::helps::with_helps;
use super::view;
use crate::access::RequestContext;
use crate::index::{OutreachOrder, OutreachPlace};
use crate::records::outreach::OutreachRecord;
use crate::services::Services;

/// A page of outreaches: those that need a person first, then the open ones by age, then those that
/// ended.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    query: OutreachQuery,
) -> Result<Page<Outreach>, Error> {
    let index = &services.index;
    let candidate = query.candidate.as_deref();
    let candidate = candidate.map(|text| {
        let found = index.candidate_named(context, text);
        found.map_err(|error| Error::from(error).field("candidate"))
    });
    let candidate = candidate.transpose()?.map(|entry| entry.id);
    let job = query.job.as_deref().map(|text| {
        let found = index.find_job(context.workspace, text);
        found.map_err(|error| Error::from(error).field("job"))
    });
    let job = job.transpose()?;
    let shown = |place: &OutreachPlace| {
        candidate.is_none_or(|id| place.candidate == id)
            && job.is_none_or(|id| place.job == id)
            && context.hires_for(place.job).is_ok()
    };
    let orders = index.outreaches(context.workspace, query.past, shown);
    let after = query.cursor.as_deref().map(read_cursor).transpose()?;
    let from = after.map_or(0, |after| orders.partition_point(|it| *it <= after));
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST) as usize;
    let rest = &orders[from..];
    let page = &rest[..rest.len().min(limit)];
    let mut items = Vec::with_capacity(page.len());
    for (_, _, id) in page {
        // One that was erased meanwhile is no row.
        items.extend(one(services, context, *id).await?);
    }
    let more = page.len() < rest.len();
    let items = with_helps(services, context, items).await?;
    Ok(Page {
        items,
        total: orders.len() as u64,
        next: page.last().filter(|_| more).map(cursor),
    })
}

fn cursor((rank, second, id): &OutreachOrder) -> String {
    format!("{rank}.{second}.{id}")
}

fn read_cursor(text: &str) -> Result<OutreachOrder, Error> {
    let mut parts = text.splitn(3, '.');
    let mut part = || parts.next().unwrap_or_default();
    let read = (part().parse(), part().parse(), part().parse());
    match read {
        (Ok(rank), Ok(second), Ok(id)) => Ok((rank, second, id)),
        _ => Err(Error::usage("the cursor is not one of this list").field("cursor")),
    }
}

/// An outreach as it is now; `None` where it is gone.
///
/// # Errors
/// The store can't be read.
pub async fn one(
    services: &Services,
    context: &RequestContext,
    id: OutreachId,
) -> Result<Option<Outreach>, Error> {
    let (space, key) = (context.space(), id.to_string());
    let Some(stored) = services.store.get::<OutreachRecord>(&space, &key).await? else {
        return Ok(None);
    };
    let revision = stored.revision.0;
    let shown = view::wire(services, context.workspace, id, revision, &stored.record).await?;
    Ok(Some(shown))
}

/// Whether there is an outreach of this id that the caller may see.
#[must_use]
pub fn sees(services: &Services, context: &RequestContext, id: &str) -> bool {
    let id = id.parse::<OutreachId>().ok();
    let place = id.and_then(|id| services.index.outreach(context.workspace, id));
    place.is_some_and(|place| context.hires_for(place.job).is_ok())
}

/// The outreach a text names: its id, a unique ending of it, or a candidate with an open one.
///
/// # Errors
/// It names none the caller may see, or several.
pub fn resolve(
    services: &Services,
    context: &RequestContext,
    text: &str,
) -> Result<OutreachId, Error> {
    if let Ok(id) = text.parse::<OutreachId>() {
        return match sees(services, context, text) {
            true => Ok(id),
            false => Err(unknown()),
        };
    }
    let (index, workspace) = (&services.index, context.workspace);
    let seen = |place: &OutreachPlace| context.hires_for(place.job).is_ok();
    let mut found = match Ending::parse(text) {
        Some(ending) => index.outreaches_ending(workspace, ending, seen),
        None => Vec::new(),
    };
    if found.is_empty()
        && let Ok(entry) = index.candidate_named(context, text)
    {
        let theirs = |place: &OutreachPlace| place.candidate == entry.id && seen(place);
        found = index.open_outreaches(workspace, theirs);
    }
    match found[..] {
        [one] => Ok(one),
        [] => Err(unknown()),
        _ => {
            let mut refused = Error::not_found("Several outreaches match");
            refused.matches = found.iter().map(ToString::to_string).collect();
            Err(refused)
        }
    }
}

/// That there is no such outreach.
#[must_use]
pub fn unknown() -> Error {
    Error::not_found("There is no such outreach among those you may see")
        .hint("list them with: greenroom outreach list")
}
