use Act::{Flood, Hear, HearMessage, Say, Wait};

use super::*;
use crate::mail::log_in::Protocol;
use crate::mail::wire::peer::{
    Act, PASSWORD, Story, by_password, by_token, first_words, holds_the_password, peer,
};

const GREETING: Act = Say("220 mx.example ESMTP\r\n");
const OFFERS: Act = Say("250-mx.example\r\n250-8BITMIME\r\n250 AUTH PLAIN LOGIN\r\n");

/// A message handed to a server that does these.
async fn handed(acts: Vec<Act>, privacy: Privacy) -> (Handed, Story) {
    handed_by(by_password(Protocol::Smtp), acts, privacy).await
}

async fn handed_by(log_in: LogIn, acts: Vec<Act>, privacy: Privacy) -> (Handed, Story) {
    let (server, story) = peer(acts, privacy).await;
    let smtp = Smtp::new(server, log_in, "mx1.acme.example".to_owned());
    let message = Message {
        name: "x".to_owned(),
        from: "interviews@acme.example".to_owned(),
        to: "ana@mail.example".to_owned(),
        bytes: b"Subject: x\r\n\r\nHello\r\n".to_vec(),
    };
    let handed = smtp.send(&message).await;
    (handed, story.await.expect("a story"))
}

fn logged_in() -> Vec<Act> {
    vec![GREETING, Hear, OFFERS, Hear, Say("235 welcome\r\n")]
}

fn then(mut before: Vec<Act>, after: &[Act]) -> Vec<Act> {
    before.extend_from_slice(after);
    before
}

/// Case R7: a line that never ends, and an answer that never does, wherever one is waited for.
#[tokio::test]
async fn no_server_is_listened_to_for_ever() {
    const LINE: Act = Flood("x");
    const ANSWER: Act = Flood("250-x\r\n");
    let to_recipient = [Hear, Say("250 ok\r\n"), Hear];
    let to_message = [
        Hear,
        Say("250 ok\r\n"),
        Hear,
        Say("250 ok\r\n"),
        Hear,
        Say("354 go on\r\n"),
        HearMessage,
    ];
    for flood in [LINE, ANSWER] {
        for (acts, privacy) in [
            (vec![flood.clone()], Privacy::Plain),
            (vec![GREETING, Hear, flood.clone()], Privacy::Plain),
            (
                vec![GREETING, Hear, OFFERS, Hear, flood.clone()],
                Privacy::Plain,
            ),
            (
                then(
                    then(logged_in(), &to_recipient),
                    std::slice::from_ref(&flood),
                ),
                Privacy::Plain,
            ),
            (vec![flood.clone()], Privacy::StartTls),
            (vec![GREETING, Hear, flood.clone()], Privacy::StartTls),
            (
                vec![GREETING, Hear, Say("250 STARTTLS\r\n"), Hear, flood.clone()],
                Privacy::StartTls,
            ),
            (vec![flood.clone()], Privacy::Tls),
        ] {
            let told = format!("{acts:?} {privacy:?}");
            let (handed, story) = handed(acts, privacy).await;
            let Handed::NotTaken(why) = handed else {
                panic!("{told}: {handed:?}")
            };
            assert!(why.len() < 300, "{told}: {why}");
            // What was read, and what the system holds on the way.
            assert!(story.flooded < 32 << 20, "{told}: {} bytes", story.flooded);
        }
        let acts = then(then(logged_in(), &to_message), &[flood]);
        let (handed, story) = handed(acts, Privacy::Plain).await;
        // It may have been taken before that.
        assert!(matches!(handed, Handed::Unknown(_)), "{handed:?}");
        assert!(story.flooded < 32 << 20, "{} bytes", story.flooded);
    }
}

