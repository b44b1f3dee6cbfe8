//! A new interview, as it is typed.

use clap::Args;
use greenroom_protocol::interview::InterviewNew;

use super::manual::ManualDetails;
use crate::cli::duration::Minutes;
use crate::cli::words::TypeWord;

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
    /// Who takes part; repeatable [default: the stage's panel, one of each "any of" by fairness;
    /// without a panel you]
    #[arg(long = "with", value_name = "EMAIL")]
    with: Vec<String>,
    /// Who invites [default: you]
    #[arg(long, value_name = "EMAIL")]
    organizer: Option<String>,
    /// Whose Zoom hosts [default: yours]
    #[arg(long, value_name = "EMAIL")]
    zoom_user: Option<String>,
    #[command(flatten)]
    manual: ManualDetails,
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
            url: new.manual.url,
            meeting_id: new.manual.meeting_id,
            passcode: new.manual.passcode,
            details: new.manual.details,
            confirm: new.confirm,
            idempotency_key: new.idempotency_key,
            dry_run: new.dry_run,
        }
    }
}
