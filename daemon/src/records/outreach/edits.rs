//! What a person changed of an email with times before it left.

use greenroom_protocol::time::Instant;
use serde::{Deserialize, Serialize};

/// What a person changed.
#[derive(Debug, Clone, Default, PartialEq, Eq, Serialize, Deserialize)]
#[serde(default)]
pub struct DraftEdits {
    /// Times that are not to be sent, the newest last.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub without: Vec<Instant>,
    /// Times that a person added.
    #[serde(skip_serializing_if = "Vec::is_empty")]
    pub with: Vec<Instant>,
    /// A line of theirs below the times: one line of at most 500 characters.
    #[serde(skip_serializing_if = "Option::is_none")]
    pub line: Option<String>,
}

impl DraftEdits {
    /// Times that are left out and kept in mind.
    const MOST: usize = 16;

    /// Whether nothing was changed.
    #[must_use]
    pub fn is_nothing(&self) -> bool {
        *self == Self::default()
    }

    /// This time is not to be sent.
    pub fn leave_out(&mut self, start: Instant) {
        self.with.retain(|it| *it != start);
        self.without.retain(|it| *it != start);
        self.without.push(start);
        let surplus = self.without.len().saturating_sub(Self::MOST);
        self.without.drain(..surplus);
    }

    /// This time is to be sent.
    pub fn add(&mut self, start: Instant) {
        self.without.retain(|it| *it != start);
        self.with.retain(|it| *it != start);
        self.with.push(start);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn the_last_word_about_a_time_counts_and_few_are_kept() {
        let at = Instant::from_second;
        let mut edits = DraftEdits::default();
        edits.add(at(1));
        edits.leave_out(at(1));
        assert_eq!((edits.with.len(), &edits.without[..]), (0, &[at(1)][..]));
        edits.add(at(1));
        assert_eq!((&edits.with[..], edits.without.len()), (&[at(1)][..], 0));
        (0..40).for_each(|it| edits.leave_out(at(it)));
        assert_eq!(edits.without.len(), 16);
        assert_eq!(edits.without.last(), Some(&at(39)));
        assert!(DraftEdits::default().is_nothing() && !edits.is_nothing());
    }
}
