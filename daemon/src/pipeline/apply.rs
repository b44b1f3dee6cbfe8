//! Applications: a candidate's place in one job's pipeline, from the moment they apply.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, CandidateId, JobId, StageId};
use greenroom_protocol::pipeline::{
    Application, ApplicationState, CandidateAdd, StageEntry, StateEntry,
};
use greenroom_protocol::time::Instant;

use super::list;
use crate::access::{Principal, RequestContext};
use crate::index::{CandidateEntry, EntryApplication};
use crate::records::pipeline::{ApplicationRecord, JobRecord, StateNote};
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// What [`Tx::claim`] knows "this candidate for this job" by.
const ONCE: &str = "application";

/// Where a new application begins.
#[derive(Debug, Clone)]
pub(super) struct Entry {
    pub job: JobId,
    pub stage: StageId,
    pub stage_name: String,
    /// Since when, for an application that comes from elsewhere.
    pub since: Option<Instant>,
    /// How it stands, for one that comes from elsewhere.
    pub state: Option<ApplicationState>,
}

/// Where an application for the job named begins: at the stage named, or the first.
pub(super) fn entry(
    services: &Services,
    context: &RequestContext,
    job: Option<&str>,
    stage: Option<&str>,
) -> Result<Option<Entry>, Error> {
    let index = &services.index;
    let Some(job) = job.filter(|text| !text.trim().is_empty()) else {
        return match stage.filter(|text| !text.trim().is_empty()) {
            Some(_) => Err(Error::usage("A stage needs its job").field("job")),
            None => Ok(None),
        };
    };
    let job = index
        .find_job(context.workspace, job)
        .map_err(|error| Error::from(error).field("job"))?;
    context.hires_for(job)?;
    let stages = index.stages_of(context.workspace, job);
    let stage = match stage.filter(|text| !text.trim().is_empty()) {
        Some(text) => {
            let found = index.find_stage(context.workspace, Some(job), text);
            found.map_err(|error| Error::from(error).field("stage"))?
        }
        None => {
            let first = stages
                .first()
                .ok_or_else(|| Error::conflict("The job has no stages"));
            first.map_err(|error| error.field("job"))?.id
        }
    };
    let stage_name = stages
        .iter()
        .find(|row| row.id == stage)
        .map(|row| row.record.name.clone());
    let stage_name =
        stage_name.ok_or_else(|| Error::not_found("the stage is of another job").field("stage"))?;
    Ok(Some(Entry {
        job,
        stage,
        stage_name,
        since: None,
        state: None,
    }))
}

/// Where the application of a new candidate begins, and since when.
pub(super) fn entry_of(
    services: &Services,
    context: &RequestContext,
    request: &CandidateAdd,
) -> Result<Option<Entry>, Error> {
    if request
        .applied_at
        .is_some_and(|at| at > services.clock.now())
    {
        let refused = Error::usage("The time of the application is in the future");
        return Err(refused.field("applied_at"));
    }
    let entry = entry(
        services,
        context,
        request.job.as_deref(),
        request.stage.as_deref(),
    )?;
    let since = request.applied_at;
    let state = request
        .state
        .filter(|state| *state != ApplicationState::Active);
    if state.is_some() && entry.is_none() {
        return Err(Error::usage("A state needs its job").field("state"));
    }
    Ok(entry.map(|entry| Entry {
        since,
        state,
        ..entry
    }))
}

/// Writes a new application, unless the candidate applied for the job already or it is closed.
pub(super) async fn insert(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    candidate: CandidateId,
    entry: &Entry,
) -> Result<(), Error> {
    let space = context.space();
    let job = tx.get::<JobRecord>(&space, &entry.job.to_string()).await?;
    match job {
        Some(job) if job.open && job.stages.contains(&entry.stage) => {}
        Some(job) if !job.open => {
            return Err(Error::conflict("The job is closed").field("job"));
        }
        _ => return Err(Error::not_found("the job or its stage is gone").field("job")),
    }
    let id = ApplicationId::new();
    if !claim(tx, &space, candidate, entry.job, id).await? {
        return Err(Error::conflict("The candidate has already applied for this job").field("job"));
    }
    let now = services.clock.now();
    let since = entry.since.unwrap_or(now);
    let come_from_elsewhere = |state| StateNote {
        state,
        // Since when it is so there is not known.
        at: now,
        by: by(context),
        reason: None,
        email: None,
        cancelled: Vec::new(),
    };
    let first = StageEntry {
        stage: entry.stage,
        stage_name: entry.stage_name.clone(),
        at: since,
        by: by(context),
    };
    let record = ApplicationRecord {
        candidate,
        job: entry.job,
        stage: entry.stage,
        since,
        history: vec![first],
        states: entry.state.map(come_from_elsewhere).into_iter().collect(),
        message: None,
        entry: 0,
    };
    tx.insert(&space, &id.to_string(), &record).await?;
    context.audit(
        tx,
        now,
        id,
        &["candidate", "job", "stage"],
        &[("stage", entry.stage.to_string())],
    )?;
    Ok(())
}

