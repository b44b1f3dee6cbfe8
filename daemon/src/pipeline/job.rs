//! Jobs: listed with their pipelines, added, renamed, closed and opened.

use greenroom_protocol::Error;
use greenroom_protocol::id::{JobId, StageId};
use greenroom_protocol::page::Page;
use greenroom_protocol::pipeline::{Job, JobAdd, JobEdit, StageInterview};

use super::record::{JobRecord, StageRecord};
use super::stage;
use crate::access::Asking;
use crate::current::current;
use crate::index::Row;
use crate::input;
use crate::rooms::Rooms;

/// The pipeline of a job for which none is named.
const USUAL_STAGES: [&str; 5] = ["Applied", "Phone screen", "Onsite", "Decision", "Hired"];

/// Stages a job may have.
pub(super) const MOST_STAGES: usize = 30;

/// The workspace's jobs, by title.
pub async fn jobs(rooms: &Rooms, asking: &Asking) -> Result<Page<Job>, Error> {
    let standings = stage::standings(rooms, asking).await?;
    let rows = rooms.index.jobs(asking.workspace);
    Ok(Page::whole(
        rows.into_iter()
            .map(|row| wire(rooms, asking, &standings, &row))
            .collect(),
    ))
}

/// Adds a job with its pipeline.
pub async fn add_job(rooms: &Rooms, asking: &Asking, request: JobAdd) -> Result<Job, Error> {
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
            Error::usage(format!("add the job: more than {MOST_STAGES} stages")).field("stages"),
        );
    }
    stage::refuse_twins(&names)?;
    let id = JobId::new();
    let stages: Vec<(StageId, StageRecord)> = names
        .into_iter()
        .map(|name| {
            (
                StageId::new(),
                StageRecord {
                    job: id,
                    name,
                    interview: StageInterview::default(),
                },
            )
        })
        .collect();
    let record = JobRecord {
        title,
        open: true,
        stages: stages.iter().map(|(id, _)| *id).collect(),
        created_at: rooms.clock.now(),
    };
    let space = asking.space();
    rooms
        .store
        .transact(|tx| {
            let (space, record, stages) = (&space, &record, &stages);
            async move {
                tx.insert(space, &id.to_string(), record).await?;
                for (id, stage) in stages {
                    tx.insert(space, &id.to_string(), stage).await?;
                }
                asking.audit(&tx, rooms.clock.now(), id, &["title", "stages"], &[])?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(rooms, asking, id).await
}

/// Renames, closes or opens a job.
pub async fn edit_job(rooms: &Rooms, asking: &Asking, request: JobEdit) -> Result<Job, Error> {
    let id = rooms.index.find_job(asking.workspace, &request.job)?;
    let (space, key) = (asking.space(), id.to_string());
    rooms
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
                tx.put(space, key, &record)?;
                asking.audit(
                    &tx,
                    rooms.clock.now(),
                    id,
                    &fields,
                    &[("open", record.open.to_string())],
                )?;
                Ok::<_, Error>(())
            }
        })
        .await?;
    one(rooms, asking, id).await
}

async fn one(rooms: &Rooms, asking: &Asking, id: JobId) -> Result<Job, Error> {
    let standings = stage::standings(rooms, asking).await?;
    let row = rooms
        .index
        .job(asking.workspace, id)
        .ok_or_else(|| Error::not_found("the job is gone"))?;
    Ok(wire(rooms, asking, &standings, &row))
}

fn wire(
    rooms: &Rooms,
    asking: &Asking,
    standings: &stage::Standings,
    row: &Row<JobId, JobRecord>,
) -> Job {
    let stages = rooms.index.stages_of(asking.workspace, row.id);
    let stages = stages
        .iter()
        .enumerate()
        .map(|(place, row)| stage::wire(rooms, asking, standings, place, row));
    Job {
        id: row.id,
        title: row.record.title.clone(),
        open: row.record.open,
        stages: stages.collect(),
        candidates: rooms.index.applications_in_job(asking.workspace, row.id),
        revision: row.revision,
    }
}
