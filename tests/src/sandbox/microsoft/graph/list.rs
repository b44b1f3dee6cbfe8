//! GET /me/mailFolders/{id} and /me/mailFolders/{id}/messages: a folder, and the messages in it that
//! have a Message-ID.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::response::{IntoResponse as _, Response};
use serde_json::{Value, json};

use super::message::{READING, properties, selected};
use super::{Caller, GraphError};
use crate::sandbox::form::Params;
use crate::sandbox::microsoft::control::Microsoft;
use crate::sandbox::microsoft::mailbox::Folder;
use crate::sandbox::microsoft::world::World;

/// How many messages an answer has where the client says nothing.
const USUAL: usize = 10;

pub(super) async fn folder(
    State(microsoft): State<Microsoft>,
    Path(folder): Path<String>,
    caller: Caller,
) -> Response {
    microsoft.with(|world| {
        let account = caller.admit_to_mailbox(world, &READING);
        let folder = account.and_then(|_| Folder::named(&folder).ok_or(GraphError::BadId));
        match folder {
            Ok(folder) => Json(json!({ "id": folder.name() })).into_response(),
            Err(refused) => refused.answer(world),
        }
    })
}

pub(super) async fn messages(
    State(microsoft): State<Microsoft>,
    Path(folder): Path<String>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Response {
    let params = Params::read(query.as_deref(), &[]);
    microsoft.with(|world| match list(world, &folder, &params, &caller) {
        Ok(page) => Json(page).into_response(),
        Err(refused) => refused.answer(world),
    })
}

fn list(
    world: &World,
    folder: &str,
    params: &Params,
    caller: &Caller,
) -> Result<Value, GraphError> {
    let account = caller.admit_to_mailbox(world, &READING)?;
    let folder = Folder::named(folder).ok_or(GraphError::BadId)?;
    for name in params.names() {
        if !matches!(name, "$filter" | "$select" | "$top") {
            let text = format!("The query parameter '{name}' is not supported.");
            return Err(GraphError::BadQuery(text));
        }
    }
    let select = params.get("$select").map(selected).transpose()?;
    let wanted = params.get("$filter").map(message_id).transpose()?;
    let top = params.get("$top").map(str::parse::<usize>).transpose();
    let top = top.map_err(|_| GraphError::BadQuery("The value of $top is invalid.".into()))?;
    let items = world.mailboxes.get(&account.email);
    let items = items.map(|mailbox| mailbox.items(folder));
    let all = items.into_iter().flatten().filter(|item| {
        let own = &properties(item, None, false)["internetMessageId"];
        wanted.as_ref().is_none_or(|wanted| own == wanted.as_str())
    });
    let rows = all.take(top.unwrap_or(USUAL));
    let rows: Vec<_> = rows
        .map(|item| properties(item, select.as_deref(), false))
        .collect();
    Ok(json!({ "value": rows }))
}

/// `internetMessageId eq '<…>'`; a quote in it is written twice.
fn message_id(filter: &str) -> Result<String, GraphError> {
    let rest = filter.strip_prefix("internetMessageId eq '");
    let id = rest.and_then(|rest| rest.strip_suffix('\''));
    let id = id.map(|id| id.replace("''", "'"));
    id.ok_or_else(|| GraphError::BadQuery(format!("The filter '{filter}' is not supported here.")))
}
