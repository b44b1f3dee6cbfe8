//! The loopback end of connecting Zoom or an account: where the browser comes back to.
//!
//! Owns the port, the pages shown there, and the reading of a redirect, whether it arrives or is
//! pasted. Invariant: a wait yields one [`Redirect`] whose `state` is the one expected; favicons,
//! stray requests and foreign states get a page and end nothing. Must not know verifier or token:
//! those never leave the daemon.

mod consent;
mod door;
mod page;
mod peer;
mod redirect;

use std::io;
use std::net::{Ipv4Addr, Ipv6Addr, SocketAddr};
use std::sync::Arc;
use std::time::Duration;

use axum::Router;
use axum::extract::{ConnectInfo, Request, State};
use axum::http::StatusCode;
use axum::response::Response;
pub use consent::{ConsentError, sandbox_consent};
use door::{Behind, Doors};
use greenroom_protocol::account::AccountProvider;
use greenroom_protocol::secret::Opaque;
pub use redirect::{Answer, Redirect, RedirectError, Refusal, expected_state, read_redirect};
use tokio::net::TcpListener;
use tokio::sync::mpsc;
use tokio::task::JoinSet;

/// The longest path and query that is read, in bytes; Zoom's redirects have a few hundred.
const LONGEST: usize = 8 * 1024;

/// How long connections may take to end once the redirect is here.
const DRAIN: Duration = Duration::from_secs(1);

/// Ports that are tried until one is free at both addresses.
const PORT_TRIES: u32 = 16;

/// The address of this machine that a provider sends the browser back to.
#[derive(Clone, Copy, Debug, PartialEq, Eq)]
pub enum Loopback {
    /// 127.0.0.1, which Zoom and Google want.
    Address,
    /// `localhost`, of which alone Microsoft ignores the port. A browser may look for it at either
    /// address.
    /// <https://learn.microsoft.com/entra/identity-platform/reply-url#localhost-exceptions>
    Localhost,
}

impl From<AccountProvider> for Loopback {
    fn from(provider: AccountProvider) -> Self {
        match provider {
            AccountProvider::Google => Self::Address,
            AccountProvider::Microsoft => Self::Localhost,
        }
    }
}

/// A bound port that nobody answers on yet: the address is needed before the connect can start.
pub struct Callback {
    listeners: Vec<TcpListener>,
    port: u16,
    redirect_uri: String,
    doors: Arc<Doors>,
}

/// Opens one-time addresses on the port of a [`Callback`], for as long as that waits.
#[derive(Clone)]
pub struct Doorway {
    base: String,
    doors: Arc<Doors>,
}

impl Doorway {
    /// An address that says nothing and sends the browser on to `address`, once.
    ///
    /// # Errors
    /// When the system gives no randomness.
    pub fn to(&self, address: &str) -> io::Result<String> {
        let path = self.doors.open(address).map_err(io::Error::other)?;
        Ok(format!("{}{path}", self.base))
    }
}

impl Callback {
    /// Binds `port` where the browser will come back to; 0 takes any free one.
    ///
    /// # Errors
    /// When the port is taken, or none is free on both addresses of `localhost`.
    pub async fn bind(port: u16, loopback: Loopback) -> io::Result<Self> {
        match loopback {
            Loopback::Address => Self::bind_address(port).await,
            Loopback::Localhost => Self::bind_localhost(port).await,
        }
    }

    async fn bind_address(port: u16) -> io::Result<Self> {
        let listener = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
        let port = listener.local_addr()?.port();
        Ok(Self::on(vec![listener], port, "127.0.0.1"))
    }

