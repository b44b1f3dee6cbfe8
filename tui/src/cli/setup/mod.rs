//! `greenroom setup`: the first workspace, and then each step of setting it up.
//!
//! Owns the order of questions at the command line and what is printed at the end. What is done is
//! the daemon's to say, so it can be run again at any time and goes on where something is open. Asks
//! nothing where nobody sits there, or where a program reads the answer.

mod steps;

use std::path::PathBuf;

use clap::Args;
use greenroom_protocol::setting_up::{SetupItem, SetupProgress, SetupState, SetupStep};
use greenroom_protocol::workspace::{self, SetupDone};
use jiff::tz::TimeZone;
use serde::Serialize;

use super::ask;
use super::hours::Week;
use super::session::Session;
use super::words::person;
use super::workspace::secret_from;
use crate::client::{Client, Target};
use crate::output::{Lines, Stop, is_interactive};

/// Makes the workspace named by `--workspace`, where there is none yet. What is not given is asked
/// for on a terminal, step by step; an empty answer skips a step.
#[derive(Debug, Args)]
pub(crate) struct Setup {
    /// Your name
    #[arg(long)]
    name: Option<String>,
    /// Your email
    #[arg(long)]
    email: Option<String>,
    /// Your IANA time zone [default: this machine's]
    #[arg(long)]
    zone: Option<String>,
    /// The client ID of your Zoom app [default: the daemon's default app]
    #[arg(long, value_name = "ID")]
    zoom_client_id: Option<String>,
    /// A file with the app's secret, for a confidential client
    #[arg(long, value_name = "FILE")]
    zoom_client_secret_file: Option<PathBuf>,
    /// Somebody else creates the Zoom app: email them the steps
    #[arg(long, value_name = "EMAIL", conflicts_with = "zoom_client_id")]
    email_zoom_steps: Option<String>,
    /// The first job, with the usual stages
    #[arg(long, value_name = "TITLE")]
    job: Option<String>,
    /// A CSV or JSON file with the first candidates
    #[arg(long, value_name = "FILE")]
    import: Option<PathBuf>,
    /// Your working hours, such as "mon-fri 9-12,13-17"
    #[arg(long, value_name = "WEEK")]
    hours: Option<Week>,
    /// Do without a step for now; repeatable
    #[arg(long, value_name = "STEP")]
    skip: Vec<Skipped>,
}

/// A step that can be skipped.
#[derive(Debug, Clone, Copy, PartialEq, Eq, clap::ValueEnum)]
enum Skipped {
    ZoomApp,
    Email,
    Job,
    Candidates,
    Hours,
}

impl Skipped {
    fn step(self) -> SetupStep {
        match self {
            Self::ZoomApp => SetupStep::ZoomApp,
            Self::Email => SetupStep::Email,
            Self::Job => SetupStep::Job,
            Self::Candidates => SetupStep::Candidates,
            Self::Hours => SetupStep::Hours,
        }
    }
}

/// What programs read.
#[derive(Serialize)]
struct Report<'a> {
    /// What was made now; absent where the workspace was there.
    #[serde(flatten)]
    made: Option<&'a SetupDone>,
    progress: &'a SetupProgress,
    next_command: &'a str,
}

impl Setup {
    pub(crate) async fn run(mut self, session: &Session) -> Result<(), Stop> {
        // The workspace may not be there yet: the greeting must not name it.
        let target = Target {
            workspace: None,
            ..session.target.clone()
        };
        let client = Client::open(&target).await?;
        let made = match self.is_for_another(session, &client) {
            true => Some(self.make(session, &client).await?),
            false => None,
        };
        let client = match made {
            Some(_) => Client::open(&session.target).await?,
            None => client,
        };
        let asks = is_interactive() && !session.output.is_json();
        self.carry_out(session, &client, asks).await?;
        let progress = client.setup_progress().await?;
        let status = client.status().await?;
        let connected = status.connection.is_some_and(|it| it.state.serves());
        let next = next_command(&progress, connected);
        let report = Report {
            made: made.as_ref(),
            progress: &progress,
            next_command: next,
        };
        let output = session.output;
        output.record(&report, || lines(made.as_ref(), &progress))?;
        output.note(&format!("next: {next}"));
        Ok(())
    }

    /// Whether a workspace is to be made: there is none, or one that is there is not meant. Whether
    /// that can be is for the daemon to say.
    fn is_for_another(&self, session: &Session, client: &Client) -> bool {
        let Some(there) = &client.hello().workspace else {
            return true;
        };
        let describes = self.name.is_some() || self.email.is_some() || self.zone.is_some();
        let named = session.target.workspace.as_deref();
        let other = named
            .is_some_and(|it| !it.eq_ignore_ascii_case(&there.name) && it != there.id.to_string());
        describes || other
    }

