//! The changes of an interview, as they are typed.

use clap::Args;
use greenroom_protocol::Error;
use greenroom_protocol::interview::{
    InterviewCancel, InterviewEdit, InterviewNoShow, InterviewRemind, InterviewReplace,
    InterviewReschedule, InterviewUndo, Outcome,
};
use greenroom_protocol::schedule::Verdict;
use greenroom_protocol::workspace::Reference;

use super::manual::ManualDetails;
use crate::cli::ask;
use crate::cli::session::Session;
use crate::cli::words::{SideWord, Switch, TypeWord};
use crate::client::Client;
use crate::output::is_interactive;
use crate::typed::duration::Minutes;

/// The first protocol in which an undo that would email everyone again can be refused.
const UNSENT_SINCE: u32 = 3;

#[derive(Debug, Args)]
pub(crate) struct Which {
    /// Its ID, or the last six or more characters of it
    id: String,
    /// Refuse if the record has a different revision
    #[arg(long, value_name = "N")]
    expected_revision: Option<u64>,
    /// Only show what would happen
    #[arg(long)]
    dry_run: bool,
}

#[derive(Debug, Args)]
pub(crate) struct Cancel {
    #[command(flatten)]
    which: Which,
    #[command(flatten)]
    why: Why,
}

/// Who requested a change, and why.
#[derive(Debug, Args)]
pub(crate) struct Why {
    /// Who requested it
    #[arg(long, value_name = "SIDE", default_value = "us")]
    by: SideWord,
    /// The reason; shared with the candidate
    #[arg(long, value_name = "TEXT")]
    reason: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Reschedule {
    #[command(flatten)]
    which: Which,
    /// Start, such as "thu 10:30", "tomorrow 3pm their time" or "2026-12-01 10:00"
    #[arg(long, value_name = "TIME")]
    start: String,
    /// The IANA time zone of a start that names none [default: the interview's]
    #[arg(long)]
    zone: Option<String>,
    /// Duration, such as 45m [default: unchanged]
    #[arg(long)]
    duration: Option<Minutes>,
    /// Refuse a time that something speaks against (outside hours, a full day and the like), in place
    /// of a warning
    #[arg(long)]
    refuse_advice: bool,
    #[command(flatten)]
    why: Why,
}

#[derive(Debug, Args)]
pub(crate) struct Edit {
    #[command(flatten)]
    which: Which,
    /// How people join; `zoom` without a link creates a meeting
    #[arg(long = "type", value_name = "TYPE")]
    kind: Option<TypeWord>,
    /// The new interviewers, replacing the current ones; repeatable
    #[arg(long = "with", value_name = "EMAIL")]
    with: Vec<String>,
    /// The organizer
    #[arg(long, value_name = "EMAIL")]
    organizer: Option<String>,
    /// Whose Zoom account hosts
    #[arg(long, value_name = "EMAIL")]
    zoom_user: Option<String>,
    /// Whether Zoom writes a summary, and the invitation says so
    #[arg(long, value_name = "SWITCH")]
    zoom_notes: Option<Switch>,
    /// Refuse where something speaks against the time with the new interviewers, in place of a warning
    #[arg(long)]
    refuse_advice: bool,
    #[command(flatten)]
    manual: ManualDetails,
}

#[derive(Debug, Args)]
pub(crate) struct Remind {
    #[command(flatten)]
    which: Which,
    /// The interviewer
    #[arg(long, value_name = "EMAIL")]
    to: String,
}

#[derive(Debug, Args)]
pub(crate) struct Replace {
    #[command(flatten)]
    which: Which,
    /// The interviewer whose place is taken
    #[arg(long, value_name = "EMAIL")]
    from: String,
    /// Who takes it [default: the next of their "any of" who is free]
    #[arg(long, value_name = "EMAIL")]
    to: Option<String>,
}

#[derive(Debug, Args)]
pub(crate) struct NoShow {
    #[command(flatten)]
    which: Which,
    /// An absent interviewer; repeatable [default: the candidate was absent]
    #[arg(long, value_name = "EMAIL")]
    who: Vec<String>,
}

#[derive(Debug, Args)]
pub(crate) struct Undo {
    #[command(flatten)]
    which: Which,
    /// The number of the change; refused unless it is the latest [default: the latest]
    #[arg(long, value_name = "N")]
    change: Option<u32>,
}

impl Undo {
    /// Undoes it; where that emails everyone again, a person is asked first.
    pub(super) async fn run(self, session: &Session, client: &Client) -> Result<Outcome, Error> {
        let change = match self.change {
            Some(change) => change,
            None => {
                let reference = Reference::to(&self.which.id);
                client.interview_get(reference).await?.change
            }
        };
        let undo = InterviewUndo {
            interview: self.which.into(),
            change,
            unsent: client.hello().protocol >= UNSENT_SINCE,
        };
        let refused = match client.interview_undo(undo.clone()).await {
            Err(error) if error.field.as_deref() == Some("unsent") => error,
            answer => return answer,
        };
        let words = format!("{}. Everyone is emailed again", refused.message);
        match is_interactive() && !undo.interview.dry_run {
            true => ask::confirm(session, &format!("{words}. Undo it"))?,
            false => session.output.note(&words),
        }
        let unsent = false;
        client
            .interview_undo(InterviewUndo { unsent, ..undo })
            .await
    }
}

impl From<Cancel> for InterviewCancel {
    fn from(cancel: Cancel) -> Self {
        Self {
            interview: cancel.which.into(),
            by: cancel.why.by.into(),
            reason: cancel.why.reason,
        }
    }
}

impl From<Reschedule> for InterviewReschedule {
    fn from(to: Reschedule) -> Self {
        Self {
            interview: to.which.into(),
            start: to.start,
            start_shown: None,
            locale: None,
            zone: to.zone,
            duration_minutes: to.duration.map(|minutes| minutes.0),
            by: to.why.by.into(),
            reason: to.why.reason,
            refuse_advice: to.refuse_advice,
        }
    }
}

impl From<Edit> for InterviewEdit {
    fn from(edit: Edit) -> Self {
        Self {
            interview: edit.which.into(),
            kind: edit.kind.map(Into::into),
            organizer: edit.organizer,
            with: Some(edit.with).filter(|with| !with.is_empty()),
            zoom_user: edit.zoom_user,
            zoom_notes: edit.zoom_notes.map(Into::into),
            url: edit.manual.url,
            meeting_id: edit.manual.meeting_id,
            passcode: edit.manual.passcode,
            details: edit.manual.details,
            refuse_advice: edit.refuse_advice,
        }
    }
}

impl Remind {
    pub(super) async fn run(self, client: &Client) -> Result<Outcome, Error> {
        let dry_run = self.which.dry_run;
        let remind = InterviewRemind {
            interview: self.which.into(),
            to: self.to,
        };
        Ok(Outcome {
            emails: Vec::new(),
            interview: client.interview_remind(remind).await?,
            verdict: Verdict::default(),
            repeated: false,
            dry_run,
            panel: None,
            letters: Vec::new(),
        })
    }
}

impl From<Replace> for InterviewReplace {
    fn from(replace: Replace) -> Self {
        Self {
            interview: replace.which.into(),
            from: replace.from,
            to: replace.to,
        }
    }
}

impl From<NoShow> for InterviewNoShow {
    fn from(no_show: NoShow) -> Self {
        Self {
            interview: no_show.which.into(),
            absent: no_show.who,
        }
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
