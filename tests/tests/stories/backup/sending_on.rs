//! Stores of earlier versions with `[mail]` in the configuration: email goes on leaving as it did,
//! though a workspace may have settings of its own now.

use std::fs;

use greenroom_protocol::mail_settings::{MailLogIn, MailSource, MailTransport};
use greenroom_protocol::pipeline::CandidateEmailMany;
use greenroom_tests::mail_server::MailServer;
use greenroom_tests::wait::Deadline;

use crate::backup::upgrading::ALL;

const FROM: &str = "interviews@acme.example";
const AMA: &str = "ama.owusu@example.com";

#[tokio::test(flavor = "multi_thread")]
async fn email_of_earlier_versions_leaves_as_the_configuration_says() {
    for left in ALL {
        let server = MailServer::start().await.unwrap();
        let port = server.settings("robin").port;
        let mut world = left.upgraded().await;
        let password = world.directory().join("mail.password");
        fs::write(&password, "correct horse\n").unwrap();
        // As the README of 0.1.0 and of 0.2.0 said to write it.
        let config = format!(
            "\n[mail]\ntransport = \"smtp\"\nfrom = \"{FROM}\"\n[mail.smtp]\nurl = \"smtp://robin@127.0.0.1:{port}\"\n\
             password_file = \"{}\"\n",
            password.display()
        );
        world.reconfigure(&config, &[]).await.unwrap();
        let dana = world.client_as(left.member).await.unwrap();
        let set = dana.mail_settings().await.unwrap();
        assert_eq!(set.source, MailSource::Configuration, "{set:?}");
        assert_eq!(set.transport, MailTransport::Smtp);
        assert_eq!((set.from.as_deref(), set.account), (Some(FROM), None));
        assert_eq!(set.smtp_log_in, MailLogIn::Password);
        assert!(set.delivers && set.warning.is_none());
        assert_eq!(set.smtp.unwrap().port, port);

        let ama = CandidateEmailMany {
            candidates: vec![AMA.into()],
            subject: Some("A question".into()),
            text: Some("When could you start?".into()),
            ..CandidateEmailMany::default()
        };
        let sent = dana.candidate_email_many(ama).await.unwrap();
        assert_eq!(sent.changed, 1, "{sent:?}");
        let deadline = Deadline::here();
        let asks = |it: &greenroom_tests::post::Found| it.text.contains("When could you start?");
        let email = loop {
            deadline.check();
            let taken = server.taken_by(AMA).unwrap();
            if let Some(email) = taken.into_iter().find(asks) {
                break email;
            }
            tokio::time::sleep(std::time::Duration::from_millis(20)).await;
        };
        let raw = String::from_utf8(email.bytes).unwrap();
        let from = raw.lines().find(|line| line.starts_with("From: ")).unwrap();
        assert!(from.contains(FROM), "{from}");
        assert!(email.message_id.ends_with("@acme.example"), "{raw}");
        let log_in = "robin correct horse".to_owned();
        assert!(server.log_ins().iter().all(|it| *it == log_in));
        // Nothing was set for the workspace by that.
        let set = dana.mail_settings().await.unwrap();
        assert_eq!(set.source, MailSource::Configuration);
    }
}
