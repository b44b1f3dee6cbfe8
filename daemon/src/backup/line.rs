//! ★ A record as a line of JSON, and back. The stored JSON stands in it as it is, byte for byte, so
//! that what is restored is what was there; a body of another kind is kept as base64.

use base64::Engine as _;
use base64::engine::general_purpose::STANDARD;
use serde::{Deserialize, Serialize};
use serde_json::value::RawValue;

use crate::store::Revision;
use crate::store::copy::Line;
use crate::store::key::Key;

#[derive(Serialize, Deserialize)]
struct Wire<'a> {
    #[serde(borrow)]
    key: std::borrow::Cow<'a, str>,
    revision: Revision,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    schema: Option<u32>,
    #[serde(borrow, default, skip_serializing_if = "Option::is_none")]
    record: Option<&'a RawValue>,
    #[serde(default, skip_serializing_if = "Option::is_none")]
    bytes: Option<String>,
}

/// A line that is not one of ours.
#[derive(Debug, thiserror::Error)]
#[error("a line is not a record: {0}")]
pub(super) struct NotALine(&'static str);

/// Adds `line` to `out`, with its line end.
pub(super) fn write(line: &Line, out: &mut Vec<u8>) -> serde_json::Result<()> {
    let mut wire = Wire {
        key: line.key.as_str().into(),
        revision: line.revision,
        schema: None,
        record: None,
        bytes: None,
    };
    if let Some(body) = &line.body {
        match as_json(body) {
            Some((schema, record)) => {
                wire.schema = Some(schema);
                wire.record = Some(record);
            }
            None => wire.bytes = Some(STANDARD.encode(body)),
        }
    }
    serde_json::to_writer(&mut *out, &wire)?;
    out.push(b'\n');
    Ok(())
}

/// Reads a line without its line end.
pub(super) fn read(bytes: &[u8]) -> Result<Line, NotALine> {
    let wire: Wire<'_> =
        serde_json::from_slice(bytes).map_err(|_| NotALine("it is not the JSON of one"))?;
    let body = match (wire.schema, wire.record, wire.bytes) {
        (Some(schema), Some(record), None) => {
            Some([&schema.to_be_bytes(), record.get().as_bytes()].concat())
        }
        (None, None, Some(text)) => {
            let bytes = STANDARD.decode(text);
            Some(bytes.map_err(|_| NotALine("its bytes are not base64"))?)
        }
        (None, None, None) => None,
        _ => return Err(NotALine("it has a part of a body only")),
    };
    Ok(Line {
        key: Key::parse(&wire.key).map_err(|_| NotALine("its key is not valid"))?,
        revision: wire.revision,
        body,
    })
}

/// The schema number and the JSON of a typed record's body, where they can stand in a line as they
/// are.
fn as_json(body: &[u8]) -> Option<(u32, &RawValue)> {
    let (schema, json) = body.split_first_chunk::<4>()?;
    let json = std::str::from_utf8(json).ok()?;
    let record: &RawValue = serde_json::from_str(json).ok()?;
    // Space around or a line end within would not come back.
    let whole = record.get() == json && !json.contains('\n');
    whole.then(|| (u32::from_be_bytes(*schema), record))
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn line(body: Option<Vec<u8>>) -> Line {
        Line {
            key: Key::new("wsp_1", "candidate", "a \"quoted\" one").unwrap(),
            revision: Revision(7),
            body,
        }
    }

    fn round(line: &Line) -> (String, Line) {
        let mut out = Vec::new();
        write(line, &mut out).unwrap();
        let text = String::from_utf8(out).unwrap();
        let read = read(text.strip_suffix('\n').unwrap().as_bytes()).unwrap();
        (text, read)
    }

    #[test]
    fn a_record_is_readable_and_comes_back_byte_for_byte() {
        let record = line(Some(b"\0\0\0\x02{\"b\":1.50,\"a\":\"\\u00e9\"}".to_vec()));
        let (text, read) = round(&record);
        let expected = r#"{"key":"wsp_1/candidate/a \"quoted\" one","revision":7,"schema":2,"record":{"b":1.50,"a":"\u00e9"}}"#;
        assert_eq!(text.trim_end(), expected);
        assert_eq!(read, record);
        let gone = line(None);
        assert_eq!(round(&gone).1, gone);
    }

    #[test]
    fn what_is_no_line_is_refused() {
        for wrong in [
            "",
            "{}",
            "[1]",
            r#"{"key":"a","revision":1}"#,
            r#"{"key":"a/b/c","revision":1,"schema":1}"#,
            r#"{"key":"a/b/c","revision":1,"bytes":"?"}"#,
        ] {
            assert!(read(wrong.as_bytes()).is_err(), "{wrong}");
        }
    }

    proptest! {
        #[test]
        fn any_body_comes_back(body in prop::collection::vec(any::<u8>(), 0..64)) {
            let line = line(Some(body));
            let (text, read) = round(&line);
            prop_assert_eq!(text.matches('\n').count(), 1);
            prop_assert_eq!(read, line);
        }

        #[test]
        fn nothing_makes_it_panic(bytes in prop::collection::vec(any::<u8>(), 0..64)) {
            let _ = read(&bytes);
        }
    }
}
