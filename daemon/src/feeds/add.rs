//! A calendar of a member's, added.

use greenroom_protocol::Error;
use greenroom_protocol::calendar::{Feed, FeedAdd};
use greenroom_protocol::id::FeedId;
use greenroom_protocol::workspace::MemberBrief;

use super::frame::{self, Reading};
use super::list::{shown, whose};
use super::{file, read};
use crate::access::RequestContext;
use crate::calendars::Read;
use crate::input;
use crate::records::feed::{
    self, FeedFrom, FeedPlace, FeedRecord, FeedState, MOST, OwnFeeds, ReadRecord, window,
};
use crate::records::workspace::MemberRecord;
use crate::services::Services;
use crate::store::Tx;

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
    let (member, row) = whose(services, context, request.member.as_deref())?;
    let name = input::name("name", &request.name)?;
    let text = file::text(services, context, request.file)?;
    let now = services.clock.now();
    let (known_from, known_to) = window(now);
    let reading = Reading::of(context.workspace, &row, (known_from, known_to));
    let read = spans(reading, text).await?;
    let feed = FeedRecord {
        name,
        from: FeedFrom::File,
        added_at: now,
        state: FeedState::Ok,
    };
    let heard = ReadRecord {
        read_at: now,
        known_from,
        known_to,
        entries: u32::try_from(read.entries).unwrap_or(u32::MAX),
        warnings: read.warnings,
        frame: frame::name(&row),
        version: None,
    };
    let space = &context.space();
    let (feed, heard, spans) = (&feed, &heard, &read.busy);
    let (of, replace) = (&member, request.replace);
    let added = services.store.transact(|tx| async move {
        let (place, own) = place(&tx, space, of, feed, replace).await?;
        if !request.dry_run {
            tx.put(space, &of.id.to_string(), &own)?;
            feed::put(&tx, space, place, heard, spans).await?;
            tx.put(space, &place.to_string(), feed)?;
            context.audit(&tx, now, place.feed, &["calendar"], &[])?;
        }
        Ok::<_, Error>(place)
    });
    let (place, _) = added.await?;
    Ok(shown(member, place.feed, feed, Some(heard), None))
}

/// A calendar's spans, by a member's clock and addresses.
async fn spans(reading: Reading, text: String) -> Result<Read, Error> {
    let read = reading.text(text).await.map_err(read::crashed)?;
    let read = read.map_err(|why| Error::usage(why.to_string()).field("text"))?;
    if read.is_cut_off {
        let why = "The calendar stops in the middle, so entries are missing";
        return Err(Error::usage(why).field("text"));
    }
    Ok(read)
}

/// Where the calendar is kept, and all of the member's with it, for this commit, which expects that
/// the member is there. The name is theirs alone.
pub(super) async fn place(
    tx: &Tx,
    space: &str,
    member: &MemberBrief,
    feed: &FeedRecord,
    replace: bool,
) -> Result<(FeedPlace, OwnFeeds), Error> {
    let key = &member.id.to_string();
    if tx.get::<MemberRecord>(space, key).await?.is_none() {
        return Err(Error::not_found("The member was removed").field("member"));
    }
    let own = tx.get::<OwnFeeds>(space, key).await?;
    let mut own = own.unwrap_or_default();
    let name = input::folded(&feed.name);
    if let Some(before) = own.names.get(&name) {
        let place = FeedPlace {
            member: member.id,
            feed: *before,
        };
        let other = tx.get::<FeedRecord>(space, &place.to_string()).await?;
        // The same file as it is by now takes the place of the one before.
        let is_alike = other.is_none_or(|it| it.from == feed.from);
        if replace && is_alike && feed.from == FeedFrom::File {
            return Ok((place, own));
        }
        let why = format!("{} already has a calendar `{}`", member.name, feed.name);
        let hint = match is_alike && feed.from == FeedFrom::File {
            true => "give it another name, or replace that one with --replace",
            false => "give it another name, or remove that one first",
        };
        return Err(Error::conflict(why).field("name").hint(hint));
    }
    if own.names.len() >= MOST {
        let why = format!("{} already has {MOST} calendars", member.name);
        return Err(Error::conflict(why).hint("remove one first"));
    }
    let place = FeedPlace {
        member: member.id,
        feed: FeedId::new(),
    };
    own.names.insert(name, place.feed);
    Ok((place, own))
}
