//! The worker of replies: looks at one interview, does what is to be done, and sets the timer.

use futures::future::BoxFuture;
use greenroom_protocol::Error;
use greenroom_protocol::id::{InterviewId, MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::notice::{Notice, What};
use super::step::{self, Step, Steps};
use super::{REPLY_WORK, remind, replace};
use crate::access::RequestContext;
use crate::outbox;
use crate::records::interview::InterviewRecord;
use crate::records::invitation::{Decline, Peer};
use crate::records::workspace::WorkspaceRecord;
use crate::services::Services;
use crate::store::{GLOBAL, StoreError, Tx};
use crate::work::{WorkRecord, Worker};

/// Declines seen to in one go; more would mean that two of them undo each other.
const MOST_DECLINES: usize = 24;

/// The worker of replies.
pub struct Replies(pub Services);

impl Worker for Replies {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let Ok(workspace) = space.parse() else {
                return self.done(space, work).await;
            };
            if work.record.parse::<WorkspaceId>().is_ok() {
                self.see_to_all(space, workspace).await?;
                return self.done(space, work).await;
            }
            match work.record.parse() {
                Ok(id) => self.see_to(space, workspace, id).await,
                Err(_) => self.done(space, work).await,
            }
        })
    }
}

/// Has the replies of a workspace's interviews looked at, in the commit that changes after how long
/// people are reminded.
pub fn watch_replies_anew(tx: &Tx, workspace: WorkspaceId, now: Instant) -> Result<(), StoreError> {
    let id = workspace.to_string();
    WorkRecord::ask(tx, &id, REPLY_WORK, &id, now)
}

impl Replies {
    async fn done(&self, space: &str, work: &WorkRecord) -> Result<(), StoreError> {
        let done = self
            .0
            .store
            .transact(|tx| async move { WorkRecord::done(&tx, space, REPLY_WORK, &work.record) });
        done.await.map(drop)
    }

    async fn see_to_all(&self, space: &str, workspace: WorkspaceId) -> Result<(), StoreError> {
        let now = self.0.clock.now();
        let to_come = self.0.index.confirmed_since(workspace, now);
        let asked = self
            .0
            .store
            .transact_each(&to_come, |tx, (id, _)| async move {
                WorkRecord::ask(&tx, space, REPLY_WORK, &id.to_string(), now)
            });
        asked.await
    }

    async fn see_to(
        &self,
        space: &str,
        workspace: WorkspaceId,
        id: InterviewId,
    ) -> Result<(), StoreError> {
        let context = RequestContext::daemon(workspace, REPLY_WORK);
        for _ in 0..MOST_DECLINES {
            let key = id.to_string();
            let stored = self.0.store.get::<InterviewRecord>(space, &key).await?;
            let Some(interview) = stored.map(|stored| stored.record) else {
                break;
            };
            let now = self.steps(workspace, &interview, 0).now;
            let declined = now.iter().find_map(|step| match step {
                Step::Decline(member) => Some(*member),
                _ => None,
            });
            let Some(member) = declined else { break };
            self.declined(&context, id, &interview, member).await?;
        }
        self.silences(&context, id).await
    }

    fn steps(&self, workspace: WorkspaceId, interview: &InterviewRecord, hours: u32) -> Steps {
        let zone = |member: MemberId| {
            let row = self.0.index.member(workspace, member);
            row.map_or_else(|| interview.zone.clone(), |row| row.record.zone.clone())
        };
        step::steps(interview, hours, zone, self.0.clock.now())
    }

