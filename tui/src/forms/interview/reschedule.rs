//! Another time for an interview; meeting and link stay.
//!
//! Opens with the time that somebody asked for, where somebody did.

use greenroom_protocol::Error;
use greenroom_protocol::interview::{Interview, InterviewReschedule, RescheduleAsk, Side};
use greenroom_protocol::service::GreenroomRequest as Q;
use jiff::civil::DateTime;

use super::super::fill::{line, maybe, number, zones};
use super::super::{Extra, Form, FormKey, Name};
use super::plan::{Party, Plan};
use super::{changed, clock_there, reference, side, title, why};
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::state::State;
use crate::widgets::{Moment, times};
use crate::wording;

pub(in super::super) fn form(state: &State, key: FormKey) -> Form {
    let id = key.subject.parse().ok();
    let interview = id.and_then(|id| state.mirror.interview(id));
    let wish = interview.and_then(wish);
    let zone = state.zone();
    let start = wish
        .and_then(|wish| wish.start)
        .or(interview.map(|it| it.start));
    let start = start.map_or(state.now, |start| start.timestamp());
    let minutes = wish
        .and_then(|wish| wish.duration_minutes)
        .or(interview.map(|it| it.duration_minutes));
    let asked_by_candidate =
        wish.is_some_and(|wish| interview.is_some_and(|it| it.candidate.name == wish.name));
    let by = match asked_by_candidate {
        true => Side::Candidate,
        false => Side::Us,
    };
    let minutes = minutes.map(|minutes| minutes.to_string());
    let mut fields = vec![
        Field::new(
            Name::When,
            "When",
            Entry::Moment(Moment::new(times::at(start, &zone).datetime())),
        ),
        line(Name::Duration, "Minutes", &minutes.unwrap_or_default()),
        Field::new(
            Name::Zone,
            "Zone",
            zones(Some(zone.iana_name().unwrap_or("UTC"))),
        ),
    ];
    fields.extend(why(by));
    let mut form = Form::new(key, "Reschedule", "Reschedule", Sheet::new(fields));
    form.extra = Extra::Plan(Box::new(Plan::of_change(id)));
    form
}

pub(in super::super) fn refresh(form: &mut Form, state: &State) {
    let Some(interview) = changed(form, state) else {
        return;
    };
    form.title = title("Reschedule", interview);
    let there = clock_there(&form.sheet, interview.candidate.zone.as_deref());
    if let Some(field) = form.sheet.field_mut(Name::When) {
        field.aside = there;
    }
    let (now, _) = wording::when(interview, state);
    let mut notes = vec![Note::Hint(format!("now {now}"))];
    notes.extend(wish(interview).map(|wish| Note::Hint(wording::ask(wish, state))));
    if let Extra::Plan(plan) = &form.extra {
        notes.extend(plan.notes());
    }
    form.sheet.say(Name::When, notes);
    let told = match wording::is_invited(interview) && !wording::reaches_nobody(state) {
        true => "the candidate is told",
        false => "kept with the interview",
    };
    form.sheet
        .say(Name::Reason, vec![Note::Hint(told.to_owned())]);
}

pub(in super::super) fn request(form: &mut Form, state: &State) -> Option<Q> {
    let interview = changed(form, state)?;
    number(&mut form.sheet, Name::Duration, 5, 1440)?;
    let wanted = filled(form, state)?;
    if is_as_now(form, interview) {
        let same = Error::usage("this is when it is planned now").field("start");
        if let Extra::Plan(plan) = &mut form.extra {
            plan.take_verdict(Err(same));
        }
        return None;
    }
    Some(Q::InterviewReschedule { interview: wanted })
}

/// The call as far as it is filled in.
pub(super) fn filled(form: &Form, state: &State) -> Option<InterviewReschedule> {
    let sheet = &form.sheet;
    Some(InterviewReschedule {
        interview: reference(changed(form, state)?),
        start: sheet
            .moment(Name::When)?
            .strftime("%Y-%m-%d %H:%M")
            .to_string(),
        zone: maybe(sheet.chosen(Name::Zone)),
        duration_minutes: sheet.text(Name::Duration).parse().ok(),
        by: side(sheet),
        reason: maybe(sheet.text(Name::Reason)),
    })
}

/// Whose time it would take: that of the same people.
pub(super) fn party(form: &Form, state: &State) -> Option<Party> {
    let interview = changed(form, state)?;
    let members = interview.interviewers.iter();
    let host = interview.host.as_ref();
    Some(Party {
        members: members.map(|member| member.id.to_string()).collect(),
        candidate: Some(interview.candidate.id.to_string()),
        host: host.map(|host| host.id.to_string()),
    })
}

/// The newest wish that names a time.
fn wish(interview: &Interview) -> Option<&RescheduleAsk> {
    interview.asks.iter().rev().find(|ask| ask.start.is_some())
}

/// Whether date, clock and length are those it has.
fn is_as_now(form: &Form, interview: &Interview) -> bool {
    let sheet = &form.sheet;
    let zone = jiff::tz::TimeZone::get(sheet.chosen(Name::Zone)).ok();
    let now: Option<DateTime> =
        zone.map(|zone| times::at(interview.start.timestamp(), &zone).datetime());
    let same_length = sheet.text(Name::Duration) == interview.duration_minutes.to_string();
    now.is_some() && now == sheet.moment(Name::When) && same_length
}
