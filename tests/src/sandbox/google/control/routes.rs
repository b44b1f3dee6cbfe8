//! The control endpoints under `/sandbox`, for callers in another process. Each is one method of
//! [`Google`].

use axum::extract::{Path, RawQuery, State};
use axum::http::StatusCode;
use axum::response::{IntoResponse, Response};
use axum::routing::{delete, get, post};
use axum::{Json, Router};
use jiff::SignedDuration;
use serde::Deserialize;
use serde_json::{Value, json};

use super::{ControlError, Google};
use crate::sandbox::clock::Clock;
use crate::sandbox::form::Params;
use crate::sandbox::google::Fault;
use crate::sandbox::google::directory::{Account, Domain};

type Done = Result<StatusCode, ControlError>;
const DONE: Done = Ok(StatusCode::NO_CONTENT);

pub(in crate::sandbox::google) fn routes() -> Router<Google> {
    Router::new()
        .route("/state", get(state))
        .route("/mail-login", get(mail_login))
        .route("/domains", post(add_domain))
        .route("/accounts", post(add_account))
        .route("/accounts/{email}", delete(remove_account))
        .route("/accounts/{email}/password", post(change_password))
        .route("/accounts/{email}/sign-in", post(ask_to_sign_in))
        .route("/grants/{email}", delete(end_grants))
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
async fn state(State(google): State<Google>) -> Json<Value> {
    google.with(|world| {
        let projects = world.projects.iter().map(|project| {
            let clients: Vec<&str> = project.clients.iter().map(|it| it.id.as_str()).collect();
            json!({
                "name": project.name,
                "number": project.number,
                "user_type": project.user_type,
                "publishing": project.publishing,
                "clients": clients,
            })
        });
        let consents = world.grants.consents();
        let consents = consents.map(|((account, project), scopes)| {
            json!({ "account": account, "project": project, "scopes": scopes })
        });
        Json(json!({
            "now": world.now(),
            "domains": world.domains.values().collect::<Vec<_>>(),
            "accounts": world.accounts.values().collect::<Vec<_>>(),
            "projects": projects.collect::<Vec<_>>(),
            "consents": consents.collect::<Vec<_>>(),
            "live_grants": world.grants.live(world.now()),
            "faults": world.faults.waiting().collect::<Vec<_>>(),
            "counters": world.counters,
        }))
    })
}

/// Where a mail server asks whose token this is (OAuth's introspection, as Dovecot does it).
async fn mail_login(State(google): State<Google>, RawQuery(query): RawQuery) -> Response {
    let params = Params::read(query.as_deref(), &[]);
    let token = params.given("access_token").unwrap_or_default();
    google.with(|world| {
        let user = world
            .bearer(token)
            .map(|(_, account)| account.email.clone());
        let user = user.filter(|user| world.opens_mail(user, token));
        match user {
            Some(user) => Json(json!({ "email": user, "active": "true" })).into_response(),
            None => StatusCode::UNAUTHORIZED.into_response(),
        }
    })
}

async fn add_domain(State(google): State<Google>, Json(domain): Json<Domain>) -> StatusCode {
    google.add_domain(domain);
    StatusCode::NO_CONTENT
}

async fn add_account(State(google): State<Google>, Json(account): Json<Account>) -> Done {
    google.add_account(account)?;
    DONE
}

async fn remove_account(State(google): State<Google>, Path(email): Path<String>) -> Done {
    google.remove_account(&email)?;
    DONE
}

type Ended = Result<Json<Value>, ControlError>;

async fn change_password(State(google): State<Google>, Path(email): Path<String>) -> Ended {
    Ok(Json(json!({ "ended": google.change_password(&email)? })))
}

async fn ask_to_sign_in(State(google): State<Google>, Path(email): Path<String>) -> Done {
    google.ask_to_sign_in(&email)?;
    DONE
}

async fn end_grants(State(google): State<Google>, Path(email): Path<String>) -> Ended {
    Ok(Json(json!({ "ended": google.end_grants(&email)? })))
}

#[derive(Deserialize)]
struct Lifetime {
    seconds: i64,
}

async fn set_access_lifetime(
    State(google): State<Google>,
    Json(lifetime): Json<Lifetime>,
) -> StatusCode {
    google.set_access_lifetime(SignedDuration::from_secs(lifetime.seconds));
    StatusCode::NO_CONTENT
}

async fn set_clock(State(google): State<Google>, Json(clock): Json<Clock>) -> StatusCode {
    google.set_clock(clock);
    StatusCode::NO_CONTENT
}

async fn add_fault(State(google): State<Google>, Json(fault): Json<Fault>) -> StatusCode {
    google.fault(fault);
    StatusCode::NO_CONTENT
}

async fn clear_faults(State(google): State<Google>) -> StatusCode {
    google.clear_faults();
    StatusCode::NO_CONTENT
}