    /// Somebody takes the place, or the organizer hears of it: one of the two, in one commit.
    async fn declined(
        &self,
        context: &RequestContext,
        id: InterviewId,
        interview: &InterviewRecord,
        member: MemberId,
    ) -> Result<(), StoreError> {
        let services = &self.0;
        if step::may_be_automatic(interview, services.clock.now()) {
            match replace::automatic(services, context, id, member).await {
                Ok(Some(_)) => return Ok(()),
                Ok(None) => {}
                Err(error) => {
                    tracing::info!(interview = %id, reason = %error.message, "nobody takes a decliner's place");
                }
            }
        }
        let next = self.next(context, id, member).await;
        let (space, now) = (context.space(), services.clock.now());
        let told = services.store.transact(|tx| {
            let space = &space;
            async move {
                let key = id.to_string();
                let interview = tx.get::<InterviewRecord>(space, &key).await?;
                let is_new = |it: &InterviewRecord| step::is_new_decline(it, member);
                let Some(mut interview) = interview.filter(is_new) else {
                    return Ok(());
                };
                if let Some(open) = interview.invitation.open_mut(member) {
                    open.decline = Some(Decline::ToOrganizer);
                }
                if interview.organizer != member {
                    let what = What::Declined;
                    let notice = Notice { member, what, next };
                    let draft = notice.draft(id, interview.organizer, now);
                    outbox::post(&tx, space, draft, now)?;
                }
                tx.put(space, &key, &interview)
            }
        });
        told.await.map(drop)
    }

    /// Who could take the place; a failure to find out is nobody.
    async fn next(
        &self,
        context: &RequestContext,
        id: InterviewId,
        member: MemberId,
    ) -> Option<MemberId> {
        let next: Result<_, Error> = replace::next(&self.0, context, id, member).await;
        next.unwrap_or_else(|error| {
            tracing::warn!(interview = %id, reason = %error.message, "who could take a place is not known");
            None
        })
    }

    /// Asks for the emails that are due to those who do not reply, and sets the timer.
    async fn silences(&self, context: &RequestContext, id: InterviewId) -> Result<(), StoreError> {
        let services = &self.0;
        let (space, key, now) = (context.space(), id.to_string(), services.clock.now());
        let stored = services.store.get::<InterviewRecord>(&space, &key).await?;
        let mut nexts = Vec::new();
        if let Some(stored) = stored {
            let workspace = services
                .store
                .get::<WorkspaceRecord>(GLOBAL, &space)
                .await?;
            let hours = hours(&workspace.map(|it| it.record));
            for step in self.steps(context.workspace, &stored.record, hours).now {
                if let Step::Notify(member) = step {
                    nexts.push((member, self.next(context, id, member).await));
                }
            }
        }
        let seen = services.store.transact(|tx| {
            let (space, key, nexts) = (&space, &key, &nexts);
            async move {
                // Expected to stay so: a setting that changes meanwhile counts.
                let hours = hours(&tx.get::<WorkspaceRecord>(GLOBAL, space).await?);
                let Some(mut interview) = tx.get::<InterviewRecord>(space, key).await? else {
                    return WorkRecord::done(&tx, space, REPLY_WORK, key);
                };
                let before = interview.clone();
                for step in self.steps(context.workspace, &before, hours).now {
                    match step {
                        Step::Remind(member) => {
                            let guest = Peer::Member(member);
                            remind::post(&tx, space, id, &mut interview, guest, now)?;
                        }
                        Step::Notify(member) => {
                            let next = nexts.iter().find(|it| it.0 == member);
                            let next = next.and_then(|it| it.1);
                            let what = What::Silent;
                            let notice = Notice { member, what, next };
                            let draft = notice.draft(id, interview.organizer, now);
                            outbox::post(&tx, space, draft, now)?;
                            if let Some(open) = interview.invitation.open_mut(member) {
                                open.notified_at = Some(now);
                            }
                        }
                        // It came since: looked at again at once.
                        Step::Decline(_) => return super::look(&tx, space, id, now),
                    }
                }
                if interview != before {
                    tx.put(space, key, &interview)?;
                }
                match self.steps(context.workspace, &interview, hours).next {
                    Some(due) => WorkRecord::timer(&tx, space, REPLY_WORK, key, due),
                    None => WorkRecord::done(&tx, space, REPLY_WORK, key),
                }
            }
        });
        seen.await.map(drop)
    }
}

fn hours(workspace: &Option<WorkspaceRecord>) -> u32 {
    workspace.as_ref().map_or(0, |it| it.no_reply_hours)
}
