//! What goes wrong as email leaves and comes in by a connected account: what a person reads, what is
//! tried again and when, and that nothing leaves twice.

use std::collections::BTreeMap;

use greenroom_protocol::account::{AccountProvider, Purpose};
use greenroom_protocol::interview::{AttendeeState, Interview, InterviewNew, MeetingType};
use greenroom_protocol::mail::{Mail, MailQuery, MailState};
use greenroom_protocol::mail_settings::{MailConfigure, MailTransport};
use greenroom_protocol::received::ReceivedQuery;
use greenroom_protocol::workspace::Reference;
use greenroom_tests::harness::{add_candidate, add_job};
use greenroom_tests::post::Found;
use greenroom_tests::post_office::Mailboxes;
use greenroom_tests::sandbox::{Canned, Often, Sent, SmtpFault, Step, microsoft};
use greenroom_tests::wait::Deadline;
use serde_json::json;

use super::fixture::{Fixture, Google, INTERVIEWS, Microsoft, Of};

const ANA: &str = "ana.lima@mail.example";

/// More than all tries of the two emails of an interview, one after the other.
const ENOUGH: usize = 12;

impl Fixture {
    /// The workspace's email goes by its own account, and Ana has applied.
    async fn mails(&self, provider: AccountProvider, transport: Option<MailTransport>) {
        self.connect_for(provider, Of::Workspace, &[Purpose::Mail])
            .await
            .connected();
        let account = MailConfigure {
            account: Some(format!("{}:{INTERVIEWS}", provider.word())),
            transport,
            ..MailConfigure::default()
        };
        self.dana.mail_configure(account).await.unwrap();
        add_job(&self.dana, "Designer").await.unwrap();
        add_candidate(&self.dana, "Ana Lima", ANA, "Designer")
            .await
            .unwrap();
    }

    /// A telephone interview, whose two invitations have been tried once.
    async fn invites(&self, number: usize) -> Interview {
        let interview = InterviewNew {
            candidate: ANA.into(),
            kind: MeetingType::Phone,
            details: Some("+49 30 5550 1234".into()),
            start: format!("2026-12-{:02}T10:00:00Z", 4 + number),
            duration_minutes: Some(30),
            confirm: true,
            ..InterviewNew::default()
        };
        let booked = self.dana.interview_new(interview).await.unwrap();
        self.seconds_pass(10);
        self.daemon.rests().await.unwrap();
        booked.interview
    }

    async fn emails(&self, interview: &Interview, past: bool) -> Vec<Mail> {
        let query = MailQuery {
            interview: Some(interview.id.to_string()),
            past,
            ..MailQuery::default()
        };
        self.dana.mail_list(query).await.unwrap().items
    }

    /// Both wait, and say why in these words.
    async fn both_wait(&self, interview: &Interview, words: &[&str]) {
        let waiting = self.emails(interview, false).await;
        assert_eq!(waiting.len(), 2, "{words:?}: {waiting:?}");
        for email in waiting {
            let reason = email.reason.unwrap_or_default();
            assert!(
                words.iter().all(|it| reason.contains(it)),
                "{words:?}: {reason}"
            );
            let stays = matches!(email.state, MailState::Waiting | MailState::Sending);
            assert!(stays, "{words:?}: {:?}", email.state);
        }
    }

    /// Time passes until both have left.
    async fn both_leave(&self, interview: &Interview) {
        let deadline = Deadline::new("both emails leave");
        while !self.emails(interview, false).await.is_empty() {
            deadline.check();
            let next = self.daemon.rests().await.unwrap();
            let now = self.daemon.now();
            let wait = next.expect("an email waits").since(now).as_secs();
            self.seconds_pass(wait.max(1));
            self.daemon.rests().await.unwrap();
        }
        let past = self.emails(interview, true).await;
        let sent: Vec<_> = past.iter().map(|it| it.state).collect();
        assert_eq!(sent, [MailState::Sent, MailState::Sent], "{past:?}");
    }

    /// How often each email of the interview was taken, by whom it goes to and its Message-ID.
    async fn taken(&self, interview: &Interview, sent: Vec<Sent>) -> BTreeMap<String, usize> {
        let mut times = BTreeMap::new();
        for email in self.emails(interview, true).await {
            let of_email =
                |it: &&Sent| String::from_utf8_lossy(&it.message).contains(&email.message_id);
            let copies = sent.iter().filter(of_email).count();
            times.insert(email.address, copies);
        }
        times
    }

