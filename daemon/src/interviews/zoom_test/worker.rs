//! Carries a test out, step by step: each outcome is committed before the next request leaves.

use futures::future::BoxFuture;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::time::Instant;
use greenroom_protocol::zoom_test::{ZoomTestResult, ZoomTestStep as Step};

use super::ZOOM_TEST_WORK;
use super::record::{Phase, ZoomTestRecord};
use crate::failpoint::{Point, failpoint};
use crate::interviews::make::{LIST_SCOPE, mark};
use crate::interviews::meeting_state::ANSWER_DEADLINE_SECONDS;
use crate::services::Services;
use crate::store::StoreError;
use crate::work::{WorkRecord, Worker, backoff};
use crate::zoom::{
    ConnectionId, HostCalls, MeetingPlan, Outcome, Refusal, RefusalReason, TERMS, Unavailable,
    WORDS, ZoomMeeting, differences, passcode,
};

/// How far ahead the meeting is: in nobody's way, and not in the past when it arrives.
const AHEAD_SECONDS: i64 = 24 * 60 * 60;

/// How long it is planned, in minutes; within the 40 of a Basic plan.
const MINUTES: u32 = 30;

/// By how much it is moved, in minutes.
const MOVED_MINUTES: i64 = 30;

/// How often the meeting is tried to be deleted before it is left to the search for unused
/// meetings.
const MOST_TRIES: u32 = 8;

const TOPIC: &str = "Greenroom test meeting";
const AGENDA: &str = "Greenroom made this meeting to test its connection, and deletes it at once.";

/// The worker of tests.
pub struct ZoomTests(pub Services);

impl Worker for ZoomTests {
    fn carry_out<'a>(
        &'a self,
        space: &'a str,
        work: &'a WorkRecord,
    ) -> BoxFuture<'a, Result<(), StoreError>> {
        Box::pin(async move {
            let (Ok(workspace), Ok(member)) = (space.parse(), work.record.parse()) else {
                tracing::error!(record = %work.record, "a test of something that is no member is dropped");
                let done = self.0.store.transact(|tx| async move {
                    WorkRecord::done(&tx, space, ZOOM_TEST_WORK, &work.record)
                });
                return done.await.map(drop);
            };
            let one = Try {
                services: &self.0,
                space,
                key: &work.record,
                who: ConnectionId::of_member(workspace, member),
                tries: work.attempts,
            };
            one.run().await
        })
    }
}

/// What becomes of the test after a step.
enum After {
    /// The next step.
    GoOn(ZoomTestRecord),
    /// The same step again then.
    Later(ZoomTestRecord, Instant, String),
    /// It is over.
    Over(ZoomTestRecord),
}

struct Try<'a> {
    services: &'a Services,
    space: &'a str,
    key: &'a str,
    who: ConnectionId,
    tries: u32,
}

