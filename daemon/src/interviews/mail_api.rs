//! Letters as callers see them: what waits and why, and what left.
//!
//! Invariant: a caller sees letters about interviews they see, and letters that are for themselves;
//! nothing else.

use greenroom_protocol::id::{Ending, MailId};
use greenroom_protocol::mail::{
    Mail, MailKind, MailPreview, MailQuery, MailState as WireState, Written as Wire,
};
use greenroom_protocol::page::{DEFAULT_LIMIT, MOST, Page};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};

use super::invite::Inviting;
use super::list::{sees, visible};
use super::mail_undo as undo;
use super::reach;
use crate::access::RequestContext;
use crate::input::folded;
use crate::mail::Written;
use crate::mail::message::Letter;
use crate::outbox::record::{About, MessageRecord, MessageState, PastMessage, Recipient};
use crate::outbox::{self, KIND, UNDO_SECONDS};
use crate::records::interview::InterviewRecord;
use crate::records::invitation::Peer;
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::WorkRecord;

/// Letters read at a time while looking for those a caller may see.
const STRIDE: usize = 200;

/// Letters looked through at most for one page; the next page goes on there.
const MOST_READ: usize = 5_000;

/// A page of letters. Its `total` is the page's own: counting all would cost what is stored.
pub async fn letters(
    services: &Services,
    context: &RequestContext,
    query: MailQuery,
) -> Result<Page<Mail>, Error> {
    let interview = query.interview.as_deref().map(|text| {
        let seen = visible(context.scope());
        services
            .index
            .find_interview(context.workspace, text, &seen)
    });
    let interview = interview.transpose()?;
    let limit = query.limit.unwrap_or(DEFAULT_LIMIT).clamp(1, MOST) as usize;
    let now = services.clock.now();
    let wanted = |mail: &MessageRecord| {
        interview.is_none_or(|id| mail.about == About::Interview(id))
            && (!query.leaving || leaves_soon(mail, now))
            && may_see(services, context, mail)
    };
    let (mut items, mut after, mut read) = (Vec::new(), query.cursor.clone(), 0);
    loop {
        let (rows, more) = read_on(services, context, query.past, after.as_deref())
            .await
            .map_err(|error| match error {
                StoreError::Key(_) => {
                    Error::new(ErrorKind::Usage, "The cursor is not from this list").field("cursor")
                }
                error => error.into(),
            })?;
        for (key, mail) in rows {
            read += 1;
            if let Some(id) = key.parse().ok().filter(|_| wanted(&mail)) {
                items.push(wire(services, context, id, mail).await?);
            }
            after = Some(key);
            if items.len() == limit || read == MOST_READ {
                let total = items.len() as u64;
                return Ok(Page {
                    items,
                    total,
                    next: after,
                });
            }
        }
        if !more {
            return Ok(Page::whole(items));
        }
    }
}

/// One letter, with its text as it would be written now.
pub async fn letter(
    services: &Services,
    context: &RequestContext,
    reference: Reference,
) -> Result<MailPreview, Error> {
    let id = find(services, context, &reference.reference).await?;
    let (space, now) = (context.space(), services.clock.now());
    let ((mail, written, envelope), _) = services
        .store
        .transact(|tx| {
            let space = &space;
            async move {
                let mail = outbox::find(&tx, space, id).await?.ok_or_else(unknown)?;
                let written = services.mail.author().write(&tx, space, &mail).await?;
                let envelope = services
                    .mail
                    .envelope(&tx, space, context.workspace, id, &mail, now)
                    .await?;
                Ok::<_, Error>((mail, written, envelope))
            }
        })
        .await?;
    let mut mail = wire(services, context, id, mail).await?;
    let letter = match written {
        Written::Letter { letter, .. } => {
            let built = letter.build(&envelope);
            let message = built
                .map_err(|error| Error::failed(format!("Couldn't write the email: {error}")))?;
            Some(shown(
                &letter,
                &envelope.from,
                message.subject,
                message.text,
                message.calendar,
            ))
        }
        Written::Unwanted(why) => {
            mail.reason = mail.reason.or(Some(why));
            None
        }
    };
    Ok(MailPreview { mail, letter })
}

