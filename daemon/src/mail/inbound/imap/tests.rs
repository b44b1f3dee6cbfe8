use Act::{Flood, Hear, Say, Wait};

use super::*;
use crate::mail::log_in::Protocol;
use crate::mail::wire::peer::{
    Act, Story, by_password, by_token, first_words, holds_the_password, peer,
};

const GREETING: Act = Say("* OK ready\r\n");
const DONE: Act = Say("{tag} OK done\r\n");

/// A look into a mailbox at a server that does these.
async fn visited(acts: Vec<Act>, privacy: Privacy) -> (Result<Visit, String>, Story) {
    visited_by(by_password(Protocol::Imap), acts, privacy).await
}

async fn visited_by(
    log_in: LogIn,
    acts: Vec<Act>,
    privacy: Privacy,
) -> (Result<Visit, String>, Story) {
    let (server, story) = peer(acts, privacy).await;
    let imap = Imap::new(server, log_in, INBOX.to_owned());
    let now = Instant::from_second(1_796_029_200);
    let visit = imap.visit(&ReadTo::default(), now).await;
    let visit = visit.map_err(|trouble| trouble.to_string());
    (visit, story.await.expect("a story"))
}

fn found(after: &[Act]) -> Vec<Act> {
    let mut acts = vec![
        GREETING,
        Hear,
        DONE,
        Hear,
        Say("* 2 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n{tag} OK done\r\n"),
        Hear,
        Say("* SEARCH 4 8\r\n{tag} OK done\r\n"),
        Hear,
    ];
    acts.extend_from_slice(after);
    acts
}

/// Case R7: wherever something is waited for.
#[tokio::test]
async fn no_server_is_listened_to_for_ever() {
    for flood in [
        Flood("x"),
        Flood("* OK x\r\n"),
        Flood("* 1 FETCH ("),
        Flood("{9}\r\n"),
        Flood("\""),
    ] {
        for (acts, privacy) in [
            (vec![flood.clone()], Privacy::Plain),
            (vec![GREETING, Hear, flood.clone()], Privacy::Plain),
            (
                vec![GREETING, Hear, DONE, Hear, flood.clone()],
                Privacy::Plain,
            ),
            (vec![GREETING, Hear, flood.clone()], Privacy::StartTls),
            (vec![flood.clone()], Privacy::Tls),
        ] {
            let told = format!("{acts:?} {privacy:?}");
            let (visit, story) = visited(acts, privacy).await;
            let why = visit.err().unwrap_or_else(|| panic!("{told}"));
            assert!(
                why.starts_with("Couldn't ") && why.len() < 300,
                "{told}: {why}"
            );
            assert!(story.flooded < 32 << 20, "{told}: {} bytes", story.flooded);
        }
    }
}

/// Case R7: one message that is more than was asked for is skipped, and the next one is read.
#[tokio::test]
async fn a_message_that_is_more_than_was_asked_for_is_skipped() {
    let much = [Say("* 1 FETCH (UID 4 BODY[]<0> {99999999}\r\n"), Flood("x")];
    let (visit, _) = visited(found(&much), Privacy::Plain).await;
    let visit = visit.expect("a visit");
    assert_eq!((visit.last, visit.more), (4, true));
    let [(4, Err(why))] = visit.messages[..] else {
        panic!("{:?}", visit.messages)
    };
    assert!(why.contains("more of it than was asked for"), "{why}");

    let fine = [
        Say("* 1 FETCH (UID 4 BODY[]<0> {5}\r\n((((()\r\n{tag} OK done\r\n"),
        Hear,
        Say("* 2 FETCH (UID 8 BODY[]<0> {2}\r\nhi)\r\n{tag} OK done\r\n"),
        Hear,
        DONE,
    ];
    let (visit, _) = visited(found(&fine), Privacy::Plain).await;
    let visit = visit.expect("a visit");
    let bodies: Vec<_> = visit
        .messages
        .into_iter()
        .map(|(uid, body)| (uid, body.expect("a body")))
        .collect();
    assert_eq!(bodies.len(), 2, "{bodies:?}");
    assert_eq!(bodies[1], (8, b"hi".to_vec()));
}

