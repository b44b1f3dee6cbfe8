//! AI scheduling of a stage: what must be chosen before it is turned on, and why the assistant can't
//! act there.

use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::pipeline::{
    Approval, JobEdit, PanelGroup, PanelRule, Stage, StageConfigure, StageInterview,
    StageInterviewChange, StageProblemCode as Code, Window,
};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};
use greenroom_tests::harness::{DANA, add_member, connect_zoom};
use greenroom_tests::sandbox::Config;
use greenroom_tests::test_daemon::{Story, TestDaemon};

use crate::booking::fixture::Fixture;

const OMAR: &str = "omar.haddad@acme.example";

struct Office {
    story: Story,
    dana: MemberId,
    omar: MemberId,
}

impl Office {
    /// Emails leave, and nobody's Zoom is connected.
    async fn open() -> Self {
        let builder = TestDaemon::builder().transport("sandbox").job("Designer");
        let builder = builder.candidate("Ana Lima", "ana.lima@mail.example", "Designer");
        let story = builder.open().await.unwrap();
        let omar = add_member(&story.dana, "Omar Haddad", OMAR, &[])
            .await
            .unwrap();
        let dana = story.dana.hello().caller.as_ref().unwrap().member.id;
        Self {
            story,
            dana,
            omar: omar.id,
        }
    }

    async fn stage(&self) -> Stage {
        self.story.dana.job_list().await.unwrap().items[0].stages[0].clone()
    }

    async fn tries(&self, change: StageInterviewChange) -> Result<Stage, Error> {
        let ask = StageConfigure {
            stage: self.stage().await.id.to_string(),
            change: Some(change),
            ..StageConfigure::default()
        };
        self.story.dana.stage_configure(ask).await
    }

    async fn problems(&self) -> Vec<Code> {
        let stage = self.stage().await;
        let said = stage.problems.iter().map(|it| it.message.clone());
        let said: Vec<_> = said.collect();
        assert_eq!(stage.warnings[..said.len()], said[..]);
        stage.problems.iter().map(|it| it.code).collect()
    }

    fn on(&self) -> StageInterviewChange {
        StageInterviewChange {
            ai: Edit::Set(true),
            approval: Edit::Set(Approval::Draft),
            zoom_user: Edit::Set(self.dana),
            panel: Edit::Set(vec![PanelGroup {
                rule: PanelRule::AllOf,
                members: vec![self.omar],
            }]),
            ..StageInterviewChange::default()
        }
    }
}

fn assert_field(refused: Result<Stage, Error>, field: &str) {
    let refused = refused.unwrap_err();
    assert_eq!(refused.kind, ErrorKind::Usage, "{refused:?}");
    assert_eq!(refused.field.as_deref(), Some(field), "{refused:?}");
}

#[tokio::test]
async fn ai_scheduling_needs_to_know_how_emails_are_sent_and_whose_zoom_hosts() {
    let office = Office::open().await;
    let before = office.stage().await;
    assert_eq!(before.interview.approval_chosen, Some(false));
    let unasked = StageInterviewChange {
        approval: Edit::Keep,
        ..office.on()
    };
    assert_field(office.tries(unasked).await, "approval");
    let nobodys = StageInterviewChange {
        zoom_user: Edit::Keep,
        ..office.on()
    };
    assert_field(office.tries(nobodys).await, "zoom_user");
    let strangers = StageInterviewChange {
        organizer: Edit::Set(MemberId::new()),
        ..office.on()
    };
    assert_field(office.tries(strangers).await, "organizer");
    assert_eq!(office.stage().await, before, "nothing was changed");

    let stage = office.tries(office.on()).await.unwrap();
    assert!(stage.interview.ai);
    assert_eq!(stage.interview.approval_chosen, Some(true));
    // While it is on, neither can be taken away.
    let clear = StageInterviewChange {
        approval: Edit::Clear,
        ..StageInterviewChange::default()
    };
    assert_field(office.tries(clear).await, "approval");
    let clear = StageInterviewChange {
        zoom_user: Edit::Clear,
        ..StageInterviewChange::default()
    };
    assert_field(office.tries(clear).await, "zoom_user");
    // Off and on again: it was asked once.
    for ai in [false, true] {
        let change = StageInterviewChange {
            ai: Edit::Set(ai),
            ..StageInterviewChange::default()
        };
        let stage = office.tries(change).await.unwrap();
        assert_eq!(stage.interview.approval, Approval::Draft);
    }
}

