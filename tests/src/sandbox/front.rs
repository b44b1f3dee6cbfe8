//! Owns the port and its connections: accepting, what befalls a request, and the date of answers.
//!
//! A request that arrived whole is carried out whether or not its caller waits, as at the vendors;
//! so a caller that is killed or gives up never knows. What is asked for and answered is the
//! [`Site`]'s.

use std::convert::Infallible;
use std::future::Future;
use std::net::Ipv4Addr;
use std::time::Duration;

use axum::Router;
use axum::body::{Body, Bytes, to_bytes};
use axum::http::{HeaderValue, Request, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use hyper::body::Incoming;
use hyper::server::conn::http1;
use hyper::service::{Service as _, service_fn};
use hyper_util::rt::TokioIo;
use hyper_util::service::TowerToHyperService;
use jiff::Timestamp;
use tokio::net::{TcpListener, TcpSocket, TcpStream};
use tokio::sync::watch;

use super::faults::{End, Fate};

/// How many callers may wait to be taken, as the library's own listeners have it.
const BACKLOG: u32 = 1024;

/// Why a sandbox did not start.
#[derive(Debug, thiserror::Error)]
pub enum StartError {
    /// The port is taken or not allowed.
    #[error("start the sandbox: cannot listen on 127.0.0.1:{port}: {cause}; choose another port")]
    Listen {
        /// The port asked for.
        port: u16,
        /// What the system said.
        cause: std::io::Error,
    },
    /// No port for mail is free.
    #[error("start the sandbox: no port for SMTP: {0}")]
    Smtp(std::io::Error),
    /// The system gave no random bytes.
    #[error("start the sandbox: no randomness from the system: {0}")]
    Randomness(getrandom::Error),
}

/// What stands behind a front: one vendor. Clones share it.
pub(super) trait Site: Clone + Send + Sync + 'static {
    /// What a fault may answer.
    type Answer: Send + 'static;

    /// No request is larger, in bytes.
    const MOST_BYTES: usize;

    /// Everything that can be asked for.
    fn routes(&self) -> Router;

    /// Held while a request is under way.
    type Pass: Send + 'static;

    /// Counts a request that arrived whole, and says what befalls it.
    fn arrive(&self, request: &mut Request<Bytes>) -> (Fate<Self::Answer>, Self::Pass);

    /// The answer of a fault.
    fn instead(&self, answer: Self::Answer) -> Response;

    /// The time it is at the vendor.
    fn now(&self) -> Timestamp;

    /// What becomes of an answer before it leaves; `canned` is a fault's, and nothing was done.
    fn leave(
        &self,
        request: &Request<Bytes>,
        answer: Response,
        canned: bool,
    ) -> impl Future<Output = Response> + Send;
}

/// The answer is lost on purpose: the connection closes without one.
#[derive(Debug, thiserror::Error)]
#[error("answer lost on purpose")]
struct Lost;

/// An open port. Dropping it closes the port at once; requests in flight are still answered.
pub(super) struct Front {
    url: String,
    stop: watch::Sender<bool>,
    /// Bound and never listening: once it has hung up, its callers are refused, and nobody else of
    /// this machine is given its port and answers in its place.
    _port: TcpSocket,
}

impl Front {
    /// Opens `port` of 127.0.0.1 (0: any) in the current tokio runtime, for the site that is made
    /// of its address and of a seed.
    pub(super) fn start<S: Site>(
        port: u16,
        site: impl FnOnce(String, u64) -> S,
    ) -> Result<(S, Self), StartError> {
        let listen = |cause| StartError::Listen { port, cause };
        let (listener, holding) = bind(port).map_err(listen)?;
        let url = format!("http://{}", listener.local_addr().map_err(listen)?);
        let seed = getrandom::u64().map_err(StartError::Randomness)?;

        let site = site(url.clone(), seed);
        let (stop, stopped) = watch::channel(false);
        tokio::spawn(serve(listener, site.clone(), stopped));
        let front = Self {
            url,
            stop,
            _port: holding,
        };
        Ok((site, front))
    }

    /// Nobody is there any more: the port is closed.
    pub(super) async fn hang_up(&self) {
        self.stop.send_replace(true);
        self.stop.closed().await;
    }

