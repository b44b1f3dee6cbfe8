//! Owns what time it is. Rooms ask this clock and never the machine's, so that a test can say what time it is.
//!
//! Durations that are waited out are tokio's affair; this clock only names moments.

use std::sync::{
    Arc,
    atomic::{AtomicI64, Ordering},
};

use greenroom_protocol::time::Instant;

/// Tells the time. Clones are one clock.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    Machine,
    Set(Arc<AtomicI64>),
}

impl Clock {
    /// This machine's clock.
    #[must_use]
    pub fn machine() -> Self {
        Self(Source::Machine)
    }

    /// Now.
    #[must_use]
    pub fn now(&self) -> Instant {
        match &self.0 {
            Source::Machine => Instant::now(),
            Source::Set(second) => Instant::from_second(second.load(Ordering::SeqCst)),
        }
    }
}

/// Moves a clock that stands still otherwise; for tests.
#[derive(Debug, Clone)]
pub struct SetClock(Arc<AtomicI64>);

impl SetClock {
    /// A clock that stands at `at`.
    #[must_use]
    pub fn at(at: Instant) -> Self {
        Self(Arc::new(AtomicI64::new(at.second())))
    }

    /// The clock it moves.
    #[must_use]
    pub fn clock(&self) -> Clock {
        Clock(Source::Set(Arc::clone(&self.0)))
    }

    /// Moves it on by `seconds` (back when negative).
    pub fn advance(&self, seconds: i64) {
        self.0.fetch_add(seconds, Ordering::SeqCst);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_clock_moves_only_by_hand() {
        let hand = SetClock::at(Instant::from_second(1_000));
        let clock = hand.clock();
        assert_eq!(clock.now().second(), 1_000);
        hand.advance(90);
        assert_eq!(clock.now().second(), 1_090);
    }
}
