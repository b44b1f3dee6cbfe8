//! Owns how an answer of a token endpoint is read: a fresh pair, or what the provider says of its
//! refusal. Keys that no request could carry are no keys.

use std::borrow::Cow;
use std::sync::{Arc, Mutex, PoisonError};

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use futures::future::BoxFuture;
use oauth2::{HttpRequest, HttpResponse, RequestTokenError, TokenResponse};
use secrecy::SecretString;
use serde::Deserialize;

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
    /// The organization the user belongs to, as the id token names it.
    pub(crate) organization: Option<String>,
    /// Seconds after which the refresh token ends whatever happens, where it says so.
    pub(crate) refresh_ends_in: Option<i64>,
}

/// What else an answer with keys may tell.
#[derive(Default, Deserialize)]
struct Beside<'a> {
    #[serde(default, borrow)]
    id_token: Option<Cow<'a, str>>,
    #[serde(default)]
    refresh_token_expires_in: Option<i64>,
}

/// What is read of an id token. It came from the token endpoint itself, so nobody else can have
/// written it and its signature need not be checked (OpenID Connect Core, 3.1.3.7).
#[derive(Default, Deserialize)]
struct Claims {
    /// Google's: the domain.
    #[serde(default)]
    hd: Option<String>,
    /// Microsoft's: the directory.
    #[serde(default)]
    tid: Option<String>,
}

impl<'a> Beside<'a> {
    fn read(body: &'a [u8]) -> Self {
        serde_json::from_slice(body).unwrap_or_default()
    }

    fn claims(&self) -> Claims {
        let token = self.id_token.as_ref();
        let payload = token.and_then(|token| token.split('.').nth(1));
        let bytes = payload.and_then(|text| URL_SAFE_NO_PAD.decode(text).ok());
        let claims = bytes.and_then(|bytes| serde_json::from_slice(&bytes).ok());
        claims.unwrap_or_default()
    }
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
            (Ok(pair), reply) => {
                let tokens = tokens(&pair, kept);
                let tokens = tokens.ok_or(Failure::Lost(Reason::ProviderTrouble))?;
                let body = reply.as_ref().map(|reply| reply.body.as_slice());
                Ok(with_beside(tokens, &Beside::read(body.unwrap_or_default())))
            }
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

fn with_beside(tokens: Tokens, beside: &Beside<'_>) -> Tokens {
    let Claims { hd, tid } = beside.claims();
    let named = hd
        .or(tid)
        .filter(|it| it.len() <= LONGEST_SCOPE && is_token(it));
    Tokens {
        organization: named,
        refresh_ends_in: beside.refresh_token_expires_in.filter(|it| *it > 0),
        ..tokens
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
        organization: None,
        refresh_ends_in: None,
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

    #[test]
    fn an_id_token_tells_the_organization_and_a_refresh_token_its_end() {
        let claims = |json: &str| {
            let payload = URL_SAFE_NO_PAD.encode(json);
            let body = format!(
                r#"{{"access_token":"a","refresh_token":"r","token_type":"bearer","expires_in":1,
                    "refresh_token_expires_in":604799,"id_token":"e30.{payload}.s"}}"#
            );
            let bare = tokens(&answer(&body), None).unwrap();
            with_beside(bare, &Beside::read(body.as_bytes()))
        };
        let google = claims(r#"{"hd":"acme.example"}"#);
        assert_eq!(google.organization.as_deref(), Some("acme.example"));
        assert_eq!(google.refresh_ends_in, Some(604_799));
        let tenant = "0b5ba7fa-9f4c-4d4a-9d3e-2f7c1d6c8e11";
        let microsoft = claims(&format!(r#"{{"tid":"{tenant}"}}"#));
        assert_eq!(microsoft.organization.as_deref(), Some(tenant));
        for nothing in ["{}", r#"{"hd":"a b"}"#, r#"{"hd":7}"#, "no json"] {
            assert_eq!(claims(nothing).organization, None, "{nothing}");
        }
        let neither = Beside::read(b"{");
        assert!(neither.claims().hd.is_none() && neither.refresh_token_expires_in.is_none());
    }

    fn answer(body: &str) -> oauth2::basic::BasicTokenResponse {
        serde_json::from_str(body).unwrap()
    }
}
