//! An office with two jobs and somebody of every role, each with a client of their own.

use std::ops::Deref;

use greenroom::client::Client;
use greenroom_protocol::interview::{Interview, InterviewNew, MeetingType};
use greenroom_protocol::today::{NeedKind, NeedsMe, Today, TodayQuery};
use greenroom_protocol::workspace::{MemberAdd, MemberLink, Reference, Role};
use greenroom_tests::harness::{DANA, connect_zoom};
use greenroom_tests::post::Found;
use greenroom_tests::sandbox::{Config, Licence, User};
use greenroom_tests::test_daemon::{Story, TestDaemon};
use greenroomd::rpc::Peer;

pub const ANA: &str = "ana.lima@mail.example";
pub const BEN: &str = "ben.okafor@mail.example";
pub const SAM: &str = "sam.ito@acme.example";
pub const RITA: &str = "rita.novak@acme.example";
pub const HUGO: &str = "hugo.berg@acme.example";
pub const HELEN: &str = "helen.cho@acme.example";

/// The day after the story begins, at ten: 05:00 for Dana.
pub const TEN: &str = "2026-12-01T10:00:00Z";

/// Seconds an email waits before it leaves.
pub const UNDO: i64 = 10;

/// Everyone but Dana: name, address, Unix user, role, whose hiring manager.
const PEOPLE: [(&str, &str, u32, Role, Option<&str>); 4] = [
    ("Sam Ito", SAM, 2001, Role::Interviewer, None),
    ("Rita Novak", RITA, 2002, Role::Recruiter, None),
    (
        "Hugo Berg",
        HUGO,
        2003,
        Role::HiringManager,
        Some("Designer"),
    ),
    (
        "Helen Cho",
        HELEN,
        2004,
        Role::HiringManager,
        Some("Welder"),
    ),
];

pub struct Fixture {
    story: Story,
}

impl Deref for Fixture {
    type Target = Story;

    fn deref(&self) -> &Story {
        &self.story
    }
}

impl Fixture {
    /// Ana applied as a designer, Ben as a welder; Dana's Zoom is connected.
    pub async fn open() -> Self {
        // With a plan that writes summaries.
        let zoom = Config {
            users: vec![User::new(DANA).licensed_as(Licence::Licensed)],
            ..Config::default()
        };
        let builder = TestDaemon::builder().zoom(zoom);
        let builder = builder.job("Designer").job("Welder");
        let builder = builder.candidate("Ana Lima", ANA, "Designer");
        let builder = builder.candidate("Ben Okafor", BEN, "Welder");
        let story = builder.open().await.unwrap();
        for (name, email, uid, role, job) in PEOPLE {
            let member = MemberAdd {
                name: name.into(),
                email: email.into(),
                zoom_email: None,
                zone: None,
                roles: vec![role],
                hiring_jobs: job.map(str::to_owned).into_iter().collect(),
            };
            story.dana.member_add(member).await.unwrap();
            let link = MemberLink {
                member: email.into(),
                uid: Some(uid),
                ..MemberLink::default()
            };
            story.dana.member_link(link).await.unwrap();
        }
        connect_zoom(&story.dana, DANA).await.unwrap();
        Self { story }
    }

    /// The daemon ends and begins again.
    pub async fn begins_again(&mut self) {
        self.story.daemon.begin_again().await.unwrap();
    }

    /// A client of one of [`PEOPLE`].
    pub async fn client(&self, email: &str) -> Client {
        let (.., uid, _, _) = PEOPLE.iter().find(|it| it.1 == email).unwrap();
        let peer = Peer {
            uid: *uid,
            operator: false,
        };
        self.daemon.client(peer).await.unwrap()
    }

    /// Dana's day.
    pub async fn today(&self) -> Today {
        today(&self.dana).await
    }

    /// What needs Dana of this kind.
    pub async fn needs(&self, kind: NeedKind) -> Vec<NeedsMe> {
        of_kind(self.today().await, kind)
    }

    /// An interview, and everyone has their invitation.
    pub async fn invited(&self, interview: InterviewNew) -> Interview {
        let booked = self.books(interview).await;
        self.daemon.seconds_pass(UNDO);
        let invited = |it: &Interview| it.attendees.iter().all(|it| it.invited_at.is_some());
        self.when(&booked, |it| !it.attendees.is_empty() && invited(it))
            .await
    }

    /// The newest email to this address.
    pub fn letter(&self, to: &str) -> Found {
        self.mail().to(to).unwrap().pop().unwrap()
    }

    /// An email comes in and is read from the mailbox.
    pub async fn gets(&self, name: &str, email: &str) {
        self.mail().answer(name, email).unwrap();
        self.daemon.hears_answers().await.unwrap();
    }
}

pub async fn today(client: &Client) -> Today {
    client.today(TodayQuery::default()).await.unwrap()
}

pub fn of_kind(today: Today, kind: NeedKind) -> Vec<NeedsMe> {
    let needs = today.needs_me.into_iter();
    needs.filter(|need| need.kind == kind).collect()
}

/// By telephone with Sam, confirmed.
pub fn by_phone(candidate: &str, start: &str) -> InterviewNew {
    InterviewNew {
        candidate: candidate.into(),
        with: vec![SAM.into()],
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        start: start.into(),
        duration_minutes: Some(30),
        confirm: true,
        ..InterviewNew::default()
    }
}

/// On Dana's Zoom with Sam, confirmed.
pub fn by_zoom(candidate: &str, start: &str) -> InterviewNew {
    InterviewNew {
        kind: MeetingType::Zoom,
        details: None,
        zoom_user: Some(DANA.into()),
        ..by_phone(candidate, start)
    }
}

pub fn to(id: impl ToString) -> Reference {
    Reference::to(id.to_string())
}

/// An email a candidate writes of their own accord.
pub fn email(from: &str, subject: &str, text: &str) -> String {
    format!(
        "From: {from}\nMessage-ID: <{}@mail.example>\nSubject: {subject}\n\n{text}\n",
        subject.replace(' ', "-")
    )
}
