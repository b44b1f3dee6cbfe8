//! Comparing bookings with Zoom, and repairing what differs.
//!
//! Invariant: "all as booked" is said only where everything was looked at; else the exit code is 8.

use std::time::Duration;

use clap::{Args, ValueEnum};
use greenroom_protocol::drift::{
    CheckQuery, DriftReport, HostCheck, InterviewRepair, Orphan, OrphanDelete, Repair, Unchecked,
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
    /// How: create a new meeting, use Zoom's time, use our time and settings, or ignore the
    /// difference
    #[arg(long = "by", value_name = "WAY")]
    repair: RepairWord,
}

#[derive(Debug, Args)]
pub(crate) struct DeleteStray {
    /// The unused meeting, as `check` names it
    stray: String,
    /// Only show what would happen
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
        while !session.no_wait && report.is_running() {
            match timeout_at(end, client.changes(before, POLL)).await {
                Err(_) => break,
                Ok(changes) => before = changes?.revision,
            }
            report = client.drift_list().await?;
        }
        for host in &report.hosts {
            let name = &host.host.name;
            if let Some(reason) = &host.reason {
                session.output.warn(&format!("{name}: {reason}"));
            } else if may_not_list(host) {
                session.output.warn(&format!(
                    "{name} has not granted the permission to list meetings, so unused meetings can't be found"
                ));
            }
        }
        let Some(error) = incomplete(&report).filter(|_| !session.no_wait) else {
            return session.output.record(&report, || lines(&report));
        };
        if !session.output.is_json() {
            session.output.record(&report, || lines(&report))?;
        }
        let failure = Failure::with(error, "report", &report).and("unchecked", &report.unchecked);
        Err(failure.into())
    }
}

/// What is wrong where not everything was looked at.
fn incomplete(report: &DriftReport) -> Option<Error> {
    if report.is_running() {
        let error = Error::new(ErrorKind::Pending, "The Zoom check is still running");
        return Some(error.hint("it continues in the background; see: greenroom interview check"));
    }
    if report.is_complete() {
        return None;
    }
    let why = match report.unchecked.len() {
        0 => "Not everything could be checked".to_owned(),
        1 => "1 upcoming interview could not be checked".to_owned(),
        many => format!("{many} upcoming interviews could not be checked"),
    };
    let hint = "fix what is named under \"not checked\", then run: greenroom interview check";
    Some(Error::new(ErrorKind::Upstream, why).hint(hint))
}

/// Whether unused meetings were not looked for because the host did not grant the permission.
fn may_not_list(host: &HostCheck) -> bool {
    host.is_complete() && !host.strays_looked_for
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
            ask::confirm(session, &format!("Delete {} from Zoom", self.stray))?;
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
    Lines::new()
        .each("checked", report.hosts.iter().map(checked))
        .line("found", outcome(report))
        .each("differs", report.interviews.iter().map(differs))
        .each("stray", report.orphans.iter().map(stray))
        .each("not checked", report.unchecked.iter().map(unchecked))
}

/// What the check comes to, in a few words.
fn outcome(report: &DriftReport) -> String {
    let found = report.interviews.len() + report.orphans.len();
    let open = report.unchecked.len();
    let found = (found > 0).then(|| format!("{found} to look at"));
    let open = (open > 0).then(|| format!("{open} not checked"));
    let parts: Vec<_> = found.into_iter().chain(open).collect();
    if !parts.is_empty() {
        return parts.join(", ");
    }
    let meetings: u32 = report.hosts.iter().map(|host| host.meetings).sum();
    match () {
        () if report.is_running() => "the Zoom check is still running".to_owned(),
        () if !report.is_complete() => "Not everything could be checked".to_owned(),
        () if meetings == 0 => "no upcoming Zoom meetings".to_owned(),
        () if report.hosts.iter().any(may_not_list) => {
            "in sync; unused meetings were not looked for".to_owned()
        }
        () => "in sync: everything is as booked".to_owned(),
    }
}

fn unchecked(interview: &Unchecked) -> String {
    format!(
        "{} {} {}: {}",
        interview.start.in_zone(&interview.zone),
        interview.candidate,
        interview.interview,
        interview.reason
    )
}

fn checked(host: &HostCheck) -> String {
    let when = match (host.running, host.checked_at) {
        (true, _) => "in progress".to_owned(),
        (false, Some(at)) if host.reason.is_some() => format!("not completely, last {}", here(at)),
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
        (true, None) => ", deleting".to_owned(),
        (false, None) => String::new(),
    };
    let (id, host, meeting) = (&orphan.id, &orphan.host.name, &orphan.meeting_id);
    format!("{id}: meeting {meeting} of {host}, {start}{state}")
}

#[cfg(test)]
mod tests {
    use greenroom_protocol::id::{InterviewId, MemberId};
    use greenroom_protocol::time::Instant;
    use greenroom_protocol::workspace::MemberBrief;

    use super::*;

    fn dana() -> MemberBrief {
        MemberBrief {
            id: MemberId::new(),
            name: "Dana Reyes".into(),
            email: "dana.reyes@acme.example".into(),
        }
    }

    fn report(change: impl FnOnce(&mut DriftReport)) -> DriftReport {
        let mut report = DriftReport {
            hosts: vec![HostCheck {
                host: dana(),
                running: false,
                checked_at: Some(Instant::from_second(1_800_014_400)),
                meetings: 2,
                strays_looked_for: true,
                reason: None,
            }],
            interviews: Vec::new(),
            orphans: Vec::new(),
            unchecked: Vec::new(),
        };
        change(&mut report);
        report
    }

    /// Case Z4: "all as booked" is said only where everything was looked at.
    #[test]
    fn what_was_not_looked_at_is_never_as_booked() {
        let open = Unchecked {
            interview: InterviewId::new(),
            candidate: "Ana Lima".into(),
            start: Instant::from_second(1_800_014_400),
            zone: "Europe/Berlin".into(),
            host: dana(),
            reason: "Zoom refused".into(),
        };
        let table = [
            (report(|_| ()), "in sync: everything is as booked", None),
            (
                report(|it| it.hosts[0].strays_looked_for = false),
                "in sync; unused meetings were not looked for",
                None,
            ),
            (
                report(|it| it.hosts.clear()),
                "no upcoming Zoom meetings",
                None,
            ),
            (
                report(|it| it.unchecked = vec![open.clone()]),
                "1 not checked",
                Some(ErrorKind::Upstream),
            ),
            (
                report(|it| it.hosts[0].reason = Some("Zoom refused".into())),
                "Not everything could be checked",
                Some(ErrorKind::Upstream),
            ),
            (
                report(|it| it.hosts[0].checked_at = None),
                "Not everything could be checked",
                Some(ErrorKind::Upstream),
            ),
            (
                report(|it| it.hosts[0].running = true),
                "the Zoom check is still running",
                Some(ErrorKind::Pending),
            ),
        ];
        for (report, words, kind) in table {
            assert_eq!(outcome(&report), words);
            assert_eq!(incomplete(&report).map(|error| error.kind), kind, "{words}");
        }
    }
}