impl Try<'_> {
    async fn run(self) -> Result<(), StoreError> {
        loop {
            let stored = self
                .services
                .store
                .get::<ZoomTestRecord>(self.space, self.key)
                .await?;
            let Some(test) = stored.map(|stored| stored.record) else {
                return self.done().await;
            };
            let after = match test.phase {
                Phase::Wanted => self.create(test).await?,
                Phase::Asked { at } => self.find(test, at).await?,
                Phase::Made { meeting } => self.look_at(test, meeting).await,
                Phase::Tried { meeting } => self.delete(test, meeting).await,
                Phase::Over => return self.done().await,
            };
            match after {
                After::GoOn(test) => self.keep(&test).await?,
                After::Later(test, until, why) => return self.later(&test, until, why).await,
                After::Over(test) => {
                    let test = ZoomTestRecord {
                        phase: Phase::Over,
                        finished_at: Some(self.services.clock.now()),
                        ..test
                    };
                    self.keep(&test).await?;
                }
            }
        }
    }

    /// Looks at the connection and its permissions, then makes the meeting.
    async fn create(&self, mut test: ZoomTestRecord) -> Result<After, StoreError> {
        test.steps.clear();
        if let Err(unavailable) = self.services.zoom.grants().ready(self.who).await {
            if matches!(unavailable, Unavailable::Stopping) {
                let until = self.wait();
                return Ok(After::Later(test, until, unavailable.text(&WORDS)));
            }
            let hint = unavailable.hint(&WORDS);
            test.steps
                .push(wrong(Step::Connection, unavailable.text(&WORDS), hint));
            return Ok(After::Over(test));
        }
        test.steps
            .push(ok(Step::Connection, "Zoom accepts our keys"));
        let (connection, _) = self.services.zoom.grants().status(self.who).await?;
        let Some(grant) = connection.grant().cloned() else {
            return Ok(After::Over(test));
        };
        test.steps.push(permissions(&grant));

        let Ok(passcode) = passcode::strong() else {
            let until = self.wait();
            let why = "no randomness from the system".to_owned();
            return Ok(After::Later(test, until, why));
        };
        let now = self.services.clock.now();
        let (space, key, host) = (self.space, self.key, &grant.user.id);
        let asked = &ZoomTestRecord {
            phase: Phase::Asked { at: now },
            ..test.clone()
        };
        let noted = self.services.store.transact(|tx| async move {
            if !HostCalls::spend(&tx, space, host, now).await? {
                return Ok(false);
            }
            tx.put(space, key, asked)?;
            Ok::<_, StoreError>(true)
        });
        let (noted, _) = noted.await?;
        if !noted {
            let why = "today's changes of this Zoom user are used up";
            let hint = "try again after 00:00 UTC".to_owned();
            test.steps.push(wrong(Step::Create, why, Some(hint)));
            return Ok(After::Over(test));
        }
        failpoint(Point::MeetingNoted);
        let plan = plan(&test, passcode);
        let outcome = self.services.zoom.create_meeting(self.who, &plan).await;
        Ok(match outcome {
            Outcome::Done(meeting) => {
                failpoint(Point::MeetingMade);
                test.steps.push(ok(Step::Create, "a meeting was made"));
                test.steps
                    .push(self.read(&mut test.changes, &plan, &meeting).await);
                test.phase = Phase::Made {
                    meeting: meeting.id,
                };
                test.left_over = Some(meeting.id);
                After::GoOn(test)
            }
            // It may have been made: it is looked for.
            Outcome::Lost(why) => {
                test.steps.push(wrong(
                    Step::Create,
                    format!("Zoom's answer was lost: {why}"),
                    Some("run the test again".into()),
                ));
                test.phase = Phase::Asked { at: now };
                After::GoOn(test)
            }
            other => {
                test.steps.push(self.failed(Step::Create, other));
                After::Over(test)
            }
        })
    }

    /// Reads the meeting back, and compares it with what was asked for.
    async fn read(
        &self,
        changes: &mut Vec<String>,
        plan: &MeetingPlan,
        made: &ZoomMeeting,
    ) -> ZoomTestResult {
        let meeting = match self.services.zoom.get_meeting(self.who, made.id).await {
            Outcome::Done(meeting) => meeting,
            other => return self.failed(Step::Read, other),
        };
        *changes = differences(plan, &meeting);
        match changes.len() {
            0 => ok(Step::Read, "the meeting is as asked for"),
            count => warning(
                Step::Read,
                format!("Zoom changed {count} of the settings that were asked for"),
                Some(
                    "interviews get these settings too; a Zoom admin can unlock them in the account's settings"
                        .into(),
                ),
            ),
        }
    }

    /// Looks for a meeting that may have been made, and deletes what it finds.
    async fn find(&self, mut test: ZoomTestRecord, at: Instant) -> Result<After, StoreError> {
        if !test.steps.iter().any(|step| step.step == Step::Create) {
            test.steps.push(wrong(
                Step::Create,
                "the daemon stopped while it waited for Zoom's answer",
                Some("run the test again".into()),
            ));
        }
        let known = at.plus_seconds(ANSWER_DEADLINE_SECONDS);
        if known > self.services.clock.now() {
            let why = "a meeting that may have been made is looked for".to_owned();
            return Ok(After::Later(test, known, why));
        }
        let (connection, _) = self.services.zoom.grants().status(self.who).await?;
        let may_list = connection
            .grant()
            .is_some_and(|grant| grant.allows(LIST_SCOPE));
        if !may_list {
            test.steps.push(warning(
                Step::Delete,
                "a test meeting may be left at Zoom: without the permission to list meetings it cannot be found",
                Some(format!("look for \"{TOPIC}\" in Zoom and delete it there")),
            ));
            return Ok(After::Over(test));
        }
        let found = self
            .services
            .zoom
            .find_meetings(self.who, &mark(test.mark))
            .await;
        Ok(match found {
            Outcome::Done(found) => match found.first() {
                Some(meeting) => {
                    test.left_over = Some(meeting.id);
                    test.phase = Phase::Tried {
                        meeting: meeting.id,
                    };
                    After::GoOn(test)
                }
                None => After::Over(test),
            },
            other => self.again_or(test, Step::List, other),
        })
    }

    /// Tries what else an interview needs of a meeting.
    async fn look_at(&self, mut test: ZoomTestRecord, meeting: u64) -> After {
        test.steps.retain(|step| {
            matches!(
                step.step,
                Step::Connection | Step::Permissions | Step::Create | Step::Read
            )
        });
        let found = self
            .services
            .zoom
            .find_meetings(self.who, &mark(test.mark))
            .await;
        test.steps.push(match found {
            Outcome::Done(found) if found.iter().any(|it| it.id == meeting) => {
                ok(Step::List, "the meeting is found again by its mark")
            }
            Outcome::Done(_) => warning(
                Step::List,
                "the meeting is not in Zoom's list of meetings",
                Some("a meeting whose answer is lost may not be found again".into()),
            ),
            Outcome::Refused(refusal) => lacks(Step::List, &refusal),
            other => self.failed(Step::List, other),
        });
        let moved = MeetingPlan {
            start: start(&test).plus_minutes(MOVED_MINUTES),
            ..plan(&test, String::new())
        };
        let updated = self
            .services
            .zoom
            .update_meeting(self.who, meeting, &moved, false)
            .await;
        test.steps.push(match updated {
            Outcome::Done(()) => ok(Step::Update, "the meeting can be moved"),
            Outcome::Refused(refusal) => lacks(Step::Update, &refusal),
            other => self.failed(Step::Update, other),
        });
        test.phase = Phase::Tried { meeting };
        After::GoOn(test)
    }

    /// Deletes the meeting.
    async fn delete(&self, mut test: ZoomTestRecord, meeting: u64) -> After {
        test.steps.retain(|step| step.step != Step::Delete);
        match self.services.zoom.delete_meeting(self.who, meeting).await {
            Outcome::Done(()) => {}
            Outcome::Refused(refusal) if refusal.reason == RefusalReason::NoMeeting => {}
            Outcome::Refused(refusal) => {
                let lacks = lacks(Step::Delete, &refusal);
                let hint = format!("delete meeting {meeting} in Zoom");
                test.steps.push(ZoomTestResult {
                    hint: Some(hint),
                    ..lacks
                });
                return After::Over(test);
            }
            other => return self.again_or(test, Step::Delete, other),
        }
        test.left_over = None;
        test.steps.push(ok(Step::Delete, "the meeting was deleted"));
        After::Over(test)
    }

    /// Tries a step again where that may help, for the meeting must not stay.
    fn again_or<T>(&self, mut test: ZoomTestRecord, step: Step, outcome: Outcome<T>) -> After {
        let until = match &outcome {
            Outcome::Limited { until } => Some(*until),
            Outcome::NotSent(_) | Outcome::Lost(_) => Some(self.wait()),
            Outcome::Disconnected(Unavailable::Retrying { next, .. }) => Some(*next),
            Outcome::Disconnected(Unavailable::Stopping) => Some(self.wait()),
            _ => None,
        };
        let failed = self.failed(step, outcome);
        match until.filter(|_| self.tries < MOST_TRIES) {
            Some(until) => After::Later(test, until, failed.message),
            None => {
                test.steps.push(ZoomTestResult {
                    hint: Some(format!(
                        "delete \"{TOPIC}\" in Zoom, or with: greenroom interview check"
                    )),
                    ..failed
                });
                After::Over(test)
            }
        }
    }

    fn failed<T>(&self, step: Step, outcome: Outcome<T>) -> ZoomTestResult {
        match outcome {
            Outcome::Refused(refusal) => {
                let hint = match &refusal.reason {
                    RefusalReason::MissingScope(scopes) => Some(format!(
                        "add {} to the Zoom app, then connect again",
                        scopes.join(" and ")
                    )),
                    RefusalReason::MayNotHost => {
                        Some("a Zoom admin has to allow this user to schedule meetings".into())
                    }
                    _ => None,
                };
                wrong(step, refusal.sentence(), hint)
            }
            Outcome::Limited { until } => wrong(
                step,
                format!("Zoom limits how often it may be asked, until {until}"),
                Some("run the test again then".into()),
            ),
            Outcome::NotSent(why) => wrong(
                step,
                format!("Zoom could not be reached: {why}"),
                Some("check the network, then run the test again".into()),
            ),
            Outcome::Lost(why) => wrong(
                step,
                format!("Zoom's answer was lost: {why}"),
                Some("run the test again".into()),
            ),
            Outcome::Disconnected(unavailable) => {
                wrong(step, unavailable.text(&WORDS), unavailable.hint(&WORDS))
            }
            Outcome::Done(_) => wrong(step, "Zoom answered something else", None),
        }
    }

    fn wait(&self) -> Instant {
        backoff::next_try(self.services.clock.now(), self.tries)
    }

    async fn keep(&self, test: &ZoomTestRecord) -> Result<(), StoreError> {
        let kept = self
            .services
            .store
            .transact(|tx| async move { tx.put(self.space, self.key, test) });
        kept.await.map(drop)
    }

    async fn later(
        &self,
        test: &ZoomTestRecord,
        until: Instant,
        why: String,
    ) -> Result<(), StoreError> {
        let why = &why;
        let left = self.services.store.transact(|tx| async move {
            tx.put(self.space, self.key, test)?;
            let why = Some(why.clone());
            WorkRecord::later(&tx, self.space, ZOOM_TEST_WORK, self.key, until, why).await
        });
        left.await.map(drop)
    }

    async fn done(&self) -> Result<(), StoreError> {
        let done = self.services.store.transact(|tx| async move {
            WorkRecord::done(&tx, self.space, ZOOM_TEST_WORK, self.key)
        });
        done.await.map(drop)
    }
}

