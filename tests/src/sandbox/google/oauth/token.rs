//! Exchange, refresh and revoke.

use axum::Json;
use axum::body::Bytes;
use axum::extract::State;
use axum::http::{HeaderMap, header};
use serde_json::{Value, json};

use super::identity;
use super::refusal::TokenRefusal;
use crate::sandbox::codes::Claim;
use crate::sandbox::form::{Params, basic};
use crate::sandbox::google::control::Google;
use crate::sandbox::google::grants::{RefreshRefused, Tokens};
use crate::sandbox::google::world::World;

pub(super) async fn token(
    State(google): State<Google>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, TokenRefusal> {
    let params = form(&headers, &body)?;
    google.with(|world| {
        let client_id = prove(world, &headers, &params)?;
        let tokens = match params.given("grant_type") {
            Some("authorization_code") => exchange(world, &client_id, &params)?,
            Some("refresh_token") => refresh(world, &client_id, &params)?,
            Some(other) => return Err(TokenRefusal::GrantType(other.to_owned())),
            None => return Err(TokenRefusal::Missing("grant_type")),
        };
        Ok(Json(answer(world, tokens)))
    })
}

/// Ends everything the user allowed the project, whichever token of it is handed in. It takes no
/// client.
pub(super) async fn revoke(
    State(google): State<Google>,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, TokenRefusal> {
    let params = form(&headers, &body)?;
    let token = params
        .given("token")
        .ok_or(TokenRefusal::Missing("token"))?;
    google.with(|world| {
        let now = world.now();
        match world.grants.revoke(token, now) {
            true => Ok(Json(json!({}))),
            false => Err(TokenRefusal::NothingToRevoke),
        }
    })
}

fn form(headers: &HeaderMap, body: &Bytes) -> Result<Params, TokenRefusal> {
    let kind = headers.get(header::CONTENT_TYPE);
    let kind = kind.and_then(|kind| kind.to_str().ok()).unwrap_or_default();
    match kind.starts_with("application/x-www-form-urlencoded") {
        true => Ok(Params::read(None, body)),
        false => Err(TokenRefusal::Form),
    }
}

/// Which client sent this, proven by the secret every copy of a desktop app has.
fn prove(world: &World, headers: &HeaderMap, params: &Params) -> Result<String, TokenRefusal> {
    let authorization = headers.get(header::AUTHORIZATION);
    let pair = match authorization {
        Some(value) => value.to_str().ok().and_then(basic),
        None => {
            let id = params.given("client_id");
            let id = id.ok_or(TokenRefusal::Missing("client_id"))?;
            let secret = params.given("client_secret");
            Some((id.to_owned(), secret.unwrap_or_default().to_owned()))
        }
    };
    let (id, secret) = pair.ok_or(TokenRefusal::NoClient)?;
    let (_, client) = world.client(&id).ok_or(TokenRefusal::NoClient)?;
    if secret.is_empty() {
        return Err(TokenRefusal::NoSecret);
    }
    match client.secret == secret {
        true => Ok(id),
        false => Err(TokenRefusal::WrongSecret),
    }
}

fn exchange(world: &mut World, client_id: &str, params: &Params) -> Result<Tokens, TokenRefusal> {
    let code = params.given("code").ok_or(TokenRefusal::Missing("code"))?;
    let redirect = params.given("redirect_uri");
    let claim = Claim {
        client_id,
        redirect_uri: redirect.ok_or(TokenRefusal::Missing("redirect_uri"))?,
        verifier: params.given("code_verifier"),
    };
    let times = (world.now(), world.access_lifetime);
    let exchanged = world.grants.exchange(code, &claim, times, &mut world.dice);
    exchanged.map_err(TokenRefusal::Code)
}

fn refresh(world: &mut World, client_id: &str, params: &Params) -> Result<Tokens, TokenRefusal> {
    let token = params.given("refresh_token");
    let token = token.ok_or(TokenRefusal::Missing("refresh_token"))?;
    let times = (world.now(), world.access_lifetime);
    let refreshed = world
        .grants
        .refresh(token, client_id, times, &mut world.dice);
    let mut tokens = refreshed.map_err(|refused| {
        let dead = matches!(refused, RefreshRefused::Dead | RefreshRefused::Unknown);
        world.counters.refreshes_refused += u64::from(dead);
        TokenRefusal::Refresh(refused)
    })?;
    let fewer = params.words("scope");
    if !fewer.iter().all(|scope| tokens.scopes.contains(scope)) {
        return Err(TokenRefusal::Scope);
    }
    if !fewer.is_empty() {
        tokens.scopes.retain(|scope| fewer.contains(scope));
    }
    world.counters.refreshes += 1;
    Ok(tokens)
}

fn answer(world: &mut World, tokens: Tokens) -> Value {
    let now = world.now();
    let scopes: Vec<&str> = tokens.scopes.iter().map(String::as_str).collect();
    let mut answer = json!({
        "access_token": tokens.access,
        "expires_in": (world.access_lifetime.as_secs() - 1).max(0),
        "scope": scopes.join(" "),
        "token_type": "Bearer",
    });
    if let Some(refresh) = &tokens.refresh {
        answer["refresh_token"] = json!(refresh);
    }
    if let Some(ends) = tokens.refresh_ends {
        answer["refresh_token_expires_in"] = json!(ends.duration_since(now).as_secs());
    }
    if let Some(id_token) = identity::id_token_for(world, &tokens) {
        answer["id_token"] = json!(id_token);
    }
    answer
}
