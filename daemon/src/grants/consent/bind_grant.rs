//! Owns whose a fresh grant is, once the provider has said which user it belongs to: one decision,
//! one commit.
//!
//! A user, and an address, of a provider belong to one connection of this daemon; who asks for a
//! second one is refused, and the first goes on working. What then becomes of the fresh keys depends
//! on the provider. Where consent itself ends the former grant of the same user for the same app,
//! they *replace that connection's keys*. Where it does not, or with another app, the former grant
//! lives, and only the fresh one is revoked.

use greenroom_protocol::id::{AttemptId, WorkspaceId};
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

use crate::grants::connection::{self, ConnectionRecord, Event, Grant, Profile};
use crate::grants::consent::approval;
use crate::grants::consent::attempt::AttemptRecord;
use crate::grants::consent::ending;
use crate::grants::id::{ConnectionId, Owner};
use crate::grants::inner::Inner;
use crate::grants::keys::revoke;
use crate::grants::keys::{self, Pair};
use crate::grants::reason::Reason;
use crate::grants::terms::Reconsent;
use crate::store::{GLOBAL, Record, StoreError, Tx};
use crate::vault::VaultError;

const ADDRESS: &str = "zoom-address";

/// Whose a user is, in the global space under the provider's id of them; also the roster of all connections
/// with keys.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize)]
pub(crate) struct Holder {
    workspace: WorkspaceId,
    #[serde(rename = "member")]
    owner: Owner,
}

impl Record for Holder {
    const TABLE: &'static str = "zoom-user";
    const SCHEMA: u32 = 1;
}

impl Holder {
    pub(crate) fn who(&self) -> ConnectionId {
        ConnectionId {
            workspace: self.workspace,
            owner: self.owner,
        }
    }
}

/// An address as it is claimed: in lower case, among those of the provider.
fn address(inner: &Inner, email: &str) -> String {
    inner.terms().key(&email.to_lowercase()).into_owned()
}

/// What became of a fresh grant.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(crate) enum Verdict {
    Connected,
    /// The user, or the address, belongs to another connection.
    Held(ConnectionId),
    WrongUser,
    /// The attempt was ended meanwhile.
    Gone,
    /// Nothing was written: only the provider knows whether the fresh keys or this connection's live.
    Beside(Rival),
}

/// A connection with keys of the same user and app, and which keys those were.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(crate) struct Rival {
    who: ConnectionId,
    generation: u64,
}

/// Whether the fresh keys lived, asked while a rival had its own: then the rival's were dead, and
/// the other way round.
#[derive(Debug, Clone, Copy)]
pub(crate) struct Asked {
    pub(crate) beside: Rival,
    pub(crate) lives: bool,
}

/// A fresh grant and the user the provider says it belongs to.
pub(crate) struct Fresh<'a> {
    pub(crate) attempt: AttemptId,
    pub(crate) pair: &'a Pair,
    pub(crate) scopes: &'a [String],
    pub(crate) user: &'a Profile,
    /// When the grant ends whatever happens, where that is known.
    pub(crate) ends_at: Option<Instant>,
    /// What the provider said of them last.
    pub(crate) asked: Option<Asked>,
}

/// Who holds this address at the provider, if anybody does.
pub(crate) async fn holder_of_address(
    inner: &Inner,
    tx: &Tx,
    email: &str,
) -> Result<Option<ConnectionId>, StoreError> {
    let holder = tx.holder(GLOBAL, ADDRESS, &address(inner, email)).await?;
    Ok(holder.and_then(|holder| ConnectionId::parse(&holder)))
}

/// Takes over what the provider says of a connection's user now. An email that another connection has stays
/// that connection's.
pub(crate) async fn user_read(
    inner: &Inner,
    tx: &Tx,
    who: ConnectionId,
    generation: u64,
    user: &Profile,
    now: Instant,
) -> Result<(), StoreError> {
    let record = connection::read(tx, inner.terms(), who).await?;
    let Some(before) = record.grant().map(|grant| grant.user.clone()) else {
        return Ok(());
    };
    let holder = holder_of_address(inner, tx, &user.email).await?;
    let contested = holder.is_some_and(|holder| holder != who);
    let event = Event::UserRead {
        generation,
        user: Profile {
            email: match contested {
                true => before.email.clone(),
                false => user.email.clone(),
            },
            ..user.clone()
        },
        contested: contested.then(|| user.email.clone()),
    };
    let Some(next) = record.step(event, now) else {
        return Ok(());
    };
    let (former, email) = (address(inner, &before.email), address(inner, &user.email));
    if !contested && former != email {
        tx.release(GLOBAL, ADDRESS, &former)?;
        let _ = tx.claim(GLOBAL, ADDRESS, &email, &who.to_string()).await?;
    }
    connection::write(tx, inner.terms(), who, &next)
}

