//! Two workspaces with two mailboxes on one daemon, at real mail servers: each writes from its own
//! address, hears its own replies, and nothing crosses.

use std::path::PathBuf;

use greenroom::client::{Client, Target};
use greenroom_protocol::interview::{AttendeeState, Interview, InterviewNew, MeetingType};
use greenroom_protocol::mail_settings::{
    MailConfigure, MailSource, MailTest, MailTestQuery, MailTestStep,
};
use greenroom_protocol::received::ReceivedQuery;
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::WorkspaceEdit;
use greenroom_tests::harness::{self, World, add_candidate, add_job};
use greenroom_tests::post::Found;
use greenroom_tests::post_office::{self, PASSWORD, PostOffice};
use greenroom_tests::wait::Deadline;

const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");

const ANA: &str = "ana@mail.example";

/// A workspace, its mail servers and its address there.
struct Company {
    client: Client,
    office: PostOffice,
    address: &'static str,
}

/// One daemon with two of them.
struct Town {
    world: World,
    acme: Company,
    beta: Company,
}

impl Town {
    /// Both companies, neither with email yet.
    async fn open() -> Option<Self> {
        if !post_office::is_there() {
            return None;
        }
        let mut world = World::start(PROGRAM).await.unwrap();
        let office = |name: &str| PostOffice::open(&world.directory().join(name)).unwrap();
        let (first, second) = (office("post-of-acme"), office("post-of-beta"));
        // Either authority vouches for its own servers.
        let authorities = world.directory().join("authorities.pem");
        let both = [first.authority(), second.authority()].map(|it| std::fs::read(it).unwrap());
        std::fs::write(&authorities, both.concat()).unwrap();
        let environment: [(&str, PathBuf); 1] = [("SSL_CERT_FILE", authorities)];
        let config = "\n[mail]\npoll_seconds = 1\n";
        world.reconfigure(config, &environment).await.unwrap();
        let (dana, _) = world.set_up().await.unwrap();
        let other = WorkspaceEdit {
            name: Some("Beta".into()),
            ..WorkspaceEdit::default()
        };
        dana.workspace_add(other).await.unwrap();
        let in_beta = Target {
            workspace: Some("Beta".into()),
            ..world.target()
        };
        let in_beta = Client::connect(&in_beta).await.unwrap();
        for client in [&dana, &in_beta] {
            add_job(client, "Designer").await.unwrap();
            add_candidate(client, "Ana Costa", ANA, "Designer")
                .await
                .unwrap();
        }
        Some(Self {
            world,
            acme: Company {
                client: dana,
                office: first,
                address: "interviews@acme.example",
            },
            beta: Company {
                client: in_beta,
                office: second,
                address: "interviews@beta.example",
            },
        })
    }

    /// Every file of the daemon, but those of the mail servers.
    fn files(&self) -> Vec<PathBuf> {
        let (mut found, mut waiting) = (Vec::new(), vec![self.world.directory().to_owned()]);
        while let Some(directory) = waiting.pop() {
            for entry in std::fs::read_dir(directory).unwrap().flatten() {
                let path = entry.path();
                let of_servers = path
                    .file_name()
                    .is_some_and(|name| name.to_string_lossy().starts_with("post-of-"));
                match entry.file_type().unwrap() {
                    kind if kind.is_dir() && !of_servers => waiting.push(path),
                    kind if kind.is_file() => found.push(path),
                    _ => {}
                }
            }
        }
        found
    }
}

/// Whether a letter's `From` has this address.
fn is_from(letter: &Found, address: &str) -> bool {
    let text = String::from_utf8_lossy(&letter.bytes);
    let mut lines = text.lines().filter(|line| line.starts_with("From:"));
    lines.any(|line| line.contains(address))
}

impl Company {
    async fn set_up(&self) {
        let set = self.client.mail_configure(self.settings()).await.unwrap();
        assert_eq!(set.source, MailSource::Workspace);
        assert!(set.delivers && set.warning.is_none(), "{set:?}");
        assert_eq!(set.from.as_deref(), Some(self.address));
    }

    fn settings(&self) -> MailConfigure {
        let (smtp, imap) = self.office.servers();
        MailConfigure {
            from: Some(self.address.into()),
            smtp: Some(smtp),
            smtp_password: Some(Opaque::new(PASSWORD)),
            imap: Some(imap),
            ..MailConfigure::default()
        }
    }

