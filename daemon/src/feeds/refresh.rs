//! Feeds read now because somebody waits for them.
//!
//! Asks no source itself: it has the work done, and waits for what comes of it, never long.

use std::time::Duration;

use greenroom_protocol::Error;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::calendar::{Feed, FeedRefresh};
use greenroom_protocol::id::{MemberId, WorkspaceId};
use greenroom_protocol::page::Page;

use super::company::{self, COMPANY_WORK};
use super::list::{row, whose};
use super::reads::FEED_WORK;
use super::remove::{company_of, find};
use super::sources::is_read;
use super::timing;
use crate::access::RequestContext;
use crate::index::FeedRow;
use crate::records::feed::{FeedPlace, FeedRecord, FeedState, ReadRecord};
use crate::services::Services;
use crate::store::{Revision, StoreError};
use crate::work::WorkRecord;

/// How long a caller waits who asks for it: a source has 20 seconds.
const WITHIN: Duration = Duration::from_secs(25);

/// How long an offer waits: what is older is named with it.
const BEFORE_AN_OFFER: Duration = Duration::from_secs(2);

/// Reads a member's calendars now, and waits until that was tried, for 25 seconds at most.
///
/// # Errors
/// Denied: somebody else's, without being an admin. Not found: there is none of that name or id.
/// Usage: it is a file, which is given anew.
pub async fn refresh(
    services: &Services,
    context: &RequestContext,
    request: FeedRefresh,
) -> Result<Page<Feed>, Error> {
    let (member, _) = whose(services, context, request.member.as_deref())?;
    let own = services.index.feeds(context.workspace, member.id);
    let wanted = match request.feed.as_deref().filter(|it| !it.trim().is_empty()) {
        Some(named) => {
            let found = find(own, named)?;
            if company_of(&found.feed.from).is_some() {
                let why = format!("`{}` is read for everybody at once", found.feed.name);
                let hint = "greenroom workspace calendars refresh";
                return Err(Error::usage(why).field("feed").hint(hint));
            }
            if !is_read(&found.feed.from) {
                let why = format!("`{}` is read once, from a file", found.feed.name);
                let hint = "give the file again: `greenroom member busy add FILE --replace`";
                return Err(Error::usage(why).field("feed").hint(hint));
            }
            vec![found]
        }
        None => own
            .into_iter()
            .filter(|it| is_read(&it.feed.from))
            .collect(),
    };
    let places: Vec<_> = wanted.iter().map(|it| it.place).collect();
    read_now(services, context.workspace, &wanted, How::Anew, WITHIN).await?;
    let now = services.index.feeds(context.workspace, member.id);
    let now = now.iter().filter(|it| places.contains(&it.place));
    let items = now.map(|it| row(services, context.workspace, &member, it));
    Ok(Page::whole(items.collect()))
}

/// Before something is offered: what was last read longer ago than a feed usually is, is read now,
/// where that takes two seconds at most. A feed that cannot be read is not waited for.
pub async fn freshen(services: &Services, workspace: WorkspaceId, members: &[MemberId]) {
    let now = services.clock.now().second();
    let is_old = |it: &FeedRow| {
        let usual = match company_of(&it.feed.from) {
            Some(_) => company::USUALLY,
            None if is_read(&it.feed.from) => timing::EVERY,
            None => return false,
        };
        let read = it.read.as_deref().map(|it| it.read_at.second());
        let is_fresh = read.is_some_and(|read| now - read <= usual);
        it.feed.state == FeedState::Ok && !is_fresh
    };
    let feeds = members
        .iter()
        .flat_map(|member| services.index.feeds(workspace, *member));
    let old: Vec<_> = feeds.filter(is_old).collect();
    if old.is_empty() {
        return;
    }
    let read = read_now(services, workspace, &old, How::Wake, BEFORE_AN_OFFER);
    if let Err(error) = read.await {
        tracing::warn!(%error, "read calendars before an offer");
    }
}

/// How a feed is had read now.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum How {
    /// What is read has to be read after this moment.
    Anew,
    /// A reading that is under way will do. Nothing is written.
    Wake,
}

