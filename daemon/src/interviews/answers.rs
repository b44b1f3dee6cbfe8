//! What people answer to letters about interviews.
//!
//! Invariants: an answer counts only when it names an interview or letter of ours *and* comes from somebody it was sent to: by their
//! address, or by the Message-ID of the letter to them, which nobody else was given. It changes what is known of that
//! person and nothing else: another time asked for is shown, never acted on.

use futures::future::BoxFuture;
use greenroom_protocol::id::{InterviewId, MailId, WorkspaceId};
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::time::Instant;

use super::invitation::{Answer, Ask, Guest, Invitee, Told};
use super::reach::{self, Obstacle};
use super::record::InterviewRecord;
use crate::clock::Clock;
use crate::input::folded;
use crate::mail::bounce::BounceRecord;
use crate::mail::message;
use crate::mail::outbox;
use crate::mail::read::{Incoming, Proposal, Reply, Saying};
use crate::mail::receive::Hearer;
use crate::mail::record::{About, MailRecord, MailState};
use crate::store::{AuditEntry, StoreError, Tx};

/// The wishes for another time that are kept of an interview.
const MOST_ASKS: usize = 10;

/// Hears answers about interviews.
pub struct Answers {
    /// What time it is.
    pub clock: Clock,
}

impl Hearer for Answers {
    fn hear<'a>(
        &'a self,
        tx: &'a Tx,
        incoming: &'a Incoming,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            match &incoming.says {
                Saying::Reply(reply) => self.reply(tx, incoming, reply, None).await,
                Saying::Counter(reply, proposal) => {
                    self.reply(tx, incoming, reply, Some(proposal)).await
                }
                Saying::Bounce { why, ours } => self.bounce(tx, incoming, why, *ours).await,
                Saying::Words => self.words(tx, incoming).await,
            }
        })
    }
}

impl Answers {
    async fn reply(
        &self,
        tx: &Tx,
        incoming: &Incoming,
        reply: &Reply,
        proposal: Option<&Proposal>,
    ) -> Result<(), StoreError> {
        let (space, id) = (reply.workspace.to_string(), reply.interview);
        let Some(mut interview) = tx.get::<InterviewRecord>(&space, &id.to_string()).await? else {
            return Ok(());
        };
        let guest = match sender(tx, incoming, reply, &interview).await? {
            Ok(guest) => guest,
            Err(why) => {
                // An answer that counts for nothing is not silently gone.
                tracing::info!(interview = %id, why, "an answer was passed over");
                return Ok(());
            }
        };
        let before = interview.clone();
        let now = self.clock.now();
        if let Some(invitee) = interview.invitation.of_mut(guest) {
            invitee.answer = match reply.answer {
                message::Answer::Accepted => Answer::Accepted,
                message::Answer::Declined => Answer::Declined,
                message::Answer::Tentative => Answer::Tentative,
                // A wish alone leaves what was answered before.
                message::Answer::NeedsAction => invitee.answer,
            };
            invitee.answered_at = Some(reply.at.unwrap_or(now).min(now));
            invitee.note.clone_from(&reply.note);
        }
        reach::is_reached(&mut interview, guest);
        if let Some(proposal) = proposal {
            ask(&mut interview, guest, proposal, now);
        }
        BounceRecord::clear(tx, &space, &reply.attendee)?;
        let value = match proposal {
            Some(_) => "counter",
            None => reply.answer.name(),
        };
        self.keep(tx, &space, id, &before, &interview, value)
    }

    /// An email did not arrive. That says something of the address it went to, and of the person only where they are written to there
    /// still and have not answered since.
    async fn bounce(
        &self,
        tx: &Tx,
        incoming: &Incoming,
        why: &str,
        ours: bool,
    ) -> Result<(), StoreError> {
        let now = self.clock.now();
        for (workspace, mail_id) in &incoming.answers {
            let space = workspace.to_string();
            let Some(mail) = outbox::find(tx, &space, *mail_id).await? else {
                continue;
            };
            let Some(went) = mail.address.clone() else {
                continue;
            };
            outbox::bounced(tx, &space, *mail_id, why).await?;
            let (About::Interview(id), Some(guest)) = (&mail.about, Guest::of(&mail.to)) else {
                mark(tx, &space, &went, why, ours, now)?;
                continue;
            };
            let found = tx.get::<InterviewRecord>(&space, &id.to_string()).await?;
            let Some(mut interview) = found else {
                mark(tx, &space, &went, why, ours, now)?;
                continue;
            };
            let answered = interview.invitation.of(guest).is_some_and(|it| {
                let there = it
                    .address
                    .as_deref()
                    .is_some_and(|it| folded(it) == folded(&went));
                there
                    && it
                        .answered_at
                        .is_some_and(|answered| answered >= left(&mail))
            });
            if answered {
                tracing::info!(interview = %id, "a bounce was passed over: an answer came from there since");
                continue;
            }
            mark(tx, &space, &went, why, ours, now)?;
            let present = reach::address(tx, &space, guest).await?;
            if present.is_none_or(|present| folded(&present) != folded(&went)) {
                continue;
            }
            let before = interview.clone();
            let obstacle = match ours {
                true => Obstacle::Ours(why),
                false => Obstacle::Address(why),
            };
            reach::is_unreached(&mut interview, guest, &obstacle);
            self.keep(tx, &space, *id, &before, &interview, "bounced")?;
        }
        Ok(())
    }

