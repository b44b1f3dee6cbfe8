//! What the assistant would have done where it only watches, and how that compares with what people
//! did.

use greenroom_protocol::outreach::{ShadowFigures, Would as Shown};
use serde::{Deserialize, Serialize};

/// What the assistant would have done about an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Would {
    /// It would have booked the time of this number.
    Book {
        /// Its number.
        n: u8,
    },
    /// It would have asked which time they mean.
    Ask,
    /// It would have sent other times.
    Others,
    /// It would have waited.
    Wait,
    /// It would have left it to a person.
    Person,
    /// What a later version wrote.
    #[serde(other)]
    Unknown,
}

impl Would {
    /// The same as callers see it.
    #[must_use]
    pub fn shown(self) -> Shown {
        match self {
            Self::Book { n } => Shown::Book { n },
            Self::Ask => Shown::Ask,
            Self::Others => Shown::Others,
            Self::Wait => Shown::Wait,
            Self::Person => Shown::Person,
            Self::Unknown => Shown::Unknown,
        }
    }
}

/// What a person did about an answer.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(tag = "is", rename_all = "kebab-case")]
pub enum Did {
    /// They booked the time of this number.
    Chose {
        /// Its number.
        n: u8,
    },
    /// They booked otherwise.
    Otherwise,
    /// They have other times sent.
    Others,
    /// They ended it.
    Stopped,
    /// What a later version wrote.
    #[serde(other)]
    Unknown,
}

/// What a person did about an answer that the assistant had not read yet.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Acted {
    /// What they did.
    pub did: Did,
    /// Which round of times was answered.
    pub round: u32,
}

/// How often what the assistant would have done compares so with what people did.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Shadow {
    /// The same.
    pub same: u8,
    /// Something else than the person did.
    pub wrong: u8,
    /// It would have asked the candidate.
    pub asked: u8,
    /// It would have left it to a person, or waited.
    pub left: u8,
}

impl Shadow {
    /// Whether nothing was compared.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// The same as callers see it.
    #[must_use]
    pub fn shown(self) -> ShadowFigures {
        ShadowFigures {
            same: self.same.into(),
            wrong: self.wrong.into(),
            asked: self.asked.into(),
            left: self.left.into(),
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn what_a_later_version_would_have_done_is_left_alone() {
        let read = |text: &str| serde_json::from_str::<Would>(text).unwrap();
        assert_eq!(read(r#"{"is":"book","n":2}"#), Would::Book { n: 2 });
        assert_eq!(read(r#"{"is":"call","at":5}"#), Would::Unknown);
    }
}
