//! Owns the sandbox's time. Everything that expires, counts by the day or lies in the past asks
//! here.

use jiff::{SignedDuration, Timestamp};
use serde::{Deserialize, Serialize};

/// The clock Zoom goes by.
#[derive(Debug, Clone, Copy, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Clock {
    /// This machine's clock, so many seconds ahead (negative: behind).
    Ahead(i64),
    /// Time stands still at this instant.
    Stopped(Timestamp),
}

impl Clock {
    pub(super) fn now(self) -> Timestamp {
        match self {
            Self::Ahead(seconds) => {
                let now = Timestamp::now();
                now.checked_add(SignedDuration::from_secs(seconds))
                    .unwrap_or(now)
            }
            Self::Stopped(instant) => instant,
        }
    }

    /// The same clock, moved on (or back).
    pub(super) fn moved(self, by: SignedDuration) -> Self {
        match self {
            Self::Ahead(seconds) => Self::Ahead(seconds.saturating_add(by.as_secs())),
            Self::Stopped(instant) => Self::Stopped(instant.checked_add(by).unwrap_or(instant)),
        }
    }
}

/// An instant as Zoom writes it: UTC, whole seconds, `Z`.
pub(super) fn written(instant: Timestamp) -> String {
    instant.strftime("%Y-%m-%dT%H:%M:%SZ").to_string()
}

/// That much later, or the end of time.
pub(super) fn later(instant: Timestamp, by: SignedDuration) -> Timestamp {
    instant.checked_add(by).unwrap_or(Timestamp::MAX)
}
