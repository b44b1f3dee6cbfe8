//! The three providers as processes of their own, and how they are steered.

use std::io::{BufRead as _, BufReader};
use std::process::{Command, Stdio};

use anyhow::{Context as _, Result, ensure};
use greenroom_tests::lifeline::Held;
use greenroom_tests::sandbox::http_client;
use serde_json::{Value, json};

/// A provider of grants.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Vendor {
    Zoom,
    Google,
    Microsoft,
}

impl Vendor {
    /// All, in the order of every list here.
    pub const ALL: [Self; 3] = [Self::Zoom, Self::Google, Self::Microsoft];

    /// The part of the demo that is its sandbox.
    fn part(self) -> &'static str {
        match self {
            Self::Zoom => "sandbox",
            Self::Google => "google-sandbox",
            Self::Microsoft => "microsoft-sandbox",
        }
    }
}

/// A sandbox that runs, and ends with this.
pub struct Sandbox {
    vendor: Vendor,
    /// What it said when it was ready.
    pub ready: Value,
    url: String,
    http: reqwest::Client,
    _held: Held,
}

impl Sandbox {
    pub fn start(vendor: Vendor) -> Result<Self> {
        let mut command = Command::new(env!("CARGO_BIN_EXE_demo"));
        let mut held = Held::start(command.arg(vendor.part()).stdout(Stdio::piped()))?;
        let output = held.child().stdout.take().context("read the sandbox")?;
        let mut line = String::new();
        BufReader::new(output).read_line(&mut line)?;
        let ready: Value = serde_json::from_str(&line).context("wait for the sandbox")?;
        let url = match vendor {
            Vendor::Zoom => &ready["zoom_url"],
            Vendor::Google | Vendor::Microsoft => &ready["url"],
        };
        let url = url.as_str().context("where it is")?.to_owned();
        Ok(Self {
            vendor,
            ready,
            url,
            http: http_client()?,
            _held: held,
        })
    }

    /// A word of what it said when it was ready.
    pub fn said(&self, name: &str) -> Result<String> {
        let said = self.ready[name].as_str().context("what it said")?;
        Ok(said.to_owned())
    }

    /// Where it is.
    pub fn url(&self) -> &str {
        &self.url
    }

    /// Its clock is so many seconds ahead.
    pub async fn is_ahead(&self, seconds: i64) -> Result<()> {
        self.steer("clock", &json!({ "ahead": seconds })).await
    }

    /// Somebody has a login there.
    pub async fn has_user(&self, email: &str) -> Result<()> {
        match self.vendor {
            Vendor::Zoom => self.steer("users", &json!({ "email": email })).await,
            Vendor::Google => {
                let account = json!({ "email": email, "domain": "acme.example" });
                self.steer("accounts", &account).await
            }
            Vendor::Microsoft => {
                let account = json!({ "email": email, "tenant": "acme.example" });
                self.steer("accounts", &account).await
            }
        }
    }

    /// The next renewal is answered with "asked too often, wait so many seconds".
    pub async fn limits(&self, seconds: i64) -> Result<()> {
        let fault = json!({
            "endpoint": "refresh",
            "kind": "answer",
            "answer": "json",
            "status": 429,
            "body": { "error": "rate_limit_exceeded" },
            "headers": { "retry-after": seconds.to_string() },
        });
        self.steer("faults", &fault).await
    }

    /// It counted as many renewals at least, refused none, and everybody's grant lives.
    pub async fn agrees(&self, hosts: usize, renewals: u64) -> Result<()> {
        let (what, live) = match self.vendor {
            Vendor::Zoom => ("counters", "live_grants"),
            Vendor::Google => ("state", "live_grants"),
            Vendor::Microsoft => ("state", "live_refresh_tokens"),
        };
        let told = self.http.get(format!("{}/sandbox/{what}", self.url));
        let told: Value = told.send().await?.json().await?;
        let counters = &told["counters"];
        let count = |name: &str| counters[name].as_u64().unwrap_or_default();
        let vendor = self.vendor;
        ensure!(count("refreshes") >= renewals, "{vendor:?}: {counters}");
        ensure!(count("refreshes_refused") == 0, "{vendor:?}: {counters}");
        // Microsoft lets a former one live beside its successor.
        let lives = told[live].as_u64().unwrap_or_default() as usize;
        let every = match vendor {
            Vendor::Zoom | Vendor::Google => lives == hosts,
            Vendor::Microsoft => lives >= hosts,
        };
        ensure!(every, "{vendor:?}: {lives} live, of {hosts}");
        Ok(())
    }

    async fn steer(&self, what: &str, body: &Value) -> Result<()> {
        let asked = self.http.post(format!("{}/sandbox/{what}", self.url));
        asked.json(body).send().await?.error_for_status()?;
        Ok(())
    }
}