    /// A phone interview with Ana, confirmed.
    async fn invites(&self, hour: u32) -> Interview {
        let interview = InterviewNew {
            candidate: ANA.into(),
            kind: MeetingType::Phone,
            details: Some("+49 30 5550 1234".into()),
            start: format!("2030-12-02T{hour:02}:00:00Z"),
            duration_minutes: Some(30),
            confirm: true,
            ..InterviewNew::default()
        };
        self.client
            .interview_new(interview)
            .await
            .unwrap()
            .interview
    }

    /// What these servers delivered to Ana about the interview.
    async fn delivered(&self, interview: &Interview) -> Found {
        let (deadline, id) = (Deadline::here(), interview.id.to_string());
        loop {
            let found = self.office.delivered_to(ANA).unwrap();
            let about = |letter: &Found| letter.values("UID").concat().starts_with(&id);
            if let Some(letter) = found.into_iter().find(about) {
                return letter;
            }
            deadline.pause().await;
        }
    }

    fn answer(&self, text: &str) {
        self.office.send(ANA, self.address, text).unwrap();
    }

    async fn ana_is(&self, interview: &Interview, state: AttendeeState) {
        let id = interview.id.to_string();
        let so = |it: &Interview| it.attendees.first().is_some_and(|it| it.state == state);
        harness::when(&self.client, &id, so).await.unwrap();
    }

    async fn received(&self) -> Vec<String> {
        let all = self.client.mail_received(ReceivedQuery::default()).await;
        all.unwrap()
            .items
            .into_iter()
            .map(|it| it.subject)
            .collect()
    }

    async fn tested(&self) -> MailTest {
        let query = |start| MailTestQuery {
            start,
            dry_run: false,
        };
        let mut test = self.client.mail_test(query(true)).await.unwrap();
        let deadline = Deadline::here();
        while test.running {
            deadline.pause().await;
            test = self.client.mail_test(query(false)).await.unwrap();
        }
        test
    }
}

#[tokio::test]
async fn two_workspaces_write_and_hear_at_two_mailboxes_and_nothing_crosses() {
    let Some(town) = Town::open().await else {
        return;
    };
    let (acme, beta) = (&town.acme, &town.beta);
    // Until email is set up, every booking says that nobody receives one.
    let before = acme.invites(8).await;
    let warned = |it: &Interview| it.warnings.iter().any(|it| it.code == FindingCode::NoMail);
    assert!(warned(&before));
    acme.set_up().await;
    assert!(acme.client.mail_settings().await.unwrap().warning.is_none());
    assert!(beta.client.mail_settings().await.unwrap().warning.is_some());
    assert!(warned(&beta.invites(8).await));
    assert!(!warned(&acme.invites(7).await));
    beta.set_up().await;

    let (ours, theirs) = (acme.invites(9).await, beta.invites(9).await);
    let (to_us, to_them) = (acme.delivered(&ours).await, beta.delivered(&theirs).await);
    assert!(is_from(&to_us, acme.address) && is_from(&to_them, beta.address));
    assert!(
        to_us.message_id.ends_with("@acme.example"),
        "{}",
        to_us.message_id
    );
    assert!(
        to_them.message_id.ends_with("@beta.example"),
        "{}",
        to_them.message_id
    );
    acme.answer(&to_us.reply("ACCEPTED", "20301101T090000Z"));
    beta.answer(&to_them.reply("TENTATIVE", "20301101T090000Z"));
    acme.ana_is(&ours, AttendeeState::Accepted).await;
    beta.ana_is(&theirs, AttendeeState::Tentative).await;

    // A reply to Acme that came into Beta's mailbox is taken for nobody; what came after it is.
    beta.answer(&to_us.reply("DECLINED", "20301102T090000Z"));
    beta.answer(&to_us.words("I cannot come to Acme"));
    beta.answer(&to_them.reply("DECLINED", "20301102T090000Z"));
    beta.ana_is(&theirs, AttendeeState::Declined).await;
    acme.ana_is(&ours, AttendeeState::Accepted).await;
    // What a candidate writes on their own is kept by the one they wrote to, though both know them.
    let own = "From: ana@mail.example\nTo: interviews@beta.example\nSubject: My portfolio\n\
               Message-ID: <own@mail.example>\n\nHere it is.\n";
    beta.answer(own);
    let deadline = Deadline::here();
    while beta.received().await.is_empty() {
        deadline.pause().await;
    }
    assert_eq!(beta.received().await, ["My portfolio"]);
    assert_eq!(acme.received().await, Vec::<String>::new());

    let left = |office: &PostOffice| office.delivered_to(ANA).unwrap();
    let all_from =
        |letters: Vec<Found>, address: &str| letters.iter().all(|letter| is_from(letter, address));
    assert!(all_from(left(&acme.office), acme.address));
    assert!(all_from(left(&beta.office), beta.address));
}

