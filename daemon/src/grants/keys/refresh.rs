//! Owns keys in use: handing out an access token, and renewing the pair when it is about to end.
//!
//! Invariants: one renewal per connection at a time, which all callers join; the attempt is durable
//! before the request; the new pair is durable before anyone gets it; an answer for an older
//! generation is not written. Zoom rotates on every renewal, so a renewal whose answer is lost gets
//! one try with the old pair, and Zoom's word then is final.

use std::collections::HashMap;
use std::sync::{Arc, MutexGuard, PoisonError};

use greenroom_protocol::time::Instant;
use secrecy::SecretString;

use crate::failpoint::{Point, failpoint};
use crate::grants::Distrusted;
use crate::grants::Inner;
use crate::grants::connection::{ConnectionRecord, Event, Grant, Link};
use crate::grants::consent::bind_grant;
use crate::grants::id::Who;
use crate::grants::keys::apps;
use crate::grants::keys::revoke;
use crate::grants::keys::{self, Pair};
use crate::grants::reason::Reason;
use crate::grants::wire::backoff;
use crate::grants::wire::oauth::{App, Failure, Tokens as Fresh};
use crate::store::{AuditEntry, StoreError};
use crate::vault::VaultError;
use crate::work::WorkRecord;
use crate::zoom::api;
use crate::zoom::outcome::Outcome;

/// The kind of the work that tells a member that they must connect again.
pub const BROKEN_WORK: &str = "broken";

/// Renew when less than this is left of an access token: longer than any call may take, several
/// times over.
pub(crate) const AHEAD_SECONDS: i64 = 5 * 60;

/// An access token with less than this left is not handed out.
const LEAST_SECONDS: i64 = 30;

/// Where nobody is at Zoom's address for one connection, nobody is for the others: they wait this
/// long before the next one tries.
const UNREACHABLE_PAUSE_SECONDS: i64 = 5;

/// How long what Zoom said of its user counts, in seconds: shorter than a day, so that each daily
/// renewal asks.
const USER_READ_SECONDS: i64 = 20 * 60 * 60;

/// How long Zoom may take to say it.
const USER_PATIENCE: std::time::Duration = std::time::Duration::from_secs(5);

/// How often the commit of rotated keys is tried before they are lost.
const COMMIT_TRIES: u32 = 10;

/// What a call to Zoom is made with.
#[derive(Clone)]
pub struct AccessToken {
    pub(crate) secret: SecretString,
    pub(crate) generation: u64,
}

/// Why there is no access token.
#[derive(Debug, Clone, thiserror::Error)]
pub enum Unavailable {
    /// Not connected.
    #[error("Zoom is not connected")]
    NotConnected,
    /// The grant is gone.
    #[error("Zoom must be reconnected: {}", .0.text())]
    ReconnectRequired(Reason),
    /// It is tried again by itself.
    #[error("Zoom is not available for now: {}", .reason.text())]
    Retrying {
        /// What is in the way.
        reason: Reason,
        /// When it is tried next.
        next: Instant,
    },
    /// The daemon is stopping.
    #[error("the daemon is stopping")]
    Stopping,
    /// The keys could not be read or written.
    #[error("{0}")]
    Keys(Arc<VaultError>),
}

impl Unavailable {
    /// What to do next, where there is something.
    #[must_use]
    pub fn hint(&self) -> Option<&'static str> {
        match self {
            Self::NotConnected => {
                Some("connect Zoom, or enter the meeting's link and passcode manually")
            }
            Self::ReconnectRequired(reason) | Self::Retrying { reason, .. } => reason.hint(),
            Self::Stopping => Some("try again in a moment"),
            Self::Keys(_) => Some("run `greenroom doctor`"),
        }
    }
}

impl From<VaultError> for Unavailable {
    fn from(error: VaultError) -> Self {
        Self::Keys(Arc::new(error))
    }
}

