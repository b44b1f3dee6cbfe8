//! `greenroom candidate email`: one email to each of several candidates.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::pipeline::CandidateEmailMany;
use greenroom_protocol::template::TemplateName;

use super::application::{in_pages, told_many};
use super::mail;
use super::session::Session;
use crate::output::Stop;

#[derive(Debug, Args)]
pub(crate) struct Email {
    /// Who: email, name or ID; each gets an email of their own
    #[arg(required = true, value_name = "CANDIDATE")]
    candidates: Vec<String>,
    /// Which job, if there are several applications
    #[arg(long)]
    job: Option<String>,
    /// A template: rejected, withdrawn or on-hold, for applications in that state
    #[arg(long, value_name = "NAME", required_unless_present = "subject",
          conflicts_with_all = ["subject", "text", "text_file"])]
    template: Option<TemplateName>,
    /// The subject; it and the text may have {{greeting}}, {{first_name}}, {{candidate}}, {{job}},
    /// {{workspace}} and {{organizer}}
    #[arg(long, value_name = "TEXT")]
    subject: Option<String>,
    /// The text
    #[arg(long, value_name = "TEXT", requires = "subject")]
    text: Option<String>,
    /// Read the text from this file; `-` for standard input
    #[arg(
        long,
        value_name = "FILE",
        requires = "subject",
        conflicts_with = "text"
    )]
    text_file: Option<PathBuf>,
    /// Only show who would be emailed, and how the first email would read
    #[arg(long)]
    dry_run: bool,
}

impl Email {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let text = match (&self.text, &self.text_file) {
            (Some(text), _) => Some(text.clone()),
            (None, Some(file)) => Some(read(file)?),
            (None, None) => None,
        };
        let client = session.client().await?;
        let outcome = in_pages(&self.candidates, async |candidates| {
            let page = CandidateEmailMany {
                candidates,
                job: self.job.clone(),
                template: self.template,
                subject: self.subject.clone(),
                text: text.clone(),
                dry_run: self.dry_run,
            };
            client.candidate_email_many(page).await
        });
        let outcome = outcome.await?;
        if let Some(email) = outcome
            .preview
            .as_ref()
            .filter(|_| !session.output.is_json())
        {
            session.output.print(&mail::text(email))?;
        }
        told_many(session.output, &outcome, "emailed")
    }
}

fn read(file: &Path) -> Result<String, Error> {
    let failed = |error: std::io::Error| {
        let why = format!("Couldn't read the text from {}: {error}", file.display());
        Error::usage(why).field("text_file")
    };
    if file != Path::new("-") {
        return std::fs::read_to_string(file).map_err(failed);
    }
    let mut text = String::new();
    std::io::stdin().read_to_string(&mut text).map_err(failed)?;
    Ok(text)
}
