//! Checking one host: every meeting to come is read back, then strays are looked for.
//!
//! One request at a time, for Zoom counts them by the second. Where Zoom stops us the work is left for later and goes on from
//! where it was.

use futures::future::BoxFuture;
use greenroom_protocol::id::{InterviewId, MemberId, WorkspaceId};
use greenroom_protocol::time::Instant;

use super::record::HostCheckRecord;
use super::{CHECK_WORK, compare, next_night, orphans, setback};
use crate::interviews::make::{LIST_SCOPE, plan};
use crate::interviews::record::{InterviewRecord, ZoomMeeting};
use crate::rooms::Rooms;
use crate::store::StoreError;
use crate::work::{WorkRecord, Worker};
use crate::zoom::{Outcome, RefusalReason, Who};

/// The worker of checks.
pub struct Checks(pub Rooms);

/// Why a check goes no further for now: until when, and what is said.
struct Stopped {
    until: Option<Instant>,
    why: String,
}

impl Worker for Checks {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let (Ok(workspace), Ok(host)) = (space.parse(), work.record.parse()) else {
                tracing::error!(record = %work.record, "a check of something that is no host is dropped");
                let done = self.0.store.transact(|tx| async move {
                    WorkRecord::done(&tx, space, CHECK_WORK, &work.record)
                });
                return done.await.map(drop);
            };
            let check = Check {
                rooms: &self.0,
                space,
                workspace,
                host,
            };
            check.run().await
        })
    }
}

struct Check<'a> {
    rooms: &'a Rooms,
    space: &'a str,
    workspace: WorkspaceId,
    host: MemberId,
}

