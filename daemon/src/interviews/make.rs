//! Carries out what [`super::settle`] decides: makes, finds, reads back and deletes meetings at Zoom.
//!
//! Invariant: every outcome is committed together with what becomes of the work, over the interview as it is then, so a cancel
//! in the middle of a request is neither lost nor overtaken.

use futures::future::BoxFuture;
use greenroom_protocol::id::InterviewId;
use greenroom_protocol::interview::InterviewStatus;
use greenroom_protocol::schedule::{Finding, FindingCode};
use greenroom_protocol::time::Instant;

use super::record::{InterviewRecord, MadeMeeting, ZoomMeeting};
use super::settle::{self, Step};
use crate::pipeline::record::CandidateRecord;
use crate::rooms::Rooms;
use crate::store::{AuditEntry, StoreError};
use crate::work::{WorkRecord, Worker};
use crate::zoom::{
    self, MeetingPlan, Outcome, RefusalReason, Unavailable, Who, differences, passcode,
};

/// The kind of this work.
pub(super) const KIND: &str = "meeting";

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

    async fn ask(
        &mut self,
        who: Who,
        interview: &InterviewRecord,
        can_list: bool,
    ) -> Result<After, StoreError> {
        if let Err(unavailable) = self.rooms.zoom.ready(who).await {
            let until = self.without_keys(&unavailable);
            let why = unavailable.to_string();
            return self
                .record(move |_| After::Later(until, Some(why.clone())))
                .await;
        }
        let Ok(passcode) = passcode::strong() else {
            let until = self.wait();
            return self
                .record(move |_| After::Later(until, Some("no randomness from the system".into())))
                .await;
        };
        let plan = self.plan(interview, passcode.clone()).await?;
        self.passcode = Some(passcode);
        let at = self.rooms.clock.now();
        let noted = self
            .record(move |interview| {
                if settle::next(interview, at, can_list) != Step::Ask {
                    return After::Later(at, None);
                }
                if matches!(interview.meeting.zoom, ZoomMeeting::Asked { .. }) {
                    possible_orphan(interview);
                }
                interview.meeting.zoom = ZoomMeeting::Asked { at };
                After::GoOn
            })
            .await?;
        if !matches!(noted, After::GoOn) {
            return Ok(noted);
        }
        let outcome = self.rooms.zoom.create_meeting(who, &plan).await;
        let (wait, answer_by) = (
            self.wait(),
            at.plus_seconds(settle::ANSWER_DEADLINE_SECONDS),
        );
        match outcome {
            Outcome::Done(meeting) => {
                let meeting = kept(&meeting);
                self.record(move |interview| {
                    settle::made(interview, meeting.clone());
                    After::GoOn
                })
                .await
            }
            Outcome::Refused(refusal) => {
                let why = refused(&refusal);
                self.record(move |interview| {
                    settle::not_made(interview);
                    if interview.meeting.zoom == ZoomMeeting::Wanted {
                        interview.meeting.zoom = ZoomMeeting::Failed;
                        interview.meeting.reason = Some(why.clone());
                    }
                    After::Done
                })
                .await
            }
            Outcome::Limited { until } => {
                self.again(
                    until,
                    format!("Zoom limits how often it may be asked; it is asked again at {until}"),
                )
                .await
            }
            Outcome::NotSent(why) => {
                self.again(wait, format!("Zoom could not be reached: {why}"))
                    .await
            }
            Outcome::Disconnected(unavailable) => {
                self.again(self.without_keys(&unavailable), unavailable.to_string())
                    .await
            }
            Outcome::Lost(why) => {
                let why =
                    format!("Zoom's answer was lost ({why}); it is looked for at {answer_by}");
                self.record(move |_| After::Later(answer_by, Some(why.clone())))
                    .await
            }
        }
    }

    /// Zoom did not make it; ask again then.
    async fn again(&self, until: Instant, why: String) -> Result<After, StoreError> {
        self.record(move |interview| {
            settle::not_made(interview);
            match interview.meeting.zoom {
                ZoomMeeting::Wanted => After::Later(until, Some(why.clone())),
                _ => After::Done,
            }
        })
        .await
    }

    async fn search(&mut self, who: Who) -> Result<After, StoreError> {
        let (mark, wait) = (mark(self.id), self.wait());
        let later =
            |until, why: String| self.record(move |_| After::Later(until, Some(why.clone())));
        let found = match self.rooms.zoom.find_meetings(who, &mark).await {
            Outcome::Done(found) => found,
            Outcome::Refused(refusal)
                if matches!(refusal.reason, RefusalReason::MissingScope(_)) =>
            {
                self.cannot_list = true;
                return Ok(After::GoOn);
            }
            Outcome::Refused(refusal) => return later(wait, refused(&refusal)).await,
            Outcome::Limited { until } => {
                return later(until, "Zoom limits how often it may be asked".into()).await;
            }
            Outcome::NotSent(why) | Outcome::Lost(why) => {
                return later(wait, format!("look for the meeting at Zoom: {why}")).await;
            }
            Outcome::Disconnected(unavailable) => {
                return later(self.without_keys(&unavailable), unavailable.to_string()).await;
            }
        };
        let Some((first, twins)) = found.split_first() else {
            return self
                .record(|interview| {
                    settle::not_made(interview);
                    After::GoOn
                })
                .await;
        };
        let mut left_over = false;
        for twin in twins {
            match self.rooms.zoom.delete_meeting(who, twin.id).await {
                Outcome::Done(()) => {}
                Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {}
                Outcome::Refused(_) => left_over = true,
                _ => {
                    return later(
                        wait,
                        "a second meeting of this interview is to be deleted at Zoom".into(),
                    )
                    .await;
                }
            }
        }
        let first = kept(first);
        self.record(move |interview| {
            settle::made(interview, first.clone());
            if left_over {
                possible_orphan(interview);
            }
            After::GoOn
        })
        .await
    }

    async fn read_back(
        &self,
        who: Who,
        interview: &InterviewRecord,
        made: MadeMeeting,
    ) -> Result<After, StoreError> {
        let wait = self.wait();
        match self.rooms.zoom.get_meeting(who, made.id).await {
            Outcome::Done(meeting) => {
                // Where this try did not ask, what Zoom has is taken for what was asked for.
                let asked = self
                    .passcode
                    .clone()
                    .or_else(|| meeting.password.clone())
                    .unwrap_or_default();
                let plan = self.plan(interview, asked).await?;
                let changed = differences(&plan, &meeting);
                let meeting = kept(&meeting);
                self.record(move |interview| {
                    if !matches!(interview.meeting.zoom, ZoomMeeting::Made { .. }) {
                        return After::GoOn;
                    }
                    interview.meeting.zoom = ZoomMeeting::Ready {
                        meeting: meeting.clone(),
                    };
                    interview.meeting.reason = None;
                    for message in &changed {
                        warn(interview, FindingCode::ZoomChanged, message);
                    }
                    After::GoOn
                })
                .await
            }
            Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {
                self.record(|interview| {
                    interview.meeting.zoom = ZoomMeeting::Failed;
                    interview.meeting.reason = Some(
                        "the meeting was made, and is gone at Zoom; confirm again to make another"
                            .into(),
                    );
                    After::GoOn
                })
                .await
            }
            Outcome::Refused(refusal) => {
                let why = format!("the meeting could not be read back: {}", refused(&refusal));
                self.record(move |interview| {
                    interview.meeting.zoom = ZoomMeeting::Ready {
                        meeting: made.clone(),
                    };
                    warn(interview, FindingCode::ZoomChanged, &why);
                    After::GoOn
                })
                .await
            }
            Outcome::Limited { until } => {
                let why = "the meeting is made and yet to be read back: Zoom limits how often it may be asked";
                self.record(move |_| After::Later(until, Some(why.into())))
                    .await
            }
            Outcome::NotSent(why) | Outcome::Lost(why) => {
                let why = format!("the meeting is made and yet to be read back: {why}");
                self.record(move |_| After::Later(wait, Some(why.clone())))
                    .await
            }
            Outcome::Disconnected(unavailable) => {
                let until = self.without_keys(&unavailable);
                let why = format!("the meeting is made and yet to be read back: {unavailable}");
                self.record(move |_| After::Later(until, Some(why.clone())))
                    .await
            }
        }
    }

    async fn delete(&self, who: Who, meeting: MadeMeeting) -> Result<After, StoreError> {
        let wait = self.wait();
        let later =
            |until, why: String| self.record(move |_| After::Later(until, Some(why.clone())));
        let why = match self.rooms.zoom.delete_meeting(who, meeting.id).await {
            Outcome::Done(()) => return self.gone().await,
            Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {
                return self.gone().await;
            }
            Outcome::Limited { until } => {
                return later(until, "Zoom limits how often it may be asked".into()).await;
            }
            Outcome::NotSent(why) | Outcome::Lost(why) => {
                return later(wait, format!("delete the meeting at Zoom: {why}")).await;
            }
            Outcome::Disconnected(retrying @ Unavailable::Retrying { .. }) => {
                return later(self.without_keys(&retrying), retrying.to_string()).await;
            }
            Outcome::Disconnected(Unavailable::Stopping) => {
                return later(wait, "the daemon is stopping".into()).await;
            }
            Outcome::Disconnected(unavailable) => unavailable.to_string(),
            Outcome::Refused(refusal) => refused(&refusal),
        };
        let why = format!("the meeting stays at Zoom, because {why}; delete it there");
        self.record(move |interview| {
            interview.meeting.zoom = ZoomMeeting::Stays {
                meeting: meeting.clone(),
            };
            interview.meeting.reason = Some(why.clone());
            warn(interview, FindingCode::MeetingStays, &why);
            After::Done
        })
        .await
    }

    async fn gone(&self) -> Result<After, StoreError> {
        self.record(|interview| {
            interview.meeting.zoom = ZoomMeeting::Gone;
            interview.meeting.reason = None;
            After::Done
        })
        .await
    }

    async fn give_up(&self) -> Result<After, StoreError> {
        self.record(|interview| {
            if interview.status == InterviewStatus::Cancelled {
                possible_orphan(interview);
                interview.meeting.zoom = ZoomMeeting::Gone;
                return After::Done;
            }
            After::GoOn
        })
        .await
    }

    /// What is asked of Zoom for this interview.
    async fn plan(
        &self,
        interview: &InterviewRecord,
        passcode: String,
    ) -> Result<MeetingPlan, StoreError> {
        let candidate = self
            .rooms
            .store
            .get::<CandidateRecord>(self.space, &interview.candidate.to_string())
            .await?;
        let name = candidate.map(|stored| stored.record.name);
        let job = self
            .space
            .parse()
            .ok()
            .and_then(|workspace| self.rooms.index.job(workspace, interview.job));
        let title = job.map(|row| row.record.title.clone());
        let topic = match (name, title) {
            (Some(name), Some(title)) => format!("Interview: {name}, {title}"),
            (Some(name), None) => format!("Interview: {name}"),
            _ => "Interview".to_owned(),
        };
        Ok(MeetingPlan {
            topic,
            start: interview.start,
            zone: interview.zone.clone(),
            minutes: interview.duration_minutes,
            mark: mark(self.id),
            agenda: String::new(),
            passcode,
        })
    }
}

