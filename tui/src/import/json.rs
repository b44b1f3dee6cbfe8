//! Candidates as programs write them: a JSON array of objects, the answer of a list (`{"items":
//! […]}`), or an object a line. The fields are the columns of a CSV file; in the place of one
//! application there may be several, as an export writes them.

use std::io::{BufRead, Read as _};

use greenroom_protocol::Error;
use serde_json::{Map, Value};

use super::values::{self, Field, Values};
use super::{Counted, Sheet, unreadable};

/// Where an export lists a candidate's applications, and what of each is read.
const APPLICATIONS: &str = "applications";
const OF_APPLICATION: [&str; 4] = ["job", "stage", "applied_at", "state"];

/// The most a JSON file holds, in bytes: unlike lines, an array is read whole.
const MOST_BYTES: u64 = 256 << 20;

pub(super) fn read(source: impl BufRead, job: Option<&str>) -> Result<Sheet, Error> {
    let mut bytes = Vec::new();
    let mut source = source.take(MOST_BYTES + 1);
    source
        .read_to_end(&mut bytes)
        .map_err(|error| unreadable(&error))?;
    if bytes.len() as u64 > MOST_BYTES {
        return Err(Error::usage("The file is larger than 256 MiB"));
    }
    let text = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(&bytes);
    match rows(text) {
        Some(rows) => Ok(array(rows?, job)),
        None => Ok(lines(text, job)),
    }
}

/// The rows of a file that is one document; nothing where it is lines.
fn rows(text: &[u8]) -> Option<Result<Vec<Value>, Error>> {
    if text.trim_ascii_start().first() == Some(&b'[') {
        return Some(serde_json::from_slice(text).map_err(|error| unreadable(&error)));
    }
    let Ok(Value::Object(mut one)) = serde_json::from_slice(text) else {
        return None;
    };
    match one.remove("items") {
        Some(Value::Array(items)) => Some(Ok(items)),
        Some(_) => Some(Err(Error::usage("`items` in the file is not an array"))),
        // One candidate, however it is laid out.
        None => Some(Ok(vec![Value::Object(one)])),
    }
}

fn array(rows: Vec<Value>, job: Option<&str>) -> Sheet {
    let mut sheet = Sheet {
        counted: Counted::Rows,
        ..Sheet::default()
    };
    for (number, row) in (1..).zip(rows) {
        match row {
            Value::Object(row) => add(&mut sheet, number, &row, job),
            _ => sheet.refuse(number, "row", "it is not an object"),
        }
    }
    sheet
}

fn lines(text: &[u8], job: Option<&str>) -> Sheet {
    let mut sheet = Sheet::default();
    for (number, line) in (1..).zip(text.split(|byte| *byte == b'\n')) {
        if line.trim_ascii().is_empty() {
            continue;
        }
        match serde_json::from_slice::<Map<String, Value>>(line) {
            Ok(row) => add(&mut sheet, number, &row, job),
            Err(error) => {
                let at = error.column();
                sheet.refuse(
                    number,
                    "line",
                    format!("it is not a JSON object, see column {at}"),
                );
            }
        }
    }
    sheet
}

/// A row for each application of a candidate; one where none is listed.
fn add(sheet: &mut Sheet, number: u64, row: &Map<String, Value>, job: Option<&str>) {
    let listed = row.get(APPLICATIONS).and_then(Value::as_array);
    let Some(listed) = listed.filter(|listed| !listed.is_empty()) else {
        return add_one(sheet, number, row.iter(), job);
    };
    for application in listed {
        let Some(application) = application.as_object() else {
            return sheet.refuse(number, APPLICATIONS, "one of them is not an object");
        };
        // Of an application only what it says about the job: its id is not the candidate's.
        let of_it = application
            .iter()
            .filter(|(name, _)| OF_APPLICATION.contains(&name.as_str()));
        let person = row.iter().filter(|(name, _)| *name != APPLICATIONS);
        add_one(sheet, number, person.chain(of_it), job);
    }
}

fn add_one<'a>(
    sheet: &mut Sheet,
    number: u64,
    row: impl Iterator<Item = (&'a String, &'a Value)>,
    job: Option<&str>,
) {
    let mut values = Values::default();
    let mut notes = Vec::new();
    for (name, value) in row {
        let Some(field) = Field::called(name) else {
            sheet.ignore(name);
            continue;
        };
        let taken = match value {
            Value::Null => false,
            // As an export writes them.
            Value::Array(listed) if field == Field::Notes => {
                notes.extend(listed.iter().filter_map(values::note));
                false
            }
            Value::String(text) => values.set(field, text),
            // A number nobody calculates with.
            Value::Number(digits) if field == Field::Phone => {
                values.set(field, &digits.to_string())
            }
            _ => return sheet.refuse(number, field.name(), "it is not a text"),
        };
        if taken {
            return sheet.refuse(number, field.name(), "it is given twice");
        }
    }
    match values.candidate(job) {
        Ok(mut candidate) => {
            candidate.notes.extend(notes);
            sheet.take(number, candidate);
        }
        Err((field, message)) => sheet.refuse(number, field.name(), message),
    }
}

#[cfg(test)]
mod tests {
    use proptest::prelude::*;

    use super::*;

    fn read(text: &str) -> Result<Sheet, Error> {
        Sheet::read(text.as_bytes(), Some("Designer"))
    }

