//! Beginning a test, and its report as people read it.

use greenroom_protocol::Error;
use greenroom_protocol::id::MailId;
use greenroom_protocol::mail_settings::{MailTest, MailTestQuery};
use greenroom_protocol::status::CheckResult;

use super::record::{MailTestRecord, Phase};
use super::{KEY, MAIL_TEST_WORK};
use crate::access::RequestContext;
use crate::services::Services;
use crate::work::WorkRecord;

/// Begins a test where that is asked for, and shows the latest one. One that is under way is not
/// begun again.
///
/// # Errors
/// The store can't be read or written.
pub async fn test(
    services: &Services,
    context: &RequestContext,
    query: MailTestQuery,
) -> Result<MailTest, Error> {
    if query.start && !query.dry_run {
        start(services, context).await?;
    }
    let stored = services
        .store
        .get::<MailTestRecord>(&context.space(), KEY)
        .await?;
    Ok(stored.map_or_else(never, |stored| report(stored.record)))
}

async fn start(services: &Services, context: &RequestContext) -> Result<(), Error> {
    let (space, now) = (&context.space(), services.clock.now());
    let revision = services.mail.of(context.workspace).settings().revision;
    let begun = services.store.transact(|tx| async move {
        let before = tx.get::<MailTestRecord>(space, KEY).await?;
        if before.is_some_and(|test| test.phase != Phase::Over) {
            return Ok(());
        }
        let test = MailTestRecord {
            mark: MailId::new(),
            revision,
            started_at: now,
            finished_at: None,
            phase: Phase::Wanted,
            steps: Vec::new(),
        };
        tx.put(space, KEY, &test)?;
        WorkRecord::ask(&tx, space, MAIL_TEST_WORK, KEY, now)?;
        context.audit(&tx, now, context.workspace, &["mail-test"], &[])?;
        Ok::<_, Error>(())
    });
    begun.await.map(drop)
}

fn report(test: MailTestRecord) -> MailTest {
    let running = test.phase != Phase::Over;
    let results = test.steps.iter().map(|step| step.result);
    let worst = results.max_by_key(|result| badness(*result));
    MailTest {
        running,
        started_at: Some(test.started_at),
        finished_at: test.finished_at,
        result: worst.filter(|_| !running),
        steps: test.steps,
    }
}

fn never() -> MailTest {
    MailTest {
        running: false,
        started_at: None,
        finished_at: None,
        result: None,
        steps: Vec::new(),
    }
}

fn badness(result: CheckResult) -> u8 {
    match result {
        CheckResult::Ok => 0,
        CheckResult::Warning => 1,
        CheckResult::Wrong => 2,
    }
}
