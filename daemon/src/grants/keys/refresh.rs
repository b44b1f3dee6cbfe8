//! Owns renewing keys that are about to end.
//!
//! Invariants: one renewal per connection at a time, which all callers join; the attempt is durable
//! before the request; the new pair is durable before anyone gets it; an answer for an older
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
use crate::grants::id::ConnectionId;
use crate::grants::inner::Inner;
use crate::grants::reason::{Reason, Unavailable};
use crate::grants::terms::Rotation;
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

/// Renews the pair if it is still of `generation`. Its failures are written to the connection, not
/// returned.
pub(crate) async fn renew(
    inner: &Arc<Inner>,
    who: ConnectionId,
    generation: u64,
) -> Result<(), Unavailable> {
    let work = {
        let inner = Arc::clone(inner);
        async move { run(&inner, who, generation).await.map_err(Arc::new) }
    };
    match inner.renewals.join(who, work).await {
        Some(done) => done.map_err(Unavailable::Keys),
        None => Err(Unavailable::Stopping),
    }
}

async fn run(inner: &Arc<Inner>, who: ConnectionId, generation: u64) -> Result<(), VaultError> {
    failpoint(Point::RenewalStarts);
    let (app, pair) = match begin(inner, who, generation).await {
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
    match inner.oauth.refresh(&app, &pair.refresh).await {
        Ok(fresh) => {
            failpoint(Point::RenewalAnswered);
            finish(inner, who, generation, &app, &fresh).await?;
            if let Err(error) = read_user(inner, who, &fresh).await {
                tracing::warn!(member = %who.member, %error, "write down whose keys these are");
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
        tracing::debug!(member = %who.member, ?read_at, "it is not said whose keys these are");
        return Ok(());
    };
    let (user, generation) = (&user, record.generation);
    let kept = inner.store.transact(|tx| async move {
        bind_grant::user_read(inner, &tx, who, generation, user, now).await
    });
    kept.await.map(drop)
}

/// Writes down that a renewal begins; `None` where the keys are of another generation by now.
async fn begin(
    inner: &Inner,
    who: ConnectionId,
    generation: u64,
) -> Result<Option<(App, Pair)>, VaultError> {
    let begun = inner.store.transact(|tx| async move {
        let record = connection::read(&tx, inner.terms(), who).await?;
        let Some(next) = record.step(Event::RefreshBegan { generation }, inner.clock.now()) else {
            return Ok(None);
        };
        let Some(granted) = next.grant() else {
            return Ok(None);
        };
        let name = grant(inner.terms(), who.member);
        let pair = inner.vault.get::<Pair>(&tx, &who.space(), &name).await?;
        let pair = pair.ok_or(VaultError::Damaged)?;
        let app = apps::with_id(inner, &tx, who.workspace, &granted.client_id).await?;
        connection::write(&tx, inner.terms(), who, &next)?;
        Ok::<_, VaultError>(Some((app, pair)))
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
    fresh: &Tokens,
) -> Result<(), VaultError> {
    let mut tries = 0;
    let unwanted = loop {
        tries += 1;
        match commit(inner, who, generation, app, fresh).await {
            Ok(unwanted) => break unwanted,
            Err(error) if tries == COMMIT_TRIES => return Err(error),
            Err(error) => {
                tracing::error!(member = %who.member, %error, "keep renewed keys; trying again");
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
    fresh: &Tokens,
) -> Result<Option<String>, VaultError> {
    let now = inner.clock.now();
    let committed = inner.store.transact(|tx| async move {
        let record = connection::read(&tx, inner.terms(), who).await?;
        let pair = Pair::new(fresh, now);
        let event = Event::Refreshed {
            generation,
            scopes: fresh.scopes.clone(),
            expires_at: pair.expires_at,
        };
        let Some(next) = record.step(event, now) else {
            if record.grant().is_some() {
                return Ok(None);
            }
            return revoke::queue_revocation(inner, &tx, who.workspace, &app.client_id, &pair)
                .await;
        };
        let pair = pair.of_generation(next.generation);
        let name = grant(inner.terms(), who.member);
        inner.vault.put(&tx, &who.space(), &name, &pair).await?;
        connection::write(&tx, inner.terms(), who, &next)?;
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
                reason,
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
            let mut entry = by.entry(&terms.call("refresh"), who.member, &["state"], now);
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
