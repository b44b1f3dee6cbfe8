//! Carries out what [`super::settle`] decides: makes, finds, reads back and deletes meetings at Zoom.
//!
//! Invariant: every outcome is committed together with what becomes of the work, over the interview as it is then, so a cancel
//! in the middle of a request is neither lost nor overtaken.

mod ask;
mod delete;
mod read_back;
mod search;
mod words;

use futures::future::BoxFuture;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::time::Instant;

use super::record::InterviewRecord;
use super::settle::{self, Step};
use crate::rooms::Rooms;
use crate::store::{AuditEntry, StoreError};
use crate::work::{WorkRecord, Worker};
use crate::zoom::{Unavailable, Who};

/// The kind of this work.
pub const KIND: &str = "meeting";

/// The scope without which nothing can be searched for.
const LIST_SCOPE: &str = "meeting:read:list_meetings";

/// Steps of one try; more would mean that two of them undo each other.
const MOST_STEPS: usize = 12;

const FIRST_WAIT_SECONDS: i64 = 5;
const LONGEST_WAIT_SECONDS: i64 = 15 * 60;

/// The worker of meetings.
pub struct Meetings(pub Rooms);

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

/// One try: the interview, and what only this try knows.
struct Try<'a> {
    rooms: &'a Rooms,
    space: &'a str,
    id: InterviewId,
    attempts: u32,
    /// The passcode asked for in this try, to hold what Zoom set against it.
    passcode: Option<String>,
    /// Zoom said that the list scope is missing, whatever the grant says.
    cannot_list: bool,
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
                rooms: &self.0,
                space,
                id,
                attempts,
                passcode: None,
                cannot_list: false,
            };
            one.run().await
        })
    }
}

async fn drop_work(rooms: &Rooms, space: &str, work: &WorkRecord) -> Result<(), StoreError> {
    let done = rooms
        .store
        .transact(|tx| async move { WorkRecord::done(&tx, space, &work.kind, &work.record) });
    done.await.map(drop)
}

impl Try<'_> {
    async fn run(mut self) -> Result<(), StoreError> {
        for _ in 0..MOST_STEPS {
            let stored = self
                .rooms
                .store
                .get::<InterviewRecord>(self.space, &self.id.to_string())
                .await?;
            let Some(interview) = stored.map(|stored| stored.record) else {
                return self.record(|_| After::Done).await.map(drop);
            };
            let Some(who) = self.who(&interview) else {
                return self.record(|_| After::Done).await.map(drop);
            };
            let can_list = self.can_list(who).await?;
            let now = self.rooms.clock.now();
            let after = match settle::next(&interview, now, can_list) {
                Step::Done => self.finish(can_list).await?,
                Step::Wait(until) => self.record(move |_| After::Wait(until)).await?,
                Step::Ask => self.ask(who, &interview, can_list).await?,
                Step::Search => self.search(who).await?,
                Step::ReadBack(meeting) => self.read_back(who, &interview, meeting).await?,
                Step::Delete(meeting) => self.delete(who, meeting).await?,
                Step::GiveUp => self.give_up().await?,
            };
            match after {
                After::GoOn => {}
                After::Wait(_) | After::Later(..) | After::Done => return Ok(()),
            }
        }
        tracing::warn!(interview = %self.id, "a meeting did not settle; it is tried again later");
        let until = self.rooms.clock.now().plus_seconds(LONGEST_WAIT_SECONDS);
        self.record(move |_| After::Later(until, None))
            .await
            .map(drop)
    }

    fn who(&self, interview: &InterviewRecord) -> Option<Who> {
        Some(Who {
            workspace: self.space.parse().ok()?,
            member: interview.host?,
        })
    }

    async fn can_list(&self, who: Who) -> Result<bool, StoreError> {
        let (connection, _) = self.rooms.zoom.status(who).await?;
        Ok(!self.cannot_list
            && connection
                .grant()
                .is_some_and(|grant| grant.allows(LIST_SCOPE)))
    }

    /// Commits a change of the interview together with what becomes of the work.
    async fn record(
        &self,
        change: impl Fn(&mut InterviewRecord) -> After,
    ) -> Result<After, StoreError> {
        let (after, _) = self
            .rooms
            .store
            .transact(|tx| {
                let change = &change;
                async move {
                    let (space, key) = (self.space, self.id.to_string());
                    let mut after = After::Done;
                    if let Some(mut interview) = tx.get::<InterviewRecord>(space, &key).await? {
                        let before = interview.clone();
                        after = change(&mut interview);
                        if interview != before {
                            tx.put(space, &key, &interview)?;
                        }
                        if interview.meeting.zoom.state() != before.meeting.zoom.state() {
                            tx.audit(space, &self.entry(&interview))?;
                        }
                    }
                    match &after {
                        After::GoOn => {}
                        After::Done => WorkRecord::done(&tx, space, KIND, &key)?,
                        After::Wait(due) => {
                            WorkRecord::wait(&tx, space, KIND, &key, *due).await?;
                        }
                        After::Later(due, why) => {
                            WorkRecord::later(&tx, space, KIND, &key, *due, why.clone()).await?;
                        }
                    }
                    Ok::<_, StoreError>(after)
                }
            })
            .await?;
        Ok(after)
    }

    fn entry(&self, interview: &InterviewRecord) -> AuditEntry {
        let state = format!("{:?}", interview.meeting.zoom.state()).to_lowercase();
        AuditEntry {
            at: self.rooms.clock.now().timestamp(),
            actor: None,
            acting_as: None,
            source: "worker".to_owned(),
            call: KIND.to_owned(),
            record: self.id.to_string(),
            fields: vec!["meeting".to_owned()],
            values: [("state".to_owned(), state)].into(),
        }
    }

    /// Nothing is left to do, unless something changed since it was looked at.
    async fn finish(&self, can_list: bool) -> Result<After, StoreError> {
        let now = self.rooms.clock.now();
        self.record(
            move |interview| match settle::next(interview, now, can_list) {
                Step::Done => After::Done,
                _ => After::GoOn,
            },
        )
        .await
    }

    fn wait(&self) -> Instant {
        let doubled = FIRST_WAIT_SECONDS << self.attempts.min(10);
        self.rooms
            .clock
            .now()
            .plus_seconds(doubled.min(LONGEST_WAIT_SECONDS))
    }

    /// When to look again without keys; a connection that changes wakes the work sooner.
    fn without_keys(&self, unavailable: &Unavailable) -> Instant {
        match unavailable {
            Unavailable::Retrying { next, .. } => (*next).max(self.wait()),
            _ => self.rooms.clock.now().plus_seconds(LONGEST_WAIT_SECONDS),
        }
    }
}
