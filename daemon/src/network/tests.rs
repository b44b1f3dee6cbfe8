//! The client against a real server on this machine that says what a test wants.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex};
use std::time::Duration;

use reqwest::StatusCode;
use reqwest::header::{ETAG, HeaderName, IF_NONE_MATCH};
use tokio::io::{AsyncReadExt as _, AsyncWriteExt as _};
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use url::Url;

use super::*;

/// What the server does when a path is asked for.
#[derive(Clone)]
enum Says {
    /// Writes this and closes.
    This(String),
    /// Writes this and never goes on.
    Hangs(String),
}

/// A server, and what it was asked.
struct Server {
    place: SocketAddr,
    asked: Arc<Mutex<Vec<String>>>,
}

impl Server {
    async fn at(ip: &str, pages: &[(&str, Says)]) -> Self {
        let listener = TcpListener::bind((ip, 0)).await.unwrap();
        let place = listener.local_addr().unwrap();
        let asked = Arc::new(Mutex::new(Vec::new()));
        let pages: Arc<Vec<(String, Says)>> = Arc::new(
            pages
                .iter()
                .map(|(path, says)| ((*path).to_owned(), says.clone()))
                .collect(),
        );
        let log = asked.clone();
        tokio::spawn(async move {
            while let Ok((stream, _)) = listener.accept().await {
                tokio::spawn(answer(stream, pages.clone(), log.clone()));
            }
        });
        Self { place, asked }
    }

    async fn new(pages: &[(&str, Says)]) -> Self {
        Self::at("127.0.0.1", pages).await
    }

    fn url(&self, path: &str) -> Url {
        Url::parse(&format!("http://{}{path}", self.place)).unwrap()
    }

    fn asked(&self) -> Vec<String> {
        self.asked.lock().unwrap().clone()
    }
}

async fn answer(
    mut stream: TcpStream,
    pages: Arc<Vec<(String, Says)>>,
    log: Arc<Mutex<Vec<String>>>,
) {
    let mut text = String::new();
    let mut bytes = [0; 4096];
    loop {
        let n = stream.read(&mut bytes).await.unwrap_or(0);
        text.push_str(&String::from_utf8_lossy(&bytes[..n]));
        if n == 0 || is_whole(&text) {
            break;
        }
    }
    log.lock().unwrap().push(text.clone());
    let path = text.split(' ').nth(1).unwrap_or_default();
    let page = pages.iter().find(|(known, _)| known == path);
    match page.map(|(_, says)| says.clone()) {
        Some(Says::This(text)) => drop(stream.write_all(text.as_bytes()).await),
        Some(Says::Hangs(text)) => {
            let _ = stream.write_all(text.as_bytes()).await;
            // Until the other side goes.
            while stream.read(&mut bytes).await.is_ok_and(|n| n > 0) {}
        }
        None => drop(
            stream
                .write_all(b"HTTP/1.1 404 No\r\ncontent-length: 0\r\n\r\n")
                .await,
        ),
    }
}

fn is_whole(text: &str) -> bool {
    let Some((head, body)) = text.split_once("\r\n\r\n") else {
        return false;
    };
    let length = head
        .lines()
        .filter_map(|it| it.split_once(": "))
        .find(|(name, _)| name.eq_ignore_ascii_case("content-length"))
        .and_then(|(_, value)| value.parse::<usize>().ok());
    body.len() >= length.unwrap_or(0)
}

fn ok(headers: &str, body: &str) -> Says {
    Says::This(format!(
        "HTTP/1.1 200 OK\r\ncontent-length: {}\r\n{headers}\r\n{body}",
        body.len()
    ))
}

fn to(status: u16, location: &str) -> Says {
    Says::This(format!(
        "HTTP/1.1 {status} Go\r\nlocation: {location}\r\ncontent-length: 0\r\n\r\n"
    ))
}

fn reader(allowed: &[&str]) -> Reader {
    let allowed: Vec<Network> = allowed.iter().map(|it| it.parse().unwrap()).collect();
    Reader::new(&allowed).unwrap()
}

fn here() -> Reader {
    reader(&["127.0.0.0/8"])
}

fn get(url: Url) -> Request<'static> {
    Request::new(Verb::Get, url, 1000)
}

fn dana() -> Login {
    Login {
        user: "dana".to_owned(),
        password: "open sesame".to_owned().into(),
    }
}

async fn cause(reader: &Reader, request: Request<'_>) -> Cause {
    match reader.ask(request).await {
        Ok(answer) => panic!("{} answered", answer.url),
        Err(none) => none.cause,
    }
}

