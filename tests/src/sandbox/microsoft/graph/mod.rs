//! Graph under `/v1.0`. Owns who is let in: a token for Graph, alive, with the scope.

mod error;
mod me;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::get;
pub(super) use error::GraphError;

use super::control::Microsoft;
use super::directory::Account;
use super::scopes::Resource;
use super::world::World;
use crate::sandbox::form::bearer;

pub(super) fn routes() -> Router<Microsoft> {
    Router::new().route("/me", get(me::me))
}

/// Lets a call in and says whose it is; one of these scopes is enough.
fn admit(world: &World, headers: &HeaderMap, scopes: &[&str]) -> Result<Account, GraphError> {
    let token = bearer(headers).ok_or(GraphError::NoToken)?;
    let access = world.grants.bearer(token).ok_or(GraphError::BadToken)?;
    if access.resource != Resource::Graph {
        return Err(GraphError::OtherAudience);
    }
    if access.ends <= world.now() {
        return Err(GraphError::Expired);
    }
    let account = world.account(&access.owner.0).ok_or(GraphError::BadToken)?;
    let has = |scope: &&str| access.scopes.iter().any(|granted| granted.name == **scope);
    match scopes.iter().any(|scope| has(scope)) {
        true => Ok(account.clone()),
        false => Err(GraphError::NoScope),
    }
}
