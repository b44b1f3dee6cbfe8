//! `greenroom interview …`.

mod change;
mod days;
mod drift;
mod invite;
mod list;
mod manual;
mod new;

use clap::Subcommand;
use greenroom_protocol::Error;
use greenroom_protocol::interview::{self as wire, MeetingState, Outcome};
use greenroom_protocol::pipeline::PanelRule;
use greenroom_protocol::received::{ReceivedMail, ReceivedQuery};
use greenroom_protocol::workspace::{MemberBrief, Reference};
use serde::Serialize;

use self::change::{Cancel, Edit, NoShow, Remind, Replace, Reschedule, Undo, Which};
use self::drift::{Check, DeleteStray, Mend};
use self::invite::Invite;
use self::list::List;
pub(crate) use self::list::callers_zone;
pub(crate) use self::manual::ManualDetails;
use self::new::New;
use super::host::{described, warn_of_broken};
use super::meeting_state::{judged, settled};
use super::received;
use super::session::Session;
use super::time;
use super::words::{here, meeting, person, word};
use crate::client::Client;
use crate::output::{Failure, Lines, Stop};
use crate::typed::duration::written;

#[derive(Debug, Subcommand)]
pub(crate) enum Interview {
    /// List interviews by start
    List(List),
    /// Show an interview
    Show {
        /// Its ID, or the last six or more characters of it
        id: String,
    },
    /// Schedule an interview; its meeting is created when it is confirmed
    New(Box<New>),
    /// Confirm an interview, or retry creating its meeting
    Confirm(Which),
    /// Move an interview to another time; the meeting and link stay the same
    Reschedule(Box<Reschedule>),
    /// Change the interviewers or how people join
    Edit(Box<Edit>),
    /// Remind an interviewer who has not replied
    Remind(Remind),
    /// Have somebody take an interviewer's place
    Replace(Replace),
    /// Cancel an interview and delete its meeting
    Cancel(Cancel),
    /// Mark a no-show
    NoShow(NoShow),
    /// Mark an interview completed
    Complete(Which),
    /// Undo the latest change, or a booking that nobody has been emailed about
    Undo(Undo),
    /// Compare upcoming meetings with Zoom
    Check(Check),
    /// Fix a difference that a check found
    Repair(Mend),
    /// Delete an unused Zoom meeting
    DeleteStray(DeleteStray),
    /// Preview the invitation as iCalendar; nothing is sent
    Invite(Invite),
}

/// What programs get: the interview, and how it came about.
#[derive(Serialize)]
struct Printed<'a> {
    #[serde(flatten)]
    interview: &'a wire::Interview,
    repeated: bool,
    dry_run: bool,
    #[serde(skip_serializing_if = "Option::is_none")]
    panel: Option<wire::PanelProposal>,
}

impl Interview {
    pub(crate) async fn run(self, session: &Session) -> Result<(), Stop> {
        let client = session.client().await?;
        let outcome = match self {
            Self::List(list) => return list.run(session, &client).await,
            Self::Show { id } => {
                let interview = client.interview_get(Reference::to(id)).await?;
                return show(session, &client, &interview).await;
            }
            Self::New(new) => {
                let mut interview = wire::InterviewNew::from(*new);
                interview.locale = time::locale_for(&client);
                client.interview_new(interview).await?
            }
            Self::Confirm(which) => client.interview_confirm(which.into()).await?,
            Self::Reschedule(to) => {
                let mut interview = wire::InterviewReschedule::from(*to);
                interview.locale = time::locale_for(&client);
                client.interview_reschedule(interview).await?
            }
            Self::Edit(edit) => client.interview_edit((*edit).into()).await?,
            Self::Remind(remind) => remind.run(&client).await?,
            Self::Replace(replace) => client.interview_replace(replace.into()).await?,
            Self::Cancel(cancel) => client.interview_cancel(cancel.into()).await?,
            Self::NoShow(no_show) => client.interview_no_show(no_show.into()).await?,
            Self::Complete(which) => client.interview_complete(which.into()).await?,
            Self::Undo(undo) => undo.run(session, &client).await?,
            Self::Check(check) => return check.run(session, &client).await,
            Self::Repair(mend) => mend.run(&client).await?,
            Self::DeleteStray(stray) => return stray.run(session, &client).await,
            Self::Invite(invite) => return invite.run(session, &client).await,
        };
        conclude(session, &client, outcome).await
    }
}

/// An interview, and the emails about it that came in.
#[derive(Serialize)]
struct Shown<'a> {
    #[serde(flatten)]
    interview: &'a wire::Interview,
    received: &'a [ReceivedMail],
}

async fn show(session: &Session, client: &Client, interview: &wire::Interview) -> Result<(), Stop> {
    let query = ReceivedQuery {
        interview: Some(interview.id.to_string()),
        ..ReceivedQuery::default()
    };
    let received = &received::beside(client, query).await?;
    // On a terminal they stand in the record itself.
    if !session.output.is_terminal() {
        for warning in &interview.warnings {
            session.output.warn(&warning.message);
        }
    }
    warn_of_broken(session.output, std::slice::from_ref(interview));
    let shown = Shown {
        interview,
        received,
    };
    session.output.record(&shown, || {
        let warnings = interview.warnings.iter().map(|it| it.message.clone());
        lines(interview)
            .each("warnings", warnings)
            .all(received::told(received))
    })
}

