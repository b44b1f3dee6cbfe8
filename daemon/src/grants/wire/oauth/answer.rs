//! Owns what an answer of the token endpoint means for the keys at stake.
//!
//! The one rule that costs people their connection: keys are dead only when Zoom says
//! `invalid_grant` or `Invalid Token!`, or gives a number that means it. A wrong client never is
//! the person's loss, and everything else may pass. Keys that no request could carry are no keys.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::BoxFuture;
use greenroom_protocol::time::Instant;
use oauth2::{HttpRequest, HttpResponse, RequestTokenError, TokenResponse};
use secrecy::SecretString;

use crate::grants::reason::Reason;
use crate::grants::wire::http::{Cause, NoReply, Reply, Sent};
use crate::zoom::error_body::{self, Body};
use crate::zoom::outcome::{MOST_SCOPES, retry_at};

/// The longest name of a scope, in bytes; Zoom's have a few dozen.
const LONGEST_SCOPE: usize = 200;

/// A fresh pair of keys and what they are good for.
pub(crate) struct Tokens {
    pub(crate) access: SecretString,
    pub(crate) refresh: SecretString,
    /// Seconds from now; Zoom says 3599.
    pub(crate) expires_in: i64,
    /// `None` where Zoom did not repeat them.
    pub(crate) scopes: Option<Vec<String>>,
}

/// Why there are no fresh keys.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Failure {
    /// What was handed in is dead.
    Dead(Reason),
    /// Refused or not reached; what was handed in is as it was.
    Passing(Reason),
    /// Zoom limits how often it may be asked; what was handed in is as it was.
    Limited {
        /// When to ask again.
        until: Instant,
    },
    /// Zoom may have carried it out, and what it made is lost.
    Lost(Reason),
}

/// The answer as it came, for the crate keeps neither Zoom's `reason` nor its `errorCode`.
#[derive(Clone, Default)]
pub(super) struct Seen(Arc<Mutex<Option<Reply>>>);

impl Seen {
    pub(super) fn through(
        &self,
        send: impl Fn(reqwest::Request) -> Sent,
    ) -> impl Fn(HttpRequest) -> BoxFuture<'static, Result<HttpResponse, NoReply>> {
        let seen = self.0.clone();
        move |request| {
            let sent = reqwest::Request::try_from(request).map(&send);
            let seen = seen.clone();
            Box::pin(async move {
                let reply = sent.map_err(|_| NoReply::NotSent(Cause::Request))?.await?;
                let mut response = HttpResponse::new(reply.body.to_vec());
                let status = oauth2::http::StatusCode::from_u16(reply.status);
                *response.status_mut() = status.map_err(|_| NoReply::Lost(Cause::Broken))?;
                *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(reply);
                Ok(response)
            })
        }
    }

    pub(super) fn judge<T: TokenResponse, E: oauth2::ErrorResponse + 'static>(
        &self,
        answer: Result<T, RequestTokenError<NoReply, E>>,
        dead: Reason,
        now: Instant,
    ) -> Result<Tokens, Failure> {
        let reply = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (answer, reply) {
            (Ok(pair), _) => tokens(&pair).ok_or(Failure::Lost(Reason::ZoomTrouble)),
            (Err(RequestTokenError::Request(NoReply::NotSent(cause))), _) => {
                Err(Failure::Passing(match cause {
                    Cause::Certificate => Reason::ClockWrong,
                    _ => Reason::Unreachable,
                }))
            }
            (Err(_), None) => Err(Failure::Lost(Reason::Unreachable)),
            (Err(_), Some(reply)) => Err(judge(&reply, dead, now)),
        }
    }
}

fn tokens(pair: &impl TokenResponse) -> Option<Tokens> {
    let words = |scopes: &Vec<oauth2::Scope>| {
        scopes
            .iter()
            .flat_map(|scope| scope.split_whitespace())
            .filter(|scope| scope.len() <= LONGEST_SCOPE && is_token(scope))
            .take(MOST_SCOPES)
            .map(str::to_owned)
            .collect()
    };
    let key = |secret: &str| is_token(secret).then(|| SecretString::from(secret));
    Some(Tokens {
        access: key(pair.access_token().secret())?,
        refresh: key(pair.refresh_token()?.secret())?,
        expires_in: i64::try_from(pair.expires_in()?.as_secs()).ok()?,
        scopes: pair.scopes().map(words),
    })
}

