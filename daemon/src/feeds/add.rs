//! A calendar of a member's, added: from a file, which is read at once, or from an address, which
//! the worker reads.

use greenroom_protocol::Error;
use greenroom_protocol::calendar::{Feed, FeedAdd};
use greenroom_protocol::id::FeedId;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::MemberBrief;

use super::list::{shown, whose};
use super::reads::FEED_WORK;
use super::seam::{Asked, Said};
use super::{clock, dav, file, read, secret, web};
use crate::access::RequestContext;
use crate::input;
use crate::records::feed::{
    self, FeedFrom, FeedPlace, FeedRecord, FeedState, FileRecord, MOST, OwnFeeds, ReadRecord,
};
use crate::records::workspace::MemberRecord;
use crate::services::Services;
use crate::store::Tx;
use crate::work::WorkRecord;

/// What is added.
enum Given {
    /// A file: what came of reading it, what it says, and how to tell that by another clock.
    File(Box<(ReadRecord, Said, FileRecord)>),
    /// Where it is read from.
    Web(web::Address),
    /// Whose account it is read with, and where.
    Dav(dav::Account),
}

impl Given {
    fn from(&self) -> FeedFrom {
        match self {
            Self::File(..) => FeedFrom::File,
            Self::Web(address) => address.from.clone(),
            Self::Dav(account) => account.from.clone(),
        }
    }
}

/// Keeps what a calendar says of a member. One at an address is read soon: [`refresh`] waits for it.
///
/// # Errors
/// Usage: it is no calendar, or stops in the middle; no address. Denied: somebody else's, without
/// being an admin. Conflict: there is one of that name, or there are too many.
///
/// [`refresh`]: super::refresh()
pub async fn add(
    services: &Services,
    context: &RequestContext,
    request: FeedAdd,
) -> Result<Feed, Error> {
    let (member, row) = whose(services, context, request.member.as_deref())?;
    let name = input::name("name", &request.name)?;
    let now = services.clock.now();
    let (replace, dry_run) = (request.replace, request.dry_run);
    let given = given(services, context, (&row, now), request).await?;
    let feed = FeedRecord {
        name,
        from: given.from(),
        added_at: now,
        state: FeedState::Ok,
    };
    let (given, feed, of) = (&given, &feed, &member);
    let added = services.store.transact(|tx| async move {
        let (place, own) = place(&tx, &context.space(), of, feed, replace).await?;
        if !dry_run {
            keep(services, context, &tx, place, (given, feed, &own), now).await?;
        }
        Ok::<_, Error>(place)
    });
    let (place, _) = added.await?;
    let (read, next) = match given {
        Given::File(file) => (Some(&file.0), None),
        Given::Web(_) | Given::Dav(_) => (None, Some(now)),
    };
    Ok(shown(member, place.feed, feed, read, next))
}

/// What a request gives: exactly one thing.
async fn given(
    services: &Services,
    context: &RequestContext,
    (member, now): (&MemberRecord, Instant),
    request: FeedAdd,
) -> Result<Given, Error> {
    let has_text = request.file.text.is_some() || request.file.upload.is_some();
    match (request.url, request.caldav) {
        (Some(url), None) if !has_text => return Ok(Given::Web(web::address(url.reveal())?)),
        (None, Some(account)) if !has_text => return Ok(Given::Dav(dav::account(&account)?)),
        (None, None) => {}
        (url, _) => {
            let why = "Give a calendar's text, its address or an account: only one of them";
            let field = if url.is_some() { "url" } else { "caldav" };
            return Err(Error::usage(why).field(field));
        }
    }
    let text = file::text(services, context, request.file)?;
    let asked = Asked::of(context.workspace, member, now, None);
    let read = asked.text(text).await.map_err(read::crashed)?;
    let read = read.map_err(|why| Error::usage(why.to_string()).field("text"))?;
    if read.is_cut_off {
        let why = "The calendar stops in the middle, so entries are missing";
        return Err(Error::usage(why).field("text"));
    }
    let file = FileRecord::of(&read.apart);
    let said = Said::from(read);
    let read = asked.kept(&said, now);
    Ok(Given::File(Box::new((read, said, file))))
}

/// Writes all of it, in this commit.
async fn keep(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    place: FeedPlace,
    (given, feed, own): (&Given, &FeedRecord, &OwnFeeds),
    now: Instant,
) -> Result<(), Error> {
    let (space, key) = (&context.space(), &place.to_string());
    tx.put(space, &place.member.to_string(), own)?;
    tx.put(space, key, feed)?;
    match given {
        Given::File(file) => {
            let (read, said, file) = &**file;
            feed::put(tx, space, place, read, &said.spans).await?;
            tx.put(space, key, file)?;
            clock::check(tx, context.workspace, place.member, read, now).await?;
        }
        Given::Web(web::Address { secret, .. })
        | Given::Dav(dav::Account {
            password: secret, ..
        }) => {
            secret::keep(services, tx, space, place.feed, secret).await?;
            // What was said under another address stands until the new one is read, whole.
            if let Some(before) = tx.get::<ReadRecord>(space, key).await? {
                let version = None;
                tx.put(space, key, &ReadRecord { version, ..before })?;
            }
            WorkRecord::ask(tx, space, FEED_WORK, key, now)?;
        }
    }
    Ok(context.audit(tx, now, place.feed, &["calendar"], &[])?)
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
        // The same calendar as it is by now, or at its new address, takes the place of the one
        // before.
        let is_alike = other.is_none_or(|it| it.from.is_like(&feed.from));
        if replace && is_alike {
            return Ok((place, own));
        }
        let why = format!("{} already has a calendar `{}`", member.name, feed.name);
        let hint = match is_alike {
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
