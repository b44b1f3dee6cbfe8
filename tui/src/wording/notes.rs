//! How a note or link on a candidate reads.

use greenroom_protocol::pipeline::Note;

/// A note in a line: its text, its link, or both.
pub(crate) fn note(note: &Note) -> String {
    let text = note.text.lines().filter(|line| !line.trim().is_empty());
    let text = text.collect::<Vec<_>>().join(" / ");
    match (text.as_str(), &note.link) {
        (_, None) => text,
        ("", Some(link)) => link.clone(),
        (_, Some(link)) => format!("{text}: {link}"),
    }
}