#[tokio::test]
async fn a_whole_plan_of_an_earlier_client_names_how_emails_are_sent() {
    let office = Office::open().await;
    let plan = StageInterview {
        ai: true,
        zoom_user: Some(office.dana),
        ..StageInterview::default()
    };
    let ask = StageConfigure {
        stage: office.stage().await.id.to_string(),
        interview: Some(plan),
        ..StageConfigure::default()
    };
    let stage = office.story.dana.stage_configure(ask).await.unwrap();
    assert_eq!(stage.interview.approval_chosen, Some(true));
}

#[tokio::test]
async fn a_stage_says_everything_that_keeps_the_assistant_from_acting() {
    let office = Office::open().await;
    assert_eq!(office.problems().await, [], "AI scheduling is off");
    let change = StageInterviewChange {
        panel: Edit::Keep,
        organizer: Edit::Set(office.omar),
        ..office.on()
    };
    office.tries(change).await.unwrap();
    let found = office.problems().await;
    assert_eq!(found, [Code::ZoomNotConnected, Code::NoInterviewers]);
    let who = office.stage().await.problems[0].who.clone().unwrap();
    assert_eq!(who.name, "Dana Reyes");

    connect_zoom(&office.story.dana, DANA).await.unwrap();
    office.tries(office.on()).await.unwrap();
    assert_eq!(office.problems().await, []);

    // On Sundays nobody works.
    let sundays = Window {
        days: vec![7],
        from_minute: 540,
        to_minute: 1020,
    };
    let change = StageInterviewChange {
        windows: Edit::Set(vec![sundays.clone()]),
        ..StageInterviewChange::default()
    };
    assert_field(office.tries(change.clone()).await, "windows");
    let mut all_week = sundays;
    all_week.days = (1..=7).collect();
    let wide = StageInterviewChange {
        windows: Edit::Set(vec![all_week]),
        ..change
    };
    office.tries(wide).await.unwrap();
    let set = greenroom_protocol::availability::MemberHoursSet {
        member: Some(OMAR.into()),
        hours: Edit::Set(Vec::new()),
        ..Default::default()
    };
    office.story.dana.member_hours_set(set).await.unwrap();
    assert_eq!(office.problems().await, [Code::NoHours]);

    office
        .story
        .dana
        .member_remove(Reference::to(OMAR))
        .await
        .unwrap();
    assert_eq!(
        office.problems().await,
        [Code::OrganizerLeft, Code::NoInterviewers]
    );
    let close = JobEdit {
        job: "Designer".into(),
        open: Some(false),
        ..JobEdit::default()
    };
    office.story.dana.job_edit(close).await.unwrap();
    let found = office.problems().await;
    assert_eq!(
        found,
        [Code::JobClosed, Code::OrganizerLeft, Code::NoInterviewers]
    );
}

#[tokio::test]
async fn a_zoom_user_who_must_reconnect_and_a_workspace_without_email_hold_candidates_back() {
    let desk = Fixture::with(Config::default()).await;
    let dana = desk.dana.hello().caller.as_ref().unwrap().member.id;
    let ask = StageConfigure {
        stage: desk.dana.job_list().await.unwrap().items[0].stages[0]
            .id
            .to_string(),
        change: Some(StageInterviewChange {
            ai: Edit::Set(true),
            approval: Edit::Set(Approval::Auto),
            zoom_user: Edit::Set(dana),
            panel: Edit::Set(vec![PanelGroup {
                rule: PanelRule::AllOf,
                members: vec![dana],
            }]),
            ..StageInterviewChange::default()
        }),
        ..StageConfigure::default()
    };
    let stage = desk.dana.stage_configure(ask).await.unwrap();
    let codes = |stage: &Stage| stage.problems.iter().map(|it| it.code).collect::<Vec<_>>();
    assert_eq!(codes(&stage), [Code::NoEmail]);

    // Somebody removes the app in Zoom; the daily renewal finds out.
    desk.daemon.zoom.end_grants(DANA).unwrap();
    desk.daemon.seconds_pass(24 * 3600);
    desk.daemon.tend().await.unwrap();
    let stage = &desk.dana.job_list().await.unwrap().items[0].stages[0];
    assert_eq!(codes(stage), [Code::ZoomReconnect, Code::NoEmail]);
    assert_eq!(
        stage.problems[0].message,
        "Dana Reyes's Zoom must be reconnected"
    );
}
