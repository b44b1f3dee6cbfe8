//! Owns what was said: every exchange with a sandbox, for judges who were not there.
//!
//! It keeps tokens too, for a judge may look for them; so it stays in tests and never in a file.

use std::collections::{BTreeMap, VecDeque};

use axum::body::{Body as Sending, Bytes, to_bytes};
use axum::http::{HeaderMap, Request, header};
use axum::response::Response;
use serde_json::Value;

/// More than any test says; a demo that runs for days forgets the oldest.
const MOST: usize = 10_000;

/// No answer of a sandbox is larger.
const MOST_BYTES: usize = 16 << 20;

/// A body, and what it claims to be.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Body {
    /// `Content-Type` without its parameters, in lower case; empty where there is none.
    pub kind: String,
    /// The bytes.
    pub bytes: Vec<u8>,
}

impl Body {
    fn of(headers: &HeaderMap, bytes: &Bytes) -> Self {
        let kind = headers.get(header::CONTENT_TYPE);
        let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
        let kind = kind.split(';').next().unwrap_or_default();
        Self {
            kind: kind.trim().to_ascii_lowercase(),
            bytes: bytes.to_vec(),
        }
    }

    /// As JSON, if it is.
    #[must_use]
    pub fn json(&self) -> Option<Value> {
        serde_json::from_slice(&self.bytes).ok()
    }
}

/// One request and its answer.
#[derive(Debug, Clone)]
pub struct Exchange {
    /// In capitals.
    pub method: String,
    /// Without the query, as it was sent.
    pub path: String,
    /// What stood behind the question mark, pair by pair.
    pub query: Vec<(String, String)>,
    /// The request's headers that are text, by their name in lower case.
    pub headers: BTreeMap<String, String>,
    /// What was sent.
    pub sent: Body,
    /// The HTTP status.
    pub status: u16,
    /// What came back.
    pub answered: Body,
    /// The answer was a fault's, and no word of the vendor.
    pub canned: bool,
}

/// What was said, oldest first.
#[derive(Default)]
pub(super) struct Ledger(VecDeque<Exchange>);

impl Ledger {
    pub(super) fn add(&mut self, exchange: Exchange) {
        if self.0.len() >= MOST {
            self.0.pop_front();
        }
        self.0.push_back(exchange);
    }

    pub(super) fn exchanges(&self) -> Vec<Exchange> {
        self.0.iter().cloned().collect()
    }
}

/// The exchange, and its answer to go on with.
pub(super) async fn noted(
    request: &Request<Bytes>,
    answer: Response,
    canned: bool,
) -> (Exchange, Response) {
    let (parts, body) = answer.into_parts();
    let body = to_bytes(body, MOST_BYTES).await.unwrap_or_default();
    let uri = request.uri();
    let query = url::form_urlencoded::parse(uri.query().unwrap_or_default().as_bytes());
    let headers = request.headers().iter();
    let texts = headers.filter_map(|(name, value)| {
        let value = value.to_str().ok()?;
        Some((name.as_str().to_owned(), value.to_owned()))
    });
    let exchange = Exchange {
        method: request.method().to_string(),
        path: uri.path().to_owned(),
        query: query.into_owned().collect(),
        headers: texts.collect(),
        sent: Body::of(request.headers(), request.body()),
        status: parts.status.as_u16(),
        answered: Body::of(&parts.headers, &body),
        canned,
    };
    (exchange, Response::from_parts(parts, Sending::from(body)))
}
