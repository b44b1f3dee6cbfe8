//! Checking one host: every upcoming meeting is read back, then unused meetings are looked for.
//!
//! One request at a time, for Zoom counts them by the second. One meeting that cannot be looked at
//! is noted and passed over; what stops every call leaves the rest for later, and the check goes on
//! from where it was. A later check begins anew.

use futures::future::BoxFuture;
use greenroom_protocol::id::{InterviewId, MemberId, WorkspaceId};
use greenroom_protocol::schedule::{Finding, FindingWho, LaneKind};
use greenroom_protocol::time::Instant;

use super::record::{HostCheckRecord, Obstacle, Skipped};
use super::{AGAIN, CHECK_WORK, LONGEST_AGAIN, compare, next_night, orphans, setback};
use crate::interviews::make::{LIST_SCOPE, plan};
use crate::interviews::view;
use crate::records::interview::{InterviewRecord, ZoomMeeting};
use crate::schedule::predicate;
use crate::services::Services;
use crate::store::StoreError;
use crate::work::{WorkRecord, Worker};
use crate::zoom::{self, ConnectionId, Outcome, RefusalReason};

/// The worker of checks.
pub struct Checks(pub Services);

/// How old the part that is done may be when a check that was interrupted goes on, in seconds;
/// after that it begins anew.
const FRESH: i64 = 2 * 60 * 60;

/// How often meetings are asked for again whose answer was lost.
const MOST_TRIES: u32 = 8;

/// Why a check goes no further for now: until when, and what is said.
struct Stopped {
    until: Option<Instant>,
    why: String,
}

/// How the look at one meeting ended.
enum Looked {
    /// What there is to say about it is stored.
    Done,
    /// It is passed over.
    Skipped(Skipped),
    /// No other can be looked at either.
    Stopped(Stopped),
}

impl Looked {
    fn skipped(kind: Obstacle, reason: impl Into<String>) -> Self {
        Self::Skipped(Skipped {
            kind,
            reason: reason.into(),
        })
    }
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
                services: &self.0,
                space,
                workspace,
                host,
                attempts: work.attempts,
            };
            check.run().await
        })
    }
}

struct Check<'a> {
    services: &'a Services,
    space: &'a str,
    workspace: WorkspaceId,
    host: MemberId,
    attempts: u32,
}

