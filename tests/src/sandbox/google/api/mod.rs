//! Google's APIs on www.googleapis.com. Owns who is let in: a live token, one of the scopes, an API
//! that is enabled, and how often one user may call.

mod error;
mod freebusy;

use axum::Router;
use axum::http::HeaderMap;
use axum::routing::post;
use error::ApiError;

use super::control::Google;
use super::directory::Account;
use super::grants::Access;
use super::world::World;
use crate::sandbox::form::bearer;

/// Calls of one user in a minute
/// (<https://developers.google.com/workspace/calendar/api/guides/quota>).
const A_MINUTE: u32 = 600;

pub(super) fn routes() -> Router<Google> {
    Router::new().route("/calendar/v3/freeBusy", post(freebusy::query))
}

/// Lets a call of the Calendar API in and says whose it is.
fn admit(
    world: &mut World,
    headers: &HeaderMap,
    scopes: &[&str],
) -> Result<(Account, Access), ApiError> {
    let token = bearer(headers).ok_or(ApiError::NoToken)?;
    let found = world.bearer(token);
    let found = found.map(|(access, account)| (account.clone(), access.clone()));
    let (account, access) = found.ok_or(ApiError::BadToken)?;
    let mut projects = world.projects.iter();
    let project = projects.find(|project| project.number == access.owner.1);
    if project.is_none_or(|project| !project.calendar_api) {
        return Err(ApiError::NotEnabled(access.owner.1));
    }
    if !scopes.iter().any(|scope| access.scopes.contains(*scope)) {
        return Err(ApiError::NoScope);
    }
    let minute = world.now().as_second() / 60;
    let calls = world.calls.entry(access.owner.clone()).or_default();
    if calls.0 != minute {
        *calls = (minute, 0);
    }
    calls.1 += 1;
    match calls.1 > A_MINUTE {
        true => Err(ApiError::RateLimit),
        false => Ok((account, access)),
    }
}
