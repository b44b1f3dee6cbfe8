//! `greenroom template …`: the words of emails.

use std::io::Read as _;

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::template::{
    Template as Wire, TemplateBrief, TemplateEdit, TemplateListQuery, TemplateName,
    TemplatePreview, TemplateQuery, TemplateSource, TemplateStage,
};

use super::mail;
use super::paging::Paging;
use super::session::Session;
use super::words::word;
use crate::client::Client;
use crate::editor::{edited, with_kept};
use crate::output::{Lines, Stop, Table, is_interactive};
use crate::typed::template::{read, sheet};

#[derive(Debug, Subcommand)]
pub(crate) enum Template {
    /// List the templates of all emails, and those of single stages
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Print a template: the workspace's or the stage's own words, else the built-in ones
    Show {
        #[command(flatten)]
        which: Which,
    },
    /// Change a template in $EDITOR, from a file or from standard input; or reset it
    Edit(Edit),
    /// Print an email as a candidate would read it
    Preview(Preview),
}

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Which email: invitation, update, cancellation, reminder, no-reply-reminder, rejected,
    /// withdrawn, on-hold, proposal, nudge, fresh, ask, gone or handover
    name: TemplateName,
    /// Only for this stage: job and stage, by title and name or by ID
    #[arg(long, value_name = "JOB/STAGE")]
    stage: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Edit {
    #[command(flatten)]
    which: Which,
    /// Read the template from this file; `-` for standard input. Its first line is `Subject: …`
    #[arg(long, value_name = "FILE", conflicts_with = "reset")]
    file: Option<String>,
    /// Go back to the workspace's words (of a stage), or to the built-in ones
    #[arg(long)]
    reset: bool,
    /// Only check it
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Preview {
    #[command(flatten)]
    which: Which,
    /// For this candidate and their next interview [default: an example]
    #[arg(long)]
    candidate: Option<String>,
    /// Preview the template in this file; `-` for standard input
    #[arg(long, value_name = "FILE")]
    file: Option<String>,
}

impl Template {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        match self {
            Self::List { paging } => {
                let fetch = async |cursor, limit| {
                    let query = TemplateListQuery {
                        cursor,
                        limit: Some(limit),
                    };
                    client.template_list(query).await
                };
                let page = paging.fetch(fetch).await?;
                session.output.list(&page, table)
            }
            Self::Show { which } => {
                let template = client.template_show(which.query()).await?;
                shown(session, &template)
            }
            Self::Edit(edit) => edit.run(session, &client).await,
            Self::Preview(preview) => preview.run(session, &client).await,
        }
    }
}

impl Which {
    /// The job is everything before the last slash.
    fn query(&self) -> TemplateQuery {
        let (job, stage) = match self.stage.as_deref().map(|it| (it, it.rsplit_once('/'))) {
            None => (None, None),
            Some((_, Some((job, stage)))) => (Some(job.to_owned()), Some(stage.to_owned())),
            Some((stage, None)) => (None, Some(stage.to_owned())),
        };
        TemplateQuery {
            name: self.name,
            stage,
            job,
        }
    }
}

impl Edit {
    async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let before = client.template_show(self.which.query()).await?;
        let mut edit = TemplateEdit {
            template: self.which.query(),
            reset: self.reset,
            expected_revision: Some(before.revision),
            dry_run: self.dry_run,
            ..TemplateEdit::default()
        };
        let mut typed = None;
        if !self.reset {
            let written = match &self.file {
                Some(file) => from(file)?,
                None if is_interactive() => {
                    let written = edited(&sheet(&before.subject, &before.text))?;
                    typed = Some(written.clone());
                    written
                }
                None => {
                    return Err(Error::usage("Editing a template needs a terminal")
                        .hint("name a file with --file, or `--file -` for standard input")
                        .into());
                }
            };
            let (subject, text) = read(&written);
            edit.subject = subject;
            edit.text = Some(text);
        }
        let after = client.template_edit(edit).await;
        let after = after.map_err(|error| match &typed {
            Some(text) => with_kept(error, text),
            None => error,
        })?;
        session.output.note(match (self.dry_run, self.reset) {
            (true, _) => "dry run: nothing was changed",
            (false, true) => "reset",
            (false, false) if after.revision == before.revision => "template unchanged",
            (false, false) => "saved: the next emails have these words",
        });
        shown(session, &after)
    }
}

impl Preview {
    async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let (subject, text) = match &self.file {
            Some(file) => {
                let (subject, text) = read(&from(file)?);
                (subject, Some(text))
            }
            None => (None, None),
        };
        let preview = TemplatePreview {
            template: self.which.query(),
            subject,
            text,
            candidate: self.candidate,
        };
        let previewed = client.template_preview(preview).await?;
        if session.output.is_json() {
            return session.output.record(&previewed, Lines::new);
        }
        if let Some(example) = &previewed.example {
            session.output.note(example);
        }
        session.output.print(&mail::text(&previewed.letter))
    }
}

/// A template as `edit --file` reads it; what is about it goes to stderr.
fn shown(session: &Session, template: &Wire) -> Result<(), Stop> {
    if session.output.is_json() {
        return session.output.record(template, Lines::new);
    }
    let of = match &template.stage {
        Some(stage) => format!(" of {}", place(stage)),
        None => String::new(),
    };
    let source = words(template.source);
    session
        .output
        .note(&format!("{}{of}: {source}", template.name));
    if let Some(problem) = &template.problem {
        session.output.warn(problem);
    }
    let variables: Vec<_> = template.variables.iter().map(|it| &*it.name).collect();
    session
        .output
        .note(&format!("variables: {}", variables.join(", ")));
    session
        .output
        .print(&sheet(&template.subject, &template.text))
}

fn table(templates: &[TemplateBrief]) -> Table {
    let mut table = Table::new(["NAME", "STAGE", "WORDS", "SUBJECT", "PROBLEM"]);
    for template in templates {
        table.row([
            template.name.code(),
            &template.stage.as_ref().map(place).unwrap_or_default(),
            &word(template.source),
            &template.subject,
            template.problem.as_deref().unwrap_or_default(),
        ]);
    }
    table
}

fn place(stage: &TemplateStage) -> String {
    format!("{}/{}", stage.job_title, stage.name)
}

fn words(source: TemplateSource) -> &'static str {
    match source {
        TemplateSource::BuiltIn => "the built-in words",
        TemplateSource::Workspace => "the workspace's words",
        TemplateSource::Stage => "the stage's words",
    }
}

fn from(file: &str) -> Result<String, Error> {
    let read = match file {
        "-" => {
            let mut text = String::new();
            std::io::stdin().read_to_string(&mut text).map(|_| text)
        }
        path => std::fs::read_to_string(path),
    };
    read.map_err(|error| {
        Error::usage(format!("Couldn't read the template from {file}: {error}")).field("file")
    })
}
