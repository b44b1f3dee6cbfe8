//! Dana's office: Ana and Ben applied, Sam interviews. What every story here begins with.

use std::ops::{Deref, DerefMut};

use greenroom_protocol::interview::{InterviewNew, MeetingType};
use greenroom_protocol::outreach::{
    Outreach, OutreachAnswer, OutreachAnswered, OutreachPropose, OutreachQuery, OutreachState,
    OutreachStop, OutreachThread, OutreachWhy, Proposed,
};
use greenroom_protocol::schedule::{BusyQuery, BusyWith};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::{MemberAdd, Reference};
use greenroom_tests::harness::DANA;
use greenroom_tests::post::Found;
use greenroom_tests::test_daemon::{Builder, Story, TestDaemon};
use greenroom_tests::wait;

pub const ANA: &str = "ana.lima@mail.example";
pub const BEN: &str = "ben.okafor@mail.example";
pub const SAM: &str = "sam.ito@acme.example";

/// Times of the days after the story begins, which is Monday, 30 November 2026, 09:00 UTC.
pub const ONE: &str = "2026-12-02T10:00:00Z";
pub const TWO: &str = "2026-12-03T14:00:00Z";
pub const THREE: &str = "2026-12-04T11:00:00Z";

/// Seconds an email waits before it leaves.
pub const UNDO: i64 = 10;

pub const HOUR: i64 = 60 * 60;

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
        Self::with(TestDaemon::builder()).await
    }

    /// Where email reaches those it is for, as in the demo.
    pub async fn in_a_sandbox() -> Self {
        Self::with(TestDaemon::builder().transport("sandbox")).await
    }

    /// The same with candidates' nights and weekends.
    pub async fn with_quiet_hours() -> Self {
        Self::with(TestDaemon::builder().transport("sandbox").quiet_hours()).await
    }

    async fn with(builder: Builder) -> Self {
        let sam = MemberAdd {
            name: "Sam Ito".into(),
            email: SAM.into(),
            zoom_email: None,
            zone: Some("UTC".into()),
            roles: Vec::new(),
            hiring_jobs: Vec::new(),
        };
        let builder = builder.colleague(sam).job("Designer");
        let builder =
            builder
                .candidate("Ana Lima", ANA, "Designer")
                .candidate("Ben Okafor", BEN, "Designer");
        Self {
            story: builder.connected(DANA).open().await.unwrap(),
        }
    }

    /// Proposes three times to Ana; the email is about to leave.
    pub async fn proposes(&self) -> Outreach {
        let proposed = self
            .dana
            .outreach_propose(to(ANA, &[ONE, TWO, THREE]))
            .await;
        let Proposed {
            outreach, dry_run, ..
        } = proposed.unwrap();
        assert!(!dry_run);
        outreach
    }

    /// The same once Ana has them, with the email.
    pub async fn proposed(&self) -> (Outreach, Found) {
        let outreach = self.proposes().await;
        self.daemon.seconds_pass(UNDO);
        let outreach = self.becomes(&outreach, OutreachState::Proposed).await;
        let mut emails = self.mail().to(ANA).unwrap();
        assert_eq!(emails.len(), 1);
        (outreach, emails.remove(0))
    }

    pub async fn outreach(&self, outreach: &Outreach) -> Outreach {
        self.thread(outreach).await.outreach
    }

    pub async fn thread(&self, outreach: &Outreach) -> OutreachThread {
        self.dana.outreach_get(the(outreach)).await.unwrap()
    }

    /// The outreach once it stands so.
    pub async fn becomes(&self, outreach: &Outreach, state: OutreachState) -> Outreach {
        wait::until(&format!("the outreach is {state:?}"), async || {
            let outreach = self.outreach(outreach).await;
            (outreach.state == state).then_some(outreach)
        })
        .await
    }

    /// The same once it needs a person for this reason.
    pub async fn needs_person(&self, outreach: &Outreach, why: OutreachWhy) -> Outreach {
        wait::until(
            &format!("the outreach needs a person: {why:?}"),
            async || {
                let outreach = self.outreach(outreach).await;
                let so = outreach.state == OutreachState::Person && outreach.why == Some(why);
                so.then_some(outreach)
            },
        )
        .await
    }

    /// The same once it is over in this way.
    pub async fn is_over(&self, outreach: &Outreach, why: OutreachWhy) -> Outreach {
        let outreach = self.becomes(outreach, OutreachState::Over).await;
        assert_eq!(outreach.why, Some(why));
        outreach
    }

    pub async fn answers(
        &self,
        outreach: &Outreach,
        n: u8,
    ) -> Result<OutreachAnswered, greenroom_protocol::Error> {
        let answer = OutreachAnswer {
            outreach: the(outreach),
            n,
        };
        self.dana.outreach_answer(answer).await
    }

    pub async fn stops(&self, outreach: &Outreach, tell: Option<bool>) -> Outreach {
        let stop = OutreachStop {
            outreach: the(outreach),
            tell,
        };
        self.dana.outreach_stop(stop).await.unwrap()
    }

    /// The starts of what takes this person's time in the week, as what.
    pub async fn takes(&self, who: &str) -> Vec<(Instant, BusyWith)> {
        let lanes = self
            .dana
            .busy(BusyQuery {
                candidate: (who == ANA || who == BEN).then(|| who.to_owned()),
                members: (who != ANA && who != BEN)
                    .then(|| who.to_owned())
                    .into_iter()
                    .collect(),
                zoom_user: None,
                job: None,
                interview: None,
                from: at("2026-11-30T00:00:00Z"),
                to: at("2026-12-07T00:00:00Z"),
            })
            .await
            .unwrap();
        let lane = lanes.into_iter().next();
        let busy = lane.map(|lane| lane.busy).unwrap_or_default();
        busy.into_iter().map(|it| (it.start, it.with)).collect()
    }

    /// The open outreaches and those that need somebody, as lists show them.
    pub async fn listed(&self, past: bool) -> Vec<Outreach> {
        let query = OutreachQuery {
            past,
            ..OutreachQuery::default()
        };
        self.dana.outreach_list(query).await.unwrap().items
    }

    /// An email comes in and is read.
    pub async fn gets(&self, name: &str, email: &str) {
        self.mail().answer(name, email).unwrap();
        self.daemon.hears_answers().await.unwrap();
    }
}

pub fn at(text: &str) -> Instant {
    text.parse::<jiff::Timestamp>().unwrap().into()
}

pub fn the(outreach: &Outreach) -> Reference {
    Reference::to(outreach.id.to_string())
}

pub fn to(candidate: &str, slots: &[&str]) -> OutreachPropose {
    OutreachPropose {
        candidate: candidate.into(),
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        with: vec![SAM.into()],
        slots: slots.iter().map(|slot| (*slot).to_owned()).collect(),
        duration_minutes: Some(30),
        zone: Some("UTC".into()),
        ..OutreachPropose::default()
    }
}

pub fn by_phone(candidate: &str, start: &str) -> InterviewNew {
    InterviewNew {
        candidate: candidate.into(),
        with: vec![SAM.into()],
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        start: start.into(),
        duration_minutes: Some(30),
        zone: Some("UTC".into()),
        confirm: true,
        ..InterviewNew::default()
    }
}
