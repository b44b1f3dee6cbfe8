//! Owns the page of a Zoom admin: which apps users asked for, and the button that approves them.
//! Nobody signs in here: anyone who opens it is the admin.

use axum::Router;
use axum::extract::{Form, State};
use axum::response::{Html, IntoResponse as _, Redirect, Response};
use axum::routing::get;
use serde::Deserialize;

use super::control::Zoom;
use super::oauth::page;

pub(super) fn routes() -> Router<Zoom> {
    Router::new().route("/marketplace", get(requests).post(approve))
}

async fn requests(State(zoom): State<Zoom>) -> Html<String> {
    zoom.with(|world| {
        let waiting = world.approval_requests.iter();
        let waiting: Vec<_> = waiting
            .map(|(account, app)| (account.as_str(), app.as_str()))
            .collect();
        Html(page::requests(&waiting))
    })
}

/// What the button sends.
#[derive(Deserialize)]
struct Approve {
    account: String,
}

async fn approve(State(zoom): State<Zoom>, Form(approve): Form<Approve>) -> Response {
    match zoom.approve(&approve.account, true) {
        Ok(()) => Redirect::to("/marketplace").into_response(),
        Err(error) => error.into_response(),
    }
}
