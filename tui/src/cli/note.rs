//! `greenroom candidate note`: notes and links on a candidate, listed, written, changed, removed.

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::pipeline::{CandidateNote, CandidateNoteRemove, Note as Written};
use greenroom_protocol::workspace::Reference;

use super::session::Session;
use super::words::here;
use crate::output::{Lines, Stop};

#[derive(Debug, Args)]
pub(crate) struct Note {
    /// Who: email, name or ID
    candidate: String,
    /// The note; of a link, what it is called
    text: Option<String>,
    /// A link, such as a résumé's
    #[arg(long, value_name = "URL")]
    link: Option<String>,
    /// Interviewers read it, in their invitation too; the candidate never does
    #[arg(long, conflicts_with = "private")]
    for_interviewers: bool,
    /// With --edit: interviewers no longer read it
    #[arg(long, requires = "edit")]
    private: bool,
    /// List the notes and links
    #[arg(long, conflicts_with_all = ["text", "link", "for_interviewers", "edit", "remove"])]
    list: bool,
    /// Change this note; what is not given stays
    #[arg(long, value_name = "ID", conflicts_with = "remove")]
    edit: Option<String>,
    /// Remove this note
    #[arg(long, value_name = "ID", conflicts_with_all = ["text", "link", "for_interviewers"])]
    remove: Option<String>,
}

impl Note {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        if self.list {
            let candidate = client.candidate_get(Reference::to(self.candidate)).await?;
            let notes = &candidate.notes;
            return session
                .output
                .record(notes, || Lines::new().each("notes", notes.iter().map(line)));
        }
        let note = match self.remove {
            Some(note) => {
                let removal = CandidateNoteRemove {
                    candidate: self.candidate,
                    note,
                    expected_edition: None,
                };
                client.candidate_note_remove(removal).await?
            }
            None if self.edit.is_none() && self.text.is_none() && self.link.is_none() => {
                let error = Error::usage("Enter a note, or a link with --link").field("text");
                return Err(error.hint("to read them: --list").into());
            }
            None => {
                let marked = match (self.for_interviewers, self.private) {
                    (true, _) => Some(true),
                    (false, true) => Some(false),
                    (false, false) => None,
                };
                let note = CandidateNote {
                    candidate: self.candidate,
                    note: self.edit,
                    text: self.text,
                    link: self.link,
                    for_interviewers: marked,
                    expected_edition: None,
                };
                client.candidate_note(note).await?
            }
        };
        session.output.record(&note, || {
            Lines::new()
                .line("note", line(&note))
                .line("id", note.id.to_string())
        })
    }
}

/// A note in a line.
pub(super) fn line(note: &Written) -> String {
    let text = note.text.lines().collect::<Vec<_>>().join(" / ");
    let what = match (text.as_str(), &note.link) {
        (text, None) => text.to_owned(),
        ("", Some(link)) => link.clone(),
        (text, Some(link)) => format!("{text}: {link}"),
    };
    let marked = if note.for_interviewers {
        ", for interviewers"
    } else {
        ""
    };
    let (at, by, id) = (here(note.edited_at.unwrap_or(note.at)), &note.by, note.id);
    format!("{what} ({by}, {at}{marked}, {id})")
}
