//! ★ Owns what an answer of Zoom's API means: pure functions over status, headers and bytes (README,
//! "Refusals").
//!
//! Refused is only what Zoom itself refused; a page of something between us and Zoom refuses
//! nothing.

use greenroom_protocol::text;
use greenroom_protocol::time::Instant;
use reqwest::header::HeaderMap;
use serde::de::DeserializeOwned;

use super::error_body::{self, Body, ErrorBody, FieldError};
use super::outcome::{Outcome, Refusal, RefusalReason, printable};
use super::retry::retry_at;

/// Scopes that are kept of one text, several times what we ask for.
const MOST_SCOPES: usize = 200;

/// What an answer means where the call returns JSON, or nothing (`T = ()`).
pub(crate) fn judge<T: DeserializeOwned>(
    status: u16,
    headers: &HeaderMap,
    body: &[u8],
    now: Instant,
) -> Outcome<T> {
    let error = match error_body::read(body) {
        Body::Error(error) => Some(error),
        Body::Other => None,
    };
    match (status, error) {
        (429, error) => {
            let text = error.map(|error| error.message).unwrap_or_default();
            Outcome::Limited {
                until: retry_at(headers, &text, now),
            }
        }
        // Zoom is known to answer 200 with a refusal inside (ZoomNet's error handler).
        (200..=299, Some(error)) if error.code.is_some() => {
            Outcome::Refused(refusal(status, error))
        }
        (400..=499, Some(error)) => Outcome::Refused(refusal(status, error)),
        (204, _) => done(b"null"),
        (200..=299, _) => done(body),
        // Whatever says so: another token costs nothing.
        (401, None) => Outcome::Refused(refusal(status, ErrorBody::default())),
        // The request did not arrive whole, or only its answer took too long.
        (408, None) => Outcome::Lost(format!("Zoom answered with HTTP {status}")),
        (400..=499, None) => Outcome::NotSent(format!(
            "the answer (HTTP {status}) is not Zoom's; a proxy may be in the way"
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
        Some(3001) => RefusalReason::NoMeeting,
        // As Zoom's older list of errors has it for a delete.
        Some(300) if error.message.contains("is not found or has expired") => {
            RefusalReason::NoMeeting
        }
        Some(3002) => RefusalReason::InProgress,
        Some(1001 | 1010) => RefusalReason::NoUser,
        Some(124) => RefusalReason::Unauthorized,
        Some(300) => RefusalReason::Invalid,
        Some(3161) => RefusalReason::MayNotHost,
        _ => match status {
            401 => RefusalReason::Unauthorized,
            403 => RefusalReason::Forbidden,
            _ => RefusalReason::Other,
        },
    };
    Refusal {
        status,
        code: error.code.filter(|code| *code != 0),
        text: text_of(status, &error),
        fields: error.errors.iter().map(printable_field).collect(),
        reason,
    }
}

/// What a person reads: Zoom's message, then what is wrong with each field. Where there are fields,
/// "Validation Failed." says nothing that they do not.
fn text_of(status: u16, error: &ErrorBody) -> String {
    const LONGEST: usize = 400;
    let about = |it: &FieldError| match (it.field.is_empty(), it.message.is_empty()) {
        (true, _) => it.message.clone(),
        (false, true) => format!("{} is not valid", it.field),
        (false, false) => format!("{}: {}", it.field, it.message),
    };
    let fields: Vec<_> = error.errors.iter().map(about).collect();
    let said = match (error.message.trim(), fields.is_empty()) {
        ("", true) => error.reason.clone().or(error.error.clone()),
        (message, true) => Some(message.to_owned()),
        ("" | "Validation Failed." | "Validation Failed", false) => Some(fields.join(" ")),
        (message, false) => Some(format!("{message} {}", fields.join(" "))),
    };
    text::printable(&said.unwrap_or_else(|| format!("HTTP {status}")), LONGEST)
}

fn printable_field(error: &FieldError) -> FieldError {
    FieldError {
        field: printable(&error.field),
        message: text::printable(&error.message, 1000),
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

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderValue, RETRY_AFTER};

    use super::*;
    use crate::zoom::plan;

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
            (403, r#"{"message":"No permission."}"#, R::Forbidden),
            (
                403,
                "<result><message>No permission.</message><code>200</code></result>",
                R::Forbidden,
            ),
            (
                404,
                "<?xml version=\"1.0\"?><result><code>3001</code><message>Meeting does not exist: 1.</message></result>",
                R::NoMeeting,
            ),
            (
                400,
                "<result><code>300</code><message>Meeting 1 is not found or has expired.</message></result>",
                R::NoMeeting,
            ),
            (
                400,
                "<result><code>4711</code><message>Invalid access token, does not contain scopes:[a].</message></result>",
                R::MissingScope(vec!["a".into()]),
            ),
            (
                400,
                r#"{"code":3002,"message":"Sorry, you cannot delete this meeting since it's in progress."}"#,
                R::InProgress,
            ),
            (
                400,
                r#"{"code":1010,"message":"User does not belong to this account: a."}"#,
                R::NoUser,
            ),
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

    /// Case Z1: a page of a gateway is no refusal, so nothing is given up for it.
    #[test]
    fn only_zoom_refuses() {
        for (status, body) in [
            (403, "<html>"),
            (404, ""),
            (400, "Bad Request"),
            (407, "<html>"),
        ] {
            assert!(
                matches!(answer(status, body), Outcome::NotSent(_)),
                "{status} {body}"
            );
        }
        assert!(matches!(answer(408, "<html>"), Outcome::Lost(_)));
    }

    /// Case Z2: what Zoom says about each field is shown, whatever the format.
    #[test]
    fn every_field_is_named() {
        let json = r#"{"code":300,"message":"Validation Failed.","errors":[{"field":"password","message":"Digits only."},{"field":"timezone","message":""}]}"#;
        let xml = "<result><code>300</code><message>Validation Failed.</message><errors><field>password</field><message>Digits only.</message></errors><errors><field>timezone</field><message></message></errors></result>";
        for body in [json, xml] {
            let Outcome::Refused(refusal) = answer(400, body) else {
                panic!()
            };
            assert_eq!(refusal.text, "password: Digits only. timezone is not valid");
            assert_eq!(refusal.fields.len(), 2);
        }
        let bare = r#"{"code":300,"message":"Request Body should be a valid JSON object."}"#;
        let Outcome::Refused(refusal) = answer(400, bare) else {
            panic!()
        };
        assert_eq!(refusal.text, "Request Body should be a valid JSON object.");
    }

    #[test]
    fn an_empty_answer_is_done_where_nothing_is_expected() {
        let outcome: Outcome<()> = judge(204, &HeaderMap::new(), b"", now());
        assert!(matches!(outcome, Outcome::Done(())));
    }

    /// Case Z8: each limit of Zoom's, by what it says and not by a header that may be missing.
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
            (
                None,
                r#"{"code":429,"message":"Too many concurrent requests. A request to disassociate this user has already been made."}"#,
                now().plus_seconds(2),
            ),
            (
                Some("2027-01-15T12:30:00Z"),
                r#"{"code":429,"message":"You have reached the maximum daily rate limit for this API. Refer to the response header for details on when you can make another request."}"#,
                now().plus_minutes(30),
            ),
            (
                None,
                "<result><code>429</code><message>You have reached the maximum daily rate limit for this API.</message></result>",
                midnight,
            ),
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
        headers.insert("x-ratelimit-type", HeaderValue::from_static("Daily-limit"));
        assert_eq!(retry_at(&headers, "", now()), midnight);
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
