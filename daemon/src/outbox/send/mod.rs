//! How letters leave: written from the records as they are, noted, handed over, and the outcome
//! committed.
//!
//! Invariants: that a letter is being handed over, and under which Message-ID, is durable before
//! the first byte leaves; once it is recorded as sent it is never handed over again. Where the
//! answer was lost, by a kill or a network, it may have left: it is handed over again under the
//! same Message-ID, because a letter that comes twice can be told apart by whoever receives it and
//! one that never comes cannot. A Maildir file is named after the Message-ID, so there it is one
//! message in any case.

use futures::future::BoxFuture;
use greenroom_protocol::id::{MailId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::KIND;
use super::record::{MailRecord, MailState, PastMail};
use crate::clock::Clock;
use crate::failpoint::{Point, failpoint};
use crate::mail::message::{Letter, Message};
use crate::mail::{Handed, Mail};
use crate::store::{AuditEntry, Store, StoreError, Tx};
use crate::work::{WorkRecord, Worker, backoff};

/// Writes letters: a room above this one, which knows what they are about.
pub trait Author: Send + Sync + 'static {
    /// The letter as the records are now. Whatever is read with `tx` is still so when the letter
    /// leaves.
    fn write<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        mail: &'a MailRecord,
    ) -> BoxFuture<'a, Result<Written, StoreError>>;

    /// The letter left, was refused or is not wanted any more: what the author notes of it, in the
    /// same commit.
    fn settled<'a>(
        &'a self,
        tx: &'a Tx,
        space: &'a str,
        id: MailId,
        mail: &'a MailRecord,
        outcome: Settled,
    ) -> BoxFuture<'a, Result<(), StoreError>>;
}

/// What an author came to.
#[derive(Debug, Clone, PartialEq)]
pub enum Written {
    /// This is the letter.
    Letter {
        /// What it says.
        letter: Box<Letter>,
        /// What its author wants to know again when it has left.
        memo: Option<String>,
    },
    /// Nobody should get it any more, and why.
    Unwanted(String),
}

/// What became of a letter.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum Settled {
    /// It left.
    Sent,
    /// It was refused for good.
    Refused {
        /// Why.
        why: String,
        /// Whether the address is at fault.
        address: bool,
    },
    /// It did not leave, and will not.
    Dropped,
}

/// The worker of letters.
pub struct MailWorker {
    /// The way out, and who writes.
    pub mail: Mail,
    /// Where letters are.
    pub store: Store,
    /// What time it is.
    pub clock: Clock,
}

/// What the first commit of a try came to.
enum Noted {
    /// Hand this over.
    HandOver(Box<Message>, bool),
    /// There is nothing to do now.
    Nothing,
}

impl Worker for MailWorker {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let ids = (space.parse(), work.record.parse());
            let (Ok(workspace), Ok(id)) = ids else {
                tracing::error!(record = %work.record, "work for something that is no letter is dropped");
                let drop_it =
                    |tx: Tx| async move { WorkRecord::done(&tx, space, &work.kind, &work.record) };
                return self.store.transact(drop_it).await.map(drop);
            };
            let one = Try {
                mail_worker: self,
                space,
                workspace,
                id,
                attempts: work.attempts,
            };
            one.run().await
        })
    }
}

/// One try at one letter.
struct Try<'a> {
    mail_worker: &'a MailWorker,
    space: &'a str,
    workspace: WorkspaceId,
    id: MailId,
    attempts: u32,
}

