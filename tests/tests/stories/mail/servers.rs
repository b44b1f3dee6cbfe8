//! The daemon with real mail servers: what leaves is delivered, what is answered is heard, what
//! goes wrong is distinguished.

use std::time::Duration;

use greenroom::client::Client;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::interview::{
    AttendeeState, Interview, InterviewNew, InterviewReschedule, MeetingType, Side,
};
use greenroom_protocol::mail::{Mail, MailQuery, MailState};
use greenroom_protocol::pipeline::{PanelGroup, PanelRule, StageConfigure, StageInterviewChange};
use greenroom_protocol::received::ReceivedQuery;
use greenroom_protocol::schedule::FindingCode;
use greenroom_protocol::status::CheckResult;
use greenroom_protocol::workspace::{Reference, Role};
use greenroom_tests::harness::{self, World, add_candidate, add_job, add_member};
use greenroom_tests::post::Found;
use greenroom_tests::post_office::{self, INTERVIEWS, PASSWORD, PostOffice, Token};
use greenroom_tests::wait::Deadline;

const PROGRAM: &str = env!("CARGO_BIN_EXE_demo");

/// A daemon that mails through the servers, and somebody who uses it.
struct Street {
    world: World,
    office: PostOffice,
    dana: Client,
}

impl Street {
    async fn open() -> Option<Self> {
        Self::configured(PostOffice::config).await
    }

    async fn configured(how: impl Fn(&PostOffice) -> String) -> Option<Self> {
        if !post_office::is_there() {
            return None;
        }
        let mut world = World::start(PROGRAM).await.unwrap();
        let office = PostOffice::open(&world.directory().join("post")).unwrap();
        office.set_password(PASSWORD).unwrap();
        let authority = [("SSL_CERT_FILE", office.authority())];
        world.reconfigure(&how(&office), &authority).await.unwrap();
        let (dana, _) = world.set_up().await.unwrap();
        add_job(&dana, "Designer").await.unwrap();
        Some(Self {
            world,
            office,
            dana,
        })
    }

    /// A telephone interview with a candidate of this address, confirmed.
    async fn invites(&self, email: &str, hour: u32) -> Interview {
        let name = email.split('@').next().unwrap();
        add_candidate(&self.dana, name, email, "Designer")
            .await
            .unwrap();
        let interview = InterviewNew {
            candidate: email.into(),
            kind: MeetingType::Phone,
            details: Some("+49 30 5550 1234".into()),
            start: format!("2030-12-02T{hour:02}:00:00Z"),
            duration_minutes: Some(30),
            confirm: true,
            ..InterviewNew::default()
        };
        self.dana.interview_new(interview).await.unwrap().interview
    }

    async fn when(&self, interview: &Interview, so: impl Fn(&Interview) -> bool) -> Interview {
        harness::when(&self.dana, &interview.id.to_string(), so)
            .await
            .unwrap()
    }

    /// The candidate's newest letter, once there are so many.
    async fn delivered(&self, address: &str, many: usize) -> Found {
        let until = tokio::time::Instant::now() + harness::PATIENCE;
        loop {
            let mut found = self.office.delivered_to(address).unwrap();
            if found.len() >= many {
                found.sort_by_key(|letter| letter.values("SEQUENCE").concat());
                return found.pop().unwrap();
            }
            assert!(
                tokio::time::Instant::now() < until,
                "{many} to {address}: {}",
                self.world.read_log()
            );
            tokio::time::sleep(Duration::from_millis(20)).await;
        }
    }
}

fn candidate_is(state: AttendeeState) -> impl Fn(&Interview) -> bool {
    move |interview| {
        interview
            .attendees
            .first()
            .is_some_and(|it| it.state == state)
    }
}

