//! Owns what an answer of Zoom's API means, or the lack of one: pure functions over status, headers and bytes.
//!
//! *Lost* is the one that costs care: Zoom may have carried the request out. What Zoom writes is untrusted: it is kept
//! for people, short and without control characters.

use greenroom_protocol::{text, time::Instant};
use reqwest::header::{HeaderMap, RETRY_AFTER};
use serde::{Deserialize, de::DeserializeOwned};

use super::{http::NoReply, plan, refresh::Unavailable};

/// Scopes that are kept of one text, several times what we ask for.
pub(super) const MOST_SCOPES: usize = 200;

/// How a call ended.
#[derive(Debug)]
pub enum Outcome<T> {
    /// Carried out.
    Done(T),
    /// Zoom refused; nothing happened there.
    Refused(Refusal),
    /// Zoom limits how often it may be asked; nothing happened there.
    Limited {
        /// When to ask again.
        until: Instant,
    },
    /// Nothing reached Zoom.
    NotSent(String),
    /// Zoom was asked and there is no usable answer: it may have been carried out.
    Lost(String),
    /// There are no keys to ask with; nothing was sent.
    Disconnected(Unavailable),
}

/// A refusal.
#[derive(Debug, Clone, PartialEq, Eq)]
pub struct Refusal {
    /// The HTTP status.
    pub status: u16,
    /// Zoom's own number, if it gave one.
    pub code: Option<i64>,
    /// Zoom's words, at most 200 characters, none of them control characters.
    pub text: String,
    /// What it means.
    pub reason: RefusalReason,
}

/// What a refusal means.
#[derive(Debug, Clone, PartialEq, Eq)]
pub enum RefusalReason {
    /// The meeting is not there, or no longer (3001).
    NoMeeting,
    /// The user is not there (1001).
    NoUser,
    /// The access token is not taken (124).
    Unauthorized,
    /// Permissions that were not granted (4711).
    MissingScope(Vec<String>),
    /// A field is wrong (300).
    Invalid,
    /// This user may not host or schedule (3161).
    MayNotHost,
    /// Not permitted.
    Forbidden,
    /// Anything else.
    Other,
}

impl<T> Outcome<T> {
    /// The same with another value.
    pub fn map<U>(self, change: impl FnOnce(T) -> U) -> Outcome<U> {
        match self {
            Self::Done(value) => Outcome::Done(change(value)),
            Self::Refused(refusal) => Outcome::Refused(refusal),
            Self::Limited { until } => Outcome::Limited { until },
            Self::NotSent(why) => Outcome::NotSent(why),
            Self::Lost(why) => Outcome::Lost(why),
            Self::Disconnected(unavailable) => Outcome::Disconnected(unavailable),
        }
    }
}

/// The body of Zoom's refusals.
#[derive(Deserialize)]
struct ErrorBody {
    #[serde(alias = "errorCode")]
    code: i64,
    #[serde(default, alias = "errorMessage")]
    message: String,
}

impl<T> From<NoReply> for Outcome<T> {
    fn from(none: NoReply) -> Self {
        match none {
            NoReply::NotSent(cause) => Self::NotSent(cause.to_string()),
            NoReply::Lost(cause) => Self::Lost(cause.to_string()),
        }
    }
}

/// What an answer means where the call returns JSON, or nothing (`T = ()`).
pub(crate) fn judge<T: DeserializeOwned>(
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
    now: Instant,
) -> Outcome<T> {
    let error = serde_json::from_slice::<ErrorBody>(body).ok();
    match (status, error) {
        (429, error) => {
            let text = error.map(|error| error.message).unwrap_or_default();
            Outcome::Limited {
                until: retry_at(headers, &text, now),
            }
        }
        // Zoom is known to answer 200 with a refusal inside (ZoomNet's error handler).
        (200..=299 | 400..=499, Some(error)) => Outcome::Refused(refusal(status, error)),
        (204, None) => done(b"null"),
        (200..=299, None) => done(body),
        (400..=499, None) => Outcome::Refused(refusal(
            status,
            ErrorBody {
                code: 0,
                message: format!("HTTP {status}"),
            },
        )),
        (300..=399, _) => Outcome::Lost("Zoom answered with a redirect".into()),
        _ => Outcome::Lost(format!("Zoom answered with HTTP {status}")),
    }
}

