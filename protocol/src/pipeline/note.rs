//! What people write down about a candidate: notes, and links such as a résumé's.

use schemars::JsonSchema;
use serde::{Deserialize, Serialize};

use crate::id::NoteId;
use crate::time::Instant;

/// Bytes a note's text may have.
pub const LONGEST_NOTE: usize = 4096;

/// Notes a candidate may have.
pub const MOST_NOTES: usize = 100;

/// A note on a candidate.
#[derive(Debug, Clone, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct Note {
    /// The note.
    pub id: NoteId,
    /// What it says; of a link, what it is called, or nothing.
    pub text: String,
    /// A link, `https` or `http`.
    #[serde(default)]
    pub link: Option<String>,
    /// Whether it is in the invitation of interviewers, and shown to them. It is in no email to
    /// the candidate.
    #[serde(default)]
    pub for_interviewers: bool,
    /// When it was written.
    pub at: Instant,
    /// Who wrote it.
    pub by: String,
    /// When it was changed last.
    #[serde(default)]
    pub edited_at: Option<Instant>,
    /// How often it was written, from 1: what a change of it may expect.
    pub edition: u32,
}

/// A note that comes with a new candidate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct NoteAdd {
    /// What it says, at most 4 KiB.
    #[serde(default)]
    pub text: String,
    /// A link.
    #[serde(default)]
    pub link: Option<String>,
    /// Whether interviewers read it.
    #[serde(default)]
    pub for_interviewers: bool,
}

/// Writes a note, or changes one; of one that is changed, what is absent stays.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateNote {
    /// About whom, by reference.
    pub candidate: String,
    /// Which note, by id or a unique ending of it; `None`: a new one.
    #[serde(default)]
    pub note: Option<String>,
    /// What it says, at most 4 KiB.
    #[serde(default)]
    pub text: Option<String>,
    /// A link; an empty text takes it away.
    #[serde(default)]
    pub link: Option<String>,
    /// Whether interviewers read it.
    #[serde(default)]
    pub for_interviewers: Option<bool>,
    /// Refused when the note has another edition.
    #[serde(default)]
    pub expected_edition: Option<u32>,
}

/// Removes a note.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize, JsonSchema)]
pub struct CandidateNoteRemove {
    /// About whom, by reference.
    pub candidate: String,
    /// Which note, by id or a unique ending of it.
    pub note: String,
    /// Refused when the note has another edition.
    #[serde(default)]
    pub expected_edition: Option<u32>,
}
