//! A new interview, as it is typed.

use clap::Args;
use greenroom_protocol::interview::InterviewNew;

use super::manual::ManualDetails;
use crate::cli::words::{Switch, TypeWord};
use crate::typed::duration::Minutes;

#[derive(Debug, Args)]
pub(crate) struct New {
    /// The candidate: email, name or ID
    #[arg(long)]
    candidate: String,
    /// The job [default: the only open application's]
    #[arg(long)]
    job: Option<String>,
    /// How people join
    #[arg(long = "type", value_name = "TYPE", default_value = "zoom")]
    kind: TypeWord,
    /// Start, such as "thu 10:30", "tomorrow 3pm their time" or "2026-12-01 10:00"
    #[arg(long, value_name = "TIME")]
    start: String,
    /// The IANA time zone of a start that names none [default: yours]
    #[arg(long)]
    zone: Option<String>,
    /// Duration, such as 45m [default: the stage's]
    #[arg(long)]
    duration: Option<Minutes>,
    /// Interviewers; repeatable [default: the stage's panel, from each "any of" the one who has had
    /// the fewest; without a panel, you]
    #[arg(long = "with", value_name = "EMAIL")]
    with: Vec<String>,
    /// The organizer [default: you]
    #[arg(long, value_name = "EMAIL")]
    organizer: Option<String>,
    /// Whose Zoom account hosts [default: yours]
    #[arg(long, value_name = "EMAIL")]
    zoom_user: Option<String>,
    /// Whether Zoom writes a summary, and the invitation says so [default: the stage's]
    #[arg(long, value_name = "SWITCH")]
    zoom_notes: Option<Switch>,
    #[command(flatten)]
    manual: ManualDetails,
    /// Confirm it immediately
    #[arg(long)]
    confirm: bool,
    /// Using the same key within 30 days returns the same interview
    #[arg(long, value_name = "KEY")]
    idempotency_key: Option<String>,
    /// Refuse a time that something speaks against (outside hours, a full day and the like), in place
    /// of a warning
    #[arg(long)]
    refuse_advice: bool,
    /// Only check whether it would work
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
            start_shown: None,
            locale: None,
            zone: new.zone,
            duration_minutes: new.duration.map(|Minutes(minutes)| minutes),
            organizer: new.organizer,
            with: new.with,
            zoom_user: new.zoom_user,
            url: new.manual.url,
            meeting_id: new.manual.meeting_id,
            passcode: new.manual.passcode,
            details: new.manual.details,
            zoom_notes: new.zoom_notes.map(Into::into),
            confirm: new.confirm,
            refuse_advice: new.refuse_advice,
            idempotency_key: new.idempotency_key,
            dry_run: new.dry_run,
            preview: false,
        }
    }
}
