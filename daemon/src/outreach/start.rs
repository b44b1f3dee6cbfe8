//! Having the assistant begin with somebody who is in a stage of its already: with one, or with all
//! whom nobody has written to. Each stands alone.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, CandidateId, OutreachId, StageId};
use greenroom_protocol::outreach::{NotStarted, OutreachStart, OutreachStarted};
use greenroom_protocol::pipeline::MOST_AT_ONCE;

use super::begin::{Begun, By, Why, begin};
use crate::access::RequestContext;
use crate::pipeline;
use crate::services::Services;

/// Begins, or says with whom it would.
pub async fn start(
    services: &Services,
    context: &RequestContext,
    request: OutreachStart,
) -> Result<OutreachStarted, Error> {
    match (&request.candidate, &request.stage) {
        (Some(candidate), None) => one(services, context, candidate, &request).await,
        (None, Some(stage)) => all(services, context, stage, &request).await,
        _ => {
            let why = "Name a candidate, or a stage to start everybody in it";
            Err(Error::usage(why).field("candidate"))
        }
    }
}

async fn one(
    services: &Services,
    context: &RequestContext,
    candidate: &str,
    request: &OutreachStart,
) -> Result<OutreachStarted, Error> {
    let job = request.job.as_deref();
    let (_, application) =
        pipeline::application_named(services, context, candidate, job, |it| !it.is_closed())?;
    context.hires_for(application.job)?;
    let mut started = OutreachStarted {
        dry_run: request.dry_run,
        ..OutreachStarted::default()
    };
    match with(services, context, application.id, request.dry_run).await? {
        Begun::New(id) => started.add(id),
        Begun::Open(id) => {
            started.outreaches.push(id);
            started.repeated = true;
        }
        Begun::Before => return Err(Why::Gone.refusal()),
        Begun::No(why) => return Err(why.refusal()),
    }
    Ok(started)
}

async fn all(
    services: &Services,
    context: &RequestContext,
    stage: &str,
    request: &OutreachStart,
) -> Result<OutreachStarted, Error> {
    let (index, workspace) = (&services.index, context.workspace);
    let job = request.job.as_deref().map(|text| {
        let found = index.find_job(workspace, text);
        found.map_err(|error| Error::from(error).field("job"))
    });
    let stage = index.find_stage(workspace, job.transpose()?, stage);
    let stage: StageId = stage.map_err(|error| Error::from(error).field("stage"))?;
    let row = index.stage(workspace, stage);
    let row = row.ok_or_else(|| Error::not_found("the stage is gone").field("stage"))?;
    context.hires_for(row.record.job)?;
    if !row.record.interview.ai {
        return Err(Why::NotAssisted.refusal());
    }
    // Who was started just now is not started again.
    services.store.settled().await?;
    let (total, page) = index.not_started(workspace, stage, MOST_AT_ONCE);
    let mut started = OutreachStarted {
        dry_run: request.dry_run,
        left: total.saturating_sub(page.len() as u64),
        ..OutreachStarted::default()
    };
    for (application, candidate) in page {
        let begun = with(services, context, application, request.dry_run).await;
        let refused = match begun {
            Ok(Begun::New(id)) => {
                started.add(id);
                continue;
            }
            // Somebody else did meanwhile.
            Ok(Begun::Open(_) | Begun::Before) => continue,
            Ok(Begun::No(why)) => why.refusal(),
            Err(error) => error,
        };
        started.failed.push(NotStarted {
            name: name(services, context, candidate),
            error: refused,
        });
    }
    Ok(started)
}

async fn with(
    services: &Services,
    context: &RequestContext,
    application: ApplicationId,
    dry_run: bool,
) -> Result<Begun, Error> {
    let by = By::Person(context.actor());
    let (begun, _) = services
        .store
        .transact(|tx| {
            let by = &by;
            async move {
                let before = tx.mark();
                let begun = begin(services, &tx, context.workspace, application, by).await?;
                match begun {
                    Begun::New(_) if dry_run => tx.back_to(before),
                    Begun::New(id) => {
                        context.audit(&tx, services.clock.now(), id, &["state"], &[])?;
                    }
                    _ => {}
                }
                Ok::<_, Error>(begun)
            }
        })
        .await?;
    Ok(begun)
}

fn name(services: &Services, context: &RequestContext, candidate: CandidateId) -> String {
    let entry = services.index.candidate(context.workspace, candidate);
    entry.map(|it| it.name).unwrap_or_default()
}

/// What is counted of those who were started.
trait Counts {
    fn add(&mut self, id: OutreachId);
}

impl Counts for OutreachStarted {
    fn add(&mut self, id: OutreachId) {
        self.started += 1;
        if !self.dry_run {
            self.outreaches.push(id);
        }
    }
}
