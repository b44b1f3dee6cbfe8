//! Mail by SMTP and IMAP with access tokens.

use anyhow::Result;
use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use greenroom_tests::post_office::Mailboxes;
use greenroom_tests::sandbox::{SmtpFault, Step};
use jiff::SignedDuration;

use super::app::{App, DANA, calendar, mail};
use crate::talk::{Talk, hand_in, logged_in, message, smtp, xoauth2};

const CANDIDATE: &str = "priya.nair@mail.example";

#[tokio::test]
async fn a_message_is_taken_from_who_logs_in_with_a_token_for_mail() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &mail()).await?;
    let mut talk = logged_in(&app.google.smtp_url(), DANA, &keys.access).await?;
    let text = message(DANA, CANDIDATE).replace("Hello", "..Hello");
    let said = hand_in(&mut talk, DANA, CANDIDATE, &text).await?;
    assert!(said.starts_with("250 2.0.0 OK"), "{said}");
    let sent = app.google.sent();
    assert_eq!(sent.len(), 1);
    assert_eq!(
        (sent[0].account.as_str(), &sent[0].to[..]),
        (DANA, &[CANDIDATE.to_owned()][..])
    );
    let taken = String::from_utf8_lossy(&sent[0].message);
    assert!(taken.ends_with("\r\n.Hello\r\n"), "{taken}");
    assert!(talk.ask("QUIT").await?.starts_with("221 "));
    Ok(())
}

#[tokio::test]
async fn a_token_that_opens_nothing_is_refused_in_two_steps() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &mail()).await?;
    let lesser = app.connect(DANA, &calendar()).await?;
    for (user, token) in [
        (DANA, "ya29.invented"),
        (DANA, lesser.access.as_str()),
        ("li@acme.example", keys.access.as_str()),
    ] {
        let mut talk = smtp(&app.google.smtp_url()).await?;
        let challenge = talk
            .ask(&format!("AUTH XOAUTH2 {}", xoauth2(user, token)))
            .await?;
        let json = STANDARD.decode(challenge.strip_prefix("334 ").unwrap())?;
        let json: serde_json::Value = serde_json::from_slice(&json)?;
        assert_eq!(json["status"], "400");
        assert_eq!(json["scope"], "https://mail.google.com/");
        let said = talk.ask("").await?;
        assert!(
            said.starts_with("535-5.7.8 Username and Password not accepted."),
            "{said}"
        );
        assert!(said.contains("?p=BadCredentials"), "{said}");
        let first = talk.ask("MAIL FROM:<dana@acme.example>").await?;
        assert!(
            first.starts_with("530-5.7.0 Authentication Required"),
            "{first}"
        );
    }
    Ok(())
}

#[tokio::test]
async fn passwords_a_dead_token_and_a_mailbox_switched_off_open_nothing() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &mail()).await?;
    let mut talk = smtp(&app.google.smtp_url()).await?;
    let plain = STANDARD.encode("\0dana.reyes@acme.example\0password");
    assert!(
        talk.ask(&format!("AUTH PLAIN {plain}"))
            .await?
            .starts_with("535-5.7.8")
    );
    assert!(talk.ask("AUTH CRAM-MD5").await?.starts_with("504 "));

    app.google.set_mail("acme.example", false)?;
    let auth = format!("AUTH XOAUTH2 {}", xoauth2(DANA, &keys.access));
    assert!(talk.ask(&auth).await?.starts_with("334 "));
    assert!(talk.ask("").await?.starts_with("535-"));
    app.google.set_mail("acme.example", true)?;
    app.google.advance(SignedDuration::from_hours(1));
    assert!(talk.ask(&auth).await?.starts_with("334 "));
    assert!(talk.ask("").await?.starts_with("535-"));
    Ok(())
}