impl Check<'_> {
    async fn run(&self) -> Result<(), StoreError> {
        let now = self.rooms.clock.now();
        let coming = self
            .rooms
            .index
            .coming_on_host(self.workspace, self.host, now);
        let before = self.record().await?;
        let remaining = coming
            .iter()
            .filter(|id| before.up_to.is_none_or(|up_to| **id > up_to));
        for id in remaining {
            if let Err(stopped) = self.meeting(*id).await? {
                return self.stop(stopped).await;
            }
            let up_to = Some(*id);
            self.note(|check| check.up_to = up_to).await?;
        }
        let looked_for = match self.strays().await? {
            Ok(looked_for) => looked_for,
            Err(stopped) => return self.stop(stopped).await,
        };
        self.finish(coming.len(), looked_for).await
    }

    fn who(&self) -> Who {
        Who {
            workspace: self.workspace,
            member: self.host,
        }
    }

    /// Holds one booking against its meeting.
    async fn meeting(&self, id: InterviewId) -> Result<Result<(), Stopped>, StoreError> {
        let key = id.to_string();
        let stored = self
            .rooms
            .store
            .get::<InterviewRecord>(self.space, &key)
            .await?;
        let Some(interview) = stored.map(|stored| stored.record) else {
            return Ok(Ok(()));
        };
        let ZoomMeeting::Ready { meeting: made } = &interview.meeting.zoom else {
            return Ok(Ok(()));
        };
        let now = self.rooms.clock.now();
        let mut uuid = String::new();
        let found = match self.rooms.zoom.get_meeting(self.who(), made.id).await {
            Outcome::Done(meeting) => {
                uuid.clone_from(&meeting.uuid);
                let passcode = made.passcode.clone().unwrap_or_default();
                let plan = plan::of(self.rooms, self.space, id, &interview, passcode).await?;
                compare::there(&interview, &plan, &meeting, now)
            }
            Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {
                Some(compare::gone(now))
            }
            other => return Ok(Err(self.stopped(other))),
        };
        let (found, number, key, uuid) = (&found, made.id, &key, &uuid);
        let noted = self.rooms.store.transact(|tx| async move {
            let Some(mut interview) = tx.get::<InterviewRecord>(self.space, key).await? else {
                return Ok(());
            };
            let before = interview.clone();
            interview.see(uuid);
            compare::note(&mut interview, number, found.clone());
            if interview != before {
                tx.put(self.space, key, &interview)?;
            }
            Ok::<_, StoreError>(())
        });
        noted.await?;
        Ok(Ok(()))
    }

    /// Looks for meetings of ours that no booking needs; false where that is not permitted.
    async fn strays(&self) -> Result<Result<bool, Stopped>, StoreError> {
        let (connection, _) = self.rooms.zoom.status(self.who()).await?;
        let may = connection
            .grant()
            .is_some_and(|grant| grant.allows(LIST_SCOPE));
        if !may {
            return Ok(Ok(false));
        }
        match self
            .rooms
            .zoom
            .find_meetings(self.who(), orphans::MARK)
            .await
        {
            Outcome::Done(listed) => {
                orphans::note(self.rooms, self.space, self.host, &listed).await?;
                Ok(Ok(true))
            }
            Outcome::Refused(refusal)
                if matches!(refusal.reason, RefusalReason::MissingScope(_)) =>
            {
                Ok(Ok(false))
            }
            other => Ok(Err(self.stopped(other))),
        }
    }

    fn stopped<T>(&self, outcome: Outcome<T>) -> Stopped {
        let (until, why) = setback(outcome, self.rooms.clock.now());
        Stopped { until, why }
    }

    /// Leaves the rest for later; where time alone mends nothing, for the next night.
    async fn stop(&self, stopped: Stopped) -> Result<(), StoreError> {
        let (stopped, host) = (&stopped, &self.host.to_string());
        let now = self.rooms.clock.now();
        let left = self.rooms.store.transact(|tx| async move {
            let mut check = self.read(&tx).await?;
            check.reason = Some(stopped.why.clone());
            tx.put(self.space, host, &check)?;
            match stopped.until {
                Some(until) => {
                    let why = Some(stopped.why.clone());
                    WorkRecord::later(&tx, self.space, CHECK_WORK, host, until, why).await
                }
                None => WorkRecord::timer(&tx, self.space, CHECK_WORK, host, next_night(host, now)),
            }
        });
        left.await.map(drop)
    }

    async fn finish(&self, meetings: usize, looked_for: bool) -> Result<(), StoreError> {
        let (host, now) = (&self.host.to_string(), self.rooms.clock.now());
        let done = self.rooms.store.transact(|tx| async move {
            let check = HostCheckRecord {
                checked_at: Some(now),
                meetings: u32::try_from(meetings).unwrap_or(u32::MAX),
                strays_looked_for: looked_for,
                up_to: None,
                reason: None,
            };
            tx.put(self.space, host, &check)?;
            match meetings {
                0 => WorkRecord::done(&tx, self.space, CHECK_WORK, host),
                _ => WorkRecord::timer(&tx, self.space, CHECK_WORK, host, next_night(host, now)),
            }
        });
        done.await.map(drop)
    }

    async fn record(&self) -> Result<HostCheckRecord, StoreError> {
        let stored = self
            .rooms
            .store
            .get::<HostCheckRecord>(self.space, &self.host.to_string())
            .await?;
        Ok(stored.map(|stored| stored.record).unwrap_or_default())
    }

    async fn read(&self, tx: &crate::store::Tx) -> Result<HostCheckRecord, StoreError> {
        let found = tx
            .get::<HostCheckRecord>(self.space, &self.host.to_string())
            .await?;
        Ok(found.unwrap_or_default())
    }

    async fn note(&self, change: impl Fn(&mut HostCheckRecord)) -> Result<(), StoreError> {
        let (change, host) = (&change, &self.host.to_string());
        let noted = self.rooms.store.transact(|tx| async move {
            let mut check = self.read(&tx).await?;
            change(&mut check);
            tx.put(self.space, host, &check)
        });
        noted.await.map(drop)
    }
}
