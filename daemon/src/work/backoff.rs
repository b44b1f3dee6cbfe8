//! How long work waits between tries.

use greenroom_protocol::time::Instant;

const FIRST_WAIT_SECONDS: i64 = 5;

/// The longest that work waits, in seconds.
pub const LONGEST_WAIT_SECONDS: i64 = 15 * 60;

/// When work is tried next after this many tries: twice as long each time.
pub fn next_try(now: Instant, attempts: u32) -> Instant {
    let doubled = FIRST_WAIT_SECONDS << attempts.min(10);
    now.plus_seconds(doubled.min(LONGEST_WAIT_SECONDS))
}
