//! What people answer to letters about interviews.
//!
//! Invariants: an answer counts only when it names an interview or letter of ours *and* comes from
//! somebody it was sent to: by their address, or by the Message-ID of the letter to them, which
//! nobody else was given. It changes what is known of that person and nothing else: another time
//! asked for is shown, never acted on.

use greenroom_protocol::id::{InterviewId, MailId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::reach::{self, Obstacle};
use super::{heard, moving, replies};
use crate::clock::Clock;
use crate::input::folded;
use crate::mail::bounce::BounceRecord;
use crate::mail::inbound::read::{Incoming, Proposal, Reply, Saying};
use crate::mail::message;
use crate::outbox;
use crate::outbox::record::{About, MessageRecord, MessageState};
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Answer, Ask, Invitee, Peer, Told};
use crate::store::{AuditEntry, StoreError, Tx};

/// Hears answers about interviews.
pub struct Answers {
    /// What time it is.
    pub clock: Clock,
}

impl Answers {
    /// What a calendar or a mail server says. Whether that was all of it: words are still to be
    /// kept where they belong.
    pub async fn hear(&self, tx: &Tx, incoming: &Incoming) -> Result<bool, StoreError> {
        match &incoming.says {
            Saying::Reply(reply) => self.reply(tx, incoming, reply, None).await,
            Saying::Counter(reply, proposal) => {
                self.reply(tx, incoming, reply, Some(proposal)).await
            }
            Saying::Bounce { why, ours } => {
                self.bounce(tx, incoming, why, *ours).await?;
                Ok(true)
            }
            Saying::Words => Ok(false),
        }
    }

    /// Words about an interview. Whether they found their place there.
    pub async fn words(
        &self,
        tx: &Tx,
        incoming: &Incoming,
        space: &str,
        id: InterviewId,
    ) -> Result<bool, StoreError> {
        heard::words(tx, space, id, incoming, self.clock.now()).await
    }

    async fn reply(
        &self,
        tx: &Tx,
        incoming: &Incoming,
        reply: &Reply,
        proposal: Option<&Proposal>,
    ) -> Result<bool, StoreError> {
        let (space, id) = (reply.workspace.to_string(), reply.interview);
        let Some(mut interview) = tx.get::<InterviewRecord>(&space, &id.to_string()).await? else {
            return Ok(false);
        };
        let now = self.clock.now();
        let guest = match sender(tx, incoming, reply, &interview).await? {
            Ok(guest) => guest,
            Err(not_counted) => {
                let why = not_counted.why();
                tracing::info!(interview = %id, why, "an answer does not count");
                return match not_counted {
                    NotCounted::Elsewhere(guest) => {
                        heard::set_aside(tx, &space, incoming, reply, proposal, guest, now).await
                    }
                    NotCounted::Outdated(guest, _) => {
                        heard::outdated(tx, &space, incoming, id, guest, now).await?;
                        Ok(true)
                    }
                    NotCounted::Older => Ok(true),
                };
            }
        };
        let before = interview.clone();
        let note = reply.note.as_deref();
        take(
            &mut interview,
            guest,
            reply.answer,
            reply.at,
            note,
            proposal,
            now,
        );
        if let Peer::Member(_) = guest {
            replies::look(tx, &space, id, now)?;
        }
        BounceRecord::clear(tx, &space, &reply.attendee)?;
        let value = match proposal {
            Some(_) => "counter",
            None => reply.answer.name(),
        };
        self.keep(tx, &space, id, &before, &interview, value)?;
        Ok(true)
    }

