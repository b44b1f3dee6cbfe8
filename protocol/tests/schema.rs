//! The contract only grows: nothing in the checked-in schema may be removed or renamed. A request
//! may ask for less: what had to be given may be left out.

use greenroom_protocol::service::schema;
use serde_json::Value;

const CHECKED_IN: &str = include_str!("../schema.json");

/// Whether `path` lists what a request must give.
fn may_be_left_out(path: &str) -> bool {
    path.starts_with("/request/") && path.ends_with("/required")
}

/// Whether what a request must give, or must give as something, may now be left out.
fn asks_for_less(old: &Value, now: &[Value], path: &str) -> bool {
    let optional = path.starts_with("/request/") && path.ends_with("/type");
    let fewer = |old: &[Value]| now.iter().all(|it| old.contains(it));
    match old {
        Value::Array(old) => may_be_left_out(path) && fewer(old),
        one => optional && now == [one.clone(), Value::from("null")],
    }
}

/// Every path of `old` that `new` lacks or has differently, descriptions aside.
fn lost(old: &Value, new: &Value, path: &str, found: &mut Vec<String>) {
    match (old, new) {
        (Value::Object(old), Value::Object(new)) => {
            for (key, value) in old.iter().filter(|(key, _)| *key != "description") {
                let here = format!("{path}/{key}");
                match new.get(key) {
                    Some(other) => lost(value, other, &here, found),
                    None => found.push(here),
                }
            }
        }
        (Value::Array(old), Value::Array(new)) if !may_be_left_out(path) => {
            for (place, value) in old
                .iter()
                .enumerate()
                .filter(|(_, value)| !new.contains(value))
            {
                let here = format!("{path}/{place}");
                match new.get(place) {
                    Some(other) => lost(value, other, &here, found),
                    None => found.push(here),
                }
            }
        }
        (old, new) if old == new => {}
        (old, Value::Array(now)) if asks_for_less(old, now, path) => {}
        _ => found.push(path.to_owned()),
    }
}

#[test]
fn nothing_is_removed_or_renamed() {
    let old: Value = serde_json::from_str(CHECKED_IN).expect("schema.json is JSON");
    let mut found = Vec::new();
    lost(&old, &schema(), "", &mut found);
    assert!(
        found.is_empty(),
        "removed or renamed since schema.json: {found:#?}"
    );
}

#[test]
fn the_checked_in_schema_is_current() {
    let now = format!("{:#}\n", schema());
    if std::env::var_os("GREENROOM_ACCEPT_SCHEMA").is_some() {
        let path = concat!(env!("CARGO_MANIFEST_DIR"), "/schema.json");
        std::fs::write(path, now).expect("write schema.json");
        return;
    }
    assert!(
        now == CHECKED_IN,
        "the contract grew: run with GREENROOM_ACCEPT_SCHEMA=1 and commit schema.json"
    );
}

#[test]
fn a_lost_field_is_found() {
    let mut new = schema();
    let status = new
        .pointer_mut("/response/$defs/Status/properties")
        .expect("Status has fields");
    status.as_object_mut().expect("an object").remove("pid");
    let mut found = Vec::new();
    lost(&schema(), &new, "", &mut found);
    assert_eq!(found, ["/response/$defs/Status/properties/pid"]);
}
