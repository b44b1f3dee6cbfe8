//! Candidates: listed and searched, shown, added and changed.

use std::collections::HashSet;

use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, StageId};
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};
use greenroom_protocol::pipeline::{
    ApplicationBrief, ApplicationState, Candidate, CandidateAdd, CandidateEdit, CandidateQuery,
    CandidateRow,
};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};

use super::apply;
use crate::access::RequestContext;
use crate::current::current;
use crate::index::{
    Applications, CandidateEntry, EntryApplication, Search, Standing, States, Visible,
};
use crate::mail::bounce::BounceRecord;
use crate::mail::inbound::keep;
use crate::outbox::record::Recipient;
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::{input, interviews};

/// What [`Tx::claim`] knows addresses of candidates by.
const ADDRESS: &str = "candidate-email";

/// A page of candidates.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    query: CandidateQuery,
) -> Result<Page<CandidateRow>, Error> {
    let index = &services.index;
    let job = query
        .job
        .as_deref()
        .map(|text| index.find_job(context.workspace, text))
        .transpose()?;
    let stage = query
        .stage
        .as_deref()
        .map(|text| index.find_stage(context.workspace, job, text))
        .transpose()?;
    let states = match (query.archived, &query.states[..]) {
        (true, _) => States::Some(ARCHIVED),
        (false, []) => States::Current,
        (false, states) => States::Some(states),
    };
    let wanted = Wanted { job, stage, states };
    let applications = index.applications_for(context, None);
    let visible = match &applications {
        Applications::All => Visible::All,
        Applications::Some { jobs, met } => among(services, context, jobs, met, wanted),
    };
    let search = Search {
        text: &query.text,
        job,
        stage,
        states,
        visible: &visible,
    };
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).min(MOST) as usize;
    let found = index.search(context.workspace, &search, query.cursor.as_deref(), limit);
    let found =
        found.map_err(|error| Error::new(ErrorKind::Usage, error.to_string()).field("cursor"))?;
    let rows = found
        .rows
        .into_iter()
        .map(|entry| applications.narrow(entry));
    let items = rows
        .map(|entry| row(services, context, &entry, wanted))
        .collect();
    Ok(Page {
        items,
        total: found.total,
        next: found.next,
    })
}

/// Every state that is not in the usual list.
const ARCHIVED: &[ApplicationState] = &[
    ApplicationState::OnHold,
    ApplicationState::Rejected,
    ApplicationState::Withdrawn,
    ApplicationState::Hired,
];

/// Which applications a list is about.
#[derive(Debug, Clone, Copy)]
struct Wanted<'a> {
    job: Option<JobId>,
    stage: Option<StageId>,
    states: States<'a>,
}

impl Wanted<'_> {
    fn includes(self, job: JobId, stage: StageId, state: ApplicationState) -> bool {
        self.job.is_none_or(|it| it == job)
            && self.stage.is_none_or(|it| it == stage)
            && self.states.contains(state)
    }
}

/// Whom a list may show to a caller who does not see everybody: a candidate they see for another
/// reason does not show that they applied there, nor how they stand there.
fn among(
    services: &Services,
    context: &RequestContext,
    jobs: &HashSet<JobId>,
    met: &HashSet<ApplicationId>,
    wanted: Wanted<'_>,
) -> Visible {
    let index = &services.index;
    let applications = met
        .iter()
        .filter_map(|id| index.application(context.workspace, *id));
    let there = applications.filter(|row| {
        let Standing {
            job, stage, state, ..
        } = *row.record;
        wanted.includes(job, stage, state)
    });
    let there = there.map(|row| row.record.candidate).collect();
    Visible::JobsOr(jobs.clone(), there)
}

fn row(
    services: &Services,
    context: &RequestContext,
    entry: &CandidateEntry,
    wanted: Wanted<'_>,
) -> CandidateRow {
    let shown = entry
        .applications
        .iter()
        .find(|it| wanted.includes(it.job, it.stage, it.state));
    CandidateRow {
        id: entry.id,
        name: entry.name.clone(),
        email: entry.email.clone(),
        zone: entry.zone.clone(),
        application: shown.map(|it| brief(services, context, it)),
        applications: u32::try_from(entry.applications.len()).unwrap_or(u32::MAX),
    }
}

