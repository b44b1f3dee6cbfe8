//! OAuth as on login.microsoftonline.com: consent of a user, consent of an admin, tokens. There is
//! no way to revoke one app's tokens.

mod admin;
mod authorize;
mod consent;
mod token;

use axum::Router;
use axum::routing::{get, post};

use super::control::Microsoft;

pub(super) fn routes() -> Router<Microsoft> {
    Router::new()
        .route(
            "/{tenant}/oauth2/v2.0/authorize",
            get(consent::show).post(consent::answer),
        )
        .route("/{tenant}/oauth2/v2.0/token", post(token::token))
        .route(
            "/{tenant}/adminconsent",
            get(admin::show).post(admin::answer),
        )
        .route(
            "/{tenant}/v2.0/adminconsent",
            get(admin::show).post(admin::answer),
        )
}
