//! An office with one person of every role, two jobs, and an interview in each of them.

use greenroom::client::Client;
use greenroom_protocol::interview::{Interview, InterviewNew, MeetingType};
use greenroom_protocol::mail::MailQuery;
use greenroom_protocol::outreach::OutreachPropose;
use greenroom_protocol::received::ReceivedQuery;
use greenroom_protocol::workspace::{MemberAdd, MemberLink, Role};
use greenroom_tests::test_daemon::{Story, TestDaemon};
use greenroomd::rpc::Peer;

pub const ADA: &str = "ada.kern@acme.example";
pub const RITA: &str = "rita.novak@acme.example";
pub const HUGO: &str = "hugo.berg@acme.example";
pub const HELEN: &str = "helen.cho@acme.example";
pub const IRIS: &str = "iris.moreau@acme.example";

/// Applied as a designer; Iris interviews her.
pub const ANA: &str = "ana.lima@mail.example";
/// Applied as a welder.
pub const BEN: &str = "ben.okafor@mail.example";

/// A kind of caller, by the Unix user they come as.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Who {
    Admin,
    Recruiter,
    /// Hiring manager of the designers.
    Manager,
    /// Hiring manager of the welders.
    OtherManager,
    Interviewer,
    /// A Unix user nobody linked.
    Unlinked,
    /// Root: looks after the daemon, is no member.
    Operator,
}

impl Who {
    /// Those one may act for, with their addresses.
    pub const MEMBERS: [(Self, &str); 5] = [
        (Self::Admin, ADA),
        (Self::Recruiter, RITA),
        (Self::Manager, HUGO),
        (Self::OtherManager, HELEN),
        (Self::Interviewer, IRIS),
    ];

    pub const ALL: [Self; 7] = [
        Self::Admin,
        Self::Recruiter,
        Self::Manager,
        Self::OtherManager,
        Self::Interviewer,
        Self::Unlinked,
        Self::Operator,
    ];

    pub fn guest(self) -> Peer {
        let uid = match self {
            Self::Operator => 0,
            Self::Admin => 2001,
            Self::Recruiter => 2002,
            Self::Manager => 2003,
            Self::OtherManager => 2004,
            Self::Interviewer => 2005,
            Self::Unlinked => 2006,
        };
        Peer {
            uid,
            operator: self == Self::Operator,
        }
    }
}

pub struct Fixture {
    pub daemon: TestDaemon,
    /// Who set it up: every role, and the daemon's own user.
    pub dana: Client,
    /// With Ana, by telephone, held by Iris.
    pub designers: Interview,
    /// With Ben, by telephone, held by Dana.
    pub welders: Interview,
}

impl Fixture {
    pub async fn open() -> Self {
        let builder = TestDaemon::builder().job("Designer").job("Welder");
        let builder = builder.candidate("Ana Lima", ANA, "Designer");
        let builder = builder.candidate("Ben Okafor", BEN, "Welder");
        let Story { daemon, dana } = builder.open().await.unwrap();
        let people = [
            (Who::Admin, "Ada Kern", ADA, Role::Admin, None),
            (Who::Recruiter, "Rita Novak", RITA, Role::Recruiter, None),
            (
                Who::Manager,
                "Hugo Berg",
                HUGO,
                Role::HiringManager,
                Some("Designer"),
            ),
            (
                Who::OtherManager,
                "Helen Cho",
                HELEN,
                Role::HiringManager,
                Some("Welder"),
            ),
            (
                Who::Interviewer,
                "Iris Moreau",
                IRIS,
                Role::Interviewer,
                None,
            ),
        ];
        for (who, name, email, role, job) in people {
            let member = MemberAdd {
                name: name.into(),
                email: email.into(),
                zoom_email: None,
                zone: None,
                roles: vec![role],
                hiring_jobs: job.map(str::to_owned).into_iter().collect(),
            };
            dana.member_add(member).await.unwrap();
            let link = MemberLink {
                member: email.into(),
                uid: Some(who.guest().uid),
                ..MemberLink::default()
            };
            dana.member_link(link).await.unwrap();
        }
        let designers = by_phone(&dana, ANA, IRIS).await;
        let welders = by_phone(&dana, BEN, "dana.reyes@acme.example").await;
        Self {
            daemon,
            dana,
            designers,
            welders,
        }
    }

    /// The invitation of a candidate to another interview with Iris, which waits.
    pub async fn letter_to(&self, candidate: &str) -> String {
        let interview = InterviewNew {
            start: "2026-12-02T10:00:00Z".into(),
            confirm: true,
            ..plan(candidate, IRIS)
        };
        self.dana.interview_new(interview).await.unwrap();
        let letters = self
            .dana
            .mail_list(MailQuery::default())
            .await
            .unwrap()
            .items;
        let letter = letters.iter().find(|it| it.address == candidate);
        letter.unwrap().id.to_string()
    }

    /// A time proposed to a candidate, by telephone.
    pub async fn outreach_to(&self, candidate: &str) -> String {
        let propose = OutreachPropose {
            candidate: candidate.into(),
            kind: MeetingType::Phone,
            details: Some("+49 30 5550 1234".into()),
            slots: vec!["2026-12-03T10:00:00Z".into()],
            ..OutreachPropose::default()
        };
        let proposed = self.dana.outreach_propose(propose).await.unwrap();
        proposed.outreach.id.to_string()
    }

    /// The candidate answers the newest letter to them in words.
    pub async fn email_from(&self, candidate: &str) -> String {
        let letters = self.dana.mail_list(MailQuery::default()).await.unwrap();
        let mut letters = letters.items.into_iter().rev();
        let letter = letters.find(|it| it.address == candidate).unwrap();
        let text = format!(
            "From: {candidate}\nIn-Reply-To: <{}>\nSubject: Hello\n\nHello\n",
            letter.message_id
        );
        self.daemon.mail().answer("hello", &text).unwrap();
        self.daemon.hears_answers().await.unwrap();
        let received = self.dana.mail_received(ReceivedQuery::default()).await;
        received.unwrap().items[0].id.to_string()
    }

    pub async fn client(&self, who: Who) -> Client {
        self.daemon.client(who.guest()).await.unwrap()
    }
}

async fn by_phone(dana: &Client, candidate: &str, interviewer: &str) -> Interview {
    let planned = dana.interview_new(plan(candidate, interviewer)).await;
    planned.unwrap().interview
}

fn plan(candidate: &str, interviewer: &str) -> InterviewNew {
    InterviewNew {
        candidate: candidate.into(),
        kind: MeetingType::Phone,
        details: Some("+1 212 555 0100".into()),
        start: "2026-12-01T10:00:00Z".into(),
        duration_minutes: Some(30),
        with: vec![interviewer.into()],
        ..InterviewNew::default()
    }
}
