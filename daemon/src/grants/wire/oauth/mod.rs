//! Owns the words spoken with Zoom's authorization server: the consent address, exchange, refresh
//! and revoke; and, in `answer`, what each answer means for the keys at stake. It keeps nothing.

mod answer;

use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use oauth2::basic::BasicClient;
use oauth2::{
    AuthType, AuthUrl, AuthorizationCode, ClientId, ClientSecret, CsrfToken, PkceCodeChallenge,
    PkceCodeVerifier, RedirectUrl, RefreshToken, TokenUrl,
};
use secrecy::{ExposeSecret as _, SecretString};
use url::Url;

pub use self::answer::Failure;
use self::answer::Seen;
pub(crate) use self::answer::Tokens;
use crate::clock::Clock;
use crate::grants::reason::Reason;
use crate::grants::wire::http::{Http, Sent};

/// A Zoom app, as Zoom knows it: with a secret a confidential client, without one a public client.
#[derive(Clone)]
pub(crate) struct App {
    pub(crate) client_id: String,
    pub(crate) secret: Option<SecretString>,
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
        let answer = request
            .request_async(&seen.through(self.http.sender()))
            .await;
        seen.judge(answer, Reason::CodeRefused, self.clock.now())
    }

    /// The next keys. Zoom rotates: from its answer on, the old pair is dead.
    pub(crate) async fn refresh(
        &self,
        app: &App,
        refresh: &SecretString,
    ) -> Result<Tokens, Failure> {
        self.refresh_through(self.http.sender(), app, refresh).await
    }

    /// The same, asked by `send`.
    pub(crate) async fn refresh_through(
        &self,
        send: impl Fn(reqwest::Request) -> Sent,
        app: &App,
        refresh: &SecretString,
    ) -> Result<Tokens, Failure> {
        let client = self.client(app);
        let token = RefreshToken::new(refresh.expose_secret().to_owned());
        let request = client.exchange_refresh_token(&token);
        let seen = Seen::default();
        let answer = request.request_async(&seen.through(send)).await;
        seen.judge(answer, Reason::ReplacedElsewhere, self.clock.now())
    }

    /// Ends a grant by its access token; whether Zoom confirmed it. The crate's own revocation
    /// refuses plain http, which the sandbox speaks. Whether Zoom lets a public client revoke
    /// is not documented, hence "confirmed".
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
