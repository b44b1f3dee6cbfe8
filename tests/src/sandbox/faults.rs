//! Owns misfortune: which request goes wrong, how, and how often.
//!
//! Deciding happens once, on arrival, so that a fault counted down is never spent twice. What can
//! be asked for, and what stands in for an answer, are the vendor's.

use std::collections::BTreeMap;

use axum::http::{HeaderName, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde::{Deserialize, Serialize};

use super::dice::Dice;

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind<A> {
    /// The request waits before it is carried out. It is carried out even if the caller goes away
    /// meanwhile.
    Slow {
        /// Milliseconds.
        ms: u64,
    },
    /// The request is carried out; its answer waits.
    SlowAnswer {
        /// Milliseconds.
        ms: u64,
    },
    /// The connection closes without an answer; nothing was done.
    LostBefore,
    /// The request is carried out; then the connection closes without an answer.
    LostAfter,
    /// This answer instead of the vendor's; nothing was done.
    Answer(A),
}

/// An answer that stands in for the real one and is none of the vendor's own.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Canned {
    /// This JSON.
    Json {
        /// HTTP status.
        status: u16,
        /// The body.
        body: serde_json::Value,
        /// Headers besides, such as `retry-after`.
        #[serde(default)]
        headers: BTreeMap<String, String>,
    },
    /// A gateway's HTML page.
    Html {
        /// HTTP status.
        status: u16,
    },
    /// An XML body.
    Xml {
        /// HTTP status.
        status: u16,
    },
    /// No body at all.
    Empty {
        /// HTTP status.
        status: u16,
    },
}

/// How often a fault strikes.
#[derive(Debug, Clone, Copy, PartialEq, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Often {
    /// The next so many requests.
    Times(u32),
    /// Each request with this probability (0 to 1); the same seed strikes at the same requests.
    Chance {
        /// 0 to 1.
        probability: f64,
        /// Starts the stream.
        seed: u64,
    },
    /// Until faults are cleared.
    Always,
}

/// A fault to switch on.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
pub struct Fault<E, A> {
    /// Which requests; `None` is any that can be named.
    #[serde(default = "any")]
    pub endpoint: Option<E>,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind<A>,
    /// How often; once by default.
    #[serde(default = "once")]
    pub often: Often,
}

impl<E, A> Fault<E, A> {
    /// The next request to this endpoint.
    pub fn once(endpoint: E, kind: FaultKind<A>) -> Self {
        Self {
            endpoint: Some(endpoint),
            kind,
            often: once(),
        }
    }

    /// The same fault, so often.
    #[must_use]
    pub fn often(self, often: Often) -> Self {
        Self { often, ..self }
    }
}

/// The faults switched on. The first of them decides the answer; slowness adds up.
pub(super) struct Faults<E, A> {
    waiting: Vec<(Fault<E, A>, Dice)>,
}

impl<E, A> Default for Faults<E, A> {
    fn default() -> Self {
        Self {
            waiting: Vec::new(),
        }
    }
}

impl<E: Copy + PartialEq, A: Clone> Faults<E, A> {
    pub(super) fn add(&mut self, fault: Fault<E, A>) {
        let seed = match fault.often {
            Often::Chance { seed, .. } => seed,
            Often::Times(_) | Often::Always => 0,
        };
        self.waiting.push((fault, Dice::seeded(seed)));
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    pub(super) fn waiting(&self) -> impl Iterator<Item = &Fault<E, A>> {
        self.waiting.iter().map(|(fault, _)| fault)
    }

    /// What befalls a request that just arrived.
    pub(super) fn strike(&mut self, endpoint: E) -> Fate<A> {
        let mut fate = Fate::default();
        for (fault, dice) in &mut self.waiting {
            if fault.endpoint.is_some_and(|named| named != endpoint) || !fate.has_room(&fault.kind)
            {
                continue;
            }
            let strikes = match &mut fault.often {
                Often::Times(left) => {
                    let strikes = *left > 0;
                    *left = left.saturating_sub(1);
                    strikes
                }
                Often::Chance { probability, .. } => dice.chance(*probability),
                Often::Always => true,
            };
            if strikes {
                fate.suffer(fault.kind.clone());
            }
        }
        self.waiting
            .retain(|(fault, _)| fault.often != Often::Times(0));
        fate
    }
}

/// What befalls one request.
pub(super) struct Fate<A> {
    pub(super) ms_before: u64,
    pub(super) ms_after: u64,
    pub(super) end: End<A>,
}

/// How a request ends.
pub(super) enum End<A> {
    Well,
    LostBefore,
    LostAfter,
    /// With another answer, nothing done.
    Instead(A),
}

impl<A> Default for Fate<A> {
    fn default() -> Self {
        Self {
            ms_before: 0,
            ms_after: 0,
            end: End::Well,
        }
    }
}

impl<A> Fate<A> {
    fn has_room(&self, kind: &FaultKind<A>) -> bool {
        matches!(kind, FaultKind::Slow { .. } | FaultKind::SlowAnswer { .. })
            || matches!(self.end, End::Well)
    }

    fn suffer(&mut self, kind: FaultKind<A>) {
        match kind {
            FaultKind::Slow { ms } => self.ms_before += ms,
            FaultKind::SlowAnswer { ms } => self.ms_after += ms,
            FaultKind::LostBefore => self.end = End::LostBefore,
            FaultKind::LostAfter => self.end = End::LostAfter,
            FaultKind::Answer(answer) => self.end = End::Instead(answer),
        }
    }
}

impl Canned {
    /// This JSON, without further headers.
    #[must_use]
    pub fn json(status: u16, body: serde_json::Value) -> Self {
        Self::Json {
            status,
            body,
            headers: BTreeMap::new(),
        }
    }

    pub(super) fn response(self) -> Response {
        match self {
            Self::Json {
                status,
                body,
                headers,
            } => {
                let mut response = (code(status), axum::Json(body)).into_response();
                for (name, value) in headers {
                    let name = HeaderName::try_from(name);
                    if let (Ok(name), Ok(value)) = (name, HeaderValue::try_from(value)) {
                        response.headers_mut().insert(name, value);
                    }
                }
                response
            }
            Self::Html { status } => body(
                status,
                "text/html",
                "<html><head><title>502 Bad Gateway</title></head><body>Bad Gateway</body></html>",
            ),
            Self::Xml { status } => body(
                status,
                "application/xml",
                "<?xml version=\"1.0\"?><result><errorCode>500</errorCode></result>",
            ),
            Self::Empty { status } => code(status).into_response(),
        }
    }
}

fn body(status: u16, kind: &'static str, text: &'static str) -> Response {
    let kind = [(header::CONTENT_TYPE, HeaderValue::from_static(kind))];
    (code(status), kind, text).into_response()
}

fn code(status: u16) -> StatusCode {
    StatusCode::from_u16(status).unwrap_or(StatusCode::INTERNAL_SERVER_ERROR)
}

fn once() -> Often {
    Often::Times(1)
}

fn any<E>() -> Option<E> {
    None
}