/// Has these read now, and waits until each was tried, or the time is over.
async fn read_now(
    services: &Services,
    workspace: WorkspaceId,
    feeds: &[FeedRow],
    how: How,
    within: Duration,
) -> Result<(), StoreError> {
    let space = &workspace.to_string();
    let mut news = services.store.watch();
    let mut waiting = Vec::new();
    for row in feeds {
        let by = By::of(row);
        // One account reads it for everybody. Where that goes wrong it is tried when it may be.
        if let By::Company(provider) = by
            && !company::may_be_read(services, space, provider).await?
        {
            continue;
        }
        // A feed that is new is about to be read for the first time, or is being.
        let anew = how == How::Anew && !is_new(row);
        let before = match anew {
            true => ask(services, space, row.place).await?,
            false => tried(services, space, (row.place, by)).await?,
        };
        let now = services.index.feed(workspace, row.place);
        let is_as_it_was = |now: &FeedRow| anew || is_new(now) == is_new(row);
        if let Some(before) = before.filter(|_| now.as_ref().is_some_and(is_as_it_was)) {
            waiting.push(((row.place, by), before));
        }
    }
    if how == How::Wake {
        let now = services.clock.now();
        let is_wanted = |it: By, record: &str| {
            let mut wanted = waiting.iter().map(|(of, _)| of);
            wanted.any(|(place, by)| *by == it && it.record(*place) == record)
        };
        let is_own = |record: &str| is_wanted(By::Itself, record);
        services.queue.wake(space, FEED_WORK, now, is_own);
        for provider in AccountProvider::ALL {
            let is_its = |record: &str| is_wanted(By::Company(provider), record);
            services.queue.wake(space, COMPANY_WORK, now, is_its);
        }
    }
    let until = tokio::time::Instant::now() + within;
    loop {
        // What is stored is in the index once the news say so, and no sooner.
        let shown = *news.borrow_and_update();
        let mut left = Vec::new();
        for (of, before) in waiting {
            let last = tried(services, space, of).await?;
            if last.is_some_and(|it| it == before || it > shown) {
                left.push((of, before));
            }
        }
        waiting = left;
        if waiting.is_empty() {
            return Ok(());
        }
        tokio::select! {
            changed = news.changed() => if changed.is_err() { return Ok(()) },
            () = tokio::time::sleep_until(until) => return Ok(()),
        }
    }
}

/// With what a feed is read.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
enum By {
    Itself,
    /// All of them that an account reads.
    Company(AccountProvider),
}

impl By {
    fn of(row: &FeedRow) -> Self {
        company_of(&row.feed.from).map_or(Self::Itself, Self::Company)
    }

    /// The record of the work that reads it.
    fn record(self, place: FeedPlace) -> String {
        match self {
            Self::Itself => place.to_string(),
            Self::Company(provider) => provider.word().to_owned(),
        }
    }

    fn kind(self) -> &'static str {
        match self {
            Self::Itself => FEED_WORK,
            Self::Company(_) => COMPANY_WORK,
        }
    }
}

/// Whether nobody has tried to read it yet.
fn is_new(row: &FeedRow) -> bool {
    row.read.is_none() && row.feed.state == FeedState::Ok
}

/// Has it read anew; the commit that says so. `None`: it was removed meanwhile.
async fn ask(
    services: &Services,
    space: &str,
    place: FeedPlace,
) -> Result<Option<Revision>, StoreError> {
    let (key, now) = (&place.to_string(), services.clock.now());
    let asked = services.store.transact(|tx| async move {
        if tx.get::<FeedRecord>(space, key).await?.is_none() {
            return Ok(false);
        }
        WorkRecord::ask(&tx, space, FEED_WORK, key, now)?;
        Ok::<_, StoreError>(true)
    });
    let (is_there, revision) = asked.await?;
    Ok(is_there.then_some(revision))
}

/// The commit that recorded the last try, or asked for one; `None`: it is not read any more. Of
/// what is read for everybody it is enough that this one was.
async fn tried(
    services: &Services,
    space: &str,
    (place, by): (FeedPlace, By),
) -> Result<Option<Revision>, StoreError> {
    let id = WorkRecord::id(by.kind(), &by.record(place));
    let work = services.store.get::<WorkRecord>(space, &id).await?;
    let Some(work) = work.map(|it| it.revision) else {
        return Ok(None);
    };
    if by == By::Itself {
        return Ok(Some(work));
    }
    let key = &place.to_string();
    let read = services.store.get::<ReadRecord>(space, key).await?;
    let read = read.map(|it| it.revision);
    Ok(Some(read.map_or(work, |read| read.max(work))))
}
