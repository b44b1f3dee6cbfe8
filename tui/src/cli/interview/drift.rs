//! Bookings held against Zoom, and mending what differs.

use std::time::Duration;

use clap::{Args, ValueEnum};
use greenroom_protocol::drift::{
    CheckQuery, DriftReport, HostCheck, InterviewRepair, Orphan, OrphanDelete, Repair,
};
use greenroom_protocol::interview::{self as wire, Outcome};
use greenroom_protocol::{Error, ErrorKind};
use tokio::time::{Instant, timeout_at};

use super::change::Which;
use crate::cli::ask;
use crate::cli::session::Session;
use crate::cli::words::{here, word};
use crate::client::Client;
use crate::output::{Failure, Lines, Stop};

/// One long poll, at most; a short one notices a daemon that went away.
const POLL: Duration = Duration::from_secs(20);

#[derive(Debug, Args)]
pub(crate) struct Check {
    /// Only this host's meetings
    #[arg(long, value_name = "EMAIL")]
    host: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Mend {
    #[command(flatten)]
    which: Which,
    /// How: another meeting, Zoom's time, the booking's time and settings, or as it is
    #[arg(long = "by", value_name = "WAY")]
    repair: RepairWord,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteStray {
    /// The stray, as `check` names it
    stray: String,
    /// Only say what would happen
    #[arg(long)]
    dry_run: bool,
}

/// [`Repair`], to type.
#[derive(Debug, Clone, Copy, ValueEnum)]
enum RepairWord {
    Recreate,
    Adopt,
    Restore,
    Accept,
}

impl From<RepairWord> for Repair {
    fn from(word: RepairWord) -> Self {
        match word {
            RepairWord::Recreate => Self::Recreate,
            RepairWord::Adopt => Self::Adopt,
            RepairWord::Restore => Self::Restore,
            RepairWord::Accept => Self::Accept,
        }
    }
}

impl Check {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        let mut before = client.hello().revision;
        let mut report = client
            .interview_check(CheckQuery { host: self.host })
            .await?;
        let end = Instant::now() + session.patience();
        while !session.no_wait && is_running(&report) {
            match timeout_at(end, client.changes(before, POLL)).await {
                Err(_) => break,
                Ok(changes) => before = changes?.revision,
            }
            report = client.drift_list().await?;
        }
        for host in &report.hosts {
            let name = &host.host.name;
            if let Some(reason) = &host.reason {
                session
                    .output
                    .warn(&format!("{name}'s meetings are not checked: {reason}"));
            } else if host.checked_at.is_some() && !host.strays_looked_for {
                session.output.warn(&format!(
                    "{name} did not grant the permission to see the list of meetings, so strays cannot be looked for"
                ));
            }
        }
        if !session.no_wait && is_running(&report) {
            let error = Error::new(ErrorKind::Pending, "the check is not done yet")
                .hint("it goes on; see: greenroom interview check");
            return Err(Failure::with(error, "report", &report).into());
        }
        session.output.record(&report, || lines(&report))
    }
}

fn is_running(report: &DriftReport) -> bool {
    report.hosts.iter().any(|host| host.running)
}

impl Mend {
    pub(super) async fn run(self, client: &Client) -> Result<Outcome, Error> {
        let repair = InterviewRepair {
            interview: self.which.into(),
            repair: self.repair.into(),
        };
        client.interview_repair(repair).await
    }
}

impl DeleteStray {
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<(), Stop> {
        if !self.dry_run {
            ask::confirm(session, &format!("delete {} at Zoom", self.stray))?;
        }
        let orphan = OrphanDelete {
            orphan: self.stray,
            dry_run: self.dry_run,
        };
        let orphan = client.orphan_delete(orphan).await?;
        session
            .output
            .record(&orphan, || Lines::new().line("stray", stray(&orphan)))
    }
}

fn lines(report: &DriftReport) -> Lines {
    let found = report.interviews.len() + report.orphans.len();
    let outcome = match found {
        0 => "all as booked".to_owned(),
        found => format!("{found} to look at"),
    };
    Lines::new()
        .each("checked", report.hosts.iter().map(checked))
        .line("found", outcome)
        .each("differs", report.interviews.iter().map(differs))
        .each("stray", report.orphans.iter().map(stray))
}

fn checked(host: &HostCheck) -> String {
    let when = match (host.running, host.checked_at) {
        (true, _) => "under way".to_owned(),
        (false, Some(at)) => format!("{} meetings, {}", host.meetings, here(at)),
        (false, None) => "never".to_owned(),
    };
    format!("{}: {when}", host.host.name)
}

fn differs(interview: &wire::Interview) -> String {
    let what = interview.drift.as_ref().map(|drift| {
        let ways: Vec<_> = drift.repairs.iter().map(word).collect();
        format!(
            "{}: {} (repair --by {})",
            word(drift.kind),
            drift.messages.join("; "),
            ways.join("|")
        )
    });
    format!(
        "{} {} {} {}",
        interview.start.in_zone(&interview.zone),
        interview.candidate.name,
        interview.id,
        what.unwrap_or_default()
    )
}

fn stray(orphan: &Orphan) -> String {
    let start = orphan.start.map(here).unwrap_or_default();
    let state = match (orphan.deleting, &orphan.reason) {
        (_, Some(reason)) => format!(", {reason}"),
        (true, None) => ", is being deleted".to_owned(),
        (false, None) => String::new(),
    };
    let (id, host, meeting) = (&orphan.id, &orphan.host.name, &orphan.meeting_id);
    format!("{id}: meeting {meeting} of {host}, {start}{state}")
}
