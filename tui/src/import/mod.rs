//! A file of candidates, read into pages of rows; and, apart from it, one of days off, and one of a
//! calendar.
//!
//! Owns the reading of the file, which tells by its beginning what it is: a CSV file with a heading
//! line, a JSON array, or JSON lines. Whether a row is good is the daemon's to say. Invariant: a
//! row that cannot be read is reported with its number and keeps no other from being read; no page
//! is larger than a frame.

pub(crate) mod calendar;
mod csv;
pub(crate) mod days_off;
mod json;
mod values;

use std::fmt;
use std::io::BufRead;

use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{CandidateAdd, ImportRow, RowError};

/// Rows of one page.
const MOST_ROWS: usize = 1000;

/// Bytes of one page, as JSON: half a frame.
const MOST_BYTES: usize = 512 * 1024;

/// The largest row that is sent, in bytes of JSON.
const LARGEST_ROW: usize = 64 * 1024;

/// Names of ignored columns that are kept; each name is compared with them.
const MOST_IGNORED: usize = 1000;

/// What the numbers of rows count.
#[derive(Debug, Clone, Copy, Default, PartialEq, Eq)]
pub(crate) enum Counted {
    /// Lines of the file.
    #[default]
    Lines,
    /// Places in a JSON array.
    Rows,
}

impl fmt::Display for Counted {
    fn fmt(&self, out: &mut fmt::Formatter<'_>) -> fmt::Result {
        out.write_str(match self {
            Self::Lines => "line",
            Self::Rows => "row",
        })
    }
}

/// What is in a file.
#[derive(Debug, Default)]
pub(crate) struct Sheet {
    /// The rows that can be read.
    pub(crate) rows: Vec<ImportRow>,
    /// The rows that cannot.
    pub(crate) errors: Vec<RowError>,
    /// What their numbers count, from 1.
    pub(crate) counted: Counted,
    /// Columns or fields nobody asks for.
    pub(crate) ignored: Vec<String>,
}

impl Sheet {
    /// Reads a file; rows without a job of their own are for `job`.
    ///
    /// # Errors
    /// `usage`: no candidates can be in it, or it cannot be read.
    pub(crate) fn read(mut source: impl BufRead, job: Option<&str>) -> Result<Self, Error> {
        let start = source.fill_buf().map_err(|error| unreadable(&error))?;
        let start = start.strip_prefix(b"\xef\xbb\xbf").unwrap_or(start);
        match start.trim_ascii_start().first() {
            Some(b'[' | b'{') => json::read(source, job),
            _ => csv::read(source, job),
        }
    }

    fn take(&mut self, line: u64, candidate: CandidateAdd) {
        let row = ImportRow { line, candidate };
        if size(&row) > LARGEST_ROW {
            return self.refuse(line, "row", "it is larger than 64 kB");
        }
        self.rows.push(row);
    }

    fn refuse(&mut self, line: u64, field: &str, message: impl Into<String>) {
        self.errors.push(RowError {
            line,
            field: field.to_owned(),
            message: message.into(),
        });
    }

    fn ignore(&mut self, name: &str) {
        let room = self.ignored.len() < MOST_IGNORED;
        if room && !self.ignored.iter().any(|known| known == name) {
            self.ignored.push(name.to_owned());
        }
    }
}

fn unreadable(error: &dyn fmt::Display) -> Error {
    Error::usage(format!("Couldn't read the file: {error}"))
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