/// Case M11, and of what a server repeats (case R6) nothing is kept.
#[tokio::test]
async fn why_a_mailbox_cannot_be_read_is_told_plainly() {
    let refusing = |words: &'static str| vec![GREETING, Hear, Say(words), Wait];
    for (acts, privacy, expected) in [
        (
            refusing("{tag} NO [AUTHENTICATIONFAILED] Authentication failed.\r\n"),
            Privacy::Plain,
            "log in to {}: the server refused the password",
        ),
        (
            refusing("{tag} NO you said {line}\r\n"),
            Privacy::Plain,
            "log in to {}: the server refused the password",
        ),
        (
            refusing("{tag} BAD {line}\r\n"),
            Privacy::Plain,
            "log in to {}: the server refused the password",
        ),
        (
            refusing("{tag} NO [ALERT] Application-specific password required\r\n"),
            Privacy::Plain,
            "log in to {}: the server refused the password: it asks for an app password, made in the account's security settings",
        ),
        (
            refusing("{tag} NO [UNAVAILABLE] try again later\r\n"),
            Privacy::Plain,
            "log in to {}: the server cannot check passwords at the moment",
        ),
        (
            vec![GREETING, Hear, Say("* BYE correct-horse-battery\r\n")],
            Privacy::Plain,
            "log in to {}: the server closed the connection",
        ),
        (
            vec![
                GREETING,
                Hear,
                DONE,
                Hear,
                Say("{tag} NO no such mailbox\r\n"),
                Wait,
            ],
            Privacy::Plain,
            "read the mailbox at {}: the server said: no such mailbox",
        ),
        (
            vec![
                GREETING,
                Hear,
                DONE,
                Hear,
                Say("{tag} NO it is correct-horse-battery\r\n"),
                Wait,
            ],
            Privacy::Plain,
            "read the mailbox at {}: the server said: it is [removed]",
        ),
        (
            vec![GREETING, Hear, Say("{tag} BAD what?\r\n"), Wait],
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
            Privacy::Plain,
            "log in to {}: the server closed the connection",
        ),
    ] {
        let (server, story) = peer(acts, privacy).await;
        let imap = Imap::new(server, by_password(Protocol::Imap), INBOX.to_owned());
        let now = Instant::from_second(1_796_029_200);
        let visit = imap.visit(&ReadTo::default(), now).await;
        let refused = visit.err().unwrap_or_else(|| panic!("{expected}"));
        let refused = refused.to_string();
        assert!(!holds_the_password(&refused), "{refused}");
        for word in ["Some(", "None", "code:", "info:", "Err(", "Parse"] {
            assert!(!refused.contains(word), "{refused}");
        }
        assert_eq!(
            refused,
            format!("Couldn't {}", expected.replace("{}", &imap.name()))
        );
        story.abort();
    }
}

const BY_TOKEN: Act =
    Say("* CAPABILITY IMAP4rev1 SASL-IR AUTH=PLAIN AUTH=XOAUTH2\r\n{tag} OK done\r\n");
const BY_TOKEN_IN_TWO: Act = Say("* CAPABILITY IMAP4rev1 AUTH=XOAUTH2\r\n{tag} OK done\r\n");
const CHALLENGE: Act =
    Say("+ eyJzdGF0dXMiOiI0MDAiLCJzY2hlbWVzIjoiQmVhcmVyIiwic2NvcGUiOiJ4In0=\r\n");

fn empty_mailbox() -> Vec<Act> {
    vec![
        Hear,
        Say("* 0 EXISTS\r\n* OK [UIDVALIDITY 7] x\r\n* OK [UIDNEXT 9] x\r\n{tag} OK done\r\n"),
        Hear,
        Say("* SEARCH\r\n{tag} OK done\r\n"),
        Hear,
        DONE,
    ]
}

