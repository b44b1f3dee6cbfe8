//! Owns how Google refuses: a page at the consent, JSON at the token endpoint.

use axum::Json;
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse, Response};
use serde_json::json;

use crate::sandbox::codes::CodeRefused;
use crate::sandbox::google::grants::RefreshRefused;
use crate::sandbox::google::world::Wall;
use crate::sandbox::page::Page;

pub(super) const GOOGLE: Page = Page("Google");

/// Why there is a page of Google's own, which never leads back.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum PageRefusal {
    NoClient,
    Redirect(String),
    Missing(&'static str),
    Invalid(&'static str, String),
    Scopes(Vec<String>),
    /// Nobody of this address.
    NoAccount,
    /// For an app of this name.
    Wall(Wall, String),
}

impl PageRefusal {
    fn parts(&self) -> (u16, &'static str, String) {
        match self {
            Self::NoClient => (
                401,
                "invalid_client",
                "The OAuth client was not found.".into(),
            ),
            Self::Redirect(uri) => (
                400,
                "redirect_uri_mismatch",
                format!(
                    "You can't sign in because this app sent an invalid request. redirect_uri={uri}"
                ),
            ),
            Self::Missing(name) => (
                400,
                "invalid_request",
                format!("Required parameter is missing: {name}"),
            ),
            Self::Invalid(name, value) => (
                400,
                "invalid_request",
                format!("Invalid parameter value for {name}: {value}"),
            ),
            Self::Scopes(scopes) => (
                400,
                "invalid_scope",
                format!("Some requested scopes were invalid. {{invalid={scopes:?}}}"),
            ),
            Self::NoAccount => (401, "sign_in", "Couldn't find your Google Account".into()),
            Self::Wall(wall, app) => walled(*wall, app),
        }
    }
}

fn walled(wall: Wall, app: &str) -> (u16, &'static str, String) {
    match wall {
        Wall::OrgInternal => (
            403,
            "org_internal",
            format!("{app} can only be used within its organization."),
        ),
        Wall::NotTester => (
            403,
            "access_denied",
            format!(
                "{app} has not completed the Google verification process. The app is currently \
                 being tested, and can only be accessed by developer-approved testers."
            ),
        ),
        Wall::AdminPolicy => (
            400,
            "admin_policy_enforced",
            format!(
                "Access to your account data is restricted by policies within your organization. \
                 Contact the administrator of your organization for more information about {app}."
            ),
        ),
        Wall::NotConfigured => (
            403,
            "app_not_configured_for_user",
            format!("{app} is not configured for this user."),
        ),
    }
}

impl IntoResponse for PageRefusal {
    fn into_response(self) -> Response {
        let (status, error, text) = self.parts();
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        let title = match self {
            Self::NoAccount => "Sign in".to_owned(),
            _ => format!("Access blocked. Error {}: {error}", status.as_u16()),
        };
        (status, Html(GOOGLE.plain(&title, &text))).into_response()
    }
}

/// Why the token endpoint, or revoking, refuses.
#[derive(Debug, Clone, PartialEq, Eq)]
pub(super) enum TokenRefusal {
    NoClient,
    WrongSecret,
    NoSecret,
    Form,
    Missing(&'static str),
    GrantType(String),
    Code(CodeRefused),
    Refresh(RefreshRefused),
    Scope,
    /// To end a token that is dead already.
    NothingToRevoke,
}

impl TokenRefusal {
    fn parts(&self) -> (u16, &'static str, String) {
        match self {
            Self::NoClient => (
                401,
                "invalid_client",
                "The OAuth client was not found.".into(),
            ),
            Self::WrongSecret => (
                401,
                "invalid_client",
                "The provided client secret is invalid.".into(),
            ),
            Self::NoSecret => (400, "invalid_request", "client_secret is missing.".into()),
            Self::Form => (
                400,
                "invalid_request",
                "The request body is not application/x-www-form-urlencoded.".into(),
            ),
            Self::Missing(name) => (
                400,
                "invalid_request",
                format!("Missing required parameter: {name}"),
            ),
            Self::GrantType(other) => (
                400,
                "unsupported_grant_type",
                format!("Invalid grant_type: {other}"),
            ),
            Self::Code(refused) => of_code(*refused),
            Self::Refresh(refused) => of_refresh(*refused),
            Self::Scope => (
                400,
                "invalid_scope",
                "Some requested scopes were invalid.".into(),
            ),
            Self::NothingToRevoke => (400, "invalid_token", "Token expired or revoked".into()),
        }
    }
}

fn of_code(refused: CodeRefused) -> (u16, &'static str, String) {
    match refused {
        CodeRefused::Unknown => (400, "invalid_grant", "Malformed auth code.".into()),
        CodeRefused::Used | CodeRefused::Expired => (400, "invalid_grant", "Bad Request".into()),
        CodeRefused::OtherClient => (401, "unauthorized_client", "Unauthorized".into()),
        CodeRefused::OtherRedirect => (400, "redirect_uri_mismatch", "Bad Request".into()),
        CodeRefused::NoVerifier => (400, "invalid_grant", "Missing code verifier.".into()),
        CodeRefused::WrongVerifier => (400, "invalid_grant", "Invalid code verifier.".into()),
    }
}

fn of_refresh(refused: RefreshRefused) -> (u16, &'static str, String) {
    match refused {
        RefreshRefused::Unknown => (400, "invalid_grant", "Bad Request".into()),
        RefreshRefused::OtherClient => (401, "unauthorized_client", "Unauthorized".into()),
        RefreshRefused::Dead => (
            400,
            "invalid_grant",
            "Token has been expired or revoked.".into(),
        ),
        RefreshRefused::AccountGone => (400, "invalid_grant", "Account has been deleted".into()),
        RefreshRefused::SignInAgain => (
            400,
            "invalid_grant",
            "reauth related error (invalid_rapt)".into(),
        ),
    }
}

impl IntoResponse for TokenRefusal {
    fn into_response(self) -> Response {
        let (status, error, description) = self.parts();
        let mut body = json!({ "error": error, "error_description": description });
        if self == Self::Refresh(RefreshRefused::SignInAgain) {
            body["error_subtype"] = json!("invalid_rapt");
        }
        let status = StatusCode::from_u16(status).unwrap_or(StatusCode::BAD_REQUEST);
        (status, Json(body)).into_response()
    }
}