#[tokio::test]
async fn google_puts_the_accounts_own_address_in_from_and_says_nothing() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &mail()).await?;
    let mut talk = logged_in(&app.google.smtp_url(), DANA, &keys.access).await?;
    let other = message("Interviews <interviews@acme.example>", CANDIDATE);
    hand_in(&mut talk, "interviews@acme.example", CANDIDATE, &other).await?;
    app.google.edit_account(DANA, |dana| {
        dana.aliases = vec!["interviews@acme.example".to_owned()]
    })?;
    hand_in(&mut talk, "interviews@acme.example", CANDIDATE, &other).await?;
    let sent = app.google.sent();
    let head = |at: usize| String::from_utf8_lossy(&sent[at].message).into_owned();
    assert!(
        head(0).contains("From: Dana Reyes <dana.reyes@acme.example>\r\n"),
        "{}",
        head(0)
    );
    assert!(head(0).contains("X-Google-Original-From: interviews@acme.example"));
    assert!(
        head(1).contains("From: Interviews <interviews@acme.example>\r\n"),
        "{}",
        head(1)
    );
    Ok(())
}

#[tokio::test]
async fn what_goes_wrong_in_a_conversation_goes_wrong_once() -> Result<()> {
    let app = App::start().await?;
    let keys = app.connect(DANA, &mail()).await?;
    let busy = SmtpFault {
        step: Step::Data,
        line: Some("421 4.7.0 Try again later, closing connection.".to_owned()),
        taken: false,
    };
    app.google.smtp_fault(busy);
    app.google.smtp_fault(SmtpFault {
        step: Step::Data,
        line: None,
        taken: true,
    });
    let text = message(DANA, CANDIDATE);
    let url = app.google.smtp_url();
    let mut talk = logged_in(&url, DANA, &keys.access).await?;
    assert!(
        hand_in(&mut talk, DANA, CANDIDATE, &text)
            .await?
            .starts_with("421 ")
    );
    assert!(app.google.sent().is_empty());
    assert!(hand_in(&mut talk, DANA, CANDIDATE, &text).await.is_err());
    assert_eq!(
        app.google.sent().len(),
        1,
        "it was taken, and its answer lost"
    );
    let mut talk = logged_in(&url, DANA, &keys.access).await?;
    assert!(
        hand_in(&mut talk, DANA, CANDIDATE, &text)
            .await?
            .starts_with("250 ")
    );
    Ok(())
}

#[tokio::test]
async fn dovecot_opens_a_mailbox_to_a_token_of_the_sandbox_and_to_no_other() -> Result<()> {
    if !Mailboxes::are_there() {
        return Ok(());
    }
    let app = App::start().await?;
    let keys = app.connect(DANA, &mail()).await?;
    let lesser = app.connect(DANA, &calendar()).await?;
    let directory = tempfile::tempdir()?;
    let at = directory.path().to_owned();
    let asks = app.google.mail_login_url();
    let mailboxes = tokio::task::spawn_blocking(move || Mailboxes::open(&at, &asks)).await??;
    mailboxes.deliver(DANA, message(CANDIDATE, DANA).as_bytes())?;

    let mut imap = Talk::with(&mailboxes.imap_url()).await?;
    let greeting = imap.line().await?;
    assert!(greeting.contains("AUTH=XOAUTH2"), "{greeting}");
    imap.say(&format!(
        "a AUTHENTICATE XOAUTH2 {}",
        xoauth2(DANA, &lesser.access)
    ))
    .await?;
    let mut said = imap.line().await?;
    if said.starts_with("+ ") {
        imap.say("").await?;
        said = imap.line().await?;
    }
    assert!(said.starts_with("a NO "), "{said}");

    let mut imap = Talk::with(&mailboxes.imap_url()).await?;
    imap.line().await?;
    imap.say(&format!(
        "a AUTHENTICATE XOAUTH2 {}",
        xoauth2(DANA, &keys.access)
    ))
    .await?;
    let said = imap.line().await?;
    assert!(
        said.contains("a OK ") || said.starts_with("* CAPABILITY"),
        "{said}"
    );
    imap.say("b SELECT INBOX").await?;
    let exists = loop {
        let line = imap.line().await?;
        if line.ends_with(" EXISTS") {
            break line;
        }
    };
    assert_eq!(exists, "* 1 EXISTS");
    Ok(())
}
