//! The audit log as the contract shows it: names in the place of ids, where they are still known.

use std::collections::HashSet;

use greenroom_protocol::audit::{AuditEntry, AuditQuery};
use greenroom_protocol::id::MemberId;
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};
use greenroom_protocol::{Error, ErrorKind};

use crate::access::RequestContext;
use crate::services::Services;
use crate::store::Actor;

/// Entries read at a time while looking for those about one record.
const STRIDE: usize = 500;

/// Entries looked through at most for one page about one record; the next page goes on there.
const MOST_READ: usize = 10_000;

/// A page of the audit, newest first. Its `total` is the page's own: counting all would cost what
/// is stored.
pub async fn entries(
    services: &Services,
    context: &RequestContext,
    query: AuditQuery,
) -> Result<Page<AuditEntry>, Error> {
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST) as usize;
    let space = context.space();
    let mut before = query.cursor.clone();
    let mut items = Vec::new();
    let mut read = 0;
    loop {
        let page = services
            .store
            .audit_page(&space, before.as_deref(), STRIDE.min(limit + 1))
            .await;
        let page = page.map_err(|error| match &query.cursor {
            Some(_) if matches!(error, crate::store::StoreError::Key(_)) => {
                Error::new(ErrorKind::Usage, "The cursor is not from this list").field("cursor")
            }
            _ => Error::from(error),
        })?;
        for (id, stored) in &page.rows {
            before = Some(id.clone());
            read += 1;
            if query
                .record
                .as_ref()
                .is_none_or(|record| stored.record.record == *record)
            {
                items.push(wire(services, context, id, &stored.record));
            }
            if items.len() == limit || read == MOST_READ {
                let total = items.len() as u64;
                return Ok(Page {
                    items,
                    total,
                    next: before,
                });
            }
        }
        if !page.more {
            return Ok(Page::whole(items));
        }
    }
}

/// Entries about any of these records, newest first, beginning before the entry `before`; and where
/// to go on.
pub async fn entries_about(
    services: &Services,
    context: &RequestContext,
    about: &HashSet<String>,
    before: Option<&str>,
) -> Result<(Vec<AuditEntry>, Option<String>), Error> {
    let space = context.space();
    let (mut before, mut found, mut read) = (before.map(str::to_owned), Vec::new(), 0);
    loop {
        let page = services
            .store
            .audit_page(&space, before.as_deref(), STRIDE)
            .await?;
        read += page.rows.len();
        before = page.rows.last().map(|(id, _)| id.clone());
        for (id, stored) in &page.rows {
            let entry = &stored.record;
            let named = entry.values.values().any(|value| about.contains(value));
            if named || about.contains(&entry.record) {
                found.push(wire(services, context, id, entry));
            }
        }
        if !page.more {
            return Ok((found, None));
        }
        if found.len() >= STRIDE || read >= MOST_READ {
            return Ok((found, before));
        }
    }
}

fn wire(
    services: &Services,
    context: &RequestContext,
    id: &str,
    entry: &crate::store::AuditEntry,
) -> AuditEntry {
    let name = |id: &String| {
        let member = id
            .parse::<MemberId>()
            .ok()
            .and_then(|id| services.index.member(context.workspace, id));
        member.map_or_else(|| id.clone(), |row| row.record.name.clone())
    };
    let mut values = entry.values.clone();
    let actor = match entry.actor.as_deref().and_then(Actor::parse) {
        Some(Actor::Assistant { job, thread }) => {
            values.entry("job".to_owned()).or_insert(job.to_string());
            values.entry("thread".to_owned()).or_insert(thread);
            "assistant".to_owned()
        }
        _ => entry
            .actor
            .as_ref()
            .map_or_else(|| "daemon".to_owned(), name),
    };
    AuditEntry {
        id: id.to_owned(),
        at: entry.at.into(),
        actor,
        acting_as: entry.acting_as.as_ref().map(name),
        source: entry.source.clone(),
        call: entry.call.clone(),
        record: entry.record.clone(),
        fields: entry.fields.clone(),
        values,
    }
}