#[tokio::test]
async fn what_leaves_is_delivered_and_what_is_answered_is_heard() {
    let Some(mut street) = Street::open().await else {
        return;
    };
    let checks = street.dana.doctor().await.unwrap();
    for name in ["mail", "answers"] {
        let check = checks.iter().find(|it| it.name == name).unwrap();
        assert_eq!(check.result, CheckResult::Ok, "{check:?}");
    }
    // All at once, for each waits ten seconds of this machine's time.
    let fine = street.invites("ana@mail.example", 9).await;
    assert!(
        fine.warnings
            .iter()
            .all(|it| it.code != FindingCode::NoMail)
    );
    let gone = street.invites("gone@mail.example", 10).await;
    let refused = street.invites("refused@mail.example", 11).await;
    let later = street.invites("later@mail.example", 12).await;

    // Delivered, answered by a calendar, moved, answered again.
    let letter = street.delivered("ana@mail.example", 1).await;
    assert_eq!(letter.method(), Some("REQUEST"));
    let reply = letter.reply("ACCEPTED", "20301101T090000Z");
    street
        .office
        .send("ana@mail.example", INTERVIEWS, &reply)
        .unwrap();
    street
        .when(&fine, candidate_is(AttendeeState::Accepted))
        .await;

    // Taken by the server and returned: the address is marked.
    let bounced = street
        .when(&gone, candidate_is(AttendeeState::Unreached))
        .await;
    assert!(
        bounced
            .warnings
            .iter()
            .any(|it| it.code == FindingCode::AddressBounces),
        "{bounced:?}"
    );

    // Refused for good: loud, and not tried again.
    let failed = street
        .when(&refused, candidate_is(AttendeeState::Unreached))
        .await;
    let reason = failed.attendees[0].reason.clone().unwrap();
    assert!(reason.contains("no such user here"), "{reason}");
    assert!(
        failed
            .warnings
            .iter()
            .any(|it| it.code == FindingCode::MailRefused)
    );

    // Put off: kept, with why.
    let query = MailQuery {
        interview: Some(later.id.to_string()),
        ..MailQuery::default()
    };
    let deadline = Deadline::new("the email that is put off waits, with why");
    loop {
        let waiting = street.dana.mail_list(query.clone()).await.unwrap().items;
        let mut waiting = waiting.iter();
        let waiting = waiting.find(|it| it.address == "later@mail.example");
        let reason = waiting.and_then(|it| it.reason.as_deref());
        let says_why = reason.is_some_and(|it| it.contains("come back later"));
        if says_why && waiting.is_some_and(|it| it.state == MailState::Waiting) {
            break;
        }
        deadline.pause().await;
    }

    // Answers that come while the mailbox cannot be reached are heard when it can.
    street.office.close_the_mailbox();
    let declined = letter.reply("DECLINED", "20301101T091000Z");
    street
        .office
        .send("ana@mail.example", INTERVIEWS, &declined)
        .unwrap();
    let deadline = Deadline::here();
    loop {
        let status = street.dana.status().await.unwrap();
        if status.mail.answers_error.is_some() {
            break;
        }
        deadline.pause().await;
    }
    street.office.open_the_mailbox().unwrap();
    street
        .when(&fine, candidate_is(AttendeeState::Declined))
        .await;

    // Killed in between and started again, nothing leaves twice and nothing is heard twice.
    street.world.kill_daemon();
    street.world.run_daemon().await.unwrap();
    street.dana = street.world.client().await.unwrap();
    let request = InterviewReschedule {
        start_shown: None,
        locale: None,
        interview: Reference::to(fine.id.to_string()),
        start: "2030-12-03T09:00:00Z".into(),
        zone: None,
        duration_minutes: None,
        by: Side::Candidate,
        reason: None,
        refuse_advice: false,
    };
    street.dana.interview_reschedule(request).await.unwrap();
    let newer = street.delivered("ana@mail.example", 2).await;
    assert_eq!(newer.values("SEQUENCE"), ["1"]);
    assert_eq!(
        newer.in_reply_to.as_deref(),
        Some(letter.message_id.as_str())
    );
    street
        .when(&fine, candidate_is(AttendeeState::Invited))
        .await;
    assert_eq!(
        street
            .office
            .delivered_to("ana@mail.example")
            .unwrap()
            .len(),
        2
    );
}

/// These servers let nobody log in before.
#[tokio::test]
async fn tls_that_is_started_on_an_open_connection_serves_as_well() {
    let Some(street) = Street::configured(PostOffice::config_starting_tls).await else {
        return;
    };
    let checks = street.dana.doctor().await.unwrap();
    for name in ["mail", "answers"] {
        let check = checks.iter().find(|it| it.name == name).unwrap();
        assert_eq!(check.result, CheckResult::Ok, "{check:?}");
    }
    let interview = street.invites("ana@mail.example", 9).await;
    let letter = street.delivered("ana@mail.example", 1).await;
    let reply = letter.reply("TENTATIVE", "20301101T090000Z");
    let sent = street.office.send("ana@mail.example", INTERVIEWS, &reply);
    sent.unwrap();
    street
        .when(&interview, candidate_is(AttendeeState::Tentative))
        .await;
}

