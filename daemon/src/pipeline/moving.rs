//! Moving a candidate to another stage. An undo is a move back that expects the revision the first
//! move made.
//!
//! A move into a stage that has AI scheduling leaves work behind that says so, in the same commit,
//! and an undo does not. What comes of that, this room does not know.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, StageId};
use greenroom_protocol::pipeline::{ApplicationState, CandidateMove, Moved, StageEntry};

use super::apply;
use super::state::step::closed;
use crate::access::RequestContext;
use crate::current::current;
use crate::interviews;
use crate::records::pipeline::{ApplicationRecord, StageRecord};
use crate::services::Services;
use crate::work::WorkRecord;

/// The entries an application's history keeps; the first always stays.
const LONGEST_HISTORY: usize = 200;

/// The kind of the work that a move into a stage with AI scheduling leaves; its record is the
/// application.
pub const ENTER_WORK: &str = "enter";

/// What a move did.
#[derive(Debug, Clone)]
pub(super) struct Done {
    pub application: ApplicationId,
    pub name: String,
    pub from: StageId,
    pub from_name: String,
    pub to: StageId,
    pub state: ApplicationState,
    pub warnings: Vec<String>,
}

/// Moves a candidate to another stage of a job they applied for.
pub async fn move_to(
    services: &Services,
    context: &RequestContext,
    request: CandidateMove,
) -> Result<Moved, Error> {
    let done = one(services, context, &request, false).await?;
    let application = apply::one(services, context, done.application).await?;
    let application = application.ok_or_else(|| Error::not_found("the application is gone"))?;
    Ok(Moved {
        application,
        from: done.from,
        from_name: done.from_name,
        warnings: done.warnings,
    })
}

/// The same, without reading the application again; in a dry run nothing is written.
pub(super) async fn one(
    services: &Services,
    context: &RequestContext,
    request: &CandidateMove,
    dry_run: bool,
) -> Result<Done, Error> {
    let index = &services.index;
    let job = request.job.as_deref();
    let open = |state: ApplicationState| !state.is_closed();
    let (entry, application) = apply::named(services, context, &request.candidate, job, open)?;
    context.hires_for(application.job)?;
    let to = index.find_stage(context.workspace, Some(application.job), &request.stage);
    let to = to.map_err(|error| Error::from(error).field("stage"))?;
    let (id, space, by) = (application.id, context.space(), apply::by(context));
    let ((from, from_name), _) = services
        .store
        .transact(|tx| {
            let (request, space, by) = (&request, &space, &by);
            async move {
                let key = id.to_string();
                let expected = request.expected_revision;
                let mut record: ApplicationRecord =
                    current(&tx, space, &key, expected, "application").await?;
                if record.state().is_closed() {
                    return Err(closed(record.state()));
                }
                let from = record.stage;
                let from_name = record
                    .history
                    .last()
                    .map(|it| it.stage_name.clone())
                    .unwrap_or_default();
                if from == to {
                    return Ok((from, from_name));
                }
                let stage = tx.get::<StageRecord>(space, &to.to_string()).await?;
                let stage = stage.filter(|it| it.job == record.job);
                let stage =
                    stage.ok_or_else(|| Error::not_found("the stage is gone").field("stage"))?;
                if dry_run {
                    return Ok((from, from_name));
                }
                let now = services.clock.now();
                record.stage = to;
                record.since = now;
                record.entry = record.entry.saturating_add(1);
                record.history.push(StageEntry {
                    stage: to,
                    stage_name: stage.name.clone(),
                    at: now,
                    by: by.clone(),
                });
                if record.history.len() > LONGEST_HISTORY {
                    record.history.remove(1);
                }
                tx.put(space, &key, &record)?;
                match stage.interview.ai && !request.undo {
                    true => WorkRecord::ask(&tx, space, ENTER_WORK, &key, now)?,
                    false => WorkRecord::done(&tx, space, ENTER_WORK, &key)?,
                }
                interviews::look_again(&tx, space, id, now).await?;
                let values = [("from", from.to_string()), ("to", to.to_string())];
                context.audit(&tx, now, id, &["stage"], &values)?;
                Ok::<_, Error>((from, from_name))
            }
        })
        .await?;
    let stage = index.stage(context.workspace, to);
    let warnings = match from == to {
        true => {
            let stage_name = stage.map(|row| row.record.name.clone()).unwrap_or_default();
            vec![format!(
                "{} is already in {stage_name}; nothing was changed",
                entry.name
            )]
        }
        false => Vec::new(),
    };
    Ok(Done {
        application: id,
        name: entry.name,
        from,
        from_name,
        to,
        state: application.state,
        warnings,
    })
}
