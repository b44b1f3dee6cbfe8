//! From the arguments of a call to what a tool takes.
//!
//! Invariant: what comes out is what was given, whole; anything unknown, too long or of the
//! wrong kind is refused, and the argument is named.

use greenroom_protocol::Error;
use greenroom_protocol::schedule::TimeRead;
use greenroom_protocol::text::printable;
use greenroom_protocol::time::Instant;
use jiff::Timestamp;
use rmcp::model::JsonObject;
use serde::de::DeserializeOwned;
use serde_json::Value;
use strsim::damerau_levenshtein;

use crate::client::Client;
use crate::client::moment::{Named, named};

/// The most characters of one text.
const LONGEST: usize = 500;

/// The most entries of one list.
const MOST: usize = 20;

/// The most characters of a name that is repeated.
const ECHOED: usize = 60;

/// Rows where nobody says how many.
const ROWS: u32 = 20;

/// The most rows of one answer: what a model reads at once.
pub(super) const MOST_ROWS: u32 = 50;

/// Reads the arguments that `schema` describes.
///
/// # Errors
/// `usage`, with the argument's name.
pub(super) fn read<T: DeserializeOwned>(
    given: JsonObject,
    schema: &JsonObject,
) -> Result<T, Error> {
    let known: Vec<&str> = match schema.get("properties") {
        Some(Value::Object(properties)) => properties.keys().map(String::as_str).collect(),
        _ => Vec::new(),
    };
    for (name, value) in &given {
        if !known.contains(&name.as_str()) {
            return Err(unknown(name, &known));
        }
        bounded(name, value)?;
    }
    let read = |given: &JsonObject| serde_json::from_value::<T>(Value::Object(given.clone()));
    read(&given).map_err(|error| {
        let name = culprit(&given, &error.to_string(), |it| {
            read(it).err().map(|error| error.to_string())
        });
        let why = printable(&error.to_string(), LONGEST);
        match name {
            Some(name) => Error::usage(format!("`{name}`: {why}")).field(name),
            None => Error::usage(why),
        }
    })
}

fn unknown(name: &str, known: &[&str]) -> Error {
    let shown = printable(name, ECHOED);
    let error = Error::usage(format!("There is no argument `{shown}`")).field(&shown);
    let near = known.iter().map(|it| (damerau_levenshtein(it, &shown), it));
    let near = near.filter(|(far, it)| *far <= 1 + it.len() / 4).min();
    match (near, known.is_empty()) {
        (Some((_, near)), _) => error.hint(format!("did you mean `{near}`?")),
        (None, true) => error.hint("this tool takes none"),
        (None, false) => error.hint(format!("it takes: {}", known.join(", "))),
    }
}

fn bounded(name: &str, value: &Value) -> Result<(), Error> {
    match value {
        Value::String(text) if text.chars().count() > LONGEST => {
            Err(Error::usage(format!("`{name}` is longer than {LONGEST} characters")).field(name))
        }
        Value::Array(items) if items.len() > MOST => {
            Err(Error::usage(format!("`{name}` has more than {MOST} entries")).field(name))
        }
        Value::Array(items) => items.iter().try_for_each(|it| bounded(name, it)),
        Value::Object(_) => Err(Error::usage(format!("`{name}` can't be an object")).field(name)),
        _ => Ok(()),
    }
}

/// The argument without which the complaint is another one: serde names a field only where it is
/// missing.
fn culprit<'a>(
    given: &'a JsonObject,
    complaint: &str,
    complains: impl Fn(&JsonObject) -> Option<String>,
) -> Option<&'a str> {
    let without = |name: &String| {
        let mut rest = given.clone();
        rest.remove(name);
        complains(&rest)
    };
    let mut names = given.keys();
    let name = names.find(|name| without(name).as_deref() != Some(complaint));
    name.map(String::as_str)
}

