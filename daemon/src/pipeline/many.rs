//! The same done to many candidates: each is a change of its own, stands or falls alone, and is
//! answered for in the order asked. What is so already is done, so a page can be sent again.

use std::sync::OnceLock;

use futures::StreamExt as _;
use futures::future::BoxFuture;
use futures::stream;
use greenroom_protocol::Error;
use greenroom_protocol::id::ApplicationId;
use greenroom_protocol::pipeline::{
    CandidateEmailMany, CandidateMove, CandidateMoveMany, CandidateState, CandidateStateMany,
    MOST_AT_ONCE, ManyDone, ManyItem, ManyOutcome, OneOfMany,
};

use super::mailing::{self, Addressee};
use super::{moving, state};
use crate::access::RequestContext;
use crate::records::pipeline::ApplicationRecord;
use crate::services::Services;

/// How many are under way at a time, so that their commits are written together.
const UNDER_WAY: usize = 16;

/// Moves many candidates to one stage.
pub async fn move_many(
    services: &Services,
    context: &RequestContext,
    request: CandidateMoveMany,
) -> Result<ManyOutcome, Error> {
    let (request, dry_run) = (&request, request.dry_run);
    each(&request.candidates, dry_run, |one| {
        Box::pin(async move {
            let to = CandidateMove {
                candidate: one.candidate.clone(),
                job: request.job.clone(),
                stage: request.stage.clone(),
                expected_revision: one.expected_revision,
                undo: request.undo,
            };
            let done = moving::one(services, context, &to, dry_run).await?;
            Ok(ManyDone {
                application: done.application,
                name: done.name,
                changed: done.from != done.to,
                stage: done.from,
                state: done.state,
                revision: revision(services, context, done.application).await?,
                interviews: Vec::new(),
                email: None,
                warnings: done.warnings,
            })
        })
    })
    .await
}

/// Changes how many applications stand.
pub async fn change_many(
    services: &Services,
    context: &RequestContext,
    request: CandidateStateMany,
) -> Result<ManyOutcome, Error> {
    let (request, dry_run) = (&request, request.dry_run);
    let emails_at = OnceLock::new();
    let last_email = &emails_at;
    let outcome = each(&request.candidates, dry_run, |one| {
        Box::pin(async move {
            let change = CandidateState {
                candidate: one.candidate.clone(),
                job: request.job.clone(),
                action: request.action,
                reason: request.reason.clone(),
                email: request.email,
                cancel_interviews: request.cancel_interviews,
                expected_revision: one.expected_revision,
                dry_run,
            };
            let done = state::one(services, context, &change).await?;
            if let Some(email) = &done.email {
                last_email.get_or_init(|| email.not_before);
            }
            let stage = services
                .index
                .application(context.workspace, done.application)
                .ok_or_else(|| Error::not_found("the application is gone"))?
                .record
                .stage;
            Ok(ManyDone {
                application: done.application,
                name: done.name,
                changed: done.changed,
                stage,
                state: done.from,
                revision: revision(services, context, done.application).await?,
                interviews: done.interviews.iter().map(|(id, _)| *id).collect(),
                email: done.email.map(|email| email.id),
                warnings: done.warnings,
            })
        })
    })
    .await?;
    Ok(ManyOutcome {
        emails_at: emails_at.into_inner(),
        ..outcome
    })
}

/// Emails many candidates, one email each.
pub async fn email_many(
    services: &Services,
    context: &RequestContext,
    request: CandidateEmailMany,
) -> Result<ManyOutcome, Error> {
    let message = mailing::message(&request)?;
    let (request, message, dry_run) = (&request, &message, request.dry_run);
    let (emails_at, preview) = (OnceLock::new(), OnceLock::new());
    let (last_email, first) = (&emails_at, &preview);
    let outcome = each(&request.candidates, dry_run, |one| {
        Box::pin(async move {
            let to = Addressee {
                reference: &one.candidate,
                job: request.job.as_deref(),
                expected_revision: one.expected_revision,
                dry_run,
                preview: dry_run && request.candidates.first() == Some(one),
            };
            let done = mailing::one(services, context, to, message).await?;
            if let Some((_, not_before)) = &done.email {
                last_email.get_or_init(|| *not_before);
            }
            if let Some(written) = done.preview {
                first.get_or_init(|| written);
            }
            Ok(ManyDone {
                application: done.application,
                name: done.name,
                changed: done.changed,
                stage: done.record.stage,
                state: done.record.state(),
                revision: revision(services, context, done.application).await?,
                interviews: Vec::new(),
                email: done.email.map(|(mail, _)| mail),
                warnings: done.warnings,
            })
        })
    })
    .await?;
    Ok(ManyOutcome {
        emails_at: emails_at.into_inner(),
        preview: preview.into_inner(),
        ..outcome
    })
}

/// Does `one` to each.
async fn each<'a>(
    candidates: &'a [OneOfMany],
    dry_run: bool,
    one: impl Fn(&'a OneOfMany) -> BoxFuture<'a, Result<ManyDone, Error>>,
) -> Result<ManyOutcome, Error> {
    if candidates.len() > MOST_AT_ONCE {
        let why = format!("At most {MOST_AT_ONCE} candidates at once");
        return Err(Error::usage(why).field("candidates"));
    }
    let doing: Vec<_> = candidates.iter().map(one).collect();
    let all: Vec<_> = stream::iter(doing).buffered(UNDER_WAY).collect().await;
    let mut outcome = ManyOutcome {
        items: Vec::with_capacity(all.len()),
        changed: 0,
        failed: 0,
        emails_at: None,
        preview: None,
        dry_run,
    };
    for (candidate, done) in candidates.iter().zip(all) {
        let (done, error) = match done {
            Ok(done) => (Some(done), None),
            Err(error) => (None, Some(error)),
        };
        outcome.changed += u64::from(done.as_ref().is_some_and(|done| done.changed));
        outcome.failed += u64::from(error.is_some());
        outcome.items.push(ManyItem {
            candidate: candidate.candidate.clone(),
            done,
            error,
        });
    }
    Ok(outcome)
}

/// The revision an undo expects.
async fn revision(
    services: &Services,
    context: &RequestContext,
    id: ApplicationId,
) -> Result<u64, Error> {
    let stored = services
        .store
        .get::<ApplicationRecord>(&context.space(), &id.to_string())
        .await?;
    Ok(stored.map_or(0, |stored| stored.revision.0))
}
