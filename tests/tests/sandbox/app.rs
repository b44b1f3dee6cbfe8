//! An app talking to the sandbox as the daemon would: authorize addresses, tokens, calls.

use std::time::Duration;

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use greenroom_tests::sandbox::{
    Clock, Config, Decision, PUBLIC_CLIENT_ID, Sandbox, consent, http_client,
};
use reqwest::{Method, RequestBuilder, Response};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use tokio::time::timeout;
use url::Url;

pub const DANA: &str = "dana.reyes@acme.example";
pub const REDIRECT: &str = "http://127.0.0.1:41827/callback";
pub const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-it-is";

/// A sandbox whose clock stands still on a Monday morning, and the app that uses it.
pub struct App {
    pub zoom: Sandbox,
    pub http: reqwest::Client,
}

/// What an exchange or a refresh brought.
#[derive(Debug, Clone)]
pub struct Pair {
    pub access: String,
    pub refresh: String,
    pub scope: String,
}

/// A status and a JSON body; `Null` is no body.
pub type Answer = (u16, Value);

impl App {
    pub async fn start() -> Result<Self> {
        Self::with(Config::default()).await
    }

    pub async fn with(config: Config) -> Result<Self> {
        let clock = Clock::Stopped("2026-11-23T09:00:00Z".parse()?);
        let zoom = Sandbox::start(Config { clock, ..config }).await?;
        Ok(Self {
            zoom,
            http: http_client()?,
        })
    }

    /// The public client's authorize address with PKCE and a state.
    pub fn authorize_url(&self) -> Result<Url> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let query = [
            ("response_type", "code"),
            ("client_id", PUBLIC_CLIENT_ID),
            ("redirect_uri", REDIRECT),
            ("state", "st&te/1"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        Ok(Url::parse_with_params(
            &format!("{}/authorize", self.zoom.oauth_url()),
            query,
        )?)
    }

    /// The same with one parameter replaced, or removed.
    pub fn authorize_url_but(&self, name: &str, value: Option<&str>) -> Result<Url> {
        let url = self.authorize_url()?;
        let kept: Vec<(String, String)> = url
            .query_pairs()
            .into_owned()
            .filter(|(key, _)| key != name)
            .collect();
        let mut changed = url;
        changed.query_pairs_mut().clear().extend_pairs(kept);
        if let Some(value) = value {
            changed.query_pairs_mut().append_pair(name, value);
        }
        Ok(changed)
    }

    /// This user agrees; the code.
    pub async fn code(&self, user: &str) -> Result<String> {
        let back = consent(self.authorize_url()?.as_str(), user, Decision::Allow).await?;
        parameter(&back, "code")
    }

    /// POST /oauth/token as a public client.
    pub async fn token(&self, form: &[(&str, &str)]) -> Result<Answer> {
        let url = format!("{}/token", self.zoom.oauth_url());
        answer(self.http.post(url).form(form).send().await?).await
    }

    pub async fn exchange(&self, code: &str) -> Result<Answer> {
        self.token(&exchange_form(code)).await
    }

    pub async fn refresh(&self, token: &str) -> Result<Answer> {
        self.token(&refresh_form(token)).await
    }

    /// This user connects, from the consent page to a pair.
    pub async fn connect(&self, user: &str) -> Result<Pair> {
        let code = self.code(user).await?;
        pair(self.exchange(&code).await?)
    }

    /// A call of the API, to be sent.
    pub fn request(&self, method: Method, path: &str, access: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.zoom.api_url());
        self.http.request(method, url).bearer_auth(access)
    }

    pub async fn get(&self, path: &str, access: &str) -> Result<Answer> {
        answer(self.request(Method::GET, path, access).send().await?).await
    }

    pub async fn create(&self, access: &str, body: Value) -> Result<Answer> {
        let request = self.request(Method::POST, "/users/me/meetings", access);
        answer(request.json(&body).send().await?).await
    }

    /// Creates a meeting for tomorrow; it must succeed.
    pub async fn meeting(&self, access: &str) -> Result<Value> {
        let body = json!({ "topic": "Interview", "start_time": "2026-11-24T09:00:00Z" });
        let (status, meeting) = self.create(access, body).await?;
        ensure!(status == 201, "create answered {status}: {meeting}");
        Ok(meeting)
    }

    pub async fn update(&self, access: &str, id: u64, body: Value) -> Result<Answer> {
        let request = self.request(Method::PATCH, &format!("/meetings/{id}"), access);
        answer(request.json(&body).send().await?).await
    }

    pub async fn delete(&self, access: &str, id: u64) -> Result<Answer> {
        answer(
            self.request(Method::DELETE, &format!("/meetings/{id}"), access)
                .send()
                .await?,
        )
        .await
    }
}

/// Waits until this holds; fails after ten seconds.
pub async fn until(holds: impl Fn() -> bool) -> Result<()> {
    let held = async {
        while !holds() {
            tokio::task::yield_now().await;
        }
    };
    timeout(Duration::from_secs(10), held)
        .await
        .context("it never came to hold")
}

pub fn exchange_form(code: &str) -> [(&str, &str); 5] {
    [
        ("grant_type", "authorization_code"),
        ("client_id", PUBLIC_CLIENT_ID),
        ("code", code),
        ("redirect_uri", REDIRECT),
        ("code_verifier", VERIFIER),
    ]
}

pub fn refresh_form(token: &str) -> [(&str, &str); 3] {
    [
        ("grant_type", "refresh_token"),
        ("client_id", PUBLIC_CLIENT_ID),
        ("refresh_token", token),
    ]
}

pub async fn answer(response: Response) -> Result<Answer> {
    let status = response.status().as_u16();
    let body = response.bytes().await?;
    if body.is_empty() {
        return Ok((status, Value::Null));
    }
    let body = serde_json::from_slice(&body).context("the body is no JSON")?;
    Ok((status, body))
}

pub fn pair((status, body): Answer) -> Result<Pair> {
    ensure!(
        status == 200,
        "the token endpoint answered {status}: {body}"
    );
    let text = |name: &str| {
        body[name]
            .as_str()
            .map(str::to_owned)
            .context("a field is missing")
    };
    Ok(Pair {
        access: text("access_token")?,
        refresh: text("refresh_token")?,
        scope: text("scope")?,
    })
}

/// A parameter of an address.
pub fn parameter(address: &str, name: &str) -> Result<String> {
    let address = Url::parse(address)?;
    let mut pairs = address.query_pairs();
    let found = pairs
        .find(|(key, _)| key == name)
        .context("the address lacks it")?;
    Ok(found.1.into_owned())
}

pub fn id_of(meeting: &Value) -> Result<u64> {
    meeting["id"].as_u64().context("a meeting without an id")
}
