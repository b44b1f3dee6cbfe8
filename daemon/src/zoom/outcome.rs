//! ★ Owns how a call to Zoom ends.
//!
//! *Lost* is the one that costs care: Zoom may have carried the request out. What Zoom writes is
//! untrusted: it is kept for people, short and without control characters.

use greenroom_protocol::text;
use greenroom_protocol::time::Instant;

use super::error_body::FieldError;
use super::terms::WORDS;
use crate::grants::{NoReply, Unavailable};

/// How a call ended.
#[derive(Debug)]
pub enum Outcome<T> {
    /// Carried out.
    Done(T),
    /// Zoom refused; nothing happened there.
    Refused(Refusal),
    /// Zoom limits how often it may be asked; nothing happened there.
    Limited {
        /// When to ask again at the earliest; see [`super::after_limit`].
        until: Instant,
    },
    /// Nothing reached Zoom.
    NotSent(String),
    /// Zoom was asked and there is no usable answer: it may have been carried out.
    Lost(String),
    /// There are no keys to ask with; nothing was sent.
    Disconnected(Unavailable),
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Zoom's own number, if it gave one.
    pub code: Option<i64>,
    /// Zoom's words, those about single fields too, at most 400 characters, none of them control
    /// characters.
    pub text: String,
    /// What is wrong with single fields, where Zoom says so (300).
    pub fields: Vec<FieldError>,
    /// What it means.
    pub reason: RefusalReason,
}

impl Refusal {
    /// Zoom's number, where it is one that can mean something.
    pub(crate) fn number(&self) -> Option<u64> {
        self.code.and_then(|code| u64::try_from(code).ok())
    }

    /// The refusal as a sentence, with Zoom's own words where it gave any.
    #[must_use]
    pub fn sentence(&self) -> String {
        match (self.text.is_empty(), self.code) {
            (false, Some(code)) => format!("Zoom refused: {} (code {code})", self.text),
            (false, None) => format!("Zoom refused: {}", self.text),
            (true, _) => format!("Zoom refused (HTTP {})", self.status),
        }
    }
}

/// What a refusal means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalReason {
    /// The meeting is not there, or no longer (3001).
    NoMeeting,
    /// The meeting is under way, which keeps Zoom from changing or deleting it (3002).
    InProgress,
    /// The user is not there (1001), or not in this account (1010).
    NoUser,
    /// The access token is not taken (124).
    Unauthorized,
    /// Permissions that were not granted (4711).
    MissingScope(Vec<String>),
    /// A field is wrong (300).
    Invalid,
    /// This user may not host or schedule (3161).
    MayNotHost,
    /// Not permitted.
    Forbidden,
    /// Anything else.
    Other,
}

impl<T> Outcome<T> {
    /// The same with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Done(value) => Outcome::Done(change(value)),
            Self::Refused(refusal) => Outcome::Refused(refusal),
            Self::Limited { until } => Outcome::Limited { until },
            Self::NotSent(why) => Outcome::NotSent(why),
            Self::Lost(why) => Outcome::Lost(why),
            Self::Disconnected(unavailable) => Outcome::Disconnected(unavailable),
        }
    }
}

impl<T> From<NoReply> for Outcome<T> {
    fn from(none: NoReply) -> Self {
        match none {
            NoReply::NotSent(cause) => Self::NotSent(cause.text(WORDS.name)),
            NoReply::Lost(cause) => Self::Lost(cause.text(WORDS.name)),
        }
    }
}

/// What is kept of a text of Zoom.
pub(crate) fn printable(text: &str) -> String {
    text::printable(text, 200)
}
