//! Owns the format of refusals: JSON where the caller asks for it, else XML, as Zoom does
//! (<https://github.com/licht1stein/pyzoom/pull/71>).
//!
//! Only refusals of the API and of the token endpoints have two formats; pages and answers have
//! one.

use axum::body::{Body, to_bytes};
use axum::http::{HeaderMap, HeaderValue, header};
use axum::response::Response;
use serde_json::Value;

/// No refusal is larger.
const BODY_LIMIT: usize = 1 << 16;

/// Whether refusals of this path have two formats.
pub(super) fn has_two_formats(path: &str) -> bool {
    path.starts_with("/v2/") || path == "/oauth/token" || path == "/oauth/revoke"
}

/// Whether a caller asks for JSON; one that takes anything does not.
pub(super) fn asks_for_json(headers: &HeaderMap) -> bool {
    let mut asked = headers.get_all(header::ACCEPT).iter();
    asked.any(|value| {
        let value = value.to_str().unwrap_or_default().to_ascii_lowercase();
        value.contains("application/json")
    })
}

/// The same answer; a refusal in XML.
pub(super) async fn rewritten(answer: Response) -> Response {
    let is_json = answer
        .headers()
        .get(header::CONTENT_TYPE)
        .is_some_and(|kind| kind == "application/json");
    if !is_json || !(answer.status().is_client_error() || answer.status().is_server_error()) {
        return answer;
    }
    let (mut parts, body) = answer.into_parts();
    let body = to_bytes(body, BODY_LIMIT).await.unwrap_or_default();
    let Ok(refusal) = serde_json::from_slice::<Value>(&body) else {
        return Response::from_parts(parts, Body::from(body));
    };
    let kind = HeaderValue::from_static("application/xml;charset=UTF-8");
    parts.headers.insert(header::CONTENT_TYPE, kind);
    parts.headers.remove(header::CONTENT_LENGTH);
    Response::from_parts(parts, Body::from(document(&refusal)))
}

fn document(refusal: &Value) -> String {
    let mut out = "<?xml version=\"1.0\" encoding=\"UTF-8\" standalone=\"yes\"?>".to_owned();
    element(&mut out, "result", refusal);
    out
}

/// An array is its element, once for each row.
fn element(out: &mut String, name: &str, value: &Value) {
    if let Value::Array(rows) = value {
        for row in rows {
            element(out, name, row);
        }
        return;
    }
    out.push_str(&format!("<{name}>"));
    match value {
        Value::Object(fields) => {
            for (name, value) in fields {
                element(out, name, value);
            }
        }
        Value::String(text) => out.push_str(&escaped(text)),
        Value::Null => {}
        other => out.push_str(&other.to_string()),
    }
    out.push_str(&format!("</{name}>"));
}

fn escaped(text: &str) -> String {
    let text = text.replace('&', "&amp;");
    text.replace('<', "&lt;").replace('>', "&gt;")
}