    fn names(sheet: &Sheet) -> Vec<(u64, &str, Option<&str>)> {
        let rows = sheet.rows.iter();
        rows.map(|row| {
            let candidate = &row.candidate;
            (row.line, candidate.name.as_str(), candidate.job.as_deref())
        })
        .collect()
    }

    const ANA: &str =
        r#"{"name":"Ana Ruiz","email":"ana@mail.example","job":"Engineer","salary":1}"#;
    const MEI: &str =
        r#"{"name":"李 梅","address":"mei@mail.example","phone":4930123,"zone":null}"#;

    #[test]
    fn an_array_a_list_and_lines_say_the_same() {
        let both = [
            (1, "Ana Ruiz", Some("Engineer")),
            (2, "李 梅", Some("Designer")),
        ];
        for (text, counted) in [
            (format!("[{ANA},{MEI}]"), Counted::Rows),
            (format!("\u{feff}\n [\n{ANA},\n\n{MEI}]\n"), Counted::Rows),
            (
                format!(r#"{{"items":[{ANA},{MEI}],"total":2}}"#),
                Counted::Rows,
            ),
            (format!("{ANA}\n{MEI}"), Counted::Lines),
            (format!("{ANA}\r\n{MEI}\r\n\r\n"), Counted::Lines),
        ] {
            let sheet = read(&text).unwrap();
            assert_eq!(names(&sheet), both, "{text}");
            assert_eq!((sheet.counted, sheet.errors.len()), (counted, 0), "{text}");
            assert_eq!(sheet.ignored, ["salary"], "{text}");
            assert_eq!(sheet.rows[1].candidate.phone.as_deref(), Some("4930123"));
            assert_eq!(sheet.rows[1].candidate.email, "mei@mail.example");
        }
        let laid_out = "{\n  \"name\": \"Ana\",\n  \"email\": \"a@x.example\"\n}\n";
        assert_eq!(names(&read(laid_out).unwrap()).len(), 1);
    }

    #[test]
    fn what_cannot_be_read_is_reported_by_its_number_and_keeps_no_other_away() {
        let bad = [
            ("7", "row", "it is not an object"),
            (r#"{"name":["x"]}"#, "name", "it is not a text"),
            (
                r#"{"email":"a","address":"b"}"#,
                "email",
                "it is given twice",
            ),
            (r#"{"applied_at":"soon"}"#, "applied", "it is neither a day"),
        ];
        let all: Vec<_> = bad.iter().map(|(row, ..)| *row).chain([ANA]).collect();
        let sheet = read(&format!("[{}]", all.join(","))).unwrap();
        assert_eq!(names(&sheet), [(5, "Ana Ruiz", Some("Engineer"))]);
        for (number, (_, field, message)) in (1..).zip(bad) {
            let error = &sheet.errors[number - 1];
            assert_eq!((error.line, error.field.as_str()), (number as u64, field));
            assert!(error.message.starts_with(message), "{error:?}");
        }
        let sheet = read(&format!("{ANA}\n{{\"name\": oops}}\n\n{MEI}\n")).unwrap();
        let lines: Vec<_> = names(&sheet).into_iter().map(|(line, ..)| line).collect();
        assert_eq!(lines, [1, 4]);
        assert_eq!(sheet.errors[0].line, 2);
        assert!(
            sheet.errors[0].message.contains("column 10"),
            "{:?}",
            sheet.errors[0]
        );
    }

    #[test]
    fn an_export_is_a_row_for_each_application() {
        let export = r#"[
            {"id":"can_1","name":"Ana","email":"ana@x.example","added_at":"2026-11-01T00:00:00Z","applications":[
                {"id":"app_1","job":"Engineer","stage":"Onsite","applied_at":"2026-11-02T00:00:00Z","since":"2026-11-03T00:00:00Z","history":[]},
                {"id":"app_2","job":"Welder","stage":"Applied"}]},
            {"name":"Ben","email":"ben@x.example","applications":[]},
            {"name":"Mei","email":"mei@x.example","applications":[7]}]"#;
        let sheet = read(export).unwrap();
        assert_eq!(
            names(&sheet),
            [
                (1, "Ana", Some("Engineer")),
                (1, "Ana", Some("Welder")),
                (2, "Ben", Some("Designer"))
            ]
        );
        assert_eq!(sheet.rows[0].candidate.stage.as_deref(), Some("Onsite"));
        assert!(sheet.rows[0].candidate.applied_at.is_some());
        assert_eq!(
            (sheet.errors[0].line, sheet.errors[0].field.as_str()),
            (3, "applications")
        );
    }

    #[test]
    fn a_document_that_is_broken_is_refused_whole() {
        for text in [
            "[",
            &format!("[{ANA}"),
            &format!("[{ANA}] [{MEI}]"),
            r#"{"items":7}"#,
            &"[".repeat(100_000),
        ] {
            let refused = read(text).unwrap_err();
            assert_eq!(refused.kind, greenroom_protocol::ErrorKind::Usage);
        }
    }

    proptest! {
        #[test]
        fn no_bytes_make_it_panic(start in "[{\\[]", bytes in prop::collection::vec(any::<u8>(), 0..200)) {
            let text = [start.as_bytes(), &bytes].concat();
            let _ = Sheet::read(&text[..], None);
        }
    }
}
