//! Wiring: which room handles an email that comes in. By what the thread is about, else by whose
//! address it comes from.
//!
//! Invariants: what a person writes about something of ours, or from an address we know, is
//! kept, with the workspace whose mailbox it came to; handling it decides nothing. Any other message is not looked at further.

use futures::future::BoxFuture;
use greenroom_protocol::id::CandidateId;

use crate::clock::Clock;
use crate::interviews::Answers;
use crate::mail::InboundHandler;
use crate::mail::inbound::mailboxes::Scope;
use crate::mail::inbound::read::{Incoming, Saying};
use crate::mail::inbound::{Owner, Says, Speaker, Thread, TurnRecord, keep};
use crate::outbox;
use crate::outbox::record::About;
use crate::outreach::OutreachReplies;
use crate::pipeline;
use crate::records::pipeline::CandidateRecord;
use crate::store::{Store, StoreError, Tx};
use crate::workspace::Replies;
use crate::workspace::accounts::AccountReplies;

/// Every room that handles email.
pub(crate) struct Inbound {
    /// Email about interviews.
    pub interviews: Answers,
    /// Replies of Zoom admins.
    pub approvals: Replies,
    /// Replies of administrators at Google and Microsoft.
    pub account_approvals: AccountReplies,
    /// Answers to proposed times.
    pub outreaches: OutreachReplies,
    /// What time it is.
    pub clock: Clock,
    /// Where the workspaces are whose candidates may write.
    pub store: Store,
}

impl InboundHandler for Inbound {
    fn handle<'a>(
        &'a self,
        tx: &'a Tx,
        incoming: &'a Incoming,
        scope: &'a Scope<'a>,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            if let Saying::Bounce { ours, .. } = &incoming.says {
                self.bounced(tx, incoming, !ours).await?;
            }
            if self.interviews.hear(tx, incoming).await? || self.thread(tx, incoming).await? {
                return Ok(());
            }
            if self.by_token(tx, incoming, scope).await? {
                return Ok(());
            }
            self.candidates(tx, incoming, scope).await
        })
    }
}

impl Inbound {
    /// What answers an email of ours, or names an interview. Whether it found its place.
    async fn thread(&self, tx: &Tx, incoming: &Incoming) -> Result<bool, StoreError> {
        for (workspace, mail) in &incoming.answers {
            let space = workspace.to_string();
            let Some(mail) = outbox::find(tx, &space, *mail).await? else {
                continue;
            };
            let heard = match mail.about {
                About::Interview(id) => self.interviews.words(tx, incoming, &space, id).await?,
                // What a candidate answers is kept with the candidate.
                About::Outreach(id) => self.outreaches.hear(tx, &space, id, incoming).await?,
                About::Problem(_) | About::Application(_) | About::Retention | About::App(_) => {
                    false
                }
                About::Connection(member) => {
                    let replies = &self.approvals;
                    replies
                        .hear(tx, *workspace, member, &mail, incoming)
                        .await?
                }
                About::Account(provider, _) => {
                    let replies = &self.account_approvals;
                    replies
                        .hear(tx, *workspace, provider, &mail, incoming)
                        .await?
                }
            };
            if heard {
                return Ok(true);
            }
        }
        let Some((workspace, id)) = incoming.interview else {
            return Ok(false);
        };
        let space = workspace.to_string();
        self.interviews.words(tx, incoming, &space, id).await
    }

    /// Emails with proposed times that did not arrive.
    async fn bounced(&self, tx: &Tx, incoming: &Incoming, address: bool) -> Result<(), StoreError> {
        for (workspace, id) in &incoming.answers {
            let space = workspace.to_string();
            let mail = outbox::find(tx, &space, *id).await?;
            if let Some(About::Outreach(outreach)) = mail.map(|mail| mail.about) {
                let outreaches = &self.outreaches;
                outreaches.bounced(tx, &space, outreach, address).await?;
            }
        }
        Ok(())
    }

    /// What names an outreach in its subject, as a link in our email has it, and nothing else of
    /// ours. Whether it found its place.
    async fn by_token(
        &self,
        tx: &Tx,
        incoming: &Incoming,
        scope: &Scope<'_>,
    ) -> Result<bool, StoreError> {
        let Some(id) = incoming.outreach else {
            return Ok(false);
        };
        for space in self.store.spaces().await? {
            let is_here = |workspace| scope.is_mailbox_of(workspace);
            if !space.parse().is_ok_and(is_here) {
                continue;
            }
            let outreaches = &self.outreaches;
            if outreaches.hear_by_token(tx, &space, id, incoming).await? {
                return Ok(true);
            }
        }
        Ok(false)
    }

    /// What a candidate writes of their own accord: kept in every workspace that knows them and
    /// whose mailbox it came to.
    async fn candidates(
        &self,
        tx: &Tx,
        incoming: &Incoming,
        scope: &Scope<'_>,
    ) -> Result<(), StoreError> {
        for space in self.store.spaces().await? {
            let is_here = |workspace| scope.is_mailbox_of(workspace);
            if !space.parse().is_ok_and(is_here) {
                continue;
            }
            for address in &incoming.senders {
                if let Some(id) = pipeline::of_address(tx, &space, address).await? {
                    self.candidate(tx, &space, id, address, incoming).await?;
                    break;
                }
            }
        }
        Ok(())
    }

    async fn candidate(
        &self,
        tx: &Tx,
        space: &str,
        id: CandidateId,
        address: &str,
        incoming: &Incoming,
    ) -> Result<(), StoreError> {
        // Expected to stay: one who is erased at the same moment is written about no more.
        let known = tx.get::<CandidateRecord>(space, &id.to_string()).await?;
        if known.is_none() {
            return Ok(());
        }
        let turn = TurnRecord {
            thread: Thread::None,
            at: self.clock.now(),
            who: match incoming.from == address {
                true => Speaker::Candidate,
                false => Speaker::Other,
            },
            says: Says::Heard(incoming.heard.clone()),
            read_at: None,
            aside: None,
            understood: None,
        };
        keep::keep(tx, space, Owner::Candidate(id), &turn).await?;
        Ok(())
    }
}