fn brief(
    services: &Services,
    context: &RequestContext,
    entry: &EntryApplication,
) -> ApplicationBrief {
    let job = services.index.job(context.workspace, entry.job);
    let stage = services.index.stage(context.workspace, entry.stage);
    ApplicationBrief {
        id: entry.id,
        job: entry.job,
        job_title: job.map(|row| row.record.title.clone()).unwrap_or_default(),
        stage: entry.stage,
        stage_name: stage.map(|row| row.record.name.clone()).unwrap_or_default(),
        since: entry.since,
        state: entry.state,
        revision: entry.revision,
    }
}

/// One candidate with applications and interviews.
pub async fn get(
    services: &Services,
    context: &RequestContext,
    reference: Reference,
) -> Result<Candidate, Error> {
    let entry = services
        .index
        .candidate_named(context, &reference.reference)?;
    one(services, context, entry.id).await
}

async fn one(
    services: &Services,
    context: &RequestContext,
    id: CandidateId,
) -> Result<Candidate, Error> {
    let stored = services
        .store
        .get::<CandidateRecord>(&context.space(), &id.to_string())
        .await?;
    let stored = stored.ok_or_else(|| Error::not_found("the candidate is gone"))?;
    let entry = services.index.candidate(context.workspace, id);
    let entry = entry.map(|entry| {
        services
            .index
            .applications_for(context, Some(id))
            .narrow(entry)
    });
    let mut applications = Vec::new();
    for it in entry.iter().flat_map(|entry| &entry.applications) {
        applications.extend(apply::one(services, context, it.id).await?);
    }
    let record = stored.record;
    let bounced = BounceRecord::told(&services.store, &context.space(), &record.email).await?;
    Ok(Candidate {
        warnings: bounced.into_iter().collect(),
        id,
        name: record.name,
        email: record.email,
        phone: record.phone,
        zone: record.zone,
        source: record.source,
        added_at: record.added_at,
        applications,
        interviews: interviews::of_candidate(services, context, id).await?,
        revision: stored.revision.0,
    })
}

