//! Dana at her desk: a job, two candidates, and her Zoom connected. What every story here begins
//! with.

use std::ops::{Deref, DerefMut};

use greenroom_protocol::interview::{Interview, InterviewNew, MeetingState};
use greenroom_protocol::schedule::{Finding, FindingCode};
use greenroom_protocol::zoom::PERMISSIONS;
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::{DANA, connect_zoom};
use greenroom_tests::sandbox::{Config, User};
use greenroom_tests::test_daemon::{Builder, Story, TestDaemon};
use greenroom_tests::wait::Deadline;

pub const ANA: &str = "ana.lima@mail.example";
pub const BEN: &str = "ben.okafor@mail.example";

/// The day after the story begins, at ten.
pub const TEN: &str = "2026-12-01T10:00:00Z";

pub struct Fixture {
    story: Story,
}

impl Deref for Fixture {
    type Target = Story;

    fn deref(&self) -> &Story {
        &self.story
    }
}

impl DerefMut for Fixture {
    fn deref_mut(&mut self) -> &mut Story {
        &mut self.story
    }
}

impl Fixture {
    /// Dana's, with her Zoom connected.
    pub async fn open() -> Self {
        Self::with(Config::default()).await
    }

    /// The same with a sandbox of one's own making.
    pub async fn with(config: Config) -> Self {
        let desk = Self::unconnected(config).await;
        connect_zoom(&desk.dana, DANA).await.unwrap();
        desk
    }

    /// The same, where Dana grants every permission but these.
    pub async fn without(scopes: &[&str]) -> Self {
        let granted: Vec<_> = PERMISSIONS
            .iter()
            .map(|it| it.scope)
            .filter(|scope| !scopes.contains(scope))
            .collect();
        let users = vec![User::new(DANA).granting_only(&granted)];
        Self::with(Config {
            users,
            ..Config::default()
        })
        .await
    }

    /// The same without any Zoom.
    pub async fn unconnected(config: Config) -> Self {
        Self::of(TestDaemon::builder().zoom(config)).await
    }

    /// The same, where calendars may also be read from these networks.
    pub async fn reading(networks: &[&str]) -> Self {
        Self::of(TestDaemon::builder().calendars(networks)).await
    }

    async fn of(builder: Builder) -> Self {
        let builder = builder.job("Designer");
        let builder = builder.candidate("Ana Lima", ANA, "Designer");
        let builder = builder.candidate("Ben Okafor", BEN, "Designer");
        Self {
            story: builder.open().await.unwrap(),
        }
    }

    /// Books, and waits until the meeting is there.
    pub async fn has(&self, interview: InterviewNew) -> Interview {
        let booked = self.books(interview).await;
        let ready = self.settled(&booked).await;
        assert_eq!(ready.meeting.state, MeetingState::Ready, "{ready:?}");
        ready
    }

    /// Tries to book, and is refused.
    pub async fn refused(&self, interview: InterviewNew) -> Error {
        self.dana.interview_new(interview).await.unwrap_err()
    }

    /// The interview once Zoom was tried and it is kept for later, with why.
    pub async fn kept(&self, interview: &Interview) -> (Interview, String) {
        let kept = |it: &Interview| {
            it.meeting.state == MeetingState::Pending && it.meeting.reason.is_some()
        };
        let interview = self.when(interview, kept).await;
        let reason = interview.meeting.reason.clone().unwrap();
        (interview, reason)
    }

    /// Time passes as far as the kept work asks, however often, until the interview is settled.
    pub async fn in_time(&self, interview: &Interview) -> Interview {
        let deadline = Deadline::new("the kept work is done");
        loop {
            deadline.check();
            let waits = |it: &Interview| it.meeting.next_try > Some(self.daemon.now());
            let pending = |it: &Interview| it.meeting.state == MeetingState::Pending;
            let now = self.when(interview, |it| !pending(it) || waits(it)).await;
            if !pending(&now) {
                return now;
            }
            self.waits_for_the_next_try(&now);
        }
    }

    /// Time passes up to when the kept work is tried next.
    pub fn waits_for_the_next_try(&self, interview: &Interview) {
        let due = interview.meeting.next_try.unwrap();
        self.daemon
            .seconds_pass(due.since(self.daemon.now()).as_secs());
    }
}

/// Half an hour with this candidate, confirmed, on Dana's Zoom.
pub fn with(candidate: &str, start: &str) -> InterviewNew {
    InterviewNew {
        candidate: candidate.into(),
        start: start.into(),
        duration_minutes: Some(30),
        confirm: true,
        ..InterviewNew::default()
    }
}

/// What there is to bear in mind besides the hour: Dana lives in New York, and these stories book by
/// UTC, so most of them are before she works.
pub fn codes(interview: &Interview) -> Vec<FindingCode> {
    besides_the_hour(&interview.warnings)
}

/// The same of any findings.
pub fn besides_the_hour(findings: &[Finding]) -> Vec<FindingCode> {
    let codes = findings.iter().map(|it| it.code);
    codes
        .filter(|code| *code != FindingCode::OutsideHours)
        .collect()
}

#[track_caller]
pub fn assert_refused(error: &Error, kind: ErrorKind, field: &str, words: &[&str]) {
    assert_eq!(error.kind, kind, "{error:?}");
    assert_eq!(error.field.as_deref(), Some(field), "{error:?}");
    for word in words {
        assert!(error.message.contains(word), "{word} is not in {error:?}");
    }
}