    /// An email did not arrive. That says something of the address it went to, and of the person
    /// only where they are written to there still and have not answered since.
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
            let (About::Interview(id), Some(guest)) = (&mail.about, Peer::of(&mail.to)) else {
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
fn left(mail: &MessageRecord) -> Instant {
    match mail.state {
        MessageState::Sent { at } | MessageState::Sending { at } => at,
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

/// Notes what somebody answered, and the time they propose.
pub(super) fn take(
    interview: &mut InterviewRecord,
    guest: Peer,
    answer: message::Answer,
    at: Option<Instant>,
    note: Option<&str>,
    proposal: Option<&Proposal>,
    now: Instant,
) {
    if let Some(invitee) = interview.invitation.of_mut(guest) {
        invitee.answer = match answer {
            message::Answer::Accepted => Answer::Accepted,
            message::Answer::Declined => Answer::Declined,
            message::Answer::Tentative => Answer::Tentative,
            // A wish alone leaves what was answered before.
            message::Answer::NeedsAction => invitee.answer,
        };
        invitee.answered_at = Some(at.unwrap_or(now).min(now));
        invitee.note = note.map(str::to_owned);
    }
    replies::heard(&mut interview.invitation, guest, now);
    reach::is_reached(interview, guest);
    if let Some(proposal) = proposal {
        ask(interview, guest, proposal, now);
    }
}

/// Why an answer does not count.
pub(super) enum NotCounted {
    /// It comes from an address that is not theirs, for this guest as far as it says so.
    Elsewhere(Option<Peer>),
    /// It answers what does not stand any more.
    Outdated(Peer, &'static str),
    /// They answered again since.
    Older,
}

impl NotCounted {
    fn why(&self) -> &'static str {
        match self {
            Self::Elsewhere(_) => "it comes from another address",
            Self::Outdated(_, why) => why,
            Self::Older => "a later answer came before it",
        }
    }
}

/// Whose answer it is; or why it does not count.
async fn sender(
    tx: &Tx,
    incoming: &Incoming,
    reply: &Reply,
    interview: &InterviewRecord,
) -> Result<Result<Peer, NotCounted>, StoreError> {
    let space = reply.workspace.to_string();
    let invitees = &interview.invitation.invitees;
    let at = |address: &str| {
        let mut invitees = invitees.iter();
        invitees.find(|it| {
            let invited = it.address.as_deref().map(str::to_lowercase);
            invited.as_deref() == Some(address)
        })
    };
    let by_alias = match at(&reply.attendee) {
        Some(_) => None,
        None => heard::remembered(tx, &space, interview, &reply.attendee).await?,
    };
    let invitee = at(&reply.attendee).or_else(|| interview.invitation.of(by_alias?));
    let Some(invitee) = invitee else {
        let delegate = reply.delegated_from.as_deref().and_then(at);
        let guest = delegate.map(|it| it.guest);
        return Ok(Err(NotCounted::Elsewhere(guest)));
    };
    let theirs = incoming.from == reply.attendee
        || heard::remembered(tx, &space, interview, &incoming.from).await? == Some(invitee.guest)
        || sent_to(tx, incoming, reply.workspace, invitee.guest).await?;
    if !theirs {
        return Ok(Err(NotCounted::Elsewhere(Some(invitee.guest))));
    }
    Ok(counts(interview, invitee, reply.sequence, reply.at).map(|()| invitee.guest))
}

/// Whether an answer of this invitee counts that was given to this change of the interview, at this
/// time.
pub(super) fn counts(
    interview: &InterviewRecord,
    invitee: &Invitee,
    sequence: u32,
    at: Option<Instant>,
) -> Result<(), NotCounted> {
    let outdated = |why| Err(NotCounted::Outdated(invitee.guest, why));
    let Some(told) = &invitee.told else {
        return outdated("they have no invitation that stands");
    };
    let older = |at: Instant| invitee.answered_at.is_some_and(|answered| at < answered);
    match () {
        () if invitee.dismissed || !interview.takes_time() => {
            outdated("the invitation does not stand any more")
        }
        () if (told.sequence + 1..interview.invitation.restored).contains(&sequence) => {
            outdated("it answers an email sent after the backup that was restored")
        }
        () if sequence < told.sequence || !told.same_time(&Told::by(interview)) => {
            outdated("it answers what has changed since")
        }
        () if at.is_some_and(older) => Err(NotCounted::Older),
        () => Ok(()),
    }
}

/// Whether the message answers a letter that went to this guest.
async fn sent_to(
    tx: &Tx,
    incoming: &Incoming,
    workspace: WorkspaceId,
    to: Peer,
) -> Result<bool, StoreError> {
    let of_workspace = |it: &&(WorkspaceId, MailId)| it.0 == workspace;
    for (_, id) in incoming.answers.iter().filter(of_workspace) {
        let mail = outbox::find(tx, &workspace.to_string(), *id).await?;
        if mail.is_some_and(|mail| Peer::of(&mail.to) == Some(to)) {
            return Ok(true);
        }
    }
    Ok(false)
}

/// Keeps a wish for another time, and says so.
fn ask(interview: &mut InterviewRecord, guest: Peer, proposal: &Proposal, now: Instant) {
    let ask = Ask {
        guest,
        at: now,
        start: proposal.start,
        duration_minutes: proposal.duration_minutes,
        comment: proposal.comment.clone(),
    };
    moving::asks(interview, ask);
}

/// A guest, for a sentence.
pub(super) fn whom(guest: Peer) -> &'static str {
    match guest {
        Peer::Candidate(_) => "the candidate",
        Peer::Member(_) => "an interviewer",
    }
}
