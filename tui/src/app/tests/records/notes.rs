//! Notes and links on a candidate.

use greenroom_protocol::pipeline::Note;

use super::{days_ago, id};

pub(crate) fn note(number: usize, text: &str, link: Option<&str>) -> Note {
    Note {
        id: id("not", number),
        text: text.into(),
        link: link.map(str::to_owned),
        for_interviewers: false,
        at: days_ago(3),
        by: "Dana Reyes".into(),
        edited_at: None,
        edition: 1,
    }
}

/// A note of two lines, and a link that interviewers read.
pub(crate) fn notes() -> Vec<Note> {
    let mut link = note(2, "Résumé", Some("https://cv.example/priya"));
    link.for_interviewers = true;
    vec![note(1, "Strong on storage\nWants remote", None), link]
}
