//! Writes the emails about interviews, from the records as they are when an email leaves, and notes
//! what became of it.

use futures::future::BoxFuture;
use greenroom_protocol::id::{InterviewId, MailId};
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::mail::MailKind;
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::time::Instant;

use super::invite::guests;
use super::reach::{self, Obstacle};
use super::render::Rendering;
use super::{remind, replies, urgent};
use crate::clock::Clock;
use crate::mail::bounce::BounceRecord;
use crate::mail::{Author, Written};
use crate::outbox::Settled;
use crate::outbox::record::{About, MessageRecord};
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Invitee, Peer, Told};
use crate::store::{StoreError, Tx};

/// The author of emails about interviews.
pub struct Letters {
    /// What time it is.
    pub clock: Clock,
}

impl Letters {
    async fn letter(
        &self,
        tx: &Tx,
        space: &str,
        id: InterviewId,
        mail: &MessageRecord,
    ) -> Result<Written, StoreError> {
        let unwanted = |why: &str| Ok(Written::Unwanted(why.to_owned()));
        let Ok(workspace) = space.parse() else {
            return unwanted("its workspace is gone");
        };
        let Some(interview) = tx.get::<InterviewRecord>(space, &id.to_string()).await? else {
            return unwanted("the interview is gone");
        };
        let now = self.clock.now();
        match mail.kind {
            MailKind::ReplyNotice => {
                return replies::letter(tx, workspace, id, &interview, mail, now).await;
            }
            MailKind::UrgentNotice => {
                return urgent::letter(tx, workspace, id, &interview, mail, now).await;
            }
            _ => {}
        }
        let Some(guest) = Peer::of(&mail.to) else {
            return unwanted("it is for nobody of this interview");
        };
        if let Some(why) = needless(&interview, guest, mail, self.clock.now()) {
            return unwanted(why);
        }
        let Some(rendering) = Rendering::read(tx, workspace, id, &interview).await? else {
            return unwanted("the candidate is gone");
        };
        match rendering
            .letter(tx, space, mail.kind, guest, &interview, self.clock.now())
            .await?
        {
            Some(letter) => Ok(Written::Letter {
                letter: Box::new(letter),
                memo: match mail.kind {
                    // Anyone who is reminded has had an email before.
                    MailKind::Reminder | MailKind::NoReplyReminder => mail.memo.clone(),
                    _ => Told::by(&interview).memo(),
                },
            }),
            None => unwanted("nobody is there to read it"),
        }
    }

    async fn note(
        &self,
        tx: &Tx,
        space: &str,
        id: InterviewId,
        mail_id: MailId,
        mail: &MessageRecord,
        outcome: Settled,
    ) -> Result<(), StoreError> {
        let key = id.to_string();
        // Nobody is invited by it.
        if matches!(mail.kind, MailKind::ReplyNotice | MailKind::UrgentNotice) {
            return Ok(());
        }
        let Some(mut interview) = tx.get::<InterviewRecord>(space, &key).await? else {
            return Ok(());
        };
        let before = interview.clone();
        let now = self.clock.now();
        let guest = Peer::of(&mail.to);
        match (&outcome, guest) {
            (Settled::Sent, Some(guest)) => {
                // What was known of the address before is known of that one.
                reach::is_reached(&mut interview, guest);
                let invitee = interview.invitation.of(guest);
                let fresh = invitee.is_none_or(|it| it.told.is_none());
                if replies::left(&mut interview.invitation, guest, mail, fresh, now) {
                    replies::look(tx, space, id, now)?;
                }
                if let Some(invitee) = interview.invitation.of_mut(guest) {
                    invitee.first = invitee.first.or(Some(mail_id));
                    invitee.address.clone_from(&mail.address);
                    left(invitee, mail, now);
                }
            }
            (Settled::Refused { why, .. }, Some(guest)) => {
                reach::is_unreached(&mut interview, guest, &Obstacle::NotSent(why));
            }
            (Settled::Refused { why, .. }, None) => {
                let what = format!("Email about this interview could not be sent: {why}");
                interview.warn(FindingCode::MailRefused, &what);
            }
            (Settled::Dropped, Some(guest)) if mail.asked_by.is_some() => {
                undone(&mut interview, guest, mail_id, mail);
                replies::look(tx, space, id, now)?;
            }
            (Settled::Sent | Settled::Dropped, _) => {}
        }
        if let Settled::Refused { why, address: true } = &outcome
            && let Some(to) = &mail.address
        {
            BounceRecord::mark(tx, space, to, why, now)?;
        }
        if interview != before {
            tx.put(space, &key, &interview)?;
        }
        Ok(())
    }
}

impl Author for Letters {
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MessageRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>> {
        Box::pin(async move {
            match mail.about {
                About::Interview(id) => self.letter(tx, space, id, mail).await,
                About::Connection(_)
                | About::Account(..)
                | About::Problem(_)
                | About::Application(_)
                | About::Outreach(_)
                | About::Retention
                | About::App(_) => Ok(Written::Unwanted("nobody writes it".to_owned())),
            }
        })
    }

    fn settled<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        id: MailId,
        mail: &'a MessageRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            match mail.about {
                About::Interview(interview) => {
                    self.note(tx, space, interview, id, mail, outcome).await
                }
                About::Connection(_)
                | About::Account(..)
                | About::Problem(_)
                | About::Application(_)
                | About::Outreach(_)
                | About::Retention
                | About::App(_) => Ok(()),
            }
        })
    }
}

/// Why nobody should get this letter any more.
fn needless(
    interview: &InterviewRecord,
    guest: Peer,
    mail: &MessageRecord,
    now: Instant,
) -> Option<&'static str> {
    let takes_part = guests(interview).contains(&guest);
    let confirmed = interview.status == InterviewStatus::Confirmed;
    match mail.kind {
        MailKind::Cancellation => {
            (confirmed && takes_part).then_some("the interview goes ahead after all")
        }
        _ if !interview.stands() => Some("the interview does not stand any more"),
        _ if !takes_part => Some("this person takes no part any more"),
        MailKind::Reminder => remind::needless(interview, guest, mail, now),
        MailKind::NoReplyReminder => replies::needless(interview, guest, now),
        _ if now >= interview.end() => Some("the interview is over"),
        _ => None,
    }
}

/// An email that a person asked for alone does not leave: it can be asked for again.
fn undone(interview: &mut InterviewRecord, guest: Peer, mail_id: MailId, mail: &MessageRecord) {
    match mail.kind {
        MailKind::NoReplyReminder => {
            replies::reminder_undone(&mut interview.invitation, guest, mail);
        }
        MailKind::Invitation if interview.stands() && guests(interview).contains(&guest) => {
            let invitee = interview.invitation.of(guest);
            if invitee.is_some_and(|it| it.mail == mail_id && it.told.is_none()) {
                let why = "the new invitation was undone";
                reach::is_unreached(interview, guest, &Obstacle::NotSent(why));
            }
        }
        _ => {}
    }
}

/// What somebody knows after this letter.
fn left(invitee: &mut Invitee, mail: &MessageRecord, now: Instant) {
    match mail.kind {
        MailKind::Invitation => {
            let told = Told::from_memo(mail.memo.as_deref());
            let same_time = match (&invitee.told, &told) {
                (Some(before), Some(told)) => told.same_time(before),
                _ => false,
            };
            if !same_time {
                invitee.forget_answer();
            }
            invitee.told = told;
            invitee.unsure = false;
            invitee.invited_at = Some(now);
        }
        MailKind::Cancellation => {
            invitee.told = None;
            invitee.unsure = false;
            invitee.invited_at = None;
        }
        _ => {}
    }
}
