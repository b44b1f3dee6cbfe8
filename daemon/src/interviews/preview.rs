//! What emails about interviews look like before they leave.

use greenroom_protocol::Error;
use greenroom_protocol::id::{InterviewId, MailId, WorkspaceId};
use greenroom_protocol::mail::{InviteQuery, MailKind, Written};
use greenroom_protocol::time::Instant;

use super::invite::guests;
use super::list::visible;
use super::mail_api::shown;
use super::render::Rendering;
use crate::access::RequestContext;
use crate::mail::message::Letter;
use crate::mail::message::template::Template;
use crate::records::interview::InterviewRecord;
use crate::records::invitation::Peer;
use crate::services::Services;
use crate::store::{StoreError, Tx};

/// An interview's invitation as somebody would get it now, or its cancellation where it is off.
/// Nothing is sent.
pub async fn invitation(
    services: &Services,
    context: &RequestContext,
    query: InviteQuery,
) -> Result<Written, Error> {
    let seen = visible(context.scope());
    let index = &services.index;
    let id = index.find_interview(context.workspace, &query.interview, &seen)?;
    let to = query.to.as_deref().map(|text| {
        let found = index.find_member(context.workspace, text);
        found.map_err(|error| Error::from(error).field("to"))
    });
    let to = to.transpose()?;
    let (space, now) = (context.space(), services.clock.now());
    let (letter, _) = services
        .store
        .transact(|tx| {
            let space = &space;
            async move {
                let interview = tx.get::<InterviewRecord>(space, &id.to_string()).await?;
                let gone = || Error::not_found("the interview is gone");
                let interview = interview.ok_or_else(gone)?;
                let guest = to.map_or(Peer::Candidate(interview.candidate), Peer::Member);
                let rendering = Rendering::read(&tx, context.workspace, id, &interview).await?;
                let rendering = rendering.ok_or_else(gone)?;
                if rendering.reader(guest).is_none() {
                    let why = "this member takes no part in the interview";
                    return Err(Error::not_found(why).field("to"));
                }
                let kind = match interview.takes_time() {
                    true => MailKind::Invitation,
                    false => MailKind::Cancellation,
                };
                let letter = rendering
                    .letter(&tx, space, kind, guest, &interview, now)
                    .await?;
                letter.ok_or_else(gone)
            }
        })
        .await?;
    written(services, context, &letter)
}

/// An email as it would leave now.
///
/// # Errors
/// An address in it is none.
pub fn written(
    services: &Services,
    context: &RequestContext,
    letter: &Letter,
) -> Result<Written, Error> {
    let now = services.clock.now();
    let route = services.mail.of(context.workspace);
    let envelope = route.envelope(context.workspace, MailId::new(), now);
    let message = letter
        .build(&envelope)
        .map_err(|error| Error::failed(format!("Couldn't write the email: {error}")))?;
    let (subject, text) = (message.subject, message.text);
    Ok(shown(letter, route.from(), subject, text, message.calendar))
}

/// An email about an interview in these words; `None` where the words are of an email that is about
/// none, or nobody is there to read it.
///
/// # Errors
/// The store can't be read.
pub async fn in_words(
    tx: &Tx,
    workspace: WorkspaceId,
    id: InterviewId,
    template: Template,
    now: Instant,
) -> Result<Option<Letter>, StoreError> {
    let space = workspace.to_string();
    let Some(interview) = tx.get::<InterviewRecord>(&space, &id.to_string()).await? else {
        return Ok(None);
    };
    let rendering = Rendering::read(tx, workspace, id, &interview).await?;
    Ok(rendering.and_then(|it| it.in_words(template, now)))
}

/// Every email that an interview of these terms would be announced with, the candidate's first.
///
/// # Errors
/// The store can't be read, or an address is none.
pub(super) async fn invitations(
    services: &Services,
    context: &RequestContext,
    tx: &Tx,
    id: InterviewId,
    interview: &InterviewRecord,
) -> Result<Vec<Written>, Error> {
    let (space, now) = (context.space(), services.clock.now());
    let mut all = Vec::new();
    for guest in guests(interview) {
        let rendering = Rendering::read(tx, context.workspace, id, interview).await?;
        let Some(rendering) = rendering else { break };
        let letter = rendering
            .letter(tx, &space, MailKind::Invitation, guest, interview, now)
            .await?;
        if let Some(letter) = letter {
            all.push(written(services, context, &letter)?);
        }
    }
    Ok(all)
}
