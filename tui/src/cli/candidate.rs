//! `greenroom candidate …`.

use std::path::PathBuf;

use clap::{Args, Subcommand};
use greenroom_protocol::outreach::OutreachStart;
use greenroom_protocol::pipeline::{
    self as wire, ApplicationState, CandidateAdd, CandidateEdit, StateAction,
};
use greenroom_protocol::received::{ReceivedMail, ReceivedQuery};
use greenroom_protocol::workspace::Reference;
use serde::Serialize;

use super::candidates::List;
use super::session::Session;
use super::words::{here, person, word};
use super::{application, held, import, mailing, note, received, view};
use crate::client::Client;
use crate::output::{Lines, Stop};

#[derive(Debug, Subcommand)]
pub(crate) enum Candidate {
    /// List and search candidates
    List(List),
    /// Save lists of candidates under names: list, save, show or remove them
    #[command(subcommand)]
    View(view::View),
    /// Show a candidate with applications and interviews
    Show {
        /// Who: email, name or ID
        candidate: String,
    },
    /// Add a candidate
    Add(Add),
    /// Edit a candidate or add them to another job; options not given stay unchanged
    Edit(Edit),
    /// Move a candidate, or everyone in a stage, to another stage
    Move(application::Move),
    /// Reject candidates
    Reject(application::TurnDown),
    /// Note that candidates withdrew
    Withdraw(application::TurnDown),
    /// Put candidates on hold; upcoming interviews stay
    Hold(application::Hold),
    /// Mark candidates as hired
    Hire(application::Hire),
    /// Make applications active again, in the stage they were in
    Reopen(application::Reopen),
    /// Undo the latest change of state until the candidate is emailed about it
    Undo(application::UndoState),
    /// Email candidates, one email each: a template, or a text of your own
    Email(mailing::Email),
    /// Write, list, change or remove notes and links on a candidate
    Note(note::Note),
    /// Add candidates from a CSV or JSON file
    ///
    /// A CSV file begins with a heading line. A JSON file is an array of objects, or has an object
    /// on each line. The columns or fields are name and email, and where wanted phone, zone,
    /// source, job, stage, applied (a day, or a moment with its offset), state, notes and link (such
    /// as a résumé's). Rows that
    /// cannot be taken are listed and keep no other from being taken; known ones stay unchanged.
    Import {
        /// The file; `-` for standard input
        file: PathBuf,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
        /// The job for rows that name none
        #[arg(long)]
        job: Option<String>,
    },
    /// Print everything stored about a candidate, as JSON
    Export(held::Export),
    /// Erase a candidate whose interviews are over or cancelled; this cannot be undone
    Erase(held::Erase),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// Their name
    #[arg(long)]
    name: String,
    /// Their email
    #[arg(long)]
    email: String,
    /// Their phone number
    #[arg(long)]
    phone: Option<String>,
    /// Their IANA time zone
    #[arg(long)]
    zone: Option<String>,
    /// Their source
    #[arg(long)]
    source: Option<String>,
    /// The job they apply for
    #[arg(long)]
    job: Option<String>,
    /// The stage they enter [default: the first]
    #[arg(long, requires = "job")]
    stage: Option<String>,
    /// Have the assistant begin with them, where the stage has AI scheduling
    #[arg(long, requires = "job")]
    start: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Edit {
    /// Who: email, name or ID
    candidate: String,
    /// Their name
    #[arg(long)]
    name: Option<String>,
    /// Their email
    #[arg(long)]
    email: Option<String>,
    /// Their phone number; empty: remove it
    #[arg(long)]
    phone: Option<String>,
    /// Their IANA time zone; empty: remove it
    #[arg(long)]
    zone: Option<String>,
    /// Their source; empty: remove it
    #[arg(long)]
    source: Option<String>,
    /// Also apply for this job
    #[arg(long, value_name = "JOB")]
    apply: Option<String>,
    /// Refuse if the record has a different revision
    #[arg(long, value_name = "N")]
    expected_revision: Option<u64>,
}

impl Candidate {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let candidate = match self {
            Self::List(list) => return list.run(session).await,
            Self::View(view) => return view.run(session).await,
            Self::Move(moves) => return moves.run(session).await,
            Self::Reject(it) => return it.run(session, StateAction::Reject).await,
            Self::Withdraw(it) => return it.run(session, StateAction::Withdraw).await,
            Self::Hold(hold) => return hold.run(session).await,
            Self::Hire(hire) => return hire.run(session).await,
            Self::Reopen(reopen) => return reopen.run(session).await,
            Self::Undo(undo) => return undo.run(session).await,
            Self::Email(email) => return email.run(session).await,
            Self::Note(note) => return note.run(session).await,
            Self::Import { file, dry_run, job } => {
                return import::import(session, &file, dry_run, job).await;
            }
            Self::Export(export) => return export.run(session).await,
            Self::Erase(erase) => return erase.run(session).await,
            Self::Show { candidate } => return show(session, candidate).await,
            Self::Add(add) => return add.run(session).await,
            Self::Edit(edit) => session.client().await?.candidate_edit(edit.into()).await?,
        };
        session.output.record(&candidate, || lines(&candidate))
    }
}

