//! Owns who waits for an administrator at the provider to approve an app, and when they are notified
//! that it is: all of them, in the commit of the first connect that works with the app in their
//! workspace.
//!
//! Nobody is notified of an approval, so a connect that works is the only sign there is. Invariant:
//! who waits is in the app's list; who is in the list may wait no longer, and is passed over then.

use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::grants::connection::{self, ConnectionRecord, Event, Link};
use crate::grants::consent::error::ConnectFailure;
use crate::grants::id::{ConnectionId, Owner};
use crate::grants::inner::Inner;
use crate::grants::keys::apps;
use crate::grants::terms::Terms;
use crate::store::{Record, StoreError, Tx};
use crate::work::WorkRecord;

/// Who waits for an app, in the workspace's space under the app's client id.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
struct Waiters {
    #[serde(rename = "members")]
    owners: Vec<Owner>,
}

impl Record for Waiters {
    const TABLE: &'static str = "zoom-approval";
    const SCHEMA: u32 = 1;
}

/// The client id of the app that is to be approved; refused where it is connected.
pub(crate) async fn app(
    inner: &Inner,
    tx: &Tx,
    who: ConnectionId,
) -> Result<String, ConnectFailure> {
    let record = connection::read(tx, inner.terms(), who).await?;
    if matches!(record.link, Link::Connected { .. }) {
        return Err(ConnectFailure::Connected);
    }
    let client_id = apps::current_id(inner, tx, who.workspace).await?;
    client_id.ok_or(ConnectFailure::NoApp)
}

/// Lets somebody wait for an app, in this commit.
pub(crate) async fn ask(
    inner: &Inner,
    tx: &Tx,
    who: ConnectionId,
    client_id: &str,
) -> Result<(), ConnectFailure> {
    let record = connection::read(tx, inner.terms(), who).await?;
    let asked = Event::ApprovalAsked {
        client_id: client_id.to_owned(),
    };
    let next = record.step(asked, inner.clock.now());
    let next = next.ok_or(ConnectFailure::Connected)?;
    connection::write(tx, inner.terms(), who, &next)?;
    let waiters = tx
        .get::<Waiters>(&who.space(), &inner.terms().key(client_id))
        .await?;
    let mut waiters = waiters.unwrap_or_default();
    if !waiters.owners.contains(&who.owner) {
        waiters.owners.push(who.owner);
        tx.put(&who.space(), &inner.terms().key(client_id), &waiters)?;
    }
    Ok(())
}

/// Who waits for this app now.
pub(crate) async fn waiting(
    terms: &Terms,
    tx: &Tx,
    workspace: WorkspaceId,
    client_id: &str,
) -> Result<Vec<Owner>, StoreError> {
    let space = workspace.to_string();
    let waiters = tx.get::<Waiters>(&space, &terms.key(client_id)).await?;
    let mut waiting = Vec::new();
    for owner in waiters.unwrap_or_default().owners {
        let key = ConnectionId { workspace, owner }.key(terms);
        let record = tx.get::<ConnectionRecord>(&space, &key).await?;
        let approval = record.and_then(|record| record.approval);
        let waits = approval.is_some_and(|it| it.client_id == client_id && it.given_at.is_none());
        waiting.extend(waits.then_some(owner));
    }
    Ok(waiting)
}

/// A request of this member's never left: they wait for no approval.
pub(crate) async fn recall(
    terms: &Terms,
    tx: &Tx,
    who: ConnectionId,
    now: Instant,
) -> Result<(), StoreError> {
    let record = connection::read(tx, terms, who).await?;
    let Some(client_id) = record.approval.as_ref().map(|it| it.client_id.clone()) else {
        return Ok(());
    };
    let withdrawn = Event::ApprovalWithdrawn { client_id };
    match record.step(withdrawn, now) {
        Some(next) => connection::write(tx, terms, who, &next),
        None => Ok(()),
    }
}

/// Somebody could connect with this app: notifies all who wait for it.
pub(crate) async fn given(
    terms: &Terms,
    tx: &Tx,
    workspace: WorkspaceId,
    client_id: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let given = Event::ApprovalGiven {
        client_id: client_id.to_owned(),
    };
    end(terms, tx, workspace, client_id, &given, now).await
}

/// The workspace has another app: nobody waits for the former one.
pub(crate) async fn withdraw_approval(
    terms: &Terms,
    tx: &Tx,
    workspace: WorkspaceId,
    client_id: &str,
    now: Instant,
) -> Result<(), StoreError> {
    let withdrawn = Event::ApprovalWithdrawn {
        client_id: client_id.to_owned(),
    };
    end(terms, tx, workspace, client_id, &withdrawn, now).await
}

async fn end(
    terms: &Terms,
    tx: &Tx,
    workspace: WorkspaceId,
    client_id: &str,
    event: &Event,
    now: Instant,
) -> Result<(), StoreError> {
    let space = workspace.to_string();
    let Some(waiters) = tx.get::<Waiters>(&space, &terms.key(client_id)).await? else {
        return Ok(());
    };
    for owner in waiters.owners {
        let id = ConnectionId { workspace, owner }.key(terms);
        let record = tx.get::<ConnectionRecord>(&space, &id).await?;
        if let Some(next) = record.and_then(|record| record.step(event.clone(), now)) {
            tx.put(&space, &id, &next)?;
            if matches!(event, Event::ApprovalGiven { .. }) {
                WorkRecord::ask(tx, &space, terms.work.approved, &id, now)?;
            }
        }
    }
    tx.delete::<Waiters>(&space, &terms.key(client_id))
}
