//! Carries out what [`super::meeting_state`] decides: makes, finds, reads back, changes and deletes
//! meetings at Zoom.
//!
//! Invariant: every outcome is committed together with what becomes of the work, over the interview
//! as it is then, so a cancel in the middle of a request is neither lost nor overtaken. An
//! interview has one meeting, and may have left others behind at former hosts; one at a time is
//! worked on, its own first, for people wait for that.

mod ask;
mod delete;
pub(super) mod plan;
mod read_back;
mod search;
mod update;
mod which;
mod words;

use futures::future::BoxFuture;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::time::Instant;

pub(super) use self::update::outdated;
pub(super) use self::which::is_settled;
use self::which::{Open, Which, prune};
pub(super) use self::words::mark;
use super::invite::Inviting;
use super::meeting_state::{self, Step};
use super::{check, insight};
use crate::records::interview::{InterviewRecord, ZoomMeeting};
use crate::services::Services;
use crate::store::{AuditEntry, StoreError, Tx};
use crate::work::backoff::{self, LONGEST_WAIT_SECONDS};
use crate::work::{WorkRecord, Worker};
use crate::zoom::{ConnectionId, HostCalls, MeetingPlan, Unavailable, after_limit};

/// The kind of this work.
pub const KIND: &str = "meeting";

/// The scope without which nothing can be searched for.
pub(super) const LIST_SCOPE: &str = "meeting:read:list_meetings";

/// Steps of one try; more would mean that two of them undo each other.
const MOST_STEPS: usize = 16;

/// The worker of meetings.
pub struct Meetings(pub Services);

/// What becomes of the work after a step.
enum After {
    /// Look again at once.
    GoOn,
    /// It is not time yet; look again then.
    Wait(Instant),
    /// Tried; look again then. Why it is not done yet.
    Later(Instant, Option<String>),
    /// Nothing is left to do.
    Done,
}

/// What to do next, and with whose Zoom.
enum Choice {
    Do(Which, ConnectionId, Step),
    Wait(Instant),
    Nothing,
}

/// One try: the interview, and what only this try knows.
struct Try<'a> {
    services: &'a Services,
    space: &'a str,
    id: InterviewId,
    attempts: u32,
    which: Which,
    /// The passcode asked for in this try, to hold what Zoom set against it.
    passcode: Option<String>,
    /// Zoom refused a passcode in this try, and another is asked for.
    passcode_refused: bool,
    /// Hosts of whom Zoom said that the list scope is missing, whatever the grant says.
    cannot_list: Vec<ConnectionId>,
}

impl Worker for Meetings {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let Ok(id) = work.record.parse() else {
                tracing::error!(record = %work.record, "work for something that is no interview is dropped");
                return drop_work(&self.0, space, work).await;
            };
            let attempts = work.attempts;
            let one = Try {
                services: &self.0,
                space,
                id,
                attempts,
                which: Which::Own,
                passcode: None,
                passcode_refused: false,
                cannot_list: Vec::new(),
            };
            one.run().await
        })
    }
}

async fn drop_work(services: &Services, space: &str, work: &WorkRecord) -> Result<(), StoreError> {
    let done = services
        .store
        .transact(|tx| async move { WorkRecord::done(&tx, space, &work.kind, &work.record) });
    done.await.map(drop)
}

