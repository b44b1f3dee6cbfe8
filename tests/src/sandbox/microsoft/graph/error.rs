//! Owns Graph's refusals: status, code and words, in its one form
//! (<https://learn.microsoft.com/graph/errors>).

use axum::Json;
use axum::http::{HeaderMap, HeaderValue, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use serde_json::json;

use crate::sandbox::microsoft::world::World;

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(in crate::sandbox::microsoft) enum GraphError {
    NoToken,
    BadToken,
    Expired,
    /// The token is for another API.
    OtherAudience,
    /// To read a profile.
    NoProfile,
    NoScope,
}

impl GraphError {
    fn parts(&self) -> (StatusCode, &'static str, String) {
        let unauthorized = |message: &str| {
            let code = "InvalidAuthenticationToken";
            (StatusCode::UNAUTHORIZED, code, message.to_owned())
        };
        match self {
            Self::NoToken => unauthorized("Access token is empty."),
            Self::BadToken => {
                unauthorized("CompactToken validation failed with reason code: 80049217.")
            }
            Self::Expired => unauthorized("Lifetime validation failed, the token is expired."),
            Self::OtherAudience => {
                unauthorized("Access token validation failure. Invalid audience.")
            }
            Self::NoProfile => (
                StatusCode::FORBIDDEN,
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.".to_owned(),
            ),
            Self::NoScope => (
                StatusCode::FORBIDDEN,
                "ErrorAccessDenied",
                "Access is denied. Check credentials and try again.".to_owned(),
            ),
        }
    }

    /// As Graph answers it.
    pub(in crate::sandbox::microsoft) fn answer(&self, world: &mut World) -> Response {
        let (status, code, message) = self.parts();
        let request = world.dice.guid();
        let date = world.now().strftime("%Y-%m-%dT%H:%M:%S").to_string();
        let body = json!({ "error": {
            "code": code,
            "message": message,
            "innerError": {
                "date": date,
                "request-id": request,
                "client-request-id": request,
            },
        } });
        let mut headers = HeaderMap::new();
        if let Ok(value) = HeaderValue::from_str(&request) {
            headers.insert("request-id", value);
        }
        if status == StatusCode::UNAUTHORIZED {
            let value = HeaderValue::from_static("Bearer realm=\"\"");
            headers.insert(header::WWW_AUTHENTICATE, value);
        }
        (status, headers, Json(body)).into_response()
    }
}
