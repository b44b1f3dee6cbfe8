//! Owns what time it is. Services ask this clock and never the machine's, so that a test can say
//! what time it is.
//!
//! It tells two times. The wall's, which people read and set, and which records carry: [`Instant`].
//! And a steady one, which nobody sets and which goes on while the machine sleeps: [`Steady`], for
//! what must last as long as it was promised to. Durations that are waited out are tokio's affair;
//! tokio's timers stand still while the machine sleeps, so anyone who waits for a moment here looks
//! again in between.

use std::time::Duration;

use greenroom_protocol::time::Instant;
use jiff::civil::Time;
use jiff::tz::TimeZone;
use rustix::time::{ClockId, clock_gettime};
use tokio::sync::watch;

/// The longest sleep between two looks at the clock: it may be set, and machines sleep, without a
/// timer noticing.
const LONGEST_SLEEP: Duration = Duration::from_secs(30);

/// Linux has a clock of its own that goes on while the machine sleeps; elsewhere the monotonic one
/// does.
#[cfg(target_os = "linux")]
const STEADY: ClockId = ClockId::Boottime;
#[cfg(not(target_os = "linux"))]
const STEADY: ClockId = ClockId::Monotonic;

/// When nights are taken to begin, where this machine is: late enough for yesterday to be over,
/// early enough for nobody to wait.
const NIGHT_HOUR: i8 = 3;

/// The first night after `last`, by the clocks of `zone`.
pub fn night_after(last: Instant, zone: &TimeZone) -> Instant {
    let local = last.timestamp().to_zoned(zone.clone());
    let night = Time::constant(NIGHT_HOUR, 0, 0, 0);
    let days = i64::from(local.time() >= night);
    let day = local.date().saturating_add(jiff::Span::new().days(days));
    // Where the clock jumps over that hour, the moment after the jump is as good.
    match day.to_datetime(night).to_zoned(zone.clone()) {
        Ok(due) => due.timestamp().into(),
        Err(_) => last.plus_minutes(24 * 60),
    }
}

/// Tells the time. Clones are one clock.
#[derive(Debug, Clone)]
pub struct Clock(Source);

#[derive(Debug, Clone)]
enum Source {
    Machine,
    Set(watch::Sender<Hands>),
}

/// Where a set clock stands, in seconds.
#[derive(Debug, Clone, Copy)]
struct Hands {
    wall: i64,
    steady: i64,
}

/// A moment of the steady clock, to the second. It means nothing to another process.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash)]
pub struct Steady(i64);

impl Steady {
    /// `seconds` later (earlier when negative).
    #[must_use]
    pub fn plus_seconds(self, seconds: i64) -> Self {
        Self(self.0.saturating_add(seconds))
    }

    /// Seconds from `earlier` to this one.
    #[must_use]
    pub fn since(self, earlier: Self) -> i64 {
        self.0.saturating_sub(earlier.0)
    }
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
            Source::Set(hands) => Instant::from_second(hands.borrow().wall),
        }
    }

    /// Now, by the clock that nobody sets.
    #[must_use]
    pub fn steady(&self) -> Steady {
        match &self.0 {
            Source::Machine => {
                Steady(i64::try_from(machine_steady().as_secs()).unwrap_or(i64::MAX))
            }
            Source::Set(hands) => Steady(hands.borrow().steady),
        }
    }

    /// Waits until it is that moment, however the clock gets there.
    pub async fn reach(&self, moment: Instant) {
        match &self.0 {
            Source::Machine => loop {
                let left = moment.since(Instant::now()).as_secs();
                if left <= 0 {
                    return;
                }
                sleep(Duration::from_secs(left.unsigned_abs())).await;
            },
            Source::Set(hands) => reached(hands, |now| now.wall >= moment.second()).await,
        }
    }

    /// Waits until the steady clock is there.
    pub async fn reach_steady(&self, moment: Steady) {
        match &self.0 {
            Source::Machine => loop {
                let moment = Duration::from_secs(moment.0.max(0).unsigned_abs());
                let left = moment.saturating_sub(machine_steady());
                if left.is_zero() {
                    return;
                }
                sleep(left).await;
            },
            Source::Set(hands) => reached(hands, |now| now.steady >= moment.0).await,
        }
    }
}

async fn sleep(left: Duration) {
    tokio::time::sleep(left.min(LONGEST_SLEEP)).await;
}

async fn reached(hands: &watch::Sender<Hands>, so: impl FnMut(&Hands) -> bool) {
    // The sender is borrowed, so waiting cannot fail.
    let _ = hands.subscribe().wait_for(so).await;
}

fn machine_steady() -> Duration {
    Duration::try_from(clock_gettime(STEADY)).unwrap_or_default()
}

/// Moves a clock that stands still otherwise; for tests.
#[derive(Debug, Clone)]
pub struct SetClock(watch::Sender<Hands>);

impl SetClock {
    /// A clock that stands at `at`.
    #[must_use]
    pub fn at(at: Instant) -> Self {
        let wall = at.second();
        Self(watch::Sender::new(Hands { wall, steady: 0 }))
    }

    /// The clock it moves.
    #[must_use]
    pub fn clock(&self) -> Clock {
        Clock(Source::Set(self.0.clone()))
    }

    /// So much time passes, in seconds, all at once: also what a machine sees that slept.
    pub fn advance(&self, seconds: i64) {
        self.0.send_modify(|now| {
            now.wall += seconds;
            now.steady += seconds;
        });
    }

    /// Somebody sets the clock on the wall on by `seconds` (back when negative). No time passes.
    pub fn is_set_by(&self, seconds: i64) {
        self.0.send_modify(|now| now.wall += seconds);
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_set_clock_moves_only_by_hand() {
        let hand = SetClock::at(Instant::from_second(1_000));
        let clock = hand.clock();
        let begun = clock.steady();
        assert_eq!(clock.now().second(), 1_000);
        hand.advance(90);
        assert_eq!(clock.now().second(), 1_090);
        hand.is_set_by(-600);
        assert_eq!(clock.now().second(), 490);
        assert_eq!(clock.steady().since(begun), 90);
    }

    #[tokio::test]
    async fn whoever_waits_for_a_moment_goes_on_when_it_is_reached() {
        let hand = SetClock::at(Instant::from_second(1_000));
        let clock = hand.clock();
        let mut waiting = Box::pin(clock.reach(Instant::from_second(1_060)));
        let mut steadily = Box::pin(clock.reach_steady(clock.steady().plus_seconds(60)));
        hand.advance(59);
        assert!(futures::poll!(&mut waiting).is_pending());
        hand.is_set_by(1);
        waiting.await;
        assert!(futures::poll!(&mut steadily).is_pending());
        hand.advance(1);
        steadily.await;
    }

    #[tokio::test]
    async fn this_machines_clocks_are_reached_too() {
        let clock = Clock::machine();
        let (wall, steady) = (clock.now(), clock.steady());
        clock.reach(wall).await;
        clock.reach_steady(steady).await;
        assert!(clock.steady() >= steady);
    }
}