/// Sends a letter that waits, was refused or is held as soon as it may leave; one that left and
/// bounced is sent again, to where its recipient is written to now.
pub async fn retry_letter(
    services: &Services,
    context: &RequestContext,
    reference: Reference,
) -> Result<Mail, Error> {
    let id = find(services, context, &reference.reference).await?;
    let (space, key, now) = (context.space(), id.to_string(), services.clock.now());
    let ((id, mail), _) = services
        .store
        .transact(|tx| {
            let (space, key) = (&space, &key);
            async move {
                let Some(mut mail) = tx.get::<MessageRecord>(space, key).await? else {
                    let past = tx.get::<PastMessage>(space, key).await?;
                    let PastMessage(mail) = past.ok_or_else(unknown)?;
                    return resend(services, context, &tx, id, mail, reference.dry_run).await;
                };
                if reference.dry_run {
                    return Ok((id, mail));
                }
                let again = match mail.state {
                    // It may be there already: handed over as one that is known by its name.
                    MessageState::Failed { .. } | MessageState::Held { .. }
                        if mail.may_have_left() =>
                    {
                        Some(MessageState::Sending { at: now })
                    }
                    MessageState::Failed { .. } => Some(MessageState::Waiting),
                    _ => None,
                };
                if let Some(state) = again {
                    mail.state = state;
                    tx.put(space, key, &mail)?;
                }
                let due = now.max(mail.not_before);
                WorkRecord::ask_at(&tx, space, KIND, key, due)?;
                context.audit(&tx, now, id, &["state"], &[])?;
                Ok::<_, Error>((id, mail))
            }
        })
        .await?;
    wire(services, context, id, mail).await
}

/// Sends an email that has left again, where it bounced or its recipient has another address since.
async fn resend(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: MailId,
    mail: MessageRecord,
    dry_run: bool,
) -> Result<(MailId, MessageRecord), Error> {
    let (space, now) = (context.space(), services.clock.now());
    let by = context.me().map(|me| me.brief.id);
    let refused = |why: &str, hint: &str| Err(Error::conflict(why).hint(hint));
    if !matches!(mail.state, MessageState::Sent { .. }) {
        let hint = "to invite somebody who got nothing, confirm the interview again";
        return refused("That email was withdrawn", hint);
    }
    let guest = Peer::of(&mail.to);
    let present = match guest {
        Some(guest) => reach::address(tx, &space, guest).await?,
        None => None,
    };
    let moved = match (&present, &mail.address) {
        (Some(present), Some(went)) => folded(present) != folded(went),
        _ => false,
    };
    if mail.bounced.is_none() && !moved {
        let hint = "an email is sent again once it has bounced or the address was corrected";
        return refused("That email has been sent", hint);
    }
    let (About::Interview(interview), Some(guest), MailKind::Invitation) =
        (&mail.about, guest, mail.kind)
    else {
        if dry_run {
            return Ok((id, mail));
        }
        let draft = outbox::Draft {
            kind: mail.kind,
            to: mail.to,
            about: mail.about,
            not_before: now.plus_seconds(UNDO_SECONDS),
            follows: mail.follows,
            memo: mail.memo,
        };
        let again = outbox::post_for(tx, &space, draft, by, now)?;
        return posted(context, tx, again, now).await;
    };
    let key = interview.to_string();
    let found = tx.get::<InterviewRecord>(&space, &key).await?;
    let mut record = found.ok_or_else(unknown)?;
    let inviting = Inviting {
        tx,
        space: &space,
        id: *interview,
        now,
        asked_by: by,
    };
    if !inviting.again(&mut record, Some(guest)).await? {
        let hint = "see: greenroom interview show, and greenroom mail list";
        return refused(
            "A newer invitation reached them, is on its way, or is not needed",
            hint,
        );
    }
    let newest = record.invitation.of(guest).map_or(id, |it| it.mail);
    if dry_run {
        return Ok((id, mail));
    }
    tx.put(&space, &key, &record)?;
    posted(context, tx, newest, now).await
}

async fn posted(
    context: &RequestContext,
    tx: &Tx,
    id: MailId,
    now: Instant,
) -> Result<(MailId, MessageRecord), Error> {
    context.audit(tx, now, id, &["state"], &[])?;
    let mail = outbox::find(tx, &context.space(), id).await?;
    Ok((id, mail.ok_or_else(unknown)?))
}

