//! `greenroom mail …`: how email is set up, emails on their way, those that left, and those that
//! came in.

use clap::{Args, Subcommand};
use greenroom_protocol::ErrorKind;
use greenroom_protocol::id::TurnId;
use greenroom_protocol::mail::{self as wire, MailPreview, MailQuery, Written};
use greenroom_protocol::received::ReceivedQuery;
use greenroom_protocol::workspace::Reference;

use super::mail_setup::{self, MailSetup, MailTesting};
use super::paging::Paging;
use super::received;
use super::session::Session;
use super::words::{here, word};
use crate::client::Client;
use crate::output::{Lines, Stop, Table};
use crate::widgets::text::clean;

#[derive(Debug, Subcommand)]
pub(crate) enum Mail {
    /// Set up the workspace's email: guided on a terminal, or with options
    Setup(Box<MailSetup>),
    /// Show how the workspace's email leaves and where replies are read
    Settings,
    /// Test email: send one to the workspace's own address and read it back
    Test(MailTesting),
    /// List emails that are waiting or refused and why; with --received, those received
    List(List),
    /// Show an email: its status and preview; or a received one, which is then marked as read
    Show {
        /// Its ID, or the last six or more characters of one that is waiting or was received
        id: String,
    },
    /// Mark a received email as read, for everyone
    Read {
        /// Its ID, or the last six or more characters of it
        id: String,
    },
    /// Accept a reply sent from another address as the attendee's own
    Accept(received::Accept),
    /// Send a waiting, refused or held email as soon as possible
    Retry {
        /// Its ID, or the last six or more characters of it
        id: String,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// Drop a refused or held email, or one asked for alone that has not left: it is not sent
    Drop {
        /// Its ID, or the last six or more characters of it
        id: String,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
    },
}

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Sent and cancelled emails, newest first
    #[arg(long, conflicts_with = "received")]
    sent: bool,
    /// Emails from candidates and colleagues, newest first
    #[arg(long)]
    received: bool,
    /// Only emails from this candidate
    #[arg(long, value_name = "CANDIDATE", requires = "received")]
    candidate: Option<String>,
    /// Only unread emails
    #[arg(long, requires = "received")]
    unread: bool,
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
            Self::Setup(setup) => setup.run(session, &client).await,
            Self::Settings => mail_setup::settings(session, &client).await,
            Self::Test(test) => test.run(session, &client).await,
            Self::List(list) => list.run(session, &client).await,
            Self::Show { id } if id.parse::<TurnId>().is_ok() => {
                received::show(session, &client, id).await
            }
            Self::Show { id } => {
                let preview = match client.mail_get(Reference::to(&id)).await {
                    // An ending may be that of one that came in.
                    Err(error) if error.kind == ErrorKind::NotFound && error.matches.is_empty() => {
                        return match received::show(session, &client, id).await {
                            Err(_) => Err(error.into()),
                            shown => shown,
                        };
                    }
                    preview => preview?,
                };
                session.output.record(&preview, || shown(&preview))?;
                match &preview.letter {
                    Some(letter) if !session.output.is_json() => {
                        session.output.print(&format!("\n{}", text(letter)))
                    }
                    _ => Ok(()),
                }
            }
            Self::Read { id } => received::mark(session, &client, id).await,
            Self::Accept(accept) => accept.run(session, &client).await,
            Self::Retry { id, dry_run } => {
                let reference = Reference {
                    dry_run,
                    ..Reference::to(id)
                };
                let mail = client.mail_retry(reference).await?;
                if dry_run {
                    session.output.note("dry run: this would be sent");
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
                    session.output.note("dry run: this would no longer be sent");
                }
                session.output.record(&mail, || lines(&mail))
            }
        }
    }
}

impl List {
    async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        if self.received {
            let query = ReceivedQuery {
                candidate: self.candidate,
                interview: self.interview,
                unread: self.unread,
                ..ReceivedQuery::default()
            };
            let fetch = async |cursor, limit| {
                let query = ReceivedQuery {
                    cursor,
                    limit: Some(limit),
                    ..query.clone()
                };
                client.mail_received(query).await
            };
            let page = self.paging.fetch(fetch).await?;
            return session.output.list(&page, received::table);
        }
        let query = MailQuery {
            past: self.sent,
            interview: self.interview,
            leaving: false,
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
