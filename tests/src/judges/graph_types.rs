//! Holds the schemas of Graph against Microsoft's published types, the npm package
//! `@microsoft/microsoft-graph-types`.

use std::collections::BTreeMap;
use std::path::PathBuf;

use serde_json::Value;

use super::OF_MICROSOFT;
use crate::tools::{self, Tool};

/// The types: interfaces with their fields, and names of lists of words.
struct Types {
    /// What each one extends, and its fields with their types.
    interfaces: BTreeMap<String, (Option<String>, BTreeMap<String, String>)>,
    words: BTreeMap<String, Vec<String>>,
}

/// What our schemas of Graph say and Microsoft's types do not, a line each. `None` where the types
/// are not on this machine, which is said.
///
/// # Panics
///
/// Where `GREENROOM_REQUIRE` names the types and they are missing.
#[must_use]
pub fn differences() -> Option<Vec<String>> {
    let root = PathBuf::from(env!("CARGO_MANIFEST_DIR"));
    let package = "graph-types/node_modules/@microsoft/microsoft-graph-types/microsoft-graph.d.ts";
    let Ok(text) = std::fs::read_to_string(root.join(package)) else {
        tools::missing(Tool::GraphTypes);
        return None;
    };
    let types = Types::read(&text);
    let mut differences = Vec::new();
    for (name, schema) in &OF_MICROSOFT.schemas {
        if let Some(of) = schema["graphType"].as_str() {
            types.hold(name, of, schema, &mut differences);
        }
    }
    Some(differences)
}

impl Types {
    fn read(text: &str) -> Self {
        let mut types = Self {
            interfaces: BTreeMap::new(),
            words: BTreeMap::new(),
        };
        // The namespaces below hold other types of the same names.
        let text = text.split("export namespace ").next().unwrap_or_default();
        let statements = text.split("\nexport ").map(str::trim_start);
        for statement in statements {
            if let Some(rest) = statement.strip_prefix("interface ") {
                types.read_interface(rest);
            } else if let Some((name, rest)) = statement
                .strip_prefix("type ")
                .and_then(|rest| rest.split_once(" ="))
            {
                let words = rest.split('"').skip(1).step_by(2).map(str::to_owned);
                types.words.insert(name.to_owned(), words.collect());
            }
        }
        types
    }

    fn read_interface(&mut self, text: &str) {
        let Some((head, body)) = text.split_once('{') else {
            return;
        };
        let mut head = head.split_whitespace();
        let name = head.next().unwrap_or_default().to_owned();
        let extends = head.nth(1).map(str::to_owned);
        let fields = body.lines().map(str::trim).filter_map(|line| {
            let (field, of) = line.strip_suffix(';')?.split_once(": ")?;
            let of = of
                .strip_prefix("NullableOption<")
                .map_or(of, |of| of.trim_end_matches('>'));
            let field = field.trim_end_matches('?').trim_matches('"');
            let word = field
                .chars()
                .all(|letter| letter.is_alphanumeric() || letter == '_');
            word.then(|| (field.to_owned(), of.to_owned()))
        });
        self.interfaces.insert(name, (extends, fields.collect()));
    }

    fn field(&self, interface: &str, field: &str) -> Option<&str> {
        let (extends, fields) = self.interfaces.get(interface)?;
        match fields.get(field) {
            Some(of) => Some(of),
            None => self.field(extends.as_deref()?, field),
        }
    }

    fn hold(&self, name: &str, of: &str, schema: &Value, differences: &mut Vec<String>) {
        if !self.interfaces.contains_key(of) {
            differences.push(format!("{name}: there is no type {of}"));
        }
        for (field, schema) in schema["properties"].as_object().into_iter().flatten() {
            if field.starts_with('@') {
                continue;
            }
            match self.field(of, field) {
                None => differences.push(format!("{name}.{field}: {of} has no such field")),
                Some(of) if !self.agree(schema, of) => {
                    differences.push(format!("{name}.{field}: is {of}, and not {schema}"));
                }
                Some(_) => {}
            }
        }
    }

    fn agree(&self, schema: &Value, of: &str) -> bool {
        if let Some(element) = of.strip_suffix("[]") {
            return schema["type"] == "array" && self.agree(&schema["items"], element);
        }
        let kind = match &schema["type"] {
            Value::Array(kinds) => kinds[0].as_str(),
            kind => kind.as_str(),
        };
        match (of, self.words.get(of)) {
            ("string", _) => kind == Some("string"),
            ("number", _) => matches!(kind, Some("integer" | "number")),
            ("boolean", _) => kind == Some("boolean"),
            (_, Some(words)) => {
                let listed = schema["enum"].as_array();
                let listed = listed.into_iter().flatten().filter_map(Value::as_str);
                kind == Some("string")
                    && listed.clone().count() > 0
                    && listed
                        .clone()
                        .all(|word| words.iter().any(|known| known == word))
            }
            (interface, None) => {
                let named = schema["$ref"]
                    .as_str()
                    .and_then(|name| OF_MICROSOFT.schemas.get(name));
                named.is_some_and(|named| named["graphType"] == interface)
            }
        }
    }
}
