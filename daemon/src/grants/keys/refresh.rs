//! Owns renewing keys that are about to end.
//!
//! Invariants: one renewal per connection at a time, which all callers join; the attempt is durable
//! before the request, whatever the audience; the new pair is durable before anyone gets it; an answer for an older
//! generation is not written. Where a provider rotates on every renewal, one whose answer is lost
//! gets one try with the old pair, and the provider's word then is final.

use std::sync::Arc;
use std::time::Duration;

use greenroom_protocol::time::Instant;

use super::revoke;
use super::{Pair, apps, grant};
use crate::failpoint::{Point, failpoint};
use crate::grants::connection::{self, ConnectionRecord, Event, Link};
use crate::grants::consent::bind_grant;
use crate::grants::id::{ConnectionId, KeysFor};
use crate::grants::inner::Inner;
use crate::grants::reason::{Reason, Unavailable};
use crate::grants::terms::{Audience, Rotation};
use crate::grants::wire::backoff;
use crate::grants::wire::oauth::failure::Failure;
use crate::grants::wire::oauth::{App, Tokens};
use crate::store::{Attribution, StoreError};
use crate::vault::VaultError;
use crate::work::WorkRecord;

/// Where nobody is at the provider's address for one connection, nobody is for the others: they
/// wait this long before the next one tries.
const UNREACHABLE_PAUSE_SECONDS: i64 = 5;

/// How long what a provider said of its user counts, in seconds: shorter than a day, so that each
/// daily renewal asks.
const USER_READ_SECONDS: i64 = 20 * 60 * 60;

/// How long it may take to say it.
const USER_PATIENCE: Duration = Duration::from_secs(5);

/// How often the commit of rotated keys is tried before they are lost.
const COMMIT_TRIES: u32 = 10;

/// Renews the pair if it is still of `generation`, with an access token for one audience; for
/// which, for one for another may be under way. Its failures are written to the connection, not
/// returned.
pub(crate) async fn renew(
    inner: &Arc<Inner>,
    wanted: KeysFor,
    generation: u64,
) -> Result<Audience, Unavailable> {
    let work = {
        let inner = Arc::clone(inner);
        async move {
            let renewed = run(&inner, wanted, generation).await;
            renewed.map(|()| wanted.audience).map_err(Arc::new)
        }
    };
    match inner.renewals.join(wanted.who, work).await {
        Some(done) => done.map_err(Unavailable::Keys),
        None => Err(Unavailable::Stopping),
    }
}

async fn run(inner: &Arc<Inner>, wanted: KeysFor, generation: u64) -> Result<(), VaultError> {
    failpoint(Point::RenewalStarts);
    let KeysFor { who, audience } = wanted;
    let Begun { app, pair, asked } = match begin(inner, who, generation).await {
        Ok(Some(begun)) => begun,
        Ok(None) => return Ok(()),
        Err(VaultError::OtherKey { .. } | VaultError::Damaged) => {
            return fail(inner, who, generation, Failure::Passing(Reason::VaultKey)).await;
        }
        Err(VaultError::KeyGone) => {
            return fail(inner, who, generation, Failure::Dead(Reason::VaultKey)).await;
        }
        Err(error) => return Err(error),
    };
    failpoint(Point::RenewalBegun);
    let renewed = inner.oauth.refresh(&app, &pair.refresh, audience, &asked);
    match renewed.await {
        Ok(fresh) => {
            failpoint(Point::RenewalAnswered);
            let fresh = Fresh {
                former: pair,
                audience,
                tokens: fresh,
            };
            finish(inner, who, generation, &app, &fresh).await?;
            if audience != Audience::MAIN {
                return Ok(());
            }
            if let Err(error) = read_user(inner, who, &fresh.tokens).await {
                tracing::warn!(%who, %error, "write down whose keys these are");
            }
            Ok(())
        }
        Err(failure) => {
            failpoint(Point::RenewalRefused);
            fail(inner, who, generation, failure).await
        }
    }
}

/// Asks once a day, with fresh keys, for the user's plan, email and name: a licence is taken away
/// or given, and what is advised of lengths and overlaps follows it. A caller that needs the keys
/// waits a few seconds for this at most.
async fn read_user(inner: &Inner, who: ConnectionId, fresh: &Tokens) -> Result<(), StoreError> {
    let (space, id) = (&who.space(), &inner.key(who));
    let stored = inner.store.get::<ConnectionRecord>(space, id).await?;
    let Some(record) = stored.map(|stored| stored.record) else {
        return Ok(());
    };
    let now = inner.clock.now();
    let lately = |at: Instant| now.since(at).as_secs() < USER_READ_SECONDS;
    let read_at = record.grant().map(|grant| grant.user_read_at);
    let scopes = record.grant().map(|grant| grant.scopes.clone());
    let scopes = scopes.unwrap_or_default();
    let Some(read_at) = read_at.filter(|at| !at.is_some_and(lately)) else {
        return Ok(());
    };
    let asked = inner.provider.identify(&fresh.access, &scopes);
    // Without an answer the next renewal asks again.
    let Ok(Ok(user)) = tokio::time::timeout(USER_PATIENCE, asked).await else {
        tracing::debug!(%who, ?read_at, "it is not said whose keys these are");
        return Ok(());
    };
    let (user, generation) = (&user, record.generation);
    let kept = inner.store.transact(|tx| async move {
        bind_grant::user_read(inner, &tx, who, generation, user, now).await
    });
    kept.await.map(drop)
}

/// What a renewal is asked for with.
struct Begun {
    app: App,
    pair: Pair,
    asked: Vec<String>,
}

/// What a renewal brought, beside the keys it was asked for with.
struct Fresh {
    former: Pair,
    audience: Audience,
    tokens: Tokens,
}