/// Drops an email that does not leave on its own: one that was refused or is held.
pub async fn drop_letter(
    services: &Services,
    context: &RequestContext,
    reference: Reference,
) -> Result<Mail, Error> {
    let id = find(services, context, &reference.reference).await?;
    let (space, now) = (context.space(), services.clock.now());
    let (mail, _) = services
        .store
        .transact(|tx| {
            let space = &space;
            async move {
                let mail = outbox::find(&tx, space, id).await?.ok_or_else(unknown)?;
                match mail.state {
                    MessageState::Failed { .. } | MessageState::Held { .. } => {}
                    // It is about nothing else that could be undone.
                    MessageState::Waiting if mail.asked_by.is_some() => {
                        if !reference.dry_run {
                            undo::withdraw(services, context, &tx, (id, &mail)).await?;
                        }
                        return outbox::find(&tx, space, id).await?.ok_or_else(unknown);
                    }
                    MessageState::Waiting | MessageState::Sending { .. } => {
                        let why = "The email is already being sent";
                        let hint = "undo or cancel what it is about, and it is not sent";
                        return Err(Error::conflict(why).hint(hint));
                    }
                    MessageState::Sent { .. } | MessageState::Withdrawn { .. } => {
                        let why = "The email has already been sent or cancelled";
                        return Err(Error::conflict(why));
                    }
                }
                if reference.dry_run {
                    return Ok(mail);
                }
                outbox::call_back(&tx, space, id, "a person let it be", now).await?;
                context.audit(&tx, now, id, &["state"], &[])?;
                outbox::find(&tx, space, id).await?.ok_or_else(unknown)
            }
        })
        .await?;
    wire(services, context, id, mail).await
}

/// Whether an email waits only so that its cause can be undone.
fn leaves_soon(mail: &MessageRecord, now: Instant) -> bool {
    let last = now.plus_seconds(UNDO_SECONDS);
    matches!(mail.state, MessageState::Waiting) && now < mail.not_before && mail.not_before <= last
}

type Row = (String, MessageRecord);

/// The next letters of a list, and whether more follow.
async fn read_on(
    services: &Services,
    context: &RequestContext,
    past: bool,
    after: Option<&str>,
) -> Result<(Vec<Row>, bool), StoreError> {
    let space = context.space();
    if past {
        let page = services
            .store
            .scan_back::<PastMessage>(&space, after, STRIDE)
            .await?;
        let row =
            |(key, stored): (String, crate::store::Stored<PastMessage>)| (key, stored.record.0);
        return Ok((page.rows.into_iter().map(row).collect(), page.more));
    }
    let page = services
        .store
        .scan::<MessageRecord>(&space, after, STRIDE)
        .await?;
    let row = |(key, stored): (String, crate::store::Stored<MessageRecord>)| (key, stored.record);
    Ok((page.rows.into_iter().map(row).collect(), page.more))
}

/// The letter a reference names: an id, or a unique ending of one on the outbox.
async fn find(
    services: &Services,
    context: &RequestContext,
    reference: &str,
) -> Result<MailId, Error> {
    if let Ok(id) = reference.parse::<MailId>() {
        return match sees_letter(services, context, reference).await? {
            true => Ok(id),
            false => Err(unknown()),
        };
    }
    let Some(ending) = Ending::parse(reference) else {
        return Err(unknown());
    };
    let (mut found, mut after) = (Vec::new(), None);
    loop {
        let page = services
            .store
            .scan::<MessageRecord>(&context.space(), after.as_deref(), STRIDE)
            .await?;
        for (key, stored) in &page.rows {
            let id = key.parse::<MailId>().ok().filter(|id| id.ends_with(ending));
            found.extend(id.filter(|_| may_see(services, context, &stored.record)));
        }
        after = page.rows.last().map(|(key, _)| key.clone());
        if !page.more {
            break;
        }
    }
    match found[..] {
        [one] => Ok(one),
        [] => Err(unknown()),
        _ => {
            let mut refused = Error::not_found("several letters end so");
            refused.matches = found.iter().map(ToString::to_string).collect();
            Err(refused)
        }
    }
}

pub(super) fn unknown() -> Error {
    Error::not_found("there is no such letter among those you may see")
        .hint("see: greenroom mail list, and for what has left: greenroom mail list --sent")
}