/// An access token good for at least half a minute, renewed before where it is about to end.
pub(crate) async fn access(inner: &Arc<Inner>, who: Who) -> Result<AccessToken, Unavailable> {
    let mut tried = false;
    loop {
        let (record, pair) = read(inner, who).await?;
        let grant = usable(&record)?;
        let left = inner.due.seconds_left(who, record.generation, grant);
        let token = AccessToken {
            secret: pair.access,
            generation: record.generation,
        };
        if left > AHEAD_SECONDS {
            return Ok(token);
        }
        match waiting(inner, who, &record) {
            Some((wait, _)) if !tried && wait <= 0 => {}
            Some(_) if left > LEAST_SECONDS => return Ok(token),
            Some((wait, reason)) => return Err(retrying(inner, wait, reason)),
            None if tried => return Ok(token),
            None => {}
        }
        renew_now(inner, who, record.generation).await?;
        tried = true;
    }
}

/// An access token of a later generation than `refused`, which Zoom did not take.
pub(crate) async fn access_after(
    inner: &Arc<Inner>,
    who: Who,
    refused: u64,
) -> Result<AccessToken, Unavailable> {
    renew_now(inner, who, refused).await?;
    let (record, pair) = read(inner, who).await?;
    usable(&record)?;
    match waiting(inner, who, &record) {
        Some((wait, reason)) => Err(retrying(inner, wait, reason)),
        None => Ok(AccessToken {
            secret: pair.access,
            generation: record.generation,
        }),
    }
}

/// Writes down that Zoom did not take even a renewed token of `generation`: what is broken must not
/// look connected. Until when callers wait; longer each time in a row, for every renewal in between
/// works.
pub(crate) async fn distrust(
    inner: &Inner,
    who: Who,
    generation: u64,
    reason: Reason,
) -> Unavailable {
    let reason = match reason {
        Reason::ZoomTrouble => reason.unless_the_clock_is_wrong(inner.http.skew()),
        named => named,
    };
    let times = {
        let mut distrusted = distrusted(inner);
        let known = distrusted.entry(who).or_default();
        known.generation = known.generation.max(generation);
        known.times = known.times.saturating_add(1);
        known.times
    };
    let now = inner.clock.now();
    let next = now.plus_seconds(backoff::wait_seconds(times - 1));
    let (space, id) = (&who.space(), &who.id());
    let written = inner.store.transact(|tx| async move {
        let record = tx
            .get::<ConnectionRecord>(space, id)
            .await?
            .unwrap_or_default();
        let refused = Event::RefreshFailed {
            generation,
            reason,
            lost: false,
            next,
        };
        match record.step(refused, now) {
            Some(next) => tx.put(space, id, &next),
            None => Ok(()),
        }
    });
    if let Err(error) = written.await {
        tracing::error!(member = %who.member, %error, "write down that Zoom takes no token");
    }
    Unavailable::Retrying { reason, next }
}

/// Whether Zoom refused good keys of an earlier generation, and has taken none since.
pub(crate) fn is_distrusted_before(inner: &Inner, who: Who, generation: u64) -> bool {
    let known = distrusted(inner).get(&who).copied();
    known.is_some_and(|known| known.generation < generation)
}

/// Zoom took the keys.
pub(crate) fn trust(inner: &Inner, who: Who) {
    distrusted(inner).remove(&who);
}

fn distrusted(inner: &Inner) -> MutexGuard<'_, HashMap<Who, Distrusted>> {
    inner
        .distrusted
        .lock()
        .unwrap_or_else(PoisonError::into_inner)
}

/// Renews for somebody who needs the keys now, before whatever can wait.
async fn renew_now(inner: &Arc<Inner>, who: Who, generation: u64) -> Result<(), Unavailable> {
    inner.due.needed();
    renew(inner, who, generation).await
}

/// Renews the pair if it is still of `generation`. Its failures are written to the connection, not
/// returned.
pub(crate) async fn renew(
    inner: &Arc<Inner>,
    who: Who,
    generation: u64,
) -> Result<(), Unavailable> {
    let work = {
        let inner = Arc::clone(inner);
        async move { fly(&inner, who, generation).await.map_err(Arc::new) }
    };
    match inner.renewals.join(who, work).await {
        Some(flown) => flown.map_err(Unavailable::Keys),
        None => Err(Unavailable::Stopping),
    }
}

