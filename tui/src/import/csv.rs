//! Candidates as a spreadsheet writes them: a heading line that names the columns, then a line
//! each.

use std::io::BufRead;

use ::csv::{ErrorKind, Position, ReaderBuilder, StringRecord, Trim};
use greenroom_protocol::Error;

use super::values::{FIELDS, Field, Values};
use super::{Sheet, unreadable};
use crate::typed::cell::plain;

/// Which column holds what.
#[derive(Debug, Default)]
struct Columns([Option<usize>; FIELDS]);

/// Columns a file may have: exports of other systems have up to some hundreds.
const MOST_COLUMNS: usize = 1000;

pub(super) fn read(mut source: impl BufRead, job: Option<&str>) -> Result<Sheet, Error> {
    let start = source.fill_buf().map_err(|error| unreadable(&error))?;
    let heading = start
        .split(|byte| *byte == b'\n')
        .next()
        .unwrap_or_default();
    let mut reader = ReaderBuilder::new()
        .delimiter(delimiter(heading))
        .trim(Trim::All)
        .from_reader(source);
    let headings = reader.headers().map_err(|error| unreadable(&error))?;
    let headings = headings.clone();
    if headings.len() > MOST_COLUMNS {
        let found = headings.len();
        return Err(Error::usage(format!(
            "The file has {found} columns, and at most {MOST_COLUMNS} can be read"
        ))
        .hint("check the separator between columns, or export fewer"));
    }
    let mut sheet = Sheet::default();
    let columns = Columns::of(&headings, &mut sheet)?;
    let mut record = StringRecord::new();
    loop {
        let line = reader.position().line();
        match reader.read_record(&mut record) {
            Ok(false) => return Ok(sheet),
            Ok(true) => {
                let line = record.position().map_or(line, Position::line);
                match columns.row(&record).candidate(job) {
                    Ok(candidate) => sheet.take(line, candidate),
                    Err((field, message)) => sheet.refuse(line, field.name(), message),
                }
            }
            Err(error) if matches!(error.kind(), ErrorKind::Io(_)) => {
                return Err(unreadable(&error));
            }
            Err(error) => {
                let line = error.position().map_or(line, Position::line);
                sheet.refuse(line, "line", why(&error));
            }
        }
    }
}

fn why(error: &::csv::Error) -> String {
    match error.kind() {
        ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("it has {len} fields instead of {expected_len}"),
        ErrorKind::Utf8 { .. } => "it is not UTF-8".to_owned(),
        _ => error.to_string(),
    }
}

/// Spreadsheets write `;` or tabs where the comma is the decimal sign.
fn delimiter(heading: &[u8]) -> u8 {
    let count = |sign: u8| heading.iter().filter(|byte| **byte == sign).count();
    let by_count = [b',', b';', b'\t'].into_iter().rev();
    by_count.max_by_key(|sign| count(*sign)).unwrap_or(b',')
}

impl Columns {
    fn of(headings: &StringRecord, sheet: &mut Sheet) -> Result<Self, Error> {
        let mut columns = Self::default();
        for (place, heading) in headings.iter().enumerate() {
            let heading = heading.trim_start_matches('\u{feff}');
            let Some(field) = Field::called(heading) else {
                sheet.ignore(heading);
                continue;
            };
            if columns.0[field as usize].replace(place).is_some() {
                return Err(Error::usage(format!(
                    "The file has two columns named `{heading}`"
                )));
            }
        }
        let needed = [Field::Name, Field::Email];
        if needed
            .iter()
            .any(|field| columns.0[*field as usize].is_none())
        {
            return Err(
                Error::usage("The first line of the file must name the columns")
                    .hint("name and email; optional: phone, zone, source, job, stage, applied, state, notes, link"),
            );
        }
        Ok(columns)
    }

    fn row(&self, record: &StringRecord) -> Values {
        let mut values = Values::default();
        for field in Field::ALL {
            let value = self.0[field as usize].and_then(|column| record.get(column));
            values.set(field, value.map_or("", plain));
        }
        values
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn read(text: &str) -> Result<Sheet, Error> {
        Sheet::read(text.as_bytes(), Some("Designer"))
    }

    #[test]
    fn rows_keep_their_lines_and_bad_ones_are_reported() {
        let sheet = read(
            "\u{feff}Email,Name,Job,Salary\n\
             ana@mail.example,Ana Ruiz,Engineer,1\n\
             \"ben@mail.example\",\"Ben\nOde\",,2\n\
             too,few\n\
             mei@mail.example,李 梅,,3\n",
        )
        .unwrap();
        assert_eq!(sheet.ignored, ["Salary"]);
        let rows: Vec<_> = sheet
            .rows
            .iter()
            .map(|row| {
                (
                    row.line,
                    row.candidate.name.as_str(),
                    row.candidate.job.as_deref(),
                )
            })
            .collect();
        assert_eq!(
            rows,
            [
                (2, "Ana Ruiz", Some("Engineer")),
                (3, "Ben\nOde", Some("Designer")),
                (6, "李 梅", Some("Designer")),
            ]
        );
        assert_eq!(sheet.errors.len(), 1);
        assert_eq!(sheet.errors[0].line, 5);
        assert_eq!(sheet.errors[0].message, "it has 2 fields instead of 4");
    }

    #[test]
    fn spreadsheets_of_other_countries_are_read() {
        for text in [
            "name;email\nA;a@x.example\n",
            "name\temail\nA\ta@x.example\n",
        ] {
            assert_eq!(read(text).unwrap().rows[0].candidate.email, "a@x.example");
        }
    }

    /// Case R12: a line of separators.
    #[test]
    fn a_file_of_countless_columns_is_refused_at_once() {
        let heading = format!("name,email{}", ",x".repeat(200_000));
        for rows in ["", "Ana,ana@mail.example\n"] {
            let refused = read(&format!("{heading}\n{rows}")).err().unwrap();
            assert!(refused.message.contains("200002 columns"), "{refused}");
        }
        let row = ",".repeat(200_001);
        let sheet = read(&format!("name,email\n{row}\nAna,ana@mail.example\n")).unwrap();
        assert_eq!((sheet.rows.len(), sheet.errors.len()), (1, 1));
    }

    #[test]
    fn a_file_without_its_columns_is_refused() {
        for text in [
            "",
            "ana@mail.example,Ana\n",
            "name,phone\nA,1\n",
            "name,email,Name\n",
        ] {
            assert!(read(text).is_err(), "{text}");
        }
    }
}
