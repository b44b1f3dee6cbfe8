//! Dana's office: a job, Ana who applied, Sam who interviews. What every story here begins with.

use std::ops::{Deref, DerefMut};

use greenroom_protocol::interview::{
    AttendeeState, Interview, InterviewEdit, InterviewNew, InterviewUndo, MeetingType,
};
use greenroom_protocol::workspace::{MemberAdd, Reference};
use greenroom_tests::harness::DANA;
use greenroom_tests::mail_server::MailServer;
use greenroom_tests::post::Found;
use greenroom_tests::sandbox::Config;
use greenroom_tests::test_daemon::{Builder, Story, TestDaemon};

pub const ANA: &str = "ana.lima@mail.example";
pub const SAM: &str = "sam.ito@acme.example";

/// The day after the story begins, at ten.
pub const TEN: &str = "2026-12-01T10:00:00Z";

/// Seconds a letter waits before it leaves.
pub const UNDO: i64 = 10;

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
    pub async fn open() -> Self {
        Self::with(Config::default()).await
    }

    /// Emails leave through this server.
    pub async fn through(server: &MailServer) -> Self {
        let builder = TestDaemon::builder().mail(server.config());
        Self::built(builder).await
    }

    pub async fn with(config: Config) -> Self {
        Self::built(TestDaemon::builder().zoom(config)).await
    }

    async fn built(builder: Builder) -> Self {
        let sam = MemberAdd {
            name: "Sam Ito".into(),
            email: SAM.into(),
            zoom_email: None,
            zone: Some("Asia/Tokyo".into()),
            roles: Vec::new(),
            hiring_jobs: Vec::new(),
        };
        let builder = builder.colleague(sam);
        let builder = builder.job("Designer");
        let builder = builder.candidate("Ana Lima", ANA, "Designer");
        Self {
            story: builder.open().await.unwrap(),
        }
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

    /// Undoes the latest change.
    pub async fn takes_back(&self, interview: &Interview) -> Interview {
        let request = InterviewUndo {
            interview: Reference::to(interview.id.to_string()),
            change: interview.change,
            unsent: false,
        };
        self.dana.interview_undo(request).await.unwrap().interview
    }

    /// A change of nothing.
    pub fn edit(&self, interview: &Interview) -> InterviewEdit {
        Reference::to(interview.id.to_string()).into()
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
