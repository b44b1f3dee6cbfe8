//! `greenroom member busy …`: calendars that others keep of a member.

use std::io::Read as _;
use std::path::{Path, PathBuf};

use clap::Subcommand;
use greenroom_protocol::calendar::{
    CalendarAccount, Feed, FeedAdd, FeedKind, FeedQuery, FeedRefresh, FeedRemove, FeedStanding,
};
use greenroom_protocol::secret::Opaque;
use greenroom_protocol::{Error, ErrorKind};

use super::ask;
use super::calendar::{contents, sent};
use super::secret_command::printed;
use super::session::Session;
use super::words::{here, person};
use super::workspace::secret_in;
use crate::output::{Failure, Lines, Stop, Table};

/// The longest address or password that is sent, in bytes.
const LONGEST_SECRET: u64 = 4096;

#[derive(Debug, Subcommand)]
pub(crate) enum Busy {
    /// Keep the busy times of a calendar; titles are not kept
    Add {
        /// An iCalendar file (.ics), read once; `-` for standard input
        #[arg(required_unless_present_any = ["url", "caldav"])]
        file: Option<PathBuf>,
        /// Read it again and again at its secret address (https, webcal), which is in FILE; `-` for
        /// standard input [default: asked for on a terminal]
        #[arg(long, value_name = "FILE", num_args = 0..=1, conflicts_with = "file")]
        url: Option<Option<PathBuf>>,
        /// Read the calendars of an account at a CalDAV server (Nextcloud, Fastmail, iCloud) again
        /// and again: the address of the server, the account or one calendar
        #[arg(long, value_name = "URL", conflicts_with_all = ["file", "url"], requires = "user")]
        caldav: Option<String>,
        /// Who logs in at the CalDAV server
        #[arg(long, requires = "caldav")]
        user: Option<String>,
        /// A file with that account's password, or an app password where the system has them; `-`
        /// for standard input [default: asked for on a terminal]
        #[arg(long, value_name = "FILE", requires = "caldav")]
        password_file: Option<PathBuf>,
        /// A program with its arguments that prints the password, such as `pass calendar`; no shell
        /// reads them
        #[arg(
            long,
            value_name = "PROGRAM",
            num_args = 1..,
            requires = "caldav",
            conflicts_with = "password_file"
        )]
        password_command: Vec<String>,
        /// Ask that server when a colleague is busy, in place of the account's own calendars: by the
        /// colleague's email there, where the server has an outbox for scheduling
        #[arg(long, value_name = "EMAIL", requires = "caldav")]
        for_colleague: Option<String>,
        /// Whose calendar it is: email, name or ID [default: yours, or the colleague's]
        #[arg(long)]
        member: Option<String>,
        /// What to call it [default: the file's name, `web` or `caldav`]
        #[arg(long)]
        name: Option<String>,
        /// Replace the calendar of this name
        #[arg(long)]
        replace: bool,
        /// Only show what would happen
        #[arg(long)]
        dry_run: bool,
    },
    /// Read calendars again now, and say how that goes
    Refresh {
        /// Name or ID of one [default: all that are read again and again]
        calendar: Option<String>,
        /// Whose: email, name or ID [default: yours]
        #[arg(long)]
        member: Option<String>,
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
                url,
                caldav,
                user,
                password_file,
                password_command,
                for_colleague,
                member,
                name,
                replace,
                dry_run,
            } => {
                let add = FeedAdd {
                    member: member.or_else(|| for_colleague.clone()),
                    replace,
                    dry_run,
                    ..FeedAdd::default()
                };
                let feed = match (file, url, caldav.zip(user)) {
                    (_, Some(from), _) => {
                        let add = FeedAdd {
                            name: name.unwrap_or_else(|| "web".to_owned()),
                            url: Some(secret_address(from.as_deref())?),
                            ..add
                        };
                        read_soon(session, add).await?
                    }
                    (_, None, Some((url, user))) => {
                        let password = match &password_command[..] {
                            [] => account_password(password_file.as_deref())?,
                            words => printed(words, "password").await?,
                        };
                        let add = FeedAdd {
                            name: name.unwrap_or_else(|| "caldav".to_owned()),
                            caldav: Some(CalendarAccount {
                                url,
                                user,
                                password,
                                colleague: for_colleague,
                            }),
                            ..add
                        };
                        read_soon(session, add).await?
                    }
                    (Some(file), None, None) => of_file(session, &file, name, add).await?,
                    (None, None, None) => {
                        let why = "Give a file, --url or --caldav";
                        return Err(Error::usage(why).into());
                    }
                };
                for warning in &feed.warnings {
                    session.output.warn(&warning.message);
                }
                let Some(error) = failure(&feed).filter(|_| !session.no_wait && !dry_run) else {
                    return session.output.record(&feed, || lines(&feed));
                };
                if !session.output.is_json() {
                    session.output.record(&feed, || lines(&feed))?;
                }
                Err(Failure::with(error, "calendar", &feed).into())
            }
            Self::Refresh { calendar, member } => {
                let client = session.client().await?;
                let feed = calendar;
                let page = client.feed_refresh(FeedRefresh { member, feed }).await?;
                let Some(error) = page.items.iter().find_map(failure) else {
                    return session.output.list(&page, table);
                };
                if !session.output.is_json() {
                    session.output.list(&page, table)?;
                }
                Err(Failure::with(error, "items", &page.items).into())
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

/// Adds a file's calendar.
async fn of_file(
    session: &Session,
    file: &Path,
    name: Option<String>,
    add: FeedAdd,
) -> Result<Feed, Stop> {
    let text = contents(file)?;
    let stem = || Some(file.file_stem()?.to_string_lossy().into_owned());
    let client = session.client().await?;
    let add = FeedAdd {
        name: name.or_else(stem).unwrap_or_default(),
        file: sent(&client, text).await?,
        ..add
    };
    Ok(client.feed_add(add).await?)
}

/// Adds a calendar that is read again and again, and waits until that was tried. What came of it is
/// in the calendar, which is kept whatever it is.
async fn read_soon(session: &Session, add: FeedAdd) -> Result<Feed, Stop> {
    let client = session.client().await?;
    let (member, dry_run) = (add.member.clone(), add.dry_run);
    let feed = client.feed_add(add).await?;
    if dry_run || session.no_wait {
        return Ok(feed);
    }
    let refresh = FeedRefresh {
        member,
        feed: Some(feed.id.to_string()),
    };
    let read = client.feed_refresh(refresh).await?.items.into_iter().next();
    Ok(read.unwrap_or(feed))
}

/// A secret address: in a file, on standard input, or typed without being shown.
fn secret_address(from: Option<&Path>) -> Result<Opaque, Error> {
    let needed = "An address is needed";
    let Some(from) = from else {
        let hint = "put the address into a file: --url FILE";
        return ask::secret_or("Secret address of the calendar: ", needed, hint);
    };
    if from.to_string_lossy().contains("://") {
        let why = "The address is a secret, and others on this machine see what is typed here";
        let hint = "put it into a file: --url FILE; or into standard input: --url -";
        return Err(Error::usage(why).field("url").hint(hint));
    }
    secret_at(from, "url", needed)
}

/// The password of an account: in a file, on standard input, or typed without being shown.
fn account_password(from: Option<&Path>) -> Result<Opaque, Error> {
    let needed = "A password is needed";
    let Some(from) = from else {
        let hint = "put it into a file: --password-file FILE; or have a program print it: \
                    --password-command PROGRAM";
        return ask::secret_or("Password: ", needed, hint);
    };
    secret_at(from, "password", needed)
}

/// A secret in a file, or on standard input, without the white space around it.
fn secret_at(from: &Path, field: &'static str, needed: &str) -> Result<Opaque, Error> {
    if from.as_os_str() != "-" {
        let read = secret_in(Some(from), field)?;
        return read.ok_or_else(|| Error::usage(needed).field(field));
    }
    let mut typed = String::new();
    let reading = std::io::stdin()
        .take(LONGEST_SECRET)
        .read_to_string(&mut typed);
    let typed = Opaque::new(typed);
    reading.map_err(|error| {
        Error::usage(format!("Couldn't read standard input: {error}")).field(field)
    })?;
    Ok(Opaque::new(typed.reveal().trim()))
}

/// What the shell hears of a calendar that cannot be read now.
fn failure(feed: &Feed) -> Option<Error> {
    let (kind, why) = match (feed.state, &feed.reason) {
        (FeedStanding::Ok | FeedStanding::Unknown, _) => return None,
        (FeedStanding::New, _) => (ErrorKind::Pending, "it has not been read yet"),
        (_, Some(why)) => (ErrorKind::Upstream, why.as_str()),
        (_, None) => (ErrorKind::Upstream, "it cannot be read"),
    };
    let error = Error::new(kind, format!("Calendar `{}`: {why}", feed.name));
    let usual = "it is kept and tried again; see: greenroom member busy list";
    Some(error.hint(feed.hint.as_deref().unwrap_or(usual)))
}

fn lines(feed: &Feed) -> Lines {
    let lines = Lines::new()
        .line("calendar", &feed.name)
        .line("member", person(&feed.member.name, &feed.member.email))
        .line("from", from(feed))
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
            &from(feed),
            state(feed.state),
            &feed.entries.to_string(),
            &feed.read_at.map_or("never".into(), here),
            feed.reason.as_deref().unwrap_or_default(),
        ]);
    }
    table
}

fn from(feed: &Feed) -> String {
    let kind = match feed.kind {
        FeedKind::File => "file",
        FeedKind::Url => "address",
        FeedKind::CalDav => "CalDAV",
        FeedKind::Google => "Google",
        FeedKind::Microsoft => "Microsoft",
        FeedKind::Unknown => "unknown",
    };
    match &feed.address {
        Some(address) => address.clone(),
        None => kind.to_owned(),
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
