//! Insights as people read them, and the notes they write.

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::insight::{Insight, InsightNote, SummaryState};
use greenroom_protocol::workspace::Reference;

use super::INSIGHT_WORK;
use super::news;
use super::record::{InsightRecord, Notes};
use crate::access::RequestContext;
use crate::input;
use crate::interviews::list::{may_see, visible};
use crate::interviews::view::member;
use crate::records::interview::InterviewRecord;
use crate::services::Services;
use crate::store::StoreError;
use crate::work::WorkRecord;

/// What is kept after the meetings of an application, or of every application of a candidate,
/// latest first; only of interviews that the caller may see.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    request: Reference,
) -> Result<Vec<Insight>, Error> {
    let entry = services
        .index
        .candidate_named(context, &request.reference)?;
    let named = services
        .index
        .application_named(context, &request.reference);
    let (space, scope) = (context.space(), context.scope());
    let mut found = Vec::new();
    for id in services
        .index
        .interviews_of_candidate(context.workspace, entry.id)
    {
        let stored = services
            .store
            .get::<InterviewRecord>(&space, &id.to_string())
            .await?;
        let Some(interview) = stored.map(|stored| stored.record) else {
            continue;
        };
        let asked = named.is_none_or(|application| application == interview.application);
        if asked && may_see(&scope, &interview) {
            found.extend(of(services, context, id, &interview).await?);
        }
    }
    Ok(found)
}

/// Writes the notes on an interview.
pub async fn note(
    services: &Services,
    context: &RequestContext,
    request: InsightNote,
) -> Result<Insight, Error> {
    let id = services.index.find_interview(
        context.workspace,
        &request.interview.reference,
        &visible(context.scope()),
    )?;
    let text = input::document("notes", &request.notes)?;
    let (space, key) = (&context.space(), &id.to_string());
    let (text, expected) = (&text, request.interview.expected_revision);
    let noted = services.store.transact(|tx| async move {
        let interview = tx.get::<InterviewRecord>(space, key).await?;
        let interview = interview.filter(|it| may_see(&context.scope(), it));
        let interview = interview.ok_or_else(|| Error::not_found("the interview is gone"))?;
        let before = tx.get::<InsightRecord>(space, key).await?;
        let revision = tx.revision_of::<InsightRecord>(space, key).await?;
        let revision = revision.map_or(0, |revision| revision.0);
        if expected.is_some_and(|expected| expected != revision) {
            return Err(Error::conflict("the notes were changed by someone else")
                .hint("look at them again, then decide"));
        }
        let now = services.clock.now();
        let first = before.as_ref().is_none_or(|it| it.notes.is_none());
        let mut insight = before.unwrap_or_else(|| InsightRecord::of(interview.application));
        insight.notes = (!text.is_empty()).then(|| Notes {
            text: text.clone(),
            by: context.me().map(|me| me.brief.id),
            at: now,
        });
        tx.put(space, key, &insight)?;
        let me = context.me().map(|me| me.brief.id);
        if first && insight.notes.is_some() {
            let concerned = news::concerned(&services.index, space, &interview);
            news::announce(&tx, space, key, &concerned, me, now).await?;
        }
        context.audit(&tx, now, id, &["notes"], &[])?;
        Ok::<_, Error>(interview)
    });
    let (interview, _) = noted.await?;
    let written = of(services, context, id, &interview).await?;
    written.ok_or_else(|| Error::not_found("the notes are gone"))
}

/// What is kept of one interview; nothing where nothing is kept or looked for.
async fn of(
    services: &Services,
    context: &RequestContext,
    id: InterviewId,
    interview: &InterviewRecord,
) -> Result<Option<Insight>, StoreError> {
    let (space, key) = (context.space(), id.to_string());
    let stored = services.store.get::<InsightRecord>(&space, &key).await?;
    let work = WorkRecord::id(INSIGHT_WORK, &key);
    let work = services.store.get::<WorkRecord>(&space, &work).await?;
    let is_over = interview.end() <= services.clock.now();
    let waits = work.map(|stored| stored.record).filter(|_| is_over);
    if stored.is_none() && waits.is_none() {
        return Ok(None);
    }
    let revision = stored.as_ref().map_or(0, |stored| stored.revision.0);
    let insight = stored.map_or_else(
        || InsightRecord::of(interview.application),
        |stored| stored.record,
    );
    let name = |id| member(services, context.workspace, id);
    let state = match (insight.state, &waits) {
        (SummaryState::None, Some(_)) => SummaryState::Waiting,
        (state, _) => state,
    };
    Ok(Some(Insight {
        interview: id,
        start: interview.start,
        interviewers: interview.interviewers.iter().copied().map(name).collect(),
        summary_state: state,
        reason: insight.reason,
        summary: insight.summary,
        next_try: waits.map(|work| work.due),
        notes_by: insight.notes.as_ref().and_then(|notes| notes.by).map(name),
        notes_at: insight.notes.as_ref().map(|notes| notes.at),
        notes: insight.notes.map(|notes| notes.text),
        revision,
    }))
}
