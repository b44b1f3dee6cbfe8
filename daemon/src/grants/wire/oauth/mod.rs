//! Owns the words spoken with an authorization server: the consent address, exchange, refresh and
//! revoke; and, in `answer`, what each answer means for the keys at stake. It keeps nothing.

mod answer;
pub mod failure;

use std::sync::Arc;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2::basic::BasicClient;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RefreshToken, RequestTokenError, Scope, TokenResponse, TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};

use self::answer::Seen;
pub(crate) use self::answer::Tokens;
use self::failure::{Asked, Failure};
use crate::clock::Clock;
use crate::grants::provider::{ClientAuth, Provider};
use crate::grants::terms::{AskedBy, Audience, Rotation};
use crate::grants::wire::http::{Http, NoReply, Reply, Sent};

/// An app, as the provider knows it: with a secret a confidential client, without one a public
/// client.
#[derive(Clone)]
pub struct App {
    /// Its public name.
    pub client_id: String,
    /// Its secret, where it has one.
    pub secret: Option<SecretString>,
    /// The organization it is registered in, where the provider's addresses depend on that.
    pub tenant: Option<String>,
}

/// A provider's authorization server.
#[derive(Clone)]
pub(crate) struct OAuth {
    provider: Arc<dyn Provider>,
    http: Http,
    clock: Clock,
}

/// Where to send the browser, and what proves later that the answer is ours.
pub(crate) struct Consent {
    pub(crate) url: String,
    pub(crate) verifier: SecretString,
}

impl OAuth {
    pub(crate) fn new(provider: Arc<dyn Provider>, http: Http, clock: Clock) -> Self {
        Self {
            provider,
            http,
            clock,
        }
    }

    /// The consent address, with PKCE S256. Of the provider's scopes those are named that `wanted`
    /// names, all where it names none; none at all where the app's own list applies.
    pub(crate) fn consent(
        &self,
        app: &App,
        redirect: &RedirectUrl,
        state: &SecretString,
        login_hint: Option<&str>,
        wanted: &[String],
    ) -> Consent {
        let (challenge, verifier) = PkceCodeChallenge::new_random_sha256();
        let state = state.expose_secret().to_owned();
        let client = self.client(app).set_redirect_uri(redirect.clone());
        let request = client.authorize_url(move || CsrfToken::new(state));
        let mut request = request.set_pkce_challenge(challenge);
        if let Some(login_hint) = login_hint {
            request = request.add_extra_param("login_hint", login_hint.to_owned());
        }
        for (name, value) in self.provider.endpoints(app).authorize_with {
            request = request.add_extra_param(name, value);
        }
        let terms = self.provider.terms();
        if terms.scopes.asked == AskedBy::Request {
            let names = terms.asks(wanted).map(|scope| scope.name.to_owned());
            request = request.add_scopes(names.map(Scope::new));
        }
        let url = request.url().0.to_string();
        Consent {
            url,
            verifier: verifier.into_secret().into(),
        }
    }

    /// Keys for an authorization code, which works once and for a few minutes; for the main
    /// audience, where there are several.
    pub(crate) async fn exchange(
        &self,
        app: &App,
        redirect: &RedirectUrl,
        code: &SecretString,
        verifier: &SecretString,
        asked: &[String],
    ) -> Result<Tokens, Failure> {
        let client = self.client(app).set_redirect_uri(redirect.clone());
        let mut request = client
            .exchange_code(AuthorizationCode::new(code.expose_secret().to_owned()))
            .set_pkce_verifier(PkceCodeVerifier::new(verifier.expose_secret().to_owned()));
        if let Some(scope) = self.provider.terms().named_to(Audience::MAIN, asked) {
            request = request.add_extra_param("scope", scope);
        }
        let seen = Seen::default();
        let answer = request
            .request_async(&seen.through(self.http.sender()))
            .await;
        self.judge(&seen, answer, Asked::Exchange, None)
    }

    /// The next keys, for one audience. What becomes of the old ones, the provider's [`Rotation`]
    /// says.
    ///
    /// [`Rotation`]: crate::grants::terms::Rotation
    pub(crate) async fn refresh(
        &self,
        app: &App,
        refresh: &SecretString,
        audience: Audience,
        asked: &[String],
    ) -> Result<Tokens, Failure> {
        let scope = self.provider.terms().named_to(audience, asked);
        self.refresh_through(self.http.sender(), app, refresh, scope)
            .await
    }

    /// The same, asked by `send`.
    pub(crate) async fn refresh_through(
        &self,
        send: impl Fn(reqwest::Request) -> Sent,
        app: &App,
        refresh: &SecretString,
        scope: Option<String>,
    ) -> Result<Tokens, Failure> {
        let client = self.client(app);
        let token = RefreshToken::new(refresh.expose_secret().to_owned());
        let request = client.exchange_refresh_token(&token);
        let request = request.add_scopes(scope.map(Scope::new));
        let seen = Seen::default();
        let answer = request.request_async(&seen.through(send)).await;
        self.judge(&seen, answer, Asked::Renewal, Some(refresh))
    }

    /// Ends a grant by one of its tokens; whether that was confirmed. The crate's own revocation
    /// refuses plain http, which a sandbox speaks. Whether a public client may revoke is not
    /// documented everywhere, hence "confirmed".
    pub(crate) async fn revoke(&self, app: &App, token: &SecretString) -> bool {
        let endpoints = self.provider.endpoints(app);
        let Some(revoke) = endpoints.revoke.clone() else {
            return false;
        };
        let request = self.http.request(reqwest::Method::POST, revoke);
        let token = ("token", token.expose_secret());
        let id = ("client_id", app.client_id.as_str());
        let request = match (&app.secret, endpoints.client) {
            (Some(secret), ClientAuth::Header) => request
                .basic_auth(&app.client_id, Some(secret.expose_secret()))
                .form(&[token]),
            (Some(secret), ClientAuth::Body) => {
                request.form(&[token, id, ("client_secret", secret.expose_secret())])
            }
            (None, _) => request.form(&[token, id]),
        };
        let reply = self.http.send(request).await;
        reply.is_ok_and(|reply| reply.status == 200)
    }

    /// What an answer makes of what was handed in; `former` is the refresh token that was.
    fn judge<T: TokenResponse, E: oauth2::ErrorResponse + 'static>(
        &self,
        seen: &Seen,
        answer: Result<T, RequestTokenError<NoReply, E>>,
        asked: Asked,
        former: Option<&SecretString>,
    ) -> Result<Tokens, Failure> {
        let kept = match self.provider.terms().rotation {
            Rotation::EndsFormer => None,
            Rotation::KeepsFormer | Rotation::Never => former,
        };
        let read = |reply: &Reply| self.provider.read_refusal(reply, asked, self.clock.now());
        seen.judge(answer, kept, read)
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
        let endpoints = self.provider.endpoints(app);
        let client = BasicClient::new(ClientId::new(app.client_id.clone()))
            .set_auth_uri(AuthUrl::from_url(endpoints.authorize))
            .set_token_uri(TokenUrl::from_url(endpoints.token));
        let proof = match endpoints.client {
            ClientAuth::Header => AuthType::BasicAuth,
            ClientAuth::Body => AuthType::RequestBody,
        };
        match &app.secret {
            Some(secret) => client
                .set_auth_type(proof)
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
