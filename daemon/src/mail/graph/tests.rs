use greenroom_protocol::time::Instant;
use tokio::io::{AsyncBufReadExt as _, AsyncReadExt as _, AsyncWriteExt as _, BufReader};
use tokio::net::TcpListener;
use tokio::task::JoinHandle;

use super::*;
use crate::mail::log_in::Protocol;
use crate::mail::wire::peer::{PASSWORD, by_token, holds_the_password};

/// What Graph does with the next request.
#[derive(Clone, Copy)]
enum Act {
    /// Answers.
    Answer(u16, &'static str),
    /// Answers, and says when to come back.
    Later(u16, &'static str),
    /// Goes away without an answer.
    HangUp,
}

/// A request as Graph got it.
#[derive(Debug)]
struct Asked {
    line: String,
    headers: String,
    body: String,
}

/// A Graph that does these, a connection each, on a clock that stands.
async fn graph(acts: Vec<Act>) -> (Graph, JoinHandle<Vec<Asked>>) {
    let listener = TcpListener::bind("127.0.0.1:0").await.expect("a port");
    let port = listener.local_addr().expect("an address").port();
    let told = tokio::spawn(async move {
        let mut asked = Vec::new();
        for act in acts {
            let (stream, _) = listener.accept().await.expect("a caller");
            asked.push(play(BufReader::new(stream), act).await);
        }
        asked
    });
    let base = Url::parse(&format!("http://127.0.0.1:{port}/v1.0")).expect("an address");
    let clock = Clock::machine();
    let http = Http::new(&[&base], clock.clone()).expect("a client");
    let at = Endpoint { base, http, clock };
    let user = "interviews@acme.example".to_owned();
    (Graph::new(at, by_token(Protocol::Smtp), user), told)
}

async fn play(mut stream: BufReader<tokio::net::TcpStream>, act: Act) -> Asked {
    let (mut line, mut headers, mut length) = (String::new(), String::new(), 0);
    let _ = stream.read_line(&mut line).await;
    loop {
        let mut header = String::new();
        let _ = stream.read_line(&mut header).await;
        let lower = header.to_ascii_lowercase();
        if let Some(said) = lower.strip_prefix("content-length:") {
            length = said.trim().parse().expect("a length");
        }
        if header.trim().is_empty() {
            break;
        }
        headers.push_str(&header);
    }
    let mut body = vec![0; length];
    let _ = stream.read_exact(&mut body).await;
    let (status, more, said) = match act {
        Act::Answer(status, said) => (status, "", said),
        Act::Later(status, said) => (status, "Retry-After: 40\r\n", said),
        Act::HangUp => (0, "", ""),
    };
    if status != 0 {
        let length = said.len();
        let answer = format!(
            "HTTP/1.1 {status} x\r\nContent-Type: application/json\r\n{more}Content-Length: {length}\r\nConnection: close\r\n\r\n{said}"
        );
        let _ = stream.get_mut().write_all(answer.as_bytes()).await;
    }
    Asked {
        line: line.trim_end().to_owned(),
        headers,
        body: String::from_utf8_lossy(&body).into_owned(),
    }
}

fn message() -> Message {
    Message {
        name: "mail_1.ws_1".to_owned(),
        from: "interviews@acme.example".to_owned(),
        to: "ana@mail.example".to_owned(),
        bytes: b"Message-ID: <mail_1.ws_1@acme.example>\r\n\r\nHello\r\n".to_vec(),
    }
}

const NONE: Act = Act::Answer(200, r#"{"value":[]}"#);
const ONE: Act = Act::Answer(200, r#"{"value":[{"id":"AAMk1="}]}"#);

#[tokio::test]
async fn a_message_is_handed_over_as_the_mime_it_is() {
    let (graph, asked) = graph(vec![Act::Answer(202, "")]).await;
    assert_eq!(graph.send(&message(), false).await, Handed::Taken);
    let asked = asked.await.expect("requests");
    assert_eq!(asked[0].line, "POST /v1.0/me/sendMail HTTP/1.1");
    assert!(asked[0].headers.contains("content-type: text/plain\r\n"));
    assert!(
        asked[0]
            .headers
            .contains(&format!("authorization: Bearer {PASSWORD}\r\n"))
    );
    let sent = STANDARD.decode(&asked[0].body).expect("base64");
    assert_eq!(sent, message().bytes);
}

/// Nothing of it is repeated before it was looked for among the sent ones.
#[tokio::test]
async fn a_message_whose_answer_was_lost_is_looked_for_and_not_repeated() {
    let (graph, asked) = graph(vec![Act::HangUp, ONE]).await;
    let lost = graph.send(&message(), false).await;
    assert!(matches!(lost, Handed::Unknown(_)), "{lost:?}");
    assert_eq!(graph.send(&message(), true).await, Handed::Taken);
    let asked = asked.await.expect("requests");
    assert_eq!(
        asked[1].line,
        "GET /v1.0/me/mailFolders/sentitems/messages?%24filter=internetMessageId+eq+%27%3Cmail_1.ws_1%40acme.example%3E%27&%24select=id&%24top=1 HTTP/1.1"
    );
}

/// Microsoft may need a moment to put it there. A daemon that was killed begins to wait anew.
#[tokio::test]
async fn a_lost_message_is_repeated_only_after_microsoft_had_time() {
    let (graph, asked) = graph(vec![NONE, NONE]).await;
    for _ in 0..2 {
        let handed = graph.send(&message(), true).await;
        let Handed::NotBefore { until, .. } = handed else {
            panic!("{handed:?}")
        };
        let wait = until.since(Instant::now()).as_secs();
        assert!(wait > 0 && wait <= SETTLES_SECONDS, "{wait}");
    }
    let asked = asked.await.expect("requests");
    assert!(asked.iter().all(|it| it.line.starts_with("GET ")));

    let (graph, asked) = self::graph(vec![NONE, Act::Answer(202, "")]).await;
    let long_ago = graph.at.clock.steady().plus_seconds(-SETTLES_SECONDS);
    graph.doubts().insert(message().name, long_ago);
    assert_eq!(graph.send(&message(), true).await, Handed::Taken);
    let asked = asked.await.expect("requests");
    assert!(asked[1].line.starts_with("POST "));
    assert!(graph.doubts().is_empty());
}

/// Where it can't be looked for, nothing is repeated.
#[tokio::test]
async fn a_lost_message_waits_while_nobody_can_look_for_it() {
    const REFUSED: &str = r#"{"error":{"code":"ErrorAccessDenied","message":"no"}}"#;
    let (graph, _asked) = graph(vec![Act::Answer(403, REFUSED)]).await;
    let handed = graph.send(&message(), true).await;
    let Handed::NotTaken(why) = handed else {
        panic!("{handed:?}")
    };
    assert!(why.contains("reconnect Microsoft"), "{why}");
}

#[tokio::test]
async fn what_graph_answers_is_told_apart() {
    const LIMIT: &str =
        r#"{"error":{"code":"ApplicationThrottled","message":"MailboxConcurrency"}}"#;
    const SEND_AS: &str = r#"{"error":{"code":"ErrorSendAsDenied","message":"xyzzy"}}"#;
    const RECIPIENT: &str = r#"{"error":{"code":"ErrorInvalidRecipients","message":"xyzzy"}}"#;
    let handed = async |act| graph(vec![act]).await.0.send(&message(), false).await;
    let limited = handed(Act::Later(429, LIMIT)).await;
    let Handed::NotBefore { until, .. } = limited else {
        panic!("{limited:?}")
    };
    let wait = until.since(Instant::now()).as_secs();
    assert!((30..=40).contains(&wait), "{wait}");
    let denied = handed(Act::Answer(403, SEND_AS)).await;
    let Handed::NotTaken(why) = denied else {
        panic!("{denied:?}")
    };
    assert!(why.contains("Send As") && !why.contains("xyzzy"), "{why}");
    let refused = handed(Act::Answer(400, RECIPIENT)).await;
    assert!(matches!(refused, Handed::Refused { address: true, .. }));
    // Accepted is 202 and nothing else.
    let other = handed(Act::Answer(200, "")).await;
    assert!(matches!(other, Handed::Unknown(_)), "{other:?}");
    let broken = handed(Act::Answer(500, "")).await;
    assert!(matches!(broken, Handed::Unknown(_)), "{broken:?}");
}

#[tokio::test]
async fn a_token_that_is_refused_sends_nothing_and_is_never_told() {
    let echo =
        r#"{"error":{"code":"InvalidAuthenticationToken","message":"correct-horse-battery"}}"#;
    let (graph, _asked) = graph(vec![Act::Answer(401, echo)]).await;
    let handed = graph.send(&message(), false).await;
    let Handed::NotTaken(why) = handed else {
        panic!("{handed:?}")
    };
    assert!(why.contains("refused the access token"), "{why}");
    assert!(!holds_the_password(&why), "{why}");
}

#[tokio::test]
async fn what_is_too_large_is_not_sent() {
    let (graph, asked) = graph(vec![]).await;
    let large = Message {
        bytes: vec![b'x'; 3_100_000],
        ..message()
    };
    let handed = graph.send(&large, false).await;
    assert!(matches!(handed, Handed::Refused { address: false, .. }));
    assert!(asked.await.expect("requests").is_empty());
}

#[tokio::test]
async fn no_more_leave_in_a_minute_than_a_mailbox_may() {
    let (graph, _asked) = graph(vec![]).await;
    let now = graph.at.clock.steady();
    while graph.pace().take(now).is_ok() {}
    let handed = graph.send(&message(), false).await;
    let Handed::NotBefore { until, .. } = handed else {
        panic!("{handed:?}")
    };
    assert!(until > Instant::now());
}

#[tokio::test]
async fn a_folder_is_read_page_by_page_from_where_it_was_left() {
    let (graph, asked) = graph(vec![
        Act::Answer(200, r#"{"value":[{"id":"FOLDER="}]}"#),
        Act::Answer(
            200,
            r#"{"@odata.deltaLink":"https://elsewhere.example/v1.0/x","value":[]}"#,
        ),
    ])
    .await;
    let now = Instant::from_second(1_796_029_200);
    let elsewhere = graph.page("Bob's", &ReadTo::default(), now).await;
    assert!(
        elsewhere
            .expect_err("it leads elsewhere")
            .to_string()
            .contains("could not be understood")
    );
    let asked = asked.await.expect("requests");
    assert!(asked[0].line.contains("displayName+eq+%27Bob%27%27s%27"));
    let first = &asked[1];
    for part in [
        "/v1.0/me/mailFolders/FOLDER=/messages/delta?",
        "changeType=created",
        "%24select=id%2CreceivedDateTime",
        "%24filter=receivedDateTime+ge+2026-11-16T",
    ] {
        assert!(first.line.contains(part), "{part}: {}", first.line);
    }
    assert!(
        first
            .headers
            .contains("odata.maxpagesize=50, IdType=\"ImmutableId\"")
    );
}

#[tokio::test]
async fn a_place_that_graph_has_forgotten_is_no_error() {
    const GONE: &str = r#"{"error":{"code":"SyncStateNotFound","message":"generation"}}"#;
    let (graph, asked) = graph(vec![Act::Answer(410, GONE), Act::Answer(410, GONE)]).await;
    let link = format!("{}/me/messages/delta?$deltatoken=x", graph.at.base);
    let mut read_to = ReadTo {
        link: Some(link),
        ..ReadTo::default()
    };
    let now = Instant::from_second(1_796_029_200);
    assert_eq!(
        graph.page("inbox", &read_to, now).await.expect("told"),
        None
    );
    // In a first round it is one: nothing would ever be read.
    read_to.begin_again();
    assert!(graph.page("inbox", &read_to, now).await.is_err());
    let asked = asked.await.expect("requests");
    assert!(asked[0].line.contains("deltatoken=x"));
    assert!(asked[1].line.contains("mailFolders/inbox/messages/delta"));
}

#[tokio::test]
async fn of_a_long_message_the_beginning_is_read_and_a_deleted_one_is_no_loss() {
    let long = "x".repeat(MOST_BYTES as usize + 500_000);
    let long: &'static str = Box::leak(long.into_boxed_str());
    const GONE: &str = r#"{"error":{"code":"ErrorItemNotFound","message":"no"}}"#;
    let (graph, asked) = graph(vec![Act::Answer(200, long), Act::Answer(404, GONE)]).await;
    let listed = Listed {
        id: "AAMk/1=".to_owned(),
        received: None,
    };
    let read = graph.message(&listed).await.expect("read").expect("there");
    assert_eq!(read.len(), MOST_BYTES as usize);
    assert_eq!(graph.message(&listed).await.expect("read"), None);
    let asked = asked.await.expect("requests");
    assert_eq!(
        asked[0].line,
        "GET /v1.0/me/messages/AAMk%2F1=/$value HTTP/1.1"
    );
}