/// Decides, and writes what follows; with the ids of what is to be revoked after the commit.
pub(crate) async fn bind(
    inner: &Inner,
    tx: &Tx,
    fresh: &Fresh<'_>,
) -> Result<(Verdict, Vec<String>), VaultError> {
    let Some(attempt) = tx
        .get::<AttemptRecord>(GLOBAL, &fresh.attempt.to_string())
        .await?
    else {
        return Ok((Verdict::Gone, Vec::new()));
    };
    let own = attempt.who();
    let same = |email: &String| email.to_lowercase() == fresh.user.email.to_lowercase();
    let expected = attempt.expected_email.as_ref().is_none_or(same);
    let verdict = match other_holder(inner, tx, fresh.user, own).await? {
        Some(other) => Verdict::Held(other),
        None if expected => Verdict::Connected,
        None => Verdict::WrongUser,
    };
    let refused = match verdict {
        Verdict::Connected => Refused::SetAside(connect(inner, tx, fresh, &attempt).await?),
        Verdict::Held(other) => refuse(inner, tx, fresh, &attempt, other).await?,
        _ => refuse(inner, tx, fresh, &attempt, own).await?,
    };
    let set_aside = match refused {
        Refused::SetAside(set_aside) => set_aside,
        Refused::Beside(rival) => return Ok((Verdict::Beside(rival), Vec::new())),
    };
    let outcome = match verdict {
        Verdict::Held(_) => Some(Reason::HeldElsewhere),
        Verdict::WrongUser => Some(Reason::WrongUser),
        Verdict::Connected | Verdict::Gone | Verdict::Beside(_) => None,
    };
    ending::forget(inner, tx, fresh.attempt, &attempt, outcome).await?;
    Ok((verdict, set_aside))
}

/// Takes from a connection everything that says whose it was; its keys, if there were any that
/// open.
pub(crate) async fn release(
    inner: &Inner,
    tx: &Tx,
    who: ConnectionId,
    grant: &Grant,
) -> Result<Option<Pair>, VaultError> {
    let name = keys::grant(inner.terms(), who.owner);
    let pair = inner
        .vault
        .get::<Pair>(tx, &who.space(), &name)
        .await
        .unwrap_or_else(|error| {
            // Keys that do not open cannot be revoked, but must not stand in the way of forgetting
            // them.
            tracing::warn!(%who, %error, "revoke keys");
            None
        });
    inner.vault.delete(tx, &who.space(), &name).await?;
    tx.delete::<Holder>(GLOBAL, &inner.terms().key(&grant.user.id))?;
    tx.release(GLOBAL, ADDRESS, &address(inner, &grant.user.email))?;
    Ok(pair)
}

async fn other_holder(
    inner: &Inner,
    tx: &Tx,
    user: &Profile,
    own: ConnectionId,
) -> Result<Option<ConnectionId>, StoreError> {
    let of_user = tx
        .get::<Holder>(GLOBAL, &inner.terms().key(&user.id))
        .await?
        .map(|holder| holder.who());
    let of_address = holder_of_address(inner, tx, &user.email).await?;
    Ok([of_user, of_address]
        .into_iter()
        .flatten()
        .find(|holder| *holder != own))
}

async fn connect(
    inner: &Inner,
    tx: &Tx,
    fresh: &Fresh<'_>,
    attempt: &AttemptRecord,
) -> Result<Vec<String>, VaultError> {
    let (who, now) = (attempt.who(), inner.clock.now());
    let record = connection::read(tx, inner.terms(), who).await?;
    let former = record.grant();
    // The former keys of the same user and app may be dead already, and revoking them could end the
    // fresh ones.
    let same = former.is_some_and(|former| {
        former.user.id == fresh.user.id && former.client_id == attempt.client_id
    });
    let set_aside = match former {
        Some(former) if !same => replaced(inner, tx, who, former, fresh.user).await?,
        _ => None,
    };
    if let Some(former) = former.filter(|former| former.user.email != fresh.user.email) {
        tx.release(GLOBAL, ADDRESS, &address(inner, &former.user.email))?;
    }
    let grant = Grant {
        user: fresh.user.clone(),
        client_id: attempt.client_id.clone(),
        scopes: fresh.scopes.to_vec(),
        expires_at: fresh.pair.expires_at,
        last_refresh: now,
        refresh_attempt: None,
        user_read_at: Some(now),
        contested_email: None,
        asked: attempt.asked.clone(),
        tenant: attempt.tenant.clone(),
        granted_at: Some(now),
        ends_at: fresh.ends_at,
    };
    let Some(next) = record.step(Event::Granted(grant), now) else {
        return Ok(Vec::new());
    };
    let pair = fresh.pair.clone().of_generation(next.generation);
    let name = keys::grant(inner.terms(), who.owner);
    inner.vault.put(tx, &who.space(), &name, &pair).await?;
    connection::write(tx, inner.terms(), who, &next)?;
    tx.put(
        GLOBAL,
        &inner.terms().key(&fresh.user.id),
        &Holder {
            workspace: who.workspace,
            owner: who.owner,
        },
    )?;
    approval::given(inner.terms(), tx, who.workspace, &attempt.client_id, now).await?;
    // Whether another holds the address was judged above, in this transaction.
    let holder = who.to_string();
    let _ = tx
        .claim(GLOBAL, ADDRESS, &address(inner, &fresh.user.email), &holder)
        .await?;
    tx.audit(
        &who.space(),
        &attempt.by.entry(
            &inner.terms().call("connect_finish"),
            who.audited(),
            &["state"],
            now,
        ),
    )?;
    Ok(set_aside.into_iter().collect())
}

