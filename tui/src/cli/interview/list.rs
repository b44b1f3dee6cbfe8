//! Lists of interviews.

use clap::Args;
use greenroom_protocol::interview::{self as wire, InterviewQuery};
use greenroom_protocol::time::Instant;
use jiff::Zoned;

use crate::cli::duration::{Stretch, moment, written};
use crate::cli::host::warn_of_broken;
use crate::cli::paging::Paging;
use crate::cli::session::Session;
use crate::cli::words::{StatusWord, in_zone, meeting, word};
use crate::client::Client;
use crate::output::{Stop, Table};

#[derive(Debug, Args)]
pub(crate) struct List {
    /// Only today's
    #[arg(long, conflicts_with_all = ["week", "from", "to"])]
    today: bool,
    /// Only this week's, Monday to Sunday
    #[arg(long, conflicts_with_all = ["from", "to"])]
    week: bool,
    /// Starting at or after: a day, or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = moment)]
    from: Option<Instant>,
    /// Starting before: a day, or RFC 3339
    #[arg(long, value_name = "TIME", value_parser = moment)]
    to: Option<Instant>,
    /// Only with this candidate
    #[arg(long)]
    candidate: Option<String>,
    /// Only those this member takes part in
    #[arg(long, value_name = "EMAIL")]
    member: Option<String>,
    /// Only those that stand so; repeatable
    #[arg(long = "status", value_name = "STATUS")]
    statuses: Vec<StatusWord>,
    #[command(flatten)]
    paging: Paging,
}

impl List {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let stretch = match (self.today, self.week) {
            (true, _) => Stretch::Today.around(&Zoned::now()),
            (_, true) => Stretch::Week.around(&Zoned::now()),
            _ => None,
        };
        let query = InterviewQuery {
            from: stretch.map(|(from, _)| from).or(self.from),
            to: stretch.map(|(_, to)| to).or(self.to),
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
        session.output.list(&page, table)
    }
}

fn table(interviews: &[wire::Interview]) -> Table {
    let mut table = Table::new([
        "START",
        "DURATION",
        "CANDIDATE",
        "JOB",
        "STATUS",
        "MEETING",
        "ID",
    ]);
    for interview in interviews {
        table.row([
            &in_zone(interview.start, &interview.zone),
            &written(interview.duration_minutes),
            &interview.candidate.name,
            &interview.job_title,
            &word(interview.status),
            meeting(interview.meeting.state),
            &interview.id.to_string(),
        ]);
    }
    table
}
