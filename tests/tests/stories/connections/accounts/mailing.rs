//! Email that leaves by a connected account, set up over the socket.

use greenroom_protocol::account::Purpose;
use greenroom_protocol::interview::{InterviewNew, MeetingType};
use greenroom_protocol::mail_settings::{
    MailConfigure, MailLogIn, MailSecurity, MailServer, MailTestQuery, MailTestStep, MailTransport,
};
use greenroom_protocol::status::CheckResult;
use greenroom_tests::harness::{add_candidate, add_job};
use greenroom_tests::wait::Deadline;

use super::fixture::{Fixture, Google, INTERVIEWS, Microsoft, Of};

const ANA: &str = "ana.lima@mail.example";

async fn invites(office: &Fixture) {
    let dana = &office.dana;
    add_job(dana, "Designer").await.unwrap();
    add_candidate(dana, "Ana Lima", ANA, "Designer")
        .await
        .unwrap();
    let interview = InterviewNew {
        candidate: ANA.into(),
        kind: MeetingType::Phone,
        details: Some("+49 30 5550 1234".into()),
        start: "2026-12-04T10:00:00Z".into(),
        duration_minutes: Some(30),
        confirm: true,
        ..InterviewNew::default()
    };
    dana.interview_new(interview).await.unwrap();
    office.seconds_pass(10);
    office.daemon.rests().await.unwrap();
}

#[tokio::test]
async fn invitations_leave_by_the_workspaces_google_account_and_by_no_server_of_an_admin() {
    let office = Fixture::open().await;
    let connected = office.connect_for(Google, Of::Workspace, &[Purpose::Mail]);
    connected.await.connected();
    let account = MailConfigure {
        account: Some(format!("google:{INTERVIEWS}")),
        ..MailConfigure::default()
    };
    let set = office.dana.mail_configure(account).await.unwrap();
    assert_eq!(set.from.as_deref(), Some(INTERVIEWS));
    assert_eq!(set.smtp_log_in, MailLogIn::Account(Google));
    assert!(set.delivers);
    let theirs = MailConfigure {
        smtp: Some(MailServer {
            host: "127.0.0.1".into(),
            port: 25,
            security: MailSecurity::Plain,
            user: None,
        }),
        ..MailConfigure::default()
    };
    let refused = office.dana.mail_configure(theirs).await.unwrap_err();
    assert_eq!(refused.field.as_deref(), Some("smtp"));

    invites(&office).await;
    let sent = office.google.sent();
    let to_ana = sent.iter().filter(|it| it.to.iter().any(|to| to == ANA));
    assert_eq!(to_ana.count(), 1, "{sent:?}");
}

#[tokio::test]
async fn a_test_by_microsoft_graph_sends_an_email_and_finds_it_again() {
    let office = Fixture::open().await;
    let connected = office.connect_for(Microsoft, Of::Workspace, &[Purpose::Mail]);
    connected.await.connected();
    let graph = |dry_run| MailConfigure {
        account: Some(format!("microsoft:{INTERVIEWS}")),
        transport: Some(MailTransport::Graph),
        dry_run,
        ..MailConfigure::default()
    };
    let would_be = office.dana.mail_configure(graph(true)).await.unwrap();
    assert!(would_be.delivers && would_be.smtp.is_none());
    let set = office.dana.mail_configure(graph(false)).await.unwrap();
    assert_eq!(set.transport, MailTransport::Graph);

    let query = |start| MailTestQuery {
        start,
        dry_run: false,
    };
    office.dana.mail_test(query(true)).await.unwrap();
    let deadline = Deadline::new("the test email leaves");
    while office.microsoft.sent().is_empty() {
        deadline.check();
        office.daemon.rests().await.unwrap();
    }
    // Exchange brings a sandbox's email to nobody.
    let message = office.microsoft.sent().remove(0).message;
    office.microsoft.deliver(INTERVIEWS, &message).unwrap();
    let deadline = Deadline::new("the test is over");
    let test = loop {
        deadline.check();
        office.seconds_pass(5);
        office.daemon.rests().await.unwrap();
        let test = office.dana.mail_test(query(false)).await.unwrap();
        if !test.running {
            break test;
        }
    };
    assert_eq!(test.result, Some(CheckResult::Ok), "{test:?}");
    let last = test.steps.last().map(|it| it.step);
    assert_eq!(last, Some(MailTestStep::Read), "{test:?}");
}
