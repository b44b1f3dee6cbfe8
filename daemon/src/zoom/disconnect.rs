//! Owns disconnecting: keys, attempts, claims and profile go in one commit, whether or not Zoom can
//! be reached; then Zoom is asked to revoke. Between the two the keys live, sealed, in `retire`,
//! until it was asked once.

use std::sync::Arc;

use futures::future::join_all;
use greenroom_protocol::id::AttemptId;

use super::attempt::{AttemptRecord, Stage};
use super::connection::{ConnectionRecord, Event};
use super::error::ConnectError;
use super::{Actor, Site, Who, finish, retire, settle};
use crate::failpoint::{Point, failpoint};
use crate::store::{GLOBAL, StoreError, Tx};

/// What a disconnect did.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub struct Released {
    /// Whether there were keys.
    pub was_connected: bool,
    /// Whether Zoom confirmed that the grant is gone there; also true where there was none.
    pub revoked: bool,
}

/// Where to remove the app by hand.
pub const REMOVE_AT_ZOOM: &str =
    "remove the app in Zoom: marketplace.zoom.us, Manage, Added Apps, then Remove";

/// Wipes a connection, then asks Zoom once to revoke it.
pub(crate) async fn disconnect(
    site: &Arc<Site>,
    who: Who,
    by: &Actor,
) -> Result<Released, ConnectError> {
    failpoint(Point::DisconnectStarts);
    let wiped = site.store.transact(|tx| async move {
        let record = settle::connection(&tx, who).await?;
        let now = site.clock.now();
        let mut set_aside = Vec::new();
        if let Some((id, attempt)) = attempt_of(&tx, &record).await? {
            set_aside.extend(finish::pending(site, &tx, id, &attempt).await?);
            settle::forget(site, &tx, id, &attempt, None).await?;
        }
        let Some(grant) = record.grant() else {
            if let Some(next) = record
                .step(Event::Disconnected, now)
                .filter(|_| record.attempt.is_some() || record.approval.is_some())
            {
                tx.put(&who.space(), &who.id(), &next)?;
            }
            return Ok((false, set_aside));
        };
        set_aside.extend(settle::release(site, &tx, who, grant).await?);
        if let Some(next) = record.step(Event::Disconnected, now) {
            tx.put(&who.space(), &who.id(), &next)?;
        }
        tx.audit(&who.space(), &by.entry("zoom_disconnect", who, now))?;
        Ok::<_, ConnectError>((true, set_aside))
    });
    let ((was_connected, set_aside), _) = wiped.await?;
    failpoint(Point::Disconnected);
    let unopened = was_connected && set_aside.is_empty();
    let revoked = revoke_all(site, set_aside).await && !unopened;
    Ok(Released {
        was_connected,
        revoked,
    })
}

async fn revoke_all(site: &Arc<Site>, set_aside: Vec<String>) -> bool {
    let asked = set_aside.iter().map(|id| retire::now(site, id));
    join_all(asked).await.into_iter().all(|confirmed| confirmed)
}

/// Whether a member may leave: they have no keys and are not getting any.
pub(crate) async fn may_leave(tx: &Tx, who: Who) -> Result<bool, StoreError> {
    let record = settle::connection(tx, who).await?;
    let attempt = attempt_of(tx, &record).await?;
    let waits = attempt.is_none_or(|(_, attempt)| attempt.stage == Stage::Waiting);
    Ok(record.grant().is_none() && waits)
}

/// Forgets a member who may leave: their record, and an attempt that waits for its browser.
pub(crate) async fn leave(site: &Site, tx: &Tx, who: Who) -> Result<(), StoreError> {
    let record = settle::connection(tx, who).await?;
    if let Some((id, attempt)) = attempt_of(tx, &record).await? {
        settle::forget(site, tx, id, &attempt, None).await?;
    }
    tx.delete::<ConnectionRecord>(&who.space(), &who.id())
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
