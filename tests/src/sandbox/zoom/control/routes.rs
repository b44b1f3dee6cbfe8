//! The control endpoints under `/sandbox`, for callers in another process. Each is one method of
//! [`Zoom`].

use axum::extract::{Path, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use jiff::{SignedDuration, Timestamp};
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ControlError, Fault, Zoom};
use crate::sandbox::clock::Clock;
use crate::sandbox::zoom::answers::Answer;
use crate::sandbox::zoom::config::Decline;
use crate::sandbox::zoom::directory::{Account, User};

type Done = Result<StatusCode, ControlError>;
const DONE: Done = Ok(StatusCode::NO_CONTENT);

pub(in crate::sandbox::zoom) fn routes() -> Router<Zoom> {
    Router::new()
        .route("/state", get(state))
        .route("/counters", get(counters))
        .route("/meetings", get(meetings))
        .route("/meetings/{id}", delete(delete_meeting).patch(move_meeting))
        .route("/meetings/{id}/summary", post(summarize))
        .route("/meetings/{id}/answer", post(answer_about))
        .route("/accounts", post(add_account))
        .route("/users", post(add_user))
        .route("/users/{user}", delete(remove_user))
        .route("/approvals", post(approve))
        .route("/grants/{user}", delete(end_grants))
        .route("/access-lifetime", post(set_access_lifetime))
        .route("/decline", post(set_decline))
        .route("/clock", post(set_clock))
        .route("/tokens", post(refuse_tokens))
        .route("/lag", post(lag))
        .route("/meetings/{id}/host", post(hand_over))
        .route("/meetings/{id}/started", post(set_started))
        .route("/users/{user}/unlinked", post(unlink))
        .route("/refusals", post(refuse_in_xml))
        .route("/faults", post(add_fault).delete(clear_faults))
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        (
            StatusCode::NOT_FOUND,
            Json(json!({ "error": self.to_string() })),
        )
            .into_response()
    }
}

/// Everything but the tokens.
async fn state(State(zoom): State<Zoom>) -> Json<Value> {
    zoom.with(|world| {
        let grants = world.grants.live().map(|(owner, grant)| {
            json!({
                "user": owner.user,
                "app": owner.app,
                "client_id": grant.client_id,
                "scopes": grant.scopes,
                "since": grant.since,
            })
        });
        let apps = world.apps.iter().map(|app| {
            json!({
                "name": app.name,
                "public_client_id": app.public_client_id,
                "client_id": app.client_id,
                "redirects": app.redirects,
                "scopes": app.scopes,
                "distribution": app.distribution,
            })
        });
        Json(json!({
            "now": world.now(),
            "accounts": world.accounts.values().collect::<Vec<_>>(),
            "users": world.users.values().collect::<Vec<_>>(),
            "apps": apps.collect::<Vec<_>>(),
            "approvals": world.approvals,
            "approval_requests": world.approval_requests,
            "grants": grants.collect::<Vec<_>>(),
            "meetings": world.meetings.values().collect::<Vec<_>>(),
            "faults": world.faults.waiting().collect::<Vec<_>>(),
            "decline": world.decline,
            "counters": world.counters,
        }))
    })
}

async fn counters(State(zoom): State<Zoom>) -> Json<Value> {
    Json(json!({ "counters": zoom.counters(), "live_grants": zoom.live_grants() }))
}

async fn meetings(State(zoom): State<Zoom>) -> Json<Value> {
    Json(json!({ "meetings": zoom.meetings() }))
}

async fn delete_meeting(State(zoom): State<Zoom>, Path(id): Path<u64>) -> Done {
    zoom.delete_meeting(id)?;
    DONE
}

#[derive(Deserialize)]
struct Move {
    start_time: Timestamp,
}

async fn move_meeting(State(zoom): State<Zoom>, Path(id): Path<u64>, Json(to): Json<Move>) -> Done {
    zoom.move_meeting(id, to.start_time)?;
    DONE
}

#[derive(Deserialize)]
struct Summary {
    content: String,
}

