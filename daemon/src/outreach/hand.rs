//! Taking an outreach over from the assistant, handing it back, and moving one up in its line.

use greenroom_protocol::Error;
use greenroom_protocol::outreach::Outreach;
use greenroom_protocol::workspace::Reference;

use super::apply::apply;
use super::list::{self, resolve};
use super::step::Event;
use super::view;
use crate::access::RequestContext;
use crate::current::current;
use crate::records::outreach::{OutreachRecord, OutreachState};
use crate::services::Services;

/// Takes an outreach over: the assistant is silent from then on, and what the candidate has stays
/// held as long as it was to be.
pub async fn take_over(
    services: &Services,
    context: &RequestContext,
    request: Reference,
) -> Result<Outreach, Error> {
    let by = context.me().map(|me| me.brief.id);
    change(services, context, request, &["state"], |record| {
        refuse_unassisted(record)?;
        refuse_closed(record)?;
        Ok(Event::TakenOver { by })
    })
    .await
}

/// Hands an outreach to the assistant again, which chooses other times.
pub async fn hand_back(
    services: &Services,
    context: &RequestContext,
    request: Reference,
) -> Result<Outreach, Error> {
    change(services, context, request, &["state"], |record| {
        refuse_unassisted(record)?;
        refuse_closed(record)?;
        match record.state {
            OutreachState::Taken { .. } | OutreachState::Person { .. } => Ok(Event::HandedBack),
            _ => Err(Error::conflict(format!(
                "The assistant has it already: {}",
                view::message(record)
            ))),
        }
    })
    .await
}

/// Moves an outreach that waits for times to the front of its stage's line.
pub async fn move_up(
    services: &Services,
    context: &RequestContext,
    request: Reference,
) -> Result<Outreach, Error> {
    let fields = &["state", "line"];
    change(services, context, request, fields, |record| {
        refuse_unassisted(record)?;
        match record.state {
            OutreachState::Waiting { .. } => Ok(Event::MovedUp),
            _ => {
                let why = format!("It is not in line for times: {}", view::message(record));
                Err(Error::conflict(why))
            }
        }
    })
    .await
}

/// What a person does with an outreach, as the record says: written with what follows, or only said
/// in a dry run.
pub(super) async fn change(
    services: &Services,
    context: &RequestContext,
    request: Reference,
    fields: &[&str],
    decide: impl Fn(&OutreachRecord) -> Result<Event, Error> + Send + Sync,
) -> Result<Outreach, Error> {
    let id = resolve(services, context, &request.reference)?;
    let (space, key, now) = (context.space(), id.to_string(), services.clock.now());
    let (would_be, _) = services
        .store
        .transact(|tx| {
            let (space, key, decide, request) = (&space, &key, &decide, &request);
            async move {
                let expected = request.expected_revision;
                let record: OutreachRecord = current(&tx, space, key, expected, "outreach").await?;
                context.hires_for(record.job)?;
                let event = decide(&record)?;
                let before = tx.mark();
                let next = apply(&tx, space, (id, &record.touched()), event, now).await?;
                let values = [("state", view::word(next.state).to_owned())];
                context.audit(&tx, now, id, fields, &values)?;
                if request.dry_run {
                    tx.back_to(before);
                    return Ok(Some(next));
                }
                Ok::<_, Error>(None)
            }
        })
        .await?;
    if let Some(record) = would_be {
        return Ok(view::wire(services, context.workspace, id, 0, &record).await?);
    }
    let outreach = list::one(services, context, id).await?;
    outreach.ok_or_else(list::unknown)
}

fn refuse_unassisted(record: &OutreachRecord) -> Result<(), Error> {
    match record.is_assisted() {
        true => Ok(()),
        false => Err(Error::conflict(
            "A person proposed these times, not the assistant",
        )),
    }
}

fn refuse_closed(record: &OutreachRecord) -> Result<(), Error> {
    match record.state {
        OutreachState::Unknown => Err(Error::conflict(
            "It is in a state that this version does not know",
        )),
        _ if record.is_open() => Ok(()),
        _ => Err(Error::conflict(format!(
            "It is over: {}",
            view::message(record)
        ))),
    }
}
