//! `greenroom member busy …`: calendars that others keep of a member.

use std::path::PathBuf;

use clap::Subcommand;
use greenroom_protocol::calendar::{Feed, FeedAdd, FeedKind, FeedQuery, FeedRemove};

use super::ask;
use super::calendar::{contents, sent};
use super::session::Session;
use super::words::{here, person};
use crate::output::{Lines, Stop, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum Busy {
    /// Keep the busy times of an iCalendar file (.ics); titles are not kept
    Add {
        /// The file; `-` for standard input
        file: PathBuf,
        /// Whose calendar it is: email, name or ID [default: yours]
        #[arg(long)]
        member: Option<String>,
        /// What to call it [default: the file's name]
        #[arg(long)]
        name: Option<String>,
        /// Replace the calendar of this name
        #[arg(long)]
        replace: bool,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// List calendars with their age
    List {
        /// Whose: email, name or ID [default: yours]
        #[arg(long)]
        member: Option<String>,
    },
    /// Remove a calendar with the busy times it gave
    Remove {
        /// Its name or ID
        calendar: String,
        /// Whose: email, name or ID [default: yours]
        #[arg(long)]
        member: Option<String>,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
    },
}

impl Busy {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        match self {
            Self::Add {
                file,
                member,
                name,
                replace,
                dry_run,
            } => {
                let text = contents(&file)?;
                let of_file = || Some(file.file_stem()?.to_string_lossy().into_owned());
                let client = session.client().await?;
                let add = FeedAdd {
                    member,
                    name: name.or_else(of_file).unwrap_or_default(),
                    file: sent(&client, text).await?,
                    replace,
                    dry_run,
                };
                let feed = client.feed_add(add).await?;
                for warning in &feed.warnings {
                    session.output.warn(&warning.message);
                }
                session.output.record(&feed, || lines(&feed))
            }
            Self::List { member } => {
                let client = session.client().await?;
                let page = client.feed_list(FeedQuery { member }).await?;
                session.output.list(&page, table)
            }
            Self::Remove {
                calendar,
                member,
                dry_run,
            } => {
                if !dry_run {
                    ask::confirm(session, &format!("Remove the calendar {calendar}"))?;
                }
                let client = session.client().await?;
                let remove = FeedRemove {
                    member,
                    feed: calendar,
                    dry_run,
                };
                let feed = client.feed_remove(remove).await?;
                session.output.record(&feed, || lines(&feed))
            }
        }
    }
}

fn lines(feed: &Feed) -> Lines {
    Lines::new()
        .line("calendar", &feed.name)
        .line("member", person(&feed.member.name, &feed.member.email))
        .line("entries", feed.entries.to_string())
        .line("read", here(feed.read_at))
        .line("known until", here(feed.known_to))
}

fn table(feeds: &[Feed]) -> Table {
    let mut table = Table::new(["CALENDAR", "FROM", "ENTRIES", "READ", "KNOWN UNTIL"]);
    for feed in feeds {
        let from = match feed.kind {
            FeedKind::File => "file",
            FeedKind::Unknown => "unknown",
        };
        table.row([
            feed.name.as_str(),
            from,
            &feed.entries.to_string(),
            &here(feed.read_at),
            &here(feed.known_to),
        ]);
    }
    table
}
