//! Times found in a text, as people write them.
//!
//! Invariant: words with more than one sensible reading are never guessed in silence. The primary
//! reading stands in `times` with the others beside it; where none is primary, they are only in
//! `ambiguous`.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::time::Instant;

/// A text that may name times, and what decides how it is read.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimeRead {
    /// What was typed or written; at most 20 000 bytes.
    pub text: String,
    /// The moment that "tomorrow" counts from; `None`: the daemon's present.
    #[serde(default)]
    pub now: Option<Instant>,
    /// The IANA zone of a time that names none; `None`: the caller's.
    #[serde(default)]
    pub zone: Option<String>,
    /// The IANA zone that "their time" means; `None`: such words are not read.
    #[serde(default)]
    pub their_zone: Option<String>,
    /// How the writer's country orders day and month, such as `en_US.UTF-8` or `de-DE`; `None`: as
    /// the zone's country does.
    #[serde(default)]
    pub locale: Option<String>,
}

impl TimeRead {
    /// The protocol that first knew it, and `start_shown` and `locale` of what books.
    pub const SINCE: u32 = 3;
}

/// The times that a text names.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimesRead {
    /// Those with a primary reading, in the order of the text.
    pub times: Vec<TimeFound>,
    /// Words that have several readings and none that comes first.
    pub ambiguous: Vec<Ambiguous>,
    /// What was left over and may matter.
    pub unread: Vec<Unread>,
}

/// How exactly a time is known.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Hash, Serialize, Deserialize, JsonSchema)]
#[serde(rename_all = "kebab-case")]
pub enum Grain {
    /// A clock time.
    Minute,
    /// A part of a day, such as an afternoon.
    Part,
    /// A day; it starts at its local midnight.
    Day,
    /// A week, a month or longer.
    Longer,
}

/// A time that a text names.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct TimeFound {
    /// When it begins.
    pub start: Instant,
    /// When it ends; `None`: no end was said.
    pub end: Option<Instant>,
    /// How exactly it is known.
    pub grain: Grain,
    /// The IANA zone it was read in.
    pub zone: String,
    /// The words it was read from.
    pub words: String,
    /// The rule that chose this reading, such as `bare-hour-in-work-hours` or `weekday-next`.
    pub rule: String,
    /// The other readings of the same words, the likelier first.
    #[serde(default)]
    pub others: Vec<Reading>,
}

/// One way to read words.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Reading {
    /// When it begins.
    pub start: Instant,
    /// When it ends; `None`: no end was said.
    pub end: Option<Instant>,
    /// The rule that gives this reading.
    pub rule: String,
}

/// Words without a primary reading.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Ambiguous {
    /// The words.
    pub words: String,
    /// All their readings; none where the words contradict themselves, such as a weekday and a date
    /// that differ.
    pub readings: Vec<Reading>,
    /// Why no reading comes first, such as `weekday-differs`.
    pub why: String,
}

/// Words that name no time and were left over.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Unread {
    /// The words.
    pub words: String,
}
