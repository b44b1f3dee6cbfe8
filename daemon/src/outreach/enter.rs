//! Somebody was moved into a stage with AI scheduling: the assistant begins with them.
//!
//! Invariant: whatever became of the application since counts, not what it was at the move: undone,
//! moved on or closed, nothing begins.

use futures::future::BoxFuture;
use greenroom_protocol::id::{ApplicationId, OutreachId, WorkspaceId};

use super::begin::{Begun, By, begin};
use crate::pipeline::ENTER_WORK;
use crate::records::workspace::WorkspaceRecord;
use crate::services::Services;
use crate::store::{Actor, AuditEntry, GLOBAL, StoreError, Tx};
use crate::work::{WorkRecord, Worker};

/// The worker of entries.
pub struct Entries(pub Services);

impl Worker for Entries {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let Self(services) = self;
        Box::pin(async move {
            // What was scheduled just now is seen too.
            services.store.settled().await?;
            let entered = services
                .store
                .transact(|tx| async move { entered(services, &tx, space, &work.record).await });
            entered.await.map(drop)
        })
    }
}

async fn entered(
    services: &Services,
    tx: &Tx,
    space: &str,
    application: &str,
) -> Result<(), StoreError> {
    let work = WorkRecord::id(ENTER_WORK, application);
    if tx.get::<WorkRecord>(space, &work).await?.is_none() {
        return Ok(());
    }
    let ids = (
        application.parse::<ApplicationId>(),
        space.parse::<WorkspaceId>(),
    );
    if let (Ok(id), Ok(workspace)) = ids {
        let settings = tx.peek::<WorkspaceRecord>(GLOBAL, space).await?;
        let undo = settings.map_or(0, |it| it.entry_undo_seconds);
        let begun = begin(services, tx, workspace, id, &By::Entry { undo }).await?;
        if let Begun::New(outreach) = begun {
            note(services, tx, space, outreach).await?;
        }
    }
    WorkRecord::done(tx, space, ENTER_WORK, application)
}

/// The audit says that the assistant began.
async fn note(services: &Services, tx: &Tx, space: &str, id: OutreachId) -> Result<(), StoreError> {
    let key = id.to_string();
    let record = tx.get::<crate::records::outreach::OutreachRecord>(space, &key);
    let actor = record.await?.map_or(Actor::Daemon, |it| it.acts(id));
    let entry = AuditEntry {
        at: services.clock.now().timestamp(),
        actor: Some(actor.to_string()),
        acting_as: None,
        source: "worker".to_owned(),
        call: "outreach".to_owned(),
        record: key,
        fields: vec!["state".to_owned()],
        values: [("state".to_owned(), "settling".to_owned())].into(),
    };
    tx.audit(space, &entry)
}
