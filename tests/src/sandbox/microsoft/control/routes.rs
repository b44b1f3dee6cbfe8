//! The control endpoints under `/sandbox`, for callers in another process. Each is one method of
//! [`Microsoft`].

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ControlError, Microsoft};
use crate::sandbox::clock::Clock;
use crate::sandbox::form::Params;
use crate::sandbox::microsoft::Fault;
use crate::sandbox::microsoft::directory::{Account, Block, Tenant};
use crate::sandbox::microsoft::grants::Death;
use crate::sandbox::microsoft::scopes::Resource;

type Done = Result<StatusCode, ControlError>;
const DONE: Done = Ok(StatusCode::NO_CONTENT);

pub(in crate::sandbox::microsoft) fn routes() -> Router<Microsoft> {
    Router::new()
        .route("/state", get(state))
        .route("/mail-login", get(mail_login))
        .route("/tenants", post(add_tenant))
        .route("/accounts", post(add_account))
        .route("/accounts/{email}", delete(remove_account))
        .route("/accounts/{email}/block", post(block))
        .route("/grants/{email}", post(end_grants))
        .route("/consents/{email}", delete(remove_consent))
        .route("/access-lifetime", post(set_access_lifetime))
        .route("/clock", post(set_clock))
        .route("/faults", post(add_fault).delete(clear_faults))
}

impl IntoResponse for ControlError {
    fn into_response(self) -> Response {
        let body = Json(json!({ "error": self.to_string() }));
        (StatusCode::NOT_FOUND, body).into_response()
    }
}

/// Everything but the tokens.
async fn state(State(microsoft): State<Microsoft>) -> Json<Value> {
    microsoft.with(|world| {
        let consents = world.grants.consents();
        let consents = consents.map(|((who, app), scopes)| {
            let scopes: Vec<String> = scopes.iter().map(ToString::to_string).collect();
            json!({ "who": who, "app": app, "scopes": scopes })
        });
        Json(json!({
            "now": world.now(),
            "tenants": world.tenants,
            "accounts": world.accounts.values().collect::<Vec<_>>(),
            "apps": world.apps,
            "consents": consents.collect::<Vec<_>>(),
            "live_refresh_tokens": world.grants.live(world.now()),
            "faults": world.faults.waiting().collect::<Vec<_>>(),
            "counters": world.counters,
        }))
    })
}

/// Where a mail server asks whose token this is (OAuth's introspection, as Dovecot does it).
async fn mail_login(State(microsoft): State<Microsoft>, RawQuery(query): RawQuery) -> Response {
    let params = Params::read(query.as_deref(), &[]);
    let token = params.given("access_token").unwrap_or_default();
    microsoft.with(|world| {
        let user = world
            .grants
            .bearer(token)
            .map(|access| access.owner.0.clone());
        let scope = (Resource::Exchange, "IMAP.AccessAsUser.All");
        let account = user.and_then(|user| world.opens_mail(&user, token, scope));
        match account {
            Some(account) => {
                Json(json!({ "email": account.email, "active": "true" })).into_response()
            }
            None => StatusCode::UNAUTHORIZED.into_response(),
        }
    })
}

async fn add_tenant(State(microsoft): State<Microsoft>, Json(tenant): Json<Tenant>) -> StatusCode {
    microsoft.add_tenant(tenant);
    StatusCode::NO_CONTENT
}

async fn add_account(State(microsoft): State<Microsoft>, Json(account): Json<Account>) -> Done {
    microsoft.add_account(account)?;
    DONE
}

async fn remove_account(State(microsoft): State<Microsoft>, Path(email): Path<String>) -> Done {
    microsoft.remove_account(&email)?;
    DONE
}

#[derive(Deserialize)]
struct Blocked {
    block: Option<Block>,
}

async fn block(
    State(microsoft): State<Microsoft>,
    Path(email): Path<String>,
    Json(it): Json<Blocked>,
) -> Done {
    microsoft.block(&email, it.block)?;
    DONE
}

#[derive(Deserialize)]
struct Ending {
    how: Death,
}

async fn end_grants(
    State(microsoft): State<Microsoft>,
    Path(email): Path<String>,
    Json(ending): Json<Ending>,
) -> Result<Json<Value>, ControlError> {
    Ok(Json(
        json!({ "ended": microsoft.end_grants(&email, ending.how)? }),
    ))
}

async fn remove_consent(State(microsoft): State<Microsoft>, Path(email): Path<String>) -> Done {
    microsoft.remove_consent(&email)?;
    DONE
}

#[derive(Deserialize)]
struct Lifetime {
    seconds: Option<i64>,
}

async fn set_access_lifetime(
    State(microsoft): State<Microsoft>,
    Json(lifetime): Json<Lifetime>,
) -> StatusCode {
    microsoft.set_access_lifetime(lifetime.seconds.map(SignedDuration::from_secs));
    StatusCode::NO_CONTENT
}

async fn set_clock(State(microsoft): State<Microsoft>, Json(clock): Json<Clock>) -> StatusCode {
    microsoft.set_clock(clock);
    StatusCode::NO_CONTENT
}

async fn add_fault(State(microsoft): State<Microsoft>, Json(fault): Json<Fault>) -> StatusCode {
    microsoft.fault(fault);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(microsoft): State<Microsoft>) -> StatusCode {
    microsoft.clear_faults();
    StatusCode::NO_CONTENT
}
