//! The forms about interviews: planning one, and every change to one that needs more than a key.
//!
//! While a time or people are filled in, the daemon judges them (a dry run of the same call) and
//! says who is busy, so that blocks and advice stand beside the field before anything is written.
//! What is changed is expected as it is shown: a form shows how the interview stands now, also
//! while others change it.

pub(super) mod cancel;
pub(super) mod edit;
mod joining;
pub(super) mod new;
pub(super) mod no_show;
mod plan;
mod prefill;
pub(super) mod reschedule;
mod week;

use greenroom_protocol::interview::{Interview, Side};
use greenroom_protocol::workspace::Reference;
use jiff::tz::TimeZone;
pub(super) use joining::{makes_a_meeting, type_by_hand};
pub(crate) use plan::Plan;

use super::fill::line;
use super::{Form, Name};
use crate::forms::sheet::{Entry, Field, Sheet};
use crate::state::State;
use crate::widgets::{Choice, times};

/// The interview a form changes.
fn changed<'a>(form: &Form, state: &'a State) -> Option<&'a Interview> {
    state.mirror.interview(form.interview()?)
}

/// A title, with whom the interview is and in which stage.
fn title(what: &str, interview: &Interview) -> String {
    let (name, stage) = (&interview.candidate.name, &interview.stage_name);
    format!("{what} · {name} · {stage}")
}

/// The interview as it is shown: refused when it was changed since.
fn reference(interview: &Interview) -> Reference {
    Reference {
        expected_revision: Some(interview.revision),
        ..Reference::to(interview.id.to_string())
    }
}

/// Who asked for a change, and why.
fn why(side: Side) -> [Field<Name>; 2] {
    let side = usize::from(side == Side::Candidate);
    let sides = Choice::new(&["us", "candidate"], side);
    [
        Field::new(Name::Side, "Requested by", Entry::Choice(sides)),
        line(Name::Reason, "Reason", ""),
    ]
}

fn side(sheet: &Sheet<Name>) -> Side {
    match sheet.choice(Name::Side) {
        0 => Side::Us,
        _ => Side::Candidate,
    }
}

/// The clock where the candidate is, where it is another.
fn clock_there(sheet: &Sheet<Name>, there: Option<&str>) -> Option<String> {
    let zone = TimeZone::get(sheet.chosen(Name::Zone)).ok()?;
    let start = sheet.moment(Name::When)?.to_zoned(zone).ok()?;
    let there = there?;
    let time = start.with_time_zone(TimeZone::get(there).ok()?);
    if time.offset() == start.offset() {
        return None;
    }
    let day = match time.date() == start.date() {
        true => String::new(),
        false => format!("{} ", times::weekday(time.weekday())),
    };
    Some(format!(
        "{day}{} in {}",
        times::clock(&time),
        times::city(there)
    ))
}