    /// Binds `port` on 127.0.0.1 and, where the system has it, on ::1, for a browser that is sent
    /// to `localhost`; 0 takes any port that is free on both.
    async fn bind_localhost(port: u16) -> io::Result<Self> {
        let mut tried = 1;
        loop {
            let first = TcpListener::bind((Ipv4Addr::LOCALHOST, port)).await?;
            let taken = first.local_addr()?.port();
            match TcpListener::bind((Ipv6Addr::LOCALHOST, taken)).await {
                Ok(second) => return Ok(Self::on(vec![first, second], taken, "localhost")),
                Err(error) if error.kind() != io::ErrorKind::AddrInUse => {
                    // There is no ::1 here, so no browser asks there.
                    return Ok(Self::on(vec![first], taken, "localhost"));
                }
                Err(error) if port != 0 || tried == PORT_TRIES => return Err(error),
                Err(_) => tried += 1,
            }
        }
    }

    fn on(listeners: Vec<TcpListener>, port: u16, host: &str) -> Self {
        Self {
            listeners,
            port,
            redirect_uri: format!("http://{host}:{port}/callback"),
            doors: Arc::default(),
        }
    }

    /// Where addresses for the browser's command line are made.
    pub fn doorway(&self) -> Doorway {
        Doorway {
            base: format!("http://127.0.0.1:{}", self.port),
            doors: Arc::clone(&self.doors),
        }
    }

    /// What to give to the daemon as it starts the connect.
    pub fn redirect_uri(&self) -> &str {
        &self.redirect_uri
    }

    /// Answers browsers until one brings a redirect with the expected `state`. Dropping the wait
    /// closes the port.
    ///
    /// # Errors
    /// When the port can no longer be served.
    pub async fn wait(self, expected: Opaque) -> io::Result<Redirect> {
        let (router, mut redirects) = desk_with(expected, self.doors, Some(self.port));
        let (end, ended) = tokio::sync::watch::channel(());
        // Tasks that end with this set, and with them the port is closed.
        let mut serving = JoinSet::new();
        for listener in self.listeners {
            let router = router.clone();
            let router = router.into_make_service_with_connect_info::<SocketAddr>();
            let mut ended = ended.clone();
            let served = axum::serve(listener, router).with_graceful_shutdown(async move {
                // An error is a sender that is gone: the end as well.
                ended.changed().await.ok();
            });
            serving.spawn(served.into_future());
        }
        let redirect = tokio::select! {
            redirect = redirects.recv() => redirect.ok_or(io::ErrorKind::BrokenPipe)?,
            Some(ended) = serving.join_next() => {
                let ended = ended.map_err(io::Error::other)?;
                return Err(ended.err().unwrap_or(io::ErrorKind::BrokenPipe.into()));
            }
        };
        // The page that says so is still on its way to the browser.
        drop(end);
        let drained = async { while serving.join_next().await.is_some() {} };
        tokio::time::timeout(DRAIN, drained).await.ok();
        Ok(redirect)
    }
}

/// What answers on the port, and where the redirect then is. Apart from the port for the fuzz
/// targets, who bring bytes of their own.
#[doc(hidden)]
pub fn desk(expected: Opaque) -> (Router, mpsc::Receiver<Redirect>) {
    desk_with(expected, Arc::default(), None)
}

fn desk_with(
    expected: Opaque,
    doors: Arc<Doors>,
    port: Option<u16>,
) -> (Router, mpsc::Receiver<Redirect>) {
    let (found, redirects) = mpsc::channel(1);
    let desk = Arc::new(Desk {
        expected,
        found,
        doors,
        port,
    });
    (Router::new().fallback(answer).with_state(desk), redirects)
}

/// What every request is measured against.
struct Desk {
    expected: Opaque,
    found: mpsc::Sender<Redirect>,
    doors: Arc<Doors>,
    port: Option<u16>,
}

