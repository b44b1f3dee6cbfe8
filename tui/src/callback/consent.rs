//! Playing the person at a sandbox's consent page, where there is no browser.
//!
//! Must never reach anything but this machine: agreeing for a person is theirs at the real Zoom.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, HOST, LOCATION};
use axum::http::{Request, Response, StatusCode};
use bytes::Bytes;
use http_body_util::{BodyExt as _, Full, Limited};
use hyper::body::Incoming;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::{Host, Url, form_urlencoded};

use super::{Redirect, RedirectError, read_redirect};

/// How long the sandbox may take.
const PATIENCE: Duration = Duration::from_secs(10);

/// The largest consent page that is read, in bytes.
const LARGEST_PAGE: usize = 64 * 1024;

/// Why the sandbox gave no redirect.
#[derive(Debug, thiserror::Error)]
pub enum ConsentError {
    /// The address is not plain http on this machine.
    #[error("answer the consent page: only a sandbox on this machine may be answered for you")]
    NotASandbox,
    /// The sandbox could not be asked.
    #[error("answer the consent page: {0}")]
    Unreachable(String),
    /// It answered with a page of its own.
    #[error("answer the consent page: it showed a page ({0}) instead of leading back")]
    NoRedirect(StatusCode),
    /// It led somewhere else.
    #[error(transparent)]
    Redirect(#[from] RedirectError),
}

/// Agrees as `user` at the consent page of a sandbox and returns where it leads. An empty `user` is the one
/// that the page names.
///
/// # Errors
/// [`ConsentError::NotASandbox`] for anything but plain http on loopback; else what the sandbox
/// did.
pub async fn sandbox_consent(authorize_url: &str, user: &str) -> Result<Redirect, ConsentError> {
    let address = sandbox_address(authorize_url).ok_or(ConsentError::NotASandbox)?;
    let agreed = tokio::time::timeout(PATIENCE, agree(&address, user)).await;
    let location = agreed.map_err(|_| ConsentError::Unreachable("no answer".to_owned()))??;
    Ok(read_redirect(&location)?)
}

fn sandbox_address(authorize_url: &str) -> Option<Url> {
    let url = Url::parse(authorize_url).ok()?;
    let loopback = match url.host()? {
        Host::Ipv4(address) => address.is_loopback(),
        Host::Ipv6(address) => address.is_loopback(),
        Host::Domain(_) => false,
    };
    (url.scheme() == "http" && loopback).then_some(url)
}

/// Looks at the page, fills in who agrees, and presses the button.
async fn agree(address: &Url, user: &str) -> Result<String, ConsentError> {
    let page = exchange(address, request(address, None)).await?;
    if !page.status().is_success() {
        return Err(ConsentError::NoRedirect(page.status()));
    }
    let page = Limited::new(page.into_body(), LARGEST_PAGE).collect();
    let page = page.await.map_err(unreachable)?.to_bytes();
    let page = String::from_utf8_lossy(&page);
    let (name, named) = field(&page).ok_or(ConsentError::NoRedirect(StatusCode::OK))?;
    let user = if user.is_empty() { named } else { user };
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair(name, user)
        .append_pair("decision", "allow")
        .finish();
    let answer = exchange(address, request(address, Some(body))).await?;
    let location = answer.headers().get(LOCATION);
    match location.and_then(|location| location.to_str().ok()) {
        Some(location) if answer.status().is_redirection() => Ok(location.to_owned()),
        _ => Err(ConsentError::NoRedirect(answer.status())),
    }
}

/// The page's one field for a text: its name, and what stands in it.
fn field(page: &str) -> Option<(&str, &str)> {
    let (_, rest) = page.split_once("<input type=\"text\" name=\"")?;
    let (name, rest) = rest.split_once('"')?;
    let value = rest.strip_prefix(" value=\"");
    let value = value.and_then(|rest| rest.split_once('"'));
    Some((name, value.map_or("", |(value, _)| value)))
}

type Asked = Result<Request<Full<Bytes>>, axum::http::Error>;

/// A look at the page, or with a body what is filled in there.
fn request(address: &Url, body: Option<String>) -> Asked {
    let page = &address[url::Position::BeforePath..url::Position::AfterQuery];
    let request = match body {
        None => Request::get(page),
        Some(_) => Request::post(page).header(CONTENT_TYPE, "application/x-www-form-urlencoded"),
    };
    let request = request.header(HOST, address.authority());
    request.body(Full::from(body.unwrap_or_default()))
}

async fn exchange(address: &Url, request: Asked) -> Result<Response<Incoming>, ConsentError> {
    let request = request.map_err(unreachable)?;
    let places = address.socket_addrs(|| None).map_err(unreachable)?;
    let stream = TcpStream::connect(places.as_slice())
        .await
        .map_err(unreachable)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    // It goes on while the answer's body is read, and ends with it.
    tokio::spawn(connection);
    sender.send_request(request).await.map_err(unreachable)
}

fn unreachable(error: impl std::fmt::Display) -> ConsentError {
    ConsentError::Unreachable(error.to_string())
}

#[cfg(test)]
mod tests {
    use axum::Router;
    use axum::response::Redirect as To;
    use axum::routing::post;

    use super::*;
    use crate::callback::Answer;

    #[tokio::test]
    async fn only_a_sandbox_on_this_machine_is_answered() {
        for address in [
            "https://zoom.us/oauth/authorize?state=s",
            "https://127.0.0.1:1/oauth/authorize",
            "http://sandbox.example/oauth/authorize",
            "http://127.0.0.1.sandbox.example/oauth/authorize",
            "nothing",
        ] {
            let refused = sandbox_consent(address, "dana@acme.example").await;
            assert!(
                matches!(refused, Err(ConsentError::NotASandbox)),
                "{address}"
            );
        }
    }

    #[tokio::test]
    async fn the_sandbox_leads_back_to_the_port() {
        const PAGE: &str =
            r#"<label><input type="text" name="login" value="mina@acme.example"></label>"#;
        let consent = |body: String| async move {
            let whose = if body.contains("mina") {
                "mina"
            } else {
                "dana"
            };
            assert_eq!(body, format!("login={whose}%40acme.example&decision=allow"));
            To::to("http://127.0.0.1:9/callback?code=c&state=s")
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/oauth/authorize", post(consent).get(|| async { PAGE }));
        tokio::spawn(axum::serve(listener, router).into_future());

        let url = format!("http://{address}/oauth/authorize?state=s");
        let redirect = sandbox_consent(&url, "dana@acme.example").await.unwrap();
        assert!(matches!(redirect.answer, Answer::Code(_)));
        let redirect = sandbox_consent(&url, "").await.unwrap();
        assert!(matches!(redirect.answer, Answer::Code(_)));
        let url = format!("http://{address}/elsewhere");
        let page = sandbox_consent(&url, "dana@acme.example").await;
        assert!(matches!(page, Err(ConsentError::NoRedirect(_))));
    }
}
