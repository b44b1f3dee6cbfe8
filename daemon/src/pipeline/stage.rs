//! Stages: added, renamed, and their saved plan of interviews.

use std::collections::HashMap;

use greenroom_protocol::Error;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::{MemberId, StageId};
use greenroom_protocol::interview::Host;
use greenroom_protocol::pipeline::{Stage, StageAdd, StageConfigure, StageInterviewChange};
use greenroom_protocol::zoom::{ConnectionState, Standing};

use super::job::MOST_STAGES;
use crate::access::RequestContext;
use crate::current::current;
use crate::index::Row;
use crate::input;
use crate::interviews;
use crate::interviews::can_act;
use crate::interviews::stage_plan::{check_change, readable};
use crate::records::pipeline::{JobRecord, StagePlan, StageRecord};
use crate::services::Services;
use crate::zoom::ConnectionRecord;

/// Adds a stage to a job.
pub async fn add_stage(
    services: &Services,
    context: &RequestContext,
    request: StageAdd,
) -> Result<Stage, Error> {
    let job = services.index.find_job(context.workspace, &request.job)?;
    let name = input::name("name", &request.name)?;
    let id = StageId::new();
    let record = StageRecord {
        job,
        name,
        interview: StagePlan::default(),
    };
    let space = context.space();
    services
        .store
        .transact(|tx| {
            let (request, record, space) = (&request, &record, &space);
            async move {
                let job_record = tx.get::<JobRecord>(space, &job.to_string()).await?;
                let mut job_record =
                    job_record.ok_or_else(|| Error::not_found("the job is gone"))?;
                if job_record.stages.len() >= MOST_STAGES {
                    return Err(Error::conflict(format!(
                        "The job already has {MOST_STAGES} stages"
                    )));
                }
                let mut names = vec![record.name.clone()];
                for stage in &job_record.stages {
                    let there = tx.get::<StageRecord>(space, &stage.to_string()).await?;
                    names.extend(there.map(|it| it.name));
                }
                reject_duplicate_names(&names)?;
                let last = job_record.stages.len();
                let place = request
                    .position
                    .map_or(last, |place| (place as usize).min(last));
                job_record.stages.insert(place, id);
                tx.put(space, &job.to_string(), &job_record)?;
                tx.insert(space, &id.to_string(), record).await?;
                context.audit(&tx, services.clock.now(), id, &["name", "position"], &[])?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(services, context, id).await
}

/// Changes a stage's name or plan.
pub async fn configure(
    services: &Services,
    context: &RequestContext,
    request: StageConfigure,
) -> Result<Stage, Error> {
    let job = request
        .job
        .as_deref()
        .map(|text| services.index.find_job(context.workspace, text))
        .transpose()?;
    let id = services
        .index
        .find_stage(context.workspace, job, &request.stage)?;
    let change = change_of_plan(&request)?
        .map(|change| readable(services, context, change))
        .transpose()?;
    let (space, key) = (context.space(), id.to_string());
    services
        .store
        .transact(|tx| {
            let (request, change, space, key) = (&request, &change, &space, &key);
            async move {
                let expected = request.expected_revision;
                let mut record: StageRecord = current(&tx, space, key, expected, "stage").await?;
                context.hires_for(record.job)?;
                let before = record.clone();
                let mut fields = Vec::new();
                if let Some(name) = &request.name {
                    record.name = input::name("name", name)?;
                    fields.push("name");
                }
                if let Some(change) = change {
                    record.interview.apply(change.clone());
                    check_change(services, context, &before.interview, &record.interview)?;
                    fields.push("interview");
                }
                // Saved as it is already: no revision, and nothing to tell anybody.
                if record == before {
                    return Ok(());
                }
                tx.put(space, key, &record)?;
                context.audit(
                    &tx,
                    services.clock.now(),
                    id,
                    &fields,
                    &[("ai", record.interview.ai.to_string())],
                )?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    match &change {
        // Those who have times of the assistant's are a person's now.
        Some(change) if change.ai != Edit::Keep => {
            interviews::look_at_all(services, context.workspace);
        }
        Some(_) | None => {}
    }
    one(services, context, id).await
}

/// What changes of the plan: the plan whole is a change of every setting protocol 1 had.
fn change_of_plan(request: &StageConfigure) -> Result<Option<StageInterviewChange>, Error> {
    match (&request.interview, &request.change) {
        (Some(_), Some(_)) => {
            let why = "give either the whole plan (`interview`) or what changes of it (`change`)";
            Err(Error::usage(why).field("change"))
        }
        (Some(plan), None) => Ok(Some(plan.clone().into())),
        (None, change) => Ok(change.clone()),
    }
}

/// The stages of a job must differ in their names.
pub(super) fn reject_duplicate_names(names: &[String]) -> Result<(), Error> {
    let mut folded: Vec<_> = names.iter().map(|name| input::folded(name)).collect();
    folded.sort();
    match folded.windows(2).any(|pair| pair[0] == pair[1]) {
        true => Err(Error::conflict("Two stages have the same name").field("name")),
        false => Ok(()),
    }
}

async fn one(services: &Services, context: &RequestContext, id: StageId) -> Result<Stage, Error> {
    let gone = || Error::not_found("the stage is gone");
    let job = services
        .index
        .stage(context.workspace, id)
        .ok_or_else(gone)?
        .record
        .job;
    let stages = services.index.stages_of(context.workspace, job);
    let found = stages.iter().enumerate().find(|(_, row)| row.id == id);
    let (place, row) = found.ok_or_else(gone)?;
    let standings = standings(services, context).await?;
    Ok(wire(services, context, &standings, place, row))
}

/// How everybody's Zoom connection stands.
pub(super) type Standings = HashMap<MemberId, Standing>;

/// How everybody's Zoom connection stands now.
pub(super) async fn standings(
    services: &Services,
    context: &RequestContext,
) -> Result<Standings, Error> {
    let now = services.clock.now();
    let found = services.zoom.grants().statuses(context.workspace).await?;
    Ok(found
        .into_iter()
        .filter_map(|(owner, (record, _))| Some((owner.member()?, record.standing(now))))
        .collect())
}

/// A record as the contract shows it, with what is wrong with it.
pub(super) fn wire(
    services: &Services,
    context: &RequestContext,
    standings: &Standings,
    place: usize,
    row: &Row<StageId, StageRecord>,
) -> Stage {
    let record = &row.record;
    let zoom_user = record.interview.zoom_user;
    let standing = zoom_user.and_then(|id| standings.get(&id));
    let problems = can_act::problems(services, context.workspace, record, standing);
    let host = zoom_user.and_then(|id| host(services, context, standings, id));
    let warnings = match (record.interview.ai, &host) {
        (true, _) => problems.iter().map(|it| it.message.clone()).collect(),
        (false, Some(host)) => host_warning(host).into_iter().collect(),
        (false, None) if zoom_user.is_some() => {
            vec!["its Zoom user is no member any more".to_owned()]
        }
        (false, None) => Vec::new(),
    };
    let (not_started, _) = services.index.not_started(context.workspace, row.id, 0);
    Stage {
        id: row.id,
        job: record.job,
        name: record.name.clone(),
        position: u32::try_from(place).unwrap_or(u32::MAX),
        interview: record.interview.shown(),
        host,
        candidates: services
            .index
            .applications_in_stage(context.workspace, row.id),
        not_started: u32::try_from(not_started).unwrap_or(u32::MAX),
        guidance: record.interview.guidance_read(),
        shadow: services.index.watched(context.workspace, row.id),
        warnings,
        problems,
        revision: row.revision,
    }
}

/// Whose Zoom hosts the stage's interviews; `None`: they are no member any more.
fn host(
    services: &Services,
    context: &RequestContext,
    standings: &Standings,
    id: MemberId,
) -> Option<Host> {
    let member = services.index.member(context.workspace, id)?;
    let never_connected = || ConnectionRecord::default().standing(services.clock.now());
    let standing = standings.get(&id).cloned();
    Some(
        member
            .record
            .host(id, standing.unwrap_or_else(never_connected)),
    )
}

fn host_warning(host: &Host) -> Option<String> {
    let state = host.connection.as_ref()?.state;
    let why = match state {
        _ if state.serves() => return None,
        ConnectionState::ReconnectRequired => "must be reconnected",
        ConnectionState::PreApprovalRequested => "waits for a Zoom admin's approval",
        _ => "is not connected",
    };
    Some(format!("it uses {}'s Zoom, which {why}", host.name))
}
