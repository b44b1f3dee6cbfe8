//! The provider as a process, and the browser in front of it.

use std::collections::BTreeMap;
use std::io::{BufRead as _, BufReader};
use std::path::Path;
use std::process::{Command, Stdio};

use anyhow::Context;
use greenroom_protocol::zoom::PERMISSIONS;
use greenroom_tests::lifeline::Held;
use greenroom_tests::sandbox::http_client;
use greenroom_tests::tools::{self, Tool};
use reqwest::header::{COOKIE, LOCATION, SET_COOKIE};
use serde::Deserialize;
use serde_json::Value;
use url::Url;

/// Our app there: a public client.
pub const CLIENT_ID: &str = "greenroom";

/// A client that only asks about tokens.
const WITNESS: (&str, &str) = ("witness", "witness-secret");

/// A provider that runs, and ends with this.
pub struct Provider {
    origin: String,
    _process: Held,
}

/// What the provider did, in its own words.
#[derive(Debug, Deserialize, PartialEq)]
#[serde(untagged)]
pub enum Seen {
    /// It gave a code, for a challenge of this method.
    Authorized { authorized: String },
    /// It gave tokens, for this kind of grant.
    Granted {
        granted: String,
        access_token: String,
        refresh_token: String,
    },
    /// It gave none.
    Refused { refused: String, why: String },
}

/// A pair of tokens.
pub struct Pair {
    pub access: String,
    pub refresh: String,
}

impl Provider {
    /// Starts one; `None`, and a line that says so, where it is not installed.
    pub async fn start() -> anyhow::Result<Option<Self>> {
        let folder = Path::new(env!("CARGO_MANIFEST_DIR")).join("oauth-provider");
        if !is_installed(&folder) {
            return Ok(None);
        }
        let scopes = PERMISSIONS.map(|permission| permission.scope).join(" ");
        let mut command = Command::new("node");
        command
            .current_dir(folder)
            .args(["provider.js", &scopes])
            .stdout(Stdio::piped())
            .stderr(Stdio::null());
        let mut process = Held::start(&mut command).context("start the provider")?;
        let said = process.child().stdout.take().context("its output")?;
        let origin = tokio::task::spawn_blocking(move || {
            let mut line = String::new();
            BufReader::new(said).read_line(&mut line).map(|_| line)
        });
        let origin = origin.await??.trim().to_owned();
        Url::parse(&origin).context("the provider ended before it said where it is")?;
        Ok(Some(Self {
            origin,
            _process: process,
        }))
    }

    /// Where authorize, token and revoke are.
    pub fn origin(&self) -> String {
        self.origin.clone()
    }

    /// Where the API is.
    pub fn api_url(&self) -> String {
        format!("{}/v2", self.origin)
    }

    /// All it did so far.
    pub async fn seen(&self) -> anyhow::Result<Vec<Seen>> {
        let seen = http_client()?.get(format!("{}/seen", self.origin));
        Ok(seen.send().await?.json().await?)
    }

    /// All pairs it gave, the first one in front.
    pub async fn pairs(&self) -> anyhow::Result<Vec<Pair>> {
        let pair = |seen| match seen {
            Seen::Granted {
                access_token: access,
                refresh_token: refresh,
                ..
            } => Some(Pair { access, refresh }),
            _ => None,
        };
        Ok(self.seen().await?.into_iter().filter_map(pair).collect())
    }

    /// The pair it gave last.
    pub async fn last_pair(&self) -> anyhow::Result<Pair> {
        self.pairs().await?.pop().context("a pair")
    }

    /// Whether a token lives: introspection, RFC 7662.
    pub async fn lives(&self, token: &str) -> anyhow::Result<bool> {
        let (id, secret) = WITNESS;
        let asked = http_client()?
            .post(format!("{}/introspect", self.origin))
            .basic_auth(id, Some(secret))
            .form(&[("token", token)]);
        let answer: Value = asked.send().await?.error_for_status()?.json().await?;
        answer["active"].as_bool().context("whether it is active")
    }

    /// What the provider answers somebody who renews with this token.
    pub async fn renew(&self, refresh: &str) -> anyhow::Result<Value> {
        let form = [
            ("grant_type", "refresh_token"),
            ("refresh_token", refresh),
            ("client_id", CLIENT_ID),
        ];
        let asked = http_client()?
            .post(format!("{}/token", self.origin))
            .form(&form);
        Ok(asked.send().await?.json().await?)
    }
}

/// Whether the provider is installed; where it is not, a line says so.
pub fn is_installed(folder: &Path) -> bool {
    let node = Command::new("node").arg("--version").output();
    let installed = folder.join("node_modules/oidc-provider").exists()
        && node.is_ok_and(|output| output.status.success());
    if !installed {
        tools::missing(Tool::OauthProvider);
    }
    installed
}

/// Where a browser ends up that goes to the consent page as the person whom the hint names: at our
/// redirect, which it does not follow.
pub async fn consent(authorize_url: &str) -> anyhow::Result<Url> {
    const MOST_PAGES: usize = 10;
    let http = http_client()?;
    let (mut page, mut cookies) = (Url::parse(authorize_url)?, BTreeMap::new());
    for _ in 0..MOST_PAGES {
        let jar: Vec<_> = cookies
            .iter()
            .map(|(name, value)| format!("{name}={value}"))
            .collect();
        let shown = http.get(page.clone()).header(COOKIE, jar.join("; "));
        let shown = shown.send().await?;
        for cookie in shown.headers().get_all(SET_COOKIE) {
            let (name, rest) = cookie.to_str()?.split_once('=').context("a cookie")?;
            let value = rest.split(';').next().unwrap_or_default();
            cookies.insert(name.to_owned(), value.to_owned());
        }
        let Some(next) = shown.headers().get(LOCATION) else {
            anyhow::bail!("the provider shows a page: {}", shown.text().await?);
        };
        page = page.join(next.to_str()?)?;
        if page.path() == "/callback" {
            return Ok(page);
        }
    }
    anyhow::bail!("the provider leads from page to page")
}

/// The page that is at an address.
pub async fn browse(address: &Url) -> anyhow::Result<String> {
    Ok(http_client()?
        .get(address.clone())
        .send()
        .await?
        .text()
        .await?)
}
