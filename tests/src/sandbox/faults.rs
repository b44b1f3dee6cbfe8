//! Owns misfortune: which request goes wrong, how, and how often.
//!
//! Deciding happens once, on arrival, so that a fault counted down is never spent twice.

use axum::http::{HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::api::ApiError;
use super::dice::Dice;
use super::endpoint::Endpoint;
use super::limits::{Limited, Weight, next_day};

/// What goes wrong.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "kind", rename_all = "snake_case")]
pub enum FaultKind {
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
    /// This answer instead of Zoom's; nothing was done.
    Answer(Answer),
}

/// An answer that stands in for the real one.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize)]
#[serde(tag = "answer", rename_all = "snake_case")]
pub enum Answer {
    /// 429, too many calls this second.
    PerSecondLimit,
    /// 429, too many calls today by this account; `Retry-After` is a date.
    DailyLimit,
    /// 429, too many create and update calls today by this host; without `Retry-After`.
    HostLimit,
    /// This JSON.
    Json {
        /// HTTP status.
        status: u16,
        /// The body.
        body: serde_json::Value,
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
pub struct Fault {
    /// Which requests; `None` is any that an [`Endpoint`] names.
    #[serde(default)]
    pub endpoint: Option<Endpoint>,
    /// What goes wrong.
    #[serde(flatten)]
    pub kind: FaultKind,
    /// How often; once by default.
    #[serde(default = "once")]
    pub often: Often,
}

impl Fault {
    /// The next request to this endpoint.
    pub fn once(endpoint: Endpoint, kind: FaultKind) -> Self {
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
#[derive(Default)]
pub(super) struct Faults {
    waiting: Vec<(Fault, Dice)>,
}

impl Faults {
    pub(super) fn add(&mut self, fault: Fault) {
        let seed = match fault.often {
            Often::Chance { seed, .. } => seed,
            Often::Times(_) | Often::Always => 0,
        };
        self.waiting.push((fault, Dice::seeded(seed)));
    }

    pub(super) fn clear(&mut self) {
        self.waiting.clear();
    }

    pub(super) fn waiting(&self) -> impl Iterator<Item = &Fault> {
        self.waiting.iter().map(|(fault, _)| fault)
    }

    /// What befalls a request that just arrived.
    pub(super) fn strike(&mut self, endpoint: Endpoint) -> Fate {
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
#[derive(Default)]
pub(super) struct Fate {
    pub(super) ms_before: u64,
    pub(super) ms_after: u64,
    pub(super) end: End,
}

/// How a request ends.
#[derive(Default)]
pub(super) enum End {
    #[default]
    Well,
    LostBefore,
    LostAfter,
    /// With another answer, nothing done.
    Instead(Answer),
}

impl Fate {
    fn has_room(&self, kind: &FaultKind) -> bool {
        matches!(kind, FaultKind::Slow { .. } | FaultKind::SlowAnswer { .. })
            || matches!(self.end, End::Well)
    }

    fn suffer(&mut self, kind: FaultKind) {
        match kind {
            FaultKind::Slow { ms } => self.ms_before += ms,
            FaultKind::SlowAnswer { ms } => self.ms_after += ms,
            FaultKind::LostBefore => self.end = End::LostBefore,
            FaultKind::LostAfter => self.end = End::LostAfter,
            FaultKind::Answer(answer) => self.end = End::Instead(answer),
        }
    }
}

impl Answer {
    pub(super) fn response(self, now: Timestamp) -> Response {
        let weight = Weight::Light;
        match self {
            Self::PerSecondLimit => {
                ApiError::Limited(Limited::PerSecond { weight, limit: 80 }).into_response()
            }
            Self::DailyLimit => {
                let until = next_day(now);
                ApiError::Limited(Limited::Daily {
                    weight,
                    limit: 6000,
                    until,
                })
                .into_response()
            }
            Self::HostLimit => ApiError::Limited(Limited::Host { limit: 100 }).into_response(),
            Self::Json { status, body } => (code(status), axum::Json(body)).into_response(),
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
