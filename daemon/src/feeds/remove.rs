//! A calendar of a member's, removed.

use greenroom_protocol::Error;
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::calendar::{Feed, FeedRemove};

use super::list::{shown, whose};
use super::reads::FEED_WORK;
use super::secret;
use crate::access::RequestContext;
use crate::index::FeedRow;
use crate::input;
use crate::records::feed::{FeedFrom, FeedPlace, FeedRecord, OwnFeeds, take_away};
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

/// Removes a member's calendar, with all it said.
///
/// # Errors
/// Denied: somebody else's, without being an admin. Not found: there is none of that name or id.
pub async fn remove(
    services: &Services,
    context: &RequestContext,
    request: FeedRemove,
) -> Result<Feed, Error> {
    let (member, _) = whose(services, context, request.member.as_deref())?;
    let own = services.index.feeds(context.workspace, member.id);
    let row = find(own, &request.feed)?;
    let place = row.place;
    if let Some(provider) = company_of(&row.feed.from) {
        let word = provider.word();
        let why = "This calendar is read for everybody in the workspace";
        let hint = format!(
            "leave it out: greenroom workspace calendars leave-out {} --{word}",
            member.email
        );
        return Err(Error::conflict(why).field("feed").hint(hint));
    }
    if !request.dry_run {
        let (space, now) = (&context.space(), services.clock.now());
        let removed = services.store.transact(|tx| async move {
            if !remove_in(services, &tx, space, place).await? {
                return Err(gone());
            }
            Ok(context.audit(&tx, now, place.feed, &["removed"], &[])?)
        });
        removed.await?;
    }
    let read = row.read.as_deref();
    Ok(shown(member, place.feed, &row.feed, read, None))
}

/// Where a calendar is that is read for everybody.
#[must_use]
pub fn company_of(from: &FeedFrom) -> Option<AccountProvider> {
    match from {
        FeedFrom::Google => Some(AccountProvider::Google),
        FeedFrom::Microsoft => Some(AccountProvider::Microsoft),
        FeedFrom::File
        | FeedFrom::Url { .. }
        | FeedFrom::CalDav { .. }
        | FeedFrom::Colleague { .. }
        | FeedFrom::Unknown => None,
    }
}

/// Removes a calendar with all it said, in this commit; whether there was one.
pub(super) async fn remove_in(
    services: &Services,
    tx: &Tx,
    space: &str,
    place: FeedPlace,
) -> Result<bool, StoreError> {
    let (key, member) = (&place.to_string(), &place.member.to_string());
    let known = tx.get::<FeedRecord>(space, key).await?.is_some();
    if let Some(own) = tx.get::<OwnFeeds>(space, member).await? {
        let own = own.without(place.feed);
        match own.names.is_empty() {
            true => tx.delete::<OwnFeeds>(space, member)?,
            false => tx.put(space, member, &own)?,
        }
    }
    take_away(tx, space, place).await?;
    secret::forget(services, tx, space, place.feed).await?;
    WorkRecord::done(tx, space, FEED_WORK, key)?;
    if known {
        tx.delete::<FeedRecord>(space, key)?;
    }
    Ok(known)
}

/// The calendar of this name or id among a member's.
pub(super) fn find(own: Vec<FeedRow>, named: &str) -> Result<FeedRow, Error> {
    let (named, folded) = (named.trim(), input::folded(named));
    let is_named = |row: &FeedRow| {
        row.place.feed.to_string() == named || input::folded(&row.feed.name) == folded
    };
    own.into_iter().find(is_named).ok_or_else(gone)
}

fn gone() -> Error {
    Error::not_found("There is no such calendar").field("feed")
}