/// Case M11: Dovecot answers a wrong password after six seconds here.
#[tokio::test]
async fn a_password_that_is_wrong_is_nobodys_bounce() {
    let Some(street) = Street::open().await else {
        return;
    };
    street.office.set_password("wrong").unwrap();
    let checks = street.dana.doctor().await.unwrap();
    for name in ["mail", "answers"] {
        let check = checks.iter().find(|it| it.name == name).unwrap();
        assert_eq!(check.result, CheckResult::Wrong, "{check:?}");
        let message = &check.message;
        assert!(
            message.starts_with("Couldn't log in to 127.0.0.1:"),
            "{check:?}"
        );
        assert!(
            message.ends_with(": the server refused the password"),
            "{check:?}"
        );
    }
    let interview = street.invites("ana@mail.example", 9).await;
    let query = MailQuery {
        interview: Some(interview.id.to_string()),
        ..MailQuery::default()
    };
    let deadline = Deadline::here();
    loop {
        let waiting = street.dana.mail_list(query.clone()).await.unwrap().items;
        // One that is being tried is on its way to wait again.
        let stays = |state| matches!(state, MailState::Waiting | MailState::Sending);
        assert!(waiting.iter().all(|it| stays(it.state)), "{waiting:?}");
        let waits = |it: &Mail| it.attempts > 0 && it.state == MailState::Waiting;
        if waiting.iter().all(waits) {
            break;
        }
        deadline.pause().await;
    }
    // Who looks sees how many wait for it.
    let checks = street.dana.doctor().await.unwrap();
    let check = checks.iter().find(|it| it.name == "mail").unwrap();
    let hint = check.hint.as_deref().unwrap_or_default();
    assert!(
        hint.contains("emails wait for it") || hint.contains("email waits for it"),
        "{check:?}"
    );
    // Fixed without a restart.
    street.office.set_password(PASSWORD).unwrap();
    street
        .when(&interview, candidate_is(AttendeeState::Invited))
        .await;
    let log = street.world.read_log();
    assert!(
        !log.contains(PASSWORD) && !log.contains("ana@mail.example"),
        "{log}"
    );
}

/// Dovecot is the judge of a token: one that has ended is refused, with a challenge before the
/// answer, and the command is run once more.
#[tokio::test]
async fn a_token_logs_in_and_one_that_has_ended_is_printed_anew() {
    let (ended, good) = (Token::ended().unwrap(), Token::good().unwrap());
    let configured = |office: &PostOffice| {
        office.set_tokens(&[&ended, &good]).unwrap();
        office.config_with_tokens()
    };
    let Some(mut street) = Street::configured(configured).await else {
        return;
    };
    let checks = street.dana.doctor().await.unwrap();
    for name in ["mail", "answers"] {
        let check = checks.iter().find(|it| it.name == name).unwrap();
        assert_eq!(check.result, CheckResult::Ok, "{check:?}");
    }
    let interview = street.invites("ana@mail.example", 9).await;
    let letter = street.delivered("ana@mail.example", 1).await;
    let reply = letter.reply("ACCEPTED", "20301101T090000Z");
    let sent = street.office.send("ana@mail.example", INTERVIEWS, &reply);
    sent.unwrap();
    street
        .when(&interview, candidate_is(AttendeeState::Accepted))
        .await;

    // No token is taken any more, not even a fresh one, and the status says so.
    street.office.set_tokens(&[&ended]).unwrap();
    street.office.refuse_every_token().unwrap();
    let deadline = Deadline::here();
    loop {
        let status = street.dana.status().await.unwrap();
        if let Some(why) = status.mail.answers_error {
            let told = why.ends_with(": the server refused the access token");
            assert!(told, "{why}");
            break;
        }
        deadline.pause().await;
    }
    let log = street.world.read_log();
    for token in [&ended, &good] {
        let signature = token.text().rsplit('.').next().unwrap();
        assert!(!log.contains(&signature[..12]), "{log}");
    }
}

