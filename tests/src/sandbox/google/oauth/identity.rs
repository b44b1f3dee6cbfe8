//! Who signed in: the id token, userinfo in its two shapes, and tokeninfo.

use std::collections::BTreeSet;

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::http::{HeaderMap, StatusCode, header};
use axum::response::{IntoResponse as _, Response};
use axum::routing::get;
use serde_json::{Value, json};

use crate::sandbox::form::{Params, bearer};
use crate::sandbox::google::control::Google;
use crate::sandbox::google::directory::Account;
use crate::sandbox::google::grants::Tokens;
use crate::sandbox::google::scopes::{OPENID, USERINFO_EMAIL, USERINFO_PROFILE};
use crate::sandbox::google::world::World;
use crate::sandbox::id_token::id_token;

pub(super) fn routes() -> axum::Router<Google> {
    axum::Router::new()
        .route("/v1/userinfo", get(connect).post(connect))
        .route("/oauth2/v3/userinfo", get(connect).post(connect))
        .route("/oauth2/v2/userinfo", get(of_api))
        .route("/tokeninfo", get(tokeninfo).post(tokeninfo))
        .route("/oauth2/v3/tokeninfo", get(tokeninfo).post(tokeninfo))
}

/// The id token that comes with these, if `openid` was among the scopes.
pub(super) fn id_token_for(world: &mut World, tokens: &Tokens) -> Option<String> {
    if !tokens.scopes.contains(OPENID) {
        return None;
    }
    let now = world.now().as_second();
    let account = world.account(&tokens.owner.0)?;
    let mut claims = claims(account, &tokens.scopes);
    claims["iss"] = json!("https://accounts.google.com");
    claims["azp"] = json!(tokens.client_id);
    claims["aud"] = json!(tokens.client_id);
    claims["iat"] = json!(now);
    claims["exp"] = json!(now + 3600);
    Some(id_token(&claims, &mut world.dice))
}

/// What OpenID Connect says of an account, as far as the scopes go.
fn claims(account: &Account, scopes: &BTreeSet<String>) -> Value {
    let mut claims = json!({ "sub": account.sub });
    if scopes.contains(USERINFO_EMAIL) {
        claims["email"] = json!(account.email);
        claims["email_verified"] = json!(true);
    }
    if scopes.contains(USERINFO_PROFILE) {
        let (given, family) = account.name.split_once(' ').unwrap_or((&account.name, ""));
        claims["name"] = json!(account.name);
        claims["given_name"] = json!(given);
        claims["family_name"] = json!(family);
        claims["picture"] = json!("https://lh3.googleusercontent.com/a/sandbox=s96-c");
    }
    if let Some(domain) = &account.domain {
        claims["hd"] = json!(domain);
    }
    claims
}

/// As openidconnect.googleapis.com answers.
async fn connect(State(google): State<Google>, headers: HeaderMap) -> Response {
    google.with(|world| {
        let found = bearer(&headers).and_then(|token| world.bearer(token));
        let Some((access, account)) = found else {
            return refused(
                StatusCode::UNAUTHORIZED,
                "invalid_request",
                "Invalid Credentials",
            );
        };
        match access.scopes.contains(OPENID) || access.scopes.contains(USERINFO_EMAIL) {
            true => Json(claims(account, &access.scopes)).into_response(),
            false => refused(
                StatusCode::FORBIDDEN,
                "insufficient_scope",
                "Request had insufficient authentication scopes.",
            ),
        }
    })
}

/// As `oauth2.userinfo.get` answers.
async fn of_api(State(google): State<Google>, headers: HeaderMap) -> Response {
    google.with(|world| {
        let found = bearer(&headers).and_then(|token| world.bearer(token));
        let Some((access, account)) = found else {
            return unauthenticated();
        };
        let mut info = claims(account, &access.scopes);
        let sub = info.as_object_mut().and_then(|info| info.remove("sub"));
        info["id"] = sub.unwrap_or_default();
        if let Some(fields) = info.as_object_mut()
            && let Some(verified) = fields.remove("email_verified")
        {
            fields.insert("verified_email".to_owned(), verified);
        }
        Json(info).into_response()
    })
}

/// What is known of an access token.
async fn tokeninfo(
    State(google): State<Google>,
    RawQuery(query): RawQuery,
    body: axum::body::Bytes,
) -> Response {
    let params = Params::read(query.as_deref(), &body);
    google.with(|world| {
        let now = world.now();
        let token = params.given("access_token").unwrap_or_default();
        let Some((access, account)) = world.bearer(token) else {
            return refused(StatusCode::BAD_REQUEST, "invalid_token", "Invalid Value");
        };
        let scopes: Vec<&str> = access.scopes.iter().map(String::as_str).collect();
        let mut info = json!({
            "azp": access.client_id,
            "aud": access.client_id,
            "sub": account.sub,
            "scope": scopes.join(" "),
            "exp": access.ends.as_second().to_string(),
            "expires_in": access.ends.duration_since(now).as_secs().to_string(),
            "access_type": "offline",
        });
        if access.scopes.contains(USERINFO_EMAIL) {
            info["email"] = json!(account.email);
            info["email_verified"] = json!("true");
        }
        Json(info).into_response()
    })
}

fn refused(status: StatusCode, error: &str, description: &str) -> Response {
    let challenge = format!("Bearer realm=\"https://accounts.google.com/\", error=\"{error}\"");
    let body = json!({ "error": error, "error_description": description });
    (status, [(header::WWW_AUTHENTICATE, challenge)], Json(body)).into_response()
}

fn unauthenticated() -> Response {
    let message = "Request had invalid authentication credentials. Expected OAuth 2 access token, \
                   login cookie or other valid authentication credential. See \
                   https://developers.google.com/identity/sign-in/web/devconsole-project.";
    let error = json!({
        "message": "Invalid Credentials",
        "domain": "global",
        "reason": "authError",
        "location": "Authorization",
        "locationType": "header",
    });
    let body = json!({ "error": {
        "code": 401,
        "message": message,
        "errors": [error],
        "status": "UNAUTHENTICATED",
    } });
    (StatusCode::UNAUTHORIZED, Json(body)).into_response()
}
