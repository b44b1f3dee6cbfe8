//! GET /me.

use axum::Json;
use axum::extract::State;
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::{Caller, GraphError};
use crate::sandbox::microsoft::control::Microsoft;
use crate::sandbox::microsoft::directory::Account;

pub(super) async fn me(State(microsoft): State<Microsoft>, caller: Caller) -> Response {
    microsoft.with(|world| match caller.admit(world, &["User.Read"]) {
        Ok(account) => Json(profile(&account)).into_response(),
        Err(GraphError::NoScope) => GraphError::NoProfile.answer(world),
        Err(refused) => refused.answer(world),
    })
}

/// `mail` is null for who has no mailbox.
fn profile(account: &Account) -> Value {
    let (given, surname) = account.name.split_once(' ').unwrap_or((&account.name, ""));
    json!({
        "@odata.context": "https://graph.microsoft.com/v1.0/$metadata#users/$entity",
        "businessPhones": [],
        "displayName": account.name,
        "givenName": given,
        "jobTitle": null,
        "mail": account.mailbox.then_some(&account.email),
        "mobilePhone": null,
        "officeLocation": null,
        "preferredLanguage": null,
        "surname": surname,
        "userPrincipalName": account.email,
        "id": account.oid,
    })
}