impl Try<'_> {
    async fn run(&self) -> Result<(), StoreError> {
        let store = &self.mail_worker.store;
        let (noted, _) = store.transact(|tx| self.note(tx)).await?;
        let Noted::HandOver(message, again) = noted else {
            return Ok(());
        };
        let name = format!("{}.{}", self.id, self.workspace);
        failpoint(Point::LetterNoted);
        let handed = self
            .mail_worker
            .mail
            .hand_over(&name, &message, again)
            .await;
        failpoint(Point::LetterLeft);
        let settled = store.transact(|tx| self.settle(tx, handed.clone())).await;
        settled.map(drop)
    }

    /// Writes the letter, and notes that it is being handed over.
    async fn note(&self, tx: Tx) -> Result<Noted, StoreError> {
        let (space, key, now) = (self.space, self.id.to_string(), self.now());
        let Some(mail) = tx.get::<MailRecord>(space, &key).await? else {
            WorkRecord::done(&tx, space, KIND, &key)?;
            return Ok(Noted::Nothing);
        };
        let again = match mail.state {
            MailState::Waiting => false,
            MailState::Sending { .. } => true,
            MailState::Sent { .. }
            | MailState::Failed { .. }
            | MailState::Held { .. }
            | MailState::Withdrawn { .. } => {
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
        let author = self.mail_worker.mail.author();
        let (letter, memo) = match author.write(&tx, space, &mail).await? {
            Written::Letter { letter, memo } => (letter, memo),
            Written::Unwanted(why) => {
                let state = MailState::Withdrawn {
                    at: now,
                    why,
                    may_have_left: again,
                };
                let mail = MailRecord { state, ..mail };
                author
                    .settled(&tx, space, self.id, &mail, Settled::Dropped)
                    .await?;
                super::finish(&tx, space, self.id, mail)?;
                return Ok(Noted::Nothing);
            }
        };
        let postmark = self
            .mail_worker
            .mail
            .postmark(self.workspace, self.id, mail.follows, now);
        let message = match letter.build(&postmark) {
            Ok(message) => message,
            Err(error) => {
                self.refuse(&tx, mail, error.to_string(), true).await?;
                return Ok(Noted::Nothing);
            }
        };
        let mail = MailRecord {
            state: MailState::Sending { at: now },
            address: Some(letter.to.address),
            memo,
            unanswered: mail.unanswered + u32::from(again),
            ..mail
        };
        tx.put(space, &key, &mail)?;
        Ok(Noted::HandOver(Box::new(message), again))
    }

    /// Commits what became of it, over the letter as it is now.
    async fn settle(&self, tx: Tx, handed: Handed) -> Result<(), StoreError> {
        let (space, key, now) = (self.space, self.id.to_string(), self.now());
        let Some(mail) = tx.get::<MailRecord>(space, &key).await? else {
            return self.settle_withdrawn(tx, handed).await;
        };
        let later = backoff::next_try(now, self.attempts);
        match handed {
            Handed::Taken => {
                let state = MailState::Sent { at: now };
                let mail = MailRecord { state, ..mail };
                self.audit(&tx, &mail, "sent")?;
                let author = self.mail_worker.mail.author();
                author
                    .settled(&tx, space, self.id, &mail, Settled::Sent)
                    .await?;
                super::finish(&tx, space, self.id, mail)
            }
            Handed::Refused { why, address } => self.refuse(&tx, mail, why, address).await,
            Handed::NotTaken(why) => {
                // An earlier try may have been taken: only where there was none is it sure that it
                // waits.
                if mail.unanswered == 0 {
                    let state = MailState::Waiting;
                    tx.put(space, &key, &MailRecord { state, ..mail })?;
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
    async fn settle_withdrawn(&self, tx: Tx, handed: Handed) -> Result<(), StoreError> {
        let key = self.id.to_string();
        let Some(PastMail(mail)) = tx.get::<PastMail>(self.space, &key).await? else {
            return Ok(());
        };
        let MailState::Withdrawn { at, why, .. } = &mail.state else {
            return Ok(());
        };
        let state = match handed {
            Handed::Taken => MailState::Sent { at: self.now() },
            Handed::Unknown(_) => return Ok(()),
            Handed::NotTaken(_) | Handed::Refused { .. } => MailState::Withdrawn {
                at: *at,
                why: why.clone(),
                may_have_left: mail.unanswered > 0,
            },
        };
        tx.put(self.space, &key, &PastMail(MailRecord { state, ..mail }))
    }

    async fn refuse(
        &self,
        tx: &Tx,
        mail: MailRecord,
        why: String,
        address: bool,
    ) -> Result<(), StoreError> {
        let (space, key) = (self.space, self.id.to_string());
        let state = MailState::Failed {
            at: self.now(),
            why: why.clone(),
        };
        let mail = MailRecord { state, ..mail };
        self.audit(tx, &mail, "failed")?;
        let refused = Settled::Refused { why, address };
        let author = self.mail_worker.mail.author();
        author.settled(tx, space, self.id, &mail, refused).await?;
        tx.put(space, &key, &mail)?;
        WorkRecord::done(tx, space, KIND, &key)
    }

    fn audit(&self, tx: &Tx, mail: &MailRecord, state: &str) -> Result<(), StoreError> {
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

    fn now(&self) -> Instant {
        self.mail_worker.clock.now()
    }
}

#[cfg(test)]
mod tests;