    /// Each of the interview's two emails was taken so often.
    async fn were_taken(&self, interview: &Interview, sent: Vec<Sent>, times: usize, why: &str) {
        let taken = self.taken(interview, sent).await;
        assert_eq!(taken.len(), 2, "{why}: {taken:?}");
        assert!(taken.values().all(|it| *it == times), "{why}: {taken:?}");
    }
}

fn fault(step: Step, line: &str) -> SmtpFault {
    SmtpFault {
        step,
        line: Some(line.to_owned()),
        taken: false,
    }
}

/// What Gmail says, and what a person reads of it.
const GMAIL: [(Step, &str, &[&str]); 5] = [
    (
        Step::Auth,
        "535-5.7.8 Username and Password not accepted. For more information, go to\r\n535 5.7.8  \
         https://support.google.com/mail/?p=BadCredentials x - gsmtp",
        &["the server refused the access token"],
    ),
    (
        Step::Auth,
        "534 5.7.14 <https://accounts.google.com/signin/continue> Please log in via your web \
         browser and then try again. x - gsmtp",
        &["Google asks a person to sign in first", "mail.google.com"],
    ),
    (
        Step::Auth,
        "454 4.7.0 Temporary authentication failure x - gsmtp",
        &["at the moment"],
    ),
    (
        Step::Data,
        "550-5.4.5 Daily user sending limit exceeded. For more information on Gmail\r\n550-5.4.5 \
         sending limits go to\r\n550 5.4.5  https://support.google.com/a/answer/166852 x - gsmtp",
        &[INTERVIEWS, "has sent as much as its mail system allows"],
    ),
    (
        Step::Data,
        "421 4.7.0 Try again later, closing connection. x - gsmtp",
        &["Try again later"],
    ),
];

#[tokio::test]
async fn what_gmail_refuses_for_now_is_told_and_leaves_once_when_it_takes_it() {
    let office = Fixture::open().await;
    office.mails(Google, None).await;
    for (number, (step, line, words)) in GMAIL.into_iter().enumerate() {
        for _ in 0..ENOUGH {
            office.google.smtp_fault(fault(step, line));
        }
        let interview = office.invites(number).await;
        office.both_wait(&interview, words).await;
        office.google.clear_faults();
        office.both_leave(&interview).await;
        let sent = office.google.sent();
        office.were_taken(&interview, sent, 1, line).await;
    }
    let account = office.account(Google, Of::Workspace).await;
    assert_eq!(account.reason, None, "none of it is the grant's");
}

/// Gmail cannot be asked what it has sent, and readers can tell an email that comes twice.
#[tokio::test]
async fn an_email_that_gmail_may_have_taken_is_said_to_be_and_goes_again_as_the_same() {
    let office = Fixture::open().await;
    office.mails(Google, None).await;
    for _ in 0..2 {
        office.google.smtp_fault(SmtpFault {
            step: Step::Data,
            line: None,
            taken: true,
        });
    }
    let interview = office.invites(0).await;
    let words = ["it may have left", "under the same Message-ID"];
    office.both_wait(&interview, &words).await;
    office.both_leave(&interview).await;
    let sent = office.google.sent();
    office
        .were_taken(&interview, sent, 2, "once more each")
        .await;
}

/// What Exchange says, and what a person reads of it.
const EXCHANGE: [(Step, &str, &[&str]); 5] = [
    (
        Step::Auth,
        "535 5.7.139 Authentication unsuccessful, user is locked by your organization's security \
         defaults policy. Contact your administrator.",
        &["with security defaults, SMTP stays off", "Microsoft Graph"],
    ),
    (
        Step::Auth,
        "535 5.7.139 Authentication unsuccessful, the request did not meet the criteria to be \
         authenticated successfully. Contact your administrator.",
        &["an Entra administrator finds the rule"],
    ),
    (
        Step::Auth,
        "535 5.7.3 Authentication unsuccessful",
        &["reconnect Microsoft with every permission", INTERVIEWS],
    ),
    (
        Step::Data,
        "432 4.3.2 STOREDRV.ClientSubmit; sender thread limit exceeded",
        &["sender thread limit exceeded"],
    ),
    (
        Step::Data,
        "554 5.2.252 SendAsDenied; interviews@acme.example not allowed to send as hr@acme.example",
        &[INTERVIEWS, "may not send from that address", "Send As"],
    ),
];

