//! Stopping an outreach: its times are released, and a candidate who has them is emailed where that
//! is wanted.

use greenroom_protocol::Error;
use greenroom_protocol::id::OutreachId;
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::outreach::{Outreach, OutreachStop};

use super::apply::apply;
use super::list::{self, resolve};
use super::step::Event;
use super::{letter, view};
use crate::access::RequestContext;
use crate::current::current;
use crate::outbox;
use crate::records::outreach::{OutreachRecord, OutreachState};
use crate::services::Services;
use crate::store::Tx;

/// Stops an outreach. One that ended already stays as it is.
pub async fn stop(
    services: &Services,
    context: &RequestContext,
    request: OutreachStop,
) -> Result<Outreach, Error> {
    let id = resolve(services, context, &request.outreach.reference)?;
    let (would_be, _) = services
        .store
        .transact(|tx| {
            let request = &request;
            async move { within(services, context, &tx, id, request).await }
        })
        .await?;
    if let Some(record) = would_be {
        return Ok(view::wire(services, context.workspace, id, 0, &record).await?);
    }
    let outreach = list::one(services, context, id).await?;
    outreach.ok_or_else(list::unknown)
}

/// How it would stand, in a dry run.
async fn within(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: OutreachId,
    request: &OutreachStop,
) -> Result<Option<Box<OutreachRecord>>, Error> {
    let (space, now) = (context.space(), services.clock.now());
    let expected = request.outreach.expected_revision;
    let record: OutreachRecord = current(tx, &space, &id.to_string(), expected, "outreach").await?;
    context.hires_for(record.job)?;
    match record.state {
        OutreachState::Over { .. } => return Ok(None),
        OutreachState::Booked => {
            let why = "One of the times is booked";
            return Err(Error::conflict(why)
                .hint("cancel the interview instead: `greenroom interview cancel`"));
        }
        OutreachState::Unknown => {
            return Err(Error::conflict(
                "It is in a state that this version does not know",
            ));
        }
        _ => {}
    }
    let before = tx.mark();
    let has_times = may_have_left(tx, &space, &record).await?;
    let tell = match (has_times, request.tell) {
        (true, None) => {
            let why = "The candidate has the times already: say whether to tell them";
            return Err(Error::usage(why).field("tell").hint(
                "--tell emails them that the times are no longer available, --quiet does not",
            ));
        }
        (true, Some(tell)) => tell,
        (false, _) => false,
    };
    let next = apply(tx, &space, (id, &record.touched()), Event::Stopped, now).await?;
    if tell {
        let by = context.me().map(|me| me.brief.id);
        let kind = MailKind::ProposalWithdrawn;
        let draft = letter::draft(kind, (id, &next), by, record.email, now);
        outbox::post_for(tx, &space, draft, by, now)?;
    }
    let values = [("told", tell.to_string())];
    context.audit(tx, now, id, &["state"], &values)?;
    if request.outreach.dry_run {
        tx.back_to(before);
        return Ok(Some(Box::new(next)));
    }
    Ok(None)
}

/// Whether the candidate has the times, or may.
async fn may_have_left(tx: &Tx, space: &str, record: &OutreachRecord) -> Result<bool, Error> {
    if record.sent_at.is_some() {
        return Ok(true);
    }
    let Some(email) = record.email else {
        return Ok(false);
    };
    let mail = outbox::find(tx, space, email).await?;
    Ok(mail.is_some_and(|mail| mail.may_have_left()))
}
