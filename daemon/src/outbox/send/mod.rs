//! How messages leave: written from the records as they are, noted, handed over, and the outcome
//! committed.
//!
//! Invariants: that a message is being handed over, and under which name, is durable before the
//! first byte leaves; once it is recorded as sent it is never handed over again. Where the answer
//! was lost, by a kill or a network, it may have left: it is handed over again under the same name
//! (an email's Message-ID), because its recipient can tell a message that comes twice, and not one
//! that never comes. A Maildir file is named after the Message-ID, so there it is one message in any
//! case.

use std::collections::HashMap;
use std::sync::Arc;

use futures::future::BoxFuture;
use greenroom_protocol::id::{MailId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::record::{ChannelKind, MessageRecord, MessageState, PastMessage};
use super::{Channel, Handed, KIND, Message, Place, Settled, Written};
use crate::clock::Clock;
use crate::failpoint::{Point, failpoint};
use crate::store::{AuditEntry, Store, StoreError, Tx};
use crate::work::{WorkRecord, Worker, backoff};

/// Sends messages, each through its channel.
pub struct Sender {
    channels: HashMap<ChannelKind, Arc<dyn Channel>>,
    store: Store,
    clock: Clock,
}

impl Sender {
    /// No channels yet.
    #[must_use]
    pub fn new(store: Store, clock: Clock) -> Self {
        Self {
            channels: HashMap::new(),
            store,
            clock,
        }
    }

    /// With this channel.
    #[must_use]
    pub fn with(mut self, kind: ChannelKind, channel: impl Channel) -> Self {
        self.channels.insert(kind, Arc::new(channel));
        self
    }

    fn channel(&self, kind: ChannelKind) -> Option<&dyn Channel> {
        self.channels.get(&kind).map(AsRef::as_ref)
    }
}

/// What the first commit of a try came to.
enum Noted {
    /// Hand this over.
    HandOver(ChannelKind, Message, bool),
    /// There is nothing to do now.
    Nothing,
}

impl Worker for Sender {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let ids = (space.parse(), work.record.parse());
            let (Ok(workspace), Ok(id)) = ids else {
                tracing::error!(record = %work.record, "work for something that is no message is dropped");
                let drop_it =
                    |tx: Tx| async move { WorkRecord::done(&tx, space, &work.kind, &work.record) };
                return self.store.transact(drop_it).await.map(drop);
            };
            let one = Try {
                sender: self,
                space,
                workspace,
                id,
                attempts: work.attempts,
            };
            one.run().await
        })
    }
}

/// One try at one message.
struct Try<'a> {
    sender: &'a Sender,
    space: &'a str,
    workspace: WorkspaceId,
    id: MailId,
    attempts: u32,
}