/// The moment that a day or a time begins: `2026-12-01`, RFC 3339, or as people write it.
///
/// # Errors
/// `usage` for a text with no time or with several, and what the daemon answered.
pub(super) async fn maybe_moment(
    client: &Client,
    name: &str,
    text: Option<&str>,
    zone: Option<&str>,
) -> Result<Option<Instant>, Error> {
    let Some(text) = text else { return Ok(None) };
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(Some(moment.into()));
    }
    let read = TimeRead {
        text: text.to_owned(),
        zone: zone.map(str::to_owned),
        ..TimeRead::default()
    };
    let why = match named(client, read).await? {
        Named::One(moment) => return Ok(Some(moment)),
        Named::Nothing => "has no day or time in it",
        Named::Several => "has several readings",
    };
    Err(Error::usage(format!("`{name}` {why}"))
        .field(name)
        .hint("write it as 2026-12-01 or 2026-12-01T10:00:00+01:00"))
}

/// How many rows an answer has.
///
/// # Errors
/// `usage` outside 1 to [`MOST_ROWS`].
pub(super) fn rows(limit: Option<u32>) -> Result<u32, Error> {
    match limit.unwrap_or(ROWS) {
        rows @ 1..=MOST_ROWS => Ok(rows),
        _ => Err(Error::usage(format!("`limit` is 1 to {MOST_ROWS}")).field("limit")),
    }
}

#[cfg(test)]
mod tests {
    use rmcp::handler::server::tool::schema_for_input;
    use schemars::JsonSchema;
    use serde::Deserialize;
    use serde_json::json;

    use super::*;

    #[derive(Debug, PartialEq, Deserialize, JsonSchema)]
    #[serde(deny_unknown_fields)]
    struct Given {
        candidate: String,
        #[serde(default)]
        with: Vec<String>,
        #[serde(default)]
        duration_minutes: Option<u32>,
    }

    fn given(arguments: Value) -> Result<Given, Error> {
        let schema = schema_for_input::<Given>().unwrap();
        let Value::Object(arguments) = arguments else {
            panic!("an object")
        };
        read(arguments, &schema)
    }

    #[test]
    fn what_is_given_is_read_whole() {
        let read = given(json!({ "candidate": "Ana", "with": ["Ben"] })).unwrap();
        assert_eq!(
            (read.candidate.as_str(), &read.with[..]),
            ("Ana", &["Ben".to_owned()][..])
        );
    }

    #[test]
    fn what_is_wrong_is_named() {
        for (arguments, field, said) in [
            (
                json!({ "candidat": "Ana" }),
                Some("candidat"),
                "no argument `candidat`",
            ),
            (
                json!({ "candidate": 7 }),
                Some("candidate"),
                "expected a string",
            ),
            (json!({}), None, "missing field `candidate`"),
            (
                json!({ "candidate": "Ana", "duration_minutes": "long" }),
                Some("duration_minutes"),
                "expected u32",
            ),
            (
                json!({ "candidate": "Ana", "duration_minutes": -5 }),
                Some("duration_minutes"),
                "expected u32",
            ),
            (
                json!({ "candidate": "x".repeat(501) }),
                Some("candidate"),
                "longer than 500",
            ),
            (
                json!({ "candidate": "Ana", "with": vec!["b"; 21] }),
                Some("with"),
                "more than 20",
            ),
            (
                json!({ "candidate": { "deep": [] } }),
                Some("candidate"),
                "can't be an object",
            ),
            (
                json!({ "candidate": "Ana", "email\u{1b}[2J": "x" }),
                Some("email[2J"),
                "no argument",
            ),
        ] {
            let error = given(arguments.clone()).unwrap_err();
            assert_eq!(error.field.as_deref(), field, "{arguments}: {error}");
            assert!(error.message.contains(said), "{arguments}: {error}");
        }
        let near = given(json!({ "candidat": "Ana" })).unwrap_err();
        assert_eq!(near.hint.as_deref(), Some("did you mean `candidate`?"));
        let far = given(json!({ "recipient": "x" })).unwrap_err();
        assert_eq!(
            far.hint.as_deref(),
            Some("it takes: candidate, duration_minutes, with")
        );
    }

    #[test]
    fn pages_are_bounded() {
        assert_eq!(rows(None).unwrap(), ROWS);
        assert_eq!(rows(Some(50)).unwrap(), 50);
        assert!(rows(Some(0)).is_err());
        assert!(rows(Some(51)).is_err());
    }
}