/// Shows what came of it, once the work outside is done or the time for it is over.
async fn conclude(session: &Session, client: &Client, outcome: Outcome) -> Result<(), Stop> {
    let Outcome {
        mut interview,
        verdict,
        repeated,
        dry_run,
        panel,
        // Only the client asks for them.
        letters: _,
        emails: _,
    } = outcome;
    if let Some(why) = verdict.refusal() {
        let error = Error::conflict(why).hint("choose another time");
        return Err(Failure::with(error, "interview", &interview).into());
    }
    let wait = !session.no_wait && !dry_run;
    if wait {
        interview = settled(client, interview, session.patience()).await?;
    }
    let advice = verdict.advises.into_iter();
    let advice: Vec<_> = advice
        .filter(|advice| !interview.warnings.iter().any(|it| it.says_the_same(advice)))
        .collect();
    interview.warnings.extend(advice);
    for warning in &interview.warnings {
        session.output.warn(&warning.message);
    }
    for choice in panel.iter().flat_map(|panel| &panel.groups) {
        if let Some(words) = chosen_of(choice, &interview) {
            session.output.note(&words);
        }
    }
    if repeated {
        session.output.note("already booked with the same key");
    }
    if dry_run {
        session.output.note("dry run: nothing was written");
    }
    if wait {
        judged(&interview)?;
    }
    let printed = Printed {
        interview: &interview,
        repeated,
        dry_run,
        panel,
    };
    session.output.record(&printed, || lines(&interview))
}

/// Who of an "any of" group takes part by fairness, where somebody was chosen from several.
fn chosen_of(choice: &wire::PanelChoice, interview: &wire::Interview) -> Option<String> {
    if choice.rule != PanelRule::AnyOf || choice.members.len() < 2 {
        return None;
    }
    let proposed = choice.members.iter().find(|it| it.proposed)?;
    let takes_part = |it: &MemberBrief| it.id == proposed.member.id;
    interview.interviewers.iter().find(|it| takes_part(it))?;
    let names = choice.members.iter().map(|it| it.member.name.as_str());
    let names = names.collect::<Vec<_>>().join(", ");
    Some(format!(
        "{} is chosen from {names}: {} of this job from 28 days before to 7 days after",
        proposed.member.name,
        counted(proposed.interviews)
    ))
}

fn counted(interviews: u32) -> String {
    match interviews {
        1 => "1 interview".to_owned(),
        many => format!("{many} interviews"),
    }
}

fn lines(interview: &wire::Interview) -> Lines {
    let how = &interview.meeting;
    let planned = interview.status == wire::InterviewStatus::ToBeConfirmed;
    let state = match (how.state, &how.reason) {
        (MeetingState::None, _) if planned && !how.manual => "created when confirmed".to_owned(),
        (_, Some(reason)) => format!("{}: {reason}", meeting(interview)),
        (_, None) => meeting(interview).to_owned(),
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
        .line("start", interview.start.in_zone(&interview.zone))
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
        .maybe("zoom notes", interview.zoom_notes.then_some("on"))
        .maybe("absent", absent(interview))
        .each(
            "changes",
            interview
                .changes
                .iter()
                .map(|change| told(change, &interview.zone)),
        )
        .each("attendees", interview.attendees.iter().map(attendee))
        .each(
            "asks",
            interview.asks.iter().map(|it| asked(it, &interview.zone)),
        )
        .line("id", interview.id.to_string())
}

/// Who did not come.
fn absent(interview: &wire::Interview) -> Option<String> {
    let candidate = interview
        .candidate_absent
        .then_some(interview.candidate.name.as_str());
    let members = interview.absent.iter().map(|who| who.name.as_str());
    let names: Vec<_> = candidate.into_iter().chain(members).collect();
    (!names.is_empty()).then(|| names.join(", "))
}

/// A change in a line, such as `2 rescheduled from …`.
fn told(change: &wire::Change, zone: &str) -> String {
    let by = match (&change.by, change.automatic) {
        (Some(who), _) => who.name.as_str(),
        (None, true) => "Greenroom, automatically",
        (None, false) => "the operator",
    };
    let side = match change.side {
        wire::Side::Us => "",
        wire::Side::Candidate => ", requested by the candidate",
    };
    let from = match change.kind {
        wire::ChangeKind::Rescheduled => format!(" from {}", change.former_start.in_zone(zone)),
        _ => String::new(),
    };
    let reason = change
        .reason
        .as_ref()
        .map(|reason| format!(": {reason}"))
        .unwrap_or_default();
    let (number, kind, at) = (change.number, word(change.kind), here(change.at));
    format!("{number} {kind}{from} by {by}, {at}{side}{reason}")
}

fn attendee(attendee: &wire::Attendee) -> String {
    let state = match &attendee.reason {
        Some(why) => format!("{}: {why}", word(attendee.state)),
        None => word(attendee.state),
    };
    let silent = attendee.silent_since.map(|since| {
        let reminded = match attendee.reminded_at {
            Some(at) => format!(", reminded {}", here(at)),
            None => String::new(),
        };
        format!(", no reply since {}{reminded}", here(since))
    });
    let state = state + &silent.unwrap_or_default();
    let note = attendee
        .note
        .as_ref()
        .map(|note| format!(", with a note: {note}"));
    let (who, note) = (
        person(&attendee.name, &attendee.email),
        note.unwrap_or_default(),
    );
    format!("{who}, {state}{note}")
}

fn asked(ask: &wire::RescheduleAsk, zone: &str) -> String {
    let start = ask.start.map(|start| format!(" {}", start.in_zone(zone)));
    let comment = ask.comment.as_deref().map(|words| format!(": {words}"));
    format!(
        "{} proposes a new time{}{}",
        ask.name,
        start.unwrap_or_default(),
        comment.unwrap_or_default()
    )
}
