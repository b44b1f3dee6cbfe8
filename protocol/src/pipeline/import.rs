//! Candidates by the page, from a file the client reads.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use super::CandidateAdd;

/// One candidate of an import.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImportRow {
    /// Its line in the file, or its place in an array, from 1.
    pub line: u64,
    /// What it says.
    #[serde(flatten)]
    pub candidate: CandidateAdd,
}

/// A page of rows, at most 1 000.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImportPage {
    /// The rows.
    pub rows: Vec<ImportRow>,
    /// Only says what would happen.
    #[serde(default)]
    pub dry_run: bool,
}

/// What an import did, or would do.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct ImportReport {
    /// New candidates.
    pub added: u64,
    /// Known candidates who now also apply for the job named.
    pub applied: u64,
    /// Rows that say nothing new.
    pub unchanged: u64,
    /// Rows that were left out.
    pub errors: Vec<RowError>,
    /// Nothing was written.
    pub dry_run: bool,
}

/// A row that was left out.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct RowError {
    /// Its line in the file, or its place in an array, from 1.
    pub line: u64,
    /// The field that is wrong.
    pub field: String,
    /// What is wrong with it.
    pub message: String,
}