fn done<T: DeserializeOwned>(body: &[u8]) -> Outcome<T> {
    match serde_json::from_slice(body) {
        Ok(value) => Outcome::Done(value),
        Err(_) => Outcome::Lost("Zoom's answer could not be read".into()),
    }
}

fn refusal(status: u16, error: ErrorBody) -> Refusal {
    let reason = match error.code {
        _ if error.message.contains("does not contain scope") => {
            RefusalReason::MissingScope(scopes_in(&error.message))
        }
        3001 => RefusalReason::NoMeeting,
        1001 => RefusalReason::NoUser,
        124 => RefusalReason::Unauthorized,
        300 => RefusalReason::Invalid,
        3161 => RefusalReason::MayNotHost,
        _ => match status {
            401 => RefusalReason::Unauthorized,
            403 => RefusalReason::Forbidden,
            _ => RefusalReason::Other,
        },
    };
    let code = Some(error.code).filter(|code| *code != 0);
    Refusal {
        status,
        code,
        text: printable(&error.message),
        reason,
    }
}

/// The names in `… does not contain scopes:[a, b].`
fn scopes_in(text: &str) -> Vec<String> {
    let inside = text
        .split_once('[')
        .and_then(|(_, rest)| rest.split_once(']'));
    let names = inside
        .map(|(names, _)| names.split(','))
        .into_iter()
        .flatten();
    names
        .map(|name| printable(name.trim()))
        .filter(|name| !name.is_empty())
        .take(MOST_SCOPES)
        .collect()
}

/// What is kept of a text of Zoom.
pub(crate) fn printable(text: &str) -> String {
    text::printable(text, 200)
}

/// When to ask again. The host's daily limit comes without any header, the account's with a date instead of seconds
/// (zoom-api §5); where nothing helps, a second limit is the likely one.
pub(crate) fn retry_at(headers: &HeaderMap, text: &str, now: Instant) -> Instant {
    const SHORTEST: i64 = 2;
    const LONGEST: i64 = 26 * 60 * 60;
    let header = headers
        .get(RETRY_AFTER)
        .and_then(|value| value.to_str().ok());
    let told = header.and_then(|value| told_time(value, now));
    let daily = text.contains("daily rate limit") || text.contains("GMT 00:00:00");
    let until = match told {
        Some(told) => told,
        None if daily => plan::next_utc_day(now),
        None => now,
    };
    until.clamp(now.plus_seconds(SHORTEST), now.plus_seconds(LONGEST))
}

fn told_time(value: &str, now: Instant) -> Option<Instant> {
    if let Ok(seconds) = value.trim().parse::<u32>() {
        return Some(now.plus_seconds(seconds.into()));
    }
    let iso = value.trim().parse::<jiff::Timestamp>().ok();
    let date = || {
        jiff::fmt::rfc2822::parse(value.trim())
            .ok()
            .map(|date| date.timestamp())
    };
    iso.or_else(date).map(Instant::from)
}

#[cfg(test)]
mod tests {
    use reqwest::header::HeaderValue;

    use super::*;

    const NOON: i64 = 1_800_014_400;

    fn now() -> Instant {
        Instant::from_second(NOON)
    }

    fn answer(status: u16, body: &str) -> Outcome<serde_json::Value> {
        judge(status, &HeaderMap::new(), body.as_bytes(), now())
    }

    fn reason(status: u16, body: &str) -> RefusalReason {
        match answer(status, body) {
            Outcome::Refused(refusal) => refusal.reason,
            other => panic!("{other:?}"),
        }
    }

