//! `greenroom interview …`.

use clap::{Args, Subcommand};
use greenroom_protocol::Error;
use greenroom_protocol::interview::{
    self as wire, InterviewNew, InterviewQuery, MeetingState, Outcome,
};
use greenroom_protocol::time::Instant;
use greenroom_protocol::workspace::Reference;
use jiff::Zoned;
use serde::Serialize;

use super::duration::{Minutes, Stretch, moment, written};
use super::host::{described, warn_of_broken};
use super::paging::Paging;
use super::session::Session;
use super::settle::{judged, settled};
use super::words::{StatusWord, TypeWord, in_zone, meeting, person, word};
use crate::client::Client;
use crate::output::{Failure, Lines, Stop, Table};

#[derive(Debug, Subcommand)]
pub(crate) enum Interview {
    /// Interviews, by start
    List(List),
    /// Show an interview
    Show {
        /// Its id, or an ending of six or more characters of it
        id: String,
    },
    /// Plan an interview; its meeting is made when it is confirmed
    New(Box<New>),
    /// Confirm an interview, or try again to make its meeting
    Confirm(Which),
    /// Cancel an interview and remove its meeting
    Cancel(Which),
}

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

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Its id, or an ending of six or more characters of it
    id: String,
    /// Refuse when the record has another revision
    #[arg(long, value_name = "N")]
    expected_revision: Option<u64>,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct New {
    /// With whom: address, name or id
    #[arg(long)]
    candidate: String,
    /// For which job [default: the only open application's]
    #[arg(long)]
    job: Option<String>,
    /// How people join
    #[arg(long = "type", value_name = "TYPE", default_value = "zoom")]
    kind: TypeWord,
    /// When: RFC 3339, or a local time with --zone, such as `2026-12-01 10:00`
    #[arg(long, value_name = "TIME")]
    start: String,
    /// The IANA zone of the start [default: yours]
    #[arg(long)]
    zone: Option<String>,
    /// How long, such as 45m [default: the stage's plan]
    #[arg(long)]
    duration: Option<Minutes>,
    /// Who takes part; repeatable [default: you]
    #[arg(long = "with", value_name = "EMAIL")]
    with: Vec<String>,
    /// Who invites [default: you]
    #[arg(long, value_name = "EMAIL")]
    organizer: Option<String>,
    /// Whose Zoom hosts [default: yours]
    #[arg(long, value_name = "EMAIL")]
    zoom_user: Option<String>,
    /// The link, by hand; for zoom too: then no connection is needed
    #[arg(long)]
    url: Option<String>,
    /// The meeting's number, by hand
    #[arg(long, value_name = "ID")]
    meeting_id: Option<String>,
    /// The passcode, by hand
    #[arg(long)]
    passcode: Option<String>,
    /// The telephone number or the place
    #[arg(long, value_name = "TEXT")]
    details: Option<String>,
    /// Confirm it at once
    #[arg(long)]
    confirm: bool,
    /// The same key within 30 days returns the same interview
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// Only say whether it would work
    #[arg(long)]
    dry_run: bool,
}

/// What programs get: the interview, and how it came about.
#[derive(Serialize)]
struct Printed<'a> {
    #[serde(flatten)]
    interview: &'a wire::Interview,
    repeated: bool,
    dry_run: bool,
}

impl Interview {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let outcome = match self {
            Self::List(list) => return list.run(session, &client).await,
            Self::Show { id } => {
                let interview = client.interview_get(Reference::to(id)).await?;
                warn_of_broken(session.output, std::slice::from_ref(&interview));
                return session.output.record(&interview, || lines(&interview));
            }
            Self::New(new) => client.interview_new((*new).into()).await?,
            Self::Confirm(which) => client.interview_confirm(which.into()).await?,
            Self::Cancel(which) => client.interview_cancel(which.into()).await?,
        };
        conclude(session, &client, outcome).await
    }
}

/// Shows what came of it, once the work outside is done or the time for it is over.
async fn conclude(session: &Session, client: &Client, outcome: Outcome) -> Result<(), Stop> {
    let Outcome {
        mut interview,
        verdict,
        repeated,
        dry_run,
    } = outcome;
    if let Some(block) = verdict.blocks.first() {
        let error = Error::conflict(block.message.clone()).hint("choose another time");
        return Err(Failure::with(error, "interview", &interview).into());
    }
    let wait = !session.no_wait && !dry_run;
    if wait {
        interview = settled(client, interview, session.patience()).await?;
    }
    let advice = verdict.advises.into_iter();
    let advice: Vec<_> = advice
        .filter(|advice| !interview.warnings.contains(advice))
        .collect();
    interview.warnings.extend(advice);
    for warning in &interview.warnings {
        session.output.warn(&warning.message);
    }
    if repeated {
        session
            .output
            .note("this interview was planned before, with the same key");
    }
    if dry_run {
        session
            .output
            .note("nothing was written: this is what it would be");
    }
    if wait {
        judged(&interview)?;
    }
    let printed = Printed {
        interview: &interview,
        repeated,
        dry_run,
    };
    session.output.record(&printed, || lines(&interview))
}

impl List {
    async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
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

impl From<Which> for Reference {
    fn from(which: Which) -> Self {
        Self {
            reference: which.id,
            expected_revision: which.expected_revision,
            dry_run: which.dry_run,
        }
    }
}

impl From<New> for InterviewNew {
    fn from(new: New) -> Self {
        Self {
            candidate: new.candidate,
            job: new.job,
            kind: new.kind.into(),
            start: new.start,
            zone: new.zone,
            duration_minutes: new.duration.map(|Minutes(minutes)| minutes),
            organizer: new.organizer,
            with: new.with,
            zoom_user: new.zoom_user,
            url: new.url,
            meeting_id: new.meeting_id,
            passcode: new.passcode,
            details: new.details,
            confirm: new.confirm,
            idempotency_key: new.idempotency_key,
            dry_run: new.dry_run,
        }
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

fn lines(interview: &wire::Interview) -> Lines {
    let how = &interview.meeting;
    let state = match (how.state, &how.reason) {
        (MeetingState::None, _) if !how.manual => "made when it is confirmed".to_owned(),
        (state, Some(reason)) => format!("{}: {reason}", meeting(state)),
        (state, None) => meeting(state).to_owned(),
    };
    let host = interview.host.as_ref().map(described);
    let others = interview
        .interviewers
        .iter()
        .map(|who| person(&who.name, &who.email));
    Lines::new()
        .line(
            "candidate",
            person(&interview.candidate.name, &interview.candidate.email),
        )
        .line(
            "job",
            format!("{}, {}", interview.job_title, interview.stage_name),
        )
        .line("start", in_zone(interview.start, &interview.zone))
        .line("duration", written(interview.duration_minutes))
        .line("status", word(interview.status))
        .line(
            "organizer",
            person(&interview.organizer.name, &interview.organizer.email),
        )
        .each("interviewers", others)
        .maybe("host", host)
        .line("meeting", format!("{} {state}", word(how.kind)))
        .maybe("join", how.join_url.as_ref())
        .maybe("meeting id", how.meeting_id.as_ref())
        .maybe("passcode", how.passcode.as_ref())
        .maybe("details", how.details.as_ref())
        .line("id", interview.id.to_string())
}
