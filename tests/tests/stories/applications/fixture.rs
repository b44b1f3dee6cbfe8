//! Dana's office with two jobs, Sam who interviews, Hana who hires designers, and three candidates.

use greenroom_protocol::interview::{Interview, InterviewNew, MeetingType};
use greenroom_protocol::pipeline::{
    Application, ApplicationState, Candidate, CandidateQuery, CandidateState, StateAction,
    StateChanged,
};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::post::Found;
use greenroom_tests::test_daemon::{Story, TestDaemon};

pub const ANA: &str = "ana.lima@mail.example";
pub const BEN: &str = "ben.okafor@mail.example";
pub const WEN: &str = "wen.zhang@mail.example";
pub const SAM: &str = "sam.ito@acme.example";

/// The day after the story begins, at ten.
pub const TEN: &str = "2026-12-01T10:00:00Z";

/// Seconds an email waits before it leaves.
pub const UNDO: i64 = 10;

pub struct Fixture {
    pub story: Story,
}

impl Fixture {
    pub async fn open() -> Self {
        let builder = TestDaemon::builder().job("Designer").job("Welder");
        let builder = builder
            .member("Sam Ito", SAM, &[])
            .candidate("Ana Lima", ANA, "Designer")
            .candidate("Ben Okafor", BEN, "Designer")
            .candidate("Wen Zhang", WEN, "Welder");
        Self {
            story: builder.open().await.unwrap(),
        }
    }

    /// Changes how somebody's application stands.
    pub async fn changes(&self, change: CandidateState) -> Result<StateChanged, Error> {
        self.story.dana.candidate_state(change).await
    }

    /// The plain change; it has to work.
    pub async fn does(&self, who: &str, action: StateAction) -> StateChanged {
        self.changes(CandidateState::new(who, action))
            .await
            .unwrap()
    }

    /// Takes a change back.
    pub async fn undoes(&self, changed: &StateChanged) -> Result<StateChanged, Error> {
        let application = &changed.application;
        self.changes(CandidateState {
            expected_revision: Some(application.revision),
            ..CandidateState::new(application.id.to_string(), StateAction::Undo)
        })
        .await
    }

    pub async fn candidate(&self, who: &str) -> Candidate {
        self.story
            .dana
            .candidate_get(Reference::to(who))
            .await
            .unwrap()
    }

    pub async fn application(&self, who: &str) -> Application {
        self.candidate(who).await.applications.remove(0)
    }

    /// A confirmed interview of Ana by Sam on the phone.
    pub async fn calls_ana(&self) -> Interview {
        self.story.books(by_phone(ANA, TEN)).await
    }

    /// The names a list shows.
    pub async fn listed(&self, query: CandidateQuery) -> Vec<String> {
        let page = self.story.dana.candidate_list(query).await.unwrap();
        assert_eq!(page.total, page.items.len() as u64);
        page.items.into_iter().map(|row| row.name).collect()
    }

    /// The names in one of these states.
    pub async fn standing(&self, states: &[ApplicationState]) -> Vec<String> {
        self.listed(CandidateQuery {
            states: states.to_vec(),
            ..CandidateQuery::default()
        })
        .await
    }

    /// What somebody got once everything that is due has left.
    pub async fn inbox(&self, who: &str) -> Vec<Found> {
        self.story.daemon.seconds_pass(UNDO);
        self.story.daemon.rests().await.unwrap();
        self.story.mail().to(who).unwrap()
    }
}

pub fn by_phone(who: &str, start: &str) -> InterviewNew {
    InterviewNew {
        candidate: who.into(),
        with: vec![SAM.into()],
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        start: start.into(),
        duration_minutes: Some(30),
        confirm: true,
        ..InterviewNew::default()
    }
}

/// Checks a conflict and what its message has.
pub fn assert_conflict(error: &Error, part: &str) {
    assert_eq!(error.kind, ErrorKind::Conflict, "{error:?}");
    assert!(error.message.contains(part), "{error:?}");
}
