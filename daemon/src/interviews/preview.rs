//! What an invitation looks like before it leaves.

use greenroom_protocol::Error;
use greenroom_protocol::id::MailId;
use greenroom_protocol::mail::{InviteQuery, MailKind, Written};

use super::list::visible;
use super::mail_api::shown;
use super::render::Rendering;
use crate::access::RequestContext;
use crate::records::interview::InterviewRecord;
use crate::records::invitation::Peer;
use crate::services::Services;

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
    let space = context.space();
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
                    .letter(&tx, space, kind, guest, &interview)
                    .await?;
                letter.ok_or_else(gone)
            }
        })
        .await?;
    let now = services.clock.now();
    let envelope = services
        .mail
        .envelope(context.workspace, MailId::new(), None, now);
    let built = letter.build(&envelope);
    let message =
        built.map_err(|error| Error::failed(format!("Couldn't write the invitation: {error}")))?;
    let (subject, text) = (message.subject, message.text);
    Ok(shown(
        &letter,
        services.mail.from(),
        subject,
        text,
        message.calendar,
    ))
}
