//! How many renewals nobody waits for may begin.
//!
//! Whoever needs keys now is never held up here: what they begin is counted, and those that can
//! wait make room for it.

use crate::clock::Steady;

/// Renewals that begin in one second. After a long sleep every connection is due at once. Zoom's
/// smallest limit is four light calls a second for an account (zoom-api §5); what the token
/// endpoint takes is documented nowhere. At four a second ten thousand connections are renewed
/// within three quarters of an hour, and on a usual day one begins every nine seconds.
pub const RENEWALS_A_SECOND: usize = 4;

/// Renewals under way at once: when Zoom answers slowly, fewer begin.
const AT_ONCE: usize = 32;

/// The longest pause after Zoom said that it is asked too often. It says so of one account, and
/// others need not wait longer.
const LONGEST_PAUSE_SECONDS: i64 = 60;

/// Counts what begins.
#[derive(Default)]
pub(super) struct Pace {
    second: Option<Steady>,
    begun: usize,
    paused_until: Option<Steady>,
}

impl Pace {
    /// How many may begin now.
    pub(super) fn room(&self, now: Steady, under_way: usize) -> usize {
        if self.paused_until.is_some_and(|until| until > now) {
            return 0;
        }
        let begun = if self.second == Some(now) {
            self.begun
        } else {
            0
        };
        let left = RENEWALS_A_SECOND.saturating_sub(begun);
        left.min(AT_ONCE.saturating_sub(under_way))
    }

    /// When more may begin, where there is no room now; nothing: when one ends.
    pub(super) fn more(&self, now: Steady, under_way: usize) -> Option<Steady> {
        let paused = self.paused_until.filter(|until| *until > now);
        (under_way < AT_ONCE).then(|| paused.unwrap_or(now.plus_seconds(1)))
    }

    /// So many begin.
    pub(super) fn count(&mut self, now: Steady, begin: usize) {
        if self.second != Some(now) {
            self.second = Some(now);
            self.begun = 0;
        }
        self.begun += begin;
    }

    /// Lets none begin for so long.
    pub(super) fn pause(&mut self, now: Steady, seconds: i64) {
        let until = now.plus_seconds(seconds.min(LONGEST_PAUSE_SECONDS));
        self.paused_until = self.paused_until.max(Some(until));
    }
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::time::Instant;

    use super::*;
    use crate::clock::SetClock;

    #[test]
    fn a_second_has_room_for_so_many_and_whoever_waits_goes_first() {
        let now = SetClock::at(Instant::from_second(0)).clock().steady();
        let mut pace = Pace::default();
        assert_eq!(pace.room(now, 0), RENEWALS_A_SECOND);
        pace.count(now, 1);
        assert_eq!(pace.room(now, 1), RENEWALS_A_SECOND - 1);
        // More than a second's worth are needed now: nobody stops them, and nothing else begins.
        pace.count(now, 10);
        assert_eq!(pace.room(now, 11), 0);
        let then = pace.more(now, 11).unwrap();
        assert_eq!(then.since(now), 1);
        assert_eq!(pace.room(then, 11), RENEWALS_A_SECOND);
        assert_eq!(pace.room(then, AT_ONCE), 0);
        assert_eq!(pace.more(then, AT_ONCE), None);
    }

    #[test]
    fn a_pause_is_kept_and_never_long() {
        let now = SetClock::at(Instant::from_second(0)).clock().steady();
        let mut pace = Pace::default();
        pace.pause(now, 30);
        pace.pause(now, 5);
        assert_eq!(pace.room(now.plus_seconds(29), 0), 0);
        assert_eq!(pace.more(now, 0), Some(now.plus_seconds(30)));
        assert_eq!(pace.room(now.plus_seconds(30), 0), RENEWALS_A_SECOND);
        pace.pause(now, 24 * 60 * 60);
        assert_eq!(pace.room(now.plus_seconds(60), 0), RENEWALS_A_SECOND);
    }
}
