//! Owns keys in use: handing out an access token that lasts a while, renewed before where it is
//! about to end.
//!
//! Invariant: what is handed out is durable, of the connection's own generation, and made for the
//! audience that was asked for.

use std::sync::Arc;

use secrecy::SecretString;

use super::refresh;
use super::{Pair, grant};
use crate::grants::connection::{self, ConnectionRecord, Grant, Link};
use crate::grants::id::{ConnectionId, KeysFor};
use crate::grants::inner::Inner;
use crate::grants::reason::{Reason, Unavailable};
use crate::grants::terms::Audience;
use crate::grants::timers::AHEAD_SECONDS;
use crate::grants::wire::backoff;
use crate::vault::VaultError;

/// An access token with less than this left is not handed out.
const LEAST_SECONDS: i64 = 30;

/// How often a renewal for one audience may find another's under way before it gives up.
const MOST_JOINS: u32 = 8;

/// What a call is made with.
#[derive(Clone)]
pub(crate) struct AccessToken {
    pub(crate) secret: SecretString,
    /// The generation of the connection in which this token was made.
    pub(crate) made: u64,
}

/// An access token good for at least half a minute, renewed before where it is about to end.
pub(crate) async fn access(
    inner: &Arc<Inner>,
    wanted: KeysFor,
) -> Result<AccessToken, Unavailable> {
    let (mut tried, mut joined) = (false, 0);
    loop {
        let (record, pair) = read(inner, wanted.who).await?;
        let grant = usable(inner, &record, wanted.audience)?;
        let (token, left) = token(inner, wanted, &record, grant, pair).unzip();
        let left = left.unwrap_or_default();
        match (token, waiting(inner, wanted.who, &record)) {
            (Some(token), _) if left > AHEAD_SECONDS => return Ok(token),
            (_, Some((wait, _))) if !tried && wait <= 0 => {}
            (token, Some((wait, reason))) => {
                let token = token.filter(|_| left > LEAST_SECONDS);
                return token.ok_or_else(|| retrying(inner, wait, reason));
            }
            (Some(token), None) if tried => return Ok(token),
            (None, None) if tried => return Err(trouble(inner)),
            _ => {}
        }
        let made = renew_now(inner, wanted, record.generation).await?;
        joined += 1;
        tried = made == wanted.audience || joined == MOST_JOINS;
    }
}

/// An access token made in a later generation than `refused`, which was not taken.
pub(crate) async fn access_after(
    inner: &Arc<Inner>,
    wanted: KeysFor,
    refused: u64,
) -> Result<AccessToken, Unavailable> {
    let (mut tried, mut joined) = (false, 0);
    loop {
        let (record, pair) = read(inner, wanted.who).await?;
        let grant = usable(inner, &record, wanted.audience)?;
        let waits = waiting(inner, wanted.who, &record);
        let token = token(inner, wanted, &record, grant, pair).map(|(token, _)| token);
        let token = token.filter(|token| token.made > refused);
        match (token, waits) {
            (Some(token), None) => return Ok(token),
            (_, Some((wait, reason))) if tried => return Err(retrying(inner, wait, reason)),
            (None, None) if tried => return Err(trouble(inner)),
            _ => {}
        }
        let made = renew_now(inner, wanted, record.generation).await?;
        joined += 1;
        tried = made == wanted.audience || joined == MOST_JOINS;
    }
}

/// Renews for somebody who needs the keys now, before whatever can wait; for which audience, that
/// of the renewal that was under way.
async fn renew_now(
    inner: &Arc<Inner>,
    wanted: KeysFor,
    generation: u64,
) -> Result<Audience, Unavailable> {
    inner.timers.needed();
    refresh::renew(inner, wanted, generation).await
}

/// The token for an audience, and how many seconds it still serves; `None`: none was made yet.
fn token(
    inner: &Inner,
    wanted: KeysFor,
    record: &ConnectionRecord,
    grant: &Grant,
    pair: Pair,
) -> Option<(AccessToken, i64)> {
    if wanted.audience == Audience::MAIN {
        let token = AccessToken {
            made: pair.made(),
            secret: pair.access,
        };
        let left = inner
            .timers
            .seconds_left(wanted.who, record.generation, grant);
        return Some((token, left));
    }
    let access = pair.others.get(wanted.audience.name())?;
    let token = AccessToken {
        secret: access.secret.clone(),
        made: access.made,
    };
    Some((token, access.seconds_left(inner.clock.now())))
}

fn usable<'a>(
    inner: &Inner,
    record: &'a ConnectionRecord,
    audience: Audience,
) -> Result<&'a Grant, Unavailable> {
    let grant = match &record.link {
        Link::Connected { grant } | Link::Retrying { grant, .. } => grant,
        Link::ReconnectRequired { reason, .. } => {
            return Err(Unavailable::ReconnectRequired(*reason));
        }
        Link::Disconnected { .. } => return Err(Unavailable::NotConnected),
    };
    match audience == Audience::MAIN || grant.asks_for(inner.terms(), audience) {
        true => Ok(grant),
        false => Err(Unavailable::NotGranted),
    }
}

/// How many seconds until a renewal that failed is tried again, and why it failed.
fn waiting(inner: &Inner, who: ConnectionId, record: &ConnectionRecord) -> Option<(i64, Reason)> {
    let Link::Retrying { reason, next, .. } = record.link else {
        return None;
    };
    let wait = inner.timers.seconds_until(who, record.generation, next);
    Some((wait, reason))
}

fn retrying(inner: &Inner, wait: i64, reason: Reason) -> Unavailable {
    let next = inner.clock.now().plus_seconds(wait.max(0));
    Unavailable::Retrying { reason, next }
}

/// A renewal that seems to have worked, and left nothing for this audience.
fn trouble(inner: &Inner) -> Unavailable {
    retrying(inner, backoff::wait_seconds(0), Reason::ProviderTrouble)
}

/// A connection and its keys, of one generation. Two reads need not be of one moment, hence the
/// comparison.
async fn read(
    inner: &Arc<Inner>,
    who: ConnectionId,
) -> Result<(ConnectionRecord, Pair), Unavailable> {
    const TRIES: usize = 8;
    for _ in 0..TRIES {
        let read = inner.store.transact(|tx| async move {
            let record = connection::read(&tx, inner.terms(), who).await?;
            if record.grant().is_none() {
                return Ok((record, Ok(None)));
            }
            let name = grant(inner.terms(), who.owner);
            let pair = inner.vault.get::<Pair>(&tx, &who.space(), &name).await;
            Ok::<_, VaultError>((record, pair))
        });
        let ((record, pair), _) = read.await?;
        usable(inner, &record, Audience::MAIN)?;
        let pair = match pair {
            Ok(pair) => pair,
            // The renewal fails in the same way, and says so where everyone sees it.
            Err(_) if waiting(inner, who, &record).is_none() => {
                renew_now(inner, who.into(), record.generation).await?;
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