    /// A person wrote: a person has to read it.
    async fn words(&self, tx: &Tx, incoming: &Incoming) -> Result<(), StoreError> {
        for (workspace, mail_id) in &incoming.answers {
            let space = workspace.to_string();
            let Some(mail) = outbox::find(tx, &space, *mail_id).await? else {
                continue;
            };
            let address = mail.address.as_deref().map(str::to_lowercase);
            if address.as_deref() != Some(&incoming.from) {
                continue;
            }
            let (About::Interview(id), Some(guest)) = (&mail.about, Guest::of(&mail.to)) else {
                continue;
            };
            let Some(mut interview) = tx.get::<InterviewRecord>(&space, &id.to_string()).await?
            else {
                continue;
            };
            let before = interview.clone();
            let said = format!(
                "{} answered a letter in words; read them in the mailbox that answers return to",
                whom(guest)
            );
            interview.warn(FindingCode::AnsweredInWords, &said);
            return self.keep(tx, &space, *id, &before, &interview, "words");
        }
        Ok(())
    }

    fn keep(
        &self,
        tx: &Tx,
        space: &str,
        id: InterviewId,
        before: &InterviewRecord,
        interview: &InterviewRecord,
        answer: &str,
    ) -> Result<(), StoreError> {
        if interview == before {
            return Ok(());
        }
        tx.put(space, &id.to_string(), interview)?;
        let entry = AuditEntry {
            at: self.clock.now().timestamp(),
            actor: None,
            acting_as: None,
            source: "mail".to_owned(),
            call: "answer".to_owned(),
            record: id.to_string(),
            fields: vec!["attendees".to_owned()],
            values: [("answer".to_owned(), answer.to_lowercase())].into(),
        };
        tx.audit(space, &entry)
    }
}

/// When an email left, as far as is known.
fn left(mail: &MailRecord) -> Instant {
    match mail.state {
        MailState::Sent { at } | MailState::Sending { at } => at,
        _ => mail.created_at,
    }
}

fn mark(
    tx: &Tx,
    space: &str,
    address: &str,
    why: &str,
    ours: bool,
    now: Instant,
) -> Result<(), StoreError> {
    match ours {
        true => Ok(()),
        false => BounceRecord::mark(tx, space, address, why, now),
    }
}

/// Whose answer it is; or why it counts for nothing.
async fn sender(
    tx: &Tx,
    incoming: &Incoming,
    reply: &Reply,
    interview: &InterviewRecord,
) -> Result<Result<Guest, &'static str>, StoreError> {
    let invited = |it: &&Invitee| {
        let address = it.address.as_deref().map(str::to_lowercase);
        address.as_deref() == Some(&reply.attendee)
    };
    let Some(invitee) = interview.invitation.invitees.iter().find(invited) else {
        return Ok(Err("nobody was invited at that address"));
    };
    let Some(told) = &invitee.told else {
        return Ok(Err("they have no invitation that stands"));
    };
    let theirs = incoming.from == reply.attendee
        || sent_to(tx, incoming, reply.workspace, invitee.guest).await?;
    let older = |at: Instant| invitee.answered_at.is_some_and(|answered| at < answered);
    Ok(match invitee.guest {
        _ if !theirs => Err("it comes from somebody else"),
        _ if invitee.dismissed || !interview.takes_time() => {
            Err("the invitation does not stand any more")
        }
        _ if (told.sequence + 1..interview.invitation.restored).contains(&reply.sequence) => {
            Err("it answers what people were told after the backup that was restored")
        }
        _ if reply.sequence < told.sequence || !told.same_time(&Told::by(interview)) => {
            Err("it answers what has changed since")
        }
        _ if reply.at.is_some_and(older) => Err("a later answer came before it"),
        guest => Ok(guest),
    })
}

/// Whether the message answers a letter that went to this guest.
async fn sent_to(
    tx: &Tx,
    incoming: &Incoming,
    workspace: WorkspaceId,
    to: Guest,
) -> Result<bool, StoreError> {
    let of_workspace = |it: &&(WorkspaceId, MailId)| it.0 == workspace;
    for (_, id) in incoming.answers.iter().filter(of_workspace) {
        let mail = outbox::find(tx, &workspace.to_string(), *id).await?;
        if mail.is_some_and(|mail| Guest::of(&mail.to) == Some(to)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Keeps a wish for another time, and says so.
fn ask(interview: &mut InterviewRecord, guest: Guest, proposal: &Proposal, now: Instant) {
    let ask = Ask {
        guest,
        at: now,
        start: proposal.start,
        duration_minutes: proposal.duration_minutes,
        comment: proposal.comment.clone(),
    };
    let asks = &mut interview.invitation.asks;
    let same = |it: &Ask| {
        Ask {
            at: now,
            ..it.clone()
        } == ask
    };
    if asks.iter().any(same) {
        return;
    }
    asks.push(ask);
    let surplus = asks.len().saturating_sub(MOST_ASKS);
    asks.drain(..surplus);
    let when = proposal.start.map(|start| start.in_zone(&interview.zone));
    let when = when.map(|when| format!(" and proposes {when}"));
    let said = format!(
        "{} asks for another time{}",
        whom(guest),
        when.unwrap_or_default()
    );
    interview.warn(FindingCode::RescheduleAsked, &said);
}

fn whom(guest: Guest) -> &'static str {
    match guest {
        Guest::Candidate(_) => "the candidate",
        Guest::Member(_) => "an interviewer",
    }
}
