//! Jobs: listed with their pipelines, added, renamed, closed and opened.

use greenroom_protocol::Error;
use greenroom_protocol::id::{JobId, StageId};
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{Job, JobAdd, JobEdit};

use super::stage;
use crate::access::RequestContext;
use crate::current::current;
use crate::index::Row;
use crate::input;
use crate::interviews;
use crate::records::pipeline::{JobRecord, StagePlan, StageRecord};
use crate::records::switch::SwitchRecord;
use crate::services::Services;
use crate::workspace;

/// The pipeline of a job for which none is named.
const USUAL_STAGES: [&str; 5] = ["Applied", "Phone screen", "Onsite", "Decision", "Hired"];

/// Stages a job may have.
pub(super) const MOST_STAGES: usize = 30;

/// The workspace's jobs, by title.
pub async fn jobs(services: &Services, context: &RequestContext) -> Result<Page<Job>, Error> {
    let standings = stage::standings(services, context).await?;
    let rows = services.index.jobs(context.workspace);
    Ok(Page::whole(
        rows.into_iter()
            .map(|row| wire(services, context, &standings, &row))
            .collect(),
    ))
}

/// Adds a job with its pipeline.
pub async fn add_job(
    services: &Services,
    context: &RequestContext,
    request: JobAdd,
) -> Result<Job, Error> {
    let title = input::name("title", &request.title)?;
    let names: Vec<String> = match request.stages.is_empty() {
        true => USUAL_STAGES.iter().map(|name| (*name).to_owned()).collect(),
        false => request
            .stages
            .iter()
            .map(|name| input::name("stages", name))
            .collect::<Result<_, _>>()?,
    };
    if names.len() > MOST_STAGES {
        return Err(
            Error::usage(format!("A job has at most {MOST_STAGES} stages")).field("stages"),
        );
    }
    stage::reject_duplicate_names(&names)?;
    let id = JobId::new();
    let stages: Vec<(StageId, StageRecord)> = names
        .into_iter()
        .map(|name| {
            (
                StageId::new(),
                StageRecord {
                    job: id,
                    name,
                    interview: StagePlan::default(),
                },
            )
        })
        .collect();
    let record = JobRecord {
        title,
        open: true,
        stages: stages.iter().map(|(id, _)| *id).collect(),
        created_at: services.clock.now(),
        assistant: SwitchRecord::On,
    };
    let space = context.space();
    services
        .store
        .transact(|tx| {
            let (space, record, stages) = (&space, &record, &stages);
            async move {
                tx.insert(space, &id.to_string(), record).await?;
                for (id, stage) in stages {
                    tx.insert(space, &id.to_string(), stage).await?;
                }
                context.audit(&tx, services.clock.now(), id, &["title", "stages"], &[])?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(services, context, id).await
}

/// Renames, closes or opens a job.
pub async fn edit_job(
    services: &Services,
    context: &RequestContext,
    request: JobEdit,
) -> Result<Job, Error> {
    let id = services.index.find_job(context.workspace, &request.job)?;
    let (space, key) = (context.space(), id.to_string());
    services
        .store
        .transact(|tx| {
            let (request, space, key) = (&request, &space, &key);
            async move {
                let expected = request.expected_revision;
                let mut record: JobRecord = current(&tx, space, key, expected, "job").await?;
                let mut fields = Vec::new();
                if let Some(title) = &request.title {
                    record.title = input::name("title", title)?;
                    fields.push("title");
                }
                if let Some(open) = request.open {
                    record.open = open;
                    fields.push("open");
                }
                if let Some(set) = &request.assistant {
                    let now = services.clock.now();
                    record.assistant = workspace::switched(&record.assistant, set, context, now)?;
                    fields.push("assistant");
                }
                tx.put(space, key, &record)?;
                if request.open == Some(false) || request.assistant.is_some() {
                    let whose = interviews::OutreachesOf::Job(id);
                    interviews::wake_all(&tx, space, whose, services.clock.now())?;
                }
                context.audit(
                    &tx,
                    services.clock.now(),
                    id,
                    &fields,
                    &[
                        ("open", record.open.to_string()),
                        ("assistant", record.assistant.is_on().to_string()),
                    ],
                )?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    if request.assistant.is_some() {
        interviews::look_at_all(services, context.workspace);
    }
    one(services, context, id).await
}

async fn one(services: &Services, context: &RequestContext, id: JobId) -> Result<Job, Error> {
    let standings = stage::standings(services, context).await?;
    let row = services
        .index
        .job(context.workspace, id)
        .ok_or_else(|| Error::not_found("the job is gone"))?;
    Ok(wire(services, context, &standings, &row))
}

fn wire(
    services: &Services,
    context: &RequestContext,
    standings: &stage::Standings,
    row: &Row<JobId, JobRecord>,
) -> Job {
    let stages = services.index.stages_of(context.workspace, row.id);
    let stages = stages
        .iter()
        .enumerate()
        .map(|(place, row)| stage::wire(services, context, standings, place, row));
    Job {
        id: row.id,
        title: row.record.title.clone(),
        open: row.record.open,
        stages: stages.collect(),
        candidates: services
            .index
            .applications_in_job(context.workspace, row.id),
        assistant: workspace::shown_switch(services, context.workspace, &row.record.assistant),
        revision: row.revision,
    }
}
