//! Owns which call an exchange was, and whether request and answer are what that call takes and
//! answers.

use std::collections::BTreeMap;

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::Deserialize;
use serde_json::{Map, Value};

use super::schema::Schemas;
use crate::sandbox::{Body, Exchange};

/// What a body is.
#[derive(Debug, Clone, Copy, PartialEq, Eq, Deserialize)]
#[serde(rename_all = "snake_case")]
pub(super) enum Kind {
    /// Whatever it is: a page, a message.
    Any,
    Empty,
    Json,
    Form,
    /// `text/plain`, and base64.
    Base64,
}

/// A body, and the schema of what is in it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Shape {
    pub(super) body: Kind,
    #[serde(default)]
    pub(super) schema: Option<String>,
}

/// One call: a method and a path, with `{…}` for one part of it.
#[derive(Debug, Clone, Deserialize)]
pub(super) struct Call {
    pub(super) method: String,
    pub(super) path: String,
    /// The schema of its query; without one it takes none.
    #[serde(default)]
    pub(super) query: Option<String>,
    #[serde(default)]
    pub(super) request: Option<Shape>,
    pub(super) answers: BTreeMap<u16, Shape>,
    /// The answer of every refusal.
    pub(super) refused: Shape,
}

/// The calls of one document.
#[derive(Deserialize)]
pub(super) struct Calls {
    pub(super) calls: Vec<Call>,
    pub(super) schemas: Map<String, Value>,
}

impl Calls {
    /// # Panics
    ///
    /// Where it is no document of calls.
    pub(super) fn read(text: &str) -> Self {
        serde_json::from_str(text).unwrap_or_else(|error| panic!("read the schemas: {error}"))
    }

    fn find(&self, exchange: &Exchange) -> Option<&Call> {
        let is = |call: &&Call| call.method == exchange.method && call.is_at(&exchange.path);
        self.calls.iter().find(is)
    }
}

impl Call {
    fn is_at(&self, path: &str) -> bool {
        let (own, asked) = (self.path.split('/'), path.split('/'));
        own.clone().count() == asked.clone().count()
            && own
                .zip(asked)
                .all(|(own, asked)| own == asked || own.starts_with('{'))
    }
}

/// What is wrong, a line each; a call none of the documents has is wrong too.
pub(super) fn faults(documents: &[&Calls], exchanges: &[Exchange]) -> Vec<String> {
    let mut all = Vec::new();
    for exchange in exchanges {
        let at = format!("{} {}", exchange.method, exchange.path);
        let found = documents
            .iter()
            .find_map(|it| Some((it, it.find(exchange)?)));
        let Some((document, call)) = found else {
            all.push(format!("{at}: no such call"));
            continue;
        };
        let schemas = Schemas(document.schemas.clone());
        judge(&schemas, call, exchange, &at, &mut all);
    }
    all
}

fn judge(schemas: &Schemas, call: &Call, exchange: &Exchange, at: &str, faults: &mut Vec<String>) {
    let query = texts(exchange.query.iter().cloned());
    match &call.query {
        Some(schema) => schemas.check(schema, &query, &format!("{at}: query"), faults),
        None if exchange.query.is_empty() => {}
        None => faults.push(format!("{at}: takes no query")),
    }
    let nothing = Shape {
        body: Kind::Empty,
        schema: None,
    };
    let request = call.request.as_ref().unwrap_or(&nothing);
    body(
        schemas,
        request,
        &exchange.sent,
        &format!("{at}: request"),
        faults,
    );
    if exchange.canned {
        return;
    }
    let shape = match call.answers.get(&exchange.status) {
        Some(shape) => shape,
        None if exchange.status >= 400 => &call.refused,
        None => {
            faults.push(format!("{at}: answered {}", exchange.status));
            return;
        }
    };
    let at = format!("{at}: answer {}", exchange.status);
    body(schemas, shape, &exchange.answered, &at, faults);
}

fn body(schemas: &Schemas, shape: &Shape, body: &Body, at: &str, faults: &mut Vec<String>) {
    let (kind, value) = match shape.body {
        Kind::Any => return,
        Kind::Empty => {
            if !body.bytes.is_empty() {
                faults.push(format!("{at}: has a body"));
            }
            return;
        }
        Kind::Base64 => (
            "text/plain",
            STANDARD.decode(&body.bytes).ok().map(|_| Value::Null),
        ),
        Kind::Json => ("application/json", body.json()),
        Kind::Form => {
            let pairs = url::form_urlencoded::parse(&body.bytes).into_owned();
            ("application/x-www-form-urlencoded", Some(texts(pairs)))
        }
    };
    if body.kind != kind {
        faults.push(format!("{at}: is {} and not {kind}", body.kind));
    }
    match (value, &shape.schema) {
        (None, _) => faults.push(format!("{at}: cannot be read")),
        (Some(value), Some(schema)) => schemas.check(schema, &value, at, faults),
        (Some(_), None) => {}
    }
}

fn texts(pairs: impl Iterator<Item = (String, String)>) -> Value {
    Value::Object(
        pairs
            .map(|(name, value)| (name, Value::String(value)))
            .collect(),
    )
}
