//! What the state of an application means for its interviews: of a closed one nothing is scheduled,
//! and what was to come is cancelled in the commit that closes it.
//!
//! Must not know why an application is closed, nor change its record: that is the pipeline's.

use greenroom_protocol::Error;
use greenroom_protocol::id::{ApplicationId, InterviewId, WorkspaceId};
use greenroom_protocol::interview::Side;
use greenroom_protocol::pipeline::ApplicationState;
use greenroom_protocol::schedule::{Finding, FindingClass, FindingCode};
use greenroom_protocol::time::Instant;

use super::change::Change;
use super::decide;
use super::judge::Purpose;
use crate::access::RequestContext;
use crate::index::Index;
use crate::records::interview::InterviewRecord;
use crate::records::pipeline::ApplicationRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// The interviews of an application that are planned or confirmed and have not begun, by start.
pub fn to_come(
    index: &Index,
    workspace: WorkspaceId,
    application: ApplicationId,
    now: Instant,
) -> Vec<InterviewId> {
    index.upcoming_of_application(workspace, application, now)
}

/// How an interview is named to somebody who is to decide about it; `None` where it is not to come
/// any more.
///
/// # Errors
/// The store can't be read.
pub async fn named(
    tx: &Tx,
    space: &str,
    id: InterviewId,
    now: Instant,
) -> Result<Option<String>, StoreError> {
    let interview = tx.get::<InterviewRecord>(space, &id.to_string()).await?;
    let interview = interview.filter(|it| it.takes_time() && it.start > now);
    Ok(interview.map(|it| format!("{id}, {}", it.start.in_zone(&it.zone))))
}

/// Cancels an interview in the caller's transaction. Returns the number of that change; `None`
/// where there is nothing to cancel any more.
///
/// # Errors
/// The caller may not change it, or the store can't be read.
pub async fn cancel_within(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: InterviewId,
    side: Side,
) -> Result<Option<u32>, Error> {
    if named(tx, &context.space(), id, services.clock.now())
        .await?
        .is_none()
    {
        return Ok(None);
    }
    let change = Change {
        services,
        context,
        tx,
        id,
        purpose: Purpose::Book,
    };
    let made = change
        .make(None, |interview| decide::cancelled(interview, side, None))
        .await?;
    Ok(Some(made.interview.change))
}

/// Refuses to schedule anything for an application that is closed. That it stays open is expected
/// by the commit.
pub(super) async fn refuse_closed(
    tx: &Tx,
    space: &str,
    id: ApplicationId,
) -> Result<Option<Finding>, Error> {
    let application = tx.get::<ApplicationRecord>(space, &id.to_string()).await?;
    let state = application.map(|it| it.state()).unwrap_or_default();
    if state.is_closed() {
        let why = format!("The application is {}", state.words());
        return Err(Error::conflict(why)
            .field("candidate")
            .hint("reopen it first: `greenroom candidate reopen`"));
    }
    let on_hold = state == ApplicationState::OnHold;
    Ok(on_hold.then(|| {
        let code = FindingCode::ApplicationOnHold;
        Finding {
            class: Some(FindingClass::Plan),
            ..Finding::new(code, "The application is on hold")
        }
    }))
}
