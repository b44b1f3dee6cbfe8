//! Owns what a schema says of a value. The dialect is that of Google's discovery documents, with
//! `required`, bounds and lists of types from JSON Schema. Pure.

use serde_json::{Map, Value};

/// The schemas of one document, which name each other.
pub(super) struct Schemas(pub(super) Map<String, Value>);

impl Schemas {
    /// Adds what is wrong with `value` at this place.
    pub(super) fn check(&self, name: &str, value: &Value, at: &str, faults: &mut Vec<String>) {
        match self.0.get(name) {
            Some(schema) => self.hold(schema, value, at, faults),
            None => faults.push(format!("{at}: there is no schema {name}")),
        }
    }

    fn hold(&self, schema: &Value, value: &Value, at: &str, faults: &mut Vec<String>) {
        if let Some(name) = schema["$ref"].as_str() {
            return self.check(name, value, at, faults);
        }
        if !kinds(schema).iter().any(|kind| is(kind, value)) {
            faults.push(format!("{at}: is not {}: {}", schema["type"], short(value)));
            return;
        }
        match value {
            Value::Object(fields) => self.hold_fields(schema, fields, at, faults),
            Value::Array(rows) => {
                let many = rows.len() as u64;
                let least = schema["minItems"].as_u64().unwrap_or(0);
                let most = schema["maxItems"].as_u64().unwrap_or(u64::MAX);
                if !(least..=most).contains(&many) {
                    faults.push(format!("{at}: has {many} elements"));
                }
                for (index, row) in rows.iter().enumerate() {
                    self.hold(&schema["items"], row, &format!("{at}[{index}]"), faults);
                }
            }
            Value::String(text) => hold_text(schema, text, at, faults),
            Value::Number(number) => {
                let number = number.as_f64().unwrap_or_default();
                let least = schema["minimum"].as_f64().unwrap_or(f64::MIN);
                let most = schema["maximum"].as_f64().unwrap_or(f64::MAX);
                if !(least..=most).contains(&number) {
                    faults.push(format!("{at}: {number} is out of bounds"));
                }
            }
            Value::Null | Value::Bool(_) => {}
        }
    }

    fn hold_fields(
        &self,
        schema: &Value,
        fields: &Map<String, Value>,
        at: &str,
        faults: &mut Vec<String>,
    ) {
        let required = schema["required"].as_array();
        for name in required.into_iter().flatten().filter_map(Value::as_str) {
            if !fields.contains_key(name) {
                faults.push(format!("{at}: lacks {name}"));
            }
        }
        for (name, value) in fields {
            let at = format!("{at}.{name}");
            let known = schema["properties"].get(name);
            match known.or_else(|| schema.get("additionalProperties")) {
                Some(schema) => self.hold(schema, value, &at, faults),
                // OData's own remarks stand in every object.
                None if name.starts_with("@odata.") => {}
                None if schema["type"] == "any" => {}
                None => faults.push(format!("{at}: no such field")),
            }
        }
    }
}

fn kinds(schema: &Value) -> Vec<&str> {
    match &schema["type"] {
        Value::Array(kinds) => kinds.iter().filter_map(Value::as_str).collect(),
        kind => vec![kind.as_str().unwrap_or("any")],
    }
}

fn is(kind: &str, value: &Value) -> bool {
    match kind {
        "any" => true,
        "object" => value.is_object(),
        "array" => value.is_array(),
        "string" => value.is_string(),
        "boolean" => value.is_boolean(),
        "integer" => value.is_i64() || value.is_u64(),
        "number" => value.is_number(),
        "null" => value.is_null(),
        _ => false,
    }
}

fn hold_text(schema: &Value, text: &str, at: &str, faults: &mut Vec<String>) {
    let listed = schema["enum"].as_array();
    if listed.is_some_and(|listed| !listed.iter().any(|one| one == text)) {
        faults.push(format!("{at}: {text} is none of {}", schema["enum"]));
    }
    let instant = schema["format"] == "date-time";
    if instant && text.parse::<jiff::Timestamp>().is_err() {
        faults.push(format!("{at}: {text} is no instant"));
    }
}

/// Its beginning, so that no fault shows a whole token.
fn short(value: &Value) -> String {
    value.to_string().chars().take(20).collect()
}

#[cfg(test)]
mod tests {
    use serde_json::json;

    use super::*;

    #[test]
    fn each_rule_finds_its_fault() {
        let schemas = json!({
            "Query": {
                "type": "object",
                "required": ["from"],
                "properties": {
                    "from": { "type": "string", "format": "date-time" },
                    "kind": { "type": "string", "enum": ["a", "b"] },
                    "rows": { "type": "array", "items": { "$ref": "Row" }, "maxItems": 1 },
                    "most": { "type": ["integer", "null"], "minimum": 1, "maximum": 50 },
                    "by": { "type": "object", "additionalProperties": { "$ref": "Row" } },
                },
            },
            "Row": { "type": "object", "properties": { "id": { "type": "string" } } },
        });
        let Value::Object(schemas) = schemas else {
            unreachable!()
        };
        let schemas = Schemas(schemas);
        let faults = |value: Value| {
            let mut faults = Vec::new();
            schemas.check("Query", &value, "it", &mut faults);
            faults
        };
        let from = "2026-11-30T09:00:00Z";
        let good = json!({
            "from": from, "kind": "a", "rows": [{ "id": "x" }], "most": null,
            "by": { "anything": { "id": "y" } }, "@odata.context": 1,
        });
        assert!(faults(good).is_empty());
        for (bad, fault) in [
            (json!({}), "it: lacks from"),
            (json!({ "from": "today" }), "it.from: today is no instant"),
            (json!({ "from": from, "form": 1 }), "it.form: no such field"),
            (
                json!({ "from": from, "kind": "c" }),
                "it.kind: c is none of [\"a\",\"b\"]",
            ),
            (
                json!({ "from": from, "rows": [{}, {}] }),
                "it.rows: has 2 elements",
            ),
            (
                json!({ "from": from, "rows": [{ "id": 5 }] }),
                "it.rows[0].id: is not \"string\": 5",
            ),
            (
                json!({ "from": from, "most": 51 }),
                "it.most: 51 is out of bounds",
            ),
            (
                json!({ "from": from, "by": { "k": { "no": 1 } } }),
                "it.by.k.no: no such field",
            ),
        ] {
            assert_eq!(faults(bad), [fault]);
        }
    }
}
