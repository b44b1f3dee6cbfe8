//! What the daemon of values does with an interview that is booked: every change, as the real one
//! tells it.

use greenroom_protocol::Error;
use greenroom_protocol::interview::{
    Attendee, AttendeeState, Change, ChangeKind, EMAILS_HAVE_GONE_OUT, Interview, InterviewRemind,
    InterviewReplace, InterviewStatus, InterviewUndo, MeetingState, MeetingType, Outcome, Side,
};
use greenroom_protocol::schedule::{Finding, FindingCode, Verdict};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::Reference;

use super::super::records;
use super::{Daemon, times};

/// When Sam Ito is taken.
const TAKEN: &str = "2026-11-26T13:00:00Z";

impl Daemon {
    /// Answers a change; another call comes back. A dry run changes nothing and is not noted.
    pub(crate) fn change(&mut self, request: Q) -> Result<R, Box<Q>> {
        if !is_change(&request) {
            return Err(request.into());
        }
        if let Some(judged) = self.judged(&request) {
            return Ok(judged);
        }
        self.asked.push(request.clone());
        let refused = self.refuse.take();
        let mut made =
            |reference: &Reference, kind, side, reason, act: &dyn Fn(&mut Interview)| match refused
                .clone()
            {
                Some(error) => Err(error),
                None => self.made(reference, kind, side, reason, act),
            };
        let status = |to: InterviewStatus| move |it: &mut Interview| it.status = to;
        use ChangeKind as K;
        Ok(match request {
            Q::InterviewConfirm { interview } => R::InterviewConfirm(made(
                &interview,
                K::Confirmed,
                Side::Us,
                None,
                &status(InterviewStatus::Confirmed),
            )),
            Q::InterviewComplete { interview } => R::InterviewComplete(made(
                &interview,
                K::Completed,
                Side::Us,
                None,
                &status(InterviewStatus::Completed),
            )),
            Q::InterviewCancel { interview: it } => R::InterviewCancel(made(
                &it.interview,
                K::Cancelled,
                it.by,
                it.reason,
                &status(InterviewStatus::Cancelled),
            )),
            Q::InterviewReschedule { interview: it } => {
                let start = times::start(&it.start, it.zone.as_deref());
                let minutes = it.duration_minutes;
                let act = move |interview: &mut Interview| {
                    interview.start = start;
                    interview.duration_minutes = minutes.unwrap_or(interview.duration_minutes);
                };
                R::InterviewReschedule(made(&it.interview, K::Rescheduled, it.by, it.reason, &act))
            }
            Q::InterviewEdit { interview: it } => {
                let edit = it.clone();
                let act = move |interview: &mut Interview| edited(interview, &edit);
                R::InterviewEdit(made(&it.interview, K::Edited, Side::Us, None, &act))
            }
            Q::InterviewReplace { replace } => {
                let act = |interview: &mut Interview| replaced(interview, &replace);
                R::InterviewReplace(made(&replace.interview, K::Edited, Side::Us, None, &act))
            }
            Q::InterviewRemind { remind } => {
                R::InterviewRemind(refused.map_or_else(|| self.reminded(&remind), Err))
            }
            Q::InterviewNoShow { interview: it } => {
                let absent = it.absent.clone();
                let act = move |interview: &mut Interview| {
                    interview.status = InterviewStatus::NoShow;
                    interview.candidate_absent = absent.is_empty();
                    interview.absent = interview.interviewers.clone();
                    interview
                        .absent
                        .retain(|member| absent.contains(&member.id.to_string()));
                };
                R::InterviewNoShow(made(&it.interview, K::NoShow, Side::Us, None, &act))
            }
            Q::InterviewUndo { interview: it } => {
                R::InterviewUndo(refused.map_or_else(|| self.undone(&it), Err))
            }
            other => return Err(other.into()),
        })
    }

