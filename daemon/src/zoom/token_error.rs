//! ★ What a refusal of Zoom's token endpoint means for the keys at stake.
//!
//! Keys are dead only when Zoom says `invalid_grant` or `Invalid Token!`, or gives a number that
//! means it (README, "Refreshing").

use greenroom_protocol::time::Instant;

use super::error_body::{self, Body};
use super::retry::retry_at;
use crate::grants::{Asked, Failure, Reason, Reply, unreadable};

/// What a number of Zoom's about a token or an app means, wherever it stands; `None` where it says
/// nothing of its own (README, "Refreshing").
#[must_use]
pub(crate) const fn reason_of(code: Option<u64>) -> Option<Reason> {
    Some(match code {
        Some(4702 | 4704) => Reason::SecretWrong,
        // The token's scopes are no longer the app's.
        Some(4711) => Reason::ScopeMissing,
        Some(4717 | 4738) => Reason::AppDisabled,
        Some(4735) => Reason::UserGone,
        // Not found, used too often, superseded by a later consent.
        Some(4737 | 4740 | 4741) => Reason::ReplacedElsewhere,
        _ => return None,
    })
}

/// What a refusal of the token endpoint means.
pub(super) fn judge(reply: &Reply, asked: Asked, now: Instant) -> Failure {
    let dead = asked.dead();
    let limit = |text: &str| Some(retry_at(&reply.headers, text, now));
    let Body::Error(refusal) = error_body::read(&reply.body) else {
        return unreadable(reply, limit(""), now);
    };
    let (error, reason) = (refusal.error.as_deref(), refusal.reason.as_deref());
    let code = refusal.code.and_then(|code| u64::try_from(code).ok());
    let named = reason_of(code);
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
            Failure::Passing(Reason::ProviderTrouble)
        }
        _ => unreadable(reply, limit(&refusal.message), now),
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
                Passing(Reason::ProviderTrouble),
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
            (403, "<html>", Passing(Reason::ProviderTrouble)),
            (
                500,
                r#"{"reason":"Internal","error":"server_error"}"#,
                Lost(Reason::ProviderTrouble),
            ),
            (502, "<html>", Lost(Reason::ProviderTrouble)),
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
            (200, "<?xml", Lost(Reason::ProviderTrouble)),
            (200, "", Lost(Reason::ProviderTrouble)),
        ];
        for (status, body, expected) in table {
            let found = judge(&reply(status, body), Asked::Renewal, noon());
            assert_eq!(found, expected, "{status} {body}");
        }
    }

    #[test]
    fn a_limit_is_kept_as_long_as_zoom_says() {
        for (told, wait) in [("7", 7), ("2027-01-15T12:01:30Z", 90)] {
            let mut limited = reply(429, "");
            limited.headers.insert(RETRY_AFTER, told.parse().unwrap());
            let until = noon().plus_seconds(wait);
            let found = judge(&limited, Asked::Exchange, noon());
            assert_eq!(found, Failure::Limited { until }, "{told}");
        }
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
