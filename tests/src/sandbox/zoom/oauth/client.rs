//! Owns how a client proves itself at the token endpoints, and how those endpoints refuse.
//!
//! Two ways and no third (Zoom's OAuth guide): the secret in `Authorization: Basic`, or a public
//! client id in the form.

use axum::Json;
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse, Response};
use serde_json::json;

use crate::sandbox::form::{Params, basic};
use crate::sandbox::zoom::grants::Death;
use crate::sandbox::zoom::world::World;

/// Why a token request was refused.
#[derive(Debug, Clone, Copy, PartialEq, Eq)]
pub(super) enum TokenRefusal {
    /// The client, not the user's grant, is wrong.
    Client,
    /// A dead refresh token.
    Token,
    /// A refresh token whose grant was ended from outside.
    Ended(Death),
    /// A code that cannot be exchanged, and why.
    Code(&'static str),
    GrantType,
    Missing(&'static str),
}

impl IntoResponse for TokenRefusal {
    fn into_response(self) -> Response {
        let (error, reason) = match self {
            Self::Client => (
                "invalid_client",
                "Invalid client_id or client_secret".to_owned(),
            ),
            Self::Token | Self::Ended(Death::Removed) => {
                ("invalid_grant", "Invalid Token!".to_owned())
            }
            Self::Ended(death) => ("invalid_grant", death.words().1.to_owned()),
            Self::Code(reason) => ("invalid_grant", reason.to_owned()),
            Self::GrantType => (
                "unsupported_grant_type",
                "Unsupported grant type".to_owned(),
            ),
            Self::Missing(name) => ("invalid_request", format!("Missing {name}")),
        };
        let mut body = json!({ "reason": reason, "error": error });
        if let Self::Ended(death) = self
            && death != Death::Removed
        {
            let (code, message) = death.words();
            body["errorCode"] = json!(code);
            body["errorMessage"] = json!(message);
        }
        (StatusCode::BAD_REQUEST, Json(body)).into_response()
    }
}

/// Which client id sent this, proven.
pub(super) fn prove(
    world: &World,
    headers: &HeaderMap,
    params: &Params,
) -> Result<String, TokenRefusal> {
    let Some(authorization) = headers.get(header::AUTHORIZATION) else {
        let id = params.get("client_id").ok_or(TokenRefusal::Client)?;
        let app = world.app_of(id).ok_or(TokenRefusal::Client)?;
        let public = app.public_client_id == id && params.get("client_secret").is_none();
        return if public {
            Ok(id.to_owned())
        } else {
            Err(TokenRefusal::Client)
        };
    };
    let pair = authorization.to_str().ok().and_then(basic);
    let (id, secret) = pair.as_ref().ok_or(TokenRefusal::Client)?;
    let app = world.app_of(id).ok_or(TokenRefusal::Client)?;
    let proven = app.client_id == *id && app.client_secret == *secret;
    if proven {
        Ok(id.clone())
    } else {
        Err(TokenRefusal::Client)
    }
}
