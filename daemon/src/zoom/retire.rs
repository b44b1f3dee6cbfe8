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

use super::keys::Pair;
use super::{Site, apps, keys};
use crate::failpoint::{Point, failpoint};
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
    site: &Site,
    tx: &Tx,
    workspace: WorkspaceId,
    client_id: &str,
    pair: &Pair,
) -> Result<String, VaultError> {
    let id = uuid::Uuid::now_v7().simple().to_string();
    let since = site.clock.now();
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
    site.vault.put(tx, GLOBAL, &name, pair).await?;
    Ok(id)
}

/// Revokes what was set aside and forgets it; whether Zoom confirmed. A second caller joins the
/// first, and it goes on when its caller goes away.
pub(crate) async fn now(site: &Arc<Site>, id: &str) -> bool {
    let work = {
        let (site, id) = (Arc::clone(site), id.to_owned());
        async move { carry_out(&site, &id).await }
    };
    let joined = site.retirements.join(id.to_owned(), work);
    joined.await.unwrap_or(false)
}

async fn carry_out(site: &Site, id: &str) -> bool {
    failpoint(Point::RevocationStarts);
    let confirmed = revoke(site, id).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "revoke set-aside keys");
        false
    });
    failpoint(Point::RevocationAsked);
    let forgotten = site.store.transact(|tx| async move {
        tx.delete::<Retirement>(GLOBAL, id)?;
        let name = keys::retiring(id);
        site.vault.delete(&tx, GLOBAL, &name).await?;
        Ok::<_, VaultError>(())
    });
    if let Err(error) = forgotten.await {
        tracing::warn!(%error, "forget revoked keys");
    }
    failpoint(Point::RevocationForgotten);
    confirmed
}

async fn revoke(site: &Site, id: &str) -> Result<bool, VaultError> {
    let found = site.store.transact(|tx| async move {
        let Some(retirement) = tx.get::<Retirement>(GLOBAL, id).await? else {
            return Ok(None);
        };
        let Some(pair) = site
            .vault
            .get::<Pair>(&tx, GLOBAL, &keys::retiring(id))
            .await?
        else {
            return Ok(None);
        };
        let app = apps::with_id(site, &tx, retirement.workspace, &retirement.client_id).await?;
        Ok::<_, VaultError>(Some((app, pair)))
    });
    let Some((app, pair)) = found.await?.0 else {
        return Ok(false);
    };
    if pair.expires_at > site.clock.now() {
        return Ok(site.oauth.revoke(&app, &pair.access).await);
    }
    // Zoom documents revocation by access token only, and this one has ended: a last renewal makes
    // one that counts.
    match site.oauth.refresh(&app, &pair.refresh).await {
        Ok(tokens) => Ok(site.oauth.revoke(&app, &tokens.access).await),
        Err(_) => Ok(false),
    }
}