    /// The verdict on a dry run: Sam Ito is taken at one time.
    fn judged(&self, request: &Q) -> Option<R> {
        let mut verdict = Verdict::default();
        match request {
            Q::InterviewReschedule { interview: it } if it.interview.dry_run => {
                if times::start(&it.start, it.zone.as_deref()) == records::at(TAKEN) {
                    verdict.blocks.push(taken());
                }
                let outcome = self.dry(&it.interview, verdict);
                Some(R::InterviewReschedule(outcome))
            }
            Q::InterviewEdit { interview: it } if it.interview.dry_run => {
                let outcome = self.dry(&it.interview, verdict);
                Some(R::InterviewEdit(outcome))
            }
            Q::InterviewReplace { replace: it } if it.interview.dry_run => {
                let outcome = match self.next {
                    Some(next) => {
                        let to = Some(records::brief(next).id.to_string());
                        let it = InterviewReplace { to, ..it.clone() };
                        let outcome = self.dry(&it.interview, verdict);
                        outcome.map(|mut outcome| {
                            replaced(&mut outcome.interview, &it);
                            outcome
                        })
                    }
                    None => Err(Error::conflict("Nobody else is free then").field("to")),
                };
                Some(R::InterviewReplace(outcome))
            }
            _ => None,
        }
    }

    fn reminded(&mut self, remind: &InterviewRemind) -> Result<Interview, Error> {
        let mut all = self.interviews.iter_mut();
        let found = all.find(|it| it.id.to_string() == remind.interview.reference);
        let interview = found.ok_or_else(|| Error::not_found("no such interview"))?;
        let mut guests = interview.attendees.iter_mut();
        let to = |it: &&mut Attendee| it.member.is_some_and(|id| id.to_string() == remind.to);
        let guest = guests
            .find(to)
            .ok_or_else(|| Error::not_found("no such guest"))?;
        guest.reminded_at = Some(records::at(records::NOW));
        guest.reminder = Some(records::id("mal", 41));
        interview.revision += 1;
        Ok(interview.clone())
    }

    fn dry(&self, reference: &Reference, verdict: Verdict) -> Result<Outcome, Error> {
        let mut all = self.interviews.iter();
        let found = all.find(|it| it.id.to_string() == reference.reference);
        let interview = found.ok_or_else(|| Error::not_found("no such interview"))?;
        Ok(Outcome {
            interview: interview.clone(),
            verdict,
            repeated: false,
            dry_run: true,
            panel: None,
            letters: Vec::new(),
            emails: Vec::new(),
        })
    }

    pub(crate) fn made(
        &mut self,
        reference: &Reference,
        kind: ChangeKind,
        side: Side,
        reason: Option<String>,
        act: &dyn Fn(&mut Interview),
    ) -> Result<Outcome, Error> {
        let mut all = self.interviews.iter_mut();
        let found = all.find(|it| it.id.to_string() == reference.reference);
        let interview = found.ok_or_else(|| Error::not_found("no such interview"))?;
        let expected = reference.expected_revision;
        if expected.is_some_and(|expected| expected != interview.revision) {
            return Err(Error::conflict("the interview was changed since"));
        }
        self.former.push(interview.clone());
        let former_start = interview.start;
        // Mail leaves after ten seconds.
        let waited = if self.mail_left { 11 } else { 0 };
        act(interview);
        interview.revision += 1;
        interview.change += 1;
        interview.changes.push(Change {
            number: interview.change,
            at: records::at(records::NOW).plus_seconds(waited),
            by: Some(records::brief(self.by)),
            kind,
            side,
            reason,
            former_start,
            automatic: false,
        });
        let told = match interview.status {
            InterviewStatus::Cancelled => Some(AttendeeState::Dismissed),
            InterviewStatus::Confirmed => Some(AttendeeState::Waiting),
            _ => None,
        };
        for attendee in &mut interview.attendees {
            attendee.state = told.unwrap_or(attendee.state);
        }
        if interview.status == InterviewStatus::Confirmed
            && interview.meeting.state == MeetingState::None
        {
            interview.meeting.state = MeetingState::Pending;
        }
        Ok(Outcome {
            interview: interview.clone(),
            verdict: Verdict::default(),
            repeated: false,
            dry_run: false,
            panel: None,
            letters: Vec::new(),
            emails: Vec::new(),
        })
    }

