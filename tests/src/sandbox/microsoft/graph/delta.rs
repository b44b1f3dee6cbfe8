//! GET /me/mailFolders/{id}/messages/delta: which query it takes, and its pages.
//!
//! What the first request asked for goes with its links; a link takes no further options.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::HeaderValue;
use axum::response::{IntoResponse as _, Response};
use jiff::Timestamp;
use serde_json::{Value, json};

use super::message::{READING, properties, selected};
use super::{Caller, GraphError};
use crate::sandbox::form::Params;
use crate::sandbox::microsoft::control::Microsoft;
use crate::sandbox::microsoft::mailbox::{Folder, Kind, Page, Row, Wanted};
use crate::sandbox::microsoft::world::World;

/// How many rows a page has where the client says nothing, and at most.
const USUAL_PAGE: usize = 10;
const LARGEST_PAGE: usize = 1_000;

/// `/me/mailFolders/inbox/messages/delta`.
pub(super) async fn by_path(
    State(microsoft): State<Microsoft>,
    Path(folder): Path<String>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Response {
    answer(&microsoft, &folder, query.as_deref(), &caller)
}

/// `/me/mailFolders('inbox')/messages/delta`, as the links have it.
pub(super) async fn by_key(
    State(microsoft): State<Microsoft>,
    Path(folder): Path<String>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Response {
    let lower = folder.to_ascii_lowercase();
    let name = lower.strip_prefix("mailfolders('");
    let name = name.and_then(|name| name.strip_suffix("')"));
    answer(
        &microsoft,
        name.unwrap_or_default(),
        query.as_deref(),
        &caller,
    )
}

fn answer(microsoft: &Microsoft, folder: &str, query: Option<&str>, caller: &Caller) -> Response {
    let params = Params::read(query, &[]);
    microsoft.with(|world| match page(world, folder, &params, caller) {
        Ok(answer) => {
            let mut answer = Json(answer).into_response();
            if let Some(size) = caller.prefers("odata.maxpagesize")
                && let Ok(value) = HeaderValue::from_str(&format!("odata.maxpagesize={size}"))
            {
                answer.headers_mut().insert("preference-applied", value);
            }
            answer
        }
        Err(refused) => refused.answer(world),
    })
}

fn page(
    world: &mut World,
    folder: &str,
    params: &Params,
    caller: &Caller,
) -> Result<Value, GraphError> {
    let account = caller.admit_to_mailbox(world, &READING)?;
    let basic = !caller.has(world, "Mail.Read") && !caller.has(world, "Mail.ReadWrite");
    let folder = Folder::named(folder).ok_or(GraphError::BadId)?;
    let size = page_size(caller)?;
    let World {
        mailboxes, dice, ..
    } = world;
    let mailbox = mailboxes.entry(account.email.clone()).or_default();
    let (skip, delta) = (params.get("$skiptoken"), params.get("$deltatoken"));
    let page = match skip.or(delta) {
        Some(token) => {
            if let Some(name) = params.names().find(|name| !name.ends_with("token")) {
                let text = format!("The parameter '{name}' may not stand beside a token.");
                return Err(GraphError::BadQuery(text));
            }
            // A token of an earlier state looks like every other.
            let known = token.len() > 100 && !token.contains(['+', '/', '=']);
            let gone = match known {
                true => GraphError::SyncStateGone,
                false => GraphError::SyncStateInvalid,
            };
            let link = mailbox.link(token).ok_or(gone)?;
            mailbox.follow(link, size, dice)
        }
        None => mailbox.begin(wanted(folder, params)?, size, dice),
    };
    Ok(written(world, &account.email, folder, page, basic))
}

fn page_size(caller: &Caller) -> Result<usize, GraphError> {
    let Some(size) = caller.prefers("odata.maxpagesize") else {
        return Ok(USUAL_PAGE);
    };
    let size: Option<usize> = size.parse().ok();
    let good = size.filter(|size| (1..=LARGEST_PAGE).contains(size));
    good.ok_or_else(|| {
        GraphError::BadQuery("The value of the preference odata.maxpagesize is invalid.".into())
    })
}

fn wanted(folder: Folder, params: &Params) -> Result<Wanted, GraphError> {
    for name in params.names() {
        if !matches!(
            name,
            "$select" | "$filter" | "$orderby" | "$top" | "changeType"
        ) {
            let text = format!("The query parameter '{name}' is not supported.");
            return Err(GraphError::BadQuery(text));
        }
    }
    let select = params.get("$select").map(selected).transpose()?;
    let since = params.get("$filter").map(received_since).transpose()?;
    let newest_first = match params.get("$orderby") {
        None => false,
        Some("receivedDateTime desc") => true,
        Some(other) => {
            let text = format!("The expression '{other}' is not supported by $orderby here.");
            return Err(GraphError::BadQuery(text));
        }
    };
    let kind = match params.get("changeType") {
        None => None,
        Some("created") => Some(Kind::Created),
        Some("updated") => Some(Kind::Updated),
        Some("deleted") => Some(Kind::Deleted),
        Some(other) => {
            let text = format!("The value '{other}' is not valid for changeType.");
            return Err(GraphError::BadQuery(text));
        }
    };
    Ok(Wanted {
        folder,
        select,
        since,
        newest_first,
        kind,
    })
}

/// `receivedDateTime ge` or `gt` and an instant; delta knows no other filter.
fn received_since(filter: &str) -> Result<Timestamp, GraphError> {
    let rest = filter.strip_prefix("receivedDateTime g");
    let rest = rest.and_then(|rest| rest.strip_prefix("e ").or_else(|| rest.strip_prefix("t ")));
    let instant = rest.and_then(|rest| rest.trim().parse().ok());
    instant.ok_or_else(|| {
        let text = format!("The filter '{filter}' is not supported by delta.");
        GraphError::BadQuery(text)
    })
}

fn written(world: &World, user: &str, folder: Folder, page: Page, basic: bool) -> Value {
    let mailbox = world.mailboxes.get(user);
    let rows = page.rows.into_iter().filter_map(|row| match row {
        Row::Removed(id) => Some(removed(&id)),
        // The next round tells what was deleted since this one began; here it is left out.
        Row::Item(id) => {
            let item = mailbox?.item(&id)?;
            Some(properties(item, page.select.as_deref(), basic))
        }
    });
    let rows: Vec<Value> = rows.collect();
    let name = folder.name();
    let base = format!("{}/v1.0/me/mailFolders('{name}')/messages/delta", world.url);
    let (token, over) = page.link;
    let (field, parameter) = match over {
        true => ("@odata.deltaLink", "$deltatoken"),
        false => ("@odata.nextLink", "$skiptoken"),
    };
    let context = "https://graph.microsoft.com/v1.0/$metadata#Collection(message)";
    json!({
        "@odata.context": context,
        field: format!("{base}?{parameter}={token}"),
        "value": rows,
    })
}

fn removed(id: &str) -> Value {
    json!({
        "@odata.type": "#microsoft.graph.message",
        "id": id,
        "@removed": { "reason": "deleted" },
    })
}