/// Whether there is a letter of this id, on the outbox or past, that the caller may see.
pub async fn sees_letter(
    services: &Services,
    context: &RequestContext,
    id: &str,
) -> Result<bool, StoreError> {
    let space = context.space();
    let waiting = services.store.get::<MessageRecord>(&space, id).await?;
    let mail = match waiting {
        Some(stored) => Some(stored.record),
        None => {
            let past = services.store.get::<PastMessage>(&space, id).await?;
            past.map(|stored| stored.record.0)
        }
    };
    Ok(mail.is_some_and(|mail| may_see(services, context, &mail)))
}

fn may_see(services: &Services, context: &RequestContext, mail: &MessageRecord) -> bool {
    let mine = context.me().map(|me| Recipient::Member(me.brief.id));
    if context.is_staff() || mine.as_ref() == Some(&mail.to) || undo::is_theirs(context, mail) {
        return true;
    }
    match mail.about {
        About::Interview(id) => sees(services, context, id),
        About::Application(id) => {
            let row = services.index.application(context.workspace, id);
            row.is_some_and(|row| context.hires_for(row.record.job).is_ok())
        }
        About::Outreach(id) => {
            let place = services.index.outreach(context.workspace, id);
            place.is_some_and(|place| context.hires_for(place.job).is_ok())
        }
        About::Connection(_)
        | About::Account(..)
        | About::Problem(_)
        | About::Retention
        | About::App(_) => false,
    }
}

pub(super) fn shown(
    letter: &Letter,
    from: &str,
    subject: String,
    text: String,
    calendar: Option<String>,
) -> Wire {
    Wire {
        from: format!("{} <{from}>", letter.from_name),
        to: format!("{} <{}>", letter.to.name, letter.to.address),
        subject,
        text,
        calendar,
    }
}

async fn wire(
    services: &Services,
    context: &RequestContext,
    id: MailId,
    record: MessageRecord,
) -> Result<Mail, Error> {
    let space = context.space();
    let (name, address) = match &record.to {
        Recipient::Address(address) => (None, address.clone()),
        Recipient::Member(member) => match services.index.member(context.workspace, *member) {
            Some(row) => (Some(row.record.name.clone()), row.record.email.clone()),
            None => (None, String::new()),
        },
        Recipient::Candidate(candidate) => {
            let id = candidate.to_string();
            match services.store.get::<CandidateRecord>(&space, &id).await? {
                Some(stored) => (Some(stored.record.name), stored.record.email),
                None => (None, String::new()),
            }
        }
    };
    let message_id = services.mail.message_id(context.workspace, id, &record);
    let work = WorkRecord::id(KIND, &id.to_string());
    let work = services.store.get::<WorkRecord>(&space, &work).await?;
    let work = work.map(|stored| stored.record);
    let (state, at, why) = match record.state {
        MessageState::Waiting => (WireState::Waiting, None, None),
        MessageState::Sending { .. } => (WireState::Sending, None, None),
        MessageState::Sent { at } => {
            let bounced = record.bounced.map(|why| format!("bounced: {why}"));
            (WireState::Sent, Some(at), bounced)
        }
        MessageState::Held { at, why } => (WireState::Held, Some(at), Some(why)),
        MessageState::Failed { at, why } => (WireState::Failed, Some(at), Some(why)),
        MessageState::Withdrawn { at, why, .. } => (WireState::Withdrawn, Some(at), Some(why)),
    };
    Ok(Mail {
        id,
        alone: record.asked_by.is_some(),
        kind: record.kind,
        state,
        to: name,
        address: record.address.unwrap_or(address),
        interview: match record.about {
            About::Interview(id) => Some(id),
            About::Connection(_)
            | About::Account(..)
            | About::Problem(_)
            | About::Application(_)
            | About::Outreach(_)
            | About::Retention
            | About::App(_) => None,
        },
        application: match record.about {
            About::Application(id) => Some(id),
            About::Outreach(id) => {
                let place = services.index.outreach(context.workspace, id);
                place.map(|place| place.application)
            }
            About::Connection(_)
            | About::Account(..)
            | About::Problem(_)
            | About::Interview(_)
            | About::Retention
            | About::App(_) => None,
        },
        message_id,
        created_at: record.created_at,
        not_before: record.not_before,
        at,
        next_try: work.as_ref().map(|work| work.due),
        attempts: work.as_ref().map_or(0, |work| work.attempts),
        reason: why.or_else(|| work.and_then(|work| work.last_error)),
    })
}