fn start(test: &ZoomTestRecord) -> Instant {
    // Zoom keeps whole minutes.
    let second = test.started_at.second() + AHEAD_SECONDS;
    Instant::from_second(second - second.rem_euclid(60))
}

fn plan(test: &ZoomTestRecord, passcode: String) -> MeetingPlan {
    MeetingPlan {
        topic: TOPIC.into(),
        start: start(test),
        zone: "UTC".into(),
        minutes: MINUTES,
        mark: mark(test.mark),
        agenda: AGENDA.into(),
        passcode,
        notes: false,
    }
}

/// What was granted, and what is missing.
fn permissions(grant: &crate::zoom::connection::Grant) -> ZoomTestResult {
    let names = |optional: bool| {
        let missing = grant.missing(&TERMS).filter(|it| it.optional == optional);
        let names: Vec<_> = missing.map(|it| it.name).collect();
        names.join(", ")
    };
    let (needed, optional) = (names(false), names(true));
    let hint = "add what is missing to the Zoom app, then connect again";
    match (needed.as_str(), optional.as_str()) {
        ("", "") => ok(Step::Permissions, "every permission was granted"),
        ("", optional) => warning(
            Step::Permissions,
            format!("optional permissions are missing: {optional}"),
            Some(hint.into()),
        ),
        (needed, "") => wrong(
            Step::Permissions,
            format!("permissions are missing: {needed}"),
            Some(hint.into()),
        ),
        (needed, optional) => wrong(
            Step::Permissions,
            format!("permissions are missing: {needed}; optional: {optional}"),
            Some(hint.into()),
        ),
    }
}

/// A refusal of what works without: a permission that is optional.
fn lacks(step: Step, refusal: &Refusal) -> ZoomTestResult {
    match &refusal.reason {
        RefusalReason::MissingScope(scopes) => warning(
            step,
            format!("the permission is missing: {}", scopes.join(", ")),
            Some("add it to the Zoom app, then connect again".into()),
        ),
        _ => wrong(step, refusal.sentence(), None),
    }
}

fn ok(step: Step, message: impl Into<String>) -> ZoomTestResult {
    found(step, CheckResult::Ok, message, None)
}

fn warning(step: Step, message: impl Into<String>, hint: Option<String>) -> ZoomTestResult {
    found(step, CheckResult::Warning, message, hint)
}

fn wrong(step: Step, message: impl Into<String>, hint: Option<String>) -> ZoomTestResult {
    found(step, CheckResult::Wrong, message, hint)
}

fn found(
    step: Step,
    result: CheckResult,
    message: impl Into<String>,
    hint: Option<String>,
) -> ZoomTestResult {
    ZoomTestResult {
        step,
        result,
        message: message.into(),
        hint,
    }
}