#[tokio::test]
async fn what_exchange_refuses_names_the_switch_and_leaves_once_when_it_is_set() {
    let office = Fixture::open().await;
    office.mails(Microsoft, None).await;
    for (number, (step, line, words)) in EXCHANGE.into_iter().enumerate() {
        for _ in 0..ENOUGH {
            office.microsoft.smtp_fault(fault(step, line));
        }
        let interview = office.invites(number).await;
        office.both_wait(&interview, words).await;
        office.microsoft.clear_faults();
        office.both_leave(&interview).await;
        let sent = office.microsoft.sent();
        office.were_taken(&interview, sent, 1, line).await;
    }
    let off = |on| {
        let switch = |tenant: &mut microsoft::Tenant| tenant.smtp = on;
        office.microsoft.edit_tenant(microsoft::TENANT, switch)
    };
    off(false).unwrap();
    let interview = office.invites(EXCHANGE.len()).await;
    let words = [
        "switched off for the whole organization",
        "Set-CASMailbox -Identity interviews@acme.example",
    ];
    office.both_wait(&interview, &words).await;
    off(true).unwrap();
    office.both_leave(&interview).await;
    let sent = office.microsoft.sent();
    office.were_taken(&interview, sent, 1, "switched on").await;
}

/// Graph's own answer in these words, to be asked again after so many seconds.
fn graph_says(status: u16, code: &str, wait: Option<u32>) -> microsoft::FaultKind {
    let headers = wait.map(|wait| ("retry-after".to_owned(), wait.to_string()));
    microsoft::FaultKind::Answer(Canned::Json {
        status,
        body: json!({ "error": { "code": code, "message": "no", "innerError": {} } }),
        headers: headers.into_iter().collect(),
    })
}

fn always(kind: microsoft::FaultKind) -> microsoft::Fault {
    microsoft::Fault::once(microsoft::Endpoint::SendMail, kind).often(Often::Always)
}

#[tokio::test]
async fn graph_is_asked_again_when_it_says_and_each_email_leaves_once() {
    let office = Fixture::open().await;
    office.mails(Microsoft, Some(MailTransport::Graph)).await;
    let asked = |office: &Fixture| {
        let counted = office.microsoft.counters();
        counted.of(microsoft::Endpoint::SendMail)
    };
    let limited = "Microsoft limits how often it may be asked";
    for (number, (kind, wait, words)) in [
        (
            graph_says(429, "ApplicationThrottled", Some(40)),
            40,
            limited,
        ),
        (
            graph_says(503, "serviceNotAvailable", Some(25)),
            25,
            limited,
        ),
        // Without a time, a minute.
        (graph_says(429, "TooManyRequests", None), 60, limited),
        (
            graph_says(403, "ErrorSendAsDenied", None),
            0,
            "may not send from that address",
        ),
        (
            graph_says(403, "ErrorAccessDenied", None),
            0,
            "reconnect Microsoft with every permission",
        ),
    ]
    .into_iter()
    .enumerate()
    {
        office.microsoft.fault(always(kind));
        let interview = office.invites(number).await;
        office.both_wait(&interview, &[words]).await;
        office.microsoft.clear_faults();
        let before = asked(&office);
        if wait > 0 {
            office.seconds_pass(wait - 2);
            office.daemon.rests().await.unwrap();
            assert_eq!(asked(&office), before, "{number}: asked too soon");
        }
        office.both_leave(&interview).await;
        let sent = office.microsoft.sent();
        office.were_taken(&interview, sent, 1, words).await;
    }
}

