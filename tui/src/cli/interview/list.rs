//! Lists of interviews.

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::interview::{self as wire, InterviewQuery};
use jiff::tz::TimeZone;
use jiff::{Timestamp, Zoned};

use super::days;
use crate::cli::host::warn_of_broken;
use crate::cli::paging::Paging;
use crate::cli::session::Session;
use crate::cli::time::maybe_moment;
use crate::cli::words::{StatusWord, meeting, word};
use crate::client::Client;
use crate::output::{Stop, Table};
use crate::typed::duration::{Stretch, written};

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only today's, in your time zone
    #[arg(long, conflicts_with_all = ["week", "from", "to"])]
    today: bool,
    /// Only this week's, Monday to Sunday in your time zone
    #[arg(long, conflicts_with_all = ["from", "to"])]
    week: bool,
    /// Starting at or after: a day or a time, such as 2026-12-01 or "last monday"
    #[arg(long, value_name = "TIME")]
    from: Option<String>,
    /// Starting before: a day or a time
    #[arg(long, value_name = "TIME")]
    to: Option<String>,
    /// Only with this candidate
    #[arg(long)]
    candidate: Option<String>,
    /// Only those with this member
    #[arg(long, value_name = "EMAIL")]
    member: Option<String>,
    /// Only with this status; repeatable
    #[arg(long = "status", value_name = "STATUS")]
    statuses: Vec<StatusWord>,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let calendar = match (self.today, self.week) {
            (true, _) => Some(Stretch::Today),
            (_, true) => Some(Stretch::Week),
            _ => None,
        };
        let now = match calendar {
            Some(_) => Timestamp::now().to_zoned(callers_zone(client).await?),
            None => Zoned::now(),
        };
        let stretch = calendar.and_then(|stretch| stretch.around(&now));
        let from = maybe_moment(client, "from", self.from.as_deref()).await?;
        let to = maybe_moment(client, "to", self.to.as_deref()).await?;
        let query = InterviewQuery {
            from: stretch.map(|(from, _)| from).or(from),
            to: stretch.map(|(_, to)| to).or(to),
            candidate: self.candidate,
            member: self.member,
            status: self.statuses.into_iter().map(Into::into).collect(),
            cursor: None,
            limit: None,
        };
        let page = self
            .paging
            .fetch(async |cursor, limit| {
                let limit = Some(limit);
                let query = InterviewQuery {
                    cursor,
                    limit,
                    ..query.clone()
                };
                client.interview_list(query).await
            })
            .await?;
        warn_of_broken(session.output, &page.items);
        if calendar.is_none() || !session.output.is_terminal() {
            return session.output.list(&page, table);
        }
        let zone = now.time_zone();
        if let Some(name) = zone.iana_name() {
            session.output.note(&format!("times in {name}"));
        }
        if page.items.is_empty() {
            session.output.note("no interviews");
        }
        session
            .output
            .list(&page, |interviews| days::table(interviews, &now))
    }
}

/// The zone of the caller: theirs as a member, else this machine's.
pub(crate) async fn callers_zone(client: &Client) -> Result<TimeZone, Error> {
    if client.hello().caller.is_none() {
        return Ok(TimeZone::system());
    }
    let members = client.member_list().await?.items;
    let mine = members.into_iter().find(|member| member.you);
    let mine = mine.and_then(|me| TimeZone::get(&me.zone).ok());
    Ok(mine.unwrap_or_else(TimeZone::system))
}

/// What to bear in mind, in one cell.
fn warnings(interview: &wire::Interview) -> String {
    let all = interview.warnings.iter().map(|it| it.message.as_str());
    all.collect::<Vec<_>>().join("; ")
}

fn table(interviews: &[wire::Interview]) -> Table {
    let mut table = Table::new([
        "START",
        "DURATION",
        "CANDIDATE",
        "JOB",
        "STATUS",
        "MEETING",
        "WARNINGS",
        "ID",
    ]);
    for interview in interviews {
        table.row([
            &interview.start.in_zone(&interview.zone),
            &written(interview.duration_minutes),
            &interview.candidate.name,
            &interview.job_title,
            &word(interview.status),
            meeting(interview),
            &warnings(interview),
            &interview.id.to_string(),
        ]);
    }
    table
}
