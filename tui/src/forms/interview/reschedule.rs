//! Another time for an interview; meeting and link stay.
//!
//! Opens with the time that somebody asked for, where somebody did.

use greenroom_protocol::Error;
use greenroom_protocol::interview::{Interview, InterviewReschedule, RescheduleAsk, Side};
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use jiff::civil::DateTime;
use jiff::tz::TimeZone;
use ratatui::layout::Rect;

use super::plan::{Party, Plan};
use super::{about_interview, changed, reference, time, title, week, why};
use crate::forms::fill::{maybe, number};
use crate::forms::sheet::{Note, Sheet};
use crate::forms::{About, Answered, Ask, FormType, Frame, Send, unexpected};
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
    plan: Plan<InterviewReschedule>,
}

impl FormType for Reschedule {
    type Name = Name;

    const DOING: &'static str = "rescheduling";

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
        let at = times::at(start, &zone).datetime();
        let zone = zone.iana_name().unwrap_or("UTC");
        let mut fields = Vec::from(time::fields(at, &minutes.unwrap_or_default(), zone));
        fields.extend(why::fields(by));
        let own = Self { plan: Plan::of(id) };
        Frame::new(subject, "Reschedule", "Reschedule", Sheet::new(fields), own)
    }

    fn refresh(form: &mut Frame<Self>, state: &State) {
        let Some(interview) = changed(form, state) else {
            return;
        };
        form.title = title("Reschedule", interview);
        time::say_there(&mut form.sheet, interview.candidate.zone.as_deref());
        let (now, _) = wording::when(interview, state);
        let mut notes = vec![Note::Hint(format!("Now {now}"))];
        notes.extend(wanted(interview).map(|it| Note::Hint(wording::ask(it, state))));
        notes.extend(form.own.plan.notes());
        form.sheet.say(WHEN, notes);
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
        let wanted = filled(form, state)?;
        if is_as_now(&form.sheet, interview) {
            let same = Error::usage("This is its current time").field("start");
            form.own.plan.refuse(same);
            return None;
        }
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
            Some(WHEN) => form.own.plan.refuse(error),
            name => form.blame(name, error),
        }
    }

    fn about(form: &Frame<Self>) -> About {
        about_interview(form)
    }

    fn asks(form: &mut Frame<Self>, state: &State) -> Vec<(Ask, Q)> {
        let mut call = filled(form, state);
        if let Some(call) = &mut call {
            call.interview.dry_run = true;
            // Why it is moved does not decide whether it can be.
            call.reason = None;
        }
        let party = party(form, state);
        let chosen = time::chosen(&form.sheet, state);
        let plan = &mut form.own.plan;
        let judge = plan.ask_to_judge(call, |interview| Q::InterviewReschedule { interview });
        let see = party.zip(chosen);
        let see = see.and_then(|(party, chosen)| plan.ask_to_see(party, chosen));
        judge.into_iter().chain(see).collect()
    }

    fn told(form: &mut Frame<Self>, _ask: Ask, reply: Result<R, Error>) {
        form.own.plan.take(reply);
    }

    fn invalidate(&mut self) {
        self.plan.invalidate();
    }

    fn rows_below(&self, _cells: usize) -> u16 {
        week::ROWS
    }

    fn draw_below(form: &Frame<Self>, state: &State, canvas: &mut Canvas<'_>, area: Rect) {
        if let Some(chosen) = time::chosen(&form.sheet, state) {
            form.own.plan.draw(&chosen, state.now, canvas, area);
        }
    }
}

/// The call as far as it is filled in.
fn filled(form: &Frame<Reschedule>, state: &State) -> Option<InterviewReschedule> {
    let sheet = &form.sheet;
    let start = sheet.moment(WHEN)?;
    Some(InterviewReschedule {
        interview: reference(changed(form, state)?),
        start: start.strftime("%Y-%m-%d %H:%M").to_string(),
        zone: maybe(sheet.chosen(ZONE)),
        duration_minutes: sheet.text(DURATION).parse().ok(),
        by: why::side(sheet),
        reason: maybe(sheet.text(REASON)),
    })
}

/// Whose time it would take: that of the same people.
fn party(form: &Frame<Reschedule>, state: &State) -> Option<Party> {
    let interview = changed(form, state)?;
    let members = interview.interviewers.iter();
    let host = interview.host.as_ref();
    Some(Party {
        members: members.map(|member| member.id.to_string()).collect(),
        candidate: Some(interview.candidate.id.to_string()),
        host: host.map(|host| host.id.to_string()),
    })
}

/// The newest request for another time that names one.
fn wanted(interview: &Interview) -> Option<&RescheduleAsk> {
    interview.asks.iter().rev().find(|ask| ask.start.is_some())
}

/// Whether date, clock and length are those it has.
fn is_as_now(sheet: &Sheet<Name>, interview: &Interview) -> bool {
    let zone = TimeZone::get(sheet.chosen(ZONE)).ok();
    let now: Option<DateTime> =
        zone.map(|zone| times::at(interview.start.timestamp(), &zone).datetime());
    let same_length = sheet.text(DURATION) == interview.duration_minutes.to_string();
    now.is_some() && now == sheet.moment(WHEN) && same_length
}
