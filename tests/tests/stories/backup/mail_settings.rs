//! A workspace's email settings in a backup: they come back with the password that belongs to them.

use greenroom_protocol::interview::{InterviewNew, MeetingType};
use greenroom_protocol::mail_settings::{MailConfigure, MailSource};
use greenroom_protocol::secret::Opaque;
use greenroom_tests::mail_server::MailServer;
use greenroom_tests::test_daemon::{OWNER, Story, TestDaemon};

const ANA: &str = "ana.lima@mail.example";
const FROM: &str = "jobs@acme.example";

#[tokio::test]
async fn restored_settings_send_with_the_password_of_their_moment() {
    let builder = TestDaemon::builder().job("Designer");
    let builder = builder.candidate("Ana Lima", ANA, "Designer");
    let mut story = builder.open().await.unwrap();
    let server = MailServer::start().await.unwrap();
    let settings = |from: &str, password: &str| MailConfigure {
        from: Some(from.into()),
        smtp: Some(server.settings("robin")),
        smtp_password: Some(Opaque::new(password)),
        ..MailConfigure::default()
    };
    let first = settings(FROM, "correct horse");
    story.dana.mail_configure(first).await.unwrap();
    let backup = story.daemon.take_backup(&story.dana).await.unwrap();
    let second = settings("people@beta.example", "battery staple");
    let set = story.dana.mail_configure(second).await.unwrap();
    assert_eq!(set.from.as_deref(), Some("people@beta.example"));

    let Story { daemon, dana } = &mut story;
    daemon.restore(dana, &backup).await.unwrap();
    *dana = daemon.client(OWNER).await.unwrap();
    daemon.rests().await.unwrap();
    let set = dana.mail_settings().await.unwrap();
    assert_eq!(set.source, MailSource::Workspace);
    assert_eq!(set.from.as_deref(), Some(FROM));
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
    daemon.seconds_pass(10);
    daemon.rests().await.unwrap();
    let taken = server.taken_by(ANA).unwrap();
    assert_eq!(taken.len(), 1);
    assert!(taken[0].message_id.ends_with("@acme.example"));
    let log_ins = server.log_ins();
    assert!(!log_ins.is_empty());
    assert!(
        log_ins.iter().all(|it| it == "robin correct horse"),
        "{log_ins:?}"
    );
}
