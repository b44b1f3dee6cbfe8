//! `greenroom candidate reject|withdraw|hold|hire|reopen|undo` and moves of a whole stage: how
//! applications stand and where, of one candidate or of many.

use clap::Args;
use greenroom_protocol::page::MOST;
use greenroom_protocol::pipeline::{
    Application, CandidateMove, CandidateMoveMany, CandidateQuery, CandidateState,
    CandidateStateMany, MOST_AT_ONCE, ManyItem, ManyOutcome, OneOfMany, StateAction, StateChanged,
};
use greenroom_protocol::workspace::Reference;
use greenroom_protocol::{Error, ErrorKind};

use super::session::Session;
use super::words::here;
use crate::client::Client;
use crate::output::{Failure, Lines, Output, Stop, Table};

/// Whose applications.
#[derive(Debug, Args)]
struct Who {
    /// Who: email, name or ID; several are changed one by one
    #[arg(required = true, value_name = "CANDIDATE")]
    candidates: Vec<String>,
    /// Which job, if there are several applications
    #[arg(long)]
    job: Option<String>,
    /// Refuse if the application has a different revision
    #[arg(long, value_name = "N")]
    expected_revision: Option<u64>,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct TurnDown {
    #[command(flatten)]
    who: Who,
    /// Why, for colleagues; no email has it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Email the candidate about it
    #[arg(long)]
    email: bool,
    /// Cancel upcoming interviews; without it they are a conflict (exit 6)
    #[arg(long)]
    cancel_interviews: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Hold {
    #[command(flatten)]
    who: Who,
    /// Why, for colleagues; no email has it
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Email the candidate about it
    #[arg(long)]
    email: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Hire {
    #[command(flatten)]
    who: Who,
    /// A remark, for colleagues
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
    /// Cancel upcoming interviews; without it they are a conflict (exit 6)
    #[arg(long)]
    cancel_interviews: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Reopen {
    #[command(flatten)]
    who: Who,
    /// Why, for colleagues
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct UndoState {
    /// Who: email, name or ID
    candidate: String,
    /// Which job, if there are several applications
    #[arg(long)]
    job: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Move {
    /// Who: email, name or ID
    #[arg(required_unless_present = "from_stage", conflicts_with = "from_stage")]
    candidate: Option<String>,
    /// The new stage: name or ID
    #[arg(required_unless_present = "from_stage", conflicts_with = "from_stage")]
    stage: Option<String>,
    /// Everyone who is active in this stage
    #[arg(long, value_name = "STAGE", requires = "to")]
    from_stage: Option<String>,
    /// The new stage of all of them
    #[arg(long, value_name = "STAGE", requires = "from_stage")]
    to: Option<String>,
    /// Which job, if there are several applications
    #[arg(long)]
    job: Option<String>,
    /// Refuse if the application has a different revision
    #[arg(long, value_name = "N", conflicts_with = "from_stage")]
    expected_revision: Option<u64>,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

impl TurnDown {
    pub(super) async fn run(self, session: &Session, action: StateAction) -> Result<(), Stop> {
        let change = CandidateState {
            reason: self.reason,
            email: self.email,
            cancel_interviews: self.cancel_interviews,
            ..CandidateState::new("", action)
        };
        self.who.change(session, change).await
    }
}

impl Hold {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let change = CandidateState {
            reason: self.reason,
            email: self.email,
            ..CandidateState::new("", StateAction::Hold)
        };
        self.who.change(session, change).await
    }
}

impl Hire {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let change = CandidateState {
            reason: self.reason,
            cancel_interviews: self.cancel_interviews,
            ..CandidateState::new("", StateAction::Hire)
        };
        self.who.change(session, change).await
    }
}

impl Reopen {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let change = CandidateState {
            reason: self.reason,
            ..CandidateState::new("", StateAction::Reopen)
        };
        self.who.change(session, change).await
    }
}

impl UndoState {
    /// Undoes the change of state that was made last, as the application is now.
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let found = client.candidate_get(Reference::to(self.candidate)).await?;
        let of_job = |it: &&Application| {
            let job = self.job.as_deref();
            job.is_none_or(|job| {
                it.job_title.eq_ignore_ascii_case(job) || it.job.to_string() == job
            })
        };
        let changed = found.applications.iter().filter(of_job);
        let latest = changed.max_by_key(|it| it.states.last().map(|entry| entry.at));
        let latest = latest.filter(|it| !it.states.is_empty());
        let latest =
            latest.ok_or_else(|| Error::conflict("There is no change of state to undo"))?;
        let undo = CandidateState {
            expected_revision: Some(latest.revision),
            ..CandidateState::new(latest.id.to_string(), StateAction::Undo)
        };
        let changed = client.candidate_state(undo).await?;
        told(session.output, &changed)
    }
}

impl Who {
    /// Makes the same change to each; of one the answer is whole.
    async fn change(self, session: &Session, change: CandidateState) -> Result<(), Stop> {
        let client = session.client().await?;
        if let [one] = &self.candidates[..] {
            let change = CandidateState {
                candidate: one.clone(),
                job: self.job,
                expected_revision: self.expected_revision,
                dry_run: self.dry_run,
                ..change
            };
            let changed = client.candidate_state(change).await?;
            return told(session.output, &changed);
        }
        if self.expected_revision.is_some() {
            let why = "--expected-revision is of one application, not of several";
            return Err(Error::usage(why).field("expected_revision").into());
        }
        let outcome = in_pages(&self.candidates, async |candidates| {
            let page = CandidateStateMany {
                candidates,
                job: self.job.clone(),
                action: change.action,
                reason: change.reason.clone(),
                email: change.email,
                cancel_interviews: change.cancel_interviews,
                dry_run: self.dry_run,
            };
            client.candidate_state_many(page).await
        });
        let done = change.action.leads_to().map_or("", |state| state.words());
        told_many(session.output, &outcome.await?, done)
    }
}

impl Move {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let (Some(from), Some(stage)) = (&self.from_stage, &self.to) else {
            return self.one(session, &client).await;
        };
        let there = in_stage(&client, from, self.job.as_deref()).await?;
        let outcome = in_pages(&there, async |candidates| {
            let page = CandidateMoveMany {
                candidates,
                job: self.job.clone(),
                stage: stage.clone(),
                undo: false,
                dry_run: self.dry_run,
            };
            client.candidate_move_many(page).await
        });
        told_many(session.output, &outcome.await?, "moved")
    }

    async fn one(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let candidate = self.candidate.unwrap_or_default();
        let stage = self.stage.unwrap_or_default();
        if self.dry_run {
            let one = OneOfMany {
                candidate,
                expected_revision: self.expected_revision,
            };
            let page = CandidateMoveMany {
                candidates: vec![one],
                job: self.job,
                stage,
                undo: false,
                dry_run: true,
            };
            let outcome = client.candidate_move_many(page).await?;
            return told_many(session.output, &outcome, "moved");
        }
        let to = CandidateMove {
            candidate,
            job: self.job,
            stage,
            expected_revision: self.expected_revision,
            undo: false,
        };
        let moved = client.candidate_move(to).await?;
        for warning in &moved.warnings {
            session.output.warn(warning);
        }
        let application = &moved.application;
        session.output.record(&moved, || {
            Lines::new()
                .line("job", &application.job_title)
                .line("from", &moved.from_name)
                .line("to", &application.stage_name)
        })
    }
}

/// The applications that are active in a stage. All of them before the first is moved: a list that
/// is read while it empties has gaps.
async fn in_stage(client: &Client, stage: &str, job: Option<&str>) -> Result<Vec<String>, Error> {
    let (mut found, mut cursor) = (Vec::new(), None);
    loop {
        let query = CandidateQuery {
            job: job.map(str::to_owned),
            stage: Some(stage.to_owned()),
            cursor,
            limit: Some(MOST),
            ..CandidateQuery::default()
        };
        let page = client.candidate_list(query).await?;
        let applications = page.items.iter().filter_map(|row| row.application.as_ref());
        found.extend(applications.map(|it| it.id.to_string()));
        cursor = page.next;
        if cursor.is_none() {
            return Ok(found);
        }
    }
}

/// Sends as many at a time as a call takes, and adds up what became of them.
pub(super) async fn in_pages(
    candidates: &[String],
    mut send: impl AsyncFnMut(Vec<OneOfMany>) -> Result<ManyOutcome, Error>,
) -> Result<ManyOutcome, Error> {
    let mut whole: Option<ManyOutcome> = None;
    let pages = candidates.chunks(MOST_AT_ONCE);
    // Where there is nobody, the daemon still says what is wrong with the rest.
    let nobody: &[String] = &[];
    let pages = pages.chain(std::iter::once(nobody).filter(|_| candidates.is_empty()));
    for page in pages {
        let page = send(page.iter().cloned().map(Into::into).collect()).await?;
        match &mut whole {
            None => whole = Some(page),
            Some(whole) => {
                whole.changed += page.changed;
                whole.failed += page.failed;
                whole.emails_at = whole.emails_at.max(page.emails_at);
                whole.items.extend(page.items);
            }
        }
    }
    whole.ok_or_else(|| Error::failed("The daemon gave no answer"))
}

fn told(output: Output, changed: &StateChanged) -> Result<(), Stop> {
    for warning in &changed.warnings {
        output.warn(warning);
    }
    let application = &changed.application;
    let interviews = changed.interviews.iter().map(ToString::to_string);
    let email = changed.email.as_ref();
    output.record(changed, || {
        Lines::new()
            .line("job", &application.job_title)
            .line("stage", &application.stage_name)
            .line("from", changed.from.words())
            .line("to", application.state.words())
            .each("interviews", interviews)
            .maybe("email leaves", email.map(|email| here(email.not_before)))
            .maybe("dry run", changed.dry_run.then_some("nothing was written"))
    })
}

/// What became of many, a line each; a failure where any could not be changed, with all of it.
pub(super) fn told_many(output: Output, outcome: &ManyOutcome, done: &str) -> Result<(), Stop> {
    let would = if outcome.dry_run { "would be " } else { "" };
    let summary = format!(
        "{} {would}{done}, {} failed",
        outcome.changed, outcome.failed
    );
    let failed = failure(outcome, &summary);
    if output.is_json() {
        return match failed {
            None => output.json(outcome),
            Some(error) => Err(Failure::with(error, "many", outcome).into()),
        };
    }
    let mut table = Table::new(["CANDIDATE", "RESULT"]);
    for item in &outcome.items {
        let (name, result) = line(item, would, done);
        table.row([name, result]);
    }
    output.table(&table)?;
    match failed {
        None => {
            output.note(&summary);
            Ok(())
        }
        Some(error) => Err(error.into()),
    }
}

fn line(item: &ManyItem, would: &str, done: &str) -> (String, String) {
    match (&item.done, &item.error) {
        (Some(it), _) if it.changed => {
            let warnings = it.warnings.iter().map(|warning| format!("; {warning}"));
            let result = format!("{would}{done}{}", warnings.collect::<String>());
            (it.name.clone(), result)
        }
        (Some(it), _) => (it.name.clone(), "unchanged".to_owned()),
        (None, Some(error)) => (item.candidate.clone(), error.message.clone()),
        (None, None) => (item.candidate.clone(), String::new()),
    }
}

/// Why the whole is not a success: the kind that all failures have, or that it failed.
fn failure(outcome: &ManyOutcome, summary: &str) -> Option<Error> {
    let mut errors = outcome.items.iter().filter_map(|it| it.error.as_ref());
    let first = errors.next()?;
    let alike = errors.all(|error| error.kind == first.kind);
    let kind = if alike { first.kind } else { ErrorKind::Failed };
    let failed = Error::new(kind, summary);
    Some(match &first.hint {
        Some(hint) if alike => failed.hint(hint.clone()),
        _ => failed,
    })
}
