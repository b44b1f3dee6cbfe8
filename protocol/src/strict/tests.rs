use std::collections::BTreeSet;

use serde_json::{Map, json};

use super::*;
use crate::service::{GreenroomRequest, schema};

const PLANTED: &str = "zz_planted";

fn said_by(caller: &Peer, method: &str, arguments: &Value) -> Option<Error> {
    let request = json!({"Request": {
        "context": {"deadline": {"secs": 10, "nanos": 0}, "trace_context": {"trace_id": [1], "span_id": 2}},
        "id": 7,
        "message": {method: arguments},
    }});
    let message = json!({method: arguments}).to_string();
    refuse(request.to_string().as_bytes(), &message, Some(caller)).map(|(_, error)| error)
}

fn peer() -> Peer {
    Peer {
        build: "0.9.9".into(),
        protocol: 1,
    }
}

/// Something that a schema allows, with every field that may be there.
fn whole(schema: &Value, definitions: &Value, depth: usize) -> Value {
    assert!(depth < 30, "a type that contains itself");
    let deeper = |schema: &Value| whole(schema, definitions, depth + 1);
    if let Some(name) = schema["$ref"].as_str() {
        let name = name.trim_start_matches("#/$defs/");
        return deeper(&definitions[name]);
    }
    if let Some(only) = schema.get("const") {
        return only.clone();
    }
    for choice in ["anyOf", "oneOf"] {
        let branches = schema[choice].as_array().into_iter().flatten();
        if let Some(branch) = branches.clone().find(|branch| branch["type"] != "null") {
            return deeper(branch);
        }
    }
    if let Some(one) = schema["enum"].get(0) {
        return one.clone();
    }
    let kind = schema["type"].as_str().or(schema["type"][0].as_str());
    match kind {
        Some("object") => {
            let fields = schema["properties"].as_object().cloned();
            let fields = fields.unwrap_or_default().into_iter();
            Value::Object(fields.map(|(name, it)| (name, deeper(&it))).collect())
        }
        Some("array") => json!([deeper(&schema["items"])]),
        Some("string") => match (schema["pattern"].as_str(), schema["format"].as_str()) {
            (Some(id), _) => json!(format!("{}{}", &id[1..=4], "0".repeat(26))),
            (None, Some("date-time")) => json!("2026-12-01T10:00:00Z"),
            (None, Some("date")) => json!("2026-12-01"),
            (None, _) => json!("text"),
        },
        Some("integer" | "number") => schema.get("minimum").cloned().unwrap_or(json!(1)),
        Some("boolean") => json!(true),
        _ => json!("anything"),
    }
}

/// Every object in a document, by its path.
fn objects(document: &Value, path: &str, found: &mut Vec<String>) {
    match document {
        Value::Object(fields) => {
            found.push(path.to_owned());
            for (name, value) in fields {
                objects(value, &format!("{path}/{name}"), found);
            }
        }
        Value::Array(items) => {
            for (place, item) in items.iter().enumerate() {
                objects(item, &format!("{path}/{place}"), found);
            }
        }
        _ => {}
    }
}

/// Every method of the contract, with whole arguments.
fn methods() -> Map<String, Value> {
    let schema = schema();
    let request = &schema["request"];
    let methods = request["oneOf"].as_array().expect("the methods").iter();
    methods
        .flat_map(|method| method["properties"].as_object().expect("a method"))
        .map(|(name, arguments)| (name.clone(), whole(arguments, &request["$defs"], 0)))
        .collect()
}

/// Case C4: by construction for every method there is and will be.
#[test]
fn an_unknown_field_is_refused_at_every_depth_of_every_method() {
    let methods = methods();
    assert!(methods.len() > 60);
    let (mut planted, mut misspelled) = (0, 0);
    for (method, arguments) in &methods {
        let known: Result<GreenroomRequest, _> = serde_json::from_value(json!({method: arguments}));
        assert!(known.is_ok(), "{method}: {arguments}: {:?}", known.err());
        assert_eq!(
            said_by(&peer(), method, arguments),
            None,
            "{method}: {arguments}"
        );
        let mut places = Vec::new();
        objects(arguments, "", &mut places);
        for place in places {
            let mut arguments = arguments.clone();
            arguments.pointer_mut(&place).expect("an object")[PLANTED] = json!({"deep": [1]});
            let refusal = said_by(&peer(), method, &arguments);
            if method == "Hello" {
                assert_eq!(refusal, None, "hello ignores what it does not know");
                continue;
            }
            let refusal = refusal.unwrap_or_else(|| panic!("{method} took {arguments}"));
            let field = format!("{place}/{PLANTED}")
                .trim_start_matches('/')
                .replace('/', ".");
            assert_eq!(refusal.field.as_deref(), Some(field.as_str()), "{method}");
            assert_eq!(refusal.kind.exit_code(), 2, "{method}: {refusal}");
            let hint = refusal.hint.as_deref().unwrap_or_default();
            for build in [BUILD, "the caller 0.9.9 (protocol 1)"] {
                assert!(hint.contains(build), "{method}: {hint}");
            }
            assert!(refusal.message.contains(method.as_str()), "{refusal}");
            assert!(refusal.message.contains(PLANTED), "{refusal}");
            assert_eq!(
                unknown_argument(method, &arguments, "0.1.0").map(|it| it.field),
                Some(refusal.field)
            );
            planted += 1;
        }
        misspelled += spelled_wrongly(method, arguments);
    }
    assert!(planted > 2 * methods.len() - 20, "{planted}");
    assert!(misspelled > planted, "{misspelled}");
}

