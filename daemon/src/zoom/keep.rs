//! Owns the room's own initiative: renewing idle connections once a day (which is also how a dead
//! grant is noticed), keeping the keys of hosts valid ahead of their bookings, trying again what
//! failed for now, and clearing up what a killed daemon left: attempts, pending keys, revocations.
//! What is due when, and how much at once, `due` says.
//!
//! It decides nothing that a call would not decide the same; it only makes it happen without one.

use std::collections::HashSet;
use std::sync::Arc;

use tokio::task::JoinSet;

use super::connection::ConnectionRecord;
use super::due::Matter;
use super::{Site, Who, finish, keys, refresh, retire};
use crate::store::StoreError;
use crate::store::follow::follow;

/// Looks after the connections until the room closes.
pub(crate) async fn keep(site: Arc<Site>) {
    if let Err(error) = listen(&site).await {
        tracing::error!(%error, "connections could not be read; none is looked after");
        return;
    }
    unopened(&site).await;
    let mut under_way = JoinSet::new();
    while !site.tasks.closed() {
        look(&site, &mut under_way);
        let next_due = async {
            match site.due.next() {
                Some(next) => site.clock.reach_steady(next).await,
                None => std::future::pending().await,
            }
        };
        tokio::select! {
            () = site.due.changed() => {}
            Some(_) = under_way.join_next() => {}
            () = next_due => {}
        }
    }
}

/// One look: does everything that is to be done now.
pub(crate) async fn tend(site: &Arc<Site>) -> Result<(), StoreError> {
    listen(site).await?;
    let mut under_way = JoinSet::new();
    look(site, &mut under_way);
    while under_way.join_next().await.is_some() {}
    Ok(())
}

/// Connections whose keys did not open with the vault say so at once, not only when they are used.
async fn unopened(site: &Arc<Site>) {
    for (space, id) in site.vault.unopened() {
        let member = id.strip_prefix(keys::GRANT);
        let Some(who) = member.and_then(|member| Who::parse(&format!("{space}/{member}"))) else {
            continue;
        };
        let stored = site.store.get::<ConnectionRecord>(space, &who.id()).await;
        if let Ok(Some(stored)) = stored
            && let Err(error) = refresh::renew(site, who, stored.record.generation).await
        {
            tracing::warn!(member = %who.member, %error, "say that Zoom keys do not open");
        }
    }
}

/// Waits until connections that did not work do again.
pub(crate) async fn returned(site: &Site) -> HashSet<Who> {
    if let Err(error) = listen(site).await {
        tracing::error!(%error, "connections could not be read; nobody is told when one works again");
        return std::future::pending().await;
    }
    site.due.returned().await
}

/// Has the store tell `due` of everything, once.
async fn listen(site: &Site) -> Result<(), StoreError> {
    let following = site
        .following
        .get_or_try_init(|| follow(&site.store, site.due.clone()));
    following.await?;
    Ok(())
}

/// Begins what is to be done now, and waits for none of it.
fn look(site: &Arc<Site>, under_way: &mut JoinSet<()>) {
    for matter in site.due.take() {
        let site = Arc::clone(site);
        under_way.spawn(async move {
            settle(&site, &matter).await;
            site.due.landed(&matter);
        });
    }
}

async fn settle(site: &Arc<Site>, matter: &Matter) {
    match matter {
        Matter::Attempt(id) => {
            if let Err(error) = finish::take_up(site, *id).await {
                tracing::warn!(attempt = %id, %error, "an attempt to connect came to nothing");
            }
        }
        Matter::Retirement(id) => {
            retire::now(site, id).await;
        }
        Matter::Keys(who, generation) => {
            if let Err(error) = refresh::renew(site, *who, *generation).await {
                tracing::warn!(member = %who.member, %error, "renew Zoom keys");
            }
        }
    }
}
