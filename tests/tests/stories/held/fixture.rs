//! Acme with Dana's Zoom, and a candidate of whom every word is found again.

use greenroom::client::Client;
use greenroom_protocol::interview::{Interview, InterviewNew, MeetingType};
use greenroom_protocol::pipeline::{Candidate, CandidateAdd, CandidateMove};
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::DANA;
use greenroom_tests::test_daemon::{Story, TestDaemon};

pub const EMAIL: &str = "Xanthippe.Quorl@quorlhaven.example";

/// What must be found nowhere afterwards, in lower case.
pub const WORDS: [&str; 6] = [
    "xanthippe",
    "quorl",
    "5550123",
    "juggler",
    "quorlhaven",
    "meeting-with-x",
];

pub fn quorl() -> CandidateAdd {
    CandidateAdd {
        name: "Xanthippe Quorl".into(),
        email: EMAIL.into(),
        phone: Some("+49 171 5550123".into()),
        zone: Some("Asia/Kolkata".into()),
        source: Some("recommended by a juggler".into()),
        job: Some("Designer".into()),
        ..CandidateAdd::default()
    }
}

pub struct Fixture {
    pub daemon: TestDaemon,
    pub dana: Client,
    pub quorl: Candidate,
}

impl Fixture {
    pub async fn open() -> Self {
        let builder = TestDaemon::builder().job("Designer").job("Welder");
        let builder = builder.candidate("Ben Okafor", "ben.okafor@mail.example", "Welder");
        let Story { daemon, dana } = builder.connected(DANA).open().await.unwrap();
        let quorl = dana.candidate_add(quorl()).await.unwrap();
        Self {
            daemon,
            dana,
            quorl,
        }
    }

    pub async fn moves(&self, stage: &str) {
        let to = CandidateMove {
            candidate: EMAIL.into(),
            stage: stage.into(),
            ..CandidateMove::default()
        };
        self.dana.candidate_move(to).await.unwrap();
    }

    pub async fn books(&self, interview: InterviewNew) -> Interview {
        self.dana.interview_new(interview).await.unwrap().interview
    }

    pub async fn erases(&self) -> greenroom_protocol::pipeline::Erased {
        let who = Reference::to(self.quorl.id.to_string());
        self.dana.candidate_erase(who).await.unwrap()
    }
}

/// On the day after the story begins, from this hour on, by telephone with their number.
pub fn by_phone(hour: u32) -> InterviewNew {
    InterviewNew {
        candidate: EMAIL.into(),
        job: Some("Designer".into()),
        kind: MeetingType::Phone,
        details: Some("+49 171 5550123".into()),
        start: format!("2026-12-01T{hour:02}:00:00Z"),
        duration_minutes: Some(30),
        confirm: true,
        idempotency_key: Some(format!("meeting-with-x-{hour}")),
        ..InterviewNew::default()
    }
}

pub fn by_zoom(hour: u32) -> InterviewNew {
    InterviewNew {
        kind: MeetingType::Zoom,
        details: None,
        ..by_phone(hour)
    }
}

/// The words that are in there.
pub fn words_in(bytes: &[u8]) -> Vec<&'static str> {
    let text = String::from_utf8_lossy(bytes).to_lowercase();
    let found = WORDS.iter().filter(|word| text.contains(**word));
    found.copied().collect()
}