async fn summarize(
    State(zoom): State<Zoom>,
    Path(id): Path<u64>,
    Json(summary): Json<Summary>,
) -> Done {
    zoom.summarize(id, &summary.content)?;
    DONE
}

#[derive(Deserialize)]
struct About {
    answer: Option<Answer>,
}

async fn answer_about(
    State(zoom): State<Zoom>,
    Path(id): Path<u64>,
    Json(about): Json<About>,
) -> StatusCode {
    zoom.answer_about(id, about.answer);
    StatusCode::NO_CONTENT
}

async fn add_account(State(zoom): State<Zoom>, Json(account): Json<Account>) -> Done {
    zoom.add_account(account);
    DONE
}

async fn add_user(State(zoom): State<Zoom>, Json(user): Json<User>) -> Done {
    zoom.add_user(user)?;
    DONE
}

async fn remove_user(State(zoom): State<Zoom>, Path(user): Path<String>) -> Done {
    zoom.remove_user(&user)?;
    DONE
}

#[derive(Deserialize)]
struct Approval {
    account: String,
    approved: bool,
}

async fn approve(State(zoom): State<Zoom>, Json(approval): Json<Approval>) -> Done {
    zoom.approve(&approval.account, approval.approved)?;
    DONE
}

async fn end_grants(
    State(zoom): State<Zoom>,
    Path(user): Path<String>,
) -> Result<Json<Value>, ControlError> {
    Ok(Json(json!({ "ended": zoom.end_grants(&user)? })))
}

#[derive(Deserialize)]
struct Lifetime {
    seconds: i64,
}

async fn set_access_lifetime(State(zoom): State<Zoom>, Json(lifetime): Json<Lifetime>) -> Done {
    zoom.set_access_lifetime(SignedDuration::from_secs(lifetime.seconds));
    DONE
}

#[derive(Deserialize)]
struct Declining {
    decline: Decline,
}

async fn set_decline(State(zoom): State<Zoom>, Json(declining): Json<Declining>) -> Done {
    zoom.set_decline(declining.decline);
    DONE
}

async fn set_clock(State(zoom): State<Zoom>, Json(clock): Json<Clock>) -> Done {
    zoom.set_clock(clock);
    DONE
}

#[derive(Deserialize)]
struct So {
    many: u32,
}

async fn refuse_tokens(State(zoom): State<Zoom>, Json(so): Json<So>) -> Done {
    zoom.refuse_tokens(so.many);
    DONE
}

async fn lag(State(zoom): State<Zoom>, Json(so): Json<So>) -> Done {
    zoom.lag(so.many);
    DONE
}

#[derive(Deserialize)]
struct NewHost {
    user: String,
}

async fn hand_over(State(zoom): State<Zoom>, Path(id): Path<u64>, Json(to): Json<NewHost>) -> Done {
    zoom.hand_over(id, &to.user)?;
    DONE
}

#[derive(Deserialize)]
struct Started {
    started: bool,
}

async fn set_started(
    State(zoom): State<Zoom>,
    Path(id): Path<u64>,
    Json(it): Json<Started>,
) -> Done {
    zoom.set_started(id, it.started)?;
    DONE
}

#[derive(Deserialize)]
struct Unlinked {
    unlinked: bool,
}

async fn unlink(
    State(zoom): State<Zoom>,
    Path(user): Path<String>,
    Json(it): Json<Unlinked>,
) -> Done {
    zoom.unlink(&user, it.unlinked)?;
    DONE
}

#[derive(Deserialize)]
struct Refusals {
    xml: bool,
}

async fn refuse_in_xml(State(zoom): State<Zoom>, Json(refusals): Json<Refusals>) -> Done {
    zoom.refuse_in_xml(refusals.xml);
    DONE
}

async fn add_fault(State(zoom): State<Zoom>, Json(fault): Json<Fault>) -> Done {
    zoom.fault(fault);
    DONE
}

async fn clear_faults(State(zoom): State<Zoom>) -> Done {
    zoom.clear_faults();
    DONE
}