/// Case M11: each in a sentence that says what to do, without a word of the library's.
#[tokio::test]
async fn why_a_server_does_not_serve_is_told_plainly() {
    let refusing = |words: &'static str| vec![GREETING, Hear, OFFERS, Hear, Say(words), Hear];
    for (acts, privacy, expected) in [
        (
            refusing("535 5.7.8 Error: authentication failed\r\n"),
            Privacy::Plain,
            "log in to {}: the server refused the password",
        ),
        (
            refusing("550 Authentication failed\r\n"),
            Privacy::Plain,
            "log in to {}: the server refused the password",
        ),
        (
            refusing("534 5.7.9 Application-specific password required\r\n"),
            Privacy::Plain,
            "log in to {}: the server refused the password: it asks for an app password, made in the account's security settings",
        ),
        (
            refusing(
                "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Tenant\r\n",
            ),
            Privacy::Plain,
            "log in to {}: SMTP is switched off for the whole organization at Microsoft",
        ),
        (
            refusing("454 4.7.0 Temporary authentication failure\r\n"),
            Privacy::Plain,
            "log in to {}: the server cannot check passwords at the moment",
        ),
        (
            vec![GREETING, Hear, Say("250 mx.example\r\n"), Wait],
            Privacy::Plain,
            "log in to {}: the server offers no log-in by password (PLAIN or LOGIN)",
        ),
        (
            vec![GREETING, Hear, Say("250 mx.example\r\n"), Wait],
            Privacy::StartTls,
            "start TLS with {}: the server does not offer TLS there; check the scheme and the port",
        ),
        (
            vec![GREETING, Wait],
            Privacy::Tls,
            "connect to {}: the server does not offer TLS there; check the scheme and the port",
        ),
        (
            vec![Say("HTTP/1.1 400 Bad Request\r\n\r\n"), Wait],
            Privacy::Plain,
            "connect to {}: the answer could not be understood; it may not be a mail server",
        ),
        (
            vec![],
            Privacy::Plain,
            "connect to {}: the server closed the connection",
        ),
        (
            vec![GREETING, Hear],
            Privacy::StartTls,
            "start TLS with {}: the server closed the connection",
        ),
        (
            vec![Say("554 5.7.1 no service for you\r\n"), Wait],
            Privacy::Plain,
            "connect to {}: 554 5.7.1 no service for you",
        ),
    ] {
        let (server, _story) = peer(acts, privacy).await;
        let smtp = Smtp::new(
            server,
            by_password(Protocol::Smtp),
            "mx1.acme.example".to_owned(),
        );
        let refused = smtp.check().await.expect_err(expected);
        assert_eq!(
            refused.message(),
            format!("Couldn't {}", expected.replace("{}", &smtp.name()))
        );
    }
    let nowhere = Server {
        host: "127.0.0.1".to_owned(),
        port: 1,
        user: None,
        privacy: Privacy::Plain,
    };
    let refused = Smtp::new(
        nowhere.clone(),
        by_password(Protocol::Smtp),
        "x.example".to_owned(),
    )
    .check()
    .await;
    let expected =
        "Couldn't connect to 127.0.0.1:1: nothing accepts connections there; check host and port";
    assert_eq!(
        refused.map_err(|why| why.to_string()),
        Err(expected.to_owned())
    );
    let unknown = Server {
        host: "nobody.invalid".to_owned(),
        ..nowhere
    };
    let refused = Smtp::new(unknown, by_password(Protocol::Smtp), "x.example".to_owned())
        .check()
        .await
        .expect_err("no name");
    assert!(
        refused
            .message()
            .contains("no server of that name was found"),
        "{refused}"
    );
}

/// Case R6: a server that repeats what it was sent.
#[tokio::test]
async fn nothing_a_server_repeats_is_kept() {
    let echoes = [
        vec![
            GREETING,
            Hear,
            OFFERS,
            Hear,
            Say("535 you said {line}\r\n"),
            Hear,
        ],
        vec![
            GREETING,
            Hear,
            Say("250 AUTH LOGIN\r\n"),
            Hear,
            Say("334 VXNlcm5hbWU6\r\n"),
            Hear,
            Say("334 UGFzc3dvcmQ6\r\n"),
            Hear,
            Say("535-you said\r\n535 {line}\r\n"),
            Hear,
        ],
        // Later, of what it remembers.
        then(
            logged_in(),
            &[
                Hear,
                Say("250 ok\r\n"),
                Hear,
                Say("550 5.1.1 correct-horse-battery knows no such user\r\n"),
                Hear,
            ],
        ),
        then(
            logged_in(),
            &[
                Hear,
                Say("451 4.7.1 Y29ycmVjdC1ob3JzZS1iYXR0ZXJ5 later\r\n"),
                Hear,
            ],
        ),
        then(
            logged_in(),
            &[
                Hear,
                Say("451-4.7.1 AHJvYmluAGNvcnJlY3Qt\r\n451 4.7.1 aG9yc2UtYmF0dGVyeQ==\r\n"),
                Hear,
            ],
        ),
        // The next time, before anything was said.
        vec![Say("554 {line} correct-horse-battery\r\n"), Wait],
    ];
    for acts in echoes {
        let told = format!("{acts:?}");
        let (handed, _) = handed(acts, Privacy::Plain).await;
        let kept = format!("{handed:?}");
        assert!(!holds_the_password(&kept), "{told}: {kept}");
        assert!(!kept.contains(PASSWORD), "{told}: {kept}");
    }
}

/// Case M2, and what is refused for whose sake (case M6).
#[tokio::test]
async fn a_server_is_told_a_name_and_its_refusals_are_told_apart() {
    let to_recipient = |words: &'static str| {
        then(
            logged_in(),
            &[Hear, Say("250 ok\r\n"), Hear, Say(words), Hear],
        )
    };
    for (words, address) in [
        ("550 5.1.1 no such user\r\n", true),
        (
            "554 5.7.1 <ana@mail.example>: Relay access denied\r\n",
            false,
        ),
        ("550 5.7.1 Client host blocked using a list\r\n", false),
    ] {
        let (handed, story) = handed(to_recipient(words), Privacy::Plain).await;
        assert_eq!(story.heard[0], "EHLO mx1.acme.example");
        let why = words.trim_end().to_owned();
        assert_eq!(handed, Handed::Refused { why, address });
    }
}

const OFFERS_TOKENS: Act =
    Say("250-mx.example\r\n250-8BITMIME\r\n250 AUTH LOGIN PLAIN XOAUTH2\r\n");

