//! All that is held on candidates: of everybody, to take along; of one, to hand out.

use std::collections::HashSet;

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, CandidateId};
use greenroom_protocol::outreach::HeldOutreach;
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{
    CandidateExport, CandidateExportQuery, ExportQuery, HeldApplication, HeldCandidate,
};

use super::views::Sought;
use super::{apply, emails, notes};
use crate::access::RequestContext;
use crate::records::outreach::OutreachRecord;
use crate::records::pipeline::{ApplicationRecord, CandidateRecord};
use crate::services::Services;
use crate::store::StoreError;
use crate::{interviews, workspace};

/// Candidates read for a page.
const PAGE: usize = 200;

/// The bytes of a page: half a frame. The longest history has a few of them to spare.
const MOST_BYTES: usize = 512 * 1024;

/// The bytes of a page of emails.
const EMAIL_BYTES: usize = 256 * 1024;

/// Interviews of a page.
const INTERVIEWS: usize = 100;

/// A page of everybody, in the order they were added. Its `total` is all there are now.
pub async fn export(
    services: &Services,
    context: &RequestContext,
    query: ExportQuery,
) -> Result<Page<HeldCandidate>, Error> {
    let after = query.cursor.as_deref();
    let page = services
        .store
        .scan::<CandidateRecord>(&context.space(), after, PAGE)
        .await;
    let page = page.map_err(|error| match error {
        StoreError::Key(_) => cursor(),
        error => error.into(),
    })?;
    let (mut items, mut bytes, mut next) = (Vec::new(), 0, None);
    for (id, stored) in page.rows {
        let Ok(candidate) = id.parse() else { continue };
        let held = held(services, context, candidate, stored.record).await?;
        bytes += serde_json::to_vec(&held).map_or(0, |json| json.len());
        items.push(held);
        next = Some(id);
        if bytes > MOST_BYTES {
            break;
        }
    }
    let more = page.more || bytes > MOST_BYTES;
    Ok(Page {
        items,
        total: services.index.candidates(context.workspace),
        next: next.filter(|_| more),
    })
}

/// A page of all that is held on one candidate: first their record, then interviews, emails, and
/// the audit.
pub async fn export_one(
    services: &Services,
    context: &RequestContext,
    query: CandidateExportQuery,
) -> Result<CandidateExport, Error> {
    let id = services
        .index
        .candidate_named(context, &query.candidate)?
        .id;
    let mut page = CandidateExport {
        candidate: None,
        interviews: Vec::new(),
        received: Vec::new(),
        audit: Vec::new(),
        views: None,
        next: None,
    };
    let all = services
        .index
        .interviews_of_candidate(context.workspace, id);
    match query.cursor.as_deref().map(|text| text.split_once('.')) {
        None => {
            page.candidate = Some(one(services, context, id).await?);
            page.views = Some(Sought::new(services, context, id).find().await?.count);
            page.next = Some("interviews.0".to_owned());
        }
        Some(Some(("interviews", from))) => {
            let from: usize = from.parse().map_err(|_| cursor())?;
            let ids = all.get(from..).unwrap_or_default();
            let ids = &ids[..ids.len().min(INTERVIEWS)];
            page.interviews = interviews::of_ids(services, context.workspace, ids).await?;
            page.next = Some(match from + ids.len() < all.len() {
                true => format!("interviews.{}", from + ids.len()),
                false => "received.0".to_owned(),
            });
        }
        Some(Some(("received", from))) => {
            let from: usize = from.parse().map_err(|_| cursor())?;
            let space = context.space();
            let (emails, more) =
                emails::held(&services.store, &space, id, from, EMAIL_BYTES).await?;
            page.next = Some(match more {
                true => format!("received.{}", from + emails.len()),
                false => "audit.".to_owned(),
            });
            page.received = emails;
        }
        Some(Some(("audit", before))) => {
            let applications = services.index.applications_of(context.workspace, id);
            let proposed = services.index.outreaches_to(context.workspace, id);
            let about: HashSet<String> = [id.to_string()]
                .into_iter()
                .chain(applications.iter().map(ToString::to_string))
                .chain(all.iter().map(ToString::to_string))
                .chain(proposed.iter().map(ToString::to_string))
                .collect();
            let before = Some(before).filter(|before| !before.is_empty());
            let (entries, next) =
                workspace::entries_about(services, context, &about, before).await?;
            page.audit = entries;
            page.next = next.map(|next| format!("audit.{next}"));
        }
        Some(_) => return Err(cursor()),
    }
    Ok(page)
}

async fn one(
    services: &Services,
    context: &RequestContext,
    id: CandidateId,
) -> Result<HeldCandidate, Error> {
    let stored = services
        .store
        .get::<CandidateRecord>(&context.space(), &id.to_string())
        .await?;
    let stored = stored.ok_or_else(|| Error::not_found("the candidate is gone"))?;
    held(services, context, id, stored.record).await
}

async fn held(
    services: &Services,
    context: &RequestContext,
    id: CandidateId,
    record: CandidateRecord,
) -> Result<HeldCandidate, Error> {
    let mut applications = Vec::new();
    for it in services.index.applications_of(context.workspace, id) {
        applications.extend(application(services, context, it).await?);
    }
    Ok(HeldCandidate {
        id,
        name: record.name,
        email: record.email,
        phone: record.phone,
        zone: record.zone,
        source: record.source,
        added_at: record.added_at,
        applications,
        notes: notes::all(services, context, id).await?,
        outreaches: outreaches(services, context, id).await?,
    })
}

async fn outreaches(
    services: &Services,
    context: &RequestContext,
    id: CandidateId,
) -> Result<Vec<HeldOutreach>, Error> {
    let mut held = Vec::new();
    for id in services.index.outreaches_to(context.workspace, id) {
        let (space, key) = (context.space(), id.to_string());
        let stored = services.store.get::<OutreachRecord>(&space, &key).await?;
        let Some(record) = stored.map(|stored| stored.record) else {
            continue;
        };
        held.push(HeldOutreach {
            id,
            candidate: record.candidate,
            application: record.application,
            created_at: record.created_at,
            state: record.state.shown(),
            since: record.since,
            starts: record.slots.iter().map(|slot| slot.start).collect(),
            interview: record.interview,
        });
    }
    Ok(held)
}

async fn application(
    services: &Services,
    context: &RequestContext,
    id: ApplicationId,
) -> Result<Option<HeldApplication>, Error> {
    let stored = services
        .store
        .get::<ApplicationRecord>(&context.space(), &id.to_string())
        .await?;
    let Some(record) = stored.map(|stored| stored.record) else {
        return Ok(None);
    };
    let job = services.index.job(context.workspace, record.job);
    let stage = services.index.stage(context.workspace, record.stage);
    Ok(Some(HeldApplication {
        id,
        job: job.map(|row| row.record.title.clone()).unwrap_or_default(),
        job_id: record.job,
        stage: stage.map(|row| row.record.name.clone()).unwrap_or_default(),
        stage_id: record.stage,
        applied_at: record.history.first().map_or(record.since, |it| it.at),
        since: record.since,
        state: record.state(),
        states: apply::states(context, &record),
        history: record.history,
    }))
}

fn cursor() -> Error {
    Error::usage("The cursor is not from this export").field("cursor")
}
