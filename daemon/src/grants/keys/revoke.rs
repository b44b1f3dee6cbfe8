//! Owns keys nobody wants any more: from the commit that sets them aside until Zoom was asked once
//! to revoke them.
//!
//! The intent and its sealed keys are durable before the request and deleted after it, whatever
//! Zoom said: keys are never kept for the sake of revoking them later. A daemon killed between the
//! two asks once more when it starts.

use std::sync::Arc;

use greenroom_protocol::id::WorkspaceId;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::failpoint::{Point, failpoint};
use crate::grants::Inner;
use crate::grants::keys;
use crate::grants::keys::Pair;
use crate::grants::keys::apps;
use crate::store::{GLOBAL, Record, Tx};
use crate::vault::VaultError;

/// Keys on their way to be revoked.
#[derive(Debug, Clone, Serialize, Deserialize)]
pub(crate) struct Retirement {
    workspace: WorkspaceId,
    client_id: String,
    since: Instant,
}

impl Record for Retirement {
    const TABLE: &'static str = "zoom-retire";
    const SCHEMA: u32 = 1;
}

/// Sets `pair` aside, in this commit; the id for [`now`].
pub(crate) async fn set_aside(
    inner: &Inner,
    tx: &Tx,
    workspace: WorkspaceId,
    client_id: &str,
    pair: &Pair,
) -> Result<String, VaultError> {
    let id = uuid::Uuid::now_v7().simple().to_string();
    let since = inner.clock.now();
    tx.put(
        GLOBAL,
        &id,
        &Retirement {
            workspace,
            client_id: client_id.to_owned(),
            since,
        },
    )?;
    let name = keys::retiring(&id);
    inner.vault.put(tx, GLOBAL, &name, pair).await?;
    Ok(id)
}

/// Revokes what was set aside and forgets it; whether Zoom confirmed. A second caller joins the
/// first, and it goes on when its caller goes away.
pub(crate) async fn now(inner: &Arc<Inner>, id: &str) -> bool {
    let work = {
        let (inner, id) = (Arc::clone(inner), id.to_owned());
        async move { carry_out(&inner, &id).await }
    };
    let joined = inner.retirements.join(id.to_owned(), work);
    joined.await.unwrap_or(false)
}

async fn carry_out(inner: &Inner, id: &str) -> bool {
    failpoint(Point::RevocationStarts);
    let confirmed = revoke(inner, id).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "revoke set-aside keys");
        false
    });
    failpoint(Point::RevocationAsked);
    let forgotten = inner.store.transact(|tx| async move {
        tx.delete::<Retirement>(GLOBAL, id)?;
        let name = keys::retiring(id);
        inner.vault.delete(&tx, GLOBAL, &name).await?;
        Ok::<_, VaultError>(())
    });
    if let Err(error) = forgotten.await {
        tracing::warn!(%error, "forget revoked keys");
    }
    failpoint(Point::RevocationForgotten);
    confirmed
}

async fn revoke(inner: &Inner, id: &str) -> Result<bool, VaultError> {
    let found = inner.store.transact(|tx| async move {
        let Some(retirement) = tx.get::<Retirement>(GLOBAL, id).await? else {
            return Ok(None);
        };
        let Some(pair) = inner
            .vault
            .get::<Pair>(&tx, GLOBAL, &keys::retiring(id))
            .await?
        else {
            return Ok(None);
        };
        let app = apps::with_id(inner, &tx, retirement.workspace, &retirement.client_id).await?;
        Ok::<_, VaultError>(Some((app, pair)))
    });
    let Some((app, pair)) = found.await?.0 else {
        return Ok(false);
    };
    if pair.expires_at > inner.clock.now() {
        return Ok(inner.oauth.revoke(&app, &pair.access).await);
    }
    // Zoom documents revocation by access token only, and this one has ended: a last renewal makes
    // one that counts.
    match inner.oauth.refresh(&app, &pair.refresh).await {
        Ok(tokens) => Ok(inner.oauth.revoke(&app, &tokens.access).await),
        Err(_) => Ok(false),
    }
}
