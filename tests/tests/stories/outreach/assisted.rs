//! Dana's office with AI scheduling in the phone screen: Sam interviews on Dana's Zoom. What every
//! story of the assistant's begins with.

use std::ops::{Deref, DerefMut};

use greenroom_protocol::edit::Edit;
use greenroom_protocol::id::MemberId;
use greenroom_protocol::outreach::{Outreach, OutreachStart, OutreachState, OutreachWhy};
use greenroom_protocol::pipeline::{
    Approval, CandidateMove, PanelGroup, PanelRule, Stage, StageConfigure, StageInterviewChange,
    Window,
};
use greenroom_tests::wait;

use crate::outreach::fixture::{Fixture, SAM, UNDO};

/// The stage that the assistant arranges.
pub const SCREEN: &str = "Phone screen";

/// Seconds in which a move can be undone.
pub const SETTLES: i64 = 120;

/// Seconds after which the assistant reads an answer, with all that came till then.
pub const READ_AFTER: i64 = 20;

pub struct Assisted {
    office: Fixture,
}

impl Deref for Assisted {
    type Target = Fixture;

    fn deref(&self) -> &Fixture {
        &self.office
    }
}

impl DerefMut for Assisted {
    fn deref_mut(&mut self) -> &mut Fixture {
        &mut self.office
    }
}

impl Assisted {
    pub async fn open(approval: Approval) -> Self {
        Self::arranged(Fixture::in_a_sandbox().await, approval).await
    }

    /// The same with candidates' nights and weekends; nobody's zone is known but the workspace's,
    /// where it is 04:00.
    pub async fn at_night() -> Self {
        Self::arranged(Fixture::with_quiet_hours().await, Approval::Auto).await
    }

    async fn arranged(office: Fixture, approval: Approval) -> Self {
        let office = Self { office };
        // Nothing is sent before the mailbox was read.
        office.daemon.hears_answers().await.unwrap();
        let panel = PanelGroup {
            rule: PanelRule::AllOf,
            members: vec![office.member(SAM).await],
        };
        let dana = office.member(greenroom_tests::harness::DANA).await;
        office
            .configures(StageInterviewChange {
                ai: Edit::Set(true),
                approval: Edit::Set(approval),
                zoom_user: Edit::Set(dana),
                duration_minutes: Edit::Set(30),
                panel: Edit::Set(vec![panel]),
                ..StageInterviewChange::default()
            })
            .await;
        office
    }

    pub async fn member(&self, email: &str) -> MemberId {
        let members = self.dana.member_list().await.unwrap().items;
        let member = members.into_iter().find(|it| it.email == email);
        member.unwrap().id
    }

    /// Changes how the stage plans.
    pub async fn configures(&self, change: StageInterviewChange) -> Stage {
        let configure = StageConfigure {
            stage: SCREEN.into(),
            job: Some("Designer".into()),
            change: Some(change),
            ..StageConfigure::default()
        };
        self.dana.stage_configure(configure).await.unwrap()
    }

    /// Sam has half an hour on each of these days, in which one interview fits.
    pub async fn has_half_an_hour_on(&self, days: &[u8]) {
        self.configures(StageInterviewChange {
            windows: Edit::Set(vec![Window {
                days: days.to_vec(),
                from_minute: 10 * 60,
                to_minute: 10 * 60 + 30,
            }]),
            step_minutes: Edit::Set(30),
            ..StageInterviewChange::default()
        })
        .await;
    }

    pub async fn stage(&self) -> Stage {
        let jobs = self.dana.job_list().await.unwrap().items;
        let mut stages = jobs.into_iter().flat_map(|job| job.stages);
        stages.find(|stage| stage.name == SCREEN).unwrap()
    }

    /// Moves somebody; what undoes it.
    pub async fn moves_to(&self, who: &str, stage: &str) -> CandidateMove {
        let to = CandidateMove {
            candidate: who.into(),
            stage: stage.into(),
            ..CandidateMove::default()
        };
        let moved = self.dana.candidate_move(to).await.unwrap();
        CandidateMove {
            candidate: who.into(),
            stage: moved.from.to_string(),
            expected_revision: Some(moved.application.revision),
            undo: true,
            ..CandidateMove::default()
        }
    }

    /// The open outreach to somebody, once there is one.
    pub async fn newest(&self, who: &str) -> Outreach {
        wait::until(&format!("there is an outreach to {who}"), async || {
            let first = self.of(who).await.into_iter().next();
            first.filter(|it| !matches!(it.state, OutreachState::Over | OutreachState::Booked))
        })
        .await
    }

    /// Every outreach to somebody, the open one first.
    pub async fn of(&self, who: &str) -> Vec<Outreach> {
        let query = greenroom_protocol::outreach::OutreachQuery {
            candidate: Some(who.into()),
            past: true,
            ..Default::default()
        };
        self.dana.outreach_list(query).await.unwrap().items
    }

    /// Somebody enters the stage, and the time to undo is over.
    pub async fn enters(&self, who: &str) -> Outreach {
        self.moves_to(who, SCREEN).await;
        let outreach = self.newest(who).await;
        assert_eq!(outreach.state, OutreachState::Settling);
        self.daemon.seconds_pass(SETTLES);
        outreach
    }

    /// The same once they have the times.
    pub async fn is_sent_times(&self, who: &str) -> Outreach {
        let outreach = self.enters(who).await;
        self.becomes(&outreach, OutreachState::Sending).await;
        self.daemon.seconds_pass(UNDO);
        self.becomes(&outreach, OutreachState::Proposed).await
    }

    /// The outreach once it waits for this.
    pub async fn waits_for(&self, outreach: &Outreach, why: OutreachWhy) -> Outreach {
        wait::until(&format!("the outreach waits for {why:?}"), async || {
            let outreach = self.outreach(outreach).await;
            let so = outreach.state == OutreachState::Waiting && outreach.why == Some(why);
            so.then_some(outreach)
        })
        .await
    }

    pub async fn starts(&self, who: &str) -> greenroom_protocol::outreach::OutreachStarted {
        let start = OutreachStart {
            candidate: Some(who.into()),
            ..OutreachStart::default()
        };
        self.dana.outreach_start(start).await.unwrap()
    }

    /// Nothing is left to do, and so many emails went to somebody.
    pub async fn was_emailed(&self, who: &str, times: usize) {
        self.daemon.rests().await.unwrap();
        assert_eq!(self.mail().to(who).unwrap().len(), times, "{who}");
    }
}