#[tokio::test]
async fn what_graph_may_have_taken_is_looked_for_and_leaves_once() {
    let office = Fixture::open().await;
    office.mails(Microsoft, Some(MailTransport::Graph)).await;
    for (number, kind) in [
        microsoft::FaultKind::LostAfter,
        microsoft::FaultKind::LostBefore,
        microsoft::FaultKind::Answer(Canned::Html { status: 503 }),
        graph_says(500, "ErrorInternalServerError", None),
    ]
    .into_iter()
    .enumerate()
    {
        let name = format!("{kind:?}");
        office.microsoft.fault(always(kind));
        let interview = office.invites(number).await;
        office.both_wait(&interview, &["it may have left"]).await;
        office.microsoft.clear_faults();
        office.both_leave(&interview).await;
        let sent = office.microsoft.sent();
        office.were_taken(&interview, sent, 1, &name).await;
    }
}

/// Gmail's email is read at a Dovecot that asks Google whose token it was given.
#[tokio::test]
async fn replies_come_in_by_the_workspaces_google_account_and_a_dead_one_loses_none() {
    if !Mailboxes::are_there() {
        return;
    }
    let directory = tempfile::tempdir().unwrap();
    let mut opened = None;
    let office = Fixture::reading(
        Default::default(),
        Default::default(),
        "maildir",
        |google| {
            let asks = google.mail_login_url();
            let mailboxes = Mailboxes::open(directory.path(), &asks).unwrap();
            opened.insert(mailboxes).imap_url()
        },
    )
    .await;
    let mailboxes = opened.unwrap();
    office.mails(Google, None).await;
    let interview = office.invites(0).await;
    let sent = office.google.sent().into_iter();
    let to_ana = sent.filter(|it| it.to.iter().any(|to| to == ANA));
    let to_ana: Vec<_> = to_ana.collect();
    let letter = Found::read("1".into(), to_ana[0].message.clone()).unwrap();
    let answers = |partstat: &str, stamp: &str| {
        let reply = letter.reply(partstat, stamp).replace('\n', "\r\n");
        mailboxes.deliver(INTERVIEWS, reply.as_bytes()).unwrap();
    };
    let ana_is = async |state: AttendeeState| {
        let shown = office
            .dana
            .interview_get(Reference::to(interview.id.to_string()));
        assert_eq!(shown.await.unwrap().attendees[0].state, state);
    };

    answers("TENTATIVE", "20261130T090100Z");
    office.daemon.hears_answers().await.unwrap();
    ana_is(AttendeeState::Tentative).await;
    // The token ends, and another is made.
    let renewals = office.google.counters().refreshes;
    office.seconds_pass(2 * 60 * 60);
    answers("ACCEPTED", "20261130T100100Z");
    office.daemon.hears_answers().await.unwrap();
    ana_is(AttendeeState::Accepted).await;
    assert_eq!(office.google.counters().refreshes, renewals + 1);

    // Google takes no token for a while: what came in waits there.
    office.google.set_mail("acme.example", false).unwrap();
    let own = format!(
        "From: {ANA}\r\nTo: {INTERVIEWS}\r\nSubject: My portfolio\r\nMessage-ID: \
         <own@mail.example>\r\n\r\nHere it is.\r\n"
    );
    mailboxes.deliver(INTERVIEWS, own.as_bytes()).unwrap();
    let why = office.daemon.hears_answers().await.unwrap_err().to_string();
    assert!(why.starts_with("Couldn't log in to"), "{why}");
    let told = office.dana.status().await.unwrap().mail.answers_error;
    assert_eq!(told.as_deref(), Some(why.as_str()));
    office.google.set_mail("acme.example", true).unwrap();

    // The grant dies meanwhile, and is made again.
    office.google.change_password(INTERVIEWS).unwrap();
    office.seconds_pass(2 * 60 * 60);
    let why = office.daemon.hears_answers().await.unwrap_err().to_string();
    assert!(why.contains("Google must be reconnected"), "{why}");
    office
        .connect_for(Google, Of::Workspace, &[Purpose::Mail])
        .await
        .connected();
    for _ in 0..2 {
        office.daemon.hears_answers().await.unwrap();
    }
    let received = office.dana.mail_received(ReceivedQuery::default()).await;
    let received = received.unwrap().items.into_iter();
    let portfolios = received.filter(|it| it.subject == "My portfolio");
    assert_eq!(portfolios.count(), 1);
    let told = office.dana.status().await.unwrap().mail.answers_error;
    assert_eq!(told, None);
    ana_is(AttendeeState::Accepted).await;
}
