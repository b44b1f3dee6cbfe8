//! Owns the API's refusals: status, code, text and headers as Zoom sends them.
//!
//! After its pages on errors and rate limits; the host's daily limit as seen in the field.

use axum::Json;
use axum::http::{HeaderMap, HeaderName, HeaderValue, StatusCode};
use axum::response::{IntoResponse, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use crate::sandbox::clock::written;
use crate::sandbox::zoom::answers::Answer;
use crate::sandbox::zoom::grants::Death;
use crate::sandbox::zoom::limits::Limited;
use crate::sandbox::zoom::meeting::FieldError;

/// Why a call was refused.
#[derive(Debug)]
pub(in crate::sandbox::zoom) enum ApiError {
    NoToken,
    DeadToken,
    ExpiredToken,
    MissingScope(String),
    NoUser(String),
    NoMeeting(String),
    MayNotHost,
    PaidOnly,
    BadBody,
    BadId,
    BadPageToken,
    BadPageSize,
    /// The user is of another account, or was taken out of it.
    NotInAccount(String),
    /// A meeting that people are in is neither changed nor deleted.
    InProgress(&'static str),
    /// A live token whose owner, app or grant is not what it was: Zoom's number and words.
    TokenEnded(Death),
    Fields(Vec<FieldError>),
    Limited(Limited),
    /// What stands in for the answer about one meeting.
    Odd(Answer, Timestamp),
}

impl ApiError {
    fn parts(&self) -> (StatusCode, Value) {
        match self {
            Self::NoToken => plain(StatusCode::UNAUTHORIZED, 4700, "Token cannot be empty."),
            Self::DeadToken => plain(StatusCode::UNAUTHORIZED, 124, "Invalid access token."),
            Self::ExpiredToken => plain(StatusCode::UNAUTHORIZED, 124, "Access token is expired."),
            Self::MissingScope(scope) => plain(
                StatusCode::BAD_REQUEST,
                4711,
                &format!("Invalid access token, does not contain scopes:[{scope}]."),
            ),
            Self::NoUser(user) => plain(
                StatusCode::NOT_FOUND,
                1001,
                &format!("User does not exist: {user}."),
            ),
            Self::NoMeeting(id) => plain(
                StatusCode::NOT_FOUND,
                3001,
                &format!("Meeting does not exist: {id}."),
            ),
            Self::MayNotHost => plain(
                StatusCode::BAD_REQUEST,
                3161,
                "Meeting hosting and scheduling capabilities are not allowed for your user \
                 account.",
            ),
            Self::PaidOnly => plain(
                StatusCode::BAD_REQUEST,
                200,
                "Only available for Paid or ZMP account.",
            ),
            Self::BadBody => plain(
                StatusCode::BAD_REQUEST,
                300,
                "Request Body should be a valid JSON object.",
            ),
            Self::BadId => plain(StatusCode::BAD_REQUEST, 300, "Invalid meeting id."),
            Self::BadPageToken => plain(
                StatusCode::BAD_REQUEST,
                300,
                "The next page token is either invalid or expired.",
            ),
            Self::BadPageSize => plain(
                StatusCode::BAD_REQUEST,
                300,
                "Invalid parameter: page_size. The maximum is 300.",
            ),
            Self::NotInAccount(account) => plain(
                StatusCode::BAD_REQUEST,
                1010,
                &format!("User does not belong to this account: {account}."),
            ),
            Self::InProgress(what) => plain(
                StatusCode::BAD_REQUEST,
                3002,
                &format!("Sorry, you cannot {what} this meeting since it's in progress."),
            ),
            Self::TokenEnded(death) => {
                let (code, message) = death.words();
                plain(StatusCode::UNAUTHORIZED, code, message)
            }
            Self::Fields(errors) => (
                StatusCode::BAD_REQUEST,
                json!({ "code": 300, "message": "Validation Failed.", "errors": errors }),
            ),
            Self::Limited(limited) => plain(StatusCode::TOO_MANY_REQUESTS, 429, &text_of(*limited)),
            Self::Odd(..) => (StatusCode::INTERNAL_SERVER_ERROR, Value::Null),
        }
    }
}

impl IntoResponse for ApiError {
    fn into_response(self) -> Response {
        if let Self::Odd(answer, now) = self {
            return answer.response(now);
        }
        let (status, body) = self.parts();
        let mut headers = HeaderMap::new();
        if let Self::Limited(limited) = self {
            limit_headers(limited, &mut headers);
        }
        (status, headers, Json(body)).into_response()
    }
}

fn plain(status: StatusCode, code: u32, message: &str) -> (StatusCode, Value) {
    (status, json!({ "code": code, "message": message }))
}

fn text_of(limited: Limited) -> String {
    match limited {
        Limited::PerSecond { .. } => "You have reached the maximum per-second rate limit for this \
             API. Try again later."
            .to_owned(),
        Limited::Daily { .. } => "You have reached the maximum daily rate limit for this API. \
             Refer to the response header for details on when you can make another request."
            .to_owned(),
        Limited::Host { limit } => format!(
            "You have exceeded the daily rate limit ({limit}) of Meeting Create/Update API \
             requests permitted for this particular user. You may resume these requests at GMT \
             00:00:00."
        ),
    }
}

/// The host's limit names itself in its text only: no type, no `Retry-After`, and figures of
/// another limit.
fn limit_headers(limited: Limited, headers: &mut HeaderMap) {
    let mut put = |name: &'static str, value: &str| {
        if let Ok(value) = HeaderValue::from_str(value) {
            headers.insert(HeaderName::from_static(name), value);
        }
    };
    match limited {
        Limited::PerSecond { weight, limit } => {
            put("x-ratelimit-category", weight.label());
            put("x-ratelimit-type", "QPS");
            put("x-ratelimit-limit", &limit.to_string());
            put("x-ratelimit-remaining", "0");
        }
        Limited::Daily {
            weight,
            limit,
            until,
        } => {
            put("x-ratelimit-category", weight.label());
            put("x-ratelimit-type", "Daily-limit");
            put("x-ratelimit-limit", &limit.to_string());
            put("x-ratelimit-remaining", "0");
            put("retry-after", &written(until));
        }
        Limited::Host { .. } => {
            put("x-ratelimit-category", "Light");
            put("x-ratelimit-limit", "6000");
            put("x-ratelimit-remaining", "5893");
        }
    }
}