/// What a meeting of ours is found by again; stands first in its agenda.
fn mark(id: InterviewId) -> String {
    format!("[{id}]")
}

/// What is kept of a meeting.
fn kept(meeting: &zoom::ZoomMeeting) -> MadeMeeting {
    MadeMeeting {
        id: meeting.id,
        uuid: meeting.uuid.clone(),
        join_url: meeting.join_url.clone(),
        passcode: meeting
            .password
            .clone()
            .filter(|passcode| !passcode.is_empty()),
    }
}

fn warn(interview: &mut InterviewRecord, code: FindingCode, message: &str) {
    if !interview
        .warnings
        .iter()
        .any(|it| it.code == code && it.message == message)
    {
        interview.warnings.push(Finding {
            code,
            message: message.to_owned(),
            interview: None,
        });
    }
}

fn possible_orphan(interview: &mut InterviewRecord) {
    interview.meeting.possible_orphan = true;
    let message = "Zoom's answer was lost, and without the permission to see the list of meetings it cannot be looked for: a \
                   meeting nobody needs may be left at Zoom";
    warn(interview, FindingCode::PossibleOrphan, message);
}

fn refused(refusal: &zoom::Refusal) -> String {
    match &refusal.reason {
        RefusalReason::MissingScope(scopes) => {
            format!(
                "Zoom says that permissions are missing ({}); connect Zoom again",
                scopes.join(", ")
            )
        }
        RefusalReason::MayNotHost => {
            "Zoom says that this user may not host meetings; choose another host".to_owned()
        }
        RefusalReason::NoUser => "Zoom says that this user does not exist any more".to_owned(),
        _ => format!("Zoom refused: {}", refusal.text),
    }
}