/// In one line where the server reads it so, else when it asks.
#[tokio::test]
async fn a_token_logs_in_and_the_mailbox_is_read() {
    let mut at_once = vec![GREETING, Hear, BY_TOKEN, Hear, DONE];
    at_once.extend(empty_mailbox());
    let (visit, story) = visited_by(by_token(Protocol::Imap), at_once, Privacy::Plain).await;
    assert_eq!(visit.expect("a visit").last, 8);
    let line = &story.heard[1];
    assert!(
        line.ends_with(&format!(" AUTHENTICATE XOAUTH2 {}", first_words())),
        "{line}"
    );
    let mut when_asked = vec![
        GREETING,
        Hear,
        BY_TOKEN_IN_TWO,
        Hear,
        Say("+ \r\n"),
        Hear,
        Say("A0002 OK done\r\n"),
    ];
    when_asked.extend(empty_mailbox());
    let (visit, story) = visited_by(by_token(Protocol::Imap), when_asked, Privacy::Plain).await;
    assert_eq!(visit.expect("a visit").last, 8);
    assert!(story.heard[1].ends_with(" AUTHENTICATE XOAUTH2"));
    assert_eq!(story.heard[2], first_words());
}

/// Each with what to do, and nothing of what was said.
#[tokio::test]
async fn a_refused_token_is_told_apart_from_a_mailbox_that_stays_closed() {
    let refusing = |words: &'static str| vec![GREETING, Hear, BY_TOKEN, Hear, Say(words), Wait];
    for (acts, expected) in [
        (
            vec![
                GREETING,
                Hear,
                BY_TOKEN,
                Hear,
                CHALLENGE,
                Hear,
                Say("A0002 NO [AUTHENTICATIONFAILED] Invalid credentials (Failure)\r\n"),
                Wait,
            ],
            "log in to {}: the server refused the access token",
        ),
        (
            refusing("{tag} NO AUTHENTICATE failed.\r\n"),
            "log in to {}: Microsoft refused the access token; reconnect Microsoft",
        ),
        (
            refusing(
                "{tag} NO [ALERT] IMAP access is disabled for your domain. {line} (Failure)\r\n",
            ),
            "log in to {}: IMAP is switched off for the whole domain at Google; a Google administrator",
        ),
        (
            vec![
                GREETING,
                Hear,
                BY_TOKEN,
                Hear,
                DONE,
                Hear,
                Say("{tag} BAD User is authenticated but not connected.\r\n"),
                Hear,
                Wait,
            ],
            "read the mailbox at {}: Microsoft does not open this mailbox to that user; connect Microsoft as robin",
        ),
        (
            vec![
                GREETING,
                Hear,
                Say("* CAPABILITY IMAP4rev1 AUTH=PLAIN\r\n{tag} OK done\r\n"),
                Wait,
            ],
            "log in to {}: the server offers no log-in by access token (XOAUTH2)",
        ),
        (
            vec![GREETING, Hear, BY_TOKEN, Hear, Say("+ {line}\r\n"), Wait],
            "log in to {}: the answer could not be understood",
        ),
    ] {
        let told = format!("{acts:?}");
        let (server, story) = peer(acts, Privacy::Plain).await;
        let imap = Imap::new(server, by_token(Protocol::Imap), INBOX.to_owned());
        let now = Instant::from_second(1_796_029_200);
        let visit = imap.visit(&ReadTo::default(), now).await;
        let refused = visit.err().unwrap_or_else(|| panic!("{told}")).to_string();
        let expected = format!("Couldn't {}", expected.replace("{}", &imap.name()));
        assert!(refused.starts_with(&expected), "{told}: {refused}");
        assert!(!holds_the_password(&refused), "{refused}");
        assert!(!refused.contains("eyJ"), "{refused}");
        story.abort();
    }
}
