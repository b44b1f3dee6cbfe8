//! The conversations that are kept.
//!
//! Invariant: a conversation is its member's; nobody else finds it, and an admin only by acting for
//! them, which the audit names.

use greenroom_protocol::Error;
use greenroom_protocol::conversation::{Conversation, ConversationQuery, ConversationTurn};
use greenroom_protocol::id::{ConversationId, Ending, MemberId};
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};

use super::{allowed, directory, words};
use crate::access::RequestContext;
use crate::records::conversation::{ConversationRecord, MOST_TURNS};
use crate::services::Services;

/// Conversations that are looked through for an ending of an id.
const MOST_LOOKED_AT: usize = 500;

/// The caller's conversations, the newest first.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    query: ConversationQuery,
) -> Result<Page<Conversation>, Error> {
    let me = allowed::hiring_manager(services, context)?.brief.id;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST) as usize;
    let all = of_member(services, context, me, limit).await?;
    let shown = all.into_iter().map(|(id, record)| Conversation {
        id,
        member: me,
        created_at: record.created_at,
        at: record.at,
        turns: record
            .turns
            .iter()
            .map(|turn| ConversationTurn {
                at: turn.at,
                understood: words::understood(&directory::named(services, context, &turn.form)),
                kind: turn.kind,
            })
            .collect(),
    });
    Ok(Page::whole(shown.collect()))
}

/// A member's latest conversations, the newest first.
async fn of_member(
    services: &Services,
    context: &RequestContext,
    me: MemberId,
    limit: usize,
) -> Result<Vec<(ConversationId, ConversationRecord)>, Error> {
    // After every id that begins so: `~` is behind all that ids are made of.
    let before = format!("{me}/~");
    let page = services
        .store
        .scan_back::<ConversationRecord>(&context.space(), Some(&before), limit)
        .await?;
    let own = page.rows.into_iter().filter_map(|(key, stored)| {
        let (member, id) = ConversationRecord::parts(&key)?;
        (member == me).then_some((id, stored.record))
    });
    Ok(own.collect())
}

/// The caller's conversation that a text names.
pub(super) async fn find(
    services: &Services,
    context: &RequestContext,
    me: MemberId,
    text: &str,
) -> Result<(ConversationId, ConversationRecord), Error> {
    let unknown = || {
        Error::not_found("You have no such conversation")
            .field("conversation")
            .hint("leave it out to begin a new one")
    };
    if let Ok(id) = text.trim().parse::<ConversationId>() {
        let key = ConversationRecord::key(me, id);
        let found = services
            .store
            .get::<ConversationRecord>(&context.space(), &key)
            .await?;
        return Ok((id, found.ok_or_else(unknown)?.record));
    }
    let ending = Ending::parse(text.trim()).ok_or_else(unknown)?;
    let all = of_member(services, context, me, MOST_LOOKED_AT).await?;
    let mut fitting = all.into_iter().filter(|(id, _)| id.ends_with(ending));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => {
            let why = "Several of your conversations end so; give more of the ID";
            Err(Error::not_found(why).field("conversation"))
        }
        _ => Err(unknown()),
    }
}

/// Keeps a conversation as it is now.
pub(super) async fn write(
    services: &Services,
    context: &RequestContext,
    (me, id): (MemberId, ConversationId),
    record: &ConversationRecord,
) -> Result<(), Error> {
    let (space, key) = (context.space(), ConversationRecord::key(me, id));
    let mut record = record.clone();
    let over = record.turns.len().saturating_sub(MOST_TURNS);
    record.turns.drain(..over);
    services
        .store
        .transact(|tx| {
            let (space, key, record) = (&space, &key, &record);
            async move { tx.put(space, key, record).map_err(Error::from) }
        })
        .await?;
    Ok(())
}
