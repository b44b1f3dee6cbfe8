//! GET /me/messages/{id} and its MIME; and what a message looks like as JSON.

use axum::Json;
use axum::extract::{Path, RawQuery, State};
use axum::http::{HeaderValue, header};
use axum::response::{IntoResponse as _, Response};
use mail_parser::{Address, Message};
use serde_json::{Value, json};

use super::{Caller, GraphError};
use crate::sandbox::clock::written;
use crate::sandbox::form::Params;
use crate::sandbox::microsoft::control::Microsoft;
use crate::sandbox::microsoft::mailbox::Item;
use crate::sandbox::microsoft::world::World;
use crate::sandbox::mime;

/// What opens reading.
pub(super) const READING: [&str; 3] = ["Mail.Read", "Mail.ReadWrite", "Mail.ReadBasic"];

/// How much of a body the preview shows, in characters.
const PREVIEW: usize = 255;

/// Every property there is here, in the order Graph has them. The last is only there when it is
/// selected.
const PROPERTIES: [&str; 27] = [
    "createdDateTime",
    "lastModifiedDateTime",
    "changeKey",
    "categories",
    "receivedDateTime",
    "sentDateTime",
    "hasAttachments",
    "internetMessageId",
    "subject",
    "bodyPreview",
    "importance",
    "parentFolderId",
    "conversationId",
    "isDeliveryReceiptRequested",
    "isReadReceiptRequested",
    "isRead",
    "isDraft",
    "webLink",
    "inferenceClassification",
    "body",
    "sender",
    "from",
    "toRecipients",
    "ccRecipients",
    "replyTo",
    "flag",
    "internetMessageHeaders",
];

/// What Mail.ReadBasic does not show.
const BEYOND_BASIC: [&str; 3] = ["body", "bodyPreview", "internetMessageHeaders"];

pub(super) async fn read(
    State(microsoft): State<Microsoft>,
    Path(id): Path<String>,
    RawQuery(query): RawQuery,
    caller: Caller,
) -> Response {
    let params = Params::read(query.as_deref(), &[]);
    microsoft.with(|world| {
        let select = params.get("$select").map(selected).transpose();
        let answer = select.and_then(|select| {
            let basic = !caller.has(world, "Mail.Read") && !caller.has(world, "Mail.ReadWrite");
            let item = find(world, &caller, &id, &READING)?;
            Ok(Json(properties(item, select.as_deref(), basic)).into_response())
        });
        answer.unwrap_or_else(|refused| refused.answer(world))
    })
}

pub(super) async fn mime(
    State(microsoft): State<Microsoft>,
    Path(id): Path<String>,
    caller: Caller,
) -> Response {
    microsoft.with(|world| {
        let item = find(world, &caller, &id, &["Mail.Read", "Mail.ReadWrite"]);
        let message = item.map(|item| item.message.clone());
        match message {
            Ok(message) => {
                let kind = [(header::CONTENT_TYPE, HeaderValue::from_static("text/plain"))];
                (kind, message).into_response()
            }
            Err(refused) => refused.answer(world),
        }
    })
}

fn find<'a>(
    world: &'a World,
    caller: &Caller,
    id: &str,
    scopes: &[&str],
) -> Result<&'a Item, GraphError> {
    let account = caller.admit_to_mailbox(world, scopes)?;
    if !id.starts_with("AAMk") {
        return Err(GraphError::BadId);
    }
    let mailbox = world.mailboxes.get(&account.email);
    let item = mailbox.and_then(|mailbox| mailbox.item(id));
    item.ok_or(GraphError::NotFound)
}

/// The properties a `$select` names, if all are there.
pub(super) fn selected(select: &str) -> Result<Vec<String>, GraphError> {
    let names = select.split(',').map(|name| name.trim().to_owned());
    let names: Vec<String> = names.collect();
    let known = |name: &String| name == "id" || PROPERTIES.contains(&name.as_str());
    match names.iter().find(|name| !known(name)) {
        Some(unknown) => Err(GraphError::NoProperty(unknown.clone())),
        None => Ok(names),
    }
}

/// A message as JSON: what was selected, or all that is usual; `basic` leaves out bodies.
pub(super) fn properties(item: &Item, select: Option<&[String]>, basic: bool) -> Value {
    let message = mime::read(&item.message).unwrap_or_default();
    let etag = format!("W/\"CQAAABYAAAD{:012}\"", item.changed);
    let mut properties = json!({
        "@odata.type": "#microsoft.graph.message",
        "@odata.etag": etag,
        "id": item.id,
    });
    for name in PROPERTIES {
        let wanted = match select {
            Some(select) => select.iter().any(|selected| selected == name),
            None => name != "internetMessageHeaders",
        };
        if wanted && !(basic && BEYOND_BASIC.contains(&name)) {
            properties[name] = property(name, item, &message);
        }
    }
    properties
}

fn property(name: &str, item: &Item, message: &Message<'_>) -> Value {
    let received = written(item.received);
    match name {
        "createdDateTime" | "lastModifiedDateTime" | "receivedDateTime" => json!(received),
        "sentDateTime" => {
            let sent = message.date().map(|date| date.to_timestamp());
            let sent = sent.and_then(|sent| jiff::Timestamp::from_second(sent).ok());
            json!(sent.map_or(received, written))
        }
        "changeKey" => json!(format!("CQAAABYAAAD{:012}", item.changed)),
        "categories" => json!([]),
        "hasAttachments" => json!(message.attachment_count() > 0),
        "internetMessageId" => json!(message.message_id().map(|id| format!("<{id}>"))),
        "subject" => json!(message.subject().unwrap_or_default()),
        "bodyPreview" => {
            let text = message.body_text(0).unwrap_or_default();
            json!(text.chars().take(PREVIEW).collect::<String>())
        }
        "importance" => json!("normal"),
        "parentFolderId" => json!(format!("AAMkAGFolder-{}=", item.folder.name())),
        "conversationId" => json!("AAQkAGConversation="),
        "isDeliveryReceiptRequested" => Value::Null,
        "isReadReceiptRequested" | "isDraft" => json!(false),
        "isRead" => json!(item.read),
        "webLink" => json!("https://outlook.office365.com/owa/?ItemID=sandbox"),
        "inferenceClassification" => json!("focused"),
        "body" => {
            let text = message.body_text(0).unwrap_or_default();
            json!({ "contentType": "text", "content": text })
        }
        "sender" => recipients(message.sender().or_else(|| message.from()))
            .first()
            .cloned()
            .unwrap_or_default(),
        "from" => recipients(message.from())
            .first()
            .cloned()
            .unwrap_or_default(),
        "toRecipients" => json!(recipients(message.to())),
        "ccRecipients" => json!(recipients(message.cc())),
        "replyTo" => json!(recipients(message.reply_to())),
        "flag" => json!({ "flagStatus": "notFlagged" }),
        "internetMessageHeaders" => {
            let headers = message.headers_raw();
            let headers =
                headers.map(|(name, value)| json!({ "name": name, "value": value.trim() }));
            json!(headers.collect::<Vec<_>>())
        }
        _ => Value::Null,
    }
}

fn recipients(of: Option<&Address<'_>>) -> Vec<Value> {
    let all = of.into_iter().flat_map(|address| address.iter());
    let one = |one: &mail_parser::Addr<'_>| {
        let address = one.address.as_deref().unwrap_or_default();
        let name = one.name.as_deref().unwrap_or(address);
        json!({ "emailAddress": { "name": name, "address": address } })
    };
    all.map(one).collect()
}
