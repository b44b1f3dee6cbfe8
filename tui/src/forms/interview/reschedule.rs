//! Another time for an interview; meeting and link stay.
//!
//! Opens with the time that somebody asked for, where somebody did.

use greenroom_protocol::Error;
use greenroom_protocol::interview::{Interview, InterviewReschedule, RescheduleAsk, Side};
use greenroom_protocol::outreach::OutreachPropose;
use greenroom_protocol::schedule::Planned;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use ratatui::layout::{Position, Rect};

use super::timing::fields as time;
use super::timing::{Start, Subject, Timing};
use super::{about_interview, changed, reference, title, why};
use crate::forms::fill::{maybe, number};
use crate::forms::sheet::{Note, Sheet};
use crate::forms::{About, Answered, Ask, FormType, Frame, Send, unexpected};
use crate::keys::Command;
use crate::state::State;
use crate::widgets::{Canvas, times};
use crate::wording;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Time(time::Name),
    Why(why::Name),
}

const WHEN: Name = Name::Time(time::Name::When);
const DURATION: Name = Name::Time(time::Name::Duration);
const ZONE: Name = Name::Time(time::Name::Zone);
const REASON: Name = Name::Why(why::Name::Reason);

impl From<time::Name> for Name {
    fn from(name: time::Name) -> Self {
        Self::Time(name)
    }
}

impl From<why::Name> for Name {
    fn from(name: why::Name) -> Self {
        Self::Why(name)
    }
}

#[derive(Debug)]
pub(crate) struct Reschedule {
    timing: Box<Timing<InterviewReschedule>>,
}

impl FormType for Reschedule {
    type Name = Name;

    const DOING: &'static str = "rescheduling";
    const OVER_CALENDAR: Option<u16> = Some(11);

    fn open(state: &State, subject: &str) -> Frame<Self> {
        let id = subject.parse().ok();
        let interview = id.and_then(|id| state.cache.interview(id));
        let wanted = interview.and_then(wanted);
        let zone = state.zone();
        let start = wanted.and_then(|it| it.start);
        let start = start.or(interview.map(|it| it.start));
        let start = start.map_or(state.now, |start| start.timestamp());
        let minutes = wanted.and_then(|it| it.duration_minutes);
        let minutes = minutes.or(interview.map(|it| it.duration_minutes));
        let minutes = minutes.map(|minutes| minutes.to_string());
        let candidate = interview.map(|it| &it.candidate.name);
        let by = match wanted {
            Some(ask) if Some(&ask.name) == candidate => Side::Candidate,
            _ => Side::Us,
        };
        let at = Some(times::at(start, &zone));
        let mut fields = Vec::from(time::fields(state, at, &minutes.unwrap_or_default()));
        fields.extend(why::fields(by));
        let timing = Box::new(Timing::of(id));
        let sheet = Sheet::new(fields).over_calendar();
        Frame::new(subject, "Reschedule", "Reschedule", sheet, Self { timing })
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let Some(interview) = changed(form, state) else {
            return;
        };
        form.title = title("Reschedule", interview);
        let (now, _) = wording::when(interview, state);
        let mut notes = vec![Note::Hint(format!("Now {now}"))];
        notes.extend(wanted(interview).map(|it| Note::Hint(wording::ask(it, state))));
        let there = interview.candidate.zone.as_deref();
        form.own
            .timing
            .refresh(&mut form.sheet, state, there, notes);
        why::refresh(&mut form.sheet, interview, state);
    }

    fn name(of_request: &str) -> Option<Name> {
        Some(match of_request {
            "start" => WHEN,
            "zone" => ZONE,
            "duration_minutes" => DURATION,
            "reason" => REASON,
            _ => return None,
        })
    }

    fn send(form: &mut Frame<Self>, state: &State) -> Option<Send> {
        let interview = changed(form, state)?;
        number(&mut form.sheet, DURATION, 5, 1440)?;
        let start = match form.own.timing.start(&form.sheet, state) {
            Start::Known(start) => start,
            Start::Later => return Some(Send::Later),
            Start::None => {
                Self::refresh(form, state);
                form.sheet.focus(WHEN);
                return None;
            }
        };
        let minutes = time::minutes(&form.sheet);
        if start.instant == interview.start && minutes == Some(interview.duration_minutes) {
            form.own.timing.say(&form.sheet, "This is its current time");
            Self::refresh(form, state);
            return None;
        }
        let mut wanted = filled(form, state, start.text)?;
        wanted.start_shown = start.shown;
        wanted.locale = start.locale;
        Some(Send::Call(Box::new(Q::InterviewReschedule {
            interview: wanted,
        })))
    }

    fn answered(_form: &mut Frame<Self>, reply: R) -> Result<Answered, Error> {
        let R::InterviewReschedule(done) = reply else {
            return Err(unexpected());
        };
        done.map(|outcome| Answered::Changed(Box::new(outcome)))
    }