/// A token fits into a header, and into a list of scopes (RFC 6749, appendix A).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

/// What a refusal of the token endpoint means. Sources: zoom-api §1.7.
fn judge(reply: &Reply, dead: Reason, now: Instant) -> Failure {
    let Body::Error(refusal) = error_body::read(&reply.body) else {
        return unreadable(reply, "", now);
    };
    let (error, reason) = (refusal.error.as_deref(), refusal.reason.as_deref());
    let code = refusal.code.and_then(|code| u64::try_from(code).ok());
    let named = Reason::of_token_code(code);
    if error == Some("invalid_grant") || reason == Some("Invalid Token!") {
        return Failure::Dead(named.unwrap_or(dead));
    }
    match (named, code) {
        // These numbers say that what was handed in is dead, whatever stands beside them.
        (
            Some(reason @ (Reason::UserGone | Reason::ReplacedElsewhere | Reason::ScopeMissing)),
            _,
        ) => {
            return Failure::Dead(reason);
        }
        (None, Some(4733 | 4734)) => return Failure::Dead(dead),
        _ => {}
    }
    if error == Some("invalid_client") || error == Some("unauthorized_client") {
        return Failure::Passing(Reason::SecretWrong);
    }
    match (named, reply.status) {
        (Some(reason), _) => Failure::Passing(reason),
        (None, 400..=428 | 430..=499) if error.is_some() || refusal.code.is_some() => {
            Failure::Passing(Reason::ZoomTrouble)
        }
        _ => unreadable(reply, &refusal.message, now),
    }
}

/// A gateway's page. A refusal of 4xx was refused; after anything else Zoom may have rotated the
/// keys behind it.
fn unreadable(reply: &Reply, text: &str, now: Instant) -> Failure {
    match reply.status {
        429 => Failure::Limited {
            until: retry_at(&reply.headers, text, now),
        },
        400..=499 => Failure::Passing(Reason::ZoomTrouble),
        _ => Failure::Lost(Reason::ZoomTrouble),
    }
}

#[cfg(test)]
mod tests {
    use reqwest::header::{HeaderMap, RETRY_AFTER};
    use zeroize::Zeroizing;

    use super::*;