async fn answer(State(desk): State<Arc<Desk>>, request: Request) -> Response {
    let uri = request.uri();
    let asked = uri.path_and_query().map_or("/", |asked| asked.as_str());
    if asked.len() > LONGEST {
        return page::page(StatusCode::URI_TOO_LONG, &page::STRAY);
    }
    if request.method() != axum::http::Method::GET {
        return page::page(StatusCode::NOT_FOUND, &page::STRAY);
    }
    if uri.path().starts_with("/open/") {
        let from = request.extensions().get::<ConnectInfo<SocketAddr>>();
        let from = from.map(|ConnectInfo(from)| *from);
        return match desk.doors.through(uri.path(), from, desk.port) {
            Behind::Address(address) => page::onward(&address),
            Behind::NotYours => page::page(StatusCode::FORBIDDEN, &page::NOT_YOURS),
            Behind::Nothing => page::page(StatusCode::GONE, &page::SPENT),
        };
    }
    if uri.path() != "/callback" {
        return page::page(StatusCode::NOT_FOUND, &page::STRAY);
    }
    let redirect = match Redirect::from_query(uri.query().unwrap_or_default()) {
        Ok(redirect) => redirect,
        Err(_) => return page::page(StatusCode::BAD_REQUEST, &page::NO_STATE),
    };
    if !redirect.is_for(&desk.expected) {
        return page::page(StatusCode::BAD_REQUEST, &page::WRONG_STATE);
    }
    let shown = match &redirect.answer {
        Answer::Code(_) => page::page(StatusCode::OK, &page::DONE),
        // What carries the attempt's own secret is not shown again.
        Answer::Error(refusal) if refusal.carries(desk.expected.reveal()) => {
            page::page(StatusCode::OK, &page::REFUSED)
        }
        Answer::Error(refusal) => page::refused(refusal),
    };
    // Full when the browser asks twice: the first answer counts.
    desk.found.try_send(redirect).ok();
    shown
}

#[cfg(test)]
mod tests {
    use tokio::io::{AsyncReadExt, AsyncWriteExt};
    use tokio::net::TcpStream;
    use tokio::task::JoinHandle;

    use super::*;

    const STATE: &str = "s3cr3t";

    async fn waiting() -> (String, JoinHandle<io::Result<Redirect>>) {
        let callback = Callback::bind(0, Loopback::Address).await.unwrap();
        let address = callback.redirect_uri().to_owned();
        let address = address
            .trim_start_matches("http://")
            .trim_end_matches("/callback");
        let address = address.to_owned();
        (address, tokio::spawn(callback.wait(Opaque::new(STATE))))
    }

    /// What a browser sees at `path`.
    async fn browse(address: &str, path: &str) -> String {
        let mut stream = TcpStream::connect(address).await.unwrap();
        let request = format!("GET {path} HTTP/1.1\r\nHost: {address}\r\n\r\n");
        stream.write_all(request.as_bytes()).await.unwrap();
        let mut answer = String::new();
        stream.read_to_string(&mut answer).await.unwrap();
        answer
    }

    #[tokio::test]
    async fn strays_and_foreign_states_end_nothing() {
        let (address, wait) = waiting().await;
        let long = format!("/callback?state={}", "x".repeat(LONGEST));
        for (path, says) in [
            ("/favicon.ico", "404"),
            ("/", "404"),
            ("/callback", "400"),
            ("/callback?code=c", "400"),
            ("/callback?code=c&state=", "400"),
            ("/callback?code=c&state=other", "400"),
            ("/callback?state=s3cr3t", "400"),
            (long.as_str(), "414"),
        ] {
            let answer = browse(&address, path).await;
            assert!(
                answer.starts_with(&format!("HTTP/1.1 {says}")),
                "{path}: {answer}"
            );
            assert!(!answer.contains(STATE));
        }
        let answer = browse(&address, "/callback?code=c%2F1&state=s3cr3t").await;
        assert!(answer.contains("close this page"), "{answer}");
        let redirect = wait.await.unwrap().unwrap();
        assert!(matches!(redirect.answer, Answer::Code(code) if code.reveal() == "c/1"));
    }

