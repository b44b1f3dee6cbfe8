//! Timers for all interviews to come: at the start, for those from before reminders were known, and
//! after the setting has changed.

use greenroom_protocol::id::{InterviewId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::{REMIND_WORK, timing};
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

/// Has the timers of a workspace seen to, in the commit that changes when people are reminded
/// there.
pub fn remind_anew(tx: &Tx, workspace: WorkspaceId, now: Instant) -> Result<(), StoreError> {
    let id = workspace.to_string();
    WorkRecord::ask(tx, &id, REMIND_WORK, &id, now)
}

/// Sees to the timers of every workspace. Wants the index and the queue filled.
pub async fn see_to_reminders(services: &Services) -> Result<(), StoreError> {
    for workspace in services.index.workspaces() {
        see_to(services, workspace.id).await?;
    }
    Ok(())
}

/// Sets the timers that are missing or too late, by the copies in memory. One that is too early
/// does no harm: the worker it wakes looks again.
pub(super) async fn see_to(services: &Services, workspace: WorkspaceId) -> Result<(), StoreError> {
    let (space, now) = (workspace.to_string(), services.clock.now());
    let Some(row) = services.index.workspace(workspace) else {
        return Ok(());
    };
    let missing = |(id, start): (InterviewId, Instant)| {
        let id = id.to_string();
        let due = timing::next(start, &row.record.reminders, now)?;
        let set = services.queue.due(&space, REMIND_WORK, &id);
        set.is_none_or(|set| set > due).then_some((id, due))
    };
    let to_come = services.index.confirmed_since(workspace, now).into_iter();
    let missing: Vec<_> = to_come.filter_map(missing).collect();
    let space = &space;
    let set = services
        .store
        .transact_each(&missing, |tx, (id, due)| async move {
            WorkRecord::timer(&tx, space, REMIND_WORK, id, *due)
        });
    set.await
}