impl Check<'_> {
    async fn run(&self) -> Result<(), StoreError> {
        let now = self.services.clock.now();
        let coming = self
            .services
            .index
            .coming_on_host(self.workspace, self.host, now);
        let before = self.begin(now).await?;
        let mut lost_before = false;
        for id in before.remaining(&coming) {
            let skipped = match self.meeting(id).await? {
                Looked::Done => None,
                Looked::Skipped(skipped) => Some(skipped),
                Looked::Stopped(stopped) => return self.stop(stopped).await,
            };
            self.pass(id, skipped.as_ref()).await?;
            let lost = skipped.filter(|it| it.kind == Obstacle::Lost);
            match lost {
                // Two in a row: it is not the meeting, it is Zoom.
                Some(lost) if lost_before => return self.ask_again(lost.reason).await,
                lost => lost_before = lost.is_some(),
            }
        }
        let lost = self.record().await?.lost(&coming);
        if let Some(lost) = lost.filter(|_| self.attempts < MOST_TRIES) {
            return self.ask_again(lost.reason).await;
        }
        match self.strays().await? {
            Ok(strays) => self.finish(coming.len(), strays).await,
            Err(stopped) => self.stop(stopped).await,
        }
    }

    /// Leaves what was lost for later, each time twice as long.
    async fn ask_again(&self, why: String) -> Result<(), StoreError> {
        let wait = (AGAIN << self.attempts.min(10)).min(LONGEST_AGAIN);
        let until = Some(self.services.clock.now().plus_seconds(wait));
        self.stop(Stopped { until, why }).await
    }

    fn who(&self) -> ConnectionId {
        ConnectionId::of_member(self.workspace, self.host)
    }

    /// Compares one booking with its meeting.
    async fn meeting(&self, id: InterviewId) -> Result<Looked, StoreError> {
        let key = id.to_string();
        let stored = self
            .services
            .store
            .get::<InterviewRecord>(self.space, &key)
            .await?;
        let Some(interview) = stored.map(|stored| stored.record) else {
            return Ok(Looked::Done);
        };
        let ZoomMeeting::Ready { meeting: made } = &interview.meeting.zoom else {
            return Ok(not_ready(&interview));
        };
        let now = self.services.clock.now();
        let mut uuid = String::new();
        let found = match self.services.zoom.get_meeting(self.who(), made.id).await {
            Outcome::Done(meeting) => {
                uuid.clone_from(&meeting.uuid);
                let passcode = made.passcode.clone().unwrap_or_default();
                let plan = plan::of(self.services, self.space, id, &interview, passcode).await?;
                compare::there(&interview, &plan, &meeting, now)
            }
            Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {
                if let Some(settled) = made.settles_at(now) {
                    let why = "Zoom does not find a meeting that it has just made or changed";
                    return Ok(Looked::Stopped(Stopped {
                        until: Some(settled),
                        why: format!("{why}; it is looked for again in some seconds"),
                    }));
                }
                Some(compare::gone(now))
            }
            Outcome::Refused(refusal) => match refusal.reason {
                // These are about the connection, not about this meeting.
                RefusalReason::Unauthorized | RefusalReason::MissingScope(_) => {
                    let stopped = self.stopped(Outcome::<()>::Refused(refusal));
                    return Ok(Looked::Stopped(stopped));
                }
                _ => return Ok(Looked::skipped(Obstacle::Refused, refusal.sentence())),
            },
            // A proxy may stand in the way of one answer alone.
            Outcome::Lost(why) | Outcome::NotSent(why) => {
                return Ok(Looked::skipped(Obstacle::Lost, why));
            }
            other => return Ok(Looked::Stopped(self.stopped(other))),
        };
        let advice = &self.cut_off(&interview).await?;
        let (found, number, key, uuid) = (&found, made.id, &key, &uuid);
        let noted = self.services.store.transact(|tx| async move {
            let Some(mut interview) = tx.get::<InterviewRecord>(self.space, key).await? else {
                return Ok(());
            };
            let before = interview.clone();
            interview.see(uuid);
            compare::note(&mut interview, number, found.clone());
            compare::advise(&mut interview, advice.clone());
            if interview != before {
                tx.put(self.space, key, &interview)?;
            }
            Ok::<_, StoreError>(())
        });
        noted.await?;
        Ok(Looked::Done)
    }

    /// What the host's plan means for a booking now: a licence may have been taken away or given
    /// since.
    async fn cut_off(&self, interview: &InterviewRecord) -> Result<Option<Finding>, StoreError> {
        let (connection, _) = self.services.zoom.grants().status(self.who()).await?;
        let Some(grant) = connection.grant() else {
            return Ok(None);
        };
        let longest = zoom::plan::longest_minutes(zoom::plan::of(&grant.user), interview.start);
        let longest = longest.filter(|minutes| interview.duration_minutes > *minutes);
        let host = view::member(self.services, self.workspace, self.host);
        let who = FindingWho {
            kind: LaneKind::Host,
            id: self.host.to_string(),
            name: Some(host.name),
        };
        Ok(longest.map(|minutes| predicate::ends_after(&who, minutes)))
    }

    /// Looks for meetings of ours that no booking needs.
    async fn strays(&self) -> Result<Result<Strays, Stopped>, StoreError> {
        let (connection, _) = self.services.zoom.grants().status(self.who()).await?;
        let may = connection
            .grant()
            .is_some_and(|grant| grant.allows(LIST_SCOPE));
        if !may {
            return Ok(Ok(Strays::MayNot));
        }
        match self
            .services
            .zoom
            .find_meetings(self.who(), orphans::MARK)
            .await
        {
            Outcome::Done(listed) => {
                orphans::note(self.services, self.space, self.host, &listed).await?;
                Ok(Ok(Strays::LookedFor))
            }
            Outcome::Refused(refusal) => Ok(match refusal.reason {
                RefusalReason::MissingScope(_) => Ok(Strays::MayNot),
                RefusalReason::Unauthorized => Err(self.stopped(Outcome::<()>::Refused(refusal))),
                _ => Ok(Strays::Refused(refusal.sentence())),
            }),
            other => Ok(Err(self.stopped(other))),
        }
    }

    fn stopped<T>(&self, outcome: Outcome<T>) -> Stopped {
        let (until, why) = setback(outcome, self.services.clock.now(), self.attempts);
        Stopped { until, why }
    }

    /// Leaves the rest for later; where time alone mends nothing, for the next night, which begins
    /// anew.
    async fn stop(&self, stopped: Stopped) -> Result<(), StoreError> {
        let (stopped, host) = (&stopped, &self.host.to_string());
        let now = self.services.clock.now();
        let left = self.services.store.transact(|tx| async move {
            let mut check = self.read(&tx).await?;
            check.reason = Some(stopped.why.clone());
            check.began_at = check.began_at.filter(|_| stopped.until.is_some());
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

    async fn finish(&self, meetings: usize, strays: Strays) -> Result<(), StoreError> {
        let (host, now) = (&self.host.to_string(), self.services.clock.now());
        let (looked_for, strays_reason) = &match strays {
            Strays::LookedFor => (true, None),
            Strays::MayNot => (false, None),
            Strays::Refused(why) => (false, Some(why)),
        };
        let done = self.services.store.transact(|tx| async move {
            let check = HostCheckRecord {
                checked_at: Some(now),
                meetings: u32::try_from(meetings).unwrap_or(u32::MAX),
                strays_looked_for: *looked_for,
                up_to: None,
                reason: None,
                began_at: None,
                skipped: self.read(&tx).await?.skipped,
                strays_reason: strays_reason.clone(),
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
            .services
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

    /// Goes on with a check that was interrupted, or begins one.
    async fn begin(&self, now: Instant) -> Result<HostCheckRecord, StoreError> {
        let host = &self.host.to_string();
        let begun = self.services.store.transact(|tx| async move {
            let mut check = self.read(&tx).await?;
            let fresh = |began: Instant| now.since(began).as_secs() <= FRESH;
            if check.began_at.is_some_and(fresh) {
                return Ok::<_, StoreError>(check);
            }
            check.began_at = Some(now);
            check.up_to = None;
            check.reason = None;
            check.skipped.clear();
            tx.put(self.space, host, &check)?;
            Ok(check)
        });
        let (check, _) = begun.await?;
        Ok(check)
    }

    /// Notes that an interview is done, or why it was passed over.
    async fn pass(&self, id: InterviewId, skipped: Option<&Skipped>) -> Result<(), StoreError> {
        let host = &self.host.to_string();
        let noted = self.services.store.transact(|tx| async move {
            let mut check = self.read(&tx).await?;
            check.up_to = check.up_to.max(Some(id));
            match skipped {
                Some(skipped) => check.skipped.insert(id, skipped.clone()),
                None => check.skipped.remove(&id),
            };
            tx.put(self.space, host, &check)
        });
        noted.await.map(drop)
    }
}

/// Whether unused meetings were looked for.
enum Strays {
    LookedFor,
    /// The permission is optional, and was not granted.
    MayNot,
    Refused(String),
}

/// An interview without a finished meeting: there is nothing to compare, and so nothing is as
/// booked.
fn not_ready(interview: &InterviewRecord) -> Looked {
    let words = match &interview.meeting.zoom {
        ZoomMeeting::Failed { .. } => "it has no Zoom meeting",
        ZoomMeeting::Gone => "its Zoom meeting was deleted",
        ZoomMeeting::Outdated { .. } => "Zoom does not have the latest change yet",
        ZoomMeeting::Wanted | ZoomMeeting::Asked { .. } | ZoomMeeting::Made { .. } => {
            "its Zoom meeting is not ready yet"
        }
        // Cancelled, or joined another way: no meeting of it is expected at Zoom.
        ZoomMeeting::None
        | ZoomMeeting::Ready { .. }
        | ZoomMeeting::Unwanted { .. }
        | ZoomMeeting::Stays { .. } => return Looked::Done,
    };
    let because = interview.meeting.reason.as_deref();
    let because = because.map(|why| format!(": {why}")).unwrap_or_default();
    Looked::skipped(Obstacle::NotReady, format!("{words}{because}"))
}
