//! Accepting a reply that came from another address.
//!
//! Invariants: only those who may change the interview accept; what is accepted counts as the
//! attendee's and is audited; an address that is somebody's own is never remembered as another's.

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::received::{ReceivedAccept, ReceivedMail};

use super::{name_of, resolve, unknown, wire};
use crate::access::RequestContext;
use crate::input::folded;
use crate::mail::inbound::{Speaker, Thread, keep};
use crate::outbox::record::Recipient;
use crate::records::invitation::Peer;
use crate::records::pipeline::CandidateRecord;
use crate::services::Services;
use crate::store::Tx;
use crate::{interviews, pipeline};

/// Accepts a reply as its attendee's own.
pub async fn accept(
    services: &Services,
    context: &RequestContext,
    request: ReceivedAccept,
) -> Result<ReceivedMail, Error> {
    let id = resolve(services, context, &request.mail.reference).await?;
    let (space, request) = (&context.space(), &request);
    let ((owner, turn), _) = services
        .store
        .transact(|tx| async move {
            let found = keep::find(&tx, space, id).await?;
            let (owner, mut turn) = found.ok_or_else(unknown)?;
            let (Some(aside), Thread::Interview(interview)) = (turn.aside.take(), turn.thread)
            else {
                let why =
                    "This email is not a reply from another address, so there is nothing to accept";
                return Err(Error::conflict(why));
            };
            let said = aside.guest.as_ref().and_then(Peer::of);
            let guest = attendee(services, context, &tx, interview, request, said).await?;
            let reply = aside.answer.as_ref();
            let accepted =
                interviews::accept_reply(services, context, &tx, interview, guest, reply).await?;
            let from = turn.heard().from.clone();
            if request.remember {
                is_nobodys(services, context, &tx, &from, guest).await?;
            }
            let now = services.clock.now();
            turn.read_at = turn.read_at.or(Some(now));
            turn.who = match guest {
                Peer::Candidate(_) => Speaker::Candidate,
                Peer::Member(member) => Speaker::Member(member),
            };
            if request.mail.dry_run {
                return Ok((owner, turn));
            }
            accepted.write(services, context, &tx)?;
            keep::put(&tx, space, owner, id, &turn)?;
            if request.remember {
                keep::remember(&tx, space, &from, guest.recipient(), now)?;
            }
            if !keep::waits(&tx, space, owner, interview).await? {
                interviews::mail_is_read(&tx, space, interview).await?;
            }
            Ok::<_, Error>((owner, turn))
        })
        .await?;
    Ok(wire(services, context, id, owner, &turn).await?)
}

/// Whose reply it is: who the caller names, else whom it replies for.
async fn attendee(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    interview: InterviewId,
    request: &ReceivedAccept,
    said: Option<Peer>,
) -> Result<Peer, Error> {
    if request.attendee.is_none()
        && let Some(guest) = said
    {
        return Ok(guest);
    }
    let wanted = request.attendee.as_deref().map(folded);
    let (mut found, mut names) = (Vec::new(), Vec::new());
    for guest in interviews::invitees(tx, &context.space(), interview).await? {
        let name = name_of(services, context, &guest.recipient()).await?;
        let name = name.unwrap_or_default();
        let email = email_of(services, context, tx, guest).await?;
        let fits = |wanted: &String| *wanted == folded(&name) || *wanted == folded(&email);
        if wanted.as_ref().is_some_and(fits) {
            found.push(guest);
        }
        names.push(format!("{name} <{email}>"));
    }
    if let [one] = found[..] {
        return Ok(one);
    }
    let mut refused = match wanted {
        None => Error::usage("The reply does not say for whom it is")
            .hint("say whose it is, by name or address, such as --attendee EMAIL"),
        Some(_) => Error::not_found("Nobody of that name or address is invited to the interview"),
    };
    refused.matches = names;
    Err(refused.field("attendee"))
}

async fn email_of(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    guest: Peer,
) -> Result<String, Error> {
    Ok(match guest {
        Peer::Candidate(id) => {
            let (space, key) = (context.space(), id.to_string());
            let candidate = tx.peek::<CandidateRecord>(&space, &key).await?;
            candidate.map(|it| it.email).unwrap_or_default()
        }
        Peer::Member(id) => {
            let row = services.index.member(context.workspace, id);
            row.map(|row| row.record.email.clone()).unwrap_or_default()
        }
    })
}

/// Refuses where an address is somebody else's own: their emails must not count as another's.
async fn is_nobodys(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    address: &str,
    guest: Peer,
) -> Result<(), Error> {
    let candidate = pipeline::of_address(tx, &context.space(), address).await?;
    let candidate = candidate.map(Recipient::Candidate);
    let members = services.index.members(context.workspace).into_iter();
    let theirs = |email: &str| folded(email) == folded(address);
    let member = members
        .filter(|row| theirs(&row.record.email) || theirs(row.record.zoom_address()))
        .map(|row| Recipient::Member(row.id));
    let mut others = candidate.into_iter().chain(member);
    match others.any(|other| other != guest.recipient()) {
        false => Ok(()),
        true => {
            let why = "This address is somebody else's own here, so it cannot be remembered";
            Err(Error::conflict(why).hint("accept the reply without remembering the address"))
        }
    }
}