    #[test]
    fn refusals_are_told_apart() {
        use RefusalReason as R;
        let scopes = R::MissingScope(vec!["meeting:delete:meeting".into(), "b".into()]);
        let table = [
            (
                404,
                r#"{"code":3001,"message":"Meeting does not exist: 1."}"#,
                R::NoMeeting,
            ),
            (
                404,
                r#"{"code":1001,"message":"User does not exist: x."}"#,
                R::NoUser,
            ),
            (
                401,
                r#"{"code":124,"message":"Invalid access token."}"#,
                R::Unauthorized,
            ),
            (401, "<html>", R::Unauthorized),
            (
                400,
                r#"{"code":4711,"message":"Invalid access token, does not contain scopes:[meeting:delete:meeting, b]."}"#,
                scopes.clone(),
            ),
            (
                400,
                r#"{"code":104,"message":"Invalid access token, does not contain scopes:[meeting:delete:meeting, b]."}"#,
                scopes,
            ),
            (
                400,
                r#"{"code":300,"message":"Validation Failed.","errors":[]}"#,
                R::Invalid,
            ),
            (400, r#"{"code":3161,"message":"no"}"#, R::MayNotHost),
            (
                200,
                r#"{"code":3001,"message":"Meeting does not exist: 1."}"#,
                R::NoMeeting,
            ),
            (403, "<html>", R::Forbidden),
            (
                400,
                r#"{"status":false,"errorCode":7,"errorMessage":"x"}"#,
                R::Other,
            ),
        ];
        for (status, body, expected) in table {
            assert_eq!(reason(status, body), expected, "{status} {body}");
        }
    }

    #[test]
    fn what_cannot_be_read_after_sending_is_lost() {
        for (status, body) in [
            (500, ""),
            (502, "<html>"),
            (201, "<html>"),
            (200, ""),
            (302, ""),
            (503, r#"{"code":1}"#),
        ] {
            assert!(
                matches!(answer(status, body), Outcome::Lost(_)),
                "{status} {body}"
            );
        }
    }

    #[test]
    fn an_empty_answer_is_done_where_nothing_is_expected() {
        let outcome: Outcome<()> = judge(204, &HeaderMap::new(), b"", now());
        assert!(matches!(outcome, Outcome::Done(())));
    }

    #[test]
    fn limits_say_until_when() {
        let host = r#"{"code":429,"message":"You have exceeded the daily rate limit (100) of Meeting Create/Update API requests permitted for this particular user. You may resume these requests at GMT 00:00:00."}"#;
        let second = r#"{"code":429,"message":"You have reached the maximum per-second rate limit for this API. Try again later."}"#;
        let midnight = plan::next_utc_day(now());
        let table = [
            (None, host, midnight),
            (None, second, now().plus_seconds(2)),
            (Some("7"), second, now().plus_seconds(7)),
            (Some("0"), second, now().plus_seconds(2)),
            (Some("4294967295"), second, now().plus_minutes(26 * 60)),
            (Some("soon"), second, now().plus_seconds(2)),
            (None, "<html>", now().plus_seconds(2)),
        ];
        for (header, body, expected) in table {
            let mut headers = HeaderMap::new();
            if let Some(header) = header {
                headers.insert(RETRY_AFTER, HeaderValue::from_static(header));
            }
            let outcome: Outcome<()> = judge(429, &headers, body.as_bytes(), now());
            let Outcome::Limited { until } = outcome else {
                panic!("{outcome:?}")
            };
            assert_eq!(until, expected, "{header:?} {body}");
        }
        let mut headers = HeaderMap::new();
        let iso = now().plus_minutes(90).to_string();
        headers.insert(RETRY_AFTER, iso.parse().unwrap());
        assert_eq!(retry_at(&headers, "", now()), now().plus_minutes(90));
    }

    #[test]
    fn zooms_words_cannot_steer_a_terminal() {
        let body = r#"{"code":7,"message":"\u001b[2Jgone\r\n"}"#;
        let Outcome::Refused(refusal) = answer(400, body) else {
            panic!()
        };
        assert_eq!(refusal.text, "[2Jgone");
    }
}
