//! `greenroom candidate import`: from a CSV file to pages of rows.
//!
//! Owns the reading of the file; whether a row is good is the daemon's to say. Invariant: a row that cannot be read is
//! reported with its line and keeps no other from being read; no page is larger than a frame.

use std::fs::File;
use std::io::{self, BufRead, BufReader, Read};
use std::path::Path;

use csv::{ReaderBuilder, StringRecord, Trim};
use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{CandidateAdd, ImportPage, ImportReport, ImportRow, RowError};
use greenroom_protocol::time::Instant;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::cell::plain;
use super::session::Session;
use crate::output::{Failure, Output, Stop};

/// Rows of one page.
const MOST_ROWS: usize = 1000;

/// Bytes of one page, as JSON: half a frame.
const MOST_BYTES: usize = 512 * 1024;

/// The largest row that is sent, in bytes of JSON.
const LARGEST_ROW: usize = 64 * 1024;

/// Row errors that people are shown; programs get all.
const SHOWN: usize = 20;

pub(super) async fn import(
    session: &Session,
    file: &Path,
    dry_run: bool,
    job: Option<String>,
) -> Result<(), Stop> {
    let failed = |error: io::Error| Error::usage(format!("read {}: {error}", file.display()));
    let source: Box<dyn Read> = if file == Path::new("-") {
        Box::new(io::stdin())
    } else {
        Box::new(File::open(file).map_err(failed)?)
    };
    let sheet = Sheet::read(BufReader::new(source), job.as_deref())?;
    for column in &sheet.ignored {
        session
            .output
            .warn(&format!("the column `{column}` is not read"));
    }
    let client = session.client().await?;
    let mut report = ImportReport {
        dry_run,
        errors: sheet.errors,
        ..ImportReport::default()
    };
    for rows in pages(sheet.rows) {
        match client.candidate_import(ImportPage { rows, dry_run }).await {
            Ok(page) => add(&mut report, page),
            // What earlier pages did is done: importing the file again says nothing new about it.
            Err(error) => return Err(Failure::with(error, "import", &report).into()),
        }
    }
    report.errors.sort_by_key(|error| error.line);
    tell(session.output, &report)
}

fn add(report: &mut ImportReport, page: ImportReport) {
    report.added += page.added;
    report.applied += page.applied;
    report.unchanged += page.unchanged;
    report.errors.extend(page.errors);
}

fn tell(output: Output, report: &ImportReport) -> Result<(), Stop> {
    let done = if report.dry_run {
        "would be added"
    } else {
        "added"
    };
    let summary = format!(
        "{} {done}, {} applied for another job, {} unchanged, {} left out",
        report.added,
        report.applied,
        report.unchanged,
        report.errors.len()
    );
    if report.errors.is_empty() {
        return output.record(report, || {
            crate::output::Lines::new().line("import", &summary)
        });
    }
    for error in report
        .errors
        .iter()
        .take(SHOWN)
        .filter(|_| !output.is_json())
    {
        output.note(&format!(
            "line {}: {}: {}",
            error.line, error.field, error.message
        ));
    }
    let error = Error::failed(format!("import: {summary}"))
        .hint("correct those lines and import the file again; known rows stay unchanged");
    Err(Failure::with(error, "import", report).into())
}

/// What is in a file.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// The rows that can be read.
    pub(crate) rows: Vec<ImportRow>,
    /// The lines that cannot.
    pub(crate) errors: Vec<RowError>,
    /// Columns nobody asks for.
    ignored: Vec<String>,
}

/// Which column holds what.
#[derive(Debug, Default)]
struct Columns {
    name: Option<usize>,
    email: Option<usize>,
    phone: Option<usize>,
    zone: Option<usize>,
    source: Option<usize>,
    job: Option<usize>,
    stage: Option<usize>,
    applied: Option<usize>,
}

impl Sheet {
    /// Reads a file with a header line; rows without a job of their own are for `job`.
    ///
    /// # Errors
    /// `usage`: no header, or a source that cannot be read.
    pub(crate) fn read(mut source: impl BufRead, job: Option<&str>) -> Result<Self, Error> {
        let failed =
            |error: &dyn std::fmt::Display| Error::usage(format!("read the file: {error}"));
        let start = source.fill_buf().map_err(|error| failed(&error))?;
        let heading = start
            .split(|byte| *byte == b'\n')
            .next()
            .unwrap_or_default();
        let mut reader = ReaderBuilder::new()
            .delimiter(delimiter(heading))
            .trim(Trim::All)
            .from_reader(source);
        let headings = reader.headers().map_err(|error| failed(&error))?.clone();
        let mut sheet = Self::default();
        let columns = Columns::of(&headings, &mut sheet.ignored)?;
        let mut record = StringRecord::new();
        loop {
            let line = reader.position().line();
            match reader.read_record(&mut record) {
                Ok(false) => return Ok(sheet),
                Ok(true) => {
                    let line = record.position().map_or(line, csv::Position::line);
                    match columns.row(&record, job) {
                        Ok(candidate) => sheet.take(line, candidate),
                        Err(message) => sheet.refuse(line, "applied", message),
                    }
                }
                Err(error) if matches!(error.kind(), csv::ErrorKind::Io(_)) => {
                    return Err(failed(&error));
                }
                Err(error) => {
                    let line = error.position().map_or(line, csv::Position::line);
                    sheet.refuse(line, "line", why(&error));
                }
            }
        }
    }

