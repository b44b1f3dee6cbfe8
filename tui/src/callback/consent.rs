//! Playing the person at a sandbox's consent page, where there is no browser.
//!
//! Must never reach anything but this machine: agreeing for a person is theirs at the real Zoom.

use std::time::Duration;

use axum::http::header::{CONTENT_TYPE, HOST, LOCATION};
use axum::http::{Request, StatusCode};
use http_body_util::Full;
use hyper::client::conn::http1;
use hyper_util::rt::TokioIo;
use tokio::net::TcpStream;
use url::{Host, Url, form_urlencoded};

use super::{Redirect, RedirectError, read_redirect};

/// How long the sandbox may take.
const PATIENCE: Duration = Duration::from_secs(10);

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

/// Agrees as `zoom_user` at the consent page of a sandbox and returns where it leads.
///
/// # Errors
/// [`ConsentError::NotASandbox`] for anything but plain http on loopback; else what the sandbox
/// did.
pub async fn sandbox_consent(
    authorize_url: &str,
    zoom_user: &str,
) -> Result<Redirect, ConsentError> {
    let address = sandbox_address(authorize_url).ok_or(ConsentError::NotASandbox)?;
    let agreed = tokio::time::timeout(PATIENCE, agree(&address, zoom_user)).await;
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

async fn agree(address: &Url, zoom_user: &str) -> Result<String, ConsentError> {
    let request = form(address, zoom_user).map_err(unreachable)?;
    let places = address.socket_addrs(|| None).map_err(unreachable)?;
    let stream = TcpStream::connect(places.as_slice())
        .await
        .map_err(unreachable)?;
    let (mut sender, connection) = http1::handshake(TokioIo::new(stream))
        .await
        .map_err(unreachable)?;
    let answer = tokio::select! {
        answer = sender.send_request(request) => answer.map_err(unreachable)?,
        ended = connection => {
            let why = ended.err().map_or("the connection ended".to_owned(), |error| error.to_string());
            return Err(ConsentError::Unreachable(why));
        }
    };
    let location = answer.headers().get(LOCATION);
    match location.and_then(|location| location.to_str().ok()) {
        Some(location) if answer.status().is_redirection() => Ok(location.to_owned()),
        _ => Err(ConsentError::NoRedirect(answer.status())),
    }
}

fn form(address: &Url, zoom_user: &str) -> Result<Request<Full<bytes::Bytes>>, axum::http::Error> {
    let body = form_urlencoded::Serializer::new(String::new())
        .append_pair("zoom_user", zoom_user)
        .append_pair("decision", "allow")
        .finish();
    Request::post(&address[url::Position::BeforePath..url::Position::AfterQuery])
        .header(HOST, address.authority())
        .header(CONTENT_TYPE, "application/x-www-form-urlencoded")
        .body(Full::from(body))
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
        let consent = |body: String| async move {
            assert_eq!(body, "zoom_user=dana%40acme.example&decision=allow");
            To::to("http://127.0.0.1:9/callback?code=c&state=s")
        };
        let listener = tokio::net::TcpListener::bind("127.0.0.1:0").await.unwrap();
        let address = listener.local_addr().unwrap();
        let router = Router::new().route("/oauth/authorize", post(consent));
        tokio::spawn(axum::serve(listener, router).into_future());

        let url = format!("http://{address}/oauth/authorize?state=s");
        let redirect = sandbox_consent(&url, "dana@acme.example").await.unwrap();
        assert!(matches!(redirect.answer, Answer::Code(_)));
        let url = format!("http://{address}/elsewhere");
        let page = sandbox_consent(&url, "dana@acme.example").await;
        assert!(matches!(page, Err(ConsentError::NoRedirect(_))));
    }
}
