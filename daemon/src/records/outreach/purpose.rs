//! What becomes of the time that a candidate chooses.

use greenroom_protocol::id::InterviewId;
use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

/// What becomes of the time that is chosen.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Purpose {
    /// An interview is booked at it.
    #[default]
    Book,
    /// An interview that is booked already is moved to it; until then it stays as it is.
    Move(Moving),
}

/// Which interview is moved.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Moving {
    /// The interview.
    pub interview: InterviewId,
    /// When it was to begin when the times were asked for. Where it begins at another time since,
    /// somebody has moved it otherwise.
    pub start: Instant,
    /// Until when a time can be chosen at the latest: afterwards the interview is too close.
    pub by: Instant,
}

impl Purpose {
    /// Whether an interview is booked that is not there yet.
    #[must_use]
    pub fn is_book(&self) -> bool {
        matches!(self, Self::Book)
    }

    /// The interview that is moved.
    #[must_use]
    pub fn moving(&self) -> Option<&Moving> {
        match self {
            Self::Book => None,
            Self::Move(moving) => Some(moving),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_purpose_reads_back_as_it_was_written() {
        let moving = Moving {
            interview: InterviewId::new(),
            start: Instant::from_second(1_796_000_000),
            by: Instant::from_second(1_795_900_000),
        };
        for purpose in [Purpose::Book, Purpose::Move(moving)] {
            let written = serde_json::to_string(&purpose).expect("written");
            let read: Purpose = serde_json::from_str(&written).expect("read");
            assert_eq!((read, read.is_book()), (purpose, read.moving().is_none()));
        }
    }
}
