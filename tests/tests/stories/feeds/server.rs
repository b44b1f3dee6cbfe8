//! A server that gives a calendar at a secret address, as a story has it do.

use std::net::SocketAddr;
use std::sync::{Arc, Mutex, MutexGuard, PoisonError};

use axum::Router;
use axum::body::Body;
use axum::extract::{Path, State};
use axum::http::header::{CONTENT_TYPE, ETAG, IF_NONE_MATCH, LOCATION, RETRY_AFTER};
use axum::http::{HeaderMap, Response, StatusCode};
use axum::routing::get;

/// What nobody but the one who was given it may know.
pub const SECRET: &str = "private-0badcafe0badcafe";

/// What the server does.
#[derive(Debug, Clone)]
pub enum Does {
    /// Sends this under this name, and nothing more where the name is known.
    Sends(&'static str, String),
    /// Sends this under no name.
    SendsUnnamed(String),
    /// Answers with a page for people.
    ShowsAPage,
    /// Refuses with this status.
    Refuses(u16),
    /// Refuses with this status, and asks to be left alone for so many seconds.
    RefusesFor(u16, u32),
    /// Leads there.
    Leads(String),
}

#[derive(Debug, Default)]
struct Seen {
    does: Option<Does>,
    asked: usize,
    /// How often it said that nothing changed.
    unchanged: usize,
}

/// The server; it ends with the story.
#[derive(Clone)]
pub struct Server {
    place: SocketAddr,
    seen: Arc<Mutex<Seen>>,
}

impl Server {
    pub async fn new(does: Does) -> Self {
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let server = Self {
            place: listener.local_addr().unwrap(),
            seen: Arc::default(),
        };
        server.now(does);
        let router = Router::new().route("/{*path}", get(answer));
        let router = router.with_state(server.clone());
        tokio::spawn(async move { axum::serve(listener, router).await });
        server
    }

    /// From now on it does this.
    pub fn now(&self, does: Does) {
        self.seen().does = Some(does);
    }

    /// The address of the calendar.
    pub fn url(&self) -> String {
        format!("http://{}/ical/{SECRET}/basic.ics", self.place)
    }

    /// How often it was asked, and how often it said that nothing changed.
    pub fn counts(&self) -> (usize, usize) {
        let seen = self.seen();
        (seen.asked, seen.unchanged)
    }

    fn seen(&self) -> MutexGuard<'_, Seen> {
        self.seen.lock().unwrap_or_else(PoisonError::into_inner)
    }
}

async fn answer(
    State(server): State<Server>,
    Path(path): Path<String>,
    headers: HeaderMap,
) -> Response<Body> {
    let mut seen = server.seen();
    seen.asked += 1;
    let response = Response::builder();
    let ics = |text: String| Body::from(text);
    let does = seen.does.clone().filter(|_| path.contains(SECRET));
    let answered = match does {
        None => response.status(404).body(Body::empty()),
        Some(Does::Sends(name, text)) => {
            let name = format!("\"{name}\"");
            let known = headers.get(IF_NONE_MATCH);
            if known.is_some_and(|it| it.as_bytes() == name.as_bytes()) {
                seen.unchanged += 1;
                response
                    .status(StatusCode::NOT_MODIFIED)
                    .body(Body::empty())
            } else {
                let response = response.header(CONTENT_TYPE, "text/calendar");
                response.header(ETAG, name).body(ics(text))
            }
        }
        Some(Does::SendsUnnamed(text)) => response
            .header(CONTENT_TYPE, "text/calendar")
            .body(ics(text)),
        Some(Does::ShowsAPage) => {
            let page = "<!DOCTYPE html><html><body><h1>Log in</h1></body></html>";
            response
                .header(CONTENT_TYPE, "text/html")
                .body(Body::from(page))
        }
        Some(Does::Refuses(status)) => response.status(status).body(Body::from(path)),
        Some(Does::RefusesFor(status, seconds)) => response
            .status(status)
            .header(RETRY_AFTER, seconds.to_string())
            .body(Body::empty()),
        Some(Does::Leads(to)) => response
            .status(302)
            .header(LOCATION, to)
            .body(Body::empty()),
    };
    answered.unwrap()
}
