//! The changes people make: each only says under which terms an interview is to be.

use greenroom_protocol::Error;
use greenroom_protocol::interview::{
    ChangeKind, InterviewCancel, InterviewEdit, InterviewNoShow, InterviewReschedule,
    InterviewStatus, InterviewUndo, MeetingType, Outcome, Side,
};
use greenroom_protocol::workspace::Reference;

use super::change::{Meeting, Until, Wanted, change, change_for, over};
use super::judge::Purpose;
use super::moving;
use super::plan::{self, Details};
use super::start::{self, Asked};
use crate::access::RequestContext;
use crate::input;
use crate::records::interview::{InterviewRecord, ManualDetails, ZoomMeeting};
use crate::records::terms::{Absent, Terms};
use crate::services::Services;

/// Confirms an interview; for one whose meeting could not be made, or is gone, asks Zoom again.
/// Confirming twice changes nothing.
pub async fn confirm(
    services: &Services,
    context: &RequestContext,
    request: Reference,
) -> Result<Outcome, Error> {
    change(services, context, &request, |interview| {
        let terms = match (interview.status, &interview.meeting.zoom) {
            (InterviewStatus::ToBeConfirmed, _)
            | (InterviewStatus::Confirmed, ZoomMeeting::Failed { .. } | ZoomMeeting::Gone) => {
                Some(standing(interview, InterviewStatus::Confirmed))
            }
            (InterviewStatus::Confirmed, _) => None,
            (status, _) => return Err(over(status)),
        };
        Ok(Wanted::new(ChangeKind::Confirmed, terms))
    })
    .await
}

/// Cancels an interview: gives everybody their time back and has Zoom delete the meeting.
/// Cancelling twice changes nothing.
pub async fn cancel(
    services: &Services,
    context: &RequestContext,
    request: InterviewCancel,
) -> Result<Outcome, Error> {
    let reason = reason(request.reason.as_deref())?;
    change(services, context, &request.interview, |interview| {
        cancelled(interview, request.by, reason.clone())
    })
    .await
}

/// What cancelling wants of an interview.
pub(super) fn cancelled(
    interview: &InterviewRecord,
    side: Side,
    reason: Option<String>,
) -> Result<Wanted, Error> {
    let terms = match interview.status {
        InterviewStatus::Cancelled => None,
        status if !interview.takes_time() => return Err(over(status)),
        _ => Some(standing(interview, InterviewStatus::Cancelled)),
    };
    Ok(Wanted {
        side,
        reason,
        ..Wanted::new(ChangeKind::Cancelled, terms)
    })
}

/// Moves an interview to another time; its meeting and link stay.
pub async fn reschedule(
    services: &Services,
    context: &RequestContext,
    request: InterviewReschedule,
) -> Result<Outcome, Error> {
    let reason = reason(request.reason.as_deref())?;
    let purpose = Purpose::of(request.interview.dry_run, request.refuse_advice);
    change_for(
        services,
        context,
        (&request.interview, purpose),
        |interview| {
            let terms = moved(services, context, interview, &request)?;
            Ok(Wanted {
                terms: (terms != interview.terms()).then_some(terms),
                kind: ChangeKind::Rescheduled,
                side: request.by,
                reason: reason.clone(),
                meeting: Meeting::Follows,
                known: Vec::new(),
                until: Until::Always,
                replaces: None,
            })
        },
    )
    .await
}

/// The terms of an interview at the time that is asked for.
pub(super) fn moved(
    services: &Services,
    context: &RequestContext,
    interview: &InterviewRecord,
    request: &InterviewReschedule,
) -> Result<Terms, Error> {
    moving::refuse_over(interview)?;
    let before = interview.terms();
    let zone = request.zone.as_deref().unwrap_or(&before.zone);
    let asked = Asked {
        text: &request.start,
        zone,
        locale: request.locale.as_deref(),
        shown: request.start_shown,
        minutes: request.duration_minutes,
        candidate: interview.candidate,
    };
    let (start, minutes) = start::read(services, context, &asked)?;
    let minutes = minutes.unwrap_or(before.duration_minutes);
    Ok(Terms {
        start: start.instant,
        zone: start.zone,
        offset: start.offset,
        duration_minutes: plan::duration(minutes)?,
        ..before
    })
}

/// Changes who takes part or how people join.
pub async fn edit(
    services: &Services,
    context: &RequestContext,
    request: InterviewEdit,
) -> Result<Outcome, Error> {
    let purpose = Purpose::of(request.interview.dry_run, request.refuse_advice);
    change_for(
        services,
        context,
        (&request.interview, purpose),
        |interview| {
            if !interview.takes_time() {
                return Err(over(interview.status));
            }
            let before = interview.terms();
            let mut terms = before.clone();
            if let Some(organizer) = request.organizer.as_deref() {
                terms.organizer = plan::member(services, context, organizer, "organizer")?;
            }
            if let Some(with) = &request.with {
                terms.interviewers = plan::interviewers(services, context, with)?;
            }
            join(services, context, &request, &mut terms)?;
            let asked = plan::zoom_notes(request.zoom_notes, terms.host.is_some())?;
            terms.zoom_notes = asked.unwrap_or(terms.zoom_notes) && terms.host.is_some();
            Ok(Wanted::new(
                ChangeKind::Edited,
                (terms != before).then_some(terms),
            ))
        },
    )
    .await
}