/// Adds a candidate, with an application if a job is named.
pub async fn add(
    services: &Services,
    context: &RequestContext,
    request: CandidateAdd,
) -> Result<Candidate, Error> {
    let record = checked(services, &request)?;
    let entry = apply::entry_of(services, context, &request)?;
    if entry.is_none() && !context.is_staff() {
        return Err(
            Error::denied("not permitted: name one of your jobs for the candidate").field("job"),
        );
    }
    let id = CandidateId::new();
    services
        .store
        .transact(|tx| {
            let (record, entry) = (&record, &entry);
            async move {
                insert(services, context, &tx, id, record).await?;
                if let Some(entry) = entry {
                    apply::insert(services, context, &tx, id, entry).await?;
                }
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(services, context, id).await
}

/// A new candidate's record, every field checked.
pub(super) fn checked(
    services: &Services,
    request: &CandidateAdd,
) -> Result<CandidateRecord, Error> {
    let zone = request
        .zone
        .as_deref()
        .filter(|zone| !zone.trim().is_empty());
    Ok(CandidateRecord {
        name: input::name("name", &request.name)?,
        email: input::address("email", &request.email)?,
        phone: input::optional_line("phone", request.phone.as_deref())?,
        zone: zone.map(|zone| input::zone("zone", zone)).transpose()?,
        source: input::optional_line("source", request.source.as_deref())?,
        added_at: services.clock.now(),
    })
}

/// Writes a new candidate, unless somebody has the address.
pub(super) async fn insert(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: CandidateId,
    record: &CandidateRecord,
) -> Result<(), Error> {
    let space = context.space();
    if holder(tx, &space, &record.email).await?.is_some() {
        return Err(Error::conflict("Another candidate has this email address")
            .field("email")
            .hint("look them up by the address, and let them apply for another job"));
    }
    claim(tx, &space, &record.email, id).await?;
    tx.insert(&space, &id.to_string(), record).await?;
    context.audit(
        tx,
        services.clock.now(),
        id,
        &["name", "email", "phone", "zone", "source"],
        &[],
    )?;
    Ok(())
}

/// Who has an address.
pub(super) async fn holder(
    tx: &Tx,
    space: &str,
    email: &str,
) -> Result<Option<CandidateId>, Error> {
    let holder = tx.holder(space, ADDRESS, &input::folded(email)).await?;
    Ok(holder.and_then(|id| id.parse().ok()))
}

/// Whose address it is: a candidate's own, or one that a person said is theirs too.
pub async fn of_address(
    tx: &Tx,
    space: &str,
    address: &str,
) -> Result<Option<CandidateId>, StoreError> {
    let holder = tx.holder(space, ADDRESS, &input::folded(address)).await?;
    if let Some(id) = holder.and_then(|id| id.parse().ok()) {
        return Ok(Some(id));
    }
    match keep::remembered(tx, space, address).await? {
        Some(Recipient::Candidate(id)) => Ok(Some(id)),
        _ => Ok(None),
    }
}

/// Lets go of an address.
pub(super) fn release(tx: &Tx, space: &str, email: &str) -> Result<(), StoreError> {
    tx.release(space, ADDRESS, &input::folded(email))
}

async fn claim(tx: &Tx, space: &str, email: &str, id: CandidateId) -> Result<(), Error> {
    match tx
        .claim(space, ADDRESS, &input::folded(email), &id.to_string())
        .await?
    {
        Ok(()) => Ok(()),
        Err(_) => Err(Error::conflict("Another candidate has this email address").field("email")),
    }
}

/// Changes a candidate, or lets them apply for another job.
pub async fn edit(
    services: &Services,
    context: &RequestContext,
    request: CandidateEdit,
) -> Result<Candidate, Error> {
    let entry = services
        .index
        .candidate_named(context, &request.candidate)?;
    if !context.is_staff() {
        let mine = entry
            .applications
            .iter()
            .any(|it| context.hires_for(it.job).is_ok());
        if !mine {
            return Err(Error::denied(
                "not permitted: the candidate applied for none of your jobs",
            ));
        }
    }
    let apply_for = apply::entry(services, context, request.apply.as_deref(), None)?;
    let (id, space, key) = (entry.id, context.space(), entry.id.to_string());
    services
        .store
        .transact(|tx| {
            let (request, apply_for, space, key) = (&request, &apply_for, &space, &key);
            async move {
                let expected = request.expected_revision;
                let mut record: CandidateRecord =
                    current(&tx, space, key, expected, "candidate").await?;
                let mut fields = Vec::new();
                if let Some(name) = &request.name {
                    record.name = input::name("name", name)?;
                    fields.push("name");
                }
                if let Some(email) = &request.email {
                    let email = input::address("email", email)?;
                    release(&tx, space, &record.email)?;
                    claim(&tx, space, &email, id).await?;
                    record.email = email;
                    fields.push("email");
                }
                if let Some(phone) = &request.phone {
                    record.phone = input::optional_line("phone", Some(phone))?;
                    fields.push("phone");
                }
                if let Some(zone) = &request.zone {
                    let zone = Some(zone).filter(|zone| !zone.trim().is_empty());
                    record.zone = zone.map(|zone| input::zone("zone", zone)).transpose()?;
                    fields.push("zone");
                }
                if let Some(source) = &request.source {
                    record.source = input::optional_line("source", Some(source))?;
                    fields.push("source");
                }
                if !fields.is_empty() {
                    tx.put(space, key, &record)?;
                    context.audit(&tx, services.clock.now(), id, &fields, &[])?;
                }
                if let Some(entry) = apply_for {
                    apply::insert(services, context, &tx, id, entry).await?;
                }
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(services, context, id).await
}