/// The application a request names: by its id, or by its candidate and job. Of several that fit,
/// the only one in a state that is `likely`.
///
/// # Errors
/// It names none the caller works with, or several.
pub fn named(
    services: &Services,
    context: &RequestContext,
    reference: &str,
    job: Option<&str>,
    likely: impl Fn(ApplicationState) -> bool,
) -> Result<(CandidateEntry, EntryApplication), Error> {
    let index = &services.index;
    let entry = index.candidate_named(context, reference)?;
    let named = index.application_named(context, reference);
    let job = job.filter(|text| !text.trim().is_empty());
    let job = job
        .map(|text| index.find_job(context.workspace, text))
        .transpose()?;
    let mut fitting: Vec<_> = entry
        .applications
        .iter()
        .filter(|it| named.is_none_or(|id| it.id == id) && job.is_none_or(|job| it.job == job))
        .copied()
        .collect();
    if fitting.len() > 1 && fitting.iter().any(|it| likely(it.state)) {
        fitting.retain(|it| likely(it.state));
    }
    match fitting[..] {
        [one] => Ok((entry, one)),
        [] => Err(Error::not_found(format!("{} has no such application", entry.name)).field("job")),
        _ => {
            let refused =
                Error::not_found(format!("{} applied for several jobs", entry.name)).field("job");
            Err(refused.hint("name the one you mean with --job"))
        }
    }
}

/// Who acts, as an application's history names them.
pub(super) fn by(context: &RequestContext) -> String {
    match (&context.principal, context.me()) {
        (Principal::Assistant { .. }, _) => "assistant".to_owned(),
        (Principal::Daemon, _) => "daemon".to_owned(),
        (Principal::Caller(_), None) => "operator".to_owned(),
        (Principal::Caller(_), Some(me)) => me.brief.name.clone(),
    }
}

/// Whether the candidate applied for the job already.
pub(super) async fn applied(
    tx: &Tx,
    space: &str,
    candidate: CandidateId,
    job: JobId,
) -> Result<bool, Error> {
    Ok(tx
        .holder(space, ONCE, &once(candidate, job))
        .await?
        .is_some())
}

/// Lets the candidate apply for the job again.
pub(super) fn release(
    tx: &Tx,
    space: &str,
    candidate: CandidateId,
    job: JobId,
) -> Result<(), StoreError> {
    tx.release(space, ONCE, &once(candidate, job))
}

fn once(candidate: CandidateId, job: JobId) -> String {
    format!("{candidate} {job}")
}

async fn claim(
    tx: &Tx,
    space: &str,
    candidate: CandidateId,
    job: JobId,
    id: ApplicationId,
) -> Result<bool, Error> {
    let claimed = tx
        .claim(space, ONCE, &once(candidate, job), &id.to_string())
        .await?;
    Ok(claimed.is_ok())
}

/// An application as the contract shows it.
pub(super) async fn one(
    services: &Services,
    context: &RequestContext,
    id: ApplicationId,
) -> Result<Option<Application>, Error> {
    let stored = services
        .store
        .get::<ApplicationRecord>(&context.space(), &id.to_string())
        .await?;
    let Some(stored) = stored else {
        return Ok(None);
    };
    let (index, record) = (&services.index, stored.record);
    let job = index.job(context.workspace, record.job);
    let stages = index.stages_of(context.workspace, record.job);
    let name = stages
        .iter()
        .find(|row| row.id == record.stage)
        .map(|row| row.record.name.clone());
    Ok(Some(Application {
        id,
        candidate: record.candidate,
        job: record.job,
        job_title: job.map(|row| row.record.title.clone()).unwrap_or_default(),
        stage: record.stage,
        stage_name: name.unwrap_or_default(),
        since: record.since,
        stages: stages.iter().map(|row| row.record.name.clone()).collect(),
        state: record.state(),
        states: states(context, &record),
        outreach: list::open_outreach(services, context, (id, record.job)),
        history: record.history,
        revision: stored.revision.0,
    }))
}

/// How its state changed, the reasons only for those who hire for the job.
pub(super) fn states(context: &RequestContext, record: &ApplicationRecord) -> Vec<StateEntry> {
    let hires = context.hires_for(record.job).is_ok();
    let entry = |note: &StateNote| StateEntry {
        state: note.state,
        at: note.at,
        by: note.by.clone(),
        reason: note.reason.clone().filter(|_| hires),
    };
    record.states.iter().map(entry).collect()
}