#[tokio::test]
async fn an_answer_comes_with_its_status_and_headers() {
    let server = Server::new(&[(
        "/a.ics",
        ok("ETag: \"1\"\r\nDAV: 1, Calendar-Access\r\n", "hi"),
    )])
    .await;
    let request = get(server.url("/a.ics")).header(IF_NONE_MATCH, "\"0\"");
    let answer = here().ask(request).await.unwrap();
    assert_eq!(answer.status, StatusCode::OK);
    assert_eq!(answer.body, b"hi");
    assert_eq!(answer.header(ETAG), Some("\"1\""));
    let dav = HeaderName::from_static("dav");
    assert_eq!(answer.words(dav), ["1", "calendar-access"]);
    let asked = server.asked();
    assert!(asked[0].contains("if-none-match: \"0\"\r\n"), "{asked:?}");
    assert!(
        asked[0].contains("accept-encoding: identity\r\n"),
        "{asked:?}"
    );
    let missing = here().ask(get(server.url("/b.ics"))).await.unwrap();
    assert_eq!(missing.status, StatusCode::NOT_FOUND);
}

#[tokio::test]
async fn a_private_place_that_nobody_named_is_not_asked() {
    let server = Server::new(&[("/", ok("", "hi"))]).await;
    let named = Url::parse(&format!("http://localhost:{}/", server.place.port())).unwrap();
    for url in [server.url("/"), named] {
        assert_eq!(
            cause(&reader(&[]), get(url.clone())).await,
            Cause::Unnamed,
            "{url}"
        );
        assert_eq!(
            cause(&reader(&["10.0.0.0/8"]), get(url)).await,
            Cause::Unnamed
        );
    }
    assert_eq!(server.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn a_redirect_is_judged_as_the_address_itself_is() {
    let secret = Server::at("127.0.0.2", &[("/", ok("", "secret"))]).await;
    let inside = secret.url("/").to_string();
    for (location, expected) in [
        (inside.as_str(), Cause::Unnamed),
        ("https://10.0.0.1/", Cause::Unnamed),
        ("https://[::ffff:10.0.0.1]/", Cause::Unnamed),
        ("https://169.254.169.254/latest/meta-data/", Cause::Never),
        ("https://[64:ff9b::a9fe:a9fe]/", Cause::Never),
        ("http://example.com/", Cause::Plain),
        ("ftp://example.com/", Cause::Scheme),
        ("file:///etc/passwd", Cause::NoHost),
        ("https://", Cause::Nowhere),
    ] {
        let server = Server::new(&[("/", to(302, location))]).await;
        let reader = reader(&["127.0.0.1/32"]);
        assert_eq!(
            cause(&reader, get(server.url("/"))).await,
            expected,
            "{location}"
        );
    }
    assert_eq!(secret.asked(), Vec::<String>::new());
}

#[tokio::test]
async fn three_redirects_are_followed_and_no_more() {
    let server = Server::new(&[
        ("/4", to(302, "/3")),
        ("/3", to(301, "/2")),
        ("/2", to(307, "/1")),
        ("/1", to(308, "/0")),
        ("/0", ok("", "hi")),
        ("/round", to(302, "/round")),
    ])
    .await;
    let answer = here().ask(get(server.url("/3"))).await.unwrap();
    assert_eq!((answer.url.path(), &*answer.body), ("/0", b"hi".as_slice()));
    assert_eq!(cause(&here(), get(server.url("/4"))).await, Cause::OnAndOn);
    assert_eq!(
        cause(&here(), get(server.url("/round"))).await,
        Cause::OnAndOn
    );
}

#[tokio::test]
async fn a_redirect_keeps_the_request_and_a_password_stays_with_its_server() {
    let other = Server::new(&[("/", ok("", "hi"))]).await;
    let server = Server::new(&[
        ("/here", to(302, "/end")),
        ("/end", ok("", "hi")),
        ("/there", to(302, other.url("/").as_str())),
        ("/see", to(303, "/end")),
    ])
    .await;
    let login = dana();
    let ask = |path: &str| {
        Request::new(Verb::Report, server.url(path), 1000)
            .body("application/xml", "<a/>".to_owned())
            .login(&login)
    };
    let answer = here().ask(ask("/here")).await.unwrap();
    assert_eq!(answer.url.path(), "/end");
    let asked = server.asked();
    for asked in &asked {
        assert!(asked.starts_with("REPORT "), "{asked}");
        assert!(asked.ends_with("\r\n\r\n<a/>"), "{asked}");
        // dana:open sesame
        assert!(
            asked.contains("authorization: Basic ZGFuYTpvcGVuIHNlc2FtZQ=="),
            "{asked}"
        );
    }
    assert_eq!(asked.len(), 2);
    let why = here().ask(ask("/there")).await.err().unwrap();
    assert!(matches!(why.cause, Cause::Elsewhere { .. }), "{why}");
    assert_eq!(other.asked(), Vec::<String>::new());
    // What a 303 leads to is no answer to this.
    let answer = here().ask(ask("/see")).await.unwrap();
    assert_eq!(answer.status, StatusCode::SEE_OTHER);
    let without = here().ask(get(server.url("/there"))).await.unwrap();
    assert_eq!(without.body, b"hi");
}

#[tokio::test]
async fn what_is_too_long_is_refused_whether_it_says_so_or_not() {
    let chunk = format!("400\r\n{}\r\n", "a".repeat(0x400));
    let long = "a".repeat(1001);
    let server = Server::new(&[
        (
            "/said",
            Says::Hangs("HTTP/1.1 200 OK\r\ncontent-length: 999999999999\r\n\r\n".to_owned()),
        ),
        ("/whole", ok("", &long)),
        (
            "/unsaid",
            Says::Hangs(format!(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n{chunk}"
            )),
        ),
        (
            "/open",
            Says::Hangs(format!(
                "HTTP/1.1 200 OK\r\nconnection: close\r\n\r\n{long}"
            )),
        ),
        ("/fits", ok("", &long[..1000])),
        (
            "/refusal",
            Says::This(format!(
                "HTTP/1.1 403 No\r\ncontent-length: 1001\r\n\r\n{long}"
            )),
        ),
    ])
    .await;
    for path in ["/said", "/whole", "/unsaid", "/open"] {
        let cause = cause(&here(), get(server.url(path))).await;
        assert_eq!(cause, Cause::TooLong(1000), "{path}");
    }
    assert_eq!(
        here()
            .ask(get(server.url("/fits")))
            .await
            .unwrap()
            .body
            .len(),
        1000
    );
    // Of a refusal the beginning is enough.
    assert_eq!(
        here()
            .ask(get(server.url("/refusal")))
            .await
            .unwrap()
            .body
            .len(),
        1000
    );
}

#[tokio::test]
async fn an_answer_that_breaks_off_or_is_compressed_is_none() {
    let server = Server::new(&[
        (
            "/lies",
            Says::This("HTTP/1.1 200 OK\r\ncontent-length: 500\r\n\r\nBEGIN".to_owned()),
        ),
        (
            "/cut",
            Says::This(
                "HTTP/1.1 200 OK\r\ntransfer-encoding: chunked\r\n\r\n5\r\nBEGIN".to_owned(),
            ),
        ),
        (
            "/short",
            Says::This("HTTP/1.1 200 OK\r\ncontent-length: 2\r\n\r\nhi there".to_owned()),
        ),
        ("/mute", Says::This(String::new())),
        (
            "/odd",
            Says::This("220 mail.acme.example ESMTP\r\n".to_owned()),
        ),
        ("/gzip", ok("content-encoding: gzip\r\n", "x")),
        ("/identity", ok("content-encoding: identity\r\n", "hi")),
    ])
    .await;
    for path in ["/lies", "/cut", "/mute", "/odd"] {
        assert_eq!(
            cause(&here(), get(server.url(path))).await,
            Cause::Broken,
            "{path}"
        );
    }
    assert_eq!(
        cause(&here(), get(server.url("/gzip"))).await,
        Cause::Compressed
    );
    for path in ["/short", "/identity"] {
        assert_eq!(
            here().ask(get(server.url(path))).await.unwrap().body,
            b"hi",
            "{path}"
        );
    }
}

#[tokio::test]
async fn a_server_that_never_ends_is_given_up() {
    let server = Server::new(&[
        ("/mute", Says::Hangs(String::new())),
        (
            "/half",
            Says::Hangs("HTTP/1.1 200 OK\r\ncontent-length: 9\r\n\r\nBEG".to_owned()),
        ),
        ("/on", to(302, "/mute")),
    ])
    .await;
    let hasty = here().within(Duration::from_millis(300));
    for path in ["/mute", "/half", "/on"] {
        let none = hasty.ask(get(server.url(path))).await.err().unwrap();
        assert_eq!(none.cause, Cause::Timeout, "{path}");
        assert!(none.may_pass());
    }
}

#[tokio::test]
async fn nobody_there_may_pass() {
    // Held and not listened to.
    let socket = TcpSocket::new_v4().unwrap();
    socket.bind("127.0.0.1:0".parse().unwrap()).unwrap();
    let nobody = Url::parse(&format!("http://{}/", socket.local_addr().unwrap())).unwrap();
    let none = here().ask(get(nobody)).await.err().unwrap();
    assert_eq!(
        (none.cause.clone(), none.may_pass()),
        (Cause::Unreachable, true)
    );
}

#[tokio::test]
async fn a_failure_names_the_host_and_nothing_more_of_the_address() {
    let server = Server::new(&[(
        "/private-8d1f/a.ics",
        to(302, "https://10.0.0.1/private-77"),
    )])
    .await;
    let tls = server
        .url("/private-8d1f")
        .to_string()
        .replace("http:", "https:");
    for (url, reader) in [
        (server.url("/private-8d1f/a.ics?key=77"), reader(&[])),
        (server.url("/private-8d1f/a.ics"), here()),
        (
            Url::parse(&tls).unwrap(),
            here().within(Duration::from_millis(300)),
        ),
        (
            Url::parse("http://calendar.invalid/private-8d1f").unwrap(),
            here(),
        ),
    ] {
        let none = reader.ask(get(url)).await.err().unwrap();
        let said = format!("{none} {none:?}");
        assert!(!said.contains("8d1f") && !said.contains("77"), "{said}");
    }
}
