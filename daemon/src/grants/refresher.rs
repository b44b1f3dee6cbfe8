//! Owns the room's own initiative: renewing idle connections once a day (which is also how a dead
//! grant is noticed), keeping the keys of hosts valid ahead of their bookings, trying again what
//! failed for now, and clearing up what a killed daemon left: attempts, pending keys, revocations.
//! What is due when, and how much at once, `timers` says.
//!
//! It decides nothing that a call would not decide the same; it only makes it happen without one.

use std::collections::HashSet;
use std::sync::Arc;

use futures::future::BoxFuture;
use tokio::sync::futures::Notified;

use crate::grants::connection::ConnectionRecord;
use crate::grants::consent::finish;
use crate::grants::id::ConnectionId;
use crate::grants::inner::Inner;
use crate::grants::keys;
use crate::grants::keys::refresh;
use crate::grants::keys::revoke;
use crate::grants::timers::Task;
use crate::store::StoreError;
use crate::store::follow::follow;
use crate::work::lines::Next;
use crate::work::source::{self, End, Source};

/// Looks after the connections until the room closes.
///
/// # Errors
/// When the connections cannot be read.
pub(crate) async fn run_refresher(inner: Arc<Inner>) -> Result<(), StoreError> {
    listen(&inner).await?;
    unopened(&inner).await;
    let (clock, closing) = (inner.clock.clone(), Arc::clone(&inner));
    let closed = async move { closing.tasks.close_begun().await };
    source::run(Arc::new(Refresher(inner)), &clock, closed).await;
    Ok(())
}

/// One look: does everything that is to be done now.
pub(crate) async fn tick(inner: &Arc<Inner>) -> Result<(), StoreError> {
    listen(inner).await?;
    source::run_once(&Arc::new(Refresher(Arc::clone(inner)))).await;
    Ok(())
}

/// Connections whose keys did not open with the vault say so at once, not only when they are used.
async fn unopened(inner: &Arc<Inner>) {
    for (space, id) in inner.vault.unopened() {
        let key = keys::of_grant(id);
        let who = key.and_then(|key| ConnectionId::of_key(inner.terms(), space, key));
        let Some(who) = who else {
            continue;
        };
        let stored = inner
            .store
            .get::<ConnectionRecord>(space, &inner.key(who))
            .await;
        if let Ok(Some(stored)) = stored
            && let Err(error) = refresh::renew(inner, who.into(), stored.record.generation).await
        {
            let why = error.text(inner.terms().words);
            tracing::warn!(%who, %why, "say that keys do not open");
        }
    }
}

/// Waits until connections that did not work do again.
pub(crate) async fn returned(inner: &Inner) -> HashSet<ConnectionId> {
    if let Err(error) = listen(inner).await {
        tracing::error!(%error, "connections could not be read; nobody is notified when one works again");
        return std::future::pending().await;
    }
    inner.timers.returned().await
}

/// Has the store tell `timers` of everything, once.
async fn listen(inner: &Inner) -> Result<(), StoreError> {
    let following = inner
        .following
        .get_or_try_init(|| follow(&inner.store, inner.timers.clone()));
    following.await?;
    Ok(())
}

/// What is due of the connections. None of it is stored as work: their records say it.
struct Refresher(Arc<Inner>);

impl Source for Refresher {
    type Piece = Task;

    fn changed(&self) -> Notified<'_> {
        self.0.timers.changed()
    }

    fn take(&self) -> Vec<Task> {
        match self.0.tasks.closed() {
            true => Vec::new(),
            false => self.0.timers.take(),
        }
    }

    fn next(&self) -> Next {
        Next {
            wall: None,
            steady: self.0.timers.next(),
        }
    }

    fn carry_out<'a>(&'a self, task: &'a Task) -> BoxFuture<'a, End> {
        Box::pin(async move {
            carry_out(&self.0, task).await;
            End::Noted
        })
    }

    fn ended(&self, task: &Task, end: End) {
        if end == End::Crashed {
            tracing::error!(?task, "looking after it crashed; it is tried again");
        }
        self.0.timers.done(task);
    }
}

async fn carry_out(inner: &Arc<Inner>, task: &Task) {
    match task {
        Task::Attempt(id) => {
            if let Err(error) = finish::take_up(inner, *id).await {
                let error = error.of(inner.terms());
                tracing::warn!(attempt = %id, %error, "an attempt to connect came to nothing");
            }
        }
        Task::Revocation(id) => {
            revoke::run(inner, id).await;
        }
        Task::Keys(who, generation) => {
            if let Err(error) = refresh::renew(inner, (*who).into(), *generation).await {
                let why = error.text(inner.terms().words);
                tracing::warn!(%who, %why, "renew keys");
            }
        }
    }
}