/// What Google says of a token it does not take, before its code.
const CHALLENGE_WORDS: Act = Say(
    "334 eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJodHRwczovL21haWwuZ29vZ2xlLmNvbS8ifQ==\r\n",
);

#[tokio::test]
async fn a_token_is_said_in_one_line_and_a_message_is_handed_over() {
    let acts = vec![
        GREETING,
        Hear,
        OFFERS_TOKENS,
        Hear,
        Say("235 2.7.0 Accepted\r\n"),
        Hear,
        Say("250 ok\r\n"),
        Hear,
        Say("250 ok\r\n"),
        Hear,
        Say("354 go on\r\n"),
        HearMessage,
        Say("250 taken\r\n"),
        Hear,
    ];
    let (handed, story) = handed_by(by_token(Protocol::Smtp), acts, Privacy::Plain).await;
    assert_eq!(handed, Handed::Taken);
    assert_eq!(story.heard[1], format!("AUTH XOAUTH2 {}", first_words()));
}

/// Each with what to do, and nothing of what was said.
#[tokio::test]
async fn a_refused_token_is_told_apart_from_a_switch_that_is_off() {
    let refusing = |words: &'static str| vec![GREETING, Hear, OFFERS_TOKENS, Hear, Say(words)];
    let challenged = |words: &'static str| {
        vec![
            GREETING,
            Hear,
            OFFERS_TOKENS,
            Hear,
            CHALLENGE_WORDS,
            Hear,
            Say(words),
            Hear,
        ]
    };
    for (acts, expected, hint) in [
        (
            challenged("535-5.7.8 Username and Password not accepted.\r\n535 5.7.8 x - gsmtp\r\n"),
            "the server refused the access token",
            None,
        ),
        (
            refusing("535 5.7.3 Authentication unsuccessful [x]\r\n"),
            "Microsoft refused the access token",
            Some("reconnect Microsoft"),
        ),
        (
            refusing(
                "535 5.7.139 Authentication unsuccessful, SmtpClientAuthentication is disabled for the Mailbox. {line}\r\n",
            ),
            "SMTP is switched off for this mailbox at Microsoft",
            Some("Set-CASMailbox -Identity robin -SmtpClientAuthenticationDisabled $false"),
        ),
        (
            challenged("334 and again\r\n"),
            "the answer could not be understood; it may not be a mail server",
            None,
        ),
        (
            vec![GREETING, Hear, OFFERS, Wait],
            "the server offers no log-in by access token (XOAUTH2)",
            None,
        ),
    ] {
        let told = format!("{acts:?}");
        let (server, story) = peer(acts, Privacy::Plain).await;
        let smtp = Smtp::new(server, by_token(Protocol::Smtp), "x.example".to_owned());
        let refused = smtp.check().await.expect_err(expected);
        let message = format!("Couldn't log in to {}: {expected}", smtp.name());
        assert_eq!(refused.message(), message, "{told}");
        let hinted = refused.hint().unwrap_or_default();
        assert_eq!(hint.is_none(), hinted.is_empty(), "{hinted}");
        assert!(hinted.contains(hint.unwrap_or_default()), "{hinted}");
        assert!(!holds_the_password(&refused.to_string()), "{refused}");
        assert!(!refused.to_string().contains("eyJ"), "{refused}");
        // The challenge is answered with nothing.
        let heard = story.await.expect("a story").heard;
        if told.contains("eyJ") {
            assert_eq!(heard[2], "", "{told}");
        }
    }
}

/// Case R6, of a token that a server repeats after it took it.
#[tokio::test]
async fn nothing_of_a_token_is_kept_of_what_a_server_says_later() {
    let echo = base64_of_first_words();
    let acts = vec![
        GREETING,
        Hear,
        OFFERS_TOKENS,
        Hear,
        Say("235 welcome\r\n"),
        Hear,
        Say("250 ok\r\n"),
        Hear,
        Say(echo),
        Hear,
    ];
    let (handed, _) = handed_by(by_token(Protocol::Smtp), acts, Privacy::Plain).await;
    let Handed::Refused { why, .. } = handed else {
        panic!("{handed:?}")
    };
    assert!(why.contains("[removed]"), "{why}");
    assert!(!holds_the_password(&why), "{why}");
}

fn base64_of_first_words() -> &'static str {
    let words = format!("550 5.1.1 you are {} and {PASSWORD}\r\n", first_words());
    Box::leak(words.into_boxed_str())
}

/// Microsoft lets somebody in, and says so only when it comes to the message.
#[tokio::test]
async fn who_may_log_in_and_may_not_send_is_told_which_switch() {
    let acts = vec![
        GREETING,
        Hear,
        OFFERS_TOKENS,
        Hear,
        Say("235 welcome\r\n"),
        Hear,
        Say("530 5.7.57 Client not authenticated to send mail. [x]\r\n"),
        Hear,
    ];
    let (handed, _) = handed_by(by_token(Protocol::Smtp), acts, Privacy::Plain).await;
    let Handed::NotTaken(why) = handed else {
        panic!("{handed:?}")
    };
    assert!(why.contains("Authenticated SMTP"), "{why}");
}
