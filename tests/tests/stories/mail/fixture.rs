//! Dana's office: a job, Ana who applied, Sam who interviews. What every story here begins with.

use greenroom::client::Client;
use greenroom_protocol::interview::{
    AttendeeState, Interview, InterviewEdit, InterviewNew, InterviewReschedule, InterviewUndo,
    MeetingType, Side,
};
use greenroom_protocol::workspace::{MemberAdd, Reference};
use greenroom_tests::harness::{self, DANA, add_candidate, add_job};
use greenroom_tests::post::{Folders, Found};
use greenroom_tests::sandbox::Config;
use greenroom_tests::test_daemon::TestDaemon;

pub const ANA: &str = "ana.lima@mail.example";
pub const SAM: &str = "sam.ito@acme.example";

/// The day after the story begins, at ten.
pub const TEN: &str = "2026-12-01T10:00:00Z";

/// Seconds a letter waits before it leaves.
pub const UNDO: i64 = 10;

pub struct Fixture {
    pub daemon: TestDaemon,
    pub dana: Client,
}

impl Fixture {
    pub async fn open() -> Self {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Self {
        let daemon = TestDaemon::with(config).await.unwrap();
        let (dana, _) = daemon.set_up().await.unwrap();
        let sam = MemberAdd {
            name: "Sam Ito".into(),
            email: SAM.into(),
            zoom_email: None,
            zone: Some("Asia/Tokyo".into()),
            roles: Vec::new(),
            hiring_jobs: Vec::new(),
        };
        dana.member_add(sam).await.unwrap();
        add_job(&dana, "Designer").await.unwrap();
        add_candidate(&dana, "Ana Lima", ANA, "Designer")
            .await
            .unwrap();
        Self { daemon, dana }
    }

    pub fn mail(&self) -> Folders {
        self.daemon.mail()
    }

    /// A telephone interview of Ana by Sam, confirmed.
    pub async fn calls(&self) -> Interview {
        self.dana.interview_new(by_phone()).await.unwrap().interview
    }

    /// The same, and everybody has their invitation.
    pub async fn invited(&self) -> (Interview, Found, Found) {
        let interview = self.calls().await;
        self.daemon.seconds_pass(UNDO);
        let interview = self
            .when(&interview, everybody(AttendeeState::Invited))
            .await;
        let (mut ana, mut sam) = (self.mail().to(ANA).unwrap(), self.mail().to(SAM).unwrap());
        assert_eq!((ana.len(), sam.len()), (1, 1));
        (interview, ana.remove(0), sam.remove(0))
    }

    /// Moves an interview, for a reason that people are told.
    pub async fn moves(&self, interview: &Interview, start: &str, why: Option<&str>) -> Interview {
        let request = InterviewReschedule {
            interview: Reference::to(interview.id.to_string()),
            start: start.into(),
            zone: None,
            duration_minutes: None,
            by: Side::Us,
            reason: why.map(str::to_owned),
        };
        self.dana
            .interview_reschedule(request)
            .await
            .unwrap()
            .interview
    }

    /// Takes the latest change back.
    pub async fn takes_back(&self, interview: &Interview) -> Interview {
        let request = InterviewUndo {
            interview: Reference::to(interview.id.to_string()),
            change: interview.change,
        };
        self.dana.interview_undo(request).await.unwrap().interview
    }

    /// A change of nothing.
    pub fn edit(&self, interview: &Interview) -> InterviewEdit {
        Reference::to(interview.id.to_string()).into()
    }

    pub async fn cancels(&self, interview: &Interview) -> Interview {
        let reference = Reference::to(interview.id.to_string());
        self.dana
            .interview_cancel(reference.into())
            .await
            .unwrap()
            .interview
    }

    pub async fn show(&self, interview: &Interview) -> Interview {
        let reference = Reference::to(interview.id.to_string());
        self.dana.interview_get(reference).await.unwrap()
    }

    /// The interview once it is so.
    pub async fn when(&self, interview: &Interview, so: impl Fn(&Interview) -> bool) -> Interview {
        harness::when(&self.dana, &interview.id.to_string(), so)
            .await
            .unwrap()
    }

    /// An answer comes in and is read.
    pub async fn gets(&self, name: &str, answer: &str) {
        self.mail().answer(name, answer).unwrap();
        self.daemon.hears_answers().await.unwrap();
    }
}

pub fn by_phone() -> InterviewNew {
    InterviewNew {
        candidate: ANA.into(),
        with: vec![SAM.into()],
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        start: TEN.into(),
        duration_minutes: Some(30),
        confirm: true,
        ..InterviewNew::default()
    }
}

/// On Dana's Zoom.
pub fn by_zoom() -> InterviewNew {
    InterviewNew {
        kind: MeetingType::Zoom,
        details: None,
        zoom_user: Some(DANA.into()),
        ..by_phone()
    }
}

pub fn everybody(state: AttendeeState) -> impl Fn(&Interview) -> bool {
    move |interview| {
        !interview.attendees.is_empty() && interview.attendees.iter().all(|it| it.state == state)
    }
}

pub fn states(interview: &Interview) -> Vec<AttendeeState> {
    interview.attendees.iter().map(|it| it.state).collect()
}