fn usable(record: &ConnectionRecord) -> Result<&Grant, Unavailable> {
    match &record.link {
        Link::Connected { grant } | Link::Retrying { grant, .. } => Ok(grant),
        Link::ReconnectRequired { reason, .. } => Err(Unavailable::ReconnectRequired(*reason)),
        Link::Disconnected { .. } => Err(Unavailable::NotConnected),
    }
}

/// How many seconds until a renewal that failed is tried again, and why it failed.
fn waiting(inner: &Inner, who: Who, record: &ConnectionRecord) -> Option<(i64, Reason)> {
    let Link::Retrying { reason, next, .. } = record.link else {
        return None;
    };
    let wait = inner.due.seconds_until(who, record.generation, next);
    Some((wait, reason))
}

fn retrying(inner: &Inner, wait: i64, reason: Reason) -> Unavailable {
    let next = inner.clock.now().plus_seconds(wait.max(0));
    Unavailable::Retrying { reason, next }
}

/// A connection and its keys, of one generation. Two reads need not be of one moment, hence the
/// comparison.
async fn read(inner: &Arc<Inner>, who: Who) -> Result<(ConnectionRecord, Pair), Unavailable> {
    const TRIES: usize = 8;
    for _ in 0..TRIES {
        let (space, id) = (&who.space(), &who.id());
        let read = inner.store.transact(|tx| async move {
            let record = tx
                .get::<ConnectionRecord>(space, id)
                .await?
                .unwrap_or_default();
            if record.grant().is_none() {
                return Ok((record, Ok(None)));
            }
            let name = keys::grant(who.member);
            let pair = inner.vault.get::<Pair>(&tx, space, &name).await;
            Ok::<_, VaultError>((record, pair))
        });
        let ((record, pair), _) = read.await?;
        usable(&record)?;
        let pair = match pair {
            Ok(pair) => pair,
            // The renewal fails in the same way, and says so where everyone sees it.
            Err(_) if waiting(inner, who, &record).is_none() => {
                renew_now(inner, who, record.generation).await?;
                continue;
            }
            Err(error) => return Err(error.into()),
        };
        if let Some(pair) = pair.filter(|pair| pair.generation == record.generation) {
            return Ok((record, pair));
        }
        tokio::task::yield_now().await;
    }
    Err(VaultError::Damaged.into())
}

async fn fly(inner: &Arc<Inner>, who: Who, generation: u64) -> Result<(), VaultError> {
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
                tracing::warn!(member = %who.member, %error, "keep what Zoom says of its user");
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
async fn read_user(inner: &Inner, who: Who, fresh: &Fresh) -> Result<(), StoreError> {
    let (space, id) = (&who.space(), &who.id());
    let stored = inner.store.get::<ConnectionRecord>(space, id).await?;
    let Some(record) = stored.map(|stored| stored.record) else {
        return Ok(());
    };
    let now = inner.clock.now();
    let lately = |at: Instant| now.since(at).as_secs() < USER_READ_SECONDS;
    let read_at = record.grant().map(|grant| grant.user_read_at);
    let Some(read_at) = read_at.filter(|at| !at.is_some_and(lately)) else {
        return Ok(());
    };
    let access = Pair::new(fresh, now).access;
    let asked = tokio::time::timeout(USER_PATIENCE, api::me(inner, &access)).await;
    // Without an answer the next renewal asks again.
    let Ok(Outcome::Done(user)) = asked else {
        tracing::debug!(member = %who.member, ?read_at, "Zoom does not say who its user is");
        return Ok(());
    };
    let (user, generation) = (&user, record.generation);
    let kept = inner
        .store
        .transact(|tx| async move { bind_grant::user_read(&tx, who, generation, user, now).await });
    kept.await.map(drop)
}

/// Writes down that a renewal begins; nothing where the keys are of another generation by now.
async fn begin(
    inner: &Inner,
    who: Who,
    generation: u64,
) -> Result<Option<(App, Pair)>, VaultError> {
    let (space, id) = (&who.space(), &who.id());
    let begun = inner.store.transact(|tx| async move {
        let record = tx
            .get::<ConnectionRecord>(space, id)
            .await?
            .unwrap_or_default();
        let Some(next) = record.step(Event::RefreshBegan { generation }, inner.clock.now()) else {
            return Ok(None);
        };
        let Some(grant) = next.grant() else {
            return Ok(None);
        };
        let pair = inner
            .vault
            .get::<Pair>(&tx, space, &keys::grant(who.member))
            .await?;
        let pair = pair.ok_or(VaultError::Damaged)?;
        let app = apps::with_id(inner, &tx, who.workspace, &grant.client_id).await?;
        tx.put(space, id, &next)?;
        Ok::<_, VaultError>(Some((app, pair)))
    });
    Ok(begun.await?.0)
}

/// Makes the rotated pair durable. The old one is dead at Zoom by now, so a store that fails for a
/// moment is asked again.
async fn finish(
    inner: &Arc<Inner>,
    who: Who,
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
                tracing::error!(member = %who.member, %error, "keep rotated Zoom keys; trying again");
                tokio::time::sleep(std::time::Duration::from_secs(1)).await;
            }
        }
    };
    failpoint(Point::RenewalKept);
    if let Some(id) = unwanted {
        revoke::now(inner, &id).await;
    }
    Ok(())
}

