//! GET /me.

use axum::Json;
use axum::extract::{RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::{Caller, GraphError};
use crate::sandbox::form::Params;
use crate::sandbox::microsoft::control::Microsoft;
use crate::sandbox::microsoft::directory::Account;

pub(super) async fn me(
    State(microsoft): State<Microsoft>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Response {
    let params = Params::read(query.as_deref(), &[]);
    microsoft.with(|world| {
        let account = caller.admit(world, &["User.Read"]);
        let answer = account.and_then(|account| selected(&profile(&account), &params));
        match answer {
            Ok(profile) => Json(profile).into_response(),
            Err(GraphError::NoScope) => GraphError::NoProfile.answer(world),
            Err(refused) => refused.answer(world),
        }
    })
}

/// What `$select` names, or all.
fn selected(profile: &Value, params: &Params) -> Result<Value, GraphError> {
    if let Some(name) = params.names().find(|name| *name != "$select") {
        let text = format!("The query parameter '{name}' is not supported.");
        return Err(GraphError::BadRequest(text));
    }
    let Some(select) = params.given("$select") else {
        return Ok(profile.clone());
    };
    let base = "https://graph.microsoft.com/v1.0/$metadata#users";
    let mut chosen = json!({ "@odata.context": format!("{base}({select})/$entity") });
    for name in select.split(',').map(str::trim) {
        let value = profile.get(name).ok_or_else(|| {
            let text = format!(
                "Parsing OData Select and Expand failed: Could not find a property named '{name}' \
                 on type 'microsoft.graph.user'."
            );
            GraphError::BadRequest(text)
        })?;
        chosen[name] = value.clone();
    }
    Ok(chosen)
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