    fn undone(&mut self, undo: &InterviewUndo) -> Result<Outcome, Error> {
        let (reference, number) = (&undo.interview, undo.change);
        let of = |it: &Interview| it.id.to_string() == reference.reference;
        let place = self.interviews.iter().position(of).unwrap();
        if self.interviews[place].change != number {
            return Err(Error::conflict(
                "The interview was changed since, so this can't be undone",
            )
            .hint("look at it again, then decide"));
        }
        if number == 0 {
            if self.mail_left {
                return Err(Error::conflict(EMAILS_HAVE_GONE_OUT));
            }
            let cancel = |it: &mut Interview| it.status = InterviewStatus::Cancelled;
            return self.made(reference, ChangeKind::Undone, Side::Us, None, &cancel);
        }
        if self.mail_left && undo.unsent {
            return Err(Error::conflict(EMAILS_HAVE_GONE_OUT).field("unsent"));
        }
        let former = self.former.iter().rev().find(|it| of(it)).unwrap().clone();
        let reference = Reference::to(&reference.reference);
        // Mail leaves after ten seconds: people who were emailed are emailed again.
        let left = self.mail_left;
        let attendees = former.attendees.clone();
        let act = move |it: &mut Interview| {
            it.status = former.status;
            it.start = former.start;
            it.duration_minutes = former.duration_minutes;
            it.meeting = former.meeting.clone();
            it.interviewers = former.interviewers.clone();
        };
        let mut outcome = self.made(&reference, ChangeKind::Undone, Side::Us, None, &act)?;
        if !left {
            self.interviews[place].attendees = attendees;
            outcome.interview = self.interviews[place].clone();
        }
        Ok(outcome)
    }
}

fn is_change(request: &Q) -> bool {
    matches!(
        request,
        Q::InterviewConfirm { .. }
            | Q::InterviewCancel { .. }
            | Q::InterviewReschedule { .. }
            | Q::InterviewEdit { .. }
            | Q::InterviewReplace { .. }
            | Q::InterviewRemind { .. }
            | Q::InterviewComplete { .. }
            | Q::InterviewNoShow { .. }
            | Q::InterviewUndo { .. }
    )
}

fn replaced(interview: &mut Interview, replace: &InterviewReplace) {
    let to = replace.to.as_deref().expect("somebody");
    let mut members = records::members().into_iter();
    let number = members.position(|it| it.id.to_string() == to);
    let mut all = interview.interviewers.iter_mut();
    let place = all.find(|it| it.id.to_string() == replace.from);
    *place.expect("an interviewer") = records::brief(number.expect("a member"));
}

fn taken() -> Finding {
    Finding::new(
        FindingCode::PersonBusy,
        "Sam Ito has another interview then, with Wen Zhang, 14:00–14:45",
    )
}

fn edited(interview: &mut Interview, edit: &greenroom_protocol::interview::InterviewEdit) {
    let members = records::members();
    if let Some(with) = &edit.with {
        let chosen = members
            .iter()
            .enumerate()
            .filter(|(_, it)| with.contains(&it.id.to_string()));
        interview.interviewers = chosen.map(|(number, _)| records::brief(number)).collect();
    }
    let meeting = &mut interview.meeting;
    if let Some(kind) = edit.kind {
        meeting.kind = kind;
        meeting.manual = kind != MeetingType::Zoom || edit.url.is_some();
        meeting.join_url = edit.url.clone();
        meeting.meeting_id = edit.meeting_id.clone();
        meeting.passcode = edit.passcode.clone();
        if kind == MeetingType::Zoom && !meeting.manual {
            meeting.state = MeetingState::Pending;
        }
    }
    meeting.details = edit.details.clone().or(meeting.details.take());
}
