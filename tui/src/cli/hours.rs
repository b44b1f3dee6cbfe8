//! `greenroom member hours`: when somebody works, shown and changed.

use std::str::FromStr;

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::availability::{
    DayHoursChange, MemberHours, MemberHoursQuery, MemberHoursSet,
};
use greenroom_protocol::edit::Edit;
use greenroom_protocol::pipeline::Window;

use super::session::Session;
use super::words::person;
use crate::output::{Lines, Stop};
use crate::typed::duration::{Minutes, written};
use crate::typed::hours;

/// Without options it shows them.
#[derive(Debug, Args)]
pub(crate) struct Hours {
    /// Who: email, name or ID [default: you]
    member: Option<String>,
    /// The week, such as "mon-fri 9-12,13-17" or "mon-thu 9-17; fri 9-13"; none: no hours in any
    /// week; assumed: as if it had never been set
    #[arg(long, value_name = "WEEK")]
    set: Option<Week>,
    /// One date, or DATE..DATE: its hours such as 9-12, off, or usual: as the week says again;
    /// repeatable
    #[arg(long, num_args = 2, value_names = ["DATE", "HOURS"])]
    on: Vec<String>,
    /// Kept free before and after each interview, such as 10m, or 10m/5m for before/after; or off
    #[arg(long, value_name = "TIME")]
    buffer: Option<Buffers>,
    /// Interviews a day at most, over all jobs; 0: no limit
    #[arg(long, value_name = "N")]
    cap_day: Option<u32>,
    /// Interviews a week at most, over all jobs; 0: no limit
    #[arg(long, value_name = "N")]
    cap_week: Option<u32>,
    /// Their IANA time zone
    #[arg(long)]
    zone: Option<String>,
    /// Refuse if they have a different revision
    #[arg(long, value_name = "N")]
    expected_revision: Option<u64>,
    /// Only show how they would be
    #[arg(long)]
    dry_run: bool,
}

/// What becomes of the week.
#[derive(Debug, Clone)]
pub(super) struct Week(pub(super) Edit<Vec<Window>>);

impl FromStr for Week {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        Ok(Self(match text.trim() {
            "none" => Edit::Set(Vec::new()),
            "assumed" => Edit::Clear,
            week => Edit::Set(hours::week(week)?),
        }))
    }
}

/// Minutes before and after.
#[derive(Debug, Clone, Copy)]
struct Buffers(u32, u32);

impl FromStr for Buffers {
    type Err = String;

    fn from_str(text: &str) -> Result<Self, String> {
        let side = |text: &str| match text.trim() {
            "off" | "0" | "0m" => Ok(0),
            text => text.parse::<Minutes>().map(|Minutes(minutes)| minutes),
        };
        let (before, after) = text.split_once('/').unwrap_or((text, text));
        Ok(Self(side(before)?, side(after)?))
    }
}

impl Hours {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let changes = !self.on.is_empty()
            || self.set.is_some()
            || self.buffer.is_some()
            || self.zone.is_some()
            || self.cap_day.or(self.cap_week).is_some();
        let shown = match changes {
            false => {
                let query = MemberHoursQuery {
                    member: self.member,
                };
                session.client().await?.member_hours(query).await?
            }
            true => {
                let set = self.change()?;
                session.client().await?.member_hours_set(set).await?
            }
        };
        session.output.record(&shown, || lines(&shown))
    }

    fn change(self) -> Result<MemberHoursSet, Error> {
        let mut overrides = Vec::new();
        for pair in self.on.chunks_exact(2) {
            overrides.extend(on(&pair[0], &pair[1])?);
        }
        Ok(MemberHoursSet {
            member: self.member,
            zone: self.zone,
            hours: self.set.map_or(Edit::Keep, |Week(week)| week),
            overrides,
            buffer_before_minutes: self.buffer.map(|Buffers(before, _)| before),
            buffer_after_minutes: self.buffer.map(|Buffers(_, after)| after),
            cap_day: self.cap_day,
            cap_week: self.cap_week,
            expected_revision: self.expected_revision,
            dry_run: self.dry_run,
        })
    }
}

/// Some dates, and their hours.
fn on(dates: &str, text: &str) -> Result<Vec<DayHoursChange>, Error> {
    let wrong = |why: String| Error::usage(why).field("on");
    let hours = match text.trim() {
        "usual" => None,
        text => Some(hours::day(text).map_err(wrong)?),
    };
    let dates = hours::dates(dates).map_err(wrong)?.into_iter();
    let change = |date| DayHoursChange {
        date,
        hours: hours.clone(),
    };
    Ok(dates.map(change).collect())
}

fn lines(shown: &MemberHours) -> Lines {
    let said = match (shown.assumed, shown.from_calendar) {
        (true, _) => " (assumed)".to_owned(),
        (false, Some(provider)) => format!(" (from their calendar at {})", provider.name()),
        (false, None) => String::new(),
    };
    let week = match hours::week_shown(&shown.hours) {
        week if week.is_empty() => "none".to_owned(),
        week => format!("{week}{said}"),
    };
    let overrides = hours::overrides_shown(&shown.overrides).into_iter();
    let overrides = overrides.map(|(dates, hours)| format!("{dates} {hours}"));
    let days_off = shown.days_off.iter().map(|it| {
        let label = it.label.as_deref().unwrap_or_default();
        format!("{} {label}", it.date)
    });
    let side = |minutes| match minutes {
        0 => "none".to_owned(),
        minutes => written(minutes),
    };
    let buffer = match (shown.buffer_before_minutes, shown.buffer_after_minutes) {
        (0, 0) => "none".to_owned(),
        (before, after) => format!("{} before, {} after", side(before), side(after)),
    };
    let cap = |most| match most {
        0 => "no limit".to_owned(),
        most => most.to_string(),
    };
    Lines::new()
        .line("member", person(&shown.member.name, &shown.member.email))
        .line("zone", &shown.zone)
        .line("hours", week)
        .each("on", overrides)
        .each("days off", days_off)
        .line("buffer", buffer)
        .line("most a day", cap(shown.cap_day))
        .line("most a week", cap(shown.cap_week))
}
