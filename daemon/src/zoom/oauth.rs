//! Owns the words spoken with Zoom's authorization server: the consent address, exchange, refresh and revoke, and what
//! each refusal means for the keys at stake. It keeps nothing.
//!
//! The one rule that costs people their connection: keys are dead only when Zoom says `invalid_grant` or
//! `Invalid Token!`. A wrong client never is the person's loss, and everything else may pass.

use std::sync::{Arc, Mutex, PoisonError};

use base64::{Engine as _, engine::general_purpose::URL_SAFE_NO_PAD};
use greenroom_protocol::time::Instant;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, HttpRequest,
    HttpResponse, PkceCodeChallenge, PkceCodeVerifier, RedirectUrl, RefreshToken,
    RequestTokenError, TokenResponse, TokenUrl, basic::BasicClient,
};
use secrecy::{ExposeSecret as _, SecretString};
use serde::Deserialize;
use url::Url;

use super::{
    http::{Cause, Http, NoReply, Reply},
    outcome::retry_at,
    reason::Reason,
};
use crate::clock::Clock;

/// A Zoom app, as Zoom knows it: with a secret a confidential client, without one a public client.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) client_id: String,
    pub(crate) secret: Option<SecretString>,
}

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
pub(crate) enum Failure {
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

/// Zoom's authorization server.
#[derive(Clone)]
pub(crate) struct OAuth {
    authorize: AuthUrl,
    token: TokenUrl,
    revoke: Url,
    http: Http,
    clock: Clock,
}

/// Where to send the browser, and what proves later that the answer is ours.
pub(crate) struct Consent {
    pub(crate) url: String,
    pub(crate) verifier: SecretString,
}

impl OAuth {
    /// Speaks with the server at `base`, such as `https://zoom.us/oauth`.
    pub(crate) fn new(base: &Url, http: Http, clock: Clock) -> Self {
        let below = |name: &str| {
            let mut url = base.clone();
            url.set_path(&format!("{}/{name}", base.path().trim_end_matches('/')));
            url
        };
        Self {
            authorize: AuthUrl::from_url(below("authorize")),
            token: TokenUrl::from_url(below("token")),
            revoke: below("revoke"),
            http,
            clock,
        }
    }

    /// The consent address, with PKCE S256. No scope is named: the app's own list applies.
    pub(crate) fn consent(
        &self,
        app: &App,
        redirect: &RedirectUrl,
        state: &SecretString,
        login_hint: &str,
    ) -> Consent {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = state.expose_secret().to_owned();
        let client = self.client(app).set_redirect_uri(redirect.clone());
        let request = client.authorize_url(move || CsrfToken::new(state));
        let request = request
            .set_pkce_challenge(challenge)
            .add_extra_param("login_hint", login_hint);
        let url = request.url().0.to_string();
        Consent {
            url,
            verifier: verifier.into_secret().into(),
        }
    }

    /// Keys for an authorization code, which works once and for five minutes.
    pub(crate) async fn exchange(
        &self,
        app: &App,
        redirect: &RedirectUrl,
        code: &SecretString,
        verifier: &SecretString,
    ) -> Result<Tokens, Failure> {
        let client = self.client(app).set_redirect_uri(redirect.clone());
        let request = client
            .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose_secret().to_owned()));
        let seen = Seen::default();
        let answer = request.request_async(&seen.through(&self.http)).await;
        seen.judge(answer, Reason::CodeRefused, self.clock.now())
    }

    /// The next keys. Zoom rotates: from its answer on, the old pair is dead.
    pub(crate) async fn refresh(
        &self,
        app: &App,
        refresh: &SecretString,
    ) -> Result<Tokens, Failure> {
        let client = self.client(app);
        let token = RefreshToken::new(refresh.expose_secret().to_owned());
        let request = client.exchange_refresh_token(&token);
        let seen = Seen::default();
        let answer = request.request_async(&seen.through(&self.http)).await;
        seen.judge(answer, Reason::ReplacedElsewhere, self.clock.now())
    }

    /// Ends a grant by its access token; whether Zoom confirmed it. The crate's own revocation refuses plain http, which
    /// the sandbox speaks. Whether Zoom lets a public client revoke is not documented, hence "confirmed".
    pub(crate) async fn revoke(&self, app: &App, access: &SecretString) -> bool {
        let request = self
            .http
            .request(reqwest::Method::POST, self.revoke.clone());
        let token = ("token", access.expose_secret());
        let request = match &app.secret {
            Some(secret) => request
                .basic_auth(&app.client_id, Some(secret.expose_secret()))
                .form(&[token]),
            None => request.form(&[token, ("client_id", app.client_id.as_str())]),
        };
        self.http
            .send(request)
            .await
            .is_ok_and(|reply| reply.status == 200)
    }

    fn client(
        &self,
        app: &App,
    ) -> BasicClient<
        oauth2::EndpointSet,
        oauth2::EndpointNotSet,
        oauth2::EndpointNotSet,
        oauth2::EndpointNotSet,
        oauth2::EndpointSet,
    > {
        let client = BasicClient::new(ClientId::new(app.client_id.clone()))
            .set_auth_uri(self.authorize.clone())
            .set_token_uri(self.token.clone());
        match &app.secret {
            Some(secret) => client
                .set_auth_type(AuthType::BasicAuth)
                .set_client_secret(ClientSecret::new(secret.expose_secret().to_owned())),
            None => client.set_auth_type(AuthType::RequestBody),
        }
    }
}

