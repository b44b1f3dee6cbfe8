//! The REST interface under `/v2`. Owns who is let in: token, scope and rate limits, in Zoom's
//! order.

mod error;
mod list;
mod meetings;
mod summary;
mod users;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;
pub(super) use error::ApiError;

use super::control::Zoom;
use super::directory::{Plan, User};
use super::grants::AccessRefused;
use super::limits::Weight;
use super::world::World;
use crate::sandbox::form::bearer;

pub(super) fn routes() -> Router<Zoom> {
    Router::new()
        .route("/users/{user}", get(users::profile))
        .route("/users/{user}/settings", get(users::settings))
        .route(
            "/users/{user}/meetings",
            get(list::list).post(meetings::create),
        )
        .route(
            "/meetings/{id}",
            get(meetings::read)
                .patch(meetings::update)
                .delete(meetings::delete),
        )
        .route("/meetings/{uuid}/meeting_summary", get(summary::read))
        .route("/past_meetings/{id}/instances", get(summary::instances))
}

/// Lets a call in and says whose it is: a live token, the scope, then the account's limits.
fn admit(
    world: &mut World,
    headers: &HeaderMap,
    scope: &str,
    weight: Weight,
) -> Result<User, ApiError> {
    let token = bearer(headers).ok_or(ApiError::NoToken)?;
    if world.tokens_refused > 0 {
        world.tokens_refused -= 1;
        return Err(ApiError::DeadToken);
    }
    let now = world.now();
    let (owner, grant) = world
        .grants
        .bearer(token, now)
        .map_err(|refused| match refused {
            AccessRefused::Unknown => ApiError::DeadToken,
            AccessRefused::Expired => ApiError::ExpiredToken,
            AccessRefused::Ended(death) => ApiError::TokenEnded(death),
        })?;
    if !grant.scopes.iter().any(|granted| granted == scope) {
        return Err(ApiError::MissingScope(scope.to_owned()));
    }
    let user = world
        .users
        .get(&owner.user)
        .ok_or(ApiError::DeadToken)?
        .clone();
    if world.unlinked.contains(&user.email) {
        return Err(ApiError::NotInAccount(user.account));
    }
    if !world.account_limits {
        return Ok(user);
    }
    let plan = world
        .accounts
        .get(&user.account)
        .map_or(Plan::Free, |account| account.plan);
    world
        .limits
        .call((&user.account, plan), weight, now)
        .map_err(ApiError::Limited)?;
    Ok(user)
}

/// The `{user}` of a path must be the caller; another user needs an admin's scope.
fn only_me(world: &World, caller: &User, named: &str, scope: &str) -> Result<(), ApiError> {
    if named == "me" {
        return Ok(());
    }
    match world.user(named) {
        Some(user) if user.email == caller.email => Ok(()),
        Some(user) if user.account != caller.account => {
            Err(ApiError::NotInAccount(caller.account.clone()))
        }
        Some(_) => Err(ApiError::MissingScope(format!("{scope}:admin"))),
        None => Err(ApiError::NoUser(named.to_owned())),
    }
}
