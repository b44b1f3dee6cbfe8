//! Owns how an answer of a token endpoint is read: a fresh pair, or what the provider says of its
//! refusal. Keys that no request could carry are no keys.

use std::sync::{Arc, Mutex, PoisonError};

use futures::future::BoxFuture;
use oauth2::{HttpRequest, HttpResponse, RequestTokenError, TokenResponse};
use secrecy::SecretString;

use super::failure::Failure;
use crate::grants::reason::Reason;
use crate::grants::wire::http::{Cause, NoReply, Reply, Sent};

/// The longest name of a scope, in bytes; the longest known have a hundred.
const LONGEST_SCOPE: usize = 200;

/// Scopes that are kept of one answer, several times what is asked for.
const MOST_SCOPES: usize = 200;

/// A fresh pair of keys and what they are good for.
pub(crate) struct Tokens {
    pub(crate) access: SecretString,
    pub(crate) refresh: SecretString,
    /// Seconds from now; about an hour.
    pub(crate) expires_in: i64,
    /// `None` where they were not repeated.
    pub(crate) scopes: Option<Vec<String>>,
}

/// The answer as it came, for the crate keeps nothing but what the standard names.
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

    /// What came of it. `kept`: the refresh token that goes on working where the answer has none.
    pub(super) fn judge<T: TokenResponse, E: oauth2::ErrorResponse + 'static>(
        &self,
        answer: Result<T, RequestTokenError<NoReply, E>>,
        kept: Option<&SecretString>,
        read: impl Fn(&Reply) -> Failure,
    ) -> Result<Tokens, Failure> {
        let reply = self.0.lock().unwrap_or_else(PoisonError::into_inner).take();
        match (answer, reply) {
            (Ok(pair), _) => tokens(&pair, kept).ok_or(Failure::Lost(Reason::ProviderTrouble)),
            (Err(RequestTokenError::Request(NoReply::NotSent(cause))), _) => {
                Err(Failure::Passing(match cause {
                    Cause::Certificate => Reason::ClockWrong,
                    _ => Reason::Unreachable,
                }))
            }
            (Err(_), None) => Err(Failure::Lost(Reason::Unreachable)),
            (Err(_), Some(reply)) => Err(read(&reply)),
        }
    }
}

fn tokens(pair: &impl TokenResponse, kept: Option<&SecretString>) -> Option<Tokens> {
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
        refresh: match pair.refresh_token() {
            Some(next) => key(next.secret())?,
            None => kept?.clone(),
        },
        expires_in: i64::try_from(pair.expires_in()?.as_secs()).ok()?,
        scopes: pair.scopes().map(words),
    })
}

/// A token fits into a header, and into a list of scopes (RFC 6749, appendix A).
fn is_token(text: &str) -> bool {
    !text.is_empty() && text.bytes().all(|byte| byte.is_ascii_graphic())
}

#[cfg(test)]
mod tests {
    use secrecy::ExposeSecret as _;

    use super::*;

    #[test]
    fn a_refresh_token_that_goes_on_working_is_kept_where_the_answer_has_none() {
        let former = SecretString::from("former");
        let bare = answer(r#"{"access_token":"a","token_type":"bearer","expires_in":3599}"#);
        assert!(tokens(&bare, None).is_none());
        let kept = tokens(&bare, Some(&former)).unwrap();
        assert_eq!(kept.refresh.expose_secret(), "former");
        let next = answer(
            r#"{"access_token":"a","refresh_token":"next","token_type":"bearer","expires_in":1}"#,
        );
        let kept = tokens(&next, Some(&former)).unwrap();
        assert_eq!(kept.refresh.expose_secret(), "next");
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
            assert_eq!(tokens(&answer(&body), None).is_some(), expected, "{keys}");
        }
    }

    #[test]
    fn scopes_are_names_and_not_without_end() {
        let hostile = format!("a b\\u001b[2J c:d {} {}", "x ".repeat(300), "y".repeat(300));
        let body = format!(
            r#"{{"access_token":"a","refresh_token":"r","token_type":"bearer","expires_in":1,"scope":"{hostile}"}}"#
        );
        let scopes = tokens(&answer(&body), None).unwrap().scopes.unwrap();
        assert_eq!(scopes[..3], ["a", "c:d", "x"]);
        assert_eq!(scopes.len(), MOST_SCOPES);
    }

    fn answer(body: &str) -> oauth2::basic::BasicTokenResponse {
        serde_json::from_str(body).unwrap()
    }
}