impl Try<'_> {
    async fn run(mut self) -> Result<(), StoreError> {
        for _ in 0..MOST_STEPS {
            let stored = self
                .services
                .store
                .get::<InterviewRecord>(self.space, &self.id.to_string())
                .await?;
            let Some(interview) = stored.map(|stored| stored.record) else {
                return self.record(|_| After::Done).await.map(drop);
            };
            let after = match self.choose(&interview).await? {
                // Unless something changed since it was looked at, the work is done.
                Choice::Nothing => self.commit(|_| After::GoOn).await?,
                Choice::Wait(until) => self.record(move |_| After::Wait(until)).await?,
                Choice::Do(which, who, step) => {
                    self.which = which;
                    self.step(who, &interview, step).await?
                }
            };
            match after {
                After::GoOn => {}
                After::Wait(_) | After::Later(..) | After::Done => return Ok(()),
            }
        }
        tracing::warn!(interview = %self.id, "a meeting did not settle; it is tried again later");
        let until = self.services.clock.now().plus_seconds(LONGEST_WAIT_SECONDS);
        self.record(move |_| After::Later(until, None))
            .await
            .map(drop)
    }

    async fn choose(&self, interview: &InterviewRecord) -> Result<Choice, StoreError> {
        let mut wait: Option<Instant> = None;
        for which in Which::all(interview) {
            let (Some(who), Some((zoom, wanted))) =
                (self.who(interview, which), which.phase(interview))
            else {
                continue;
            };
            let can_list = self.can_list(who).await?;
            match meeting_state::next(zoom, wanted, self.services.clock.now(), can_list) {
                Step::Done => {}
                Step::Wait(until) => wait = Some(wait.map_or(until, |wait| wait.min(until))),
                step => return Ok(Choice::Do(which, who, step)),
            }
        }
        Ok(wait.map_or(Choice::Nothing, Choice::Wait))
    }

    async fn step(
        &mut self,
        who: ConnectionId,
        interview: &InterviewRecord,
        step: Step,
    ) -> Result<After, StoreError> {
        match step {
            Step::Done | Step::Wait(_) => Ok(After::GoOn),
            Step::Ask => self.ask(who, interview).await,
            Step::Search => self.search(who, interview).await,
            Step::ReadBack(meeting) => self.read_back(who, interview, meeting).await,
            Step::Update(meeting, settings) => self.update(who, interview, meeting, settings).await,
            Step::Delete(meeting) => self.delete(who, meeting).await,
            Step::GiveUp => self.give_up().await,
        }
    }

    fn who(&self, interview: &InterviewRecord, which: Which) -> Option<ConnectionId> {
        Some(ConnectionId::of_member(
            self.space.parse().ok()?,
            which.host(interview)?,
        ))
    }

    async fn can_list(&self, who: ConnectionId) -> Result<bool, StoreError> {
        let (connection, _) = self.services.zoom.grants().status(who).await?;
        Ok(!self.cannot_list.contains(&who)
            && connection
                .grant()
                .is_some_and(|grant| grant.allows(LIST_SCOPE)))
    }

    /// Commits a change of the meeting that is worked on, together with what becomes of the work.
    async fn record(&self, change: impl Fn(&mut Open<'_>) -> After) -> Result<After, StoreError> {
        self.commit(|interview| match self.which.open(interview) {
            Some(mut open) => change(&mut open),
            None => After::GoOn,
        })
        .await
    }

    /// Commits a change of the interview together with what becomes of the work.
    async fn commit(
        &self,
        change: impl Fn(&mut InterviewRecord) -> After,
    ) -> Result<After, StoreError> {
        let (after, _) = self
            .services
            .store
            .transact(|tx| {
                let change = &change;
                async move { self.write(&tx, change).await }
            })
            .await?;
        Ok(after)
    }

    /// The same for the outcome of a request that was counted at `at` and that Zoom did not take.
    async fn record_uncounted(
        &self,
        interview: &InterviewRecord,
        at: Instant,
        change: impl Fn(&mut Open<'_>) -> After,
    ) -> Result<After, StoreError> {
        let host = interview.host_zoom_id.as_deref();
        let (after, _) = self
            .services
            .store
            .transact(|tx| {
                let change = &change;
                async move {
                    if let Some(host) = host {
                        HostCalls::refund(&tx, self.space, host, at).await?;
                    }
                    let change = |interview: &mut InterviewRecord| match self.which.open(interview)
                    {
                        Some(mut open) => change(&mut open),
                        None => After::GoOn,
                    };
                    self.write(&tx, change).await
                }
            })
            .await?;
        Ok(after)
    }

    /// The same for a change that precedes a request which Zoom counts; nothing where today's are
    /// used up.
    async fn commit_counted(
        &self,
        interview: &InterviewRecord,
        change: impl Fn(&mut Open<'_>) -> After,
    ) -> Result<Option<After>, StoreError> {
        let now = self.services.clock.now();
        let host = interview.host_zoom_id.as_deref();
        let (after, _) = self
            .services
            .store
            .transact(|tx| {
                let change = &change;
                async move {
                    if let Some(host) = host
                        && !HostCalls::spend(&tx, self.space, host, now).await?
                    {
                        return Ok(None);
                    }
                    let change = |interview: &mut InterviewRecord| match self.which.open(interview)
                    {
                        Some(mut open) => change(&mut open),
                        None => After::GoOn,
                    };
                    self.write(&tx, change).await.map(Some)
                }
            })
            .await?;
        Ok(after)
    }

    async fn write(
        &self,
        tx: &Tx,
        change: impl Fn(&mut InterviewRecord) -> After,
    ) -> Result<After, StoreError> {
        let (space, key) = (self.space, self.id.to_string());
        let mut after = After::Done;
        if let Some(mut interview) = tx.get::<InterviewRecord>(space, &key).await? {
            let before = interview.clone();
            after = change(&mut interview);
            prune(&mut interview);
            if let Some(meeting) = interview.meeting.zoom.meeting().cloned() {
                interview.see(&meeting.uuid);
            }
            if interview.meeting != before.meeting || interview.invitation.unfinished {
                let now = self.services.clock.now();
                let id = self.id;
                let inviting = Inviting {
                    tx,
                    space,
                    id,
                    now,
                    asked_by: None,
                };
                inviting.follow(&mut interview).await?;
            }
            if interview != before {
                tx.put(space, &key, &interview)?;
            }
            if interview.meeting.zoom.state() != before.meeting.zoom.state() {
                tx.audit(space, &self.entry(&interview))?;
            }
            if let (ZoomMeeting::Ready { .. }, Some(host)) =
                (&interview.meeting.zoom, interview.host)
            {
                check::set_timer(tx, space, host, self.services.clock.now()).await?;
                insight::set_timer(tx, space, &key, &interview)?;
            }
            if matches!(after, After::GoOn) && is_settled(&interview, self.services.clock.now()) {
                after = After::Done;
            }
            if matches!(after, After::Done) && interview.invitation.unfinished {
                after = After::GoOn;
            }
        }
        match &after {
            After::GoOn => {}
            After::Done => WorkRecord::done(tx, space, KIND, &key)?,
            After::Wait(due) => WorkRecord::wait(tx, space, KIND, &key, *due).await?,
            After::Later(due, why) => {
                WorkRecord::later(tx, space, KIND, &key, *due, why.clone()).await?;
            }
        }
        Ok(after)
    }

    /// What is asked of Zoom for this interview.
    async fn plan(
        &self,
        interview: &InterviewRecord,
        passcode: String,
    ) -> Result<MeetingPlan, StoreError> {
        plan::of(self.services, self.space, self.id, interview, passcode).await
    }

    fn entry(&self, interview: &InterviewRecord) -> AuditEntry {
        let state = format!("{:?}", interview.meeting.zoom.state()).to_lowercase();
        AuditEntry {
            at: self.services.clock.now().timestamp(),
            actor: None,
            acting_as: None,
            source: "worker".to_owned(),
            call: KIND.to_owned(),
            record: self.id.to_string(),
            fields: vec!["meeting".to_owned()],
            values: [("state".to_owned(), state)].into(),
        }
    }

    fn wait(&self) -> Instant {
        backoff::next_try(self.services.clock.now(), self.attempts)
    }

    /// When to ask again where Zoom limits calls and named `until`, or nothing.
    fn after_limit(&self, until: Instant) -> Instant {
        after_limit(until, self.services.clock.now(), self.attempts)
    }

    /// When to look again without keys; a connection that changes wakes the work sooner.
    fn without_keys(&self, unavailable: &Unavailable) -> Instant {
        match unavailable {
            Unavailable::Retrying { next, .. } => (*next).max(self.wait()),
            _ => self.services.clock.now().plus_seconds(LONGEST_WAIT_SECONDS),
        }
    }
}