/// Releases a connection from the keys that others take the place of; the id of what is to be
/// revoked.
async fn replaced(
    inner: &Inner,
    tx: &Tx,
    who: ConnectionId,
    former: &Grant,
    user: &Profile,
) -> Result<Option<String>, VaultError> {
    let Some(pair) = release(inner, tx, who, former).await? else {
        return Ok(None);
    };
    let (workspace, client_id) = (who.workspace, &former.client_id);
    match former.user.id == user.id {
        true => revoke::queue_beside_others(inner, tx, workspace, client_id, &pair).await,
        false => revoke::queue_revocation(inner, tx, workspace, client_id, &pair).await,
    }
}

/// What a refusal leaves to be done.
enum Refused {
    SetAside(Vec<String>),
    Beside(Rival),
}

/// Keeps the holder's connection alive, and has the fresh keys revoked where it does not need them.
/// Of two consents at the same moment the earlier may get here last: its keys are dead, and the
/// holder's must stay.
async fn refuse(
    inner: &Inner,
    tx: &Tx,
    fresh: &Fresh<'_>,
    attempt: &AttemptRecord,
    holder: ConnectionId,
) -> Result<Refused, VaultError> {
    let record = connection::read(tx, inner.terms(), holder).await?;
    let held = record.grant().filter(|held| held.user.id == fresh.user.id);
    let (workspace, client_id, pair) = (attempt.workspace, &attempt.client_id, fresh.pair);
    let queued = match (held, inner.terms().consent) {
        (Some(held), Reconsent::EndsFormer) if held.client_id == *client_id => None,
        // With another app too: a provider may count several as one.
        (Some(_), Reconsent::KeepsFormer) => {
            Some(revoke::queue_beside_others(inner, tx, workspace, client_id, pair).await?)
        }
        _ => Some(revoke::queue_revocation(inner, tx, workspace, client_id, pair).await?),
    };
    if let Some(queued) = queued {
        return Ok(Refused::SetAside(queued.into_iter().collect()));
    }
    let rival = Rival {
        who: holder,
        generation: record.generation,
    };
    match fresh.asked.filter(|asked| asked.beside == rival) {
        None => return Ok(Refused::Beside(rival)),
        Some(Asked { lives: false, .. }) => {}
        Some(Asked { lives: true, .. }) => {
            adopt(inner, tx, fresh, attempt, &record, holder).await?
        }
    }
    Ok(Refused::SetAside(Vec::new()))
}

/// Gives the fresh keys to the holder, whose own they ended.
async fn adopt(
    inner: &Inner,
    tx: &Tx,
    fresh: &Fresh<'_>,
    attempt: &AttemptRecord,
    record: &ConnectionRecord,
    holder: ConnectionId,
) -> Result<(), VaultError> {
    let now = inner.clock.now();
    let adopted = Event::Adopted {
        client_id: attempt.client_id.clone(),
        scopes: fresh.scopes.to_vec(),
        expires_at: fresh.pair.expires_at,
    };
    let Some(next) = record.step(adopted, now) else {
        return Ok(());
    };
    let pair = fresh.pair.clone().of_generation(next.generation);
    let name = keys::grant(inner.terms(), holder.owner);
    inner.vault.put(tx, &holder.space(), &name, &pair).await?;
    connection::write(tx, inner.terms(), holder, &next)?;
    tx.audit(
        &holder.space(),
        &attempt.by.entry(
            &inner.terms().call("keys_replaced"),
            holder.audited(),
            &["state"],
            now,
        ),
    )?;
    Ok(())
}
