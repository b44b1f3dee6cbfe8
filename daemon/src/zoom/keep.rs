//! Owns the room's own initiative: renewing idle connections once a day (which is also how a dead grant is noticed),
//! trying again what failed for now, and clearing up what a killed daemon left: attempts, pending keys, revocations.
//!
//! It decides nothing that a call would not decide the same; it only makes it happen without one.

use std::{
    collections::hash_map::DefaultHasher,
    hash::{Hash as _, Hasher as _},
    sync::Arc,
    time::Duration,
};

use futures::StreamExt as _;
use greenroom_protocol::{id::AttemptId, time::Instant};

use super::{
    Site, Who,
    attempt::{AttemptRecord, Stage},
    connection::{ConnectionRecord, Link},
    finish,
    reason::Reason,
    refresh, retire,
    settle::Holder,
    vault::VaultError,
};
use crate::store::{GLOBAL, Store, StoreError};

/// The longest between two looks. Timers sleep through a suspended machine, so it is short.
const LOOK_EVERY: Duration = Duration::from_secs(30);

/// How many renewals at once: an account's free plan takes four calls a second.
const AT_ONCE: usize = 2;

const PAGE: usize = 200;

/// Keys that could not be verified for as long as their token lives are given up.
const TOKEN_MINUTES: i64 = 60;

/// Looks after the connections until the room closes.
pub(crate) async fn keep(site: Arc<Site>) {
    loop {
        if let Err(error) = tend(&site).await {
            tracing::error!(%error, "look after Zoom connections");
        }
        let _ = tokio::time::timeout(LOOK_EVERY, site.wake.notified()).await;
        if site.tasks.closed() {
            return;
        }
        // A failure that is due at once must not turn this into a spin.
        tokio::time::sleep(Duration::from_secs(1)).await;
    }
}

/// One look: does everything that is due now.
pub(crate) async fn tend(site: &Arc<Site>) -> Result<(), VaultError> {
    attempts(site).await?;
    for id in retire::leftovers(site).await? {
        retire::now(site, &id).await;
    }
    let due = due(site).await?;
    let renewals = futures::stream::iter(due).map(|(who, generation)| async move {
        if let Err(error) = refresh::renew(site, who, generation).await {
            tracing::warn!(member = %who.member, %error, "renew Zoom keys");
        }
    });
    renewals.buffer_unordered(AT_ONCE).collect::<()>().await;
    Ok(())
}

async fn due(site: &Site) -> Result<Vec<(Who, u64)>, StoreError> {
    let (mut due, mut after) = (Vec::new(), None::<String>);
    let now = site.clock.now();
    loop {
        let page = site
            .store
            .scan::<Holder>(GLOBAL, after.as_deref(), PAGE)
            .await?;
        for (_, row) in &page.rows {
            let who = row.record.who();
            let Some(stored) = get(&site.store, who).await? else {
                continue;
            };
            if due_at(&stored, who).is_some_and(|at| at <= now) && !site.renewals.is_open(&who) {
                due.push((who, stored.generation));
            }
        }
        after = page.rows.last().map(|(id, _)| id.clone());
        if !page.more {
            return Ok(due);
        }
    }
}

async fn get(store: &Store, who: Who) -> Result<Option<ConnectionRecord>, StoreError> {
    let stored = store
        .get::<ConnectionRecord>(&who.space(), &who.id())
        .await?;
    Ok(stored.map(|stored| stored.record))
}

/// When a connection is to be renewed without anyone asking.
fn due_at(record: &ConnectionRecord, who: Who) -> Option<Instant> {
    match &record.link {
        Link::Retrying { next, .. } => Some(*next),
        // Begun and not ended, and nobody is at it: the daemon was killed in between.
        Link::Connected { grant } if grant.refresh_attempt.is_some() => Some(grant.last_refresh),
        Link::Connected { grant } => Some(grant.last_refresh.plus_minutes(daily_minutes(who))),
        _ => None,
    }
}

/// Once a day, up to two hours early, each connection at its own distance.
fn daily_minutes(who: Who) -> i64 {
    let mut hasher = DefaultHasher::new();
    who.hash(&mut hasher);
    24 * 60 - i64::from(u8::try_from(hasher.finish() % 120).unwrap_or(0))
}

/// Ends attempts that ran out, and takes up those a killed daemon left midway.
async fn attempts(site: &Arc<Site>) -> Result<(), VaultError> {
    let now = site.clock.now();
    let page = site.store.scan::<AttemptRecord>(GLOBAL, None, PAGE).await?;
    for (id, row) in page.rows {
        let Ok(id) = id.parse::<AttemptId>() else {
            continue;
        };
        if site.finishing.is_open(&id) {
            continue;
        }
        match row.record.stage {
            Stage::Waiting if row.record.until > now => {}
            Stage::Waiting => finish::end(site, id, Reason::Expired).await?,
            Stage::Exchanging => finish::end(site, id, Reason::AnswerLost).await?,
            Stage::Verifying { since, .. } if since.plus_minutes(TOKEN_MINUTES) <= now => {
                finish::end(site, id, Reason::ZoomTrouble).await?;
            }
            Stage::Verifying { .. } => finish::resume(site, id),
        }
    }
    Ok(())
}
