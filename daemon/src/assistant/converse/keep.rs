//! The conversations that are kept.
//!
//! Invariant: a conversation is its member's; nobody else finds it, and an admin only by acting for
//! them, which the audit names.

use greenroom_protocol::Error;
use greenroom_protocol::conversation::{
    AnswerKind, AnswerSlot, Conversation, ConversationOpen, ConversationQuery, ConversationTurn,
};
use greenroom_protocol::id::{ConversationId, Ending, MemberId};
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};

use super::{allowed, directory, say, words};
use crate::access::RequestContext;
use crate::records::conversation::{ConversationRecord, MOST_TURNS, OpenCard};
use crate::services::Services;

/// Conversations that are looked through for an ending of an id.
const MOST_LOOKED_AT: usize = 500;

/// A conversation that was found.
pub(super) struct Found {
    id: ConversationId,
    revision: u64,
    record: ConversationRecord,
}

impl Found {
    /// It, unless something was said in it since the caller read it.
    pub(super) fn unless_it_went_on(
        self,
        expected: Option<u64>,
    ) -> Result<(ConversationId, ConversationRecord), Error> {
        match expected.is_none_or(|expected| expected == self.revision) {
            true => Ok((self.id, self.record)),
            false => {
                let why = "This conversation has gone on since you read it";
                Err(Error::conflict(why).hint("read it, then say it again"))
            }
        }
    }
}

/// The caller's conversations, the newest first.
pub async fn list(
    services: &Services,
    context: &RequestContext,
    query: ConversationQuery,
) -> Result<Page<Conversation>, Error> {
    let me = allowed::hiring_manager(services, context)?.brief.id;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST) as usize;
    let all = of_member(services, context, me, limit).await?;
    let shown = all.into_iter().map(|found| {
        let Found {
            id,
            revision,
            record,
        } = found;
        let open = open(services, context, &record);
        Conversation {
            id,
            revision,
            open,
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
        }
    });
    Ok(Page::whole(shown.collect()))
}

/// What a yes would do now.
fn open(
    services: &Services,
    context: &RequestContext,
    record: &ConversationRecord,
) -> Option<ConversationOpen> {
    let last = record.turns.last()?.kind;
    let open = record.open.as_ref()?;
    let until = say::until(open.at);
    let counts = matches!(last, AnswerKind::Slots | AnswerKind::Confirm);
    if !counts || until < services.clock.now() {
        return None;
    }
    Some(ConversationOpen {
        until,
        act: open.form.act,
        slots: slots(services, context, open),
        best: open.best,
    })
}

/// The slots of a card as they were shown, with the names as they are now.
fn slots(services: &Services, context: &RequestContext, open: &OpenCard) -> Vec<AnswerSlot> {
    let brief = |id: &MemberId| {
        let row = services.index.member(context.workspace, *id)?;
        Some(row.record.brief(*id))
    };
    let slots = ('a'..='e').zip(&open.slots);
    let slots = slots.map(|(letter, slot)| {
        let end = slot.start.plus_minutes(slot.minutes.into());
        AnswerSlot {
            letter,
            start: slot.start,
            end,
            text: words::span(slot.start, end, &open.form.zone),
            interviewers: slot.interviewers.iter().filter_map(brief).collect(),
            score: 0,
            why: Vec::new(),
            unmet: Vec::new(),
        }
    });
    slots.collect()
}

/// A member's latest conversations, the newest first.
async fn of_member(
    services: &Services,
    context: &RequestContext,
    me: MemberId,
    limit: usize,
) -> Result<Vec<Found>, Error> {
    // After every id that begins so: `~` is behind all that ids are made of.
    let before = format!("{me}/~");
    let page = services
        .store
        .scan_back::<ConversationRecord>(&context.space(), Some(&before), limit)
        .await?;
    let own = page.rows.into_iter().filter_map(|(key, stored)| {
        let (member, id) = ConversationRecord::parts(&key)?;
        (member == me).then_some(Found {
            id,
            revision: stored.revision.0,
            record: stored.record,
        })
    });
    Ok(own.collect())
}

/// The caller's conversation that a text names.
pub(super) async fn find(
    services: &Services,
    context: &RequestContext,
    me: MemberId,
    text: &str,
) -> Result<Found, Error> {
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
        let stored = found.ok_or_else(unknown)?;
        return Ok(Found {
            id,
            revision: stored.revision.0,
            record: stored.record,
        });
    }
    let ending = Ending::parse(text.trim()).ok_or_else(unknown)?;
    let all = of_member(services, context, me, MOST_LOOKED_AT).await?;
    let mut fitting = all.into_iter().filter(|it| it.id.ends_with(ending));
    match (fitting.next(), fitting.next()) {
        (Some(one), None) => Ok(one),
        (Some(_), Some(_)) => {
            let why = "Several of your conversations end so; give more of the ID";
            Err(Error::not_found(why).field("conversation"))
        }
        _ => Err(unknown()),
    }
}

/// Keeps a conversation as it is now; its revision from then on.
pub(super) async fn write(
    services: &Services,
    context: &RequestContext,
    (me, id): (MemberId, ConversationId),
    record: &ConversationRecord,
) -> Result<u64, Error> {
    let (space, key) = (context.space(), ConversationRecord::key(me, id));
    let mut record = record.clone();
    let over = record.turns.len().saturating_sub(MOST_TURNS);
    record.turns.drain(..over);
    let ((), revision) = services
        .store
        .transact(|tx| {
            let (space, key, record) = (&space, &key, &record);
            async move { tx.put(space, key, record).map_err(Error::from) }
        })
        .await?;
    Ok(revision.0)
}
