//! When a feed is read again. Pure.

use std::hash::{DefaultHasher, Hash as _, Hasher as _};

use greenroom_protocol::time::Instant;

use super::seam::{Answer, NotHeard};
use crate::records::feed::FeedPlace;

/// Between two readings, at most, in seconds: Google and Outlook write these calendars anew no
/// oftener, and a quarter of an hour is what an offer may be old.
pub(super) const EVERY: i64 = 15 * 60;

/// By how much less, by the feed, in seconds: so that a thousand are not read at once.
const SPREAD: i64 = 2 * 60;

/// The wait after the first try that came to nothing, in seconds; it doubles.
const FIRST: i64 = 60;

/// The longest wait, in seconds: of what is broken, too, for it may be mended elsewhere.
const LONGEST: i64 = 60 * 60;

/// The longest that a source is left alone because it asks for that, in seconds.
const LEFT_ALONE: i64 = 24 * 60 * 60;

/// When the feed is read again, after so many tries in a row that came to nothing.
pub(super) fn next(place: FeedPlace, answer: &Answer, failed: u32, now: Instant) -> Instant {
    let backoff = (FIRST << failed.min(10)).min(LONGEST);
    let wait = match answer {
        Ok(_) => EVERY - earlier(place),
        Err(NotHeard::Later { wait, .. }) => {
            backoff.max(wait.unwrap_or_default().clamp(0, LEFT_ALONE))
        }
        Err(NotHeard::Broken(_)) => LONGEST - earlier(place),
    };
    now.plus_seconds(wait)
}

fn earlier(place: FeedPlace) -> i64 {
    let mut hasher = DefaultHasher::new();
    place.hash(&mut hasher);
    i64::try_from(hasher.finish() % SPREAD.unsigned_abs()).unwrap_or_default()
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::{FeedId, MemberId};

    use super::super::seam::Heard;
    use super::*;
    use crate::records::feed::Fault;

    #[test]
    fn feeds_are_read_every_quarter_of_an_hour_and_not_all_at_once() {
        let now = Instant::from_second(0);
        let waits: Vec<_> = (0..200)
            .map(|_| {
                let place = FeedPlace {
                    member: MemberId::new(),
                    feed: FeedId::new(),
                };
                next(place, &Ok(Heard::Same), 0, now).second()
            })
            .collect();
        assert!(waits.iter().all(|it| (EVERY - SPREAD..=EVERY).contains(it)));
        let mut apart = waits;
        apart.sort_unstable();
        apart.dedup();
        assert!(apart.len() > 50, "{apart:?}");
    }

    #[test]
    fn a_try_that_came_to_nothing_waits_longer_each_time() {
        let place = FeedPlace {
            member: MemberId::new(),
            feed: FeedId::new(),
        };
        let after = |failed, wait| {
            let fault = Fault::bare("no answer");
            let answer = Err(NotHeard::Later { fault, wait });
            next(place, &answer, failed, Instant::from_second(0)).second()
        };
        let waits = [0, 1, 2, 6, 99].map(|failed| after(failed, None));
        assert_eq!(waits, [60, 120, 240, 3600, 3600]);
        assert_eq!(after(0, Some(600)), 600);
        assert_eq!(after(3, Some(10)), 480);
        assert_eq!(after(0, Some(i64::MAX)), LEFT_ALONE);
    }
}
