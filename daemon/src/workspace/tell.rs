//! Emailing a colleague again that their Zoom must be reconnected, when someone who depends on it
//! asks for that.
//!
//! Invariant: no second email while one is on its way, and none soon after one has left; nobody can
//! flood a colleague with it.

use greenroom_protocol::Error;
use greenroom_protocol::id::MailId;
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::zoom::Told;

use super::connect::subject;
use super::notice;
use crate::access::RequestContext;
use crate::outbox::UNDO_SECONDS;
use crate::outbox::record::MessageState;
use crate::services::Services;

/// The least time between two letters of this kind to one person.
const QUIET_MINUTES: i64 = 60;

/// What is said where letters stay on this machine.
const NOBODY_RECEIVES: &str =
    "letters are written to a folder and nobody receives them: tell them yourself";

/// A letter that is on its way.
struct Posted {
    mail: Option<MailId>,
    not_before: Instant,
    repeated: bool,
}

/// Tells a member by mail that their Zoom must be connected again.
pub async fn tell(
    services: &Services,
    context: &RequestContext,
    request: Reference,
) -> Result<Told, Error> {
    let id = subject(services, context, Some(&request.reference))?;
    let gone = || Error::not_found("the member is gone");
    let row = services
        .index
        .member(context.workspace, id)
        .ok_or_else(gone)?;
    let member = row.record.brief(id);
    let (space, name) = (&context.space(), &member.name);
    let told = services.store.transact(|tx| async move {
        if !notice::must_connect(&tx, space, id).await? {
            let why = format!("{name}'s Zoom doesn't need reconnecting");
            return Err(Error::conflict(why));
        }
        let now = services.clock.now();
        if let Some((letter, mail)) = notice::newest(&tx, space, id).await? {
            match mail.state {
                MessageState::Waiting | MessageState::Sending { .. } => {
                    return Ok(Posted {
                        mail: Some(letter),
                        not_before: mail.not_before,
                        repeated: true,
                    });
                }
                MessageState::Sent { at } if now < at.plus_minutes(QUIET_MINUTES) => {
                    let minutes = now.since(at).as_mins();
                    let why = format!("An email was sent to {name} {minutes} min ago");
                    let hint = format!("wait until {QUIET_MINUTES} min have passed, or call them");
                    return Err(Error::conflict(why).hint(hint));
                }
                _ => {}
            }
        }
        let by = context.me().map(|me| me.brief.id);
        let mail = match request.dry_run {
            true => None,
            false => Some(notice::tell_member(&tx, space, id, by, now).await?),
        };
        if mail.is_some() {
            context.audit(&tx, now, id, &["notice"], &[])?;
        }
        Ok::<_, Error>(Posted {
            mail,
            not_before: now.plus_seconds(UNDO_SECONDS),
            repeated: false,
        })
    });
    let (posted, _) = told.await?;
    let delivers = services.mail.of(context.workspace).warning().is_none();
    Ok(Told {
        member,
        mail: posted.mail,
        not_before: posted.not_before,
        repeated: posted.repeated,
        delivers,
        note: (!delivers).then(|| NOBODY_RECEIVES.to_owned()),
        dry_run: request.dry_run,
    })
}
