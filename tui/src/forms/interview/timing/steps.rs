//! Steps that were pressed, and are made as soon as it is known where they lead.
//!
//! Invariant: they belong to the text that stood in the field when they were pressed; where
//! somebody changes that, none of them is made.

use std::collections::VecDeque;

use crate::forms::interview::calendar::Step;

/// More steps than anybody makes before an answer comes; further ones are not kept.
const MOST: usize = 256;

/// Steps, in order.
#[derive(Debug, Default)]
pub(super) struct Steps {
    all: VecDeque<Step>,
    /// What stood in the field.
    of: String,
}

impl Steps {
    /// One more, while this stands in the field.
    pub(super) fn push(&mut self, step: Step, text: &str) {
        if self.of != text {
            text.clone_into(&mut self.of);
            self.all.clear();
        }
        if self.all.len() < MOST {
            self.all.push_back(step);
        }
    }

    /// The next one to make, while this stands in the field.
    pub(super) fn next(&self, text: &str) -> Option<Step> {
        self.all.front().copied().filter(|_| self.of == text)
    }

    /// The next one is made.
    pub(super) fn made(&mut self) {
        self.all.pop_front();
    }

    /// Something else stands in the field, and nobody typed it.
    pub(super) fn follow(&mut self, before: &str, after: &str) {
        if self.of == before {
            after.clone_into(&mut self.of);
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::forms::interview::calendar::Way;

    #[test]
    fn steps_are_made_in_order_and_not_after_something_else_was_typed() {
        let mut steps = Steps::default();
        let (one, other) = (Step::Free(Way::Later), Step::Free(Way::DayAfter));
        steps.push(one, "thu 2pm");
        steps.push(other, "thu 2pm");
        assert_eq!(steps.next("thu 2pm"), Some(one));
        steps.made();
        steps.follow("thu 2pm", "Thu 3 Dec 14:00");
        assert_eq!(steps.next("Thu 3 Dec 14:00"), Some(other));
        assert_eq!(steps.next("fri"), None);
        steps.push(one, "fri");
        steps.made();
        assert_eq!(steps.next("fri"), None, "those of before are gone");
    }
}
