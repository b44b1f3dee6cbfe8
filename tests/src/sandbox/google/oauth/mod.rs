//! OAuth as on accounts.google.com and oauth2.googleapis.com: the consent page, tokens, revocation,
//! and who signed in.

mod authorize;
mod consent;
mod identity;
mod refusal;
mod token;

use axum::Router;
use axum::routing::{get, post};

use super::control::Google;

pub(super) fn routes() -> Router<Google> {
    Router::new()
        .route(
            "/o/oauth2/v2/auth",
            get(consent::show).post(consent::answer),
        )
        .route("/token", post(token::token))
        .route("/revoke", post(token::revoke))
        .merge(identity::routes())
}
