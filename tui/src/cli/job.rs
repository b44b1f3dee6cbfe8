//! `greenroom job …`.

use clap::Subcommand;
use greenroom_protocol::assistant_switch::AssistantSwitchSet;
use greenroom_protocol::pipeline::{self as wire, JobAdd, JobEdit};

use super::paging::Paging;
use super::session::Session;
use super::words::{Switch, paused};
use crate::output::{Lines, Stop, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum Job {
    /// List the workspace's jobs
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Add a job
    Add {
        /// Its title
        title: String,
        /// A stage, in order; repeatable [default: Applied, Phone screen, Onsite, Decision, Hired]
        #[arg(long = "stage", value_name = "NAME")]
        stages: Vec<String>,
    },
    /// Edit a job, or reopen it
    Edit {
        /// Which job: title or ID
        job: String,
        /// Its new title
        #[arg(long)]
        title: Option<String>,
        /// Reopen it
        #[arg(long)]
        open: bool,
        /// Whether the assistant acts for its candidates; off sends nothing
        #[arg(long, value_name = "SWITCH")]
        assistant: Option<Switch>,
        /// With --assistant off: why, for colleagues
        #[arg(long, value_name = "TEXT", requires = "assistant")]
        why: Option<String>,
    },
    /// Close a job: candidates can no longer be added or moved
    Close {
        /// Which job: title or ID
        job: String,
    },
}

impl Job {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let job = match self {
            Self::List { paging } => {
                let page = paging.part(client.job_list().await?)?;
                return session.output.list(&page, table);
            }
            Self::Add { title, stages } => client.job_add(JobAdd { title, stages }).await?,
            Self::Edit {
                job,
                title,
                open,
                assistant,
                why,
            } => {
                let edit = JobEdit {
                    job,
                    title,
                    open: open.then_some(true),
                    assistant: assistant.map(|on| AssistantSwitchSet { on: on.into(), why }),
                    expected_revision: None,
                };
                client.job_edit(edit).await?
            }
            Self::Close { job } => {
                let edit = JobEdit {
                    job,
                    open: Some(false),
                    ..JobEdit::default()
                };
                client.job_edit(edit).await?
            }
        };
        session.output.record(&job, || lines(&job))
    }
}

fn state(job: &wire::Job) -> &'static str {
    if job.open { "open" } else { "closed" }
}

fn stages(job: &wire::Job) -> String {
    let names: Vec<&str> = job.stages.iter().map(|stage| stage.name.as_str()).collect();
    names.join(" → ")
}

/// What to bear in mind of its stages.
fn warnings(job: &wire::Job) -> Vec<String> {
    let of_stages = job.stages.iter().flat_map(|stage| {
        let warnings = stage.warnings.iter();
        warnings.map(move |warning| format!("{}: {warning}", stage.name))
    });
    of_stages.collect()
}

fn table(jobs: &[wire::Job]) -> Table {
    let mut table = Table::new(["TITLE", "STATE", "CANDIDATES", "STAGES", "WARNINGS", "ID"]);
    for job in jobs {
        let (candidates, id) = (job.candidates.to_string(), job.id.to_string());
        let warnings = warnings(job).join("; ");
        table.row([
            &job.title,
            state(job),
            &candidates,
            &stages(job),
            &warnings,
            &id,
        ]);
    }
    table
}

fn lines(job: &wire::Job) -> Lines {
    Lines::new()
        .line("job", &job.title)
        .line("state", state(job))
        .line("stages", stages(job))
        .line("candidates", job.candidates.to_string())
        .maybe("assistant", paused(&job.assistant))
        .each("warnings", warnings(job))
        .line("id", job.id.to_string())
}
