//! Owns the names of what can be called, as counters and faults know them.

use axum::http::Method;
use serde::{Deserialize, Serialize};

/// One thing a client can ask Google for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// GET /o/oauth2/v2/auth: the consent page.
    Authorize,
    /// POST /o/oauth2/v2/auth: the answer given on it.
    Consent,
    /// POST /token with a code.
    Exchange,
    /// POST /token with a refresh token.
    Refresh,
    /// POST /revoke.
    Revoke,
    /// GET /v1/userinfo, /oauth2/v3/userinfo, /oauth2/v2/userinfo.
    Userinfo,
    /// GET /tokeninfo, /oauth2/v3/tokeninfo.
    Tokeninfo,
    /// POST /calendar/v3/freeBusy.
    FreeBusy,
}

impl Endpoint {
    /// What a request asks for; `None` for the control endpoints and everything unknown.
    pub(super) fn of(method: &Method, path: &str, body: &[u8]) -> Option<Self> {
        match (method.as_str(), path) {
            ("GET", "/o/oauth2/v2/auth") => Some(Self::Authorize),
            ("POST", "/o/oauth2/v2/auth") => Some(Self::Consent),
            ("POST", "/token") => {
                let body = String::from_utf8_lossy(body);
                let refreshes = body.contains("grant_type=refresh_token");
                Some(if refreshes {
                    Self::Refresh
                } else {
                    Self::Exchange
                })
            }
            ("POST", "/revoke") => Some(Self::Revoke),
            (_, "/v1/userinfo" | "/oauth2/v3/userinfo" | "/oauth2/v2/userinfo") => {
                Some(Self::Userinfo)
            }
            (_, "/tokeninfo" | "/oauth2/v3/tokeninfo") => Some(Self::Tokeninfo),
            ("POST", "/calendar/v3/freeBusy") => Some(Self::FreeBusy),
            _ => None,
        }
    }
}