#[tokio::test]
async fn a_change_of_address_takes_effect_at_once_and_replies_still_find_their_place() {
    let Some(mut town) = Town::open().await else {
        return;
    };
    town.acme.set_up().await;
    let acme = &town.acme;
    let first = acme.invites(9).await;
    let letter = acme.delivered(&first).await;
    // Asked for before the change, and not left yet.
    let waits = acme.invites(10).await;
    let moved = MailConfigure {
        from: Some("interviews@people.acme.example".into()),
        expected_revision: Some(acme.client.mail_settings().await.unwrap().revision),
        ..MailConfigure::default()
    };
    let set = acme.client.mail_configure(moved.clone()).await.unwrap();
    assert_eq!(set.from.as_deref(), Some("interviews@people.acme.example"));
    let refused = acme.client.mail_configure(moved).await.unwrap_err();
    assert!(
        refused.message.contains("changed by someone else"),
        "{refused:?}"
    );
    // As after a power cut in the middle of it.
    town.world.kill_daemon();
    town.world.run_daemon().await.unwrap();
    town.acme.client = town.world.client().await.unwrap();
    let acme = &town.acme;
    let late = acme.delivered(&waits).await;
    assert!(
        late.message_id.ends_with("@people.acme.example"),
        "{}",
        late.message_id
    );
    // To the address it came from, which is the same mailbox still.
    acme.answer(&letter.reply("ACCEPTED", "20301101T090000Z"));
    acme.ana_is(&first, AttendeeState::Accepted).await;
    acme.answer(&late.reply("ACCEPTED", "20301101T090000Z"));
    acme.ana_is(&waits, AttendeeState::Accepted).await;
}

#[tokio::test]
async fn a_test_sends_an_email_and_reads_it_back_and_one_broken_mailbox_stops_no_other() {
    let Some(town) = Town::open().await else {
        return;
    };
    let (acme, beta) = (&town.acme, &town.beta);
    acme.set_up().await;
    let wrong = MailConfigure {
        imap_password: Some(Opaque::new("not the pass")),
        ..beta.settings()
    };
    beta.client.mail_configure(wrong).await.unwrap();
    let works = acme.tested().await;
    let steps: Vec<_> = works.steps.iter().map(|it| (it.step, it.result)).collect();
    let all = [
        MailTestStep::LogIn,
        MailTestStep::Send,
        MailTestStep::LogInToRead,
        MailTestStep::Read,
    ];
    assert_eq!(steps, all.map(|step| (step, CheckResult::Ok)), "{works:?}");
    assert_eq!(works.result, Some(CheckResult::Ok));
    let broken = beta.tested().await;
    let last = broken.steps.last().unwrap();
    assert_eq!(
        (last.step, last.result),
        (MailTestStep::LogInToRead, CheckResult::Wrong)
    );
    assert!(last.message.contains("refused the password"), "{broken:?}");

    // Beta's mailbox can't be read: Beta hears of it, Acme does not, and Acme's is read all the same.
    let deadline = Deadline::here();
    while beta
        .client
        .status()
        .await
        .unwrap()
        .mail
        .answers_error
        .is_none()
    {
        deadline.pause().await;
    }
    assert_eq!(acme.client.status().await.unwrap().mail.answers_error, None);
    let interview = acme.invites(9).await;
    let letter = acme.delivered(&interview).await;
    acme.answer(&letter.reply("ACCEPTED", "20301101T090000Z"));
    acme.ana_is(&interview, AttendeeState::Accepted).await;

    // Neither a log, nor a file, nor an answer has a password.
    let answers = format!(
        "{:?} {:?} {works:?} {broken:?}",
        acme.client.mail_settings().await.unwrap(),
        beta.client.doctor().await.unwrap()
    );
    for secret in [PASSWORD, "not the pass"] {
        assert!(!answers.contains(secret), "{answers}");
        for file in town.files() {
            let bytes = std::fs::read(&file).unwrap_or_default();
            let found = bytes
                .windows(secret.len())
                .any(|it| it == secret.as_bytes());
            assert!(!found, "{}", file.display());
        }
    }

    // Back to the configuration's: nobody receives, and the mailbox is read no more.
    let reset = MailConfigure {
        reset: true,
        ..MailConfigure::default()
    };
    let set = beta.client.mail_configure(reset).await.unwrap();
    assert_eq!((set.source, set.revision), (MailSource::Nobody, 0));
    assert!(
        beta.client
            .status()
            .await
            .unwrap()
            .mail
            .answers_error
            .is_none()
    );
}
