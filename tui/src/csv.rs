//! Candidates from CSV, as far as the file itself can be judged.
//!
//! Owns the names of the columns. Whether an address is taken or a job exists is for the daemon to
//! say, row by row.

use greenroom_protocol::pipeline::{CandidateAdd, ImportRow};

/// Why a file is not a list of candidates.
#[derive(Debug, thiserror::Error)]
pub(crate) enum CsvError {
    /// A column that must be there is not.
    #[error("read the file: no column {0:?} in its first line")]
    Missing(&'static str),
    /// The file breaks the rules of CSV.
    #[error("read the file: {0}")]
    Broken(#[from] ::csv::Error),
}

/// The rows of a file with a header line: `name`, `email`, and any of `phone`, `zone`, `source`,
/// `job`, `stage`; other columns are left out.
pub(crate) fn candidates(bytes: &[u8]) -> Result<Vec<ImportRow>, CsvError> {
    // Spreadsheets begin their files with a byte order mark.
    let bytes = bytes.strip_prefix(b"\xef\xbb\xbf").unwrap_or(bytes);
    let mut reader = ::csv::ReaderBuilder::new().flexible(true).from_reader(bytes);
    let header = reader.byte_headers()?.clone();
    let column = |name: &str| {
        let is_it = |title: &[u8]| String::from_utf8_lossy(title).trim().eq_ignore_ascii_case(name);
        header.iter().position(is_it)
    };
    let name = column("name").ok_or(CsvError::Missing("name"))?;
    let email = column("email").ok_or(CsvError::Missing("email"))?;
    let rest = ["phone", "zone", "source", "job", "stage"].map(column);
    let mut rows = Vec::new();
    for record in reader.byte_records() {
        let record = record?;
        let value = |at: usize| {
            let bytes = record.get(at).unwrap_or_default();
            String::from_utf8_lossy(bytes).trim().to_owned()
        };
        let optional = |at: Option<usize>| at.map(value).filter(|value| !value.is_empty());
        let [phone, zone, source, job, stage] = rest.map(optional);
        let candidate =
            CandidateAdd { name: value(name), email: value(email), phone, zone, source, job, stage };
        let line = record.position().map_or(0, ::csv::Position::line);
        rows.push(ImportRow { line, candidate });
    }
    Ok(rows)
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn columns_are_found_by_name_and_lines_are_kept() {
        let file = "\u{feff}Email,Name,Zone,Shoe size\n\
                    priya@x.example,Priya Nair,Asia/Kolkata,38\n\
                    ana@x.example,\"Costa, Ana\",,\n";
        let rows = candidates(file.as_bytes()).unwrap();
        assert_eq!(rows.len(), 2);
        assert_eq!((rows[0].line, rows[1].line), (2, 3));
        assert_eq!(rows[0].candidate.zone.as_deref(), Some("Asia/Kolkata"));
        assert_eq!(rows[1].candidate.name, "Costa, Ana");
        assert_eq!(rows[1].candidate.zone, None);
    }

    #[test]
    fn a_file_without_addresses_is_refused() {
        let refused = candidates(b"name,phone\nPriya,1\n").unwrap_err().to_string();
        assert!(refused.contains("email"), "{refused}");
    }
}
