//! RequestContext for the reminders of an interview whose time has come.

use futures::future::BoxFuture;
use greenroom_protocol::id::{InterviewId, WorkspaceId};
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::time::Instant;

use super::{REMIND_WORK, anew, readers, settings, timing};
use crate::outbox::record::About;
use crate::outbox::{self, Draft};
use crate::records::interview::InterviewRecord;
use crate::records::invitation::Reminded;
use crate::services::Services;
use crate::store::{StoreError, Tx};
use crate::work::{WorkRecord, Worker};

/// The worker of reminders.
pub struct Reminders(pub Services);

impl Worker for Reminders {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        let Self(services) = self;
        Box::pin(async move {
            if let Ok(workspace) = work.record.parse::<WorkspaceId>() {
                anew::see_to(services, workspace).await?;
            }
            let id = work.record.parse::<InterviewId>();
            let reminded = services.store.transact(|tx| {
                let id = id.as_ref();
                async move {
                    match id {
                        Ok(id) => remind(&tx, space, *id, services.clock.now()).await,
                        Err(_) => WorkRecord::done(&tx, space, REMIND_WORK, &work.record),
                    }
                }
            });
            reminded.await.map(drop)
        })
    }
}

/// Asks for the letters of the reminder that is due, if one is, and sets the timer to the next.
async fn remind(tx: &Tx, space: &str, id: InterviewId, now: Instant) -> Result<(), StoreError> {
    let key = id.to_string();
    let work = WorkRecord::id(REMIND_WORK, &key);
    let Some(work) = tx.get::<WorkRecord>(space, &work).await? else {
        return Ok(());
    };
    let interview = tx.get::<InterviewRecord>(space, &key).await?;
    let stands = |it: &InterviewRecord| it.status == InterviewStatus::Confirmed;
    let Some(mut interview) = interview.filter(stands) else {
        return WorkRecord::done(tx, space, REMIND_WORK, &key);
    };
    let (start, minutes) = (interview.start, settings(tx, space).await?);
    if let Some(minutes) = timing::due(start, &minutes, work.due, now) {
        let reminder = Reminded { start, minutes };
        let readers = readers(&interview, &reminder);
        for invitee in &readers {
            let draft = Draft {
                kind: MailKind::Reminder,
                to: invitee.guest.recipient(),
                about: About::Interview(id),
                not_before: now,
                follows: invitee.first,
                memo: reminder.memo(),
            };
            outbox::post(tx, space, draft, now)?;
        }
        if !readers.is_empty() {
            interview.invitation.reminded = Some(reminder);
            tx.put(space, &key, &interview)?;
        }
    }
    match timing::next(start, &minutes, now) {
        Some(next) => WorkRecord::timer(tx, space, REMIND_WORK, &key, next),
        None => WorkRecord::done(tx, space, REMIND_WORK, &key),
    }
}
