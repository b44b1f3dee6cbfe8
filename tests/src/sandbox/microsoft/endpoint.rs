//! Owns the names of what can be called, as counters and faults know them.

use axum::http::Method;
use serde::{Deserialize, Serialize};

/// One thing a client can ask Microsoft for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// GET /{tenant}/oauth2/v2.0/authorize: the consent page.
    Authorize,
    /// POST /{tenant}/oauth2/v2.0/authorize: the answer given on it.
    Consent,
    /// GET and POST /{tenant}/adminconsent.
    AdminConsent,
    /// POST /{tenant}/oauth2/v2.0/token with a code.
    Exchange,
    /// POST /{tenant}/oauth2/v2.0/token with a refresh token.
    Refresh,
    /// GET /v1.0/me.
    Me,
    /// POST /v1.0/me/sendMail.
    SendMail,
    /// GET /v1.0/me/mailFolders/{id}/messages/delta.
    Delta,
    /// GET /v1.0/me/messages/{id}.
    Message,
    /// GET /v1.0/me/messages/{id}/$value.
    MessageMime,
    /// POST /v1.0/me/calendar/getSchedule.
    GetSchedule,
}

impl Endpoint {
    /// What a request asks for; `None` for the control endpoints and everything unknown.
    pub(super) fn of(method: &Method, path: &str, body: &[u8]) -> Option<Self> {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        match (method.as_str(), parts.as_slice()) {
            ("GET", [_, "oauth2", "v2.0", "authorize"]) => Some(Self::Authorize),
            ("POST", [_, "oauth2", "v2.0", "authorize"]) => Some(Self::Consent),
            (_, [_, "adminconsent"] | [_, "v2.0", "adminconsent"]) => Some(Self::AdminConsent),
            ("POST", [_, "oauth2", "v2.0", "token"]) => {
                let body = String::from_utf8_lossy(body);
                let refreshes = body.contains("grant_type=refresh_token");
                Some(if refreshes {
                    Self::Refresh
                } else {
                    Self::Exchange
                })
            }
            ("GET", ["v1.0", "me"]) => Some(Self::Me),
            ("POST", ["v1.0", "me", "sendMail"]) => Some(Self::SendMail),
            ("GET", ["v1.0", "me", .., "messages", "delta"]) => Some(Self::Delta),
            ("GET", ["v1.0", "me", "messages", _]) => Some(Self::Message),
            ("GET", ["v1.0", "me", "messages", _, "$value"]) => Some(Self::MessageMime),
            ("POST", ["v1.0", "me", "calendar", "getSchedule"]) => Some(Self::GetSchedule),
            _ => None,
        }
    }
}