    #[test]
    fn only_a_dead_grant_is_dead() {
        use Failure::{Dead, Limited, Lost, Passing};
        let soon = Limited {
            until: noon().plus_seconds(2),
        };
        let table = [
            (
                400,
                r#"{"reason":"Invalid Token!","error":"invalid_grant"}"#,
                Dead(Reason::ReplacedElsewhere),
            ),
            (
                400,
                r#"{"reason":"Invalid Token!","error":"invalid_request"}"#,
                Dead(Reason::ReplacedElsewhere),
            ),
            (
                400,
                r#"{"error":"invalid_grant"}"#,
                Dead(Reason::ReplacedElsewhere),
            ),
            (
                400,
                r#"{"error":"invalid_grant","errorCode":4738}"#,
                Dead(Reason::AppDisabled),
            ),
            (
                400,
                r#"{"reason":"Bad request","error":"invalid_request"}"#,
                Passing(Reason::ZoomTrouble),
            ),
            (
                400,
                r#"{"reason":"Invalid client_id or client_secret","error":"invalid_client"}"#,
                Passing(Reason::SecretWrong),
            ),
            (
                401,
                r#"{"reason":"Invalid client_id or client_secret","error":"invalid_client"}"#,
                Passing(Reason::SecretWrong),
            ),
            (
                400,
                r#"{"status":false,"errorCode":4702,"errorMessage":"Invalid client_id"}"#,
                Passing(Reason::SecretWrong),
            ),
            (
                400,
                r#"{"status":false,"errorCode":4717,"errorMessage":"disabled"}"#,
                Passing(Reason::AppDisabled),
            ),
            (
                400,
                r#"{"status":false,"errorCode":4735,"errorMessage":"The owner of the token does not exist."}"#,
                Dead(Reason::UserGone),
            ),
            (
                400,
                r#"{"reason":"Invalid Token!","error":"invalid_grant","errorCode":4735}"#,
                Dead(Reason::UserGone),
            ),
            (
                401,
                r#"{"errorCode":4741,"errorMessage":"The token has been revoked."}"#,
                Dead(Reason::ReplacedElsewhere),
            ),
            (
                400,
                "<result><code>4711</code><message>Refresh token invalid.</message></result>",
                Dead(Reason::ScopeMissing),
            ),
            (429, r#"{"code":429,"message":"slow down"}"#, soon),
            (429, r#"{"error":"rate_limited"}"#, soon),
            (429, "<html>", soon),
            (403, "<html>", Passing(Reason::ZoomTrouble)),
            (
                500,
                r#"{"reason":"Internal","error":"server_error"}"#,
                Lost(Reason::ZoomTrouble),
            ),
            (502, "<html>", Lost(Reason::ZoomTrouble)),
            (
                400,
                "<result><reason>Invalid Token!</reason><error>invalid_grant</error></result>",
                Dead(Reason::ReplacedElsewhere),
            ),
            (
                401,
                "<result><reason>Invalid client_id or client_secret</reason><error>invalid_client</error></result>",
                Passing(Reason::SecretWrong),
            ),
            (
                400,
                "<result><errorCode>4717</errorCode><errorMessage>disabled</errorMessage></result>",
                Passing(Reason::AppDisabled),
            ),
            (200, "<?xml", Lost(Reason::ZoomTrouble)),
            (200, "", Lost(Reason::ZoomTrouble)),
        ];
        for (status, body, expected) in table {
            let found = judge(&reply(status, body), Reason::ReplacedElsewhere, noon());
            assert_eq!(found, expected, "{status} {body}");
        }
    }

    #[test]
    fn a_limit_is_kept_as_long_as_zoom_says() {
        for (told, wait) in [("7", 7), ("2027-01-15T12:01:30Z", 90)] {
            let mut limited = reply(429, "");
            limited.headers.insert(RETRY_AFTER, told.parse().unwrap());
            let until = noon().plus_seconds(wait);
            let found = judge(&limited, Reason::CodeRefused, noon());
            assert_eq!(found, Failure::Limited { until }, "{told}");
        }
    }

    #[test]
    fn keys_that_no_request_could_carry_are_no_keys() {
        let table = [
            (r#""a.b-c_d~1+/=","refresh_token":"r""#, true),
            (r#""","refresh_token":"r""#, false),
            (r#""a","refresh_token":"""#, false),
            (r#""a\r\nHost: b","refresh_token":"r""#, false),
            (r#""a","refresh_token":"\u0000""#, false),
            (r#""ä","refresh_token":"r""#, false),
        ];
        for (keys, expected) in table {
            let body =
                format!(r#"{{"access_token":{keys},"token_type":"bearer","expires_in":3599}}"#);
            assert_eq!(tokens(&answer(&body)).is_some(), expected, "{keys}");
        }
    }

    #[test]
    fn scopes_are_names_and_not_without_end() {
        let hostile = format!("a b\\u001b[2J c:d {} {}", "x ".repeat(300), "y".repeat(300));
        let body = format!(
            r#"{{"access_token":"a","refresh_token":"r","token_type":"bearer","expires_in":1,"scope":"{hostile}"}}"#
        );
        let scopes = tokens(&answer(&body)).unwrap().scopes.unwrap();
        assert_eq!(scopes[..3], ["a", "c:d", "x"]);
        assert_eq!(scopes.len(), MOST_SCOPES);
    }

    fn answer(body: &str) -> oauth2::basic::BasicTokenResponse {
        serde_json::from_str(body).unwrap()
    }

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
}
