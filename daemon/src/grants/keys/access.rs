//! Owns keys in use: handing out an access token that lasts a while, renewed before where it is
//! about to end.
//!
//! Invariant: what is handed out is durable and of the connection's own generation.

use std::sync::Arc;

use secrecy::SecretString;

use super::refresh;
use super::{Pair, grant};
use crate::grants::connection::{self, ConnectionRecord, Grant, Link};
use crate::grants::id::ConnectionId;
use crate::grants::inner::Inner;
use crate::grants::reason::{Reason, Unavailable};
use crate::grants::timers::AHEAD_SECONDS;
use crate::vault::VaultError;

/// An access token with less than this left is not handed out.
const LEAST_SECONDS: i64 = 30;

/// What a call is made with.
#[derive(Clone)]
pub(crate) struct AccessToken {
    pub(crate) secret: SecretString,
    pub(crate) generation: u64,
}

/// An access token good for at least half a minute, renewed before where it is about to end.
pub(crate) async fn access(
    inner: &Arc<Inner>,
    who: ConnectionId,
) -> Result<AccessToken, Unavailable> {
    let mut tried = false;
    loop {
        let (record, pair) = read(inner, who).await?;
        let grant = usable(&record)?;
        let left = inner.timers.seconds_left(who, record.generation, grant);
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

/// An access token of a later generation than `refused`, which was not taken.
pub(crate) async fn access_after(
    inner: &Arc<Inner>,
    who: ConnectionId,
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

/// Renews for somebody who needs the keys now, before whatever can wait.
async fn renew_now(
    inner: &Arc<Inner>,
    who: ConnectionId,
    generation: u64,
) -> Result<(), Unavailable> {
    inner.timers.needed();
    refresh::renew(inner, who, generation).await
}

fn usable(record: &ConnectionRecord) -> Result<&Grant, Unavailable> {
    match &record.link {
        Link::Connected { grant } | Link::Retrying { grant, .. } => Ok(grant),
        Link::ReconnectRequired { reason, .. } => Err(Unavailable::ReconnectRequired(*reason)),
        Link::Disconnected { .. } => Err(Unavailable::NotConnected),
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
            let name = grant(inner.terms(), who.member);
            let pair = inner.vault.get::<Pair>(&tx, &who.space(), &name).await;
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
