//! ★ How much of one kind may begin: so many at once, and where the other side counts, so many a
//! second.
//!
//! It never holds up what somebody waits for: that is counted, and what can wait makes room for it.
//! Seconds are the steady clock's, so a clock that is set lets nothing through.

use crate::clock::Steady;

/// The longest pause after the other side said that it is asked too often. It says so of one
/// account, and others need not wait longer.
const LONGEST_PAUSE_SECONDS: i64 = 60;

/// The pace of one kind, and what has begun of it.
#[derive(Debug, Clone)]
pub struct Pace {
    at_once: usize,
    a_second: Option<usize>,
    second: Option<Steady>,
    begun: usize,
    paused_until: Option<Steady>,
}

impl Pace {
    /// At most so many at once.
    #[must_use]
    pub const fn at_once(at_once: usize) -> Self {
        Self {
            at_once,
            a_second: None,
            second: None,
            begun: 0,
            paused_until: None,
        }
    }

    /// And of them at most so many that begin in one second.
    #[must_use]
    pub const fn a_second(self, most: usize) -> Self {
        Self {
            a_second: Some(most),
            ..self
        }
    }

    /// How many may begin now.
    #[must_use]
    pub fn room(&self, now: Steady, under_way: usize) -> usize {
        if self.paused_until.is_some_and(|until| until > now) {
            return 0;
        }
        let places = self.places(under_way);
        match self.a_second {
            None => places,
            Some(most) if self.second == Some(now) => places.min(most.saturating_sub(self.begun)),
            Some(most) => places.min(most),
        }
    }

    /// How many more there is a place for, whatever this second has seen.
    #[must_use]
    pub fn places(&self, under_way: usize) -> usize {
        self.at_once.saturating_sub(under_way)
    }

    /// When more may begin, where there is no room now; `None`: when one ends.
    #[must_use]
    pub fn more(&self, now: Steady, under_way: usize) -> Option<Steady> {
        let paused = self.paused_until.filter(|until| *until > now);
        (self.places(under_way) > 0).then(|| paused.unwrap_or(now.plus_seconds(1)))
    }

    /// So many begin.
    pub fn count(&mut self, now: Steady, begin: usize) {
        if self.second != Some(now) {
            self.second = Some(now);
            self.begun = 0;
        }
        self.begun += begin;
    }

    /// Lets none begin for so many seconds, a minute at most.
    pub fn pause(&mut self, now: Steady, seconds: i64) {
        let until = now.plus_seconds(seconds.min(LONGEST_PAUSE_SECONDS));
        self.paused_until = self.paused_until.max(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::time::Instant;

    use super::*;
    use crate::clock::SetClock;

    const AT_ONCE: usize = 32;
    const A_SECOND: usize = 4;

    fn now() -> Steady {
        SetClock::at(Instant::from_second(0)).clock().steady()
    }

    fn pace() -> Pace {
        Pace::at_once(AT_ONCE).a_second(A_SECOND)
    }

    #[test]
    fn a_second_has_room_for_so_many_and_what_somebody_waits_for_goes_first() {
        let (now, mut pace) = (now(), pace());
        assert_eq!(pace.room(now, 0), A_SECOND);
        pace.count(now, 1);
        assert_eq!(pace.room(now, 1), A_SECOND - 1);
        // More than a second's worth are needed now: they all begin, and nothing else does.
        pace.count(now, 10);
        assert_eq!(pace.room(now, 11), 0);
        let then = pace.more(now, 11).unwrap();
        assert_eq!(then.since(now), 1);
        assert_eq!(pace.room(then, 11), A_SECOND);
        assert_eq!(pace.room(then, AT_ONCE), 0);
        assert_eq!(pace.more(then, AT_ONCE), None);
    }

    #[test]
    fn a_pause_lasts_as_long_as_it_says_and_never_long() {
        let (now, mut pace) = (now(), pace());
        pace.pause(now, 30);
        pace.pause(now, 5);
        assert_eq!(pace.room(now.plus_seconds(29), 0), 0);
        assert_eq!(pace.more(now, 0), Some(now.plus_seconds(30)));
        assert_eq!(pace.room(now.plus_seconds(30), 0), A_SECOND);
        pace.pause(now, 24 * 60 * 60);
        assert_eq!(pace.room(now.plus_seconds(60), 0), A_SECOND);
    }

    #[test]
    fn without_a_rate_only_places_count() {
        let (now, mut pace) = (now(), Pace::at_once(2));
        pace.count(now, 50);
        assert_eq!((pace.room(now, 1), pace.room(now, 2)), (1, 0));
    }
}
