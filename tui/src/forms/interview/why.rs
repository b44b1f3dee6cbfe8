//! Who asked for a change, and why: the fields of every change that is emailed to a candidate.

use greenroom_protocol::interview::{Interview, Side};

use crate::forms::fill::line;
use crate::forms::sheet::{Entry, Field, Note, Sheet};
use crate::state::State;
use crate::widgets::Choice;
use crate::wording;

#[derive(Clone, Copy, Debug, PartialEq)]
pub(crate) enum Name {
    Side,
    Reason,
}

pub(super) fn fields<N: From<Name>>(side: Side) -> [(N, Field); 2] {
    let side = usize::from(side == Side::Candidate);
    let sides = Choice::new(&["us", "candidate"], side);
    [
        (
            Name::Side.into(),
            Field::new("Requested by", Entry::Choice(sides)),
        ),
        (Name::Reason.into(), line("Reason", "")),
    ]
}

/// Says beside the reason who reads it.
pub(super) fn refresh<N: Copy + PartialEq + From<Name>>(
    sheet: &mut Sheet<N>,
    interview: &Interview,
    state: &State,
) {
    let is_shared = wording::is_invited(interview) && !wording::reaches_nobody(state);
    let words = match is_shared {
        true => "Shared with the candidate",
        false => "Kept with the interview",
    };
    sheet.say(Name::Reason.into(), vec![Note::Hint(words.to_owned())]);
}

pub(super) fn side<N: Copy + PartialEq + From<Name>>(sheet: &Sheet<N>) -> Side {
    match sheet.choice(Name::Side.into()) {
        0 => Side::Us,
        _ => Side::Candidate,
    }
}
