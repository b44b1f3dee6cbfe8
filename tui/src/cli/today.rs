//! `greenroom today`.

use clap::Args;
use greenroom_protocol::today::{NeedsMe, Today as Day, TodayQuery, Upcoming, Waiting};
use jiff::tz::TimeZone;

use super::interview::callers_zone;
use super::session::Session;
use crate::output::{Stop, Table};
use crate::widgets::times;
use crate::wording;

#[derive(Debug, Args)]
pub(crate) struct Today {
    /// After how many days in a stage without an interview a candidate counts as waiting [default: 5]
    #[arg(long, value_name = "DAYS", value_parser = clap::value_parser!(u32).range(1..=365))]
    waiting: Option<u32>,
}

impl Today {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let query = TodayQuery {
            waiting_days: self.waiting,
            ..TodayQuery::default()
        };
        let day = client.today(query).await?;
        let output = session.output;
        if output.is_json() {
            return output.json(&day);
        }
        let zone = callers_zone(&client).await?;
        if let Some(name) = zone.iana_name().filter(|_| output.is_terminal()) {
            output.note(&format!("times in {name}"));
        }
        if day.next.is_empty() && day.needs_me.is_empty() && day.waiting.is_empty() {
            output.note("nothing needs you, and no interviews today or tomorrow");
        }
        output.table(&table(&day, &zone))
    }
}

fn table(day: &Day, zone: &TimeZone) -> Table {
    let mut table = Table::default();
    section(&mut table, "Next", day.next.len(), day.next_total);
    for upcoming in &day.next {
        table.row(next(upcoming, day, zone));
    }
    let shown = day.needs_me.len();
    section(&mut table, "Needs you", shown, day.needs_me_total);
    for need in &day.needs_me {
        table.row(needs(need));
    }
    if !day.waiting.is_empty() {
        table.section("Waiting");
    }
    for waiting in &day.waiting {
        table.row(waits(waiting, day.waiting_days));
    }
    table
}

/// A heading, where there is something below it; with the count where not all of it is shown.
fn section(table: &mut Table, title: &str, shown: usize, total: u64) {
    match shown {
        0 => {}
        shown if total > shown as u64 => table.section(&format!("{title}  {shown} of {total}")),
        _ => table.section(title),
    }
}

fn next(upcoming: &Upcoming, day: &Day, zone: &TimeZone) -> [String; 4] {
    let interview = &upcoming.interview;
    let start = times::at(interview.start.timestamp(), zone);
    let today = start.date() == times::at(day.at.timestamp(), zone).date();
    let when = match today {
        true => times::clock(&start),
        false => format!(
            "{} {}",
            times::weekday(start.date().weekday()),
            times::clock(&start)
        ),
    };
    let people = wording::people(&interview.interviewers);
    let stage = &interview.stage_name;
    [
        format!("  {when}  {}", interview.candidate.name),
        format!("{stage} with {people}"),
        upcoming.note.clone().unwrap_or_default(),
        interview.id.to_string(),
    ]
}

fn needs(need: &NeedsMe) -> [String; 4] {
    let mark = if need.urgent { "! " } else { "  " };
    let id = need.interview.map(|id| id.to_string());
    let id = id.or_else(|| need.email.map(|id| id.to_string()));
    [
        format!("{mark}{}", need.who),
        need.message.clone(),
        String::new(),
        id.unwrap_or_default(),
    ]
}

fn waits(waiting: &Waiting, days: u32) -> [String; 2] {
    let count = match waiting.candidates {
        1 => "1 candidate".to_owned(),
        many => format!("{many} candidates"),
    };
    let names: Vec<_> = waiting.longest.iter().map(|it| it.name.as_str()).collect();
    let more = match waiting.candidates > names.len() as u64 {
        true => ", …",
        false => "",
    };
    [
        format!("  {count}"),
        format!(
            "in {} ({}) for more than {days} days without an interview: {}{more}",
            waiting.stage_name,
            waiting.job_title,
            names.join(", ")
        ),
    ]
}