/// Doubles the last letter of every field of every object, one at a time: each is refused with the
/// right name. How many there were.
fn spelled_wrongly(method: &str, arguments: &Value) -> usize {
    if method == "Hello" {
        return 0;
    }
    let mut places = Vec::new();
    objects(arguments, "", &mut places);
    let mut wrong = 0;
    for place in places {
        let object = arguments.pointer(&place).and_then(Value::as_object);
        for name in object.expect("an object").keys().filter(|it| it.len() > 2) {
            let written = format!("{name}{}", &name[name.len() - 1..]);
            let mut arguments = arguments.clone();
            let object = arguments.pointer_mut(&place).expect("an object");
            object[written.as_str()] = json!(1);
            let refusal = said_by(&peer(), method, &arguments).expect("a refusal");
            let meant = format!("did you mean `{name}`?");
            assert!(refusal.message.contains(&meant), "{method}: {refusal}");
            wrong += 1;
        }
    }
    wrong
}

/// Case C4: the row itself.
#[test]
fn a_refusal_names_the_field_the_nearest_and_both_builds() {
    let arguments = json!({"interview": {"reference": "int_1", "dry-run": true}});
    let refusal = said_by(&peer(), "InterviewCancel", &arguments).expect("a refusal");
    assert_eq!(refusal.kind, crate::ErrorKind::Usage);
    assert_eq!(
        refusal.message,
        "InterviewCancel has no field `interview.dry-run`; did you mean `dry_run`?"
    );
    let hint = refusal.hint.expect("a hint");
    assert!(
        hint.contains(&format!("greenroom {BUILD} (protocol {PROTOCOL})")),
        "{hint}"
    );
    assert!(hint.contains("the caller 0.9.9 (protocol 1)"), "{hint}");

    for (written, meant) in [
        ("dryRun", "dry_run"),
        ("DRY_RUN", "dry_run"),
        ("dry_rum", "dry_run"),
        ("resaon", "reason"),
        ("expectedRevision", "expected_revision"),
    ] {
        let arguments = json!({"interview": {"reference": "int_1", written: true}});
        let refusal = said_by(&peer(), "InterviewCancel", &arguments).expect("a refusal");
        assert!(
            refusal
                .message
                .contains(&format!("did you mean `{meant}`?")),
            "{refusal}"
        );
    }
    let arguments = json!({"interview": {"reference": "int_1", "colour": "red"}});
    let refusal = said_by(&peer(), "InterviewCancel", &arguments).expect("a refusal");
    assert!(!refusal.message.contains("did you mean"), "{refusal}");
    assert!(refusal.hint.expect("a hint").contains("its fields are "));
    let refusal = said_by(&peer(), "Status", &json!({"verbose": true})).expect("a refusal");
    assert!(refusal.hint.expect("a hint").contains("it has no fields"));
}

#[test]
fn around_the_arguments_only_hello_may_say_more() {
    let around = |field: &str, method: &str, arguments: Value| {
        let message = json!({method: arguments});
        let mut request =
            json!({"Request": {"context": {"deadline": {"secs": 1}}, "id": 7, "message": message}});
        let place = request.pointer_mut(field).expect("an object");
        place[PLANTED] = json!(1);
        refuse(request.to_string().as_bytes(), &message.to_string(), None).map(|it| it.1)
    };
    let hello = json!({"client": {"protocol": 9, "build": "9.0.0", "later": {"more": 1}}});
    for place in [
        "",
        "/Request",
        "/Request/context",
        "/Request/context/deadline",
    ] {
        assert_eq!(around(place, "Hello", hello.clone()), None, "{place}");
        if place.is_empty() {
            continue;
        }
        let refusal = around(place, "Status", json!({})).expect("a refusal");
        assert!(
            refusal.message.starts_with("a request has no field"),
            "{refusal}"
        );
        assert!(
            refusal
                .hint
                .expect("a hint")
                .contains("has not said its version")
        );
    }
}

#[test]
fn what_cannot_be_read_or_is_not_known_is_left_to_others() {
    for frame in [
        "",
        "{",
        "[]",
        "7",
        r#"{"Request":{"id":1,"message":{"Sing":{"a":1}}}}"#,
    ] {
        assert_eq!(
            refuse(frame.as_bytes(), r#"{"Sing":{"a":1}}"#, None),
            None,
            "{frame}"
        );
    }
    let cancel = r#"{"Cancel":{"request_id":7,"more":1}}"#;
    assert_eq!(
        refuse(cancel.as_bytes(), "", None),
        None,
        "it has no answer"
    );
    assert_eq!(unknown_argument("Sing", &json!({"a": 1}), "0.1.0"), None);
}

#[test]
fn a_hostile_name_is_cut_and_steers_nothing() {
    let name = "\u{202e}\u{1b}[2J".repeat(1000);
    let refusal = said_by(&peer(), "Status", &json!({name: 1})).expect("a refusal");
    let hint = refusal.hint.clone().unwrap_or_default();
    let text = format!("{refusal}{hint}");
    assert!(text.len() < 600, "{} bytes", text.len());
    assert!(!text.contains(crate::text::steers));
}

/// Case C4: `rpc --dry-run` sets it where a method has it.
#[test]
fn which_argument_has_a_field_is_known() {
    assert_eq!(
        argument_with("InterviewCancel", "dry_run"),
        Some("interview")
    );
    assert_eq!(argument_with("CandidateImport", "dry_run"), Some("page"));
    for method in ["JobAdd", "Status", "Hello", "Sing"] {
        assert_eq!(argument_with(method, "dry_run"), None, "{method}");
    }
    let with: BTreeSet<_> = methods()
        .into_iter()
        .map(|it| it.0)
        .filter(|it| argument_with(it, "dry_run").is_some())
        .collect();
    assert!(with.len() > 10, "{with:?}");
}
