//! ★ What an answer of a token endpoint means for the keys at stake, where it has none.
//!
//! The one rule that costs people their connection: keys are dead only where the provider says so.
//! A wrong client never is the person's loss, and everything else may pass.

use greenroom_protocol::time::Instant;
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::Deserialize;

use crate::grants::reason::Reason;
use crate::grants::wire::http::Reply;

/// Of a refusal no more is read, in bytes.
const MOST_BYTES: usize = 64 * 1024;

/// The shortest and the longest wait that a limit is believed, in seconds: some are of a day, and
/// end at midnight UTC.
const SHORTEST_LIMIT_SECONDS: i64 = 2;
const LONGEST_LIMIT_SECONDS: i64 = 26 * 60 * 60;

/// Why there are no fresh keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// What was handed in is dead.
    Dead(Reason),
    /// Refused or not reached; what was handed in is as it was.
    Passing(Reason),
    /// The provider limits how often it may be asked; what was handed in is as it was.
    Limited {
        /// When to ask again.
        until: Instant,
    },
    /// It may have been carried out, and what it made is lost.
    Lost(Reason),
}

/// What was handed in.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Asked {
    /// A code from the browser.
    Exchange,
    /// A refresh token.
    Renewal,
}

impl Asked {
    /// Why it is dead, where the provider says no more than that it is.
    #[must_use]
    pub const fn dead(self) -> Reason {
        match self {
            Self::Exchange => Reason::CodeRefused,
            Self::Renewal => Reason::ReplacedElsewhere,
        }
    }
}

/// A refusal in OAuth's own words (RFC 6749, 5.2).
#[derive(Debug, Clone, PartialEq, Eq, Deserialize)]
pub struct OAuthError {
    /// Such as `invalid_grant`.
    pub error: String,
    /// More of it, in the provider's words; may be empty.
    #[serde(default)]
    pub error_description: String,
}

impl OAuthError {
    /// What a body says; `None` where it is something else, such as a gateway's page.
    #[must_use]
    pub fn read(body: &[u8]) -> Option<Self> {
        let body = Some(body).filter(|body| body.len() <= MOST_BYTES)?;
        serde_json::from_slice(body).ok()
    }
}

/// What a refusal means at a provider that says what RFC 6749 does. Its own words come first: a
/// provider reads those, and asks this for the rest.
#[must_use]
pub fn standard(refusal: &Reply, asked: Asked, now: Instant) -> Failure {
    let Some(said) = OAuthError::read(&refusal.body) else {
        return unreadable(refusal, retry_after(&refusal.headers, now), now);
    };
    match (said.error.as_str(), refusal.status) {
        ("invalid_grant", _) => Failure::Dead(asked.dead()),
        ("invalid_client" | "unauthorized_client", _) => Failure::Passing(Reason::SecretWrong),
        (_, 400..=428 | 430..=499) => Failure::Passing(Reason::ProviderTrouble),
        _ => unreadable(refusal, retry_after(&refusal.headers, now), now),
    }
}

/// A gateway's page, or a limit. What has 4xx was refused; after anything else the provider may have
/// carried it out behind it. `limit`: until when it limits.
#[must_use]
pub fn unreadable(refusal: &Reply, limit: Option<Instant>, now: Instant) -> Failure {
    match refusal.status {
        429 => Failure::Limited {
            until: believed(limit.unwrap_or(now), now),
        },
        400..=499 => Failure::Passing(Reason::ProviderTrouble),
        _ => Failure::Lost(Reason::ProviderTrouble),
    }
}

/// What `Retry-After` says: seconds or a date.
#[must_use]
pub fn retry_after(headers: &HeaderMap, now: Instant) -> Option<Instant> {
    let value = headers.get(RETRY_AFTER)?.to_str().ok()?.trim();
    if let Ok(seconds) = value.parse::<u32>() {
        return Some(now.plus_seconds(seconds.into()));
    }
    let date = || jiff::fmt::rfc2822::parse(value).map(|date| date.timestamp());
    let date = value.parse::<jiff::Timestamp>().or_else(|_| date());
    date.ok().map(Instant::from)
}

/// When a limit is asked about again that is said to last `until` then.
#[must_use]
pub fn believed(until: Instant, now: Instant) -> Instant {
    until.clamp(
        now.plus_seconds(SHORTEST_LIMIT_SECONDS),
        now.plus_seconds(LONGEST_LIMIT_SECONDS),
    )
}

#[cfg(test)]
mod tests {
    use zeroize::Zeroizing;

    use super::*;

    fn noon() -> Instant {
        Instant::from_second(1_800_014_400)
    }

    fn reply(status: u16, body: &str) -> Reply {
        Reply {
            status,
            headers: HeaderMap::new(),
            body: Zeroizing::new(body.into()),
        }
    }

    #[test]
    fn what_the_standard_says_is_understood_of_anyone() {
        use Failure::{Dead, Limited, Lost, Passing};
        let soon = Limited {
            until: noon().plus_seconds(2),
        };
        let table = [
            // Google's and Microsoft's words for a grant that has ended.
            (
                400,
                r#"{"error":"invalid_grant","error_description":"Token has been expired or revoked."}"#,
                Dead(Reason::ReplacedElsewhere),
            ),
            (
                400,
                r#"{"error":"invalid_grant","error_description":"AADSTS700082: expired","error_codes":[700082]}"#,
                Dead(Reason::ReplacedElsewhere),
            ),
            (
                401,
                r#"{"error":"invalid_client"}"#,
                Passing(Reason::SecretWrong),
            ),
            (
                400,
                r#"{"error":"unauthorized_client"}"#,
                Passing(Reason::SecretWrong),
            ),
            (
                400,
                r#"{"error":"invalid_request"}"#,
                Passing(Reason::ProviderTrouble),
            ),
            (400, r#"{"error":7}"#, Passing(Reason::ProviderTrouble)),
            (429, r#"{"error":"slow_down"}"#, soon),
            (429, "<html>", soon),
            (403, "<html>", Passing(Reason::ProviderTrouble)),
            (
                503,
                r#"{"error":"temporarily_unavailable"}"#,
                Lost(Reason::ProviderTrouble),
            ),
            (502, "<html>", Lost(Reason::ProviderTrouble)),
            (200, "", Lost(Reason::ProviderTrouble)),
        ];
        for (status, body, expected) in table {
            let found = standard(&reply(status, body), Asked::Renewal, noon());
            assert_eq!(found, expected, "{status} {body}");
        }
        let code = reply(400, r#"{"error":"invalid_grant"}"#);
        let refused = standard(&code, Asked::Exchange, noon());
        assert_eq!(refused, Dead(Reason::CodeRefused));
    }

    #[test]
    fn a_limit_lasts_as_long_as_it_says_and_no_longer_than_a_day() {
        for (told, wait) in [
            ("7", 7),
            ("0", 2),
            ("2027-01-15T12:01:30Z", 90),
            ("Fri, 15 Jan 2027 12:01:30 GMT", 90),
            ("4294967295", 26 * 60 * 60),
            ("soon", 2),
        ] {
            let mut limited = reply(429, "");
            limited.headers.insert(RETRY_AFTER, told.parse().unwrap());
            let until = noon().plus_seconds(wait);
            let found = standard(&limited, Asked::Renewal, noon());
            assert_eq!(found, Failure::Limited { until }, "{told}");
        }
    }
}
