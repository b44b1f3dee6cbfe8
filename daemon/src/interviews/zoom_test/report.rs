//! RequestContext for a test, and its report as people read it.

use greenroom_protocol::Error;
use greenroom_protocol::id::{InterviewId, MemberId};
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::zoom_test::{MissingPermission, ZoomTest, ZoomTestQuery};

use super::ZOOM_TEST_WORK;
use super::record::{Phase, ZoomTestRecord};
use crate::access::RequestContext;
use crate::interviews::view;
use crate::services::Services;
use crate::work::WorkRecord;
use crate::zoom::{ConnectionId, TERMS};

/// Begins a test; one that is under way is not begun again.
pub async fn start(
    services: &Services,
    context: &RequestContext,
    query: ZoomTestQuery,
) -> Result<ZoomTest, Error> {
    let host = subject(services, context, query.member.as_deref())?;
    if query.dry_run {
        return report(services, context, host).await;
    }
    let (space, key, now) = (&context.space(), &host.to_string(), services.clock.now());
    let begun = services.store.transact(|tx| async move {
        let before = tx.get::<ZoomTestRecord>(space, key).await?;
        if before.is_some_and(|test| test.phase != Phase::Over) {
            WorkRecord::ask(&tx, space, ZOOM_TEST_WORK, key, now)?;
            return Ok(());
        }
        let test = ZoomTestRecord {
            mark: InterviewId::new(),
            started_at: now,
            finished_at: None,
            phase: Phase::Wanted,
            steps: Vec::new(),
            changes: Vec::new(),
            left_over: None,
        };
        tx.put(space, key, &test)?;
        WorkRecord::ask(&tx, space, ZOOM_TEST_WORK, key, now)?;
        context.audit(&tx, now, host, &["zoom-test"], &[])?;
        Ok::<_, Error>(())
    });
    begun.await?;
    report(services, context, host).await
}

/// The latest test, or how far it is.
pub async fn show(
    services: &Services,
    context: &RequestContext,
    query: ZoomTestQuery,
) -> Result<ZoomTest, Error> {
    let host = subject(services, context, query.member.as_deref())?;
    report(services, context, host).await
}

fn subject(
    services: &Services,
    context: &RequestContext,
    named: Option<&str>,
) -> Result<MemberId, Error> {
    let host = match named.filter(|text| !text.trim().is_empty()) {
        Some(text) => services
            .index
            .find_member(context.workspace, text)
            .map_err(|error| Error::from(error).field("member"))?,
        None => context.member()?.brief.id,
    };
    context.own_or_admin(host, "test Zoom")?;
    Ok(host)
}

async fn report(
    services: &Services,
    context: &RequestContext,
    host: MemberId,
) -> Result<ZoomTest, Error> {
    let stored = services
        .store
        .get::<ZoomTestRecord>(&context.space(), &host.to_string())
        .await?;
    let test = stored.map(|stored| stored.record);
    let who = ConnectionId::of_member(context.workspace, host);
    let (connection, _) = services.zoom.grants().status(who).await?;
    let missing = connection.grant().map(|grant| {
        let missing = grant.missing(&TERMS).map(|permission| MissingPermission {
            scope: permission.name.into(),
            title: permission.title.into(),
            reason: permission.reason.into(),
            optional: permission.optional,
        });
        missing.collect()
    });
    let over = test.as_ref().filter(|test| test.phase == Phase::Over);
    let result = over.map(|test| {
        let results = test.steps.iter().map(|step| step.result);
        results.max_by_key(|result| badness(*result))
    });
    Ok(ZoomTest {
        member: view::member(services, context.workspace, host),
        running: test.is_some() && over.is_none(),
        result: result.flatten(),
        started_at: test.as_ref().map(|test| test.started_at),
        finished_at: test.as_ref().and_then(|test| test.finished_at),
        left_over: test
            .as_ref()
            .and_then(|test| test.left_over)
            .map(|number| number.to_string()),
        changes: test
            .as_ref()
            .map(|test| test.changes.clone())
            .unwrap_or_default(),
        steps: test.map(|test| test.steps).unwrap_or_default(),
        missing: missing.unwrap_or_default(),
        sandbox: services.zoom.sandbox(),
    })
}

fn badness(result: CheckResult) -> u8 {
    match result {
        CheckResult::Ok => 0,
        CheckResult::Warning => 1,
        CheckResult::Wrong => 2,
    }
}
