//! Owns the refusals of Google's APIs: status, message and reason, in their one form
//! (<https://developers.google.com/workspace/calendar/api/guides/errors>).

use axum::Json;
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use serde_json::json;

/// Why a call was refused.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum ApiError {
    NoToken,
    BadToken,
    NoScope,
    /// The API is not enabled in the project of this number.
    NotEnabled(u64),
    /// 403, though nothing is forbidden.
    RateLimit,
    NotJson,
    /// A field that is not there.
    UnknownField(String),
    Required(&'static str),
    Invalid(&'static str),
    EmptyRange,
    LongRange,
}

impl ApiError {
    fn parts(&self) -> (u16, &'static str, &'static str, String) {
        let bad = |reason, message: String| (400, "INVALID_ARGUMENT", reason, message);
        match self {
            Self::NoToken => (
                401,
                "UNAUTHENTICATED",
                "required",
                "Request is missing required authentication credential. Expected OAuth 2 access \
                 token, login cookie or other valid authentication credential. See \
                 https://developers.google.com/identity/sign-in/web/devconsole-project."
                    .into(),
            ),
            Self::BadToken => (
                401,
                "UNAUTHENTICATED",
                "authError",
                "Request had invalid authentication credentials. Expected OAuth 2 access token, \
                 login cookie or other valid authentication credential. See \
                 https://developers.google.com/identity/sign-in/web/devconsole-project."
                    .into(),
            ),
            Self::NoScope => (
                403,
                "PERMISSION_DENIED",
                "insufficientPermissions",
                "Request had insufficient authentication scopes.".into(),
            ),
            Self::NotEnabled(project) => (
                403,
                "PERMISSION_DENIED",
                "accessNotConfigured",
                format!(
                    "Google Calendar API has not been used in project {project} before or it is \
                     disabled. Enable it by visiting \
                     https://console.developers.google.com/apis/api/calendar-json.googleapis.com/overview?project={project} \
                     then retry."
                ),
            ),
            Self::RateLimit => (
                403,
                "PERMISSION_DENIED",
                "rateLimitExceeded",
                "Rate Limit Exceeded".into(),
            ),
            Self::NotJson => bad("parseError", "Parse Error".into()),
            Self::UnknownField(name) => bad(
                "badRequest",
                format!(
                    "Invalid JSON payload received. Unknown name \"{name}\": Cannot find field."
                ),
            ),
            Self::Required(name) => bad("required", format!("Missing {name} parameter.")),
            Self::Invalid(name) => bad("invalid", format!("Invalid value for: {name}")),
            Self::EmptyRange => bad(
                "timeRangeEmpty",
                "The specified time range is empty.".into(),
            ),
            Self::LongRange => bad(
                "timeRangeTooLong",
                "The requested time range is too long.".into(),
            ),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        let (code, status, reason, message) = self.parts();
        let domain = match self {
            Self::NotEnabled(_) | Self::RateLimit => "usageLimits",
            _ => "global",
        };
        let body = json!({ "error": {
            "code": code,
            "message": message,
            "errors": [{ "message": message, "domain": domain, "reason": reason }],
            "status": status,
        } });
        let code = StatusCode::from_u16(code).unwrap_or(StatusCode::BAD_REQUEST);
        (code, Json(body)).into_response()
    }
}
