//! The same calls to Zoom without a daemon: nothing is kept, judged or told.

use std::time::{Duration, Instant};

use anyhow::{Context as _, Result, ensure};
use base64::Engine as _;
use base64::engine::general_purpose::URL_SAFE_NO_PAD;
use greenroom_tests::sandbox::{Decision, PUBLIC_CLIENT_ID, Sandbox, consent};
use reqwest::{Method, RequestBuilder};
use serde_json::{Value, json};
use sha2::{Digest as _, Sha256};
use url::Url;

use crate::tally::Step;

const REDIRECT: &str = "http://127.0.0.1:1/callback";
const VERIFIER: &str = "a-verifier-of-at-least-forty-three-characters-it-is";

/// A Zoom user with an access token.
pub struct Host {
    access: String,
    api: String,
}

impl Host {
    /// This user connects.
    pub async fn connect(zoom: &Sandbox, http: &reqwest::Client, user: &str) -> Result<Self> {
        let challenge = URL_SAFE_NO_PAD.encode(Sha256::digest(VERIFIER));
        let query = [
            ("response_type", "code"),
            ("client_id", PUBLIC_CLIENT_ID),
            ("redirect_uri", REDIRECT),
            ("state", "state"),
            ("code_challenge", &challenge),
            ("code_challenge_method", "S256"),
        ];
        let url = format!("{}/authorize", zoom.oauth_url());
        let url = Url::parse_with_params(&url, query)?;
        let back: Url = consent(url.as_str(), user, Decision::Allow)
            .await?
            .parse()?;
        let code = back.query_pairs().find(|(name, _)| name == "code");
        let (_, code) = code.context("a code")?;
        let form = [
            ("grant_type", "authorization_code"),
            ("code", &code),
            ("redirect_uri", REDIRECT),
            ("client_id", PUBLIC_CLIENT_ID),
            ("code_verifier", VERIFIER),
        ];
        let url = format!("{}/token", zoom.oauth_url());
        let answer: Value = http.post(url).form(&form).send().await?.json().await?;
        let access = answer["access_token"].as_str().context("a token")?;
        Ok(Self {
            access: access.to_owned(),
            api: zoom.api_url(),
        })
    }

    /// One step of so many meetings, one after the other; `meetings` are those there are.
    pub async fn go(
        &self,
        http: &reqwest::Client,
        step: Step,
        count: usize,
        meetings: &mut Vec<u64>,
    ) -> Result<Vec<Duration>> {
        let mut took = Vec::with_capacity(count);
        for number in 0..count {
            let begun = Instant::now();
            match step {
                Step::Book => {
                    let create = self.request(http, Method::POST, "/users/me/meetings");
                    let made = answer(create.json(&plan(number))).await?;
                    let id = made["id"].as_u64().context("an id")?;
                    self.read(http, id).await?;
                    meetings.push(id);
                }
                Step::Move => {
                    let path = format!("/meetings/{}", meetings[number]);
                    let update = self.request(http, Method::PATCH, &path);
                    answer(update.json(&plan(number + 1))).await?;
                    self.read(http, meetings[number]).await?;
                }
                Step::CallOff => {
                    let path = format!("/meetings/{}", meetings[number]);
                    answer(self.request(http, Method::DELETE, &path)).await?;
                }
            }
            took.push(begun.elapsed());
        }
        Ok(took)
    }

    async fn read(&self, http: &reqwest::Client, id: u64) -> Result<Value> {
        answer(self.request(http, Method::GET, &format!("/meetings/{id}"))).await
    }

    fn request(&self, http: &reqwest::Client, method: Method, path: &str) -> RequestBuilder {
        let url = format!("{}{path}", self.api);
        http.request(method, url).bearer_auth(&self.access)
    }
}

/// As much as the daemon says of a meeting.
fn plan(number: usize) -> Value {
    json!({
        "topic": "Interview: Priya Nair, Backend Engineer",
        "type": 2,
        "start_time": format!("2030-01-{:02}T{:02}:00:00Z", 1 + number / 24, number % 24),
        "timezone": "UTC",
        "duration": 30,
        "agenda": "[int_01jd0000000000000000000000]",
        "password": "kT4qZ8wPx2",
        "default_password": false,
        "settings": {
            "join_before_host": true, "waiting_room": false, "use_pmi": false, "approval_type": 2,
            "meeting_authentication": false, "registrants_email_notification": false,
        },
    })
}

/// The whole answer, which must be a good one.
async fn answer(request: RequestBuilder) -> Result<Value> {
    let response = request.send().await?;
    let status = response.status();
    let body = response.bytes().await?;
    ensure!(
        status.is_success(),
        "{status}: {}",
        String::from_utf8_lossy(&body)
    );
    match body.is_empty() {
        true => Ok(Value::Null),
        false => Ok(serde_json::from_slice(&body)?),
    }
}