    #[tokio::test]
    async fn localhost_is_waited_for_at_both_of_its_addresses() {
        for host in ["127.0.0.1", "[::1]"] {
            let callback = Callback::bind(0, Loopback::Localhost).await.unwrap();
            let uri = callback.redirect_uri().to_owned();
            assert!(uri.starts_with("http://localhost:"), "{uri}");
            let door = callback.doorway().to("https://login.example/").unwrap();
            assert!(door.starts_with("http://127.0.0.1:"), "{door}");
            let address = format!("{host}:{}", callback.port);
            if TcpStream::connect(&address).await.is_err() {
                // This machine has no ::1, and so no browser that asks there.
                continue;
            }
            let wait = tokio::spawn(callback.wait(Opaque::new(STATE)));
            let answer = browse(&address, "/callback?code=c&state=s3cr3t").await;
            assert!(answer.contains("close this page"), "{answer}");
            assert!(wait.await.unwrap().is_ok());
        }
    }

    #[tokio::test]
    async fn a_decline_is_an_answer() {
        let (address, wait) = waiting().await;
        let answer = browse(&address, "/callback?error=access_denied&state=s3cr3t").await;
        assert!(answer.contains("declined"), "{answer}");
        let redirect = wait.await.unwrap().unwrap();
        assert!(matches!(redirect.answer, Answer::Error(it) if it.error == "access_denied"));
    }

    /// Case Z11: another error is not called a decline; its words are shown as text.
    #[tokio::test]
    async fn an_error_is_shown_with_its_description_escaped() {
        let (address, wait) = waiting().await;
        let words = "%3Cscript%3Ealert(1)%3C%2Fscript%3E%26";
        let path = format!("/callback?error=server_error&error_description={words}&state=s3cr3t");
        let answer = browse(&address, &path).await;
        assert!(answer.contains("<code>server_error</code>"), "{answer}");
        assert!(
            answer.contains("&lt;script&gt;alert(1)&lt;/script&gt;&amp;"),
            "{answer}"
        );
        assert!(
            !answer.contains("<script>") && !answer.contains("declined"),
            "{answer}"
        );
        let redirect = wait.await.unwrap().unwrap();
        let Answer::Error(refusal) = redirect.answer else {
            panic!("an error")
        };
        assert_eq!(refusal.description.unwrap(), "<script>alert(1)</script>&");
    }

    /// Case Z11: the browser is started with an address that says nothing, and is sent on once.
    #[tokio::test]
    async fn the_browser_is_sent_on_once_by_an_address_that_says_nothing() {
        let callback = Callback::bind(0, Loopback::Address).await.unwrap();
        let doorway = callback.doorway();
        let zoom = "https://zoom.example/oauth/authorize?state=s3cr3t";
        let door = doorway.to(zoom).unwrap();
        assert!(
            !door.contains(STATE) && door.starts_with("http://127.0.0.1:"),
            "{door}"
        );
        let (address, path) = door["http://".len()..].split_once('/').unwrap();
        let wait = tokio::spawn(callback.wait(Opaque::new(STATE)));
        let path = format!("/{path}");
        let first = browse(address, &path).await;
        assert!(first.starts_with("HTTP/1.1 303"), "{first}");
        assert!(first.contains(&format!("location: {zoom}")), "{first}");
        let second = browse(address, &path).await;
        assert!(second.starts_with("HTTP/1.1 410"), "{second}");
        assert!(!second.contains(STATE), "{second}");
        browse(address, "/callback?code=c&state=s3cr3t").await;
        assert!(wait.await.unwrap().is_ok());
    }

    #[tokio::test]
    async fn silent_connections_are_in_nobodys_way() {
        let (address, wait) = waiting().await;
        let mut silent = Vec::new();
        for _ in 0..50 {
            silent.push(TcpStream::connect(&address).await.unwrap());
        }
        browse(&address, "/callback?code=c&state=s3cr3t").await;
        assert!(wait.await.unwrap().is_ok());
    }
}
