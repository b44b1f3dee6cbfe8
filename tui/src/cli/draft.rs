//! `greenroom outreach edit` and `approve`: the email that the assistant would send.

use std::fs::File;
use std::io::{self, Read as _};
use std::path::{Path, PathBuf};

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::edit::Edit;
use greenroom_protocol::outreach::{
    DraftEdit, OutreachApprove, OutreachEdit, OutreachEdited, Replaced,
};
use greenroom_protocol::workspace::Reference;

use super::outreach::lines;
use super::session::Session;
use super::{mail, time};
use crate::client::Client;
use crate::output::Stop;

#[derive(Debug, Args)]
pub(crate) struct Approve {
    /// Its ID, the last six or more characters of it, or the candidate
    id: String,
    #[command(flatten)]
    changes: Changes,
    /// Refuse if the record has a different revision
    #[arg(long, value_name = "N")]
    expected_revision: Option<u64>,
    /// Only show what would be sent
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Draft {
    /// Its ID, the last six or more characters of it, or the candidate
    id: String,
    #[command(flatten)]
    changes: Changes,
    /// Refuse if the record has a different revision
    #[arg(long, value_name = "N")]
    expected_revision: Option<u64>,
    /// Only show how it would read
    #[arg(long)]
    dry_run: bool,
}

/// What is changed of a draft.
#[derive(Debug, Args)]
pub(crate) struct Changes {
    /// Leave out the time of this number; repeatable
    #[arg(long, value_name = "N")]
    without: Vec<u8>,
    /// Add a time, such as "thu 10:30" or "2026-12-01 10:00"; repeatable
    #[arg(long, value_name = "TIME")]
    add: Vec<String>,
    /// The IANA time zone of times that name none [default: yours]
    #[arg(long)]
    zone: Option<String>,
    /// A file with a line of yours, which stands below the times; `-` for standard input
    #[arg(long, value_name = "FILE", conflicts_with = "no_text")]
    text: Option<PathBuf>,
    /// Remove your line
    #[arg(long)]
    no_text: bool,
}

impl Changes {
    /// Whether more than times that are left out is changed.
    fn is_more(&self) -> bool {
        !self.add.is_empty() || self.text.is_some() || self.no_text
    }

    fn read(self, client: &Client) -> Result<DraftEdit, Error> {
        let text = match (&self.text, self.no_text) {
            (Some(file), _) => Edit::Set(read(file)?),
            (None, true) => Edit::Clear,
            (None, false) => Edit::Keep,
        };
        Ok(DraftEdit {
            without: self.without,
            add: self.add,
            zone: self.zone,
            locale: time::locale_for(client),
            text,
        })
    }
}

/// A short text from a file.
fn read(file: &Path) -> Result<String, Error> {
    const LONGEST: u64 = 16 * 1024;
    let failed = |error: io::Error| {
        let why = format!("Couldn't read {}: {error}", file.display());
        Error::usage(why).field("text")
    };
    let source: Box<dyn io::Read> = match file == Path::new("-") {
        true => Box::new(io::stdin()),
        false => Box::new(File::open(file).map_err(failed)?),
    };
    let mut text = String::new();
    source
        .take(LONGEST)
        .read_to_string(&mut text)
        .map_err(failed)?;
    Ok(text)
}

impl Draft {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let edited = edit(client, self.reference(), self.changes).await?;
        if edited.dry_run {
            session.output.note("dry run: nothing was written");
        }
        if let Some(letter) = edited.letter.as_ref().filter(|_| !session.output.is_json()) {
            session.output.print(&mail::text(letter))?;
        }
        session.output.record(&edited, || lines(&edited.outreach))
    }

    fn reference(&self) -> Reference {
        Reference {
            reference: self.id.clone(),
            expected_revision: self.expected_revision,
            dry_run: self.dry_run,
        }
    }
}

async fn edit(
    client: &Client,
    outreach: Reference,
    changes: Changes,
) -> Result<OutreachEdited, Error> {
    let edit = changes.read(client)?;
    client.outreach_edit(OutreachEdit { outreach, edit }).await
}

impl Approve {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let mut approve = OutreachApprove {
            outreach: Reference {
                reference: self.id.clone(),
                expected_revision: self.expected_revision,
                dry_run: self.dry_run,
            },
            without: Vec::new(),
        };
        match self.changes.is_more() {
            // What is added is judged first, and the email is shown as it would be.
            true if self.dry_run => {
                let draft = Draft {
                    id: self.id,
                    changes: self.changes,
                    expected_revision: self.expected_revision,
                    dry_run: true,
                };
                return draft.run(session, client).await;
            }
            true => {
                let outreach = approve.outreach.clone();
                let edited = edit(client, outreach, self.changes).await?;
                approve.outreach.expected_revision = Some(edited.outreach.revision);
            }
            false => approve.without = self.changes.without,
        }
        let approved = client.outreach_approve(approve).await?;
        let zone = &approved.outreach.zone;
        for Replaced { start, by } in &approved.replaced {
            let start = start.in_zone(zone);
            session.output.warn(&match by {
                Some(by) => format!(
                    "{start} is no longer free; {} takes its place",
                    by.in_zone(zone)
                ),
                None => format!("{start} is no longer free"),
            });
        }
        if approved.dry_run {
            session.output.note("dry run: nothing was written");
        }
        session
            .output
            .record(&approved, || lines(&approved.outreach))
    }
}
