//! Owns what a meeting's own addresses show: the join page, and the start page while its key lives.

use axum::Router;
use axum::extract::{Path, Query, State};
use axum::http::StatusCode;
use axum::response::{Html, IntoResponse as _, Response};
use axum::routing::get;
use serde::Deserialize;

use super::control::Zoom;
use super::oauth::page;

pub(super) fn routes() -> Router<Zoom> {
    Router::new()
        .route("/j/{id}", get(join))
        .route("/s/{id}", get(start))
}

async fn join(State(zoom): State<Zoom>, Path(id): Path<u64>) -> Response {
    zoom.with(|world| match world.meeting(id) {
        Some(meeting) => Html(page::plain("Join the meeting", &meeting.topic)).into_response(),
        None => gone("This meeting link is invalid (3,001)."),
    })
}

#[derive(Deserialize)]
struct Key {
    #[serde(default)]
    zak: String,
}

async fn start(State(zoom): State<Zoom>, Path(id): Path<u64>, Query(key): Query<Key>) -> Response {
    zoom.with(|world| {
        let now = world.now();
        let known = world.host_keys.get(&key.zak);
        let opens = known.is_some_and(|(meeting, ends)| *meeting == id && now < *ends);
        match world.meeting(id).filter(|_| opens) {
            Some(meeting) => Html(page::plain("You are the host", &meeting.topic)).into_response(),
            None => gone("This link has expired. Get a fresh one."),
        }
    })
}

fn gone(text: &str) -> Response {
    (StatusCode::NOT_FOUND, Html(page::plain("Zoom", text))).into_response()
}
