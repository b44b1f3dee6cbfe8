//! Owns what stands in for an answer of Zoom's.

use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde::{Deserialize, Serialize};

use super::api::ApiError;
use super::limits::{Limited, Weight, next_day};
use crate::sandbox::faults::Canned;

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
            Self::Json { status, body } => Canned::json(status, body).response(),
            Self::Html { status } => Canned::Html { status }.response(),
            Self::Xml { status } => Canned::Xml { status }.response(),
            Self::Empty { status } => Canned::Empty { status }.response(),
        }
    }
}