impl Try<'_> {
    async fn run(&self) -> Result<(), StoreError> {
        let store = &self.sender.store;
        let (noted, _) = store.transact(|tx| self.note(tx)).await?;
        let Noted::HandOver(kind, message, again) = noted else {
            return Ok(());
        };
        let Some(channel) = self.sender.channel(kind) else {
            return Ok(());
        };
        failpoint(Point::LetterNoted);
        let handed = channel.hand_over(self.workspace, &message, again).await;
        failpoint(Point::LetterLeft);
        let finished = store.transact(|tx| self.finish(tx, handed.clone())).await;
        finished.map(drop)
    }

    /// Writes the message, and notes that it is being handed over.
    async fn note(&self, tx: Tx) -> Result<Noted, StoreError> {
        let (space, key, now) = (self.space, self.id.to_string(), self.now());
        let Some(mail) = tx.get::<MessageRecord>(space, &key).await? else {
            WorkRecord::done(&tx, space, KIND, &key)?;
            return Ok(Noted::Nothing);
        };
        let again = match mail.state {
            MessageState::Waiting => false,
            MessageState::Sending { .. } => true,
            MessageState::Sent { .. }
            | MessageState::Failed { .. }
            | MessageState::Held { .. }
            | MessageState::Withdrawn { .. } => {
                WorkRecord::done(&tx, space, KIND, &key)?;
                return Ok(Noted::Nothing);
            }
        };
        let due = tx
            .get::<WorkRecord>(space, &WorkRecord::id(KIND, &key))
            .await?;
        let due = due.map_or(mail.not_before, |work| work.due.max(mail.not_before));
        if now < due {
            // Work is woken when a connection changes, which means nothing to mail.
            WorkRecord::wait(&tx, space, KIND, &key, due).await?;
            return Ok(Noted::Nothing);
        }
        let (kind, place) = (mail.channel, self.place());
        let Some(channel) = self.sender.channel(kind) else {
            let later = backoff::next_try(now, self.attempts);
            let why = "this daemon has no such channel".to_owned();
            WorkRecord::later(&tx, space, KIND, &key, later, Some(why)).await?;
            return Ok(Noted::Nothing);
        };
        let (message, address, memo) = match channel.write(&tx, place, &mail).await? {
            Written::Message {
                message,
                address,
                memo,
            } => (message, address, memo),
            Written::Unwanted(why) => {
                let state = MessageState::Withdrawn {
                    at: now,
                    why,
                    may_have_left: again,
                };
                let mail = MessageRecord { state, ..mail };
                channel.settled(&tx, place, &mail, Settled::Dropped).await?;
                super::finish(&tx, space, self.id, mail)?;
                return Ok(Noted::Nothing);
            }
            Written::Impossible(why) => {
                self.refuse(&tx, mail, why, true).await?;
                return Ok(Noted::Nothing);
            }
        };
        let mail = MessageRecord {
            state: MessageState::Sending { at: now },
            address: Some(address),
            from: Some(message.from.clone()),
            memo,
            unanswered: mail.unanswered + u32::from(again),
            ..mail
        };
        tx.put(space, &key, &mail)?;
        Ok(Noted::HandOver(kind, message, again))
    }

    /// Commits what became of it, over the message as it is now.
    async fn finish(&self, tx: Tx, handed: Handed) -> Result<(), StoreError> {
        let (space, key, now) = (self.space, self.id.to_string(), self.now());
        let Some(mail) = tx.get::<MessageRecord>(space, &key).await? else {
            return self.finish_withdrawn(tx, handed).await;
        };
        let later = backoff::next_try(now, self.attempts);
        match handed {
            Handed::Taken => {
                let state = MessageState::Sent { at: now };
                let mail = MessageRecord { state, ..mail };
                self.audit(&tx, &mail, "sent")?;
                self.settled(&tx, &mail, Settled::Sent).await?;
                super::finish(&tx, space, self.id, mail)
            }
            Handed::Refused { why, address } => self.refuse(&tx, mail, why, address).await,
            Handed::NotBefore { until, why } => {
                if mail.unanswered == 0 {
                    let state = MessageState::Waiting;
                    tx.put(space, &key, &MessageRecord { state, ..mail })?;
                }
                WorkRecord::hold(&tx, space, KIND, &key, until, why).await
            }
            Handed::NotTaken(why) => {
                // An earlier try may have been taken: only where there was none is it sure that it
                // waits.
                if mail.unanswered == 0 {
                    let state = MessageState::Waiting;
                    tx.put(space, &key, &MessageRecord { state, ..mail })?;
                }
                WorkRecord::later(&tx, space, KIND, &key, later, Some(why)).await
            }
            Handed::Unknown(why) => {
                let why =
                    format!("it may have left: {why}; it is sent again under the same Message-ID");
                WorkRecord::later(&tx, space, KIND, &key, later, Some(why)).await
            }
        }
    }

    /// It was called back while it was being handed over.
    async fn finish_withdrawn(&self, tx: Tx, handed: Handed) -> Result<(), StoreError> {
        let key = self.id.to_string();
        let Some(PastMessage(mail)) = tx.get::<PastMessage>(self.space, &key).await? else {
            return Ok(());
        };
        let MessageState::Withdrawn { at, why, .. } = &mail.state else {
            return Ok(());
        };
        let state = match handed {
            Handed::Taken => MessageState::Sent { at: self.now() },
            Handed::Unknown(_) => return Ok(()),
            Handed::NotTaken(_) | Handed::NotBefore { .. } | Handed::Refused { .. } => {
                MessageState::Withdrawn {
                    at: *at,
                    why: why.clone(),
                    may_have_left: mail.unanswered > 0,
                }
            }
        };
        tx.put(
            self.space,
            &key,
            &PastMessage(MessageRecord { state, ..mail }),
        )
    }

    async fn refuse(
        &self,
        tx: &Tx,
        mail: MessageRecord,
        why: String,
        address: bool,
    ) -> Result<(), StoreError> {
        let (space, key) = (self.space, self.id.to_string());
        let state = MessageState::Failed {
            at: self.now(),
            why: why.clone(),
        };
        let mail = MessageRecord { state, ..mail };
        self.audit(tx, &mail, "failed")?;
        let refused = Settled::Refused { why, address };
        self.settled(tx, &mail, refused).await?;
        tx.put(space, &key, &mail)?;
        WorkRecord::done(tx, space, KIND, &key)
    }

    fn audit(&self, tx: &Tx, mail: &MessageRecord, state: &str) -> Result<(), StoreError> {
        let kind = format!("{:?}", mail.kind).to_lowercase();
        let entry = AuditEntry {
            at: self.now().timestamp(),
            actor: None,
            acting_as: None,
            source: "worker".to_owned(),
            call: KIND.to_owned(),
            record: self.id.to_string(),
            fields: vec!["state".to_owned()],
            values: [
                ("state".to_owned(), state.to_owned()),
                ("kind".to_owned(), kind),
            ]
            .into(),
        };
        tx.audit(self.space, &entry)
    }

    async fn settled(
        &self,
        tx: &Tx,
        mail: &MessageRecord,
        outcome: Settled,
    ) -> Result<(), StoreError> {
        match self.sender.channel(mail.channel) {
            Some(channel) => channel.settled(tx, self.place(), mail, outcome).await,
            None => Ok(()),
        }
    }

    fn place(&self) -> Place<'_> {
        Place {
            space: self.space,
            workspace: self.workspace,
            id: self.id,
            at: self.now(),
        }
    }

    fn now(&self) -> Instant {
        self.sender.clock.now()
    }
}

#[cfg(test)]
mod tests;
