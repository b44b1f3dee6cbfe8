//! A member's calendars, as callers see them.

use std::sync::Arc;

use greenroom_protocol::Error;
use greenroom_protocol::calendar::{Feed, FeedKind, FeedQuery, FeedStanding};
use greenroom_protocol::id::{FeedId, WorkspaceId};
use greenroom_protocol::page::Page;
use greenroom_protocol::text::printable;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::MemberBrief;

use super::dav;
use super::reads::FEED_WORK;
use crate::access::RequestContext;
use crate::index::FeedRow;
use crate::records::feed::{FeedFrom, FeedRecord, FeedState, ReadRecord};
use crate::records::workspace::MemberRecord;
use crate::services::Services;

/// Whose calendars a request is about.
pub(super) fn whose(
    services: &Services,
    context: &RequestContext,
    named: Option<&str>,
) -> Result<(MemberBrief, Arc<MemberRecord>), Error> {
    let id = match named.filter(|text| !text.trim().is_empty()) {
        Some(text) => {
            let found = services.index.find_member(context.workspace, text);
            found.map_err(|error| Error::from(error).field("member"))?
        }
        None => context.member()?.brief.id,
    };
    context.own_or_admin(id, "see or change calendars")?;
    let row = services.index.member(context.workspace, id);
    let row = row.ok_or_else(|| Error::not_found("The member was removed").field("member"))?;
    Ok((row.record.brief(id), row.record))
}

/// A member's calendars.
///
/// # Errors
/// Denied: somebody else's, without being an admin.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    query: FeedQuery,
) -> Result<Page<Feed>, Error> {
    let (member, _) = whose(services, context, query.member.as_deref())?;
    let feeds = services.index.feeds(context.workspace, member.id);
    let feeds = feeds.iter();
    let items = feeds.map(|it| row(services, context.workspace, &member, it));
    Ok(Page::whole(items.collect()))
}

/// A calendar with when it is read next.
pub(super) fn row(
    services: &Services,
    workspace: WorkspaceId,
    member: &MemberBrief,
    row: &FeedRow,
) -> Feed {
    let (space, place) = (workspace.to_string(), row.place);
    let next = services.queue.due(&space, FEED_WORK, &place.to_string());
    let read = row.read.as_deref();
    shown(member.clone(), place.feed, &row.feed, read, next)
}

/// A calendar as the contract shows it.
pub(super) fn shown(
    member: MemberBrief,
    id: FeedId,
    feed: &FeedRecord,
    read: Option<&ReadRecord>,
    next: Option<Instant>,
) -> Feed {
    let fault = feed.state.fault();
    Feed {
        id,
        member,
        name: feed.name.clone(),
        kind: match feed.from {
            FeedFrom::File => FeedKind::File,
            FeedFrom::Url { .. } => FeedKind::Url,
            FeedFrom::CalDav { .. } | FeedFrom::Colleague { .. } => FeedKind::CalDav,
            FeedFrom::Google => FeedKind::Google,
            FeedFrom::Microsoft => FeedKind::Microsoft,
            FeedFrom::Unknown => FeedKind::Unknown,
        },
        address: match &feed.from {
            FeedFrom::Url { host, ending } => Some(format!("{host}/…{ending}")),
            FeedFrom::CalDav { url, user } => Some(dav::shown(url, user)),
            FeedFrom::Colleague { url, user, address } => {
                let address = printable(address, 60);
                Some(format!("{address} by {}", dav::shown(url, user)))
            }
            FeedFrom::File | FeedFrom::Google | FeedFrom::Microsoft | FeedFrom::Unknown => None,
        },
        state: match (&feed.state, read) {
            (FeedState::Ok, None) => FeedStanding::New,
            (FeedState::Ok, Some(_)) => FeedStanding::Ok,
            (FeedState::Retrying { .. }, _) => FeedStanding::Retrying,
            (FeedState::Broken { .. }, _) => FeedStanding::Broken,
            (FeedState::Unknown, _) => FeedStanding::Unknown,
        },
        reason: fault.map(|it| it.why.clone()),
        hint: fault.and_then(|it| it.hint.clone()),
        next,
        read_at: read.map(|it| it.read_at),
        known_to: read.map(|it| it.known_to),
        entries: read.map_or(0, |it| it.entries),
        warnings: read.map(|it| it.warnings.clone()).unwrap_or_default(),
    }
}
