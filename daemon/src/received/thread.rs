//! An outreach with what came in about it.

use greenroom_protocol::Error;
use greenroom_protocol::outreach::OutreachThread;
use greenroom_protocol::received::Received;
use greenroom_protocol::workspace::Reference;

use super::whole;
use crate::access::RequestContext;
use crate::mail::inbound::{Owner, Thread, shelf};
use crate::outreach;
use crate::services::Services;

/// Emails that are shown with one, the newest.
const MOST_TURNS: usize = 64;

/// An outreach with what came in about it, oldest first.
///
/// # Errors
/// It names none the caller may see.
pub async fn thread(
    services: &Services,
    context: &RequestContext,
    reference: Reference,
) -> Result<OutreachThread, Error> {
    let id = outreach::resolve(services, context, &reference.reference)?;
    let found = outreach::one(services, context, id).await?;
    let helped = outreach::with_helps(services, context, found.into_iter().collect()).await?;
    let outreach = helped.into_iter().next().ok_or_else(outreach::unknown)?;
    let owner = Owner::Candidate(outreach.candidate.id);
    let space = context.space();
    let places = shelf::of_owner(&services.store, &space, owner).await?;
    let about = places
        .into_iter()
        .filter(|(_, place)| place.thread == Thread::Outreach(id));
    let mut received: Vec<Received> = Vec::new();
    for (turn, _) in about.take(MOST_TURNS) {
        if let Some((owner, record)) = shelf::find(&services.store, &space, turn).await? {
            received.push(whole(services, context, turn, owner, &record).await?);
        }
    }
    received.reverse();
    let letter = outreach::written_now(services, context, id).await?;
    Ok(OutreachThread {
        outreach,
        received,
        letter,
    })
}
