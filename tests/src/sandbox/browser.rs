//! The person at the consent page: loads it, fills in its one field, presses a button.
//!
//! Follows no redirect, so anyone who calls decides what reaches the redirect address.

use std::time::Duration;

use reqwest::header::{ACCEPT, HeaderMap, HeaderValue, LOCATION};

/// Which button is pressed.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub enum Decision {
    /// Allow.
    Allow,
    /// Decline.
    Decline,
}

impl Decision {
    fn value(self) -> &'static str {
        match self {
            Self::Allow => "allow",
            Self::Decline => "decline",
        }
    }
}

/// Why no redirect came of it.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// The vendor did not answer.
    #[error("answer the consent page: {0}")]
    Http(#[from] reqwest::Error),
    /// The vendor showed a page (or raw JSON) of its own instead.
    #[error("answer the consent page: it led to a page with status {status} and not back")]
    Page {
        /// HTTP status.
        status: u16,
        /// What it showed.
        text: String,
    },
}

/// An HTTP client fit for loopback: no proxy, no redirects, ten seconds. It asks for JSON, as a
/// client does that wants to read what is refused.
///
/// # Errors
///
/// Where the system has no TLS.
pub fn http_client() -> Result<reqwest::Client, reqwest::Error> {
    // reqwest is built without a TLS provider of its own and panics when none is installed; a
    // second call is refused, which is as good.
    let _ = rustls::crypto::ring::default_provider().install_default();
    let mut headers = HeaderMap::new();
    headers.insert(ACCEPT, HeaderValue::from_static("application/json"));
    reqwest::Client::builder()
        .default_headers(headers)
        .no_proxy()
        .redirect(reqwest::redirect::Policy::none())
        .timeout(Duration::from_secs(10))
        .build()
}

/// Answers the consent page at `authorize_url` as `user`; returns the redirect address with
/// its code and state, or its error.
///
/// # Errors
///
/// Where the vendor does not answer, or shows a page instead of a redirect.
pub async fn consent(
    authorize_url: &str,
    user: &str,
    decision: Decision,
) -> Result<String, ConsentError> {
    answer(&http_client()?, authorize_url, user, decision).await
}

/// The same with a client that is there already.
///
/// # Errors
///
/// Where the vendor does not answer, or shows a page instead of a redirect.
pub async fn answer(
    http: &reqwest::Client,
    authorize_url: &str,
    user: &str,
    decision: Decision,
) -> Result<String, ConsentError> {
    let page = http.get(authorize_url).send().await?;
    if !page.status().is_success() {
        return Err(page_shown(page).await?);
    }
    let page = page.text().await?;
    let form = [(field(&page), user), ("decision", decision.value())];
    let answer = http.post(authorize_url).form(&form).send().await?;
    let location = answer
        .headers()
        .get(LOCATION)
        .and_then(|value| value.to_str().ok());
    match location.map(str::to_owned) {
        Some(location) if answer.status().is_redirection() => Ok(location),
        _ => Err(page_shown(answer).await?),
    }
}

/// The page's one field, by its name.
fn field(page: &str) -> &str {
    let from = page.split_once("<input type=\"text\" name=\"");
    let name = from.and_then(|(_, rest)| rest.split_once('"'));
    name.map_or("", |(name, _)| name)
}

async fn page_shown(answer: reqwest::Response) -> Result<ConsentError, reqwest::Error> {
    let status = answer.status().as_u16();
    Ok(ConsentError::Page {
        status,
        text: answer.text().await?,
    })
}
