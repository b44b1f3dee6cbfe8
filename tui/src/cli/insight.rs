//! `greenroom insight …`.

use std::io::{Read as _, Write as _};
use std::process::Command;

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::insight::{Insight as Kept, InsightNote, SummaryState};
use greenroom_protocol::workspace::Reference;

use super::session::Session;
use super::words::{here, word};
use crate::output::{Lines, Stop, is_interactive};

#[derive(Debug, Subcommand)]
pub(crate) enum Insight {
    /// Show what is kept after the meetings of an application
    Show {
        /// The application, or a candidate: id, address or name
        application: String,
    },
    /// Write notes on an interview, in $EDITOR, from a file or from standard input
    Note(Note),
}

#[derive(Debug, Args)]
pub(crate) struct Note {
    /// The interview: id, or an ending of six or more characters of it
    interview: String,
    /// Take the notes from this file; `-`: from standard input
    #[arg(long, value_name = "FILE")]
    file: Option<String>,
}

impl Insight {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        match self {
            Self::Show { application } => show(session, application).await,
            Self::Note(note) => note.run(session).await,
        }
    }
}

async fn show(session: &Session, application: String) -> Result<(), Stop> {
    let client = session.client().await?;
    let kept = client.insight_list(Reference::to(application)).await?;
    session.output.record(&kept, || {
        kept.iter()
            .fold(Lines::new(), |lines, insight| lines.all(lines_of(insight)))
    })?;
    if kept.is_empty() {
        session.output.note("nothing is kept after their meetings");
    }
    Ok(())
}

impl Note {
    async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let interview = client.interview_get(Reference::to(self.interview)).await?;
        let candidate = Reference::to(interview.application.to_string());
        let kept = client.insight_list(candidate).await?;
        let before = kept.into_iter().find(|it| it.interview == interview.id);
        let (former, revision) = before
            .map(|it| (it.notes.unwrap_or_default(), it.revision))
            .unwrap_or_default();
        let notes = match self.file.as_deref() {
            Some("-") => standard_input()?,
            Some(path) => std::fs::read_to_string(path).map_err(|error| {
                Error::usage(format!("read the notes from {path}: {error}")).field("file")
            })?,
            None if is_interactive() => edited(&former)?,
            None => {
                return Err(
                    Error::usage("write the notes: nobody is here to write them")
                        .hint("name a file with --file, or `--file -` for standard input")
                        .into(),
                );
            }
        };
        if notes.trim_end() == former {
            session.output.note("the notes are as they were");
            return Ok(());
        }
        let mut reference = Reference::to(interview.id.to_string());
        reference.expected_revision = Some(revision);
        let note = InsightNote {
            interview: reference,
            notes,
        };
        let kept = client.insight_note(note).await?;
        session.output.record(&kept, || lines_of(&kept))
    }
}

fn standard_input() -> Result<String, Error> {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map_err(|error| Error::usage(format!("read the notes: {error}")))?;
    Ok(text)
}

/// What a person makes of a text in their editor: `$VISUAL`, `$EDITOR`, or `vi`.
pub(crate) fn edited(text: &str) -> Result<String, Error> {
    let failed = |what: &str, error: std::io::Error| Error::failed(format!("{what}: {error}"));
    let mut file = tempfile::Builder::new()
        .prefix("greenroom-notes-")
        .suffix(".md")
        .tempfile()
        .map_err(|error| failed("make a file for the notes", error))?;
    file.write_all(text.as_bytes())
        .and_then(|()| file.flush())
        .map_err(|error| failed("write the notes for the editor", error))?;
    let editor = ["VISUAL", "EDITOR"]
        .iter()
        .find_map(|name| std::env::var(name).ok().filter(|it| !it.trim().is_empty()))
        .unwrap_or_else(|| "vi".to_owned());
    // An editor is configured with its arguments, as in `code --wait`.
    let mut words = editor.split_whitespace();
    let program = words.next().unwrap_or("vi");
    let status = Command::new(program)
        .args(words)
        .arg(file.path())
        .status()
        .map_err(|error| failed(&format!("start the editor {program}"), error))?;
    if !status.success() {
        return Err(Error::failed(
            "the editor failed; the notes are as they were",
        ));
    }
    // By its name: editors put another file in its place.
    std::fs::read_to_string(file.path())
        .map_err(|error| failed("read the notes back from the editor", error))
}

fn lines_of(insight: &Kept) -> Lines {
    let who: Vec<_> = insight.interviewers.iter().map(|it| &*it.name).collect();
    let summary = match (insight.summary_state, &insight.reason) {
        (SummaryState::Ready, _) => None,
        (state, Some(reason)) => Some(format!("{}: {reason}", word(state))),
        (state, None) => Some(word(state)),
    };
    let written = insight.notes_at.map(|at| {
        let by = insight.notes_by.as_ref().map(|it| it.name.as_str());
        format!("{}, {}", by.unwrap_or("the operator"), here(at))
    });
    Lines::new()
        .line("interview", insight.interview.to_string())
        .line(
            "met",
            format!("{} with {}", here(insight.start), who.join(", ")),
        )
        .maybe("summary", summary)
        .maybe("next try", insight.next_try.map(here))
        .text("summary", insight.summary.as_deref())
        .maybe("notes by", written)
        .text("notes", insight.notes.as_deref())
}
