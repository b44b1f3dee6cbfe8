//! When a summary is looked for. Pure.
//!
//! Zoom makes it some time after the end and tells nobody who has no public address, so it is
//! looked for: soon, then less and less often, until a day has passed.

use greenroom_protocol::time::Instant;

/// Minutes after the end at which it is looked for.
const TRIES: [i64; 6] = [5, 15, 60, 3 * 60, 8 * 60, 24 * 60];

/// When a summary is looked for first.
pub(super) fn first_try(end: Instant) -> Instant {
    end.plus_minutes(TRIES[0])
}

/// When it is looked for next; `None`: a day has passed, and there will be none.
pub(super) fn next_try(end: Instant, now: Instant) -> Option<Instant> {
    TRIES
        .iter()
        .map(|minutes| end.plus_minutes(*minutes))
        .find(|moment| *moment > now)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn from_five_minutes_to_a_day_after_the_end() {
        let end = Instant::from_second(1_800_000_000);
        let mut now = end;
        let mut tried = Vec::new();
        while let Some(next) = next_try(end, now) {
            assert!(next > now);
            tried.push(next.since(end).as_mins());
            now = next;
        }
        assert_eq!(tried, TRIES);
        assert_eq!(next_try(end, end.plus_minutes(24 * 60)), None);
        assert_eq!(first_try(end), end.plus_minutes(5));
    }
}
