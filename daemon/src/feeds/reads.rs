//! The worker that reads feeds again and again.

use futures::future::BoxFuture;

use super::seam::{Answer, Asked};
use super::settle::settle;
use super::{sources, timing};
use crate::records::feed::{FeedPlace, FeedRecord, ReadRecord};
use crate::services::Services;
use crate::store::{Revision, StoreError};
use crate::work::{WorkRecord, Worker};

/// The kind of work that reads a feed. Its record is the feed's place.
pub const FEED_WORK: &str = "feed";

/// The worker.
pub struct FeedReads(pub Services);

impl Worker for FeedReads {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let id = WorkRecord::id(FEED_WORK, &work.record);
            let stored = self.0.store.get::<WorkRecord>(space, &id).await?;
            let taken = stored.map(|it| it.revision);
            let Some((place, asked, answer)) = self.ask(space, &work.record).await? else {
                return self.done(space, work).await;
            };
            self.note(space, (work, taken), place, (&asked, &answer))
                .await
        })
    }
}

impl FeedReads {
    /// Asks, outside of any transaction; `None`: there is nothing to read any more.
    async fn ask(
        &self,
        space: &str,
        key: &str,
    ) -> Result<Option<(FeedPlace, Asked, Answer)>, StoreError> {
        let services = &self.0;
        let (Ok(place), Ok(workspace)) = (key.parse::<FeedPlace>(), space.parse()) else {
            return Ok(None);
        };
        let feed = services.store.get::<FeedRecord>(space, key).await?;
        let member = services.index.member(workspace, place.member);
        let (Some(feed), Some(member)) = (feed, member) else {
            return Ok(None);
        };
        let before = services.store.get::<ReadRecord>(space, key).await?;
        let before = before.map(|it| it.record);
        let now = services.clock.now();
        let asked = Asked::of(workspace, &member.record, now, before.as_ref());
        let answer = sources::hear(services, place, &feed.record.from, &asked).await;
        Ok(answer.map(|answer| (place, asked, answer)))
    }

    /// Records the answer, and when the next is due, in one commit. Where it was asked for anew
    /// meanwhile it stays due: who asked waits for a reading that begins after that.
    async fn note(
        &self,
        space: &str,
        (work, taken): (&WorkRecord, Option<Revision>),
        place: FeedPlace,
        (asked, answer): (&Asked, &Answer),
    ) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        let next = WorkRecord {
            due: timing::next(place, answer, work.attempts, now),
            attempts: match answer {
                Ok(_) => 0,
                Err(_) => work.attempts.saturating_add(1),
            },
            // What is wrong is shown with the feed.
            last_error: None,
            timer: true,
            ..work.clone()
        };
        let (id, next) = (&WorkRecord::id(FEED_WORK, &work.record), &next);
        let noted = self.0.store.transact(|tx| async move {
            match settle(&tx, space, place, (asked, answer), now).await? {
                Some(_) if tx.revision_of::<WorkRecord>(space, id).await? != taken => Ok(()),
                Some(_) => tx.put(space, id, next),
                None => WorkRecord::done(&tx, space, FEED_WORK, &work.record),
            }
        });
        noted.await.map(drop)
    }

    async fn done(&self, space: &str, work: &WorkRecord) -> Result<(), StoreError> {
        let key = &work.record;
        let done = self
            .0
            .store
            .transact(|tx| async move { WorkRecord::done(&tx, space, FEED_WORK, key) });
        done.await.map(drop)
    }
}