    /// Where it is, without a slash at the end.
    pub(super) fn url(&self) -> &str {
        &self.url
    }
}

impl Drop for Front {
    fn drop(&mut self) {
        self.stop.send_replace(true);
    }
}

/// One that listens at `port` of 127.0.0.1 (0: at any), and one that only holds the same port. Both
/// may be bound because neither listened yet.
fn bind(port: u16) -> std::io::Result<(TcpListener, TcpSocket)> {
    let bound = |port| {
        let socket = TcpSocket::new_v4()?;
        socket.set_reuseaddr(true)?;
        socket.bind((Ipv4Addr::LOCALHOST, port).into())?;
        Ok::<_, std::io::Error>(socket)
    };
    let listening = bound(port)?;
    let holding = bound(listening.local_addr()?.port())?;
    Ok((listening.listen(BACKLOG)?, holding))
}

/// Accepts until it hears to stop.
async fn serve<S: Site>(listener: TcpListener, site: S, mut stopped: watch::Receiver<bool>) {
    let routes = site.routes();
    loop {
        let accepted = tokio::select! {
            accepted = listener.accept() => accepted,
            _ = stopped.wait_for(|stop| *stop) => return,
        };
        // A failed accept is the caller's misfortune or a passing shortage of files.
        let Ok((stream, _)) = accepted else { continue };
        tokio::spawn(converse(
            stream,
            site.clone(),
            routes.clone(),
            stopped.clone(),
        ));
    }
}

async fn converse<S: Site>(
    stream: TcpStream,
    site: S,
    routes: Router,
    mut stopped: watch::Receiver<bool>,
) {
    let service = service_fn(move |request| answer(request, site.clone(), routes.clone()));
    let connection = http1::Builder::new().serve_connection(TokioIo::new(stream), service);
    let mut connection = std::pin::pin!(connection);
    // Errors are callers that went away and answers lost on purpose.
    tokio::select! {
        _ = connection.as_mut() => return,
        _ = stopped.wait_for(|stop| *stop) => connection.as_mut().graceful_shutdown(),
    }
    let _ = connection.await;
}

async fn answer<S: Site>(
    request: Request<Incoming>,
    site: S,
    routes: Router,
) -> Result<Response, Lost> {
    let (parts, body) = request.into_parts();
    let Ok(body) = to_bytes(Body::new(body), S::MOST_BYTES).await else {
        return Ok(StatusCode::PAYLOAD_TOO_LARGE.into_response());
    };
    let mut request = Request::from_parts(parts, body);
    let (fate, pass) = site.arrive(&mut request);
    let carried_out = tokio::spawn(async move {
        let answer = carry_out(request, fate, site, routes).await;
        drop(pass);
        answer
    });
    carried_out.await.unwrap_or(Err(Lost))
}

async fn carry_out<S: Site>(
    request: Request<Bytes>,
    fate: Fate<S::Answer>,
    site: S,
    routes: Router,
) -> Result<Response, Lost> {
    pause(fate.ms_before).await;
    let (answer, canned) = match fate.end {
        End::Well => (route(&request, routes).await, false),
        End::LostBefore => return Err(Lost),
        End::LostAfter => {
            let answer = route(&request, routes).await;
            site.leave(&request, answer, false).await;
            return Err(Lost);
        }
        End::Instead(answer) => (site.instead(answer), true),
    };
    let answer = site.leave(&request, answer, canned).await;
    pause(fate.ms_after).await;
    Ok(dated(answer, site.now()))
}

/// With the sandbox's own time, as a server's answers have.
fn dated(mut answer: Response, now: Timestamp) -> Response {
    let date = now.strftime("%a, %d %b %Y %H:%M:%S GMT").to_string();
    if let Ok(date) = HeaderValue::from_str(&date) {
        answer.headers_mut().insert(header::DATE, date);
    }
    answer
}

async fn route(request: &Request<Bytes>, routes: Router) -> Response {
    let answered: Result<Response, Infallible> = TowerToHyperService::new(routes)
        .call(request.clone().map(Body::from))
        .await;
    match answered {
        Ok(response) => response,
        Err(never) => match never {},
    }
}

async fn pause(ms: u64) {
    if ms > 0 {
        tokio::time::sleep(Duration::from_millis(ms)).await;
    }
}