/// Writes the new pair. Where somebody disconnected meanwhile it is set aside to be revoked; its id
/// then. Where somebody consented anew, Zoom has ended this pair already.
async fn commit(
    inner: &Inner,
    who: Who,
    generation: u64,
    app: &App,
    fresh: &Fresh,
) -> Result<Option<String>, VaultError> {
    let (space, id) = (&who.space(), &who.id());
    let now = inner.clock.now();
    let committed = inner.store.transact(|tx| async move {
        let record = tx
            .get::<ConnectionRecord>(space, id)
            .await?
            .unwrap_or_default();
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
            let aside = revoke::set_aside(inner, &tx, who.workspace, &app.client_id, &pair);
            return aside.await.map(Some);
        };
        let pair = pair.of_generation(next.generation);
        let name = keys::grant(who.member);
        inner.vault.put(&tx, space, &name, &pair).await?;
        tx.put(space, id, &next)?;
        Ok::<_, VaultError>(None)
    });
    Ok(committed.await?.0)
}

/// Writes a failure down. The record is read once more before keys are called dead: a consent may
/// have come between.
async fn fail(
    inner: &Inner,
    who: Who,
    generation: u64,
    failure: Failure,
) -> Result<(), VaultError> {
    let (space, id) = (&who.space(), &who.id());
    let now = inner.clock.now();
    match failure {
        Failure::Limited { until } => inner.due.pause(until.since(now).as_secs()),
        Failure::Passing(Reason::Unreachable) => inner.due.pause(UNREACHABLE_PAUSE_SECONDS),
        _ => {}
    }
    inner
        .store
        .transact(|tx| async move {
            let record = tx
                .get::<ConnectionRecord>(space, id)
                .await?
                .unwrap_or_default();
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
                Failure::Dead(reason) => Event::Ended { generation, reason },
                Failure::Passing(reason) => failed(reason, false, next),
                Failure::Limited { until } => failed(Reason::Limited, false, next.max(until)),
                Failure::Lost(reason) => failed(reason, true, next),
            };
            let Some(next) = record.step(event, now) else {
                return Ok(());
            };
            tx.put(space, id, &next)?;
            if let Link::ReconnectRequired { reason, .. } = next.link {
                tx.audit(space, &ended(inner, who, reason))?;
                // Whoever has to connect again is told by mail, which is not this room's affair.
                WorkRecord::ask(&tx, space, BROKEN_WORK, id, now)?;
            }
            Ok::<_, VaultError>(())
        })
        .await?;
    failpoint(Point::RenewalFailed);
    Ok(())
}

fn ended(inner: &Inner, who: Who, reason: Reason) -> AuditEntry {
    AuditEntry {
        at: inner.clock.now().timestamp(),
        actor: None,
        acting_as: None,
        source: "work".into(),
        call: "zoom_refresh".into(),
        record: who.id(),
        fields: vec!["state".into()],
        values: [("reason".to_owned(), reason.text().to_owned())].into(),
    }
}
