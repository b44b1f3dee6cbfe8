//! What is stored of notes on candidates: all of one candidate's in one record, whose id is the
//! candidate's, so that they are read with one look and erased with one write.

use greenroom_protocol::pipeline::Note;
use serde::{Deserialize, Serialize};

use crate::store::Record;

/// The notes on a candidate.
#[derive(Debug, Clone, Default, PartialEq, Serialize, Deserialize)]
pub struct NotesRecord {
    /// Oldest first.
    #[serde(default)]
    pub notes: Vec<Note>,
}

impl Record for NotesRecord {
    const TABLE: &'static str = "notes";
    const SCHEMA: u32 = 1;
}

impl NotesRecord {
    /// What interviewers read, a text each; a text of several lines stays so.
    pub fn for_interviewers(&self) -> Vec<String> {
        let marked = self.notes.iter().filter(|note| note.for_interviewers);
        marked.map(line).collect()
    }
}

fn line(note: &Note) -> String {
    match (note.text.as_str(), &note.link) {
        (text, None) => text.to_owned(),
        ("", Some(link)) => link.clone(),
        (text, Some(link)) => format!("{text}: {link}"),
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn interviewers_read_what_is_marked_for_them() {
        let stored = r#"{"notes":[
            {"id":"not_01jdwz2v00f0080g40r30e2031","text":"Asked for too much","at":"2026-11-30T09:00:00Z",
             "by":"Dana Reyes","edition":1},
            {"id":"not_01jdwz2v00f0080g40r30e2032","text":"Résumé","link":"https://cv.example/ana","for_interviewers":true,
             "at":"2026-11-30T09:00:00Z","by":"Dana Reyes","edition":2},
            {"id":"not_01jdwz2v00f0080g40r30e2033","text":"","link":"https://ana.example","for_interviewers":true,
             "at":"2026-11-30T09:00:00Z","by":"Dana Reyes","edition":1}]}"#;
        let read: NotesRecord = serde_json::from_str(stored).unwrap();
        let expected = ["Résumé: https://cv.example/ana", "https://ana.example"];
        assert_eq!(read.for_interviewers(), expected);
        let empty: NotesRecord = serde_json::from_str("{}").unwrap();
        assert_eq!(empty, NotesRecord::default());
    }
}
