//! `greenroom report …`.

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::interview::{ReplyFigures, ReplyQuery, ReplyReport};
use greenroom_protocol::time::Instant;
use jiff::Timestamp;
use jiff::civil::Date;
use jiff::tz::TimeZone;

use super::scheduling::Scheduling;
use super::session::Session;
use super::words::{here, person};
use crate::output::{Stop, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum Report {
    /// How interviewers reply to invitations
    Replies(Replies),
    /// What the assistant's scheduling came to: how fast, how many emails, how much of people's work
    Scheduling(Scheduling),
}

#[derive(Debug, Args)]
pub(crate) struct Replies {
    /// From: a date such as 2026-11-01, or RFC 3339 [default: 90 days before the end]
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
    /// Before: the same [default: now]
    #[arg(long, value_name = "DATE")]
    until: Option<String>,
}

impl Report {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        match self {
            Self::Replies(replies) => replies.run(session).await,
            Self::Scheduling(scheduling) => scheduling.run(session).await,
        }
    }
}

impl Replies {
    async fn run(self, session: &Session) -> Result<(), Stop> {
        let Self { since, until } = self;
        let query = ReplyQuery {
            since: since.map(|text| moment("since", &text)).transpose()?,
            until: until.map(|text| moment("until", &text)).transpose()?,
        };
        let client = session.client().await?;
        let report = client.reply_report(query).await?;
        let (since, until) = (here(report.since), here(report.until));
        session.output.note(&match report.interviewers.is_empty() {
            true => format!("no invitations to interviewers from {since} to {until}"),
            false => format!("invitations from {since} to {until}"),
        });
        match session.output.is_json() {
            true => session.output.json(&report),
            false => session.output.table(&table(&report)),
        }
    }
}

/// A day's first moment where this machine is, or a moment.
pub(super) fn moment(field: &str, text: &str) -> Result<Instant, Error> {
    if let Ok(moment) = text.parse::<Timestamp>() {
        return Ok(moment.into());
    }
    let day = text.parse::<Date>().ok();
    let day = day.and_then(|day| day.to_zoned(TimeZone::system()).ok());
    let wrong = || {
        let why = format!("`{text}` is no date: write it as 2026-11-01");
        Error::usage(why).field(field)
    };
    day.map(|day| day.timestamp().into()).ok_or_else(wrong)
}

fn table(report: &ReplyReport) -> Table {
    let mut table = Table::new([
        "interviewer",
        "invitations",
        "answered",
        "within a day",
        "median h",
        "unanswered h",
    ]);
    for figures in &report.interviewers {
        table.row(row(figures).each_ref().map(String::as_str));
    }
    table
}

fn row(figures: &ReplyFigures) -> [String; 6] {
    let member = &figures.member;
    let median = figures.median_hours;
    [
        person(&member.name, &member.email),
        figures.invitations.to_string(),
        figures.answered.to_string(),
        figures.within_a_day.to_string(),
        median.map_or_else(|| "-".to_owned(), |hours| format!("{hours:.1}")),
        format!("{:.1}", figures.unanswered_hours),
    ]
}

#[cfg(test)]
mod tests {
    use super::*;

    #[test]
    fn a_date_is_its_first_moment_and_anything_else_is_refused() {
        let read = |text: &str| moment("since", text);
        assert_eq!(
            read("2026-11-01T10:00:00Z").unwrap().to_string(),
            "2026-11-01T10:00:00Z"
        );
        assert!(read("2026-11-01").is_ok());
        for text in ["", "yesterday", "2026-13-01"] {
            let refused = read(text).unwrap_err();
            assert_eq!(refused.field.as_deref(), Some("since"), "{text}");
        }
    }
}
