//! Owns what time it is. Rooms ask this clock and never the machine's, so that a test can say what time it is.
//!
//! Durations that are waited out are tokio's affair; this clock names moments, and waits for them.

use std::time::Duration;

use greenroom_protocol::time::Instant;
use tokio::sync::watch;

/// Tells the time. Clones are one clock.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    Machine,
    Set(watch::Sender<i64>),
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
            Source::Set(second) => Instant::from_second(*second.borrow()),
        }
    }

    /// Waits until it is that moment. This machine's clock is looked at at most once a second and may be set meanwhile, so
    /// whoever waits long looks again in between.
    pub async fn reach(&self, moment: Instant) {
        match &self.0 {
            Source::Machine => {
                let seconds = moment.since(Instant::now()).as_secs().max(1);
                tokio::time::sleep(Duration::from_secs(seconds.unsigned_abs())).await;
            }
            // The sender lives in `self`, so waiting cannot fail.
            Source::Set(second) => {
                let reached = |now: &i64| *now >= moment.second();
                let _ = second.subscribe().wait_for(reached).await;
            }
        }
    }
}

/// Moves a clock that stands still otherwise; for tests.
#[derive(Debug, Clone)]
pub struct SetClock(watch::Sender<i64>);

impl SetClock {
    /// A clock that stands at `at`.
    #[must_use]
    pub fn at(at: Instant) -> Self {
        Self(watch::Sender::new(at.second()))
    }

    /// The clock it moves.
    #[must_use]
    pub fn clock(&self) -> Clock {
        Clock(Source::Set(self.0.clone()))
    }

    /// Moves it on by `seconds` (back when negative).
    pub fn advance(&self, seconds: i64) {
        self.0.send_modify(|now| *now += seconds);
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

    #[tokio::test]
    async fn whoever_waits_for_a_moment_goes_on_when_it_is_reached() {
        let hand = SetClock::at(Instant::from_second(1_000));
        let clock = hand.clock();
        let mut waiting = Box::pin(clock.reach(Instant::from_second(1_060)));
        hand.advance(59);
        assert!(futures::poll!(&mut waiting).is_pending());
        hand.advance(1);
        waiting.await;
    }
}
