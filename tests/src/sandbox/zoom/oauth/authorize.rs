//! Owns what an authorize address asks for, and whether Zoom shows a consent page for it at all.
//!
//! What is wrong here never reaches the redirect address: Zoom answers with a page of its own (as
//! seen in the field).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde::Deserialize;
use serde_json::json;
use url::{Host, Url};

use crate::sandbox::codes::Challenge;
use crate::sandbox::zoom::directory::App;
use crate::sandbox::zoom::world::World;

/// The query of an authorize address.
#[derive(Deserialize)]
pub(super) struct Asked {
    response_type: Option<String>,
    client_id: Option<String>,
    redirect_uri: Option<String>,
    pub(super) state: Option<String>,
    code_challenge: Option<String>,
    code_challenge_method: Option<String>,
    scope: Option<String>,
    pub(super) login_hint: Option<String>,
}

/// A request that may be put before a user.
pub(super) struct Request {
    pub(super) app: App,
    pub(super) client_id: String,
    pub(super) redirect_uri: Url,
    /// As it was sent; the exchange has to repeat it to the letter.
    pub(super) redirect_text: String,
    pub(super) challenge: Option<Challenge>,
    pub(super) scopes: Vec<String>,
}

/// Why there is no consent page.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum Refusal {
    Client(String),
    Redirect,
    ResponseType,
    /// A challenge is missing where only PKCE proves the client, or its method is unknown.
    Challenge,
    Scope(String),
}

impl Asked {
    /// Reads and judges the address.
    pub(super) fn judge(&self, world: &World) -> Result<Request, Refusal> {
        let client_id = self.client_id.clone().unwrap_or_default();
        let app = world
            .app_of(&client_id)
            .ok_or_else(|| Refusal::Client(client_id.clone()))?;
        let redirect_text = self.redirect_uri.clone().unwrap_or_default();
        let redirect_uri = allowed(&redirect_text, &app.redirects).ok_or(Refusal::Redirect)?;
        if self.response_type.as_deref() != Some("code") {
            return Err(Refusal::ResponseType);
        }
        let challenge = self.challenge()?;
        if challenge.is_none() && client_id == app.public_client_id {
            return Err(Refusal::Challenge);
        }
        let scopes = self.scopes(app)?;
        Ok(Request {
            app: app.clone(),
            client_id,
            redirect_uri,
            redirect_text,
            challenge,
            scopes,
        })
    }

    /// Without a method the challenge is the verifier itself.
    fn challenge(&self) -> Result<Option<Challenge>, Refusal> {
        let Some(challenge) = self.code_challenge.clone() else {
            return Ok(None);
        };
        match self.code_challenge_method.as_deref() {
            Some("S256") => Ok(Some(Challenge::S256(challenge))),
            None | Some("plain") => Ok(Some(Challenge::Plain(challenge))),
            Some(_) => Err(Refusal::Challenge),
        }
    }

    /// Without `scope` the app's own list applies.
    fn scopes(&self, app: &App) -> Result<Vec<String>, Refusal> {
        let Some(scope) = self
            .scope
            .as_deref()
            .filter(|scope| !scope.trim().is_empty())
        else {
            return Ok(app.scopes.clone());
        };
        let asked: Vec<String> = scope.split_whitespace().map(str::to_owned).collect();
        match asked.iter().find(|scope| !app.scopes.contains(scope)) {
            Some(stranger) => Err(Refusal::Scope(stranger.clone())),
            None => Ok(asked),
        }
    }
}

impl IntoResponse for Refusal {
    fn into_response(self) -> Response {
        let (code, message) = match self {
            Self::Client(id) => (4702, format!("Invalid client_id: {id}")),
            Self::Redirect => (4700, "Invalid redirect url".to_owned()),
            Self::ResponseType => (4705, "Unsupported response type".to_owned()),
            Self::Challenge => (4706, "Missing or invalid code challenge".to_owned()),
            Self::Scope(scope) => (4711, format!("Invalid scope: {scope}")),
        };
        let body =
            json!({ "status": false, "errorCode": code, "errorMessage": message, "result": null });
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    }
}

/// `localhost` is refused even when registered; the port of a 127.0.0.1 address is ignored (Zoom's
/// changelog on PKCE and loopback). Everything else must be registered to the letter.
fn allowed(redirect: &str, registered: &[String]) -> Option<Url> {
    let asked = Url::parse(redirect).ok()?;
    if asked.host_str() == Some("localhost") {
        return None;
    }
    let portless = portless(&asked);
    let fits = |entry: &String| {
        let same_but_port = Url::parse(entry)
            .ok()
            .and_then(|entry| self::portless(&entry));
        entry == redirect || (portless.is_some() && same_but_port == portless)
    };
    registered.iter().any(fits).then_some(asked)
}

fn portless(url: &Url) -> Option<Url> {
    let loopback = url.host() == Some(Host::Ipv4(std::net::Ipv4Addr::LOCALHOST));
    if !loopback || url.scheme() != "http" {
        return None;
    }
    let mut url = url.clone();
    url.set_port(None).ok()?;
    Some(url)
}