/// A text nobody can guess: 32 random bytes in 43 characters.
pub(crate) fn unguessable() -> Result<SecretString, getrandom::Error> {
    let mut bytes = zeroize::Zeroizing::new([0; 32]);
    getrandom::fill(bytes.as_mut_slice())?;
    Ok(URL_SAFE_NO_PAD.encode(bytes.as_slice()).into())
}

/// The answer as it came, for the crate keeps neither Zoom's `reason` nor its `errorCode`.
#[derive(Clone, Default)]
struct Seen(Arc<Mutex<Option<Reply>>>);

impl Seen {
    fn through(
        &self,
        http: &Http,
    ) -> impl Fn(HttpRequest) -> futures::future::BoxFuture<'static, Result<HttpResponse, NoReply>>
    {
        let (seen, http) = (self.0.clone(), http.clone());
        move |request| {
            let (seen, http) = (seen.clone(), http.clone());
            Box::pin(async move {
                let unwritable = |_| NoReply::NotSent(Cause::Request);
                let reply = http
                    .execute(request.try_into().map_err(unwritable)?)
                    .await?;
                let mut response = HttpResponse::new(reply.body.to_vec());
                let status = oauth2::http::StatusCode::from_u16(reply.status);
                *response.status_mut() = status.map_err(|_| NoReply::Lost(Cause::Broken))?;
                *seen.lock().unwrap_or_else(PoisonError::into_inner) = Some(reply);
                Ok(response)
            })
        }
    }

    fn judge<T: TokenResponse, E: oauth2::ErrorResponse + 'static>(
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
            .map(str::to_owned)
            .collect()
    };
    Some(Tokens {
        access: pair.access_token().secret().clone().into(),
        refresh: pair.refresh_token()?.secret().clone().into(),
        expires_in: i64::try_from(pair.expires_in()?.as_secs()).ok()?,
        scopes: pair.scopes().map(words),
    })
}

/// What Zoom's token endpoint says when it refuses. Sources: zoom-api §1.7.
#[derive(Default, Deserialize)]
#[serde(default)]
struct Refusal {
    error: Option<String>,
    reason: Option<String>,
    #[serde(rename = "errorCode")]
    code: Option<u64>,
}

fn judge(reply: &Reply, dead: Reason, now: Instant) -> Failure {
    let Ok(refusal) = serde_json::from_slice::<Refusal>(&reply.body) else {
        return unreadable(reply, now);
    };
    let (error, reason) = (refusal.error.as_deref(), refusal.reason.as_deref());
    let named = match refusal.code {
        Some(4717 | 4738) => Some(Reason::AppDisabled),
        Some(4702 | 4704) => Some(Reason::SecretWrong),
        _ => None,
    };
    if error == Some("invalid_grant") || reason == Some("Invalid Token!") {
        return Failure::Dead(named.unwrap_or(dead));
    }
    if error == Some("invalid_client") || error == Some("unauthorized_client") {
        return Failure::Passing(Reason::SecretWrong);
    }
    match (named, reply.status) {
        (Some(reason), _) => Failure::Passing(reason),
        (None, 400..=428 | 430..=499) if error.is_some() || refusal.code.is_some() => {
            Failure::Passing(Reason::ZoomTrouble)
        }
        _ => unreadable(reply, now),
    }
}

/// A gateway's page. A refusal of 4xx was refused; after anything else Zoom may have rotated the keys behind it.
fn unreadable(reply: &Reply, now: Instant) -> Failure {
    match reply.status {
        429 => Failure::Limited {
            until: retry_at(&reply.headers, &String::from_utf8_lossy(&reply.body), now),
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
