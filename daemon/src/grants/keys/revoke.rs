//! Owns keys nobody wants any more: from the commit that queues their revocation until the provider
//! was asked once to revoke them.
//!
//! The intent and its sealed keys are durable before the request and deleted after it, whatever the
//! provider said: keys are never kept for the sake of revoking them later, and not at all where it
//! has no endpoint for that. A daemon killed between the two asks once more when it starts.

use std::sync::Arc;

use greenroom_protocol::id::WorkspaceId;

use super::{Pair, Revocation, apps, revoking};
use crate::failpoint::{Point, failpoint};
use crate::grants::inner::Inner;
use crate::grants::terms::{Audience, Ends, Reconsent, RevokeBy};
use crate::store::{GLOBAL, Tx};
use crate::vault::VaultError;

/// Queues the revocation of `pair`, in this commit; the id for [`run`]. `None`: the provider has no
/// endpoint for it, and the pair is only forgotten.
pub(crate) async fn queue_revocation(
    inner: &Inner,
    tx: &Tx,
    workspace: WorkspaceId,
    client_id: &str,
    pair: &Pair,
) -> Result<Option<String>, VaultError> {
    let terms = inner.terms();
    if terms.revocation.is_none() {
        return Ok(None);
    }
    let id = uuid::Uuid::now_v7().simple().to_string();
    let queued = Revocation {
        provider: terms.id.to_owned(),
        workspace,
        client_id: client_id.to_owned(),
        since: inner.clock.now(),
    };
    tx.put(GLOBAL, &id, &queued)?;
    inner.vault.put(tx, GLOBAL, &revoking(&id), pair).await?;
    Ok(Some(id))
}

/// The same for keys whose user has others that live, or may have: where a revocation would end
/// those too, the pair is only forgotten. Such a provider counts by more than the client id: at
/// Google all clients of a project are one.
pub(crate) async fn queue_beside_others(
    inner: &Inner,
    tx: &Tx,
    workspace: WorkspaceId,
    client_id: &str,
    pair: &Pair,
) -> Result<Option<String>, VaultError> {
    let terms = inner.terms();
    let ends = terms.revocation.map(|revoking| revoking.ends);
    match (ends, terms.consent) {
        (Some(Ends::AllOfUserAndApp), Reconsent::KeepsFormer) => Ok(None),
        // Where consent ended the others, only these are left.
        _ => queue_revocation(inner, tx, workspace, client_id, pair).await,
    }
}

/// Revokes what was queued and forgets it; whether the provider confirmed. A second caller joins
/// the first, and it goes on when its caller goes away.
pub(crate) async fn run(inner: &Arc<Inner>, id: &str) -> bool {
    let work = {
        let (inner, id) = (Arc::clone(inner), id.to_owned());
        async move { carry_out(&inner, &id).await }
    };
    let joined = inner.revocations.join(id.to_owned(), work);
    joined.await.unwrap_or(false)
}

async fn carry_out(inner: &Inner, id: &str) -> bool {
    failpoint(Point::RevocationStarts);
    let confirmed = revoke(inner, id).await.unwrap_or_else(|error| {
        tracing::warn!(%error, "revoke keys");
        false
    });
    failpoint(Point::RevocationAsked);
    let forgotten = inner.store.transact(|tx| async move {
        tx.delete::<Revocation>(GLOBAL, id)?;
        inner.vault.delete(&tx, GLOBAL, &revoking(id)).await?;
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
        let Some(queued) = tx.get::<Revocation>(GLOBAL, id).await? else {
            return Ok(None);
        };
        let Some(pair) = inner.vault.get::<Pair>(&tx, GLOBAL, &revoking(id)).await? else {
            return Ok(None);
        };
        // No provider that has tenants revokes.
        let (workspace, client_id) = (queued.workspace, &queued.client_id);
        let app = apps::with_id(inner, &tx, workspace, client_id, None).await?;
        Ok::<_, VaultError>(Some((app, pair)))
    });
    let Some((app, pair)) = found.await?.0 else {
        return Ok(false);
    };
    match inner.terms().revocation.map(|revoking| revoking.by) {
        None => Ok(false),
        Some(RevokeBy::Refresh) => Ok(inner.oauth.revoke(&app, &pair.refresh).await),
        Some(RevokeBy::Access) if pair.expires_at > inner.clock.now() => {
            Ok(inner.oauth.revoke(&app, &pair.access).await)
        }
        // This one has ended: a last renewal makes one that counts.
        Some(RevokeBy::Access) => match inner
            .oauth
            .refresh(&app, &pair.refresh, Audience::MAIN, &[])
            .await
        {
            Ok(tokens) => Ok(inner.oauth.revoke(&app, &tokens.access).await),
            Err(_) => Ok(false),
        },
    }
}
