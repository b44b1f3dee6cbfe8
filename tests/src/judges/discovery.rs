//! Google's discovery documents, as the Python package `google-api-python-client` ships them, made
//! into calls.

use std::collections::BTreeMap;
use std::path::PathBuf;
use std::sync::OnceLock;

use serde_json::{Map, Value, json};

use super::calls::{Call, Calls, Kind, Shape};
use super::{OF_GOOGLE, python};

/// The APIs that are spoken to.
const DOCUMENTS: [&str; 3] = ["calendar.v3", "gmail.v1", "oauth2.v2"];

/// The documents; `None` where they are not on this machine.
pub(super) fn documents() -> Option<&'static [Calls]> {
    static DOCUMENTS_READ: OnceLock<Option<Vec<Calls>>> = OnceLock::new();
    let read = || DOCUMENTS.iter().map(|name| read(name)).collect();
    DOCUMENTS_READ.get_or_init(read).as_deref()
}

fn folder() -> Option<PathBuf> {
    let lib = std::fs::read_dir(python().join("lib")).ok()?;
    let inside = "site-packages/googleapiclient/discovery_cache/documents";
    let mut folders = lib.filter_map(|entry| Some(entry.ok()?.path().join(inside)));
    folders.find(|folder| folder.is_dir())
}

fn read(name: &str) -> Option<Calls> {
    let text = std::fs::read_to_string(folder()?.join(format!("{name}.json"))).ok()?;
    let document: Value = serde_json::from_str(&text).ok()?;
    let mut schemas = document["schemas"].as_object()?.clone();
    // A refusal is no part of a discovery document.
    schemas.extend(OF_GOOGLE.schemas.clone());
    let mut calls = Vec::new();
    collect(&document, &document, &mut calls, &mut schemas);
    Some(Calls { calls, schemas })
}

/// The methods here and in every resource below.
fn collect(
    document: &Value,
    here: &Value,
    calls: &mut Vec<Call>,
    schemas: &mut Map<String, Value>,
) {
    for method in here["methods"]
        .as_object()
        .into_iter()
        .flat_map(Map::values)
    {
        calls.extend(call(document, method, schemas));
    }
    for resource in here["resources"]
        .as_object()
        .into_iter()
        .flat_map(Map::values)
    {
        collect(document, resource, calls, schemas);
    }
}

fn call(document: &Value, method: &Value, schemas: &mut Map<String, Value>) -> Option<Call> {
    let id = method["id"].as_str()?;
    let service = document["servicePath"].as_str().unwrap_or_default();
    let path = method["path"].as_str()?.replace("{+", "{");
    let shape = |of: &Value| {
        of["$ref"].as_str().map(|name| Shape {
            body: Kind::Json,
            schema: Some(name.to_owned()),
        })
    };
    let empty = Shape {
        body: Kind::Empty,
        schema: None,
    };
    let query = format!("{id} query");
    schemas.insert(query.clone(), query_of(document, method));
    let answer = shape(&method["response"]).unwrap_or(empty);
    Some(Call {
        method: method["httpMethod"].as_str()?.to_owned(),
        path: format!("/{service}{path}"),
        query: Some(query),
        request: shape(&method["request"]),
        answers: BTreeMap::from([(200, answer)]),
        refused: Shape {
            body: Kind::Json,
            schema: Some("ApiError".to_owned()),
        },
    })
}

/// What stands in a query is text, whatever it means.
fn query_of(document: &Value, method: &Value) -> Value {
    let own = method["parameters"].as_object().into_iter().flatten();
    let common = document["parameters"].as_object().into_iter().flatten();
    let in_query = own
        .chain(common)
        .filter(|(_, it)| it["location"] == "query");
    let mut required = Vec::new();
    let mut properties = Map::new();
    for (name, parameter) in in_query {
        if parameter["required"] == true {
            required.push(name.clone());
        }
        let mut text = json!({ "type": "string" });
        if !parameter["enum"].is_null() {
            text["enum"] = parameter["enum"].clone();
        }
        properties.insert(name.clone(), text);
    }
    json!({ "type": "object", "required": required, "properties": properties })
}
