//! Owns how an attempt ends that did not become a connection: its secrets go, what it was given is
//! revoked, and the connection says why.

use std::sync::Arc;

use greenroom_protocol::id::AttemptId;

use super::attempt::{AttemptRecord, Pending};
use crate::failpoint::{Point, failpoint};
use crate::grants::connection::{self, Event};
use crate::grants::inner::Inner;
use crate::grants::keys::{self, revoke};
use crate::grants::reason::Reason;
use crate::store::{GLOBAL, StoreError, Tx};
use crate::vault::VaultError;

/// Ends an attempt with a reason; its pending keys, if any, are revoked.
pub(super) async fn end(
    inner: &Arc<Inner>,
    id: AttemptId,
    reason: Reason,
) -> Result<(), VaultError> {
    failpoint(Point::AttemptEnds);
    let ended = inner.store.transact(|tx| async move {
        let Some(attempt) = tx.get::<AttemptRecord>(GLOBAL, &id.to_string()).await? else {
            return Ok(None);
        };
        let set_aside = queue_pending(inner, &tx, id, &attempt).await?;
        forget(inner, &tx, id, &attempt, Some(reason)).await?;
        Ok::<_, VaultError>(set_aside)
    });
    let (set_aside, _) = ended.await?;
    failpoint(Point::AttemptEnded);
    if let Some(revoking) = set_aside {
        revoke::run(inner, &revoking).await;
    }
    Ok(())
}

/// Queues the revocation of an attempt's pending keys, in this commit; the id for [`revoke::run`].
/// Nobody knows whose they are: a connection may have others of the same user.
pub(crate) async fn queue_pending(
    inner: &Inner,
    tx: &Tx,
    id: AttemptId,
    attempt: &AttemptRecord,
) -> Result<Option<String>, VaultError> {
    let pending = inner
        .vault
        .get::<Pending>(tx, GLOBAL, &keys::pending(id))
        .await?;
    let Some(pending) = pending else {
        return Ok(None);
    };
    let (workspace, client_id) = (attempt.workspace, &attempt.client_id);
    revoke::queue_beside_others(inner, tx, workspace, client_id, &pending.pair).await
}

/// Removes an attempt and all its secrets; with a reason, the connection says why it came to
/// nothing.
pub(crate) async fn forget(
    inner: &Inner,
    tx: &Tx,
    id: AttemptId,
    attempt: &AttemptRecord,
    outcome: Option<Reason>,
) -> Result<(), StoreError> {
    tx.delete::<AttemptRecord>(GLOBAL, &id.to_string())?;
    for secret in [keys::proof(id), keys::pending(id)] {
        inner.vault.delete(tx, GLOBAL, &secret).await?;
    }
    let Some(reason) = outcome else { return Ok(()) };
    let who = attempt.who();
    let record = connection::read(tx, inner.terms(), who).await?;
    match record.step(Event::AttemptEnded { id, reason }, inner.clock.now()) {
        Some(next) => connection::write(tx, inner.terms(), who, &next),
        None => Ok(()),
    }
}
