//! How long rejected and withdrawn candidates are kept: announced to the admins, then erased, as the
//! workspace has decided.
//!
//! Owns the announcements. Invariants: nobody is erased who was not announced at least
//! [`ANNOUNCED_DAYS`](greenroom_protocol::pipeline::ANNOUNCED_DAYS) days before, in an email that is asked for in the commit of the announcement;
//! nobody who applied for something that goes on, was hired, or has an interview to come; what
//! changed since the announcement is seen in the commit that erases. Cut off at any point, the next
//! night goes on. What may be done is decided by [`plan`] ★.

mod letter;
mod night;
pub mod plan;

use greenroom_protocol::Error;
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};
use greenroom_protocol::pipeline::{KEEP_MONTHS, RetentionQuery, RetentionRow};
use greenroom_protocol::time::Instant;

pub use self::letter::RetentionLetters;
pub use self::night::{RetentionRound, tonight};
use crate::access::RequestContext;
use crate::records::retention::RetentionRecord;
use crate::records::workspace::WorkspaceRecord;
use crate::services::Services;
use crate::store::{GLOBAL, Store, StoreError};

/// Announcements read at a time.
const PAGE: usize = 500;

/// A page of those who are to be erased: first those for the longest time.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    query: RetentionQuery,
) -> Result<Page<RetentionRow>, Error> {
    let space = context.space();
    let months = match query.keep_rejected {
        Some(months) if KEEP_MONTHS.contains(&months) => Some(months),
        Some(_) => return Err(bounds()),
        None => kept(&services.store, &space).await?,
    };
    let Some(months) = months else {
        return Ok(Page::whole(Vec::new()));
    };
    let skip: usize = match query.cursor.as_deref() {
        Some(cursor) => cursor
            .parse()
            .map_err(|_| Error::usage("The cursor is not from this list").field("cursor"))?,
        None => 0,
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST) as usize;
    let (index, workspace) = (&services.index, context.workspace);
    let always = Instant::from_second(i64::MAX);
    let (found, total) = index.turned_down_before(workspace, always, skip, limit);
    let now = services.clock.now();
    let next = skip + found.len();
    let mut items = Vec::with_capacity(found.len());
    for (since, candidate) in found {
        let announced = services
            .store
            .get::<RetentionRecord>(&space, &candidate.to_string())
            .await?;
        let announced = announced.map(|stored| stored.record);
        let entry = index.candidate(workspace, candidate);
        items.push(RetentionRow {
            candidate,
            name: entry.map(|entry| entry.name).unwrap_or_default(),
            since,
            erase_at: match &announced {
                Some(record) => record.erase_at.max(plan::due(since, months)),
                None => plan::erased_at(since, months, now),
            },
            announced_at: announced.map(|record| record.announced_at),
        });
    }
    Ok(Page {
        items,
        total,
        next: (next as u64 != total).then(|| next.to_string()),
    })
}

/// Why a number of months is refused.
fn bounds() -> Error {
    let (least, most) = (KEEP_MONTHS.start(), KEEP_MONTHS.end());
    let why = format!("Rejected candidates are kept {least} to {most} months, or for ever");
    Error::usage(why).field("keep_rejected")
}

/// For how many months the workspace keeps them.
async fn kept(store: &Store, space: &str) -> Result<Option<u32>, StoreError> {
    let workspace = store.get::<WorkspaceRecord>(GLOBAL, space).await?;
    Ok(workspace.and_then(|stored| stored.record.keep_rejected))
}

/// How many are announced in a workspace, and when the first of them is erased.
///
/// # Errors
/// The store can't be read.
pub async fn announced(store: &Store, space: &str) -> Result<Option<(u64, Instant)>, StoreError> {
    let (mut count, mut first, mut after) = (0, None::<Instant>, None::<String>);
    loop {
        let page = store
            .scan::<RetentionRecord>(space, after.as_deref(), PAGE)
            .await?;
        after = page.rows.last().map(|(id, _)| id.clone());
        for (_, stored) in page.rows {
            let at = stored.record.erase_at;
            count += 1;
            first = Some(first.map_or(at, |first| first.min(at)));
        }
        if !page.more {
            return Ok(first.map(|first| (count, first)));
        }
    }
}
