//! Moving a candidate to another stage. An undo is a move back that expects the revision the first
//! move made.

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{CandidateMove, Moved, StageEntry};

use super::apply;
use crate::access::{Principal, RequestContext};
use crate::current::current;
use crate::records::pipeline::{ApplicationRecord, StageRecord};
use crate::services::Services;

/// The entries an application's history keeps; the first always stays.
const LONGEST_HISTORY: usize = 200;

/// Moves a candidate to another stage of a job they applied for.
pub async fn move_to(
    services: &Services,
    context: &RequestContext,
    request: CandidateMove,
) -> Result<Moved, Error> {
    let entry = services
        .index
        .candidate_named(context, &request.candidate)?;
    let index = &services.index;
    let named = services
        .index
        .application_named(context, &request.candidate);
    let job = request
        .job
        .as_deref()
        .map(|text| index.find_job(context.workspace, text))
        .transpose()?;
    let fitting: Vec<_> = entry
        .applications
        .iter()
        .filter(|it| named.is_none_or(|id| it.id == id) && job.is_none_or(|job| it.job == job))
        .collect();
    let application = match fitting[..] {
        [one] => one,
        [] => {
            return Err(
                Error::not_found(format!("{} has no such application", entry.name)).field("job"),
            );
        }
        _ => {
            let refused =
                Error::not_found(format!("{} applied for several jobs", entry.name)).field("job");
            return Err(refused.hint("name the one you mean with --job"));
        }
    };
    context.hires_for(application.job)?;
    let to = index.find_stage(context.workspace, Some(application.job), &request.stage);
    let to = to.map_err(|error| Error::from(error).field("stage"))?;
    let (id, space) = (application.id, context.space());
    let by = match (&context.principal, context.me()) {
        (Principal::Assistant { .. }, _) => "assistant".to_owned(),
        (Principal::Caller(_), None) => "operator".to_owned(),
        (Principal::Caller(_), Some(me)) => me.brief.name.clone(),
    };
    let ((from, from_name), _) = services
        .store
        .transact(|tx| {
            let (request, space, by) = (&request, &space, &by);
            async move {
                let key = id.to_string();
                let expected = request.expected_revision;
                let mut record: ApplicationRecord =
                    current(&tx, space, &key, expected, "application").await?;
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
                let now = services.clock.now();
                record.stage = to;
                record.since = now;
                record.history.push(StageEntry {
                    stage: to,
                    stage_name: stage.name,
                    at: now,
                    by: by.clone(),
                });
                if record.history.len() > LONGEST_HISTORY {
                    record.history.remove(1);
                }
                tx.put(space, &key, &record)?;
                let values = [("from", from.to_string()), ("to", to.to_string())];
                context.audit(&tx, now, id, &["stage"], &values)?;
                Ok::<_, Error>((from, from_name))
            }
        })
        .await?;
    let application = apply::one(services, context, id).await?;
    let application = application.ok_or_else(|| Error::not_found("the application is gone"))?;
    let assisted = index
        .stage(context.workspace, to)
        .is_some_and(|row| row.record.interview.ai);
    let warnings = match (from == to, assisted) {
        (true, _) => vec![format!(
            "{} is already in {}; nothing was changed",
            entry.name, application.stage_name
        )],
        (false, true) => {
            vec!["the assistant is not part of this version: nobody is emailed".to_owned()]
        }
        (false, false) => Vec::new(),
    };
    Ok(Moved {
        application,
        from,
        from_name,
        warnings,
    })
}
