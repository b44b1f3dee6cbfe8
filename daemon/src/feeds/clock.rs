//! The calendars of a member whose clock changes: their whole days and times without a zone are by
//! the new one.
//!
//! What ten calendars say is more than a commit holds, so the commit that changes the clock asks for
//! work, which goes through them one by one. What is read again and again is read anew at once; of a
//! file what was kept of it says when that is by the new clock, and where that is not enough the file
//! is named until somebody gives it again. Invariant: nothing counts by the old clock unless that is said.

use futures::future::BoxFuture;
use greenroom_protocol::id::{FeedId, MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::reads::FEED_WORK;
use super::seam::Asked;
use crate::records::feed::{
    self, Fault, FeedFrom, FeedPlace, FeedRecord, FeedState, FileRecord, OwnFeeds, ReadRecord,
};
use crate::records::workspace::MemberRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::{WorkRecord, Worker};

/// The kind of work that tells a member's calendars by another clock. Its record is the member.
pub const CLOCK_WORK: &str = "feeds-clock";

/// Has the calendars of a member told by the clock that they get in this commit.
///
/// # Errors
/// The store.
pub async fn clock_changed(
    tx: &Tx,
    space: &str,
    member: MemberId,
    now: Instant,
) -> Result<(), StoreError> {
    let key = &member.to_string();
    match tx.get::<OwnFeeds>(space, key).await? {
        None => Ok(()),
        Some(_) => WorkRecord::ask(tx, space, CLOCK_WORK, key, now),
    }
}

/// Has them told anew where the clock changed between the reading of a file and this commit.
pub(super) async fn check(
    tx: &Tx,
    workspace: WorkspaceId,
    member: MemberId,
    read: &ReadRecord,
    now: Instant,
) -> Result<(), StoreError> {
    let (space, key) = (&workspace.to_string(), &member.to_string());
    let stored = tx.get::<MemberRecord>(space, key).await?;
    let is_like = |member: MemberRecord| Asked::of(workspace, &member, now, None).is_like(read);
    match stored.is_none_or(is_like) {
        true => Ok(()),
        false => WorkRecord::ask(tx, space, CLOCK_WORK, key, now),
    }
}

/// The worker that tells them.
pub struct RetoldFeeds(pub Services);

impl Worker for RetoldFeeds {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let (store, key) = (&self.0.store, &work.record);
            let id = &WorkRecord::id(CLOCK_WORK, key);
            // Who asks from here on may know of a later clock.
            let asked = store.get::<WorkRecord>(space, id).await?;
            let asked = asked.map(|it| it.revision);
            let own = store.get::<OwnFeeds>(space, key).await?;
            let own: Vec<FeedId> = own
                .into_iter()
                .flat_map(|it| it.record.names.into_values())
                .collect();
            if let (Ok(workspace), Ok(member)) = (space.parse(), key.parse()) {
                for feed in own {
                    self.tell(workspace, FeedPlace { member, feed }).await?;
                }
            }
            let done = store.transact(|tx| async move {
                match tx.revision_of::<WorkRecord>(space, id).await? == asked {
                    true => WorkRecord::done(&tx, space, CLOCK_WORK, key),
                    false => Ok(()),
                }
            });
            done.await.map(drop)
        })
    }
}

impl RetoldFeeds {
    async fn tell(&self, workspace: WorkspaceId, place: FeedPlace) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        let told = self.0.store.transact(|tx| async move {
            let (space, key) = (&workspace.to_string(), &place.to_string());
            let Some(feed) = tx.get::<FeedRecord>(space, key).await? else {
                return Ok(());
            };
            match feed.from {
                FeedFrom::Url { .. } | FeedFrom::CalDav { .. } | FeedFrom::Colleague { .. } => {
                    WorkRecord::ask(&tx, space, FEED_WORK, key, now)
                }
                FeedFrom::File => file(&tx, workspace, (place, feed), now).await,
                // They name moments.
                FeedFrom::Google | FeedFrom::Microsoft | FeedFrom::Unknown => Ok(()),
            }
        });
        told.await.map(drop)
    }
}

/// Tells a file by the clock that its owner has now, in this commit.
async fn file(
    tx: &Tx,
    workspace: WorkspaceId,
    (place, feed): (FeedPlace, FeedRecord),
    now: Instant,
) -> Result<(), StoreError> {
    let (space, key) = (&workspace.to_string(), &place.to_string());
    let owner = &place.member.to_string();
    let member = tx.get::<MemberRecord>(space, owner).await?;
    let read = tx.get::<ReadRecord>(space, key).await?;
    let (Some(member), Some(read)) = (member, read) else {
        return Ok(());
    };
    let asked = Asked::of(workspace, &member, now, None);
    let state = match asked.is_like(&read) {
        true => FeedState::Ok,
        false => match tx.get::<FileRecord>(space, key).await? {
            Some(FileRecord::Fixed) => {
                tx.put(space, key, &asked.retold(read))?;
                FeedState::Ok
            }
            kept => {
                let within = read.known_from.second()..read.known_to.second();
                let kept = kept.and_then(|it| it.apart());
                match kept.and_then(|it| it.told(&asked.zone, &within)) {
                    Some(spans) => {
                        feed::put(tx, space, place, &asked.retold(read), &spans).await?;
                        FeedState::Ok
                    }
                    None => needed(&feed, now),
                }
            }
        },
    };
    match state == feed.state {
        true => Ok(()),
        false => tx.put(space, key, &FeedRecord { state, ..feed }),
    }
}

/// Of a file that nobody can tell by another clock without it; since when stays.
fn needed(feed: &FeedRecord, now: Instant) -> FeedState {
    if feed.state.fault().is_some() {
        return feed.state.clone();
    }
    let why = "Its whole days and times without a time zone count by the time zone its owner had";
    let name = &feed.name;
    let hint =
        format!("give the file again: greenroom member busy add FILE --name '{name}' --replace");
    FeedState::Broken {
        since: now,
        fault: Fault::new(why, hint),
    }
}
