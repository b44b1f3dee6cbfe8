//! How many messages leave a mailbox in a minute. Pure.
//!
//! Exchange Online takes 30 a minute from one mailbox and refuses more:
//! <https://learn.microsoft.com/office365/servicedescriptions/exchange-online-service-description/exchange-online-limits#sending-limits>.
//! What is refused there was counted already, so it is not tried.

use std::collections::VecDeque;

use crate::clock::Steady;

/// Messages in a minute.
const MOST: usize = 30;

/// That minute, in seconds; one more, for the two clocks do not tick together.
const MINUTE: i64 = 61;

/// What left in the last minute.
#[derive(Debug, Default)]
pub struct Pace(VecDeque<Steady>);

impl Pace {
    /// One leaves now.
    ///
    /// # Errors
    /// In how many seconds it may.
    pub fn take(&mut self, now: Steady) -> Result<(), i64> {
        while self.0.front().is_some_and(|at| now.since(*at) >= MINUTE) {
            self.0.pop_front();
        }
        match self.0.front() {
            Some(first) if self.0.len() >= MOST => Err(MINUTE - now.since(*first)),
            _ => {
                self.0.push_back(now);
                Ok(())
            }
        }
    }
}

#[cfg(test)]
mod tests {
    use super::*;
    use crate::clock::Clock;

    #[test]
    fn thirty_leave_in_a_minute_and_the_next_ones_after_it() {
        let begun = Clock::machine().steady();
        let mut pace = Pace::default();
        let mut left = Vec::new();
        let mut at = 0;
        while left.len() < 100 {
            match pace.take(begun.plus_seconds(at)) {
                Ok(()) => left.push(at),
                Err(wait) => {
                    assert!(wait > 0 && wait <= MINUTE, "{wait}");
                    at += wait;
                }
            }
        }
        for window in left.windows(MOST + 1) {
            assert!(window[MOST] - window[0] >= 60, "{window:?}");
        }
        // Nobody waits longer than they have to.
        assert_eq!(left.last(), Some(&(3 * MINUTE)));
    }
}
