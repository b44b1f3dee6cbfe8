//! The calendars of a member who leaves.
//!
//! What ten calendars said is more than a commit holds. So the commit in which the member leaves
//! asks for work, which removes them one by one; meanwhile nobody looks at them, for they are only
//! found by their member.

use futures::future::BoxFuture;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::time::Instant;

use super::remove::remove_in;
use crate::records::feed::{FeedPlace, OwnFeeds};
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::{WorkRecord, Worker};

/// The kind of work that removes the calendars of a member who left.
pub const FORGET_WORK: &str = "feeds-gone";

/// Has the calendars of a member removed who leaves in this commit.
///
/// # Errors
/// The store.
pub async fn forget(
    tx: &Tx,
    space: &str,
    member: MemberId,
    now: Instant,
) -> Result<(), StoreError> {
    let key = &member.to_string();
    match tx.get::<OwnFeeds>(space, key).await? {
        None => Ok(()),
        Some(_) => WorkRecord::ask(tx, space, FORGET_WORK, key, now),
    }
}

/// The worker that removes them.
pub struct ForgottenFeeds(pub Services);

impl Worker for ForgottenFeeds {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let (store, key) = (&self.0.store, &work.record);
            while self.remove_one(space, key).await? {}
            let done =
                store.transact(|tx| async move { WorkRecord::done(&tx, space, FORGET_WORK, key) });
            done.await.map(drop)
        })
    }
}

impl ForgottenFeeds {
    /// Removes a calendar of theirs; whether there may be more.
    async fn remove_one(&self, space: &str, key: &str) -> Result<bool, StoreError> {
        let services = &self.0;
        let removed = services.store.transact(|tx| async move {
            let own = tx.get::<OwnFeeds>(space, key).await?;
            let feed = own.and_then(|it| it.names.into_values().next());
            let (Some(feed), Ok(member)) = (feed, key.parse()) else {
                return Ok(false);
            };
            remove_in(services, &tx, space, FeedPlace { member, feed }).await?;
            Ok::<_, StoreError>(true)
        });
        Ok(removed.await?.0)
    }
}
