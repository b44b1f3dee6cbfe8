//! `greenroom report scheduling`.

use clap::Args;
use greenroom_protocol::outreach::{SchedulingFigures, SchedulingQuery, SchedulingReport};

use super::report::moment;
use super::session::Session;
use super::words::here;
use crate::output::{Lines, Stop, Table};
use crate::wording;

#[derive(Debug, Args)]
pub(crate) struct Scheduling {
    /// Only for this job: title or ID
    #[arg(long)]
    job: Option<String>,
    /// Only what was started since: a date such as 2026-11-01, or RFC 3339 [default: 90 days ago]
    #[arg(long, value_name = "DATE")]
    since: Option<String>,
}

impl Scheduling {
    pub(super) async fn run(self, session: &Session) -> Result<(), Stop> {
        let Self { job, since } = self;
        let query = SchedulingQuery {
            job,
            since: since.map(|text| moment("since", &text)).transpose()?,
        };
        let report = session.client().await?.scheduling_report(query).await?;
        let SchedulingReport {
            total,
            stages,
            since,
            until,
            cut,
        } = &report;
        let (since, until) = (here(*since), here(*until));
        session.output.note(&match total.started {
            0 => format!("the assistant started nothing from {since} to {until}"),
            _ => format!("what the assistant started from {since} to {until}"),
        });
        if *cut {
            session
                .output
                .warn("only the newest are counted: ask for a shorter time");
        }
        session.output.record(&report, || lines(total))?;
        if session.output.is_json() || stages.len() < 2 {
            return Ok(());
        }
        session.output.print("\n")?;
        session.output.table(&table(&report))
    }
}

fn lines(figures: &SchedulingFigures) -> Lines {
    let shown = wording::scheduling::figures(figures);
    shown
        .into_iter()
        .fold(Lines::new(), |lines, (name, value)| lines.line(name, value))
}

fn table(report: &SchedulingReport) -> Table {
    let mut table = Table::new([
        "JOB", "STAGE", "STARTED", "BOOKED", "MEDIAN", "EMAILS", "TOUCHED", "WAITING",
    ]);
    for stage in &report.stages {
        let figures = &stage.figures;
        table.row([
            stage.job_title.as_str(),
            &stage.stage_name,
            &figures.started.to_string(),
            &figures.booked.to_string(),
            &wording::scheduling::median(figures),
            &wording::scheduling::emails(figures),
            &wording::scheduling::touched(figures),
            &(figures.waiting + figures.needs_person).to_string(),
        ]);
    }
    table
}
