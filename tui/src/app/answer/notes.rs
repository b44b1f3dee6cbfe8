//! Notes that come back from the editor, and how they were taken.
//!
//! Invariant: what somebody typed is taken by the daemon, or kept in a file that the failure names.

use greenroom_protocol::Error;
use greenroom_protocol::insight::InsightNote;
use greenroom_protocol::service::{GreenroomRequest as Q, GreenroomResponse as R};
use greenroom_protocol::workspace::Reference;

use super::super::update::call;
use super::{fail, reply, unexpected};
use crate::state::State;
use crate::state::event::{Action, Done, Task};
use crate::state::work::{Draft, Purpose};

/// The editor ended: what it wrote goes to the daemon, over what it began from.
pub(super) fn written(state: &mut State, draft: Draft, result: Result<Done, Error>) -> Vec<Action> {
    let text = match result {
        Ok(Done::Written(text)) => text,
        Ok(_) => return Vec::new(),
        Err(error) => {
            fail(state, error);
            return Vec::new();
        }
    };
    if text.trim_end() == draft.former.trim_end() {
        state
            .work
            .say("the notes are as they were", true, state.now);
        return Vec::new();
    }
    let insight = InsightNote {
        interview: Reference {
            expected_revision: Some(draft.revision),
            ..Reference::to(draft.interview.to_string())
        },
        notes: text.clone(),
    };
    let ticket = state.work.begin(Purpose::Note(text), state.now);
    vec![call(ticket, Q::InsightNote { insight })]
}

/// The daemon took them, or they go into a file.
pub(super) fn taken(state: &mut State, text: String, result: Result<Done, Error>) -> Vec<Action> {
    let taken = reply(result).and_then(|reply| match reply {
        R::InsightNote(taken) => taken,
        _ => Err(unexpected()),
    });
    state.mirror.insights.spoil();
    match taken {
        Ok(insight) => {
            let words = match insight.notes {
                Some(_) => "the notes are kept",
                None => "the notes are gone",
            };
            state.work.say(words, true, state.now);
            Vec::new()
        }
        Err(error) => {
            let ticket = state.work.begin(Purpose::Keep, state.now);
            vec![Action::Do(ticket, Task::Keep(error, text))]
        }
    }
}
