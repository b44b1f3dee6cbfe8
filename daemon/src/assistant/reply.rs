//! An email, read for a caller; nothing is kept of it.

use std::collections::BTreeSet;

use greenroom_protocol::Error;
use greenroom_protocol::reply::{ReplyAround, ReplyDecision, ReplyProposal, ReplyRead};

use super::letter::{Arrival, decided};
use crate::access::RequestContext;
use crate::schedule::time;
use crate::services::Services;

/// The longest email that is read, in bytes.
const LONGEST: usize = 256 << 10;

/// The most slots of a proposal.
const MOST_SLOTS: usize = 20;

/// The most earlier rounds, and others with the same address.
const MOST_ROUNDS: usize = 20;

/// What an email says, and what coordination would do if all slots were still free.
///
/// # Errors
/// Usage: an email that is too long, a zone that does not exist, or slots that can't be one
/// proposal's.
pub async fn read(
    services: &Services,
    context: &RequestContext,
    request: ReplyRead,
) -> Result<ReplyDecision, Error> {
    if request.mail.len() > LONGEST {
        let why = format!("The email has more than {LONGEST} bytes");
        return Err(Error::usage(why).field("mail"));
    }
    if let Some(proposal) = &request.proposal {
        check(proposal, "proposal")?;
    }
    if let Some(around) = &request.around {
        check_around(around)?;
    }
    let printed = request.proposal.as_ref().map(|it| it.zone.clone());
    let mine = context.me().map(|me| me.zone.clone());
    let zone = request.zone.clone().or(printed).or(mine);
    let zone = zone.unwrap_or_else(|| "UTC".to_owned());
    time::zone(&zone).map_err(|why| Error::usage(why.to_string()).field("zone"))?;
    let now = request.now.unwrap_or_else(|| services.clock.now());
    let read = tokio::task::spawn_blocking(move || {
        let arrival = Arrival {
            now,
            zone: &zone,
            locale: request.locale.as_deref(),
            proposal: request.proposal.as_ref(),
            thread: request.around.as_ref(),
            server: None,
        };
        decided(&request.mail, arrival)
    });
    let read = read.await.map_err(|error| {
        tracing::error!(%error, "reading a reply crashed");
        Error::failed("The email could not be read")
    })?;
    Ok(read?)
}

fn check(proposal: &ReplyProposal, field: &str) -> Result<(), Error> {
    let refuse = |why: &str| Err(Error::usage(why).field(field));
    if proposal.slots.len() > MOST_SLOTS {
        return refuse("A proposal has at most 20 slots");
    }
    let numbers: BTreeSet<u32> = proposal.slots.iter().map(|it| it.n).collect();
    if numbers.len() < proposal.slots.len() || numbers.contains(&0) {
        return refuse("Each slot has a number of its own, from 1");
    }
    if proposal.slots.iter().any(|it| it.end <= it.start) {
        return refuse("A slot ends after it starts");
    }
    time::zone(&proposal.zone).map_err(|why| Error::usage(why.to_string()).field(field))?;
    Ok(())
}

fn check_around(around: &ReplyAround) -> Result<(), Error> {
    let refuse = |why: &str| Err(Error::usage(why).field("around"));
    if around.earlier.len() > MOST_ROUNDS {
        return refuse("At most 20 earlier rounds are read");
    }
    if around.others.len() > MOST_ROUNDS {
        return refuse("At most 20 others have this address");
    }
    if around.booked.is_some_and(|it| it.end <= it.start) {
        return refuse("An interview ends after it starts");
    }
    let mut earlier = around.earlier.iter();
    earlier.try_for_each(|it| check(&it.proposal, "around"))
}
