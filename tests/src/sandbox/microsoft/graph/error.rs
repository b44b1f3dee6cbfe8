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
    NoMailbox,
    /// More than four requests at a time.
    Concurrency,
    /// More messages than a mailbox sends in a minute.
    TooManyMessages,
    /// There is no such item.
    NotFound,
    /// An id that is none.
    BadId,
    /// A parameter of the query, in these words.
    BadQuery(String),
    /// A property that is not there.
    NoProperty(String),
    /// The state a link stands for is gone.
    SyncStateGone,
    /// A link that was never given.
    SyncStateInvalid,
    /// The body is no message in base64.
    NotBase64,
    /// The body is no message.
    NotMime,
    NoRecipients,
    SendAsDenied,
    /// A body that is not of this kind.
    BadBody(String),
    /// A body that cannot be read.
    BadRequest(String),
    /// A parameter of an action.
    BadParameter(String),
}

impl GraphError {
    fn parts(&self) -> (u16, &'static str, String) {
        let unauthorized = |message: &str| (401, "InvalidAuthenticationToken", message.to_owned());
        let not_found = "The specified object was not found in the store.";
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
                403,
                "Authorization_RequestDenied",
                "Insufficient privileges to complete the operation.".into(),
            ),
            Self::NoScope => (
                403,
                "ErrorAccessDenied",
                "Access is denied. Check credentials and try again.".into(),
            ),
            Self::NoMailbox => (
                404,
                "MailboxNotEnabledForRESTAPI",
                "The mailbox is either inactive, soft-deleted, or is hosted on-premise.".into(),
            ),
            Self::Concurrency => (
                429,
                "ApplicationThrottled",
                "Application is over its MailboxConcurrency limit.".into(),
            ),
            // No document has the words for this one.
            Self::TooManyMessages => (
                429,
                "ApplicationThrottled",
                "Application is over its MessageRate limit.".into(),
            ),
            Self::NotFound => (404, "ErrorItemNotFound", not_found.into()),
            Self::BadId => (400, "ErrorInvalidIdMalformed", "Id is malformed.".into()),
            Self::BadQuery(text) => (400, "ErrorInvalidUrlQuery", text.clone()),
            Self::NoProperty(name) => (
                400,
                "RequestBroker--ParseUri",
                format!(
                    "Could not find a property named '{name}' on type \
                     'Microsoft.OutlookServices.Message'."
                ),
            ),
            Self::SyncStateGone => (
                410,
                "syncStateNotFound",
                "The sync state generation is not found; generation=-1.".into(),
            ),
            Self::SyncStateInvalid => {
                (400, "syncStateInvalid", "The sync state is invalid.".into())
            }
            Self::NotBase64 => (
                400,
                "ErrorMimeContentInvalidBase64String",
                "Invalid base64 string for MIME content.".into(),
            ),
            Self::NotMime => (
                400,
                "ErrorMimeContentInvalid",
                "Invalid MIME content.".into(),
            ),
            Self::NoRecipients => (
                400,
                "ErrorInvalidRecipients",
                "At least one recipient is not valid., A message can't be sent because it \
                 contains no recipients."
                    .into(),
            ),
            Self::SendAsDenied => (
                403,
                "ErrorSendAsDenied",
                "The user account which was used to submit this request does not have the right \
                 to send mail on behalf of the specified sending account., Cannot submit message."
                    .into(),
            ),
            Self::BadBody(text) => (400, "RequestBodyRead", text.clone()),
            Self::BadRequest(text) => (400, "BadRequest", text.clone()),
            Self::BadParameter(text) => (400, "ErrorInvalidParameter", text.clone()),
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
        match status {
            401 => {
                let value = HeaderValue::from_static("Bearer realm=\"\"");
                headers.insert(header::WWW_AUTHENTICATE, value);
            }
            429 => {
                headers.insert(header::RETRY_AFTER, HeaderValue::from_static("10"));
            }
            _ => {}
        }
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, headers, Json(body)).into_response()
    }
}