    fn refuse(form: &mut Frame<Self>, name: Option<Name>, error: Error) {
        match name {
            Some(WHEN) => form.own.timing.refuse(&mut form.sheet, error),
            name => form.blame(name, error),
        }
    }

    fn about(form: &Frame<Self>) -> About {
        about_interview(form)
    }

    fn asks(form: &mut Frame<Self>, state: &State) -> Vec<(Ask, Q)> {
        let Some(subject) = to_schedule(form, state) else {
            return Vec::new();
        };
        form.own.timing.asks(&form.sheet, state, subject)
    }

    fn told(form: &mut Frame<Self>, ask: Ask, reply: Result<R, Error>) {
        form.own.timing.told(&mut form.sheet, ask, reply);
    }

    fn waits(form: &Frame<Self>) -> bool {
        form.own.timing.waits(&form.sheet)
    }

    fn invalidate(&mut self) {
        self.timing.invalidate();
    }

    fn walk(form: &mut Frame<Self>, state: &State, command: Command) -> bool {
        form.own.timing.walk(&mut form.sheet, state, command)
    }

    fn click(form: &mut Frame<Self>, state: &State, at: Position) -> bool {
        form.own.timing.click(&mut form.sheet, state, at)
    }

    fn marked(form: &Frame<Self>) -> Option<usize> {
        Some(form.own.timing.count_marked())
    }

    fn is_marked(form: &Frame<Self>) -> bool {
        form.own.timing.is_marked(&form.sheet)
    }

    fn proposal(form: &Frame<Self>, state: &State) -> Option<OutreachPropose> {
        let proposal = to_propose(form, state)?;
        Some(form.own.timing.proposal(proposal))
    }

    fn draw_marked(form: &Frame<Self>, state: &State, canvas: &mut Canvas<'_>, line: Rect) -> bool {
        form.own
            .timing
            .draw_marked(&form.sheet, state, canvas, line)
    }

    fn has_aside(&self) -> bool {
        self.timing.shows_why()
    }

    fn draw_below(form: &Frame<Self>, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        form.own.timing.draw(&form.sheet, state, canvas, area);
    }

    fn draw_aside(form: &Frame<Self>, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        form.own.timing.draw_why(&form.sheet, state, canvas, area);
    }
}

/// The call as far as it is filled in.
fn filled(form: &Frame<Reschedule>, state: &State, start: String) -> Option<InterviewReschedule> {
    let sheet = &form.sheet;
    Some(InterviewReschedule {
        interview: reference(changed(form, state)?),
        start,
        start_shown: None,
        locale: None,
        zone: maybe(sheet.chosen(ZONE)),
        duration_minutes: time::minutes(sheet),
        by: why::side(sheet),
        reason: maybe(sheet.text(REASON)),
        refuse_advice: false,
    })
}

/// What is to be scheduled: the same with the same people, at the time that stands in the form.
fn to_schedule(form: &Frame<Reschedule>, state: &State) -> Option<Subject<InterviewReschedule>> {
    let interview = changed(form, state)?;
    let members = interview.interviewers.iter();
    let host = interview.host.as_ref();
    let at = time::time(&form.sheet).map(|time| time.timestamp());
    let call = at.and_then(|at| filled(form, state, at.to_string()));
    let call = call.map(|mut call| {
        call.interview.dry_run = true;
        // Why it is moved does not decide whether it can be.
        call.reason = None;
        call
    });
    Some(Subject {
        planned: Planned {
            candidate: Some(interview.candidate.id.to_string()),
            interview: Some(interview.id.to_string()),
            kind: Some(interview.meeting.kind),
            with: members.map(|member| member.id.to_string()).collect(),
            zoom_user: host.map(|host| host.id.to_string()),
            ..Planned::default()
        },
        by_panel: false,
        call,
        judge: |interview| Q::InterviewReschedule { interview },
        proposal: to_propose(form, state),
        there: interview.candidate.zone.clone(),
    })
}

/// What marked times would be proposed with: the interview moves to the one that is chosen, and stays
/// as it is until then.
fn to_propose(form: &Frame<Reschedule>, state: &State) -> Option<OutreachPropose> {
    let interview = changed(form, state)?;
    let minutes = time::minutes(&form.sheet);
    Some(OutreachPropose {
        interview: Some(interview.id.to_string()),
        // Another length is refused, and said at the field.
        duration_minutes: minutes.filter(|it| *it != interview.duration_minutes),
        zone: maybe(form.sheet.chosen(ZONE)),
        locale: state.locale.clone(),
        ..OutreachPropose::default()
    })
}

/// The newest request for another time that names one.
fn wanted(interview: &Interview) -> Option<&RescheduleAsk> {
    interview.asks.iter().rev().find(|ask| ask.start.is_some())
}