    async fn make(&mut self, session: &Session, client: &Client) -> Result<SetupDone, Stop> {
        let system = TimeZone::system();
        let here = system.iana_name().unwrap_or("UTC");
        let named = session.target.workspace.clone();
        let setup = workspace::Setup {
            workspace: ask::value(named, "--workspace", "Workspace (your company)", None)?,
            name: ask::value(self.name.take(), "--name", "Your name", None)?,
            email: ask::value(self.email.take(), "--email", "Your email", None)?,
            zone: ask::value(self.zone.take(), "--zone", "Your time zone", Some(here))?,
            zoom_client_id: self.zoom_client_id.take().filter(|id| !id.is_empty()),
            zoom_client_secret: secret_from(self.zoom_client_secret_file.take().as_deref())?,
        };
        Ok(client.setup(setup).await?)
    }

    /// Does what the options say, then asks for what is open.
    async fn carry_out(self, session: &Session, client: &Client, asks: bool) -> Result<(), Stop> {
        let secret = secret_from(self.zoom_client_secret_file.as_deref())?;
        if let Some(id) = self.zoom_client_id {
            steps::set_zoom_app(session.output, client, id, secret).await?;
        }
        if let Some(to) = self.email_zoom_steps {
            steps::email_zoom_steps(session.output, client, to).await?;
        }
        if let Some(title) = self.job {
            steps::add_job(session.output, client, title).await?;
        }
        if let Some(file) = &self.import {
            steps::import(session, file).await?;
        }
        if let Some(Week(week)) = self.hours {
            steps::set_hours(session.output, client, week).await?;
        }
        for skipped in &self.skip {
            steps::skip(client, skipped.step()).await?;
        }
        match asks {
            true => steps::ask(session, client).await,
            false => Ok(()),
        }
    }
}

/// The command to go on with.
fn next_command(progress: &SetupProgress, connected: bool) -> &'static str {
    let is_done = |step| {
        let mut all = progress.steps.iter();
        all.any(|it| it.step == step && it.state == SetupState::Done)
    };
    match (is_done(SetupStep::ZoomApp), connected) {
        (true, false) => "greenroom zoom connect",
        (false, false) if progress.next == Some(SetupStep::ZoomApp) => {
            "greenroom setup, for the Zoom app"
        }
        _ => "greenroom",
    }
}

fn lines(made: Option<&SetupDone>, progress: &SetupProgress) -> Lines {
    let you = made.map(|done| person(&done.member.name, &done.member.email));
    let mut lines = Lines::new();
    for item in &progress.steps {
        lines = lines.line(name(item.step), stands(item));
        if item.step == SetupStep::Workspace {
            lines = lines.maybe("you", you.as_deref());
        }
    }
    lines
}

fn name(step: SetupStep) -> &'static str {
    match step {
        SetupStep::Workspace => "workspace",
        SetupStep::ZoomApp => "Zoom app",
        SetupStep::Email => "email",
        SetupStep::Job => "job",
        SetupStep::Candidates => "candidates",
        SetupStep::Hours => "working hours",
    }
}

fn stands(item: &SetupItem) -> String {
    let detail = item.detail.as_deref().unwrap_or("done");
    match (item.state, item.from_configuration) {
        (SetupState::Done, false) => detail.to_owned(),
        (SetupState::Done, true) => format!("{detail} (from the daemon's configuration)"),
        (SetupState::Skipped, _) => "skipped".to_owned(),
        (SetupState::Open, _) => match item.step {
            SetupStep::Workspace | SetupStep::ZoomApp => "not set up".to_owned(),
            SetupStep::Email => "not set up: nobody receives emails".to_owned(),
            SetupStep::Job | SetupStep::Candidates => "none yet".to_owned(),
            SetupStep::Hours => "not set: Mon–Fri 09:00–17:00 is assumed".to_owned(),
        },
    }
}

#[cfg(test)]
mod tests {
    use super::*;

    fn with(open: &[SetupStep]) -> SetupProgress {
        let item = |step: SetupStep| SetupItem {
            step,
            state: match open.contains(&step) {
                true => SetupState::Open,
                false => SetupState::Done,
            },
            detail: None,
            from_configuration: step == SetupStep::ZoomApp,
        };
        SetupProgress {
            next: open.first().copied(),
            steps: SetupStep::ALL.into_iter().map(item).collect(),
        }
    }

    #[test]
    fn it_ends_with_the_command_to_go_on_with() {
        let all = with(&[]);
        assert_eq!(next_command(&all, false), "greenroom zoom connect");
        assert_eq!(next_command(&all, true), "greenroom");
        let open = with(&[SetupStep::ZoomApp, SetupStep::Job]);
        assert!(next_command(&open, false).starts_with("greenroom setup"));
        let without_email = with(&[SetupStep::Email]);
        assert_eq!(next_command(&without_email, true), "greenroom");
    }

    #[test]
    fn a_step_says_who_decided_it() {
        let steps = with(&[SetupStep::Email]).steps;
        assert_eq!(stands(&steps[1]), "done (from the daemon's configuration)");
        assert_eq!(stands(&steps[2]), "not set up: nobody receives emails");
    }
}
