//! What an outreach took, counted as it happens, for reports.

use serde::{Deserialize, Serialize};

/// What an outreach took.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Effort {
    /// Emails about times that left for the candidate.
    pub emails: u16,
    /// A person had to see to it, or did something about it.
    pub touched: bool,
    /// Bookings that were undone before anybody was emailed.
    pub undone: u8,
}

impl Effort {
    /// Whether nothing was counted.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }
}