impl Add {
    async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let (start, job) = (self.start, self.job.clone());
        let candidate = client.candidate_add(self.into()).await?;
        if let Some(job) = job {
            begin(session, &client, &candidate, job, start).await?;
        }
        session.output.record(&candidate, || lines(&candidate))
    }
}

/// Has the assistant begin with a new candidate whose stage is its, or says how.
async fn begin(
    session: &Session,
    client: &Client,
    candidate: &wire::Candidate,
    job: String,
    start: bool,
) -> Result<(), Stop> {
    let of = candidate.applications.first().map(|it| (it.job, it.stage));
    if start {
        let request = OutreachStart {
            candidate: Some(candidate.id.to_string()),
            job: of.map(|(job, _)| job.to_string()).or(Some(job)),
            ..OutreachStart::default()
        };
        client.outreach_start(request).await?;
        session.output.note("scheduling started");
        return Ok(());
    }
    let jobs = client.job_list().await?.items;
    let mut stages = jobs.iter().flat_map(|job| &job.stages);
    let stage = stages.find(|stage| of == Some((stage.job, stage.id)));
    if let Some(stage) = stage.filter(|stage| stage.interview.ai) {
        session.output.note(&format!(
            "{} has AI scheduling, and nothing was sent; to begin: greenroom outreach start --candidate {}",
            stage.name, candidate.email
        ));
    }
    Ok(())
}

/// A candidate, and the emails that came in.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    candidate: &'a wire::Candidate,
    received: &'a [ReceivedMail],
}

async fn show(session: &Session, candidate: String) -> Result<(), Stop> {
    let client = session.client().await?;
    let candidate = client.candidate_get(Reference::to(candidate)).await?;
    let query = ReceivedQuery {
        candidate: Some(candidate.id.to_string()),
        ..ReceivedQuery::default()
    };
    let received = &received::beside(&client, query).await?;
    let candidate = &candidate;
    let shown = Shown {
        candidate,
        received,
    };
    session
        .output
        .record(&shown, || lines(candidate).all(received::told(received)))
}

impl From<Add> for CandidateAdd {
    fn from(add: Add) -> Self {
        Self {
            name: add.name,
            email: add.email,
            phone: add.phone,
            zone: add.zone,
            source: add.source,
            job: add.job,
            stage: add.stage,
            ..Self::default()
        }
    }
}

impl From<Edit> for CandidateEdit {
    fn from(edit: Edit) -> Self {
        Self {
            candidate: edit.candidate,
            name: edit.name,
            email: edit.email,
            phone: edit.phone,
            zone: edit.zone,
            source: edit.source,
            apply: edit.apply,
            expected_revision: edit.expected_revision,
        }
    }
}

/// What to bear in mind of them and of their interviews.
fn warnings(candidate: &wire::Candidate) -> Vec<String> {
    let of_interviews = candidate.interviews.iter().flat_map(|interview| {
        let start = interview.start.in_zone(&interview.zone);
        let warnings = interview.warnings.iter();
        warnings.map(move |it| format!("{start}: {}", it.message))
    });
    let own = candidate.warnings.iter().cloned();
    own.chain(of_interviews).collect()
}

fn lines(candidate: &wire::Candidate) -> Lines {
    let application = |application: &wire::Application| {
        let (job, stage) = (&application.job_title, &application.stage_name);
        let state = match (application.state, application.states.last()) {
            (ApplicationState::Active, _) => String::new(),
            (state, None) => format!(", {}", state.words()),
            (state, Some(entry)) => {
                let reason = entry.reason.as_ref().map(|why| format!(" ({why})"));
                let (at, by) = (here(entry.at), &entry.by);
                let reason = reason.unwrap_or_default();
                format!(", {} since {at} by {by}{reason}", state.words())
            }
        };
        format!("{job}: {stage} since {}{state}", here(application.since))
    };
    let interview = |interview: &greenroom_protocol::interview::Interview| {
        let start = interview.start.in_zone(&interview.zone);
        format!("{start}, {}, {}", word(interview.status), interview.id)
    };
    Lines::new()
        .line("candidate", person(&candidate.name, &candidate.email))
        .maybe("phone", candidate.phone.as_ref())
        .maybe("zone", candidate.zone.as_ref())
        .maybe("source", candidate.source.as_ref())
        .line("added", here(candidate.added_at))
        .each(
            "applications",
            candidate.applications.iter().map(application),
        )
        .each("interviews", candidate.interviews.iter().map(interview))
        .each("notes", candidate.notes.iter().map(note::line))
        .each("warnings", warnings(candidate))
        .line("id", candidate.id.to_string())
}
