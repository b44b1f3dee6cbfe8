//! Accepting a reply that came from another address: a person says whose it is, and it counts as
//! theirs.
//!
//! Invariant: it is judged as it would be from their own address; what the interview has become
//! since is not overruled.

use greenroom_protocol::Error;
use greenroom_protocol::id::InterviewId;

use super::answers::{self, NotCounted};
use super::replies;
use crate::access::RequestContext;
use crate::mail::inbound::AsideAnswer;
use crate::mail::inbound::read::Proposal;
use crate::records::interview::InterviewRecord;
use crate::records::invitation::Peer;
use crate::services::Services;
use crate::store::Tx;

/// An interview with a reply that is accepted, yet to be written.
pub struct Accepted {
    id: InterviewId,
    interview: InterviewRecord,
    /// What was answered, for the audit.
    value: String,
}

/// Whose a reply could be: everyone who is invited.
pub async fn invitees(tx: &Tx, space: &str, id: InterviewId) -> Result<Vec<Peer>, Error> {
    let invitees = interview(tx, space, id).await?.invitation.invitees;
    Ok(invitees.into_iter().map(|it| it.guest).collect())
}

/// Judges a reply as this guest's; one in words only becomes theirs.
pub async fn accept_reply(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: InterviewId,
    guest: Peer,
    reply: Option<&AsideAnswer>,
) -> Result<Accepted, Error> {
    let mut interview = interview(tx, &context.space(), id).await?;
    context.hires_for(interview.job)?;
    let Some(invitee) = interview.invitation.of(guest) else {
        let why = "They are not invited to this interview";
        return Err(Error::conflict(why).field("attendee"));
    };
    let Some(reply) = reply else {
        let value = "words".to_owned();
        return Ok(Accepted {
            id,
            interview,
            value,
        });
    };
    if let Err(not_counted) = answers::counts(&interview, invitee, reply.sequence, reply.at) {
        let why = match not_counted {
            NotCounted::Older => "They have answered again since this reply",
            _ => "The interview has changed since this reply was written",
        };
        let hint = "mark the email as read, and ask them to answer the newest invitation";
        return Err(Error::conflict(why).hint(hint));
    }
    let proposal = reply.counter.then(|| Proposal {
        start: reply.start,
        duration_minutes: reply.duration_minutes,
        comment: reply.comment.clone(),
    });
    let (proposal, now) = (proposal.as_ref(), services.clock.now());
    let note = reply.comment.as_deref();
    answers::take(
        &mut interview,
        guest,
        reply.answer,
        reply.at,
        note,
        proposal,
        now,
    );
    let value = match reply.counter {
        true => "counter".to_owned(),
        false => reply.answer.name().to_lowercase(),
    };
    Ok(Accepted {
        id,
        interview,
        value,
    })
}

impl Accepted {
    /// Writes it, in this commit, and that a person said so.
    pub fn write(
        self,
        services: &Services,
        context: &RequestContext,
        tx: &Tx,
    ) -> Result<(), Error> {
        let Self {
            id,
            interview,
            value,
        } = self;
        tx.put(&context.space(), &id.to_string(), &interview)?;
        replies::look(tx, &context.space(), id, services.clock.now())?;
        let values = [("answer", value)];
        Ok(context.audit(tx, services.clock.now(), id, &["attendees"], &values)?)
    }
}

async fn interview(tx: &Tx, space: &str, id: InterviewId) -> Result<InterviewRecord, Error> {
    let interview = tx.get::<InterviewRecord>(space, &id.to_string()).await?;
    interview.ok_or_else(|| Error::not_found("The interview is gone"))
}
