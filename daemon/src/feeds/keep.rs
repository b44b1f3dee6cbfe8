//! Calendars that others keep of a member: added, listed, removed.
//!
//! Invariant: what is kept of a calendar are spans, its name and its age.

use greenroom_protocol::Error;
use greenroom_protocol::calendar::{Feed, FeedAdd, FeedKind, FeedQuery, FeedRemove};
use greenroom_protocol::id::{FeedId, MemberId};
use greenroom_protocol::page::Page;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::MemberBrief;
use jiff::tz::TimeZone;

use super::{file, read};
use crate::access::RequestContext;
use crate::calendars::{self, Frame, Read};
use crate::input;
use crate::records::feed::{self, FeedFrom, FeedPlace, FeedRecord, window};
use crate::services::Services;

/// The most calendars of one member: more than anybody has, and few enough to be judged by.
const MOST: usize = 10;

/// Whose calendars a request is about.
fn whose(
    services: &Services,
    context: &RequestContext,
    named: Option<&str>,
) -> Result<MemberBrief, Error> {
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
    Ok(row.record.brief(id))
}

/// Keeps what a calendar says of a member.
///
/// # Errors
/// Usage: it is no calendar, or stops in the middle. Denied: somebody else's, without being an
/// admin. Conflict: there is one of that name, or there are too many.
pub async fn add(
    services: &Services,
    context: &RequestContext,
    request: FeedAdd,
) -> Result<Feed, Error> {
    let member = whose(services, context, request.member.as_deref())?;
    let name = input::name("name", &request.name)?;
    let text = file::text(services, context, request.file)?;
    let now = services.clock.now();
    let (known_from, known_to) = window(now);
    let read = spans(services, context, &member, text, (known_from, known_to)).await?;
    if read.is_cut_off {
        let why = "The calendar stops in the middle, so entries are missing";
        return Err(Error::usage(why).field("text"));
    }
    let record = FeedRecord {
        name,
        from: FeedFrom::File,
        added_at: now,
        read_at: now,
        known_from,
        known_to,
        entries: u32::try_from(read.entries).unwrap_or(u32::MAX),
        warnings: read.warnings,
    };
    let place = FeedPlace {
        member: member.id,
        feed: FeedId::new(),
    };
    let others = services.index.feeds(context.workspace, member.id);
    let same = |it: &str| input::folded(it) == input::folded(&record.name);
    let place = match others.iter().find(|(_, other)| same(&other.name)) {
        // The same file as it is by now: it takes the place of the one before.
        Some((before, other)) if request.replace && other.from == FeedFrom::File => *before,
        Some(_) => {
            let why = format!("{} already has a calendar `{}`", member.name, record.name);
            let hint = "give it another name, or replace that one with --replace";
            return Err(Error::conflict(why).field("name").hint(hint));
        }
        None if others.len() >= MOST => {
            let why = format!("{} already has {MOST} calendars", member.name);
            return Err(Error::conflict(why).hint("remove one first"));
        }
        None => place,
    };
    if !request.dry_run {
        let (space, record, spans) = (&context.space(), &record, &read.busy);
        let kept = services.store.transact(|tx| async move {
            feed::put(&tx, space, place, record, spans).await?;
            context.audit(&tx, now, place.feed, &["calendar"], &[])?;
            Ok::<_, Error>(())
        });
        kept.await?;
    }
    Ok(shown(member, place.feed, &record))
}

/// A calendar's spans, by a member's clock and addresses.
async fn spans(
    services: &Services,
    context: &RequestContext,
    member: &MemberBrief,
    text: String,
    (from, to): (Instant, Instant),
) -> Result<Read, Error> {
    let workspace = context.workspace;
    let row = services.index.member(workspace, member.id);
    let zone = row.and_then(|row| TimeZone::get(&row.record.zone).ok());
    let addresses = vec![member.email.clone()];
    let reading = tokio::task::spawn_blocking(move || {
        let frame = Frame {
            span: from.second()..to.second(),
            zone: zone.unwrap_or(TimeZone::UTC),
            addresses: &addresses,
            is_ours: &|uid| read::is_ours(workspace, uid),
        };
        calendars::read(&text, &frame)
    });
    let read = reading.await.map_err(read::crashed)?;
    read.map_err(|why| Error::usage(why.to_string()).field("text"))
}

fn shown(member: MemberBrief, id: FeedId, record: &FeedRecord) -> Feed {
    Feed {
        id,
        member,
        name: record.name.clone(),
        kind: match record.from {
            FeedFrom::File => FeedKind::File,
            FeedFrom::Unknown => FeedKind::Unknown,
        },
        read_at: record.read_at,
        known_to: record.known_to,
        entries: record.entries,
        warnings: record.warnings.clone(),
    }
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
    let member = whose(services, context, query.member.as_deref())?;
    let feeds = services.index.feeds(context.workspace, member.id);
    let feeds = feeds.iter();
    let items = feeds.map(|(place, record)| shown(member.clone(), place.feed, record));
    Ok(Page::whole(items.collect()))
}

/// Removes a member's calendar, with all it said.
///
/// # Errors
/// Denied: somebody else's, without being an admin. Not found: there is none of that name or id.
pub async fn remove(
    services: &Services,
    context: &RequestContext,
    request: FeedRemove,
) -> Result<Feed, Error> {
    let member = whose(services, context, request.member.as_deref())?;
    let (place, record) = find(services, context, member.id, &request.feed)?;
    if request.dry_run {
        return Ok(shown(member, place.feed, &record));
    }
    let (space, now) = (&context.space(), services.clock.now());
    let removed = services.store.transact(|tx| async move {
        let removed = feed::remove(&tx, space, place).await?;
        if removed.is_some() {
            context.audit(&tx, now, place.feed, &["removed"], &[])?;
        }
        removed.ok_or_else(gone)
    });
    let (record, _) = removed.await?;
    Ok(shown(member, place.feed, &record))
}

/// A member's calendar by its name or id.
fn find(
    services: &Services,
    context: &RequestContext,
    member: MemberId,
    named: &str,
) -> Result<(FeedPlace, FeedRecord), Error> {
    let named = named.trim();
    let feeds = services.index.feeds(context.workspace, member);
    let is_named = |(place, record): &(FeedPlace, _)| {
        let record: &std::sync::Arc<FeedRecord> = record;
        place.feed.to_string() == named || input::folded(&record.name) == input::folded(named)
    };
    let found = feeds.into_iter().find(is_named).ok_or_else(gone)?;
    Ok((found.0, (*found.1).clone()))
}

fn gone() -> Error {
    Error::not_found("There is no such calendar").field("feed")
}
