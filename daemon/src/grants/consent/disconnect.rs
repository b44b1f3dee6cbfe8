//! Owns disconnecting: keys, attempts, claims and profile go in one commit, whether or not the
//! provider can be reached; then the provider is asked to revoke, where it can be. Between the two the keys live, sealed, in
//! `revoke`, until it was asked once.

use std::sync::Arc;

use futures::future::join_all;
use greenroom_protocol::id::AttemptId;

use crate::failpoint::{Point, failpoint};
use crate::grants::connection::{self, ConnectionRecord, Event};
use crate::grants::consent::attempt::{AttemptRecord, Stage};
use crate::grants::consent::bind_grant;
use crate::grants::consent::ending;
use crate::grants::consent::error::ConnectFailure;
use crate::grants::id::ConnectionId;
use crate::grants::inner::Inner;
use crate::grants::keys::revoke;
use crate::store::{Attribution, GLOBAL, StoreError, Tx};

/// What a disconnect did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Released {
    /// Whether there were keys.
    pub was_connected: bool,
    /// Whether the provider confirmed that the grant is gone there; also true where there was none.
    pub revoked: bool,
}

/// Wipes a connection, then asks the provider once to revoke it.
pub(crate) async fn disconnect(
    inner: &Arc<Inner>,
    who: ConnectionId,
    by: &Attribution,
) -> Result<Released, ConnectFailure> {
    failpoint(Point::DisconnectStarts);
    let wiped = inner.store.transact(|tx| async move {
        let record = connection::read(&tx, inner.terms(), who).await?;
        let now = inner.clock.now();
        let mut set_aside = Vec::new();
        if let Some((id, attempt)) = attempt_of(&tx, &record).await? {
            set_aside.extend(ending::queue_pending(inner, &tx, id, &attempt).await?);
            ending::forget(inner, &tx, id, &attempt, None).await?;
        }
        let Some(grant) = record.grant() else {
            if let Some(next) = record
                .step(Event::Disconnected, now)
                .filter(|_| record.attempt.is_some() || record.approval.is_some())
            {
                connection::write(&tx, inner.terms(), who, &next)?;
            }
            return Ok((false, set_aside));
        };
        if let Some(pair) = bind_grant::release(inner, &tx, who, grant).await? {
            let (workspace, client_id) = (who.workspace, &grant.client_id);
            let queued = revoke::queue_revocation(inner, &tx, workspace, client_id, &pair);
            set_aside.extend(queued.await?);
        }
        if let Some(next) = record.step(Event::Disconnected, now) {
            connection::write(&tx, inner.terms(), who, &next)?;
        }
        tx.audit(
            &who.space(),
            &by.entry(
                &inner.terms().call("disconnect"),
                who.audited(),
                &["state"],
                now,
            ),
        )?;
        Ok::<_, ConnectFailure>((true, set_aside))
    });
    let ((was_connected, set_aside), _) = wiped.await?;
    failpoint(Point::Disconnected);
    let unopened = was_connected && set_aside.is_empty();
    let revoked = revoke_all(inner, set_aside).await && !unopened;
    Ok(Released {
        was_connected,
        revoked,
    })
}

async fn revoke_all(inner: &Arc<Inner>, set_aside: Vec<String>) -> bool {
    let asked = set_aside.iter().map(|id| revoke::run(inner, id));
    join_all(asked).await.into_iter().all(|confirmed| confirmed)
}

/// Whether a member may leave: they have no keys and are not getting any.
pub(crate) async fn may_leave(
    inner: &Inner,
    tx: &Tx,
    who: ConnectionId,
) -> Result<bool, StoreError> {
    let record = connection::read(tx, inner.terms(), who).await?;
    let attempt = attempt_of(tx, &record).await?;
    let waits = attempt.is_none_or(|(_, attempt)| attempt.stage == Stage::Waiting);
    Ok(record.grant().is_none() && waits)
}

/// Forgets a member who may leave: their record, and an attempt that waits for its browser.
pub(crate) async fn leave(inner: &Inner, tx: &Tx, who: ConnectionId) -> Result<(), StoreError> {
    let record = connection::read(tx, inner.terms(), who).await?;
    if let Some((id, attempt)) = attempt_of(tx, &record).await? {
        ending::forget(inner, tx, id, &attempt, None).await?;
    }
    tx.delete::<ConnectionRecord>(&who.space(), &inner.key(who))
}

async fn attempt_of(
    tx: &Tx,
    record: &ConnectionRecord,
) -> Result<Option<(AttemptId, AttemptRecord)>, StoreError> {
    let Some(waiting) = &record.attempt else {
        return Ok(None);
    };
    let attempt = tx.get(GLOBAL, &waiting.id.to_string()).await?;
    Ok(attempt.map(|attempt| (waiting.id, attempt)))
}
