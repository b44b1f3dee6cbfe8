//! `greenroom insight …`.

use std::io::Read as _;

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::insight::{Insight as Kept, InsightNote, SummaryState};
use greenroom_protocol::workspace::Reference;

use super::session::Session;
use super::words::{here, word};
use crate::editor::{edited, with_kept};
use crate::output::{Lines, Stop, is_interactive};

#[derive(Debug, Subcommand)]
pub(crate) enum Insight {
    /// Show summaries and notes of an application's meetings
    Show {
        /// The application or candidate: ID, email or name
        application: String,
    },
    /// Write interview notes in $EDITOR, from a file or from standard input
    Note(Note),
}

#[derive(Debug, Args)]
pub(crate) struct Note {
    /// The interview's ID, or the last six or more characters of it
    interview: String,
    /// Read the notes from this file; `-` for standard input
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
        session.output.note("no summaries or notes");
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
                Error::usage(format!("Couldn't read the notes from {path}: {error}")).field("file")
            })?,
            None if is_interactive() => edited(&former)?,
            None => {
                return Err(Error::usage("Writing notes needs a terminal")
                    .hint("name a file with --file, or `--file -` for standard input")
                    .into());
            }
        };
        if notes.trim_end() == former {
            session.output.note("notes unchanged");
            return Ok(());
        }
        let mut reference = Reference::to(interview.id.to_string());
        reference.expected_revision = Some(revision);
        let typed = self.file.is_none().then(|| notes.clone());
        let note = InsightNote {
            interview: reference,
            notes,
        };
        let noted = client.insight_note(note).await;
        let noted = noted.map_err(|error| match &typed {
            Some(text) => with_kept(error, text),
            None => error,
        })?;
        session.output.record(&noted, || lines_of(&noted))
    }
}

fn standard_input() -> Result<String, Error> {
    let mut text = String::new();
    let read = std::io::stdin().read_to_string(&mut text);
    read.map_err(|error| Error::usage(format!("Couldn't read the notes: {error}")))?;
    Ok(text)
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
