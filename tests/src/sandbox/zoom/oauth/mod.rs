//! OAuth under `/oauth`: the consent page, tokens, revocation.

mod authorize;
mod client;
mod consent;
pub(super) mod page;
mod token;

use axum::Router;
use axum::routing::{get, post};

use super::control::Zoom;

pub(super) fn routes() -> Router<Zoom> {
    Router::new()
        .route("/authorize", get(consent::show).post(consent::answer))
        .route("/token", post(token::token))
        .route("/revoke", post(token::revoke))
}
