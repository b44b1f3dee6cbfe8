//! What the assistant made of an answer.

use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

/// What a candidate says of the times that would do, which the next ones are chosen by.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct Wanted {
    /// Of each: when an interview can be, or can't.
    pub spans: Vec<WantedSpan>,
    /// A time they name.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub first: Option<Instant>,
}

/// When an interview can be, or can't.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct WantedSpan {
    /// From.
    pub from: Instant,
    /// To.
    pub to: Instant,
    /// Not then.
    pub not: bool,
}

impl Wanted {
    /// Spans that are kept.
    pub const MOST: usize = 8;

    /// Whether an interview that begins and ends then does.
    #[must_use]
    pub fn suits(&self, start: Instant, end: Instant) -> bool {
        let (cannot, can): (Vec<_>, Vec<_>) = self.spans.iter().partition(|it| it.not);
        let touches = |it: &&WantedSpan| start < it.to && end > it.from;
        let holds = |it: &&WantedSpan| it.from <= start && end <= it.to;
        !cannot.iter().any(touches) && (can.is_empty() || can.iter().any(holds))
    }
}

/// What was prepared for a person.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
pub struct Prepared {
    /// The time that was chosen, as far as it was understood.
    pub n: Option<u8>,
    /// Why it is not done without a person.
    pub why: PreparedWhy,
}

/// Why an act is a person's.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Serialize, Deserialize)]
#[serde(rename_all = "kebab-case")]
pub enum PreparedWhy {
    /// It is not clear what they mean, and they were asked before.
    Unclear,
    /// What they write is for a person.
    Theirs,
    /// Several emails that can't be read as one.
    Several,
    /// It may answer times that were sent before.
    Earlier,
    /// The time is not free any more.
    NotFree,
    /// Something speaks against the time now.
    Advice,
    /// The assistant is paused.
    Paused,
    /// They have had other times as often as the assistant sends any.
    TooOften,
    /// They are away again, as often as the assistant waits for anybody.
    Away,
    /// More emails came in than the assistant reads.
    TooMany,
    /// What a later version wrote.
    #[serde(other)]
    Unknown,
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_time_suits_within_what_can_be_and_beside_what_cannot() {
        let at = Instant::from_second;
        let span = |from, to, not| WantedSpan {
            from: at(from),
            to: at(to),
            not,
        };
        let wanted = Wanted {
            spans: vec![
                span(100, 200, false),
                span(300, 400, false),
                span(150, 160, true),
            ],
            first: None,
        };
        for (start, end, expected) in [
            (100, 150, true),
            (120, 155, false),
            (160, 200, true),
            (190, 210, false),
            (300, 400, true),
            (0, 50, false),
        ] {
            assert_eq!(wanted.suits(at(start), at(end)), expected, "{start}");
        }
        assert!(Wanted::default().suits(at(0), at(50)));
        let later: Prepared = serde_json::from_str(r#"{"n":2,"why":"weather"}"#).unwrap();
        assert_eq!(later.why, PreparedWhy::Unknown);
    }
}
