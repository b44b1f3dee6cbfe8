//! Exchange, refresh and revoke.

use axum::Json;
use axum::body::Bytes;
use axum::extract::{RawQuery, State};
use axum::http::HeaderMap;
use serde_json::{Value, json};

use super::client::{TokenRefusal, prove};
use crate::sandbox::codes::{Claim, CodeRefused};
use crate::sandbox::form::Params;
use crate::sandbox::zoom::control::Zoom;
use crate::sandbox::zoom::grants::Pair;
use crate::sandbox::zoom::world::World;

pub(super) async fn token(
    State(zoom): State<Zoom>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, TokenRefusal> {
    let params = Params::read(query.as_deref(), &body);
    zoom.with(|world| {
        let client_id = prove(world, &headers, &params)?;
        let pair = match params.get("grant_type") {
            Some("authorization_code") => exchange(world, &client_id, &params)?,
            Some("refresh_token") => refresh(world, &client_id, &params)?,
            Some(_) => return Err(TokenRefusal::GrantType),
            None => return Err(TokenRefusal::Missing("grant_type")),
        };
        Ok(Json(json!({
            "access_token": pair.access,
            "token_type": "bearer",
            "refresh_token": pair.refresh,
            "expires_in": (world.access_lifetime.as_secs() - 1).max(0),
            "scope": pair.scopes.join(" "),
            "api_url": world.url,
        })))
    })
}

pub(super) async fn revoke(
    State(zoom): State<Zoom>,
    RawQuery(query): RawQuery,
    headers: HeaderMap,
    body: Bytes,
) -> Result<Json<Value>, TokenRefusal> {
    let params = Params::read(query.as_deref(), &body);
    zoom.with(|world| {
        let client_id = prove(world, &headers, &params)?;
        let token = params.get("token").ok_or(TokenRefusal::Missing("token"))?;
        if !world.grants.revoke(token, &client_id) {
            return Err(TokenRefusal::Token);
        }
        Ok(Json(json!({ "status": "success" })))
    })
}

fn exchange(world: &mut World, client_id: &str, params: &Params) -> Result<Pair, TokenRefusal> {
    let code = params.get("code").ok_or(TokenRefusal::Missing("code"))?;
    let claim = Claim {
        client_id,
        redirect_uri: params.get("redirect_uri").unwrap_or_default(),
        verifier: params.get("code_verifier"),
    };
    let times = (world.now(), world.access_lifetime);
    let exchanged = world.grants.exchange(code, &claim, times, &mut world.dice);
    exchanged.map_err(|refused| {
        TokenRefusal::Code(match refused {
            CodeRefused::Unknown | CodeRefused::Used => "Invalid authorization code",
            CodeRefused::Expired => "Authorization code expired",
            CodeRefused::OtherClient => "Authorization code of another client",
            CodeRefused::OtherRedirect => "Redirect uri mismatch",
            CodeRefused::NoVerifier | CodeRefused::WrongVerifier => "Invalid code verifier",
        })
    })
}

fn refresh(world: &mut World, client_id: &str, params: &Params) -> Result<Pair, TokenRefusal> {
    let token = params
        .get("refresh_token")
        .ok_or(TokenRefusal::Missing("refresh_token"))?;
    let times = (world.now(), world.access_lifetime);
    let Some(pair) = world
        .grants
        .refresh(token, client_id, times, &mut world.dice)
    else {
        world.counters.refreshes_refused += 1;
        let death = world.grants.death(token);
        return Err(death.map_or(TokenRefusal::Token, TokenRefusal::Ended));
    };
    world.counters.refreshes += 1;
    Ok(pair)
}
