//! `greenroom workspace days-off …`: holidays and breaks, for everyone or for some.

use std::fs::File;
use std::io::{self, Read};
use std::path::{Path, PathBuf};
use std::str::FromStr;

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::availability::{
    DayOff, DaysOff as List, DaysOffAction, DaysOffEdit, DaysOffEdited, MOST_DAYS_OFF,
};
use greenroom_protocol::date::Date;
use jiff::{ToSpan as _, Zoned};

use super::ask;
use super::paging::Paging;
use super::session::Session;
use crate::import::days_off::{Holidays, read};
use crate::output::{Lines, Stop, Table};
use crate::typed::hours;

/// How far ahead an import reads, in years.
const YEARS: i64 = 2;

#[derive(Debug, Subcommand)]
pub(crate) enum DaysOff {
    /// List the days off
    List {
        #[command(flatten)]
        paging: Paging,
    },
    /// Add days off; a list of this name is made where there is none
    Add(Add),
    /// Remove days off: a whole list, or some of its days
    Remove(Remove),
    /// Read days off from an iCalendar file, in place of those the list had
    Import(Import),
}

#[derive(Debug, Args)]
pub(crate) struct Add {
    /// The list's name, such as "Christmas break"
    name: String,
    /// Dates, such as 2026-12-24 or 2026-12-24..2026-12-31
    #[arg(required = true, value_name = "DATE")]
    dates: Vec<Dates>,
    #[command(flatten)]
    whom: ForWhom,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Remove {
    /// The list's name or ID
    name: String,
    /// Dates [default: the whole list]
    #[arg(value_name = "DATE")]
    dates: Vec<Dates>,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Import {
    /// The .ics file; -: standard input
    file: PathBuf,
    /// The list's name [default: the calendar's own name, else the file's]
    #[arg(long)]
    name: Option<String>,
    #[command(flatten)]
    whom: ForWhom,
    /// The last date that is read [default: the end of the year after next]
    #[arg(long, value_name = "DATE")]
    until: Option<Dates>,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
struct ForWhom {
    /// Only for this member; repeatable [default: as it is; a new list is for everyone]
    #[arg(long = "for", value_name = "EMAIL", conflicts_with = "everyone")]
    members: Vec<String>,
    /// For everyone again
    #[arg(long = "for-everyone")]
    everyone: bool,
}

impl ForWhom {
    fn members(self) -> Option<Vec<String>> {
        match self.everyone {
            true => Some(Vec::new()),
            false => Some(self.members).filter(|it| !it.is_empty()),
        }
    }
}

/// Dates that follow each other.
#[derive(Debug, Clone)]
struct Dates(Vec<Date>);

impl FromStr for Dates {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        hours::dates(text).map(Self)
    }
}

fn all(dates: Vec<Dates>) -> Vec<DayOff> {
    let dates = dates.into_iter().flat_map(|Dates(dates)| dates);
    let day = |date| DayOff { date, label: None };
    dates.map(day).collect()
}

impl DaysOff {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let edit = match self {
            Self::List { paging } => {
                let page = paging.part(session.client().await?.days_off().await?)?;
                return session.output.list(&page, table);
            }
            Self::Add(add) => DaysOffEdit {
                days: all(add.dates),
                members: add.whom.members(),
                dry_run: add.dry_run,
                ..edit(add.name, DaysOffAction::Add)
            },
            Self::Remove(remove) => {
                if !remove.dry_run {
                    let what = match remove.dates.is_empty() {
                        true => format!("Remove all days off of “{}”", remove.name),
                        false => format!("Remove these days off of “{}”", remove.name),
                    };
                    ask::confirm(session, &what)?;
                }
                DaysOffEdit {
                    days: all(remove.dates),
                    dry_run: remove.dry_run,
                    ..edit(remove.name, DaysOffAction::Remove)
                }
            }
            Self::Import(import) => import.edit(session)?,
        };
        let edited = session.client().await?.days_off_edit(edit).await?;
        session.output.note(&told(&edited));
        session.output.record(&edited, || lines(&edited.days_off))
    }
}

fn edit(days_off: String, action: DaysOffAction) -> DaysOffEdit {
    DaysOffEdit {
        days_off,
        action,
        days: Vec::new(),
        members: None,
        expected_revision: None,
        dry_run: false,
    }
}

impl Import {
    fn edit(self, session: &Session) -> Result<DaysOffEdit, Error> {
        let today = Zoned::now().date();
        let first = today.first_of_year();
        let last = first
            .saturating_add((YEARS + 1).years())
            .saturating_sub(1.day());
        let last = match &self.until {
            Some(Dates(dates)) => dates.last().copied().unwrap_or(last.into()),
            None => last.into(),
        };
        let Holidays { name, days, timed } = read(open(&self.file)?, (first.into(), last))?;
        if timed > 0 {
            session.output.warn(&format!(
                "{timed} entries are no whole days and were left out"
            ));
        }
        if days.is_empty() {
            let why = format!("No whole day from {first} to {last} is in this calendar");
            return Err(Error::usage(why).field("file"));
        }
        if days.len() > MOST_DAYS_OFF {
            let why = format!(
                "{} days off are in this calendar, and a list has at most {MOST_DAYS_OFF}",
                days.len()
            );
            return Err(Error::usage(why)
                .field("file")
                .hint("read fewer with --until"));
        }
        let stem = self
            .file
            .file_stem()
            .map(|it| it.to_string_lossy().into_owned());
        let usual = name.or(stem.filter(|it| it != "-"));
        let name = self.name.or(usual).unwrap_or_else(|| "Days off".to_owned());
        Ok(DaysOffEdit {
            days,
            members: self.whom.members(),
            dry_run: self.dry_run,
            ..edit(name, DaysOffAction::Import)
        })
    }
}

fn open(file: &Path) -> Result<Box<dyn Read>, Error> {
    if file == Path::new("-") {
        return Ok(Box::new(io::stdin()));
    }
    let failed = |error| {
        let why = format!("Couldn't read {}: {error}", file.display());
        Error::usage(why).field("file")
    };
    Ok(Box::new(File::open(file).map_err(failed)?))
}

fn told(edited: &DaysOffEdited) -> String {
    let would = if edited.dry_run { "would be " } else { "" };
    let (name, added, removed) = (&edited.days_off.name, edited.added, edited.removed);
    let days = |count| match count {
        1 => "1 day".to_owned(),
        more => format!("{more} days"),
    };
    match (edited.gone, added, removed) {
        (true, _, _) => format!("{name}: {would}removed"),
        (false, 0, 0) => format!("{name}: no day changes"),
        (false, added, 0) => format!("{name}: {} {would}added", days(added)),
        (false, 0, removed) => format!("{name}: {} {would}removed", days(removed)),
        (false, added, removed) => {
            format!("{name}: {} {would}added, {removed} removed", days(added))
        }
    }
}

fn whom(list: &List) -> String {
    let names: Vec<_> = list.members.iter().map(|it| it.name.clone()).collect();
    match names.is_empty() {
        true => "everyone".to_owned(),
        false => names.join(", "),
    }
}

/// A row a day: what one looks for is a day.
fn table(lists: &[List]) -> Table {
    let mut table = Table::new(["DATE", "DAY OFF", "LIST", "FOR", "ID"]);
    for list in lists {
        for day in &list.days {
            let label = day.label.as_ref().unwrap_or(&list.name);
            let date = day.date.civil().strftime("%a %Y-%m-%d").to_string();
            table.row([
                date,
                label.clone(),
                list.name.clone(),
                whom(list),
                list.id.clone(),
            ]);
        }
    }
    table
}

fn lines(list: &List) -> Lines {
    let day = |day: &DayOff| match &day.label {
        Some(label) => format!("{} {label}", day.date),
        None => day.date.to_string(),
    };
    Lines::new()
        .line("days off", &list.name)
        .line("for", whom(list))
        .each("dates", list.days.iter().map(day))
        .line("id", &list.id)
}
