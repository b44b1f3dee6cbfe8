//! What changed since a revision: how every client stays current without asking for everything.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

/// The most rows one answer of `changes` has.
pub const MOST_CHANGES: usize = 1000;

/// Waits until something after a revision changed.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ChangesQuery {
    /// The last revision the caller knows.
    pub after: u64,
    /// The store that revision is of, from `hello`; another store answers `reset`.
    #[serde(default)]
    pub store: Option<String>,
    /// How long to wait at most, in seconds; `None`: until a second before the call's deadline.
    #[serde(default)]
    pub wait_seconds: Option<u32>,
}

/// What changed; empty when nothing did in time.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Changes {
    /// What to pass as `after` next.
    pub revision: u64,
    /// The caller's revision is too old or of another store: fetch everything again.
    pub reset: bool,
    /// The changed records the caller may read, oldest change first, at most [`MOST_CHANGES`].
    pub changed: Vec<Changed>,
}

/// One changed record.
#[derive(Debug, Clone, PartialEq, Eq, Serialize, Deserialize, JsonSchema)]
pub struct Changed {
    /// Its table: `member`, `job`, `stage`, `candidate`, `application`, `interview`, `insight`,
    /// `connection`, `workspace`, `mail` (a letter, wherever it is kept), `received` (an email
    /// that came in), `feed` (a calendar that others keep, and what it says), `company-calendars`
    /// (everybody's, by one account) or `drift` (a check of a host, or a stray).
    pub table: String,
    /// Its id.
    pub id: String,
    /// The revision of the change.
    pub revision: u64,
}