/// Case M14: a candidate's own email, delivered by real servers, is kept once, also across a kill,
/// and the shell shows it.
#[tokio::test]
async fn a_candidates_own_email_arrives_through_real_servers() {
    let Some(mut street) = Street::open().await else {
        return;
    };
    add_candidate(&street.dana, "Ana Lima", "ana@mail.example", "Designer")
        .await
        .unwrap();
    let ill = "From: Ana Lima <ana@mail.example>\nTo: interviews@acme.example\nSubject: Ill\nMessage-ID: <1@mail.example>\n\n\
               I am ill and cannot come tomorrow.\n";
    let sent = street.office.send("ana@mail.example", INTERVIEWS, ill);
    sent.unwrap();
    let heard = async |dana: &Client, many: u64| {
        let mut revision = 0;
        let deadline = Deadline::here();
        loop {
            deadline.check();
            let page = dana.mail_received(ReceivedQuery::default()).await.unwrap();
            if page.total >= many {
                return page;
            }
            let changes = dana.changes(revision, Duration::from_secs(5)).await;
            revision = changes.unwrap().revision;
        }
    };
    let page = heard(&street.dana, 1).await;
    assert_eq!(
        page.items[0].beginning,
        "I am ill and cannot come tomorrow."
    );
    street.world.kill_daemon();
    street.world.run_daemon().await.unwrap();
    street.dana = street.world.client().await.unwrap();
    let well = ill.replace("Ill", "Well").replace("1@", "2@");
    let sent = street.office.send("ana@mail.example", INTERVIEWS, &well);
    sent.unwrap();
    let page = heard(&street.dana, 2).await;
    let subjects: Vec<_> = page.items.iter().map(|it| it.subject.as_str()).collect();
    assert_eq!(subjects, ["Well", "Ill"]);
    let log = street.world.read_log();
    assert!(
        !log.contains("I am ill") && !log.contains("ana@mail.example"),
        "{log}"
    );
}

/// An interviewer's calendar declines, the reply arrives by IMAP, and the next of "any of" is
/// invited in their place.
#[tokio::test]
async fn a_decline_that_arrives_on_the_server_invites_the_next_of_any_of() {
    const SAM: &str = "sam@mail.example";
    const LENA: &str = "lena@mail.example";
    let Some(street) = Street::open().await else {
        return;
    };
    let dana = &street.dana;
    for (name, email) in [("Sam Ito", SAM), ("Lena Bauer", LENA)] {
        add_member(dana, name, email, &[Role::Interviewer])
            .await
            .unwrap();
    }
    let members = dana.member_list().await.unwrap().items.into_iter();
    let group = PanelGroup {
        rule: PanelRule::AnyOf,
        members: members
            .filter(|it| [SAM, LENA].contains(&it.email.as_str()))
            .map(|it| it.id)
            .collect(),
    };
    let stage = StageConfigure {
        job: Some("Designer".into()),
        stage: "Applied".into(),
        change: Some(StageInterviewChange {
            panel: Edit::Set(vec![group]),
            ..StageInterviewChange::default()
        }),
        ..StageConfigure::default()
    };
    dana.stage_configure(stage).await.unwrap();
    add_candidate(dana, "Ana Lima", "ana@mail.example", "Designer")
        .await
        .unwrap();
    let booking = InterviewNew {
        candidate: "ana@mail.example".into(),
        with: vec![SAM.into()],
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        start: "2030-12-02T09:00:00Z".into(),
        duration_minutes: Some(30),
        confirm: true,
        ..InterviewNew::default()
    };
    let booked = dana.interview_new(booking).await.unwrap().interview;
    let asked = street.delivered(SAM, 1).await;
    assert_eq!(asked.method(), Some("REQUEST"));
    let declines = asked.reply("DECLINED", "20301101T090000Z");
    street.office.send(SAM, INTERVIEWS, &declines).unwrap();

    let with = |email: &'static str| {
        move |it: &Interview| it.interviewers.iter().all(|it| it.email == email)
    };
    let replaced = street.when(&booked, with(LENA)).await;
    assert_eq!(replaced.start, booked.start);
    let change = replaced.changes.last().unwrap();
    assert_eq!(change.reason.as_deref(), Some("Sam Ito declined"));
    // The one is invited, and the other reads that it is off for them.
    let invited = street.delivered(LENA, 1).await;
    assert_eq!(invited.method(), Some("REQUEST"));
    let newest = street.delivered(SAM, 2).await;
    assert_eq!(newest.method(), Some("CANCEL"));
}
