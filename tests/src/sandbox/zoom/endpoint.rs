//! Owns the names of what can be called, as counters and faults know them.

use axum::http::Method;
use serde::{Deserialize, Serialize};

/// One thing a client can ask Zoom for.
#[derive(Debug, Clone, Copy, PartialEq, Eq, PartialOrd, Ord, Hash, Serialize, Deserialize)]
#[serde(rename_all = "snake_case")]
pub enum Endpoint {
    /// GET /oauth/authorize: the consent page.
    Authorize,
    /// POST /oauth/authorize: the answer given on it.
    Consent,
    /// POST /oauth/token with a code.
    Exchange,
    /// POST /oauth/token with a refresh token.
    Refresh,
    /// POST /oauth/revoke.
    Revoke,
    /// GET /v2/users/me.
    User,
    /// GET /v2/users/me/settings.
    UserSettings,
    /// POST /v2/users/me/meetings.
    CreateMeeting,
    /// GET /v2/users/me/meetings.
    ListMeetings,
    /// GET /v2/meetings/{id}.
    GetMeeting,
    /// PATCH /v2/meetings/{id}.
    UpdateMeeting,
    /// DELETE /v2/meetings/{id}.
    DeleteMeeting,
    /// GET /v2/meetings/{uuid}/meeting_summary.
    Summary,
    /// GET /v2/past_meetings/{id}/instances.
    PastInstances,
}

impl Endpoint {
    /// What a request asks for; `None` for pages, the control endpoints and everything unknown. The
    /// two kinds of token request differ only in `grant_type`, which stands in the query or in the
    /// form.
    pub(super) fn of(method: &Method, path: &str, query: &str, body: &[u8]) -> Option<Self> {
        let parts: Vec<&str> = path.trim_start_matches('/').split('/').collect();
        let refresh = "grant_type=refresh_token";
        match (method.as_str(), parts.as_slice()) {
            ("GET", ["oauth", "authorize"]) => Some(Self::Authorize),
            ("POST", ["oauth", "authorize"]) => Some(Self::Consent),
            ("POST", ["oauth", "token"]) => {
                let refreshes =
                    query.contains(refresh) || String::from_utf8_lossy(body).contains(refresh);
                Some(if refreshes {
                    Self::Refresh
                } else {
                    Self::Exchange
                })
            }
            ("POST", ["oauth", "revoke"]) => Some(Self::Revoke),
            ("GET", ["v2", "users", _]) => Some(Self::User),
            ("GET", ["v2", "users", _, "settings"]) => Some(Self::UserSettings),
            ("POST", ["v2", "users", _, "meetings"]) => Some(Self::CreateMeeting),
            ("GET", ["v2", "users", _, "meetings"]) => Some(Self::ListMeetings),
            ("GET", ["v2", "meetings", _]) => Some(Self::GetMeeting),
            ("PATCH", ["v2", "meetings", _]) => Some(Self::UpdateMeeting),
            ("DELETE", ["v2", "meetings", _]) => Some(Self::DeleteMeeting),
            ("GET", ["v2", "meetings", _, "meeting_summary"]) => Some(Self::Summary),
            ("GET", ["v2", "past_meetings", _, "instances"]) => Some(Self::PastInstances),
            _ => None,
        }
    }
}