    fn take(&mut self, line: u64, candidate: CandidateAdd) {
        let row = ImportRow { line, candidate };
        if size(&row) > LARGEST_ROW {
            return self.refuse(line, "line", "it is larger than 64 kB".to_owned());
        }
        self.rows.push(row);
    }

    fn refuse(&mut self, line: u64, field: &str, message: String) {
        let field = field.to_owned();
        self.errors.push(RowError {
            line,
            field,
            message,
        });
    }
}

fn why(error: &csv::Error) -> String {
    match error.kind() {
        csv::ErrorKind::UnequalLengths {
            expected_len, len, ..
        } => format!("it has {len} fields instead of {expected_len}"),
        csv::ErrorKind::Utf8 { .. } => "it is not UTF-8".to_owned(),
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
    fn of(headings: &StringRecord, ignored: &mut Vec<String>) -> Result<Self, Error> {
        let mut columns = Self::default();
        for (place, heading) in headings.iter().enumerate() {
            let heading = heading.trim_start_matches('\u{feff}');
            let column = match heading.to_lowercase().as_str() {
                "name" => &mut columns.name,
                "email" | "address" => &mut columns.email,
                "phone" => &mut columns.phone,
                "zone" | "time zone" | "timezone" => &mut columns.zone,
                "source" => &mut columns.source,
                "job" => &mut columns.job,
                "stage" => &mut columns.stage,
                "applied" | "applied at" | "applied on" => &mut columns.applied,
                _ => {
                    ignored.push(heading.to_owned());
                    continue;
                }
            };
            if column.replace(place).is_some() {
                return Err(Error::usage(format!(
                    "read the file: two columns are `{heading}`"
                )));
            }
        }
        if columns.name.is_none() || columns.email.is_none() {
            return Err(
                Error::usage("read the file: its first line must name the columns").hint(
                    "name and email, and where wanted phone, zone, source, job, stage, applied",
                ),
            );
        }
        Ok(columns)
    }

    /// What a line says, or what is wrong with the day they applied.
    fn row(&self, record: &StringRecord, job: Option<&str>) -> Result<CandidateAdd, String> {
        let field = |column: Option<usize>| {
            let value = plain(record.get(column?)?);
            Some(value.to_owned()).filter(|value| !value.is_empty())
        };
        let applied_at = field(self.applied).map(|text| applied(&text)).transpose()?;
        Ok(CandidateAdd {
            name: field(self.name).unwrap_or_default(),
            email: field(self.email).unwrap_or_default(),
            phone: field(self.phone),
            zone: field(self.zone),
            source: field(self.source),
            job: field(self.job).or_else(|| job.map(str::to_owned)),
            stage: field(self.stage),
            applied_at,
        })
    }
}

/// A day (noon in UTC, so that it is that day nearly everywhere) or a moment.
fn applied(text: &str) -> Result<Instant, String> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment.into());
    }
    let noon = text.parse::<Date>().ok().map(|day| day.at(12, 0, 0, 0));
    let noon = noon.and_then(|noon| noon.to_zoned(TimeZone::UTC).ok());
    let noon = noon.ok_or("it is neither a day such as 2026-11-30 nor a moment with an offset")?;
    Ok(noon.timestamp().into())
}

fn size(row: &ImportRow) -> usize {
    serde_json::to_vec(row).map_or(usize::MAX, |json| json.len())
}

/// Rows in order, in pages that fit.
pub(crate) fn pages(rows: Vec<ImportRow>) -> Vec<Vec<ImportRow>> {
    let mut pages = Vec::new();
    let mut page = Vec::new();
    let mut bytes = 0;
    for row in rows {
        let more = size(&row) + 1;
        if page.len() == MOST_ROWS || bytes + more > MOST_BYTES {
            pages.push(std::mem::take(&mut page));
            bytes = 0;
        }
        bytes += more;
        page.push(row);
    }
    if !page.is_empty() {
        pages.push(page);
    }
    pages
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

    #[test]
    fn pages_fit_into_frames_and_lose_nothing() {
        let row = |line, length| ImportRow {
            line,
            candidate: CandidateAdd {
                name: "x".repeat(length),
                ..CandidateAdd::default()
            },
        };
        let rows: Vec<_> = (0..2500).map(|line| row(line, 10)).collect();
        let made = pages(rows.clone());
        assert_eq!(
            made.iter().map(Vec::len).collect::<Vec<_>>(),
            [1000, 1000, 500]
        );
        assert_eq!(made.concat(), rows);
        let made = pages((0..100).map(|line| row(line, 60_000)).collect());
        for page in &made {
            assert!(serde_json::to_vec(page).unwrap().len() <= MOST_BYTES + 2);
        }
    }
}
