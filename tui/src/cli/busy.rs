//! `greenroom member busy …`: calendars that others keep of a member.

use std::path::PathBuf;

use clap::Subcommand;
use greenroom_protocol::calendar::{Feed, FeedAdd, FeedKind, FeedQuery, FeedRemove, FeedStanding};

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
    let lines = Lines::new()
        .line("calendar", &feed.name)
        .line("member", person(&feed.member.name, &feed.member.email))
        .line("from", from(feed.kind))
        .line("state", state(feed.state))
        .line("entries", feed.entries.to_string())
        .line("read", feed.read_at.map_or("never".into(), here));
    let lines = match feed.known_to {
        Some(known_to) => lines.line("known until", here(known_to)),
        None => lines,
    };
    let lines = match &feed.reason {
        Some(reason) => lines.line("reason", reason),
        None => lines,
    };
    match &feed.hint {
        Some(hint) => lines.line("what to do", hint),
        None => lines,
    }
}

fn table(feeds: &[Feed]) -> Table {
    let mut table = Table::new(["CALENDAR", "FROM", "STATE", "ENTRIES", "READ", "REASON"]);
    for feed in feeds {
        table.row([
            feed.name.as_str(),
            from(feed.kind),
            state(feed.state),
            &feed.entries.to_string(),
            &feed.read_at.map_or("never".into(), here),
            feed.reason.as_deref().unwrap_or_default(),
        ]);
    }
    table
}

fn from(kind: FeedKind) -> &'static str {
    match kind {
        FeedKind::File => "file",
        FeedKind::Unknown => "unknown",
    }
}

fn state(state: FeedStanding) -> &'static str {
    match state {
        FeedStanding::New => "not read yet",
        FeedStanding::Ok => "ok",
        FeedStanding::Retrying => "retrying",
        FeedStanding::Broken => "broken",
        FeedStanding::Unknown => "unknown",
    }
}
