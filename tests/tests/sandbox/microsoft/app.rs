//! Greenroom's public client as Microsoft sees it: authorize addresses and tokens.

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use greenroom_tests::sandbox::microsoft::{CLIENT_ID, Config, Sandbox, TENANT};
use greenroom_tests::sandbox::{Clock, Decision, consent, http_client};
use serde_json::Value;
use sha2::{Digest as _, Sha256};
use url::Url;

pub use crate::app::{DANA, VERIFIER, answer, parameter};

pub const REDIRECT: &str = "http://localhost:41827/callback";
pub const ADMIN: &str = "aoife.byrne@acme.example";
/// What a connection for mail by Graph asks for.
pub const GRAPH: &str = "openid profile email offline_access User.Read Mail.Send Mail.Read";
/// What one for mail servers asks for.
pub const EXCHANGE: &str = "openid profile email offline_access \
                            https://outlook.office.com/SMTP.Send \
                            https://outlook.office.com/IMAP.AccessAsUser.All";

/// A sandbox whose clock stands still on a Monday morning, and the app that uses it.
pub struct App {
    pub microsoft: Sandbox,
    pub http: reqwest::Client,
}

/// What an exchange or a refresh brought.
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
        let microsoft = Sandbox::start(Config { clock, ..config }).await?;
        Ok(Self {
            microsoft,
            http: http_client()?,
        })
    }

    /// For these scopes, with PKCE and a state; changed as `but` says.
    pub fn authorize_url(&self, scope: &str, but: &[(&str, Option<&str>)]) -> Result<Url> {
        self.authorize_url_of(TENANT, scope, but)
    }

    /// The same at this tenant.
    pub fn authorize_url_of(
        &self,
        tenant: &str,
        scope: &str,
        but: &[(&str, Option<&str>)],
    ) -> Result<Url> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let usual = [
            ("response_type", "code"),
            ("client_id", CLIENT_ID),
            ("redirect_uri", REDIRECT),
            ("state", "st&te/1"),
            ("scope", scope),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let kept = usual
            .into_iter()
            .filter(|(name, _)| but.iter().all(|(changed, _)| changed != name));
        let added = but
            .iter()
            .filter_map(|(name, value)| value.map(|value| (*name, value)));
        let query: Vec<_> = kept.chain(added).collect();
        let base = self.microsoft.login_url();
        let url = format!("{base}/{tenant}/oauth2/v2.0/authorize");
        Ok(Url::parse_with_params(&url, query)?)
    }

    /// From the consent page to the redirect.
    pub async fn redirected(&self, user: &str, url: &Url) -> Result<String> {
        Ok(consent(url.as_str(), user, Decision::Allow).await?)
    }

    pub async fn code(&self, user: &str, scope: &str) -> Result<String> {
        let url = self.authorize_url(scope, &[])?;
        parameter(&self.redirected(user, &url).await?, "code")
    }

    pub async fn token(&self, form: &[(&str, &str)]) -> Result<(u16, Value)> {
        let base = self.microsoft.login_url();
        let url = format!("{base}/{TENANT}/oauth2/v2.0/token");
        answer(self.http.post(url).form(form).send().await?).await
    }

    pub async fn exchange(&self, code: &str) -> Result<(u16, Value)> {
        self.token(&exchange_form(code)).await
    }

    /// For these scopes, or for what was asked for first.
    pub async fn refresh(&self, token: &str, scope: Option<&str>) -> Result<(u16, Value)> {
        let mut form = refresh_form(token).to_vec();
        form.extend(scope.map(|scope| ("scope", scope)));
        self.token(&form).await
    }

    /// This user allows these scopes.
    pub async fn connect(&self, user: &str, scope: &str) -> Result<Keys> {
        let code = self.code(user, scope).await?;
        keys(self.exchange(&code).await?)
    }

    pub async fn get(&self, path: &str, access: &str) -> Result<(u16, Value)> {
        let url = format!("{}/v1.0{path}", self.microsoft.graph_url());
        answer(self.http.get(url).bearer_auth(access).send().await?).await
    }
}

impl Keys {
    pub fn refresh(&self) -> Result<&str> {
        self.refresh.as_deref().context("no refresh token")
    }
}

pub fn keys((status, body): (u16, Value)) -> Result<Keys> {
    ensure!(
        status == 200,
        "the token endpoint answered {status}: {body}"
    );
    let text = |name: &str| body[name].as_str().map(str::to_owned);
    Ok(Keys {
        access: text("access_token").context("no access token")?,
        refresh: text("refresh_token"),
        scope: text("scope").context("no scope")?,
        body,
    })
}

/// The number of a refusal, as its description begins and as its code says.
pub fn number((_, body): &(u16, Value)) -> Result<u64> {
    let code = body["error_codes"][0].as_u64().context("no code")?;
    let text = body["error_description"].as_str().unwrap_or_default();
    ensure!(text.starts_with(&format!("AADSTS{code}: ")), "{text}");
    Ok(code)
}

pub fn exchange_form(code: &str) -> [(&str, &str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("client_id", CLIENT_ID),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ]
}

pub fn refresh_form(token: &str) -> [(&str, &str); 3] {
    [
        ("grant_type", "refresh_token"),
        ("client_id", CLIENT_ID),
        ("refresh_token", token),
    ]
}