/// Writes down that a renewal begins; `None` where the keys are of another generation by now.
async fn begin(
    inner: &Inner,
    who: ConnectionId,
    generation: u64,
) -> Result<Option<Begun>, VaultError> {
    let begun = inner.store.transact(|tx| async move {
        let record = connection::read(&tx, inner.terms(), who).await?;
        let Some(next) = record.step(Event::RefreshBegan { generation }, inner.clock.now()) else {
            return Ok(None);
        };
        let Some(granted) = next.grant() else {
            return Ok(None);
        };
        let name = grant(inner.terms(), who.owner);
        let pair = inner.vault.get::<Pair>(&tx, &who.space(), &name).await?;
        let pair = pair.ok_or(VaultError::Damaged)?;
        let (client_id, tenant) = (&granted.client_id, granted.tenant.as_deref());
        let app = apps::with_id(inner, &tx, who.workspace, client_id, tenant).await?;
        let asked = granted.asked.clone();
        connection::write(&tx, inner.terms(), who, &next)?;
        Ok::<_, VaultError>(Some(Begun { app, pair, asked }))
    });
    Ok(begun.await?.0)
}

/// Makes the renewed pair durable. The old one may be dead by now, so a store that fails for a
/// moment is asked again.
async fn finish(
    inner: &Arc<Inner>,
    who: ConnectionId,
    generation: u64,
    app: &App,
    fresh: &Fresh,
) -> Result<(), VaultError> {
    let mut tries = 0;
    let unwanted = loop {
        tries += 1;
        match commit(inner, who, generation, app, fresh).await {
            Ok(unwanted) => break unwanted,
            Err(error) if tries == COMMIT_TRIES => return Err(error),
            Err(error) => {
                tracing::error!(%who, %error, "keep renewed keys; trying again");
                tokio::time::sleep(Duration::from_secs(1)).await;
            }
        }
    };
    failpoint(Point::RenewalKept);
    if let Some(id) = unwanted {
        revoke::run(inner, &id).await;
    }
    Ok(())
}

/// Writes the new pair. Where somebody disconnected meanwhile its revocation is queued; the id of
/// that then. Where somebody consented anew, nobody wants this pair.
async fn commit(
    inner: &Inner,
    who: ConnectionId,
    generation: u64,
    app: &App,
    fresh: &Fresh,
) -> Result<Option<String>, VaultError> {
    let (now, terms) = (inner.clock.now(), inner.terms());
    let Fresh {
        former,
        audience,
        tokens,
    } = fresh;
    let committed = inner.store.transact(|tx| async move {
        let record = connection::read(&tx, terms, who).await?;
        let granted = record.grant().map(|grant| grant.scopes.as_slice());
        let told = tokens.scopes.clone();
        let merged = |told| terms.merged(*audience, granted.unwrap_or_default(), told);
        let next = generation.saturating_add(1);
        let pair = former.clone().renewed(*audience, tokens, next, now);
        let event = Event::Refreshed {
            generation,
            scopes: told.map(merged),
            expires_at: pair.expires_at,
        };
        let Some(next) = record.step(event, now) else {
            if record.grant().is_some() {
                return Ok(None);
            }
            return revoke::queue_revocation(inner, &tx, who.workspace, &app.client_id, &pair)
                .await;
        };
        let name = grant(terms, who.owner);
        inner.vault.put(&tx, &who.space(), &name, &pair).await?;
        connection::write(&tx, terms, who, &next)?;
        Ok::<_, VaultError>(None)
    });
    Ok(committed.await?.0)
}

/// Writes a failure down. The record is read once more before keys are called dead: a consent may
/// have come between.
async fn fail(
    inner: &Inner,
    who: ConnectionId,
    generation: u64,
    failure: Failure,
) -> Result<(), VaultError> {
    let now = inner.clock.now();
    match failure {
        Failure::Limited { until } => inner.timers.pause(until.since(now).as_secs()),
        Failure::Passing(Reason::Unreachable) => inner.timers.pause(UNREACHABLE_PAUSE_SECONDS),
        _ => {}
    }
    let terms = inner.terms();
    let written = inner.store.transact(|tx| async move {
        let record = connection::read(&tx, terms, who).await?;
        let failures = match record.link {
            Link::Retrying { failures, .. } => failures,
            _ => 0,
        };
        let next = now.plus_seconds(backoff::wait_seconds(failures));
        let failed = |reason, lost, next| Event::RefreshFailed {
            generation,
            reason,
            lost,
            next,
        };
        let event = match failure {
            Failure::Dead(reason) => Event::Ended {
                generation,
                reason: match record.grant() {
                    Some(grant) => inner.provider.cause(reason, grant, now),
                    None => reason,
                },
                rotates: terms.rotation == Rotation::EndsFormer,
            },
            Failure::Passing(reason) => failed(reason, false, next),
            Failure::Limited { until } => failed(Reason::Limited, false, next.max(until)),
            Failure::Lost(reason) => failed(reason, true, next),
        };
        let Some(next) = record.step(event, now) else {
            return Ok(());
        };
        connection::write(&tx, terms, who, &next)?;
        if let Link::ReconnectRequired { reason, .. } = next.link {
            let by = Attribution {
                source: "work".to_owned(),
                ..Attribution::default()
            };
            let mut entry = by.entry(&terms.call("refresh"), who.audited(), &["state"], now);
            let text = reason.text(terms.words);
            entry.values.insert("reason".to_owned(), text);
            tx.audit(&who.space(), &entry)?;
            // People are notified by mail, which is not this room's affair.
            WorkRecord::ask(&tx, &who.space(), terms.work.broken, &inner.key(who), now)?;
        }
        Ok::<_, VaultError>(())
    });
    written.await?;
    failpoint(Point::RenewalFailed);
    Ok(())
}
