//! `greenroom mail …`: messages on their way, and those that left.

use clap::{Args, Subcommand};
use greenroom_protocol::mail::{self as wire, MailPreview, MailQuery, Written};
use greenroom_protocol::workspace::Reference;

use super::paging::Paging;
use super::session::Session;
use super::words::{here, word};
use crate::client::Client;
use crate::output::{Lines, Stop, Table};
use crate::widgets::text::clean;

#[derive(Debug, Subcommand)]
pub(crate) enum Mail {
    /// What waits and why, and what was refused
    List(List),
    /// Show a message: how far it is, and its text as it would be written now
    Show {
        /// Its id, or an ending of six or more characters of one that waits
        id: String,
    },
    /// Send a message that waits, was refused or is held as soon as it may leave
    Retry {
        /// Its id, or an ending of six or more characters of it
        id: String,
        /// Only say what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// Let a message be that was refused or is held: it is not sent any more
    Drop {
        /// Its id, or an ending of six or more characters of it
        id: String,
        /// Only say what would happen
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// What left or was called back, newest first
    #[arg(long)]
    sent: bool,
    /// Only about this interview
    #[arg(long, value_name = "ID")]
    interview: Option<String>,
    #[command(flatten)]
    paging: Paging,
}

impl Mail {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        match self {
            Self::List(list) => list.run(session, &client).await,
            Self::Show { id } => {
                let preview = client.mail_get(Reference::to(id)).await?;
                session.output.record(&preview, || shown(&preview))?;
                match &preview.letter {
                    Some(letter) if !session.output.is_json() => {
                        session.output.print(&format!("\n{}", text(letter)))
                    }
                    _ => Ok(()),
                }
            }
            Self::Retry { id, dry_run } => {
                let reference = Reference {
                    dry_run,
                    ..Reference::to(id)
                };
                let mail = client.mail_retry(reference).await?;
                if dry_run {
                    session
                        .output
                        .note("nothing was written: this would be sent");
                }
                session.output.record(&mail, || lines(&mail))
            }
            Self::Drop { id, dry_run } => {
                let reference = Reference {
                    dry_run,
                    ..Reference::to(id)
                };
                let mail = client.mail_drop(reference).await?;
                if dry_run {
                    session
                        .output
                        .note("nothing was written: this would not be sent any more");
                }
                session.output.record(&mail, || lines(&mail))
            }
        }
    }
}

impl List {
    async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let query = MailQuery {
            past: self.sent,
            interview: self.interview,
            cursor: None,
            limit: None,
        };
        let page = self
            .paging
            .fetch(async |cursor, limit| {
                let query = MailQuery {
                    cursor,
                    limit: Some(limit),
                    ..query.clone()
                };
                client.mail_list(query).await
            })
            .await?;
        session.output.list(&page, table)
    }
}

fn table(mails: &[wire::Mail]) -> Table {
    let mut table = Table::new(["STATE", "KIND", "TO", "WHEN", "WHY", "ID"]);
    for mail in mails {
        table.row([
            &word(mail.state),
            &word(mail.kind),
            &mail.address,
            &here(mail.at.or(mail.next_try).unwrap_or(mail.not_before)),
            mail.reason.as_deref().unwrap_or_default(),
            &mail.id.to_string(),
        ]);
    }
    table
}

fn lines(mail: &wire::Mail) -> Lines {
    let to = match &mail.to {
        Some(name) => super::words::person(name, &mail.address),
        None => mail.address.clone(),
    };
    Lines::new()
        .line("state", word(mail.state))
        .maybe("why", mail.reason.as_ref())
        .line("kind", word(mail.kind))
        .line("to", to)
        .maybe("interview", mail.interview.map(|id| id.to_string()))
        .line("asked for", here(mail.created_at))
        .line("not before", here(mail.not_before))
        .maybe("next try", mail.next_try.map(here))
        .maybe("at", mail.at.map(here))
        .line("message id", &mail.message_id)
        .line("id", mail.id.to_string())
}

fn shown(preview: &MailPreview) -> Lines {
    lines(&preview.mail)
}

/// A letter as its reader sees it.
pub(super) fn text(letter: &Written) -> String {
    let Written {
        from,
        to,
        subject,
        text,
        ..
    } = letter;
    let whole = format!("From: {from}\nTo: {to}\nSubject: {subject}\n\n{text}");
    whole
        .lines()
        .map(|line| format!("{}\n", clean(line)))
        .collect()
}
