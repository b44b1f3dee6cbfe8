//! Greenroom's desktop client as Google sees it: authorize addresses and tokens.

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use greenroom_tests::sandbox::google::{CLIENT_ID, CLIENT_SECRET, Config, Sandbox, scopes};
use greenroom_tests::sandbox::{Clock, Decision, consent, http_client};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

pub use crate::app::{DANA, VERIFIER, answer, parameter};

pub const REDIRECT: &str = "http://127.0.0.1:41827/callback";

/// A sandbox whose clock stands still on a Monday morning, and the app that uses it.
pub struct App {
    pub google: Sandbox,
    pub http: reqwest::Client,
}

/// What an exchange brought.
#[derive(Debug, Clone)]
pub struct Keys {
    pub access: String,
    pub refresh: Option<String>,
    pub scope: String,
    pub body: Value,
}

impl App {
    pub async fn start() -> Result<Self> {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Result<Self> {
        let clock = Clock::Stopped("2026-11-23T09:00:00Z".parse()?);
        let google = Sandbox::start(Config { clock, ..config }).await?;
        Ok(Self {
            google,
            http: http_client()?,
        })
    }

    /// For these scopes, offline, asking again, with PKCE and a state; changed as `but` says.
    pub fn authorize_url(&self, scope: &str, but: &[(&str, Option<&str>)]) -> Result<Url> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let usual = [
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", REDIRECT),
            ("state", "st&te/1"),
            ("scope", scope),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
            ("access_type", "offline"),
            ("prompt", "consent"),
        ];
        let kept = usual
            .into_iter()
            .filter(|(name, _)| but.iter().all(|(changed, _)| changed != name));
        let added = but
            .iter()
            .filter_map(|(name, value)| value.map(|value| (*name, value)));
        let query: Vec<_> = kept.chain(added).collect();
        Ok(Url::parse_with_params(&self.google.auth_url(), query)?)
    }

    /// From the consent page to the redirect.
    pub async fn redirected(&self, user: &str, url: Url) -> Result<String> {
        Ok(consent(url.as_str(), user, Decision::Allow).await?)
    }

    pub async fn code(&self, user: &str, url: Url) -> Result<String> {
        parameter(&self.redirected(user, url).await?, "code")
    }

    pub async fn token(&self, form: &[(&str, &str)]) -> Result<(u16, Value)> {
        let request = self.http.post(self.google.token_url()).form(form);
        answer(request.send().await?).await
    }

    pub async fn exchange(&self, code: &str) -> Result<(u16, Value)> {
        self.token(&exchange_form(code)).await
    }

    pub async fn refresh(&self, token: &str) -> Result<(u16, Value)> {
        self.token(&refresh_form(token)).await
    }

    pub async fn revoke(&self, token: &str) -> Result<(u16, Value)> {
        let url = self.google.revoke_url();
        let request = self.http.post(url).form(&[("token", token)]);
        answer(request.send().await?).await
    }

    /// This user allows these scopes.
    pub async fn connect(&self, user: &str, scope: &str) -> Result<Keys> {
        self.connect_at(user, self.authorize_url(scope, &[])?).await
    }

    /// This user allows what this address asks for.
    pub async fn connect_at(&self, user: &str, url: Url) -> Result<Keys> {
        let code = self.code(user, url).await?;
        let (status, body) = self.exchange(&code).await?;
        ensure!(status == 200, "the exchange answered {status}: {body}");
        let text = |name: &str| body[name].as_str().map(str::to_owned);
        Ok(Keys {
            access: text("access_token").context("no access token")?,
            refresh: text("refresh_token"),
            scope: text("scope").context("no scope")?,
            body,
        })
    }

    pub async fn get(&self, path: &str, access: &str) -> Result<(u16, Value)> {
        let url = format!("{}{path}", self.google.api_url());
        answer(self.http.get(url).bearer_auth(access).send().await?).await
    }
}

impl Keys {
    pub fn refresh(&self) -> Result<&str> {
        self.refresh.as_deref().context("no refresh token")
    }
}

/// What a calendar connection asks for.
pub fn calendar() -> String {
    format!("openid email {}", scopes::CALENDAR_EVENTS_FREEBUSY)
}

/// Mail besides.
pub fn mail() -> String {
    format!("openid email {}", scopes::MAIL)
}

pub fn exchange_form(code: &str) -> [(&str, &str); 6] {
    [
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ]
}

pub fn refresh_form(token: &str) -> [(&str, &str); 4] {
    [
        ("grant_type", "refresh_token"),
        ("client_id", CLIENT_ID),
        ("client_secret", CLIENT_SECRET),
        ("refresh_token", token),
    ]
}

/// A form with one field changed, or taken out.
pub fn but<'a>(
    form: &[(&'a str, &'a str)],
    name: &str,
    value: Option<&'a str>,
) -> Vec<(&'a str, &'a str)> {
    let changed = form.iter().map(|(key, old)| match *key == name {
        true => (*key, value),
        false => (*key, Some(*old)),
    });
    changed
        .filter_map(|(key, value)| value.map(|value| (key, value)))
        .collect()
}
