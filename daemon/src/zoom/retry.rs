//! ★ When to ask Zoom again that limits how often it may be asked (README, "Limits").

use greenroom_protocol::time::Instant;
use reqwest::header::{HeaderMap, HeaderValue};

use super::plan;
use crate::grants::{believed, retry_after};

/// When to ask again. The host's daily limit comes without any header, the account's with a date
/// instead of seconds; where nothing helps, a second limit is the likely one.
pub(crate) fn retry_at(headers: &HeaderMap, text: &str, now: Instant) -> Instant {
    let of_the_day = |kind: &HeaderValue| kind.as_bytes().eq_ignore_ascii_case(b"Daily-limit");
    let daily = text.contains("daily rate limit")
        || text.contains("GMT 00:00:00")
        || headers.get("x-ratelimit-type").is_some_and(of_the_day);
    let until = match retry_after(headers, now) {
        Some(told) => told,
        None if daily => plan::next_utc_day(now),
        None => now,
    };
    believed(until, now)
}
