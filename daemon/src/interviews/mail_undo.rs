//! Emails that a person asked for and nothing else, undone before they leave: what was written to
//! several candidates, a reminder, a request to an administrator, an invitation once more.
//!
//! Invariants: who undoes learns of each email whether it never leaves; nothing is undone that
//! somebody may have; an email that belongs to a change is undone with that change, never here.
//! What its author noted when it was asked for is undone in the same commit.

use futures::StreamExt as _;
use futures::stream;
use greenroom_protocol::Error;
use greenroom_protocol::id::MailId;
use greenroom_protocol::interview::EMAILS_HAVE_GONE_OUT;
use greenroom_protocol::mail::{MailUndo, MailUndone, MailUndoneItem};
use greenroom_protocol::pipeline::MOST_AT_ONCE;

use super::mail_api::unknown;
use crate::access::RequestContext;
use crate::outbox::record::{MessageRecord, MessageState};
use crate::outbox::{self, Settled};
use crate::services::Services;
use crate::store::Tx;

/// How many are under way at a time, so that their commits are written together.
const UNDER_WAY: usize = 16;

/// Undoes emails; each alone, so that one that has left keeps none of the others.
pub async fn undo_letters(
    services: &Services,
    context: &RequestContext,
    request: MailUndo,
) -> Result<MailUndone, Error> {
    if request.mails.len() > MOST_AT_ONCE {
        let why = format!("At most {MOST_AT_ONCE} emails at once");
        return Err(Error::usage(why).field("mails"));
    }
    let dry_run = request.dry_run;
    let doing = request.mails.into_iter().map(|mail| async move {
        let undone = one(services, context, &mail, dry_run).await;
        MailUndoneItem {
            error: undone.err(),
            mail,
        }
    });
    let items: Vec<_> = stream::iter(doing).buffered(UNDER_WAY).collect().await;
    let undone = items.iter().filter(|item| item.error.is_none()).count();
    Ok(MailUndone {
        undone: undone as u64,
        items,
        dry_run,
    })
}

async fn one(
    services: &Services,
    context: &RequestContext,
    mail: &str,
    dry_run: bool,
) -> Result<(), Error> {
    let id = mail.parse::<MailId>().map_err(|_| unknown())?;
    let undone = services.store.transact(|tx| async move {
        let found = outbox::find(&tx, &context.space(), id).await?;
        let mail = found.ok_or_else(unknown)?;
        if !(is_theirs(context, &mail) || context.is_staff() && mail.asked_by.is_some()) {
            return Err(unknown());
        }
        // Asked again after a lost answer, it is undone already.
        let is_undone = matches!(mail.state, MessageState::Withdrawn { .. });
        match mail.may_have_left() {
            true => return Err(Error::conflict(EMAILS_HAVE_GONE_OUT)),
            false if is_undone || dry_run => return Ok(()),
            false => {}
        }
        withdraw(services, context, &tx, (id, &mail)).await
    });
    undone.await?;
    Ok(())
}

/// Calls an email back that has not left, and has its author undo what was noted with it.
pub(super) async fn withdraw(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    (id, mail): (MailId, &MessageRecord),
) -> Result<(), Error> {
    let (space, now) = (context.space(), services.clock.now());
    outbox::call_back(tx, &space, id, "it was undone", now).await?;
    let author = services.mail.author();
    author
        .settled(tx, &space, id, mail, Settled::Dropped)
        .await?;
    Ok(context.audit(tx, now, id, &["state"], &[])?)
}

/// Whether the caller asked for this email, and for nothing else.
pub(super) fn is_theirs(context: &RequestContext, mail: &MessageRecord) -> bool {
    let me = context.me().map(|me| me.brief.id);
    mail.asked_by.is_some() && mail.asked_by == me
}