/// How people are to join: what is named replaces what was.
fn join(
    services: &Services,
    context: &RequestContext,
    request: &InterviewEdit,
    terms: &mut Terms,
) -> Result<(), Error> {
    let typed = Details {
        url: request.url.as_deref(),
        meeting_id: request.meeting_id.as_deref(),
        passcode: request.passcode.as_deref(),
        details: request.details.as_deref(),
    };
    let kind = request.kind.unwrap_or(terms.kind);
    if request.kind.is_none() && request.zoom_user.is_none() && typed.is_empty() {
        return Ok(());
    }
    // Of the same kind, details that are not typed anew stay; another kind begins anew.
    let stays = terms.manual.clone().filter(|_| kind == terms.kind);
    let ours = kind == MeetingType::Zoom && request.url.is_none();
    let asked_to_make = request.kind.is_some() || request.zoom_user.is_some();
    let stays = stays
        .filter(|_| !(ours && asked_to_make))
        .unwrap_or_default();
    let manual = plan::manual(kind, &typed.over(&stays))?;
    terms.host = match manual {
        None if kind == MeetingType::Zoom => {
            let named = request.zoom_user.as_deref();
            Some(plan::host(services, context, named, terms.host)?)
        }
        _ => None,
    };
    terms.kind = kind;
    terms.manual = manual;
    Ok(())
}

/// Marks an interview as completed.
pub async fn complete(
    services: &Services,
    context: &RequestContext,
    request: Reference,
) -> Result<Outcome, Error> {
    change(services, context, &request, |interview| {
        has_begun(services, interview)?;
        let terms = Terms {
            absent: Absent::default(),
            ..standing(interview, InterviewStatus::Completed)
        };
        let terms = (terms != interview.terms()).then_some(terms);
        Ok(Wanted::new(ChangeKind::Completed, terms))
    })
    .await
}

/// Marks an interview to which somebody did not come.
pub async fn no_show(
    services: &Services,
    context: &RequestContext,
    request: InterviewNoShow,
) -> Result<Outcome, Error> {
    change(services, context, &request.interview, |interview| {
        has_begun(services, interview)?;
        let mut absent = Absent {
            candidate: request.absent.is_empty(),
            members: Vec::new(),
        };
        for text in &request.absent {
            let member = plan::member(services, context, text, "absent")?;
            if !interview.interviewers.contains(&member) {
                return Err(
                    Error::usage("That member is not an interviewer of this interview")
                        .field("absent")
                        .hint("name an interviewer, or nobody where the candidate did not come"),
                );
            }
            if !absent.members.contains(&member) {
                absent.members.push(member);
            }
        }
        let terms = Terms {
            absent,
            ..standing(interview, InterviewStatus::NoShow)
        };
        let terms = (terms != interview.terms()).then_some(terms);
        Ok(Wanted::new(ChangeKind::NoShow, terms))
    })
    .await
}

/// Undoes the latest change: the terms before it are wanted again, and judged as any others. Before
/// the first change the latest is the booking itself: undone, it remains as a cancelled interview.
/// A booking and a confirmation can be undone until the first email about them leaves; afterwards
/// people know of it, and cancelling notifies them. Any other change can be undone later too; then
/// everyone is emailed again, unless the request wants it refused.
pub async fn undo(
    services: &Services,
    context: &RequestContext,
    request: InterviewUndo,
) -> Result<Outcome, Error> {
    change(services, context, &request.interview, |interview| {
        let stale = || {
            Error::conflict("The interview was changed since, so this can't be undone")
                .hint("look at it again, then decide")
        };
        if request.change != interview.change {
            return Err(stale());
        }
        let Some(last) = interview.changes.last() else {
            if !interview.takes_time() {
                return Err(over(interview.status));
            }
            let terms = standing(interview, InterviewStatus::Cancelled);
            return Ok(Wanted {
                until: Until::AnyEmail,
                ..Wanted::new(ChangeKind::Undone, Some(terms))
            });
        };
        if last.kind == ChangeKind::Repaired && last.before == interview.terms() {
            let why = "The Zoom meeting was fixed, which can't be undone";
            return Err(Error::conflict(why).hint("change the interview as it is to be now"));
        }
        let confirmed = last.kind == ChangeKind::Confirmed
            && last.before.status == InterviewStatus::ToBeConfirmed;
        Ok(Wanted {
            until: match (confirmed, request.unsent) {
                (true, _) => Until::AnyEmail,
                (false, true) => Until::EmailSince(last.at),
                (false, false) => Until::Always,
            },
            ..Wanted::new(ChangeKind::Undone, Some(last.before.clone()))
        })
    })
    .await
}

fn standing(interview: &InterviewRecord, status: InterviewStatus) -> Terms {
    Terms {
        status,
        ..interview.terms()
    }
}

fn has_begun(services: &Services, interview: &InterviewRecord) -> Result<(), Error> {
    if matches!(
        interview.status,
        InterviewStatus::Cancelled | InterviewStatus::ToBeConfirmed
    ) {
        return Err(Error::conflict(
            "The interview is not confirmed, so it can't be completed or a no-show",
        ));
    }
    if interview.start > services.clock.now() {
        return Err(Error::usage("The interview hasn't started yet")
            .hint("cancel it if it will not be held"));
    }
    Ok(())
}

fn reason(text: Option<&str>) -> Result<Option<String>, Error> {
    input::optional_line("reason", text)
}

impl Details<'_> {
    fn is_empty(&self) -> bool {
        [self.url, self.meeting_id, self.passcode, self.details]
            .iter()
            .all(Option::is_none)
    }

    /// These, and where one is not typed, what was there.
    fn over<'a>(&'a self, former: &'a ManualDetails) -> Details<'a> {
        Details {
            url: self.url.or(former.url.as_deref()),
            meeting_id: self.meeting_id.or(former.meeting_id.as_deref()),
            passcode: self.passcode.or(former.passcode.as_deref()),
            details: self.details.or(former.details.as_deref()),
        }
    }
}
